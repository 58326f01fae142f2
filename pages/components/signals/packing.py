"""A detection as a block of bytes for the browser, and a stretch of a long one in full."""

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from ae_core.anomaly.thresholds import HISTORY, LIMITS, RULES, SIGMA, rolling
from ae_core.base.errors import LatentError
from ae_core.latent.payload import pack_block

if TYPE_CHECKING:
    from ae_core.anomaly.detection import Detection

# numbers of signal that travel at once, 16 MB; a longer table goes as the least and most of every 2, 4, 8 … rows
SENT = 4_000_000
PARTS = 4_000_000  # shares of channels in the error, 8 MB
TERMS = 250_000  # rows whose score's parts travel, 4 MB
DETAIL = 1_000_000  # numbers of a stretch in full, 4 MB


def bucket(rows: int, channels: int) -> int:
    """How many rows stand in one place of what is sent: 1 where the signal, the network's and PCA's fit into SENT
    numbers.
    """
    every = 1
    while 3 * channels * -(-rows // every) * (1 if every == 1 else 2) > SENT:
        every *= 2
    return every


def pack(detection: "Detection") -> bytes:
    """The block for a detection. Its header's `name` is made of the content, so that equal detections have equal names.

    Scores travel in single precision. Raises LatentError for an empty table.
    """
    rows, channels = detection.values.shape
    if not rows or not channels:
        raise LatentError("There is nothing to show: the table has no rows or no channels. Choose at least one column.")
    every, coarse = bucket(rows, channels), max(1, -(-rows * channels // PARTS))
    arrays: dict[str, np.ndarray] = {
        "score": _floats(detection.network.score),
        "held": _floats(detection.network.held_out),
    }
    for name, values in _signals(detection).items():
        arrays |= _least_and_most(name, values.T, every)
    arrays |= _least_and_most("pca_score", detection.pca.score[None], every)
    arrays["parts"] = _shares(detection.network.parts, detection.network.score, coarse).astype("<f2")
    before = np.stack(
        rolling(detection.network.score, detection.network.held_out), 1
    )  # it stays the same for some rows, then changes
    changes = np.concatenate([[0], np.flatnonzero((before[1:] != before[:-1]).any(1)) + 1])
    arrays |= {"rolling_row": np.asarray(changes, "<i4"), "rolling": _floats(before[changes])}
    if len(detection.latent_map.at):
        arrays |= {
            "at": np.asarray(detection.latent_map.at, "<i4"),
            "z": _floats(detection.latent_map.z),
            "cluster": np.asarray(detection.latent_map.cluster, "<i4"),
        }
    if detection.terms is not None and rows <= TERMS:
        arrays["terms"] = _floats(detection.terms)
    if detection.label is not None:
        arrays["label"] = np.asarray(_runs(detection.label), "<i4")
    if (errors := detection.own_errors()) is not None:
        arrays["row_error"] = np.asarray(errors, "u1")
    if len(gaps := detection.time_gaps()):
        arrays["gaps"] = np.asarray(gaps, "<i4")
    if detection.time is not None:
        rows_at, times = _knots(detection.time)
        arrays |= {"time_row": np.asarray(rows_at, "<i4"), "time": np.asarray(times, "<f8")}
    header = {
        "rows": rows,
        "names": [str(name) for name in detection.names],
        "units": [str(unit) for unit in detection.units],
        "step": float(detection.step) if detection.step and np.isfinite(detection.step) else None,
        "normal": [int(row) for row in detection.normal],
        "held_rows": [int(row) for row in detection.held_out],
        "independent": detection.independent if np.isfinite(detection.independent) else None,
        "window": int(detection.window),
        "limits": LIMITS,
        "usual": RULES,
        "sigma": SIGMA,
        "history": HISTORY,
        "every": every,
        "parts_every": coarse,
    }
    digest = hashlib.blake2b(repr(header).encode(), digest_size=12)
    for array in arrays.values():
        digest.update(np.ascontiguousarray(array).data)
    return pack_block({"kind": "main", "name": digest.hexdigest(), **header}, arrays)


def pack_detail(name: str, detection: "Detection", first: int, last: int) -> bytes | None:
    """Rows first … last − 1 in full, and as many on either side, for the detection that was sent under `name`.

    None where they are too many, or where everything was sent in full.
    """
    rows, channels = detection.values.shape
    first, last = max(0, first - (last - first)), min(rows, 2 * last - first)
    if bucket(rows, channels) == 1 or last <= first or 3 * channels * (last - first) > DETAIL:
        return None
    part = slice(first, last)
    arrays = {name: _floats(values[part].T) for name, values in _signals(detection).items()} | {
        "pca_score": _floats(detection.pca.score[None, part])
    }
    return pack_block({"kind": "detail", "name": name, "first": first}, arrays)


def _signals(detection: "Detection") -> dict[str, np.ndarray]:
    """The channels as measured, and as the network and PCA rebuild them, (rows, C) each, by their names on the wire."""
    return {"values": detection.values, "x_hat": detection.network.x_hat, "pca_hat": detection.pca.x_hat}


def _floats(values: np.ndarray) -> np.ndarray:
    """float32; what is no number, or too large for one, is missing."""
    with np.errstate(over="ignore"):
        values = np.asarray(values).astype("<f4")
    return np.where(np.isfinite(values), values, np.float32("nan"))


def _least_and_most(name: str, values: np.ndarray, every: int) -> dict[str, np.ndarray]:
    """values (C, rows) as they are, or the least and the most of every so many rows, (C, ceil(rows / every)) each."""
    values = _floats(values)
    if every == 1:
        return {name: values}
    filled = np.pad(values, ((0, 0), (0, -values.shape[1] % every)), constant_values=np.nan).reshape(
        len(values), -1, every
    )
    return {f"{name}.low": np.fmin.reduce(filled, 2), f"{name}.high": np.fmax.reduce(filled, 2)}


def _shares(parts: np.ndarray, score: np.ndarray, every: int) -> np.ndarray:
    """Each channel's share of the error of every so many rows, (ceil(rows / every), C) in 0..1; 0 where nothing was
    scored.
    """
    parts = np.where(np.isfinite(parts) & np.isfinite(score)[:, None], parts, 0).astype(np.float64)
    parts = np.add.reduceat(parts, np.arange(0, len(parts), every), 0)
    total = parts.sum(1, keepdims=True)
    return np.divide(parts, total, out=np.zeros_like(parts), where=total > 0)


def _runs(flags: np.ndarray) -> np.ndarray:
    """(R, 2): first row, and the row after the last, of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(flags, bool).view(np.int8), [0]])))
    return edges.reshape(-1, 2)


def _knots(time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(rows, ms since 1970): where the step between rows changes. Straight lines through them give every row's time."""
    times = time.astype("datetime64[ns]").astype(np.int64)
    bend = np.flatnonzero(np.diff(times, 2)) + 1
    rows = np.unique(np.concatenate([[0], bend, [len(times) - 1]]))
    return rows, times[rows] / 1e6
