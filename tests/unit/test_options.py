"""Knobs keep the names that they had: what was written before goes on to mean the same."""

import dataclasses

import pytest

from ae_core import Config, LatentError
from ae_core.base.options import build, current_names, knobs, option
from ae_core.cli import main
from ae_core.data.csv.source import Csv

OLD = {
    "bridge": ("max_gap_steps", 3),
    "every": ("resample_seconds", 2.5),
    "memory": ("smoothing_rows", 8),
    "scores": ("score_type", "error"),
}


@dataclasses.dataclass(frozen=True)
class Things:
    size: int = option(1, "how large", low=0, high=9, aliases=("large", "big"))


def test_aliases_mean_the_knob_and_todays_name_wins():
    assert build(Things, {"big": 3}) == build(Things, {"size": 3}) == Things(3)
    assert current_names(knobs(Things), {"size": 2, "large": 5, "other": 1}) == {"size": 2, "other": 1}
    with pytest.raises(LatentError, match="size must be between"):
        build(Things, {"big": 30})


@pytest.mark.parametrize("old", OLD)
def test_configs_and_command_lines_with_old_names_read_on(old, capsys, tmp_path):
    name, value = OLD[old]
    assert getattr(build(Csv, {old: value}), name) == value
    config = Config.from_json({"data": "csv", "source": {"file": "a.csv", old: value}})
    assert dict(config.source) == {"score_type": "combined"} | {"file": "a.csv", name: value}
    assert f"--{name.replace('_', '-')} " in config.command("x")
    assert main(["score", str(tmp_path / "none.csv"), f"--{old}", str(value)]) == 2
    assert "There is no file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "seconds"), [("5", 5), ("5s", 5), (" 250 ms", 0.25), ("1.5min", 90), ("2 h", 7200), ("1d", 86_400)]
)
def test_a_time_is_said_with_its_unit_or_in_seconds(said, seconds):
    assert build(Csv, {"file": "a.csv", "resample_seconds": said}).resample_seconds == pytest.approx(seconds)


@pytest.mark.parametrize("said", ["5 m", "1.2.3 s", "s", "5 parsecs"])
def test_another_unit_is_one_sentence(said):
    with pytest.raises(LatentError, match="resample-seconds takes a number"):
        build(Csv, {"file": "a.csv", "resample_seconds": said})
