"""A simulated plant with correlated sensors and injectable faults, so that the right answer is known.

`textbook` is the plant of a widely read introduction to autoencoders: 6 channels into 2, 450 normal samples and 50 with
a spike of the motor's vibration and a drop of the bearing's temperature; PCA keeps 78.2 % of the variance at a mean
squared error of 0.008770. That text prints these figures, but not the code that made its data, so `SWING` and `NOISE`
are set such that they come out here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..base.errors import LatentError
from ..base.options import option
from ..base.text import plural
from ..io.tables import csv_text
from . import Dataset, Progress, Source

if TYPE_CHECKING:
    import torch
else:
    from ..base.lazy import torch

# name, unit, and what the gauge's scale begins and ends with
GAUGES = (
    ("motor vibration", "mm/s", 0.0, 12.0),
    ("bearing temperature", "°C", 20.0, 100.0),
    ("motor current", "A", 0.0, 40.0),
    ("oil pressure", "bar", 0.0, 8.0),
    ("coolant flow", "l/min", 0.0, 60.0),
    ("shaft speed", "1/min", 0.0, 3000.0),
)
PERIOD = 50.0  # rows of a cycle of the machine
SWING = 0.22364  # of the first harmonic, as a share of a gauge's scale
NOISE = 0.3911  # standard deviation of each sensor's own noise, in swings
BEND = 0.4  # of the second harmonic, in swings: what a straight line, and so PCA, cannot follow in 2 numbers
# size of the textbook's two faults, in standard deviations: they raise the error of a model that knows only the mean as
# its text says
FAULT = 3.2
KINDS = ("spike", "drop", "stuck", "drift")


def gauges(channels: int) -> tuple[tuple[str, ...], tuple[str, ...], np.ndarray, np.ndarray]:
    """(names, units, low, high) of the first so many gauges; the seventh is the first one's of a second machine."""
    kinds = [GAUGES[j % len(GAUGES)] for j in range(channels)]
    names = tuple(name if j < len(GAUGES) else f"{name} {j // len(GAUGES) + 1}" for j, (name, *_) in enumerate(kinds))
    return names, tuple(k[1] for k in kinds), np.array([k[2] for k in kinds]), np.array([k[3] for k in kinds])


def shares(rows: int, channels: int, seed: int = 0, noise: float = NOISE) -> tuple[np.ndarray, np.ndarray]:
    """(readings (rows, channels) as shares of the gauges' scales, mostly in 0..1; factors (rows, 2): phase in turns,
    load around 1).

    A cos(φ − dⱼ) + BEND cos 2(φ − dⱼ) + noise: each sensor follows the machine's cycle φ with a lag dⱼ of its own,
    harder with more load A. The first rows are the same however many there are.
    """
    t = np.arange(rows)
    phase, load = t / PERIOD % 1, 1 + 0.25 * np.sin(2 * math.pi * t / (7.3 * PERIOD) + 1)
    lag = 2 * math.pi * (np.arange(channels) * 0.618034 % 1)  # spread over the circle, for any number of channels
    turn = 2 * math.pi * phase[:, None] - lag
    own = np.random.default_rng(seed).standard_normal((rows, channels))
    x = 0.5 + SWING * (load[:, None] * np.cos(turn) + BEND * np.cos(2 * turn) + noise * own)
    return x, np.stack([phase, load], 1)


def plant(
    rows: int, channels: int = 6, seed: int = 0, noise: float = NOISE
) -> tuple[np.ndarray, tuple[str, ...], tuple[str, ...]]:
    """(readings (rows, channels) in the gauges' units, names, units) of a healthy plant."""
    names, units, low, high = gauges(channels)
    return low + shares(rows, channels, seed, noise)[0] * (high - low), names, units


def inject(values: np.ndarray, kind: str, start: int, length: int, channel: int, size: float = FAULT) -> np.ndarray:
    """A copy of values (rows, C) with a fault in rows start … start + length − 1 of one channel; size in its standard
    deviations.

    kind: "spike" (raised), "drop" (lowered), "stuck" (keeps its value at `start`; size does nothing), "drift" (climbs
    to the size and is back at once). Raises LatentError for a fault outside the table.
    """
    if kind not in KINDS:
        raise LatentError(f"A fault is one of {', '.join(KINDS)}, not {str(kind)[:20]!r}.")
    rows, channels = values.shape
    if not (0 <= start < rows and length >= 1 and 0 <= channel < channels):
        raise LatentError(
            f"The fault lies outside the table: it has {plural(rows, 'row')} and {plural(channels, 'channel')}, "
            "counted from 0, and a fault takes at least one row."
        )
    values = values.copy()
    part = values[start : start + length, channel]
    lift = size * np.nanstd(values[:, channel])
    if kind == "stuck":
        part[:] = part[0]
    else:
        part += {"spike": lift, "drop": -lift, "drift": lift * np.arange(1, len(part) + 1) / len(part)}[kind]
    return values


def plant_csv(
    rows: int, channels: int, seed: int = 0, faults: tuple[tuple[str, int, int, int, float], ...] = ()
) -> bytes:
    """A table of the plant's readings in their units, one row per minute, as a CSV file with a label column.

    faults: (kind, start, length, channel, size) each, as `inject` takes them. Raises LatentError for one that lies
    outside.
    """
    values, names, units = plant(rows, channels, seed)
    label = np.zeros(rows, int)
    for kind, start, length, channel, size in faults:
        values = inject(values, kind, start, length, channel, size)
        label[start : start + length] = 1
    times = np.datetime64("2024-01-01T00:00") + np.arange(rows).astype("timedelta64[m]")
    heads = ["time", *(f"{name} ({unit})" for name, unit in zip(names, units, strict=True)), "anomaly"]
    rows_of_text = ([t, *(f"{v:.6g}" for v in row), y] for t, row, y in zip(times, values, label, strict=True))
    return csv_text(heads, rows_of_text).encode()


EXAMPLE = 1800  # rows of the example before its first fault
FAULTS = (
    ("spike", 1950, 90, 0, 2.5),
    ("drop", 2190, 120, 1, 1.5),
    ("stuck", 2430, 160, 3, 0.0),
    ("drift", 2720, 200, 4, 3.0),
)


def example() -> bytes:
    """The table that the Signals page opens with: 50 hours of a plant of 6 channels, a row a minute, with one fault of
    each kind.
    """
    return plant_csv(3000, 6, 1, FAULTS)


def textbook(seed: int = 0) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """(normal (450, 6), faulty (50, 6), names), as shares of the gauges' scales. The figures come out for seed 0,
    nearly so for others.
    """
    x, _ = shares(500, 6, seed)
    faulty = inject(inject(x, "spike", 450, 50, 0), "drop", 450, 50, 1)
    return x[:450], faulty[450:], gauges(6)[0]


def faulty(x: torch.Tensor, share: float, draw: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """(x (N, C, L) with a fault in the first channel of a share of the samples, their classes (N,) int64: 0 healthy,
    then as in `KINDS`).

    A fault begins in the first half of its sample and lasts to the end; it is as large as the textbook's.
    """
    y = np.where(draw.random(len(x)) < share, draw.integers(1, len(KINDS) + 1, len(x)), 0)
    begin = draw.integers(0, x.shape[2] // 2, len(x))
    spoilt = x.numpy().copy()
    for i in np.flatnonzero(y):
        spoilt[i] = inject(spoilt[i].T, KINDS[y[i] - 1], int(begin[i]), x.shape[2], 0).T
    return torch.from_numpy(spoilt), torch.from_numpy(y.astype(np.int64))


@dataclass(frozen=True)
class Sensors(Source):
    """Readings of a healthy plant as shares of the gauges' scales, with the machine's phase and load as the true
    factors.
    """

    title: ClassVar = "Sensors of a small plant"
    about: ClassVar = (
        "Simulated readings of a machine with correlated sensors and known faults; generated on the spot, always there."
    )
    signals: ClassVar = True

    channels: int = option(6, "sensors in the plant", low=2, high=200)
    rows: int = option(5000, "time steps that are recorded", low=100, high=1_000_000)  # 450 and seed 0: the textbook's
    span: int = option(1, "time steps in a sample; 1: each by itself", low=1, high=1024, unit="rows")
    fault_share: float = option(
        0.0, "share of the samples with a fault in one channel; the kind of fault is then the class", low=0, high=1
    )
    sensor_noise: float = option(NOISE, "standard deviation of each sensor's own noise", low=0, high=5, unit="swings")
    sensor_seed: int = option(0, "seed of the noise", low=0, high=2**31 - 1)

    def load(self, progress: Progress | None = None) -> Dataset:
        """x (N, channels, span); the last fifth of the rows is held out."""
        from .csv.windows import windows

        split = self.rows - self.rows // 5
        if self.span > self.rows // 10:
            raise LatentError(
                f"{self.rows:,} rows are too few for samples of {self.span:,}: at least {10 * self.span:,} are needed."
            )
        x, factors = shares(self.rows, self.channels, self.sensor_seed, self.sensor_noise)
        both = np.concatenate([x, factors], 1).astype(np.float32)
        cut = [
            torch.from_numpy(np.ascontiguousarray(windows(part, self.span, max(1, self.span // 4))))
            for part in (both[:split], both[split:])
        ]
        values, truth = ([part[:, rows].contiguous() for part in cut] for rows in (slice(0, -2), slice(-2, None)))
        labels: dict[str, Any] = {}
        if self.fault_share:
            if self.span < 8:
                raise LatentError(
                    f"Samples of {plural(self.span, 'row')} are too short for a fault: choose a span of 8 at least."
                )
            draw = np.random.default_rng([self.sensor_seed, 1])
            (x_train, y_train), (x_test, y_test) = (faulty(part, self.fault_share, draw) for part in values)
            values = [x_train, x_test]
            labels = {"y_train": y_train, "y_test": y_test, "classes": ("healthy", *KINDS)}
        return Dataset(
            name="sensors",
            x_train=values[0],
            x_test=values[1],
            range=None,
            **labels,
            factors_train=truth[0][..., 0].contiguous(),  # at a sample's first time step
            factors_test=truth[1][..., 0].contiguous(),
            factor_names=(("phase", "turns"), ("load", "of the usual one")),
        )
