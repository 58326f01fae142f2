"""What the shipped models reach on MNIST's 10,000 test images, beside PCA of as many numbers and what others report."""

from ae_core import load_checkpoint, load_dataset, read_checkpoint
from ae_core.model.metrics import codes, negative_elbo, neighbour_accuracy, reconstructions, squared_error

NESTED = (1, 2, 4, 8, 16, 32, 64)


def measure() -> dict[str, float]:
    data = load_dataset("mnist")
    found: dict[str, float] = {}
    for name in ("mnist-vae-2d", "mnist-vae-20d"):
        found[f"{name} −ELBO"] = negative_elbo(load_checkpoint(name), data.x_test)["negative_elbo"]
    for name in ("mnist-ae-2d", "mnist-deep-8d", "mnist-deep-30d", "mnist-deep-32d"):
        found[f"{name} error"] = squared_error(data.x_test, reconstructions(load_checkpoint(name), data.x_test))
        pca = read_checkpoint(name).pca()
        found[f"{name} PCA"] = squared_error(data.x_test, pca.reconstruct(data.x_test))
    vae = load_checkpoint("mnist-vae-2d")
    pca = read_checkpoint("mnist-vae-2d").pca()
    for title, coder in (("5-NN", lambda x: codes(vae, x)), ("PCA 5-NN", pca.encode)):
        found[f"mnist-vae-2d {title}"] = neighbour_accuracy(
            coder(data.x_train), data.y_train, coder(data.x_test), data.y_test
        )
    nested, pca = load_checkpoint("mnist-nested-64d"), read_checkpoint("mnist-nested-64d").pca()
    for k in NESTED:
        found[f"nested k={k}"] = squared_error(data.x_test, reconstructions(nested, data.x_test, k))
        found[f"nested k={k} PCA"] = squared_error(data.x_test, pca.decode(pca.encode(data.x_test), k))
    return found
