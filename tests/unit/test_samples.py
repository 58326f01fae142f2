"""People's own samples: what a file holds, how it is split and scaled, and what is refused in one sentence."""

import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import torch
from PIL import Image
from sklearn.datasets import load_digits

from ae_core.base.errors import LatentError
from ae_core.data import load_dataset, source
from ae_core.data.samples.reading import read_collection

RNG = np.random.default_rng(0)
SHARED = Path("/").joinpath("work", "shared", "samples")  # of the machine where this is made; skipped elsewhere
T = np.linspace(0, 1, 60)


def waves(count: int = 60, length: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Two classes of smooth signals (count, length)."""
    y = np.arange(count) % 2
    t = np.linspace(0, 1, length)
    return np.sin(2 * np.pi * (1 + y[:, None]) * t + RNG.normal(0, 0.3, (count, 1))) + RNG.normal(
        0, 0.02, (1, length)
    ), y


def text(x: np.ndarray, y: np.ndarray | None = None, heading: str = "", first: bool = False) -> bytes:
    rows = [",".join(f"{v:.4f}" for v in row) for row in x]
    if y is not None:
        rows = [f"{c},{row}" if first else f"{row},{c}" for c, row in zip(y, rows, strict=True)]
    return "\n".join([*([heading] if heading else []), *rows, ""]).encode()


def png(colour: tuple[int, int, int], size: tuple[int, int] = (20, 20), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("first", [False, True])
def test_rows_of_signals_find_their_class_at_either_end(first: bool) -> None:
    x, y = waves()
    found = read_collection(text(x, y, first=first))
    assert (found.kind, found.values.shape, found.classes) == ("signals", (60, 1, 60), ("0", "1"))
    np.testing.assert_array_equal(found.y, y)
    np.testing.assert_allclose(found.values[:, 0], x, atol=1e-4)


@pytest.mark.parametrize("label", ["species", "0", "-61"])
def test_label_by_heading_or_number(label: str) -> None:
    x, _ = waves()
    kinds = np.array(["a", "b", "c"])[np.arange(60) % 3]
    found = read_collection(text(x, kinds, "species," + ",".join(f"v{i}" for i in range(60)), first=True), label=label)
    assert found.classes == ("a", "b", "c")
    assert found.label == "species"


@pytest.mark.parametrize("at", [0, 17, 64])
def test_the_one_column_that_is_not_numbered_holds_the_classes(at: int) -> None:
    x, y = load_digits(return_X_y=True)
    x, y = x[:400].astype(int), y[:400]
    rows = np.insert(x, at, y, axis=1)
    names = [f"p{i}" for i in range(64)]
    heading = ",".join([*names[:at], "written", *names[at:]])
    found = read_collection("\n".join([heading, *(",".join(map(str, row)) for row in rows), ""]).encode())
    assert (found.kind, found.values.shape[1:], found.label) == ("pictures", (1, 8, 8), "written")
    np.testing.assert_array_equal(found.y, y)
    np.testing.assert_array_equal(found.values[:, 0].reshape(400, 64) * 16, x)


def test_headings_that_are_wavelengths_become_the_axis() -> None:
    x, y = waves()
    heading = ",".join(f"{400 + 2 * i} nm" for i in range(60)) + ",material"
    found = read_collection(text(x, y, heading))
    assert found.axis[:2] == (400.0, 402.0)
    assert (found.axis_name, found.axis_unit) == ("wavelength", "nm")
    assert found.label == "material"


def test_missing_values_are_filled_along_the_signal(tmp_path: Path) -> None:
    x, y = waves()
    x[3, 10] = np.nan
    path = tmp_path / "gaps.csv"
    path.write_bytes(text(x, y).replace(b"nan", b""))
    ready = source("samples", file=str(path)).prepare()
    assert np.isfinite(ready.x).all()
    assert ready.x[3, 0, 10] == pytest.approx((ready.x[3, 0, 9] + ready.x[3, 0, 11]) / 2, abs=1e-5)


def test_measurements_are_scaled_each_by_its_own_spread(tmp_path: Path) -> None:
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer(as_frame=True).frame
    data.to_csv(tmp_path / "patients.csv", index=False)
    got = load_dataset("samples", file=str(tmp_path / "patients.csv"))
    assert got.shape == (1, 30)
    assert got.display
    assert got.display.kind == "features"
    assert got.display.channels[0] == ("mean radius", "")
    torch.testing.assert_close(got.x_train.std(0, correction=0), torch.ones(1, 30), atol=1e-3, rtol=0)
    shares = [float(y.float().mean()) for y in (got.y_train, got.y_test)]
    assert abs(shares[0] - shares[1]) < 0.01  # stratified


@pytest.mark.parametrize("named", [True, False])
def test_columns_of_pixels_are_pictures(named: bool) -> None:
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    heading = "label," + ",".join(f"pixel{i}" for i in range(64)) if named else ""
    rows = "\n".join(",".join(map(str, [c, *row.astype(int)])) for c, row in zip(y, x, strict=True))
    found = read_collection(f"{heading}\n{rows}\n".lstrip().encode())
    assert (found.kind, found.values.shape, len(found.classes)) == ("pictures", (1797, 1, 8, 8), 10)
    np.testing.assert_allclose(found.values[7].reshape(-1) * 16, x[7], atol=1e-4)


@pytest.mark.parametrize("colours", [1, 3])
def test_pictures_in_a_table_are_as_small_as_is_said(colours: int) -> None:
    x = np.random.default_rng(0).integers(0, 256, (12, colours, 32, 32), np.uint8)
    heading = ",".join(f"pixel{i}" for i in range(32 * 32 * colours))
    rows = "\n".join(",".join(map(str, row)) for row in x.reshape(12, -1))
    found = read_collection(f"{heading}\n{rows}\n".encode(), side=16, colour="grey", kind="pictures")
    assert found.values.shape == (12, 1, 16, 16)
    if colours == 1:
        halves = x.reshape(12, 1, 16, 2, 16, 2).mean((3, 5))
        assert np.abs(found.values * (255 if found.values.dtype != np.uint8 else 1) - halves).max() < 1.5


def test_series_of_several_channels_and_unequal_lengths() -> None:
    lines = [f"{','.join(map(str, range(n)))}:{','.join(['2'] * n)}:up" for n in (50, 40, 60, 50)]
    data = "\n".join(["@problemName x", "@univariate false", "@classLabel true up down", "@data", *lines]).encode()
    found = read_collection(data)
    assert found.values.shape == (4, 2, 50)
    assert found.classes == ("up",)
    np.testing.assert_allclose(found.values[1, 0], np.linspace(0, 39, 50), rtol=1e-5)  # a straight line stays one
    assert "40 to 60" in next(n.text for n in found.notes if n.what == "lengths")
    assert read_collection(data, lengths="cut").values.shape[-1] == 40


@pytest.mark.parametrize("squeeze", [False, True])
def test_arrays_of_pictures_and_classes(squeeze: bool) -> None:
    x, y = RNG.integers(0, 255, (30, 20, 20, 3), np.uint8), np.arange(30) % 3
    out = io.BytesIO()
    np.savez(out, x=x[..., 0] if squeeze else x, y=y)
    found = read_collection(out.getvalue())
    assert found.values.shape == (30, 1 if squeeze else 3, 20, 20)
    assert found.classes == ("0", "1", "2")
    np.testing.assert_array_equal(found.values[4, 0], x[4, :, :, 0])


def test_zip_of_folders_gives_classes_and_colour() -> None:
    files = {f"set/{name}/{i}.{kind}": png(colour, (20 + i, 30), {"jpg": "JPEG"}.get(kind, "PNG"))
             for name, colour, kind in (("red", (250, 0, 0), "png"), ("blue", (0, 0, 250), "jpg"))
             for i in range(10)}  # fmt: skip
    found = read_collection(packed(files))
    assert found.values.shape[:2] == (20, 3)
    assert found.values.shape[2] == found.values.shape[3]
    assert found.classes == ("blue", "red")
    assert found.values[found.y == 1][:, 0].mean() > 240
    assert found.values[found.y == 0][:, 2].mean() > 240


def test_groups_stay_whole_and_near_duplicates_are_named(tmp_path: Path) -> None:
    x, y = waves(100)
    group = np.arange(100) // 5
    heading = "patient," + ",".join(f"v{i}" for i in range(60)) + ",class"
    rows = [f"{g}," + ",".join(f"{v:.5f}" for v in r) + f",{c}" for g, r, c in zip(group, x, y, strict=True)]
    path = tmp_path / "grouped.csv"
    path.write_text("\n".join([heading, *rows]))
    ready = source("samples", file=str(path), group="patient", label="-1").prepare()
    assert not set(group[ready.train]) & set(group[ready.test])
    assert 0.1 < len(ready.test) / 100 < 0.3
    twice = np.concatenate([x[:20], x[:20] + 1e-4])
    path.write_bytes(text(twice, np.r_[y[:20], y[:20]]))
    assert "nearly the same" in source("samples", file=str(path)).prepare().duplicates()


def test_a_normal_class_is_trained_on_alone(tmp_path: Path) -> None:
    x, y = waves(100)
    path = tmp_path / "waves.csv"
    path.write_bytes(text(x, y))
    ready = source("samples", file=str(path), normal_class="1").prepare()
    assert set(y[ready.train]) == set(y[ready.test]) == {1}
    assert len(ready.train) == 40
    assert len(ready.test) == 10


def workbook(rows: list[list[str | float | None]]) -> bytes:
    """An .xlsx with these rows in its first sheet, and another sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.create_sheet("more").append([1, 2])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_first_sheet_of_a_workbook() -> None:
    random = np.random.default_rng(0)
    x = random.normal(0, [1, 10, 100], (30, 3)).round(3)
    rows: list[list[str | float | None]] = [["weight", "height", "age", "kind"]]
    rows += [[*row, ("cat", "dog")[n % 2]] for n, row in enumerate(x.tolist())]
    rows[8][1] = None
    found = read_collection(workbook(rows))
    assert (found.kind, found.values.shape, found.classes) == ("features", (30, 1, 3), ("cat", "dog"))
    assert [name for name, _ in found.channels] == ["weight", "height", "age"]
    assert np.isnan(found.values[7, 0, 1])
    x[7, 1] = np.nan
    np.testing.assert_allclose(found.values[:, 0], x, rtol=1e-5)


def _npz_of_objects() -> bytes:
    out = io.BytesIO()
    np.savez(out, x=np.array([{"a": 1}] * 10, dtype=object))
    return out.getvalue()


def _huge_picture() -> bytes:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return packed({"a/1.png": out.getvalue()})


BAD = {
    "many files": (lambda: packed({f"{i}.png": b"" for i in range(100_000)}), "100,000 files"),
    "large picture": (_huge_picture, "make it smaller"),
    "nested zip": (lambda: packed({"inner.zip": packed({"a.png": png((1, 2, 3))})}), "inside the zip"),
    "pickle": (_npz_of_objects, "pickled"),
    "cut ts": (lambda: b"@problemName x\n@classLabel true a b\n@data\n1,2,3", "cut off"),
    "alike": (lambda: text(np.ones((40, 30))), "alike"),
    "cut zip": (lambda: packed({"a.png": png((1, 2, 3))})[:-30], "cut off"),
    "cut gzip": (lambda: gzip.compress(text(*waves()))[:-40], "cut off"),
    "few": (lambda: text(waves(6)[0]), "at least 8"),
    "objects": (lambda: packed({"notes.docx": b"x"}), "no PNG or JPEG"),
    "excel": (lambda: packed({"xl/workbook.xml": b"x"}), "Excel"),
    "an empty workbook": (lambda: workbook([]), "No column holds numbers|empty|few|at least"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_one_sentence(name: str, tmp_path: Path) -> None:
    make, words = BAD[name]
    path = tmp_path / "bad"
    path.write_bytes(make())
    with pytest.raises(LatentError, match=words) as caught:
        load_dataset("samples", file=str(path))
    assert "\n" not in str(caught.value)


def test_a_label_of_thousands_of_values_is_none() -> None:
    x, _ = waves(1000)
    ids = RNG.permutation(1000) % 500 * 2
    heading = ",".join(f"v{i}" for i in range(60)) + ",class"
    with pytest.raises(LatentError, match="500 different values"):
        read_collection(text(x, ids, heading), label="class")
    single = read_collection(text(x[:20], np.arange(20) * 3, heading), label="class")
    assert single.y is None
    assert "no class" in single.notes[-1].text


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public data sets are not here")
def test_public_data_sets_are_read_right() -> None:
    shapes = {
        "ecg.csv": ((5000, 1, 140), 2),
        "ECG5000_TRAIN.txt": ((500, 1, 140), 5),
        "ArrowHead_TRAIN.tsv": ((36, 1, 251), 3),
        "ArrowHead_TRAIN.ts": ((36, 1, 251), 3),
        "BasicMotions_TRAIN.ts": ((40, 6, 100), 4),
    }
    for name, (shape, classes) in shapes.items():
        found = read_collection(SHARED / name)
        assert (found.values.shape, len(found.classes), found.axis) == (shape, classes, ()), name
    ts, tsv = (read_collection(SHARED / f"ArrowHead_TRAIN.{kind}") for kind in ("ts", "tsv"))
    np.testing.assert_allclose(ts.values, tsv.values, atol=1e-6)


def test_display_travels_with_the_checkpoint(tmp_path: Path) -> None:
    from ae_core.jobs.recording import train_run
    from ae_core.model.config import Config
    from ae_core.runs.checkpoint import read_checkpoint

    x, y = waves()
    path = tmp_path / "spectra.csv"
    path.write_bytes(text(x * 5 + 100, y, ",".join(f"{400 + 2 * i} nm" for i in range(60)) + ",material"))
    config = Config(data="samples", variant="deep", hidden=(16,), epochs=2, source={"file": str(path)})
    for _ in train_run(config, tmp_path / "run"):
        pass
    checkpoint = read_checkpoint(tmp_path / "run")
    display = checkpoint.display
    assert display
    assert display.axis[-1] == 518
    assert display.axis_unit == "nm"
    assert checkpoint.classes == ("0", "1")
    shown = config.load().x_train * display.spread[0] + display.centre[0]
    assert abs(float(shown.mean()) - 100) < 1


def test_scores_from_the_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    from ae_core.cli import main

    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "runs"))
    x, y = waves(200)
    (tmp_path / "waves.csv").write_bytes(text(x, y))
    out = tmp_path / "scores.csv"
    words = ["score", str(tmp_path / "waves.csv"), "--data", "samples", "--label", "-1", "--normal-class", "1"]
    assert main([*words, "--epochs", "20", "--out", str(out)]) == 0
    lines = out.read_text().splitlines()
    assert lines[0] == "row,score,abnormal,held_out"
    rows = np.array([[float(cell) for cell in line.split(",")] for line in lines[1:]])
    np.testing.assert_array_equal(rows[:, 0], np.arange(200))
    assert rows[:, 3].sum() == 20  # a fifth of the normal half
    assert set(y[rows[:, 3] == 1]) == {1}
    judged = (y == 0) | (rows[:, 3] == 1)
    assert rows[judged & (y == 0), 2].mean() > 0.95
    assert rows[judged & (y == 1), 2].mean() <= 0.1
    said = capsys.readouterr().out
    assert "AUC-PR" in said
    assert "PCA" in said
