"""What every page has: a sentence and the hourglass at its top, what to notice and a question below its figure, and
present mode.
"""

import html

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ..components.present import present_button, presenting

STYLE = """
<style>
[data-testid="stMainBlockContainer"] { padding: 4.1rem 1.5rem 3rem; max-width: 1280px; }
[data-testid="stMainBlockContainer"] > div > [data-testid="stVerticalBlock"] { gap: .6rem; }
[data-testid="stLayoutWrapper"]:has(> :is([class*="st-key-blob-"], [class*="st-key-unseen-"])) { position: absolute; width: 1px; height: 1px; overflow: hidden; }
[data-testid="stLayoutWrapper"]:has(> :is([class*="st-key-hint-"], .st-key-present-button)) { position: absolute; top: 0; left: 0; width: 0; }
/* Room for a figure until it is drawn, or what is below would jump away when it is: most of its height, by the keys of the pages. */
.stElementContainer:is([class*="st-key-pad-"], [class*="st-key-bottleneck-"]:not(.st-key-bottleneck-model), [class*="st-key-morph-"], [class*="st-key-corners-"],
  [class*="st-key-more-"]:not(.st-key-more-signal), [class*="st-key-replay-"], [class*="st-key-signals-figure-"], [class*="st-key-variant-"]
):not(:has(.lx-body:not([hidden]))) { min-height: var(--lx-room, 36rem); }
[class*="st-key-replay-"] { --lx-room: 31rem; } [class*="st-key-signals-figure-"] { --lx-room: 50rem; } [class*="st-key-variant-"] { --lx-room: 22rem; }
.lx-head { display: flex; justify-content: space-between; align-items: center; gap: 2rem; }
.lx-head h1 { font-size: 1.55rem; font-weight: 650; letter-spacing: -.01em; line-height: 1.2; margin: 0; padding: 0; }
.lx-head p { margin: .2rem 0 0; font-size: .95rem; opacity: .85; max-width: 58rem; }
.lx-glass { flex: none; display: flex; gap: 10px; font-size: 11px; font-variant-numeric: tabular-nums; }
.lx-glass span { display: grid; grid-template-rows: 46px auto; justify-items: center; align-items: center; min-width: 22px; }
.lx-glass i { width: 9px; border-radius: 2px; background: currentColor; opacity: .3; }
.lx-glass .lit { color: ACCENT; font-weight: 650; } .lx-glass .lit i { opacity: 1; }
[data-testid="stCaptionContainer"] { opacity: .76 !important; } /* Streamlit's own is a little too faint to be read, */
button:is([kind="primary"], [data-testid*="primary"]):enabled { color: light-dark(white, #121316); } /* and white on the dark theme's accent too */
.lx-ask { margin-top: -.5rem; font-size: .875rem; max-width: 58rem; }
.lx-ask summary { display: inline-flex; align-items: baseline; gap: .4rem; padding: .2rem 0; cursor: pointer; list-style: none; }
.lx-ask summary::-webkit-details-marker { display: none; }
.lx-ask summary::before { content: "?"; flex: none; width: 1.25rem; border-radius: 50%; line-height: 1.25rem; text-align: center; font-weight: 650; background: color-mix(in srgb, currentColor 10%, transparent); }
.lx-ask summary:hover span { text-decoration: underline; text-underline-offset: 3px; }
.lx-ask summary:focus-visible { outline: 2px solid ACCENT; outline-offset: 2px; border-radius: 4px; }
.lx-ask p { margin: .2rem 0 0 1.65rem; }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding: 3.6rem 1rem 2rem; }
  .lx-head h1 { font-size: 1.15rem; } .lx-head p { font-size: .85rem; } .lx-glass { display: none; }
}
</style>
"""


# Outside a component the theme's colours are no CSS variables.
STYLE = STYLE.replace(
    "ACCENT", f"light-dark({st.get_option('theme.light.primaryColor')}, {st.get_option('theme.dark.primaryColor')})"
)


# Everything is in rem or in shares of the window, so that larger type makes a larger figure; the type grows with the
# window, as a slide does.
PRESENT = """
<style>
html:root { font-size: max(20px, min(1.6vw, 2.75vh)); --lx-vh: 1.25vh; }
[data-testid="stHeader"], .lx-head :is(p, .lx-glass, .lx-sockets), [data-testid="stLayoutWrapper"]:has(> [class*="st-key-rest-"]),
[data-testid="stLayoutWrapper"]:has(> [data-testid="stVerticalBlock"]:empty), [data-testid="stColumn"]:has(.st-key-rest-form) { display: none !important; }
[data-testid="stMainBlockContainer"] { padding: .5rem 1rem; max-width: none; }
[data-testid="stMainBlockContainer"] [data-testid="stVerticalBlock"] { gap: .5rem; }
.lx-head h1 { font-size: 1.25rem; line-height: 2rem; padding-right: 8rem; }
html :is(.lx-pad, .lx-bn, .lx-mo, .lx-replay, .lx-sg, .lx-var, .lx-more) { --lx-quiet: var(--st-text-color); }
html .lx-pad { --lx-side: min((100cqw - 3.5rem) / 2, 100vh - 11rem); }
@media (min-width: 1000px) {
  html .lx-sg .lx-body:not(.lx-unscored, .lx-bare) {
    grid-template-columns: minmax(0, 1.75fr) minmax(0, .75fr) minmax(0, .75fr);
    grid-template-areas: "key key key" "tracks tracks threshold" "note note note" "stretches map window";
  }
}
.lx-first { display: none !important; }
html .lx-replay { --lx-side: min((100cqw - 2.5rem) / 2, 100vh - 13rem); }
</style>
"""


def page_head(title: str, sentence: str, glass: str) -> None:
    """Title, one sentence on what to do first, and the hourglass (see `hourglass`)."""
    style = STYLE + (PRESENT if presenting() else "")
    st.html(
        f'{style}<div class="lx-head"><div><h1>{html.escape(title)}</h1><p>{html.escape(sentence)}</p></div>{glass}</div>'
    )
    present_button()


def hidden_when_presenting(name: str) -> DeltaGenerator:
    """A container for what is not the figure: present mode hides it."""
    return st.container(key=f"rest-{name}")


def notice(text: str, question: str, answer: str, before: str = "") -> None:
    """What to look for in the figure, and a question about it whose answer shows on click. text, and what stands before
    it: Markdown; the others: plain.
    """
    with hidden_when_presenting("notice"):
        st.caption(f"{before}**Notice:** {text}")
        st.html(
            f'<details class="lx-ask"><summary><span>{html.escape(question)}</span></summary><p>{html.escape(answer)}</p></details>'
        )


def hourglass(sizes: tuple[int, ...], waist: int, part: str) -> str:
    """The network as an hourglass with its real layer sizes, one part of it in the accent colour.

    sizes: the encoder's layers from the input to before the waist, e.g. (784, 512, 256); part: encode, waist or decode.
    """
    numbers = [*sizes, waist, *reversed(sizes)]
    middle, cells = len(sizes), []
    for i, n in enumerate(numbers):
        where = "waist" if i == middle else "encode" if i < middle else "decode"
        lit = where == part or (part == "decode" and where == "waist")
        tall = 8 + 36 * (n / max(numbers)) ** 0.35  # a true scale would make the waist of 2 invisible beside 784
        cells.append(f'<span class="{"lit" if lit else ""}"><i style="height:{tall:.0f}px"></i>{n}</span>')
    words = " → ".join(map(str, numbers))
    return f'<div class="lx-glass" role="img" aria-label="The network: {words}; this page is about its {part}">{"".join(cells)}</div>'
