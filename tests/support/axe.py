"""What axe finds serious on a page as it is."""

import importlib.resources

# Streamlit's own, which nothing here can change: (rule, where it is found).
STREAMLITS = [
    # a table that is wider than a phone cannot be given a tabindex
    ("scrollable-region-focusable", "[data-testid=stTable]"),
    ("scrollable-region-focusable", ".katex-display"),  # nor can a formula
]


def serious(page):
    """A line for each element that breaks a rule of serious or critical impact."""
    if not page.evaluate("() => !!window.axe"):
        page.evaluate(importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [
        (rule["id"], node["target"], node["html"][:200], node["failureSummary"][:300])
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
        if not any(
            rule["id"] == known
            and page.evaluate("([e, w]) => !!document.querySelector(e)?.closest(w)", [node["target"][0], where])
            for known, where in STREAMLITS
        )
    ]
