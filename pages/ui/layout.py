"""What every page has: a sentence and the hourglass at its top, what to notice and a question below its figure, and
present mode.
"""

import html
import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from ae_core.lessons import Step

from ..components.present import embedded, present_button, presenting

# Outside a component the theme's colours are no CSS variables.
ACCENT = f"light-dark({st.get_option('theme.light.primaryColor')}, {st.get_option('theme.dark.primaryColor')})"


def _style(file: str) -> str:
    """A style sheet beside this file, its ACCENT being the theme's."""
    text = Path(__file__).with_name(file).read_text("utf-8")
    return f"<style>\n{text.replace('ACCENT', ACCENT)}</style>"


STYLE, PRESENT, EMBEDDED = (_style(f"{name}.css") for name in ("page", "present", "embedded"))


def page_row(pages: list[StreamlitPage]) -> None:
    """All pages in a row, for a phone: there Streamlit's own are behind an arrow in a corner."""
    with st.container(horizontal=True, key="page-row"):
        for page in pages:
            st.page_link(page, label=page.title)


def page_head(title: str, sentence: str, glass: str) -> None:
    """Title, one sentence on what to do first, and the hourglass (see `hourglass`)."""
    style = STYLE + (PRESENT + EMBEDDED if embedded() else PRESENT if presenting() else "")
    present_button()
    st.html(
        f'{style}<div class="lx-head"><div><h1>{html.escape(title)}</h1><p>{html.escape(sentence)}</p></div>'
        f"{glass}</div>"
    )


def figure_slot(key: str, min_height: str = "36rem") -> None:
    """Room for the component with this key until it is drawn, or what is below would jump away when it is.

    min_height: most of the figure's height, in CSS.
    """
    name = re.sub(r"[^\w-]", "-", key, flags=re.ASCII)  # as Streamlit makes a class of it
    until_drawn = f".stElementContainer.st-key-{name}:not(:has(.lx-body:not([hidden])))"
    st.html(f"<style>{until_drawn} {{ min-height: {min_height}; }}</style>")


def hidden_when_presenting(name: str) -> DeltaGenerator:
    """A container for what is not the figure: present mode hides it."""
    return st.container(key=f"rest-{name}")


def notice(text: str, question: Step, before: str = "") -> None:
    """What to look for in the figure, and a question about it: it is guessed before it is answered, by the lesson's own
    controls (`components/lesson/asked.js`). text, and what stands before it: Markdown; of the question emphasis only.
    """
    step = html.escape(json.dumps({**asdict(question), "title": question.text}), quote=True)
    with st.container(key="notice"):
        st.caption(f"{before}**Notice:** {text}")
        st.html(
            f'<details class="lx-ask" data-step="{step}"><summary><span>{_emphasised(question.text)}</span></summary>'
            '<div class="lx-asked"></div><div role="status">'
            f'<p tabindex="-1" hidden>{_emphasised(question.why)}</p></div></details>'
        )


def _emphasised(text: str) -> str:
    """*Emphasis* of a plain text as HTML.

    >>> _emphasised("a < *b*")
    'a &lt; <em>b</em>'
    """
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", html.escape(text))


def hourglass(sizes: tuple[int, ...], k: int, part: Literal["encoder", "bottleneck", "decoder"]) -> str:
    """The network as an hourglass with its real layer sizes, one part of it in the accent colour.

    sizes: the encoder's layers from the input to before the bottleneck, e.g. (784, 512, 256); k: the bottleneck's.
    """
    numbers = [*sizes, k, *reversed(sizes)]
    middle, cells = len(sizes), []
    for i, n in enumerate(numbers):
        where = "bottleneck" if i == middle else "encoder" if i < middle else "decoder"
        lit = where == part or (part == "decoder" and where == "bottleneck")
        tall = 8 + 36 * (n / max(numbers)) ** 0.35  # a true scale would make a bottleneck of 2 invisible beside 784
        cells.append(f'<span class="{"lit" if lit else ""}"><i style="height:{tall:.0f}px"></i>{n}</span>')
    words = f"The network: {' → '.join(map(str, numbers))}; this page is about its {part}"
    return f'<div class="lx-glass" role="img" aria-label="{words}">{"".join(cells)}</div>'
