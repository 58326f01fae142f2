"""What a link to Bottleneck may say. Its subject: the `Nested` model on the screen; of the menu: its options."""

from ...ui.link import Choice, Drawing, Flag, Integer, Name, Number
from . import words
from .samples import of_item

EXPERIMENTS = {"bytes": words.BYTES, "linear": words.LINEAR, "sweep": words.SWEEP}
MODEL = Name(name="model", about="the nested model", known=lambda names: names, menu=True)
SLIDER = (
    Integer(
        name="k",
        about="how many latent dimensions are kept",
        low=1,
        high=lambda item: item.model.k,
        default=lambda item: min(8, item.model.k),
    ),
    Integer(name="bits", about="bits per number of the code", low=1, high=8, others=(32,), default=32),
    Flag(name="residual", about="the differences are shown"),
    Flag(name="spectrum", about="the spectrum is shown"),
)
PICTURE = (
    Integer(
        name="sample",
        about="which held-out sample goes in",
        field="index",
        low=0,
        high=lambda item: (of_item(item) or {"count": 1})["count"] - 1,
        default=0,
        entry=True,
    ),
    Drawing(name="drawn", about="a drawn picture that goes in", field="values", shape=lambda item: item.model.shape),
)
SIGNAL = tuple(
    Number(name=name, about=about, low=-1e6, high=1e6, default=default, entry=name == "seed")
    for name, about, default in (
        ("seed", "the seed of the signal that goes in", 0),
        ("complexity", "how many sinusoids it has", None),
        ("noise", "its noise", None),
        ("phase", "the phase of its first sinusoid", None),
        ("frequency", "the frequency of its first sinusoid", None),
    )
)
# Below the figure. The subject of the first: those that this model offers.
MORE = Choice(
    name="more", about="the further experiment that is open", choices=lambda offered: offered or list(EXPERIMENTS)
)
LINEAR = (
    Integer(name="linear_k", about="latent dimensions of the linear autoencoder", low=1, high=16, default=4),
    Flag(name="tied", about="the linear autoencoder's weights are tied"),
)
PARAMETERS = (MODEL, *SLIDER, *PICTURE, *SIGNAL, MORE, *LINEAR)
