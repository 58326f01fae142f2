"""A morph between two codes, and its export: frames as an animation, as a strip of pictures and as tables.

What the page draws at t is computed here a second time, by torch, from the same codes: so a file holds what was on the
screen.
"""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from ..base.errors import LatentError
from ..io.tables import csv_text, sample_columns
from ..model.autoencoder import Autoencoder
from .geometry import NEIGHBOURS
from .paths import Decoder, classes_along, decoded, lerp, slerp, step_lengths

PATHS = ("straight", "spherical", "geodesic")
EVEN = 65  # points of a path at which the picture change is measured, here and in the page
FRAMES = 41  # of an animation, one way; their t are whole thousandths, as the slider's are
FRAME_MS, REST_MS = 50, 600  # of a frame, and of the first and the last one
SIDE = 224  # px at most that a small picture's side is enlarged to, by a whole factor
PLOT = (336, 200)  # px, width and height of a signal's frame
INK = (0, 158, 115)  # what a network makes is this green on every page


@dataclass(frozen=True)
class Morph:
    """A path from one code to another.

    Args:
        a, b: the ends, (k,) each.
        path: one of PATHS.
        points: of a geodesic, (T, k).
        times: the t of `EVEN` points with the same picture change from each to the next, see `evened`; None: t runs
            evenly in latent space.

    Raises LatentError for another path, or a geodesic without points.
    """

    a: np.ndarray
    b: np.ndarray
    path: str = "straight"
    points: np.ndarray | None = None
    times: np.ndarray | None = None

    def __post_init__(self) -> None:
        if self.path not in PATHS:
            raise LatentError(f"A path is one of {', '.join(PATHS)}, not {self.path!r}.")
        if self.path == "geodesic" and self.points is None:
            raise LatentError("A morph along a geodesic needs its points.")

    def at(self, t: np.ndarray) -> np.ndarray:
        """The codes at t (T,), 0 at a and 1 at b: (T, k) float64. Beyond 0..1 the path goes on in the direction in
        which it ends.
        """
        t = np.asarray(t, np.float64)
        if self.times is not None:
            inside = np.interp(t, np.linspace(0, 1, len(self.times)), self.times)
            t = np.where((t < 0) | (t > 1), t, inside)
        if self.path == "geodesic" and self.points is not None:
            last = len(self.points) - 1
            before = np.clip(np.floor(t * last).astype(int), 0, last - 1)
            part = (t * last - before)[:, None]
            z = (1 - part) * self.points[before] + part * self.points[before + 1]
        else:
            z = (slerp if self.path == "spherical" else lerp)(self.a, self.b, t)
        z[t == 0], z[t == 1] = self.a, self.b  # to the last digit
        return z

    def evened(self, model: Decoder) -> "Morph":
        """The same path, run through at even picture change ‖Δ decode(z)‖."""
        plain = Morph(self.a, self.b, self.path, self.points)
        t = np.linspace(0, 1, EVEN)
        change = step_lengths(decoded(model, plain.at(t)))
        if not change.any():
            return plain
        # A sliver, so that it rises where the decoder stands still.
        arc = np.concatenate([[0.0], np.cumsum(change + 1e-9 * change.mean())])
        return Morph(self.a, self.b, self.path, self.points, np.interp(np.linspace(0, arc[-1], EVEN), arc, t))


def frames(model: Autoencoder, morph: Morph, t: np.ndarray) -> np.ndarray:
    """The decoded morph at t (T,): (T, *shape) float32."""
    return decoded(model, morph.at(t)).reshape(-1, *model.shape)


def grey_levels(pictures: np.ndarray) -> np.ndarray:
    """Pictures in 0..1 as a screen shows them: whole grey levels 0..255."""
    return (np.asarray(pictures, np.float64).clip(0, 1) * 255).round().astype(np.uint8)


def gif(samples: np.ndarray) -> bytes:
    """An endless animation, there and back, of pictures (T, 1, H, W) in 0..1 or signals (T, C, L).

    Lossless: grey pictures have the 256 grey levels of the screen as their palette, and are enlarged by a whole factor.
    """
    shown = _images(samples)
    there_and_back = [*shown, *shown[-2:0:-1]]
    times = [FRAME_MS] * len(there_and_back)
    times[0] = times[len(shown) - 1] = REST_MS
    file = io.BytesIO()
    shown[0].save(
        file, "GIF", save_all=True, append_images=there_and_back[1:], duration=times, loop=0, optimize=False, disposal=1
    )
    return file.getvalue()


def png_strip(samples: np.ndarray, gap: int = 4) -> bytes:
    """Pictures (T, 1, H, W) in 0..1 or signals (T, C, L) beside each other, `gap` px apart, as a PNG."""
    shown = [image.convert("RGB") for image in _images(samples)]
    width, height = shown[0].size
    strip = Image.new("RGB", (len(shown) * (width + gap) - gap, height), "white")
    for n, image in enumerate(shown):
        strip.paste(image, (n * (width + gap), 0))
    file = io.BytesIO()
    strip.save(file, "PNG")
    return file.getvalue()


def _images(samples: np.ndarray) -> list[Image.Image]:
    """A palette image for each sample."""
    samples = np.asarray(samples)
    if not len(samples) or samples.ndim not in (3, 4):
        raise LatentError("There is nothing to export: samples are pictures (T, 1, H, W) or signals (T, C, L).")
    if samples.ndim == 4:
        factor = max(1, SIDE // max(samples.shape[2:]))
        return [
            Image.fromarray(np.kron(picture[0], np.ones((factor, factor), np.uint8)))
            for picture in grey_levels(samples)
        ]
    low, high = float(samples.min()), float(samples.max())
    return [_plot(signal, low, high) for signal in samples]


def _plot(signal: np.ndarray, low: float, high: float) -> Image.Image:
    """A signal (C, L) as green lines on white, a lane for each channel; drawn fourfold and shrunk, so that its edges
    are smooth.
    """
    (width, height), fine, margin = PLOT, 4, 8
    ink = Image.new("L", (width * fine, height * fine))
    draw, lane = ImageDraw.Draw(ink), (height - 2 * margin) * fine / len(signal)
    if signal.shape[1] == 1:
        signal = np.repeat(signal, 2, axis=1)  # a window of one sample is a level
    x = np.linspace(margin * fine, (width - margin) * fine, signal.shape[1])
    for n, values in enumerate(signal):
        y = margin * fine + lane * (n + 0.95 - 0.9 * (values - low) / (high - low or 1))
        draw.line(list(zip(x.tolist(), y.tolist(), strict=True)), fill=255, width=2 * fine, joint="curve")
    image = ink.resize(PLOT, Image.Resampling.BOX)
    shades = np.linspace([255, 255, 255], INK, 256).round().astype(np.uint8)
    image.putpalette(shades.tobytes())
    return image


def codes_csv(
    morph: Morph,
    t: np.ndarray,
    codes: np.ndarray | None = None,
    y: np.ndarray | None = None,
    classes: tuple[str, ...] = (),
) -> str:
    """A morph as CSV, a row for each t (T,): t and the code z1, z2, …

    Args:
        codes, y, classes: held-out codes (N, k), their class indices (N,) and the classes' names: with them also the
            class of the nearest codes and the distance to the 5th nearest, in latent units.
    """
    points = morph.at(t)
    header = ["t", *(f"z{i + 1}" for i in range(points.shape[1]))]
    rows = [[f"{time:.6g}", *(f"{value:.9g}" for value in z)] for time, z in zip(t, points, strict=True)]
    if codes is not None and y is not None and classes:
        along = classes_along(points, codes, y)
        header += ["class_of_nearest_codes", f"distance_to_{NEIGHBOURS}th_nearest_code"]
        for row, c, distance in zip(rows, along.classes, along.distance, strict=True):
            row += [classes[c], f"{distance:.6g}"]
    return csv_text(header, rows)


def frames_csv(t: np.ndarray, signals: np.ndarray) -> str:
    """Signals (T, C, L) as CSV, a row for each t (T,): x1, x2, … (c1_x1, … where there are several channels)."""
    rows = (
        [f"{time:.6g}", *(f"{value:.7g}" for value in signal.ravel())] for time, signal in zip(t, signals, strict=True)
    )
    return csv_text(["t", *sample_columns(*signals.shape[1:])], rows)
