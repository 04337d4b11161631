"""A small world on the loopback for operations: a server that answers by script, and a profile that names it."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pytest_etsi.dut import Dut
from pytest_etsi.profile import load_profile
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Answer = tuple[int, Any]


class Kept:
    """Keeps evidence in memory, by name."""

    def __init__(self) -> None:
        self.items: list[tuple[str, Any]] = []

    def add(self, name: str, content: Any) -> None:
        self.items.append((name, content))

    def named(self, name: str) -> Any:
        return next(content for one, content in reversed(self.items) if one == name)


@contextmanager
def server(answer: Callable[[str, str, bytes], Answer]) -> Iterator[str]:
    """A server whose answers `answer` gives: method, path with query, body -> status and content."""

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, content = answer(self.command, self.path, body)
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            pass

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.daemon_threads = True
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{made.server_port}"
    finally:
        made.shutdown()
        made.server_close()
        thread.join()


def device_of(
    directory: Path,
    access: dict[str, Any],
    *,
    ixit: dict[str, Any] | None = None,
    software: str = "1",
    edition_id: str = "1.1.1",
    **given: Any,
) -> Dut:
    """A device with this access (and IXIT tables), through a file as any other; `given` goes to the facade."""
    tables = {table.id: {} if table.single else [] for table in edition(edition_id).tables}
    content = {
        "format": 1,
        "name": "lamp",
        "edition": edition_id,
        "dut": {
            "manufacturer": "Example",
            "model": "Lamp",
            "hardware": "A",
            "software": software,
            "serial": "S1",
        },
        "ics": {},
        "ixit": tables | (ixit or {}),
        "permissions": ["outage", "erase"],
        "access": {"network": {"hosts": ["127.0.0.1"]}} | access,
    }
    path = Path(directory, "lamp.yaml")
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return Dut(load_profile(path), **given)
