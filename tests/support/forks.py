"""A process that has imported what a server of the app does, and forks one for each line that it reads: imports are
most of what a server's start costs.

A line is JSON: environment, arguments of the command `streamlit`. It answers with the server's process id, and ends
with its input, without them.
"""

import ctypes
import importlib
import json
import os
import pkgutil
import signal
import sys

PR_SET_PDEATHSIG = 1  # of linux/prctl.h
NEEDED = (
    "streamlit.web.bootstrap",
    "streamlit.web.cli",
    "streamlit.elements.plotly_chart",
    "plotly.graph_objects",
    "sklearn.neighbors",
)


def main() -> None:
    """Import it all, then fork at each line. The pages' own modules are left out: without them a server knows that its
    first visitor is that (see app.py).
    """
    import ae_core

    for name in (
        *NEEDED,
        *(
            module.name
            for module in pkgutil.walk_packages(ae_core.__path__, "ae_core.")
            if "__main__" not in module.name
        ),
    ):
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them here
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        if pid := os.fork():
            print(pid, file=answers, flush=True)
            continue
        environment, arguments = json.loads(line)
        serve(environment, arguments)


def serve(environment: dict[str, str], arguments: list[str]) -> None:
    """Become the command, with no word to anybody."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)  # not left over by tests that were cut off
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(silence, stream)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["streamlit", *arguments]
    from streamlit.web.cli import main as streamlit

    streamlit(prog_name="streamlit")


if __name__ == "__main__":
    main()
