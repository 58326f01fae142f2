"""Everything that the Signals page says, but for what the core says of a file, a run or a threshold.

`{…}` is filled in where the sentence is shown. Texts of a user are escaped there.
"""

from ae_core.base.text import plural
from ae_core.data.csv.table import Doubt

# ---- the page

TITLE = "What is abnormal in a signal"
SENTENCE = (
    "Open a CSV of sensor channels, or simulate a plant: drag the threshold and see what is flagged, when, and which "
    "channels contribute most."
)
OPEN = "Open a CSV"
PLANT = "Simulate a plant"
RUN = "Run"
WHICH = "File **{file}**, scored by the run **{run}**."
IN_TRAINING_RUN = "{run} (in training)"
RUN_ON_FILE = "{run} ({file})"
NO_SCORES = (
    "{run} has no scores of a file here: it was trained on {file}, which is not on this server. Open that file again, "
    "or another one with the same channels, and it is scored."
)
FILE_GONE = "file: it is no longer on this server, open it again"
READ_MUST = "must be settings of the reader, NAME=VALUE with & between"
VIEW_MUST = "must be FIRST:LAST within the {count:,} rows"

READING_FILE = "Reading the file …"
CUTTING_WINDOWS = "Cutting windows …"
OPENING_SCORES = "Opening the scores …"
DRAWING = "Drawing the signals …"

# ---- a table that was scored

JUDGED = "What was judged, and what follows"
JUDGED_ABOUT = (
    "Choose a flagged stretch and press N (normal), L (look again) or F (fault), or mark rows yourself. Kept with the "
    "run; the threshold above follows at once."
)
JUDGED_ELSEWHERE = "{count} of other files {are} kept too, and not used here but for what was called normal and named."
EVENTS_EXPORT = "Judged stretches (CSV)"
EVENTS_EXPORT_HELP = "start, end, verdict, name, comment: read here again, and by `score --events`."
EVENTS_IMPORT = "Read judged stretches (CSV)"
EVENTS_READ = "{count} read."
FOLLOWS = "Show kinds, others like the chosen stretch, and what was called normal as usual"
FOLLOWS_NOT = (
    "Kinds and others like a stretch need the table itself, which this page cannot read: open the file here and score "
    "it with this run."
)
FOLLOWS_COMPUTING = "Looking at what is unusual in each row …"
USUAL = "Count what was called normal as usual, without training: {change}"
USUAL_NOTE = "The scores above have what was called normal among what is usual; the switch below takes it back."
INTO_TRAINING = "Train a new run with what was called normal …"
KINDS_TITLE = "Kinds of flagged stretches (in colour above, and on the map by “kind”)"
KIND_NAME = "Name of {kind}"
KIND_NAMED, KIND_UNNAMED = "{kind} is called {name}", "{kind} has no name"
KIND_UNDO = "Undo: {said}"
KINDS_NEW = "{new} of {all} are like no kind that was named."
ALIKE_NONE = "Choose a flagged stretch, or mark rows, to see others like it and which channel moved first."
STORY_TITLE = "Which channel moved first, and how"
STORY_CHARTS = "Aligned at the start (0; dotted, as the end is): measured, and as the network rebuilds it (dashed)."
EVENT_KIND = "Its flag is of {kind}."
EVENT_REPORT = "Report of this stretch (HTML)"
EVENT_REPORT_HELP = "Figure, numbers and comment in one file to send."
GONE_NORMAL = "To train on these normal rows, open the file again: it is no longer on this server."
USE_NORMAL = "Use these normal rows …"
TRAIN_ON_FILE = "Train on this file …"
CHANGE = "Change the settings …"
MEASURES = {"test_reconstruction": "Held-out reconstruction error", "test_loss": "Held-out loss"}
IN_TRAINING = "{name} per window: {now:.4g} after epoch {epoch}, {first:.4g} after the first epoch."
SCORING = "A worker is scoring {file} with {run} …"
SCORING_FAILED = "Scoring failed ({error}). Choose the run again to retry."

FIGURES = {  # what is measured against labels: heading, meaning
    "auc_pr": ("AUC-PR", "mean precision over all thresholds, by row"),
    "chance": ("by chance", "the AUC-PR of a score of no use"),
    "vus_pr": ("VUS-PR", "the same, but flags up to 100 rows early or late still count"),
    "precision": ("precision", "share of the flagged rows that are labelled abnormal"),
    "recall": ("recall", "share of the rows labelled abnormal that are flagged"),
}
FOUND_STRETCHES = "labelled stretches found"
FALSE_ALARMS = "false alarms"
OF = "{part} of {whole}"
AGAINST_LABELS = "Measured against the file's labels, which were used for no score. {figures}."
STRETCH_SETTINGS = "What counts as one stretch"
MIN_ROWS = "shortest stretch (rows above the threshold)"
MIN_ROWS_HELP = "Fewer rows above the threshold are not listed: an eighth of a window, unless you say otherwise."
MERGE_ROWS = "rows between two that are one"
MERGE_ROWS_HELP = "Stretches with fewer rows between them are one: a window, unless you say otherwise."
CALIBRATE = "Calibrate the threshold on the labels"
CALIBRATE_HELP = "Uses the labels of the rows in view: zoom in to choose a stretch."
CALIBRATED = "This threshold has the best F1 by row, {f1:.3f}, against the labels of {rows}"
CALIBRATED_CAUTION = "{sentence}. It was chosen to fit these rows, so judge it on others."
ALL_ROWS = "all rows"
ROWS_IN_VIEW = "rows {first:,} to {last:,}"

DIMENSIONS = (
    "**How few numbers describe the signal?** By PCA, {kept} {explain} **{explained:.1f} %** of the variance "
    "of a normal window of {size:,} values. The code has {k}; the anomaly score uses {those}, which "
    "{explain} at least {wanted:.4g} % (dotted line). The rest mostly model noise."
)
DIMENSIONS_X = "latent dimensions"
HELD_OUT_ERROR = "held-out squared error"

# ---- files to download

REPORT = "Report"
REPORT_HELP = "One page to keep, send or print: signal, score, threshold, flagged stretches, PCA beside, settings."
SCORES = "Scores"
SCORES_HELP = "One row per row of the file: its time, anomaly score and flag."
STRETCHES = "Flagged stretches"
STRETCHES_HELP = "Start, end, peak, and each channel's share of the error."
MODEL = "Model"
MODEL_HELP = "The run: weights, scaling and thresholds. The Runs page can upload it."
SCRIPT = "Script"
SCRIPT_HELP = (
    "A plain PyTorch program that trains the same network on the file that it is given, and writes scores and "
    "threshold."
)
NOTEBOOK = "In a notebook: ten lines that score a table with this run"
NOTEBOOK_ABOUT = "Run them beside ae_core/, with the path of your file. Any DataFrame with the run's channels will do."
COMMAND = (
    "On the command line, `python -m ae_core score new.csv --checkpoint {run} --threshold {threshold} --out "
    "scores.csv` scores another file with this run and this threshold."
)

# ---- other detectors

OTHERS = "Compare with other detectors"
OTHERS_ABOUT = (
    "They learn from the same normal windows, and each has the threshold's rule on its own held-out scores. Computed "
    "when asked for, which takes a few seconds for a long table. On 26 series of a public benchmark (TSB-AD) the "
    "network scores as PCA does and no better: mean VUS-PR .554 against .552, the difference of the two, series by "
    "series, −.0004 to +.0049 with 95 %."
)
OTHERS_SHOW = "Show them"
OTHERS_COMPUTING = "Scoring with other detectors…"
OTHERS_DETECTOR, OTHERS_FLAGGED = "detector", "stretches"
OTHERS_AUC, OTHERS_VUS, OTHERS_FOUND, OTHERS_FALSE = "AUC-PR", "VUS-PR", "found", "false alarms"
OTHERS_STRETCH, OTHERS_AGREE = "flagged stretch", "also flagged by"
OTHERS_NOBODY = "no other detector"

# ---- denoising and synthetic windows

CHANNEL = "Channel"
REBUILDING = "Reconstructing the signal …"
DENOISE = "Denoise: the reconstructed signal next to the raw one"
DENOISE_ABOUT = (
    "Each row is averaged over the reconstructions of all windows that contain it. A denoising autoencoder, which is "
    "trained to remove noise that was added to its input, does this best: choose it before you train."
)
DENOISE_SHOW = "Show it"
FROM_ROW = "From row"
RAW, CLEANED = "raw", "reconstructed"
CLEANED_FILE = "Reconstructed signal"
GENERATE = "Generate: synthetic windows next to real ones"
GENERATE_PRIOR = "Codes are drawn from the prior and decoded."
GENERATE_FITTED = (
    "This network has no prior: codes are drawn from a Gaussian distribution fitted to its own codes, to which "
    "training did not adapt them. A variational autoencoder gives better samples."
)
GENERATE_SHOW = "Show them"
WINDOWS = "windows"
TEMPERATURE = "temperature"
SEED = "seed"
SYNTHETIC, REAL = "synthetic", "real"
GENERATED_FILE = "These windows"

# ---- the textbook's plant

TEXTBOOK = "A textbook plant: 6 channels in 2 latent dimensions"
TEXTBOOK_ABOUT = (
    "{normal} normal samples of {channels}, and {faulty} with a spike of the {first} and a drop of the {second}. Both "
    "models are trained on the normal ones; a sample whose error exceeds {caught:.0f} % of theirs is called abnormal. "
    "False alarms are counted on normal samples that neither has seen."
)
TEXTBOOK_MEASURE = "Measure it"
TEXTBOOK_OPEN = "Open it as a table"
TEXTBOOK_WAIT = "A worker is training the small network …"
TEXTBOOK_FAILED = "The job failed ({error}). Turn the switch off and on to retry."
TEXTBOOK_HEADINGS = (
    "",
    "mean squared error",
    "variance explained",
    "compression",
    "faults detected",
    "false alarms",
    "error, faulty / normal",
)

# ---- opening a table and training on it

PLANT_CHANNELS = "channels"
PLANT_ROWS = "rows (one a minute)"
PLANT_FAULT = "fault"
PLANT_WHERE = "in channel"
PLANT_START = "from row"
PLANT_LENGTH = "number of rows"
PLANT_SIZE = "size (standard deviations)"
PLANT_MAKE = "Simulate"
FAULTS = {
    "spike": "vibration spike: raised",
    "drop": "temperature drop: lowered",
    "stuck": "stuck sensor: constant",
    "drift": "drift: rises slowly",
}

DETECTED = "**How the file is read**"
CHANNELS = "Channels"
CHANNELS_ALL = "all of them"
CHANNELS_HELP = "Only these are used."
CHANGE_READING = "Change how the file is read: heading, separators, time, label, gaps"
FIRST_CHECKS = "**First checks**"
READING_GROUPS = {
    "Lines and columns": ("heading", "header", "leave_out", "encoding", "delimiter", "decimal", "layout"),
    "Time": ("time", "time_format", "time_unit", "time_origin", "time_step", "day_first"),
    "Label": ("label", "normal_values"),
    "Values": ("missing", "values", "states", "steps", "fill"),
}
NO_COLUMN = "none"
FIRST_LINES = "**The file's first lines**"
READ_AS = "**As they are read**"
SET_READING = "Set reading options"
RESET_READING = "Reset to detected options"
TABLE = (
    "**{rows}**, {channels}. Normal: {normal} (drag the edges in the figure); the last fifth of them "
    "is held out. Windows of {window}."
)
NORMAL_TIMES = "from {first} to {last}"
HEALTHY = "Was the machine healthy there?"
NORMAL_ROWS = "Normal stretches"
NORMAL_PLACEHOLDER = "START:END, such as 0:400, 600:800 or 2024-01-01:2024-02-01"
NORMAL_HELP = (
    "In rows or in times, several with commas between. The network learns from these rows alone. Empty: proposed."
)
MODEL_KIND = "Autoencoder"
AUTOMATIC = "automatic"
LATENT = "latent dimensions (0 = {proposed})"
WINDOW = "window, rows (0 = {proposed})"
EPOCHS = "epochs (0 = {proposed})"
RUN_NAME = "Name of the run"
TRAIN = "Train detector"
TRAIN_ABOUT = (
    "Training uses the normal rows only and runs in the background; PCA of the same windows is shown for comparison."
)
MAP_WINDOWS = "Map its windows"
MAP_WINDOWS_HELP = "A map of two numbers for each window, to be dragged on Explore: similar stretches lie together."
MAPPING_WINDOWS = "Mapping the windows …"
MAP_FAILED = "The training failed: {reason}"
MAP_DOORS = {"explore": "Explore: drag the dot", "interpolate": "Interpolate: from one window to another"}
SCORING_SETTINGS = "How the anomaly score is computed"
SCORE_FROM = "Anomaly score from"
SCORE_TYPES = {
    "newest": "worst channel of the newest rows, and distance in latent space",
    "combined": "error and position in latent space of the whole window",
    "error": "mean squared error only",
}
SMOOTHING = "Smoothing window (rows)"
VARIANCE = "Latent dimensions used for scoring (variance kept)"
EARLIER = "Or score it with an earlier run"
SCORE = "Score"
FILL_GAPS = "Fill gaps up to (steps)"
RESAMPLE_EVERY = "Resample interval (s, 0 = off)"
STRIDE = "Stride (rows, 0 = automatic)"
RESAMPLE = "Resample to one row every {step}: {rows} rows become {became}"


def uneven_rows(share: float, step: str) -> str:
    """Some rows do not follow on each other as the others do. share: 0..1."""
    return (
        f"{100 * share:.0f} % of the rows do not come every {step}: without resampling they are treated as if they did."
    )


def long_gaps(count: int, steps: int) -> str:
    """Gaps that are not filled."""
    return f"{plural(count, 'gap is', 'gaps are')} longer than {steps} steps: no window crosses {_them(count)}."


def short_gaps(count: int) -> str:
    """Gaps that are passed over."""
    return (
        f"{plural(count, 'shorter gap is', 'shorter gaps are')} ignored, as if no time had passed: resampling fills "
        f"{_them(count)}; with gaps filled up to 0 steps, windows end there instead."
    )


def normal_times(times: list[str], more: str) -> str:
    """When the normal stretches are."""
    return f"{_upper(', '.join(times))}{more}."


def _them(count: int) -> str:
    return "it" if count == 1 else "them"


# ---- what is doubtful about a file

TIME, ROW, ABNORMAL, ABSENT, YES, NO = "time", "row", "abnormal", "–", "yes", "no"
AS_PROPOSED = "This is how the file is read now"
INSTEAD = "Read the file this way instead"
ALL_AS_PROPOSED = "All as proposed"
SAMPLES = (
    "Each row is a whole sample, not a moment: this page cuts windows of neighbouring rows. Score each row by itself "
    "meanwhile, or say that rows are moments after all."
)
EACH_ROW_ALONE = "score each row by itself"
ROWS_ARE_MOMENTS = "rows are moments"
READINGS = {
    ("day_first", "yes"): "day first",
    ("day_first", "no"): "month first",
    ("layout", "moments"): "each row is a moment",
    ("layout", "samples"): "each row is a sample",
    ("layout", "across"): "the table lies on its side",
    ("layout", "days"): "a day in each row",
    ("decimal", "comma"): "the comma is the decimal sign",
    ("decimal", "point"): "the point is the decimal sign",
    ("fill", "last"): "carry the last value on",
    ("fill", "none"): "leave the gaps",
}
SHORT = {
    "day_first": "day or month first",
    "delimiter": "what separates columns",
    "decimal": "the decimal sign",
    "layout": "what a row is",
    "samples": "what a row is",
    "time": "the time",
    "label": "the label",
    "columns": "which columns are channels",
    "missing": "which values are missing",
    "states": "words as numbers",
    "fill": "how gaps are filled",
    "heading": "the heading",
}


def reading(doubt: Doubt, side: str) -> str:
    """One of the two readings of what is doubtful, for its button. side: "keep" or "instead"."""
    value = doubt.chosen if side == "keep" else doubt.other
    if side == "instead" and "steps" in doubt.instead:
        return _upper("take their steps from row to row")
    if side == "instead" and doubt.instead == {"time": "none"}:
        return _upper("rows are evenly spaced, without a time")
    if doubt.what == "delimiter":
        return _upper(f"columns are separated by {value}s")
    known = READINGS.get((doubt.what, value))
    return _upper(known or value) if known or ": " not in doubt.chosen or side == "instead" else value


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def short_question(doubt: Doubt) -> str:
    """What a question is about, in a few words."""
    return SHORT.get(doubt.what, doubt.what)


def still_open(what: list[str]) -> str:
    """What keeps a file from being trained on."""
    return (
        f"{plural(len(what), 'question is', 'questions are')} still open above the figure: "
        f"{', '.join(dict.fromkeys(what))}. Answer {_them(len(what))}, or take what is proposed, before training."
    )


def abnormal_rows(count: int, rows: int) -> str:
    """How many of the first rows a label calls abnormal."""
    return f"{count:,} of the first {rows:,} rows are abnormal"


def more_channels(count: int) -> str:
    return f"and {plural(count, 'channel')} more"
