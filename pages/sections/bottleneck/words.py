"""Every sentence of the Bottleneck page, in the order in which it is read."""

TITLE = "How few numbers describe a {thing}?"
SENTENCE = (
    "Move the slider: PCA and a network reconstruct the same {thing} from only that many latent dimensions. Then "
    "{then}."
)
THEN = {"digit": "draw your own", "picture": "draw your own", "sample": "choose another", "signal": "change the signal"}
MODEL = "The model"
NO_NESTED = (
    "There is no nested model to show: fetch checkpoints/ again, or train one with "
    "`python -m ae_core train --data digits --variant nested --k 24`."
)
READING = "Reading samples …"
NOTE_OWN = "held out"
NOTE_HELD_OUT, NOTE_ENLARGED = "{data}, held out", "{data}, enlarged"
UNIT = "squared error summed over a sample, mean of the held-out ones"

# What to notice, and the answer to its question.

FEWER, NO_FEWER = "instead of {size}", "– no fewer than PCA"
DATA_GONE = " The file of these samples is not here any more: their average goes in. Bring it again on Your data."
DATA_MISSING = (
    " {data} are not in the data folder, so enlarged small digits go in: these are unlike what the network was trained "
    "on. Draw your own, or set LATENT_DATA to a folder that has them (`python -m ae_core train --data {name}` "
    "downloads them)."
)

# The experiments below the figure.

MORE = "More experiments"
BYTES, LINEAR, SWEEP = "Bytes", "Linear = PCA", "A model for each size"

# Bytes.

PIXELS = "the pixels, a byte each"
PNG = "PNG ({header} bytes of header)"
JPEG = "JPEG with no more error than the network ({header} bytes of header)"
JPEG_BEST = "JPEG at its best ({header} bytes of header)"
CODER = "{title}, {k} dimensions of {bits} bits"
NETWORK, PCA = "network", "PCA"
BYTES_TABLE = ("the picture above", "bytes", "squared error")
BYTES_CAPTION = (
    "A code is small because the decoder, {size:.1f} MB that both sides must have, already knows such pictures. "
    "PNG and JPEG know nothing of them and work for any."
)

# Linear = PCA.

LINEAR_TEXT = (
    "Without nonlinearities an autoencoder learns PCA's subspace (Baldi & Hornik 1989): the same error and the same "
    "subspace, though not the same axes. It is the sanity check for every other one: a deep network that does worse "
    "than PCA is broken. Here it is trained on the small digits."
)
KEPT = "latent dimensions"
TIED, TIED_HELP = "tied weights", "The decoder uses the encoder's matrix, transposed."
LINEAR_TRAIN = "Train a linear autoencoder (some 6 seconds)"
STARTING = "A worker process is starting …"
LINEAR_ERROR = ("error, linear autoencoder", "squared error summed over 64 pixels, mean of 360 held-out digits")
PCA_ERROR = ("error, PCA", "the same; no linear model can do better on the training data")
ANGLE = ("largest principal angle", "between the two subspaces; at 0° they are the same")
EPOCH, EPOCHS = "epoch", "{epoch} of {epochs}"
LINEAR_CURVE = "linear autoencoder"
ERROR_AXIS, ANGLE_AXIS, SIZE_AXIS = "held-out squared error", "largest angle, degrees", "latent dimensions"

# A model for each size.

SWEEP_TEXT = (
    "One model for all sizes is a compromise: a model trained for one size alone may do better at it. Train some on "
    "the small digits: when they are done they appear as ◇ in the curve of the small digits above. "
    "On the command line: `python -m ae_core sweep --data digits --variant deep --k 1,2,4,8,16`."
)
SWEEP_OWN = (
    "One model for all sizes is a compromise: a model trained for one size alone may do better at it. Train some on "
    "these samples: when they are done they appear as ◇ in the curve above."
)
SWEEP_TRAIN = "Train {models} models, k = {sizes}{took}"
SWEEP_TOOK = " (some 20 seconds)"
ENDED = "{ended} of {count} are done"
STOP = "Stop"
STATE = "{state}, epoch {epoch} of {epochs}"
SWEEP_CURVE = "a network for each size"
SWEEP_TABLE = ("latent dimensions", "network", "PCA", "state")
