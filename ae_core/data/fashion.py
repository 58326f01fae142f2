"""Fashion-MNIST: 60,000 + 10,000 pictures of clothes, 28×28 (Xiao, Rasul & Vollgraf 2017)."""

from dataclasses import dataclass
from typing import ClassVar

from . import Dataset, Progress, Source
from ._idx import idx_here, idx_script, idx_script_labels, load_idx

CLASSES = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot")


@dataclass(frozen=True)
class Fashion(Source):
    title: ClassVar = "Fashion-MNIST (28×28)"
    about: ClassVar = "70,000 pictures of clothes, harder than digits; read from the data folder or downloaded once."

    def here(self) -> bool:
        return idx_here("FashionMNIST")

    def load(self, progress: Progress | None = None) -> Dataset:
        return load_idx("fashion", "FashionMNIST", CLASSES, progress)

    def script(self) -> str:
        return idx_script("FashionMNIST")

    def script_labels(self) -> str:
        return idx_script_labels("FashionMNIST")
