"""The service's HTTP side: health, readiness and metrics, and how whatever listens is served."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.errors import SettingsError
from bot.operations.health import Health
from bot.operations.metrics import Metrics
from bot.setting_values import Address

logger = logging.getLogger(__name__)

CONNECTIONS = 200
"""More at once are told to come later."""
HEAD_SECONDS = 5.0
"""How long the head of a request may take to arrive."""


def probes(health: Health, metrics: Metrics) -> Starlette:
    """The application: /healthz says that the process lives, /readyz whether it can do its work."""

    async def alive(_request: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def ready(_request: Request) -> Response:
        report = health.report()
        return JSONResponse(report.model_dump(), status_code=200 if report.ready else 503)

    async def measured(_request: Request) -> Response:
        metrics.tasks(len(asyncio.all_tasks()))
        return Response(metrics.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return Starlette(routes=[Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", measured)])


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


class _Impatient(H11Protocol):
    """A connection that is closed when the head of a request does not come in time.

    Otherwise one that drips its headers would be kept for good, and with enough of them no other is let in.
    """

    _head_is_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base
        """Await the first head."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Read; what comes after a response has ended is the next head."""
        if self._head_is_due is None and self.cycle is not None and self.cycle.response_complete:
            self._await_head()
        super().data_received(data)

    def handle_events(self) -> None:
        """Read on; with a new request, its head has come."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before:
            self._head_came()

    def connection_lost(self, exc: Exception | None) -> None:
        """Await nothing more."""
        self._head_came()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._head_is_due = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _head_came(self) -> None:
        if self._head_is_due is not None:
            self._head_is_due.cancel()
            self._head_is_due = None


class _Server(uvicorn.Server):
    """The signals are the service's, not the web server's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: Starlette, place: socket.socket, what: str = "health and metrics") -> None:
    """Serve an application on a socket until cancelled; `what` tells in the log what that is."""
    host, port = place.getsockname()[:2]
    logger.info("%s at http://%s", what, Address(host, port))
    config = uvicorn.Config(
        app,
        http=_Impatient,
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
