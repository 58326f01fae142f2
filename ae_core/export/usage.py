"""A run as a short program with this package: the same training, and the trained model in use."""

import dataclasses
import inspect
from collections.abc import Mapping
from typing import Any

from ..data import OWN
from ..model.config import Config
from ..runs.checkpoint import Checkpoint


def usage(checkpoint: Checkpoint) -> str:
    """The text of a program that trains the run's recipe again, into another folder, and encodes and decodes with the
    run itself.
    """
    given = "".join(f"\n    {name}={_literal(value)}," for name, value in _given(checkpoint.config).items())
    head = f"""
        from ae_core import Config, load_checkpoint, train_run

        model = load_checkpoint("{checkpoint.name}")  # or the path of its folder
    """
    again = f"""# The same training, again.
config = Config({given}
)
for event in train_run(config, "runs/{checkpoint.name}-again"):
    pass  # a Step or an Epoch, with its losses
"""
    use = """
        data = config.load()
        z = model.encode(data.x_test)
        x_hat = model.decode(z)
        print(z.shape, "squared error", (x_hat - data.x_test).square().flatten(1).sum(1).mean().item())
    """
    if checkpoint.config.data == OWN:
        shape = ", ".join(map(str, checkpoint.shape))
        use = f"""
            x = …  # yours: (N, {shape}), float32, as the run was trained on
            z = model.encode(x)
            x_hat = model.decode(z)
        """
        parts = [head.replace("Config, load_checkpoint, train_run", "load_checkpoint"), use]
    else:
        parts = [head, again, use]
    return "\n\n".join(map(inspect.cleandoc, parts)) + "\n"


def _given(config: Config) -> dict[str, Any]:
    """What the recipe says beyond the defaults, and the data and variant."""
    fixed = config.row.settings
    values = {f.name: (getattr(config, f.name), f) for f in dataclasses.fields(Config)}
    given: dict[str, Any] = {}
    for name, (value, f) in values.items():
        default = f.default_factory() if f.default_factory is not dataclasses.MISSING else f.default
        if name in ("data", "variant", "k") or (name not in fixed and value != default):
            given[name] = value
    return given


def _literal(value: Any) -> str:
    return repr(dict(value)) if isinstance(value, Mapping) else repr(value)
