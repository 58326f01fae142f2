"""How samples are shown that a model knows in numbers of its own: with the axis and in the units of their file."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KINDS = ("signals", "pictures", "features")
MAX_ENTRIES = 20_000  # positions, channels or features


@dataclass(frozen=True)
class Display:
    """What the values of a sample (C, L) or (C, H, W) stand for: x · spread + centre is what the file says.

    kind: one of `KINDS`.
    axis: (L,) positions of a signal's values, ascending or descending; () for 0, 1, 2, …
    axis_name, axis_unit: of the axis, "" where none is known.
    channels: (name, unit) of each channel; of features, which are (1, L), of each of the L.
    centre, spread: of each channel, or of each feature; spread 0 for one that never changes.
    """

    kind: str = "signals"
    axis: tuple[float, ...] = ()
    axis_name: str = ""
    axis_unit: str = ""
    channels: tuple[tuple[str, str], ...] = ()
    centre: tuple[float, ...] = ()
    spread: tuple[float, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Every value by name, as JSON knows them."""
        return {
            "kind": self.kind,
            "axis": list(self.axis),
            "axis_name": self.axis_name,
            "axis_unit": self.axis_unit,
            "channels": [list(channel) for channel in self.channels],
            "centre": list(self.centre),
            "spread": list(self.spread),
        }

    @classmethod
    def from_json(cls, values: Any, shape: tuple[int, ...]) -> "Display":
        """The display that `to_json` wrote, for samples of this shape; ValueError for anything else."""
        if not isinstance(values, Mapping) or values.get("kind") not in KINDS:
            raise ValueError("no display of samples")
        size = shape[-1] if values["kind"] == "features" else shape[0]
        channels = tuple((str(name)[:200], str(unit)[:40]) for name, unit in values["channels"])
        axis, centre, spread = (tuple(map(float, values[part])) for part in ("axis", "centre", "spread"))
        if len(axis) not in (0, shape[-1]) or {len(channels), len(centre), len(spread)} != {size}:
            raise ValueError("the display is one of other samples")
        if len(axis) > MAX_ENTRIES or not all(map(math.isfinite, (*axis, *centre, *spread))):
            raise ValueError("the display is too long, or not all numbers")
        return cls(
            values["kind"], axis, str(values["axis_name"])[:80], str(values["axis_unit"])[:40],
            channels, centre, spread,
        )  # fmt: skip
