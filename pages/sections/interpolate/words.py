"""Every sentence of the Interpolate page, in the order in which it is read. {thing}: digit, picture or signal."""

MODEL, MODE = "The model", "What to do"

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

# ---- Morph ----

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

# ---- Arithmetic ----

MEASURING_DIGITS = "Measuring the pictures …"
NOTHING_TO_ADD = (
    "There is nothing to add: strokes are measured on grey-scale pictures, and these samples are none and have no "
    "classes. Choose another model, or Traversals."
)
NO_ATTRIBUTE = "No attribute can be measured on this model's pictures: {reason}"
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
ORDER_KL = "by their KL, by how much each tells the decoder"
ORDER_SPREAD = "by how far the codes spread along each"

# ---- Samples ----

GRID = "{variant}, {dimensions}"
FROM_PRIOR = "drawn from its prior"
FROM_FIT = "drawn from a Gaussian fitted to its codes"
SAMPLES_PRESS = "Press a sample, and its grid shows more like it. "
SAMPLES_NO_MATCH = "(The two differ in more than that: no model with the same layers and seed is here.) "
PRECISION = (
    "Of {drawn} draws at temperature {temperature:.2f}, {shares} gave a {thing} as close to a reconstruction of a "
    "held-out sample as these are to each other (their 5th nearest; the precision of Kynkäänniemi et al. 2019)."
)
SHARE, AND = "{share:.0%} of the {name}'s", " and "
SHEET = "{kind} · {title}"
SHEET_KINDS = {True: "CSV", False: "PNG sheet"}  # signals, pictures
SHEET_HELP = {
    True: "The signals of this grid, one per row, decoded by the network",
    False: "The pictures of this grid, pixel for pixel",
}
SHEET_CAPTION = "{name}, seed {seed}, temperature {temperature:g}"
