"""What the picture on the screen costs in bytes: as a code, as PNG, as JPEG."""

import numpy as np
import streamlit as st
import torch

from ae_core.io.compression import code_bytes, jpeg, png, rounded_codes
from ae_core.model.metrics import clamped

from ...session.models import Nested
from ...ui.charts import table
from . import words


def bytes_table(item: Nested, picture: np.ndarray, k: int, bits: int) -> None:
    """The bytes of a picture, (H, W) in 0..1, as k dimensions of `bits` bits and as files."""
    x = torch.from_numpy(picture.astype(np.float32))[None, None]
    whole = png(picture)
    rows = [(words.PIXELS, picture.size, 0.0), (words.PNG.format(header=whole.header), whole.size, whole.error)]
    z_network = item.codes["z"]
    coders = (
        (words.NETWORK, item.model, z_network.std(0), z_network.mean(0)),
        (words.PCA, item.pca, item.pca.variance.sqrt().numpy(), np.zeros(item.pca.k)),
    )
    for title, coder, spread, middle in coders:
        with torch.no_grad():
            z = coder.encode(x).numpy()
            if bits < 32:
                z = rounded_codes(z, bits, spread, middle).astype(np.float32)
            x_hat = clamped(coder.decode(torch.from_numpy(z), k), item.model.range)
        error = float((x_hat - x).square().sum())
        rows.append((words.CODER.format(title=title, k=k, bits=bits), code_bytes(k, bits), error))
    error = rows[2][2]
    best = jpeg(picture, error)
    what = words.JPEG if best.error <= error else words.JPEG_BEST
    rows.insert(2, (what.format(header=best.header), best.size, best.error))
    table(dict(zip(words.BYTES_TABLE, map(list, zip(*rows, strict=True)), strict=True)), digits=2)
    weight = sum(p.numel() for p in item.model.decoder.parameters()) * 2 / 1e6
    st.caption(words.BYTES_CAPTION.format(size=weight))
