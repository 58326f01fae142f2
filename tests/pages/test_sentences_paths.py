"""No sentence on a page names a folder of the server."""

import shutil

from ae_core.runs.folder import runs_folder
from pages.ui.markdown import plain, without_server_paths

from ..support.apptest import opened


def test_a_folder_of_the_server_is_not_named(monkeypatch, tmp_path):
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "kept" / "runs"))
    folder = tmp_path / "kept" / "runs" / "private" / "0123456789abcdef0123" / "mine"
    assert without_server_paths(f"{folder}/codes.npz is damaged.") == "mine/codes.npz is damaged."
    assert without_server_paths(f"It cannot be kept in {tmp_path / 'kept' / 'runs'} (x).") == (
        "It cannot be kept in the server's folder (x)."
    )
    assert plain("a/b, /and or") == "a/b, /and or"


def test_a_damaged_run_is_said_without_its_path(small_run):
    shutil.copytree(small_run, runs_folder() / "mine")
    (runs_folder() / "mine" / "codes.npz").write_bytes(b"no codes")
    (runs_folder() / "mine" / "measures.json").write_text("{}")
    at = opened("explore", model="mine")
    said = [element.value for kind in (at.error, at.warning) for element in kind]
    assert any("mine/codes.npz is damaged" in sentence for sentence in said)
    assert not any(str(runs_folder()) in sentence for sentence in said)
