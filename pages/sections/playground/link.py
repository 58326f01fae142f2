"""What a link to Playground may say: data, network, knobs and the seed, which together make the same curve again."""

from ...ui.link import Choice, Custom, Integer, Misfit, Number, Numbers
from ..data.link import FILE, READ
from .samples import NAMES

VARIANTS = ("deep", "vae", "denoising", "masked", "sparse", "contractive", "nested")
HIDDEN = ("32", "64", "64,32", "128,64", "64,32,16")
ACTIVATIONS = ("relu", "leaky_relu", "elu", "silu", "tanh", "sigmoid")
NETWORK = (
    Choice(name="variant", about="the kind of autoencoder", choices=VARIANTS, default="deep"),
    Integer(name="k", about="latent dimensions", low=1, high=8, default=2, entry=True),
    Choice(name="hidden", about="sizes of the hidden layers", choices=HIDDEN, default="64,32"),
    Choice(name="activation", about="the activation between layers", choices=ACTIVATIONS, default="relu"),
    Integer(name="seed", about="the seed of weights and batches", low=0, high=9, default=0, entry=True),
)
KNOBS = (
    Number(name="lr", about="the learning rate", low=1e-4, high=1, default=0.003),
    Number(name="beta", about="the weight of the KL term", low=0, high=50, default=1.0),
    Number(name="noise", about="σ of the noise (denoising)", low=0, high=1, default=0.3),
    Number(name="masked", about="the share that is hidden (masked)", low=0, high=0.95, default=0.5),
    Number(name="sparsity", about="the weight of sparsity", low=0, high=5, default=0.1),
    Number(name="contraction", about="the weight of the contraction", low=0, high=5, default=0.1),
    Number(name="decay", about="the weight decay", low=0, high=1, default=0.0),
    Integer(name="count", about="how many samples are trained on; 0: all", low=0, high=5000, default=0),
)
BY_NAME = {each.name: each for each in (*NETWORK, *KNOBS)}


def _compared(text: str, subject: object) -> str:
    """`knob:value`, as it is in the link."""
    name, _, value = text.partition(":")
    if name not in BY_NAME:
        raise Misfit(f"compare {name[:40]!r}: there is no such knob")
    try:
        BY_NAME[name].parse(value)
    except ValueError as error:
        raise Misfit(f"compare: {name} {BY_NAME[name].fits()}") from error
    return text


DATA = Choice(name="data", about="the samples", choices=NAMES, default="digits", menu=True)
PARAMETERS = (
    DATA,
    *NETWORK,
    *KNOBS,
    Numbers(
        name="out",
        about="classes that are left out, by number",
        low=0,
        high=254,
        whole=True,
        distinct=True,
        entry=True,
    ),
    Custom(
        name="compare",
        about="a second network with one knob otherwise",
        reads=_compared,
        documented="a parameter of this page, a colon and its value, as in `lr:0.03`",
        entry=True,
    ),
    Integer(name="sample", about="which held-out sample flows through the network", low=0, high=7, default=0),
    Integer(
        name="colour",
        about="the true factor that colours the map; -1: the classes",
        low=0,
        high=9,
        others=(-1,),
        entry=True,
    ),
    Numbers(name="turn", about="how what is in space is turned, in radians", low=-1e3, high=1e3, count=2),
    Numbers(name="z", about="where the dot is", low=-1e3, high=1e3, count=lambda k: k),
)
ALL = (*PARAMETERS, FILE, *READ)
