"""What links may say: every declared parameter of every page is read, checked, written back and documented."""

import math
import re

import pytest

from pages.sections import links
from pages.sections.bottleneck import figure as bottleneck
from pages.sections.explore import figure as explore
from pages.sections.interpolate import arithmetic, corners, morph, samples, traversals
from pages.sections.signals.link import THRESHOLD
from pages.sections.train.recipe import all_fields
from pages.session.models import load_model, nested
from pages.ui import link as ui
from pages.ui.link import state

from ..support.apptest import ROOT, link_of, opened, pads, said

NAMES = list(arithmetic.OFFERED)
BAD = "¡no!"


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.chdir(ROOT)


# Of each figure: how it is read and written, and a model.
FIGURES = {
    "explore": (
        lambda texts, name: explore.view_from(texts, [load_model(name)]),
        lambda view, name: explore.link_of({**explore.default_view(load_model(name)), **view}, load_model(name)),
        "mnist-vae-2d",
    ),
    "bottleneck": (
        lambda texts, name: bottleneck.view_from(texts, nested(name)),
        lambda view, name: bottleneck.link_of(view, nested(name)),
        "digits-nested",
    ),
    "signal": (
        lambda texts, name: bottleneck.view_from(texts, nested(name)),
        lambda view, name: bottleneck.link_of(view, nested(name)),
        "sinusoids-nested",
    ),
    "morph": (
        lambda texts, name: morph.view_from(texts, load_model(name)),
        lambda view, name: morph.link_of(view, load_model(name)),
        "mnist-vae-2d",
    ),
    "corners": (
        lambda texts, name: corners.view_from(texts, load_model(name)),
        lambda view, name: ui.write(corners.CORNERS, view, load_model(name)),
        "mnist-vae-2d",
    ),
    "arithmetic": (
        lambda texts, name: arithmetic.view_from(texts, load_model(name), NAMES),
        lambda view, name: arithmetic.link_of(view, NAMES),
        "mnist-vae-20d",
    ),
    "traversals": (
        lambda texts, name: traversals.view_from(texts, load_model(name)),
        lambda view, name: ui.write(traversals.TRAVERSALS, view, load_model(name)),
        "mnist-vae-20d",
    ),
    "samples": (
        lambda texts, name: samples.view_from(texts, [load_model(name), load_model("mnist-deep-30d")]),
        lambda view, name: samples.link_of(view),
        "mnist-vae-20d",
    ),
}
TWENTY = ",".join(["0.25"] * 20)


@pytest.mark.parametrize(
    ("figure", "texts"),
    [
        ("explore", {}),
        ("explore", {"z": "0.25,-0.5", "backdrop": "stretch", "hide": "3,7", "axes": "1,0"}),
        ("explore", {"draw": "1"}),
        ("bottleneck", {"k": "5", "bits": "3", "residual": "1", "sample": "17"}),
        ("bottleneck", {"drawn": "AAEC" * 21 + "AA=="[:0] + "AA=="}),
        ("signal", {"k": "3", "spectrum": "1", "seed": "4", "complexity": "7", "noise": "0.2", "frequency": "2.5"}),
        ("morph", {"a": "3", "b": "z0.5,-1", "path": "geodesic", "t": "0.25", "even": "1"}),
        ("morph", {"over": "1", "t": "1.25"}),
        ("corners", {"corners": "3,1,4,15", "at": "0.25,1"}),
        ("arithmetic", {}),
        ("arithmetic", {"a_slant": "0"}),
        ("arithmetic", {"a_base": "12", "a_width": "-2.25", "a_others": "same"}),
        ("arithmetic", {"a_share": "0.5", "a_plus": "3", "a_minus": "0"}),
        ("traversals", {"v_base": "7", "v_z": "13:1.5,2:-3"}),
        ("samples", {"s_seed": "4", "s_t": "0.5", "s_r": "0"}),
        ("samples", {"s_like": TWENTY}),
    ],
)
def test_a_link_means_what_is_written_of_it(figure, texts):
    reads, writes, model = FIGURES[figure]
    view, problems = reads(texts, model)
    assert problems == []
    assert {name: text for name, text in writes(view, model).items() if text} == texts


@pytest.mark.parametrize(
    ("figure", "texts", "says"),
    [
        ("explore", {"z": "1"}, "z must be 2 numbers"),
        ("explore", {"z": "1,nan"}, "z must be 2 numbers"),
        ("explore", {"z": "1e400,0"}, "z must be 2 numbers"),
        ("explore", {"z": "one,two"}, "z must be 2 numbers"),
        ("explore", {"z": "9" * 5000}, "z must be 2 numbers"),
        ("explore", {"z": "1e9,0"}, "z was outside the map and was moved to its edge"),
        ("explore", {"backdrop": "sky"}, "backdrop must be one of points"),
        ("explore", {"colour": "frequency"}, "colour is not offered here"),
        ("explore", {"hide": "10"}, "hide must be whole numbers between 0 and 9"),
        ("explore", {"hide": "x"}, "hide must be"),
        ("explore", {"axes": "0,0"}, "axes must be 2 whole numbers between 0 and 1"),
        ("explore", {"axes": "0,7"}, "axes must be"),
        ("explore", {"drawn": "AAAA"}, "drawn must be a drawing"),
        ("explore", {"drawn": "%%%"}, "drawn must be"),
        ("explore", {"drawn": "ü" * 9000}, "drawn must be"),
        ("bottleneck", {"k": "0"}, "k must be a whole number between 1 and 24"),
        ("bottleneck", {"k": "25"}, "k must be"),
        ("bottleneck", {"k": "many"}, "k must be"),
        ("bottleneck", {"bits": "99"}, "bits must be a whole number between 1 and 8 or 32"),
        ("bottleneck", {"drawn": "%%%"}, "drawn must be"),
        ("bottleneck", {"sample": "99999"}, "sample must be a whole number between 0 and 119"),
        ("bottleneck", {"sample": "x"}, "sample must be"),
        ("signal", {"noise": "nan"}, "noise must be"),
        ("signal", {"seed": "1e300"}, "seed must be"),
        ("morph", {"a": "-1"}, "a must be a sample between 0 and 9999"),
        ("morph", {"a": "10000"}, "a must be"),
        ("morph", {"a": "9" * 5000}, "a must be"),
        ("morph", {"b": "seven"}, "b must be"),
        ("morph", {"b": "z1"}, "b must be"),
        ("morph", {"b": "z1,nan"}, "b must be"),
        ("morph", {"b": "z1,1e400"}, "b must be"),
        ("morph", {"b": "z1,1e9"}, "b was far outside the map"),
        ("morph", {"path": "spherical"}, "path must be one of straight, geodesic"),
        ("morph", {"path": "<script>"}, "path must be"),
        ("morph", {"t": "1.2"}, "t must be between 0 and 1"),
        ("morph", {"t": "nan"}, "t must be between"),
        ("morph", {"t": "2", "over": "1"}, "t must be between -0.5 and 1.5"),
        ("morph", {"even": "yes"}, "even must be 1"),
        ("morph", {"over": "0"}, "over must be 1"),
        ("corners", {"corners": "1,2,3"}, "corners must be 4 whole numbers between 0 and 9999"),
        ("corners", {"corners": "1,2,3,99999"}, "corners must be"),
        ("corners", {"at": "0.5"}, "at must be 2 numbers between 0 and 1"),
        ("corners", {"at": "nan,0"}, "at must be"),
        ("arithmetic", {"a_base": "-1"}, "a_base must be a whole number between 0 and"),
        ("arithmetic", {"a_base": "99999999999999999999"}, "a_base must be"),
        ("arithmetic", {"a_slant": "much"}, "a_slant must be between -3 and 3"),
        ("arithmetic", {"a_slant": "nan"}, "a_slant must be"),
        ("arithmetic", {"a_slant": "1e9"}, "a_slant must be between -3 and 3"),
        ("arithmetic", {"a_plus": "10"}, "a_plus must be a whole number between 0 and 9"),
        ("arithmetic", {"a_minus": "²"}, "a_minus must be"),
        ("arithmetic", {"a_share": "inf"}, "a_share must be between 0 and 2"),
        ("arithmetic", {"a_others": "<script>"}, "a_others must be one of all, same"),
        ("traversals", {"v_base": "none"}, "v_base must be"),
        ("traversals", {"v_z": "21:1"}, "v_z must be pairs"),
        ("traversals", {"v_z": "0:1"}, "v_z must be pairs"),
        ("traversals", {"v_z": "1:nan"}, "v_z must be pairs"),
        ("traversals", {"v_z": "1:2:3"}, "v_z must be pairs"),
        ("traversals", {"v_z": "9" * 5000}, "v_z must be pairs"),
        ("traversals", {"v_z": "1:400"}, "v_z must be within 3"),
        ("samples", {"s_seed": "-3"}, "s_seed must be"),
        ("samples", {"s_seed": str(2**40)}, "s_seed must be"),
        ("samples", {"s_t": "-1"}, "s_t must be between 0 and 2"),
        ("samples", {"s_r": "wide"}, "s_r must be between 0 and 1.5"),
        ("samples", {"s_like": "1,2"}, "s_like must be 20 numbers"),
        ("samples", {"s_like": ",".join(["inf"] * 20)}, "s_like must be 20 numbers"),
        ("samples", {"s_like2": "1,2"}, "s_like2 must be 30 numbers"),
    ],
)
def test_a_text_that_does_not_fit_is_one_sentence_and_what_is_shown_can_be_written(figure, texts, says):
    reads, writes, model = FIGURES[figure]
    view, problems = reads(texts, model)
    assert len(problems) == 1
    assert problems[0].startswith(says)
    written = {name: text for name, text in writes(view, model).items() if text}
    again, problems = reads(written, model)
    assert problems == []
    assert writes(again, model) == writes(view, model)


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ({"model": "nothing"}, "no such model here"),
        ({"model": "../../etc/passwd"}, "no such model here"),
        ({"model": "<script>alert(1)</script>"}, "no such model here"),
        ({"beside": "sinusoids-vae-2d"}, "does not fit"),
    ],
)
def test_a_model_that_is_not_here_is_one_sentence(link, says):
    at = opened("explore", None, 60, **link)
    assert says in said(at)
    assert len([*at.info, *at.warning]) == 1
    assert pads(at)[0]["views"] == ["mnist-vae-2d"]
    assert link_of(at) == {}


CASES = [(page, "") for page in links.PAGES if page != "interpolate"]
CASES += [("interpolate", mode) for mode in ("morph", "corners", "arithmetic", "traversals", "samples")]
READ = {  # of pages that read some of their parameters alone
    "bottleneck": ["model", "k", "bits", "residual", "spectrum", "sample", "drawn"],
    "train": ["run", "epoch", "data", "variant", *all_fields("digits", "vae")],
    "runs": ["run"],
    "data": ["file", "kind"],
    "variants": ["variant", "figure", "x", "y", "field"],
}
PREFIX = {"arithmetic": "a_", "traversals": "v_", "samples": "s_"}


@pytest.mark.parametrize(("page", "mode"), CASES)
def test_no_parameter_can_break_its_page(page, mode):
    """All of a page's parameters at once, each as it cannot be meant: the page stands and names those that it reads."""
    names = [parameter.name for parameter in links.PAGES[page] if parameter.name != "mode"]
    at = opened(page, None, 60, **dict.fromkeys(names, BAD), **({"mode": mode} if mode else {}))
    words = said(at)
    assert not set(link_of(at)) - {"mode"} or all(BAD not in text for text in link_of(at).values())
    if mode:
        own = [name for name in names if name.startswith(PREFIX.get(mode, "\0"))]
        names = own or (["corners", "at"] if mode == "corners" else ["a", "b", "path", "t", "even", "over"])
    names = READ.get(page, names)
    for name in names:
        if page in ("train", "signals", "runs"):  # the core or the page has a sentence of its own
            assert re.search(rf"\b{name.replace('_', '-')}\b", words.replace("runs", "run")), name
            continue
        assert f"{name} must" in words or f"{name} is not" in words or f"{name} '" in words.replace("\\", ""), name


def test_names_are_declared_once_and_say_what_they_are():
    for page, parameters in links.PAGES.items():
        names = [name for parameter in parameters for name in (parameter.name, *parameter.alias)]
        assert len(names) == len(set(names)), page
        for parameter in parameters:
            assert parameter.about
            assert parameter.values


def test_the_documentation_is_what_is_declared():
    assert (ROOT / ".github" / "docs" / "links.md").read_text("utf-8") == links.documentation()


# ---- entries of the history ----


def test_a_choice_is_an_entry_though_it_can_be_dragged_too(monkeypatch):
    browser, entries = state.Browser(page="page"), []
    browser.pages["page"] = state.PageLink(parameters=(ui.Number(name="x", about="a slider, with a button for 0"),))
    monkeypatch.setattr(state, "_browser", lambda: browser)
    monkeypatch.setattr(state, "address", lambda data, key: entries.append(data["entry"]))
    shown = [("", 0), ("1", 0), ("", 7), ("2", 7), ("2", 9), ("3", 9), ("", 12)]  # x, when the button was pressed last
    for x, chosen in shown:
        ui.set_query_params({"x": x}, chosen)
        ui.send()
    # A press that changes nothing here may take back what the page alone has written: the page knows (address.test.js).
    # The drag behind it is none.
    assert entries == [0, 0, 1, 1, 2, 2, 3]


def test_a_threshold_has_a_rule_that_is_chosen_and_an_amount_that_is_dragged():
    assert THRESHOLD.is_choice("", "robust:4")
    assert THRESHOLD.is_choice("rolling:6:3:3", "")
    assert not THRESHOLD.is_choice("robust:4", "robust:5")
    assert not THRESHOLD.is_choice("", "quantile:0.98")
    assert not THRESHOLD.is_choice("robust:4", "robust:4")


# ---- the types ----


def test_numbers_clamp_and_integers_do_not():
    number = ui.Number(name="n", about="a number", low=0, high=1, clamp=True)
    assert ui.read([number], {"n": "7"}) == ({"n": 1}, ["n must be between 0 and 1"])
    assert ui.read([number], {"n": "0.5"}) == ({"n": 0.5}, [])
    integer = ui.Integer(name="i", about="an integer", low=2, high=3)
    assert ui.read([integer], {"i": "7"}) == ({}, ["i must be a whole number between 2 and 3"])
    assert ui.write([integer], {"i": 3}) == {"i": "3"}
    assert math.isinf(ui.Number(name="x", about="any").high)


def test_old_names_are_read_and_never_written():
    parameter = ui.Integer(name="max_gap", about="a gap", alias=("bridge",))
    assert ui.read([parameter], {"bridge": "3"}) == ({"max_gap": 3}, [])
    assert ui.read([parameter], {"bridge": "3", "max_gap": "4"}) == ({"max_gap": 4}, [])
    assert ui.write([parameter], {"max_gap": 3}) == {"max_gap": "3"}


def test_names_that_are_not_here_are_left_out():
    parameter = ui.Names(name="runs", about="runs", known=["a", "b"], kind="run")
    assert ui.read([parameter], {"runs": "a,c,b"}) == ({"runs": ["a", "b"]}, ["there is no run 'c' here"])
    assert ui.write([parameter], {"runs": ["a", "b"]}) == {"runs": "a,b"}


def test_the_page_writes_the_numbers_of_a_drag_itself_and_tells_choices():
    item = load_model("digits-vae-2d")
    own = ui.own("pad", explore.VIEW, item, [".below"])
    assert [each["name"] for each in own["moved"]] == ["z", "zoom"]
    assert own["moved"][1] == {"name": "zoom", "key": "zoom", "normal": [0.5, 0.5, 1.0]}
    assert (own["asks"], own["key"]) == ([".below"], "pad")
    moved = bottleneck.own_link(nested("sinusoids-nested"), "glass")["moved"]
    assert {"name": "noise", "key": "input.noise", "normal": None} in moved
    assert "seed" not in [each["name"] for each in moved]  # a choice, to which Back leads
