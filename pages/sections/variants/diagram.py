"""The five parts of an autoencoder as a small drawing, those lit in which a variant differs from the plain one."""

import html

import streamlit as st

from ae_core.model.variants import Variant
from ae_core.sockets.bottleneck import Plain
from ae_core.sockets.corruption import Clean
from ae_core.sockets.penalty import NoPenalty

from . import keys, words

STYLE = """
<style>
.lx-sockets { flex: none; display: flex; flex-wrap: wrap; align-items: center; gap: 5px; font-size: 12px;
  max-width: 560px; justify-content: flex-end; }
.lx-sockets span { border: 1px solid color-mix(in srgb, currentColor 30%, transparent); border-radius: 6px;
  padding: 3px 8px; opacity: .62; }
.lx-sockets .lit { opacity: 1; font-weight: 650; color: ACCENT; border-color: currentColor; }
.lx-sockets i { font-style: normal; opacity: .72; }
@media (max-width: 640px) {
  .lx-head:has(.lx-sockets) { display: block; }
  .lx-sockets { justify-content: flex-start; margin-top: .5rem; font-size: 11px; gap: 3px; }
  .lx-sockets span { padding: 2px 5px; }
  .st-key-PICKERS [data-testid="stButtonGroup"] > div { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; }
  .st-key-PICKERS button { flex: none; }
}
</style>
""".replace("PICKERS", keys.PICKERS)
STYLE = STYLE.replace(
    "ACCENT", f"light-dark({st.get_option('theme.light.primaryColor')}, {st.get_option('theme.dark.primaryColor')})"
)


def differing(row: Variant) -> list[str]:
    """The parts in which a variant is not the plain autoencoder: of corrupt, encode, bottleneck, decode, penalty."""
    networks = row.conditional or "network" in row.settings
    parts = {
        "corrupt": row.corrupt is not Clean,
        "encode": networks,
        "bottleneck": row.bottleneck is not Plain,
        "decode": networks,
        "penalty": row.penalty is not NoPenalty,
    }
    return [name for name, differs in parts.items() if differs]


def sockets(row: Variant) -> str:
    """The drawing, as HTML for `page_head`."""
    lit = differing(row)
    titles = words.WITH_CLASS if row.conditional else {}

    def box(name: str) -> str:
        return f'<span class="{"lit" if name in lit else ""}">{html.escape(titles.get(name, name))}</span>'

    arrow = "<i>→</i>"
    chain = arrow.join(["<i>x</i>", *(box(name) for name in ("corrupt", "encode", "bottleneck", "decode")), "<i>x̂</i>"])
    differs = words.PARTS_SOME.format(parts=", ".join(lit)) if lit else words.PARTS_NONE
    label = html.escape(words.PARTS_LABEL.format(differs=differs))
    return f'{STYLE}<div class="lx-sockets" role="img" aria-label="{label}">{chain}<i>+</i>{box("penalty")}</div>'
