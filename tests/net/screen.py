"""What a person sees on each page, read off Streamlit's AppTest and told in the words of the link.

The only file of the net that knows how a page is made: where a label, a component or a key of its payload gets another
name, it is changed here. The data beside it (links.json and the others) say what was on the screen before, and stay.
"""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from streamlit.testing.v1 import AppTest

from pages.sections.train import keys

from ..support.apptest import link_of, opened

# A link's key of before -> the key that is written now, where it got a better name.
RENAMED = {
    "bridge": "max_gap_steps",
    "every": "resample_seconds",
    "memory": "smoothing_rows",
    "scores": "score_type",
}
NOTE = "Some link parameters"  # how a note on a link begins

Shows = dict[str, Any]


def parts_of(url: str) -> tuple[str, dict[str, str]]:
    """(page, parameters) of a link such as /train?data=digits; "/" is Explore."""
    split = urlsplit(url)
    return split.path.strip("/") or "explore", dict(parse_qsl(split.query, keep_blank_values=True))


def look(url: str) -> dict[str, Any]:
    """{"url", "shows": what is on the screen, "note": see `note`, "link": what is written back}."""
    page, link = parts_of(url)
    at = opened(page, None, 60, **link)
    assert not at.exception, at.exception[0].message
    before = {now: key for key, now in RENAMED.items()}
    written = {before.get(key, key): text for key, text in link_of(at).items()}
    return {"url": url, "shows": plain(PAGES[page](at, link)), "note": note(at, link), "link": written}


def note(at: AppTest, link: dict[str, str]) -> list[str] | None:
    """The parameters of the link that a note on it names; None where there is no note."""
    said = " ".join(element.value.replace("\\", "") for element in at.info if element.value.startswith(NOTE))
    if not said:
        return None
    said = re.sub("(fit|with) this model", "", said)  # no word on the parameter of that name
    return sorted(key for key in link if re.search(rf"\b{re.escape(key)}\b", said))


def payload(at: AppTest, *keys: str) -> dict[str, Any]:
    """What the figure was given whose data have all these keys."""
    for element in at.get("bidi_component"):
        data = json.loads(element.proto.json) if element.proto.json else None
        if isinstance(data, dict) and set(keys) <= set(data):
            return data
    raise AssertionError(f"no figure has {', '.join(keys)}")


def digest(text: str | None) -> str:
    """A short stand-in for a picture."""
    return hashlib.sha256(text.encode()).hexdigest()[:8] if text else ""


def plain(value: Any) -> Any:
    """As JSON gives it back, floats to six digits."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def explore(at: AppTest, link: dict[str, str]) -> Shows:
    pad = payload(at, "views", "backdrop")
    sheet = pad["sheet"]
    return {
        "models": pad["views"],
        "z": pad["z"],
        "backdrop": pad["backdrop"],
        "colour": pad["colour"],
        "hide": pad["hidden"],
        "axes": pad["axes"],
        "draw": sheet is not None,
        "drawn": digest(sheet and sheet["values"]),
        "layers": {model: sorted(layers) for model, layers in pad["fields"].items()},
    }


def bottleneck(at: AppTest, link: dict[str, str]) -> Shows:
    data = payload(at, "bits", "curve")
    given = dict(data["input"] or {})
    if "values" in given:
        given["values"] = digest(given["values"])
    shown = {key: data[key] for key in ("model", "k", "bits", "residual", "spectrum")}
    errors = [data["curve"][who][data["k"] - 1] for who in ("network", "pca")]
    return {**shown, "input": given, "errors": errors, "sizes": len(data["curve"]["pca"])}


def interpolate(at: AppTest, link: dict[str, str]) -> Shows:
    mode = link.get("mode", "morph")
    if mode not in ("arithmetic", "traversals", "samples"):
        data = payload(at, "model", "figure")
        if data["figure"] == "corners":
            return {"mode": "corners", "models": [data["model"]], "corners": data["corners"], "at": data["at"]}
        ends = {key: data[key] for key in ("a", "b")}
        return {
            "mode": "morph",
            "models": [data["model"]],
            **{key: {"index": end.get("index"), "z": end["z"]} for key, end in ends.items()},
            **{"path": data["path"], "t": data["t"], "even": data["even"], "over": data["overshoot"]},
        }
    data = payload(at, "models", "mode", "view")
    return {"mode": data["mode"], "models": data["models"], **data["view"]}


def train(at: AppTest, link: dict[str, str]) -> Shows:
    film = payload(at, "run", "epochs_total")
    widgets = [*at.selectbox, *at.number_input, *at.text_input, *at.toggle]
    values = {each.key: each.value for each in widgets}
    asked = {
        name: values.get(keys.setting(RENAMED.get(name, name)), "not there")
        for name in ("data", "variant", *link)
        if name not in ("run", "epoch", "preset")
    }
    return {"run": film["run"], "epoch": film["epoch"], "epochs_of_run": film["epochs_total"], "form": asked}


def runs(at: AppTest, link: dict[str, str]) -> Shows:
    rows = list(at.dataframe[0].value["run"])
    drawn = [element.value.strip("*") for element in at.markdown]
    undrawn = [element.value.removesuffix(" has no map yet.") for element in at.caption]
    ticked = [name for text in drawn + undrawn if (name := text.replace("\\", "")) in rows]
    return {"ticked": sorted(set(ticked)), "maps": len(at.get("plotly_chart"))}


def signals(at: AppTest, link: dict[str, str]) -> Shows:
    data = payload(at, "rule", "amount")
    menus = [each.value for each in at.selectbox if each.label == "Run"]
    # "by chance" stands beside them since a useless score's figure does
    table = at.table[0].value.drop(columns="by chance", errors="ignore") if len(at.table) else None
    figures = [] if table is None else [str(value) for value in table.iloc[0].tolist()]
    return {
        "run": menus[0] if menus else "",
        **{key: data[key] for key in ("rule", "amount", "view", "normal", "network")},
        "figures": figures,
    }


def variants(at: AppTest, link: dict[str, str]) -> Shows:
    data = payload(at, "roles", "start")
    start = {key: value for key, value in data["start"].items() if key != "draw"}  # no link of then said it
    if start.get("drawn"):
        start["drawn"] = digest(start["drawn"])
    chosen = [each.value for each in at.get("button_group") if each.label == "The variant"]
    return {
        "variant": chosen[0],
        "figure": data["figure"],
        "models": {role: each["name"] for role, each in data["roles"].items()},
        **start,
    }


PAGES: dict[str, Callable[[AppTest, dict[str, str]], Shows]] = {
    "explore": explore,
    "bottleneck": bottleneck,
    "interpolate": interpolate,
    "train": train,
    "runs": runs,
    "signals": signals,
    "variants": variants,
}
