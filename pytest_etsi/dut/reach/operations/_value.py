"""The value that an operation gives: picked from what came back, as the profile says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pytest_etsi.dut.reach.auth.taking import at_path
from pytest_etsi.dut.reach.operations._model import OtherwiseError
from pytest_etsi.probes.json_text import read_json
from pytest_etsi.probes.observation import printable

if TYPE_CHECKING:
    from pytest_etsi.profile.operations import ValueOf

__all__ = ["LONGEST", "pick"]

LONGEST = 256 * 1024
"""Characters of what came back that a value is looked for in."""


def pick(wanted: ValueOf, text: str) -> str:
    """The value in a text.

    Raises:
        OtherwiseError: there is none.
    """
    if wanted.json_path is not None:
        text = _at(text, wanted.json_path)
    if wanted.pattern is None:
        return text
    found = re.search(wanted.pattern, text[:LONGEST].replace("\r\n", "\n"), re.MULTILINE)
    if found is None:
        raise OtherwiseError(f"nothing fits {wanted.pattern!r} in {printable(text, 200)!r}")
    return found[1] or "" if found.re.groups else found[0]


def _at(text: str, path: str) -> str:
    try:
        content: Any = read_json(text.rstrip("\0"))  # small devices send the end of their strings along
    except ValueError:
        raise OtherwiseError(f"what came back is no JSON: {printable(text, 200)!r}") from None
    value = at_path(content, path)
    if value is None:
        raise OtherwiseError(f"there is no {path!r} in {printable(text, 200)!r}")
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
