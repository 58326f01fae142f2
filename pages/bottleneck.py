"""Bottleneck: how few numbers the data need, and whether a network needs fewer than PCA; answered while the slider
moves.
"""

from pages.ui.layout import hourglass, notice, page_head, rest

import base64
import math
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import LatentError, load_dataset
from ae_core.data import source
from ae_core.io.images import enlarged
from pages.components.bottleneck_slider import bottleneck_slider
from pages.components.channel import send_model
from pages.components.hint import hint
from pages.sections.bottleneck.experiments import bytes_table, linear_panel, sweep_panel
from pages.session.models import Nested, names, nested, same_samples, slides, title
from pages.ui.markdown import show_error
from pages.ui.upload import from_link, into_link, pack_bytes, uploaded
from pages.ui.url_state import odd_link, pick, put

PER_CLASS = 12  # samples of each class that travel to the page
SIGNAL = ("seed", "complexity", "noise", "phase", "frequency")


@st.cache_data(max_entries=8, show_spinner="Reading samples …")
def samples(data: str, shape: tuple[int, ...]) -> dict[str, Any] | None:
    """Held-out pictures for the page, as many of each class; scikit-learn's digits, enlarged, where the model's own are
    not here.
    """
    if len(shape) != 3:
        return None
    name = data if source(data).here() else "digits"
    found, chosen = load_dataset(name), source(name)
    rows = [n for c in range(len(found.classes)) for n in (found.y_test == c).nonzero()[:PER_CLASS, 0].tolist()]
    pictures = found.x_test[rows, 0].numpy()
    if pictures.shape[1:] != tuple(shape[1:]):
        pictures = np.stack([enlarged(picture, shape[1:]) for picture in pictures])
    return {
        "count": len(rows),
        "values": pack_bytes(pictures),
        "labels": [found.classes[int(c)] for c in found.y_test[rows]],
        "classes": list(found.classes),
        "note": f"{chosen.title}, held out" if name == data else f"{chosen.title}, enlarged",
    }


def picture_on_screen(given: dict[str, Any], item: Nested) -> np.ndarray:
    """The picture, (H, W) in 0..1, that the page's input means."""
    values = given.get("values") or samples(item.checkpoint.config.data, item.model.shape)["values"]
    pictures = np.frombuffer(base64.b64decode(values), np.uint8).reshape(-1, *item.model.shape[1:]) / 255
    return pictures[0 if given.get("values") else min(int(given.get("index", 0)), len(pictures) - 1)]


def curve(item: Nested, found: dict) -> dict[str, Any]:
    """Held-out errors against k, and the best models of one size of the same data as points."""
    curves, points = item.checkpoint.curves, {}
    for name, other in found.items():
        if other.config.variant == "deep" and other.config.k <= item.model.k and same_samples(other, item.checkpoint):
            error, k = other.measures.get("clamped_squared_error", other.measures["squared_error"]), other.config.k
            if k not in points or error < points[k]["error"]:
                points[k] = {"name": name, "k": k, "error": error}
    return {
        "network": curves["error_by_size"],
        "pca": curves["pca_error_by_size"],
        "explained": curves["explained"],
        "points": [points[k] for k in sorted(points)],
        "unit": "squared error summed over a sample, mean of the held-out ones",
    }


def usual(item: Nested) -> dict[str, Any]:
    """What the page shows when the link asks for nothing."""
    return {"k": min(8, item.model.k), "bits": 32, "residual": False, "spectrum": False, "input": None}


def link_view(item: Nested, notes: DeltaGenerator) -> dict[str, Any]:
    """What the link says: k, bits, residual, spectrum and what goes in."""
    link, odd = st.query_params, []
    view = {**usual(item), "residual": link.get("residual") == "1", "spectrum": link.get("spectrum") == "1"}
    for key, allowed, words in (
        ("k", range(1, item.model.k + 1), f"between 1 and {item.model.k}"),
        ("bits", (*range(1, 9), 32), "between 1 and 8 or is 32"),
    ):
        if key in link:
            try:
                number = int(link[key])
                if number not in allowed:
                    raise ValueError
                view[key] = number
            except ValueError:
                odd.append(f"{key} lies {words}")
    try:
        view["input"] = input_from(link, item)
    except ValueError:
        odd.append("what goes in is not written as this page writes it")
    odd_link(notes, odd)
    return view


def input_from(link: Any, item: Nested) -> dict[str, Any] | None:
    """The input that a link names; ValueError where it cannot be meant."""
    if len(item.model.shape) == 2:
        numbers = {key: float(link[key]) for key in SIGNAL if key in link}
        if not all(math.isfinite(number) and abs(number) < 1e6 for number in numbers.values()):
            raise ValueError
        return {"source": "signal", **numbers} if numbers else None
    if "drawn" in link:
        return {"source": "drawn", "values": from_link(link["drawn"], item.model.shape)}
    if "sample" in link:
        index = int(link["sample"])
        if not 0 <= index < samples(item.checkpoint.config.data, item.model.shape)["count"]:
            raise ValueError
        return {"source": "sample", "index": index}
    return None


def write_link(view: dict[str, Any]) -> None:
    """Put what is on the screen into the address bar."""
    given = view.get("input") or {}
    put(
        {
            "k": str(view["k"]),
            "bits": str(view["bits"]) if view["bits"] < 32 else "",
            "residual": "1" if view.get("residual") else "",
            "spectrum": "1" if view.get("spectrum") else "",
            "sample": str(given["index"]) if given.get("source") == "sample" else "",
            "drawn": into_link(given["values"]) if given.get("values") else "",
            **{key: f"{given[key]:g}" if key in given else "" for key in SIGNAL},
        }
    )


@st.fragment
def figure(item: Nested, found: dict, start: dict[str, Any], key: str) -> None:
    """The slider and its pictures, and below them what the server adds on release."""
    place = st.container()
    with rest("upload"):
        picture = uploaded(item.checkpoint.name, item.model.shape, "picture") if len(item.model.shape) == 3 else None
    data = {
        "model": item.checkpoint.name,
        "kind": "image" if len(item.model.shape) == 3 else "signal",
        "revision": 0,
        "samples": samples(item.checkpoint.config.data, item.model.shape),
        "curve": curve(item, found),
        "uploaded": picture,
        **start,
    }
    if data["kind"] == "signal":
        made = source(item.checkpoint.config.data, **item.checkpoint.config.source)
        data["signal"] = {
            "length": item.model.shape[1],
            "frequency": [made.frequency_low, made.frequency_high],
            "amplitude": [made.amplitude_low, made.amplitude_high],
            "complexity": [1, 16],
            "noise": [0, 1],
            "trained": {"complexity": made.complexity, "noise": made.noise},
        }
    with place:
        view = bottleneck_slider(data, key=key, on_release=lambda: None) or start
    if view != usual(item):
        write_link(view)
    notice(noticed(item) + missing(item), *question(item))
    with rest("more"):
        below(item, view)


def noticed(item: Nested) -> str:
    """What to look for."""
    size = math.prod(item.model.shape)
    if item.model.k > size:
        return (
            f"a signal here has {size} values. From k = {size} on nothing is left out: both copy their input, its noise included, and have "
            "learned nothing about it. A narrow code must choose, and what it drops first is the noise: raise it, and read under the plot how much of it each lets through."
        )
    if len(item.model.shape) == 2:
        return (
            "raise the number of sinusoids beyond what was trained on or beyond k, and the fast parts go first (the spectrum shows it): "
            "with few numbers, both keep what is loud and slow."
        )
    return (
        "with very few numbers PCA shows a ghost, an average of digits; the network already draws one clear digit, though not always "
        "the right one. With many, the two come close: then the network is hardly worth its trouble."
    )


def question(item: Nested) -> tuple[str, str]:
    """A question about the curve, and its answer, from what was measured on the held-out samples."""
    network, pca = item.checkpoint.curves["error_by_size"], item.checkpoint.curves["pca_error_by_size"]
    size = min(16, len(pca) // 2)
    enough = next((k for k, error in enumerate(network, 1) if error <= pca[size - 1]), None)
    asked = f"With {size} numbers PCA errs by {pca[size - 1]:.3g}. How many does the network need to err no more? Read it off the curve."
    if enough is None:
        return (
            asked,
            f"More than it has: with all its {len(network)} it still errs by {network[-1]:.3g}. On these data the network is not worth its trouble.",
        )
    saved = f"{enough} instead of {size}" if enough < size else f"{enough}, no fewer than PCA"
    return asked, f"{saved[0].upper()}{saved[1:]}: with {enough} the network errs by {network[enough - 1]:.3g}."


def missing(item: Nested) -> str:
    """What to do where the data that the model was made of are not on this machine."""
    data = source(item.checkpoint.config.data, **item.checkpoint.config.source)
    if data.here():
        return ""
    return (
        f" {data.title} are not in the data folder, so enlarged small digits go in: these are unlike what the network has seen. "
        f"Draw your own, or set LATENT_DATA to a folder that has them (`python -m ae_core train --data {item.checkpoint.config.data}` downloads them)."
    )


MORE = {"Bytes": "bytes", "Linear = PCA": "linear", "A model for each size": "sweep"}


def below(item: Nested, view: dict[str, Any]) -> None:
    """The further experiments; only the chosen one costs anything."""
    picture = len(item.model.shape) == 3  # of a signal no bytes are counted: there is no PNG to hold it against
    offered = list(MORE) if picture else list(MORE)[1:]
    key = "more" if picture else "more-signal"
    more = st.segmented_control(
        "More experiments", offered, default=offered[0], key=key, label_visibility="collapsed", required=True
    )
    if more == "Bytes":
        bytes_table(item, picture_on_screen(view.get("input") or {}, item), min(view["k"], item.model.k), view["bits"])
    elif more == "Linear = PCA":
        linear_panel()
    else:
        sweep_panel()


def main() -> None:
    head, notes = st.container(), st.container()
    everything = names(notes, first="mnist-nested-64d")
    found = [name for name, checkpoint in everything.items() if slides(checkpoint.config)]
    if not found:
        st.error(
            "There is no nested model to show: fetch checkpoints/ again, or train one with `python -m ae_core train --data digits --variant nested --k 24`."
        )
        return
    with rest("pickers"):
        name = pick("bottleneck", "model", "The model", found, lambda n: title(everything[n], of_input=True), notes)
    try:
        item = nested(name)
    except LatentError as error:
        show_error(error)
        return
    what, then = ("digit", "draw your own") if len(item.model.shape) == 3 else ("signal", "change the signal")
    with head:
        page_head(
            "How few numbers does it need?",
            f"Move the slider: PCA and a network rebuild the same {what} from only that many numbers. Then {then}.",
            hourglass((math.prod(item.model.shape), *item.checkpoint.config.hidden), item.model.k, "waist"),
        )
    place, blobs = st.container(), st.container()
    with blobs:
        for part, blob in item.blobs.items():
            send_model(part, blob)
    before, start = st.session_state.get("bottleneck-start", (None, None))
    if before != name:
        if before:  # another model: what was chosen means nothing in it
            put(dict.fromkeys(("k", "bits", "residual", "spectrum", "sample", "drawn", *SIGNAL), ""))
        start = link_view(item, notes)
        st.session_state["bottleneck-start"] = (name, start)
    with place:
        hint("bottleneck", f"Slide to 2: what is left of the {what}?", "[data-testid=bottleneck-slider]")
        figure(item, everything, start, f"bottleneck-{name}")


main()
