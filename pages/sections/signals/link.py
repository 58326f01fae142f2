"""What a link to Signals may say. Its subject: of `run` the names that can be shown, of `view` the number of rows."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from ae_core import LatentError
from ae_core.anomaly.similar import COUNT
from ae_core.anomaly.thresholds import Rule
from ae_core.base.options import check, knobs
from ae_core.data.csv.source import Csv
from ae_core.data.csv.uploads import is_upload

from ...ui.link import Choice, Custom, Flag, Integer, Misfit, Name
from . import words
from .open import READING as SETTINGS


def _rule(text: str, subject: object) -> Rule:
    try:
        return Rule.parse(text)
    except LatentError as error:
        raise Misfit(str(error).rstrip(".")) from error


def _is_another_rule(before: str, now: str) -> bool:
    """Whether the rule was changed, and not its amount alone."""
    kinds = [(text or str(Rule())).partition(":")[0] for text in (before, now)]
    return kinds[0] != kinds[1]


def _file(text: str, subject: object) -> str:
    if not is_upload(text):
        raise Misfit(words.FILE_GONE)
    return text


def _settings(text: str, subject: object) -> dict[str, Any]:
    fields = knobs(Csv)
    try:
        said = dict(parse_qsl(text, strict_parsing=True))
        return {name: check(name, value, fields[name]) for name, value in said.items() if name in SETTINGS}
    except LatentError as error:
        raise Misfit(str(error).rstrip(".")) from error


def _rows(text: str, count: int) -> tuple[int, int]:
    first, _, last = text.partition(":")
    if first.isdecimal() and last.isdecimal() and len(first + last) < 20 and int(first) < int(last) <= count:
        return int(first), int(last)
    raise ValueError(text)


RUN = Name(
    name="run", about="the run that scores the table", known=lambda names: names, kind="run on a table", menu=True
)
FILE = Custom(
    name="file",
    about="an uploaded table, by the name under which it is kept",
    reads=_file,
    documented="as the page writes it",
    entry=True,
    menu=True,
)
READING = Custom(
    name="read",
    about="how the uploaded table is read, where that was said",
    reads=_settings,
    writes=urlencode,
    must=words.READ_MUST,
    documented="settings of the reader with their values, as the page writes it",
)
THRESHOLD = Custom(
    name="threshold",
    about="the threshold's rule and its amount",
    default=Rule(),
    reads=_rule,
    entry=_is_another_rule,
    documented=(
        "`quantile:0.99`, `robust:4`, `rolling:6`; with the fewest rows of a stretch and the rows between two that are "
        "one `quantile:0.99:10:60`"
    ),
)
VIEW = Custom(
    name="view",
    about="the rows in view, FIRST:LAST",
    reads=_rows,
    writes=lambda rows: "{}:{}".format(*rows),
    must=lambda count: words.VIEW_MUST.format(count=count),
    documented="two row numbers",
)
NORMAL = Custom(
    name="dragged",
    about="the normal rows that were dragged, FIRST:LAST",
    field="normal",
    reads=_rows,
    writes=lambda rows: "{}:{}".format(*rows),
    must=lambda count: words.VIEW_MUST.format(count=count),
    documented="two row numbers",
)
LOOK = (
    Choice(name="order", about="what the flagged stretches are sorted by", choices=("start", "peak"), default="peak"),
    Choice(
        name="colour",
        about="what the map is coloured by",
        choices=("time", "error", "cluster", "kind"),
        default="time",
    ),
    Flag(name="pca", about="PCA is drawn too"),
    Integer(
        name="stretch",
        about="the chosen stretch, by its row with the largest score",
        field="row",
        high=lambda count: count - 1,
        entry=True,
    ),
    Integer(name="point", about="the chosen point of the map, by its number", field="window", entry=True),
    Custom(
        name="marked",
        about="the rows that were marked, FIRST:LAST",
        field="span",
        reads=_rows,
        writes=lambda rows: "{}:{}".format(*rows),
        must=lambda count: words.VIEW_MUST.format(count=count),
        documented="two row numbers",
        entry=True,
    ),
    Integer(name="alike", about="which of those like the chosen stretch is looked at, from 0", high=COUNT - 1),
)
OTHERS = Flag(name="others", about="other detectors are shown beside the run's own")
FOLLOWS = Flag(name="follows", about="what follows from judged stretches is shown")
USUAL = Flag(name="usual", about="what was called normal counts as usual in the scores")
PARAMETERS = (RUN, FILE, READING, THRESHOLD, VIEW, NORMAL, *LOOK, OTHERS, FOLLOWS, USUAL)
