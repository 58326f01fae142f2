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
.lx-head p { margin: .2rem 0 0; font-size: .95rem; opacity: .85; max-width: 46rem; }
.lx-glass { flex: none; height: 50px; width: auto; color: inherit; }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding: 3.6rem 1rem 2rem; }
  .lx-head h1 { font-size: 1.15rem; } .lx-head p { font-size: .85rem; } .lx-glass { display: none; }
}
</style>
"""


def page_head(title: str, sentence: str, glass: str) -> None:
    """Title, one sentence on what to do first, and the hourglass (see `hourglass`)."""
    st.html(f'{STYLE}<div class="lx-head"><div><h1>{html.escape(title)}</h1><p>{html.escape(sentence)}</p></div>{glass}</div>')


def hourglass(sizes: tuple[int, ...], waist: int, part: str) -> str:
    """The network as an hourglass with its real layer sizes, one part of it in the accent colour.

    sizes: the encoder's layers from the input to before the waist, e.g. (784, 512, 256); part: encode, waist or decode.
    """
    numbers = [*sizes, waist, *reversed(sizes)]
    middle, step, height, parts = len(sizes), 34, 44, []
    tall = [10 + 34 * (n / max(sizes)) ** 0.35 if n > waist else 8 for n in numbers]
    for i, (n, h) in enumerate(zip(numbers, tall, strict=True)):
        where = "waist" if i == middle else "encode" if i < middle else "decode"
        lit = where == part or (part == "decode" and where == "waist")
        paint = "var(--st-primary-color)" if lit else "currentColor"
        x = i * step + 8
        parts.append(
            f'<rect x="{x}" y="{(height - h) / 2:.1f}" width="9" height="{h:.1f}" rx="2" fill="{paint}" opacity="{1 if lit else 0.3}"/>'
            f'<text x="{x + 4.5}" y="56" text-anchor="middle" font-size="10" font-weight="{700 if i == middle else 400}" fill="{paint}">{n}</text>'
        )
        if i:
            before = tall[i - 1]
            parts.append(
                f'<path d="M{x - step + 9} {(height - before) / 2:.1f} L{x} {(height - h) / 2:.1f} V{(height + h) / 2:.1f} L{x - step + 9} {(height + before) / 2:.1f} Z" '
                f'fill="{paint}" opacity="{0.18 if lit and i > middle or (lit and part == "encode") else 0.07}"/>'
            )
    words = " → ".join(map(str, numbers))
    width = len(numbers) * step
    return f'<svg class="lx-glass" viewBox="0 0 {width} 60" role="img" aria-label="The network: {words}; this page is about its {part}">{"".join(parts)}</svg>'
