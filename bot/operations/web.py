"""The service's HTTP side: health, readiness, metrics, and the webhook where there is one."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.operations.health import Health
from bot.operations.metrics import Metrics
from bot.settings import Address, SettingsError

logger = logging.getLogger(__name__)

CONNECTIONS = 200
"""More at once are told to come later."""


def web(health: Health, metrics: Metrics, routes: Sequence[BaseRoute] = ()) -> Starlette:
    """The application: /healthz says that the process lives, /readyz whether it can do its work."""

    async def alive(_request: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def ready(_request: Request) -> Response:
        report = health.report()
        return JSONResponse(report.model_dump(), status_code=200 if report.ready else 503)

    async def measured(_request: Request) -> Response:
        metrics.tasks(len(asyncio.all_tasks()))
        return Response(metrics.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return Starlette(
        routes=[Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", measured), *routes]
    )


def listening(address: Address, setting: str) -> socket.socket:
    """A socket that listens at an address.

    Raises:
        SettingsError: it cannot; the message names the setting.
    """
    try:
        place = socket.getaddrinfo(*address, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(place[4][:2], family=place[0])
    except OSError as error:
        raise SettingsError(
            f"{setting}: nothing can listen at {address} ({error}); choose another HOST:PORT."
        ) from error


class _Server(uvicorn.Server):
    """The signals are the service's, not the web server's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: Starlette, place: socket.socket) -> None:
    """Serve an application on a socket until cancelled."""
    host, port = place.getsockname()[:2]
    logger.info("health and metrics at http://%s", Address(host, port))
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve([place]))
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving
