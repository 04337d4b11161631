"""The bench around the board, as HTTP: a relay like Shelly's, and as labgrid's REST (0: supply, 1: network cable), a button, a light, a programmer, and the maker's offer of an update."""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from tests.qemu.board import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.qemu.board import Board

__all__ = ["bench"]

_SUPPLY, _CABLE = "0", "1"


@contextlib.contextmanager
def bench(board: Board, port: int = 0) -> Iterator[int]:
    """What switches the board, for as long as the context lasts; gives its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            wanted = {name: values[0] for name, values in parse_qs(asked.query).items()}
            match asked.path.strip("/").split("/"):
                case ["rpc", "Switch.Set"]:
                    _switch(board, wanted["id"], on=wanted["on"] == "true")
                    self._say({"was_on": wanted["on"] != "true"})
                case ["rpc", "Switch.GetStatus"]:
                    self._say({"output": board.is_on if wanted["id"] == _SUPPLY else board.linked})
                case ["relay", which, "value"]:  # the interface REST of labgrid
                    self._say(int(board.is_on if which == _SUPPLY else board.linked))
                case ["light", colour]:
                    self._say({}, status=200 if board.light == colour else 404)
                case _:
                    self._say({}, status=404)

        def do_PUT(self) -> None:
            value = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            match self.path.strip("/").split("/"):
                case ["relay", which, "value"]:
                    _switch(board, which, on=value == b"1")
            self._say({})

        def do_POST(self) -> None:
            match self.path.strip("/").split("/"):
                case ["button", seconds]:
                    board.press(int(seconds))
                case ["programmer"]:
                    board.program()
                case ["offer"]:
                    board.offer(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            self._say({})

        def do_DELETE(self) -> None:
            board.offer(b"")
            self._say({})

        def _say(self, content: dict[str, object] | int, status: int = 200) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer((HOST, port), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield int(server.server_port)
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def _switch(board: Board, which: str, *, on: bool) -> None:
    if which == _CABLE:
        board.link(up=on)
    elif on:
        board.on()
    else:
        board.off()
