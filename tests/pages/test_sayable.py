"""All that a person can say about a file: on the page, as an option of the command, kept in the run, and applied to the
next file.
"""

import functools
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ae_core.anomaly.recipe import recipe
from ae_core.anomaly.scoring import read_alike
from ae_core.base.options import knobs
from ae_core.cli import main
from ae_core.data.csv.source import Csv
from ae_core.data.csv.table import Table
from pages.sections.signals import keys

from ..support import apptest
from ..support.apptest import ROOT
from ..unit.test_detector import fitted

COUNT = 240


def lines(row: Callable[[int], str], head: str = "a,b\n") -> bytes:
    return (head + "".join(row(i) + "\n" for i in range(COUNT))).encode()


def wave(i: int, shift: float = 0.0) -> str:
    return f"{np.sin(i / 5 + shift):.4f}"


def clock(i: int) -> np.datetime64:
    return np.datetime64("2024-03-04T06:00") + np.timedelta64(i, "m")


def rows_are(count: int) -> Callable[[Table], bool]:
    return lambda table: len(table) == count


def begins(moment: str, step: float) -> Callable[[Table], bool]:
    return lambda table: (str(table.time[0])[: len(moment)], table.step) == (moment, step)


PLAIN = lines(lambda i: f"{wave(i)},{wave(i, 1)}")
TIMED = lines(lambda i: f"{clock(i)},{wave(i)},{wave(i, 1)}", "t,a,b\n")
STATES = lines(lambda i: f"{wave(i)},{('UP', 'DOWN')[i // 30 % 2]}", "a,mode\n")
HOLED = lines(lambda i: f"{wave(i)},{'' if i % 3 else wave(i, 1)}")
# what is said: (settings, the file, what they make of it, which nobody would find out)
SAID: dict[str, tuple[dict, bytes, Callable[[Table], bool]]] = {
    "the heading's line": (
        {"heading": 3},
        b"x,y\nz,w\n" + PLAIN,
        lambda t: (t.names, len(t)) == (("a", "b"), COUNT),
    ),
    "no heading": ({"header": "no"}, lines(lambda i: f"{i % 7},{i % 5}", "9,8\n"), rows_are(COUNT + 1)),
    "lines that are no rows": ({"leave_out": "2-11,-1"}, PLAIN, rows_are(COUNT - 11)),
    "delimiter and decimal": (
        {"delimiter": "semicolon", "decimal": "comma"},
        lines(lambda i: f"{i % 9},5;{i % 7},25", "a;b\n"),
        lambda t: t.values[1].tolist() == [1.5, 1.25],
    ),
    "encoding": ({"encoding": "latin-1"}, lines(lambda i: f"{wave(i)},1", "größe,b\n"), lambda t: "Ã" in t.names[0]),
    "rows are samples": ({"layout": "samples"}, PLAIN, lambda t: t.about.layout == "samples"),
    "time column and its format": (
        {"time": "t", "time_format": "%M~%H~%d~%m~%Y"},
        lines(lambda i: f"{clock(i).item():%M~%H~%d~%m~%Y},{wave(i)},{wave(i, 1)}", "t,a,b\n"),
        begins("2024-03-04T06:00", 60),
    ),
    "time in two columns": (
        {"time": "when,hour"},
        lines(lambda i: f"{clock(60 * i).item():%Y-%m-%d},{clock(60 * i).item():%H:%M},{wave(i)}", "when,hour,a\n"),
        begins("2024-03-04T06:00", 3600),
    ),
    "unit and origin of the time": (
        {"time": "t", "time_unit": "h", "time_origin": "2024-01-01"},
        lines(lambda i: f"{i},{wave(i)},{wave(i, 1)}", "t,a,b\n"),
        begins("2024-01-01T00:00", 3600),
    ),
    "a fixed step": ({"time_step": 0.5}, PLAIN, lambda t: t.step == 0.5),
    "day or month first": (
        {"day_first": "no"},
        lines(lambda i: f"03/04/2024 {i // 60:02d}:{i % 60:02d},{wave(i)}", "t,a\n"),
        begins("2024-03-04", 60),
    ),
    "channels": ({"columns": "b"}, PLAIN, lambda t: t.names == ("b",)),
    "the label and its normal values": (
        {"label": "grade", "normal_values": "3,4"},
        lines(lambda i: f"{wave(i)},{i // 12 % 5}", "a,grade\n"),
        lambda t: (t.label.sum(), t.names) == (144, ("a",)),
    ),
    "no label": (
        {"label": "none"},
        lines(lambda i: f"{wave(i)},{int(i > 200)}", "a,label\n"),
        lambda t: t.names == ("a", "label"),
    ),
    "what counts as missing": (
        {"missing": "-7"},
        lines(lambda i: f"{wave(i)},{-7 if i % 40 == 3 else i % 5}"),
        lambda t: np.isnan(t.values).sum() == 6,
    ),
    "what is a value": (
        {"values": "-9999"},
        lines(lambda i: f"{wave(i)},{-9999.0 if i % 40 == 7 else i % 13 / 3:.3f}"),
        lambda t: not np.isnan(t.values).any(),
    ),
    "words as numbers": ({"states": "UP=5, DOWN=2"}, STATES, lambda t: set(t.values[:, 1]) == {2.0, 5.0}),
    "counters as their steps": (
        {"steps": "n"},
        lines(lambda i: f"{wave(i)},{3 * i}", "a,n\n"),
        lambda t: (t.values[:, t.names.index("n")] == 3).all(),
    ),
    "how a channel is filled": ({"fill": "b: last"}, HOLED, lambda t: (t.values[:3, 1] == t.values[0, 1]).all()),
    "the longest gap that is filled": (  # holes of two steps: too long for a line, so the last value is carried on
        {"max_gap_steps": 1},
        HOLED,
        lambda t: not np.isnan(t.values).any(),
    ),
    "resampled": ({"resample_seconds": 120.0}, TIMED, lambda t: (len(t), t.step) == (121, 120)),
}


ANYWAY = ("no heading", "delimiter and decimal", "time in two columns")  # which is found out as well


def found_out(file: Path, holds: Callable[[Table], bool]) -> bool:
    """Whether that is found out without being said."""
    try:
        return bool(holds(Csv(file=str(file)).table()))
    except (TypeError, AttributeError, ValueError):  # there is no time, label or channel to look at
        return False


def test_nothing_that_can_be_said_is_left_out_here():
    said = {name for settings, _, _ in SAID.values() for name in settings}
    scored = {"window", "stride", "score_type", "smoothing_rows", "variance", "normal", "first", "most_mb", "file"}
    assert said == set(knobs(Csv)) - scored


@pytest.mark.parametrize("what", SAID)
def test_on_the_command_line_in_the_run_and_for_the_next_file(what, tmp_path, capsys):
    settings, data, holds = SAID[what]
    file, following = tmp_path / "file.csv", tmp_path / "next.csv"
    for path in (file, following):
        path.write_bytes(data)
    assert found_out(file, holds) == (what in ANYWAY)
    table = Csv(file=str(file), **settings).table()
    assert holds(table)
    words = [part for name, value in settings.items() for part in (f"--{name.replace('_', '-')}", str(value))]
    assert main(["read", str(file), "--json", *words]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [channel["name"] for channel in found["channels"]] == list(table.names)
    assert found["rows"] == len(table)
    assert found["layout"] == table.about.layout
    source = {"file": str(file), "window": 1 if table.about.layout == "samples" else 8, **settings}
    kept = recipe(table, source).source
    assert {name: kept[name] for name in settings} == settings
    alike = read_alike(Csv(**kept), Csv(file=str(following), columns=settings.get("columns", "")))
    assert {name: getattr(alike, name) for name in settings if name != "max_gap_steps"} == {
        name: value for name, value in settings.items() if name != "max_gap_steps"
    }
    again = alike.table()
    assert again.names == table.names
    if "max_gap_steps" not in settings:
        assert holds(again)


@pytest.mark.parametrize(("steps", "crosses"), [(3, False), (4, True)])
def test_the_longest_gap_is_where_windows_end_in_the_run_and_in_the_next_file(steps, crosses, tmp_path):
    """Four steps from one row to the next: windows cross them, and rows behind have a score at once, or they do not."""
    rows = [f"{clock(i + 3 * (i >= 120))},{wave(i)},{wave(i, 1)}" for i in range(COUNT)]
    for name in ("file.csv", "next.csv"):
        (tmp_path / name).write_text("\n".join(["t,a,b", *rows, ""]), "utf-8")
    own = Csv(file=str(tmp_path / "file.csv"), window=8, max_gap_steps=steps, normal=f"0:{COUNT}")
    assert recipe(own.table(), {"file": own.file, "max_gap_steps": steps}).source["max_gap_steps"] == steps
    ready = own.prepare()
    assert (117 in ready.first_rows((0, COUNT), 1)) == crosses
    detector = fitted(own.table(), window=8, normal=own.normal, bridge=steps, epochs=0)
    alike = read_alike(own, Csv(file=str(tmp_path / "next.csv")))
    score = detector.score(alike.table()).network.score
    assert np.isfinite(score[120:127]).all() == crosses
    assert np.isnan(score[120:127]).all() != crosses
    assert np.isfinite(score[127:]).all()


def test_on_the_page(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LATENT_DATA", str(tmp_path / "data"))
    at = functools.partial(apptest.opened, "signals")()
    (uploader,) = at.file_uploader
    at = uploader.upload("table.csv", STATES, "text/csv").run()
    there = {element.key for element in [*at.text_input, *at.selectbox, *at.number_input, *at.multiselect]}
    assert {keys.read(name) for settings, _, _ in SAID.values() for name in settings} <= there
    assert keys.NORMAL_TYPED in there
    at.text_input(key=keys.read("states")).input("UP=5, DOWN=2").run()
    assert not at.exception
    preview = " ".join(str(table.value.to_dict()) for table in at.table)
    assert "'5'" in preview  # the live preview follows
    assert Path(tmp_path / "data").exists()
