"""What a link to "Your data" may say. Its subject: of `normal` the names of the classes."""

from collections.abc import Collection

from ae_core.anomaly.samples import LIMITS, QUANTILE
from ae_core.data.csv.uploads import is_upload

from ...ui.link import Choice, Custom, Flag, Misfit, Number
from . import words


def _file(text: str, subject: object) -> str:
    if not is_upload(text):
        raise Misfit(words.FILE_GONE)
    return text


def _heading(text: str, subject: object) -> str:
    if len(text) > 100 or not text.isprintable():
        raise ValueError(text)
    return text


def _class(text: str, classes: Collection[str]) -> str:
    if text not in classes:
        raise Misfit(f"normal {text[:40]!r}: there is no such class")
    return text


FILE = Custom(
    name="file",
    about="an uploaded file, by the name under which it is kept",
    reads=_file,
    documented="as the page writes it",
    entry=True,
    menu=True,
)
READ = (
    Custom(name="label", about="the column of classes", reads=_heading),
    Custom(name="group", about="the column of groups that are kept whole", reads=_heading),
    Choice(name="kind", about="what a sample is", choices=("", "signals", "pictures", "features"), default=""),
)
NORMAL = Custom(name="normal", about="the class that is normal", reads=_class, documented="the name of a class")
THRESHOLD = Number(
    name="threshold",
    about="the share of the held-out normal samples that lie below the threshold",
    low=LIMITS[0],
    high=LIMITS[1],
    clamp=True,
    default=QUANTILE,
)
DRAW = Flag(name="draw", about="the sheet to draw samples on is open")
PARAMETERS = (FILE, *READ, NORMAL, THRESHOLD, DRAW)
