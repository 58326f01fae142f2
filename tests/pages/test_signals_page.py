"""The Signals page without a browser: links and files good and bad, the form, calibration, the textbook's plant."""

import dataclasses
import functools
import io
import json
import zipfile
from urllib.parse import parse_qsl

import numpy as np
import pytest
from joblib.externals.loky import get_reusable_executor

from ae_core import LatentError, read_checkpoint
from ae_core.anomaly import benchmark as textbook
from ae_core.anomaly.findings import calibrated, findings
from ae_core.anomaly.metrics import best_level
from ae_core.anomaly.others import METHODS
from ae_core.anomaly.recipe import recipe
from ae_core.anomaly.report import verdict
from ae_core.anomaly.storage import DETECTION, load_detection, load_threshold
from ae_core.anomaly.thresholds import Rule, level
from ae_core.data.csv.source import Csv
from ae_core.data.csv.uploads import keep_upload, uploads_folder
from ae_core.data.sensors import plant_csv
from ae_core.jobs.queue import jobs
from ae_core.runs.archive import unzip_run, zip_run
from ae_core.runs.folder import checkpoints, runs
from pages.sections.signals import keys, words
from pages.sections.signals.results import progress_words

from ..conftest import wait_for
from ..support import apptest
from ..support.apptest import ROOT, AppTest, link_of

RANDOM = np.random.default_rng(0).normal(20, 1, (300, 200))


@pytest.fixture(autouse=True)
def here(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LATENT_DATA", str(tmp_path / "data"))


opened = functools.partial(apptest.opened, "signals")


def uploaded(data: bytes, name="table.csv", at=None) -> AppTest:
    at = at or opened()
    (uploader,) = at.file_uploader
    return uploader.upload(name, data, "text/csv").run()


def said(at) -> list[str]:
    assert not at.exception, at.exception[0].message
    return [element.value for element in [*at.info, *at.warning, *at.error]]


def figure(at) -> dict:
    """What the live figure was given."""
    return next(
        json.loads(e.proto.json) for e in at.get("bidi_component") if e.proto.component_name.endswith("signals")
    )


def shown(at) -> str:
    return "\n".join(element.value for element in [*at.markdown, *at.caption]).replace("\\", "")


@pytest.fixture(scope="module")
def example():
    checkpoint = read_checkpoint(checkpoints()["plant-nested"])
    return checkpoint, load_detection(checkpoint.folder / DETECTION)


# ---- links ----


def test_opens_with_the_example_and_says_nothing_wrong(example):
    at = opened()
    assert said(at) == []
    data = figure(at)
    assert (data["rule"], data["amount"], data["view"], data["network"]) == (
        "quantile",
        0.99,
        None,
        "nested autoencoder",
    )
    assert verdict(*example, Rule()) in shown(at)
    assert link_of(at) == {}
    k, curves = example[1].n_dims, example[0].curves
    assert f"explain **{100 * curves['explained'][k - 1]:.1f} %** of the variance" in shown(at)
    change = 100 * (1 - curves["error_by_size"][k - 1] / curves["pca_error_by_size"][k - 1])
    assert f"from {k} numbers a window, {change:.2g} % less error than PCA" in shown(at)


def test_other_detectors_stand_beside_the_runs_own(example):
    at = opened(others="1")
    assert said(at) == []
    figures, agreement = (table.value for table in at.dataframe[:2])
    own = findings(example[1], Rule())
    assert figures["detector"].tolist() == ["nested autoencoder", "PCA", *METHODS]
    assert figures["stretches"][0] == len(own.intervals) == len(agreement)
    assert figures["AUC-PR"][0] == round(own.figures["auc_pr"], 3)
    assert figures["AUC-PR"].between(0, 1).all()
    assert link_of(at) == {"others": "1"}
    assert link_of(at.toggle("signals-others").set_value(False).run()) == {}


@pytest.mark.parametrize("threshold", ["robust:4", "rolling:7.5", "quantile:0.95"])
def test_a_link_restores_threshold_and_view(example, threshold):
    at = opened(threshold=threshold, view="1900:2100")
    assert said(at) == []
    data, rule = figure(at), Rule.parse(threshold)
    assert (data["rule"], data["amount"], data["view"]) == (rule.kind, rule.amount, [1900, 2100])
    figures = findings(example[1], rule).figures
    assert at.table[0].value["recall"].iloc[0] == f"{figures['recall']:.3f}"
    assert link_of(at) == {"threshold": threshold, "view": "1900:2100"}


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ({"run": "nothing"}, "run 'nothing'"),
        ({"run": "mnist-vae-2d"}, "run 'mnist-vae-2d'"),  # it is no detector
        ({"run": "../../etc"}, "no such run"),
        ({"run": "<script>alert(1)</script>"}, "no such run"),
        ({"run": "x" * 5000}, "no such run"),
        ({"file": "plant.csv"}, "open it again"),
        ({"file": "../../etc/passwd"}, "open it again"),
        ({"file": "plant-0123456789.csv"}, "open it again"),
        ({"file": "\x00"}, "open it again"),
        ({"threshold": "loud"}, "threshold rule is one of"),
        ({"threshold": "quantile:high"}, "a rule and a number"),
        ({"threshold": "quantile:nan"}, "lies between"),
        ({"threshold": "robust:1e400"}, "lies between"),
        ({"threshold": "quantile:1"}, "lies between"),
        ({"threshold": ""}, "threshold rule is one of"),
        ({"view": "5"}, "view must be FIRST:LAST"),
        ({"view": "20:10"}, "view must be FIRST:LAST"),
        ({"view": "-5:10"}, "view must be FIRST:LAST"),
        ({"view": "0:99999999999999999999999"}, "view must be FIRST:LAST"),
        ({"view": "0:3001"}, "view must be FIRST:LAST"),
        ({"view": "²:³"}, "view must be FIRST:LAST"),
        ({"run": "nothing", "file": "x", "threshold": "x", "view": "x"}, "no such run"),
    ],
)
def test_a_bad_link_is_one_sentence_and_the_example_stands(part, says):
    at = opened(**part)
    (only,) = said(at)
    assert says in only
    assert figure(at)["network"] == "nested autoencoder"


# ---- odd files ----


def lines(head="t,a,b", rows=300, each=lambda t: f"{t},{np.sin(t / 5):.4f},{np.cos(t / 5):.4f}", end="\n") -> str:
    return end.join([*([head] if head else []), *(each(t) for t in range(rows))]) + end


def wide(channels: int, rows=300) -> bytes:
    return "\n".join(
        [
            ",".join(f"c{j}" for j in range(channels)),
            *(",".join(f"{v:.4f}" for v in RANDOM[t % 300, :channels]) for t in range(rows)),
        ]
    ).encode()


CLOCK = np.datetime64("2024-03-01T00:00")
ODD = {
    "semicolons and decimal commas": (
        lines("a;b", each=lambda t: f"{np.sin(t):.3f};{np.cos(t):.3f}".replace(".", ",")).encode(),
        ["separated by semicolons", "decimal sign is ','"],
    ),
    "UTF-16": (lines().encode("utf-16"), ["encoding is utf-16"]),
    "no header": (lines("").encode(), ["have no names"]),
    "epoch milliseconds": (
        lines("time,a", each=lambda t: f"{1_700_000_000_000 + 60_000 * t},{np.sin(t):.3f}").encode(),
        ["'time' is the time", "A row every 1 min, all of them"],
    ),
    "labels": (
        lines("a,b,anomaly", each=lambda t: f"{np.sin(t):.3f},{np.cos(t):.3f},{int(t > 250)}").encode(),
        ["'anomaly' says which rows are abnormal (49 of 300)"],
    ),
    "200 channels": (wide(200), ["200 channels"]),
    "one channel": (
        lines("a", each=lambda t: f"{np.sin(t / 5):.4f}").encode(),
        ["There is one column", "1 channel: a"],
    ),
    "hostile names": (
        lines(
            '"<img src=x onerror=alert(1)>","**b**, [x](y) :red[z]!"', each=lambda t: f"{np.sin(t):.3f},{np.cos(t):.3f}"
        ).encode(),
        ["<img src=x onerror=alert(1)>", "**b**, [x](y) :red[z]!"],
    ),
    "day first": (
        lines("when,a", each=lambda t: f"{1 + t % 28:02d}/{1 + t // 28:02d}/2023 10:00,{np.sin(t):.3f}").encode(),
        ["day first"],
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_shows_what_was_found(name):
    data, says = ODD[name]
    at = uploaded(data)
    assert [text for text in said(at) if "gap" not in text] == []
    for text in says:
        assert text in shown(at)
    assert "<img" not in "".join(element.value.replace("\\<", "") for element in at.markdown)
    assert figure(at)["normal"] == [0, 180]
    assert link_of(at)["file"].endswith(".csv")
    assert [button.label for button in at.button if button.key == keys.TRAIN] == [words.TRAIN]


def test_uneven_rows_and_gaps_are_named_with_what_can_be_done():
    random = np.random.default_rng(0)
    at_s = np.cumsum(random.integers(55, 66, 400))
    at_s[200:] += 150  # a short gap
    at_s[300:] += 7200  # a long one
    at = uploaded(
        lines("time,a", 400, lambda t: f"{CLOCK + np.timedelta64(int(at_s[t]), 's')},{np.sin(t / 5):.3f}").encode()
    )
    (says,) = said(at)
    assert "do not come every 1 min" in says
    assert "1 gap is longer than 5 steps: no window crosses it." in says
    assert "1 shorter gap is ignored" in says
    at.button(key=keys.RESAMPLE).click().run()
    assert said(at) == []
    assert at.number_input(key=keys.read("resample_seconds")).value == 60
    rows = round((at_s[-1] - at_s[0]) / 60) + 1
    assert f"**{rows:,} rows**" in shown(at)


def test_even_rows_get_no_such_advice():
    assert (
        said(uploaded(lines("time,a", each=lambda t: f"{CLOCK + np.timedelta64(t, 'm')},{np.sin(t):.3f}").encode()))
        == []
    )


# ---- bad files ----


def packed() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 10_000_000)
    return file.getvalue()


BAD = {
    "empty": b"",
    "blank": b"\n \n\n",
    "header only": b"a,b,c\n",
    "three rows": b"a,b\n1,2\n3,4\n5,6\n",
    "binary": bytes(range(256)) * 40,
    "all missing": b"a,b\n" + b"NA,\n" * 200,
    "infinities": b"a,b\n" + b"inf,-inf\n" * 200,
    "50,000 columns": (",".join(f"c{j}" for j in range(50_000)) + "\n" + ",".join(["1"] * 50_000) + "\n").encode() * 2,
    "50,000 equal names": (",".join(["a"] * 50_000) + "\n").encode() * 3,
    "ragged": b"a,b\n" + b"1,2\n" * 100 + b"1,2,3\n" * 3 + b"1,2\n" * 100,
    "zip": packed(),
    "formulas": b"a,b\n" + b"=1+1,@SUM(A1)\n" * 200,
    "1e400": b"a\n" + b"1e400\n" * 200,
    "text": b"a,b\n" + b"one,two\n" * 200,
    "a web page": b"<!doctype html><html><body>no</body></html>",
    "JSON": b'{"a": [1, 2, 3]}',
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_sentence_and_nothing_is_lost(name):
    at = opened(threshold="robust:4")
    at = uploaded(BAD[name], at=at)
    (says,) = said(at)
    assert says.endswith(".")
    assert len(says) < 400
    assert not any(button.key == keys.TRAIN for button in at.button)
    at.selectbox(key=keys.RUN).select("plant-nested").run()  # what was there before is still to be had
    assert said(at) == []
    assert figure(at)["network"] == "nested autoencoder"
    at = uploaded(lines().encode(), at=at)
    assert said(at) == []
    assert figure(at)["normal"] == [0, 180]


def test_a_wrong_word_on_how_to_read_is_taken_back():
    at = uploaded(lines("t,a,b").encode())
    at.selectbox(key=keys.read("decimal")).select("comma").run()
    assert not at.exception
    at.text_input(key=keys.read("time")).input("nowhere").run()
    (says,) = said(at)
    assert "no column 'nowhere'" in says
    assert at.text_input(key=keys.read("time")).value == "nowhere"  # it can be mended where it was said
    at.button(key=keys.RESTART).click().run()
    assert said(at) == []
    assert at.text_input(key=keys.read("time")).value == ""
    assert figure(at)["normal"] == [0, 180]


def test_a_data_folder_that_cannot_be_written(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LATENT_DATA", str(tmp_path / "file" / "data"))
    (says,) = said(uploaded(lines().encode()))
    assert "LATENT_DATA" in says


# ---- the form ----


def test_channels_with_commas_in_their_names_can_be_chosen():
    at = uploaded(lines('"a, b",c', each=lambda t: f"{np.sin(t):.3f},{np.cos(t):.3f}").encode())
    at.multiselect(key=keys.read("columns")).select("a, b").run()
    assert said(at) == []
    assert "**300 rows**, 1 channel." in shown(at)
    at.multiselect(key=keys.read("columns")).select("c").run()
    assert "**300 rows**, 2 channels." in shown(at)


def test_what_was_said_of_a_file_lives_through_a_reload():
    text = lines("t,Lagertemp_C,b,kaputt", each=lambda t: f"{t},{np.sin(t):.3f},{np.cos(t):.3f},{int(t > 250)}")
    at = uploaded(text.encode())
    at.selectbox(key=keys.read("label")).select("kaputt").run()  # a menu of columns
    at.text_input(key=keys.read("missing")).input("-999").run()
    link = link_of(at)
    assert dict(parse_qsl(link["read"])) == {"label": "kaputt", "missing": "-999"}
    again = opened(**link)
    assert again.selectbox(key=keys.read("label")).value == "kaputt"
    assert again.text_input(key=keys.read("missing")).value == "-999"
    assert "Lagertemp_C [°C]" in shown(again)
    assert link_of(again) == link


@pytest.mark.parametrize("kind", ["spike", "drop", "stuck", "drift"])
def test_a_plant_with_a_fault_of_ones_own(kind):
    at = opened()
    at.number_input(key=keys.plant("rows")).set_value(400).run()
    assert not at.exception
    at.number_input(key=keys.plant("channels")).set_value(3).run()
    at.selectbox(key=keys.plant("kind")).select(kind).run()
    at.button(key=keys.plant("make")).click().run()
    assert said(at) == []
    assert "**400 rows**, 3 channels" in shown(at)
    assert figure(at)["normal"][0] == 0
    assert figure(at)["normal"][1] <= 200


def test_change_and_train_again_opens_the_form_as_it_was(example):
    at = opened()
    at.button(key=keys.AGAIN).click().run()
    assert said(at) == []
    config = example[0].config
    assert link_of(at) == {"file": config.source["file"]}
    for name in ("window", "smoothing_rows"):
        assert at.number_input(key=keys.read(name)).value == config.source[name]
    assert at.selectbox(key=keys.recipe("variant")).value == "nested"
    proposed = recipe(Csv(**config.source).table(), dict(config.source))
    for name in ("k", "epochs"):
        assert (at.number_input(key=keys.recipe(name)).value or getattr(proposed, name)) == getattr(config, name)
    assert figure(at)["normal"] == list(example[1].normal)


# ---- a training, from the file to the scores and back ----


@pytest.fixture
def workers():
    """Workers know the environment in which they were started: these know the test's."""
    get_reusable_executor(kill_workers=True).shutdown(kill_workers=True)
    yield
    jobs.executors.shutdown()


@pytest.mark.slow
def test_trained_shown_calibrated_and_another_file_scored(workers):
    at = uploaded(plant_csv(600, 3, 0, (("spike", 450, 60, 0, 4.0),)), "small plant.csv")
    at.number_input(key=keys.recipe("epochs")).set_value(3)
    at.number_input(key=keys.read("smoothing_rows")).set_value(8)
    assert at.text_input(key=keys.recipe("name")).placeholder.startswith("small-plant-nested-")
    at.text_input(key=keys.recipe("name")).input("pump-2")
    at.button(key=keys.TRAIN).click().run()
    assert said(at) == []
    (folder,) = runs().values()
    assert folder.name == "pump-2"
    assert at.selectbox(key=keys.RUN).value == "pump-2"  # one that trains is in the menu
    assert (jobs.wait([folder], 60)[0]["state"]) == "done"
    at = opened(run=folder.name)
    assert said(at) == []
    checkpoint, found = read_checkpoint(folder), load_detection(folder / DETECTION)
    assert checkpoint.config.source["smoothing_rows"] == 8
    assert verdict(checkpoint, found, Rule()) in shown(at)
    at.button(key=keys.CALIBRATE).click().run()
    rule, f1 = calibrated(found)
    assert link_of(at)["threshold"] == str(rule)
    assert f"best F1 by row, {f1:.3f}, against the labels of all rows" in shown(at)
    assert (figure(at)["rule"], figure(at)["amount"], figure(at)["revision"]) == ("robust", rule.amount, 1)
    assert load_threshold(folder) == rule  # it belongs to the run: on the page, in the shell and in its zip
    assert (figure(opened(run=folder.name))["rule"], link_of(opened(run=folder.name))["threshold"]) == (
        "robust",
        str(rule),
    )
    assert f"--checkpoint {folder.name} --threshold {rule} --out" in shown(at)
    arrived = unzip_run(zip_run(checkpoint), "back")
    assert load_threshold(arrived) == rule
    waiting = opened(run=arrived.name)  # no scores came along: its table is here, and is scored
    assert said(waiting) == []
    assert "small-plant" in shown(waiting)
    table = uploads_folder() / checkpoint.config.source["file"]
    table.rename(table.with_name("elsewhere"))
    (sentence,) = said(opened(run=arrived.name))
    assert "trained on small-plant, which is not on this server" in sentence
    table.with_name("elsewhere").rename(table)
    text = plant_csv(300, 3, 5).decode().splitlines()
    text[101] = ",".join([text[101].split(",")[0], "-999", *text[101].split(",")[2:]])
    other = keep_upload("\n".join(text).encode(), "other.csv")
    at = opened(file=other)
    at.text_input(key=keys.read("missing")).input("-999").run()
    at.selectbox(key=keys.EARLIER).select(folder.name)
    at.button(key=keys.SCORE).click().run()
    answers = {"file": other, "read": "missing=-999"}  # given under the reading options
    assert link_of(at).items() >= {"run": folder.name, **answers}.items()
    scored = load_detection(jobs.score(folder, {"file": other, "missing": "-999"}).result(60))
    assert np.isnan(scored.values[100, 0])
    at = opened(run=folder.name, **answers)
    assert said(at) == []
    assert "File **other**, scored by the run **pump-2**." in shown(at)
    assert "Compared with the file that the run was trained on: the same 3 channels; a row every 1 min" in shown(at)
    assert (len(scored.network.score), figure(at)["normal"]) == (300, None)
    at.button(key=keys.AGAIN).click().run()
    assert link_of(at) == answers


@pytest.mark.slow
def test_the_textbooks_plant_is_measured_by_a_worker_and_can_be_opened():
    at = opened()
    at.toggle(key=keys.TEXTBOOK).set_value(True).run()
    assert said(at) == []
    wait_for(lambda: len(at.run().table) > 1, "the textbook's table")
    rows = {row.model: row for row in textbook.figures()}
    pca, network = rows["PCA"], rows["nested autoencoder"]
    assert (f"{pca.mse:.6f}", f"{100 * pca.variance:.1f}", pca.compression) == ("0.008770", "78.2", 3.0)
    for row in (pca, network):
        assert row.caught == row.faulty == 50
        assert row.ratio >= 4.5
        assert abs(row.false_alarms - 0.05) < 0.02
    assert network.mse <= pca.mse
    assert at.table[1].value["mean squared error"].tolist()[0] == "0.008770"
    assert at.table[1].value["faults detected"].tolist() == ["50 of 50"] * 2
    at.button(key=keys.TEXTBOOK_OPEN).click().run()
    assert said(at) == []
    assert "**500 rows**, 6 channels" in shown(at)
    assert figure(at)["normal"] == [0, 450]
    assert at.selectbox(key=keys.read("score_type")).value == "error"


def test_an_error_is_compared_with_the_same_error():
    first, now = {"epoch": 1, "test_loss": 1.467}, {"epoch": 5, "test_loss": 0.9, "test_reconstruction": 230.0}
    assert progress_words(first, now) == "Held-out loss per window: 0.9 after epoch 5, 1.467 after the first epoch."
    said = "Held-out reconstruction error per window: 230 after epoch 5, 300 after the first epoch."
    assert progress_words(first | {"test_reconstruction": 300.0}, now) == said


def test_what_counts_as_one_stretch_goes_with_the_threshold(example):
    at = opened(threshold="quantile:0.95")
    data = figure(at)
    assert (data["least"], data["merge"]) == Rule().stretches(example[1].window)
    at.number_input(key=keys.MIN_ROWS).set_value(40).run()
    assert said(at) == []
    merge = example[1].window
    assert link_of(at) == {"threshold": f"quantile:0.95:40:{merge}"}
    assert (figure(at)["least"], figure(at)["amount"], figure(at)["revision"]) == (40, 0.95, 1)
    found = findings(example[1], Rule("quantile", 0.95, 40, merge))
    assert len(found.intervals) < len(findings(example[1], Rule("quantile", 0.95)).intervals)
    assert at.table[0].value["false alarms"].iloc[0] == str(found.figures["false_alarms"])


# ---- a threshold from labels ----


def test_calibration_is_best_level_to_three_digits(example):
    found = example[1]
    rule, f1 = calibrated(found)
    best = best_level(found.network.score, found.label)
    flagged, label = found.network.score > best, found.label
    assert -0.01 < f1 - 2 * (flagged & label).sum() / (flagged.sum() + label.sum()) <= 0
    assert level(found.network.held_out, rule) == pytest.approx(best, rel=0.01)
    with pytest.raises(LatentError, match="all unlabelled"):
        calibrated(found, (0, 1000))
    assert calibrated(found, (1900, 2300))[1] > f1 - 0.2


@pytest.mark.parametrize("size", [1e-9, 1e9])
def test_a_level_out_of_reach_is_the_nearest_one(example, size):
    network = example[1].network
    scaled = dataclasses.replace(network, score=network.score * size)
    assert calibrated(dataclasses.replace(example[1], network=scaled))[0].amount in (1.0, 50.0)
