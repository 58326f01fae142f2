"""Quotes that are never closed. To a CSV reader all that follows is one cell, up to the next quote: rows vanish without
a word.
"""

from collections import Counter

from .table import Findings

SIGNS = (b",", b";", b"\t", b"|")
SAMPLE = 5000  # lines that are looked at for how many cells a line has
LARGE = 20_000_000  # bytes, above which only an odd number of quotes in all is looked into
MAX_SHARE = 0.05  # of the lines may have a stray quote
SAID = 8  # lines that are named


def without_stray_quotes(text: bytes, findings: Findings) -> bytes:
    """The text without quotes that a line opens and does not close although it has all its cells, or nothing else. What
    a cell over several lines opens stays: its first line has fewer.
    """
    quotes = text.count(b'"')
    if not quotes or (quotes % 2 == 0 and len(text) > LARGE):
        return text
    lines = text.split(b"\n")
    odd = [at for at, line in enumerate(lines) if line.count(b'"') % 2]
    if not odd or len(odd) > MAX_SHARE * len(lines) + 1:  # cells over several lines are this file's way
        return text
    sign = max(SIGNS, key=text[: 1 << 20].count)
    every = max(1, len(lines) // SAMPLE)
    usual = Counter(line.count(sign) for line in lines[::every]).most_common(1)[0][0]
    stray, inside = [], False
    for at in odd:
        if inside or (lines[at].count(sign) < max(usual, 1) and lines[at].strip() != b'"'):
            inside = not inside
        else:
            stray.append(at)
            lines[at] = _mended(lines[at], sign)
    if not stray:
        return text
    where = ", ".join(f"{at + 1:,}" for at in stray[:SAID]) + (" …" if len(stray) > SAID else "")
    verb = "has" if len(stray) == 1 else "have"
    findings.note(
        "stray_quotes", tuple(at + 1 for at in stray),
        f"{'Line' if len(stray) == 1 else 'Lines'} {where} {verb} a quote that is never closed: it is left out.",
    )  # fmt: skip
    return b"\n".join(lines)


def _mended(line: bytes, sign: bytes) -> bytes:
    """Without the quotes of the last cell that has an odd number of them."""
    cells = line.split(sign)
    at = next(at for at in reversed(range(len(cells))) if cells[at].count(b'"') % 2)
    cells[at] = cells[at].replace(b'"', b"")
    return sign.join(cells)
