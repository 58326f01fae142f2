"""The HTTP side: POST /score, GET and DELETE of streams, each answer JSON, each refusal one sentence."""

import asyncio
import hmac
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..base.errors import LatentError
from ..training.threads import begin_with_one
from .request import MAX_BYTES, Refused, parsed, stream_name
from .streams import Streams

Answer = TypeVar("Answer")
SENTENCES = {
    404: "There is nothing here: POST /score, GET /streams, DELETE /streams/NAME, GET /health.",
    405: "This address does not take that method: POST /score, GET /streams, DELETE /streams/NAME, GET /health.",
}


def make_app(streams: Streams, about: dict[str, Any], token: str = "") -> Starlette:
    """The application. about: what GET / says of the run; token: that requests bring, "" where none is needed."""
    # One thread computes, beside the one that listens. torch counts the threads of its own for each of ours anew.
    worker = ThreadPoolExecutor(1, initializer=begin_with_one)

    async def done(work: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(worker, work)

    async def score(request: HttpRequest) -> Response:
        _check_token(request, token)
        body = await _body(request)
        return JSONResponse(await done(lambda: streams.score(parsed(body, streams.names))))

    async def listing(request: HttpRequest) -> Response:
        _check_token(request, token)
        return JSONResponse({"streams": await done(streams.listing)})

    async def forget(request: HttpRequest) -> Response:
        _check_token(request, token)
        name = stream_name(request.path_params["name"])
        if not await done(lambda: streams.forget(name)):
            raise Refused(404, f"There is no stream {name[:40]!r}.")
        return JSONResponse({"forgotten": name})

    async def run(request: HttpRequest) -> Response:
        _check_token(request, token)
        return JSONResponse(about)

    async def health(request: HttpRequest) -> Response:
        return JSONResponse({"ok": True})

    return Starlette(
        routes=[
            Route("/score", score, methods=["POST"]),
            Route("/streams", listing, methods=["GET"]),
            Route("/streams/{name:path}", forget, methods=["DELETE"]),
            Route("/health", health, methods=["GET"]),
            Route("/", run, methods=["GET"]),
        ],
        exception_handlers={LatentError: _refused, HTTPException: _unknown, ClientDisconnect: _gone},
    )


def _check_token(request: HttpRequest, token: str) -> None:
    given = request.headers.get("authorization", "")
    if token and not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        raise Refused(401, "The request brings no token, or another one: Authorization: Bearer ….")


async def _body(request: HttpRequest) -> bytes:
    """All of it, or Refused before more than is allowed is held."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BYTES:
            raise Refused(413, f"A request has at most {MAX_BYTES >> 20} MB: send fewer rows at a time.")
        parts.append(part)
    return b"".join(parts)


async def _refused(request: HttpRequest, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, error.status if isinstance(error, Refused) else 500)


async def _unknown(request: HttpRequest, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    return JSONResponse({"error": SENTENCES.get(status, "The request cannot be done.")}, status)


async def _gone(request: HttpRequest, error: Exception) -> Response:
    return JSONResponse({"error": "The request was cut off."}, 400)
