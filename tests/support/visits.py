"""A server without a browser, in a process of its own, that somebody else watches.

python -m tests.support.visits answers a line of JSON with what a page says, once a sentence is among it:
[page, state, link, sentence, file to upload].
"""

import json
import sys
import time
import traceback
from pathlib import Path

from .apptest import opened, said

LIMIT = 100.0  # seconds for a sentence


def visit(page: str, state: dict, link: dict, sentence: str, upload: str) -> str:
    """What the page says, when the sentence is there or LIMIT is over."""
    at = opened(page, state, LIMIT, **link)
    if upload:
        (uploader,) = at.file_uploader
        uploader.upload(Path(upload).name, Path(upload).read_bytes(), "application/octet-stream").run()
    end = time.monotonic() + LIMIT
    while sentence not in (words := said(at)) and time.monotonic() < end:
        at.run()
    return words


def main() -> None:
    for line in sys.stdin:
        try:
            words = visit(*json.loads(line))
        except Exception:  # one visit's failure is that visit's answer, and not the end of the others
            words = traceback.format_exc()
        print(json.dumps(words), flush=True)


if __name__ == "__main__":
    main()
