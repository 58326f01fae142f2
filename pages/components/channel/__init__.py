"""Sends to the browser, once, what its figures need and find there by name: models, epochs, detections, paths."""

import gzip
import json

import numpy as np
import streamlit as st

from ..register import component, key_part

_mount = component("channel", __file__)

KIND_BYTES = 8  # in front of what is sent: its kind, filled up with zeros; as in view.js


def send_model(name: str, blob: bytes) -> None:
    """Send a packed model or encoder.

    name: in the header of `blob`; of an encoder with ":encoder" behind the model's.
    blob: see ae_core's `pack` and `pack_encoder`.
    """
    _send("model", name, blob)


def send_snapshots(run: str, chunk: int, blob: bytes) -> None:
    """Send a few epochs of a training; `replay` shows them.

    run: its name.
    chunk: number of the chunk, from 0.
    blob: see ae_core's `pack_snapshots`.
    """
    _send("epochs", f"{run}-{chunk}", blob)


def send_signal(slot: str, blob: bytes) -> None:
    """Send a detection, or a part of it in full; `signals` shows it.

    slot: tells the blobs of a page apart.
    blob: see `signals.pack` and `signals.pack_detail`.
    """
    _send("signal", slot, blob)


def send_path(model: str, a: np.ndarray, b: np.ndarray, points: np.ndarray) -> None:
    """Send a geodesic of a model as soon as it has been found; the morph on the page takes it from there.

    a, b: its ends, (k,).
    points: (T, k), from a to b.
    """
    path = {"model": model, "a": a.tolist(), "b": b.tolist(), "points": points.tolist()}
    _send("path", model, json.dumps(path).encode())


def send_samples(name: str, values: np.ndarray, limits: tuple[float, float]) -> None:
    """Send held-out samples (N, …), a byte a value: who hovers over a map sees them.

    name: of the data; limits: what 0 and 255 mean.
    """
    head = json.dumps({"name": name, "range": list(limits)}).encode()
    _send("samples", name, len(head).to_bytes(4, "little") + head + gzip.compress(values.tobytes(), 6, mtime=0))


def unpack(data: bytes) -> tuple[str, bytes]:
    """Kind and blob of what was sent."""
    return data[:KIND_BYTES].rstrip(b"\0").decode(), data[KIND_BYTES:]


def _send(kind: str, slot: str, blob: bytes) -> None:
    with st.container(key=f"blob-{kind}-{slot}"):  # the page's frame takes every blob-… out of the flow
        _mount(data=kind.encode().ljust(KIND_BYTES, b"\0") + blob, key=f"channel-{kind}-{key_part(slot)}", height=1)
