"""Everything that the Train page says, but for what the core says of a setting, a preset or a run that failed."""

from ae_core.base.text import plural

# ---- the page

TITLE = "Watch a network learn"
SENTENCE = (
    "Press Train. The network is trained in the background while you watch; slide over its epochs to see how the "
    "latent map forms."
)
PLAY = "Small data? It trains on Playground, in your browser, at once"

# ---- the form

LEARN_FROM = "Data"
WITH = "Autoencoder"
MORE_SETTINGS = "More settings"
THE_DATA = "Data settings"
USES = "Uses {file}"
FILE_GONE = "file: it is no longer on this server, upload it again"
TRAIN = "Train"
NOT_FETCHED = (
    "{data}: not in the data folder. Train downloads them once, if there is a network connection (LATENT_DATA names "
    "the folder). The small digits and the sinusoids are always available."
)
NO_TABLE = "Upload a table to train on."
MEASURING = "Timing a few steps, to estimate how long training takes …"
QUEUED_ESTIMATE = "The training time is estimated as soon as a worker is free."
NO_ESTIMATE = "The training time could not be estimated ({error})."
ESTIMATE = (
    "About **{total}** on {place}: {epochs} of {each} s, {samples:,} samples, {parameters:,} weights. Estimated from a "
    "few steps, plus time for the final evaluation."
)

# ---- a run

STATES = {
    "queued": "waiting",
    "running": "training",
    "measuring": "trained; the final evaluation is running",
    "stopped": "stopped",
    "done": "done",
    "failed": "failed",
    "dead": "interrupted",
}
STOPPED_BY = "stopped by {who}, {when}"
SHIPPED = "ships with the program"
POSITION = "waiting, number {position} in the queue"
EPOCH = "epoch {epoch} of {epochs}"
STEP = ("batch {step:,} of {steps:,}", "{rate:,.0f} samples/s", "{left} left")
PREPARING = "A worker is preparing the data …"
STOP, STOP_HELP = "Stop", "Ends after the current step; the run can be resumed."
RESUME, RESUME_HELP = "Resume", "Continues from its last epoch."
ANEW = "Start anew"
ANEW_HELP = "Trains a new run with the same settings, on the data as they are now; this one stays."
EVALUATE = "Evaluate as it is"
EVALUATE_HELP = "Computes codes and measures from the last epoch's weights, so that the other pages can show the run."
EVALUATING = "A worker is evaluating the run …"
PAGES = {  # links to the pages that can show a run
    "explore": "Explore it",
    "interpolate": "Interpolate",
    "bottleneck": "In Bottleneck",
    "signals": "In Signals",
}

# ---- its film and curves

HELD_OUT_SAMPLES = "{count:,} held-out samples"
MAP_OF_MANY = "the two directions in which the {k} latent dimensions vary most"
DIRECTIONS = ["direction 1", "direction 2"]
TRAINING, HELD_OUT, PCA = "training", "held out", "PCA"
SQUARED_ERROR = "squared error"
CURVES = {"loss": "loss (what is minimised)", "kl": "KL"}
NATS, SUMMED = "nats", "summed over a sample's values"


def curves_caption(unit: str, k: int) -> str:
    """What the curves are. k: the size of the code."""
    return (
        f"Each is the mean over samples ({unit}). Training: averaged while the weights change. Held out: after the "
        f"epoch, on data that is never trained on. Squared error: of the first held-out samples, reconstructed from "
        f"{plural(k, 'latent dimension')} by the network and by PCA."
    )
