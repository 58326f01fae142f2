"""Run folders: readable after a crash at any moment; foreign, cut and hostile ones end in one sentence."""

import json
import shutil
import zipfile

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from ae_core import PCA, Config, Epoch, LatentError, load_checkpoint, read_checkpoint, train_run
from ae_core.jobs.recording import finish_run
from ae_core.model.metrics import codes
from ae_core.runs.folder import checkpoints, delete_run, free_name, new_folder, proposed_name, rename_run, runs
from ae_core.runs.status import status, write_status

from ..support.small import SMALL


def finish(*args, **kwargs):
    return list(train_run(*args, **kwargs))


@pytest.fixture
def run(small_run, tmp_path):
    """A copy of the small run that a test may damage."""
    return shutil.copytree(small_run, tmp_path / "copy")


def test_a_finished_run_has_all_its_parts(small_run, digits):
    lines = [json.loads(line) for line in (small_run / "metrics.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [1, 2, 3]
    assert all({"epoch", "seconds", "train_loss", "test_loss"} <= set(line) for line in lines)
    assert lines == read_checkpoint(small_run).metrics()
    assert json.loads((small_run / "status.json").read_text())["state"] == "done"
    assert sorted(p.name for p in small_run.iterdir()) == [
        ".lock",
        "README.md",
        "codes.npz",
        "config.json",
        "measures.json",
        "metrics.jsonl",
        "pca.safetensors",
        "snapshots",
        "status.json",
        "weights.safetensors",
    ]
    checkpoint = read_checkpoint(small_run)
    assert checkpoint.config == SMALL
    assert {"squared_error", "pca_squared_error", "negative_elbo", "neighbour_accuracy"} <= set(checkpoint.measures)


def test_what_is_loaded_is_what_was_measured(small_run, digits):
    model = load_checkpoint(small_run)
    assert not model.training
    assert {t.dtype for t in load_file(small_run / "weights.safetensors").values()} == {torch.float16}
    assert all(torch.equal(p, p.half().float()) for p in model.parameters())
    saved = read_checkpoint(small_run).codes()
    np.testing.assert_allclose(saved["z"], codes(model, digits.x_test).numpy(), atol=1e-6)
    assert saved["y"].tolist() == digits.y_test.tolist()


def test_a_stopped_run_goes_on_and_ends_the_same(tmp_path, digits, small_run):
    folder = tmp_path / "stopped"
    training = train_run(SMALL, folder, digits)
    for event in training:
        if isinstance(event, Epoch):
            break
    training.close()
    assert json.loads((folder / "status.json").read_text())["state"] == "stopped"
    with (folder / "metrics.jsonl").open("a") as file:  # a crash after the line and before the state
        file.write('{"epoch": 2, "test_loss": 0}\n{"epo')
    events = finish(SMALL, folder, digits)
    assert [e.epoch for e in events if isinstance(e, Epoch)] == [2, 3]
    assert [line["epoch"] for line in read_checkpoint(folder).metrics()] == [1, 2, 3]
    whole, resumed = (read_checkpoint(f).metrics()[-1]["test_loss"] for f in (small_run, folder))
    assert resumed == pytest.approx(whole, abs=1e-4)


def test_another_run_is_never_overwritten(run, digits):
    before = {p: p.read_bytes() for p in run.rglob("*") if p.is_file()}
    with pytest.raises(LatentError, match="not empty"):
        finish(SMALL, run, digits)
    assert before == {p: p.read_bytes() for p in run.rglob("*") if p.is_file()}


def test_a_folder_that_cannot_be_written_is_said(tmp_path, digits):
    (tmp_path / "file").write_text("x")
    with pytest.raises(LatentError, match=r"cannot be written|not empty"):
        finish(SMALL, tmp_path / "file", digits)
    with pytest.raises(LatentError, match="cannot be written"):
        finish(SMALL, tmp_path / "file" / "below", digits)


def config_of(run, **changes):
    about = json.loads((run / "config.json").read_text())
    (run / "config.json").write_text(json.dumps({**about, **changes}))


DAMAGE = {
    "no folder": lambda run: shutil.rmtree(run),
    "empty config": lambda run: (run / "config.json").write_text(""),
    "config no JSON": lambda run: (run / "config.json").write_bytes(b"\xff\xfe{"),
    "config a list": lambda run: (run / "config.json").write_text("[]"),
    "config deep": lambda run: (run / "config.json").write_text("[" * 100_000),
    "config huge": lambda run: (run / "config.json").write_text(" " * (5 << 20)),
    "foreign recipe": lambda run: config_of(run, config={"layers": 3}),
    "recipe with other types": lambda run: config_of(run, config={"sockets": 3}),
    "unknown variant": lambda run: config_of(run, config={"variant": "gan"}),
    "shape of one number": lambda run: config_of(run, shape=[64]),
    "negative shape": lambda run: config_of(run, shape=[1, -8, 8]),
    "enormous shape": lambda run: config_of(run, shape=[1, 10**6, 10**6]),
    "text as shape": lambda run: config_of(run, shape="1x8x8"),
    "enormous network": lambda run: config_of(run, config={**SMALL.to_json(), "hidden": [65536, 65536]}),
    "other network": lambda run: config_of(run, config={**SMALL.to_json(), "hidden": [64]}),
    "no weights": lambda run: (run / "weights.safetensors").unlink(),
    "weights cut": lambda run: (run / "weights.safetensors").write_bytes(
        (run / "weights.safetensors").read_bytes()[:-100]
    ),
    "weights empty": lambda run: (run / "weights.safetensors").write_bytes(b""),
    "weights with a header of 10 GB": lambda run: (run / "weights.safetensors").write_bytes(
        (10 << 30).to_bytes(8, "little") + b"{}"
    ),
    "a pickle as weights": lambda run: torch.save({"a": torch.zeros(1)}, run / "weights.safetensors"),
    "weights not numbers": lambda run: save_file(
        {n: t * float("nan") for n, t in load_file(run / "weights.safetensors").items()}, run / "weights.safetensors"
    ),
    "weights of another": lambda run: save_file({"a": torch.zeros(3)}, run / "weights.safetensors"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_folders_end_in_one_sentence(run, damage):
    DAMAGE[damage](run)
    with pytest.raises(LatentError) as error:
        load_checkpoint(run)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400


def bomb(run):
    with zipfile.ZipFile(run / "codes.npz", "w", zipfile.ZIP_DEFLATED) as archive, archive.open("z.npy", "w") as file:
        for _ in range(70):
            file.write(bytes(1 << 20))


CODES = {
    "missing": lambda run: (run / "codes.npz").unlink(),
    "cut": lambda run: (run / "codes.npz").write_bytes((run / "codes.npz").read_bytes()[:200]),
    "a pickle": lambda run: np.savez(run / "codes.npz", z=np.array([object()], dtype=object)),
    "other k": lambda run: np.savez(run / "codes.npz", z=np.zeros((5, 3))),
    "no numbers": lambda run: np.savez(run / "codes.npz", z=np.full((5, 2), np.nan)),
    "labels of other length": lambda run: np.savez(run / "codes.npz", z=np.zeros((5, 2)), y=np.zeros(4)),
    "a bomb": bomb,
}


@pytest.mark.parametrize("damage", CODES)
def test_damaged_codes_end_in_one_sentence(run, damage):
    CODES[damage](run)
    with pytest.raises(LatentError, match=r"codes\.npz"):
        read_checkpoint(run).codes()


def test_pca_is_kept_beside(run, digits):
    found, fresh = read_checkpoint(run).pca(), PCA(digits.x_train, 2)
    torch.testing.assert_close(
        found.reconstruct(digits.x_test), fresh.reconstruct(digits.x_test), atol=1e-3, rtol=0
    )  # the components are kept in halves
    assert found.explained()[-1] == pytest.approx(float(fresh.explained()[-1]))
    save_file({"mean": torch.zeros(3)}, run / "pca.safetensors")
    with pytest.raises(LatentError, match="holds no PCA"):
        read_checkpoint(run).pca()
    (run / "pca.safetensors").write_bytes(b"no")
    with pytest.raises(LatentError, match="damaged"):
        read_checkpoint(run).pca()


def test_names_lead_to_runs_and_nowhere_else(run, monkeypatch):
    monkeypatch.setenv("LATENT_RUNS", str(run.parent))
    assert read_checkpoint("copy").folder == run
    with pytest.raises(LatentError, match="There is no checkpoint"):
        read_checkpoint("nothing-of-that-name")


def test_weights_too_large_for_half_precision_are_said(tmp_path, digits):
    config = Config(data="digits", variant="linear", k=2, epochs=1)
    training = train_run(config, tmp_path / "run", digits)
    from ae_core.training.loop import Training

    model = Training(config, digits).model
    with torch.no_grad():
        model.decoder[0].weight.fill_(1e6)
    from ae_core.runs.checkpoint import half_precision

    with pytest.raises(LatentError, match="diverged"):
        half_precision(model)
    training.close()


@pytest.fixture
def two(small_run, tmp_path):
    """Two runs, a and b, where runs are kept."""
    return [shutil.copytree(small_run, tmp_path / "runs" / name) for name in "ab"]


def test_a_run_gets_another_name(two):
    assert rename_run("a", " c.1-x ").name == "c.1-x"
    assert set(runs()) == {"b", "c.1-x"}
    assert read_checkpoint("c.1-x").model().k == 2
    assert free_name("b") == "b-2"


@pytest.mark.parametrize(
    "new", ["", "  ", "../x", "a/b", ".hidden", "-x", "x" * 200, "x\ny", "x\0", "C:\\x", "ü", "b", "mnist-vae-2d"]
)
def test_names_that_are_none_or_taken_are_refused(new, two, tmp_path):
    with pytest.raises(LatentError, match=r"up to 80 letters|already") as error:
        rename_run("a", new)
    assert "\n" not in str(error.value)
    assert set(runs()) == {"a", "b"}
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


def test_a_deleted_run_is_gone_and_nothing_else(two, tmp_path):
    before = {path: path.read_bytes() for path in two[1].rglob("*") if path.is_file()}
    delete_run("a")
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["b"]
    assert before == {path: path.read_bytes() for path in two[1].rglob("*") if path.is_file()}
    for name in ("a", "../runs/b", "..", "", ".", str(two[1])):
        with pytest.raises(LatentError, match="There is no run"):
            delete_run(name)
        with pytest.raises(LatentError, match="There is no run"):
            rename_run(name, "z")
    for name in checkpoints():
        with pytest.raises(LatentError, match="ships with the program"):
            delete_run(name)
    assert set(runs()) == {"b"}


def test_a_run_at_work_keeps_name_and_place(two, digits):
    for path in two[0].iterdir():
        if path.name in ("measures.json", "codes.npz"):
            path.unlink()
    write_status(two[0], "stopped", epoch=0, epochs=3)
    training = train_run(SMALL, two[0], digits)
    next(training)
    assert status(two[0])["state"] == "running"
    for change in (
        lambda: rename_run("a", "z"),
        lambda: delete_run("a"),
        lambda: finish_run(two[0]),
        lambda: finish(SMALL, two[0], digits),
    ):
        with pytest.raises(LatentError, match=r"at work|by another process"):
            change()
    training.close()
    assert rename_run("a", "z").name == "z"


def test_folders_are_made_once(tmp_path):
    made = [new_folder("mine") for _ in range(3)]
    assert [folder.name for folder in made] == ["mine", "mine-2", "mine-3"]
    assert new_folder("mnist-vae-2d").name == "mnist-vae-2d-2"  # the shipped one's
    with pytest.raises(LatentError, match="up to 80 letters"):
        new_folder("../mine")


def test_a_measuring_that_is_cut_off_changes_nothing(two):
    write_status(two[0], "measuring", was="done", epoch=3, epochs=3)
    assert status(two[0])["state"] == "done"
    write_status(two[0], "measuring", epoch=3, epochs=3)
    assert status(two[0])["state"] == "dead"


def test_a_stop_before_the_first_step_is_heard(tmp_path, digits):
    assert finish(SMALL, tmp_path / "run", digits, cancelled=lambda: True) == []
    assert (status(tmp_path / "run")["state"], status(tmp_path / "run")["epoch"]) == ("stopped", 0)
    for event in (training := train_run(SMALL, tmp_path / "run", digits)):
        if isinstance(event, Epoch):
            break
    training.close()
    (tmp_path / "run" / "stop").touch()
    assert finish(SMALL, tmp_path / "run", digits) == []
    assert (status(tmp_path / "run")["state"], status(tmp_path / "run")["epoch"]) == ("stopped", 1)
    assert [event.epoch for event in finish(SMALL, tmp_path / "run", digits) if isinstance(event, Epoch)] == [2, 3]


def test_a_run_is_called_after_its_file():
    for file, stem in (("/data/Pump 1.csv", "Pump-1"), ("pump-1-0123456789.csv", "pump-1"), ("", "signals")):
        config = Config(data="csv", variant="nested", k=3, source={"file": file} if file else {})
        assert proposed_name(config) == f"{stem}-nested-3d"
    assert proposed_name(Config(data="digits", variant="vae", k=2)) == "digits-vae-2d"


def test_a_row_and_a_status_that_are_kept_are_read_again_once_their_files_change(two):
    """`two`: a folder with two runs."""
    from ae_core.runs.overview import rows

    folder = next(iter(runs().values()))

    def row():
        return next(each for each in rows()[0] if each.folder == folder)

    before = row()
    assert row().figures == before.figures
    measures = json.loads((folder / "measures.json").read_text())
    (folder / "measures.json").write_text(json.dumps({**measures, "squared_error": 0.125}))
    assert row().figures["squared_error"] == 0.125
    line = (folder / "metrics.jsonl").read_text().splitlines()[-1]
    with (folder / "metrics.jsonl").open("a") as file:
        file.write(json.dumps({**json.loads(line), "epoch": 77}) + "\n")
    assert row().epoch == 77
    for state in ("stopped", "failed", "done"):
        write_status(folder, state)
        assert status(folder)["state"] == row().state == state
