"""Numbers, and what samples are, in words."""

from ae_core.runs.checkpoint import Checkpoint


def format_duration(seconds: float) -> str:
    """Seconds in the unit that fits.

    >>> format_duration(12), format_duration(200), format_duration(9000)
    ('12 s', '3 min', '2.5 h')
    """
    if seconds < 90:
        return f"{max(1, seconds):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


DIGITS = ("mnist", "digits")  # sources of which the pages' sentences may speak of digits


def thing_of(checkpoint: Checkpoint) -> str:
    """What a model's samples are, in a sentence: a digit, picture, signal, or sample."""
    if len(checkpoint.shape) == 3:
        return "digit" if checkpoint.config.data in DIGITS else "picture"
    return "sample" if checkpoint.display and checkpoint.display.kind == "features" else "signal"


def of_these_data(text: str, thing: str) -> str:
    """A sentence about digits or pictures, for a model of other things (see `thing_of`).

    >>> of_these_data("a digit, two digits", "picture"), of_these_data("this picture", "signal")
    ('a picture, two pictures', 'this signal')
    """
    if thing == "digit":
        return text
    text = text.replace("digit", thing)
    return text if thing == "picture" else text.replace("picture", thing)
