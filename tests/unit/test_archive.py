"""A run as a zip: there and back it is the same; a foreign one is a sentence, and writes nothing."""

import io
import pickle
import random
import shutil
import stat
import struct
import zipfile

import numpy as np
import pytest
import torch

from ae_core import LatentError, read_checkpoint
from ae_core.runs.archive import MAX_ZIP_BYTES, unzip_run, zip_run
from ae_core.runs.folder import runs
from ae_core.runs.status import status


@pytest.fixture(scope="module")
def packed(small_run):
    return zip_run(read_checkpoint(small_run))


@pytest.fixture
def parent(small_run, tmp_path):
    """Where runs are kept, with one in it."""
    shutil.copytree(small_run, tmp_path / "runs" / "there")
    return tmp_path / "runs"


def parts_of(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def packing(parts, method=zipfile.ZIP_STORED):
    """A zip of (name or ZipInfo, bytes) pairs."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return file.getvalue()


def test_there_and_back_it_is_the_same(packed, parent, small_run, digits):
    folder = unzip_run(packed, "small (1).zip")
    assert folder == parent / "small--1-"
    assert unzip_run(packed, "there.zip").name == "there-2"
    assert unzip_run(packed, "../../evil.zip") == parent / "evil"
    assert unzip_run(packed, "...").parent == parent
    before, after = read_checkpoint(small_run), read_checkpoint(folder)
    assert (before.config, before.shape, before.range, before.measures) == (
        after.config,
        after.shape,
        after.range,
        after.measures,
    )
    for name, value in before.model().state_dict().items():
        assert torch.equal(value, after.model().state_dict()[name])
    np.testing.assert_array_equal(before.codes()["z"], after.codes()["z"])
    assert torch.equal(before.pca().components, after.pca().components)
    assert before.metrics() == after.metrics()
    assert (status(folder)["state"], status(folder)["epoch"]) == ("done", 3)


def test_a_folder_that_was_zipped_by_hand_is_taken_too(packed, parent):
    flat = packing([(name.split("/")[1], data) for name, data in parts_of(packed).items()], zipfile.ZIP_DEFLATED)
    assert status(unzip_run(flat, "flat"))["state"] == "done"
    few = packing(
        [
            (name, data)
            for name, data in parts_of(packed).items()
            if name.endswith(("config.json", "weights.safetensors"))
        ]
    )
    assert status(unzip_run(few, "few"))["state"] == "stopped"


def renamed(prefix):
    return lambda parts: packing([(prefix + name.split("/")[-1], data) for name, data in parts.items()])


def with_part(name, data):
    return lambda parts: packing([(n, data if n.endswith(name) else d) for n, d in parts.items()])


def linked(parts):
    info = zipfile.ZipInfo("small/config.json")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return packing([(info, b"/etc/passwd"), *((n, d) for n, d in parts.items() if not n.endswith("config.json"))])


def lying(parts, size):
    """The sizes in the central directory are altered: those of the weights."""
    packed = bytearray(packing(parts.items()))
    at = packed.rindex(b"small/weights.safetensors") - 46
    packed[at + 20 : at + 28] = struct.pack("<II", size, size)
    return bytes(packed)


def encrypted(parts):
    packed = bytearray(packing(parts.items()))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := packed.find(signature, at + 1)) >= 0:
            packed[at + offset] |= 1
    return bytes(packed)


def bomb(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("small/config.json", parts["small/config.json"])
        with archive.open("small/weights.safetensors", "w", force_zip64=True) as weights:
            block = bytes(8 << 20)
            for _ in range(MAX_ZIP_BYTES // len(block) + 1):
                weights.write(block)
    return file.getvalue()


def header(size):
    return with_part("weights.safetensors", size.to_bytes(8, "little") + b"{}")


FOREIGN = {
    "names that lead out": (renamed("../../"), "config.json is not in it"),
    "names that lead out from below": (renamed("small/../../"), "config.json is not in it"),
    "absolute names": (renamed("/"), "config.json is not in it"),
    "names of a disk": (renamed("C:\\"), "config.json is not in it"),
    "a link": (linked, "config.json"),
    "a pickle as weights": (with_part("weights.safetensors", pickle.dumps({"a": 1})), "damaged or holds no weights"),
    "a header of 10 GB": (header(10 << 30), "damaged or holds no weights"),
    "a header without end": (header(2**64 - 1), "damaged or holds no weights"),
    "a bomb": (bomb, "would unpack to more than"),
    "sizes too small": (lambda parts: lying(parts, 100), "damaged"),
    "sizes too large": (lambda parts: lying(parts, 400 << 20), "damaged"),
    "a part twice": (lambda parts: packing([*parts.items(), ("small/config.json", b"{}")]), "config.json twice"),
    "two folders": (lambda parts: packing([*parts.items(), ("other/config.json", b"{}")]), "config.json twice"),
    "cut": (
        lambda parts: packing(parts.items())[:-200],
        "config.json is not in it",
    ),  # the codes are a zip of their own, whose end is found
    "cut at once": (lambda parts: packing(parts.items())[:20], "no zip file, or damaged"),
    "empty": (lambda parts: b"", "no zip file, or damaged"),
    "a zip of nothing": (lambda parts: packing([]), "config.json is not in it"),
    "no zip": (lambda parts: b"\x89PNG" + bytes(1000), "no zip file, or damaged"),
    "another recipe": (
        with_part("config.json", b'{"config": {"variant": "gan"}, "shape": [1, 8, 8], "range": null}'),
        "no variant 'gan'",
    ),
    "no recipe": (with_part("config.json", b"[]"), "config.json is not one"),
    "no weights": (
        lambda parts: packing([(n, d) for n, d in parts.items() if "weights" not in n]),
        "weights.safetensors is not in it",
    ),
    "encrypted": (encrypted, "no zip file, or damaged"),
    "packed by bzip2": (lambda parts: packing(parts.items(), zipfile.ZIP_BZIP2), "in another way"),
    "packed by LZMA": (lambda parts: packing(parts.items(), zipfile.ZIP_LZMA), "in another way"),
    "codes that are a pickle": (with_part("codes.npz", pickle.dumps([1])), "codes.npz is damaged"),
    "figures in too many brackets": (with_part("measures.json", b"[" * 100_000), "measures.json cannot be read"),
}


def look(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("foreign", FOREIGN)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_foreign_zip_is_one_sentence_and_leaves_nothing(foreign, packed, parent, tmp_path):
    make, says = FOREIGN[foreign]
    before = look(tmp_path)
    with pytest.raises(LatentError) as error:
        unzip_run(make(parts_of(packed)), "foreign.zip")
    assert says in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 300
    assert str(tmp_path) not in str(error.value)
    assert look(tmp_path) == before
    assert [path.name for path in parent.iterdir()] == ["there"]


def test_numbers_beyond_a_double_are_left_out(packed, parent):
    huge = (
        b'{"squared_error": 1, "pca_squared_error": 2, "kl": 3, "reconstruction": 4.5, "curve": [1, '
        + b"9" * 400
        + b'], "nll": NaN, "odd": '
        + b"9" * 400
        + b"}"
    )
    lines = b'{"epoch": 1, "seconds": 1, "train_loss": 1, "test_loss": ' + b"9" * 400 + b"}\n"
    parts = {
        name: huge if name.endswith("measures.json") else lines if name.endswith("metrics.jsonl") else data
        for name, data in parts_of(packed).items()
    }
    checkpoint = read_checkpoint(unzip_run(packing(parts.items()), "huge"))
    assert (checkpoint.measures, checkpoint.curves, checkpoint.metrics()) == (
        {"squared_error": 1, "pca_squared_error": 2, "kl": 3, "reconstruction": 4.5},
        {},
        [],
    )


def test_altered_bytes_raise_nothing_else(packed, parent):
    dice, taken = random.Random(0), 0
    for _ in range(60):
        broken = bytearray(packed)
        for _ in range(dice.choice((1, 5, 50))):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        try:
            unzip_run(bytes(broken), "altered")
            taken += 1
        except LatentError:
            pass
    assert len(runs()) == 1 + taken
    assert not list(parent.glob(".arriving-*"))


def test_where_runs_cannot_be_kept_is_said(packed, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "file"))
    with pytest.raises(LatentError, match="cannot be kept"):
        unzip_run(packed, "run")
