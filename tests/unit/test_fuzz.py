"""A little of `python -m tests.fuzz` in each test run, and what its ten thousand inputs a part have broken so far."""

import io
import json
import re
import shutil
import struct
import time
import zipfile

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.torch import load_file, save_file

from ae_core import LatentError, read_checkpoint
from ae_core.anomaly.storage import DETECTION, load_detection
from ae_core.data.csv.pieces import read_pieces
from ae_core.data.csv.reading import read_table
from ae_core.data.csv.source import Csv
from ae_core.io.images import read_picture
from ae_core.model.config import Config
from ae_core.runs import representation as usefulness
from ae_core.runs.archive import KEPT, unzip_run
from ae_core.runs.folder import checkpoints, shipped_folder
from ae_core.runs.records import read_measures, read_metrics
from ae_core.runs.status import status
from ae_core.training import snapshots

from ..fuzz import loop
from ..fuzz.guards import Coverage
from ..fuzz.rules import ROOT, one_sentence

COUNT = 100  # inputs of each part


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Where it happens; the parts share the small runs that are mutated."""
    return tmp_path_factory.mktemp("fuzz")


@pytest.mark.slow
@pytest.mark.parametrize("name", loop.PARTS)
def test_each_input_is_taken_or_refused_in_one_sentence(name, place):
    count = COUNT // 4 if name == "pages" else COUNT
    found = loop.fuzz(name, count, 1, place, guided=False)  # too few to be guided
    assert found["broken"] == []
    assert found["accepted"] + found["refused"] == found["inputs"] == count
    assert found["accepted"]


def lost(*_):
    raise KeyError("x")


LOOKS = {
    "another exception": (lost, "KeyError in .*lost"),
    "no full stop": (lambda *_: (_ for _ in ()).throw(LatentError("No")), "no short sentence"),
    "a path of the program": (lambda *_: (_ for _ in ()).throw(LatentError(f"{ROOT}/ae_core is odd.")), "in '"),
    "a warning": (lambda *_: np.float32(1e30).astype(np.float16), "warns: .*overflow"),
    "too much memory": (lambda *_: np.ones(150 << 20, np.uint8).sum(), "needs 1"),
    "too slow": (lambda *_: time.sleep(9), "took more than"),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", LOOKS)
def test_the_fuzzer_notices(what, tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "SECONDS", 0.3 if what == "too slow" else 10)
    monkeypatch.setattr(loop, "MOST_MB", 100)
    look, says = LOOKS[what]
    outcome, why = loop.attempt(loop.Part(lambda place: [], lambda *_: None, look), None, tmp_path)
    assert outcome == "broken"
    assert re.search(says, why)


@pytest.mark.slow
def test_the_fuzzer_keeps_what_reaches_new_lines():
    cover = Coverage()
    with cover.on():
        read_table(b"a;b\n1,5;2\n2,5;3\n")
    assert cover.news()
    with cover.on():
        read_table(b"a;b\n1,5;2\n2,5;3\n")
    assert not cover.news()
    with cover.on():
        read_table(b"time,a\n12:00,1\n12:01,2\n")
    assert cover.news()


NUMBER = st.floats(-1e6, 1e6).map(lambda value: round(value, 3) + 0.0)
NAME = st.text(st.characters(whitelist_categories=("Lu", "Ll")), min_size=1, max_size=8).map(lambda name: "c" + name)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(
    st.lists(NAME, min_size=1, max_size=5, unique_by=str.lower).flatmap(
        lambda names: st.tuples(
            st.just(names),
            st.lists(st.lists(NUMBER, min_size=len(names), max_size=len(names)), min_size=3, max_size=12),
        )
    ),
    st.sampled_from([(",", "."), (";", ","), (";", "."), ("\t", ","), ("|", ".")]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_read_whatever_the_dialect(table, signs, encoding, end):
    (names, rows), (mark, point) = table, signs
    lines = [mark.join(names), *(mark.join(f"{value:.3f}".replace(".", point) for value in row) for row in rows)]
    known = {",": "comma", ".": "point"}[point]
    found = read_table(
        (end.join(lines) + end).encode(encoding),
        time="none",
        label="none",
        columns=names,
        delimiter=mark,
        decimal=known,
        header=True,
    )
    assert found.names == tuple(names)
    np.testing.assert_allclose(found.values, rows, atol=1e-9)


# What was broken once


@pytest.mark.parametrize(
    "name", ["a\0b", "\ud800", "idna", "punycode", "unicode_escape", "raw-unicode-escape", "hex", "utf🎲8", "undefined"]
)
def test_an_encoding_that_is_none_of_texts_is_one_sentence(name, tmp_path):
    (tmp_path / "t.csv").write_bytes(b"a,b\n1,2\n3,4\n")
    for read in (
        lambda: read_table(tmp_path / "t.csv", encoding=name),
        lambda: list(read_pieces(tmp_path / "t.csv", encoding=name)),
    ):
        with pytest.raises(LatentError, match="There is no text encoding") as error:
            read()
        one_sentence(str(error.value))


def test_a_column_s_name_has_nothing_that_no_screen_shows():
    assert read_table(("a\u202eb,\x07c [\u200bV]\n" + "1,2\n3,4\n" * 50).encode()).names == ("ab", "c")
    with pytest.raises(LatentError) as error:
        read_table("\u202ea,b\n1,2\n3,4\n".encode(), label="x")
    one_sentence(str(error.value))


def test_values_whose_squares_are_no_numbers_count_as_missing(tmp_path):
    text = "a,b\n" + "".join(f"{'1e308' if i == 5 else i},{i % 3}\n" for i in range(50))
    table = read_table(text.encode())
    assert np.flatnonzero(np.isnan(table.values[:, 0])).tolist() == [5]
    (tmp_path / "t.csv").write_text(text)
    pieces = list(read_pieces(tmp_path / "t.csv", 100))
    assert len(pieces) > 1
    assert sum(int(np.isnan(piece.values).sum()) for piece in pieces) == 1


def test_a_step_next_to_nothing_is_one_sentence(tmp_path):
    (tmp_path / "t.csv").write_text("time,a\n2024-01-01T00:00,1\n2024-01-01T00:01,2\n2024-01-01T00:02,3\n")
    with pytest.raises(LatentError, match="would give more than"):
        Csv(file=str(tmp_path / "t.csv"), resample_seconds=1e-320).table()


def test_half_a_character_means_no_missing_value_and_blank_lines_are_no_table(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a\n" + b"1.5\n2.5\nnone\n" * 20)
    assert np.isnan(read_table(path, missing="\ud800,none\ud800").values).sum() == 20
    path.write_bytes(b"\n" * 200)
    with pytest.raises(LatentError, match="empty"):
        Csv(file=str(path), delimiter="semicolon", first=10).table()


def test_a_number_beyond_a_float_is_one_sentence():
    for values in ({"hidden": "9" * 400}, {"hidden": [10**400]}, {"k": 10**400}, {"lr": "1e308"}):
        with pytest.raises(LatentError) as error:
            Config(data="digits", **values)
        one_sentence(str(error.value))


def test_other_kinds_of_pictures_are_not_even_tried():
    for kind in ("TIFF", "TGA", "PPM", "PCX", "EPS", "DDS"):
        file = io.BytesIO()
        Image.new("RGB", (8, 8)).save(file, kind)
        with pytest.raises(LatentError, match="upload a PNG or a JPEG"):
            read_picture(file.getvalue())


@pytest.fixture
def run(small_run, tmp_path):
    """A finished run that may be broken."""
    return shutil.copytree(small_run, tmp_path / "runs" / "run")


def edit(path, **values):
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


@pytest.mark.parametrize("limits", [[0, 10**400], [float("nan"), 1], [1, 0], [0, float("inf")]])
def test_a_range_that_is_none_is_one_sentence(limits, run):
    edit(run / "config.json", range=limits)
    with pytest.raises(LatentError) as error:
        read_checkpoint(run)
    one_sentence(str(error.value))


@pytest.mark.parametrize(
    "values",
    [
        {"message": 5},
        {"epoch": -1},
        {"epochs": True},
        {"was": "flying"},
        {"step": 3},
        {"since": 10**30},
        {"step": 1, "steps": 2, "rate": "x", "left": 1},
    ],
)
def test_a_status_with_a_part_of_another_kind_is_none(values, run):
    edit(run / "status.json", **values)
    assert status(run)["message"] == ""
    assert status(run)["epoch"] == 3  # from the lines


def test_lines_of_epochs_that_cannot_be_are_left_out(run):
    line = json.loads((run / "metrics.jsonl").read_text().splitlines()[0])
    odd = [
        {"epoch": 1.5},
        {"epoch": 0},
        {"epoch": True},
        {"epoch": 10**30},
        {"seconds": 10**30},
        {"test_loss": float("nan")},
    ]
    (run / "metrics.jsonl").write_text(
        "".join(json.dumps({**line, **part}) + "\n" for part in [*odd, {"epoch": 7, "more": 10**400}])
    )
    assert read_metrics(run) == [{**line, "epoch": 7}]


def test_figures_that_no_chart_can_draw_are_left_out(run):
    edit(run / "measures.json", parameters=10**30, kl=True, trustworthiness=1e308)
    assert {"parameters", "kl", "trustworthiness"}.isdisjoint(read_measures(run))


def test_figures_that_every_run_has_are_missed(run):
    sound = (run / "measures.json").read_text()
    for name in ("squared_error", "pca_squared_error", "kl"):
        read_checkpoint(run).check()
        edit(run / "measures.json", **{name: None})
        with pytest.raises(LatentError, match=r"measures\.json is missing or not whole"):
            read_checkpoint(run).check()
        (run / "measures.json").write_text(sound)


@pytest.mark.parametrize("name", ["weights.safetensors", "codes.npz"])
def test_a_look_at_the_heads_tells_what_is_cut_or_gone(name, run):
    data = (run / name).read_bytes()
    (run / name).write_bytes(data[:-9])
    with pytest.raises(LatentError, match="is damaged"):
        read_checkpoint(run).check()
    (run / name).unlink()
    with pytest.raises(LatentError, match="is missing"):
        read_checkpoint(run).check()


@pytest.mark.parametrize(
    "alter",
    [
        lambda codes: {**codes, "z": codes["z"].astype(complex)},
        lambda codes: {**codes, "z": codes["z"].astype(float) + 1e300},
        lambda codes: {**codes, "z": codes["z"].astype("U20")},
        lambda codes: {**codes, "y": codes["y"].astype(float)},
    ],
)
def test_codes_of_another_kind_are_one_sentence(alter, run):
    np.savez(run / "codes.npz", **alter(read_checkpoint(run).codes()))
    with pytest.raises(LatentError, match=r"codes\.npz is damaged"):
        read_checkpoint(run).codes()


@pytest.mark.parametrize("wild", [float("nan"), float("inf")])
def test_a_pca_that_is_not_all_numbers_is_one_sentence(wild, run):
    tensors = load_file(run / "pca.safetensors")
    save_file({**tensors, "mean": torch.full_like(tensors["mean"], wild)}, run / "pca.safetensors")
    with pytest.raises(LatentError, match=r"pca\.safetensors is damaged"):
        read_checkpoint(run).pca()


@pytest.mark.parametrize("kind", [torch.complex64, torch.float8_e4m3fn, torch.int8])
def test_weights_of_another_kind_are_one_sentence(kind, run):
    tensors = load_file(run / "weights.safetensors")
    save_file({name: value.to(kind) for name, value in tensors.items()}, run / "weights.safetensors")
    with pytest.raises(LatentError, match=r"is damaged or holds no weights|not all numbers"):
        read_checkpoint(run).model()


@pytest.mark.parametrize(
    "alter",
    [
        lambda z, x_hat: {"z": z},
        lambda z, x_hat: {"z": z, "x_hat": x_hat * float("nan")},
        lambda z, x_hat: {"z": z.to(torch.bfloat16), "x_hat": x_hat},
        lambda z, x_hat: {"z": z.flatten(), "x_hat": x_hat},
    ],
)
def test_a_snapshot_of_another_kind_is_one_sentence(alter, run):
    path = run / "snapshots" / "000002.safetensors"
    save_file(alter(**load_file(path)), path)
    with pytest.raises(LatentError, match="is damaged or holds no snapshot"):
        snapshots.read(run, 2)


def test_the_film_leaves_out_a_snapshot_of_other_samples(run):
    from pages.sections.train.film import Film

    path = run / "snapshots" / "000002.safetensors"
    for name in ("z", "x_hat"):
        tensors = load_file(path)
        save_file({**tensors, name: tensors[name][:3].clone()}, path)
        found = Film(run)
        assert found.grow()
        assert sorted(found.planes) == [0, 1, 3]


def test_scores_that_unpack_to_more_or_do_not_fit_are_one_sentence(tmp_path):
    sound = shipped_folder("plant-nested") / DETECTION
    load_detection(sound)
    with np.load(sound) as file:
        arrays = dict(file)
    about = json.loads(str(arrays["about"]))
    odd = [
        {"score": arrays["score"][:-1]},
        {"z": arrays["z"] * np.nan},
        {"parts": arrays["parts"].astype(np.int8)},
    ]
    odd += [
        {"about": np.array(json.dumps({**about, **part}))}
        for part in ({"window": "8"}, {"names": ["a"]}, {"step": -1}, {"normal": [1]}, {"kept": None})
    ]
    for part in odd:
        np.savez(tmp_path / "scores.npz", **(arrays | part))
        with pytest.raises(LatentError, match="damaged"):
            load_detection(tmp_path / "scores.npz")
    np.savez_compressed(tmp_path / "scores.npz", **(arrays | {"values": np.zeros((2_000_000, 6))}))
    with pytest.raises(LatentError, match="damaged"):
        load_detection(tmp_path / "scores.npz")


@pytest.mark.parametrize(
    "part",
    [{"sizes": [1]}, {"rand": {}}, {"seed": "x"}, {"labels": []}, {"raw": {"probe": float("nan"), "neighbours": 1}}],
)
def test_usefulness_in_another_form_is_one_sentence(part, run, monkeypatch):
    sound = shipped_folder("mnist-nested-64d") / usefulness.FILE
    shutil.copy(sound, run)
    assert usefulness.load_usefulness(run)
    edit(run / usefulness.FILE, **part)
    with pytest.raises(LatentError, match="not one that this program wrote"):
        usefulness.load_usefulness(run)


def test_a_file_of_a_zip_that_is_larger_than_its_kind_is_refused(run):
    for name, says in (("config.json", "4 MB"), ("codes.npz", "64 MB"), ("metrics.jsonl", "128 MB")):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for kept in KEPT:
                if (run / kept).exists():
                    archive.writestr(f"run/{kept}", bytes(130 << 20) if kept == name else (run / kept).read_bytes())
        with pytest.raises(LatentError, match=f"{name} would unpack to more than {says}"):
            unzip_run(file.getvalue(), "run")


def test_a_safetensors_header_that_lies_is_one_sentence(run):
    data = (run / "weights.safetensors").read_bytes()
    for size in (0, 2**31, 2**63):
        (run / "weights.safetensors").write_bytes(struct.pack("<Q", size) + data[8:])
        with pytest.raises(LatentError, match="damaged"):
            read_checkpoint(run).model()


def test_shipped_folders_are_listed_even_where_something_is_missing(tmp_path, monkeypatch, small_run):
    monkeypatch.setattr("ae_core.runs.folder.SHIPPED", tmp_path)
    shutil.copytree(small_run, tmp_path / "sound")
    shutil.copytree(small_run, tmp_path / "hollow")
    (tmp_path / "hollow" / "config.json").unlink()
    assert set(checkpoints()) == {"sound", "hollow"}
    assert isinstance(read_checkpoint("sound").config, Config)
    with pytest.raises(LatentError, match=r"config\.json is missing"):
        read_checkpoint("hollow")
