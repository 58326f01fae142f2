"""Sums of sinusoids whose true factors are known, so that a latent map can be held against them."""

from __future__ import annotations

import inspect
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ..base.budget import ask, largest_fitting
from ..base.options import option
from . import Dataset, Progress, Source

if TYPE_CHECKING:
    import torch
else:
    from ..base.lazy import torch

N_TEST = 2000  # held-out signals
FACTOR_BYTES = 96  # of a sinusoid's frequency, amplitude and phase, drawn, sorted and kept


@dataclass(frozen=True)
class Sinusoids(Source):
    """x(t) = Σⱼ aⱼ sin(2π fⱼ t + φⱼ) + noise, t in [0, 1), j = 1 … complexity.

    The factors are drawn uniformly and independently. With several sinusoids they are sorted by frequency, so
    that "the first one" means the same in every sample.
    """

    title: ClassVar = "Synthetic sinusoids"
    about: ClassVar = "Sums of sinusoids with known frequency, amplitude and phase; made on the spot, always there."
    signals: ClassVar = True

    complexity: int = option(1, "how many sinusoids are added in a signal", low=1, high=16)
    noise: float = option(0.0, "standard deviation of the white noise added", low=0, high=5, unit="signal units")
    length: int = option(64, "samples in a signal", low=8, high=4096, unit="samples")
    samples: int = option(20_000, "training signals", low=10, high=1_000_000)  # 2-D maps of fewer show gaps
    frequency_low: float = option(1.0, "lowest frequency", low=0.05, high=500, unit="cycles per window")
    frequency_high: float = option(4.0, "highest frequency", low=0.05, high=500, unit="cycles per window")
    amplitude_low: float = option(0.3, "smallest amplitude", low=0, high=100, unit="signal units")
    amplitude_high: float = option(1.0, "largest amplitude", low=0, high=100, unit="signal units")
    phase_spread: float = option(1.0, "how much of the full circle the phases cover", low=0, high=1, unit="turns")
    signal_seed: int = option(0, "seed of the random factors", low=0, high=2**31 - 1)

    def draw(self, count: int, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """`count` signals (count, 1, length) and their factors (count, 3·complexity): f, a, φ (turns) of each."""
        low = torch.tensor([self.frequency_low, self.amplitude_low, 0.0])
        high = torch.tensor([self.frequency_high, self.amplitude_high, self.phase_spread])
        u = torch.rand(count, self.complexity, 3, generator=generator)
        factors = low + u * (high - low)
        order = factors[:, :, :1].argsort(dim=1).expand_as(factors)
        factors = factors.gather(1, order)
        x = waveform(factors, self.length)
        x = x + self.noise * torch.randn(x.shape, generator=generator)
        return x.unsqueeze(1), factors.flatten(1)

    def load(self, progress: Progress | None = None) -> Dataset:
        fits = largest_fitting(self._bytes, 10, self.samples)
        advice = "choose shorter signals" if fits is None else f"{fits:,} samples fit"
        what = f"{self.samples:,} signals of {self.length:,} values need"
        kept = 4 * self.length * (self.samples + N_TEST)
        ask(self._bytes(self.samples), what, advice, {} if fits is None else {"samples": fits}, keeps=kept)
        generator = torch.Generator().manual_seed(self.signal_seed)
        x, factors = self.draw(self.samples, generator)
        x_test, factors_test = self.draw(N_TEST, generator)
        units = (("frequency", "cycles per window"), ("amplitude", "signal units"), ("phase", "turns"))
        numbers = [""] if self.complexity == 1 else [f" {j + 1}" for j in range(self.complexity)]
        return Dataset(
            name="sinusoids",
            x_train=x,
            x_test=x_test,
            range=None,
            factors_train=factors,
            factors_test=factors_test,
            factor_names=tuple((name + number, unit) for number in numbers for name, unit in units),
        )

    def _bytes(self, samples: int) -> int:
        """What so many signals take while they are made: each sinusoid's values and phases, then the sums and their
        noise; of the held-out ones beside those.
        """
        copies = max(2 * self.complexity, 3)
        return (
            4 * self.length * max(samples * copies, samples + N_TEST * copies)
            + FACTOR_BYTES * samples * self.complexity
        )

    def script(self) -> str:
        return inspect.cleandoc(f"""
            complexity, length, noise = {self.complexity}, {self.length}, {self.noise}
            generator = Generator().manual_seed({self.signal_seed})


            def signals(count):
                \"\"\"(count, 1, length): x(t) = Σ a·sin(2π(f·t + φ)) + noise, f, a and φ drawn uniformly.\"\"\"
                # f in cycles per window, a in signal units, φ in turns
                low = torch.tensor([{self.frequency_low}, {self.amplitude_low}, 0.0])
                high = torch.tensor([{self.frequency_high}, {self.amplitude_high}, {self.phase_spread}])
                u = torch.rand(count, complexity, 3, generator=generator)
                f, a, phase = (low + u * (high - low)).unsqueeze(-1).unbind(-2)
                t = torch.arange(length) / length
                x = (a * torch.sin(2 * math.pi * (f * t + phase))).sum(1)
                return (x + noise * torch.randn(x.shape, generator=generator)).unsqueeze(1)


            x_train, x_test = signals({self.samples}), signals({N_TEST})
        """)


def waveform(factors: torch.Tensor, length: int) -> torch.Tensor:
    """The clean sums (N, length) of factors (N, J, 3): frequency (cycles per window), amplitude, phase (turns)."""
    t = torch.arange(length) / length
    f, a, phase = factors.unsqueeze(-1).unbind(-2)
    return (a * torch.sin(2 * math.pi * (f * t + phase))).sum(1)
