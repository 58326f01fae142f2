"""Whole pages by their links."""

import shutil
from pathlib import Path

from ae_core import LatentError
from ae_core.model.variants import VARIANTS
from ae_core.runs import folder as runs

from ..support.apptest import opened
from .links import link_seeds
from .rules import SECONDS, holds, tree
from .trained import trained


def page_seeds(place: Path) -> list[dict]:
    """{page, link} for each page, figure and way; two runs are there to be asked for."""
    for name, folder in trained(place).items():
        if not (mine := runs.runs_folder() / name).exists():
            shutil.copytree(folder, mine)
    parsed = [seed for seed in link_seeds(place) if seed.get("model") != "mnist-vae-20d"]
    owner = {
        "form": "train",
        **dict.fromkeys(("morph", "corners", "arithmetic", "traversals", "samples"), "interpolate"),
    }
    found = []
    for seed in parsed:
        if seed["page"] == "variants":
            continue
        link = {"model": seed["model"]} if "model" in seed else {}
        mode = {"mode": seed["page"]} if owner.get(seed["page"]) == "interpolate" else {}
        found.append({"page": owner.get(seed["page"], seed["page"]), "link": {**link, **mode, **seed["link"]}})
    found += [
        {"page": "train", "link": {"run": "picture", "epoch": "2"}},
        {"page": "runs", "link": {"runs": "picture,mnist-vae-2d"}},
    ]
    found.append({"page": "signals", "link": {"run": "signal", "threshold": "rolling:3", "view": "10:200"}})
    parts = next(seed["link"] for seed in parsed if seed["page"] == "variants")
    found += [{"page": "variants", "link": {"variant": variant, **parts}} for variant in VARIANTS]
    return [*found, {"page": "explore", "link": {"model": "digits-vae-2d", "beside": "picture", "present": "1"}}]


def try_page(given: dict, place: Path) -> None:
    """The page as a visitor opens it by this link. Refused: where it says that something is wrong."""
    before = tree(runs.runs_folder())
    at = opened(given["page"], None, 4 * SECONDS, **given["link"])
    holds(not at.exception, f"{given['page']}: {[e.message for e in at.exception]!r:.400}")
    holds(before == tree(runs.runs_folder()), f"{given['page']} changed the runs")
    said = [element.value for element in (*at.error, *at.warning)]
    for text in said:
        holds(
            text.rstrip("*").endswith((".", "?")) and len(text) < 2000 and "Traceback" not in text,
            f"{given['page']} says {text!r:.300}",
        )
    if said:
        raise LatentError("Said.")
