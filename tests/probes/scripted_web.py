"""Web servers of one idea each, for tests."""

from __future__ import annotations

import contextlib
import http.server
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOST = "127.0.0.1"
HTML = {"Content-Type": "text/html"}
SCRIPT = {"Content-Type": "application/javascript"}

Answer = tuple[int, dict[str, str], str]


class Site:
    """A server that is asked by GET.

    Attributes:
        asked: paths, in the order in which they came.
    """

    def __init__(self, answer: Callable[[Site, str], Answer], port: int = 0) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.port = port

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/"


@contextlib.contextmanager
def site(answer: Callable[[Site, str], Answer]) -> Iterator[Site]:
    """A server whose answer to (site, path) is status, headers and body; every other method is refused by 501."""
    it = Site(answer)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            it.asked.append(self.path)
            status, headers, body = answer(it, self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *arguments: object) -> None:
            pass

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *arguments: object) -> None:
            pass

    server = Server((HOST, 0), Handler)
    it.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield it
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def pages(**known: str) -> Callable[[Site, str], Answer]:
    """HTML pages by their path without the leading slash, ``start`` for the first one; else 404."""

    def answer(_: Site, path: str) -> Answer:
        body = known.get(path.strip("/") or "start")
        return (404, HTML, "<h1>Not Found</h1>") if body is None else (200, HTML, body)

    return answer
