"""Links: what each page's parameters make of any text, and that what was read is written so that it is read again."""

import ast
import base64
import contextlib
import math
import random
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import parse_qsl

import numpy as np

from ae_core import LatentError, read_checkpoint
from ae_core.runs import folder as runs
from pages.ui.markdown import JOINER

from .mutations import NUMBERS, WILD_TEXT, wild_bytes
from .rules import ROOT, holds, plain
from .trained import CACHE

LONGEST_LINK = 100_000  # a server's limit is 64 kB


def page(name: str) -> types.ModuleType:
    """A page's functions: its module without the last line, which draws it."""
    if name not in CACHE:
        tree = ast.parse((ROOT / "pages" / f"{name}.py").read_text("utf-8"))
        tree.body = [
            node for node in tree.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
        ]
        module = types.ModuleType(f"fuzzed_{name}")
        exec(compile(tree, str(ROOT / "pages" / f"{name}.py"), "exec"), module.__dict__)
        CACHE[name] = module
    return CACHE[name]


def items() -> dict[str, Any]:
    """A shown model of each kind: two numbers, twenty, signals, and an ordered one."""
    from pages.session.models import LoadedModel, Nested

    if "items" not in CACHE:
        CACHE["items"] = {
            name: LoadedModel(read_checkpoint(name), 0)
            for name in ("digits-vae-2d", "sinusoids-vae-2d", "mnist-vae-20d")
        }
        CACHE["items"] |= {
            name: Nested(read_checkpoint(name))
            for name in ("mnist-nested-64d", "sinusoids-nested")
            if name in runs.checkpoints()
        }
    return CACHE["items"]


def link_seeds(place: Path) -> list[dict]:
    drawn = base64.urlsafe_b64encode(bytes(64)).decode()
    where = {
        "z": "0.25,-0.5",
        "backdrop": "distance",
        "colour": "frequency",
        "hide": "1,2",
        "axes": "0,1",
        "draw": "1",
        "drawn": drawn,
    }
    morph = {"a": "3", "b": "z0.5,0.5", "path": "straight", "even": "1", "over": "1", "t": "1.25"}
    seeds = [
        {"page": "explore", "model": name, "link": where}
        for name in ("digits-vae-2d", "sinusoids-vae-2d", "mnist-vae-20d")
    ]
    for name in ("digits-vae-2d", "mnist-vae-20d"):
        seeds += [
            {"page": "morph", "model": name, "link": morph},
            {"page": "corners", "model": name, "link": {"corners": "1,2,3,4", "at": "0.5,0.25"}},
        ]
        seeds.append(
            {
                "page": "arithmetic",
                "model": name,
                "link": {
                    "a_base": "3",
                    "a_slant": "1.5",
                    "a_plus": "1",
                    "a_minus": "2",
                    "a_share": "0.5",
                    "a_others": "same",
                },
            }
        )
        seeds.append({"page": "traversals", "model": name, "link": {"v_base": "3", "v_z": "1:0.5,2:-3"}})
        seeds.append(
            {
                "page": "samples",
                "model": name,
                "link": {"s_seed": "3", "s_t": "0.5", "s_r": "0.1", "s_like": "0.5,0.5", "s_like2": "1,1"},
            }
        )
    seeds.append(
        {
            "page": "bottleneck",
            "model": "mnist-nested-64d",
            "link": {"k": "5", "bits": "8", "residual": "1", "spectrum": "1", "sample": "7", "drawn": drawn},
        }
    )
    signal_link = {"seed": "3", "complexity": "2", "noise": "0.1", "phase": "1", "frequency": "2", "k": "3"}
    seeds += [
        {"page": "bottleneck", "model": name, "link": signal_link}
        for name in ("sinusoids-nested",)
        if name in runs.checkpoints()
    ]
    seeds.append({"page": "signals", "link": {"threshold": "robust:4.5", "view": "10:200"}})
    seeds.append({"page": "train", "link": {"run": "x", "epoch": "3"}})
    form = dict(
        parse_qsl("data=digits&variant=vae&k=2&hidden=64,32&lr=0.001&beta=4&epochs=3&network=mlp&tied=true&augment=0.5")
    )
    table = dict(
        parse_qsl(
            "data=csv&file=table-0123456789.csv&columns=a,b&normal=0:40&window=8&every=0.5&encoding=utf-8&variant=nested"
        )
    )
    seeds += [
        {"page": "form", "link": form},
        {"page": "form", "link": table},
        {"page": "form", "link": {"data": "sinusoids", "complexity": "3", "noise": "0.1"}},
    ]
    parts = {
        "sample": "2",
        "drawn": drawn,
        "noise": "0.5",
        "kind": "mask",
        "k": "3",
        "seed": "5",
        "share": "0.3",
        "beta": "2",
    }
    return [*seeds, *({"page": "variants", "figure": n, "link": parts} for n in range(20))]


def wild_link(dice: random.Random, given: dict, corpus: list[dict]) -> dict:
    link = dict(given["link"])
    for _ in range(dice.choice((1, 1, 2, 4))):
        key, how = dice.choice(list(link) or ["z"]), dice.random()
        if how < 0.35:
            link[key] = dice.choice((*NUMBERS, *WILD_TEXT))
        elif how < 0.6 and link.get(key):
            parts = link[key].split(",")
            parts[dice.randrange(len(parts))] = dice.choice((*NUMBERS, *WILD_TEXT))
            link[key] = ",".join(parts * dice.choice((1, 1, 1, 2, 500)))[:LONGEST_LINK]
        elif how < 0.75:
            link[key] = wild_bytes(dice, link.get(key, "").encode("utf-8", "replace"), []).decode("utf-8", "replace")[
                :20_000
            ]
        elif how < 0.85:
            link.pop(key, None)
        else:
            other = dice.choice(corpus)["link"]
            link |= {name: other[name] for name in dice.sample(list(other), min(1, len(other)))}
    return {**given, "link": link}


class Notes:
    """Where a page writes what is wrong with its link."""

    def __init__(self):
        self.said: list[str] = []

    def info(self, text: str, icon: str = "") -> None:
        self.said.append(text)

    warning = error = info


def try_link(given: dict, place: Path) -> None:
    """The page's parser; what it gives, written into a link again, means the same. Refused: where the page says
    something of the link.
    """
    import streamlit as st

    link, notes, state = dict(given["link"]), Notes(), {}
    with mock.patch.object(st, "query_params", link), mock.patch.object(st, "session_state", state):
        LINKS[given["page"]](given, link, notes, state)
    for text in notes.said:
        shown = text.replace("\u202e", "").replace(JOINER, "")
        holds(text.endswith(".") and shown.isprintable() and len(text) < 2000, f"says {text!r:.300}")
    if notes.said:
        raise LatentError("Said.")


def round_trip(read: Callable[[], dict], write: Callable[[dict], None], link: dict, notes: Notes) -> dict:
    """What the link gives; written anew it gives the same, and nothing is said of it."""
    view = read()
    plain(view)
    link.clear()
    write(view)
    holds(all(isinstance(value, str) and value for value in link.values()), f"writes {link!r:.300}")
    said = len(notes.said)
    again = read()
    holds(len(notes.said) == said, f"says of its own link {link!r:.200}: {notes.said[-1:]!r:.200}")
    holds(alike(view, again), f"{view!r:.300} became {again!r:.300}")
    return view


def alike(a: Any, b: Any) -> bool:
    """Whether two views are the same to six digits."""
    if isinstance(a, dict) and isinstance(b, dict):
        return all(alike(a.get(key), b.get(key)) for key in {*a, *b} - {"name"})
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(alike, a, b))
    return (
        math.isclose(a, b, rel_tol=1e-5, abs_tol=1e-6)
        if isinstance(a, float) and isinstance(b, (int, float))
        else (a or None) == (b or None)
    )


def told(reads: Callable[[dict], tuple[dict, list[str]]], link: dict, notes: Notes) -> Callable[[], dict]:
    """What a page reads from the link, as a function; what does not fit is said in `notes`."""
    from pages.ui.link import warn_invalid_params

    def read() -> dict:
        view, problems = reads(link)
        warn_invalid_params(notes, problems)
        return view

    return read


def filled(link: dict, texts: dict) -> None:
    """Put what a page writes into the link."""
    link.update({name: text for name, text in texts.items() if text})


def explore_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.explore import figure

    item = items()[given["model"]]
    usual = {**figure.default_view(item), "z": item.box.centre.tolist()}
    read = told(lambda texts: figure.view_from(texts, [item]), link, notes)
    view = round_trip(lambda: {**usual, **read()}, lambda view: filled(link, figure.link_of(view, item)), link, notes)
    z = np.array(view["z"])
    holds(
        z.shape == (item.model.k,) and (z >= item.box.low - 1e-6).all() and (z <= item.box.high + 1e-6).all(), f"z {z}"
    )


def morph_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.interpolate import morph

    item = items()[given["model"]]
    read = told(lambda texts: morph.view_from(texts, item), link, notes)
    view = round_trip(read, lambda view: filled(link, morph.link_of(view, item)), link, notes)
    holds(all(len(view[end]["z"]) == item.model.k for end in "ab") and -0.5 <= view["t"] <= 1.5, f"morph {view!r:.200}")


def corners_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.interpolate import corners
    from pages.ui.link import write

    item = items()[given["model"]]
    read = told(lambda texts: corners.view_from(texts, item), link, notes)
    view = round_trip(read, lambda view: filled(link, write(corners.CORNERS, view, item)), link, notes)
    holds(len(view["corners"]) == 4 and len(view["at"]) == 2, f"corners {view}")


def arithmetic_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.interpolate import arithmetic

    item, names = items()[given["model"]], list(arithmetic.OFFERED)
    read = told(lambda texts: arithmetic.view_from(texts, item, names), link, notes)
    round_trip(read, lambda view: filled(link, arithmetic.link_of(view, names)), link, notes)


def traversals_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.interpolate import traversals
    from pages.ui.link import write

    item = items()[given["model"]]
    read = told(lambda texts: traversals.view_from(texts, item), link, notes)
    round_trip(read, lambda view: filled(link, write(traversals.TRAVERSALS, view, item)), link, notes)


def samples_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.interpolate import samples

    item = items()[given["model"]]
    read = told(lambda texts: samples.view_from(texts, [item]), link, notes)
    round_trip(read, lambda view: filled(link, samples.link_of(view)), link, notes)


def bottleneck_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.bottleneck import figure
    from pages.sections.bottleneck import link as declared

    item = items()[given["model"]]
    with mock.patch.object(declared, "of_item", return_value={"count": 120}):
        read = told(lambda texts: figure.view_from(texts, item), link, notes)
        view = round_trip(read, lambda view: filled(link, figure.link_of(view, item)), link, notes)
    holds(1 <= view["k"] <= item.model.k and view["bits"] in (*range(1, 9), 32), f"view {view!r:.200}")


def signals_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from ae_core.anomaly.thresholds import Rule
    from pages.sections.signals.link import FILE, THRESHOLD, VIEW
    from pages.ui.link import read, write

    def reads(texts: dict) -> tuple[dict, list[str]]:
        view, problems = read((FILE, THRESHOLD, VIEW), texts, 500)
        rule = view.get("threshold", Rule())
        return {"threshold": [rule.kind, rule.amount], "view": list(view.get("view", ()))}, problems

    def writes(view: dict) -> None:
        rule, rows = Rule(*view["threshold"]), tuple(view["view"]) or None
        filled(link, write((THRESHOLD, VIEW), {"threshold": rule, "view": rows}, 500))

    view = round_trip(told(reads, link, notes), writes, link, notes)
    rows = view["view"]
    holds(not rows or 0 <= rows[0] < rows[1] <= 500, f"view {rows}")


def train_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.train.link import EPOCH, RUN
    from pages.ui.link import read

    view = told(lambda texts: read((RUN, EPOCH), texts, ()), link, notes)()
    holds("run" not in view and 0 <= view.get("epoch", 0) <= 10**7, f"{view}")


def form_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.train import form
    from pages.ui.link import current

    current().asked = dict(link)
    form.begin(notes)
    fields = form.all_fields(state["train-data"], state["train-variant"])
    values = {name: state.get(f"train-{name}", form.widget_value(field.default)) for name, field in fields.items()}
    for name, value in values.items():
        kind, knob = type(fields[name].default), fields[name].metadata["knob"]
        holds(isinstance(value, str if kind is tuple else kind), f"{name} is {value!r:.99}")
        if kind in (int, float):
            holds(knob.low <= value <= knob.high, f"{name} is {value}")


def variants_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.variants.figures import FIGURES
    from pages.sections.variants.link import Scene, parameters
    from pages.ui.link import defaults, read, write

    scene = Scene({"variant": items()["digits-vae-2d"]}, {"count": 60})
    if "figures" not in CACHE:
        CACHE["figures"] = []
        for figure in FIGURES.values():
            own = parameters(figure.parameters, scene)
            with contextlib.suppress(Exception):  # one that needs models which are not among these
                defaults(own, scene)
                CACHE["figures"].append(own)
    own = CACHE["figures"][given["figure"] % len(CACHE["figures"])]
    usual = defaults(own, scene)
    texts = told(lambda texts: read(own, texts, scene), link, notes)
    view = round_trip(lambda: {**usual, **texts()}, lambda view: filled(link, write(own, view, scene)), link, notes)
    for key, value in usual.items():
        holds(value is None or type(view[key]) is type(value), f"{key} is {view[key]!r:.99}")


LINKS = {
    "explore": explore_link,
    "morph": morph_link,
    "corners": corners_link,
    "bottleneck": bottleneck_link,
    "signals": signals_link,
    "train": train_link,
}
LINKS |= {
    "form": form_link,
    "variants": variants_link,
    "arithmetic": arithmetic_link,
    "traversals": traversals_link,
    "samples": samples_link,
}
