"""How large the model of a recipe is, before anything is built."""

from ..base.errors import LatentError
from ..sockets.networks import NetworkSpec
from .config import MAX_WEIGHTS, Config


def network_spec(config: Config, shape: tuple[int, ...], classes: int = 0) -> NetworkSpec:
    """What encoder and decoder of a recipe are to fit. shape: of a sample; classes: that the data have."""
    bottleneck = config.row.sockets(dict(config.sockets))[1]
    n_classes = classes if config.row.conditional else 0
    return NetworkSpec(
        shape=tuple(shape),
        hidden=config.hidden,
        activation=config.activation,
        n_outputs=config.k * bottleneck.outputs_per_dimension,
        n_inputs=config.k + n_classes,
        tied=config.tied,
        n_classes=n_classes,
        token_dim=bottleneck.token_dim,
    )


def check_weights(weights: int) -> None:
    """LatentError where a network of so many weights is likelier a typing error than a wish."""
    if weights > MAX_WEIGHTS:
        raise LatentError(
            f"This network has {weights:,} weights; {MAX_WEIGHTS:,} are allowed: make hidden or k smaller."
        )
