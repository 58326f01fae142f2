"""Interpolate: from one sample to another, what lies between, and which way the network would go."""

from pages.ui.layout import hourglass, notice, page_head, rest

import base64
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st
import torch
from streamlit.delta_generator import DeltaGenerator

from ae_core import LatentError
from ae_core.data import sources
from ae_core.latent.morph import FRAMES, PATHS, Morph, codes_csv, frames, frames_csv, gif, png_strip
from ae_core.latent.paths import MetricGraph, OffData, curve_length, decoded_length, geodesic, geodesic_2d
from pages.components.channel import send_model, send_path
from pages.components.hint import hint
from pages.components.morph import morph as figure
from pages.sections.interpolate.more import arithmetic, samples, traversals
from pages.session.models import NO_MODEL, Shown, names, shown, title
from pages.ui.markdown import show_error
from pages.ui.upload import uploaded
from pages.ui.url_state import odd_link, pick, put

STRIP = {False: 11, True: 9}  # frames of the PNG, without and with overshoot: those that stand under the slider
FINE = 257  # points of a path when its length is measured
HARDLY = 0.03  # two lengths that are closer than this share hardly differ
OWN = ("a", "b", "path", "t", "even", "over", "corners", "at")  # the link's parts that are this file's


# ---- Morph
# -------------------------------------------------------------------------------------------------------------


def offered(item: Shown) -> list[str]:
    """The paths that make sense here: on a great circle only where the codes lie near a sphere."""
    return [path for path in PATHS if path != "spherical" or (item.model.bottleneck.gaussian and item.model.k > 2)]


def end_of(item: Shown, index: int) -> dict[str, Any]:
    """A real sample's code as an end of a morph."""
    return {"index": index, "z": item.codes["z"][index].astype(float).tolist()}


def first_of(item: Shown, wanted: str, otherwise: int) -> int:
    """The first sample of the class that is called `wanted`, or `otherwise`."""
    classes, y = item.checkpoint.classes, item.codes.get("y")
    found = np.flatnonzero(y == classes.index(wanted)) if y is not None and wanted in classes else []
    return int(found[0]) if len(found) else otherwise


def usual_morph(item: Shown) -> dict[str, Any]:
    """What the page shows when the link asks for nothing: a 1 that becomes a 7, where there are any."""
    ends = {
        "a": end_of(item, first_of(item, "1", 0)),
        "b": end_of(item, first_of(item, "7", len(item.codes["z"]) // 2)),
    }
    return {**ends, "path": "straight", "t": 0.5, "even": False, "overshoot": False}


def end_from(text: str, item: Shown) -> dict[str, Any]:
    """An end as a link writes it: a sample's number, or "z" and the place's numbers with commas. ValueError where it is
    none.
    """
    if not text.startswith("z"):
        index = int(text)
        if not 0 <= index < len(item.codes["z"]):
            raise ValueError
        return end_of(item, index)
    z = [float(number) for number in text[1:].split(",")]
    if len(z) != item.model.k or not all(math.isfinite(number) for number in z):
        raise ValueError
    box = item.box
    reach = (box.high - box.low) / 2  # what is drawn or uploaded may lie beyond the map, but not anywhere
    return {"z": np.clip(z, box.low - reach, box.high + reach).tolist(), "name": ""}


def morph_from_link(item: Shown, notes: DeltaGenerator) -> dict[str, Any]:
    """What the link says of the morph; a part that cannot be meant is left out, with a sentence."""
    link, view, odd = st.query_params, usual_morph(item), []
    for key in ("a", "b"):
        if key in link:
            try:
                view[key] = end_from(link[key], item)
                if link[key].startswith("z") and not np.allclose(
                    view[key]["z"], [float(number) for number in link[key][1:].split(",")]
                ):
                    odd.append(f"{key} lay far outside the map and was moved towards it")
            except ValueError:
                odd.append(
                    f"{key} is a sample between 0 and {len(item.codes['z']) - 1}, or z and {item.model.k} numbers with commas between them"
                )
    if link.get("path") in offered(item):
        view["path"] = link["path"]
    elif "path" in link:
        odd.append(f"path is one of {', '.join(offered(item))} with this model")
    for key, name in (("even", "even"), ("over", "overshoot")):
        view[name] = link.get(key) == "1"
        if link.get(key, "1") != "1":
            odd.append(f"{key} is 1 or left out")
    if "t" in link:
        low, high = (-0.5, 1.5) if view["overshoot"] else (0, 1)
        try:
            view["t"] = float(link["t"])
            if not low <= view["t"] <= high:
                raise ValueError
        except ValueError:
            view["t"] = 0.5
            odd.append(f"t lies between {low:g} and {high:g}")
    odd_link(notes, odd)
    return view


def write_morph(view: dict[str, Any], item: Shown) -> None:
    """Put the morph on the screen into the address bar."""
    usual = usual_morph(item)
    ends = {
        key: str(view[key]["index"])
        if "index" in view[key]
        else "z" + ",".join(f"{number:.9g}" for number in view[key]["z"])
        for key in ("a", "b")
    }
    put(
        {
            **{key: text if view[key] != usual[key] else "" for key, text in ends.items()},
            "path": view["path"] if view["path"] != usual["path"] else "",
            "t": f"{view['t']:.6g}" if view["t"] != usual["t"] else "",
            "even": "1" if view["even"] else "",
            "over": "1" if view["overshoot"] else "",
        }
    )


@st.cache_data(max_entries=64, show_spinner=False)
def plane_of(name: str, written: int) -> dict[str, Any] | None:
    """The plane on which codes of more than two numbers are shown: their two leading principal components, and the box
    around them.
    """
    z = shown(name).codes["z"].astype(np.float64)
    if z.shape[1] < 3:
        return None
    mean = z.mean(0)
    variance, axes = np.linalg.eigh(np.cov(z - mean, rowvar=False))
    axes = axes[:, ::-1][:, :2].T
    axes *= np.sign(axes[np.arange(2), np.abs(axes).argmax(1)])[:, None]  # an eigenvector's sign is arbitrary: fix it
    seen = (z - mean) @ axes.T
    low, high = np.quantile(seen, 0.001, axis=0), np.quantile(seen, 0.999, axis=0)
    margin = 0.06 * (high - low)
    share = float(variance[-2:].sum() / variance.sum())
    return {
        "mean": mean.tolist(),
        "axes": axes.tolist(),
        "low": (low - margin).tolist(),
        "high": (high + margin).tolist(),
        "share": share,
    }


@st.cache_resource(max_entries=8, show_spinner=False)
def metric(name: str, written: int) -> MetricGraph | OffData:
    """What a model's geodesics share: its graph over the map, or what leaving the data costs. Never changed."""
    item = shown(name)
    z = item.codes["z"]
    return MetricGraph.of(item.model, item.box, z) if item.model.k == 2 else OffData(item.model, z)


@st.cache_data(max_entries=500, show_spinner=False)
def found_geodesic(name: str, written: int, a: tuple[float, ...], b: tuple[float, ...]) -> np.ndarray:
    """The geodesic from a to b: (T, k)."""
    item, known = shown(name), metric(name, written)
    if item.model.k == 2:
        return geodesic_2d(item.model, np.array(a), np.array(b), item.box, graph=known)
    return geodesic(item.model, np.array(a), np.array(b), off=known)


def picture_encoded(item: Shown) -> dict[str, Any] | None:
    """An uploaded picture as a place in latent space."""
    given = uploaded(item.checkpoint.name, item.model.shape, "interpolate-picture")
    if given is None:
        return None
    pixels = np.frombuffer(base64.b64decode(given["values"]), np.uint8).astype(np.float32) / 255
    low, high = item.model.range or (0.0, 1.0)
    with torch.no_grad():
        z = item.model.encode(torch.from_numpy(low + pixels * np.float32(high - low))[None])[0]
    return {"z": z.double().tolist(), "name": given["name"], "revision": given["revision"]}


@st.fragment
def morph_part(item: Shown, start: dict[str, Any], key: str) -> None:
    """The morph, and below it what the server adds on release."""
    name, image = item.checkpoint.name, len(item.model.shape) == 3
    place = st.container()
    with rest("files"):
        row = st.container(horizontal=True, key="take-along")
    with row:
        picture = picture_encoded(item) if image else None
    draws = image and item.encodes
    data = {
        "figure": "morph",
        "model": name,
        "revision": 0,
        **start,
        "map": plane_of(item.place, item.written),
        "draws": draws,
        "uploaded": picture,
    }
    with place:
        last = figure(data, key=key, on_release=lambda: None)
    view = last or start
    remember(key, view)
    if (last and last["drawing"]) or st.session_state.get(f"{key}-encoder"):  # sent once somebody draws, and then kept
        st.session_state[f"{key}-encoder"] = True
        send_model(f"{name}:encoder", item.encoder_blob)
    write_morph(view, item)
    a, b = (np.array(view[end]["z"], np.float64) for end in ("a", "b"))
    notice(*morph_notice(item))
    points = found_geodesic(item.place, item.written, tuple(a.tolist()), tuple(b.tolist()))
    send_path(name, a, b, points)
    ways = {path: Morph(a, b, path, points) for path in offered(item)}
    chosen = ways[view["path"]]
    with row:
        downloads(item, chosen.evened(item.model) if view["even"] else chosen, view["overshoot"])
    with rest("lengths"):
        lengths(item, ways)


def downloads(item: Shown, morph: Morph, overshoot: bool) -> None:
    """The morph as files, made when they are asked for."""
    name = f"{item.checkpoint.name}-morph"
    low, high = (-0.5, 1.5) if overshoot else (0.0, 1.0)

    def made(count: int) -> np.ndarray:
        return frames(item.model, morph, np.linspace(low, high, count))

    t = np.linspace(low, high, FRAMES)
    files: list[tuple[str, str, str, Callable[[], bytes | str]]] = [
        ("GIF", "gif", "image/gif", lambda: gif(made(FRAMES))),
        ("PNG strip", "png", "image/png", lambda: png_strip(made(STRIP[overshoot]))),
        (
            "Codes as CSV",
            "csv",
            "text/csv",
            lambda: codes_csv(morph, t, item.codes["z"], item.codes.get("y"), item.checkpoint.classes),
        ),
    ]
    if len(item.model.shape) == 2:
        files.append(("Frames as CSV", "frames.csv", "text/csv", lambda: frames_csv(t, made(FRAMES))))
    for label, ending, kind, make in files:
        st.download_button(
            label, make, f"{name}.{ending}", kind, key=f"take-{ending}", on_click="ignore", icon=":material/download:"
        )


def morph_notice(item: Shown) -> tuple[str, str, str]:
    """What to look for, a question about it, and the answer."""
    if len(item.model.shape) == 2:
        return (
            "the pixel blend adds two waves, and in the middle they beat or cancel; on the latent path one wave bends into the other. "
            "Drag A or B on the map: the path is redrawn under your hand.",
            "Half-way, which of the two curves could have been in the training data?",
            "The latent path's: the decoder has learned what such a signal looks like and draws another one of them. The blend is two signals at once.",
        )
    what = (
        "On a map of two numbers the way from one class to another leads through others"
        if item.model.k <= 2
        else "With more numbers most ways lead straight over"
    )
    return (
        "half-way the pixel blend is two faint pictures at once, and the latent path still one clear one. "
        f"{what}: the coloured band names what each frame is nearest to.",
        "Stop half-way: which of the two pictures could somebody have written?",
        "The latent path's. The decoder has learned how strokes hang together, and draws a whole one. The blend only averages pixels: two ghosts that nobody would write.",
    )


@st.cache_data(max_entries=500, show_spinner=False, hash_funcs={Morph: lambda way: (way.a.tobytes(), way.b.tobytes())})
def found_lengths(name: str, written: int, ways: dict[str, Morph]) -> dict[str, tuple[float, float]]:
    """(in latent space, among what is decoded) of each path; it is all in their ends."""
    item, t = shown(name), np.linspace(0, 1, FINE)
    return {path: (curve_length(way.at(t)), decoded_length(item.model, way.at(t))) for path, way in ways.items()}


def lengths(item: Shown, ways: dict[str, Morph]) -> None:
    """How long each path is, and whether the choice matters."""
    unit = "prior σ" if item.model.bottleneck.gaussian else "latent units"
    rows = found_lengths(item.place, item.written, ways)
    latent, shown_change = rows["straight"]
    part = [f"{100 * change / shown_change:.0f} %" if shown_change else "–" for _, change in rows.values()]
    st.table(
        {
            "path": list(rows),
            f"length in latent space ({unit})": [f"{length:.2f}" for length, _ in rows.values()],
            "length among the pictures (‖Δx̂‖ summed)"
            if len(item.model.shape) == 3
            else "length among the signals (‖Δx̂‖ summed)": [f"{change:.2f}" for _, change in rows.values()],
            "of the straight one's": part,
        }
    )
    st.caption(
        verdict(
            {path: change / shown_change if shown_change else 1.0 for path, (_, change) in rows.items()},
            rows["geodesic"][0] / max(latent, 1e-12),
        )
    )


def verdict(shares: dict[str, float], detour: float) -> str:
    """The table in a sentence. shares: decoded lengths, the straight path's being 1; detour: the geodesic's latent
    length, likewise.
    """
    found = []
    saved = 1 - shares["geodesic"]
    if saved < HARDLY:
        found.append(
            f"The geodesic is {100 * max(saved, 0):.1f} % shorter among what is decoded: here the straight line does as well."
        )
    else:
        found.append(
            f"The geodesic changes what is decoded {100 * saved:.0f} % less than the straight line does, on a way that is {detour:.1f} times as long in latent space."
        )
    if "spherical" in shares:
        gap = shares["spherical"] - 1
        found.append(
            f"Spherical and straight hardly differ here ({100 * gap:+.1f} %)."
            if abs(gap) < HARDLY
            else f"The spherical path changes it {100 * abs(gap):.0f} % {'more' if gap > 0 else 'less'} than the straight one."
        )
    return (
        " ".join(found).replace("-", "−")
        + " The picture change is Σ‖x̂ᵢ₊₁ − x̂ᵢ‖ over 256 steps; a geodesic is a local minimum of it that also keeps to where codes lie."
    )


# ---- Four corners
# ------------------------------------------------------------------------------------------------------


def usual_corners(item: Shown) -> dict[str, Any]:
    """Four samples, of different classes where there are so many."""
    count = len(item.codes["z"])
    found = [first_of(item, wanted, i * (count - 1) // 3) for i, wanted in enumerate(("0", "1", "7", "4"))]
    return {"corners": found, "at": [0.5, 0.5]}


def corners_from_link(item: Shown, notes: DeltaGenerator) -> dict[str, Any]:
    """What the link says of the four corners and the place between them."""
    link, view, odd = st.query_params, usual_corners(item), []
    try:
        if "corners" in link:
            found = [int(number) for number in link["corners"].split(",")]
            if len(found) != 4 or not all(0 <= index < len(item.codes["z"]) for index in found):
                raise ValueError
            view["corners"] = found
    except ValueError:
        odd.append(f"corners are four samples between 0 and {len(item.codes['z']) - 1} with commas between them")
    try:
        if "at" in link:
            place = [float(number) for number in link["at"].split(",")]
            if len(place) != 2 or not all(0 <= number <= 1 for number in place):
                raise ValueError
            view["at"] = place
    except ValueError:
        odd.append("at is two numbers between 0 and 1 with a comma between them")
    odd_link(notes, odd)
    return view


@st.fragment
def corners_part(item: Shown, start: dict[str, Any], key: str) -> None:
    """The square pad between four samples."""
    last = figure(
        {"figure": "corners", "model": item.checkpoint.name, "revision": 0, **start}, key=key, on_release=lambda: None
    )
    view, usual = last or start, usual_corners(item)
    remember(key, view)
    put(
        {
            "corners": ",".join(map(str, view["corners"])) if view["corners"] != usual["corners"] else "",
            "at": ",".join(f"{number:g}" for number in view["at"]) if view["at"] != usual["at"] else "",
        }
    )
    notice(
        "every place mixes the four codes, z = Σ wᵢ zᵢ, and is decoded as you move. The faint pictures show what waits there: "
        "where two corners are far apart, something else than either lies between them.",
        "Move the handle onto an edge of the square: how many of the four samples still have a say?",
        "Two, those at the edge's ends: the weights of the other two are 0 there. In a corner it is that sample alone.",
    )


# ---- The page
# ------------------------------------------------------------------------------------------------------------


def remember(key: str, view: dict[str, Any]) -> None:
    """Keep what was on the screen, for when the person comes back to this model and mode."""
    st.session_state.setdefault("interpolate-views", {})[key] = view


def started(item: Shown, key: str, from_link: Callable, notes: DeltaGenerator) -> dict[str, Any]:
    """What the figure starts with: the link at first, later what was there when it was left. It stays the same while
    the figure stands.
    """
    before, start = st.session_state.get("interpolate-start", (None, None))
    if before != key:
        start = st.session_state.get("interpolate-views", {}).get(key) or from_link(item, notes)
        st.session_state["interpolate-start"] = (key, start)
    return start


def morph(item: Shown, notes: DeltaGenerator) -> None:
    key = f"morph-{item.checkpoint.name}-{item.written}"
    figure_and_model(item, lambda: morph_part(item, started(item, key, morph_from_link, notes), key))


def corners(item: Shown, notes: DeltaGenerator) -> None:
    key = f"corners-{item.checkpoint.name}-{item.written}"
    figure_and_model(item, lambda: corners_part(item, started(item, key, corners_from_link, notes), key))


def figure_and_model(item: Shown, draw: Callable[[], None]) -> None:
    place, blobs = st.container(), st.container()
    with blobs:
        send_model(item.checkpoint.name, item.blob)
    with place:
        draw()


MODES: dict[str, tuple[str, str, Callable[[Shown, DeltaGenerator], None], str]] = {
    "morph": (
        "Morph",
        "From one {thing} to another",
        morph,
        "Move the slider or press play: the network redraws every step from A to B; beside it, a mere fade.",
    ),
    "corners": (
        "Four corners",
        "Four {thing}s, and all that lies between",
        corners,
        "Drag the dot: the network decodes the mixture of the four codes as you move.",
    ),
    "arithmetic": (
        "Arithmetic",
        "Add and subtract in latent space",
        arithmetic,
        "Move a slider: a direction in latent space is added to the code, and the network redraws.",
    ),
    "traversals": (
        "Traversals",
        "What each number does",
        traversals,
        "Move a slider: one number of the code changes, and the network redraws.",
    ),
    "samples": (
        "Samples",
        "{Thing}s that nobody drew",
        samples,
        "Codes drawn at random, decoded. Move the temperature, or press a {thing} for more like it.",
    ),
}


def pick_mode(notes: DeltaGenerator) -> str:
    """The row of modes, whose choice the link carries."""
    asked, widget = st.query_params.get("mode", "morph"), "interpolate-mode"
    if widget not in st.session_state:
        if asked not in MODES:
            odd_link(notes, [f"mode is one of {', '.join(MODES)}"])
            asked = "morph"
        st.session_state[widget] = asked
    mode = st.segmented_control(
        "What to do",
        list(MODES),
        format_func=lambda m: MODES[m][0],
        key=widget,
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )
    put({"mode": mode if mode != "morph" else ""})
    return mode


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
        name = pick("interpolate", "model", "The model", list(found), lambda n: title(found[n]), notes)
        mode = pick_mode(notes)
    try:
        item = shown(name)
    except LatentError as error:
        show_error(error)
        return
    shape = item.model.shape
    thing = (
        "signal"
        if len(shape) == 2
        else "digit"
        if "digits" in sources()[item.checkpoint.config.data].title.lower()
        else "picture"
    )
    _, heading, draw, sentence = MODES[mode]
    with head:
        words = {"thing": thing, "Thing": thing.capitalize()}
        page_head(
            heading.format(**words),
            sentence.format(**words),
            hourglass((math.prod(shape), *item.checkpoint.config.hidden), item.model.k, "waist"),
        )
    before = st.session_state.get("interpolate-shown", (name, mode))
    st.session_state["interpolate-shown"] = (name, mode)
    if before != (name, mode):  # what the link said means nothing here
        put(dict.fromkeys([key for key in st.query_params if key not in ("model", "mode", "present")], ""))
    hint("interpolate", "Slide, or press ▶.", "[data-testid=t-slider]", "above")
    draw(item, notes)


main()
