"""Keys of the Train page's widgets and of what it remembers in the session, for its sections and the tests."""

SETTING = "train-"  # before the name of a setting
RUN = "train-run-shown"  # the run on the screen
UPLOAD = "train-upload"
START = "train-start"
FINISH = "run-finish"
STOP = "run-stop"
RESUME = "run-resume"
ANEW = "run-anew"
REFUSED = "run-refused"  # (folder, why it could not go on)


def setting(name: str) -> str:
    """The widget of a setting of the recipe."""
    return SETTING + name


def preset(name: str) -> str:
    """The button of a preset."""
    return f"preset-{name}"
