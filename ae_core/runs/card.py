"""A run's model card: the README.md of its folder, in the form that model hubs read (a head of YAML, then Markdown).

It says what was trained on what and how well it does, beside PCA, and what it is not for, to whoever finds the folder.
No path of this machine stands in it.
"""

import contextlib
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..base.errors import LatentError
from ..base.files import read_json, replace
from ..base.text import plural, times
from ..data import sources
from ..data.csv.cells import span
from ..data.csv.uploads import file_label
from .checkpoint import Checkpoint
from .records import last_metrics

CARD = "README.md"
FIGURES = {  # of measures.json: what they are called, for people
    "squared_error": "Squared error of a held-out sample, summed over its values",
    "negative_elbo": "Negative ELBO, nats",
    "kl": "KL divergence from the prior, nats",
    "active_units": "Dimensions that are used",
    "trustworthiness": "Trustworthiness of the code's neighbours",
    "neighbour_accuracy": "Accuracy of the nearest neighbours' class in the code",
    "probe_accuracy": "Accuracy of a linear classifier on the code",
}
HUB = {"mnist": "ylecun/mnist", "fashion": "zalando-datasets/fashion_mnist"}  # what hubs call a source's data
OWN_TABLES = {
    "csv": "A table with a row for each moment and a column for each channel, cut into windows.",
    "samples": "Samples, one a row or one a file.",
}
MAX_NAMES = 30  # channels or classes that are listed
NOT_FOR = {
    "csv": (
        "It knows the channels above, in their units and at their step, from the stretch that was taken for normal, "
        "and nothing else: not another machine, not a sensor that was exchanged or recalibrated, not another sampling "
        "rate. A score says that rows are unusual, not why, and not whether they are dangerous: let it switch nothing "
        "off, and take no quiet score for a safe machine. By its making the threshold flags some normal rows, too."
    ),
    "samples": (
        "It knows samples like those that it was trained on, scaled as they were. A high error says that one is "
        "unusual, not what it is: it is no diagnosis, and nothing that is decided about people should rest on it."
    ),
    "": (
        "It was trained to show what a code keeps, on the data named above and on nothing else. What it makes of other "
        "data is arbitrary; what it generates resembles its training data and is no measurement. It is no classifier, "
        "and no compression that anything should rely on."
    ),
}


def write_card(checkpoint: Checkpoint) -> None:
    """Write the card into the run's folder."""
    text = card(checkpoint)
    replace(checkpoint.folder / CARD, lambda path: path.write_text(text, "utf-8"))


def rename_in_card(folder: Path, before: str) -> None:
    """Let the card of a run that was called `before` bear its folder's name."""
    with contextlib.suppress(OSError, UnicodeError):  # what it says else is right, or it has none
        text = (folder / CARD).read_text("utf-8")
        for form in ("# {}\n", '- name: "{}"\n'):
            text = text.replace(form.format(before), form.format(folder.name), 1)
        replace(folder / CARD, lambda path: path.write_text(text, "utf-8"))


def card(checkpoint: Checkpoint) -> str:
    """The card's text."""
    parts = [
        f"---\n{_head(checkpoint)}---",
        f"# {checkpoint.name}",
        _what(checkpoint) + _made_with(checkpoint),
        "## Use",
        _use(checkpoint),
        "## Data",
        _data(checkpoint),
        "## Recipe",
        _table(("setting", "value"), _recipe(checkpoint)),
        "## How well it does",
        _figures(checkpoint),
        "## What it is not for",
        NOT_FOR.get(checkpoint.config.data, NOT_FOR[""]),
        "## Files",
        "`config.json` recipe · `weights.safetensors` weights, half precision · `pca.safetensors` PCA of the same "
        "data · `codes.npz` codes of held-out samples · `measures.json` figures · `metrics.jsonl` a line an epoch"
        + (" · `detector.*` how windows become scores" if _detector(checkpoint) else "")
        + ". Nothing in them is pickled, and reading them runs no code.",
    ]
    return "\n\n".join(parts) + "\n"


def _head(checkpoint: Checkpoint) -> str:
    """The head, as YAML. A text is written as JSON has it, which YAML reads."""
    config = checkpoint.config
    task = "time-series-anomaly-detection" if _detector(checkpoint) else "feature-extraction"
    lines = [
        "library_name: latent-explorer",
        "pipeline_tag: feature-extraction",
        "tags:",
        *(f"- {tag}" for tag in dict.fromkeys(("autoencoder", config.variant, "pytorch", task))),
    ]
    if config.data in HUB:
        lines += ["datasets:", f"- {HUB[config.data]}"]
    error = checkpoint.measures.get("squared_error")
    if error is not None:
        lines += [
            "model-index:",
            f"- name: {json.dumps(checkpoint.name)}",
            "  results:",
            "  - task:",
            "      type: feature-extraction",
            "    dataset:",
            f"      name: {json.dumps(_dataset(checkpoint), ensure_ascii=False)}",
            f"      type: {HUB.get(config.data, config.data)}",
            "    metrics:",
            "    - type: mse",
            "      name: mean squared error of a value, held out",
            f"      value: {error / math.prod(checkpoint.shape):.6g}",
        ]
    return "\n".join(lines) + "\n"


def _dataset(checkpoint: Checkpoint) -> str:
    file = str(checkpoint.config.source.get("file", ""))
    return file_label(file) if file else checkpoint.config.data


def _what(checkpoint: Checkpoint) -> str:
    config = checkpoint.config
    sizes = " → ".join(map(str, (math.prod(checkpoint.shape), *config.hidden, config.k)))
    return (
        f"{config.row.title} ({config.row.paper}) of samples of {times(checkpoint.shape)} values, trained on "
        f"{_safe(_dataset(checkpoint))}; code of {plural(config.k, 'number')}, encoder {sizes}. {config.row.idea}"
    )


def _made_with(checkpoint: Checkpoint) -> str:
    """With which versions, as far as the run says."""
    said = read_json(checkpoint.folder / "config.json").get("made_with")
    if not isinstance(said, dict):  # runs of earlier versions do not say
        return ""
    versions = (f"{name} {said[name]}" for name in ("ae_core", "torch", "python") if name in said)
    return " " + _safe(f"Made with {', '.join(versions)}.")


def _use(checkpoint: Checkpoint) -> str:
    shape = ", ".join(map(str, checkpoint.shape))
    lines = [
        "from ae_core import load_checkpoint",
        "",
        'model = load_checkpoint("PATH/TO/THIS/FOLDER")',
        f"z = model.encode(x)  # x: (N, {shape}), float32",
        "x_hat = model.decode(z)",
    ]
    use = "```python\n" + "\n".join(lines) + "\n```"
    if _detector(checkpoint):
        use += "\n\nThe scores of another table's rows:\n\n```bash\n"
        use += "python -m ae_core score TABLE.csv --checkpoint PATH/TO/THIS/FOLDER --out scores.csv\n```"
    return use


def _data(checkpoint: Checkpoint) -> str:
    config, about = checkpoint.config, _detector(checkpoint)
    source = sources().get(config.data)
    said = source.about if source else "Tensors that were handed over in Python; the run keeps their checksum."
    said = OWN_TABLES.get(config.data, said)
    kept = ", ".join(f"{name.replace('_', ' ')} {_text(value)}" for name, value in _source(config.source).items())
    lines = [f"{_dataset(checkpoint)}. {said}" + (f" Settings: {kept}." if kept else "")]
    if checkpoint.range is not None:
        lines.append("Values lie in {:g} … {:g}.".format(*checkpoint.range))
    if checkpoint.classes:
        lines.append(f"Classes: {_listed(checkpoint.classes)}.")
    if about:
        units = (f"{n} [{u}]" if u else n for n, u in zip(about["names"], about["units"], strict=True))
        step = f", a row every {span(about['step'])}" if about.get("step") else ""
        lines.append(f"Channels: {_listed(tuple(units))}; windows of {plural(about['window'], 'row')}{step}.")
    return "\n\n".join(map(_safe, lines))


def _recipe(checkpoint: Checkpoint) -> list[tuple[str, str]]:
    given = {name: value for name, value in checkpoint.config.to_json().items() if name not in ("source", "sockets")}
    given |= dict(checkpoint.config.sockets)
    last = last_metrics(checkpoint.folder)
    rows = [(name.replace("_", " "), _text(value)) for name, value in given.items()]
    if last:
        rows.append(("epochs that were made", f"{int(last['epoch'])}, in {span(max(1e-3, last['seconds']))}"))
    return rows


def _figures(checkpoint: Checkpoint) -> str:
    measures = checkpoint.measures
    rows = []
    for name, title in FIGURES.items():
        if name in measures:
            pca = measures.get(f"pca_{name}")
            rows.append((title, f"{measures[name]:.4g}", "" if pca is None else f"{pca:.4g}"))
    if not rows:
        return "It is not measured: its training was stopped."
    return f"On held-out data, beside PCA of as many numbers:\n\n{_table(('', 'this model', 'PCA'), rows)}"


def _source(values: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of the data that say something, without a file's path."""
    return {name: value for name, value in values.items() if name != "file" and value not in ("", 0, 0.0, None)}


def _detector(checkpoint: Checkpoint) -> dict[str, Any]:
    """What detector.json says, {} where there is none that can be read."""
    path = checkpoint.folder / "detector.json"
    if not path.is_file():
        return {}
    try:
        about = read_json(path)
    except LatentError:
        return {}
    if not isinstance(about, dict):
        return {}
    names, units, step = (about.get(key) for key in ("names", "units", "step"))
    if not isinstance(names, list) or not isinstance(units, list) or len(names) != len(units):
        return {}
    if not all(isinstance(text, str) for text in (*names, *units)) or not isinstance(about.get("window"), int):
        return {}
    return {**about, "step": step if isinstance(step, int | float) and 0 < step < 1e12 else None}


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(_safe(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    return ", ".join(names[:MAX_NAMES]) + more


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _safe(text: str) -> str:
    """Text that others wrote, as Markdown that shows it and loads nothing."""
    return " ".join(text.split()).replace("<", "&lt;").replace("[", "\\[").replace("](", "]\\(")
