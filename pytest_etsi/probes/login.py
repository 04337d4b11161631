"""What one attempt to log in gave, and logins over a connection; shared by the protocols that can log in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self, TypeAlias

from pytest_etsi.probes.observation import Observation

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Login", "LoginAttempt", "LoginOutcome"]

LoginOutcome: TypeAlias = Literal[
    "accepted", "rejected", "refused", "timeout", "closed", "unsupported", "garbage"
]
"""How an attempt ended.

- accepted: logged in.
- rejected: the service processed the credentials and refused them.
- refused: no connection, or turned away before credentials could be given.
- timeout: no answer in time.
- closed: the service closed or reset the connection instead of answering.
- unsupported: the service does not offer this way of logging in, or cannot be spoken to.
- garbage: the answer cannot be understood.
"""


@dataclass(frozen=True, slots=True)
class LoginAttempt(Observation):
    """One attempt to log in. It never holds the password.

    Attributes:
        protocol: "mqtt", "telnet", "ssh", ...
        host: as asked for.
        port: as asked for.
        username: as given; None for an attempt without one.
        outcome: see `LoginOutcome`.
        detail: what the service said, printable.
        duration_s: seconds from giving the credentials to the answer.
        code: the protocol's own code, where it has one.
        new_connection: the attempt had to open a connection.
        retry_after_s: seconds that the service asks to wait, where it says so.
        needs: what has to be installed before this service can be spoken with; empty: nothing.
    """

    protocol: str
    host: str
    port: int
    username: str | None
    outcome: LoginOutcome
    detail: str
    duration_s: float
    code: int | None = None
    new_connection: bool = True
    needs: str = ""
    retry_after_s: float | None = None

    @property
    def accepted(self) -> bool:
        """Whether it logged in."""
        return self.outcome == "accepted"

    @property
    def processed(self) -> bool:
        """Whether the service dealt with the credentials, either way."""
        return self.outcome in {"accepted", "rejected"}


class Login(ABC):
    """Logins over one connection, renewed when the service ends it; the first attempt connects.

    Attributes:
        host: name or address.
        port: TCP port.
        timeout_s: seconds for one attempt.
        source: local address to connect from.
    """

    def __init__(self, host: str, port: int, *, timeout_s: float, source: str | None = None) -> None:
        self.host = host
        self.port = port
        self.timeout_s = timeout_s
        self.source = source

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def attempt(self, username: str, password: str) -> LoginAttempt:
        """Try a user name and a password."""

    @abstractmethod
    def close(self) -> None:
        """End the connection."""
