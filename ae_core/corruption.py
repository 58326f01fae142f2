"""Socket 1, corrupt: what is done to x before the encoder sees it. The loss always looks at the clean x."""

from dataclasses import dataclass

from torch import Generator, Tensor


@dataclass(frozen=True)
class Clean:
    """Nothing is done."""

    def __call__(self, x: Tensor, generator: Generator | None = None) -> Tensor:
        return x

    def script(self) -> str:
        """The same in lines of plain torch: they make `seen` of `x`, by `generator` and these knobs' names; none leave x as it is."""
        return ""
