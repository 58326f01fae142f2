"""Who may change a run on a page that many share: whoever started it. Whoever asks nobody, in a shell or a worker, may
change everything, and so may all what nobody has signed.

    owner         who started the run, as `owners.owner_of` names them; not there for a run of the command line
    stopped.json  who stopped it, and when
    share         the secret of a link that shows a private run to whoever has it
"""

import contextlib
import re
import secrets
from datetime import UTC, datetime
from pathlib import Path

from ..base.errors import LatentError
from ..base.files import read_json, write_json
from ..base.owners import OWNER, PRIVATE, all_owners, common, owner, visitor

STARTED, STOPPED, SHARE = "owner", "stopped.json", "share"
SECRET = r"[\w-]{22}"


def sign(folder: Path) -> None:
    """Keep who starts a run; nothing where nobody is asking."""
    who = visitor()
    if who is not None and who.name:
        (folder / STARTED).write_text(who.name, "utf-8")


def started_by(folder: Path) -> str:
    """Who started a run; "" where nobody has signed it."""
    return _text(folder / STARTED, OWNER)


def may_change(folder: Path) -> bool:
    """Whether whoever is asking may stop, resume, rename and delete a run."""
    who, owning = visitor(), owner()
    if owning is not None:  # private: what they see of others was shared with them
        return folder.resolve().parent.name == owning
    return who is None or who.may_all or started_by(folder) in ("", who.name)


def check_may_change(folder: Path) -> None:
    """LatentError where whoever is asking may only look at a run."""
    if not may_change(folder):
        raise LatentError(
            f"{folder.name} was started by somebody else: it can be looked at and downloaded, not changed."
        )


def sign_stop(folder: Path) -> None:
    """Keep who stops a run, and when."""
    who = visitor()
    at = datetime.now(UTC).isoformat(timespec="seconds")
    write_json(folder / STOPPED, {"by": who.name if who else "", "at": at})


def stopped_by(folder: Path) -> tuple[str, datetime] | None:
    """(who stopped a run, "" for nobody of the page, when); None where that is not known."""
    with contextlib.suppress(LatentError, ValueError, TypeError, KeyError):
        said = read_json(folder / STOPPED)
        return str(said["by"])[:20], datetime.fromisoformat(said["at"])
    return None


def share(folder: Path) -> str:
    """The secret that shows a run to whoever has it, made where there is none. LatentError where it is not theirs."""
    check_may_change(folder)
    known = _text(folder / SHARE, SECRET)
    if not known:
        known = secrets.token_urlsafe(16)
        (folder / SHARE).write_text(known, "utf-8")
    return known


def unshare(folder: Path) -> None:
    """Nobody else sees a run any more. LatentError where it is not theirs."""
    check_may_change(folder)
    (folder / SHARE).unlink(missing_ok=True)


def is_shared(folder: Path) -> bool:
    """Whether a link shows this run to others."""
    return bool(_text(folder / SHARE, SECRET))


def shared_run(base: Path, secret: str) -> Path | None:
    """The private run with this secret, of the runs in `base`, whosever; None where there is none (any more)."""
    if not re.fullmatch(SECRET, secret, re.ASCII):
        return None
    for parent in all_owners(common(base)):
        if parent.parent.name != PRIVATE:
            continue
        for file in parent.glob(f"[!.]*/{SHARE}"):
            if secrets.compare_digest(_text(file, SECRET), secret):
                return file.parent
    return None


def _text(file: Path, form: str) -> str:
    try:
        text = file.read_text("utf-8").strip()
    except (OSError, ValueError):
        return ""
    return text if re.fullmatch(form, text, re.ASCII) else ""
