"""What codes are good for: a task that has few labels, looking things up, finding groups; PCA's codes and the raw
values beside them.

A representation that was learned without labels is judged by how little more it takes to use it (linear probes: Alain &
Bengio 2017; few labels: Kingma, Mohamed, Rezende & Welling 2014). Everything here is quick on the small digits and
takes a minute or two on MNIST, so that for shipped checkpoints it is kept beside them, in usefulness.json:
`save_usefulness("mnist-nested-64d")` measures and writes it anew.
"""

from pathlib import Path
from typing import Any

import numpy as np
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors
from torch import Tensor

from ..base.belonging import CHECKSUM, belongs, weights_checksum
from ..base.errors import LatentError
from ..base.files import read_json, write_json
from ..data import Dataset
from ..model.autoencoder import Autoencoder
from ..model.metrics import codes
from ..pca import PCA
from ..sockets.bottleneck import Ordered
from .checkpoint import Checkpoint, read_checkpoint
from .folder import read_folder
from .records import is_figure

FILE = "usefulness.json"
N_FIT, N_TEST = 5000, 2000  # training and held-out samples: the standard error of an accuracy of 90 % is then 0.7 %
LABELS = (1, 5, 20, 100)  # a class
DRAWS = 5  # of the labelled samples: which one or five are labelled matters a lot
NEIGHBOURS = 10


def standardised(z: Tensor, fitted: Tensor) -> np.ndarray:
    """z (N, k) less the mean of `fitted`, and divided by one number, so that the mean variance of that is 1: what the
    probe's regularisation means is then alike for codes, components and pixels, and no pixel that is nearly always
    black becomes as loud as the others.
    """
    return ((z - fitted.mean(0)) / fitted.var(0).mean().sqrt().clamp(min=1e-12)).numpy()


def probe_accuracy(z: np.ndarray, y: np.ndarray, z_test: np.ndarray, y_test: np.ndarray) -> float:
    """Share of z_test (M, k) whose class a logistic regression says that was fitted to z (N, k), 0..1; both in unit
    (see `standardised`).
    """
    return float(LogisticRegression(max_iter=300).fit(z, y).score(z_test, y_test))


def neighbour_accuracy(z: np.ndarray, y: np.ndarray, z_test: np.ndarray, y_test: np.ndarray) -> float:
    """Share of z_test (M, k) whose class the nearest of z (N, k) have, 0..1: the nearest one, or where there are at
    least 20 a class a vote of 5.
    """
    neighbours = 5 if np.bincount(y).max() >= 20 else 1
    return float(KNeighborsClassifier(neighbours).fit(z, y).score(z_test, y_test))


JUDGES = {"probe": probe_accuracy, "neighbours": neighbour_accuracy}


def few_label_accuracies(
    z: np.ndarray, y: np.ndarray, z_test: np.ndarray, y_test: np.ndarray, each: int, draws: int = DRAWS, seed: int = 0
) -> dict[str, list[float]]:
    """Each judge's accuracies on z_test (M, k) where only `each` samples a class of z (N, k) are labelled, one for each
    of `draws` choices of them.

    The choices depend on y, each and seed alone, so that representations of the same samples are judged by the same
    labels.
    """
    random = np.random.default_rng([seed, each])
    accuracies: dict[str, list[float]] = {name: [] for name in JUDGES}
    for _ in range(draws):
        rows = np.concatenate([random.choice(np.flatnonzero(y == c), each, replace=False) for c in np.unique(y)])
        for name, judge in JUDGES.items():
            accuracies[name].append(judge(z[rows], y[rows], z_test, y_test))
    return accuracies


def cluster_agreement(z: np.ndarray, y: np.ndarray, clusters: int, seed: int = 0) -> float:
    """How well k-means finds the classes y (N,) in z (N, k): the adjusted Rand index (Hubert & Arabie 1985), 0 by
    chance, 1 where the groups are the same.
    """
    return float(adjusted_rand_score(y, KMeans(clusters, n_init=10, random_state=seed).fit_predict(z)))


def same_class_share(
    z: np.ndarray, y: np.ndarray, z_test: np.ndarray, y_test: np.ndarray, neighbours: int = NEIGHBOURS
) -> float:
    """Share of the `neighbours` nearest of z (N, k) that are of the class of the z_test (M, k) they are nearest to,
    0..1.
    """
    rows = NearestNeighbors(n_neighbors=min(neighbours, len(z))).fit(z).kneighbors(z_test, return_distance=False)
    return float((y[rows] == y_test[:, None]).mean())


def code_sizes(model: Autoencoder) -> list[int]:
    """The sizes to which the model's code can be cut and still be its code: 1, 2, 4, … k of an ordered one, else k
    alone.
    """
    return (
        [*(2**i for i in range(12) if 2**i < model.k), model.k] if isinstance(model.bottleneck, Ordered) else [model.k]
    )


def usefulness(
    model: Autoencoder,
    data: Dataset,
    pca: PCA,
    fitted: int = N_FIT,
    asked: int = N_TEST,
    draws: int = DRAWS,
    seed: int = 0,
) -> dict[str, Any]:
    """What the model's codes are good for, next to as many principal components and the raw values. The model is not
    told the classes, also where it is class-conditional.

    Args:
        model: whose codes are judged.
        data: with classes.
        pca: of the training data.
        fitted, asked: the first so many training and held-out samples serve.
        draws: choices of the few samples that are labelled.
        seed: of the choices and of k-means.

    Returns:
        seed, fitted, asked, draws: as they were.
        sizes: to which the code is cut.
        by_size: [what][judge] accuracies with all `fitted` labels, one for each of the sizes; what: code, pca; judge:
            probe, neighbours.
        raw: [judge] the same of the raw values.
        labels: so many labels a class.
        by_labels: [what][judge] a list of `draws` accuracies for each of them; what: code, pca, raw.
        clusters: as many as classes.
        rand: [what] adjusted Rand index of k-means on the held-out samples.
        nearest: so many training samples nearest to a held-out one.
        alike: [what] share of them that are of its class.

    Raises:
        LatentError: where the data have no classes, or too few samples of one.
    """
    if data.y_train is None or data.y_test is None:
        raise LatentError(
            "What codes are good for is measured by the samples' classes, and this dataset has no classes: "
            "choose digits, MNIST or a table with labels."
        )
    x, y, x_test, y_test = (
        data.x_train[:fitted],
        data.y_train[:fitted].numpy(),
        data.x_test[:asked],
        data.y_test[:asked].numpy(),
    )
    fewest = int(np.bincount(y)[np.unique(y)].min())
    if len(np.unique(y)) < 2 or fewest < 2:
        raise LatentError(
            f"The {len(y):,} training samples hold fewer than two classes, or one of a class alone: "
            "there is nothing to tell apart."
        )

    def pair(train: Tensor, test: Tensor) -> tuple[np.ndarray, np.ndarray]:
        return standardised(train, train), standardised(test, train)

    z, z_test, axes, axes_test = codes(model, x), codes(model, x_test), pca.encode(x), pca.encode(x_test)
    sizes, labels = code_sizes(model), [each for each in LABELS if each <= fewest]
    by_size: dict[str, dict[str, list[float]]] = {}
    for what, (train, test) in {"code": (z, z_test), "pca": (axes, axes_test)}.items():
        cuts = [pair(train[:, :size], test[:, :size]) for size in sizes]
        by_size[what] = {name: [judge(a, y, b, y_test) for a, b in cuts] for name, judge in JUDGES.items()}
    whole = {"code": pair(z, z_test), "pca": pair(axes, axes_test), "raw": pair(x.flatten(1), x_test.flatten(1))}
    by_labels = {}
    for what, (a, b) in whole.items():
        accuracies = [few_label_accuracies(a, y, b, y_test, each, draws, seed) for each in labels]
        by_labels[what] = {name: [one[name] for one in accuracies] for name in JUDGES}
    clusters = len(np.unique(y_test))
    return {
        "seed": seed,
        "fitted": len(y),
        "asked": len(y_test),
        "draws": draws,
        "sizes": sizes,
        "by_size": by_size,
        "raw": {name: judge(whole["raw"][0], y, whole["raw"][1], y_test) for name, judge in JUDGES.items()},
        "labels": labels,
        "by_labels": by_labels,
        "clusters": clusters,
        "rand": {what: cluster_agreement(b, y_test, clusters, seed) for what, (_, b) in whole.items()},
        "nearest": NEIGHBOURS,
        "alike": {what: same_class_share(a, y, b, y_test) for what, (a, b) in whole.items()},
    }


def save_usefulness(name_or_folder: str | Path) -> Path:
    """Measure a checkpoint's or run's usefulness and write it into its folder; the file. LatentError where it cannot
    be.
    """
    checkpoint: Checkpoint = read_checkpoint(name_or_folder)
    data = checkpoint.data()
    accuracies = usefulness(checkpoint.model(), data, checkpoint.pca())
    path = checkpoint.folder / FILE
    write_json(path, {**_rounded(accuracies), CHECKSUM: weights_checksum(checkpoint.folder)})
    return path


def load_usefulness(name_or_folder: str | Path) -> dict[str, Any] | None:
    """What `save_usefulness` wrote, in the form of `usefulness`; None where there is nothing, or nothing of these
    weights. Raises LatentError where it cannot be read.
    """
    path = read_folder(name_or_folder) / FILE
    if not path.exists():
        return None
    accuracies = read_json(path)
    if isinstance(accuracies, dict) and not belongs(path.parent, accuracies.pop(CHECKSUM, None)):
        return None
    if not _is_whole(accuracies):
        raise LatentError(f"{path} is not one that this program wrote: measure it anew.")
    return accuracies


def _is_whole(accuracies: Any) -> bool:
    """Whether a value has the form that `usefulness` gives, with numbers everywhere."""
    try:
        sizes, labels, whats = accuracies["sizes"], accuracies["labels"], {"code", "pca", "raw"}
        rates = [accuracies["by_size"][what][name] for what in ("code", "pca") for name in JUDGES]
        shares = [accuracies["by_labels"][what][name] for what in whats for name in JUDGES]
        numbers = [
            *sizes,
            *labels,
            *(rate for row in rates for rate in row),
            *(rate for rows in shares for row in rows for rate in row),
        ]
        numbers += [accuracies[name] for name in ("seed", "fitted", "asked", "draws", "nearest", "clusters")]
        numbers += [
            part[name]
            for part, names in ((accuracies["raw"], JUDGES), (accuracies["rand"], whats), (accuracies["alike"], whats))
            for name in names
        ]
        fits = (
            set(accuracies["by_size"]) == {"code", "pca"}
            and set(accuracies["by_labels"]) == set(accuracies["rand"]) == whats
            and min(sizes) > 0 < min(labels)
        )
        return (
            fits
            and all(map(is_figure, numbers))
            and {*map(len, rates)} == {len(sizes)}
            and {*map(len, shares)} == {len(labels)}
            and all(map(all, shares))
        )
    except (KeyError, TypeError, ValueError):
        return False


def _rounded(value: Any) -> Any:
    """Five digits after the point, as in measures.json."""
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list) else round(value, 5)
