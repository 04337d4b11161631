"""Remote framebuffer, by its version line (RFC 6143, 7.1): which security types are offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.probes._net import receive, send
from pytest_etsi.probes.services._model import Challenge, Service

if TYPE_CHECKING:
    from pytest_etsi.probes.services._talk import Greeting, Talk

__all__ = ["greets"]


def greets(talk: Talk, greeting: Greeting) -> Service | None:
    """Recognise the version line, and read the security types."""
    banner = greeting.data
    if not banner.lstrip().startswith(b"RFB "):
        return None
    budget = talk.budget()
    talk.asks("RFB: the version, and which security types?")
    send(greeting.connection, banner[:12] if len(banner) >= 12 else b"RFB 003.003\n", budget)
    answer, _ = receive(greeting.connection, budget, limit=4096)
    if banner.startswith(b"RFB 003.003"):
        types = [int.from_bytes(answer[:4], "big")] if len(answer) >= 4 else []
    else:
        types = list(answer[1 : 1 + answer[0]]) if answer else []
    if 1 in types:
        talk.notes.append("security type None: no authentication")
    challenges = tuple(
        Challenge("vnc", f"security type {number}", "password") for number in types if number not in {0, 1}
    )
    return talk.service("vnc", challenges, banner)
