"""Keys of the page Playground in the session."""

KEPT = "playground-kept-run"  # {stamp, name} of what was kept last, or {stamp, error}
CHOSEN = "playground-data-chosen"  # {start, view}: what the figure begins with since other samples were chosen
