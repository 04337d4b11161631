"""The board's documents, which are the same for every build; only places and the password are filled in."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.qemu.board import Board

__all__ = ["PASSWORD", "write"]

PASSWORD = f"Kaffee-{secrets.token_hex(6)}"
_TEMPLATES = Path(__file__).with_name("documents")
_BOOT_S = 8
_INTERRUPTED = (
    "{writing: {write: create-user-data, read: read-settings, undo: remove-user-data, cuts_after_s: [0.2, 3]}, "
    "starting: {cuts_after_s: [1, 3]}}"
)


def write(folder: Path, board: Board, bench: int, *, interrupted: bool = False) -> Path:
    """Write them into a folder.

    Args:
        folder: where they are to lie.
        board: that they describe.
        bench: port of what switches it.
        interrupted: its power is also cut while it writes a setting and while it starts, which takes minutes.

    Returns:
        Path of the profile.
    """
    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "http": board.http,
        "ssh": board.ssh,
        "uart": board.uart,
        "bench": bench,
        "software": board.software.directory,
        "owner": PASSWORD,
        "boot_s": _BOOT_S,
        "interrupted": _INTERRUPTED if interrupted else "{}",
    }
    for template in _TEMPLATES.glob("*.yaml"):
        text = template.read_text(encoding="utf-8")
        for name, value in told.items():
            text = text.replace(f"@{name}@", str(value))
        (folder / template.name).write_text(text, encoding="utf-8")
    (folder / "secrets.yaml").chmod(0o600)
    return folder / "profile.yaml"
