"""What a training's figures say to somebody who knows them: overfitting, worse than PCA, collapse, an output that
cannot reach the data.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from torch import Tensor

from ..model.config import Config

REACH = {"sigmoid": (0.0, 1.0), "clip": (0.0, 1.0), "tanh": (-1.0, 1.0)}  # what an output activation can say
RISE = 0.01  # of the held-out loss above its lowest: less is noise
PATIENCE = 3  # epochs since the lowest


class Remark(NamedTuple):
    """kind: overfitting, worse-than-pca, collapse or range; text: one or two sentences with the figures; grave: the run
    is of no use.
    """

    kind: str
    text: str
    grave: bool


def unreachable(output: str, x: Tensor) -> float:
    """Share of the values of x that lie outside what this output activation can give, 0..1."""
    if output not in REACH:
        return 0.0
    (low, high), (least, most) = REACH[output], x.aminmax()
    if least >= low - 1e-6 and most <= high + 1e-6:  # as nearly always, and found in a twentieth of the time
        return 0.0
    return float(((x < low - 1e-6) | (x > high + 1e-6)).float().mean())


def range_remark(output: str, share: float) -> list[Remark]:
    """What to say where a `share` of the data's values lies out of the output's reach."""
    if share <= 0:
        return []
    low, high = REACH[output]
    text = f"The output, {output}, gives values from {low:g} to {high:g}, but {share:.1%} of the data's values lie outside: they can never be rebuilt. Choose output auto."
    return [Remark("range", text, share > 0.01)]


def remarks(config: Config, about: Mapping[str, Any], lines: list[dict[str, float]], ended: bool) -> list[Remark]:
    """What stands out in a run. about: its config.json; lines: its metrics, an epoch each."""
    found = range_remark(config.output, about.get("unreachable", 0.0)) if config.output in REACH else []
    if not lines:
        return found
    last, best = lines[-1], min(lines, key=lambda line: line["test_loss"])
    rise = last["test_loss"] - best["test_loss"]
    if (
        last["epoch"] - best["epoch"] >= PATIENCE
        and rise > RISE * abs(best["test_loss"])
        and last["train_loss"] < best["train_loss"]
    ):
        text = (
            f"Overfitting: the held-out loss was lowest after epoch {best['epoch']} ({best['test_loss']:.4g}) and has risen to {last['test_loss']:.4g}, while the "
            "training loss went on falling. Fewer epochs, a smaller network, weight decay or augmentation help."
        )
        found.append(Remark("overfitting", text, False))
    ours, pca = last.get("squared_error"), last.get("pca_squared_error")
    fair = not config.row.bottleneck.discrete  # tokens are bits: as many numbers say far more
    if (
        fair
        and ours is not None
        and pca is not None
        and ours > pca * 1.001 + 1e-9
        and (ended or last["epoch"] >= config.epochs / 2)
    ):
        text = f"with {config.k} number{'s' * (config.k > 1)} its squared error is {ours:.4g} a held-out sample, PCA's {pca:.4g}."
        kl = any(
            name.endswith("_kl") for name in last
        )  # a weighted KL buys smoothness with error, which is no defect of the network
        if ended and not kl:
            found.append(
                Remark(
                    "worse-than-pca",
                    f"Broken: worse than PCA. {text[0].upper() + text[1:]} Train longer, or look at learning rate and output.",
                    True,
                )
            )
        else:
            found.append(
                Remark(
                    "worse-than-pca",
                    f"{'Worse' if ended else 'So far worse'} than PCA: {text}{' The KL term has its price.' if kl else ''}",
                    False,
                )
            )
    dead = last.get("collapsed_units", 0)
    if dead and (ended or last["epoch"] >= 3):
        text = (
            f"Posterior collapse: {dead:.0f} of {config.k} dimensions carry less than 0.01 nats (KL ≈ 0), and {last.get('active_units', 0):.0f} are active. "
            "The decoder does without them; a smaller β keeps more."
        )
        found.append(Remark("collapse", text, dead >= config.k))
    return found
