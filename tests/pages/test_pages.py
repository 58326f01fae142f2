"""Pages without a browser: they open, follow their links, and answer bad ones with a sentence."""

import base64
import functools
import io
import json
import math
import shutil
import time
import zipfile

import numpy as np
import pytest
import torch
from joblib.externals.loky import get_reusable_executor
from streamlit.testing.v1 import AppTest

from ae_core import load_checkpoint, read_checkpoint
from ae_core.jobs.queue import jobs
from ae_core.latent.geometry import extent
from ae_core.runs.archive import zip_run
from ae_core.runs.folder import runs
from pages.sections.train import words as train_words
from pages.session import polling as follow
from pages.ui.settings import setting_label

from ..support.apptest import ROOT, channelled, link_of, opened, pads, said


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.chdir(ROOT)


explore, bottleneck = functools.partial(opened, "explore"), functools.partial(opened, "bottleneck")


def test_opens_on_the_mnist_vae_and_says_nothing_wrong():
    at = explore()
    assert said(at) == ""
    (pad,) = pads(at)
    assert pad["views"] == ["mnist-vae-2d"]
    assert set(pad["fields"]["mnist-vae-2d"]) == {"distance", "stretch", "consistency"}


@pytest.mark.parametrize("model", ["digits-vae-2d", "sinusoids-vae-2d", "mnist-ae-2d"])
def test_link_opens_a_model_at_a_place(model):
    at = explore(model=model, z="0.25,-0.5", backdrop="distance")
    assert said(at) == ""
    (pad,) = pads(at)
    assert (pad["views"], pad["z"], pad["backdrop"]) == ([model], [0.25, -0.5], "distance")


def test_two_models_share_a_handle():
    (pad,) = pads(explore(beside="mnist-ae-2d"))
    assert pad["views"] == ["mnist-vae-2d", "mnist-ae-2d"]


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
    assert link_of(at) == {"model": "digits-vae-2d"}


def blobs(at):
    return [len(blob) for blob in channelled(at, "model")]


def choosers(at):
    """Where a file can be brought to draw from; the groups have another."""
    return [chooser for chooser in at.get("file_uploader") if chooser.key != "groups-file"]


def test_the_encoder_comes_with_the_sheet_to_draw_on():
    at = explore(model="digits-vae-2d")
    assert (len(blobs(at)), len(choosers(at)), pads(at)[0]["sheet"]) == (1, 0, None)
    for link, values in (
        ({"draw": "1"}, b""),
        ({"drawn": base64.urlsafe_b64encode(bytes(range(64))).decode()}, bytes(range(64))),
    ):
        at = explore(model="digits-vae-2d", **link)
        assert said(at) == ""
        (pad,) = pads(at)
        assert (len(blobs(at)), len(choosers(at)), base64.b64decode(pad["sheet"]["values"])) == (
            2,
            1,
            values,
        )
        quantiles = pad["usual"]["digits-vae-2d"]["quantiles"]
        assert len(quantiles) == 101
        assert quantiles == sorted(quantiles)


def test_a_shipped_models_signal_is_not_drawn():
    at = explore(model="sinusoids-vae-2d", draw="1")
    assert "draw and drawn are not offered" in said(at)
    (pad,) = pads(at)
    assert (pad["takes"], pad["sheet"], len(blobs(at))) == (False, None, 1)


def test_usual_errors_without_the_data_are_the_measured_mean(monkeypatch, tmp_path):
    monkeypatch.setenv("LATENT_DATA", str(tmp_path))
    import streamlit as st

    st.cache_data.clear()
    st.cache_resource.clear()
    at = explore(draw="1")
    assert said(at) == ""
    assert pads(at)[0]["usual"]["mnist-vae-2d"] == {
        "mean": read_checkpoint("mnist-vae-2d").measures["clamped_squared_error"]
    }
    st.cache_data.clear()
    st.cache_resource.clear()


def test_an_upload_on_the_map_is_one_sentence_or_a_digit():
    from ..unit.test_pictures import file, seven

    at = explore(model="digits-vae-2d", draw="1")
    at.file_uploader[0].upload("odd.png", b"no picture at all", "image/png").run()
    assert "no picture that can be read" in said(at)
    assert pads(at)[0]["uploaded"] is None
    at.file_uploader[0].upload("seven.png", file(seven()), "image/png").run()
    assert said(at) == ""
    assert len(base64.b64decode(pads(at)[0]["uploaded"]["values"])) == 64


@pytest.mark.parametrize(("name", "axes"), [("digits-vae-2d", "0,1"), ("mnist-ae-2d", "0,1"), ("mnist-vae-20d", "3,0")])
def test_the_consistency_layer_is_torchs_at_places_chosen_by_chance(name, axes):
    model, codes = load_checkpoint(name), read_checkpoint(name).codes()["z"]
    place = np.linspace(-0.5, 0.5, model.k).round(3)
    at = explore(model=name, axes=axes, backdrop="consistency", z=",".join(map(str, place)))
    assert said(at) == ""
    layer = pads(at)[0]["fields"][name]["consistency"]
    box = extent(codes[: 100_000 // model.k], model.bottleneck.gaussian)
    assert layer["unit"] == ("prior σ" if model.bottleneck.gaussian else "latent units")
    assert layer["low"] == 0
    values = np.frombuffer(base64.b64decode(layer["values"]), np.uint8).reshape(64, 64)
    across, up = map(int, axes.split(","))
    for row, column in np.random.default_rng(0).integers(0, 64, (40, 2)):
        z = torch.tensor(place, dtype=torch.float32)[None]
        z[0, across] = box.low[across] + (column + 0.5) / 64 * (box.high - box.low)[across]
        z[0, up] = box.high[up] - (row + 0.5) / 64 * (box.high - box.low)[up]
        with torch.no_grad():
            away = float((model.encode(model.decode(z)) - z).norm())
        assert values[row, column] == pytest.approx(255 * min(1, away / layer["high"]), abs=2)


def test_models_of_another_size_beside_each_other_have_heat_layers_too():
    at = explore(
        model="mnist-vae-20d", beside="mnist-vae-2d", backdrop="consistency", axes="0,1", z=",".join(["0.5"] * 20)
    )
    assert said(at) == ""
    (pad,) = pads(at)
    assert set(pad["fields"]) == {"mnist-vae-20d", "mnist-vae-2d"}


# ---- Bottleneck ----------------------------------------------------------------------------------------------------


def test_bottleneck_opens_with_curves_pictures_and_both_halves_of_the_model():
    at = bottleneck(model="digits-nested")
    assert said(at) == ""
    (figure,) = pads(at, "bottleneck_slider")
    assert len(figure["curve"]["network"]) == len(figure["curve"]["pca"]) == 24
    assert figure["samples"]["count"] == 120
    assert len(base64.b64decode(figure["samples"]["values"])) == 120 * 64
    blobs = channelled(at, "model")
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
    assert {"mnist-ae-2d", "mnist-deep-8d", "mnist-deep-30d", "mnist-deep-32d"} <= {
        point["name"] for point in figure["curve"]["points"]
    }


def test_bottleneck_link_restores_what_was_on_the_screen():
    drawn = base64.urlsafe_b64encode(bytes(range(64))).decode()
    (figure,) = pads(bottleneck(model="digits-nested", k="5", bits="3", residual="1", drawn=drawn), "bottleneck_slider")
    assert (figure["k"], figure["bits"], figure["residual"]) == (5, 3, True)
    assert base64.b64decode(figure["input"]["values"]) == bytes(range(64))
    (figure,) = pads(
        bottleneck(model="sinusoids-nested", k="3", complexity="7", noise="0.2", seed="4", spectrum="1"),
        "bottleneck_slider",
    )
    assert figure["input"] == {"source": "signal", "seed": 4, "complexity": 7, "noise": 0.2}
    assert figure["spectrum"]


def test_a_picture_that_is_none_is_one_sentence_and_a_digit_arrives(digits):
    from ..unit.test_pictures import file, seven

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
    at.session_state["bottleneck-more"] = "linear"
    at.run()
    at.button(key="linear-start").click().run()
    assert said(at) == ""
    (folder,) = runs().values()
    for _ in range(300):
        if jobs.status(folder)["state"] == "done":
            break
        time.sleep(0.1)
    assert jobs.status(folder)["state"] == "done"
    at.run()
    error, pca, angle, _ = [metric.value for metric in at.metric]
    assert float(error) == pytest.approx(float(pca), rel=0.01)
    assert float(angle.rstrip("°")) < 5


# ---- Train and Runs --------------------------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path, monkeypatch, small_run):
    """A runs folder with one finished run, "mine"."""
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "own"))
    shutil.copytree(small_run, tmp_path / "own" / "mine")
    return tmp_path / "own"


def test_train_opens_with_the_shipped_film_and_a_form_of_the_recipes_knobs():
    at = opened("train", data="digits")
    assert said(at) == ""
    (film,) = pads(at, "replay")
    assert (film["run"], film["epochs_total"], film["live"]) == ("digits-vae-2d", 400, False)
    labels = {widget.label for widget in [*at.number_input, *at.selectbox, *at.text_input, *at.toggle]}
    assert {setting_label(name) for name in ("k", "epochs", "hidden", "beta", "lr", "augment", "seed")} <= labels
    assert setting_label("tied") not in labels
    assert not labels & {setting_label("complexity"), setting_label("relative")}
    at.selectbox(key="train-data").select("sinusoids").run()
    labels = {widget.label for widget in [*at.number_input, *at.selectbox, *at.text_input, *at.toggle]}
    assert {"complexity", "noise", "frequency low"} <= labels
    assert setting_label("augment") not in labels
    at.selectbox(key="train-variant").select("linear").run()
    labels = {widget.label for widget in [*at.number_input, *at.selectbox, *at.text_input, *at.toggle]}
    assert setting_label("tied") in labels
    assert not labels & {setting_label(name) for name in ("hidden", "beta", "loss", "network")}
    assert said(at) == ""


def test_a_recipe_is_in_the_link_and_restored_by_it():
    at = opened("train", data="digits")
    at.number_input(key="train-epochs").set_value(7).run()
    at.text_input(key="train-hidden").set_value("40, 20").run()
    link = link_of(at)
    assert (link["epochs"], link["hidden"]) == ("7", "40,20")
    again = opened("train", **link)
    assert (again.number_input(key="train-epochs").value, again.text_input(key="train-hidden").value) == (7, "40, 20")


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ({"run": "nothing"}, "there is no such run"),
        ({"run": "../../etc"}, "there is no such run"),
        ({"epoch": "x"}, "epoch must be a whole number"),
        ({"data": "cifar"}, "data must be one of"),
        ({"data": "digits", "variant": "gan"}, "variant must be one of"),
        ({"data": "digits", "k": "0"}, "k must be between"),
        ({"data": "digits", "k": "1e400"}, "k takes a whole number"),
        ({"data": "digits", "lr": "1e9"}, "lr must be between"),
        ({"data": "digits", "lr": "nan"}, "lr takes a number"),
        ({"data": "digits", "hidden": "wide"}, "hidden takes whole numbers"),
        ({"data": "digits", "network": "transformer"}, "network is one of"),
        ({"data": "csv", "file": "/etc/passwd"}, "no longer on this server"),
        ({"data": "csv", "file": "../secret.csv"}, "no longer on this server"),
    ],
)
def test_a_bad_train_link_is_one_sentence(link, says):
    at = opened("train", **link)
    found = [
        element.value for element in [*at.info, *at.warning, *at.error] if train_words.NO_TABLE not in element.value
    ]
    assert not at.exception
    assert len(found) == 1
    assert says in found[0]
    assert pads(at, "replay")


def test_a_csv_is_uploaded_and_trained(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_DATA", str(tmp_path / "data"))
    get_reusable_executor(kill_workers=True).shutdown(
        kill_workers=True
    )  # workers know the environment in which they were started
    rows = "\n".join(f"{t};{math.sin(t / 5):.4f};{math.cos(t / 5):.4f}".replace(".", ",") for t in range(600))
    at = opened("train", data="csv")
    assert at.button(key="train-start").disabled
    at.file_uploader(key="train-upload").upload("plant.csv", f"t;a;b\n{rows}\n".encode(), "text/csv").run()
    assert said(at) == ""
    at.number_input(key="train-epochs").set_value(2).run()
    at.button(key="train-start").click().run()
    assert said(at) == ""
    (folder,) = runs().values()
    (state,) = jobs.wait([folder], 60)
    assert (state["state"], state["message"]) == ("done", "")
    at = opened("train", data="csv")
    at.file_uploader(key="train-upload").upload("odd.csv", b"\x00\x01\x02" * 50, "text/csv").run()
    assert not at.exception
    get_reusable_executor().shutdown()


def test_the_more_visitors_watch_a_job_the_less_often_each_looks(monkeypatch):
    clock, who = [1000.0], [""]
    monkeypatch.setattr(follow, "_watchers", {})
    monkeypatch.setattr(follow.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(follow, "session_id", lambda: who[0])
    periods = []
    for who[0] in ("a", "b", "a", "c", "d", "e", "f"):
        periods.append(follow.period())
    assert periods == [1, 2, 2, 3, 4, 4, 4]
    clock[0] += 30  # the others have left
    assert follow.period() == 1


def test_a_click_is_done_though_the_page_is_told_in_the_same_run(monkeypatch):
    def script():
        from pathlib import Path

        import streamlit as st

        from pages.session.polling import follow

        follow(
            [Path("a-run")],
            lambda: st.session_state.update(clicked=st.button("Do it") or st.session_state.get("clicked", False)),
        )

    monkeypatch.setattr(follow.jobs, "status", lambda folder: {"state": "running"})
    monkeypatch.setattr(follow, "period", lambda: 1)
    at = AppTest.from_function(script).run()
    found = iter([1, 2])  # somebody else begins to watch in between
    monkeypatch.setattr(follow, "period", lambda: next(found, 2))
    assert at.button[0].click().run().session_state["clicked"]


def test_runs_lists_everything_and_compares(own):
    at = opened("runs")
    assert said(at) == ""
    table = at.dataframe[0].value
    assert table["run"].tolist()[2] == "mine"  # after the two that are selected
    assert set(table["run"]) >= {"mnist-vae-2d", "digits-nested", "mine"}
    mine = table[table["run"] == "mine"].iloc[0]
    measured = json.loads((own / "mine" / "measures.json").read_text())
    assert (mine["squared_error"], mine["pca_squared_error"]) == (
        measured["squared_error"],
        measured["pca_squared_error"],
    )
    assert len(at.get("plotly_chart")) == 2


def test_a_run_is_renamed_deleted_and_brought_back(own):
    packed = zip_run(read_checkpoint(own / "mine"))
    at = opened("runs", runs="mine")
    at.text_input(key="rename-mine").set_value("../out").run()
    at.button(key="rename-do").click().run()
    assert "letters, digits" in said(at)
    at.text_input(key="rename-mine").set_value("better").run()
    at.button(key="rename-do").click().run()
    assert not at.exception
    assert list(runs()) == ["better"]
    at = opened("runs", runs="better")
    at.button(key="delete-do").click().run()
    assert not at.exception
    assert not runs()
    at = opened("runs")
    at.file_uploader(key="runs-upload").upload("mine.zip", packed, "application/zip").run()
    assert not at.exception
    assert list(runs()) == ["mine"]
    at.file_uploader(key="runs-upload").upload("odd.zip", b"no zip", "application/zip").run()
    assert "no zip file" in said(at)
    assert list(runs()) == ["mine"]


def test_an_uploaded_run_is_read_outside_the_server_within_its_budget(own, monkeypatch):
    packed = zip_run(read_checkpoint(own / "mine"))
    monkeypatch.setattr("ae_core.runs.archive._check_run", lambda folder: pytest.fail("it is read in this process"))
    monkeypatch.setenv("LATENT_MOST_MEMORY", "1")
    at = opened("runs")
    at.file_uploader(key="runs-upload").upload("again.zip", packed, "application/zip").run()
    assert not at.exception
    assert set(runs()) == {"mine", "again"}
    large = io.BytesIO()
    with zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("config.json", "{}")
        file.writestr("weights.safetensors", bytes(30_000_000))
    at.file_uploader(key="runs-upload").upload("large.zip", large.getvalue(), "application/zip").run()
    assert "Reading a run of 30 MB needs 120 MB, 105 MB allowed: bring one of a smaller network." in said(at)
    assert {folder.name for folder in own.iterdir()} == {"mine", "again"}


@pytest.mark.parametrize("link", ["nothing", "mine,nothing", "<b>x</b>", "../..", ",,,"])
def test_a_bad_runs_link_is_at_most_one_sentence(own, link):
    at = opened("runs", runs=link)
    assert len([*at.info, *at.warning, *at.error]) == (0 if link == ",,," else 1)
    assert not at.exception


def test_a_broken_run_is_named_and_the_others_stand(own):
    shutil.copytree(own / "mine", own / "broken")
    (own / "broken" / "config.json").write_text("{")
    at = opened("runs")
    assert "broken is left out" in said(at)
    assert "mine" in at.dataframe[0].value["run"].tolist()


def test_a_nested_run_on_a_table_is_for_the_signals_page():
    at = opened("bottleneck", model="plant-nested")
    assert "does not fit" in said(at)
    assert pads(at, "bottleneck_slider")[0]["model"] == "mnist-nested-64d"
