"""An encrypted connection to an SSH server, whichever library speaks with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pytest_etsi.probes._net import Deadline
    from pytest_etsi.probes.login import LoginOutcome

__all__ = ["Channel", "Methods", "Refusal"]


class Refusal(Exception):  # noqa: N818 - not our error but what the server did
    """There is no secure channel; says why in one phrase.

    Attributes:
        incompatible: the two sides have no algorithms in common that the library takes.
        closed: the server ended the connection and said nothing of why.
        needs: what has to be installed before this server can be spoken with.
    """

    def __init__(
        self, text: str, *, incompatible: bool = False, closed: bool = False, needs: str = ""
    ) -> None:
        super().__init__(text)
        self.incompatible = incompatible
        self.closed = closed
        self.needs = needs


@dataclass(frozen=True, slots=True)
class Methods:
    """Authentication methods that a server names to a user.

    Attributes:
        names: printable.
        accepted: the user was let in without any credential.
        error: why they are unknown.
    """

    names: tuple[str, ...] = ()
    accepted: bool = False
    error: str = ""


class Channel(Protocol):
    """A secure channel before authentication.

    Any host key is accepted: a device is looked at, not trusted; its fingerprint is told, and compared elsewhere.
    """

    host_key: str
    """Type of the host key, such as "ssh-ed25519"."""
    fingerprint: str
    """SHA-256 of the host key, hex."""

    @property
    def banner(self) -> bytes:
        """What the server shows before authentication."""

    def usable(self, username: str) -> bool:
        """Whether another password can be tried for a user."""

    def methods(self, username: str, deadline: Deadline) -> Methods:
        """Ask which methods a user may log in by."""

    def password(self, username: str, password: str, deadline: Deadline) -> tuple[LoginOutcome, str]:
        """Try a password; by keyboard-interactive where that is all that is offered and it asks one question.

        Returns:
            How it ended, and what is to be said of it.
        """

    def public_key(self, username: str, key: str, deadline: Deadline) -> tuple[LoginOutcome, str]:
        """Try a private key (RFC 4252, 7), in OpenSSH's form and without a passphrase; as `password`."""

    def close(self) -> None:
        """End the connection."""
