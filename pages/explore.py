"""Explore: drag a point through a trained latent space and see what lives there."""

from pages.ui.layout import hourglass, notice, page_head, rest

import base64
import math

import numpy as np
import streamlit as st
import torch
from streamlit.delta_generator import DeltaGenerator

from ae_core import LatentError
from ae_core.data import sources
from ae_core.latent.geometry import neighbour_distance
from ae_core.model.metrics import ACTIVE
from pages.components.channel import send_model
from pages.components.hint import hint
from pages.components.latent_pad import latent_pad
from pages.session.models import NO_MODEL, Shown, backdrops, held_out, names, same_samples, shown, title, usual_errors
from pages.ui.markdown import plain, show_error
from pages.ui.thumbnails import strip
from pages.ui.upload import from_link, into_link, uploaded
from pages.ui.url_state import odd_link, pick, put

HEAT = ("distance", "stretch", "consistency")
BACKDROPS = ("points", "manifold", *HEAT)
VIEW = ("z", "backdrop", "colour", "hide", "axes", "draw", "drawn")  # what a link says of the pad
NEAREST = 6


def link_view(views: list[Shown], notes: DeltaGenerator) -> dict:
    """What the link says of the pad. A part that cannot be meant is left out, with a sentence."""
    link, first, view, odd = st.query_params, views[0], {}, []
    if "z" in link:
        try:
            z = [float(number) for number in link["z"].split(",")]
            if len(z) != first.model.k or not all(math.isfinite(number) for number in z):
                raise ValueError
            view["z"] = np.clip(z, first.box.low, first.box.high).tolist()
            if not np.allclose(view["z"], z):
                odd.append("z lay outside the map and was moved to its edge")
        except ValueError:
            odd.append(f"z should be {first.model.k} numbers with commas between them")
    factors = [name for name, _ in first.checkpoint.factor_names]
    for key, choices in (("backdrop", BACKDROPS), ("colour", factors)):
        if link.get(key) in choices:
            view[key] = link[key]
        elif key in link:
            odd.append(f"{key} is {'one of ' + ', '.join(choices) if choices else 'no choice here'}")
    for key, limit in (("hide", len(first.checkpoint.classes)), ("axes", first.model.k)):
        if key in link:
            try:
                numbers = [int(number) for number in link[key].split(",")]
                if not all(0 <= number < limit for number in numbers) or (key == "axes" and len(set(numbers)) != 2):
                    raise ValueError
                view["hidden" if key == "hide" else key] = numbers
            except ValueError:
                odd.append(f"{key} does not fit this model")
    if "draw" in link or "drawn" in link:
        try:
            if not draws(views):
                raise ValueError
            view["sheet"] = {"values": from_link(link["drawn"], first.model.shape) if "drawn" in link else ""}
        except ValueError:
            odd.append("the drawing does not fit this model")
    odd_link(notes, odd)
    return view


def draws(views: list[Shown]) -> bool:
    """Whether a drawn digit can be encoded in the page by all of these."""
    return all(len(item.model.shape) == 3 and item.encodes for item in views)


def usual(item: Shown) -> dict:
    """What the page shows when the link asks for nothing. The map's axes are the first two dimensions that say
    anything: a VAE can leave some unused.
    """
    active = np.flatnonzero(item.codes["z"].var(axis=0) > ACTIVE)[:2].tolist()
    return {
        "z": None,
        "backdrop": BACKDROPS[0],
        "colour": "class",
        "hidden": [],
        "axes": active if len(active) == 2 else [0, 1],
        "sheet": None,
    }


def write_link(view: dict, as_usual: dict) -> None:
    """Put what is on the screen into the address bar; what is as usual stays out of it."""
    wanted = {
        "z": ",".join(f"{number:.9g}" for number in view["z"]),
        "backdrop": view["backdrop"] if view["backdrop"] != BACKDROPS[0] else "",
        "colour": view["colour"] if view["colour"] != "class" else "",
        "hide": ",".join(map(str, view["hidden"])),
        "axes": ",".join(map(str, view["axes"])) if list(view["axes"]) != as_usual["axes"] else "",
        **sheet_link(view.get("sheet")),
    }
    put(wanted)


def sheet_link(sheet: dict | None) -> dict[str, str]:
    """What the link says of the sheet to draw on: nothing while it is closed."""
    values = sheet["values"] if sheet else ""
    return {"draw": "1" if sheet and not values else "", "drawn": into_link(values) if values else ""}


@st.fragment
def figure(views: list[Shown], start: dict, key: str) -> None:
    """The pads, and below them what the server adds when the hand lets go."""
    last = (st.session_state.get(key) or {}).get("view") or {}
    view = {**usual(views[0]), **start, **last}
    place, upload, encoders, below = st.container(), st.container(), st.container(), rest("below")
    fields, data = (
        {},
        {
            "views": [item.checkpoint.name for item in views],
            "revision": 0,
            **usual(views[0]),
            **start,
            "draws": draws(views),
        },
    )
    for item, z in zip(views, places(views, view["z"]), strict=True):
        axes = tuple(view["axes"])
        if max(axes) < item.model.k and (item.model.k == 2 or view["backdrop"] in HEAT):
            z[list(axes)] = 0  # these two vary over the map
            found = backdrops(item.place, item.written, axes, tuple(z.tolist()))
            fields[item.checkpoint.name] = {name: {**layer, "axes": axes} for name, layer in found.items()}
    if view["sheet"] and data["draws"]:
        first = views[0]
        with upload:
            data["uploaded"] = uploaded(first.checkpoint.name, first.model.shape, f"picture-{key}")
        with encoders:
            for item in views:
                send_model(f"{item.checkpoint.name}:encoder", item.encoder_blob)
        data["usual"] = {item.checkpoint.name: usual_errors(item.place, item.written) for item in views}
    with place:
        latent_pad({**data, "fields": fields}, key=key, on_release=lambda: None)
    if last:
        write_link(last, usual(views[0]))
        st.session_state["sheet"] = last.get("sheet")
    with below:
        notice(*(DRAWN if view["sheet"] else CONSISTENCY if view["backdrop"] == "consistency" else noticed(views)))
        details(views[0], places(views, view["z"])[0])


def places(views: list[Shown], z: list[float] | None) -> list[np.ndarray]:
    """Where each view's handle is, (k,), when the first one's is at z: at the same relative place; as view.js has it."""
    first = views[0].box
    result = []
    for item in views:
        place, both = item.box.centre.astype(np.float32), min(item.model.k, views[0].model.k)
        if z is not None:
            part = (np.array(z) - first.low)[:both] / (first.high - first.low)[:both]
            place[:both] = item.box.low[:both] + part * (item.box.high - item.box.low)[:both]
        result.append(place if z is None or item is not views[0] else np.array(z, np.float32))
    return result


CONSISTENCY = (
    "where it is dark, the network does not recognise its own picture: encoded again, it lands elsewhere on the map. Among the points the map "
    "mostly means what it shows; far from them a place and its picture can part.",
    "Drag the dot from the points into the dark: what changes below, and in the picture?",
    "The last line under the nearest samples: sent through the encoder again, the picture lands farther and farther from the dot. The picture itself hardly warns you.",
)
DRAWN = (
    "with each stroke the mark moves, as the encoder changes its mind; the small ellipse in it is how sure it is (one σ each way, where its code is a "
    "distribution). Scribble, and it lands among the digits all the same, for there is nowhere else: only the error tells that the model does not know it.",
    "Draw something that is no digit at all: what tells you that the network does not know it?",
    "Not the place where it lands, nor the picture that comes out: both look like any other. Only the error is larger than that of nearly every real sample.",
)


def noticed(views: list[Shown]) -> tuple[str, str, str]:
    """What to look for in this figure, a question about it, and the answer."""
    first, second = views[0], views[-1]
    if first is not second:
        a, b = (item.checkpoint.config.to_json() for item in views)
        text = "The dot is at the same relative place in both maps. "
        if {key for key in a if a[key] != b[key]} <= {"variant", "sockets"}:
            text = "Both networks have the same layers, seed and data, and the dot is at the same relative place in both maps. "
        if first.model.bottleneck.gaussian != second.model.bottleneck.gaussian:
            text += "The plain one's map has holes and long empty arms where its picture means nothing; the variational one was made to fill its plane."
        return (
            text,
            "Move the dot to where one of the maps has no points: is the picture there still a clear one?",
            "There the decoder was never trained, so what it draws is a guess: now and then clear, often a mixture. A variational map leaves few such places, a plain one many.",
        )
    if first.checkpoint.factor_names:
        names = plain(", ".join(name for name, _ in first.checkpoint.factor_names))
        return (
            f"{names} were never shown to the network. Colour the map by each and see which of them it found: "
            f"{len(first.checkpoint.factor_names)} factors do not fit into {first.model.k} numbers, so it had to choose.",
            "Under which colours is the map a smooth sweep, and under which a jumble?",
            "A smooth sweep is a factor that the network found and kept; a jumble is one that it gave up, because there are fewer numbers than factors.",
        )
    return (
        "neighbours on the map look alike although nobody told the network which is which; between two regions one turns "
        "into the other, and beyond the points it can only guess.",
        "Drag the dot into a corner, away from all points: does the network know what lives there?",
        "No. It always draws something, and often something plausible, but nothing that it has seen lies there. The picture does not say so: the line beside it does.",
    )


def details(item: Shown, z: np.ndarray) -> None:
    """What Python knows of the place where the dot rests."""
    z_codes = item.codes["z"]
    away = np.linalg.norm(z_codes - z, axis=1)
    order = away.argsort()[:NEAREST]
    config = item.checkpoint.config
    originals = held_out(config.data, tuple(config.source.items()))
    with torch.no_grad():
        pictures = (
            item.model.decode(torch.from_numpy(z_codes[order])) if originals is None else originals[order.tolist()]
        )
        back = item.model.encode(item.model.decode(torch.from_numpy(z)[None]))[0].numpy()
    distance = away[order[-1]]
    closer = float((_usual_distances(item.place, item.written) < distance).mean())
    unit = "prior σ" if item.model.bottleneck.gaussian else "latent units"
    with st.container(key="details"):
        what = (
            "as the network redraws them (the originals are not on this machine)"
            if originals is None
            else "as they were recorded"
        )
        st.markdown(f"**The {NEAREST} nearest of {len(z_codes):,} held-out samples**, {what}")
        strip(pictures.numpy(), [caption(item, n, float(away[n])) for n in order])
        st.caption(
            f"All {len(order)} lie within {distance:.3g} {unit}, which is farther than it is for {closer:.0%} of the samples themselves. "
            f"Sent through the encoder again, this picture lands {np.linalg.norm(back - z):.3g} {unit} from the dot. "
            "The address in your browser now leads back to exactly this view."
        )


def caption(item: Shown, n: int, distance: float) -> str:
    """Class or factors of sample n, and how far away its code is."""
    if item.checkpoint.classes and "y" in item.codes:
        return f"{item.checkpoint.classes[item.codes['y'][n]]} · {distance:.2g} away"
    if "factors" in item.codes:
        return ", ".join(
            f"{name} {value:.2f}"
            for (name, _), value in zip(item.checkpoint.factor_names, item.codes["factors"][n], strict=True)
        )
    return f"{distance:.2g} away"


@st.cache_data(max_entries=32, show_spinner=False)
def _usual_distances(name: str, written: int) -> np.ndarray:
    """For each code, the distance to the farthest of its NEAREST nearest others."""
    z = shown(name).codes["z"]
    return neighbour_distance(z, z, neighbours=NEAREST + 1)  # the nearest one of a code is itself


@st.fragment
def explanation(item: Shown) -> None:
    """How it works, what was measured, and how to repeat it."""
    place = st.expander(
        "How it works, what was measured, and the command that made it", key="explanation", on_change="rerun"
    )
    if not place.open:  # tables and code are two megabytes of Streamlit's scripts
        return
    checkpoint, figures = item.checkpoint, item.checkpoint.measures
    with place:
        st.markdown(
            r"The encoder squeezes a picture $x$ into $z$; the decoder draws a picture $\hat x = g(z)$ from any $z$. Here the trained decoder itself "
            "runs in your browser: dragging sends nothing to a server."
        )
        if item.model.bottleneck.gaussian:
            st.latex(
                r"-\mathrm{ELBO} = \mathbb E_{q(z|x)}[-\log p(x|z)] + \beta\,\mathrm{KL}(q(z|x)\,\|\,\mathcal N(0, I)),\quad z=\mu+\sigma\varepsilon"
            )
        else:
            st.latex(r"\mathcal L = \sum_i \ell(\hat x_i, x_i),\quad \hat x = g(f(x))")
        rows = [
            (*LABELS[name], f"{value:.4g}", PUBLISHED.get((checkpoint.config.data, checkpoint.config.k, name), ""))
            for name, value in figures.items()
            if name in LABELS
        ]
        if rows:
            titles, units, values, published = zip(*rows, strict=True)
            st.table({"on held-out data": titles, "here": values, "published": published, "unit": units})
        st.markdown(
            f"Paper: {checkpoint.config.row.paper}. Data: {sources()[checkpoint.config.data].about} Trained with"
        )
        st.code(checkpoint.command, language="bash", wrap_lines=True)


LABELS = {
    "negative_elbo": ("−ELBO (mean of 5 draws of z)", "nats a sample"),
    "negative_elbo_binarised": ("−ELBO, pixels drawn as coins (dynamic binarisation)", "nats a sample"),
    "reconstruction": ("its reconstruction part", "nats a sample"),
    "kl": ("its KL part", "nats a sample"),
    "cross_entropy": ("cross-entropy of the reconstruction from the mean", "nats a sample"),
    "squared_error": ("squared error, network", "summed over a sample"),
    "clamped_squared_error": ("the same, reconstructions cut to the data's range", "summed over a sample"),
    "pca_squared_error": ("squared error, PCA with as many numbers", "summed over a sample"),
    "neighbour_accuracy": ("class by the 5 nearest training codes, network", "share right"),
    "pca_neighbour_accuracy": ("class by the 5 nearest training codes, PCA", "share right"),
    "nll_binarised": ("−log p(x), pixels drawn as coins, importance-weighted over 5,000 draws of z", "nats a sample"),
    "probe_accuracy": ("class by a linear classifier on the code, network", "share right"),
    "pca_probe_accuracy": ("class by a linear classifier on the code, PCA", "share right"),
    "trustworthiness": ("trustworthiness: near codes are near samples, network", "0 to 1"),
    "pca_trustworthiness": ("trustworthiness: near codes are near samples, PCA", "0 to 1"),
    "active_units": ("dimensions in use", ""),
}


PUBLISHED = {
    ("mnist", 2, "negative_elbo_binarised"): "137.08 on a plane, 133.71 on a sphere (Davidson et al. 2018)",
    ("mnist", 20, "nll_binarised"): "88.90 (Gaussian, Davidson et al. 2018)",
    ("mnist", 30, "squared_error"): "3.00 (Hinton & Salakhutdinov 2006)",
}


def main() -> None:
    head, notes = (
        st.container(),
        st.container(),
    )  # reserved, so that a note never pushes an element into another's place
    found = names(notes, first="mnist-vae-2d")
    if not found:
        st.error(NO_MODEL)
        return
    with rest("pickers"), st.container(horizontal=True, key="pickers"):
        model = pick("explore", "model", "The model", list(found), lambda name: title(found[name]), notes)
        alike = [name for name, other in found.items() if name != model and same_samples(other, found[model])]
        beside = pick(
            "explore",
            "beside",
            "Beside it",
            ["", *alike],
            lambda name: f"compare with: {title(found[name]) if name else 'nothing'}",
            notes,
        )
    try:
        views = [shown(name) for name in (model, beside) if name]
    except LatentError as error:
        show_error(error)
        return
    config, shape = views[0].checkpoint.config, views[0].model.shape
    with head:
        page_head(
            "Every point on this map is a picture" if len(shape) == 3 else "Every point on this map is a signal",
            "Drag the dot: the trained decoder redraws in your browser as you move. Each small point is where a real sample landed.",
            hourglass((math.prod(shape), *config.hidden), config.k, "decode"),
        )
    place, blobs = st.container(), st.container()
    # Every model of this session stays on the page, so that going back to one sends nothing again.
    sent = st.session_state.setdefault("sent", [])
    sent.extend(item.checkpoint.name for item in views if item.checkpoint.name not in sent)
    with blobs:
        for name in sent:
            if name in found:
                send_model(name, shown(name).blob)
    key = "pad-" + "-".join(item.checkpoint.name for item in views)
    starts = st.session_state.setdefault("starts", {})
    if key not in starts:
        starts[key] = link_view(views, notes) if not starts else {}
        if len(starts) > 1:  # another model: the old place means nothing in it
            put(dict.fromkeys(VIEW, ""))
    sheet = st.session_state.get("sheet")
    if (
        sheet and st.session_state.get("pad", key) != key and draws(views)
    ):  # a drawing means something to another model too
        values = sheet["values"] if len(base64.b64decode(sheet["values"])) == math.prod(shape) else ""
        starts[key] = {**starts[key], "sheet": {"values": values}}
        put(sheet_link(starts[key]["sheet"]))
    st.session_state["pad"] = key
    with place:
        hint("explore", "Drag the pink dot: the picture follows.", "[data-testid=latent-pad]", "inside")
        figure(views, starts[key], key)
        with rest("how"):
            explanation(views[0])


main()
