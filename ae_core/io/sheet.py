"""One self-contained HTML page that prints well on A4: headings, sentences, facts, tables and line charts as SVG.

Texts are escaped here; nothing is loaded from anywhere, and no script runs. What stands on a page is the caller's: a
report of a scored table, of an event, a sheet for a lesson.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from ..base.outputs import GENERATOR

WIDTH, POINTS = 720, 720  # px of a chart, and places across it: a longer line goes as the least and most of each
LEFT = 64  # px for the numbers of the axis
STYLE = """
@page { size: A4; margin: 14mm 15mm }
* { box-sizing: border-box }
body { max-width: 180mm; margin: 0 auto; padding: 6mm 0; font: 10.5pt/1.45 system-ui, sans-serif; color: #1a1a1a;
  background: #fff; -webkit-print-color-adjust: exact; print-color-adjust: exact }
h1 { font-size: 18pt; line-height: 1.2; margin: 0 0 2mm }
h2 { font-size: 12pt; margin: 6mm 0 2mm; break-after: avoid }
p { margin: 0 0 2mm }
svg { display: block; width: 100%; height: auto; break-inside: avoid }
table { border-collapse: collapse; width: 100%; font-size: 9.5pt }
th, td { text-align: left; padding: 1mm 2mm; border-bottom: .25pt solid #bbb; vertical-align: top;
  overflow-wrap: anywhere }
thead { display: table-header-group }
tr, figure { break-inside: avoid }
thead th { overflow-wrap: normal }
.facts th { width: 34mm; font-weight: 600; color: #444 }
figure { margin: 0 0 3mm }
figcaption { font-size: 9pt; color: #444 }
text { font: 11px system-ui, sans-serif; fill: #444 }
"""


@dataclass(frozen=True)
class Line:
    """A line of a chart. values: (rows,), NaN where there is none; colour: as in CSS; dashed: it stands beside."""

    name: str
    values: np.ndarray
    colour: str
    dashed: bool = False


def page(title: str, blocks: Iterable[str]) -> str:
    """The whole page. blocks: what `text`, `heading`, `facts`, `table` and `chart` give."""
    body = "\n".join(blocks)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'{GENERATOR}<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body><h1>{escape(title)}</h1>\n"
        f"{body}\n</body></html>\n"
    )


def heading(words: str) -> str:
    """A heading within the page."""
    return f"<h2>{escape(words)}</h2>"


def text(words: str) -> str:
    """A paragraph."""
    return f"<p>{escape(words)}</p>"


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """What is known, a name and a value each."""
    rows = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in pairs)
    return f'<table class="facts"><tbody>{rows}</tbody></table>'


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose headings stand on each page that it is printed on."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in headings)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def chart(
    lines: Sequence[Line],
    ends: tuple[str, str],
    caption: str,
    shaded: Sequence[tuple[int, int]] = (),
    level: np.ndarray | None = None,
    height: int = 110,
    logarithmic: bool = False,
) -> str:
    """Lines over the same rows.

    Args:
        lines: at least one, of as many rows.
        ends: what stands below the first and the last row.
        caption: what the chart shows.
        shaded: stretches (first row, row after the last).
        level: (rows,) a threshold, drawn over the lines.
        height: px of the lines.
        logarithmic: whether values are shown by their logarithm; what is not above 0 is then missing.
    """
    rows = len(lines[0].values)
    drawn = [*lines, *([] if level is None else [Line("threshold", level, "#c2185b")])]
    values = [_logarithm(line.values) if logarithmic else np.asarray(line.values, float) for line in drawn]
    known = np.concatenate([each[np.isfinite(each)] for each in values])
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    if not high > low:
        low, high = low - 0.5, high + 0.5

    def x(row: np.ndarray | float) -> np.ndarray | float:
        return LEFT + (WIDTH - LEFT) * row / max(rows - 1, 1)

    def y(value: np.ndarray) -> np.ndarray:
        return 4 + (height - 8) * (high - value) / (high - low)

    parts = []
    for first, end in shaded:
        left, right = float(x(first)), float(x(max(end - 1, first)))
        parts.append(f'<rect x="{left:.1f}" y="0" width="{max(right - left, 1.5):.1f}" height="{height}" class="s"/>')
    for line, each in zip(drawn, values, strict=True):
        dash = ' stroke-dasharray="4 3"' if line.dashed else ""
        parts.append(
            f'<path d="{_path(each, x, y)}" fill="none" stroke="{escape(line.colour)}" stroke-width="1.1"{dash}/>'
        )
    top, bottom = (f"{10**end if logarithmic else end:.4g}" for end in (high, low))
    parts.append(f'<text x="{LEFT - 6}" y="12" text-anchor="end">{top}</text>')
    parts.append(f'<text x="{LEFT - 6}" y="{height - 2}" text-anchor="end">{bottom}</text>')
    parts.append(f'<text x="{LEFT}" y="{height + 14}">{escape(ends[0])}</text>')
    parts.append(f'<text x="{WIDTH}" y="{height + 14}" text-anchor="end">{escape(ends[1])}</text>')
    style = "<style>.s { fill: #f4b8cf; opacity: .55 }</style>"
    return (
        f'<figure><svg viewBox="0 0 {WIDTH} {height + 20}" role="img" aria-label="{escape(caption)}">{style}'
        f"{''.join(parts)}</svg><figcaption>{escape(caption)}</figcaption></figure>"
    )


def _logarithm(values: np.ndarray) -> np.ndarray:
    values = np.asarray(values, float)
    logarithms: np.ndarray = np.log10(values, out=np.full(len(values), np.nan), where=values > 0)
    return logarithms


def _path(values, x, y) -> str:
    """An SVG path through values (rows,): each of them, or the least and the most of as many places as there is room
    for; it breaks where values are missing.
    """
    at = np.arange(len(values), dtype=float)
    if len(values) > 2 * POINTS:
        edges = np.linspace(0, len(values), POINTS + 1).astype(int)[:-1]
        least, most = np.fmin.reduceat(values, edges), np.fmax.reduceat(values, edges)
        at, values = np.repeat(edges.astype(float), 2), np.stack([least, most], 1).ravel()
    steps, pen = [], "M"
    for across, down in zip(x(at), y(values), strict=True):
        if np.isfinite(down):
            steps.append(f"{pen}{across:.1f} {down:.1f}")
            pen = "L"
        else:
            pen = "M"
    return "".join(steps)
