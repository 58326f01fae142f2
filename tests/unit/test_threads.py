"""Small work has one thread, whatever the machine has; larger work as many as pay."""

import pytest
import torch

from ae_core.training import threads
from ae_core.training.threads import fit_threads


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
