"""Latent Explorer's core: data, autoencoders, training and what is measured on them. It knows nothing of the web.

x ── corrupt ──▶ encode ──▶ bottleneck ──▶ decode ──▶ x̂      loss = reconstruction(x̂, clean x) + penalty
"""

from .autoencoder import Autoencoder
from .config import Config
from .data import Dataset, load_dataset
from .errors import LatentError
from .pca import PCA
from .recording import train_run
from .runs import Checkpoint, load_checkpoint, read_checkpoint
from .training import Epoch, Step, Training
from .variants import VARIANTS, Variant

__all__ = [
    "PCA",
    "VARIANTS",
    "Autoencoder",
    "Checkpoint",
    "Config",
    "Dataset",
    "Epoch",
    "LatentError",
    "Step",
    "Training",
    "Variant",
    "load_checkpoint",
    "load_dataset",
    "read_checkpoint",
    "train_run",
]
