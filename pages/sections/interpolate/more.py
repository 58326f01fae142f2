"""Interpolate without a map: arithmetic with attribute vectors, a slider for each dimension, samples from the prior."""

import base64
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st
import torch
from streamlit.delta_generator import DeltaGenerator

from ae_core import LatentError
from ae_core.io.contact_sheet import png_sheet, signal_table
from ae_core.latent.attributes import ATTRIBUTES, direction, effect, measured_codes
from ae_core.latent.geometry import kl_by_dimension, prior_samples, resembles
from ae_core.runs.folder import Checkpoint

from ...components.channel import send_model
from ...components.vectors import vectors
from ...session.models import Shown, held_out, names, same_samples, shown
from ...ui.layout import notice, rest
from ...ui.markdown import plain
from ...ui.url_state import odd_link, put

VECTORS = ("thickness", "slant", "width", "height")  # ink is thickness under another name; the table has both
MOST_MEASURED = 4000  # codes whose decodes are measured for the vectors
SIDE = 6  # samples along a side of a grid, as in view.js
DRAWN, REAL = 300, 1000  # samples that are held against so many decodes of codes
ENDS = {"sigma": 3.0, "share": 2.0, "temperature": 2.0, "radius": 1.5}  # of the sliders, as in view.js

Link = Any  # st.query_params: text by name
Odd = list[str]


# ---- what the three share: the link, the state, the component ----


def _number(link: Link, key: str, most: float, odd: Odd, least: float | None = None) -> float | None:
    """A number of the link; one beyond the slider's ends is moved to the nearer end, which `odd` says."""
    if key not in link:
        return None
    least = -most if least is None else least
    try:
        value = float(link[key])
        if not math.isfinite(value):
            raise ValueError
    except ValueError:
        odd.append(f"{key} is a number between {least:g} and {most:g}")
        return None
    if not least <= value <= most:
        odd.append(f"{key} lies between {least:g} and {most:g}")
    return min(most, max(least, value))


def _index(link: Link, key: str, count: int, odd: Odd, what: str) -> int | None:
    """A whole number 0 … count − 1 of the link."""
    if key not in link:
        return None
    text = link[key]
    if text.isascii() and text.isdigit() and len(text) < 12 and int(text) < count:
        return int(text)
    odd.append(f"{key} is {what}, 0 to {count - 1}")
    return None


def _code(link: Link, key: str, k: int, odd: Odd) -> list[float] | None:
    """k numbers of the link."""
    if key not in link:
        return None
    try:
        z = [float(part) for part in link[key].split(",")]
        if len(z) != k or not all(math.isfinite(value) and abs(value) < 1e6 for value in z):
            raise ValueError
    except ValueError:
        odd.append(f"{key} should be {k} numbers with commas between them")
        return None
    return z


def _text(value: float) -> str:
    return f"{value:.9g}"


def _start(
    mode: str, item: Shown, notes: DeltaGenerator, read: Callable[[Link, Odd], dict[str, Any]]
) -> dict[str, Any]:
    """Where the figure starts: as it was left in this session, else as the link says, which counts for the first model
    shown only.
    """
    starts = st.session_state.setdefault("more-starts", {})
    key, odd = f"{mode}-{item.checkpoint.name}", []
    if key not in starts:
        first = not any(other.startswith(f"{mode}-") for other in starts)
        starts[key] = read(st.query_params, odd) if first else {}
        odd_link(notes, odd)
    return starts[key]


def _with_models(views: list[Shown], draw: Callable[[], None]) -> None:
    """What `draw` draws, and below it, unseen, the models that it is about: nothing is pushed down when one more comes."""
    place, blobs = st.container(), st.container()
    with blobs:
        for item in views:
            send_model(item.checkpoint.name, item.blob)
    with place:
        draw()


def _figure(
    mode: str, item: Shown, data: dict[str, Any], link: Callable[[dict[str, Any]], dict[str, str]]
) -> dict[str, Any]:
    """The component; what was let go last is kept for the session and put into the link."""
    starts, key = st.session_state["more-starts"], f"{mode}-{item.checkpoint.name}"
    view = vectors({"mode": mode, "revision": item.written, **data}, key=f"more-{key}", on_release=lambda: None)
    if view:
        starts[key] = view
    put(link(starts[key]) if starts[key] else dict.fromkeys(link({}), ""))
    return starts[key]


def _samples_of(item: Shown) -> tuple[torch.Tensor, str]:
    """Samples to measure on, and what they are in words: the held-out ones, else what the model makes of their codes."""
    config = item.checkpoint.config
    originals = held_out(config.data, tuple(config.source.items()))
    if originals is not None and originals.shape[1:] == item.model.shape:
        return originals, f"{len(originals):,} held-out samples"
    with torch.no_grad():
        made = torch.cat([item.model.decode(part) for part in torch.from_numpy(item.codes["z"]).split(2000)])
    return made, f"what the network makes of {len(made):,} held-out codes (the originals are not on this machine)"


# ---- Arithmetic ----


@st.cache_data(max_entries=16, show_spinner="Measuring the digits …")
def attribute_vectors(name: str, written: int) -> list[dict[str, Any]]:
    """A vector for each attribute of the model's own decodes, a standard deviation long, what it does, and how long
    that is. Raises LatentError.
    """
    item = shown(name)
    few = np.linspace(0, len(item.codes["z"]) - 1, min(MOST_MEASURED, len(item.codes["z"]))).astype(int)
    z, y = item.codes["z"][few], item.codes["y"][few] if "y" in item.codes else np.zeros(len(few), int)
    values, found, why = measured_codes(item.model, z), [], LatentError("")
    for attribute in VECTORS:
        about = ATTRIBUTES[attribute]
        try:
            vector = direction(z, values[attribute], [values[other] for other in about.balance], y)
        except LatentError as error:
            why = error
            continue
        spread = math.sqrt(sum(values[attribute][y == c].var() * (y == c).mean() for c in np.unique(y)))
        found.append(
            {
                "name": attribute,
                "title": about.title,
                "unit": {"degrees": "°", "pixels": "px"}[about.unit],
                "vector": vector.astype(np.float32).tolist(),
                "sigma": spread,
                "effect": effect(item.model, z, vector),
            }
        )
    if not found:
        raise why
    return found


@st.cache_data(max_entries=16, show_spinner=False)
def class_means(name: str, written: int) -> list[list[float] | None] | None:
    """The mean code of each class, None for one without codes; None without classes."""
    item = shown(name)
    if not item.checkpoint.classes or "y" not in item.codes:
        return None
    z, y = item.codes["z"], item.codes["y"]
    return [z[y == c].mean(0).tolist() if (y == c).any() else None for c in range(len(item.checkpoint.classes))]


def arithmetic(item: Shown, notes: DeltaGenerator) -> None:
    """Attribute vectors added to a code, live. `notes`: where a sentence on a bad link goes."""
    if len(item.model.shape) != 3 or item.model.shape[0] != 1:
        st.info(
            "Thickness, slant and width are measured on grey pictures, and this model makes none: choose another model, or Traversals.",
            icon=":material/info:",
        )
        return
    try:
        found = attribute_vectors(item.place, item.written)
    except LatentError as error:
        st.error(f"No attribute can be measured on this model's pictures: {plain(error)}")
        return
    means = class_means(item.place, item.written)

    def read(link: Link, odd: Odd) -> dict[str, Any]:
        view: dict[str, Any] = {
            "base": _index(link, "a_base", len(item.codes["z"]), odd, "the number of a held-out sample")
        }
        view["strengths"] = {
            part["name"]: _number(link, f"a_{part['name']}", ENDS["sigma"], odd) or 0 for part in found
        }
        if not any(f"a_{part['name']}" in link for part in found) and "a_share" not in link:
            view["strengths"] = {"slant": 1.5}  # there is something to see at once
        for sign in ("plus", "minus"):
            view[sign] = _index(link, f"a_{sign}", len(item.checkpoint.classes), odd, "the number of a class")
        view["share"] = _number(link, "a_share", ENDS["share"], odd) or 0
        view["others"] = link.get("a_others", "all")
        if view["others"] not in ("all", "same"):
            odd.append("a_others is same or left out")
        return view

    start = _start("arithmetic", item, notes, read)
    if not start:
        start["strengths"] = {"slant": 1.5}
    _with_models([item], lambda: _arithmetic(item, found, means, start))


@st.fragment
def _arithmetic(
    item: Shown, found: list[dict[str, Any]], means: list[list[float] | None] | None, start: dict[str, Any]
) -> None:
    def link(view: dict[str, Any]) -> dict[str, str]:
        strengths = view.get("strengths", {})
        usual = {**dict.fromkeys((part["name"] for part in found), 0), "slant": 1.5}
        asked = bool(view) and ({**dict.fromkeys(usual, 0), **strengths} != usual or bool(view.get("share")))
        parts = {
            f"a_{part['name']}": _text(strengths[part["name"]]) if asked and strengths.get(part["name"]) else ""
            for part in found
        }
        if asked and not any(parts.values()) and not view.get("share"):
            parts["a_slant"] = "0"
        for key in ("base", "plus", "minus"):
            parts[f"a_{key}"] = "" if view.get(key) is None else str(view[key])
        parts["a_share"] = _text(view["share"]) if view.get("share") else ""
        parts["a_others"] = "same" if view.get("others") == "same" else ""
        return parts

    data = {"models": [item.checkpoint.name], "view": start, "means": means}
    data["vectors"] = [{key: part[key] for key in ("name", "title", "unit", "vector")} for part in found]
    _figure("arithmetic", item, data, link)
    few = (
        ""
        if item.model.k > 4
        else f" With only {item.model.k} numbers hardly anything can change alone: a model with 20 shows it better."
    )
    notice(
        "one vector, found by averaging over many digits, slants or thickens every digit, also one of another class. Press one of the small digits to go on from it."
        + few,
        "Push a single slider to its end: does only that one property change?",
        "Hardly ever. The table below says what else moves with it: a vector is pure only where the other cells of its row are near 0.",
    )
    with rest("effects"):
        effects_table(found, min(MOST_MEASURED, len(item.codes["z"])))


def effects_table(found: list[dict[str, Any]], count: int) -> None:
    """What a step of one standard deviation really changes."""
    units = {"degrees": "°", "pixels": " px", "of the picture": " %"}
    rows: dict[str, list[str]] = {
        "1 σ more of": [
            f"{part['title']} (σ = {part['sigma']:.2g}{' ' * (part['unit'] != '°')}{part['unit']})" for part in found
        ]
    }
    for name, about in ATTRIBUTES.items():
        factor = 100 if name == "mass" else 1
        cells = [f"{part['effect'][name] * factor:+z.2f}{units[about.unit]}".replace("-", "−") for part in found]
        rows[about.title] = [
            f"**{cell}**" if part["name"] == name else cell for cell, part in zip(cells, found, strict=True)
        ]
    st.table(rows)
    st.caption(
        f"What a step of one σ changes, measured again on the network's own decodes. A vector is the mean code of the third with most of an attribute less that "
        f"of the third with least (Larsen et al. 2016), within each class and with the other attributes balanced by regression, on the decodes of {count:,} "
        "held-out codes; so it needs no data. Where a row is not zero beside its own column, the vector is not pure."
    )


# ---- Traversals ----


@st.cache_data(max_entries=16, show_spinner="Measuring the dimensions …")
def dimensions(name: str, written: int, here: bool) -> tuple[list[float], str]:
    """KL of each dimension in nats, and what it was measured on. here: whether the data are, so that the answer changes
    when they come.
    """
    item = shown(name)
    x, words = _samples_of(item)
    return kl_by_dimension(item.model, x).tolist(), words


def traversals(item: Shown, notes: DeltaGenerator) -> None:
    """A row of decodes and a slider for each dimension, live. `notes`: where a sentence on a bad link goes."""
    k = item.model.k

    def read(link: Link, odd: Odd) -> dict[str, Any]:
        view: dict[str, Any] = {
            "base": _index(link, "v_base", len(item.codes["z"]), odd, "the number of a held-out sample"),
            "moved": {},
        }
        for part in filter(None, link.get("v_z", "").split(",")):
            try:
                i, value = part.split(":")
                if not (i.isascii() and i.isdigit() and 1 <= int(i) <= k and math.isfinite(float(value))):
                    raise ValueError
            except ValueError:
                odd.append(f"v_z holds pairs such as 3:-1.5, a dimension from 1 to {k} and standard deviations")
                break
            if abs(float(value)) > ENDS["sigma"]:
                odd.append(f"v_z stays within {ENDS['sigma']:g} standard deviations")
            view["moved"][str(int(i) - 1)] = min(ENDS["sigma"], max(-ENDS["sigma"], float(value)))
        return view

    start = _start("traversals", item, notes, read)
    _with_models([item], lambda: _traversals(item, start))


@st.fragment
def _traversals(item: Shown, start: dict[str, Any]) -> None:
    def link(view: dict[str, Any]) -> dict[str, str]:
        moved = ",".join(f"{int(i) + 1}:{_text(value)}" for i, value in view.get("moved", {}).items())
        return {"v_base": "" if view.get("base") is None else str(view["base"]), "v_z": moved}

    gaussian, z, k, config = item.model.bottleneck.gaussian, item.codes["z"], item.model.k, item.checkpoint.config
    kl, said, dead = None, "", 0
    if gaussian:
        kl, words = dimensions(
            item.place, item.written, held_out(config.data, tuple(config.source.items())) is not None
        )
        dead = sum(value < 0.01 for value in kl)
        said = f"{k - dead} of {k} dimensions in use"
    centre, scale = (np.zeros(k), np.ones(k)) if gaussian else (z.mean(0), z.std(0))
    data = {
        "models": [item.checkpoint.name],
        "view": start,
        "gaussian": gaussian,
        "kl": kl,
        "centre": centre.astype(np.float32).tolist(),
        "scale": scale.astype(np.float32).tolist(),
        "note": said,
    }
    _figure("traversals", item, data, link)
    unit = (
        "a prior standard deviation"
        if gaussian
        else "a standard deviation of the codes (a plain autoencoder has no prior)"
    )
    text = f"Each row is one dimension from −3 to +3 σ, with all others where their sliders stand; σ is {unit}. "
    if gaussian:
        noticed = f"what a dimension says, its KL in nats, is measured on {words}; the first rows change the most. "
        noticed += (
            "Those at the end say nothing: the network has switched them off, and their rows stay the same."
            if dead
            else "None of them is idle."
        )
    else:
        noticed = "the rows are sorted by how far the codes spread; nothing made the dimensions independent, so most rows change several things at once."
    order = "by their KL: by how much each tells the decoder" if gaussian else "by how far the codes spread along each"
    notice(
        noticed,
        "Compare the first row with the last: which of the two changes more from left to right, and why?",
        f"The first: the rows are sorted {order}. What says little is drawn with little.",
        text,
    )


# ---- Samples ----


def twin(item: Shown) -> str | None:
    """The model that samples are held against: of the other kind and of the same data; the one with the same seed and
    layers first, then by size.
    """
    mine, found = item.checkpoint, []
    for name, other in names(None, first="").items():
        if same_samples(mine, other) and other.config.row.bottleneck.gaussian != item.model.bottleneck.gaussian:
            found.append(
                (
                    other.config.variant == "nested",
                    not alike(mine, other),
                    abs(math.log(other.config.k / mine.config.k)),
                    name,
                )
            )
    return min(found)[-1] if found else None


def alike(a: Checkpoint, b: Checkpoint) -> bool:
    """Whether two models differ in nothing but their variant."""
    a_json, b_json = a.config.to_json(), b.config.to_json()
    return {key for key in a_json if a_json[key] != b_json[key]} <= {"variant", "sockets"}


def draws(item: Shown, seed: int, count: int = SIDE * SIDE) -> tuple[np.ndarray, np.ndarray]:
    """(mean (k,), offsets (count, k)) of samples mean + temperature · offset: from the prior, or from the Gaussian
    fitted to a plain model's codes.
    """
    k, z = item.model.k, item.codes["z"]
    if item.model.bottleneck.gaussian:
        return np.zeros(k, np.float32), prior_samples(k, count, 1.0, seed)
    mean = z.mean(0, dtype=np.float64).astype(np.float32)
    return mean, prior_samples(k, count, 1.0, seed, z) - mean


def places(item: Shown, view: dict[str, Any], grid: int) -> np.ndarray:
    """The codes (N, k) that the page shows in this grid."""
    mean, offsets = draws(item, view.get("seed", 0))
    centre = (view.get("near") or [])[grid : grid + 1]
    if not centre or centre[0] is None or len(centre[0]) != item.model.k:
        return (mean + float(view.get("temperature", 1.0)) * offsets.astype(np.float64)).astype(np.float32)
    z = np.float32(centre[0]).astype(np.float64) + float(view.get("radius", 0.3)) * offsets.astype(np.float64)
    z[0] = centre[0]  # itself first
    return z.astype(np.float32)


def decoded(item: Shown, z: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        return item.model.decode(torch.from_numpy(np.ascontiguousarray(z, np.float32))).numpy()


@st.cache_data(max_entries=64, show_spinner=False)
def share_real(name: str, written: int, temperature: float) -> float:
    """Share of many draws at this temperature whose decodes look like those of real codes."""
    item = shown(name)
    mean, offsets = draws(item, seed=1, count=DRAWN)
    few = np.linspace(0, len(item.codes["z"]) - 1, min(REAL, len(item.codes["z"]))).astype(int)
    return float(resembles(decoded(item, mean + temperature * offsets), decoded(item, item.codes["z"][few])).mean())


def samples(item: Shown, notes: DeltaGenerator) -> None:
    """A grid of draws from the prior beside one of a plain model's, live. `notes`: where a sentence on a bad link goes."""
    other = twin(item)
    try:
        views = [item, shown(other)] if other else [item]
    except LatentError:
        views = [item]
    views.sort(key=lambda each: not each.model.bottleneck.gaussian)  # the one with a prior on the left

    def read(link: Link, odd: Odd) -> dict[str, Any]:
        view: dict[str, Any] = {"seed": _index(link, "s_seed", 2**31, odd, "the number of a draw") or 0}
        for key, name in (("s_t", "temperature"), ("s_r", "radius")):
            value = _number(link, key, ENDS[name], odd, least=0.0)
            if value is not None:
                view[name] = value
        view["near"] = [
            _code(link, key, each.model.k, odd) for key, each in zip(("s_like", "s_like2"), views, strict=False)
        ]
        return view

    start = _start("samples", item, notes, read)
    _with_models(views, lambda: _samples(item, views, start))


@st.fragment
def _samples(item: Shown, views: list[Shown], start: dict[str, Any]) -> None:
    def link(view: dict[str, Any]) -> dict[str, str]:
        near = [*(view.get("near") or []), None, None]
        return {
            "s_seed": str(view["seed"]) if view.get("seed") else "",
            "s_t": _text(view["temperature"]) if view.get("temperature", 1) != 1 else "",
            "s_r": _text(view["radius"]) if view.get("radius", 0.3) != 0.3 else "",
            **{key: ",".join(map(_text, z)) if z else "" for key, z in zip(("s_like", "s_like2"), near, strict=False)},
        }

    key = f"more-samples-{item.checkpoint.name}"
    last = (st.session_state.get(key) or {}).get("view") or start
    seed = last.get("seed", 0)
    sets = [draws(each, seed) for each in views]
    data = {
        "models": [each.checkpoint.name for each in views],
        "view": start,
        "draw": {
            "seed": seed,
            "sets": [{"mean": _base64(mean), "offsets": _base64(offsets)} for mean, offsets in sets],
        },
        "titles": [
            f"{each.checkpoint.config.row.short}, {each.model.k} number{'s' * (each.model.k != 1)}" for each in views
        ],
        "notes": [
            "drawn from its prior" if each.model.bottleneck.gaussian else "drawn from a Gaussian fitted to its codes"
            for each in views
        ],
    }
    view = _figure("samples", item, data, link)
    with rest("sheets"), st.container(horizontal=True, key="sheets"):
        for grid, each in enumerate(views):
            download(each, view, grid, data["titles"][grid])
    notice(
        noticed(views, float(view.get("temperature", 1.0))),
        "Lower the temperature towards 0: what becomes of the samples?",
        "They grow alike, and at 0 they are one and the same: the picture at the centre. Lower temperature buys typical samples with variety.",
        "Press a sample, and its grid shows more like it. ",
    )


def _base64(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode()


def download(item: Shown, view: dict[str, Any], grid: int, title: str) -> None:
    """A button for the grid as a file: the same codes, decoded by torch."""
    name, signal = item.checkpoint.name, len(item.model.shape) == 2
    seed, temperature = view.get("seed", 0), view.get("temperature", 1.0)

    def file() -> bytes:
        z = places(item, view, grid)
        if signal:
            return signal_table(decoded(item, z), z)
        return png_sheet(decoded(item, z), SIDE, f"{name}, seed {seed}, temperature {temperature:g}", item.model.range)

    st.download_button(
        f"{'CSV' if signal else 'PNG sheet'} · {title}",
        file,
        file_name=f"{name}-samples-{seed}.{'csv' if signal else 'png'}",
        mime="text/csv" if signal else "image/png",
        on_click="ignore",
        icon=":material/download:",
        key=f"sheet-{name}",
        help="The signals of this grid, a row each, made by the network"
        if signal
        else "The pictures of this grid, a pixel for a pixel",
    )


def noticed(views: list[Shown], temperature: float) -> str:
    """What to look for, and how many of the draws look like anything real."""
    with_prior = [each for each in views if each.model.bottleneck.gaussian]
    plain = [each for each in views if not each.model.bottleneck.gaussian]
    text = ""
    if with_prior and plain:
        text += "the variational network was trained so that codes drawn from a standard Gaussian mean something. "
        text += "Nothing made the plain one's codes follow a Gaussian: draws from one fitted to them also land between and beyond its codes, where its picture means nothing. "
        if not alike(with_prior[0].checkpoint, plain[0].checkpoint):
            text += "(The two are no twins: there is none with the same layers and seed here.) "
    elif with_prior:
        text += "it was trained so that codes drawn from a standard Gaussian mean something. "
    else:
        text += "nothing made these codes follow the Gaussian that is drawn from. "
    what = "signal" if len(views[0].model.shape) == 2 else "picture"
    shares = {each.checkpoint.config.row.short: share_real(each.place, each.written, temperature) for each in views}
    counted = " and ".join(f"{share:.0%} of the {name}'s" for name, share in shares.items())
    return text + (
        f"Of {DRAWN} draws at temperature {temperature:.2f}, {counted} gave a {what} as close to one that it makes of a held-out sample "
        f"as these are to each other (their 5th nearest; the precision of Kynkäänniemi et al. 2019)."
    )
