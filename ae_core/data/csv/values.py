"""Whether a cell says something that a table of signals holds."""

import re

from .cells import CLOCK, DRESSED, MISSING, MOMENT, NUMBER
from .moment_forms import is_moment


def is_value(cell: str) -> bool:
    """Whether a cell is a number, a moment, or says that there is none."""
    return cell.lower() in MISSING or bool(
        NUMBER.fullmatch(cell)
        or MOMENT.fullmatch(cell)
        or re.fullmatch(CLOCK, cell, re.IGNORECASE)
        or (cell[:1] in "+-<>≤≥~$€£¥=(0123456789." and DRESSED.fullmatch(cell))
        or is_moment(cell)
    )


def is_text(cell: str) -> bool:
    return not is_value(cell)
