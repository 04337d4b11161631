"""The little root shell that flaws open, on the UART and behind the undocumented login, and what else a UART says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.virtual.device.identity import HARDWARE, MODEL, SOFTWARE

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LOADER_PROMPT", "LOGIN_PROMPT", "PROMPT", "Lines", "boot_log", "run", "run_loader"]

PROMPT = "/ # "
LOADER_PROMPT = "=> "
LOGIN_PROMPT = "camera login: "
_MAX_LINE = 256


def boot_log(boot_count: int) -> str:
    """What the boot loader and the kernel print."""
    return "".join(
        f"{line}\r\n"
        for line in (
            "",
            "U-Boot 2023.04 (Jan 12 2026)",
            f"Model: {MODEL} rev {HARDWARE}",
            "DRAM:  64 MiB",
            "Hit any key to stop autoboot:  0",
            "Starting kernel ...",
            f"[    0.000000] Linux version 5.15.148 (build@example) #{boot_count}",
            "[    1.204311] Run /sbin/init as init process",
            f"camera: software {SOFTWARE}",
            "",
            "Please press Enter to activate this console.",
        )
    )


def run(line: str, identity: str) -> str:
    """What the shell answers to a line; lines end in CR LF."""
    words = line.split()
    if not words:
        return ""
    answers = {
        "id": "uid=0(root) gid=0(root)",
        "whoami": "root",
        "uname": "Linux camera 5.15.148 armv7l",
        "cat": f"{MODEL} {HARDWARE} {SOFTWARE} {identity}"
        if words[1:] == ["/etc/version"]
        else "cat: no such file",
        "ls": "bin  dev  etc  lib  proc  sbin  tmp  usr  var",
        "help": "cat exit help id ls uname whoami",
    }
    return answers.get(words[0], f"-sh: {words[0]}: not found") + "\r\n"


def run_loader(line: str) -> str:
    """What the boot loader answers to a line; lines end in CR LF."""
    words = line.split()
    if not words:
        return ""
    answers = {"version": "U-Boot 2023.04 (Jan 12 2026)", "printenv": "bootdelay=1\r\nbootcmd=run load"}
    return answers.get(words[0], f"Unknown command '{words[0]}' - try 'help'") + "\r\n"


class Lines:
    """Makes lines of what is typed: takes CR, LF or CR LF, backspace, and bounds the length.

    Args:
        done: called with every line.
    """

    def __init__(self, done: Callable[[str], None]) -> None:
        self._done = done
        self._typed = bytearray()
        self._after_cr = False

    def feed(self, data: bytes) -> None:
        """Take what has come in."""
        for byte in data:
            if byte in b"\r\n":
                if byte == 0x0A and self._after_cr:
                    self._after_cr = False
                    continue
                self._after_cr = byte == 0x0D
                line = self._typed.decode("utf-8", "replace")
                self._typed.clear()
                self._done(line)
                continue
            self._after_cr = False
            if byte in b"\x08\x7f":
                del self._typed[-1:]
            elif byte >= 0x20 and len(self._typed) < _MAX_LINE:
                self._typed.append(byte)
