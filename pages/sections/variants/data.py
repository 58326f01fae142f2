"""What single figures are given beside what all of them get. Each takes the figure's models by role."""

import math
from typing import Any

import numpy as np
import streamlit as st
import torch

from ae_core.model.metrics import perplexity
from ae_core.sockets.bottleneck import nearest
from ae_core.training.steps import steps

from ...session.models import LoadedModel, load_model
from ...session.planes import leading_plane
from ...ui.packing import to_base64
from . import words
from .models import beta_of
from .samples import Samples, unpacked

Items = dict[str, LoadedModel]  # a figure's models by role
Data = dict[str, Any]

MAX_SEED = 999  # of noise
MAX_SMALL_NOISE = 0.5  # σ on the input whose effect on the code is shown
MAX_EPSILON = 3.5  # σ, the edge of the enlarged posterior
ACTIVE = 0.01  # of the largest value of all: a unit above it is active (as in ae_core.model.metrics)


@st.cache_data(max_entries=32, show_spinner=False)
def principal_components(name: str, mtime_ns: int) -> Data:
    """PCA with as many dimensions as a model, for the page."""
    pca = load_model(name).checkpoint.pca()
    return {
        "k": pca.k,
        "mean": to_base64(pca.mean.flatten().numpy(), "<f4"),
        "components": to_base64(pca.components.flatten().numpy(), "<f2"),
    }


def codes_of_samples(items: Items, samples: Samples) -> dict[str, str]:
    """The samples' codes by those models that cannot encode in the page, by role."""
    codes = {}
    for role, item in items.items():
        if not item.encodes:
            with torch.no_grad():
                codes[role] = to_base64(item.model.encode(unpacked(samples, item.model.shape)).numpy(), "<f4")
    return codes


@st.cache_data(max_entries=32, show_spinner=False)
def plane_and_spread(name: str, mtime_ns: int) -> Data:
    """A model's `leading_plane`, and how far its codes spread: √ of their summed variances."""
    z = load_model(name).codes["z"]
    spread = float(np.sqrt(z.astype(np.float64).var(0).sum()))
    return {**leading_plane(z, outside=0.002, margin=0.08)[0], "spread": spread}


def planes(items: Items) -> Data:
    """Each model's `plane_and_spread`, and the most noise."""
    each = {role: plane_and_spread(item.folder, item.mtime_ns) for role, item in items.items()}
    return {"planes": each, "max_amount": MAX_SMALL_NOISE}


def epsilon(items: Items) -> Data:
    """How far ε goes, and the program of the loss."""
    item = items["variant"]
    return {
        "reach": MAX_EPSILON,
        "beta": beta_of(item.checkpoint),
        "loss": item.model.loss,
        "lines": steps(item.model),
    }


def masking(items: Items) -> Data:
    """The side of a patch, and the share of them that training masks."""
    corrupt = items["variant"].model.corrupt
    return {"patch": getattr(corrupt, "patch", 4), "share": getattr(corrupt, "hidden_share", 0.75)}


def activity(items: Items) -> Data:
    """Above what a unit counts as active, and the most units that are active for one sample."""
    z = items["variant"].codes["z"]
    floor = ACTIVE * float(z.max())
    return {"floor": floor, "most": int((z > floor).sum(1).max())}


def usage(items: Items) -> Data:
    """How often each code of the codebook is used for held-out samples."""
    model, z = items["variant"].model, torch.from_numpy(items["variant"].codes["z"])
    tokens = nearest(model.bottleneck.vectors(z), model.codebook)  # codes are the nearest to themselves
    codes = len(model.codebook)
    share = torch.bincount(tokens.flatten(), minlength=codes) / tokens.numel()
    places, unused = math.prod(model.grid), int((share == 0).sum())
    sentence = words.USAGE.format(
        tokens=places,
        codes=codes,
        bits=places * math.log2(codes),
        perplexity=items["variant"].checkpoint.measures.get("perplexity", perplexity(tokens, codes)),
    )
    return {
        "usage": share.tolist(),
        "words": sentence + (words.unused_codes(unused) if unused else words.USAGE_ALL),
    }


def rate_and_distortion(items: Items) -> Data:
    """β, rate and distortion of each model, and how its map is turned to lie best on the one before (Procrustes:
    Schönemann 1966).
    """
    before, models, reach = None, [], 3.0
    for role, item in items.items():
        z = item.codes["z"].astype(np.float64)
        turn = np.eye(2)
        if before is not None and len(before) == len(z):
            u, _, v = np.linalg.svd(z.T @ before)
            turn = u @ v
        before = z @ turn
        reach = max(reach, float(np.quantile(np.abs(before), 0.999)))
        measures = item.checkpoint.measures
        models.append(
            {
                "role": role,
                "beta": beta_of(item.checkpoint),
                "kl": measures["kl"],
                "reconstruction": measures["reconstruction"],
                "turn": turn.tolist(),
            }
        )
    return {"betas": models, "reach": 1.05 * reach}
