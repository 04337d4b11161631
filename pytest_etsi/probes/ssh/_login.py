"""Password logins over SSH."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.login import Login, LoginAttempt, LoginOutcome
from pytest_etsi.probes.ssh._channel import Refusal
from pytest_etsi.probes.ssh._open import open_channel

if TYPE_CHECKING:
    from pytest_etsi.probes.ssh._channel import Channel

__all__ = ["SshLogin", "attempt"]


def attempt(
    host: str,
    port: int,
    username: str,
    password: str,
    *,
    timeout_s: float = 15.0,
    source: str | None = None,
) -> LoginAttempt:
    """Try one password on a connection of its own; see `SshLogin` for several on one connection."""
    with SshLogin(host, port, timeout_s=timeout_s, source=source) as login:
        return login.attempt(username, password)


class SshLogin(Login):
    """Password logins over one SSH connection, renewed when the server ends it."""

    def __init__(self, host: str, port: int, *, timeout_s: float = 15.0, source: str | None = None) -> None:
        super().__init__(host, port, timeout_s=timeout_s, source=source)
        self._channel: Channel | None = None
        self._legacy = False

    def close(self) -> None:
        """End the connection."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def attempt(self, username: str, password: str) -> LoginAttempt:
        """Try a password.

        OpenSSH closes a connection after six failures; the next attempt then opens another one and says so in
        `new_connection`.
        """
        deadline = Deadline(self.timeout_s)
        fresh = self._channel is None or not self._channel.usable(username)
        if fresh or self._channel is None:
            self.close()
            try:
                self._channel, self._legacy = open_channel(
                    self.host, self.port, username, deadline, self.source, legacy=self._legacy
                )
            except Refusal as refusal:
                return self._result(
                    username, _without_channel(refusal), str(refusal), deadline.elapsed, fresh, refusal.needs
                )
        started = time.monotonic()
        outcome, detail = self._channel.password(username, password, deadline)
        if outcome != "rejected":
            self.close()
        return self._result(username, outcome, detail, time.monotonic() - started, fresh)

    def _result(
        self,
        username: str,
        outcome: LoginOutcome,
        detail: str,
        duration_s: float,
        fresh: bool,
        needs: str = "",
    ) -> LoginAttempt:
        return LoginAttempt(
            "ssh",
            self.host,
            self.port,
            username,
            outcome,
            detail,
            round(duration_s, 6),
            new_connection=fresh,
            needs=needs,
        )


def _without_channel(refusal: Refusal) -> LoginOutcome:
    text = str(refusal)
    if refusal.incompatible or "no common" in text or "cannot negotiate" in text:
        return "unsupported"
    return "timeout" if "timed out" in text else "refused"
