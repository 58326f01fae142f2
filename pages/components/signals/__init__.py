"""What a detector says of a table: channels, errors, a threshold that follows the pointer, flagged stretches and the
latent map.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from ae_core.anomaly.thresholds import Rule

from ..channel import send_signal
from ..register import component
from .packing import bucket, pack, pack_detail
from .types import SignalsAlike, SignalsData, SignalsJudged, SignalsKind, SignalsLook, SignalsView

__all__ = ["bucket", "name_of", "pack", "pack_detail", "signals"]

NOTHING: dict[str, Any] = dict.fromkeys(("row", "window", "span", "alike"))  # is chosen
LOOK: SignalsLook = {"order": "peak", "colour": "time", "pca": False, **NOTHING}  # type: ignore[typeddict-item]
_mount = component("signals", __file__)


def header_of(blob: bytes) -> dict:
    """A block's header."""
    return json.loads(blob[8 : 8 + int.from_bytes(blob[4:8], "little")])


def name_of(blob: bytes) -> str:
    """The name in a block's header."""
    return header_of(blob)["name"]


def signals(
    blob: bytes,
    key: str,
    *,
    rule: Rule | None = None,
    normal: tuple[int, int] | None = None,
    stretches: tuple[tuple[int, int], ...] = (),
    view: tuple[int, int] | None = None,
    revision: int = 0,
    network: str = "network",
    detail: bytes | None = None,
    on_threshold: Callable[[], None] = lambda: None,
    on_normal: Callable[[], None] = lambda: None,
    on_view: Callable[[], None] = lambda: None,
    look: SignalsLook | None = None,
    on_look: Callable[[], None] = lambda: None,
    judged: SignalsJudged | None = None,
    kinds: Sequence[SignalsKind] | None = None,
    alike: SignalsAlike | None = None,
    on_acts: Callable[[], None] = lambda: None,
) -> SignalsView:
    """Show the detection in `blob` (see `pack`; make it once and keep it: the browser is sent equal bytes once).

    normal, view: rows (first, one after the last), None: as in the detection, everything. They and the rule (the usual
    one) hold when the detection or `revision` changes; afterwards the figure owns what the person moves. network: what
    the network is called in the legend. detail: `pack_detail` of the rows in view, for a table of which less was sent.
    stretches: the parts of `normal`, where it has several; what is dragged then moves their outer ends.
    judged: what was said of the table's stretches; kinds, alike: as SignalsData has them. Returns what was last
    let go, each None before: `threshold` {"rule", "amount"}, `normal` "START:END" in rows, `view` {"first", "last"},
    `look` as it is given, `acts` what was judged and is not among the written ones; the callbacks run when
    that changes.
    """
    rule = rule or Rule()
    least, merge = rule.stretches(header_of(blob)["window"])
    send_signal(key, blob)
    if detail is not None:
        send_signal(f"{key}-detail", detail)
    data: SignalsData = {
        "name": name_of(blob),
        "rule": rule.kind,
        "amount": rule.amount,
        "normal": [int(row) for row in normal] if normal else None,
        "stretches": [[int(row) for row in part] for part in stretches] if len(stretches) > 1 else None,
        "view": [int(row) for row in view] if view else None,
        "revision": revision,
        "network": network,
        "least": least,
        "merge": merge,
        "look": look or LOOK,
        "judged": judged,
        "kinds": None if kinds is None else list(kinds),
        "alike": alike,
    }
    return _mount(
        data=data,
        key=key,
        on_threshold_change=on_threshold,
        on_normal_change=on_normal,
        on_view_change=on_view,
        on_look_change=on_look,
        on_acts_change=on_acts,
        default={"threshold": None, "normal": None, "view": None, "look": None, "acts": None},
    )
