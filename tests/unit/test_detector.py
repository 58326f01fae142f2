"""The detector: a row's score hangs on nothing after it, T² and Q are scikit-learn's, a fault is blamed on its channel,
and files come back as they were.
"""

import copy
import dataclasses
import json
from unittest import mock

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from ae_core.anomaly.calibration import Calibration, WindowStats, trailing_mean
from ae_core.anomaly.detection import MAX_MAP_POINTS, cluster_codes, project_to_plane, thinned_windows
from ae_core.anomaly.detector import Detector
from ae_core.anomaly.storage import load_detector, save_detector
from ae_core.base.errors import LatentError
from ae_core.data.csv.source import Scoring, dataset
from ae_core.data.csv.table import Table
from ae_core.data.csv.windows import prepared, robust, scale
from ae_core.data.sensors import inject, plant
from ae_core.model.config import Config
from ae_core.training.loop import Training

NAN = float("nan")
WINDOW = 12


def table_of(values, time=None, step=None, label=None):
    channels = values.shape[1]
    return Table(
        tuple(f"c{j}" for j in range(channels)), ("",) * channels, np.asarray(values, float), time, step, label
    )


def minutes(rows):
    return np.datetime64("2024-03-01", "ns") + (60 * 10**9 * np.arange(rows)).astype("timedelta64[ns]")


def fitted(table, scoring=None, window=WINDOW, normal="", bridge=5, variant="nested", epochs=1, k=4, **settings):
    """A detector of a model trained for moments; with epochs 0 one that is PCA still."""
    ready = prepared(table, window, 1, normal, bridge)
    data = dataset(ready, "csv")
    hidden = () if variant == "linear" else (16,)
    training = Training(
        Config(data="csv", variant=variant, k=k, hidden=hidden, epochs=max(1, epochs), batch_size=64, **settings), data
    )
    if epochs:
        for _ in training:
            pass
    return Detector.fit(training.model.eval().requires_grad_(False), ready, bridge, scoring)


@pytest.fixture(scope="module")
def detector():
    """Of three channels with a clock, one of them constant."""
    values = np.c_[plant(600, 2, seed=4)[0], np.full(600, 7.25)]
    return fitted(table_of(values, minutes(600), 60.0))


@st.composite
def odd_tables(draw, most=400):
    """Three channels with gaps in values and in time, wild values, and a clock that now and then jumps back."""
    rows = draw(st.integers(WINDOW + 5, most))
    values = np.c_[plant(rows, 2, seed=draw(st.integers(0, 9)))[0], np.full(rows, 7.25)]
    step = np.ones(rows, int)
    for _ in range(draw(st.integers(0, 6))):
        first, length = draw(st.integers(0, rows - 1)), draw(st.integers(1, 14))
        values[first : first + length, draw(st.sampled_from([[0], [1], [2], [0, 1, 2]]))] = NAN
    for _ in range(draw(st.integers(0, 4))):
        values[draw(st.integers(0, rows - 1)), draw(st.integers(0, 2))] = draw(
            st.sampled_from([1e4, -1e9, 1e20, -1e300, 0.0])
        )
    for row in draw(st.lists(st.integers(rows // 3, rows - 1), max_size=3)):
        step[row] = draw(st.sampled_from([2, 5, 6, 7, 90, -3]))
    time = minutes(1)[0] + (60 * 10**9 * np.cumsum(step)).astype("timedelta64[ns]")
    return table_of(values, time, 60.0)


def scored(detector, table):
    """(score, PCA's score, parts), NaN where the table has no whole window yet."""
    try:
        with mock.patch(
            "ae_core.anomaly.detection.cluster_codes", lambda z: np.zeros(len(z), int)
        ):  # slow, and not what this is about
            found = detector.score(table)
    except LatentError:
        return np.full(len(table), NAN), np.full(len(table), NAN), np.full(table.values.shape, NAN)
    return found.network.score, found.pca.score, found.network.parts


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(odd_tables(), st.data())
def test_a_rows_score_is_the_same_however_long_the_file(detector, table, data):
    whole = scored(detector, table)
    assert not np.isinf(whole[0]).any()
    gaps = np.flatnonzero(np.isnan(table.values).any(1))
    lengths = {1, WINDOW - 1, WINDOW, WINDOW + 1, len(table) - 1, *(gaps[:: max(1, len(gaps) // 4)] + 1)}
    lengths |= set(data.draw(st.lists(st.integers(1, len(table)), max_size=4)))
    for rows in sorted(lengths):
        for part, all_of_it in zip(scored(detector, table.rows(slice(0, rows))), whole, strict=True):
            np.testing.assert_array_equal(part, all_of_it[:rows])


def test_a_long_file_is_scored_in_blocks_that_do_not_show(detector):
    """Longer than several blocks of rows, a gap before, so that blocks do not begin where windows do."""
    values = np.c_[plant(9000, 2, seed=4)[0], np.full(9000, 7.25)]
    values[3000:3010, 1] = NAN
    table = table_of(values, minutes(9000), 60.0)
    whole = detector.score(table)
    for rows in (2047, 2048, 2060, 3005, 4500):
        part = detector.score(table.rows(slice(0, rows)))
        np.testing.assert_array_equal(part.network.score, whole.network.score[:rows])
        np.testing.assert_array_equal(part.pca.score, whole.pca.score[:rows])


def test_a_run_without_a_clock_does_not_take_one_from_the_file():
    """Its median step would hang on the file's length."""
    values = plant(500, 2)[0]
    plain = fitted(table_of(values))
    clock = minutes(500)
    clock[200:] += np.timedelta64(3, "h")
    both = plain.score(table_of(values, clock, 60.0)).network.score
    np.testing.assert_array_equal(both, plain.score(table_of(values)).network.score)
    np.testing.assert_array_equal(plain.score(table_of(values[:250], clock[:250], 7.0)).network.score, both[:250])


def test_rows_that_cannot_be_scored(detector):
    values = np.c_[plant(300, 2, seed=4)[0], np.full(300, 7.25)]
    calm = detector.score(table_of(values, minutes(300), 60.0))
    values[100:105, 0] = NAN  # as many as are bridged
    values[200:206, 1] = NAN  # one more
    found = detector.score(table_of(values, minutes(300), 60.0))
    # The last value is held for as long as a gap may still be short; behind a longer one a whole window is waited for.
    without = [*range(WINDOW - 1), *range(205, 206 + WINDOW - 1)]
    assert np.flatnonzero(np.isnan(found.network.score)).tolist() == without
    assert found.unscored_rows() == len(without)
    np.testing.assert_array_equal(found.network.score[:100], calm.network.score[:100])
    # Behind a bridged gap the window holds the straight line, and soon nothing of it at all; the memory alone
    # remembers.
    assert np.abs(found.network.x_hat[105 + WINDOW : 200] - calm.network.x_hat[105 + WINDOW : 200]).max() == 0
    assert (found.network.x_hat[:, 2] == np.float32(7.25)).all()


def test_a_jump_in_time_begins_anew():
    """What follows on a gap in time has the scores of a file that begins there, as soon as a window is whole."""
    normal = np.c_[plant(600, 2, seed=4)[0], np.full(600, 7.25)]
    detector = fitted(table_of(normal, minutes(600), 60.0), Scoring("combined"))
    values = np.c_[plant(400, 2, seed=5)[0], np.full(400, 7.25)]
    clock = minutes(400)
    clock[150:] += np.timedelta64(1, "D")
    both, later = (
        detector.score(table_of(values, clock, 60.0)),
        detector.score(table_of(values[150:], clock[150:], 60.0)),
    )
    np.testing.assert_allclose(
        both.network.score[150 + WINDOW - 1 :], later.network.score[WINDOW - 1 :], rtol=1e-5
    )  # float32, elsewhere in the block
    assert np.flatnonzero(np.isnan(both.network.score)).tolist() == [
        *range(WINDOW - 1),
        *range(150, 150 + WINDOW - 1),
    ]
    assert both.time_gaps().tolist() == [150]


@pytest.mark.parametrize("wild", [1e9, -1e20, 1e300])
def test_a_wild_value_is_the_worst_and_is_soon_forgotten(detector, wild):
    values = np.c_[plant(400, 2, seed=4)[0], np.full(400, 7.25)]
    calm = detector.score(table_of(values, minutes(400), 60.0)).network.score
    values[150, 1] = wild
    found = detector.score(table_of(values, minutes(400), 60.0))
    assert np.isfinite(found.network.score[WINDOW - 1 :]).all()
    assert found.network.score[150] > 1e5 * np.nanmax(calm)
    assert found.network.parts[150].argmax() == 1
    after = 150 + WINDOW + detector.scoring.smoothing_rows
    np.testing.assert_allclose(found.network.score[after:], calm[after:], rtol=0.02)  # a median hardly hears of it


@pytest.mark.parametrize("kind", ["newest", "combined", "error"])
@pytest.mark.parametrize("memory", [1, 64])
def test_parts_sum_to_the_score_and_none_is_negative(kind, memory):
    values = plant(500, 3, seed=1)[0]
    found = fitted(table_of(values), Scoring(kind, memory)).score(table_of(values))
    for parts, score in ((found.network.parts, found.network.score), (found.pca.parts, found.pca.score)):
        assert parts.shape == values.shape
        assert (parts[np.isfinite(score)] >= 0).all()
        np.testing.assert_allclose(parts.sum(1), score, rtol=1e-12)


@pytest.mark.parametrize("channels", [1, 200])
def test_one_channel_and_two_hundred(channels):
    values = plant(300, 2)[0][:, :1] if channels == 1 else plant(300, channels)[0]
    found = fitted(table_of(values), window=4, epochs=1).score(table_of(values))
    assert found.network.parts.shape == found.network.x_hat.shape == (300, channels)
    assert np.isnan(found.network.score[:3]).all()
    assert np.isfinite(found.network.score[3:]).all()
    if channels == 1:
        np.testing.assert_array_equal(found.network.parts[:, 0], found.network.score)


def test_constant_channels_change_nothing():
    values = plant(400, 3)[0]
    flat = np.c_[values, np.full(400, 5.0)]
    one, two = (
        fitted(table_of(values), epochs=0).score(table_of(values)),
        fitted(table_of(flat), epochs=0).score(table_of(flat)),
    )
    np.testing.assert_allclose(two.pca.score, one.pca.score, rtol=1e-3)
    assert np.nanmax(two.network.parts[:, 3]) < 1e-3 * np.nanmax(two.network.score)
    flat[350:, 3] = 6.0  # nobody knows what its usual change is
    again = fitted(table_of(values), epochs=0).score(table_of(values)).network.score
    assert np.isfinite(again[WINDOW - 1 :]).all()


@pytest.mark.parametrize("variant", ["nested", "linear"])
@pytest.mark.parametrize("kind", ["combined", "error"])
def test_q_and_t_squared_are_scikit_learns(variant, kind):
    """Of a model that is PCA: windows made by hand, scaled by hand, in scikit-learn's PCA."""
    values = plant(700, 3, seed=2)[0]
    k, first, last = 5, 0, 420
    detector = fitted(table_of(values), Scoring(kind, smoothing_rows=1, variance=0.999), variant=variant, k=k, epochs=0)
    train = values[first : last - (last - first) // 5]
    low, high = np.quantile(train, (0.05, 0.95), axis=0)
    z = (values - np.median(train, 0)) / ((high - low) / 3.29)
    hand = np.array([z[i - WINDOW + 1 : i + 1].T.ravel() for i in range(WINDOW - 1, 700)])
    pca = PCA(k).fit(hand[: len(train) - WINDOW + 1])
    code = pca.transform(hand)
    error = ((pca.inverse_transform(code) - hand) ** 2).reshape(-1, 3, WINDOW).mean(2)
    found = detector.score(table_of(values))
    usual = slice(0, last - WINDOW + 1)
    if kind == "error":
        expected = error.mean(1)
    else:
        q = (error / error[usual].mean(0)).mean(1)
        cov = np.cov(code[usual].T)
        apart = code - code[usual].mean(0)
        t2 = (apart @ np.linalg.inv(cov + 1e-3 * np.trace(cov) / k * np.eye(k)) * apart).sum(1)
        phi = q / np.quantile(q[usual], 0.99) + t2 / np.quantile(t2[usual], 0.99)
        expected = phi
    np.testing.assert_allclose(found.pca.score[WINDOW - 1 :], expected, rtol=2e-3)
    if variant == "nested":  # its codes have a scale of their own, which the ridge under T² sees
        np.testing.assert_allclose(found.network.score[WINDOW - 1 :], expected, rtol=1e-2)
    np.testing.assert_allclose(
        found.pca.held_out, found.pca.score[detector.held_out.rows[0] : detector.held_out.rows[1]], rtol=1e-5
    )
    assert detector.held_out.rows == (336, 420)


def test_memory_is_the_mean_of_what_was_and_a_blow_counts_at_once():
    values = plant(600, 3, seed=2)[0]
    table = table_of(values)
    each, slow = (fitted(table, Scoring("error", smoothing_rows=n), epochs=0).score(table) for n in (1, 20))
    phi = each.pca.score[WINDOW - 1 :]
    expected = [phi[max(0, i - 19) : i + 1].mean() for i in range(len(phi))]
    np.testing.assert_allclose(slow.pca.score[WINDOW - 1 :], expected, rtol=1e-9)
    phi, both = (
        fitted(table, Scoring("combined", smoothing_rows=n), epochs=0).score(table).pca.score[WINDOW - 1 :]
        for n in (1, 20)
    )
    slow = np.array([phi[max(0, i - 19) : i + 1].mean() for i in range(len(phi))])
    usual = slice(0, 360 - WINDOW + 1)
    np.testing.assert_allclose(
        both, slow / np.quantile(slow[usual], 0.99) + 0.25 * phi / np.quantile(phi[usual], 0.99), rtol=1e-6
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1e12) | st.just(NAN), st.booleans()), min_size=1, max_size=70), st.integers(1, 80)
)
def test_the_trailing_mean_is_the_slow_loop(rows, memory):
    values, fresh = np.array([[v, 2 * v] for v, _ in rows]), np.array([True, *(f for _, f in rows[1:])])
    found = trailing_mean(values, memory, fresh)
    for i, (value, _) in enumerate(rows):
        begin = max([0, i - memory + 1, *np.flatnonzero(fresh[: i + 1])])
        known = [v for v, _ in rows[begin : i + 1] if np.isfinite(v)]
        expected = NAN if np.isnan(value) else sum(known) / len(known)
        np.testing.assert_allclose(found[i], [expected, 2 * expected], rtol=1e-12, atol=1e-300)


def test_what_scales_a_channel():
    """Median and the spread of a Gaussian with these 5 % and 95 % quantiles; few wild values do not count, and what
    does not change has none.
    """
    rng = np.random.default_rng(0)
    values = np.c_[
        rng.normal(5, 3, 40_000),
        rng.normal(-2, 0.5, 40_000),
        np.full(40_000, 0.1),
        np.zeros(40_000),
        rng.normal(0, 1, 40_000),
    ]
    values[:400, 1], values[:100, 3], values[::3, 4] = 40.0, 8.0, NAN
    centre, spread = robust(values)
    np.testing.assert_allclose(centre, [5, -2, 0.1, 0, 0], atol=0.05)
    np.testing.assert_allclose(spread, [3, 0.5, 0, values[:, 3].std(), 1], rtol=0.03)
    z = scale(values, centre, spread)
    assert z.dtype == np.float32
    np.testing.assert_allclose(z[:, :2], (values[:, :2] - centre[:2]) / spread[:2], rtol=1e-5, atol=1e-5)
    assert not z[:, 2].any()
    np.testing.assert_array_equal(np.isnan(z), np.isnan(values))
    wild = scale(np.array([[1e300], [-1e300], [NAN], [6.0]]), centre[:1], spread[:1])
    np.testing.assert_array_equal(wild[:2, 0], np.float32([1e9, -1e9]))
    assert np.isnan(wild[2, 0])


@pytest.fixture(scope="module")
def watcher():
    """A detector of a plant of six, trained a little; fitted on its first 1,500 rows."""
    return fitted(table_of(plant(3000, 6, seed=3)[0]), window=20, normal="0:1500", epochs=3, k=8)


@pytest.mark.parametrize("kind", ["spike", "drop", "stuck", "drift"])
@pytest.mark.parametrize("channel", [0, 3, 5])
def test_a_fault_is_blamed_on_its_channel(watcher, kind, channel):
    values = plant(3000, 6, seed=3)[0]
    values = inject(values, kind, 2200, 150, channel, 4.0)
    found = watcher.score(table_of(values))
    blame = found.network.parts[2210:2350].sum(0)
    assert blame.argmax() == channel
    assert found.pca.parts[2210:2350].sum(0).argmax() == channel
    assert found.network.score[2220:2350].mean() > 1.2 * found.network.score[1600:2200].mean()


def test_labelled_rows_are_not_usual():
    """A labelled fault within the normal stretch does not raise what counts as usual."""
    values = inject(plant(1000, 3)[0], "spike", 100, 60, 0, 8.0)
    label = np.zeros(1000, bool)
    label[100:160] = True
    told, untold = (fitted(table_of(values, label=given), epochs=0) for given in (label, None))
    told, untold = told.score(table_of(values)), untold.score(table_of(values))
    assert told.pca.score[110:160].min() > 1.2 * untold.pca.score[110:160].min()


def test_what_is_saved_comes_back(watcher, tmp_path):
    save_detector(watcher, tmp_path)
    again = load_detector(tmp_path, watcher.model)
    assert (again.n_dims, again.scoring) == (watcher.n_dims, watcher.scoring)
    for name in ("preprocessing", "held_out"):
        same(getattr(watcher, name), getattr(again, name))
    table = table_of(plant(700, 6, seed=8)[0])
    same(watcher.score(table), again.score(table))


def same(one, other):
    """Every field of two dataclasses is equal, bit for bit."""
    for field in dataclasses.fields(one):
        before, after = getattr(one, field.name), getattr(other, field.name)
        if dataclasses.is_dataclass(before):
            same(before, after)
        else:
            np.testing.assert_array_equal(before, after, err_msg=field.name)


def edited(change):
    def damage(folder):
        about = json.loads((folder / "detector.json").read_text())
        change(about)
        (folder / "detector.json").write_text(json.dumps(about))

    return damage


def cut(name, size):
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:size])


DAMAGES = {
    "no detector": lambda folder: (folder / "detector.json").unlink(),
    "no numbers": lambda folder: (folder / "detector.safetensors").unlink(),
    "half the numbers": cut("detector.safetensors", 900),
    "no bytes": cut("detector.safetensors", 0),
    "half the words": cut("detector.json", 60),
    "a list": lambda folder: (folder / "detector.json").write_text("[1]"),
    "nothing": lambda folder: (folder / "detector.json").write_text("null"),
    "not UTF-8": lambda folder: (folder / "detector.json").write_bytes(b"\xff\xfe\x00"),
    "another window": edited(lambda about: about.update(window=21)),
    "window in words": edited(lambda about: about.update(window="wide")),
    "another channel": edited(lambda about: about["names"].append("more")),
    "units missing": edited(lambda about: about["units"].pop()),
    "names are a number": edited(lambda about: about.update(names=6)),
    "no scoring": edited(lambda about: about.pop("scoring")),
    "another kind of scoring": edited(lambda about: about["scoring"].update(kind="loud")),
    "memory of nothing": edited(lambda about: about["scoring"].update(memory=0)),
    "too much kept": edited(lambda about: about.update(kept=7)),
    "kept in words": edited(lambda about: about.update(kept="all")),
    "one end": edited(lambda about: about.update(normal=[3])),
    "a negative bridge": edited(lambda about: about.update(bridge=-4)),
    "a step of nothing": edited(lambda about: about.update(step=0)),
    "a step without end": edited(lambda about: about.update(step=1e999)),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_and_foreign_files_are_one_sentence(watcher, tmp_path, damage):
    save_detector(watcher, tmp_path)
    DAMAGES[damage](tmp_path)
    with pytest.raises(LatentError, match=r"damaged|cannot score|cannot be read|is missing") as error:
        load_detector(tmp_path, watcher.model).score(table_of(plant(100, 6)[0]))
    assert "\n" not in str(error.value)


def test_what_is_rebuilt_beyond_all_bounds_is_one_sentence(detector):
    """A damaged file's components are finite, and what they make of a row is not."""
    table, pca = table_of(np.c_[plant(400, 2, seed=1)[0], np.full(400, 7.25)]), copy.copy(detector.pca)
    pca.components = pca.components * 1e30
    with pytest.raises(LatentError, match="overflow"):
        dataclasses.replace(detector, pca=pca).score(table)


def test_another_file_must_have_the_channels(watcher):
    table = table_of(plant(200, 6, seed=8)[0])
    with pytest.raises(LatentError, match="no channel 'c5'"):
        watcher.score(dataclasses.replace(table, names=("c0", "c1", "c2", "c3", "c4", "other")))
    order = [3, 1, 0, 5, 4, 2]
    turned = dataclasses.replace(table, names=tuple(table.names[i] for i in order), values=table.values[:, order])
    np.testing.assert_array_equal(watcher.score(turned).network.score, watcher.score(table).network.score)
    more = dataclasses.replace(
        table, names=("x", *table.names), units=("",) * 7, values=np.c_[np.full(200, NAN), table.values]
    )
    np.testing.assert_array_equal(watcher.score(more).network.score, watcher.score(table).network.score)


def test_a_calibration_on_codes_that_do_not_vary():
    """A code that collapsed, as a VAE's may, leaves finite scores."""
    rng = np.random.default_rng(0)
    share = np.full((50, 2), 0.5)
    look = WindowStats(rng.random((50, 2)), np.zeros((50, 3)), share, np.zeros((50, 2)))
    fresh = np.arange(50) == 0
    calibration, _ = Calibration.fit(look, np.ones(50, bool), fresh, Scoring())
    assert np.isfinite(calibration.parts(look, Scoring(), fresh)).all()


def test_a_thinned_map_keeps_both_ends_and_what_is_flagged():
    """8,209 windows, as one file has whose only fault lies beyond the first 5,000."""
    score = np.random.default_rng(0).gamma(2, 0.1, 8209)
    score[5351:5370] = 9.0
    score[7000] = 20.0
    kept = thinned_windows(score, score > 5)
    assert len(kept) <= 2 * MAX_MAP_POINTS
    assert (kept[0], kept[-1]) == (0, 8208)
    assert {*range(5351, 5370), 7000} <= set(kept.tolist())
    assert np.diff(kept).max() < 8
    np.testing.assert_array_equal(thinned_windows(score[:5000], score[:5000] > 5), np.arange(5000))
    for level in np.quantile(score, (0.5, 0.9, 0.999)):  # wherever the threshold is dragged, each part says what it has
        of_each = [score[a : a + 100].max() for a in range(0, 8209, 100)]
        ours = [score[kept[(kept >= a) & (kept < a + 100)]].max() for a in range(0, 8209, 100)]
        assert (np.array(of_each) > level).tolist() == (np.array(ours) > level).tolist()


def test_the_map_of_a_long_file_goes_to_its_end(detector):
    values = np.c_[plant(8300, 2, seed=4)[0], np.full(8300, 7.25)]
    values[8000:8020, 0] += 50
    found = detector.score(table_of(values, minutes(8300), 60.0))
    ends = found.latent_map.at + WINDOW - 1
    assert (ends[0], ends[-1]) == (WINDOW - 1, 8299)
    assert {*range(8000, 8020)} <= set(ends.tolist())
    assert int(np.nanargmax(found.network.score)) in ends


def test_the_map():
    rng = np.random.default_rng(0)
    codes = np.concatenate([rng.normal(size=(80, 5)) * 0.1 + 3 * rng.normal(size=5) for _ in range(3)])
    assert project_to_plane(codes).shape == (240, 2)
    found = cluster_codes(codes)
    assert [len(np.unique(found[i : i + 80])) for i in (0, 80, 160)] == [1, 1, 1]
    assert len(np.unique(found)) == 3
    assert project_to_plane(codes[:, :1]).tolist() == [[v, 0.0] for v in codes[:, 0]]
    np.testing.assert_array_equal(project_to_plane(codes[:, :2]), codes[:, :2])
    assert not cluster_codes(codes[:10]).any()
    assert not cluster_codes(np.zeros((100, 2))).any()
