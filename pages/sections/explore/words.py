"""Every sentence of the Explore page, in the order in which it is read."""

TITLE = "Every point on this map is a {thing}"
SENTENCE = (
    "Drag the dot: the trained decoder redraws in your browser as you move. "
    "Each small point is the latent code of a held-out sample."
)
MODEL, BESIDE = "The model", "Beside it"
COMPARE, COMPARE_WITH_NOTHING = "compare with: {title}", "compare with: nothing"

# What an autoencoder is, in one picture: name, kind, height of its box (0 to 1), sentence.

FIRST_STEPS = "What is this?"
PARTS_LABEL = "An autoencoder: input, encoder, latent code z, decoder, output"
PARTS = (
    ("input x", "data", 1, "A picture of 784 pixels, or a piece of a signal."),
    ("encoder", "net", 0.8, "A network that squeezes it into a few numbers."),
    ("z", "code", 0.25, "These numbers, the latent code: a point on this page's map."),
    ("decoder", "net", 0.8, "A network that makes a picture of any such point."),
    ("output x̂", "data", 1, "Trained to equal the input, as well as so few numbers allow."),
)
ORDER = "**An order to go through the pages:**"
PAGES = {
    "explore": "every point of the latent space is a picture",
    "interpolate": "what lies between two samples",
    "bottleneck": "how few numbers are enough, beside PCA",
    "playground": "a network that learns in your own browser while you turn its knobs",
    "variants": "what changes when one part is another",
    "train": "one of your own, watched as it learns",
    "runs": "compare what was trained",
    "signals": "the same idea finds what is abnormal in a machine's data",
}

# What to notice beside another model.

TWO_SAME = "Both networks have the same layers, seed and data. "
TWO_PRIOR = (
    "The plain autoencoder's map has holes and long empty arms where its picture means nothing; "
    "the variational one was trained to fill its plane."
)

# A group of samples that a line was drawn around.

GROUP = "**The {count:,} samples in the line**{of}, {what}"
GROUP_EMPTY = "No sample lies in that line: draw it around some points."
GROUP_SHOWN = ": {shown} of them"
GROUP_ERROR = "Their mean squared error is {error:.4g}, that of all {all:,} samples {whole:.4g}. "
GROUP_MEAN = "Their mean code is ({mean})."
GROUP_OTHERS = "**Others like these**: outside the line, and nearest to one of them {by}"
BY_VALUE, BY_CODE = "by the samples themselves", "by their codes"
GROUP_CSV = "Indexes, codes and classes as CSV"
MEAN_CODE = "the mean code, decoded"

# The nearest place that the classifier calls otherwise.

OTHERWISE = "**From {now} to {other}**: the nearest place that the classifier calls otherwise is {distance:.2g} away"
OTHERWISE_NONE = "Nothing on this map is called otherwise."
OTHERWISE_SEEN = "seen as {name}"

# The nearest held-out samples.

NEAREST = "**The {nearest} nearest of {count:,} held-out samples**, {what}"
ORIGINALS = "as they were recorded"
DECODED = "as the network reconstructs them (the originals are not on this machine)"
DISTANCES = (
    "The {nearest}th nearest is {distance:.3g} away ({unit}); {farther:.0%} of the samples have theirs farther. "
    "Encoded again, this picture gets a code that is {drift:.3g} from the dot. "
    "The address in your browser now leads back to exactly this view."
)
UNITS = {True: "in standard deviations of the prior", False: "in latent units"}  # with a prior, without
AWAY = "{distance:.2g} away"

# How it works.

HOW = "How it works, what was measured, and the command that trained it"
HOW_TEXT = (
    r"The encoder maps a {thing} $x$ to its latent code $z$; the decoder draws a {thing} $\hat x = g(z)$ from any $z$. "
    r"Here the trained decoder itself runs in your browser: dragging sends nothing to a server."
)
LOSS_VAE = (
    r"-\mathrm{ELBO} = \mathbb E_{q(z|x)}[-\log p(x|z)] + \beta\,\mathrm{KL}(q(z|x)\,\|\,\mathcal N(0, I)),"
    r"\quad z=\mu+\sigma\varepsilon"
)
LOSS = r"\mathcal L = \sum_i \ell(\hat x_i, x_i),\quad \hat x = g(f(x))"
ORIGIN = "Paper: {paper}. Data: {about} Trained with"
TABLE = ("on held-out data", "here", "published", "unit")

NATS, SUMMED, RIGHT = "nats per sample", "summed over a sample", "share right"
MEASURES = {
    "negative_elbo": ("−ELBO (mean of 5 draws of z)", NATS),
    "negative_elbo_binarised": ("−ELBO, dynamically binarised pixels", NATS),
    "reconstruction": ("its reconstruction term", NATS),
    "kl": ("its KL term", NATS),
    "cross_entropy": ("cross-entropy of the reconstruction from the mean", NATS),
    "squared_error": ("squared error, network", SUMMED),
    "clamped_squared_error": ("squared error, reconstructions clipped to the data's range", SUMMED),
    "pca_squared_error": ("squared error, PCA with as many dimensions", SUMMED),
    "neighbour_accuracy": ("class by the 5 nearest training codes, network", RIGHT),
    "pca_neighbour_accuracy": ("class by the 5 nearest training codes, PCA", RIGHT),
    "nll_binarised": ("−log p(x), dynamically binarised pixels, importance-weighted over 5,000 draws of z", NATS),
    "probe_accuracy": ("class by a linear classifier on the code, network", RIGHT),
    "pca_probe_accuracy": ("class by a linear classifier on the code, PCA", RIGHT),
    "trustworthiness": ("trustworthiness: near codes are near samples, network", "0 to 1"),
    "pca_trustworthiness": ("trustworthiness: near codes are near samples, PCA", "0 to 1"),
    "active_units": ("active latent dimensions", ""),
}
# (data, k, measure): what a paper reports.
PUBLISHED = {
    ("mnist", 2, "negative_elbo_binarised"): "137.08 on a plane, 133.71 on a sphere (Davidson et al. 2018)",
    ("mnist", 20, "nll_binarised"): "88.90 (Gaussian, Davidson et al. 2018)",
    (
        "mnist",
        2,
        "neighbour_accuracy",
    ): "96.1 % parametric UMAP, 95.4 % its hybrid with a decoder (Sainburg et al. 2021)",
    ("mnist", 30, "squared_error"): "3.00 (Hinton & Salakhutdinov 2006)",
}
