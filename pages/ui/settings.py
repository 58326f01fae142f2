"""What the settings of a recipe are called on the screen: in the forms of Train and Signals, and in Runs."""

from ae_core.base.options import Knob

AUTOMATIC = "auto-detect"  # what a choice says that is left to the program

LABELS = {
    # the network and its training
    "data": "data",
    "variant": "autoencoder",
    "k": "latent dimensions",
    "hidden": "hidden layer sizes",
    "lr": "learning rate",
    "clip": "maximum gradient norm",
    "keep": "weights kept",
    "augment": "augmented share",
    "loss": "reconstruction loss",
    "output": "output activation",
    "tied": "tied weights",
    # a variant's own
    "beta": "β (weight of KL)",
    "relative": "exponent of PCA's error",
    "corruption": "kind of corruption",
    "amount": "amount of corruption",
    "target": "target of the loss",
    "hidden_share": "masked share",
    "patch": "patch size",
    "sparsity": "sparsity penalty",
    "on_share": "active share (top-k)",
    "rate": "target activation (KL)",
    "sparsity_weight": "weight of sparsity",
    "contraction": "weight of contraction",
    "codes": "codebook size",
    "commitment": "commitment weight",
    # data
    "fault_share": "share of faults",
    "span": "rows per sample",
    "columns": "channels",
    "normal": "normal rows",
    "max_gap_steps": "fill gaps up to (steps)",
    "resample_seconds": "resample interval (s)",
    "score_type": "anomaly score from",
    "smoothing_rows": "smoothing window (rows)",
    "variance": "variance kept for scoring",
    "time": "time column",
    "label": "label column",
    "decimal": "decimal sign",
    "header": "header row",
    "heading": "line of the heading",
    "leave_out": "lines to leave out",
    "layout": "what a row is",
    "time_format": "time format",
    "time_unit": "unit of time",
    "time_origin": "time counts from",
    "time_step": "seconds between rows",
    "normal_values": "normal values of the label",
    "states": "words as numbers",
    "values": "values that look missing",
    "steps": "counters, as steps",
    "fill": "fill missing values",
    "day_first": "day before month",
    "missing": "missing values",
    "first": "rows read",
    "most_mb": "maximum file size (MB)",
}

CHOICES = {
    "": AUTOMATIC,
    "moments": "a moment",
    "samples": "a sample",
    "long": "one value (long table)",
    "across": "a channel (on its side)",
    "days": "a day, its times across",
    "mlp": "fully connected",
    "conv": "convolutional",
    "leaky_relu": "leaky ReLU",
    "relu": "ReLU",
    "elu": "ELU",
    "silu": "SiLU",
    "gelu": "GELU",
    "l1": "L1",
    "kl": "KL",
    "topk": "top-k",
    "last": "last epoch",
    "best": "best epoch",
    "salt-pepper": "salt and pepper",
    "cpu": "CPU",
    "cuda": "CUDA",
    "mps": "MPS",
}


def setting_label(name: str) -> str:
    """What a setting is called, by its name in the recipe."""
    return LABELS.get(name, name.replace("_", " "))


def choice_label(choice: str) -> str:
    """What one of a setting's choices is called."""
    return CHOICES.get(choice, choice)


def setting_help(knob: Knob) -> str:
    """A sentence on a setting, with its range and unit."""
    unit = f" {knob.unit}" if knob.unit else ""
    if knob.low is not None and knob.high is not None:
        values = f" From {knob.low:g} to {knob.high:g}{unit}."
    else:
        values = f" In{unit}." if unit else ""
    return f"{knob.help[0].upper()}{knob.help[1:]}.{values}"
