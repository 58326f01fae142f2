"""Recipes to begin with: what takes seconds, what makes a good map, and the experiment that started it."""

from typing import Any, NamedTuple

from .config import Config


class Preset(NamedTuple):
    """title and about: for the menu; values: of `Config`, for each data source ("*": for any other)."""

    title: str
    about: str
    values: dict[str, dict[str, Any]]

    def config(self, data: str, own: dict[str, Any] | None = None) -> Config:
        """The recipe for a data source, whose own knobs (`source` of `Config`) may be given."""
        chosen = self.values.get(data) or self.values.get("*")
        if chosen is None:  # made for one source alone
            ((data, chosen),) = self.values.items()
            own = None
        return Config(**{"data": data, **chosen, "source": {**chosen.get("source", {}), **(own or {})}})


_SMALL = {"variant": "vae", "k": 2, "hidden": (256, 128)}
_QUICK = {"variant": "vae", "k": 2, "hidden": (256, 256, 128), "activation": "silu", "epochs": 3, "lr": 2.5e-3}
_GOOD = {
    "variant": "vae",
    "k": 2,
    "hidden": (256, 256, 256),
    "activation": "silu",
    "epochs": 14,
    "lr": 1.6e-3,
    "augment": 0.3,
}
_SIGNAL = {"variant": "nested", "k": 8, "hidden": (256, 128)}

PRESETS: dict[str, Preset] = {
    "quick": Preset(
        "Quick look",
        "A first map within some 20 seconds.",
        {
            # 142.1 nats (143.4 and 144.7 with other seeds); two layers of 400 and 200 need five epochs for 144.5
            "mnist": _QUICK,
            "fashion": _QUICK,
            "digits": {**_SMALL, "epochs": 60, "batch_size": 32, "lr": 1e-3},
            "sinusoids": {
                **_SMALL,
                "epochs": 15,
                "lr": 1e-3,
                "source": {"phase_spread": 0.15},
                "sockets": {"beta": 0.1},
            },
            "sensors": {**_SIGNAL, "k": 2, "epochs": 30, "batch_size": 64, "lr": 1e-3},
            "*": {**_SIGNAL, "epochs": 30, "batch_size": 64, "lr": 1e-3},
        },
    ),
    "good": Preset(
        "Good map",
        "Some minutes: a map whose regions are clear.",
        {
            # 137.1 nats (136.4 and 135.8 with other seeds); two layers of 512 and 256 have 139 after twice the time
            "mnist": _GOOD,
            "fashion": _GOOD,
            "digits": {
                "variant": "vae",
                "k": 2,
                "hidden": (256, 256, 128),
                "epochs": 400,
                "batch_size": 64,
                "augment": 0.8,
                "weight_decay": 0.1,
            },
            "sinusoids": {**_SMALL, "epochs": 60, "source": {"phase_spread": 0.15}, "sockets": {"beta": 0.1}},
            "sensors": {**_SIGNAL, "k": 2, "epochs": 100, "batch_size": 64},
            "*": {**_SIGNAL, "hidden": (512, 256), "epochs": 100, "batch_size": 64},
        },
    ),
    "2006": Preset(
        "The 2006 experiment",
        "784 pixels in 30 dimensions, as Hinton & Salakhutdinov did: they reached a squared error of 3.00, PCA 13.87.",
        {
            "mnist": {
                "variant": "deep",
                "k": 30,
                "hidden": (768, 512),
                "network": "residual",
                "loss": "squared-error",
                "output": "clip",
                "epochs": 65,
                "augment": 0.5,
            }
        },
    ),
    "eight": Preset(
        "784-256-64-8",
        "The worked example of an introduction: 784 pixels through 256 and 64 into 8 dimensions, fifty epochs with "
        "cross-entropy.",
        {
            "mnist": {"variant": "deep", "k": 8, "hidden": (256, 64), "epochs": 50, "lr": 5e-4}
        },  # the schedule's peak is the text's rate, 1e-3
    ),
    "layers": Preset(
        "512-256-128-32",
        "Another introduction's: through 512, 256 and 128 into 32 dimensions, with squared error.",
        {
            "mnist": {"variant": "deep", "k": 32, "hidden": (512, 256, 128), "loss": "squared-error", "epochs": 20},
            "*": {"variant": "deep", "k": 32, "hidden": (512, 256, 128), "loss": "squared-error", "epochs": 30},
        },
    ),
}
