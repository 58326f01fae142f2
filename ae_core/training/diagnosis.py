"""What a training's metrics mean, in sentences: overfitting, worse than PCA, posterior collapse, an output activation
that cannot reach the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.text import plural
from ..model.config import Config

if TYPE_CHECKING:
    from torch import Tensor

OUTPUT_RANGES = {"sigmoid": (0.0, 1.0), "clip": (0.0, 1.0), "tanh": (-1.0, 1.0)}  # of an output activation
RISE = 0.01  # of the held-out loss above its lowest: less is noise
PATIENCE = 3  # epochs since the lowest
STILL_FALLS = 0.01  # of the held-out loss over the last tenth of the epochs: then more of them bring more


class Remark(NamedTuple):
    """What stands out in a run.

    Args:
        kind: overfitting, worse-than-pca, collapse or range.
        text: one or two sentences with the figures.
        grave: whether the run is of no use.
    """

    kind: str
    text: str
    grave: bool


def unreachable(output: str, x: Tensor) -> float:
    """Share of the values of x, of any shape, that lie outside the range of this output activation, 0..1."""
    if output not in OUTPUT_RANGES:
        return 0.0
    (low, high), (smallest, largest) = OUTPUT_RANGES[output], x.aminmax()
    if smallest >= low - 1e-6 and largest <= high + 1e-6:  # as nearly always, and known in a twentieth of the time
        return 0.0
    return float(((x < low - 1e-6) | (x > high + 1e-6)).float().mean())


def range_remark(output: str, share: float) -> list[Remark]:
    """The remark where a `share` of the data's values, 0..1, lies outside the range of this output activation."""
    if share <= 0:
        return []
    low, high = OUTPUT_RANGES[output]
    text = (
        f"The output activation, {output}, gives values from {low:g} to {high:g}, but {share:.1%} of the data's values "
        "lie outside: they cannot be reconstructed. Choose output auto."
    )
    return [Remark("range", text, share > 0.01)]


def remarks(config: Config, about: Mapping[str, Any], lines: list[dict[str, float]], ended: bool) -> list[Remark]:
    """What stands out in a run.

    Args:
        config: its recipe.
        about: its config.json.
        lines: its metrics, an epoch each.
        ended: whether it trains no longer.
    """
    outside = range_remark(config.output, about.get("unreachable", 0.0)) if config.output in OUTPUT_RANGES else []
    if not lines:
        return outside
    return [
        *outside,
        *_overfitting(lines),
        *_worse_than_pca(config, lines, ended),
        *_collapse(config, lines[-1], ended),
    ]


def _overfitting(lines: list[dict[str, float]]) -> list[Remark]:
    last, best = lines[-1], min(lines, key=lambda line: line["test_loss"])
    rise = last["test_loss"] - best["test_loss"]
    if last["epoch"] - best["epoch"] < PATIENCE or rise <= RISE * abs(best["test_loss"]):
        return []
    if last["train_loss"] >= best["train_loss"]:
        return []
    text = (
        f"Overfitting: the held-out loss was lowest after epoch {best['epoch']} ({best['test_loss']:.4g}) and has "
        f"risen to {last['test_loss']:.4g}, while the training loss went on falling. "
        "Fewer epochs, a smaller network, weight decay or augmentation help."
    )
    return [Remark("overfitting", text, False)]


def _falls(lines: list[dict[str, float]]) -> bool:
    """Whether the held-out loss was still on its way down when the training ended."""
    before, last = lines[-1 - max(1, len(lines) // 10)] if len(lines) > 1 else lines[-1], lines[-1]
    return before["test_loss"] - last["test_loss"] > STILL_FALLS * abs(before["test_loss"])


def _worse_than_pca(config: Config, lines: list[dict[str, float]], ended: bool) -> list[Remark]:
    last = lines[-1]
    error, pca_error = last.get("squared_error"), last.get("pca_squared_error")
    if config.row.discrete or error is None or pca_error is None:  # as many tokens carry far fewer bits than numbers
        return []
    if error <= pca_error * 1.001 + 1e-9 or not (ended or last["epoch"] >= config.epochs / 2):
        return []
    size = plural(config.k, "dimension")
    text = f"with {size} its squared error is {error:.4g} a held-out sample, PCA's {pca_error:.4g}."
    # A weighted KL buys smoothness with error, which is no defect of the network.
    kl = any(name.endswith("_kl") for name in last)
    if ended and not kl:
        advice = (
            "The held-out loss was still falling: train longer."
            if _falls(lines)
            else "More epochs will not help: look at learning rate, sizes and output activation."
        )
        return [Remark("worse-than-pca", f"Broken: worse than PCA. {text[0].upper() + text[1:]} {advice}", True)]
    begin = "Worse" if ended else "So far worse"
    return [Remark("worse-than-pca", f"{begin} than PCA: {text}{' The KL term has its price.' if kl else ''}", False)]


def _collapse(config: Config, last: dict[str, float], ended: bool) -> list[Remark]:
    collapsed = last.get("collapsed_units", 0)
    if not collapsed or not (ended or last["epoch"] >= 3):
        return []
    text = (
        f"Posterior collapse: {collapsed:.0f} of {plural(config.k, 'dimension')} carry less than 0.01 nats (KL ≈ 0), "
        f"and {last.get('active_units', 0):.0f} are active. The decoder ignores them; a smaller β keeps more."
    )
    return [Remark("collapse", text, collapsed >= config.k)]
