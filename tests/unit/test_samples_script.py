"""The printed program of a run on one's own samples is plain Python, and makes the very same tensors."""

from pathlib import Path

import numpy as np
import pytest
import torch

from ae_core import Config
from ae_core.data import load_dataset, source
from ae_core.training.script import script
from pages.sections.data.examples import example

RNG = np.random.default_rng(0)
WAVES = np.sin(np.linspace(0, 6, 40) + RNG.normal(0, 0.4, (60, 1))) + RNG.normal(0, 0.02, (60, 40))
KINDS = np.arange(60) % 3


def rows(delimiter: str = ",", decimal: str = ".", heading: str = "") -> bytes:
    lines = [delimiter.join([*(f"{v:.4f}" for v in row), f"{k}.0"]) for row, k in zip(WAVES, KINDS, strict=True)]
    return "\n".join([*([heading] if heading else []), *(line.replace(".", decimal) for line in lines)]).encode()


def pixels() -> bytes:
    """Pictures of 12 × 12 bytes, the class first."""
    x = RNG.integers(0, 256, (60, 144))
    heading = ",".join(["label", *(f"pixel{i}" for i in range(144))])
    return "\n".join([heading, *(",".join(map(str, [k, *row])) for k, row in zip(KINDS, x, strict=True))]).encode()


TABLES = {
    "pulses": lambda: example("pulses")[0],
    "patients": lambda: example("patients")[0],
    "pixels": pixels,
    "no heading": rows,
    "spaces": lambda: rows("  "),
    "semicolons": lambda: rows(";", ","),
}


def executed(text: str) -> dict:
    names: dict = {"torch": torch}
    exec(compile(text, "script.py", "exec"), names)
    return names


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("normal", [False, True])
def test_plain_lines_make_the_same_tensors(name: str, normal: bool, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("sys.argv", ["script.py"])
    path = tmp_path / "table.csv"
    path.write_bytes(TABLES[name]())
    given = {"file": str(path)}
    if normal:
        given["normal_class"] = load_dataset("samples", **given).classes[1]
    wanted, origin = load_dataset("samples", **given), source("samples", **given)
    text = f"{origin.script()}\n{origin.script_labels()}"
    assert "ae_core" not in text
    found = executed(text)
    for half in ("train", "test"):
        torch.testing.assert_close(found[f"x_{half}"], getattr(wanted, f"x_{half}"), atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(found[f"y_{half}"], getattr(wanted, f"y_{half}"))


def test_the_whole_program_is_laid_out_and_what_a_few_lines_cannot_read_the_reader_reads(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(rows())
    data = load_dataset("samples", file=str(path))
    config = Config(data="samples", variant="cvae", k=2, hidden=(8,), epochs=1, source={"file": str(path)})
    text = script(config, data.shape, data.range, data.classes)
    compile(text, "script.py", "exec")
    assert "ae_core" not in text
    assert "load_dataset" in source("samples", file=str(path), group="40", label="none").script()
    path.write_bytes(b"," + rows().partition(b",")[2])  # a missing value
    assert "load_dataset" in source("samples", file=str(path)).script()
