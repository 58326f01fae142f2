"""Small work has one thread, whatever the machine has; larger work as many as pay."""

import pytest
import torch

from ae_core.cli import main
from ae_core.commands import scoring
from ae_core.data.csv.source import Csv
from ae_core.runs.checkpoint import read_checkpoint
from ae_core.runs.folder import runs
from ae_core.training import threads
from ae_core.training.threads import fit_threads
from pages.session.startup import _use_one_core_each


@pytest.fixture(autouse=True)
def as_before():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize(
    ("alone", "together", "wanted"),
    [(1e-4, 1e-5, 1), (0.1, 0.09, 1), (0.1, 0.2, 1), (0.1, 0.05, 3)],
    ids=["small", "hardly pays", "a busy core", "pays"],
)
def test_threads_that_pay(alone, together, wanted, monkeypatch):
    took = {1: alone, 3: together}
    monkeypatch.setattr(threads, "_seconds", lambda work, x: took[torch.get_num_threads()])
    assert fit_threads(torch.square, torch.zeros(2, 3), 3) == wanted
    assert torch.get_num_threads() == wanted


def test_a_small_network_has_one_thread_in_truth():
    torch.set_num_threads(2)
    fit_threads(torch.nn.Linear(8, 2), torch.zeros(32, 8), 2)
    assert torch.get_num_threads() == 1


def test_page_and_command_line_score_on_the_same_threads_and_to_the_same_floats(tmp_path, monkeypatch):
    file, out, score_file, by = tmp_path / "log.csv", tmp_path / "scores.csv", scoring.score_file, []
    file.write_text("a,b\n" + "".join(f"{n % 20},{(n * 7) % 20 + n % 3}\n" for n in range(600)))
    quick = ["--variant", "deep", "--k", "2", "--epochs", "1", "--hidden", "8", "--window", "16", "--normal", "0:600"]
    assert main(["score", str(file), "--out", str(out), *quick]) == 0
    (run,) = runs()

    def seen(*arguments):
        detection = score_file(*arguments)
        by.append((torch.get_num_threads(), detection.network.score))
        return detection

    monkeypatch.setattr(scoring, "score_file", seen)
    torch.set_num_threads(3)
    assert main(["score", str(file), "--out", str(out), "--checkpoint", run]) == 0
    torch.set_num_threads(3)
    _use_one_core_each()
    seen(read_checkpoint(run), Csv(file=str(file)))
    (commands, its), (pages, theirs) = by
    assert commands == pages == 1
    torch.testing.assert_close(torch.as_tensor(its), torch.as_tensor(theirs), rtol=0, atol=0, equal_nan=True)
