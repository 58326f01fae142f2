"""What happens once per server process."""

import gc

import streamlit as st
import torch

from ae_core import PCA


@st.cache_resource(show_spinner=False)
def warm_up() -> None:
    """Keep Streamlit's garbage collection after every run cheap.

    With torch loaded each `gc.collect()` walks some 250 ms of objects that will never die (streamlit#8977). They are
    frozen, after the first optimizer step, because that is when torch imports the rest of itself.
    """
    PCA(torch.eye(2))  # and the linear algebra
    weight = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.Adam([weight], fused=True)
    weight.sum().backward()
    optimizer.step()
    gc.collect()
    gc.freeze()
