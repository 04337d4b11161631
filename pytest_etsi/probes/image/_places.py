"""What the place of a find says of it: whether the device uses what lies there, or whether it is there to be read."""

from __future__ import annotations

import re
from typing import Literal

__all__ = ["Standing", "standing"]

Standing = Literal["own", "unsure", "example"]
"""own: for all that its place says it is the device's; example: it lies in a folder of documentation, examples or tests
that some package has brought along; unsure: its place has a word of these, and may be the device's all the same."""

_WORDS = r"(?:tests?|test[_-]?data|fixtures?|examples?|samples?|docs?|documentation|man|selftests?|demos?)"
_FOLDER = re.compile(rf"(?i){_WORDS}\d*")
_FILE = re.compile(rf"(?i){_WORDS}\d*(?:\.\w+)?(?::\d+)?")
_SPOKEN = re.compile(rf"(?i)(?:^|[_. -]){_WORDS}(?:[_. -]|\d|$)")
_OWN = frozenset({"etc", "root", "home", "var", "boot", "config", "conf", "persist", "overlay", "upper"})
"""Folders in which a device keeps what was set for it: a word within another name there, as in ``example.com``, is
a name and no more."""


def standing(place: str) -> Standing:
    """What a place says, such as ``firmware.bin > squashfs at 0x40000 > usr/share/doc/tls/key.pem``.

    The name that the image itself has on this machine says nothing, be it a file or a folder: a build for a test, or
    for a demonstration, holds what is delivered.
    """
    image, _, within = place.partition(" > ")
    *folders, file = [*image.split("/")[1:], *within.replace(" > ", "/").split("/")]
    for number, name in enumerate(folders):
        if name.lower() in _OWN:
            called = any(map(_FOLDER.fullmatch, folders[number:])) or _FILE.fullmatch(file)
            return "unsure" if called else "own"
        if _FOLDER.fullmatch(name):
            return "example"
    return "unsure" if any(map(_SPOKEN.search, (*folders, file))) else "own"
