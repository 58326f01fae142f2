"""The live figures of the Variants page: which models each needs, what it is given, what to notice in it."""

import base64
import math
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st
import torch

from ae_core import load_dataset
from ae_core.data import source
from ae_core.io.images import enlarged
from ae_core.model.metrics import perplexity
from ae_core.runs.checkpoint import Checkpoint
from ae_core.runs.folder import checkpoints
from ae_core.sockets.bottleneck import nearest

from ...session.models import Shown, same_samples, shown
from ...ui.upload import pack_bytes

PER_CLASS = 6  # held-out samples of each class that travel to the page
UNCLASSED = 60  # of data without classes
SHORTEST = 8  # values of a signal that is drawn as a line
BETAS = "mnist-beta-"  # how the names of the models begin that differ in β alone
LIT = 0.01  # of the largest value of all: a unit above it is on (as in ae_core.metrics)

Found = dict[str, Checkpoint]
Roles = dict[str, str]  # what a model stands for in a figure -> its name
Items = dict[str, Shown]


@dataclass(frozen=True)
class Part:
    """One thing that a person moves: what it is at first, and what a link may say (choices, or low to high; of a text
    how long at most).
    """

    usual: Any
    low: float = 0
    high: float = 0
    choices: tuple[str, ...] = ()

    def read(self, text: str) -> Any:
        """What a link says; ValueError where it cannot be meant."""
        if isinstance(self.usual, str):
            if (
                text not in self.choices
                if self.choices
                else len(text) > self.high or not all(c.isascii() and (c.isalnum() or c in "-._=+/") for c in text)
            ):
                raise ValueError(f"{text[:40]!r} is not allowed")
            return text
        value = type(self.usual)(text)
        if not math.isfinite(value) or not self.low <= value <= self.high:
            raise ValueError(f"{value} is not allowed")
        return value


Parts = dict[str, Part]


def sample_parts(samples: dict[str, Any], first: int = 2) -> Parts:
    """Which digit goes in: a held-out one, or one drawn by hand (base64, a byte a pixel); a signal is a held-out one."""
    sample = {"sample": Part(min(first, samples["count"] - 1), 0, samples["count"] - 1)}
    return sample if "limits" in samples else {**sample, "drawn": Part("", high=6000)}


@dataclass(frozen=True)
class Figure:
    """A live figure. roles: the models that it needs of those found, for a variant; None where they are not here.

    parts: what is moved, by the models and the samples; data: what the page's component needs beside what all figures
    get.
    """

    title: str
    notice: str
    question: str
    answer: str
    roles: Callable[[Found, str], Roles | None]
    parts: Callable[[Items, dict[str, Any]], Parts] = lambda items, samples: sample_parts(samples)
    data: Callable[[Items], dict[str, Any]] = lambda items: {}
    pca: bool = False
    needs: dict[str, Any] = field(default_factory=dict)  # of the recipe that makes what is missing


# ---- Which model stands for a variant
# -------------------------------------------------------------------------------------


def best(
    found: Found, variant: str, wants: Callable[[Checkpoint], bool] = lambda _: True, k: int = 32, signals: bool = False
) -> str | None:
    """The model of pictures (or of signals) that shows a variant best: a shipped one, of MNIST, near k numbers, small
    and one whose encoder runs in the page; None without any.
    """
    shipped = set(checkpoints().values())

    def order(name: str) -> tuple:
        model, config = found[name], found[name].config
        odd = getattr(config.row.sockets(dict(config.sockets))[2], "beta", 1.0) != 1.0  # a β-VAE is a special one
        return (
            model.folder not in shipped,
            config.data != "mnist",
            config.network == "conv",
            odd,
            abs(math.log(config.k / k)),
            sum(config.hidden),
            name,
        )

    suits = drawn_as_lines if signals else drawn_as_pictures
    fitting = [name for name, c in found.items() if c.config.variant == variant and suits(c) and wants(c)]
    return min(fitting, key=order, default=None)


def drawn_as_pictures(checkpoint: Checkpoint) -> bool:
    return len(checkpoint.shape) == 3 and bool(checkpoint.classes)


def drawn_as_lines(checkpoint: Checkpoint) -> bool:
    """Whether a model is one of signals long enough to be drawn, whose data are on this machine: no others can stand in
    for them.
    """
    config = checkpoint.config
    return (
        len(checkpoint.shape) == 2 and checkpoint.shape[1] >= SHORTEST and source(config.data, **config.source).here()
    )


def partner(found: Found, name: str) -> str | None:
    """The plain autoencoder to stand beside a model: of the same data, with as many numbers and the same layers if
    there is one.
    """
    mine = found[name]

    def order(other: str) -> tuple:
        config = found[other].config
        return (
            abs(math.log(config.k / mine.config.k)),
            config.network != mine.config.network,
            config.hidden != mine.config.hidden,
            sum(config.hidden),
            other,
        )

    fitting = [
        n
        for n, c in found.items()
        if n != name and c.config.variant == "deep" and c.config.network != "conv" and same_samples(c, mine)
    ]
    return min(fitting, key=order, default=None)


def alone(found: Found, variant: str) -> Roles | None:
    name = best(found, variant)
    return {"variant": name} if name else None


def beside_plain(found: Found, variant: str) -> Roles | None:
    """The variant's model, and the plain one where there is one and it is another kind."""
    roles = alone(found, variant)
    plain = partner(found, roles["variant"]) if roles and variant != "deep" else None
    return {**roles, "plain": plain} if plain else roles


def with_plain(found: Found, variant: str) -> Roles | None:
    """As `beside_plain`, where both must be there and the page must be able to encode."""
    name = best(found, variant, lambda c: c.config.network != "conv")
    plain = name and partner(found, name)
    return {"variant": name, "plain": plain} if plain else None


def denoisers(found: Found, variant: str, signals: bool = False) -> Roles | None:
    """The denoiser, the plain one, and one that was trained against the noisy input, if somebody has."""
    name = best(
        found,
        variant,
        lambda c: c.config.network != "conv" and c.config.sockets.get("target", "clean") == "clean",
        signals=signals,
    )
    plain = name and partner(found, name)
    if not plain:
        return None
    mistake = best(
        found,
        variant,
        lambda c: (
            c.config.sockets.get("target") == "noisy" and same_samples(c, found[name]) and c.config.network != "conv"
        ),
        signals=signals,
    )
    return {"variant": name, "plain": plain, **({"mistake": mistake} if mistake else {})}


def plane(found: Found, variant: str, signals: bool = False) -> Roles | None:
    """A model with a map of two numbers whose encoder runs in the page."""
    name = best(found, variant, lambda c: c.config.k == 2 and c.config.network != "conv", k=2, signals=signals)
    return {"variant": name} if name else None


def twins(found: Found, variant: str) -> Roles | None:
    """A plain and a variational model of two numbers that differ in nothing else."""
    shipped = set(checkpoints().values())
    for name, c in sorted(
        found.items(), key=lambda pair: (pair[1].folder not in shipped, pair[1].config.data != "mnist", pair[0])
    ):
        if c.config.variant == "deep" and c.config.k == 2 and len(c.shape) == 3 and c.config.network != "conv":
            mine = {
                key: value
                for key, value in c.config.to_json().items()
                if key not in ("variant", "sockets", "device", "precision")
            }
            for other, d in found.items():
                if d.config.variant == "vae" and mine.items() <= d.config.to_json().items():
                    return {"plain": name, "vae": other}
    return None


def betas(found: Found, variant: str) -> Roles | None:
    """The models that differ in β, ascending; those that are missing are left out, and two are the least."""
    fitting = [
        n
        for n, c in found.items()
        if n.startswith(BETAS)
        and c.config.variant == "vae"
        and c.config.k == 2
        and {"kl", "reconstruction"} <= set(c.measures)
    ]
    shipped = set(checkpoints().values())
    first = min(fitting, key=lambda n: (found[n].folder not in shipped, n), default=None)
    alike = sorted(
        (n for n in fitting if same_samples(found[n], found[first])),
        key=lambda n: (beta_of(found[n]), found[n].folder not in shipped),
    )
    each = [n for i, n in enumerate(alike) if not i or beta_of(found[n]) != beta_of(found[alike[i - 1]])]
    return {f"b{i}": name for i, name in enumerate(each)} if len(each) > 1 else None


def beta_of(checkpoint: Checkpoint) -> float:
    """β of a variational model."""
    return checkpoint.config.row.sockets(dict(checkpoint.config.sockets))[2].beta


# ---- What the figures are given
# --------------------------------------------------------------------------------------------


def pack(values: np.ndarray, kind: str = "<f4") -> str:
    """Numbers as base64 text."""
    return base64.b64encode(np.ascontiguousarray(values, kind).tobytes()).decode()


@st.cache_data(max_entries=8, show_spinner="Reading samples …")
def samples_of(data: str, shape: tuple[int, ...], here: bool) -> dict[str, Any]:
    """Held-out pictures, one of each class in turn; scikit-learn's digits, enlarged, where the model's own are not
    here.
    """
    found = load_dataset(data if here else "digits")
    groups = [(found.y_test == c).nonzero()[:PER_CLASS, 0].tolist() for c in range(len(found.classes))]
    rows = [group[n] for n in range(PER_CLASS) for group in groups if n < len(group)]
    pictures = found.x_test[rows].numpy()
    if pictures.shape[1:] != tuple(shape):
        pictures = np.stack([np.broadcast_to(enlarged(picture[0], shape[1:]), shape) for picture in pictures])
    return {
        "count": len(rows),
        "values": pack_bytes(pictures),
        "labels": [int(c) for c in found.y_test[rows]],
        "classes": list(found.classes),
    }


@st.cache_data(max_entries=8, show_spinner="Reading samples …")
def signals_of(data: str, options: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    """Held-out signals as float32, one of each class in turn where there are classes; "limits": the lowest and the
    highest value of them all.
    """
    found = source(data, **dict(options)).load()
    if found.classes:
        groups = [(found.y_test == c).nonzero()[:PER_CLASS, 0].tolist() for c in range(len(found.classes))]
        rows = [group[n] for n in range(PER_CLASS) for group in groups if n < len(group)]
        labels = [int(c) for c in found.y_test[rows]]
    else:
        rows = list(range(min(UNCLASSED, len(found.x_test))))
        labels = [0] * len(rows)
    x = found.x_test[rows].numpy()
    return {
        "count": len(rows),
        "values": pack(x),
        "limits": [float(x.min()), float(x.max())],
        "labels": labels,
        "classes": list(found.classes),
    }


def pictures_of(samples: dict[str, Any], shape: tuple[int, ...]) -> torch.Tensor:
    """The samples as the page has them: (N, *shape) in 0..1."""
    return torch.from_numpy(np.frombuffer(base64.b64decode(samples["values"]), np.uint8).astype(np.float32) / 255).view(
        -1, *shape
    )


@st.cache_data(max_entries=32, show_spinner=False)
def principal(name: str, written: int) -> dict[str, Any]:
    """PCA with as many numbers as a model, for the page."""
    pca = shown(name).checkpoint.pca()
    return {
        "k": pca.k,
        "mean": pack(pca.mean.flatten().numpy()),
        "components": pack(pca.components.flatten().numpy(), "<f2"),
    }


def codes_here(items: Items, samples: dict[str, Any]) -> dict[str, str]:
    """The samples' codes by those models that cannot encode in the page."""
    found = {}
    for role, item in items.items():
        if not item.encodes:
            with torch.no_grad():
                found[role] = pack(item.model.encode(pictures_of(samples, item.model.shape)).numpy())
    return found


@st.cache_data(max_entries=32, show_spinner=False)
def leading_plane(name: str, written: int) -> dict[str, Any]:
    """The two directions in which a model's codes vary most, the box around them, and how far they spread, √ of the
    summed variances.
    """
    z = shown(name).codes["z"].astype(np.float64)
    mean = z.mean(0)
    axes = np.linalg.eigh(np.cov(z - mean, rowvar=False))[1][:, ::-1][:, :2].T
    seen = (z - mean) @ axes.T
    low, high = np.quantile(seen, 0.002, axis=0), np.quantile(seen, 0.998, axis=0)
    margin = 0.08 * (high - low)
    return {
        "mean": mean.tolist(),
        "axes": axes.tolist(),
        "low": (low - margin).tolist(),
        "high": (high + margin).tolist(),
        "spread": float(np.sqrt(z.var(0).sum())),
    }


def planes(items: Items) -> dict[str, Any]:
    return {"planes": {role: leading_plane(item.place, item.written) for role, item in items.items()}}


def masking(items: Items) -> dict[str, Any]:
    corrupt = items["variant"].model.corrupt
    return {"patch": getattr(corrupt, "patch", 4), "share": getattr(corrupt, "hidden_share", 0.75)}


def noise_parts(items: Items, samples: dict[str, Any]) -> Parts:
    return {
        **sample_parts(samples),
        "kind": Part("gaussian", choices=("gaussian", "masking", "salt-pepper")),
        "amount": Part(0.3, 0, 1),
        "seed": Part(0, 0, 999),
    }


def mask_parts(items: Items, samples: dict[str, Any]) -> Parts:
    side = masking(items)["patch"]
    patches = math.prod(-(-n // side) for n in items["variant"].model.shape[1:])
    return {**sample_parts(samples), "mask": Part("", high=patches), "seed": Part(0, 0, 999)}


def firing(items: Items) -> dict[str, Any]:
    """Above what a unit counts as on, and the most units that are on for one sample."""
    z = items["variant"].codes["z"]
    floor = LIT * float(z.max())
    return {"floor": floor, "most": int((z > floor).sum(1).max())}


def unit_parts(items: Items, samples: dict[str, Any]) -> Parts:
    most = firing(items)["most"]
    return {**sample_parts(samples), "n": Part(min(8, most), 0, most)}


def usage(items: Items) -> dict[str, Any]:
    """How often each code of the book is taken for held-out samples."""
    model, z = items["variant"].model, torch.from_numpy(items["variant"].codes["z"])
    tokens = nearest(model.bottleneck.vectors(z), model.codebook)  # codes are the nearest to themselves
    codes = len(model.codebook)
    share = torch.bincount(tokens.flatten(), minlength=codes) / tokens.numel()
    measured = items["variant"].checkpoint.measures.get("perplexity", perplexity(tokens, codes))
    unused = int((share == 0).sum())
    words = f"{math.prod(model.grid)} tokens out of {codes} codes: {math.prod(model.grid) * math.log2(codes):.0f} bits a digit. Perplexity {measured:.1f} of {codes}"
    return {
        "usage": share.tolist(),
        "words": words + (f"; {unused} codes are never taken." if unused else "; every code is taken."),
    }


def token_parts(items: Items, samples: dict[str, Any]) -> Parts:
    places = math.prod(items["variant"].model.grid)
    return {**sample_parts(samples), "place": Part(places // 2, 0, places - 1), "edits": Part("", high=8 * places)}


def style_parts(items: Items, samples: dict[str, Any]) -> Parts:
    reach = float(items["variant"].box.high[:2].max())
    x, y = (
        items["variant"].codes["z"][0, :2].clip(-reach, reach).tolist() if "limits" in samples else (0.0, 0.0)
    )  # a cycle's codes are a ring, empty inside
    return {"sample": sample_parts(samples)["sample"], "x": Part(x, -reach, reach), "y": Part(y, -reach, reach)}


def beta_data(items: Items) -> dict[str, Any]:
    """β, rate and distortion of each model, and how its map is turned to lie best on the one before (Procrustes:
    Schönemann 1966).
    """
    before, found, reach = None, [], 3.0
    for role, item in items.items():
        z = item.codes["z"].astype(np.float64)
        turn = np.eye(2)
        if before is not None and len(before) == len(z):
            u, _, v = np.linalg.svd(z.T @ before)
            turn = u @ v
        before = z @ turn
        reach = max(reach, float(np.quantile(np.abs(before), 0.999)))
        measures = item.checkpoint.measures
        beta = beta_of(item.checkpoint)
        found.append(
            {
                "role": role,
                "beta": beta,
                "kl": measures["kl"],
                "reconstruction": measures["reconstruction"],
                "turn": turn.tolist(),
            }
        )
    return {"betas": found, "reach": 1.05 * reach}


def beta_parts(items: Items, samples: dict[str, Any]) -> Parts:
    values = [beta_of(item.checkpoint) for item in items.values()]
    return {
        **sample_parts(samples),
        "at": Part(
            float(min(range(len(values)), key=lambda i: abs(math.log(max(values[i], 1e-6))))), 0, len(values) - 1
        ),
    }


def small(item: Shown) -> str:
    """What stands behind a model's name in the figure."""
    k = item.model.k
    return f"{k} number{'s' * (k > 1)}"


def label(item: Shown, role: str) -> str:
    """How the figure calls a model."""
    if role == "mistake":
        return "asked for the noisy one"
    return "plain AE" if item.checkpoint.config.variant == "deep" else item.checkpoint.config.row.short


def blobs(items: Items) -> dict[str, bytes]:
    """What the page must have of these models, by name."""
    found = {}
    for item in items.values():
        found[item.checkpoint.name] = item.blob
        if item.encodes:
            found[f"{item.checkpoint.name}:encoder"] = item.encoder_blob
    return found


def samples_for(items: Items) -> dict[str, Any]:
    """The digits, or signals, that can go in."""
    first = next(iter(items.values()))
    data, options = first.checkpoint.config.data, first.checkpoint.config.source
    if len(first.model.shape) == 2:
        return signals_of(data, tuple(options.items()))
    return samples_of(data, first.model.shape, source(data, **options).here())


def figure_data(kind: str, items: Items) -> dict[str, Any]:
    """What the page's component is given, but for where it starts."""
    about, samples = FIGURES[kind], samples_for(items)
    first = next(iter(items.values()))
    return {
        "figure": kind,
        "revision": str(max(item.written for item in items.values())),
        "roles": {
            role: {
                "name": item.checkpoint.name,
                "title": label(item, role),
                "small": small(item),
                "encodes": item.encodes,
            }
            for role, item in items.items()
        },
        "samples": samples,
        "codes": codes_here(items, samples),
        "pca": principal(first.place, first.written) if about.pca else None,
        **about.data(items),
    }


def measured(kind: str, items: Items) -> str:
    """What was measured on all held-out samples that belongs to a figure, in a sentence; nothing where it was not."""
    ours, plain = ({} if role not in items else items[role].checkpoint.measures for role in ("variant", "plain"))
    sentences = {
        "noise": (
            "Noised as in training, it is off by {restored_squared_error:.2f} a held-out digit, PCA of the same size by {pca_restored_squared_error:.2f}.",
            "",
        ),
        "signal-noise": (
            "Noised as in training, it is off by {restored_squared_error:.2f} a held-out signal, PCA of the same size by {pca_restored_squared_error:.2f}.",
            "",
        ),
        "mask": (
            "With patches hidden as in training, it is off by {restored_squared_error:.2f} a held-out digit, PCA of the same size by {pca_restored_squared_error:.2f}.",
            "",
        ),
        "units": (
            "Over all held-out digits {active_share:.1%} of the units are on, at a squared error of {squared_error:.2f}",
            ", a plain one's of {squared_error:.2f}",
        ),
        "contraction": (
            "Over held-out digits ‖∂z/∂x‖ is {jacobian_norm:.2f}, {relative_jacobian_norm:.2f} of the codes' spread, at a squared error of {squared_error:.2f}",
            ", the plain one's {jacobian_norm:.2f}, {relative_jacobian_norm:.2f} and {squared_error:.2f}",
        ),
        "classes": ("A classifier takes {asked_accuracy:.1%} of what it draws for the class that was asked for.", ""),
        "signal-classes": (
            "A classifier takes {asked_accuracy:.1%} of what it draws for the class that was asked for.",
            "",
        ),
        "axes": ("Mean squared error of all held-out digits: {squared_error:.3f}, PCA's {pca_squared_error:.3f}.", ""),
    }
    first, second = sentences.get(kind, ("", ""))
    try:
        said = first.format(**ours)
    except KeyError:
        return ""
    try:
        return said + second.format(**plain) + ("." if second else "")
    except KeyError:
        return said + "."


# ---- The figures
# ------------------------------------------------------------------------------------------------------------

FIGURES: dict[str, Figure] = {
    "rebuild": Figure(
        "What becomes of a digit",
        "The same digit through each waist: squared errors say how much is lost, not whether what comes out is still a good digit.",
        "Draw a letter, or a scribble. Which one rebuilds it best, and why is that no praise?",
        "PCA mostly: its axes add up to nearly anything. A network has learned digits, and bends what it does not know towards them. "
        "That it fails on what is no digit is the use of it: the error tells the unusual from the usual (the Signals page lives on that).",
        beside_plain,
        pca=True,
    ),
    "noise": Figure(
        "Noise",
        "The plain autoencoder rebuilds part of the noise, or a wrong digit; the denoiser was asked for the clean one. Both were given the same noise here.",
        "What happens at amount 0, and with a kind of noise that it was not trained on?",
        "At 0 the plain one is often a little better: the denoiser gave up some detail for robustness. Of noise it never saw it removes much all the same, "
        "because it has learned where digits lie, not what noise looks like.",
        denoisers,
        parts=noise_parts,
        needs={"loss": "squared-error"},
    ),
    "signal-noise": Figure(
        "Noise on a signal",
        "The denoiser's line mostly lies nearer to the clean one, thin behind it: it has learned which curves there are. The plain one follows part of the noise.",
        "A moving average takes noise away, too. What does the denoiser have over it?",
        "An average knows nothing of the signal: it takes fast parts away with the noise. The denoiser asks which of the signals that it knows lies nearest; "
        "it pays for that where a signal is unlike all of them.",
        lambda found, variant: denoisers(found, variant, signals=True),
        parts=noise_parts,
        needs={"data": "sinusoids", "k": 8, "hidden": "64,32", "loss": "squared-error"},
    ),
    "mask": Figure(
        "Your own mask",
        "Hidden patches are filled in from the few that are seen; the plain one, which never saw a hole, takes the holes for part of the picture.",
        "Hide the upper half of a 7 or a 9: what does it fill in, and why is the answer blurred?",
        "Several digits have such a lower half, and squared error asks for one picture: the best single answer is the average of what is possible.",
        with_plain,
        parts=mask_parts,
        data=masking,
    ),
    "units": Figure(
        "Which units fire",
        "Few units carry the digit, others the next one: step through the digits and watch them change. A unit's own picture is a pattern of strokes, rarely a whole digit.",
        "How many units does this digit need before you recognise it?",
        "Fewer than are on, and not the same number for each digit. Move the slider: the strongest draw the strokes, the weak ones correct edges.",
        alone,
        parts=unit_parts,
        data=firing,
    ),
    "contraction": Figure(
        "How far the code moves",
        "The same noise moves the plain code farther than the contractive one, each measured against how far its own codes spread.",
        "Could a network cheat by making its codes tiny?",
        "Yes: with z ten times as small and a decoder ten times as loud, ‖∂z/∂x‖ shrinks tenfold and nothing is gained. So the lengths here are shares of the "
        "codes' own spread, which such a trick leaves as they are.",
        with_plain,
        parts=lambda items, samples: {**sample_parts(samples), "amount": Part(0.15, 0, 0.5), "seed": Part(0, 0, 999)},
        data=planes,
    ),
    "epsilon": Figure(
        "μ, σ and ε",
        "Training decodes z = μ + σ·ε, a new ε each time: all of the little cloud must decode to the same digit. That is why neighbours on the map look alike.",
        "Why does the cloud not shrink to a point, which would rebuild best?",
        "The KL term charges −log σ for each dimension: a cloud as small as a point costs infinitely much. Reconstruction pulls σ down, KL pulls it up to 1 and μ to 0.",
        plane,
        parts=lambda items, samples: {**sample_parts(samples), "e1": Part(1.0, -3.5, 3.5), "e2": Part(0.5, -3.5, 3.5)},
    ),
    "beta": Figure(
        "β from small to large",
        "More weight on KL: the map draws together under the prior and the clouds grow until neighbours share one blurred picture. Rate falls, distortion rises.",
        "Which β is right?",
        "That depends on what it is for: a small one for reconstructions, 1 where −ELBO shall bound the likelihood, a large one for few, separate factors. "
        "The curve is what can be had; β only chooses a point on it (Alemi et al. 2018).",
        betas,
        parts=beta_parts,
        data=beta_data,
    ),
    "classes": Figure(
        "Ten digits in one handwriting",
        "The class is told, so the map holds no regions of digits: everywhere lie all ten, and a place means slant, width and thickness.",
        "What would happen without telling the encoder the class?",
        "The decoder would still be told, so the code could leave it out; but the encoder would have to find it out to know which style it is. Told, it is simply easier.",
        plane,
        parts=style_parts,
    ),
    "signal-classes": Figure(
        "Signals: every class in one style",
        "The class is told, so a place on the map means what else there is to say: in the shipped model, where the machine is in its cycle. "
        "There the fault is always in the first channel, the thick line; the others hardly change from class to class.",
        "Faulty samples are rare. Can those that are drawn here help to train a detector?",
        "They show it no kind of fault that was not in the training data, and squared error draws the average of where a fault begins. "
        "They can even out rare classes, but measure that on real faults.",
        lambda found, variant: plane(found, variant, signals=True),
        parts=style_parts,
        needs={
            "data": "sensors",
            "rows": 20000,
            "span": 32,
            "fault_share": 0.7,
            "epochs": 60,
            "batch_size": 64,
            "beta": 0.05,
        },
    ),
    "tokens": Figure(
        "Tokens",
        "Press a token on the picture, then a code of the book: only its part of the digit changes, as a convolutional decoder sees near places alone.",
        "Why are codes that nobody takes a problem, and what helps?",
        "A code moves only when it is chosen, so one that starts far off stays there for ever. Here such codes are put onto outputs of the encoder as each epoch begins.",
        alone,
        parts=token_parts,
        data=usage,
        needs={"network": "conv"},
    ),
    "holes": Figure(
        "The holes: AE against VAE",
        "Drag where no codes lie: the decoder draws all the same, and its own encoder may take that picture for another place (the arrow). The plain map leaves far more of itself empty.",
        "Has the variational one no holes?",
        "Fewer: between its clouds and under the prior every place was visited in training. Far outside it guesses as well; show where each place comes back, and compare the edges.",
        twins,
        parts=lambda items, samples: {
            "x": Part(0.5, 0, 1),
            "y": Part(0.5, 0, 1),
            "field": Part("off", choices=("off", "on")),
        },
    ),
    "axes": Figure(
        "The same as PCA, and how it differs",
        "Rebuilt pictures and errors are PCA's, but its axes look like none of PCA's: they are a mixture of them. Sent through it, PCA's axes come back nearly whole.",
        "Why does it not find PCA's axes themselves?",
        "The error depends on the subspace alone: turn or stretch the axes within it, undo that in the decoder, and nothing changes. PCA adds the order by variance.",
        alone,
        pca=True,
    ),
    "cut": Figure(
        "Any number of numbers",
        "One network, cut after any k: the first numbers carry most, as with PCA, and at every k it draws a clearer digit.",
        "What does one model for all sizes cost?",
        "A little at each size: a network trained for that size alone may be somewhat better (see 'A model for each size' on the Bottleneck page).",
        alone,
        parts=lambda items, samples: {
            **sample_parts(samples),
            "k": Part(min(8, items["variant"].model.k), 1, items["variant"].model.k),
        },
        pca=True,
    ),
}

# Which figures a variant has, the first one shown first; a variant that is not here has the last.
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
}

# What the Train page's form is filled with where a model is missing; about the recipes of the shipped ones.
RECIPES: dict[str, dict[str, Any]] = {
    "linear": {"k": 32},
    "nested": {"k": 32, "hidden": "256,128"},
    "vae": {"k": 2},
    "cvae": {"k": 2},
    "contractive": {"k": 16, "contraction": 0.01, "loss": "squared-error"},
    "sparse": {"k": 128, "hidden": "128", "sparsity_weight": 0.1, "loss": "squared-error"},
    "vqvae": {"network": "conv", "hidden": "16,32,64", "k": 64, "code_size": 4},
}


def train_link(variant: str, **more: Any) -> str:
    """The address of the Train page with the recipe for a variant in the form."""
    recipe = {
        "hidden": "128,64",
        "k": 32,
        "lr": 0.001,
        "epochs": 20,
        **RECIPES.get(variant, {"loss": "squared-error"}),
        **more,
    }
    if variant == "linear":
        del recipe["hidden"]
    data = {} if source("mnist").here() else {"data": "digits"}
    return "train?" + urllib.parse.urlencode({**data, "variant": variant, **recipe})
