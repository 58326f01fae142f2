"""The small classifier beside the models: what ships, the browser's against torch's, and what cannot be."""

import base64

import numpy as np
import pytest
import torch

from ae_core import Dataset, LatentError, load_checkpoint, load_dataset
from ae_core.data import source
from ae_core.latent.geometry import plane
from ae_core.latent.payload import pack_classifier
from ae_core.training.classifier import SHIPPED, accuracy, load_classifier, save_classifier, train_classifier
from pages.session.classifiers import SIDE, part_of, verdict_field
from pages.session.models import load_model

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


def test_the_borders_drawn_lie_within_a_pixel_of_where_torchs_verdict_changes():
    """On a map of 500 pixels: where the interpolated logits say another class than torch, torch's own verdict changes
    within a pixel.
    """
    item = load_model("digits-vae-2d")
    field = verdict_field(item.folder, item.mtime_ns, (0, 1), (0.0, 0.0), (0.5, 0.5, 1.0))
    logits = np.frombuffer(base64.b64decode(field["logits"]), "<f4").reshape(SIDE, SIDE, 10)
    pixels = 500
    at = (np.arange(pixels) + 0.5) / pixels * SIDE - 0.5
    rows = zoom_linear(logits, at, 0)
    drawn = zoom_linear(rows, at, 1).argmax(2)
    model = load_classifier("digits", 64, 10)
    places = torch.from_numpy(plane(item.box, (0, 1), np.zeros(2, np.float32), pixels))
    with torch.no_grad():
        wanted = torch.cat([model(item.model.decode(part)).argmax(1) for part in places.split(5000)])
    wanted = wanted.numpy().reshape(pixels, pixels)
    around = np.pad(wanted, 1, mode="edge")
    near = np.zeros_like(drawn, bool)
    for down in range(3):
        for right in range(3):
            near |= around[down : down + pixels, right : right + pixels] == drawn
    assert (drawn != wanted).mean() < 0.02
    assert near.mean() > 0.999


def zoom_linear(values, at, axis):
    """Values between their places along an axis, linearly, the ends beyond them."""
    low = np.clip(np.floor(at), 0, values.shape[axis] - 2).astype(int)
    part = np.clip(at - low, 0, 1).reshape([-1 if i == axis else 1 for i in range(values.ndim)])
    return values.take(low, axis) * (1 - part) + values.take(low + 1, axis) * part


def test_an_enlarged_part_is_that_part_of_the_map():
    item = load_model("digits-vae-2d")
    part = part_of(item.box, (0, 1), (0.3, 0.6, 4.0))
    places = plane(part, (0, 1), np.zeros(2, np.float32), 10)
    u = (places[:, 0] - item.box.low[0]) / (item.box.high[0] - item.box.low[0])
    v = 1 - (places[:, 1] - item.box.low[1]) / (item.box.high[1] - item.box.low[1])
    assert u.min() == pytest.approx(0.3 - 0.125 + 0.0125, abs=1e-5)
    assert v.max() == pytest.approx(0.6 + 0.125 - 0.0125, abs=1e-5)
    assert verdict_field(load_model("sinusoids-vae-2d").folder, 0, (0, 1), (0.0, 0.0), (0.5, 0.5, 1.0)) is None
