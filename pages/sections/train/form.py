"""The form of a recipe: a widget for every setting that this source and this variant have, made from the dataclasses
that declare them.
"""

import dataclasses
import math
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import VARIANTS, Config, LatentError
from ae_core.base.options import Knob, knobs
from ae_core.data import sources
from ae_core.model.config import applicable
from ae_core.model.presets import PRESETS
from ae_core.model.variants import Variant

from ...ui import link
from ...ui.file_chooser import choose_file
from ...ui.markdown import plain, show_error
from ...ui.settings import choice_label, setting_help, setting_label
from . import keys, words
from .link import DATA, SETTINGS, VARIANT, Form
from .recipe import Fields, all_fields, first_data, values_of

IN_SIGHT = ("k", "epochs", "hidden", "network")  # of the recipe's settings; the others fold out


def begin(notes: DeltaGenerator) -> None:
    """Fill the form: where the page was opened by a link as that says, at first with a preset of data that are here."""
    state, asked = st.session_state, link.asked()
    if not link.unread("form") and keys.setting("data") in state:
        return
    if (
        keys.setting("data") in state
        and asked
        and asked.keys() <= {"run", "epoch"}
        and asked.get("run") != state.get(keys.RUN)
    ):
        return  # a link of this app that shows a run: it means to say nothing of the form
    chosen, problems = link.read((DATA, VARIANT), asked)
    # Where the data that the link means are unknown, so are their settings: those that are always here then.
    data = chosen.get("data", "digits" if "data" in asked else first_data())
    use_preset("quick", data)
    if "variant" in chosen:
        state[keys.setting("variant")] = chosen["variant"]
    form = Form(data, state[keys.setting("variant")])
    values, misfits = link.read([each for each in SETTINGS if each.name in form.fields], asked, form)
    for name, value in values.items():
        state[keys.setting(name)] = widget_value(value)
    link.warn_invalid_params(notes, [*problems, *misfits])


def use_preset(name: str, data: str) -> None:
    """Set every widget to what a preset says for a data source."""
    config = PRESETS[name].config(data)
    state = st.session_state
    state[keys.setting("data")], state[keys.setting("variant")] = config.data, config.variant
    for setting, value in values_of(config).items():
        state[keys.setting(setting)] = widget_value(value)


def widget_value(value: Any) -> Any:
    """A setting's value as its widget holds it."""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value


def presets() -> None:
    """Buttons that fill the form."""
    with st.container(horizontal=True, gap="small", key="presets"):
        for name, preset in PRESETS.items():
            st.button(
                preset.title,
                key=keys.preset(name),
                help=preset.about,
                on_click=use_preset,
                args=(name, st.session_state[keys.setting("data")]),
            )


def recipe_form() -> Config | None:
    """The widgets; the recipe that they say, or None after a sentence on what is wrong with it."""
    state = st.session_state
    data = st.selectbox(
        words.LEARN_FROM,
        list(sources()),
        format_func=lambda name: sources()[name].title,
        key=keys.setting("data"),
        help=sources()[state[keys.setting("data")]].about,
        on_change=lambda: use_preset("quick", state[keys.setting("data")]),
        persist_state="session",
    )
    if data in ("csv", "samples"):
        uploader()
    variant = st.selectbox(
        words.WITH,
        list(VARIANTS),
        format_func=lambda name: VARIANTS[name].title,
        key=keys.setting("variant"),
        help=VARIANTS[state[keys.setting("variant")]].idea,
        persist_state="session",
    )
    fields = all_fields(data, variant)
    for name, field in fields.items():
        state.setdefault(keys.setting(name), widget_value(field.default))
    row = VARIANTS[variant]
    usable = applicable(row, sources()[data], state[keys.setting("network")])
    in_sight = [name for name in IN_SIGHT if name in usable] + list(row.knobs())
    values = {"data": data, "variant": variant, "source": {}, "sockets": {}}
    widgets(in_sight, fields, values, row)
    with st.expander(words.MORE_SETTINGS):
        widgets([name for name in usable if name not in in_sight], fields, values, row)
    about_data = [name for name in knobs(sources()[data]) if name != "file"]
    if about_data:
        with st.expander(words.THE_DATA):
            widgets(about_data, fields, values, row)
    if data in ("csv", "samples"):
        values["source"]["file"] = state[keys.setting("file")]
    try:
        config = Config(**values)
    except LatentError as error:
        show_error(error)
        return None
    write_link(config)
    return config


def widgets(names: list[str], fields: Fields, values: dict[str, Any], row: Variant) -> None:
    """Widgets for these settings, two beside each other; what they say goes into `values`, as `Config` takes them."""
    of_data, of_variant = knobs(sources()[values["data"]]), row.knobs()
    for at in range(0, len(names), 2):
        for column, name in zip(st.columns(2), names[at : at + 2], strict=False):
            with column:
                value = widget(name, fields[name])
            part = values["source"] if name in of_data else values["sockets"] if name in of_variant else values
            part[name] = value


def widget(name: str, field: dataclasses.Field) -> Any:
    """The widget that fits a setting; its value."""
    knob: Knob = field.metadata["knob"]
    label, kind = setting_label(name), type(field.default)
    common = {"key": keys.setting(name), "help": setting_help(knob), "persist_state": "session"}
    if knob.choices:
        return st.selectbox(label, knob.choices, format_func=choice_label, **common)
    if kind is bool:
        return st.toggle(label, **common)
    if kind is int:
        return st.number_input(label, int(knob.low), int(knob.high), step=1, **common)
    if kind is float:
        now = abs(st.session_state[keys.setting(name)]) or abs(field.default) or 1.0
        step = 10.0 ** max(-300, math.floor(math.log10(now)))
        return st.number_input(label, float(knob.low), float(knob.high), step=step, format="%g", **common)
    return st.text_input(label, **common)


def uploader() -> None:
    """A file of the person's own; kept in the data folder, so that workers and later scores find it."""
    state, file_key = st.session_state, keys.setting("file")
    if name := choose_file(keys.UPLOAD):
        state[file_key] = name
    state.setdefault(file_key, "")
    if state[file_key]:
        st.caption(words.USES.format(file=plain(Path(state[file_key]).name)))


def write_link(config: Config) -> None:
    """Put the recipe into the link; what the quick preset says stays out of it, and what this recipe does not have."""
    form = Form(config.data, config.variant)
    view = {**values_of(config), "data": config.data, "variant": config.variant}
    link.set_query_params(link.write((DATA, VARIANT, *SETTINGS), view, form))
