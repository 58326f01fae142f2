"""A run as a short program in plain PyTorch: what this package does for one recipe, without the package.

The text is put together from what stands beside the code that it repeats: each socket and each data source has its own
lines (their `script` methods), the networks are written down from the model itself, and whole functions are quoted from
their source. So a new variant, source, layer or activation needs nothing here.
"""

import ast
import dataclasses
import inspect
import math
import re
import sys
import textwrap
from itertools import pairwise

import torch
from torch import nn

from ..base.options import Knob, knobs
from ..base.text import times
from ..data import source
from ..model.autoencoder import FLOOR, Autoencoder
from ..model.config import Config
from ..sockets.bottleneck import Ordered, Plain
from ..sockets.layers import Residual, Transposed
from ..sockets.neighbours import EASE, NEIGHBOURS
from ..sockets.penalty import Neighbour
from .augmentation import augmented
from .device import BF16_MIN_WEIGHTS, n_weights
from .loop import AUGMENTED_SHARE, EVAL_BATCH

WIDTH = 120
SETTINGS = (
    "k",
    "epochs",
    "batch_size",
    "lr",
    "weight_decay",
    "clip",
    "augment",
    "seed",
)  # by these names the text reads them

Call = tuple[str, list]  # a call in the text: what is called, and its arguments, which are calls or text


def script(
    config: Config, shape: tuple[int, ...], range: tuple[float, float] | None, classes: tuple[str, ...] = ()
) -> str:
    """The text of a program that trains `config` on the CPU in float32 and prints each epoch's losses, the held-out one
    last.

    It needs torch and what the data source's own lines import. It makes the layers in the same order from the same
    seed, draws the same random numbers and takes the same steps as `Training`, so that its losses are those of a
    float32 run on the CPU but for rounding.
    shape, range, classes: as in `Dataset`. Raises LatentError where no model can be made of the recipe.
    """
    with torch.device("meta"):
        model = Autoencoder(config, shape, range, len(classes))
    losses, sockets, data = (
        loss_function(model),
        (model.corrupt, model.bottleneck, model.penalty),
        source(config.data, **config.source),
    )
    body = [data.script(), *_networks(model)]
    if model.n_classes:
        body[0] += f"\n{data.script_labels()}"
    if model.starts_as_pca:
        body.append(_start(model))
    body += [inspect.getsource(function) for part in sockets for function in part.script_dependencies]
    if model.penalty.needs_places:
        body.append(_places(model))
    body.append(losses)
    if config.augment:
        body.append(inspect.getsource(augmented))
    body.append(_training(model, _given(losses)))
    if end := data.script_end(_errors(model, losses)):
        body.append(end)
    body, imports = _imports(body)
    values = {name: (getattr(config, name), f) for name, f in knobs(Config).items() if name in SETTINGS}
    values |= {name: (getattr(part, name), f) for part in sockets for name, f in knobs(type(part)).items()}
    values["classes"] = (model.n_classes, dataclasses.field(metadata={"knob": Knob("of the dataset")}))
    used = _names("\n".join(body))
    settings = [
        f"{name} = {value!r}  # {f.metadata['knob'].help}" for name, (value, f) in values.items() if name in used
    ]
    return _joined([_about(model, classes), imports, "\n".join(settings), *body])


def _about(model: Autoencoder, classes: tuple[str, ...]) -> str:
    """The program's docstring: what it makes of what, and how near it comes to the run."""
    config, row = model.config, model.config.row
    title = (
        f"{row.title} in plain PyTorch, trained on: {source(config.data, **config.source).title}, "
        f"{times(model.shape)} values a sample."
    )
    unlabelled = f" It never sees the labels of the {len(classes)} classes." if classes and not model.n_classes else ""
    near = "It draws the same random numbers as the run in Latent Explorer"
    if config.precision == "bfloat16" or (config.precision == "auto" and n_weights(model) >= BF16_MIN_WEIGHTS):
        near += ", but computes in float32, the run in bfloat16 where that is faster: its losses are nearly the same."
    else:
        near += ", so that it prints the same losses but for rounding, which adds up over many epochs."
    if config.device != "cpu":
        near += " A run on a GPU drew others."
    return (
        '"""'
        + "\n\n".join(textwrap.fill(line, WIDTH - 3) for line in (title, f"{row.idea} ({row.paper}){unlabelled}", near))
        + '\n"""'
    )


def _networks(model: Autoencoder) -> list[str]:
    """The classes of layers that torch has not, then encoder and decoder, layer by layer and in the order in which the
    core makes them, which decides their random weights.
    """
    own = {type(m): inspect.getsource(type(m)) for m in model.modules() if _is_own(m) and m is not model}
    ahead = _made_ahead(model)
    lines = ["torch.manual_seed(seed)"]
    if ahead:
        lines.append(
            "# Each halving beside the doubling that undoes it: in another order they would get other random weights."
        )
    lines += [f"{name} = {_layer(module)}" for module, name in ahead.items()]
    encoder, decoder = _stacks(model, ahead)
    width = WIDTH - len("encoder = ")
    lines.append(f"encoder = {_laid_out(('nn.Sequential', encoder), width)}")
    if model.loss == "cross-entropy":
        lines.append("# It ends in logits: x_hat = sigmoid(decoder(z)).")
    lines.append(f"decoder = {_laid_out(('nn.Sequential', decoder), width)}")
    if model.starts_at_mean:
        last = -2 if model.loss == "cross-entropy" else -3
        mean = "x_train.mean(0).flatten().clamp(0.001, 0.999).logit()"
        lines.append(f"decoder[{last}].bias.data = {mean}  # it begins with the mean sample")
    lines += [line for line in (model.bottleneck.script_weights(),) if line]
    return [*own.values(), "\n".join(lines)]


def _is_own(module: nn.Module) -> bool:
    """Whether a layer is one of this package's."""
    return type(module).__module__.startswith("ae_core.")


def _made_ahead(model: Autoencoder) -> dict[nn.Module, str]:
    """The convolutions by the name that the text gives them, in the order in which they are made; none elsewhere."""
    halvings = [m for m in model.encoder if isinstance(m, (nn.Conv1d, nn.Conv2d))]
    doublings = [m for m in model.decoder if isinstance(m, (nn.ConvTranspose1d, nn.ConvTranspose2d))]
    names: dict[nn.Module, str] = {}
    for i, (halving, doubling) in enumerate(zip(halvings, reversed(doublings), strict=True), 1):
        halves = max(halving.stride) > 1
        names[halving] = f"halve_{i}" if halves else "to_code"
        names[doubling] = f"double_{i}" if halves else "from_code"
    return names


def _stacks(model: Autoencoder, ahead: dict[nn.Module, str]) -> tuple[list[Call | str], list[Call | str]]:
    """The expressions of encoder's and decoder's layers; ahead: those that have a name already."""
    n_inputs, n_outputs, first = "k", "k", ""
    if model.n_classes:
        n_inputs = "k + classes"
        if isinstance(model.encoder[0], nn.Flatten):
            first = f"{math.prod(model.shape)} + classes"
    if model.bottleneck.outputs_per_dimension > 1:
        n_outputs = f"{model.bottleneck.outputs_per_dimension} * k"
    last = model.encoder[-1]
    down = [
        ahead.get(m) or _layer(m, first if i == 1 else "", n_outputs if m is last else "")
        for i, m in enumerate(model.encoder)
    ]
    up = [ahead.get(m) or _layer(m, n_inputs if m is model.decoder[0] else "") for m in model.decoder]
    if model.loss != "cross-entropy" and not isinstance(model.activation, nn.Identity):
        up.append(_layer(model.activation))
    return down, up


def _layer(module: nn.Module, inputs: str = "", outputs: str = "") -> Call | str:
    """The expression that makes this layer; inputs and outputs: how its first and last size are called, where not by
    their numbers.
    """
    if isinstance(module, nn.Linear):
        return f"nn.Linear({inputs or module.in_features}, {outputs or module.out_features})"
    if isinstance(module, Transposed):
        return f"Transposed(encoder[-1], {inputs})"
    if isinstance(module, Residual):
        return "Residual", [_layer(module.linear, inputs, outputs), _layer(module.mlp, inputs, outputs)]
    if isinstance(module, nn.Sequential):
        first, last = module[0], module[-1]
        return "nn.Sequential", [_layer(m, inputs if m is first else "", outputs if m is last else "") for m in module]
    if isinstance(module, nn.Flatten):
        return "nn.Flatten()"
    if isinstance(module, nn.Unflatten):
        return f"nn.Unflatten({module.dim}, {tuple(module.unflattened_size)})"
    text = repr(module).replace("'", '"')
    return text if _is_own(module) else f"nn.{text}"


def _laid_out(call: Call | str, room: float, indent: int = 0) -> str:
    """In one line, if that has room; else an argument a line."""
    if isinstance(call, str):
        return call
    name, arguments = call
    line = f"{name}({', '.join(_laid_out(argument, math.inf) for argument in arguments)})"
    if len(line) <= room:
        return line
    inner = " " * (indent + 4)
    lines = [f"{inner}{_laid_out(argument, WIDTH - len(inner) - 1, indent + 4)},\n" for argument in arguments]
    return f"{name}(\n{''.join(lines)}{' ' * indent})"


def _start(model: Autoencoder) -> str:
    """As `PCA` and `start_from_pca` do it."""
    size = math.prod(model.shape)
    beyond = f"""
        # The code has more dimensions than a sample: those beyond stay empty.
        variance, axes = F.pad(variance, (0, k - {size})), F.pad(axes, (0, 0, 0, k - {size}))"""
    measured = f"""

        # Squared error of PCA with 1, 2, … k dimensions: an ordered code's loss is divided by it, size by size.
        pca_error = (total - variance.cumsum(0)).clamp(min={FLOOR} * total)"""
    return inspect.cleandoc(f"""
        # It starts as PCA: the linear paths are the principal axes, and the MLPs add nothing yet.
        flat = x_train.flatten(1).double()  # in float32 the small eigenvalues would drown in rounding
        variance, axes = torch.linalg.eigh(torch.cov(flat.T))
        variance, axes = variance.flip(0).clamp(min=0), axes.flip(1).T  # the largest first, an axis a row
        axes = axes * axes.gather(1, axes.abs().argmax(1, keepdim=True)).sign()  # the largest entry is made positive
        total, mean = float(variance.sum()), flat.mean(0).float()
        variance, axes = variance[:k].float(), axes[:k].float()\
{beyond if model.k > size else ""}
        spread = variance.sqrt().clamp(min=1e-3 * float(variance[0].sqrt()) + 1e-6)[:, None]
        with torch.no_grad():
            down, up = encoder[-1].linear, decoder[0].linear
            down.weight.copy_(axes / spread)  # each dimension of the code has variance 1
            down.bias.copy_(-(axes / spread) @ mean)
            up.weight.copy_((axes * spread).T)
            up.bias.copy_(mean){measured if _relative(model) else ""}
    """)


def _places(model: Autoencoder) -> str:
    """As `Layout` and `Autoencoder.prepare` do it."""
    entropy = model.loss == "cross-entropy"
    lines = f"""
        # Where each sample belongs on the plane; and what a code that says nothing loses, which the pull is a share of.
        neighbours, places, places_test = neighbour_places(x_train, x_test, min({NEIGHBOURS}, len(x_train) - 1))
        baseline = mean_loss(x_train, {entropy})
    """
    bend = f'\nbend_at(decoder, places, x_train.mean(0), "{model.output}", seed)'
    return inspect.cleandoc(lines) + (bend if model.config.network == "mlp" else "")


def _relative(model: Autoencoder) -> bool:
    """Whether the loss is measured against PCA's."""
    return model.starts_as_pca and isinstance(model.bottleneck, Ordered) and model.bottleneck.relative != 0


def loss_function(model: Autoencoder) -> str:
    """The text of the function that the training minimises: `Autoencoder.losses` with these sockets."""
    corrupt, penalty = model.corrupt.script(), model.penalty.script()
    if isinstance(model.penalty, Neighbour) and model.bottleneck.gaussian:
        penalty = model.penalty.script_gaussian()
    lines, x_corrupted = [corrupt] * bool(corrupt), "x_corrupted" if corrupt else "x"
    z, wanted = "z", "x"
    if model.n_classes:
        lines.append("label = F.one_hot(y, classes).float()  # both networks read the class")
        if isinstance(model.encoder[0], nn.Flatten):
            x_corrupted = f"torch.cat([{x_corrupted}.flatten(1), label], 1)"
        else:
            ones = ", ".join(["1"] * (len(model.shape) - 1))
            lines.append(
                f"planes = label.view(len(x), classes, {ones}).expand(-1, -1, {', '.join(map(str, model.shape[1:]))})"
            )
            x_corrupted = f"torch.cat([{x_corrupted}, planes], 1)"
        z = "torch.cat([z, label], 1)"
    outputs = f"encoder({x_corrupted})"
    if model.bottleneck.gaussian and _has_hidden_layer(model):
        lines.append(f"h = encoder[:-1]({x_corrupted})  # the last hidden layer")
        outputs = "encoder[-1](h)"
    lines.append(model.bottleneck.script(outputs))
    if model.corrupt.targets_corrupted:
        lines.append("# A mistake, to see what it does: the output is compared with the corrupted sample.")
        wanted = "x_corrupted" if model.range is None else f"x_corrupted.clamp({model.range[0]:g}, {model.range[1]:g})"
    if model.loss == "cross-entropy":
        entropy = f'F.binary_cross_entropy_with_logits(logits, {wanted}, reduction="none")'
        lines += [
            "# Cross-entropy in nats, from logits: exact where a sigmoid would round to 0 or 1.",
            f"logits = decoder({z})",
            f"reconstruction = {entropy}.flatten(1).sum(1)",
        ]
    else:
        lines += [f"x_hat = decoder({z})", f"reconstruction = (x_hat - {wanted}).square().flatten(1).sum(1)"]
    lines += [penalty] * bool(penalty)
    loss = "reconstruction + penalty" if penalty else "reconstruction"
    if _relative(model):
        loss = f"{f'({loss})' if penalty else loss} / pca_error[n_active[:, 0] - 1] ** relative"
    text = "\n".join([*lines, f"return {loss}"])
    given = [name for name in ("x", "y", "generator", "place", "pull") if name in {"x"} | _names(text)]
    body = textwrap.indent(text, "    ")
    return f'def losses({", ".join(given)}):\n    """What is minimised, for each sample of x: (N,)."""\n{body}'


def _has_hidden_layer(model: Autoencoder) -> bool:
    """Whether the encoder's outputs are a linear layer's, on a hidden one."""
    *before, last = model.encoder
    return isinstance(last, nn.Linear) and any(list(layer.parameters()) for layer in before)


def _errors(model: Autoencoder, losses: str) -> str:
    """An expression of the samples `part`: the squared error of each where the code is a point, else the loss."""
    if model.penalty.needs_places:  # what is measured is how well it draws, and not where
        return "(decoder(encoder(part)[:, :k]) - part).square().flatten(1).mean(1)"
    if type(model.bottleneck) in (Plain, Ordered) and model.loss != "cross-entropy" and not model.n_classes:
        return "(decoder(encoder(part)) - part).square().flatten(1).mean(1)"
    arguments = {"x": "part", "generator": "generator"}
    return f"losses({', '.join(arguments.get(name, name) for name in _given(losses))})"


def _given(losses: str) -> list[str]:
    """The names of the arguments of the function `losses`."""
    return [node.arg for node in ast.walk(ast.parse(losses)) if isinstance(node, ast.arg)]


def _training(model: Autoencoder, arguments: list[str]) -> str:
    """The loop: `Training` without its speed, its devices and its way to stop and go on."""
    config, given, labelled, placed = model.config, ", ".join(arguments), "y" in arguments, "place" in arguments
    adam = "AdamW(parameters, weight_decay=weight_decay)" if config.weight_decay else "Adam(parameters)"
    augment = f"""
                if epoch < {AUGMENTED_SHARE} * epochs:  # the last tenth sees the data as they are
                    x = augmented(x, augment, generator)"""
    drawn = """
                generator = Generator().manual_seed(seed * 2_000_006 + 1)  # the same draws each time"""
    start = """
        best, weights = math.inf, None  # of the epoch with the lowest held-out loss"""
    end = """
            if held_out < best:
                best, weights = held_out, [parameter.detach().clone() for parameter in parameters]
        with torch.no_grad():
            for parameter, weight in zip(parameters, weights, strict=True):
                parameter.copy_(weight)"""
    if config.keep != "best":
        start = end = ""
    take = "x, y = x_train[batch], y_train[batch]" if labelled else "x = x_train[batch]"
    pull = rest = ""
    if placed:
        take = "x, place = x_train[batch], places[batch]"
        pull = f"""
                # First the map, then the drawing: the pull fades.
                pull = baseline * {EASE:g} ** (1 - schedule.last_epoch / steps)"""
        rest = """
                pull = baseline"""
    reset_rule = model.bottleneck.reset_rule()
    if reset_rule:
        reset_rule = textwrap.indent(f"\nx_corrupted = x_train[order[:{EVAL_BATCH}]]\n{reset_rule}", " " * 12)
    batches = f"batches = x_test.split({EVAL_BATCH})"
    if labelled:
        batches = f"batches = zip(x_test.split({EVAL_BATCH}), y_test.split({EVAL_BATCH}), strict=True)"
    if placed:
        batches = f"batches = zip(x_test.split({EVAL_BATCH}), places_test.split({EVAL_BATCH}), strict=True)"
    one = "x, y" if labelled else "x, place" if placed else "x"
    schedule = "OneCycleLR(optimizer, 2 * lr, steps + 1, pct_start=rise, final_div_factor=400)"
    return inspect.cleandoc(f"""
        parameters = [*encoder.parameters(), *decoder.parameters(){", codebook" if model.codebook is not None else ""}]
        optimizer = torch.optim.{adam}
        # One cycle: the learning rate rises for a tenth of the steps and falls after that, momentum moves against it.
        steps = epochs * math.ceil(len(x_train) / batch_size)
        rise = (0.1 * steps + 1) / (steps + 1){start}
        schedule = torch.optim.lr_scheduler.{schedule}
        for epoch in range(epochs):
            generator = Generator().manual_seed((seed * 1_000_003 + epoch) * 2)
            order = torch.randperm(len(x_train), generator=generator){reset_rule}
            training = 0.0
            for batch in order.split(batch_size):
                {take}{augment if config.augment else ""}{pull}
                loss = losses({given})
                optimizer.zero_grad()
                loss.mean().backward()
                nn.utils.clip_grad_norm_(parameters, clip)
                optimizer.step()
                schedule.step()
                training += loss.sum().item()
            with torch.no_grad():{drawn if "generator" in arguments else ""}{rest}
                {batches}
                held_out = sum(losses({given}).sum().item() for {one} in batches) / len(x_test)
            print(f"epoch {{epoch + 1:3}}   training {{training / len(x_train):.6g}}   held-out {{held_out:.6g}}"){end}
        print(f"held-out loss {{held_out:.6g}}")
    """)


def _names(text: str) -> set[str]:
    """The names that Python text reads."""
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def _imports(blocks: list[str]) -> tuple[list[str], str]:
    """The blocks without their imports, and these with what all programs import, sorted as is usual."""
    imports = {line for block in blocks for line in block.splitlines() if line.startswith(("import ", "from "))}
    blocks = ["\n".join(line for line in block.splitlines() if line not in imports).strip("\n") for block in blocks]
    used = _names("\n".join(blocks))
    imports |= {
        "import math",
        "import torch",
        f"from torch import Generator, {'Tensor, ' if 'Tensor' in used else ''}nn",
    }
    if "F" in used:
        imports.add("import torch.nn.functional as F")
    lines = sorted(imports, key=lambda line: (line.startswith("from"), line))
    standard = [line for line in lines if re.split(r"[ .]", line)[1] in sys.stdlib_module_names]
    return blocks, "\n\n".join("\n".join(part) for part in (standard, [line for line in lines if line not in standard]))


def _joined(blocks: list[str]) -> str:
    """One below the other: a line between them, two around functions and classes."""
    blocks = [block.strip("\n") for block in blocks]
    apart = [any(block.startswith(("def ", "class ")) for block in pair) for pair in pairwise(blocks)]
    return (
        blocks[0]
        + "".join(("\n\n\n" if far else "\n\n") + block for far, block in zip(apart, blocks[1:], strict=True))
        + "\n"
    )
