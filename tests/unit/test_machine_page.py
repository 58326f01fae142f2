"""The page "From a notebook to a machine": its code is run, in its order, in one folder."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / ".github" / "docs" / "machine.md"


def test_it_is_short():
    lines = PAGE.read_text("utf-8").splitlines()
    assert len(lines) <= 80


def wait_for(address):
    for _ in range(600):
        try:
            return urllib.request.urlopen(address, timeout=5)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise AssertionError("nobody answers")


@pytest.mark.slow
def test_its_code_runs(tmp_path, monkeypatch):
    pytest.importorskip("onnxruntime")
    monkeypatch.chdir(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    names, server = {}, None
    try:
        for kind, code in re.findall(r"```(python|bash)\n(.*?)```", PAGE.read_text("utf-8"), re.S):
            code = code.replace("8765", "18765")
            if kind == "python":
                exec(compile(code, PAGE.name, "exec"), names)
            elif "serve" in code:
                server = subprocess.Popen(["bash", "-c", f"exec {code}"], env=environment)
                wait_for("http://127.0.0.1:18765/health")
            else:
                subprocess.run(["bash", "-ec", code], env=environment, check=True)
    finally:
        if server is not None:
            os.kill(server.pid, signal.SIGKILL)
            server.wait()
    assert names["codes"].shape == (3000, 2)
    assert names["score"].shape == (1,)
    assert names["answer"]["next"] == 2
    file, stream = (pd.read_csv(name) for name in ("scores.csv", "stream.csv"))
    pd.testing.assert_frame_equal(file, stream, rtol=1e-4)
    assert (tmp_path / "runs/pump/tensorboard").is_dir()
