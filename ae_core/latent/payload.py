"""A trained model as blocks of bytes for the browser: decoder, codes and what the map needs to know; encoder and PCA
where asked for. The snapshots of a training travel the same way, a few epochs a block.

    "LEX1" · uint32 header length · header (JSON, padded) · arrays, each at a multiple of 4 (8 bytes: of 8) from the
    first one's beginning, which is at a multiple of 8; all little-endian

The weights travel in half precision, exactly as they are in the checkpoint, so both sides compute with the same
numbers.
"""

import json
import math
from collections.abc import Iterable
from typing import Any, cast

import numpy as np
from torch import Tensor, nn

from ..base.display import Display
from ..base.errors import LatentError
from ..base.text import plural
from ..model.autoencoder import Autoencoder
from ..pca import PCA
from ..sockets.layers import Largest, Residual, Transposed, activation_name
from .geometry import NEIGHBOURS, Extent, off_data_threshold

Layers = tuple[list[dict[str, Any]], dict[str, Tensor]]  # the evaluator's list of layers, and their weights by name


def decoder_layers(model: Autoencoder) -> Layers:
    """The decoder, with its output activation."""
    return _layers([*model.decoder, model.activation], (model.k,))


def supports_encoder(model: Autoencoder) -> bool:
    """Whether the browser can run the model's encoder: any but a convolutional one."""
    return not any(isinstance(layer, (nn.Conv1d, nn.Conv2d)) for layer in model.encoder)


def encoder_layers(model: Autoencoder) -> Layers:
    """The encoder; TypeError for one that `supports_encoder` denies."""
    return _layers([*model.encoder, *model.bottleneck.layers()], model.shape)


def _layers(modules: Iterable[nn.Module], shape: tuple[int, ...], prefix: str = "") -> Layers:
    """The evaluator's layers of these modules, and their weights; shape: of the first one's input."""
    layers: list[dict[str, Any]] = []
    weights: dict[str, Tensor] = {}
    for index, module in enumerate(modules):
        name = f"{prefix}{index}"
        if isinstance(module, nn.Flatten):
            shape = (math.prod(shape),)
        elif isinstance(module, nn.Unflatten):
            shape = tuple(int(n) for n in cast("tuple[int, ...]", module.unflattened_size))
        elif isinstance(module, Largest):
            layers.append({"op": "largest", "keep": max(1, int(module.share * shape[0])), "activation": "relu"})
        elif activation := activation_name(module):
            layers[-1]["activation"] = activation
        elif isinstance(module, Residual):
            branches = [_layers([module.linear], shape, f"{name}.linear."), _layers(module.mlp, shape, f"{name}.mlp.")]
            layers.append({"op": "sum", "activation": "identity", "branches": [chain for chain, _ in branches]})
            weights |= {key: value for _, part in branches for key, value in part.items()}
            shape = (module.linear.out_features,)
        else:
            layer, shape = _weighted(module, shape)
            layers.append({"activation": "identity", "weight": f"{name}.weight", "bias": f"{name}.bias", **layer})
            weights |= {f"{name}.weight": cast("Tensor", module.weight), f"{name}.bias": cast("Tensor", module.bias)}
    return layers, weights


def _weighted(module: nn.Module, shape: tuple[int, ...]) -> tuple[dict[str, Any], tuple[int, ...]]:
    """(the evaluator's parameters of a layer with weight and bias, the shape that it gives); TypeError for others."""
    if isinstance(module, (nn.Linear, Transposed)):
        outputs, inputs = module.weight.shape
        return {"op": "dense", "inputs": inputs, "outputs": outputs}, (outputs,)
    if isinstance(module, (nn.ConvTranspose1d, nn.ConvTranspose2d)):
        sizes = (module.kernel_size, module.stride, module.padding, module.output_padding)
        kernel, stride, padding, extra = (_pair(cast("tuple[int, ...]", size)) for size in sizes)
        channels, height, width = shape if len(shape) == 3 else (shape[0], 1, shape[1])
        if len(shape) == 2:  # a signal is a picture of height 1
            kernel, stride, padding, extra = (1, kernel[1]), (1, stride[1]), (0, padding[1]), (0, extra[1])
        grown = [
            (n - 1) * s - 2 * p + w + e
            for n, s, p, w, e in zip((height, width), stride, padding, kernel, extra, strict=True)
        ]
        layer = {
            "op": "conv_transpose",
            "in": [channels, height, width],
            "out": [module.out_channels, *grown],
            "kernel": kernel,
            "stride": stride,
            "padding": padding,
        }
        return layer, (module.out_channels, *grown[-(len(shape) - 1) :])
    raise TypeError(f"the evaluator has no layer {type(module).__name__}")


def _pair(value: tuple[int, ...]) -> tuple[int, int]:
    return (value[0], value[-1])


def pack_model(
    name: str,
    title: str,
    model: Autoencoder,
    codes: dict[str, np.ndarray],
    box: Extent,
    classes: tuple[str, ...] = (),
    factor_names: tuple[tuple[str, str], ...] = (),
    pca: PCA | None = None,
    display: Display | None = None,
) -> bytes:
    """The block of bytes of a model and its map.

    Args:
        name: by which the browser keeps it.
        title: what people read.
        model: trained, on the CPU.
        codes: as `Checkpoint.codes` gives them: z (N, k), y (N,) and factors (N, F) where there are some.
        box: that the map shows.
        classes: their names.
        factor_names: (name, unit) of each factor.
        pca: to compare with at every size: it travels too, and of the codes only mean and standard deviation.
        display: what the values of a sample stand for, where that is known.
    """
    layers, weights = decoder_layers(model)
    arrays = {key: value.detach().numpy().astype("<f2") for key, value in weights.items()}
    extra, codebook = _codebook(model)
    arrays |= codebook
    if pca is not None:
        arrays["pca.mean"] = pca.mean.flatten().numpy().astype("<f4")
        arrays["pca.components"] = pca.components.numpy().astype("<f2")
        arrays["pca.variance"] = pca.variance.numpy().astype("<f4")
        extra["pca"] = {part: f"pca.{part}" for part in ("mean", "components", "variance")} | {
            "total": pca.total_variance
        }
        if len(codes["z"]):
            extra |= {"code_mean": codes["z"].mean(0).tolist(), "code_std": codes["z"].std(0).tolist()}
        codes = {"z": codes["z"][:0]}
    arrays["codes"] = codes["z"].astype("<f4")
    if "y" in codes and classes:
        arrays["labels"] = codes["y"].clip(0, 255).astype("u1")
    if "factors" in codes and factor_names:
        arrays["factors"] = codes["factors"].astype("<f4")
    threshold = off_data_threshold(codes["z"])
    header = {
        **_about(name, model),
        "title": title,
        "layers": layers,
        "classes": list(classes) or None,
        "factors": [{"name": n, "unit": unit} for n, unit in factor_names] if "factors" in arrays else None,
        "low": box.low.tolist(),
        "high": box.high.tolist(),
        "centre": box.centre.tolist(),
        **({"display": display.to_json()} if display else {}),
        "off_data": {"neighbours": NEIGHBOURS, "threshold": threshold if np.isfinite(threshold) else None},
        **extra,
    }
    return pack_block(header, arrays)


def _codebook(model: Autoencoder) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """(header, arrays) of a codebook, where there is one: code c is its row c; number i of the token at position t is
    z[i · T + t].
    """
    if model.codebook is None:
        return {}, {}
    codes, size = model.codebook.shape
    about = {"values": "codebook", "codes": codes, "size": size, "grid": list(model.grid)}
    return {"codebook": about}, {"codebook": model.codebook.detach().numpy().astype("<f2")}


def pack_encoder(name: str, model: Autoencoder) -> bytes:
    """The model's encoder in a block of its own, named `name`:encoder: two blocks of half the size arrive sooner than
    one.
    """
    layers, weights = encoder_layers(model)
    about, codebook = _codebook(model)
    header = {**_about(f"{name}:encoder", model), "layers": [], "encoder": layers, **about}
    return pack_block(header, {key: value.detach().numpy().astype("<f2") for key, value in weights.items()} | codebook)


def pack_classifier(
    name: str, data: str, model: nn.Sequential, shape: tuple[int, ...], classes: tuple[str, ...]
) -> bytes:
    """A classifier as an encoder whose code is a logit for each class. shape: of a sample; classes: their names."""
    layers, weights = _layers(model, shape)
    about = {"name": name, "data": data, "k": len(classes), "shape": list(shape), "range": None, "gaussian": False}
    header = {**about, "n_classes": 0, "layers": [], "encoder": layers, "classes": list(classes)}
    return pack_block(header, {key: value.detach().numpy().astype("<f2") for key, value in weights.items()})


def pack_snapshots(run: str, chunk: int, epochs: list[int], maps: np.ndarray, pictures: np.ndarray) -> bytes:
    """A few epochs of a training, for the `replay` component: a run that grows sends only its last chunk again.

    Args:
        run: its name.
        chunk: number of the block, from 0.
        epochs: E of them, 1-based.
        maps: where N held-out samples lie after each epoch, (E, N, 2).
        pictures: reconstructions of M of them, (E, M, *shape); within 0..1 they travel as bytes, everything else in
            half precision (in single where half is too coarse or too small).

    Raises LatentError where the three do not belong together.
    """
    maps, pictures = np.asarray(maps), np.asarray(pictures)
    if (
        not epochs
        or maps.shape[:1] + maps.shape[2:] != (len(epochs), 2)
        or pictures.ndim < 3
        or len(pictures) != len(epochs)
    ):
        raise LatentError(
            f"Snapshots of {plural(len(epochs), 'epoch')} need maps (epochs, samples, 2) and pictures "
            f"(epochs, samples, *shape); these are {maps.shape} and {pictures.shape}."
        )
    shape = pictures.shape[2:]
    bounded = len(shape) == 3 and bool(((pictures >= 0) & (pictures <= 1)).all())
    header = {
        "kind": "snapshots",
        "run": run,
        "chunk": chunk,
        "epochs": [int(e) for e in epochs],
        "count": maps.shape[1],
        "pictures": pictures.shape[1],
    }
    made = (pictures * 255).round().astype("u1") if bounded else _half(pictures)
    return pack_block({**header, "shape": list(shape)}, {"maps": _half(maps), "pictures": made})


def _half(values: np.ndarray) -> np.ndarray:
    """In half precision, unless that would move a value by more than a thousandth of what the values span."""
    finite = values[np.isfinite(values)]
    with np.errstate(over="ignore"):
        coarse = finite.size > 0 and np.abs(finite.astype("<f2").astype(np.float64) - finite).max() > 1e-3 * np.ptp(
            finite
        )
    return values.astype("<f4" if coarse else "<f2")


def _about(name: str, model: Autoencoder) -> dict[str, Any]:
    return {
        "name": name,
        "data": model.config.data,
        "k": model.k,
        "shape": list(model.shape),
        "range": list(model.range) if model.range is not None else None,
        "gaussian": model.bottleneck.gaussian,
        "n_classes": model.n_classes,  # classes, whose one-hot numbers follow those of z, and of x
    }


DTYPES = {"<f2": "f2", "<f4": "f4", "<f8": "f8", "|u1": "u1", "<i4": "i4"}  # NumPy's name → the browser's


def pack_block(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> bytes:
    """A header and arrays by name as one block of bytes, as the module describes.

    Arrays are little-endian, of the types in DTYPES; ones of 8 bytes begin at a multiple of 8, so that the browser can
    look at them without a copy.
    """
    table: dict[str, dict[str, Any]] = {}
    offset, parts = 0, []
    for key, array in arrays.items():
        gap = -offset % max(4, array.dtype.itemsize)
        raw = bytes(gap) + np.ascontiguousarray(array).tobytes()
        table[key] = {"dtype": DTYPES[array.dtype.str], "shape": list(array.shape), "offset": offset + gap}
        raw += bytes(-len(raw) % 4)
        parts.append(raw)
        offset += len(raw)
    text = json.dumps({**header, "arrays": table}, ensure_ascii=False, allow_nan=False).encode()
    text += b" " * (-len(text) % 8)
    return b"LEX1" + len(text).to_bytes(4, "little") + text + b"".join(parts)
