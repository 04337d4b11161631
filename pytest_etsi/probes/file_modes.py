"""Whether a session on a device gets at files: asked by harmless commands of a POSIX shell, answered in a line each.

Of a file nothing is shown but its mode and owner; one byte of it is read, and thrown away on the device.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.probes.observation import Observation, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FileSeen", "ask_about", "read_answer"]

_MARK = "etsi-file"
_ANSWER = re.compile(
    _MARK
    + r"=(?P<number>\d+) user=(?P<user>\d+) is=(?P<there>[01]) read=(?P<read>[01]) write=(?P<write>[01])"
    r"(?: mode=(?P<mode>[-bcdlps][-rwxsStT]{9})[.+@]? owner=(?P<owner>\d+))?"
)


@dataclass(frozen=True, slots=True)
class FileSeen(Observation):
    """A file as a session sees it.

    Attributes:
        path: as it was asked for.
        user: number of the user that asked; 0: the one who may do everything.
        exists: it is there, as far as the session can see.
        readable: a byte of it was read.
        writable: the system would let the session write to it.
        mode: as ls(1) shows it; empty: it is not shown.
        owner: number of its owner; -1: it is not shown.
    """

    path: str
    user: int
    exists: bool
    readable: bool
    writable: bool
    mode: str = ""
    owner: int = -1

    def __str__(self) -> str:
        mode = f", {self.mode} of user {self.owner}" if self.mode else ""
        return f"{printable(self.path, 200)} (asked by user {self.user}{mode})"


def ask_about(paths: Iterable[str]) -> str:
    """The command that asks about some files, in one line."""
    return "; ".join(_one(number, path) for number, path in enumerate(paths))


def read_answer(text: str, paths: Iterable[str]) -> tuple[FileSeen, ...]:
    """What a session has answered; files of which it says nothing are left out.

    Args:
        text: all that came back, the echo of the command included.
        paths: in the order in which they were asked about.
    """
    asked = list(paths)
    seen: dict[int, FileSeen] = {}
    for match in _ANSWER.finditer(text):
        number = int(match["number"])
        if number < len(asked):
            seen[number] = FileSeen(
                asked[number],
                int(match["user"]),
                match["there"] == "1",
                match["read"] == "1",
                match["write"] == "1",
                match["mode"] or "",
                int(match["owner"] or -1),
            )
    return tuple(seen[number] for number in sorted(seen))


def _one(number: int, path: str) -> str:
    # The mark is put together by the shell, so that no echo of the command looks like the answer.
    name = shlex.quote(path)
    return (
        f"f={name}; i=0; r=0; w=0; [ -e $f ] && i=1; "
        'dd if="$f" of=/dev/null bs=1 count=1 2>/dev/null && r=1; [ -w "$f" ] && w=1; '
        'l=$(ls -ldn -- "$f" 2>/dev/null | awk \'{print " mode="$1" owner="$3}\'); '
        f"echo etsi-''file={number} user=$(id -u) is=$i read=$r write=$w\"$l\""
    ).replace("[ -e $f ]", '[ -e "$f" ]')
