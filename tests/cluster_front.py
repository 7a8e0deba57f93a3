"""What stands between a bot and a node: passes requests on, counts them, and makes trouble where told to."""

import http.client
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit


class Request(NamedTuple):
    """A request that came."""

    method: str
    path: str
    body: bytes


class Trouble(NamedTuple):
    """An answer that is given in place of the node's."""

    status: int
    body: bytes = b"{}"


Meddling = Callable[[Request], Trouble | None]


class Front:
    """Passes requests on to a node.

    `meddle` is asked about each first: it may answer itself, or hold it up by taking its time.
    """

    def __init__(self, node: str) -> None:
        self._node = urlsplit(node)
        self._lock = threading.Lock()
        self.requests: list[Request] = []
        self.meddle: Meddling = lambda _request: None
        self.url = ""

    def pass_on(self, request: Request, kind: str | None) -> tuple[int, bytes]:
        """The node's answer, or the trouble that is made."""
        with self._lock:
            self.requests.append(request)
        if trouble := self.meddle(request):
            return trouble
        connection = http.client.HTTPConnection(self._node.hostname or "", self._node.port, timeout=60)
        try:
            connection.request(
                request.method, request.path, request.body, {"Content-Type": kind} if kind else {}
            )
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def sent(self, part: str) -> list[Request]:
        """The requests whose path holds something."""
        with self._lock:
            return [request for request in self.requests if part in request.path]


@contextmanager
def standing_before(node: str, certificate: tuple[Path, Path] | None = None) -> Iterator[Front]:
    """A front of a node, on loopback; with a certificate and its key, one that speaks TLS."""
    front = Front(node)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Request(self.command, self.path, body)
            status, content = front.pass_on(request, self.headers.get("Content-Type"))
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any  # noqa: N815  as the base calls them

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        front.url = f"http{'s' if certificate else ''}://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield front
        finally:
            server.shutdown()
