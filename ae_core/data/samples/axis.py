"""Headings that are numbers, such as wavelengths: they become the axis of the signals below them."""

import re
from collections.abc import Sequence

import numpy as np

HEADING = re.compile(r"([^\d+-]*?[ _=:@]?)([+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?)\s*([^\d\s]\S{0,9})?")
AXES = {  # unit → what is measured along it
    "nm": "wavelength", "um": "wavelength", "µm": "wavelength", "μm": "wavelength", "cm-1": "wavenumber",
    "cm^-1": "wavenumber", "1/cm": "wavenumber", "s": "time", "ms": "time", "us": "time", "µs": "time", "min": "time",
    "h": "time", "Hz": "frequency", "kHz": "frequency", "MHz": "frequency", "GHz": "frequency", "eV": "energy",
    "keV": "energy", "mm": "position", "m": "position", "deg": "angle", "°": "angle", "ppm": "shift",
}  # fmt: skip
WORDS = {"wl": "wavelength", "lambda": "wavelength", "t": "time", "time": "time", "freq": "frequency"}


def axis_of(names: Sequence[str], units: Sequence[str] = ()) -> tuple[tuple[float, ...], str, str]:
    """(positions, name, unit) that headings give; ((), "", "") where they are no axis, or count alone.

    >>> axis_of(["wl_350 nm", "wl_352 nm", "wl_354 nm"])
    ((350.0, 352.0, 354.0), 'wavelength', 'nm')
    >>> axis_of(["pixel0", "pixel1", "pixel2"])
    ((), '', '')
    """
    matches = [HEADING.fullmatch(name.strip()) for name in names]
    matched = [m for m in matches if m]
    if len(matched) < len(names) or len(names) < 3:
        return (), "", ""
    prefixes, suffixes = {m[1].strip(" _=:@") for m in matched}, {m[3] or "" for m in matched}
    axis = np.array([float(m[2].replace(",", ".")) for m in matched])
    steps = np.diff(axis)
    if len(prefixes) > 1 or len(suffixes) > 1 or not ((steps > 0).all() or (steps < 0).all()):
        return (), "", ""
    said = {unit for unit in units if unit}
    unit = suffixes.pop().strip("[]()") or (said.pop() if len(said) == 1 and len(units) == len(names) else "")
    prefix = prefixes.pop().strip("[( ")
    counts = axis[0] in (0, 1) or (prefix and prefix.lower() not in WORDS)
    if counts and not unit and (steps == 1).all():  # column 2, column 3, …: numbers of columns, and no axis
        return (), "", ""
    return tuple(axis.tolist()), AXES.get(unit) or WORDS.get(prefix.lower(), prefix[:40]), unit
