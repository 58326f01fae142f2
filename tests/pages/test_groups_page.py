"""Groups of one's own on the pages: named on Explore, offered by Interpolate, brought by a table."""

import base64

import numpy as np
import pytest

from ae_core.latent.groups import groups_csv
from pages.sections.explore import words as explore
from pages.sections.groups import words
from pages.session.groups import ALL, KEY
from pages.session.models import load_model

from ..support.apptest import link_of, opened, pads, said

MODEL, SIGNALS = "digits-vae-2d", "sinusoids-vae-2d"
LINE = "0.35,0.35,0.65,0.35,0.65,0.65,0.35,0.65"


def kept(model, **groups):
    """What a session's state has that named these rows."""
    item = load_model(model)
    config = item.checkpoint.config
    data = (config.data, tuple(config.source.items()), tuple(item.model.shape))
    return {KEY: {data: {name: np.array(rows) for name, rows in groups.items()}}}


def marked(data):
    return np.frombuffer(base64.b64decode(data["groups"]["marks"]), "i1")


def button(at, label):
    return next(each for each in at.button if each.label == label)


def test_a_name_makes_the_line_a_group_that_colours_the_map():
    at = opened("", model=MODEL, lasso=LINE)
    assert pads(at)[0]["groups"] is None
    at.text_input(key="group-name").set_value("middle")
    button(at, words.KEEP).click().run()
    assert said(at) == ""
    (data,) = pads(at)
    assert data["groups"]["names"] == ["middle"]
    count = (marked(data) == 0).sum()
    assert count > 5
    assert words.SIZE.format(name="middle", count=count) in [each.value for each in at.markdown]
    at.switch_page("pages/interpolate.py").run()
    (ends,) = [each for each in pads(at, "morph") if "figure" in each]
    z = load_model(ends["model"]).codes["z"]
    assert ends["means"] == [] or ends["means"][-1]["z"] == z.mean(0).tolist()


def test_no_name_and_no_sample_are_a_sentence_each():
    at = opened("", model=MODEL, lasso=LINE)
    button(at, words.KEEP).click().run()
    assert "1 to 40 characters" in said(at)
    at = opened("", model=MODEL, lasso="0.001,0.001,0.002,0.001,0.002,0.002")
    assert explore.GROUP_EMPTY in [each.value for each in at.caption]
    assert words.KEEP not in [each.label for each in at.button]


@pytest.mark.parametrize("model", [MODEL, SIGNALS])
def test_interpolate_offers_the_mean_codes(model):
    z = load_model(model).codes["z"]
    state = kept(model, mine=[1, 2, 7], others=[10_000_000], all_but=[3, 4])
    at = opened("interpolate", state, model=model)
    (data,) = [each for each in pads(at, "morph") if "figure" in each]
    wanted = {"mine": z[[1, 2, 7]].mean(0), "all_but": z[[3, 4]].mean(0), ALL: z.mean(0)}  # of others none is here
    assert [each["name"] for each in data["means"]] == list(wanted)
    for each in data["means"]:
        assert each["z"] == wanted[each["name"]].tolist()
    assert data["groups"] is None
    at.toggle(key="groups-coloured").set_value(True).run()
    (data,) = [each for each in pads(at, "morph") if "figure" in each]
    assert [marked(data)[n] for n in (0, 1, 3)] == [-1, 0, 1]


@pytest.mark.parametrize("model", [MODEL, SIGNALS])
def test_arithmetic_has_the_groups_after_the_classes(model):
    item = load_model(model)
    classes = list(item.checkpoint.classes) if item.checkpoint.classes else []
    last = len(classes) + 1
    at = opened(
        "interpolate", kept(model, mine=[1, 2]), model=model, mode="arithmetic", a_plus=f"{last - 1}", a_share="1"
    )
    assert said(at) == ""
    (data,) = [each for each in pads(at, "vectors") if "means" in each]
    assert data["means_of"] == [*classes, "mine", ALL]
    assert data["means"][-2] == item.codes["z"][[1, 2]].mean(0).tolist()
    assert data["view"]["plus"] == last - 1
    assert link_of(at)["a_plus"] == f"{last - 1}"
    at = opened("interpolate", model=model, mode="arithmetic", a_plus=f"{last}")
    assert "a_plus" in said(at) or not classes


def test_a_table_is_brought_and_a_foreign_one_gets_a_sentence():
    item = load_model(MODEL)
    at = opened("interpolate", model=MODEL)
    uploader = at.file_uploader(key="groups-file")
    uploader.upload("foreign.csv", b"a,b\n1,2\n", "text/csv").run()
    assert "index and group" in said(at)
    text = groups_csv({"few": np.array([4, 9])}, item.codes["z"])
    at.file_uploader(key="groups-file").upload("groups.csv", text.encode(), "text/csv").run()
    assert said(at) == ""
    (data,) = [each for each in pads(at, "morph") if "figure" in each]
    assert [each["name"] for each in data["means"]] == ["few", ALL]
    button(at, words.FORGET).click().run()
    (data,) = [each for each in pads(at, "morph") if "figure" in each]
    assert data["means"] == []


def test_a_link_that_colours_by_groups_that_are_not_here_gets_a_note():
    assert "colour" in said(opened("", model=MODEL, colour="your groups"))
    at = opened("", kept(MODEL, mine=[1]), model=MODEL, colour="your groups")
    assert said(at) == ""
    assert pads(at)[0]["colour"] == "your groups"
