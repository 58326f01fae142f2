"""Latent Explorer's core: data, autoencoders, training and what is measured on them. It knows nothing of the web.

x ── corrupt ──▶ encode ──▶ bottleneck ──▶ decode ──▶ x̂      loss = reconstruction(x̂, clean x) + penalty
"""

from .base.errors import LatentError
from .data import Dataset, load_dataset
from .jobs.recording import train_run
from .model.autoencoder import Autoencoder
from .model.config import Config
from .model.variants import VARIANTS, Variant
from .pca import PCA
from .runs.checkpoint import Checkpoint, load_checkpoint, read_checkpoint
from .training.loop import Epoch, Step, Training

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
