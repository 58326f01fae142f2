"""Twenty-five command lines as they were once typed: what they mean, how they end, the numbers that they print."""

import json
import re
import shutil
from pathlib import Path

import pytest

from ae_core.cli import main, make_parser
from ae_core.commands.options import config_from
from ae_core.model.config import Config

from .test_configs import meaning

HERE = Path(__file__).resolve().parent
COMMANDS = json.loads((HERE / "commands.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def machine(monkeypatch, tmp_path):
    """A machine with the runs of `folders` and the table pump.csv, without data of its own."""
    monkeypatch.setenv("LATENT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    for folder in (HERE / "folders").iterdir():
        if folder.is_dir():
            shutil.copytree(folder, tmp_path / "runs" / folder.name)
    shutil.copy(HERE / "pump.csv", tmp_path)
    monkeypatch.chdir(tmp_path)


def parsed(words: list[str]) -> Config:
    """The recipe that a command line asks for, without beginning it."""
    return config_from(make_parser().parse_args(words))


def ended(words: list[str]) -> int:
    """The exit status of a command line."""
    try:
        return main(words)
    except SystemExit as end:  # argparse's own
        return int(end.code or 0)


def numbers(text: str) -> list[float]:
    """All numbers in a text, each once."""
    return sorted(
        {float(number.replace(",", "")) for number in re.findall(r"(?<![\w.-])\d[\d,]*(?:\.\d+)?(?![\w.-]*\d)", text)}
    )


def test_there_are_twenty_five():
    assert len(COMMANDS) == 25
    assert sum(each.get("code") == 2 for each in COMMANDS) >= 8


@pytest.mark.parametrize("each", COMMANDS, ids=lambda each: each["command"][:70])
def test_a_command_does_what_it_did(each, capsys, tmp_path):
    words = each["command"].split()
    if "means" in each:
        assert meaning(parsed(words), each["means"]) == each["means"]
        return
    assert ended(words) == each["code"]
    out, err = capsys.readouterr()
    if each["code"]:
        assert all(word in err for word in each["says"]), err
        return
    said = numbers(out)
    for number in each["numbers"]:
        assert any(found == pytest.approx(number, rel=1e-3, abs=1e-4) for found in said), (
            f"{number} is not among {said}"
        )
    assert all(word in out for word in each["says"]), out
    for name, (rows, columns) in each.get("files", {}).items():
        lines = (tmp_path / name).read_text("utf-8").splitlines()
        assert (len(lines), lines[0].count(",") + 1) == (rows, columns)
