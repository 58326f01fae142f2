"""A report of a scored table, for whoever was not there: one HTML page to keep, send or print."""

import datetime
from collections.abc import Sequence

import numpy as np

from ..base.text import plural
from ..data.csv.uploads import file_label
from ..io import sheet
from ..runs.checkpoint import Checkpoint
from .detection import Detection
from .findings import findings
from .report import between, lasts, main_channels, verdict, when, without_score, words
from .thresholds import Rule

MAX_CHANNELS = 6  # that are drawn, those first that the flagged stretches come from
MAX_STRETCHES = 30  # that are listed
NETWORK, PCA, SIGNAL = "#c2185b", "#1f77b4", "#333333"


def report(
    checkpoint: Checkpoint,
    detection: Detection,
    rule: Rule,
    file: str,
    date: datetime.date | None = None,
    judged: Sequence[str] = (),
) -> str:
    """The page: which file, how it was judged, the score with its threshold and PCA's beside it, the channels that the
    flagged stretches come from, the stretches, measures against labels, and the settings. Raises LatentError.

    Args:
        checkpoint: the run that scored the table.
        detection: the scores.
        rule: where the threshold lies.
        file: what the table is called.
        date: that of the report; None: today.
        judged: what follows from what was judged, a sentence each.
    """
    made, pca = findings(detection, rule), findings(detection, rule, pca=True)
    rows, network = len(detection), checkpoint.config.row.title
    ends = when(detection, 0), when(detection, rows - 1)
    stretches = sorted(made.intervals, key=lambda each: -each.peak)
    spans = [(each.start, each.end) for each in made.intervals]
    blocks = [
        sheet.facts(
            [
                ("File", file),
                ("Rows", f"{rows:,}, from {ends[0]} to {ends[1]}"),
                ("Channels", ", ".join(_named(detection, c) for c in range(len(detection.names)))),
                ("Run", f"{checkpoint.name}: {network.lower()}, trained on {_trained_on(checkpoint)}"),
                ("Threshold", f"{rule}. {words(detection, made, rule)}"),
                ("Date", (date or datetime.date.today()).isoformat()),
            ]
        ),
        sheet.text(verdict(checkpoint, detection, rule)),
    ]
    if count := detection.unscored_rows():
        blocks.append(sheet.text(without_score(count, rows, detection.window)))
    blocks += [
        sheet.heading("Anomaly score"),
        sheet.chart(
            [
                sheet.Line("PCA", detection.pca.score, PCA, dashed=True),
                sheet.Line(network, detection.network.score, SIGNAL),
            ],
            ends,
            f"Score of the {network.lower()} (dark), of PCA of the same windows (blue, dashed) and the threshold "
            "(red), on a logarithmic scale; flagged stretches are shaded.",
            spans,
            made.threshold,
            150,
            logarithmic=True,
        ),
        sheet.heading("Signal"),
    ]
    order = _channels(detection, stretches)
    for c in order:
        line = sheet.Line(detection.names[c], detection.values[:, c], SIGNAL)
        blocks.append(sheet.chart([line], ends, _named(detection, c), spans, height=80))
    if len(order) < len(detection.names):
        blocks.append(sheet.text(f"{plural(len(detection.names) - len(order), 'further channel')} not drawn."))
    blocks.append(
        sheet.heading(f"{plural(len(stretches), 'flagged stretch', 'flagged stretches')}, highest peak first")
    )
    if stretches:
        headings = ("start", "end", "length", "above the threshold", "peak", "main channels")
        blocks.append(sheet.table(headings, [_row(detection, each) for each in stretches[:MAX_STRETCHES]]))
    if len(stretches) > MAX_STRETCHES:
        blocks.append(sheet.text(f"… and {len(stretches) - MAX_STRETCHES:,} more with lower peaks."))
    if judged:
        blocks += [sheet.heading("What was judged, and what follows"), *map(sheet.text, judged)]
    if made.figures:
        blocks.append(sheet.heading("Measured against the file's labels"))
        names = ("auc_pr", "chance", "vus_pr", "precision", "recall")
        said = ("AUC-PR", "by chance", "VUS-PR", "precision", "recall")
        blocks.append(
            sheet.table(
                ("", *said, "stretches found", "false alarms"),
                [
                    (
                        name,
                        *(f"{each.figures[key]:.3f}" for key in names),
                        f"{each.figures['found_stretches']} of {each.figures['labelled_stretches']}",
                        str(each.figures["false_alarms"]),
                    )
                    for name, each in ((network, made), ("PCA", pca))
                ],
            )
        )
    blocks += [sheet.heading("Settings"), sheet.facts(_settings(checkpoint, detection))]
    return sheet.page(f"What is abnormal in {file}", blocks)


def _named(detection: Detection, c: int) -> str:
    unit = detection.units[c]
    return f"{detection.names[c]} [{unit}]" if unit else detection.names[c]


def _trained_on(checkpoint: Checkpoint) -> str:
    return file_label(str(checkpoint.config.source.get("file", ""))) or "a table"


def _channels(detection: Detection, stretches: list) -> list[int]:
    """The channels that are drawn: those with the largest shares of the flagged stretches, then as they come."""
    shares = np.sum([each.shares for each in stretches], 0) if stretches else np.zeros(len(detection.names))
    return [int(c) for c in np.argsort(-shares, kind="stable")[:MAX_CHANNELS]]


def _row(detection: Detection, each) -> tuple[str, ...]:
    first, last = each.told
    return (
        when(detection, first),
        when(detection, last - 1),
        lasts(detection, each),
        between(detection, each.start, each.end),
        f"{each.peak:.3g}",
        ", ".join(f"{name} {share:.0%}" for name, share in main_channels(detection.names, each)),
    )


def _settings(checkpoint: Checkpoint, detection: Detection) -> list[tuple[str, str]]:
    config = checkpoint.config
    said = {
        "window": f"{detection.window} rows",
        "latent dimensions": f"{config.k}, {detection.n_dims} used for scores",
    }
    source = {
        name.replace("_", " "): str(value) for name, value in config.source.items() if name not in ("file", *said)
    }
    recipe = {"epochs": str(config.epochs), "hidden layers": ", ".join(map(str, config.hidden)) or "none"}
    return [*(said | source | recipe).items()]
