"""The form of a recipe: a widget for every knob that this source and this variant have, made from the dataclasses that
declare them.
"""

import dataclasses
import math
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import VARIANTS, Config, LatentError
from ae_core.base.limits import MEGABYTES
from ae_core.base.options import Knob, check, current_names, knobs
from ae_core.data import source, sources
from ae_core.data.csv.uploads import is_upload, keep_upload
from ae_core.model.config import applicable
from ae_core.model.presets import PRESETS

from ...ui.markdown import plain, show_error
from ...ui.url_state import odd_link, put

FIRST = ("k", "epochs", "hidden", "network")  # of the recipe's knobs these are in sight; the others fold out
PREFIX = "train-"


def _key(name: str) -> str:
    return PREFIX + name


def begin(notes: DeltaGenerator) -> None:
    """Fill the form: from the link, else with a preset of data that are here."""
    if _key("data") in st.session_state:
        return
    link = {name: value for name, value in st.query_params.items() if name not in ("run", "epoch", "preset")}
    odd = []
    data = link.pop("data", "mnist" if source("mnist").here() else "digits")
    if data not in sources():
        odd.append(f"data is one of {', '.join(sources())}")
        data = "digits"
    use_preset("quick", data)
    given = link.pop("variant", None)
    if given in VARIANTS:
        st.session_state[_key("variant")] = given
    elif given is not None:
        odd.append(f"variant is one of {', '.join(VARIANTS)}")
    fields = all_fields(data, st.session_state[_key("variant")])
    for name, value in current_names(fields, link).items():
        if name in fields:
            try:
                value = check(name, value, fields[name])
                if name == "file" and not is_upload(value):
                    raise LatentError("the uploaded file is not here any more")
                st.session_state[_key(name)] = shown(value)
            except LatentError as error:
                odd.append(str(error).rstrip("."))
    odd_link(notes, odd)


def use_preset(name: str, data: str) -> None:
    """Set every widget to what a preset says for a data source."""
    config = PRESETS[name].config(data)
    st.session_state[_key("data")], st.session_state[_key("variant")] = config.data, config.variant
    for knob, value in values_of(config).items():
        st.session_state[_key(knob)] = shown(value)


def shown(value: Any) -> Any:
    """A knob's value as its widget holds it."""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value


def all_fields(data: str, variant: str) -> dict[str, dataclasses.Field]:
    """Every knob of a recipe for this source and variant."""
    own = {name: f for name, f in knobs(Config).items() if name not in ("data", "variant")}
    return {**own, **knobs(sources()[data]), **VARIANTS[variant].knobs()}


def values_of(config: Config) -> dict[str, Any]:
    """Every knob's value in a recipe."""
    given = {**config.source, **config.sockets}
    return {
        name: given.get(name, getattr(config, name, f.default))
        for name, f in all_fields(config.data, config.variant).items()
    }


def recipe_form() -> Config | None:
    """The widgets; the recipe that they say, or None after a sentence on what is wrong with it."""
    state = st.session_state
    names = list(sources())
    data = st.selectbox(
        "Learn from",
        names,
        format_func=lambda name: sources()[name].title,
        key=_key("data"),
        help=sources()[state[_key("data")]].about,
        on_change=lambda: use_preset("quick", state[_key("data")]),
        persist_state="session",
    )
    if data == "csv":
        uploader()
    variant = st.selectbox(
        "With",
        list(VARIANTS),
        format_func=lambda name: VARIANTS[name].title,
        key=_key("variant"),
        help=VARIANTS[state[_key("variant")]].idea,
        persist_state="session",
    )
    fields = all_fields(data, variant)
    for name, f in fields.items():
        state.setdefault(_key(name), shown(f.default))
    row = VARIANTS[variant]
    usable = applicable(row, sources()[data], state[_key("network")])
    first = [name for name in FIRST if name in usable] + list(row.knobs())
    values = {"data": data, "variant": variant, "source": {}, "sockets": {}}
    pair(first, fields, values, row)
    rest = [name for name in usable if name not in first]
    with st.expander("More settings"):
        pair(rest, fields, values, row)
    about = [name for name in knobs(sources()[data]) if name != "file"]
    if about:
        with st.expander("The data"):
            pair(about, fields, values, row)
    if data == "csv":
        values["source"]["file"] = state[_key("file")]
    try:
        config = Config(**values)
    except LatentError as error:
        show_error(error)
        return None
    write_link(config)
    return config


def pair(names: list[str], fields: dict[str, dataclasses.Field], values: dict[str, Any], row: Any) -> None:
    """Widgets for these knobs, two beside each other; what they say goes into `values`."""
    for at in range(0, len(names), 2):
        for column, name in zip(st.columns(2), names[at : at + 2], strict=False):
            with column:
                value = widget(name, fields[name])
            part = (
                values["source"]
                if name in knobs(sources()[values["data"]])
                else values["sockets"]
                if name in row.knobs()
                else values
            )
            part[name] = value


def widget(name: str, field: dataclasses.Field) -> Any:
    """The widget that fits a knob."""
    knob: Knob = field.metadata["knob"]
    label = name.replace("_", " ")
    unit = f" {knob.unit}" if knob.unit else ""
    span = (
        f" From {knob.low:g} to {knob.high:g}{unit}."
        if knob.low is not None and knob.high is not None
        else f" In{unit}."
        if unit
        else ""
    )
    common = {"key": _key(name), "help": f"{knob.help[0].upper()}{knob.help[1:]}.{span}", "persist_state": "session"}
    kind = type(field.default)
    if knob.choices:
        return st.selectbox(label, knob.choices, format_func=lambda choice: choice or "found by itself", **common)
    if kind is bool:
        return st.toggle(label, **common)
    if kind is int:
        return st.number_input(label, int(knob.low), int(knob.high), step=1, **common)
    if kind is float:
        now = abs(st.session_state[_key(name)]) or abs(field.default) or 1.0
        return st.number_input(
            label,
            float(knob.low),
            float(knob.high),
            step=10.0 ** max(-300, math.floor(math.log10(now))),
            format="%g",
            **common,
        )
    return st.text_input(label, **common)


def uploader() -> None:
    """A table of the person's own; kept in the data folder, so that workers and later scores find it."""
    file = st.file_uploader(
        "A CSV file: a row for each moment, a column for each sensor",
        type=["csv", "txt", "tsv"],
        max_upload_size=MEGABYTES(),
        key="train-upload",
    )
    if file is not None and st.session_state.get("train-kept") != file.file_id:
        try:
            st.session_state[_key("file")] = keep_upload(file.getvalue(), file.name)
            st.session_state["train-kept"] = file.file_id
        except LatentError as error:
            show_error(error)
    st.session_state.setdefault(_key("file"), "")
    if st.session_state[_key("file")]:
        st.caption(f"Uses {plain(Path(st.session_state[_key('file')]).name)}")


def write_link(config: Config) -> None:
    """Put the recipe into the address bar; what the quick preset says stays out of it."""
    usual = PRESETS["quick"].config(config.data)
    before, now = values_of(usual), values_of(config)
    first = "mnist" if source("mnist").here() else "digits"
    wanted = {
        "data": config.data if config.data != first else "",
        "variant": config.variant if config.variant != usual.variant else "",
    }
    for name in {**before, **now}:
        differs = name in now and now[name] != before.get(name, all_fields(config.data, config.variant)[name].default)
        value = now.get(name)
        wanted[name] = (
            (
                ",".join(map(str, value))
                if isinstance(value, tuple)
                else f"{value:g}"
                if isinstance(value, float)
                else str(value)
            )
            if differs
            else ""
        )
    put(wanted)
