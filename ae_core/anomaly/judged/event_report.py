"""One event as one page of HTML to send: what was judged, what happened, and the channels that tell it."""

import numpy as np

from ...io import sheet
from ..detection import Detection
from ..report import when
from ..sheet import NETWORK, PCA, SIGNAL
from .events import Event, lasting
from .story import moves, story

MAX_CHANNELS = 8  # that are drawn, those first that moved first
AROUND = 1.5  # times the event, and a window, that are drawn before and behind it


def event_report(detection: Detection, event: Event, file: str, run: str, threshold: np.ndarray, says: str = "") -> str:
    """The page: facts and comment, the channels' story, the score with its threshold, and the channels as measured and
    as the network rebuilds them, aligned at the event's start.

    Args:
        detection: the scores of the table.
        event: what was judged, or is to be.
        file, run: what they are called.
        threshold: (rows,) that holds.
        says: what else is known of it, in a sentence, such as its kind.
    """
    rows = len(detection)
    reach = int(AROUND * (event.end - event.start)) + detection.window
    first, last = max(0, event.start - reach), min(rows, event.end + reach)
    part, shaded = slice(first, last), [(event.start - first, event.end - first)]
    ends = when(detection, first), when(detection, last - 1)
    channel_moves = moves(detection, event.start, event.end)
    score = detection.network.score[event.start : event.end]
    peak = f"{np.nanmax(score):.3g}" if np.isfinite(score).any() else "none"
    facts = [
        ("File", file),
        ("Run", run),
        ("From", f"{when(detection, event.start)} (row {event.start:,})"),
        ("To", f"{when(detection, event.end - 1)} (row {event.end - 1:,})"),
        ("Length", lasting(event, detection.step)),
        ("Judged", event.verdict or "not yet"),
        ("Peak", f"{peak}, with the threshold at {threshold[event.start]:.3g} where it begins"),
    ]
    if event.name:
        facts.insert(0, ("Name", event.name))
    if event.comment:
        facts.append(("Comment", event.comment))
    blocks = [sheet.facts(facts), *([sheet.text(says)] if says else [])]
    blocks.append(sheet.heading("Which channel moved first, and how"))
    blocks += [sheet.text(sentence) for sentence in story(detection, channel_moves, event.start)]
    blocks.append(sheet.heading("Anomaly score"))
    blocks.append(
        sheet.chart(
            [
                sheet.Line("PCA", detection.pca.score[part], PCA, dashed=True),
                sheet.Line("network", detection.network.score[part], SIGNAL),
            ],
            ends,
            "Score of the network (dark), of PCA (blue, dashed) and the threshold (red), on a logarithmic scale; the "
            "event is shaded.",
            shaded,
            threshold[part],
            120,
            logarithmic=True,
        )
    )
    blocks.append(sheet.heading("Channels, as measured (dark) and as the network rebuilds them (red, dashed)"))
    moved = [move.channel for move in channel_moves]
    order = [*moved, *(c for c in range(len(detection.names)) if c not in moved)][:MAX_CHANNELS]
    for c in order:
        unit = f" [{detection.units[c]}]" if detection.units[c] else ""
        lines = [
            sheet.Line("rebuilt", detection.network.x_hat[part, c], NETWORK, dashed=True),
            sheet.Line("measured", detection.values[part, c], SIGNAL),
        ]
        blocks.append(sheet.chart(lines, ends, detection.names[c] + unit, shaded, height=80))
    left = len(detection.names) - len(order)
    if left:
        blocks.append(sheet.text(f"{left:,} more not drawn: {'it' if left == 1 else 'they'} moved later, or not."))
    title = event.name or {"": "A flagged stretch"}.get(event.verdict, f"A stretch called {event.verdict}")
    return sheet.page(f"{title} in {file}", blocks)
