"""python -m ae_core serve: a run's scores over HTTP."""

import argparse
import importlib.util
import ipaddress
import os
import socket
import sys
from pathlib import Path

from ..anomaly.live import fingerprint
from ..anomaly.storage import load_detector, load_threshold
from ..anomaly.thresholds import Rule, level
from ..base.errors import LatentError
from ..base.version import __version__
from ..runs.checkpoint import read_checkpoint
from ..training.threads import begin_with_one
from .streaming import heard_in

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
    if not (args.port.isdecimal() and int(args.port) < 65_536):
        raise LatentError(f"--port is a number from 1 to 65535, or 0 for any, not {args.port[:20]!r}.")
    checkpoint = read_checkpoint(args.name)
    detector = load_detector(checkpoint.folder, checkpoint.model())
    rule = Rule.parse(args.threshold) if args.threshold else load_threshold(checkpoint.folder)
    heard = heard_in(checkpoint, rule, Path(args.events)) if args.events else None
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
    if heard:
        about["judged_threshold_rule"] = str(heard.rule)
    path = Path(args.state or f"{checkpoint.name}.streams.sqlite")
    store = Store(path, fingerprint(detector, rule, heard))
    token = os.environ.get(TOKEN, "")
    if not token and not _is_own(args.host):
        print(f"Whoever reaches {args.host} is answered: {TOKEN} names a token that requests bring.", file=sys.stderr)
    app = make_app(Streams(detector, rule, store, heard), about, token)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, limit_concurrency=MOST_AT_ONCE
    )
    try:
        with _listening(args.host, int(args.port)) as listener:
            address = f"http://{args.host}:{listener.getsockname()[1]}/score"
            print(f"{checkpoint.name} answers on {address}; its streams are kept in {path}.", flush=True)
            uvicorn.Server(config).run([listener])
    finally:
        store.close()


def _listening(host: str, port: int) -> socket.socket:
    """A socket that takes connections. LatentError where there can be none."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=2048)
        # Connections inherit it. Without it the body of an answer waits for the other side's word that the headers have
        # come, 40 ms; asyncio sets it only where the socket names its protocol.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError as error:
        why = error.strerror or error
        raise LatentError(f"{host}:{port} cannot be listened on ({why}): choose another --port or --host.") from error


def _is_own(host: str) -> bool:
    """Whether an address is this computer's, for itself alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
