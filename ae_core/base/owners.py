"""Whose runs and uploads are meant: everybody's own, where a web page serves people who do not know each other.

The core knows no visitors. A page may register who is asking (`set_owner_provider`); what that person makes then lies
in a folder of its own, `private/<owner>/` below the runs and below the uploads. Outside a page, in a worker or a shell,
nobody is asking: there the folder itself is meant, and what a visitor has is named by its folder.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PRIVATE = "private"  # below the runs and the uploads; no run may be called so
OWNER = r"[0-9a-f]{20}"  # what `owner_of` gives


@dataclass(frozen=True)
class Visitor:
    """Who looks at a page. name: as `owner_of` gives it, "" where nothing is signed; may_all: whether they may change
    what others started: somebody at this computer itself.
    """

    name: str
    may_all: bool = False


_provider: Callable[[], str | None] | None = None
_visitors: Callable[[], Visitor | None] | None = None
_shared: Callable[[], list[Path]] | None = None


def set_owner_provider(provider: Callable[[], str | None]) -> None:
    """Ask `provider` from now on, in the thread of whoever wants a folder, whose it is: an owner as `owner_of` names
    it, or None for the common one.
    """
    global _provider
    _provider = provider


def set_visitor_provider(visitors: Callable[[], Visitor | None], shared: Callable[[], list[Path]]) -> None:
    """Ask `visitors` who looks at a page (None: nobody does), and `shared` for the runs of others that they were sent a
    link to.
    """
    global _visitors, _shared
    _visitors, _shared = visitors, shared


def visitor() -> Visitor | None:
    """Who looks at the page whose script this thread runs; None where nobody does."""
    return _visitors() if _visitors else None


def shared() -> list[Path]:
    """The folders of others' runs that whoever is asking was sent a link to."""
    return _shared() if _shared else []


def owner_of(secret: str) -> str:
    """What a person's folder is called, 20 hexadecimal digits: it can be shown, and does not lead back to what the
    person is known by.
    """
    return hashlib.sha256(secret.encode()).hexdigest()[:20]


def owner() -> str | None:
    """Who is asking; None where nobody is."""
    return _provider() if _provider else None


def own(base: Path) -> Path:
    """The folder below `base` that belongs to whoever is asking; `base` where nobody is."""
    name = owner()
    return base if name is None else base / PRIVATE / name


def common(folder: Path) -> Path:
    """The folder that `own` was asked for: the one without an owner."""
    return folder.parent.parent if folder.parent.name == PRIVATE and re.fullmatch(OWNER, folder.name) else folder


def all_owners(base: Path) -> list[Path]:
    """`base` and the folder of every owner in it."""
    try:
        return [base, *sorted(folder for folder in (base / PRIVATE).iterdir() if re.fullmatch(OWNER, folder.name))]
    except OSError:
        return [base]
