"""Pages without a browser: they open, follow their links, and answer bad ones with a sentence."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.chdir(ROOT)


def explore(**link) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in link.items():
        at.query_params[key] = value
    return at.run()


def pads(at):
    import json

    return [json.loads(element.proto.json) for element in at.get("bidi_component") if "latent_pad" in element.proto.component_name]


def said(at):
    assert not at.exception
    return " ".join(element.value for element in [*at.info, *at.warning, *at.error])


def test_opens_on_the_mnist_vae_and_says_nothing_wrong():
    at = explore()
    assert said(at) == ""
    (pad,) = pads(at)
    assert pad["views"] == ["mnist-vae-2d"]
    assert set(pad["fields"]["mnist-vae-2d"]) == {"distance", "stretch"}


@pytest.mark.parametrize("model", ["digits-vae-2d", "sinusoids-vae-2d", "mnist-ae-2d"])
def test_link_opens_a_model_at_a_place(model):
    at = explore(model=model, z="0.25,-0.5", backdrop="distance")
    assert said(at) == ""
    (pad,) = pads(at)
    assert (pad["views"], pad["z"], pad["backdrop"]) == ([model], [0.25, -0.5], "distance")


def test_two_models_share_a_handle():
    (pad,) = pads(explore(beside="mnist-ae-2d"))
    assert pad["views"] == ["mnist-vae-2d", "mnist-ae-2d"]


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ({"model": "nothing"}, "not here"),
        ({"model": "../../etc/passwd"}, "not here"),
        ({"model": "<script>alert(1)</script>"}, "not here"),
        ({"beside": "sinusoids-vae-2d"}, "does not fit"),
        ({"z": "1"}, "2 numbers"),
        ({"z": "1,nan"}, "2 numbers"),
        ({"z": "1e400,0"}, "2 numbers"),
        ({"z": "one,two"}, "2 numbers"),
        ({"z": "1e9,0"}, "moved to its edge"),
        ({"z": "9" * 5000}, "2 numbers"),
        ({"backdrop": "sky"}, "backdrop is"),
        ({"colour": "frequency"}, "colour is"),
        ({"hide": "10"}, "hide does not fit"),
        ({"hide": "x"}, "hide does not fit"),
        ({"axes": "0,0"}, "axes does not fit"),
        ({"axes": "0,7"}, "axes does not fit"),
    ],
)
def test_a_bad_link_is_one_sentence_and_the_page_stands(link, says):
    at = explore(**link)
    assert says in said(at)
    assert len([*at.info, *at.warning]) == 1
    assert pads(at)[0]["views"][0] == "mnist-vae-2d"


def test_a_run_of_this_machine_can_be_shown_and_a_broken_one_is_left_out(small_run, tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path))
    shutil.copytree(small_run, tmp_path / "mine")
    shutil.copytree(small_run, tmp_path / "broken")
    (tmp_path / "broken" / "config.json").write_text("{")
    shutil.copytree(small_run, tmp_path / "hollow")
    (tmp_path / "hollow" / "weights.safetensors").write_bytes(b"")
    at = explore(model="mine")
    assert "broken is left out" in said(at)
    assert pads(at)[0]["views"] == ["mine"]
    assert "damaged" in said(explore(model="hollow"))
    assert not explore(model="hollow").exception


def test_choosing_a_model_forgets_the_place_in_the_old_one():
    at = explore(z="1,1")
    at.selectbox(key="model").select("digits-vae-2d").run()
    assert said(at) == ""
    (pad,) = pads(at)
    assert (pad["views"], pad["z"]) == (["digits-vae-2d"], None)
    assert at.query_params["model"] == "digits-vae-2d"
    assert "z" not in at.query_params
