"""Every sentence of the page "Your data", in the order in which it is read."""

TITLE = "Your own data"
SENTENCE = (
    "Bring a file: a table with a sample in each row, arrays, or a zip of pictures. "
    "One button makes a map of it that can be dragged."
)
EXAMPLES = "or take an example"
DRAW = "or draw some by hand"
DRAW_HELP = "Write a class, such as 7 or cat, draw, press Enter; a dozen of each of a few classes are a data set."
NOT_DRAWN = "What was drawn did not arrive whole: press Use these once more."
FILE_GONE = "file is not among yours any more: bring it again"
READING = "Reading the file …"

FOUND = "What was found"
SETTINGS = "Read it otherwise"
LABEL = "Column of classes"
LABEL_HELP = "A heading, a number from 0 (−1 is the last), or none; empty: found."
GROUP = "Column of groups"
GROUP_HELP = "Patients, machines, sessions: a group is kept whole when samples are held out."
KIND = "A sample is"
KINDS = {"": "found automatically", "signals": "a signal", "pictures": "a picture", "features": "measurements"}
SPLIT = "{train:,} samples to train on, {test:,} held out."
MORE = "{shown} of {count:,} shown"
NO_CLASS = "samples"
AS_MOMENTS = "Each row may be a moment of sensor channels instead: open it on Signals"

NEEDED = "How many numbers does it need?"
PCA_NEEDS = "PCA needs **{k}**{interval}"
INTERVAL = " (95 % sure: {low} to {high}{unsure})"
MORE_STILL = ", as many as were tried, and more might still help"
UNSURE = ": too few samples to say it more exactly"
NETWORK_NEEDS = "; the network does as well with **{k}**."
NETWORK_NEVER = "; the network does not do as well with {most}."
NETWORK_UNKNOWN = "; of the network that is known once it is mapped."
NEEDED_HELP = (
    "The smallest size whose error on held-out values is within one standard error of the best. A network is compared "
    "by held-out samples rebuilt whole."
)
TOO_FEW = "{count} samples are too few to say how many numbers they need."

MAP = "Map it"
MAPPING = "Mapping: {done} of {all} epochs"
STARTING = "Waiting for a worker …"
FAILED = "The training failed: {reason}"
DOORS_LATER = "Explore, Bottleneck and Interpolate open here together, as soon as both models are trained."
DOORS = {
    "explore": "Explore: drag the dot",
    "bottleneck": "Bottleneck: more or fewer numbers",
    "interpolate": "Interpolate: from one to another",
}

PLAY = "Playground: a network learns it here, at once"

ABNORMAL = "What is abnormal?"
NORMAL = "Normal are"
NORMAL_NONE = "all samples (no class is normal)"
DETECT = "Find abnormal samples"
DETECTING = "Training on the normal samples alone: {done} of {all} epochs"
WORST = "The worst, with the odd part of each marked"
SCORE = "score {score:.3g}"
SCORES = "Scores as CSV"
NETWORK, PCA = "network", "PCA"

EXAMPLE_NAMES = {
    "patients": "569 patients, 30 measurements",
    "digits": "1,797 digits as a table of pixels",
    "pulses": "600 pulses with a wavelength axis",
    "patches": "500 colour patches of two photographs",
}
EXAMPLE_ABOUT = {
    "patients": "Thirty measurements of a cell sample each: do benign and malignant ones lie apart?",
    "digits": "Pictures as rows of a table, the digit in its first column.",
    "pulses": "A spectrum in each row, its wavelengths as headings: two dyes.",
    "patches": "A zip of colour pictures; their folders are the classes.",
}
