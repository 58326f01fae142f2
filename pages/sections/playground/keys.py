"""Keys of the page Playground in the session."""

KEPT = "playground-kept-run"  # {stamp, name} of what was kept last, or {stamp, error}
