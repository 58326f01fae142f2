"""scikit-learn's face of the core: autoencoders as transformers, detectors as outlier detectors.

They clone, pickle, stand in pipelines and grid searches, and take DataFrames, whose names they keep.
"""

from .autoencoder import Autoencoder
from .samples import SampleDetector
from .signals import SignalDetector

__all__ = ["Autoencoder", "SampleDetector", "SignalDetector"]
