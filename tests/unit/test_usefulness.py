"""What codes are good for, against brute force, plain samples whose answer is known, and what the shipped checkpoints
say of themselves.
"""

import itertools
import json
import shutil

import numpy as np
import pytest
import torch

from ae_core import PCA, Autoencoder, Config, Dataset, LatentError, load_dataset, read_checkpoint
from ae_core.data import source
from ae_core.model.metrics import codes
from ae_core.runs.folder import SHIPPED
from ae_core.runs.representation import (
    DRAWS,
    FILE,
    JUDGES,
    LABELS,
    N_FIT,
    N_TEST,
    cluster_agreement,
    code_sizes,
    few_label_accuracies,
    load_usefulness,
    neighbour_accuracy,
    probe_accuracy,
    same_class_share,
    save_usefulness,
    standardised,
    usefulness,
)

KEPT = sorted(path.parent.name for path in SHIPPED.glob(f"*/{FILE}"))


def blobs(each=60, classes=4, apart=8.0, seed=0):
    """Gaussian clouds (N, 3) around as many corners, and which one each sample is of; so far apart that none meets
    another.
    """
    random = np.random.default_rng(seed)
    centres = apart * np.array(list(itertools.product((0, 1), repeat=3)))[:classes]
    y = np.arange(classes).repeat(each)
    order = random.permutation(len(y))
    return (centres[y] + random.standard_normal((len(y), 3)))[order].astype(np.float32), y[order]


@pytest.fixture(scope="module")
def found(digits):
    checkpoint = read_checkpoint("digits-nested")
    return usefulness(checkpoint.model(), digits, checkpoint.pca())


def test_in_unit_the_mean_variance_is_one_whatever_it_was():
    z = torch.randn(500, 7) * torch.arange(1.0, 8) + 5
    unit = standardised(z, z)
    assert unit.var(0, ddof=1).mean() == pytest.approx(1, rel=1e-4)
    assert np.abs(unit.mean(0)).max() < 1e-4
    np.testing.assert_allclose(standardised(1000 * z - 3, 1000 * z - 3), unit, atol=1e-3)
    assert np.isfinite(standardised(torch.ones(5, 2), torch.ones(5, 2))).all()


@pytest.mark.parametrize("judge", [probe_accuracy, neighbour_accuracy])
def test_judges_know_clouds_and_not_chance(judge):
    (z, y), (z_test, y_test) = blobs(), blobs(seed=1)
    assert judge(z, y, z_test, y_test) == 1
    random = np.random.default_rng(3)
    assert judge(z, random.permutation(y), z_test, y_test) == pytest.approx(0.25, abs=0.12)


def test_few_labels_are_few_and_the_same_for_all(monkeypatch):
    seen = []

    def judge(z, y, z_test, y_test):
        seen.append((z[:, 0].copy(), np.bincount(y)))
        return 0.5

    monkeypatch.setattr("ae_core.runs.representation.JUDGES", {"one": judge})
    (z, y), (z_test, y_test) = blobs(), blobs(seed=1)
    for values in (z, -z):
        assert few_label_accuracies(values, y, z_test, y_test, 5, draws=3) == {"one": [0.5] * 3}
    first, again = seen[:3], seen[3:]
    assert all(counts.tolist() == [5] * 4 for _, counts in seen)
    assert all(np.array_equal(a, -b) for (a, _), (b, _) in zip(first, again, strict=True))
    assert not np.array_equal(first[0][0], first[1][0])


def test_one_label_a_class_is_enough_for_clouds():
    (z, y), (z_test, y_test) = blobs(apart=30), blobs(apart=30, seed=1)
    assert few_label_accuracies(z, y, z_test, y_test, 1) == {name: [1.0] * DRAWS for name in JUDGES}


def test_rand_counts_pairs():
    z, y = blobs(each=15, apart=1.5)
    from sklearn.cluster import KMeans

    groups = KMeans(4, n_init=10, random_state=0).fit_predict(z)
    pairs = [(y[a] == y[b], groups[a] == groups[b]) for a, b in itertools.combinations(range(len(y)), 2)]
    both, left, right = (
        sum(test(*pair) for pair in pairs) for test in (lambda a, b: a and b, lambda a, b: a, lambda a, b: b)
    )
    chance = left * right / len(pairs)
    assert cluster_agreement(z, y, 4) == pytest.approx((both - chance) / ((left + right) / 2 - chance))
    z, y = blobs()
    assert cluster_agreement(z, (y + 1) % 4, 4) == 1


def test_alike_is_brute_force():
    (z, y), (z_test, y_test) = blobs(each=20, apart=1.5), blobs(each=5, apart=1.5, seed=1)
    shares = []
    for one, label in zip(z_test, y_test, strict=True):
        nearest = ((z - one) ** 2).sum(1).argsort()[:10]
        shares.append((y[nearest] == label).mean())
    assert same_class_share(z, y, z_test, y_test) == pytest.approx(np.mean(shares))


def test_digits_need_fewer_numbers_of_a_code_than_of_pca(found):
    assert (found["fitted"], found["asked"]) == (1437, 360)
    assert found["sizes"] == [1, 2, 4, 8, 16, 24]
    for judge in JUDGES:
        ours, pca = found["by_size"]["code"][judge], found["by_size"]["pca"][judge]
        assert all(a > b for a, b in zip(ours[:4], pca[:4], strict=True))
        assert ours[-1] > found["raw"][judge] - 0.02
    assert found["rand"]["code"] > found["rand"]["raw"] + 0.05


def test_every_accuracy_has_its_place(found):
    assert json.loads(json.dumps(found)) == found
    assert found["labels"] == list(LABELS)
    for what in ("code", "pca", "raw"):
        assert 0 < found["rand"][what] < 1
        assert 0.5 < found["alike"][what] < 1
        for judge in JUDGES:
            table = np.array(found["by_labels"][what][judge])
            assert table.shape == (len(LABELS), DRAWS)
            assert (np.diff(table.mean(1)) > 0).all()  # more labels, more known


def test_a_model_that_could_be_told_the_classes_is_not(digits):
    torch.manual_seed(0)
    small = Dataset(
        "digits",
        digits.x_train[:200],
        digits.x_test[:60],
        digits.range,
        digits.y_train[:200],
        digits.y_test[:60],
        digits.classes,
    )
    model = Autoencoder(Config(data="digits", variant="cvae", k=3, hidden=(16,)), small.shape, small.range, 10).eval()
    found = usefulness(model, small, PCA(small.x_train, 3))
    z, z_test = codes(model, small.x_train), codes(model, small.x_test)
    wanted = neighbour_accuracy(
        standardised(z, z), small.y_train.numpy(), standardised(z_test, z), small.y_test.numpy()
    )
    assert found["by_size"]["code"]["neighbours"] == [wanted]
    assert found["labels"] == [1, 5]  # of the rarest digit there are fewer than 20
    assert code_sizes(model) == [3]


@pytest.mark.parametrize("y", [None, torch.zeros(40, dtype=torch.int64), torch.tensor([0] * 39 + [1])])
def test_where_there_is_nothing_to_tell_apart_it_says_so(y):
    data = Dataset("ours", torch.rand(40, 1, 4), torch.rand(40, 1, 4), None, y, y, ("a", "b"))
    model = Autoencoder(Config(data="sinusoids", variant="deep", hidden=(4,)), (1, 4), None).eval()
    with pytest.raises(LatentError, match=r"^[^\n]*(no classes|have none|tell apart)[^\n]*$"):
        usefulness(model, data, PCA(data.x_train, 2))


def test_what_was_kept_is_read(small_run, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(small_run, folder)
    assert load_usefulness(folder) is None
    assert save_usefulness(folder) == folder / FILE
    checkpoint = read_checkpoint(folder)
    measured = usefulness(checkpoint.model(), load_dataset("digits"), checkpoint.pca())
    assert load_usefulness(folder)["by_size"]["code"]["probe"] == pytest.approx(
        measured["by_size"]["code"]["probe"], abs=1e-5
    )
    for text in ("[]", "{", '{"sizes": []}'):
        (folder / FILE).write_text(text, "utf-8")
        with pytest.raises(LatentError):
            load_usefulness(folder)


@pytest.mark.parametrize("name", KEPT)
def test_what_ships_is_what_is_measured(name):
    checkpoint, said = read_checkpoint(name), load_usefulness(name)
    if not source(checkpoint.config.data, **checkpoint.config.source).here():
        pytest.skip(f"{checkpoint.config.data} is not in LATENT_DATA")
    data, model = checkpoint.config.load(), checkpoint.model()
    assert (said["fitted"], said["asked"]) == (min(N_FIT, len(data.x_train)), min(N_TEST, len(data.x_test)))
    y, y_test = data.y_train[:N_FIT].numpy(), data.y_test[:N_TEST].numpy()
    z, z_test = codes(model, data.x_train[:N_FIT]), codes(model, data.x_test[:N_TEST])
    for place, size in enumerate(said["sizes"]):
        a, b = standardised(z[:, :size], z[:, :size]), standardised(z_test[:, :size], z[:, :size])
        assert neighbour_accuracy(a, y, b, y_test) == pytest.approx(
            said["by_size"]["code"]["neighbours"][place], abs=2e-3
        )
    assert same_class_share(a, y, b, y_test) == pytest.approx(said["alike"]["code"], abs=2e-3)
    few = few_label_accuracies(a, y, b, y_test, 5)
    assert [
        row for row, each in zip(said["by_labels"]["code"]["neighbours"], said["labels"], strict=True) if each == 5
    ] == [pytest.approx(few["neighbours"], abs=2e-3)]
