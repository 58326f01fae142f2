"""NumPy's .npy and .npz, never with pickled objects, and MNIST's IDX files."""

import io
import math
import zipfile
from typing import Any

import numpy as np

from ...base.errors import LatentError
from ...base.text import plural, times
from .collection import MAX_VALUES, Collection, check_volume, whole_text
from .pictures import MAX_SIDE, resized

X_NAMES = ("x", "data", "images", "samples", "signals", "features", "arr_0", "values")
Y_NAMES = ("y", "label", "labels", "target", "targets", "class", "classes", "arr_1")
IDX_TYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}


def read_array(data: bytes) -> np.ndarray:
    """The array of a .npy file's bytes. Raises LatentError for one of objects, too large or damaged."""
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        reader: Any = {1: np.lib.format.read_array_header_1_0, 2: np.lib.format.read_array_header_2_0}[version[0]]
        shape, _, dtype = reader(stream)
    except (ValueError, KeyError, EOFError) as error:
        raise LatentError("The NumPy file is damaged: save it again with numpy.save.") from error
    if dtype.hasobject:
        raise LatentError(
            "The array holds Python objects, which are pickled and could run programs: they are not read; save numbers."
        )
    if math.prod(shape) > MAX_VALUES:
        raise LatentError(f"The array has {times(shape)} values, more than {MAX_VALUES:,}: save a part of it.")
    try:
        return np.load(io.BytesIO(data), allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise LatentError("The NumPy file is cut off: save it again with numpy.save.") from error


def read_archive(archive: zipfile.ZipFile, kind: str = "") -> Collection:
    """Samples and classes of a .npz: arrays x and y, or train and test parts of both, one behind the other."""
    names = [name[:-4] for name in archive.namelist() if name.endswith(".npy")]
    xs, ys = _parts(names, X_NAMES), _parts(names, Y_NAMES)
    if not xs:
        with_rows = [name for name in names if name not in ys]
        xs = with_rows[:1]
    if not xs:
        raise LatentError("The .npz holds no array of samples: save them as x, and their classes as y.")
    total = sum(archive.getinfo(f"{name}.npy").file_size for name in (*xs, *ys))
    if total > 4 * MAX_VALUES:
        raise LatentError(f"The arrays would unpack to {total / 1e9:.1f} GB, more than is read: save a part of them.")
    x = _joined([read_array(archive.read(f"{name}.npy")) for name in xs])
    y = _joined([read_array(archive.read(f"{name}.npy")) for name in ys]) if len(ys) == len(xs) else None
    return of_arrays(x, y, kind)


def _parts(names: list[str], wanted: tuple[str, ...]) -> list[str]:
    """The arrays that are called so, whole or in parts such as x_train and test_images."""
    by_name = {name.lower(): name for name in names}
    for name in wanted:
        if name in by_name:
            return [by_name[name]]
    for name in wanted:
        parts = [
            by_name[each]
            for half in ("train", "val", "valid", "test")
            for each in (f"{name}_{half}", f"{half}_{name}", f"{name}{half}")
            if each in by_name
        ]
        if parts:
            return parts
    return []


def _joined(arrays: list[np.ndarray]) -> np.ndarray:
    if len({array.shape[1:] for array in arrays}) > 1:
        raise LatentError("The parts of the .npz have samples of different sizes: bring one of them.")
    return np.concatenate(arrays) if len(arrays) > 1 else arrays[0]


def of_arrays(x: np.ndarray, y: np.ndarray | None = None, kind: str = "") -> Collection:
    """Samples x, (N, D), (N, H, W), (N, H, W, C), (N, C, H, W) or signals of channels (N, C, L) with kind "signals",
    and their classes y. Raises LatentError for what is none.
    """
    from .tables import _of_kind

    if x.dtype.kind not in "buif" or x.ndim not in (2, 3, 4) or len(x) < 1:
        raise LatentError(
            f"An array of {times(x.shape)} values of type {x.dtype} holds no samples: bring numbers, (N, values) for "
            "signals or measurements, (N, H, W) or (N, H, W, 3) for pictures."
        )
    check_volume(len(x), x[0].size)
    if x.ndim == 2:
        collection = _of_kind(x.astype(np.float32), [f"x{i}" for i in range(x.shape[1])], [""] * x.shape[1], kind)
    elif x.ndim == 3 and (kind == "signals" or not _are_pictures(x)):
        collection = Collection(
            x.astype(np.float32),
            "signals",
            channels=tuple((f"channel {c + 1}", "") for c in range(x.shape[1])),
        )
        collection.note("kind", "signals", f"Each sample is a signal of {x.shape[1]} channels of {x.shape[2]} values.")
    else:
        collection = _pictures(x)
    if y is not None:
        _take_classes(collection, y)
    return collection


def _are_pictures(x: np.ndarray) -> bool:
    """Whether (N, H, W) are pictures and not channels of signals: both sides of a picture's size, and one sign."""
    low, high = sorted(x.shape[1:])
    return low >= 8 and high <= 4 * low and (x.dtype == np.uint8 or float(x[: 1 << 10].min()) >= 0)


def _pictures(x: np.ndarray) -> Collection:
    if x.ndim == 3:
        x = x[:, None]
    elif x.shape[-1] in (1, 3, 4) and x.shape[1] not in (1, 3):
        x = np.moveaxis(x, -1, 1)[:, :3]
    if x.shape[1] not in (1, 3):
        raise LatentError(f"Pictures have 1 or 3 channels, not {x.shape[1]}: bring (N, H, W) or (N, H, W, 3).")
    low, high = float(x.min()), float(x.max())
    if not np.isfinite((low, high)).all():
        raise LatentError("The pictures have missing values: fill them, with 0 for example.")
    if x.dtype != np.uint8:
        x = x.astype(np.float32)
        if low < 0 or high > 1:
            x = (x - min(low, 0)) / ((255 if 16 < high <= 255 else high) - min(low, 0))
    height, width = x.shape[2:]
    if max(height, width) > MAX_SIDE:
        if x.dtype != np.uint8:
            x = (x * 255).round().astype(np.uint8)
        x = np.stack([resized(each, MAX_SIDE) for each in x])
    collection = Collection(np.ascontiguousarray(x), "pictures")
    what = "colour" if x.shape[1] == 3 else "grey levels"
    small = f", made smaller from {width}×{height}" if (height, width) != x.shape[2:] else ""
    collection.note("kind", "pictures", f"Each sample is a picture: {x.shape[3]}×{x.shape[2]} pixels in {what}{small}.")
    return collection


def _take_classes(collection: Collection, y: np.ndarray) -> None:
    if y.ndim == 2 and y.shape[1] > 1 and y.dtype.kind in "buif":
        y = y.argmax(1)  # one-hot
    y = y.reshape(-1)
    if len(y) != len(collection) or y.dtype.kind not in "buifUS":
        raise LatentError(f"There are {plural(len(collection), 'sample')} and {plural(len(y), 'class', 'classes')}: "
                          "as many of each are needed.")  # fmt: skip
    if y.dtype.kind in "US":
        labels = [v.decode(errors="replace") if isinstance(v, bytes) else str(v) for v in y.tolist()]
    else:
        labels = [whole_text(float(value)) for value in y]
    collection.set_classes(labels, "y", False)


def is_idx(data: bytes) -> bool:
    """Whether bytes begin as an IDX file does."""
    return len(data) > 8 and data[:2] == b"\0\0" and data[2] in IDX_TYPES and 1 <= data[3] <= 4


def read_idx(data: bytes) -> np.ndarray:
    """The array of an IDX file's bytes. Raises LatentError for a damaged one."""
    start = 4 + 4 * data[3]
    shape = np.frombuffer(data[4:start], ">u4").tolist()
    kind = np.dtype(IDX_TYPES[data[2]])
    if len(data) - start != math.prod(shape) * kind.itemsize:
        raise LatentError("The IDX file is cut off, or damaged: download it again.")
    return np.frombuffer(data, kind, offset=start).reshape(shape).astype(kind.newbyteorder("="))
