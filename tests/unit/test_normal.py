"""Normal stretches: what is proposed and why, lists of them in rows and times, and that nothing between is learned."""

import numpy as np
import pytest

from ae_core import LatentError
from ae_core.anomaly.detector import Detector
from ae_core.anomaly.recipe import recipe
from ae_core.data.csv.normal import as_text, normal_stretches, propose_normal
from ae_core.data.csv.source import Csv, dataset
from ae_core.data.csv.table import About, Table
from ae_core.data.csv.unlike import unlike_rows
from ae_core.data.csv.windows import prepared
from ae_core.training.loop import Training

ROWS = 3000


def table_of(values: np.ndarray, label: np.ndarray | None = None, times: bool = False) -> Table:
    rows, count = values.shape
    time = np.datetime64("2024-03-01T00:00:00", "ns") + np.arange(rows) * np.timedelta64(60, "s") if times else None
    return Table(
        tuple("abcdefgh"[:count]),
        ("",) * count,
        values,
        time,
        60.0 if times else None,
        label,
        about=About(clock="calendar" if times else ""),
    )


def coupled(seed: int = 0) -> np.ndarray:
    generator, t = np.random.default_rng(seed), np.arange(ROWS)
    z = np.sin(t / 20) + 0.3 * generator.normal(size=ROWS)
    return np.stack([z, -z, 0.5 * z, np.cos(t / 33)], 1) + 0.1 * generator.normal(size=(ROWS, 4))


def test_faults_all_through_the_first_part_leave_a_list_of_stretches():
    label = np.zeros(ROWS, bool)
    for at in range(400, ROWS, 500):
        label[at : at + 60] = True
    proposal = propose_normal(table_of(coupled(), label))
    assert proposal.stretches[0] == (0, 400)
    assert len(proposal.stretches) == 4
    assert not any(label[first:last].any() for first, last in proposal.stretches)
    assert proposal.last == 1800
    assert proposal.why == "The first 4 stretches without rows that are labelled abnormal."


def test_a_fault_that_begins_before_sixty_percent_ends_the_stretch():
    label = np.arange(ROWS) >= 0.5 * ROWS
    assert propose_normal(table_of(coupled(), label)).stretches == ((0, ROWS // 2),)


@pytest.mark.parametrize("fault", ["sign", "level", "frequency"])
def test_what_is_unlike_the_rest_in_the_windows_own_components_is_left_out(fault):
    values = coupled()
    part = slice(450, 750)
    if fault == "sign":  # each channel as ever, but they do not go together
        values[part, 1] *= -1
    elif fault == "level":
        values[part, 3] += 40
    else:
        values[part, 1] += 1.5 * np.sin(np.arange(300) / 2)
    found = unlike_rows(table_of(values))
    assert found.rows[part].mean() > 0.9
    assert found.rows.sum() <= 600
    assert found.why == ("in 'd'",) if fault == "level" else ("in how its channels go together",)
    proposal = propose_normal(table_of(values, times=True))
    assert not any(found.rows[first:last].any() for first, last in proposal.stretches)
    assert f"unlike all others {found.why[0]} at 2024-03-01 07:30:00" in proposal.why


def test_clean_tables_keep_the_first_part():
    for seed in range(6):
        generator, t = np.random.default_rng(seed), np.arange(ROWS)[:, None]
        for values in (
            generator.normal(size=(ROWS, 3)),
            np.cumsum(generator.normal(size=(ROWS, 2)), 0),
            t / ROWS + 0.1 * generator.normal(size=(ROWS, 2)),
            np.sin(t / 300) * (1 + 0.5 * np.sin(t / 500)) + 0.1 * generator.standard_t(3, (ROWS, 2)),
        ):
            assert propose_normal(table_of(values)).stretches == ((0, 1800),)


def test_stretches_are_typed_in_rows_and_times_and_joined():
    table = table_of(coupled(), times=True)
    assert normal_stretches(table, "600:800, 0:400") == ((0, 400), (600, 800))
    assert normal_stretches(table, "0:400,300:500,500:510") == ((0, 510),)
    assert normal_stretches(table, "2024-03-01:2024-03-01 01:00, 2024-03-01T02:00:2024-03-01T02:59") == (
        (0, 61),
        (120, 180),
    )
    assert as_text(((0, 61), (120, 180))) == "0:61, 120:180"
    for wrong in ("0:400, 5", ",", "0:10, 20:30:40"):
        with pytest.raises(LatentError):
            normal_stretches(table, wrong)


def test_nothing_between_the_stretches_is_learned_or_held_out():
    values = coupled()
    values[400:600] = 1e6
    ready = prepared(table_of(values), 16, 1, "0:400, 600:1000, 1400:1500")
    assert ready.normal == (0, 1500)
    assert ready.stretches == ((0, 400), (600, 1000), (1400, 1500))
    assert ready.test == (920, 1500)  # the last 180 of 900 rows, between which some are none of them
    assert (np.abs(ready.centre) < 10).all()
    for part in (ready.train, ready.test):
        x, at = ready.windows(part, healthy=True)
        assert len(x)
        assert all(any(a <= row and row + 16 <= b for a, b in ready.stretches) for row in at)
    assert np.flatnonzero(ready.abnormal).tolist() == [*range(400, 600), *range(1000, 1400)]
    assert len(dataset(ready, "csv").x_train) == len(ready.windows(ready.train, healthy=True)[0])


def test_a_detector_knows_the_rows_of_its_stretches_alone(tmp_path):
    values = coupled()
    values[400:600] += 50
    text = "a,b,c,d\n" + "\n".join(",".join(f"{v:.4f}" for v in row) for row in values) + "\n"
    (tmp_path / "table.csv").write_text(text)
    origin = Csv(file=str(tmp_path / "table.csv"), window=16, normal="0:400, 600:1200")
    ready = origin.prepare()
    config = recipe(ready.table, {"file": origin.file, "window": 16, "normal": origin.normal}, k=4, epochs=1)
    data = dataset(ready, "csv")
    model = Training(config, data).model.eval().requires_grad_(False)
    detector = Detector.fit(model, ready, 5)
    assert np.isfinite(detector.held_out.network).all()
    assert len(detector.held_out.network) <= 200
    scores = detector.score(ready.table).pca.score
    assert np.nanmedian(scores[430:590]) > 20 * np.nanmedian(scores[:380])  # what is between is no normal row
