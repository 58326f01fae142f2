"""Keys of the Runs page's widgets and of what it remembers in the session, for its sections and the tests."""

SELECTED = "runs-first"  # names of the runs that are selected
ON_TOP = "runs-on-top"  # names of those that were selected as the page was opened
TABLE = "runs-list"
UPLOAD = "runs-upload"
TAKEN = "runs-taken"  # which upload was unpacked
RENAME = "rename-do"
DELETE = "delete-do"
CODE = "code"


def sharing(run: str) -> str:
    """The switch that shares a private run."""
    return f"share-{run}"


def new_name(run: str) -> str:
    """The field for a run's new name."""
    return f"rename-{run}"
