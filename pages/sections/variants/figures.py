"""The figures of the Variants page: a row for each, which variants have which, and what the component is given."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ...session.models import LoadedModel
from ...ui.link import Parameter
from . import data, link, models, words
from .data import Data, Items, codes_of_samples, principal_components
from .models import Models, Roles
from .samples import samples_for


@dataclass(frozen=True)
class Figure:
    """A live figure; its title is in `words.FIGURES`, what is said of it in `lesson/pages.md`.

    roles: which models it needs of those that are here, for a variant; None where they are not here.
    parameters: what is moved in it, as a link has it. data: what the component needs beside what all figures get.
    pca: whether PCA of the same size is drawn. needs: settings of the recipe that makes what is missing.
    """

    roles: Callable[[Models, str], Roles | None]
    parameters: tuple[Parameter, ...] = link.INPUT
    data: Callable[[Items], Data] = lambda items: {}
    pca: bool = False
    needs: dict[str, Any] = field(default_factory=dict)


SIGNALS_WITH_FAULTS = {
    "data": "sensors",
    "rows": 20000,
    "span": 32,
    "fault_share": 0.7,
    "epochs": 60,
    "batch_size": 64,
    "beta": 0.05,
}
SINUSOIDS = {"data": "sinusoids", "k": 8, "hidden": "64,32", "loss": "squared-error"}

FIGURES: dict[str, Figure] = {
    "rebuild": Figure(models.perhaps_with_plain, pca=True),
    "noise": Figure(models.denoisers, (*link.INPUT, *link.NOISE), needs={"loss": "squared-error"}),
    "signal-noise": Figure(models.noisy_signals, (*link.INPUT, *link.NOISE), needs=SINUSOIDS),
    "mask": Figure(models.with_plain, (*link.INPUT, *link.MASK), data.masking),
    "units": Figure(models.alone, (*link.INPUT, *link.UNITS), data.activity),
    "contraction": Figure(models.with_plain, (*link.INPUT, *link.SMALL_NOISE), data.planes),
    "epsilon": Figure(models.plane, (*link.INPUT, *link.EPSILON, link.NUMBERS), data.epsilon),
    "beta": Figure(models.betas, (*link.INPUT, *link.BETA), data.rate_and_distortion),
    "classes": Figure(models.plane, (link.SAMPLE, *link.STYLE)),
    "signal-classes": Figure(models.plane_of_signals, (link.SAMPLE, *link.STYLE), needs=SIGNALS_WITH_FAULTS),
    "tokens": Figure(models.alone, (*link.INPUT, *link.TOKENS), data.usage, needs={"network": "conv"}),
    "holes": Figure(models.same_recipe, link.GAPS),
    "axes": Figure(models.alone, pca=True),
    "cut": Figure(models.alone, (*link.INPUT, *link.CUT), pca=True),
}

# Which figures a variant has, the first one shown first; a variant that is not here has "rebuild".
OF: dict[str, tuple[str, ...]] = {
    "linear": ("axes", "rebuild"),
    "deep": ("holes", "rebuild"),
    "nested": ("cut", "rebuild"),
    "denoising": ("noise", "signal-noise", "rebuild"),
    "masked": ("mask", "rebuild"),
    "sparse": ("units", "rebuild"),
    "contractive": ("contraction", "rebuild"),
    "vae": ("epsilon", "beta", "holes", "rebuild"),
    "cvae": ("classes", "signal-classes", "rebuild"),
    "vqvae": ("tokens", "rebuild"),
    "neighbour": ("rebuild",),
}


def label(item: LoadedModel, role: str) -> str:
    """What a model is called in a figure."""
    if role == "mistake":
        return words.NOISY_TARGET
    return words.PLAIN if item.checkpoint.config.variant == "deep" else item.checkpoint.config.row.short


def blobs(items: Items) -> dict[str, bytes]:
    """Model payloads to send, {name: bytes}."""
    payloads = {}
    for item in items.values():
        payloads[item.checkpoint.name] = item.blob
        if item.encodes:
            payloads[f"{item.checkpoint.name}:encoder"] = item.encoder_blob
    return payloads


def figure_data(kind: str, items: Items) -> Data:
    """What the component is given, but for where it starts."""
    row, samples = FIGURES[kind], samples_for(items)
    first = next(iter(items.values()))
    return {
        "figure": kind,
        "revision": str(max(item.mtime_ns for item in items.values())),
        "roles": {
            role: {
                "name": item.checkpoint.name,
                "title": label(item, role),
                "small": f"k = {item.model.k}",
                "encodes": item.encodes,
            }
            for role, item in items.items()
        },
        "max_seed": data.MAX_SEED,
        "samples": samples,
        "codes": codes_of_samples(items, samples),
        "pca": principal_components(first.folder, first.mtime_ns) if row.pca else None,
        **row.data(items),
    }


def measured(kind: str, items: Items) -> str:
    """What was measured on all held-out samples that belongs to a figure, in a sentence; "" where it was not."""
    ours, plain = ({} if role not in items else items[role].checkpoint.measures for role in ("variant", "plain"))
    first, second = words.MEASURED.get(kind, ("", ""))
    try:
        sentence = first.format(**ours)
    except KeyError:
        return ""
    try:
        return sentence + second.format(**plain) + ("." if second else "")
    except KeyError:
        return sentence + "."
