"""Everything that the Variants page says, but for the variants' own titles and ideas, which are the core's."""

from typing import NamedTuple

# ---- the page

THE_VARIANT, THE_FIGURE, THE_DATA = "The variant", "The figure", "Samples of"
SHIPPED = "models that are here for all"
LEFT_OUT = "Not for these samples: {figures}. That takes pictures, or models that differ in β alone."
HINT = "Drag a slider, or a point in the figure."
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


class FigureWords(NamedTuple):
    """A figure's title, what to notice in it, a question, and its answer."""

    title: str
    notice: str
    question: str
    answer: str


OWN_CLASSES = FigureWords(
    "Every class in one style",
    "The model is class-conditional, so the map has no regions of classes: all of them are everywhere, and a position "
    "means what else varies.",
    "What would happen if the encoder were not given the class?",
    "The decoder would still be given it, so the code need not contain it; but the encoder would have to recognise "
    "the class to know the style. With the class given, that is simply easier.",
)

FIGURES: dict[str, FigureWords] = {
    "rebuild": FigureWords(
        "Reconstruct a digit",
        "The same digit through each bottleneck: the squared error says how much is lost, not whether the result is "
        "still a good digit.",
        "Draw a letter, or a scribble. Which model reconstructs it best, and why is that no merit?",
        "Mostly PCA: its components add up to nearly anything. A network has learned digits, and moves what it does "
        "not know towards them. That it fails on what is out of distribution is what makes it useful: its "
        "reconstruction error tells the unusual from the normal (the Signals page uses that).",
    ),
    "noise": FigureWords(
        "Noise",
        "The plain autoencoder reconstructs part of the noise, or a wrong digit; the denoising one was trained to "
        "reproduce the clean digit. Both are given the same noise here.",
        "What happens at amount 0, and with a kind of noise on which it was not trained?",
        "At 0 the plain one is often a little better: the denoising one gave up some detail for robustness. It removes "
        "much of a noise that it has never seen, too, because it has learned where digits lie, not what noise looks "
        "like.",
    ),
    "signal-noise": FigureWords(
        "Noise on a signal",
        "The reconstruction of the denoising autoencoder mostly lies nearer to the clean signal (thin line): it has "
        "learned which curves there are. The plain one follows part of the noise.",
        "A moving average removes noise, too. What can the denoising autoencoder do that it cannot?",
        "An average knows nothing of the signal: it removes fast parts together with the noise. The denoising "
        "autoencoder finds the nearest of the signals that it knows; it pays for that where a signal is unlike all of "
        "them.",
    ),
    "mask": FigureWords(
        "Your own mask",
        "Masked patches are filled in from the few that are visible; the plain autoencoder, which was never trained "
        "with masks, takes the holes for part of the picture.",
        "Mask the upper half of a 7 or a 9: what is filled in, and why is it blurred?",
        "Several digits have such a lower half, and squared error asks for one picture: the best single answer is the "
        "average of what is possible.",
    ),
    "units": FigureWords(
        "Which units are active",
        "Few units are active for a digit, and others for the next: step through the digits and watch them change. The "
        "picture of a single unit is a pattern of strokes, rarely a whole digit.",
        "How many units does this digit need before you recognise it?",
        "Fewer than are active, and not the same number for each digit. Move the slider: the strongest units draw the "
        "strokes, the weak ones correct edges.",
    ),
    "contraction": FigureWords(
        "How far the code moves",
        "The same noise moves the code of the plain autoencoder farther than that of the contractive one, each "
        "relative to the spread of its own codes.",
        "Could a network cheat by making its codes tiny?",
        "Yes: with codes z ten times as small and a decoder that multiplies by ten, ‖∂z/∂x‖ shrinks tenfold and "
        "nothing is gained. So lengths are given relative to the spread of the codes, which such a trick leaves "
        "unchanged.",
    ),
    "epsilon": FigureWords(
        "μ, σ and ε",
        "Training decodes z = μ + σ·ε with a new ε each time: everything within a few σ of μ must decode to the same "
        "digit. That is why neighbours on the map look alike.",
        "Why does σ not shrink to 0, which would give the best reconstruction?",
        "The KL term contains −log σ for each dimension: σ = 0 would cost infinitely much. The reconstruction loss "
        "pulls σ down, the KL term pulls it up to 1 and μ to 0.",
    ),
    "beta": FigureWords(
        "β from small to large",
        "More weight on KL: the codes contract to the prior, and their σ grows until neighbours share one blurred "
        "picture. The rate falls, the distortion rises.",
        "Which β is right?",
        "That depends on the purpose: a small one for reconstruction, 1 where −ELBO must bound the likelihood, a large "
        "one for few, separate factors. The curve is what can be reached; β only chooses a point on it (Alemi et al. "
        "2018).",
    ),
    "classes": FigureWords(
        "Ten digits in one handwriting",
        "The model is class-conditional, so the map has no regions of digits: all ten are everywhere, and a position "
        "means slant, width and thickness.",
        "What would happen if the encoder were not given the class?",
        "The decoder would still be given it, so the code need not contain it; but the encoder would have to recognise "
        "the digit to know its style. With the class given, that is simply easier.",
    ),
    "signal-classes": FigureWords(
        "Signals: every class in one style",
        "The model is class-conditional, so a position on the map means what else varies: in the shipped model, where "
        "the machine is in its cycle. The fault is always in the first channel, the thick line; the others hardly "
        "change from class to class.",
        "Faulty samples are rare. Can synthetic ones help to train a detector?",
        "They contain no kind of fault that was not in the training data, and squared error draws the average of "
        "where a fault begins. They can balance rare classes, but measure that on real faults.",
    ),
    "tokens": FigureWords(
        "Tokens",
        "Select a token on the picture, then a vector of the codebook: only its part of the digit changes, as a "
        "convolutional decoder combines only what is near.",
        "Why are codebook vectors that are never used a problem, and what helps?",
        "A vector moves only when it is chosen, so one that starts far away stays there for ever (a dead code). Here "
        "dead codes are reset to outputs of the encoder at the start of each epoch.",
    ),
    "holes": FigureWords(
        "Gaps in the latent space: AE against VAE",
        "Drag to where there are no codes: the decoder still draws something, and its own encoder may map that picture "
        "to another place (the arrow). The plain autoencoder leaves far more of its map empty.",
        "Does the VAE have no gaps?",
        "It has fewer: training decoded every place between its codes and under the prior. Far outside it "
        "extrapolates as well; show the re-encoding error everywhere, and compare the edges.",
    ),
    "axes": FigureWords(
        "PCA's subspace, other axes",
        "Reconstructions and errors are PCA's, but the decoder's axes look like none of PCA's components: they are a "
        "mixture of them. PCA's components themselves are reconstructed almost perfectly.",
        "Why does it not find PCA's components themselves?",
        "The error depends on the subspace alone: rotate or scale the axes within it, undo that in the decoder, and "
        "nothing changes. PCA adds the order by variance.",
    ),
    "cut": FigureWords(
        "Any number of latent dimensions",
        "One network, cut after any k: the first dimensions carry most, as in PCA, and at every k its digit is "
        "clearer.",
        "What does one model for all sizes cost?",
        "A little at each size: a network trained for that size alone may be somewhat better (see 'A model for each "
        "size' on the Bottleneck page).",
    ),
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
