"""What a visitor brings is worked on outside the server, under a ceiling of memory and of time."""

import os
import time

import numpy as np
import pytest

from ae_core import LatentError
from ae_core.base.budget import BudgetError
from ae_core.data.csv.source import Csv
from ae_core.jobs import lane as module
from ae_core.jobs.executors import job_bytes
from ae_core.jobs.lane import LANE_NICENESS, lane, table_to_keep


def test_it_is_another_process_that_steps_back():
    pid = lane.call(os.getpid)
    assert pid != os.getpid()
    assert lane.call(os.nice, 0) == min(19, os.nice(0) + LANE_NICENESS)


def test_a_table_comes_back_as_it_is(tmp_path):
    file = tmp_path / "table.csv"
    file.write_text("time,a\n2024-01-01 00:00:00,1\n2024-01-01 00:00:10,\n2024-01-01 00:00:20,3\n")
    origin = Csv(file=str(file))
    here, there = origin.table(), lane.call(table_to_keep, origin)
    np.testing.assert_array_equal(here.values, there.values)
    np.testing.assert_array_equal(here.time, there.time)
    assert (here.about, here.notes) == (there.about, there.notes)
    with pytest.raises(LatentError, match="There is no file 'nothing'"):
        lane.call(Csv(file="nothing").table)


def test_a_table_too_large_for_a_page_says_what_fits(tmp_path):
    file = tmp_path / "table.csv"
    file.write_text("time,a\n" + "".join(f"2024-01-01 00:{n // 60:02}:{n % 60:02},{n % 7}\n" for n in range(600)))
    with pytest.raises(BudgetError, match=r"^600 rows × 1 channels take 0.0048 MB, .* a row every 2.1 s fits") as said:
        table_to_keep(Csv(file=str(file)), 2400)
    assert len(table_to_keep(Csv(file=str(file), **said.value.fits), 2400)) < 300


def test_memory_over_the_ceiling_is_a_sentence_and_the_next_call_goes_on(monkeypatch):
    monkeypatch.setenv("LATENT_MOST_MEMORY", "1")
    with pytest.raises(LatentError, match="This takes more than the 105 MB of memory or the 120 s"):
        lane.call(np.ones, 100_000_000)
    assert job_bytes() == 100 << 20
    assert lane.call(len, "abc") == 3


def test_a_process_that_dies_is_a_sentence_and_the_next_call_goes_on():
    with pytest.raises(LatentError, match="and was ended: bring a part of it"):
        lane.call(os.abort)
    assert lane.call(len, "abc") == 3


def test_time_over_the_ceiling_is_a_sentence_and_the_next_call_goes_on(monkeypatch):
    monkeypatch.setattr(module, "MOST_SECONDS", 0.2)
    with pytest.raises(LatentError, match=r"or the 0 s that it may take here"):
        lane.call(time.sleep, 60)
    monkeypatch.undo()
    assert lane.call(len, "abc") == 3


def test_who_waits_no_longer_is_forgotten_and_the_next_one_is_served():
    one = module.Lane(processes=1)
    assert not one.is_warm
    assert one.call(len, "abc") == 3
    assert one.is_warm
    looks = []

    def leave() -> None:
        looks.append(one)
        if len(looks) > 3:
            raise SystemExit

    with pytest.raises(SystemExit):
        one.call(time.sleep, 1, waiting=leave)
    assert len(looks) == 4
    assert one.call(len, "abcd", waiting=lambda: None) == 4
