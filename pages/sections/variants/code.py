"""What a variant is: its equation, and its few lines of code."""

import ast
import json

import streamlit as st

from ae_core import Config, LatentError
from ae_core.model.variants import Variant
from ae_core.training.script import script

from ...ui.download import download
from ...ui.markdown import plain, show_error
from . import keys, words
from .data import Items

# What is written down where no model of a variant is here.
EXAMPLE = {"data": "digits", "k": 4, "hidden": (64, 32)}
EXAMPLE_DATA = ((1, 8, 8), (0.0, 1.0), tuple("0123456789"))


@st.cache_data(max_entries=64, show_spinner=False)
def essence(
    recipe: str, _config: Config, shape: tuple[int, ...], limits: tuple[float, float] | None, classes: tuple[str, ...]
) -> tuple[str, str]:
    """(the loss and what it calls, the whole program) of a recipe, in plain PyTorch. Raises LatentError.

    recipe: the config as JSON. shape, limits, classes: of the data.
    """
    program = script(_config, shape, limits, classes)
    functions = {node.name: node for node in ast.parse(program).body if isinstance(node, ast.FunctionDef)}
    called = {node.id for node in ast.walk(functions["losses"]) if isinstance(node, ast.Name)} - {"losses"}
    chosen = [function for name, function in functions.items() if name in called] + [functions["losses"]]
    return "\n\n\n".join(ast.get_source_segment(program, function) for function in chosen), program


def explanation(row: Variant) -> None:
    """The equation and its paper."""
    st.latex(row.equation)
    st.caption(words.EXPLANATION.format(paper=row.paper))


@st.fragment
def code(variant: str, items: Items | None) -> None:
    """Its few lines of code, written down when they are asked for. items: the models that are shown."""
    section = st.expander(words.CODE, key=keys.code(variant), on_change="rerun")
    if not section.open:
        return
    own = (item.checkpoint for item in (items or {}).values() if item.checkpoint.config.variant == variant)
    run = next(own, None)
    with section:
        try:
            if run:
                config, about = run.config, (run.shape, run.range, run.classes)
            else:
                config, about = Config(variant=variant, **EXAMPLE), EXAMPLE_DATA
            few, whole = essence(json.dumps(config.to_json()), config, *about)
        except LatentError as error:
            show_error(error)
            return
        st.code(few, language="python", wrap_lines=True)
        download(words.WHOLE_PROGRAM, whole, f"{variant}.py")
        if run:
            st.markdown(words.TRAINED_WITH.format(run=plain(run.name)))
            st.code(run.command, language="bash", wrap_lines=True)
