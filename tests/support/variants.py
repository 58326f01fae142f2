"""Small models of each variant."""

import torch

from ae_core import VARIANTS, Autoencoder, Config

DATA = {"digits": {}, "sinusoids": {"samples": 300, "length": 32}}
SMALL = {"k": 4, "hidden": (24, 12), "epochs": 2, "batch_size": 64, "precision": "float32", "lr": 2e-3}
KNOBS = {"vqvae": {"codes": 16}}
SIZES = {name: row.dimensions for name, row in VARIANTS.items() if row.dimensions}


def config_of(variant: str, data: str = "digits", **values) -> Config:
    return Config(
        **{
            "data": data,
            "variant": variant,
            "source": DATA[data],
            "sockets": KNOBS.get(variant, {}),
            **SMALL,
            "k": SIZES.get(variant, SMALL["k"]),
            **values,
        }
    )


def quantised(shape=(1, 28, 28), **values) -> Autoencoder:
    torch.manual_seed(0)
    values = {"k": 98, "network": "conv", "hidden": (4, 6), "sockets": {"codes": 16, "code_size": 2}, **values}
    return Autoencoder(config_of("vqvae", **values), shape, (0.0, 1.0))
