"""The lines that stand beside the numbers of a loss, executed."""

from unittest import mock

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ae_core import Autoencoder


def evaluated(lines: dict[str, str], model: Autoencoder, x: Tensor, epsilon: Tensor) -> dict[str, Tensor]:
    """What each of the lines sets, by its name in the program, and `loss`, which the last one returns.

    lines: as ae_core's `steps` gives them, or a page shows them; x: (1, *shape); epsilon: (1, k), which is drawn.
    """
    _, *rest = lines.values()  # the first says what goes in
    logits = model.loss == "cross-entropy"
    names = {
        **{"torch": torch, "F": F, "generator": None, "x": x.clone().requires_grad_()},
        **{"encoder": model.encoder, "beta": model.penalty.beta},
        "decoder": model.decoder if logits else nn.Sequential(*model.decoder, model.activation),
    }
    given = set(names)
    with mock.patch.object(torch, "randn", return_value=epsilon):
        exec("\n".join(rest).replace("return ", "loss = "), names)
    return {
        name: value.detach() for name, value in names.items() if name not in given and isinstance(value, torch.Tensor)
    }
