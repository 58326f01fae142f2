"""Files as an engineer brings them to Signals, with what is true of them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ae_core.data.sensors import inject, plant

Fault = tuple[str, int, int, int, float]  # as `inject` takes it: kind, start, length, channel, size


@dataclass(frozen=True)
class Case:
    """A file to train on and what is in it.

    Attributes:
        file: its name.
        data: its bytes.
        channels: as the page is to name them.
        faults: (kind, first row, rows, channel, size) each.
        gap: the row before which time is missing; 0: none is.
        time: of a row, as the page's files write it; None where the file has none.
        following: (name, bytes, faults) of the next month's file, or None.
    """

    file: str
    data: bytes
    channels: tuple[str, ...]
    faults: tuple[Fault, ...]
    gap: int
    time: Callable[[int], str] | None
    following: tuple[str, bytes, tuple[Fault, ...]] | None = None

    @property
    def rows(self) -> int:
        return self.data.count(b"\n") - 1


def faulty(values: np.ndarray, faults: tuple[Fault, ...]) -> tuple[np.ndarray, np.ndarray]:
    """(values with the faults, (rows,) whether a row is in one)."""
    label = np.zeros(len(values), int)
    for fault in faults:
        values = inject(values, *fault)
        label[fault[1] : fault[1] + fault[2]] = 1
    return values, label


def pump() -> Case:
    """Eight channels with decimal commas and German times, every minute, three hours missing, four faults, and a month
    later another one.
    """
    names = ("Schwingung_mm_s", "Lagertemp_C", "Strom_A", "Druck_bar", "Durchfluss", "Drehzahl", "Lagertemp2_C", "Oel")
    faults: tuple[Fault, ...] = (
        ("spike", 14_000, 120, 1, 3.0),
        ("drop", 15_500, 90, 3, 3.0),
        ("spike", 17_000, 60, 6, 4.0),
        ("drop", 18_500, 200, 4, 3.0),
    )
    gap, start = 9_000, np.datetime64("2024-02-01T06:00:00")

    def moment(row: int, since: np.datetime64 = start, late: int = gap) -> np.datetime64:
        return since + np.timedelta64(60 * row + 10_800 * (late and row >= late), "s")

    def written(rows: int, seed: int, faults: tuple[Fault, ...], since: np.datetime64, late: int) -> bytes:
        values, label = faulty(plant(rows, 8, seed)[0], faults)
        lines = [";".join(("Zeitstempel", *names, "Störung"))]
        for row, (numbers, bad) in enumerate(zip(values, label, strict=True)):
            cells = [f"{value:.5g}".replace(".", ",") for value in numbers]
            lines.append(";".join((moment(row, since, late).item().strftime("%d.%m.%Y %H:%M:%S"), *cells, str(bad))))
        return ("\n".join(lines) + "\n").encode("latin-1")

    later: tuple[Fault, ...] = (("spike", 2_000, 100, 2, 4.0),)
    following = "Pumpe April.csv", written(4_000, 9, later, np.datetime64("2024-04-01T00:00:00"), 0), later
    return Case(
        "Pumpe März.csv",
        written(20_000, 5, faults, start, gap),
        names,
        faults,
        gap,
        lambda row: str(moment(row)).replace("T", " "),
        following,
    )


def temperature() -> Case:
    """A machine's temperature every five minutes for eleven weeks, and two faults."""
    rows, random = 22_695, np.random.default_rng(2)
    day = 2 * np.pi * np.arange(rows) / 288
    wander = np.convolve(random.normal(0, 1, rows + 599), np.ones(600) / 24, "valid")
    values = (80 + 5 * np.sin(day) + 2 * np.sin(2 * day) + wander + random.normal(0, 0.6, rows))[:, None]
    faults: tuple[Fault, ...] = (("drop", 16_000, 300, 0, 4.0), ("spike", 20_000, 150, 0, 4.0))
    values, label = faulty(values, faults)

    def time(row: int) -> str:
        return str(np.datetime64("2013-12-02T21:15:00") + np.timedelta64(300 * row, "s")).replace("T", " ")

    lines = [f"{time(row)},{value:.6f},{bad}" for row, (value, bad) in enumerate(zip(values[:, 0], label, strict=True))]
    data = "\n".join(("timestamp,value,is_anomaly", *lines, "")).encode()
    return Case("machine temperature.csv", data, ("value",), faults, 0, time)


def satellite() -> Case:
    """25 channels without times, most of which are commands that are 0 or 1, some never anything else; one fault."""
    rows, random = 8_209, np.random.default_rng(3)
    values = np.zeros((rows, 25))
    values[:, 0] = np.sin(np.arange(rows) / 18) + 0.3 * np.sin(np.arange(rows) / 5) + random.normal(0, 0.08, rows)
    for c in range(1, 15):
        values[:, c] = (np.arange(rows) // (40 + 7 * c)) % 2
    faults: tuple[Fault, ...] = (("spike", 5_300, 400, 0, 2.5),)
    values, label = faulty(values, faults)
    head = ",".join([*(f"c{c}" for c in range(25)), "label"])
    body = "\n".join(
        ",".join([*(f"{value:.4g}" for value in row), str(bad)]) for row, bad in zip(values, label, strict=True)
    )
    return Case("satellite.csv", f"{head}\n{body}\n".encode(), tuple(f"c{c}" for c in range(25)), faults, 0, None)


def large() -> Case:
    """200,000 rows of ten channels, and two faults near the end."""
    rows = 200_000
    values, names, _ = plant(rows, 10, 7)
    faults: tuple[Fault, ...] = (("spike", 150_000, 400, 2, 3.0), ("drop", 190_000, 300, 5, 3.0))
    values, label = faulty(values, faults)
    start = np.datetime64("2024-01-01T00:00:00")
    times = (start + np.arange(rows).astype("timedelta64[s]")).astype(str)
    lines = [
        f"{t}," + ",".join(f"{v:.5g}" for v in row) + f",{bad}"
        for t, row, bad in zip(times, values, label, strict=True)
    ]
    data = "\n".join((",".join(("time", *names, "fault")), *lines, "")).encode()
    return Case(
        "line 4.csv", data, names, faults, 0, lambda row: str(start + np.timedelta64(row, "s")).replace("T", " ")
    )


CASES = {"pump": pump, "temperature": temperature, "satellite": satellite, "large": large}
