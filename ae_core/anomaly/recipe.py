"""A recipe that suits a table."""

from typing import Any

import numpy as np

from ..data.csv.source import Scoring
from ..data.csv.table import Table
from ..data.csv.windows import Prepared, prepared
from ..model.config import Config

STEPS = 350  # of training, for small tables; large ones get three passes at least
MANY_WINDOWS = 5000  # from which a wider network and a larger learning rate pay
MIN_DIMS, MAX_DIMS = 2, 64  # of the code of a proposed recipe


def recipe(table: Table, source: dict[str, Any], variant: str = "nested", **settings: Any) -> Config:
    """A recipe for a table.

    Args:
        table: as it was read.
        source: the knobs of the source csv that name it.
        variant: kind of autoencoder.
        settings: whatever shall be otherwise.

    Raises:
        LatentError: where too little is left of the table, or a setting cannot be.
    """
    knobs = {name: source[name] for name in ("window", "stride", "normal", "max_gap_steps") if name in source}
    long = source.get("score_type", Scoring.score_type) == "newest"
    return recipe_of(prepared(table, **knobs, long=long), source, variant, **settings)


def recipe_of(ready: Prepared, source: dict[str, Any], variant: str = "nested", **settings: Any) -> Config:
    """A recipe for a table that is prepared: as `recipe`."""
    count = ready.count(ready.train, healthy=True)
    few = count < MANY_WINDOWS
    batch = int(settings.get("batch_size") or max(1, min(64 if few else 256, count)))
    proposed = {
        "k": _proposed_dims(variant, ready.window * len(ready.table.names), count),
        "hidden": () if variant == "linear" else (64,) if few else (256, 128),
        "batch_size": batch,
        "epochs": int(np.clip(round(STEPS * batch / max(count, 1)), 3, 100)),
        "keep": "best",
        "lr": 1e-4 if few else 5e-4,  # few windows: a network that moves far from PCA overfits
    }
    return Config(data="csv", variant=variant, source=source, **(proposed | settings))


def _proposed_dims(variant: str, size: int, count: int) -> int:
    """Dimensions of the code for windows of `size` values, `count` of them: an eighth of the values, or as many as an
    ordered code, which scores cut, can take.
    """
    wanted = MAX_DIMS if variant == "nested" else max(MIN_DIMS, size // 8)
    return max(1, min(wanted, size - 1 or 1, max(1, count - 1)))
