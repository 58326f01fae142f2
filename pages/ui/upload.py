"""A sample that a person brings to a figure: a picture, or a signal or measurements that are pasted or in a file."""

import zlib
from typing import Any, NamedTuple

import numpy as np
import streamlit as st
import torch

from ae_core import LatentError
from ae_core.data.samples.one import as_picture, brought, pasted
from ae_core.io.images import MAX_PICTURE_BYTES, as_digit, read_picture
from ae_core.jobs.lane import lane
from ae_core.pca import PCA
from ae_core.runs.checkpoint import Checkpoint

from .markdown import show_error
from .packing import pictures_to_base64, to_base64
from .wording import DIGITS

OWN = "Use a picture of your own"
OWN_DIGIT = "Use a picture of a digit"
OWN_SAMPLE = "Use a sample of your own"
FILE = "A PNG or JPEG; it stays on this server while the page is open"
DIGIT_FILE = "A PNG or JPEG of one digit; it stays on this server while the page is open"
PASTE = "Paste its {size:,} numbers, as they are in the file"
TEXT_FILE = "or a file with them"
INK = 0.15  # of white: darker edges of the mean training picture are those of bright ink on black
PICTURES = ["png", "jpg", "jpeg", "webp", "bmp", "gif"]


class Brought(NamedTuple):
    """x: a sample of the model's shape, in its range; name: of its file; revision: tells one from the next."""

    x: np.ndarray
    name: str
    revision: int


def takes_own(checkpoint: Checkpoint) -> bool:
    """Whether a person can bring a sample of this model's kind: a picture, or a row as those of their own file."""
    return len(checkpoint.shape) == 3 or checkpoint.config.data == "samples"


def uploaded(checkpoint: Checkpoint, key: str) -> dict[str, Any] | None:
    """What the person brings, packed for a figure; None without a good one. values: a byte a value of pictures, else
    float32.
    """
    given = own_sample(checkpoint, key)
    if given is None:
        return None
    pack = pictures_to_base64 if len(checkpoint.shape) == 3 else lambda x: to_base64(x, "<f4")
    return {"values": pack(given.x), "name": given.name, "revision": given.revision}


def own_sample(checkpoint: Checkpoint, key: str) -> Brought | None:
    """What the person brings, or None without a good one; what is wrong with it is said."""
    picture, digit = len(checkpoint.shape) == 3, checkpoint.config.data in DIGITS
    with st.popover((OWN_DIGIT if digit else OWN) if picture else OWN_SAMPLE):
        try:
            if picture:
                return _picture(checkpoint, key, DIGIT_FILE if digit else FILE)
            return _numbers(checkpoint, key)
        except LatentError as error:
            show_error(error)
            return None


def _picture(checkpoint: Checkpoint, key: str, label: str) -> Brought | None:
    file = st.file_uploader(label, type=PICTURES, max_upload_size=MAX_PICTURE_BYTES >> 20, key=key)
    if file is None:
        return None
    shape, data = checkpoint.shape, file.getvalue()
    plain = checkpoint.config.data == "samples" and not _is_ink(checkpoint)
    if plain:
        x = lane.call(as_picture, data, shape)
    else:
        x = np.broadcast_to(as_digit(lane.call(read_picture, data), shape[1:]), shape)
    return Brought(x, file.name[:80], abs(hash((file.file_id, checkpoint.name))) % 10**9)


def _is_ink(checkpoint: Checkpoint) -> bool:
    """Whether the training pictures are bright ink on black, as MNIST's: others are taken as they are."""
    if checkpoint.shape[0] != 1:
        return False
    mean = checkpoint.pca().mean.reshape(checkpoint.shape)[0]
    return float(torch.cat([mean[0], mean[-1], mean[:, 0], mean[:, -1]]).mean()) < INK


def _numbers(checkpoint: Checkpoint, key: str) -> Brought | None:
    shape, display = checkpoint.shape, checkpoint.display
    text = st.text_area(PASTE.format(size=int(np.prod(shape))), key=f"{key}-pasted", height=120, max_chars=1_000_000)
    file = st.file_uploader(TEXT_FILE, type=["csv", "txt", "tsv", "npy"], max_upload_size=5, key=key)
    if not text.strip() and file is None:
        return None
    data = text.encode() if file is None else file.getvalue()
    signals = pasted(text, shape, display) if file is None else brought(data, shape, display)
    return Brought(_likelier(signals, checkpoint), file.name[:80] if file else "", zlib.crc32(data) % 10**9)


def _likelier(signals: list[np.ndarray], checkpoint: Checkpoint) -> np.ndarray:
    """Of a row with its class at either end, the part that is more like the training samples."""
    if len(signals) == 1:
        return signals[0]
    pca: PCA = checkpoint.pca()
    x = torch.from_numpy(np.stack(signals))
    return signals[int((pca.reconstruct(x) - x).square().flatten(1).sum(1).argmin())]
