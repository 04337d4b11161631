"""Web logins of one idea each: a function answers every request, and a profile says how to log in."""

from __future__ import annotations

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from login_device import LoginDevice, profile_of

from pytest_etsi.dut import Dut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from email.message import Message
    from pathlib import Path

__all__ = ["Answer", "Asked", "logging_in"]


class Asked(NamedTuple):
    """One request; the body as fields of a form or keys of a JSON object."""

    method: str
    path: str
    headers: Message
    body: Mapping[str, Any]

    @property
    def cookies(self) -> dict[str, str]:
        """As the request sends them."""
        pairs = (one.strip().partition("=") for one in self.headers.get("Cookie", "").split(";"))
        return {name: value for name, _, value in pairs}


class Answer(NamedTuple):
    """What comes back."""

    status: int = 200
    body: str | dict[str, Any] = ""
    headers: Mapping[str, str] = {}


@contextlib.contextmanager
def logging_in(directory: Path, answers: Callable[[Asked], Answer], **login: Any) -> Iterator[Dut]:
    """A device that answers so, and the tester with a profile of it; ``{base}`` in `login` stands for its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            is_json = "json" in self.headers.get("Content-Type", "")
            body = json.loads(sent) if is_json and sent else dict(parse_qsl(sent, keep_blank_values=True))
            told = answers(Asked(self.command, self.path, self.headers, body))
            content = told.body if isinstance(told.body, str) else json.dumps(told.body)
            self.send_response(told.status)
            self.send_header(
                "Content-Type", "text/html" if isinstance(told.body, str) else "application/json"
            )
            self.send_header("Content-Length", str(len(content.encode())))
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content.encode())

        do_POST = do_GET  # noqa: N815 - as the library asks for it

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        device = LoginDevice()
        device.base = f"http://127.0.0.1:{server.server_port}"
        access = json.loads(json.dumps(login).replace("{base}", device.base))
        yield Dut(profile_of(directory, device, login=access))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
