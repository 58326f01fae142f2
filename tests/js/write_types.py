"""Writes pages/components/types.d.ts: what goes to each component and comes back, by the TypedDicts in its types.py.

python -m tests.js.write_types
"""

import ast
import importlib
import inspect
import sys
import types
from pathlib import Path
from typing import Any, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints, is_typeddict

COMPONENTS = Path(__file__).resolve().parents[2] / "pages" / "components"
TARGET = COMPONENTS / "types.d.ts"
HEAD = "// Written by `python -m tests.js.write_types` from the TypedDicts in each component's types.py: do not edit.\n"
PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null", Any: "any"}


def declarations() -> str:
    """The text of types.d.ts."""
    found = {}
    for path in sorted(COMPONENTS.glob("*/types.py")):
        module = importlib.import_module(f"pages.components.{path.parent.name}.types")
        found |= {
            name: value
            for name, value in vars(module).items()
            if is_typeddict(value) and value.__module__ == module.__name__
        }
    return HEAD + "".join(f"\n{_interface(value)}" for value in found.values())


def _interface(kind: type) -> str:
    parents = _parents(kind)
    inherited = {name for base in parents for name in get_type_hints(base)}
    fields = {name: each for name, each in get_type_hints(kind, include_extras=True).items() if name not in inherited}
    lines = [f"  {name}{_optional(value, name, kind)}: {_type(value)};\n" for name, value in fields.items()]
    extends = f" extends {', '.join(base.__name__ for base in parents)}" if parents else ""
    about = " ".join(inspect.getdoc(kind).split())
    return f"/** {about} */\nexport interface {kind.__name__}{extends} {{\n{''.join(lines)}}}\n"


def _parents(kind: type) -> list[type]:
    """The TypedDicts that one extends, as its module has them; at run time it only keeps their fields."""
    module = sys.modules[kind.__module__]
    (text,) = (
        each
        for each in ast.parse(inspect.getsource(module)).body
        if isinstance(each, ast.ClassDef) and each.name == kind.__name__
    )
    return [base for base in (getattr(module, each.id) for each in text.bases) if is_typeddict(base)]


def _optional(value: Any, name: str, kind: type) -> str:
    return "?" if get_origin(value) is NotRequired or name in kind.__optional_keys__ else ""


def _type(value: Any) -> str:
    if value in PLAIN:
        return PLAIN[value]
    if is_typeddict(value):
        return value.__name__
    origin, of = get_origin(value), get_args(value)
    if origin in (NotRequired, Required):
        return _type(of[0])
    if origin is Literal:
        return " | ".join(f'"{each}"' if isinstance(each, str) else str(each).lower() for each in of)
    if origin in (Union, types.UnionType):
        return " | ".join(_type(each) for each in of)
    if origin is list:
        return f"({_type(of[0])})[]" if "|" in (inner := _type(of[0])) else f"{inner}[]"
    if origin is tuple:
        return f"[{', '.join(_type(each) for each in of)}]"
    if origin is dict:
        return f"Record<string, {_type(of[1])}>"
    raise TypeError(f"No TypeScript type for {value}.")


if __name__ == "__main__":
    TARGET.write_text(declarations(), "utf-8")
