"""Everything that the Variants page says, but for the variants' own titles and ideas, which are the core's."""

# ---- the page

THE_VARIANT, THE_FIGURE, THE_DATA = "The variant", "The figure", "Samples of"
SHIPPED = "models that are here for all"
LEFT_OUT = "Not for these samples: {figures}. That takes pictures, or models that differ in β alone."
READING_SAMPLES = "Reading samples …"
NO_MODEL = (
    "There is no model for this figure yet: [train one on the Train page]({link}). The form is filled in already, and "
    "the model appears here when it is done."
)
EXPLANATION = (
    "{paper}. f is the encoder, g the decoder, ℓ the reconstruction loss: squared error or cross-entropy, summed over "
    "the values of a sample."
)
CODE = "Its few lines of code"
WHOLE_PROGRAM = "The whole program"
TRAINED_WITH = "{run} was trained with"

# ---- the five parts of an autoencoder, as a drawing

PARTS_NONE = "the plain autoencoder itself: nothing is added"
PARTS_SOME = "differs from the plain autoencoder in: {parts}"
PARTS_LABEL = "The five parts of an autoencoder; this variant {differs}"
WITH_CLASS = {"encode": "encode + class", "decode": "decode + class"}

# ---- what models are called in a figure

PLAIN = "plain AE"
NOISY_TARGET = "trained on noisy targets"

# ---- the figures


OWN_CLASSES = "Every class in one style"
FIGURES = {  # their titles
    "rebuild": "Reconstruct a digit",
    "noise": "Noise",
    "signal-noise": "Noise on a signal",
    "mask": "Your own mask",
    "units": "Which units are active",
    "contraction": "How far the code moves",
    "epsilon": "μ, σ and ε",
    "beta": "β from small to large",
    "classes": "Ten digits in one handwriting",
    "signal-classes": "Signals: every class in one style",
    "tokens": "Tokens",
    "holes": "Gaps in the latent space: AE against VAE",
    "axes": "PCA's subspace, other axes",
    "cut": "Any number of latent dimensions",
}

# What was measured on all held-out samples, filled in from the model's measures; behind it the same of the plain
# autoencoder. A sentence whose measures are missing is left out.
_RESTORED = (
    "{restored_squared_error:.2f} per held-out {sample}; that of PCA of the same size is "
    "{pca_restored_squared_error:.2f}."
)
_CLASSIFIED = "A classifier assigns {asked_accuracy:.1%} of its samples to the requested class."
MEASURED: dict[str, tuple[str, str]] = {
    "noise": ("With noise as in training, its squared error is " + _RESTORED.replace("{sample}", "digit"), ""),
    "signal-noise": ("With noise as in training, its squared error is " + _RESTORED.replace("{sample}", "signal"), ""),
    "mask": ("With masks as in training, its squared error is " + _RESTORED.replace("{sample}", "digit"), ""),
    "units": (
        "Over all held-out digits {active_share:.1%} of the units are active, with a squared error of "
        "{squared_error:.2f}",
        "; the plain autoencoder's is {squared_error:.2f}",
    ),
    "contraction": (
        "Over held-out digits ‖∂z/∂x‖ is {jacobian_norm:.2f}, which is {relative_jacobian_norm:.2f} times the spread "
        "of the codes, with a squared error of {squared_error:.2f}",
        "; for the plain autoencoder {jacobian_norm:.2f}, {relative_jacobian_norm:.2f} and {squared_error:.2f}",
    ),
    "classes": (_CLASSIFIED, ""),
    "signal-classes": (_CLASSIFIED, ""),
    "axes": ("Mean squared error of all held-out digits: {squared_error:.3f}; PCA's: {pca_squared_error:.3f}.", ""),
}

MISTAKE = (
    "**The beginner's mistake** is a loss that compares with the noisy input (target: noisy): then the best answer is "
    "to copy the noise as well, and what is left is a plain autoencoder. "
)
MISTAKE_SHOWN = "Such a model is shown next to the two."
MISTAKE_MISSING = "[Train one]({link}), and it is shown next to these two."
BOTTLENECK = "The Bottleneck page has it in full"
USAGE = "{tokens} tokens out of {codes} codes: {bits:.0f} bits per digit. Perplexity {perplexity:.1f} of {codes}"
USAGE_ALL = "; every code is used."


def unused_codes(count: int) -> str:
    """What follows `USAGE` where some codes are dead."""
    return f"; {count} code{' is' if count == 1 else 's are'} never used."


# ---- a synthetic set, as files

SAMPLES_PNG = "{each} of each class as PNG"
SAMPLES_CSV = "{each} of each class as CSV"
SAME_CSV = "the same as CSV"
SHEET_TITLE = "{each} samples of each class by {model}, one style per row"

# ---- background

USEFUL = "What codes are good for"
USEFUL_NOT_MEASURED = (
    "Codes are small and are learned without labels; a classifier on top of them needs fewer labels. That has not been "
    "measured for the models on this machine: "
    "`python -c \"from ae_core.runs.representation import save_usefulness; save_usefulness('digits-nested')\"` does it."
)
CODES, PCA, PIXELS = "network's code", "PCA", "pixels"
USEFUL_SHARE = "accuracy, %"
USEFUL_SIZES = ("latent dimensions kept", "all labels, a linear classifier")
USEFUL_LABELS = ("labels per class", "few labels, nearest neighbours")
RAND = "k-means clusters against classes (adjusted Rand index)"
NEIGHBOURS = "share of the {nearest} nearest with the same class"
USEFUL_CAPTION = (
    "Measured on {model}: classifiers fitted to {fitted:,} training samples, tested on {tested:,} held-out ones; with "
    "few labels the mean over {draws} random choices of them, seed {seed}."
)

RANGE = "Squared error or cross-entropy, and the output's range"
RANGE_TEXT = (
    "The output activation must be able to reach the data. **Sigmoid** outputs lie in 0–1, so each pixel can be read "
    "as a Bernoulli probability; the matching loss is **binary cross-entropy**, whose gradient stays large where the "
    "sigmoid is flat. **Identity** with **squared error** is for data without bounds. A sigmoid on signals from −3 to "
    "3 can never be right:"
)
SIGNAL, BEST_SIGMOID = "the signal", "the best that a sigmoid can output"
SIGNAL_UNITS = "signal units"
RANGE_TRY = "[Train it all the same]({link}): the page warns before it begins, and `auto` is right."

PCA_WINS = "When not to: the case where PCA wins"
PCA_WINS_TEXT = (
    "{samples} signals a·sin + b·cos of one frequency with noise: the data lie in a plane, which PCA finds in closed "
    "form. A linear network ends near it after some hundred steps; a deep one is free to learn the noise of its few "
    "samples as well, and overfits."
)
TRAIN_BOTH = "Train both now (some seconds, in the background)"
LINEAR_AE, DEEP_AE = "linear AE", "deep AE"
CLOSED_FORM = "closed form"
HELD_OUT_ERROR, HOW = "held-out squared error", "state"
STATE = "{state}, epoch {epoch} of {epochs}"
