"""SSH, by its identification line (RFC 4253, 4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.probes import ssh
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.services._model import Challenge, Secret, Service
from pytest_etsi.probes.telnet import strip_commands

if TYPE_CHECKING:
    from pytest_etsi.probes.services._talk import Greeting, Talk

__all__ = ["greets"]


def greets(talk: Talk, greeting: Greeting) -> Service | None:
    """Recognise the greeting, and ask how each user may log in."""
    text = strip_commands(greeting.data).lstrip()
    if not text.startswith(b"SSH-") and b"\nSSH-" not in text:
        return None
    banner = next((line for line in greeting.data.splitlines() if line.startswith(b"SSH-")), greeting.data)
    challenges: dict[str, Challenge] = {}
    complete = True
    for user in talk.users:
        talk.ready()
        talk.asks(f"SSH: how may {printable(user, 40)!r} log in?")
        auth = ssh.ssh_auth_methods(
            talk.host, talk.port, user, timeout_s=max(0.1, talk.deadline.left(3 * talk.timeout_s))
        )
        if auth.client:
            talk.notes.append(
                f"answers only a client that calls itself by a usual name: asked as {auth.client}"
            )
        if auth.none_accepted:
            talk.notes.append(f"user {printable(user, 40)!r} logs in without any credential")
        elif auth.methods:
            for method in auth.methods:
                offer = Challenge(
                    f"ssh-{method}", f"offered to user {printable(user, 40)!r}", _secret(method)
                )
                challenges.setdefault(offer.kind, offer)
        else:
            challenges.setdefault("ssh", Challenge("ssh", f"methods unknown: {auth.error}"))
            talk.notes.append(auth.error)
            complete = False  # what is not known may be a password
            break
    return talk.service("ssh", tuple(challenges.values()), banner, complete=complete)


def _secret(method: str) -> Secret:
    if method in {"password", "keyboard-interactive"}:
        return "password"
    return "key" if method in {"publickey", "hostbased"} else "unknown"
