"""Linking: the graph of a component's modules, and one instance of each in the page."""

import pytest

from pages.components.register import LinkError, link, script

from ..conftest import visited
from ..support import browser as web


def files(folder, **texts):
    """Files of these names (__ for /) and texts under a folder; gives the folder."""
    for name, text in texts.items():
        path = folder / (name.replace("__", "/") + ".js")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def names(modules):
    return [key.split("@")[0] for key in modules]


def test_each_module_stands_once_after_what_it_imports(tmp_path):
    root = files(
        tmp_path,
        view='import { a } from "./a.js";\nimport {\n  b,\n  c as d,\n} from "./deep/b.js";\n'
        "export default () => a + b;\n",
        a='import "./deep/b.js";\nexport { b } from "./deep/b.js";\nexport const a = "from ./nowhere.js";\n',
        deep__b='import * as c from "../c.js";\n/** @type {import("../d.js").D} */\nexport const b = c.c;\n',
        c='export const c = "#d55e00";\nexport default class { x = "./x.js"; }\n',
    )
    modules = link(root / "view.js", root)
    assert names(modules) == ["c.js", "deep/b.js", "a.js", "view.js"]
    keys = dict(zip(names(modules), modules, strict=True))
    assert f'import {{ a }} from "lx:{keys["a.js"]}";' in modules[keys["view.js"]]
    assert modules[keys["a.js"]].count(f'"lx:{keys["deep/b.js"]}"') == 2
    assert '"from ./nowhere.js"' in modules[keys["a.js"]]
    assert 'import("../d.js")' in modules[keys["deep/b.js"]]  # in a comment, for the type checker
    assert modules[keys["c.js"]].endswith("//# sourceURL=latent-explorer/c.js\n")


def test_a_module_is_another_when_it_or_what_it_imports_changes(tmp_path):
    root = files(
        tmp_path,
        view='import { a } from "./a.js";\nexport default a;\n',
        a="export const a = 1;\n",
        b="export const b = 1;\n",
    )
    before = list(link(root / "view.js", root))
    assert list(link(root / "view.js", root)) == before
    files(tmp_path, a="export const a = 2;\n")
    assert not set(before) & set(link(root / "view.js", root))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('import "./b.js";\n', r"in a circle: view.js → b.js → view.js"),
        ('import "./view.js";\n', r"in a circle: view.js → view.js"),
        ('import { x } from "./nothing.js";\n', r"view.js imports './nothing.js', which is not there"),
        ('import { x } from "../outside.js";\n', r"view.js imports '../outside.js', which lies outside"),
        ('import { x } from "lodash";\n', r"view.js imports 'lodash': name a file beside it"),
        ('export * from "/b.js";\n', r"view.js imports '/b.js': name a file beside it"),
    ],
)
def test_what_cannot_be_linked_is_refused_with_a_sentence(tmp_path, text, sentence):
    files(tmp_path, outside="export const x = 1;\n")
    root = files(tmp_path / "components", view=text, b='import "./view.js";\n')
    with pytest.raises(LinkError, match=sentence):
        script(root / "view.js", root)


PAGE = """
from pathlib import Path

import streamlit as st

from pages.components.register import script

ROOT = Path(__file__).parent / "components"
for name in ("one", "two", "broken"):
    text = script(ROOT / name / "view.js", ROOT)
    st.components.v2.component(name, html="<p></p>", js=text, isolate_styles=False)(key=name)
"""


def test_two_components_share_one_instance_of_a_module(profile, tmp_path):
    view = (
        'import { born } from "../shared.js";\n'
        'export default ({ parentElement }) => { parentElement.querySelector("p").id = `%s-${born}`; };\n'
    )
    files(
        tmp_path / "components",
        shared="export const born = `${Date.now()}-${Math.random()}`;\n",
        one__view=view % "one",
        two__view=view % "two",
        broken__view='import { born } from "../shared.js";\nthrow new Error(`no luck ${born.length > 0}`);\n',
    )
    (tmp_path / "page.py").write_text(PAGE)
    with (
        web.app(script=tmp_path / "page.py", environment={"PYTHONPATH": str(web.ROOT)}) as address,
        visited(profile) as page,
    ):
        page.goto(address)
        ids = [page.locator(f"p[id^={name}-]") for name in ("one", "two")]
        for each in ids:
            each.wait_for(state="attached")
        first, second = (each.get_attribute("id").split("-", 1)[1] for each in ids)
        assert first == second
        page.get_by_text("no luck true").first.wait_for()  # what is wrong is said on the page
        assert "broken/view.js" in page.locator("body").inner_text()
        assert page.problems
        assert all("broken/view.js" in problem for problem in page.problems)  # and on the console, with its line
        page.problems.clear()
