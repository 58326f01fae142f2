"""Reading what may be damaged, and writing so that nobody sees a part: the one place for both."""

import io
import json
import struct
import zipfile

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save, save_file

from ae_core import LatentError
from ae_core.base.files import (
    MAX_JSON_BYTES,
    read_arrays,
    read_json,
    read_tensors,
    reading,
    replace,
    tensor_shapes,
    write_json,
)


@pytest.mark.parametrize("error", [OSError("x"), ValueError("x"), EOFError(), zipfile.BadZipFile(), struct.error("x")])
def test_what_a_format_raises_becomes_one_sentence(tmp_path, error):
    with (
        pytest.raises(LatentError, match=r"codes\.npz is damaged or holds no codes: make them again\.$") as caught,
        reading(tmp_path / "codes.npz", "codes", advice="make them again"),
    ):
        raise error
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("error", [TypeError, AttributeError, KeyError, RuntimeError, MemoryError, ZeroDivisionError])
def test_a_programming_error_is_not_called_damage(tmp_path, error):
    with pytest.raises(error), reading(tmp_path, "codes"):
        raise error


def test_a_sentence_passes_as_it_is_and_a_missing_file_is_called_missing(tmp_path):
    with pytest.raises(LatentError, match=r"^Enough$"), reading(tmp_path, "codes"):
        raise LatentError("Enough")
    with pytest.raises(LatentError, match=r"is missing: train first\.$"), reading(tmp_path, "codes", "train first"):
        (tmp_path / "none").read_bytes()


def test_json_is_written_whole_and_read_back(tmp_path):
    path = tmp_path / "about.json"
    write_json(path, {"größe": [1, 2.5]})
    assert read_json(path) == {"größe": [1, 2.5]}
    with pytest.raises(ValueError, match="JSON"):
        write_json(path, {"loss": float("nan")})
    assert read_json(path) == {"größe": [1, 2.5]}
    assert [p.name for p in tmp_path.iterdir()] == ["about.json"]


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\xff", "NaN}"])
def test_broken_json_is_a_sentence(tmp_path, text):
    (tmp_path / "a.json").write_text(text, "latin-1")
    with pytest.raises(LatentError, match="cannot be read"):
        read_json(tmp_path / "a.json")


def test_missing_and_huge_json(tmp_path):
    with pytest.raises(LatentError, match="is missing"):
        read_json(tmp_path / "a.json")
    (tmp_path / "a.json").write_text(json.dumps("a" * MAX_JSON_BYTES))
    with pytest.raises(LatentError, match="too large"):
        read_json(tmp_path / "a.json")


def test_a_reader_never_sees_half_a_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail(beside):
        beside.write_text("half")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        replace(path, fail)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


ARRAYS = {
    "z": np.arange(12, dtype=np.float32).reshape(6, 2),
    "y": np.arange(6),
    "turned": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "empty": np.zeros((0, 3), np.float32),
    "scalar": np.float64(3),
}


@pytest.mark.parametrize("save_arrays", [np.savez, np.savez_compressed])
def test_arrays_are_read_as_numpy_reads_them(tmp_path, save_arrays):
    save_arrays(tmp_path / "a.npz", **ARRAYS)
    read = read_arrays(tmp_path / "a.npz", [*ARRAYS, "absent"])
    assert read.keys() == ARRAYS.keys()
    for name, value in ARRAYS.items():
        np.testing.assert_array_equal(read[name], value)
        assert read[name].dtype == value.dtype
        assert read[name].flags.writeable


def with_part(head: bytes) -> bytes:
    """An .npz whose only part, z, is described by `head` and has no values."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("z.npy", b"\x93NUMPY\1\0" + struct.pack("<H", len(head)) + head)
    return file.getvalue()


@pytest.mark.parametrize(
    "head",
    [
        b"{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999, 9999999999999)}",
        b"{'descr': '|O', 'fortran_order': False, 'shape': ()}",
        b"{'descr': '<f4', 'fortran_order': False, 'shape': 3}",
        b"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        b"{'descr': None, 'fortran_order': False}",
        b"{'descr': '<q9'}",
        b"[1]",
        b"(" * 5000,
        b"\xff\xfe",
        b"",
    ],
)
def test_a_false_description_takes_no_memory(tmp_path, head):
    (tmp_path / "a.npz").write_bytes(with_part(head))
    with pytest.raises(LatentError, match="is damaged"), reading(tmp_path / "a.npz", "codes"):
        read_arrays(tmp_path / "a.npz", ["z"])


def test_a_zip_of_a_later_version_is_damaged(tmp_path):
    np.savez_compressed(tmp_path / "a.npz", **ARRAYS)
    content = bytearray((tmp_path / "a.npz").read_bytes())
    content[content.index(b"PK\1\2") + 6] = 64  # the version that is needed to unpack the first part
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(LatentError, match="is damaged"), reading(tmp_path / "a.npz", "codes"):
        read_arrays(tmp_path / "a.npz", ARRAYS)


def test_arrays_that_would_unpack_to_much_are_refused(tmp_path):
    np.savez_compressed(tmp_path / "a.npz", z=np.zeros(1 << 20, np.uint8))
    with pytest.raises(LatentError, match="unpack"):
        read_arrays(tmp_path / "a.npz", ["z"], max_bytes=1 << 19)


@given(st.data())
def test_a_cut_or_altered_archive_is_damaged_or_readable(tmp_path_factory, data):
    file = io.BytesIO()
    np.savez_compressed(file, **ARRAYS)
    path = tmp_path_factory.mktemp("a") / "a.npz"
    path.write_bytes(altered(file.getvalue(), data))
    try:
        with reading(path, "codes"):
            read_arrays(path, ARRAYS)
    except LatentError:
        pass


@given(st.data())
def test_cut_or_altered_tensors_are_damaged_or_readable(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("a") / "a.safetensors"
    path.write_bytes(altered(save({"a": torch.zeros(3, 2), "b": torch.ones(2, dtype=torch.int64)}), data))
    try:
        with reading(path, "weights"):
            read_tensors(path)
    except LatentError:
        pass


def altered(file: bytes, data) -> bytes:
    """The file with a few bytes replaced, or cut."""
    file = bytearray(file)
    for _ in range(data.draw(st.integers(0, 3))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    return bytes(file[: data.draw(st.integers(0, len(file)))]) if data.draw(st.booleans()) else bytes(file)


def test_tensors_and_their_shapes(tmp_path):
    path = tmp_path / "a.safetensors"
    save_file({"a": torch.zeros(3, 2)}, path)
    assert tensor_shapes(path) == {"a": (3, 2)}
    assert read_tensors(path)["a"].shape == (3, 2)


def test_a_number_format_that_torch_may_not_have(tmp_path):
    path = tmp_path / "a.safetensors"
    head = json.dumps({"a": {"dtype": "F8_E8M0", "shape": [1], "data_offsets": [0, 1]}}).encode()
    path.write_bytes(struct.pack("<Q", len(head)) + head + b"\0")
    with pytest.raises(LatentError, match="is damaged"), reading(path, "weights"):
        read_tensors(path)
