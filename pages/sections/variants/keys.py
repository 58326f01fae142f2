"""Keys of the Variants page's widgets, for its sections and the tests."""

PICKERS = "variant-pickers"
DOWNLOADS = "take-along"
TRAIN_BOTH = "pca-wins"
TRAINED_BOTH = "pca-wins-runs"  # folders of what that button has started, by name


def code(variant: str) -> str:
    """The fold with a variant's code."""
    return f"code-{variant}"


def section(name: str) -> str:
    """The fold of a section of background."""
    return f"section-{name}"
