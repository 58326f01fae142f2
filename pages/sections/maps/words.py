"""Every sentence of the maps that are held against each other."""

TOGGLE = "Hold maps of these samples against each other"
SENTENCE = (
    "One map turns into the other: press a name, or move the slider; press a point to follow it. Each map is turned "
    "and scaled so that it lies over PCA's as well as it can."
)
PCA, TSNE = "PCA", "t-SNE"
SAMPLES = "held-out samples"
ASK_TSNE = "t-SNE, too"
ASK_TSNE_HELP = (
    "scikit-learn's, of the first {count:,} held-out samples: a still picture, which has no decoder and so cannot "
    "draw. Takes up to a minute."
)
LAYING_OUT = "t-SNE is laying out the samples …"
MEASURING = "What the maps keep is being measured …"
FAILED = "It could not be computed ({error})."
NO_DATA = "The samples themselves are not on this machine, so that {what} cannot be computed."
NO_DATA_TSNE, NO_DATA_KEPT = "t-SNE", "PCA's map and what each keeps"
NONE = "Maps to hold against each other have two latent dimensions: select a run with k = 2."
ONLY = "Left out here, as they have other samples or another k: {names}."
MOST = "The first {count} models are shown."

# The table: a column a figure.
KEEPS = "**What each map keeps**"
MAP = "map"
NEIGHBOURS, OWN = "5-NN, training", "5-NN, on the map"
TRUST, CONTINUITY = "trustworthiness", "continuity"
ERROR, ELBO, OFF = "squared error", "−ELBO", "off the data"
ABOUT = (
    "5-NN: class by the five nearest training codes, and by the five nearest others on the map itself. "
    "Trustworthiness: who is near on the map is near among the samples; continuity: the other way round (five "
    "neighbours, {count:,} samples). Off the data: share of the map's places whose picture is farther from any "
    "training sample than 95 % of reconstructions are: a map whose groups stand apart has more of them between."
)
STILL = "t-SNE, of {count:,} samples, has no network: nothing can be encoded or drawn with it."
FOLLOWED = "**Sample {sample}**{label}, and what each map's decoder makes of its place"
RECORDED = "as recorded"
NOTHING = "–"
