"""Numbers in words."""


def format_duration(seconds: float) -> str:
    """Seconds in the unit that fits.

    >>> format_duration(12), format_duration(200), format_duration(9000)
    ('12 s', '3 min', '2.5 h')
    """
    if seconds < 90:
        return f"{max(1, seconds):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


DIGITS = ("mnist", "digits")  # sources of which the pages' sentences may speak of digits


def of_these_data(text: str, data: str) -> str:
    """A sentence about digits, for a source `data` that has others: about pictures.

    >>> of_these_data("a digit, two digits", "samples")
    'a picture, two pictures'
    """
    return text if data in DIGITS else text.replace("digit", "picture")
