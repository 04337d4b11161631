"""Starts a board for trying: `python -m tests.qemu DIRECTORY`, until Ctrl-C or the end of its input."""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path

from tests.qemu import documents
from tests.qemu.bench import bench
from tests.qemu.board import Board
from tests.qemu.software import Software, missing


def main() -> int:
    """Start the board, and say where it is."""
    if why := missing():
        print(why, file=sys.stderr)
        return 1
    place = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="board-")).resolve()
    with Board(place / "board", Software(place / "software").build()) as board, bench(board) as port:
        board.on()
        profile = documents.write(place / "documents", board, port)
        print(f"its console   rfc2217://127.0.0.1:{board.uart}")
        print(f"its page      http://127.0.0.1:{board.http}/   (ssh: port {board.ssh})")
        print(
            f"its plug      http://127.0.0.1:{port}   (like Shelly's: 0 is the supply, 1 the network cable)"
        )
        print(f"its documents {profile}", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    return 0


sys.exit(main())
