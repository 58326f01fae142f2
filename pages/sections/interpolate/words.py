"""Every sentence of the Interpolate page, in the order in which it is read. {thing}: digit, picture or signal."""

MODEL, MODE = "The model", "What to do"
HINT = "Slide, or press ▶."

# Of each mode: its name in the row of modes, the heading, what to do first.
MODES = {
    "morph": (
        "Morph",
        "From one {thing} to another",
        "Move the slider or press play: the network redraws every step from A to B; beside it, a cross-fade of the "
        "{values}.",
    ),
    "corners": (
        "Four corners",
        "Four {thing}s, and all that lies between",
        "Drag the dot: the network decodes the weighted mean of the four codes as you move.",
    ),
    "arithmetic": (
        "Arithmetic",
        "Add and subtract in latent space",
        "Move a slider: a direction in latent space is added to the code, and the network redraws.",
    ),
    "traversals": (
        "Traversals",
        "What each latent dimension does",
        "Move a slider: one dimension of the code changes, and the network redraws.",
    ),
    "samples": (
        "Samples",
        "{Thing}s drawn from the prior",
        "Codes drawn at random, decoded. Move the temperature, or press a {thing} for more like it.",
    ),
}

# ---- Morph: what to notice, a question, and its answer ----

MORPH_SIGNAL = (
    "the cross-fade adds two waves, and in the middle they beat or cancel; on the latent path one wave bends into the "
    "other. Drag A or B on the map: the path is redrawn as you move.",
    "Half-way, which of the two curves could have been in the training data?",
    "The latent path's: the decoder has learned what such a signal looks like and draws another one of them. "
    "The cross-fade is two signals at once.",
)
MORPH_PICTURE = (
    "half-way the cross-fade is two faint pictures at once, and the latent path still one clear one. "
    "{route}: the coloured band names the class that each frame is nearest to.",
    "Stop half-way: which of the two pictures could somebody have written?",
    "The latent path's. The decoder has learned how strokes hang together, and draws a whole digit. "
    "The cross-fade only averages pixels: two ghosts that nobody would write.",
)
MORPH_PICTURE_OWN = (
    MORPH_PICTURE[0],
    "Stop half-way: which of the two pictures could have been among the samples?",
    "The latent path's. The decoder has learned what hangs together in such pictures, and draws a whole one. "
    "The cross-fade only averages pixels: two ghosts at once.",
)
ROUTE_FLAT = "On a map of two latent dimensions the path from one class to another leads through others"
ROUTE_DEEP = "With more latent dimensions most paths lead straight over"
FILES = {"gif": "GIF", "png": "PNG strip", "csv": "Codes as CSV", "frames.csv": "Frames as CSV"}

# The lengths of its paths.

UNITS = {True: "prior σ", False: "latent units"}  # with a prior, without
LENGTHS = (
    "path",
    "length in latent space ({unit})",
    "length among the {thing}s (‖Δx̂‖ summed)",
    "relative to the straight path",
)
AS_GOOD = "The geodesic is {saved:.1f} % shorter among the decoded {thing}s: here the straight path does as well."
SHORTER = (
    "The geodesic changes the decoded {thing} {saved:.0f} % less than the straight path does, and is {detour:.1f} "
    "times as long in latent space."
)
ALIKE = "Spherical and straight hardly differ here ({gap:+.1f} %)."
DIFFERS = "The spherical path changes it {gap:.0f} % {more} than the straight one."
MORE, LESS = "more", "less"
MEANING = (
    "The change is Σ‖x̂ᵢ₊₁ − x̂ᵢ‖ over 256 steps; a geodesic is a local minimum of it that also keeps to where the "
    "codes of the data lie."
)

# ---- Four corners ----

CORNERS = (
    "every place is a weighted mean of the four codes, z = Σ wᵢ zᵢ, and is decoded as you move. The faint pictures "
    "show what waits there: where two corners are far apart, something else than either lies between them.",
    "Move the dot onto an edge of the square: how many of the four samples still contribute?",
    "Two, those at the edge's ends: the weights of the other two are 0 there. In a corner it is that sample alone.",
)

# ---- Arithmetic ----

MEASURING_DIGITS = "Measuring the pictures …"
NOTHING_TO_ADD = (
    "There is nothing to add: strokes are measured on grey-scale pictures, and these samples are none and have no "
    "classes. Choose another model, or Traversals."
)
NO_ATTRIBUTE = "No attribute can be measured on this model's pictures: {reason}"
ARITHMETIC = (
    "one vector, found by averaging over many digits, slants or thickens every digit, also one of another class. "
    "Press one of the small digits to go on from it.{few}",
    "Push a single slider to its end: does only that one property change?",
    "Hardly ever. The table below says what else moves with it: a vector is pure only where the other cells of its row "
    "are near 0.",
)
CLASS_ARITHMETIC = (
    "one vector, the mean code of a class less that of another, turns a picture of the one into one of the other, and "
    "keeps in part what else is its own. Press one of the small pictures to go on from it.{few}",
    "Push the slider past 1: what is exaggerated?",
    "What tells the two classes apart on average, whatever else it comes with: the vector adds all of that at once.",
)
FEW_DIMENSIONS = " With only {k} latent {dimensions} hardly anything can change alone: a model with 20 shows it better."
EFFECTS = "1 σ more of"
EFFECT = "{title} (σ = {sigma:.2g}{unit})"
EFFECTS_CAPTION = (
    "What a step of one standard deviation (σ) really changes, measured again on the network's own reconstructions. "
    "A vector is the mean code of the third with most of an attribute less that of the third with least (Larsen et al. "
    "2016), within each class and with the other attributes balanced by regression, on the decodes of {count:,} "
    "held-out codes; so it needs no data. Where a row is not zero beside its own column, the vector is not pure."
)

# ---- Traversals ----

MEASURING_DIMENSIONS = "Measuring the dimensions …"
MEASURED_ON_DATA = "{count:,} held-out samples"
MEASURED_ON_DECODES = "the reconstructions of {count:,} held-out codes (the originals are not on this machine)"
ACTIVE = "{active} of {k} latent dimensions are active"
TRAVERSALS_ROWS = "Each row is one dimension from −3 to +3 σ, with all others where their sliders stand; σ is {unit}. "
SIGMA_PRIOR = "a standard deviation of the prior"
SIGMA_CODES = "a standard deviation of the codes (a plain autoencoder has no prior)"
TRAVERSALS_VAE = (
    "how much information a dimension carries, its KL in nats, is measured on {samples}; the first rows change the "
    "most. "
)
SOME_IDLE = "Those at the end carry none: their posterior has collapsed to the prior, and their rows stay the same."
NONE_IDLE = "All of them are active."
TRAVERSALS_PLAIN = (
    "the rows are sorted by how far the codes spread; nothing made the dimensions independent, so most rows change "
    "several things at once."
)
TRAVERSALS_QUESTION = "Compare the first row with the last: which of the two changes more from left to right, and why?"
TRAVERSALS_ANSWER = "The first: the rows are sorted {order}. A dimension that carries little changes little."
ORDER_KL = "by their KL, by how much each tells the decoder"
ORDER_SPREAD = "by how far the codes spread along each"

# ---- Samples ----

GRID = "{variant}, {dimensions}"
FROM_PRIOR = "drawn from its prior"
FROM_FIT = "drawn from a Gaussian fitted to its codes"
SAMPLES_PRESS = "Press a sample, and its grid shows more like it. "
SAMPLES_BOTH = (
    "the variational autoencoder was trained so that codes drawn from a standard Gaussian mean something. Nothing made "
    "the plain one's codes follow a Gaussian: draws from one fitted to them also land between and beyond its codes, "
    "where its picture means nothing. "
)
SAMPLES_NO_MATCH = "(The two differ in more than that: no model with the same layers and seed is here.) "
SAMPLES_VAE = "it was trained so that codes drawn from a standard Gaussian mean something. "
SAMPLES_PLAIN = "nothing made these codes follow the Gaussian that is drawn from. "
PRECISION = (
    "Of {drawn} draws at temperature {temperature:.2f}, {shares} gave a {thing} as close to a reconstruction of a "
    "held-out sample as these are to each other (their 5th nearest; the precision of Kynkäänniemi et al. 2019)."
)
SHARE, AND = "{share:.0%} of the {name}'s", " and "
SAMPLES_QUESTION = "Lower the temperature towards 0: what becomes of the samples?"
SAMPLES_ANSWER = (
    "They grow alike, and at 0 they are one and the same: the picture at the centre. A lower temperature trades "
    "variety for typical samples."
)
SHEET = "{kind} · {title}"
SHEET_KINDS = {True: "CSV", False: "PNG sheet"}  # signals, pictures
SHEET_HELP = {
    True: "The signals of this grid, one per row, decoded by the network",
    False: "The pictures of this grid, pixel for pixel",
}
SHEET_CAPTION = "{name}, seed {seed}, temperature {temperature:g}"
