"""Signals as aeon and sktime keep them (.ts): several channels apart by colons, lengths that differ, a class behind."""

import numpy as np

from ...base.errors import LatentError
from ...base.text import plural
from .collection import Collection, check_volume

RESAMPLED = 0.9  # of the longest: where the shortest signal has fewer values, all are resampled instead of cut


def is_series(data: bytes) -> bool:
    """Whether bytes begin as a .ts file does."""
    head = data[: 1 << 16].decode(errors="replace").lower().splitlines()
    return any(
        line.strip().startswith(("@problemname", "@serieslength", "@univariate", "@classlabel")) for line in head
    )


def read_series(data: bytes, lengths: str = "") -> Collection:
    """The signals of a .ts file's bytes; lengths: "cut", "pad" or "resample" those of unequal lengths, "" decides.

    A line that is cut off is left out and said. Raises LatentError where there are none.
    """
    said, lines = _parts(data)
    labelled = said.get("classlabel", "false").lower().startswith("true")
    known = set(said.get("classlabel", "").split()[1:])
    rows = [line.split(":") for line in lines]
    if not rows:
        raise LatentError("The .ts file has no lines behind @data: download it again.")
    if said.get("timestamps", "false").lower() == "true":
        raise LatentError("This .ts file has a time stamp at each value, which is not read: save it without them.")
    widths = [len(row) for row in rows]
    width = max(set(widths), key=widths.count)
    length = int(said["serieslength"]) if said.get("serieslength", "").isdigit() else 0
    signals: list[list[np.ndarray]] = []
    labels: list[str] = []
    for row in rows:
        label = row[-1].strip() if labelled else ""
        if len(row) != width or (labelled and known and label not in known):
            continue
        channels = [_numbers(part) for part in (row[:-1] if labelled else row)]
        if not all(len(c) and (not length or len(c) == length) for c in channels):
            continue
        signals.append(channels)
        labels.append(label)
    if not signals:
        raise LatentError("No line of the .ts file is a whole signal: it is cut off, or damaged; download it again.")
    values, note = levelled(signals, lengths)
    count = len(signals[0])
    collection = Collection(
        values, "signals", channels=tuple((f"channel {c + 1}" if count > 1 else "", "") for c in range(count))
    )
    collection.note("format", "ts", f"The file is of aeon's and sktime's kind (.ts): {plural(count, 'channel')}.")
    if note:
        collection.note("lengths", lengths or "resample", note)
    if gone := len(rows) - len(signals):
        verb = "is" if gone == 1 else "are"
        collection.note("left_out", gone, f"{plural(gone, 'line')} of it {verb} cut off: left out.")
    if labelled:
        collection.set_classes(labels, "class", False)
    return collection


def _parts(data: bytes) -> tuple[dict[str, str], list[str]]:
    """(what stands behind each @, the lines behind @data)."""
    said: dict[str, str] = {}
    lines: list[str] = []
    started = False
    for line in data.decode(errors="replace").splitlines():
        plain = line.strip()
        if not plain or plain.startswith("#"):
            continue
        if started:
            lines.append(plain)
        elif plain.startswith("@"):
            name, _, value = plain[1:].partition(" ")
            started = name.lower() == "data"
            said[name.lower()] = value.strip()
    return said, lines


def _numbers(part: str) -> np.ndarray:
    cells = [cell.strip() for cell in part.split(",")]
    try:
        return np.array([np.nan if cell in ("?", "NaN", "nan", "") else float(cell) for cell in cells], np.float32)
    except ValueError:
        return np.empty(0, np.float32)


def levelled(signals: list[list[np.ndarray]], how: str = "") -> tuple[np.ndarray, str]:
    """(signals of C channels each as one array (N, C, L), a sentence where their lengths differ).

    how: "cut" to the shortest, "pad" with each signal's last value, "resample" along straight lines; "" decides.
    """
    lengths = np.array([max(len(c) for c in signal) for signal in signals])
    shortest, longest = int(lengths.min()), int(lengths.max())
    how = how or ("cut" if shortest >= RESAMPLED * longest else "resample")
    length = {"cut": shortest, "pad": longest}.get(how, int(np.median(lengths)))
    if all(len(c) == longest for signal in signals for c in signal):
        length, how = longest, ""
    check_volume(len(signals), len(signals[0]) * length)
    values = np.empty((len(signals), len(signals[0]), length), np.float32)
    for row, signal in zip(values, signals, strict=True):
        for line, channel in zip(row, signal, strict=True):
            if len(channel) == length:
                line[:] = channel
            elif how == "resample":
                line[:] = np.interp(np.linspace(0, 1, length), np.linspace(0, 1, len(channel)), channel)
            else:
                line[: len(channel)] = channel[:length]
                line[len(channel) :] = channel[-1]
    words = {"cut": "cut to", "pad": "padded to", "resample": "resampled to"}
    note = f"Signals have {shortest:,} to {longest:,} values: they are {words[how]} {length:,}." if how else ""
    return values, note
