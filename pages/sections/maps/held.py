"""Maps of the same samples, held against each other: one turns into the other, and a table says what each keeps."""

from collections.abc import Sequence
from concurrent.futures import Future

import numpy as np
import pandas as pd
import streamlit as st
import torch
from streamlit.delta_generator import DeltaGenerator

from ae_core import Checkpoint
from ae_core.data import source
from ae_core.runs.maps import LAID_OUT, MapFigures, MeasuredMap, is_map

from ...components.map_morph import map_morph
from ...components.map_morph.types import HeldMap
from ...session.futures import show_future
from ...session.models import LoadedModel, held_out, same_samples
from ...ui import link
from ...ui.link import Parameters
from ...ui.markdown import plain, plain_table
from ...ui.packing import to_base64
from ...ui.thumbnails import strip
from . import words
from .aligned import in_square, over
from .link import MAPS, PARAMETERS, TSNE, VIEW, Subject
from .measured import asked, kept

MOST = 5  # networks at once


def comparable(checkpoints: Sequence[Checkpoint]) -> list[Checkpoint]:
    """Those that are maps of the first map's samples."""
    first = next(filter(is_map, checkpoints), None)
    return [each for each in checkpoints if first and is_map(each) and same_samples(each, first)]


def titles(items: Sequence[LoadedModel]) -> list[str]:
    """What each map is called: its kind, and the model's name where two are of one kind."""
    short = [
        each.checkpoint.config.row.short.replace("AE", "VAE")
        if each.checkpoint.config.row.title.startswith("Neighbour") and each.model.bottleneck.gaussian
        else each.checkpoint.config.row.short
        for each in items
    ]
    return [each.checkpoint.name if short.count(name) > 1 else name for each, name in zip(items, short, strict=True)]


def toggled(page: str, notes: DeltaGenerator) -> bool:
    """The switch that opens the section; whether it is on."""
    on = st.toggle(words.TOGGLE, key=link.link_value(page, MAPS, notes))
    link.set_query_params(link.write((MAPS,), {MAPS.key: on}))
    if not on:
        set_aside(notes, (TSNE, *VIEW))
    return on


def set_aside(notes: DeltaGenerator, parameters: Parameters = PARAMETERS) -> None:
    """Where no maps are shown: what a link says of them is looked at all the same, and taken out."""
    parts = [name for name in (*(each.name for each in parameters), "maps-view") if link.unread(name)]
    if parts:
        _, problems = link.read(parameters, link.asked(), Subject(MOST + 2, 10_000))
        link.warn_invalid_params(notes, problems)
    link.set_query_params({each.name: "" for each in parameters})


@st.fragment
def held_maps(page: str, items: list[LoadedModel], notes: DeltaGenerator) -> None:
    """The maps of these models, of the same samples, PCA's before them and, where asked for, t-SNE's behind."""
    st.caption(words.SENTENCE)
    first = items[0].checkpoint.config
    here = source(first.data, **dict(first.source)).here()
    still = st.toggle(
        words.ASK_TSNE,
        key=link.link_value(page, TSNE, notes),
        help=words.ASK_TSNE_HELP.format(count=LAID_OUT),
        disabled=not here,
    )
    still = still and here
    measured = [kept(item.folder, item.mtime_ns) for item in items]
    waits = st.container()
    futures: list[tuple[str, Future]] = []
    if here:
        for n, item in enumerate(items):
            if measured[n] is None:
                future = asked("measured", item.folder, item.mtime_ns)
                measured[n] = _result(future)
                futures.append((words.MEASURING, future))
    laid = None
    if still:
        future = asked("t-SNE", items[0].folder, items[0].mtime_ns)
        laid = _result(future)
        futures.append((words.LAYING_OUT, future))
    with waits:
        for said, future in futures:
            if not future.done() or future.exception():
                show_future(future, said, asked.clear, words.FAILED)
                break
        if not here:
            missing = [words.NO_DATA_TSNE] + ([words.NO_DATA_KEPT] if None in measured else [])
            st.caption(words.NO_DATA.format(what=" and ".join(missing)))
    left, right = st.columns([5, 4], gap="large")
    with left:
        view = _figure(page, items, measured, laid, still, notes)
    with right:
        if view["sample"] is not None:
            _followed(items, measured, view["sample"])
        _table(items, measured, laid)
    link.set_query_params(link.write((TSNE,), {TSNE.key: still}))
    link.send("maps")


def _result(future: Future):
    return future.result() if future.done() and not future.exception() else None


def _figure(
    page: str,
    items: list[LoadedModel],
    measured: list[MeasuredMap | None],
    laid: tuple[np.ndarray, MapFigures] | None,
    still: bool,
    notes: DeltaGenerator,
) -> dict:
    """The maps as one figure; gives what was let go last."""
    linear = next((each.pca for each in measured if each), None)
    reference = items[0].codes["z"] if linear is None else linear
    maps: list[HeldMap] = []
    if linear is not None:
        maps.append({"title": words.PCA, "places": _packed(in_square(linear))})
    for title, item in zip(titles(items), items, strict=True):
        maps.append({"title": title, "places": _packed(over(item.codes["z"], reference))})
    if laid is not None:
        maps.append({"title": words.TSNE, "places": _packed(over(laid[0], reference))})
    count = max(len(item.codes["z"]) for item in items)
    y = items[0].codes.get("y")
    classes = items[0].checkpoint.classes
    named = bool(classes) and y is not None and len(y) == count and len(classes) < 256
    key = f"maps-{page}-{abs(hash(tuple(item.folder for item in items)))}{link.suffix()}"
    subject = Subject(len(items) + 1 + still, count)
    begun = _begun(page, key, subject, notes)
    view = map_morph(
        {
            "name": key,
            "maps": maps,
            "count": count,
            "what": words.SAMPLES,
            "classes": list(classes) if named else None,
            "labels": to_base64(y, "u1") if named else None,
            "own": link.own(key, VIEW),
            **begun,
            "revision": 0,
        },
        key=key,
    )
    shown = {**begun, **(view or {})}
    link.set_query_params(link.write(VIEW, shown, subject))
    return shown


def _begun(page: str, key: str, subject: Subject, notes: DeltaGenerator) -> dict:
    """What the figure begins with: what the link says where the page was opened by it."""
    place = f"{page}-maps-begun"
    if link.unread("maps-view"):
        values, problems = link.read(VIEW, link.asked(), subject)
        link.warn_invalid_params(notes, problems)
        st.session_state[place] = (key, {"map": 0, "sample": None, "origin": 0, **values})
    at, begun = st.session_state.get(place, ("", {}))
    return begun if at == key else {"map": 0, "sample": None, "origin": 0}


def _packed(places: np.ndarray) -> str:
    return to_base64(places, "<f4")


def _table(items: list[LoadedModel], measured: list[MeasuredMap | None], laid) -> None:
    """What each map keeps."""
    any_map = next((each for each in measured if each), None)
    about = items[0].checkpoint.measures
    rows = []
    if any_map is not None:
        rows.append(_row(words.PCA, any_map.linear, about, "pca_"))
    for title, item, each in zip(titles(items), items, measured, strict=True):
        rows.append(_row(title, each.network if each else MapFigures(), item.checkpoint.measures))
    if laid is not None:
        rows.append(_row(words.TSNE, laid[1], {}))
    st.markdown(words.KEEPS)
    frame = pd.DataFrame(rows).set_index(words.MAP).T
    st.table(plain_table(frame[(frame != words.NOTHING).any(axis=1)]), width="content")
    counted = len(items[0].codes["z"])
    st.caption(words.ABOUT.format(count=counted))
    if laid is not None:
        st.caption(words.STILL.format(count=len(laid[0])))


def _row(title: str, kept_by: MapFigures, measures: dict[str, float], prefix: str = "") -> dict[str, str]:
    """A map's figures as texts, by their headings."""

    def share(value: float | None, digits: int = 1) -> str:
        return words.NOTHING if value is None else f"{100 * value:.{digits}f} %"

    def number(value: float | None, text: str) -> str:
        return words.NOTHING if value is None else format(value, text)

    return {
        words.MAP: title,
        words.NEIGHBOURS: share(measures.get(f"{prefix}neighbour_accuracy")),
        words.OWN: share(kept_by.own_accuracy),
        words.TRUST: number(kept_by.trustworthiness, ".3f"),
        words.CONTINUITY: number(kept_by.continuity, ".3f"),
        words.ERROR: number(measures.get(f"{prefix}squared_error"), ".4g"),
        words.ELBO: number(None if prefix else measures.get("negative_elbo"), ".4g"),
        words.OFF: share(kept_by.off_data),
    }


def _followed(items: list[LoadedModel], measured: list[MeasuredMap | None], n: int) -> None:
    """The sample as it was recorded, and what each decoder makes of its place."""
    config = items[0].checkpoint.config
    originals = held_out(config.data, tuple(config.source.items()))
    pictures, captions = [], []
    if originals is not None:
        pictures.append(originals[n])
        captions.append(words.RECORDED)
    linear = next((each.pca for each in measured if each and n < len(each.pca)), None)
    if linear is not None:
        pictures.append(items[0].checkpoint.pca().decode(torch.from_numpy(linear[n : n + 1]))[0])
        captions.append(words.PCA)
    for title, item in zip(titles(items), items, strict=True):
        if n < len(item.codes["z"]):
            with torch.no_grad():
                pictures.append(item.model.decode(torch.from_numpy(item.codes["z"][n : n + 1]))[0])
            captions.append(title)
    classes, y = items[0].checkpoint.classes, items[0].codes.get("y")
    label = f" ({plain(classes[y[n]])})" if classes and y is not None and n < len(y) else ""
    with st.container(key="followed"):
        st.markdown(words.FOLLOWED.format(sample=n, label=label))
        strip(torch.stack(pictures).numpy(), captions)
