"""What was found in a file: sentences, how to read it otherwise, and the samples themselves by class."""

from typing import Any

import streamlit as st
import torch

from ae_core.data.samples.source import Prepared, with_missing_said
from ae_core.latent.sizes import Size, as_good_as, errors_by_size, pca_size
from ae_core.model.sample_recipes import MAX_SIZE
from ae_core.pca import PCA
from ae_core.runs.checkpoint import read_checkpoint

from ...components.gallery import gallery
from ...ui import link
from ...ui.markdown import plain
from . import keys, words
from .link import READ
from .open import trained
from .samples import gallery_data

UNSURE_RATIO = 3  # of the ends of an interval, from which on its middle says little


def settings(given: dict[str, Any]) -> None:
    """How the file is to be read; the link carries it."""
    state = st.session_state
    for name in ("label", "group", "kind"):
        state.setdefault(keys.setting(name), given.get(name, ""))
    with st.popover(words.SETTINGS, icon=":material/tune:"):
        label = st.text_input(words.LABEL, key=keys.setting("label"), help=words.LABEL_HELP)
        group = st.text_input(words.GROUP, key=keys.setting("group"), help=words.GROUP_HELP)
        kind = st.selectbox(
            words.KIND, list(words.KINDS), format_func=words.KINDS.__getitem__, key=keys.setting("kind")
        )
    said = {name: value for name, value in (("label", label), ("group", group), ("kind", kind)) if value}
    if said != {name: given[name] for name in ("label", "group", "kind") if given.get(name)}:
        link.set_query_params({each.name: said.get(each.name, "") for each in READ})
        st.rerun()


def sentences(item: Prepared, file: str) -> None:
    """What was found, and the way to Signals for what may be a table of moments. file: its kept name."""
    notes = [note.text for note in with_missing_said(item.collection).notes]
    notes.append(words.SPLIT.format(train=len(item.train), test=len(item.test)))
    if repeated := item.duplicates():
        notes.append(repeated)
    st.markdown("\n".join(f"- {plain(note)}" for note in notes))
    if item.collection.kind == "features":
        params = {"file": file}
        st.page_link("pages/signals.py", label=words.AS_MOMENTS, icon=":material/sensors:", query_params=params)


def samples(item: Prepared, source: dict[str, Any]) -> None:
    """All samples, by class."""
    data = gallery_data(item, repr(sorted(source.items())))
    gallery(data, key="data-gallery")


@st.cache_data(max_entries=8, show_spinner=False)
def needed(_item: Prepared, source: str, nested: str, mtime_ns: int) -> tuple[Size | None, int | None, int]:
    """(what PCA needs, with how many numbers the network does as well, how many it has at most: 0 without one).

    source, nested, mtime_ns: what the cache is asked by: the samples, the network's folder, when it was written.
    """
    x, x_test = (torch.from_numpy(_item.x[rows]) for rows in (_item.train, _item.test[:500]))
    most = min(MAX_SIZE, x[0].numel(), max(1, len(x) - 1))
    size = pca_size(x, x_test, most)
    if size is None or not nested:
        return size, None, 0
    model = read_checkpoint(nested).model()
    pca = PCA(x, min(max(most, size.k), len(x) - 1))
    errors, others = (errors_by_size(m, x_test, k) for m, k in ((model, model.k), (pca, pca.k)))
    return size, as_good_as(errors, others, size.k), model.k


def pca_needs(size: Size) -> str:
    """What PCA needs and how sure that is, in words."""
    unsure = words.UNSURE if size.high > UNSURE_RATIO * size.low else ""
    interval = words.INTERVAL.format(low=size.low, high=size.high, unsure=unsure) if size.low < size.high else ""
    more = words.MORE_STILL if size.k == size.most and not size.enough else ""
    return words.PCA_NEEDS.format(k=size.k, interval=interval) + more


def how_many(item: Prepared, source: dict[str, Any]) -> None:
    """How many numbers these samples need, in a sentence."""
    folder = trained(source, ("nested",)).get("nested")
    done = folder is not None and (folder / "codes.npz").is_file()
    mtime = (folder / "codes.npz").stat().st_mtime_ns if folder and done else 0
    size, network, most = needed(item, repr(sorted(source.items())), str(folder) if done else "", mtime)
    if size is None:
        st.markdown(words.TOO_FEW.format(count=len(item.train) + len(item.test)))
        return
    text = pca_needs(size)
    if not most:
        text += words.NETWORK_UNKNOWN
    elif network is None:
        text += words.NETWORK_NEVER.format(most=most)
    else:
        text += words.NETWORK_NEEDS.format(k=network)
    st.markdown(f"**{words.NEEDED}** {text}", help=words.NEEDED_HELP)
