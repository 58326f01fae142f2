"""What every page has at its top: a sentence, and the hourglass that shows which part of it the page is about."""

import html

import streamlit as st

STYLE = """
<style>
[data-testid="stMainBlockContainer"] { padding: 4.1rem 1.5rem 3rem; max-width: 1280px; }
[data-testid="stMainBlockContainer"] > div > [data-testid="stVerticalBlock"] { gap: .6rem; }
[class*="st-key-blob-"] { position: absolute; width: 1px; height: 1px; overflow: hidden; }
.lx-head { display: flex; justify-content: space-between; align-items: center; gap: 2rem; }
.lx-head h1 { font-size: 1.55rem; font-weight: 650; letter-spacing: -.01em; line-height: 1.2; margin: 0; padding: 0; }
.lx-head p { margin: .2rem 0 0; font-size: .95rem; opacity: .85; max-width: 58rem; }
.lx-glass { flex: none; display: flex; gap: 10px; font-size: 11px; font-variant-numeric: tabular-nums; }
.lx-glass span { display: grid; grid-template-rows: 46px auto; justify-items: center; align-items: center; min-width: 22px; }
.lx-glass i { width: 9px; border-radius: 2px; background: currentColor; opacity: .3; }
.lx-glass .lit { color: ACCENT; font-weight: 650; } .lx-glass .lit i { opacity: 1; }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding: 3.6rem 1rem 2rem; }
  .lx-head h1 { font-size: 1.15rem; } .lx-head p { font-size: .85rem; } .lx-glass { display: none; }
}
</style>
"""


# Outside a component the theme's colours are no CSS variables.
STYLE = STYLE.replace("ACCENT", f"light-dark({st.get_option('theme.light.primaryColor')}, {st.get_option('theme.dark.primaryColor')})")


def page_head(title: str, sentence: str, glass: str) -> None:
    """Title, one sentence on what to do first, and the hourglass (see `hourglass`)."""
    st.html(f'{STYLE}<div class="lx-head"><div><h1>{html.escape(title)}</h1><p>{html.escape(sentence)}</p></div>{glass}</div>')


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
