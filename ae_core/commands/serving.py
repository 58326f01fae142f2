"""python -m ae_core serve: a run's scores over HTTP."""

import argparse
import importlib.util
import ipaddress
import os
import sys
from pathlib import Path

from ..anomaly.live import fingerprint
from ..anomaly.storage import load_detector, load_threshold
from ..anomaly.thresholds import Rule, level
from ..base.errors import LatentError
from ..base.version import __version__
from ..runs.checkpoint import read_checkpoint
from ..training.threads import begin_with_one

TOKEN = "LATENT_TOKEN"
MOST_AT_ONCE = 64  # requests that are read at a time


def serve(args: argparse.Namespace) -> None:
    """Answer requests until it is stopped. Raises LatentError."""
    for package in ("starlette", "uvicorn"):
        if importlib.util.find_spec(package) is None:
            raise LatentError(f"Serving needs {package}: pip install starlette uvicorn, or latent-explorer[serve].")
    import uvicorn

    from ..serving.app import make_app
    from ..serving.store import Store
    from ..serving.streams import Streams

    begin_with_one()
    if not (str(args.port).isdigit() and 0 < int(args.port) < 65_536):
        raise LatentError(f"--port is a number from 1 to 65535, not {str(args.port)[:20]!r}.")
    checkpoint = read_checkpoint(args.name)
    detector = load_detector(checkpoint.folder, checkpoint.model())
    rule = Rule.parse(args.threshold) if args.threshold else load_threshold(checkpoint.folder)
    own = detector.preprocessing
    about = {
        "program": f"Latent Explorer {__version__}",
        "run": checkpoint.name,
        "channels": list(own.names),
        "units": list(own.units),
        "window": own.window,
        "step_seconds": own.step,
        "threshold_rule": str(rule),
        "threshold": level(detector.held_out.network, rule, detector.held_out.independent),
    }
    path = Path(args.state or f"{checkpoint.name}.streams.sqlite")
    store = Store(path, fingerprint(detector, rule))
    token = os.environ.get(TOKEN, "")
    if not token and not _is_own(args.host):
        print(f"Whoever reaches {args.host} is answered: {TOKEN} names a token that requests bring.", file=sys.stderr)
    app = make_app(Streams(detector, rule, store), about, token)
    print(
        f"{checkpoint.name} answers on http://{args.host}:{args.port}/score; its streams are kept in {path}.",
        flush=True,
    )
    try:
        uvicorn.run(
            app,
            host=args.host,
            port=int(args.port),
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=MOST_AT_ONCE,
        )
    finally:
        store.close()


def _is_own(host: str) -> bool:
    """Whether an address is this computer's, for itself alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
