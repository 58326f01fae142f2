"""Pictures that a person brings: an uploaded file as a digit."""

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from ae_core import LatentError
from ae_core.base.limits import DAYS
from ae_core.base.text import plural
from ae_core.data.csv.uploads import forget_upload
from ae_core.io.images import MAX_PICTURE_BYTES, as_digit, read_picture
from ae_core.jobs.lane import lane
from ae_core.runs.checkpoint import Checkpoint

from .markdown import show_error
from .packing import pictures_to_base64
from .wording import DIGITS

KEPT = "It is kept on this server until you forget it, or until newer ones need the room; nothing leaves this server."
KEPT_FOR = (
    "It is kept on this server until you forget it, {days} after it was last opened at the latest; nothing leaves this "
    "server."
)
FORGET, FORGET_KEY = "Forget this file", "forget-file"
FORGET_HELP = "Removes the file and its scores from this server; runs that were trained on it stay."
OWN = "Use a picture of your own"


def where_it_lies() -> str:
    """Where a table lies that is brought, and for how long, in a sentence."""
    return KEPT_FOR.format(days=plural(DAYS(), "day")) if DAYS() else KEPT


def forget_button(name: str, forgotten: Callable[[], None]) -> None:
    """A button that removes a table that was kept. forgotten: what the page does then."""
    if not st.button(FORGET, key=FORGET_KEY, icon=":material/delete_forever:", help=FORGET_HELP):
        return
    try:
        forget_upload(name)
    except LatentError as error:
        show_error(error)
        return
    forgotten()
    st.rerun()


def uploaded(checkpoint: Checkpoint, key: str) -> dict[str, Any] | None:
    """A picture that the person brings, as a digit of the model's shape (C, H, W), every channel alike; None without a
    good one.
    """
    name, shape, data = checkpoint.name, checkpoint.shape, checkpoint.config.data
    own = data not in DIGITS
    with st.popover(OWN if own else "Use a picture of a digit"):
        file = st.file_uploader(
            f"A PNG or JPEG{'' if own else ' of one digit'}; it stays on this server while the page is open",
            type=["png", "jpg", "jpeg", "webp", "bmp", "gif"],
            max_upload_size=MAX_PICTURE_BYTES >> 20,
            key=key,
        )
        if file is None:
            return None
        try:
            digit = as_digit(lane.call(read_picture, file.getvalue()), shape[1:])
        except LatentError as error:
            show_error(error)
            return None
    values = pictures_to_base64(np.broadcast_to(digit, shape))
    return {"values": values, "name": file.name[:80], "revision": abs(hash((file.file_id, name))) % 10**9}
