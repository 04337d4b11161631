"""Starts a board for trying, until Ctrl-C: `python -m tests.qemu [DIRECTORY]`; `./dev board` does it."""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path

from tests.qemu import documents
from tests.qemu.bench import bench
from tests.qemu.board import HOST, Board
from tests.qemu.places import BENCH, HTTP, SSH, UART
from tests.qemu.software import Software, missing


def main() -> int:
    """Start the board, and say where it is."""
    if why := missing():
        print(why, file=sys.stderr)
        return 1
    ends = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # no thread, and no program that is started, takes them
    place = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="board-")).resolve()
    board = Board(place / "board", Software(place / "software").build(), HTTP, SSH, UART)
    with board, bench(board, BENCH):
        board.on()
        print(f"its console   rfc2217://{HOST}:{UART}")
        print(f"its page      http://{HOST}:{HTTP}/   (and SSH at port {SSH}, once its password is set)")
        print(
            f"its plug      http://{HOST}:{BENCH}   (as Shelly's: channel 0 is the supply, 1 the network cable)"
        )
        print(f"its button    curl -X POST http://{HOST}:{BENCH}/button/10   (held for ten seconds)")
        print(
            f"its documents {documents.write(place / 'documents', board, BENCH)}   (password: {documents.PASSWORD})"
        )
        print("Ctrl-C takes it off the bench", flush=True)
        signal.sigwait(ends)
    return 0


sys.exit(main())
