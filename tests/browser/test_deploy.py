"""The container as far as it can be proven without Docker: what it copies is there, its commands run, its image has the
pinned packages.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from ..support.browser import free_port

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE = yaml.safe_load((ROOT / ".docker" / "compose.yaml").read_text("utf-8"))
PINNED = (ROOT / "tests" / "requirements.txt").read_text("utf-8")


def copied() -> list[str]:
    """What the image has of this project."""
    return [name for line in re.findall(r"^COPY (.+)$", DOCKERFILE, re.M) for name in line.split()[:-1]]


def listed(instruction: str) -> list[str]:
    """The arguments of the last instruction that is written as a list."""
    return json.loads(re.findall(rf"^\s*{instruction} (\[.+\])$", DOCKERFILE, re.M)[-1])


def test_what_is_copied_is_there_and_let_through():
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set(copied()) == allowed
    assert all((ROOT / name).exists() for name in copied())


def test_it_runs_without_rights_and_with_the_tested_packages():
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.M) == ["latent"]
    (distributed,) = re.findall(r'ARG DISTRIBUTED="(.+)"', DOCKERFILE)
    assert f"{distributed} " in PINNED
    assert distributed in (ROOT / ".github/docs/deployment.md").read_text("utf-8")


@pytest.mark.slow
def test_the_image_serves_and_its_health_check_sees_it(tmp_path):
    """The image's files alone, its command on another port, its health check against that."""
    for name in copied():
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)
    port = str(free_port())
    command = [part.replace("8501", port).replace("0.0.0.0", "127.0.0.1") for part in listed("CMD")]
    (health,) = re.findall(r"HEALTHCHECK .*\\\n\s+CMD (\[.+\])$", DOCKERFILE, re.M)
    check = [part.replace("8501", port) for part in json.loads(health)]
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path),
        "LATENT_RUNS": str(tmp_path / "runs"),
        "LATENT_DATA": str(tmp_path / "data"),
    }
    server = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 60
        while (
            healthy := subprocess.run([sys.executable, *check[1:]], check=False, capture_output=True).returncode
        ) and time.monotonic() < end:
            assert server.poll() is None
        assert healthy == 0
    finally:
        server.terminate()
        server.wait(10)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["app", "scheduler", "worker"])
def test_compose_starts_what_there_is(name):
    service = COMPOSE["services"][name]
    assert (ROOT / ".docker" / service["build"]["context"] / "Dockerfile").resolve() == ROOT / "Dockerfile"
    assert all(volume.split(":")[0] in COMPOSE["volumes"] for volume in service["volumes"])
    if name == "app":
        assert service["environment"]["LATENT_SCHEDULER"].endswith(":8786")
        return
    assert "ports" not in service
    options = [part for part in service["command"][2:] if part.startswith("--")]
    known = subprocess.run(
        [sys.executable, "-m", "dask", service["command"][1], "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert all(option in known for option in options)
