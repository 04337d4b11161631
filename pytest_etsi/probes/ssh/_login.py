"""Logins over SSH, by password or key."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.login import Login, LoginAttempt, LoginOutcome
from pytest_etsi.probes.ssh._channel import Refusal
from pytest_etsi.probes.ssh._open import Manner, open_channel

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.probes.ssh._channel import Channel

__all__ = ["SshLogin", "attempt"]


def attempt(
    host: str,
    port: int,
    username: str,
    password: str,
    *,
    timeout_s: float = bounds.SSH_LOGIN.step_s,
    source: str | None = None,
) -> LoginAttempt:
    """Try one password on a connection of its own; see `SshLogin` for several on one connection."""
    with SshLogin(host, port, timeout_s=timeout_s, source=source) as login:
        return login.attempt(username, password)


class SshLogin(Login):
    """Logins over one SSH connection, renewed when the server ends it."""

    def __init__(
        self, host: str, port: int, *, timeout_s: float = bounds.SSH_LOGIN.step_s, source: str | None = None
    ) -> None:
        super().__init__(host, port, timeout_s=timeout_s, source=source)
        self._channel: Channel | None = None
        self._manner = Manner()

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
        return self._tried(username, lambda channel, deadline: channel.password(username, password, deadline))

    def attempt_key(self, username: str, key: str) -> LoginAttempt:
        """Try a private key (OpenSSH's form, no passphrase); as `attempt`."""
        return self._tried(username, lambda channel, deadline: channel.public_key(username, key, deadline))

    def _tried(
        self, username: str, credential: Callable[[Channel, Deadline], tuple[LoginOutcome, str]]
    ) -> LoginAttempt:
        deadline = Deadline(self.timeout_s)
        fresh = self._channel is None or not self._channel.usable(username)
        if fresh or self._channel is None:
            self.close()
            try:
                self._channel, self._manner = open_channel(
                    self.host, self.port, username, deadline, self.source, self._manner
                )
            except Refusal as refusal:
                return self._result(
                    username, _without_channel(refusal), str(refusal), deadline.elapsed, fresh, refusal.needs
                )
        started = time.monotonic()
        outcome, detail = credential(self._channel, deadline)
        if self._manner.client:
            # An answer that only a client gets that calls itself so.
            detail = f"{detail or outcome}, under the client name {self._manner.client}"
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
