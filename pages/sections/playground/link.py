"""What a link to Playground may say: the network, its knobs and the seed, which together make the same curve again."""

from ...ui.link import Choice, Integer, Number, Numbers

VARIANTS = ("deep", "vae", "denoising", "masked", "sparse", "contractive", "nested")
HIDDEN = ("32", "64", "64,32", "128,64", "64,32,16")
ACTIVATIONS = ("relu", "leaky_relu", "elu", "silu", "tanh", "sigmoid")
PARAMETERS = (
    Choice(name="variant", about="the kind of autoencoder", choices=VARIANTS, default="deep"),
    Integer(name="k", about="latent dimensions", low=1, high=8, default=2, entry=True),
    Choice(name="hidden", about="sizes of the hidden layers", choices=HIDDEN, default="64,32"),
    Choice(name="activation", about="the activation between layers", choices=ACTIVATIONS, default="relu"),
    Integer(name="seed", about="the seed of weights and batches", low=0, high=9, default=0, entry=True),
    Number(name="lr", about="the learning rate", low=1e-4, high=1, default=0.003),
    Number(name="beta", about="the weight of the KL term", low=0, high=50, default=1.0),
    Number(name="noise", about="σ of the noise (denoising)", low=0, high=1, default=0.3),
    Number(name="masked", about="the share that is hidden (masked)", low=0, high=0.95, default=0.5),
    Number(name="sparsity", about="the weight of sparsity", low=0, high=5, default=0.1),
    Number(name="contraction", about="the weight of the contraction", low=0, high=5, default=0.1),
    Number(name="decay", about="the weight decay", low=0, high=1, default=0.0),
    Numbers(name="z", about="where the dot is", low=-1e3, high=1e3, count=lambda k: k),
)
