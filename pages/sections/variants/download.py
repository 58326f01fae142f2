"""A synthetic set with as many samples of each class, as files, made when asked for."""

import math

import numpy as np
import streamlit as st
import torch

from ae_core.io.contact_sheet import png_sheet
from ae_core.io.tables import csv_text, sample_columns

from ...session.models import LoadedModel
from ...ui.download import download
from . import keys, words

EACH = 10  # samples of each class


def downloads(item: LoadedModel) -> None:
    """The buttons. Signals are no pictures: a table alone."""
    name = item.checkpoint.name
    with st.container(horizontal=True, key=keys.DOWNLOADS):
        if len(item.model.shape) == 2:
            download(words.SAMPLES_CSV.format(each=EACH), lambda: table(item), f"{name}.csv")
        else:
            download(words.SAMPLES_PNG.format(each=EACH), lambda: sheet(item), f"{name}.png")
            download(words.SAME_CSV, lambda: table(item), f"{name}.csv")


def synthetic(item: LoadedModel) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(x (N, *shape), z (N, k), y (N,)): EACH styles, each in every class, the same at every call."""
    model = item.model
    y = torch.arange(model.n_classes).repeat(EACH)
    z = torch.randn(EACH, model.k, generator=torch.Generator().manual_seed(0)).repeat_interleave(model.n_classes, 0)
    with torch.no_grad():
        return model.decode(z, y=y).numpy(), z.numpy(), y.numpy()


def sheet(item: LoadedModel) -> bytes:
    """The set as one picture, PNG."""
    title = words.SHEET_TITLE.format(each=EACH, model=item.checkpoint.name)
    return png_sheet(synthetic(item)[0], item.model.n_classes, title, item.model.range)


def table(item: LoadedModel) -> str:
    """The set as CSV: class, code and values of a sample in each row."""
    x, z, y = synthetic(item)
    signals = x.ndim == 3
    columns = sample_columns(x.shape[1] if signals else 1, math.prod(x.shape[2 if signals else 1 :]))
    header = ["class", *(f"z{i + 1}" for i in range(z.shape[1])), *columns]
    rows = (
        [item.checkpoint.classes[int(c)], *(f"{v:.6g}" for v in code), *(f"{v:.4g}" for v in values.ravel())]
        for values, code, c in zip(x, z, y, strict=True)
    )
    return csv_text(header, rows)
