"""Keys of what the page "Your data" keeps in a session."""

OPENED = "data-opened"  # how many files were opened: each closes the uploader of the one before
UPLOAD = "data-upload"
EXAMPLE = "data-example"
DRAWN = "data-drawn"
MAP = "data-map"
DETECT = "data-detect"


def card(name: str) -> str:
    """Of the button that takes an example."""
    return f"{EXAMPLE}-{name}"


def setting(name: str) -> str:
    """Of a widget that says how the file is to be read."""
    return f"data-{name}"
