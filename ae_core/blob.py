"""A trained model as one block of bytes for the browser: decoder, codes and what the map needs to know.

    "LEX1" · uint32 header length · header (JSON, padded) · arrays, each at a multiple of 4; all little-endian

The weights travel in half precision, exactly as they are in the checkpoint, so both sides compute with the same numbers.
"""

import json
from typing import Any

import numpy as np
from torch import Tensor, nn

from .autoencoder import Autoencoder
from .latent import NEIGHBOURS, Extent, familiar_distance
from .networks import ACTIVATIONS, Transposed

NAMES = {kind: name for name, kind in ACTIVATIONS.items()}


def decoder_layers(model: Autoencoder) -> tuple[list[dict[str, Any]], dict[str, Tensor]]:
    """The decoder as the evaluator's list of layers, and its weights by name."""
    layers: list[dict[str, Any]] = []
    weights: dict[str, Tensor] = {}
    at: tuple[int, ...] = (model.k,)  # the shape that the layers so far give
    for index, module in enumerate([*model.decoder, model.activation]):
        if isinstance(module, nn.Unflatten):
            at = tuple(module.unflattened_size)
            continue
        if type(module) in NAMES:
            layers[-1]["activation"] = NAMES[type(module)]
            continue
        layer: dict[str, Any] = {"activation": "identity", "weight": f"{index}.weight", "bias": f"{index}.bias"}
        if isinstance(module, (nn.Linear, Transposed)):
            outputs, inputs = module.weight.shape
            layer |= {"op": "dense", "inputs": inputs, "outputs": outputs}
            at = (outputs,)
        elif isinstance(module, (nn.ConvTranspose1d, nn.ConvTranspose2d)):
            kernel, stride, padding, extra = (_pair(v) for v in (module.kernel_size, module.stride, module.padding, module.output_padding))
            channels, height, width = at if len(at) == 3 else (at[0], 1, at[1])
            if len(at) == 2:  # a signal is a picture of height 1
                kernel, stride, padding, extra = (1, kernel[1]), (1, stride[1]), (0, padding[1]), (0, extra[1])
            grown = [(n - 1) * s - 2 * p + w + e for n, s, p, w, e in zip((height, width), stride, padding, kernel, extra, strict=True)]
            out = (module.out_channels, *grown)
            layer |= {"op": "conv_transpose", "in": [channels, height, width], "out": list(out), "kernel": kernel, "stride": stride, "padding": padding}
            at = out if len(at) == 3 else (out[0], out[2])
        else:
            raise TypeError(f"the evaluator has no layer {type(module).__name__}")
        weights[layer["weight"]], weights[layer["bias"]] = module.weight, module.bias
        layers.append(layer)
    return layers, weights


def _pair(value: tuple[int, ...]) -> tuple[int, int]:
    return (value[0], value[-1])


def pack(
    name: str,
    title: str,
    model: Autoencoder,
    codes: dict[str, np.ndarray],
    box: Extent,
    classes: tuple[str, ...] = (),
    factor_names: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """The block of bytes for a model, its codes (as `Checkpoint.codes` gives them) and the box that its map shows."""
    layers, weights = decoder_layers(model)
    arrays = {key: value.detach().numpy().astype("<f2") for key, value in weights.items()}
    arrays["codes"] = codes["z"].astype("<f4")
    if "y" in codes and classes:
        arrays["labels"] = codes["y"].clip(0, 255).astype("u1")
    if "factors" in codes and factor_names:
        arrays["factors"] = codes["factors"].astype("<f4")
    table, offset, parts = {}, 0, []
    for key, array in arrays.items():
        raw = np.ascontiguousarray(array).tobytes()
        raw += bytes(-len(raw) % 4)
        table[key] = {"dtype": {"<f2": "f2", "<f4": "f4", "|u1": "u1"}[array.dtype.str], "shape": list(array.shape), "offset": offset}
        parts.append(raw)
        offset += len(raw)
    threshold = familiar_distance(codes["z"])
    header = {
        "name": name,
        "title": title,
        "data": model.config.data,
        "k": model.k,
        "shape": list(model.shape),
        "range": list(model.range) if model.range is not None else None,
        "layers": layers,
        "arrays": table,
        "classes": list(classes) or None,
        "factors": [{"name": n, "unit": unit} for n, unit in factor_names] if "factors" in arrays else None,
        "low": box.low.tolist(),
        "high": box.high.tolist(),
        "centre": box.centre.tolist(),
        "off_data": {"neighbours": NEIGHBOURS, "threshold": threshold if np.isfinite(threshold) else None},
        "gaussian": model.bottleneck.gaussian,
    }
    text = json.dumps(header, ensure_ascii=False, allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    return b"LEX1" + len(text).to_bytes(4, "little") + text + b"".join(parts)
