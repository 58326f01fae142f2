"""Variants: every autoencoder of the textbook, one socket changed at a time, each with a figure that answers in the
page.
"""

from pages.ui.layout import notice, page_head, rest

import ast
import json
import math

import numpy as np
import streamlit as st
import torch
from streamlit.delta_generator import DeltaGenerator

from ae_core import VARIANTS, Config, LatentError
from ae_core.data.csv.source import safe_cell
from ae_core.io.contact_sheet import png_sheet
from ae_core.model.variants import Variant
from ae_core.training.script import script
from pages.components.channel import send_model
from pages.components.hint import hint
from pages.components.variant_view import variant_view
from pages.sections.variants.diagram import sockets
from pages.sections.variants.figures import (
    FIGURES,
    OF,
    Figure,
    Found,
    Items,
    Parts,
    blobs,
    figure_data,
    measured,
    samples_for,
    train_link,
)
from pages.sections.variants.more import sections
from pages.session.models import Shown, names, shown
from pages.ui.markdown import plain, show_error
from pages.ui.upload import from_link, into_link
from pages.ui.url_state import odd_link, put

FIRST = "denoising"  # the variant that is shown when the link asks for none
EACH = 10  # samples of each class in a synthetic set


# ---- What is chosen
# ------------------------------------------------------------------------------------------------------


def choose(key: str, label: str, options: dict[str, str], first: str, notes: DeltaGenerator) -> str:
    """A row of choices that the link carries."""
    asked, widget = st.query_params.get(key, first), f"variants-{key}"
    if widget not in st.session_state and asked not in options:
        odd_link(notes, [f"{key} is one of {', '.join(options)}"])
        asked = first
    if st.session_state.setdefault(widget, asked) not in options:
        st.session_state[widget] = first
    chosen = st.pills(
        label,
        list(options),
        format_func=options.get,
        key=widget,
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )
    put({key: chosen if chosen != first else ""})
    return chosen


def from_address(parts: Parts, items: Items, notes: DeltaGenerator) -> dict:
    """What the link says of the figure; a part that cannot be meant is as usual, with a sentence."""
    view, odd = {key: part.usual for key, part in parts.items()}, []
    shape = next(iter(items.values())).model.shape
    for key, part in parts.items():
        if key in st.query_params:
            try:
                view[key] = part.read(st.query_params[key])
                if key == "drawn" and view[key]:
                    view[key] = from_link(view[key], shape)
            except (ValueError, OverflowError):
                view[key] = part.usual
                odd.append(
                    f"{key} is {'one of ' + ', '.join(part.choices) if part.choices else f'between {part.low:g} and {part.high:g}' if part.usual != '' else 'not as this page writes it'}"
                )
    odd_link(notes, odd)
    return view


def into_address(view: dict, parts: Parts) -> None:
    """Put the figure on the screen into the address bar; what is as usual stays out of it."""

    def text(key: str) -> str:
        value = view.get(key, parts[key].usual)
        if value == parts[key].usual:
            return ""
        return into_link(value) if key == "drawn" else f"{value:.6g}" if isinstance(value, float) else str(value)

    put({key: text(key) for key in parts})


# ---- The figure
# ------------------------------------------------------------------------------------------------------------


@st.fragment
def figure(kind: str, items: Items, start: dict, parts: Parts, key: str) -> None:
    """The live figure; what was let go last goes into the link."""
    about: Figure = FIGURES[kind]
    hint("variants", "What is pink can be moved: try it.", ".lx-var input[type=range], .lx-var .lx-moved canvas")
    view = variant_view({**figure_data(kind, items), "start": start}, key=key, on_release=lambda: None)
    if view:
        st.session_state["variant-views"][key] = view
        into_address(view, parts)
    notice(f"{about.notice} {measured(kind, items)}", about.question, about.answer)
    with rest("more"):
        more(kind, items)


def more(kind: str, items: Items) -> None:
    """What else some figures have below them."""
    about, first = FIGURES[kind], next(iter(items.values()))
    if kind in ("classes", "signal-classes"):
        take_along(first)
    if kind in ("noise", "signal-noise"):
        beginners_mistake(items, about.needs)
    if kind == "cut":
        st.page_link(
            "pages/bottleneck.py",
            label="The Bottleneck page has it in full",
            icon=":material/open_in_new:",
            query_params={"model": first.checkpoint.name},
        )


def beginners_mistake(items: Items, recipe: dict) -> None:
    """What becomes of a denoiser whose loss compares with the noisy input; recipe: what the Train page needs to make
    one.
    """
    text = "**The beginner's mistake** is a loss against the noisy input (target: noisy): then the best answer is to copy, noise and all, and what is left is a plain autoencoder."
    if "mistake" in items:
        st.caption(f"{text} It stands beside the two.")
    else:
        st.caption(
            f"{text} [Train one so]({train_link('denoising', **{**recipe, 'target': 'noisy'})}) and it stands beside these two."
        )


def take_along(item: Shown) -> None:
    """A synthetic set with as many of each class, as files; made when asked for. Signals are no pictures: a table
    alone.
    """
    lines = len(item.model.shape) == 2

    def made() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        model = item.model
        y = torch.arange(model.classes).repeat(EACH)
        z = torch.randn(EACH, model.k, generator=torch.Generator().manual_seed(0)).repeat_interleave(model.classes, 0)
        with torch.no_grad():
            return model.decode(z, y=y).numpy(), z.numpy(), y.numpy()

    def sheet() -> bytes:
        return png_sheet(
            made()[0],
            item.model.classes,
            f"{EACH} samples of each class by {item.checkpoint.name}, a style a row",
            item.model.range,
        )

    def table() -> str:
        x, z, y = made()
        channels = [f"c{c + 1}_" for c in range(x.shape[1])] if lines and x.shape[1] > 1 else [""]
        columns = [f"{channel}x{i + 1}" for channel in channels for i in range(math.prod(x.shape[1:]) // len(channels))]
        head = ["class", *(f"z{i + 1}" for i in range(z.shape[1])), *columns]
        rows = (
            [
                safe_cell(item.checkpoint.classes[int(c)]),
                *(f"{v:.6g}" for v in code),
                *(f"{v:.4g}" for v in values.ravel()),
            ]
            for values, code, c in zip(x, z, y, strict=True)
        )
        return "\n".join(map(",".join, [head, *rows])) + "\n"

    with st.container(horizontal=True, key="take-along"):
        if not lines:
            st.download_button(
                f"{EACH} of each class as PNG",
                sheet,
                f"{item.checkpoint.name}.png",
                "image/png",
                on_click="ignore",
                icon=":material/download:",
            )
        words = f"{EACH} of each class as CSV" if lines else "the same as CSV"
        st.download_button(
            words, table, f"{item.checkpoint.name}.csv", "text/csv", on_click="ignore", icon=":material/download:"
        )


def live(kind: str, variant: str, found: Found, notes: DeltaGenerator) -> Items | None:
    """The figure with its models, or a sentence on what is missing; the models that are shown."""
    about = FIGURES[kind]
    roles = about.roles(found, variant)
    if roles is None:
        st.info(
            f"No model for this figure is here: [train one on the Train page]({train_link(variant, **about.needs)}), the form is filled in already; it then shows up here.",
            icon=":material/model_training:",
        )
        return None
    try:
        items = {role: shown(name) for role, name in roles.items()}
        parts = about.parts(items, samples_for(items))
    except LatentError as error:
        show_error(error)
        return None
    key = f"variant-{kind}-" + "-".join(roles.values())
    starts, views = st.session_state.setdefault("variant-starts", {}), st.session_state.setdefault("variant-views", {})
    before = st.session_state.get("variant-shown")
    if (
        before != key or key not in st.session_state
    ):  # it was not on the screen: it begins as it was left, or as the link says
        if before not in (None, key):  # another figure: what the link said means nothing here
            put(dict.fromkeys([name for name in st.query_params if name not in ("variant", "figure", "present")], ""))
        starts[key] = views.get(key) or from_address(parts, items, notes)
        into_address(starts[key], parts)
        st.session_state["variant-shown"] = key
    figure(kind, items, starts[key], parts, key)
    return items


# ---- What it is
# ------------------------------------------------------------------------------------------------------------


@st.cache_data(max_entries=64, show_spinner=False)
def essence(
    recipe: str, _config: Config, shape: tuple[int, ...], limits: tuple[float, float] | None, classes: tuple[str, ...]
) -> tuple[str, str]:
    """(the loss and what it calls, the whole program) of a recipe, in plain PyTorch."""
    program = script(_config, shape, limits, classes)
    functions = {node.name: node for node in ast.parse(program).body if isinstance(node, ast.FunctionDef)}
    called = {node.id for node in ast.walk(functions["losses"]) if isinstance(node, ast.Name)} - {"losses"}
    chosen = [function for wanted, function in functions.items() if wanted in called] + [functions["losses"]]
    return "\n\n\n".join(ast.get_source_segment(program, function) for function in chosen), program


def explanation(row: Variant) -> None:
    """The equation and its paper."""
    st.latex(row.equation)
    st.caption(
        f"{row.paper}. f encodes, g decodes, ℓ is the reconstruction loss: squared error or cross-entropy, summed over a sample."
    )


@st.fragment
def code(variant: str, items: Items | None) -> None:
    """Its few lines of code, written down when they are asked for."""
    place = st.expander("Its few lines of code", key=f"code-{variant}", on_change="rerun")
    if not place.open:
        return
    made = next((item.checkpoint for item in (items or {}).values() if item.checkpoint.config.variant == variant), None)
    if made:
        recipe = (made.config, made.shape, made.range, made.classes)
    else:
        recipe = (
            Config(data="digits", variant=variant, k=4, hidden=(64, 32)),
            (1, 8, 8),
            (0.0, 1.0),
            tuple("0123456789"),
        )
    with place:
        try:
            few, whole = essence(json.dumps(recipe[0].to_json()), *recipe)
        except LatentError as error:
            show_error(error)
            return
        st.code(few, language="python", wrap_lines=True)
        st.download_button(
            "The whole program", whole, f"{variant}.py", "text/x-python", on_click="ignore", icon=":material/download:"
        )
        if made:
            st.markdown(f"{plain(made.name)} was trained with")
            st.code(made.command, language="bash", wrap_lines=True)


def main() -> None:
    head, notes, body, unseen = (
        st.container() for _ in range(4)
    )  # reserved, so that a note never pushes an element into another's place
    first = FIRST if FIRST in VARIANTS else next(iter(VARIANTS))
    with body:
        with rest("pickers"), st.container(key="variant-pickers", gap="small"):
            variant = choose(
                "variant", "The variant", {name: row.short for name, row in VARIANTS.items()}, first, notes
            )
            row, offered = VARIANTS[variant], OF.get(variant, ("rebuild",))
            with head:
                page_head(row.title, f"{row.idea} ({row.paper})", sockets(row))
            kind = (
                choose("figure", "The figure", {name: FIGURES[name].title for name in offered}, offered[0], notes)
                if len(offered) > 1
                else offered[0]
            )
        items = live(kind, variant, names(notes, first=""), notes)
        with rest("how"):
            explanation(row)
            code(variant, items)
            sections()
    with unseen:
        for name, blob in blobs(items or {}).items():
            send_model(name, blob)


main()
