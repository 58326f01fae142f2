"""Pages without a browser: they open, follow their links, and answer bad ones with a sentence."""

import base64
import json
import shutil
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ae_core import jobs

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.chdir(ROOT)


def explore(**link) -> AppTest:
    return opened("pages/explore.py", link)


def bottleneck(**link) -> AppTest:
    return opened("pages/bottleneck.py", link)


def opened(page: str, link: dict[str, str]) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.switch_page(page)
    for key, value in link.items():
        at.query_params[key] = value
    return at.run()


def pads(at, name="latent_pad"):
    return [json.loads(element.proto.json) for element in at.get("bidi_component") if name in element.proto.component_name]


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
    at.selectbox(key="explore-model").select("digits-vae-2d").run()
    assert said(at) == ""
    (pad,) = pads(at)
    assert (pad["views"], pad["z"]) == (["digits-vae-2d"], None)
    assert at.query_params["model"] == "digits-vae-2d"
    assert "z" not in at.query_params


# ---- Bottleneck ----------------------------------------------------------------------------------------------------


def test_bottleneck_opens_with_curves_pictures_and_both_halves_of_the_model():
    at = bottleneck(model="digits-nested")
    assert said(at) == ""
    (figure,) = pads(at, "bottleneck_slider")
    assert len(figure["curve"]["network"]) == len(figure["curve"]["pca"]) == 24
    assert figure["samples"]["count"] == 120
    assert len(base64.b64decode(figure["samples"]["values"])) == 120 * 64
    blobs = [element.proto.bytes for element in at.get("bidi_component") if "model_blob" in element.proto.component_name]
    assert len(blobs) == 2
    assert max(map(len, blobs)) <= 2_500_000
    assert "JPEG" in str(at.table[0].value)


def test_bottleneck_without_mnist_takes_small_digits_enlarged(monkeypatch, tmp_path):
    monkeypatch.setenv("LATENT_DATA", str(tmp_path))
    import streamlit as st

    st.cache_data.clear()
    at = bottleneck()
    (figure,) = pads(at, "bottleneck_slider")
    assert figure["model"] == "mnist-nested-64d"
    assert any("not in the data folder" in caption.value for caption in at.caption)
    assert len(base64.b64decode(figure["samples"]["values"])) == figure["samples"]["count"] * 784
    st.cache_data.clear()


def test_dedicated_models_stand_in_the_curve_as_points():
    (figure,) = pads(bottleneck(), "bottleneck_slider")
    assert {"mnist-deep-2d", "mnist-deep-8d", "mnist-deep-30d", "mnist-deep-32d"} <= {point["name"] for point in figure["curve"]["points"]}


def test_bottleneck_link_restores_what_was_on_the_screen():
    drawn = base64.urlsafe_b64encode(bytes(range(64))).decode()
    (figure,) = pads(bottleneck(model="digits-nested", k="5", bits="3", residual="1", drawn=drawn), "bottleneck_slider")
    assert (figure["k"], figure["bits"], figure["residual"]) == (5, 3, True)
    assert base64.b64decode(figure["input"]["values"]) == bytes(range(64))
    (figure,) = pads(bottleneck(model="sinusoids-nested", k="3", complexity="7", noise="0.2", seed="4", spectrum="1"), "bottleneck_slider")
    assert figure["input"] == {"source": "signal", "seed": 4, "complexity": 7, "noise": 0.2}
    assert figure["spectrum"]


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ({"k": "0"}, "k lies between 1 and 24"),
        ({"k": "25"}, "k lies between 1 and 24"),
        ({"k": "many"}, "k lies between"),
        ({"bits": "99"}, "bits lies between"),
        ({"drawn": "%%%"}, "what goes in"),
        ({"drawn": "AAAA"}, "what goes in"),
        ({"sample": "99999"}, "what goes in"),
        ({"sample": "x"}, "what goes in"),
        ({"model": "mnist-vae-2d"}, "not here or does not fit"),
        ({"model": "sinusoids-nested", "noise": "nan"}, "what goes in"),
        ({"model": "sinusoids-nested", "seed": "1e300"}, "what goes in"),
    ],
)
def test_a_bad_bottleneck_link_is_one_sentence(link, says):
    at = bottleneck(**{"model": "digits-nested", **link})
    assert says in said(at)
    assert len([*at.info, *at.warning]) == 1
    assert pads(at, "bottleneck_slider")


def test_a_picture_that_is_none_is_one_sentence_and_a_digit_arrives(digits):
    from .test_pictures import file, seven

    at = bottleneck(model="digits-nested")
    at.file_uploader[0].upload("odd.png", b"no picture at all", "image/png").run()
    assert "no picture that can be read" in said(at)
    assert pads(at, "bottleneck_slider")[0]["uploaded"] is None
    at.file_uploader[0].upload("seven.png", file(seven()), "image/png").run()
    assert said(at) == ""
    assert len(base64.b64decode(pads(at, "bottleneck_slider")[0]["uploaded"]["values"])) == 64


def test_the_linear_one_is_trained_in_the_background_and_finds_pca(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path))
    at = bottleneck(model="digits-nested")
    at.button_group(key="more").set_value("Linear = PCA").run() if hasattr(at, "button_group") else at.session_state.__setitem__("more", "Linear = PCA")
    at.run()
    at.button(key="linear-start").click().run()
    assert said(at) == ""
    (folder,) = tmp_path.iterdir()
    for _ in range(300):
        if jobs.status(folder)["state"] == "done":
            break
        time.sleep(0.1)
    assert jobs.status(folder)["state"] == "done"
    at.run()
    error, pca, angle, _ = [metric.value for metric in at.metric]
    assert float(error) == pytest.approx(float(pca), rel=0.01)
    assert float(angle.rstrip("°")) < 5
