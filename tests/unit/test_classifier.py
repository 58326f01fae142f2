"""The small classifier beside the models: what ships, the browser's against torch's, and what cannot be."""

import numpy as np
import pytest
import torch

from ae_core import Dataset, LatentError, load_checkpoint, load_dataset
from ae_core.data import source
from ae_core.latent.payload import pack_classifier
from ae_core.training.classifier import SHIPPED, accuracy, load_classifier, save_classifier, train_classifier

from ..support.node import evaluated

SURE = {"digits": 0.97, "mnist": 0.983}


@pytest.mark.parametrize("name", sorted(path.stem for path in SHIPPED.glob("*.safetensors")))
def test_what_ships_is_small_and_knows_the_held_out_digits(name):
    assert (SHIPPED / f"{name}.safetensors").stat().st_size <= 250_000
    if not source(name).here():
        pytest.skip(f"{name} is not in LATENT_DATA")
    data = load_dataset(name)
    model = load_classifier(name, data.x_test[0].numel(), len(data.classes))
    assert accuracy(model, data.x_test, data.y_test) >= SURE[name]


def test_the_page_says_what_torch_says_at_500_places():
    decoder, model = load_checkpoint("digits-vae-2d"), load_classifier("digits", 64, 10)
    z = torch.randn(500, 2, generator=torch.Generator().manual_seed(0)) * 1.5
    x = decoder.decode(z)
    blob = pack_classifier("digits:classifier", "digits", model, (1, 8, 8), tuple("0123456789"))
    found = torch.tensor(np.array(evaluated(blob, "encode", x.flatten(1).tolist())))
    torch.testing.assert_close(found.softmax(1).float(), model(x).softmax(1), atol=1e-4, rtol=0)


def test_it_is_kept_as_it_is_and_others_are_none(tmp_path, monkeypatch, digits):
    model = train_classifier(digits, epochs=2)
    save_classifier(model, tmp_path / "mine.safetensors")
    monkeypatch.setattr("ae_core.training.classifier.SHIPPED", tmp_path)
    again = load_classifier("mine", 64, 10)
    assert torch.equal(again(digits.x_test), model(digits.x_test))
    assert load_classifier("mine", 65, 10) is None
    assert load_classifier("theirs", 64, 10) is None
    (tmp_path / "cut.safetensors").write_bytes(b"nothing")
    with pytest.raises(LatentError):
        load_classifier("cut", 64, 10)


def test_without_classes_there_is_nothing_to_tell_apart():
    x = torch.rand(20, 1, 4, 4)
    for labels in (None, torch.zeros(20, dtype=torch.int64)):
        with pytest.raises(LatentError, match="two classes"):
            train_classifier(Dataset("own", x, x, (0.0, 1.0), labels, labels, ("a", "b")))
