"""The Variants page without a browser: every row has its place, links are followed, and what is missing is said in a
sentence.
"""

import ast
import base64
import dataclasses
import functools
import re
from urllib.parse import parse_qsl

import numpy as np
import pytest
import torch

from ae_core import VARIANTS, Config, load_dataset, train_run
from ae_core.model.variants import Variant
from ae_core.sockets.corruption import Noise
from pages.sections.lesson.sayings import saying
from pages.sections.variants import keys, words
from pages.sections.variants import models as variant_models
from pages.sections.variants.background import SECTIONS
from pages.sections.variants.diagram import differing, sockets
from pages.sections.variants.figures import FIGURES, OF, blobs, figure_data
from pages.sections.variants.link import VARIANT
from pages.sections.variants.recipes import train_link
from pages.sections.variants.samples import unpacked
from pages.session.models import load_model, names

from ..support.apptest import ROOT, AppTest, channelled, opened, pads, said


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.chdir(ROOT)


variants, figures = functools.partial(opened, "variants"), functools.partial(pads, name="variants")


def sent(at):
    return len(channelled(at, "model"))


def trained(folder, digits, variant, **about):
    """A small run of a variant on the digits, as somebody may have it."""
    config = Config(
        **{"data": "digits", "variant": variant, "k": 4, "hidden": (16,), "epochs": 1, "batch_size": 128, **about}
    )
    for _ in train_run(config, folder, digits):
        pass


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_opens(variant):
    at = variants(variant=variant)
    assert at.session_state["variants-variant"] == variant
    assert VARIANTS[variant].title in " ".join(element.proto.body for element in at.get("html"))
    assert [element.value.strip("$\n ") for element in at.latex] == [VARIANTS[variant].equation]
    if not figures(at):  # its checkpoint is not here: a way to make one instead
        assert f"variant={variant}" in said(at)
        assert sent(at) == 0
    else:
        assert said(at) == ""
        (data,) = figures(at)
        assert data["figure"] == OF[variant][0]
        roles = data["roles"].values()
        assert sent(at) == sum(2 if role["encodes"] else 1 for role in roles)  # the chosen figure's models and no other


@pytest.mark.parametrize(
    ("variant", "kind", "about"),
    [
        ("linear", "axes", {}),
        ("deep", "rebuild", {}),
        ("nested", "cut", {}),
        ("denoising", "noise", {}),
        ("masked", "mask", {"sockets": {"patch": 2}}),
        ("sparse", "units", {}),
        ("contractive", "contraction", {}),
        ("vae", "epsilon", {"k": 2}),
        ("cvae", "classes", {"k": 2}),
        ("vqvae", "tokens", {"network": "conv", "hidden": (4,), "k": 32, "sockets": {"codes": 8, "code_size": 2}}),
    ],
)
def test_every_figure_shows_a_run_of_ones_own(monkeypatch, tmp_path, digits, variant, kind, about):
    monkeypatch.setattr(variant_models, "checkpoints", dict)
    monkeypatch.setattr("pages.session.models.checkpoints", dict)
    trained(tmp_path / "runs" / "mine", digits, variant, **about)
    trained(tmp_path / "runs" / "plain", digits, "deep")
    at = variants(variant=variant, figure=kind, sample="4")
    assert said(at) == ""
    (data,) = figures(at)
    assert data["figure"] == kind
    names = {role["name"] for role in data["roles"].values()}
    assert names <= {"mine", "plain"}
    assert variant == "deep" or "mine" in names
    assert data["start"].get("sample", 4) == 4
    assert data["samples"]["labels"][:10] == list(range(10))


def test_those_that_differ_in_beta_are_shown_in_order_and_gaps_are_left_out(monkeypatch, tmp_path, digits):
    monkeypatch.setattr(variant_models, "checkpoints", dict)
    monkeypatch.setattr("pages.session.models.checkpoints", dict)
    for name, beta in (("10", 10.0), ("01", 0.1), ("1", 1.0)):
        trained(tmp_path / "runs" / f"mnist-beta-{name}", digits, "vae", k=2, sockets={"beta": beta})
    (data,) = figures(variants(variant="vae", figure="beta"))
    assert [part["beta"] for part in data["betas"]] == [0.1, 1.0, 10.0]
    before = None
    for part, role in zip(data["betas"], data["roles"].values(), strict=True):
        turn = np.array(part["turn"])
        np.testing.assert_allclose(turn @ turn.T, np.eye(2), atol=1e-9)  # turned and mirrored, never stretched
        z = load_model(role["name"]).codes["z"] @ turn
        if before is not None:  # no other turn lies nearer
            angles = [
                np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) for a in np.linspace(0, 2 * np.pi, 73)
            ]
            raw = load_model(role["name"]).codes["z"]
            assert ((z - before) ** 2).sum() <= min(((raw @ r - before) ** 2).sum() for r in angles) + 1e-3
        before = z


def test_a_row_that_is_added_appears_and_has_the_generic_figure(monkeypatch, tmp_path, digits):
    row = Variant(
        title="Blurring autoencoder", short="blurring AE", idea="A row of a test.", paper="Nobody 2000", corrupt=Noise
    )
    monkeypatch.setitem(VARIANTS, "blurring", row)
    at = variants(variant="blurring")
    assert "variant=blurring" in said(at)
    assert "Blurring autoencoder" in " ".join(element.proto.body for element in at.get("html"))
    trained(tmp_path / "runs" / "mine", digits, "blurring")
    at = variants(variant="blurring")
    assert said(at) == ""
    (data,) = figures(at)
    assert (data["figure"], data["roles"]["variant"]["name"]) == ("rebuild", "mine")
    assert data["pca"]["k"] == 4


@pytest.mark.parametrize(
    "link",
    [
        {"variant": "nothing"},
        {"variant": "<script>alert(1)</script>"},
        {"variant": "vae", "figure": "tokens"},
        {"variant": "vae", "sample": "900"},
        {"variant": "vae", "sample": "-1"},
        {"variant": "vae", "sample": "1e99"},
        {"variant": "vae", "e1": "nan"},
        {"variant": "vae", "e1": "inf"},
        {"variant": "vae", "drawn": "%%%"},
        {"variant": "vae", "drawn": "AAAA"},
        {"variant": "deep", "field": "perhaps"},
    ],
)
def test_a_bad_link_is_answered_with_one_sentence(link):
    at = variants(**link)
    assert said(at).count("Some link parameters were ignored") == 1
    (data,) = [*figures(at), {"start": {}}][:1]
    assert all(value == value for value in data["start"].values())


def test_a_link_is_followed():
    (data,) = figures(variants(variant="vae", sample="7", e1="-1.5", e2="0.25"))
    assert {key: data["start"][key] for key in ("sample", "e1", "e2")} == {"sample": 7, "e1": -1.5, "e2": 0.25}
    drawn = base64.urlsafe_b64encode(bytes(784)).decode()
    (data,) = figures(variants(variant="vae", drawn=drawn))
    assert base64.b64decode(data["start"]["drawn"]) == bytes(784)


def test_the_link_of_a_second_figure_names_its_variant_even_the_first():
    at = variants(variant="deep", figure="rebuild")
    says = at.session_state["browser"].pages["variants"].values
    assert says == {"variant": "deep", "figure": "rebuild"}
    again = variants(**says)
    assert again.session_state["variants-variant"] == "deep"
    assert again.session_state["variants-figure"] == "rebuild"
    assert not VARIANT.is_choice("", "deep")
    assert VARIANT.is_choice("", "vae")


def test_what_is_missing_is_trained_with_a_recipe_that_the_form_takes():
    for variant, about in [
        *((variant, {}) for variant in VARIANTS),
        ("cvae", FIGURES["signal-classes"].needs),
        ("denoising", FIGURES["signal-noise"].needs),
    ]:
        at = opened("train", **dict(parse_qsl(train_link(variant, **about).removeprefix("train?"))))
        assert not at.exception
        assert "ignored" not in " ".join(element.value for element in at.info), variant
        assert not [error.value for error in at.error], variant
        assert at.session_state["train-variant"] == variant


def test_the_sockets_that_differ_are_lit():
    assert differing(VARIANTS["deep"]) == []
    assert differing(VARIANTS["linear"]) == ["encode", "decode"]
    assert differing(VARIANTS["denoising"]) == differing(VARIANTS["masked"]) == ["corrupt"]
    assert differing(VARIANTS["contractive"]) == ["penalty"]
    assert differing(VARIANTS["vae"]) == differing(VARIANTS["vqvae"]) == ["bottleneck", "penalty"]
    assert differing(VARIANTS["cvae"]) == ["encode", "bottleneck", "decode", "penalty"]
    drawing = sockets(dataclasses.replace(VARIANTS["cvae"], title="<b>"))
    assert re.findall(r'<span class="lit">([^<]*)', drawing) == [
        "encode + class",
        "bottleneck",
        "decode + class",
        "penalty",
    ]


def test_the_same_digits_go_in_and_pca_is_the_checkpoints():
    item = load_model("digits-nested")
    data = figure_data("cut", {"variant": item})
    x = unpacked(data["samples"], item.model.shape)
    mean = np.frombuffer(base64.b64decode(data["pca"]["mean"]), "<f4")
    components = (
        np.frombuffer(base64.b64decode(data["pca"]["components"]), "<f2")
        .reshape(data["pca"]["k"], -1)
        .astype(np.float32)
    )
    flat = x.flatten(1).numpy()
    ours = mean + (flat - mean) @ components.T @ components
    np.testing.assert_allclose(ours, item.checkpoint.pca().reconstruct(x).flatten(1).numpy(), atol=2e-3)
    assert len(data["samples"]["labels"]) == len(x)


def test_every_figure_that_a_variant_has_is_there():
    assert set(OF) == set(VARIANTS)
    assert {kind for kinds in OF.values() for kind in kinds} == set(FIGURES)
    assert set(FIGURES) == set(words.FIGURES)
    assert set(words.MEASURED) <= set(FIGURES)
    assert all(saying(kind).notice and saying(kind).question.text.endswith("?") for kind in FIGURES)
    assert blobs({}) == {}


def test_a_synthetic_set_holds_as_many_of_each_class(monkeypatch, tmp_path, digits):
    monkeypatch.setattr(variant_models, "checkpoints", dict)
    monkeypatch.setattr("pages.session.models.checkpoints", dict)
    trained(tmp_path / "runs" / "mine", digits, "cvae", k=2)
    at = variants(variant="cvae")
    assert said(at) == ""
    assert len(at.get("download_button")) == 2
    with torch.no_grad():
        model = load_model("mine").model
        assert model.decode(torch.zeros(10, 2), y=torch.arange(10)).shape == (10, 1, 8, 8)
    assert "mine" in names(None, first="")


@pytest.mark.parametrize(
    ("variant", "kind", "roles"),
    [("cvae", "signal-classes", {"variant"}), ("denoising", "signal-noise", {"variant", "plain"})],
)
def test_signals_are_the_datas_own(variant, kind, roles):
    at = variants(variant=variant, figure=kind, sample="4")
    assert said(at) == ""
    (data,) = figures(at)
    assert set(data["roles"]) == roles
    checkpoint = load_model(data["roles"]["variant"]["name"]).checkpoint
    samples = data["samples"]
    x = np.frombuffer(base64.b64decode(samples["values"]), "<f4").reshape(samples["count"], *checkpoint.shape)
    truth = load_dataset(checkpoint.config.data, **checkpoint.config.source)
    for row, label in zip(x, samples["labels"], strict=True):
        (n,) = (truth.x_test == torch.tensor(row)).flatten(1).all(1).nonzero()[0]
        assert not truth.classes or truth.y_test[n] == label
    assert samples["limits"] == [x.min(), x.max()]
    assert "drawn" not in data["start"]
    assert len(at.get("download_button")) == (1 if kind == "signal-classes" else 0)  # a table, no pictures


@pytest.mark.parametrize("section", SECTIONS)
def test_the_sections_open(section):
    script = f"from pages.sections.variants.background import SECTIONS\nSECTIONS[{section!r}][1]()"
    at = AppTest.from_string(script, default_timeout=60).run()
    assert not at.exception
    assert not at.error
    if section == "range":
        assert "cannot be reconstructed" in at.warning[0].value


@pytest.mark.parametrize("variant", VARIANTS)
def test_its_code_is_what_is_minimised(variant):
    at = opened("variants", {keys.code(variant): True}, variant=variant)
    assert not at.exception
    code = at.code[0].value
    functions = {node.name for node in ast.parse(code).body}
    assert "losses" in functions
    assert ("squared_jacobian" in functions) == (variant == "contractive")
    assert "import" not in code
