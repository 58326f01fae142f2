"""scikit-learn's 8×8 digits: 1,797 of them, bundled, so always there (Alpaydin & Kaynak 1998)."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from . import Dataset, Progress, Source

if TYPE_CHECKING:
    import torch
else:
    from ..base.lazy import torch


@dataclass(frozen=True)
class Digits(Source):
    title: ClassVar = "Small digits (8×8)"
    about: ClassVar = (
        "1,797 handwritten digits of 8×8 grey levels that come with scikit-learn; always there, offline too."
    )

    def load(self, progress: Progress | None = None) -> Dataset:
        from sklearn.datasets import load_digits
        from sklearn.model_selection import train_test_split

        images, labels = load_digits(return_X_y=True)
        # A fixed split, so that errors of different runs compare.
        x, x_test, y, y_test = train_test_split(images, labels, test_size=360, random_state=0, stratify=labels)

        def pixels(a):  # 17 grey levels, 0..16
            return torch.tensor(a / 16, dtype=torch.float32).view(-1, 1, 8, 8)

        return Dataset(
            name="digits",
            x_train=pixels(x),
            x_test=pixels(x_test),
            range=(0.0, 1.0),
            y_train=torch.tensor(y, dtype=torch.int64),
            y_test=torch.tensor(y_test, dtype=torch.int64),
            classes=tuple("0123456789"),
        )

    def script(self) -> str:
        return inspect.cleandoc("""
            from sklearn.datasets import load_digits
            from sklearn.model_selection import train_test_split

            images, labels = load_digits(return_X_y=True)
            halves = train_test_split(images, test_size=360, random_state=0, stratify=labels)
            x_train, x_test = (torch.tensor(half / 16, dtype=torch.float32).view(-1, 1, 8, 8) for half in halves)
        """)

    def script_labels(self) -> str:
        return inspect.cleandoc("""
            halves = train_test_split(labels, test_size=360, random_state=0, stratify=labels)
            y_train, y_test = map(torch.tensor, halves)
        """)
