"""Libraries that come when something needs them, so that a look at a folder of runs does not wait for torch.

A module that only some calls compute with writes

    if TYPE_CHECKING:
        import torch
    else:
        from ..base.lazy import torch

and uses `torch` as always: its first attribute imports it. Annotations are then not evaluated (`from __future__ import
annotations`), and a class that derives from one of torch's stands in a module of its own (see sockets/layers.py).
"""

import importlib
from typing import Any


class LazyModule:
    """Stands for the module `name` and imports it at the first attribute that is asked for.

    >>> LazyModule("math").sqrt(4)
    2.0
    """

    def __init__(self, name: str):
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(importlib.import_module(self._name), attribute)
        setattr(self, attribute, value)  # asked once: from now on as quick as the module's own
        return value

    def __repr__(self) -> str:
        return f"<lazy module {self._name}>"


numpy = LazyModule("numpy")
pandas = LazyModule("pandas")
pyarrow = LazyModule("pyarrow")
torch = LazyModule("torch")
nn = LazyModule("torch.nn")
functional = LazyModule("torch.nn.functional")
