"""What a config.json of before means: recipes of all ages, also without keys that came later, and refused ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from ae_core import Config, LatentError
from ae_core.data import source
from ae_core.runs.checkpoint import read_checkpoint
from ae_core.runs.records import read_config

HERE = Path(__file__).resolve().parent
CONFIGS = json.loads((HERE / "configs.json").read_text("utf-8"))
RENAMED = {
    "bridge": "max_gap_steps",
    "every": "resample_seconds",
    "memory": "smoothing_rows",
    "scores": "score_type",
}  # a setting's name of before -> its name now


def meaning(config: Config, wanted: dict[str, Any]) -> dict[str, Any]:
    """What the recipe says of the settings in `wanted`, by their names of before; of its source also the defaults."""
    data = source(config.data, **config.source)
    found = {}
    for name in wanted:
        now = RENAMED.get(name, name)
        owner = next((each for each in (config, data) if hasattr(each, now)), None)
        value = config.sockets[now] if now in config.sockets else getattr(owner, now)
        found[name] = list(value) if isinstance(value, tuple) else value
    return found


def test_there_are_twelve():
    assert len(CONFIGS) == 12


@pytest.mark.parametrize("each", CONFIGS, ids=lambda each: each["what"])
def test_a_config_means_what_it_meant(each, tmp_path):
    (tmp_path / "config.json").write_text(json.dumps(each["file"]))
    if "refused" in each:
        with pytest.raises(LatentError) as told:
            read_checkpoint(tmp_path)
        assert all(word in str(told.value) for word in each["refused"])
        return
    config = read_config(tmp_path)
    assert meaning(config, each["means"]) == each["means"]
    assert Config.from_json(json.loads(json.dumps(config.to_json()))) == config
    if "shape" in each["file"]:
        assert list(read_checkpoint(tmp_path).shape) == each["file"]["shape"]
