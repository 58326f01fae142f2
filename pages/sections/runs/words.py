"""Everything that the Runs page says, but for the headings of the figures, which are the core's."""

from typing import NamedTuple

TITLE = "Every run, side by side"
SENTENCE = (
    "Select runs to compare their maps and curves. All errors are on data that no training saw, next to those of PCA "
    "with as many dimensions."
)
BELOW, ABOVE = ", {part:.0%} less", ", {part:.0%} more"

# ---- the table

DATA_OF_FILE = "{data}: {file}"
STATE_OF = "{state}, epoch {epoch} of {epochs}"
COLUMNS = {  # name in the table: heading
    "run": "run",
    "state": "state",
    "source": "data",
    "variant": "variant",
    "k": "k",
    "seconds": "seconds",
}
K_HELP = "latent dimensions"
SECONDS_HELP = "of training"
TABLE_ALT = "Runs and checkpoints with their measures on held-out data"
SELECT = (
    "Select one run to rename, download or delete it, or to see its code; select several to compare them. A click on a "
    "column's heading sorts."
)

# ---- the comparison

MAPS, CURVES, DIFFERENCES = "##### Maps", "##### Curves", "##### What differs"
FIRST_MAPS = "Only the first {drawn} of {count} are drawn."
NO_MAP = "{run} has no map yet."
MAP_ALT = "Map of the codes of {run}"
MAP_CAPTION = "{count:,} held-out samples, {axes}"
SAME_SCALE = "All maps have the same scale."
OWN_SCALES = "Each map has a scale of its own: the codes of one are spread many times wider than another's."
AXES_OF_MANY = "the two directions in which the codes vary most"
AXES = {1: "z across", 2: "z1 across, z2 up"}
WHICH_CURVE = "Which curve"


class Curve(NamedTuple):
    """A curve's title, and its key in metrics.jsonl."""

    title: str
    key: str


CURVES_OF = {"loss": Curve("held-out loss", "test_loss"), "error": Curve("squared error", "squared_error")}
OTHER_SCALES = (
    "The losses of different kinds of autoencoder are not on one scale: compare the squared errors in the table."
)
SECOND_RUN = "Select a second run to see the settings in which the two differ."
SAME_RECIPE = "Nothing: all settings are the same."

# ---- one run

WATCH = "Watch it"
DOWNLOAD = "Download"
DOWNLOAD_HELP = (
    "Recipe, weights, codes and measures as a zip file: unpack it into another runs/ folder, or upload it on another "
    "Runs page."
)
RENAME, NEW_NAME = "Rename", "New name"
DELETE, DELETE_DO = "Delete", "Delete it"
DELETE_ABOUT = "{run}, its weights and its measures are removed for good."
NOT_YOURS = "Somebody else started this run: you can look at it and download it, not change it."
SHARE, SHARE_DO = "Share", "Whoever has the link sees this run"
SHARE_ABOUT = (
    "Others can look at it and download it, and change nothing. Switched off, the link shows nothing any more."
)
SHARE_LINK = "{base}/runs?runs={run}&shared={secret}"
UPLOAD = "Upload a run"
UPLOAD_FILE = "A zip file from a Download button of this page"
CODE = "Show me the code: this run in plain PyTorch, or with ae_core"
CODE_TABS = ["plain PyTorch", "with ae_core"]
NO_CODE = "The program can be written once the run has begun. ({error})"
CODE_ABOUT = (
    "Save it and run it where torch and NumPy are: same data, seeds, layers and steps, so that its losses equal this "
    "run's up to rounding. Two kinds of data take more: the 8×8 digits come with scikit-learn, and a table of signals "
    "is read by ae_core."
)
CORE_ABOUT = "After `pip install .` in a checkout of this program: the same training, and the trained model in use."
COMMAND_ABOUT = "With this program, the same in one line:"
