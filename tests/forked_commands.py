"""The commands `pytest` and `pytest-etsi` as programs for a shell, of which each call is forked.

To start Python and to import everything takes longer than most of what a page of the documentation does with them. That they
start where the package is installed is for `test_wheel.py`.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from forks import TESTER, parents

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["forked_commands"]

_KINDS = {"pytest": "pytest", "pytest-etsi": "etsi"}

_PROGRAM = """\
#!{python} -SE
import json, os, socket, sys

order = {{
    "kind": {kind},
    "parents": {parents},
    "arguments": sys.argv[1:],
    "directory": os.getcwd(),
    "environment": dict(os.environ),
    "terminal": False,
    "session": False,
}}
connection = socket.socket(socket.AF_UNIX)
connection.connect({socket})
network = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
socket.send_fds(connection, [json.dumps(order).encode()], [0, 1, 2, network])
connection.shutdown(socket.SHUT_WR)
said = b"".join(iter(lambda: connection.recv(64), b""))
sys.exit(int(said.split()[1]) % 256)
"""


def forked_commands(directory: Path) -> Path:
    """Write them into a directory, which is made, to be put in front of others on the path; gives it."""
    directory.mkdir()
    sockets = parents()
    for name, kind in _KINDS.items():
        program = directory / name
        program.write_text(
            _PROGRAM.format(
                python=sys.executable,
                kind=json.dumps(kind),
                parents=json.dumps(sockets),
                socket=json.dumps(sockets[TESTER]),
            ),
            encoding="utf-8",
        )
        program.chmod(0o700)
    return directory
