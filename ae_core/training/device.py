"""Where a training computes, and in which number format."""

import torch
from torch import nn

from ..base.errors import LatentError

BF16_MIN_WEIGHTS = 250_000  # from here on the matrix products take longer than all the rest of a step


def pick_device(name: str) -> torch.device:
    """The device called `name`; auto takes CUDA or MPS where there is one. LatentError where there is none."""
    has = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(device for device in has if has[device])
    if not has[name]:
        raise LatentError(f"There is no {name} device here: choose device auto or cpu.")
    return torch.device(name)


def pick_precision(name: str, model: nn.Module, device: torch.device) -> torch.dtype:
    """The number format called `name`; auto takes bfloat16 for large models on processors that multiply it natively."""
    if name != "auto":
        return getattr(torch, name)
    if device.type == "cuda":
        native = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        native = device.type == "cpu" and torch.cpu._is_avx512_bf16_supported()
    return torch.bfloat16 if native and n_weights(model) >= BF16_MIN_WEIGHTS else torch.float32


def n_weights(model: nn.Module) -> int:
    """Numbers that are trained."""
    return sum(parameter.numel() for parameter in model.parameters())
