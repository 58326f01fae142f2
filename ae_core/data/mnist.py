"""MNIST: 60,000 + 10,000 handwritten digits, 28×28 (LeCun, Bottou, Bengio & Haffner 1998)."""

from dataclasses import dataclass
from typing import ClassVar

from . import Dataset, Progress, Source
from ._idx import idx_here, idx_script, idx_script_labels, load_idx


@dataclass(frozen=True)
class Mnist(Source):
    title: ClassVar = "MNIST digits (28×28)"
    about: ClassVar = "70,000 handwritten digits; read from the data folder, downloaded once where there is a network."

    def here(self) -> bool:
        return idx_here("MNIST")

    def load(self, progress: Progress | None = None) -> Dataset:
        return load_idx("mnist", "MNIST", tuple("0123456789"), progress)

    def script(self) -> str:
        return idx_script("MNIST")

    def script_labels(self) -> str:
        return idx_script_labels("MNIST")
