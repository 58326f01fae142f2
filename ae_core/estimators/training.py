"""What the estimators share: a model trained without a folder."""

from typing import Any

import numpy as np
from sklearn.utils import check_random_state

from ..data import Dataset
from ..model.autoencoder import Autoencoder
from ..model.config import Config
from ..runs.checkpoint import half_precision
from ..training.loop import Epoch, Training


def seed_of(random_state: Any) -> int:
    """A seed of what scikit-learn calls a random state: a number, None, or a generator."""
    if isinstance(random_state, int | np.integer):
        return int(random_state)
    return int(check_random_state(random_state).randint(2**31 - 1))


def given(**settings: Any) -> dict[str, Any]:
    """The settings that are not None."""
    return {name: value for name, value in settings.items() if value is not None}


def trained(config: Config, data: Dataset, halve: bool = False) -> tuple[Autoencoder, list[Epoch]]:
    """(the trained model in eval mode on the CPU, its epochs). halve: round the weights as a run's folder does, so that
    the floats are those of a run. Raises LatentError.
    """
    training = Training(config, data)
    epochs = [event for event in training if isinstance(event, Epoch)]
    model = training.model.cpu()
    # Trained weights are views of one vector, which would be kept, and pickled, whole for each of them.
    tensors = {name: value.detach().clone() for name, value in model.state_dict().items()}
    made = Autoencoder(model.config, model.shape, model.range, model.n_classes)
    made.load_state_dict(half_precision(model) if halve else tensors)
    return made.eval().requires_grad_(False), epochs
