"""Registers the components in the browser: a folder with view.js (and view.html, view.css) beside its Python face.

A component's JavaScript is a graph of ES modules: each file names what it imports, by a relative path, so that editors,
`node --test` and the TypeScript checker read the same files as the browser. Streamlit takes one text for each
component; `link` makes it: every module of the graph stands in it once, and loader.js turns each into one module of the
page, which all components share.
"""

import hashlib
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parent
LOADER = ROOT / "loader.js"
BASE_CSS = ROOT / "styles" / "base.css"
# What names another module: `import … from "./x.js"`, `export … from "./x.js"` and `import "./x.js"`, at the beginning
# of a line.
IMPORT = re.compile(
    r"""^(?P<before>import\s*(?:[^"'()=;]*?\bfrom\s*)?|export\s*(?:\*[^"'()=;]*?|\{[^}]*\}\s*)\bfrom\s*)(?P<quote>["'])(?P<path>[^"'\n]+)(?P=quote)""",
    re.MULTILINE,
)
REMARK = re.compile(r"^// .*$", re.MULTILINE)  # a line for those who read the file, which no browser needs


class LinkError(ValueError):
    """A module that cannot be linked: what is wrong, and in which file."""


def component(name: str, module: str) -> Callable:
    """The component whose view.html, view.css and view.js lie beside the Python file `module`; base.css stands in
    front of its own styles.
    """
    folder = Path(module).resolve().parent
    html, css = (_text(folder / file) for file in ("view.html", "view.css"))
    return st.components.v2.component(
        name,
        html=html,
        css=f"{BASE_CSS.read_text('utf-8')}\n{css}" if css else None,
        js=script(folder / "view.js"),
        isolate_styles=False,
    )


def key_part(name: str) -> str:
    """A run's name as a part of a component's key, in which Streamlit keeps two underscores for itself."""
    return name.replace("__", "_-_")


def script(entry: Path, root: Path = ROOT) -> str:
    """What Streamlit is given for the view.js at `entry`: the loader, the modules, and the entry's default export."""
    return f"{_loaded(entry, root)}\nexport default entry.default;\n"


def link(entry: Path, root: Path = ROOT) -> dict[str, str]:
    """The modules that `entry` needs, each after those that it imports, entry last: {key: text}.

    A key is a module's path under `root` and a hash of its linked text, so that a module whose text, or whose imports'
    text, is another after a deploy is another module in a tab that is still open. In the text every import names the
    key of what it imports, as "lx:key".

    Raises LinkError for an import that leaves `root`, is not relative, is not there, or leads back to a module that
    imports it.
    """
    root, keys, modules = root.resolve(), {}, {}

    def visit(path: Path, importers: tuple[Path, ...]) -> str:
        if path in importers:
            ring = [*importers[importers.index(path) :], path]
            raise LinkError(
                f"These modules import each other in a circle: {' → '.join(_name(each, root) for each in ring)}."
            )
        if path in keys:
            return keys[path]

        def named(match: re.Match) -> str:
            key = visit(_resolve(match["path"], path, root), (*importers, path))
            return f"{match['before']}{match['quote']}lx:{key}{match['quote']}"

        name = _name(path, root)
        text = f"{IMPORT.sub(named, REMARK.sub('', path.read_text('utf-8')))}\n//# sourceURL=latent-explorer/{name}\n"
        keys[path] = key = f"{name}@{hashlib.sha256(text.encode()).hexdigest()[:12]}"
        modules[key] = text
        return key

    visit(entry.resolve(), ())
    return modules


def _resolve(wanted: str, importer: Path, root: Path) -> Path:
    if not wanted.startswith(("./", "../")):
        raise LinkError(f"{_name(importer, root)} imports {wanted!r}: name a file beside it, as in './x.js'.")
    path = (importer.parent / wanted).resolve()
    if not path.is_relative_to(root):
        raise LinkError(f"{_name(importer, root)} imports {wanted!r}, which lies outside {root.name}/.")
    if not path.is_file():
        raise LinkError(f"{_name(importer, root)} imports {wanted!r}, which is not there.")
    return path


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


@cache
def _loaded(entry: Path, root: Path) -> str:
    """The loader and the modules of `entry`; after it `entry` is the module's namespace."""
    modules = (
        json.dumps(list(link(entry, root).items()), ensure_ascii=False)
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )
    return f"{LOADER.read_text('utf-8')}\nconst entry = await load({modules});"


def _text(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None
