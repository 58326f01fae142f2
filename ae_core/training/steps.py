"""The loss of a model step by step: which lines of its program (see script.py) make what."""

import ast

from ..model.autoencoder import Autoencoder
from .script import loss_function

# What several lines make together, by the name that each of them sets; other names are steps of their own.
TOGETHER = {"mu": "posterior", "logvar": "posterior", "logits": "x_hat", "penalty": "loss"}
OUTPUT = "x_hat = logits.sigmoid()"
PULL = "d_mu, d_logvar = torch.autograd.grad(kl.sum(), (mu, logvar))"


def steps(model: Autoencoder) -> dict[str, str]:
    """{step: its lines}, in their order.

    x is what goes in, `loss` what is minimised. Two lines are not the program's own: the output that is seen, where it
    computes with logits alone, and behind a Gaussian's KL `pull`, the part of the gradient that is the KL's.

    >>> from ae_core import Config
    >>> made = steps(Autoencoder(Config(variant="vae", k=2, hidden=(8,)), (1, 8, 8), (0.0, 1.0)))
    >>> list(made)
    ['x', 'h', 'posterior', 'sigma', 'epsilon', 'z', 'x_hat', 'reconstruction', 'kl', 'pull', 'loss']
    >>> made["z"]
    'z = mu + sigma * epsilon'
    """
    text = loss_function(model)
    (function,) = ast.parse(text).body
    assert isinstance(function, ast.FunctionDef)
    lines: dict[str, list[str]] = {"x": text.splitlines()[:1]}
    for statement in function.body[1:]:  # behind what it says of itself
        code = ast.get_source_segment(text, statement) or ""
        target = statement.targets[0] if isinstance(statement, ast.Assign) else ast.Name("loss")
        name = next(node.id for node in ast.walk(target) if isinstance(node, ast.Name))
        lines.setdefault(TOGETHER.get(name, name), []).append(code)
        if name == "logits":
            lines["x_hat"].append(OUTPUT)
        if name == "kl" and model.bottleneck.gaussian:
            lines["pull"] = [PULL]
    return {step: "\n".join(each) for step, each in lines.items()}
