"""The five sockets as a small drawing, those lit in which a variant differs from the plain autoencoder."""

import html

import streamlit as st

from ae_core.model.variants import Variant
from ae_core.sockets.bottleneck import Plain
from ae_core.sockets.corruption import Clean
from ae_core.sockets.penalty import NoPenalty

STYLE = """
<style>
.lx-sockets { flex: none; display: flex; flex-wrap: wrap; align-items: center; gap: 5px; font-size: 12px; max-width: 560px; justify-content: flex-end; }
.lx-sockets span { border: 1px solid color-mix(in srgb, currentColor 30%, transparent); border-radius: 6px; padding: 3px 8px; opacity: .62; }
.lx-sockets .lit { opacity: 1; font-weight: 650; color: ACCENT; border-color: currentColor; }
.lx-sockets i { font-style: normal; opacity: .72; }
@media (max-width: 640px) { .lx-head:has(.lx-sockets) { display: block; } .lx-sockets { justify-content: flex-start; margin-top: .5rem; font-size: 11px; gap: 3px; } .lx-sockets span { padding: 2px 5px; }
  .st-key-variant-pickers [data-testid="stButtonGroup"] > div { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; } .st-key-variant-pickers button { flex: none; }
}
</style>
"""
STYLE = STYLE.replace(
    "ACCENT", f"light-dark({st.get_option('theme.light.primaryColor')}, {st.get_option('theme.dark.primaryColor')})"
)


def differing(row: Variant) -> list[str]:
    """The sockets in which a variant is not the plain autoencoder: of corrupt, encode, bottleneck, decode, penalty."""
    networks = row.conditional or "network" in row.settings
    found = {
        "corrupt": row.corrupt is not Clean,
        "encode": networks,
        "bottleneck": row.bottleneck is not Plain,
        "decode": networks,
        "penalty": row.penalty is not NoPenalty,
    }
    return [name for name, differs in found.items() if differs]


def sockets(row: Variant) -> str:
    """The drawing, as HTML for `page_head`."""
    lit = differing(row)
    words = {
        "corrupt": "corrupt",
        "encode": "encode + class" if row.conditional else "encode",
        "decode": "decode + class" if row.conditional else "decode",
    }

    def box(name: str) -> str:
        return f'<span class="{"lit" if name in lit else ""}">{html.escape(words.get(name, name))}</span>'

    chain = "<i>→</i>".join(
        ["<i>x</i>", *(box(name) for name in ("corrupt", "encode", "bottleneck", "decode")), "<i>x̂</i>"]
    )
    says = (
        f"differs from the plain autoencoder in: {', '.join(lit)}"
        if lit
        else "the plain autoencoder itself: nothing is added"
    )
    return f'{STYLE}<div class="lx-sockets" role="img" aria-label="Five sockets; this variant {says}">{chain}<i>+</i>{box("penalty")}</div>'
