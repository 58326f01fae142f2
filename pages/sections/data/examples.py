"""Data sets that are always here, as the files that a person would bring."""

import io
import zipfile

import numpy as np
from PIL import Image
from sklearn.datasets import load_breast_cancer, load_digits, load_sample_images

from ae_core.io.tables import csv_text

SIDE, PATCHES = 32, 250


def example(name: str) -> tuple[bytes, str]:
    """(bytes, file name) of an example, by its key in `words.EXAMPLE_NAMES`."""
    return {"patients": patients, "digits": digits, "pulses": pulses, "patches": patches}[name]()


def glimpse(name: str) -> tuple[np.ndarray, list[str]]:
    """(two samples of an example, pictures (2, C, H, W) in 0..1 or signals (2, 1, L) around 0; their classes)."""
    if name == "patients":
        data = load_breast_cancer()
        x, classes = (data.data - data.data.mean(0)) / data.data.std(0), data.target_names[data.target]
        first = [0, int(np.flatnonzero(data.target)[0])]
        return x[first, None], classes[first].tolist()
    if name == "digits":
        x, y = load_digits(return_X_y=True)
        return x[:2].reshape(2, 1, 8, 8) / 16, [str(label) for label in y[:2]]
    if name == "pulses":
        _, x, kinds = _pulses()
        return x[:2, None] - x.mean(), kinds[:2]
    cuts = _patches()
    (one, first), (other, second) = cuts[0], cuts[PATCHES]
    return np.stack([np.asarray(first), np.asarray(second)]).transpose(0, 3, 1, 2) / 255, [one, other]


def patients() -> tuple[bytes, str]:
    """Wolberg, Street & Mangasarian 1995, as scikit-learn brings it."""
    data = load_breast_cancer()
    rows = [[*(f"{v:.6g}" for v in row), data.target_names[y]] for row, y in zip(data.data, data.target, strict=True)]
    return csv_text([*map(str, data.feature_names), "diagnosis"], rows).encode(), "patients.csv"


def digits() -> tuple[bytes, str]:
    x, y = load_digits(return_X_y=True)
    rows = [[str(label), *(str(int(v)) for v in row)] for row, label in zip(x, y, strict=True)]
    return csv_text(["label", *(f"pixel{i}" for i in range(64))], rows).encode(), "digits.csv"


def pulses() -> tuple[bytes, str]:
    axis, x, kinds = _pulses()
    rows = [[*(f"{v:.4f}" for v in row), kind] for row, kind in zip(x, kinds, strict=True)]
    return csv_text([*(f"{w} nm" for w in axis), "dye"], rows).encode(), "pulses.csv"


def _pulses() -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Two kinds of bumps along a wavelength, with noise: axis (100,), x (600, 100), their kinds."""
    random = np.random.default_rng(0)
    axis = np.arange(400, 800, 4)
    kinds = np.arange(600) % 2
    centre = np.where(kinds, 520, 660) + random.normal(0, 25, 600)
    width = random.uniform(15, 45, 600)
    x = np.exp(-0.5 * ((axis - centre[:, None]) / width[:, None]) ** 2) * random.uniform(0.6, 1.4, (600, 1))
    return axis, 20 + 5 * x + random.normal(0, 0.1, x.shape), [("red", "green")[kind] for kind in kinds]


def patches() -> tuple[bytes, str]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n, (folder, picture) in enumerate(_patches()):
            file = io.BytesIO()
            picture.save(file, "PNG")
            archive.writestr(f"{folder}/{n}.png", file.getvalue())
    return out.getvalue(), "patches.zip"


def _patches() -> list[tuple[str, Image.Image]]:
    """(name of the photograph, a square of it), of two photographs."""
    random, cuts = np.random.default_rng(0), []
    for name, photo in zip(("temple", "flower"), load_sample_images().images, strict=True):
        for _ in range(PATCHES):
            top, left = (int(random.integers(0, size - 2 * SIDE)) for size in photo.shape[:2])
            picture = Image.fromarray(photo[top : top + 2 * SIDE, left : left + 2 * SIDE])
            cuts.append((name, picture.resize((SIDE, SIDE))))
    return cuts
