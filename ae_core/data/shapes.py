"""Curves and sheets in the plane and in space, whose codes are known: what an autoencoder with few numbers can follow,
and what PCA cannot.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ..base.display import Display
from ..base.options import option
from . import Dataset, Progress, Source

if TYPE_CHECKING:
    import torch
else:
    from ..base.lazy import torch

N_TEST = 400  # held-out points
SHAPES = ("circle", "spiral", "moons", "swiss-roll", "bent-sheet")
# The axes of a point from its factors a and b, uniform on 0..1, as `Shapes.draw` has them, in lines of plain Python.
LINES = {
    "circle": ("axes = [torch.cos(2 * math.pi * a), torch.sin(2 * math.pi * a)]",),
    "spiral": ("axes = wound(a, 0.15, 1.75)",),
    "moons": (
        "moon = (b < 0.5).long()  # 0: upper, 1: lower",
        "side = 1 - 2 * moon",
        "x, y = 0.65 * torch.cos(math.pi * a), 0.65 * torch.sin(math.pi * a) - 0.16",
        "axes = [x * side + 0.33 * (2 * moon - 1), y * side]",
    ),
    "swiss-roll": ("x, z = wound(a, 0.3, 1.5)", "axes = [x, 2 * b - 1, z]"),
    "bent-sheet": ("axes = [2 * a - 1, 2 * b - 1, 0.6 * torch.sin(2 * math.pi * a)]",),
}
WOUND = """def wound(a, start, turns):
    \"\"\"x and y of a spiral at a, 0..1, from radius `start` to 1, with as many points on each piece of it.\"\"\"
    along = (start**2 + (1 - start**2) * a).sqrt()
    angle = 2 * math.pi * turns * along
    return [along * torch.cos(angle), along * torch.sin(angle)]"""
FACTORS = {
    "circle": (("angle", "turns"),),
    "spiral": (("along", ""),),
    "moons": (("along", ""),),
    "swiss-roll": (("along", ""), ("across", "")),
    "bent-sheet": (("u", ""), ("v", "")),
}


@dataclass(frozen=True)
class Shapes(Source):
    """Points of a curve or a sheet, within about ±1 on each axis, with white noise. The factors are uniform on 0..1."""

    title: ClassVar = "Shapes in two and three dimensions"
    about: ClassVar = "Points of a circle, a spiral, two moons, a Swiss roll or a bent sheet; made on the spot."
    signals: ClassVar = True

    shape: str = option("spiral", "which curve or sheet", choices=SHAPES)
    noise: float = option(0.02, "standard deviation of the white noise added", low=0, high=2)
    samples: int = option(1000, "training points", low=10, high=100_000)
    shape_seed: int = option(0, "seed of the random points", low=0, high=2**31 - 1)

    def draw(self, count: int, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """`count` points (count, 1, 2 or 3), their factors (count, 1 or 2) and which moon each is on (count,)."""
        u = torch.rand(count, 2, generator=generator)
        a, b = u.unbind(1)
        moon = torch.zeros(count, dtype=torch.int64)
        if self.shape == "circle":
            axes = [torch.cos(2 * math.pi * a), torch.sin(2 * math.pi * a)]
        elif self.shape == "spiral":
            axes = _wound(a, 0.15, 1.75)
        elif self.shape == "moons":
            moon = (b < 0.5).long()
            side = 1 - 2 * moon
            axes = [
                0.65 * torch.cos(math.pi * a) * side + 0.33 * (2 * moon - 1),
                (0.65 * torch.sin(math.pi * a) - 0.16) * side,
            ]
        elif self.shape == "swiss-roll":
            x, z = _wound(a, 0.3, 1.5)
            axes = [x, 2 * b - 1, z]
        else:
            axes = [2 * a - 1, 2 * b - 1, 0.6 * torch.sin(2 * math.pi * a)]
        x = torch.stack(axes, 1)
        x = x + self.noise * torch.randn(x.shape, generator=generator)
        return x.unsqueeze(1), u[:, : len(FACTORS[self.shape])], moon

    def load(self, progress: Progress | None = None) -> Dataset:
        generator = torch.Generator().manual_seed(self.shape_seed)
        x, factors, moon = self.draw(self.samples, generator)
        x_test, factors_test, moon_test = self.draw(N_TEST, generator)
        labelled = self.shape == "moons"
        size = x.shape[-1]
        return Dataset(
            name="shapes",
            x_train=x,
            x_test=x_test,
            range=None,
            y_train=moon if labelled else None,
            y_test=moon_test if labelled else None,
            classes=("upper", "lower") if labelled else (),
            factors_train=factors,
            factors_test=factors_test,
            factor_names=FACTORS[self.shape],
            display=Display(
                "features",
                channels=tuple((axis, "") for axis in "xyz"[:size]),
                centre=(0.0,) * size,
                spread=(1.0,) * size,
            ),
        )

    def script(self) -> str:
        lines, labelled = LINES[self.shape], self.shape == "moons"
        parts = [f"generator = Generator().manual_seed({self.shape_seed})"]
        if any("wound(" in line for line in lines):
            parts.append(WOUND)
        parts.append(
            "\n    ".join(
                (
                    "def points(count):",
                    f'"""(count, 1, axes): points of the shape {self.shape}, with white noise."""',
                    "a, b = torch.rand(count, 2, generator=generator).unbind(1)",
                    *lines,
                    "x = torch.stack(axes, 1)",
                    f"x = x + {self.noise} * torch.randn(x.shape, generator=generator)",
                    "return x.unsqueeze(1), moon" if labelled else "return x.unsqueeze(1)",
                )
            )
        )
        halves = "(x_train, y_train), (x_test, y_test)" if labelled else "x_train, x_test"
        return "\n\n\n".join((*parts, f"{halves} = points({self.samples}), points({N_TEST})"))

    def script_labels(self) -> str:
        return ""  # `script` has them: they are drawn with the points


def _wound(a: torch.Tensor, start: float, turns: float) -> list[torch.Tensor]:
    """x and y of a spiral at a, 0..1, from radius `start` to 1, with as many points on each piece of it."""
    along = (start**2 + (1 - start**2) * a).sqrt()
    angle = 2 * math.pi * turns * along
    return [along * torch.cos(angle), along * torch.sin(angle)]
