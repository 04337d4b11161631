"""Logins that a probe performs: SSH, MQTT CONNECT and Telnet-like prompts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pytest_etsi.dut.reach.auth._protocol import Attempt, Outcome
from pytest_etsi.dut.reach.auth.http import change_in_session_of
from pytest_etsi.dut.reach.auth.keys import private_key_of
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.reach.auth._protocol import Device
    from pytest_etsi.probes.login import LoginAttempt
    from pytest_etsi.probes.ssh import SshLogin
    from pytest_etsi.profile.entries import AuthMechEntry
    from pytest_etsi.profile.private_key import PrivateKey

__all__ = ["MqttDriver", "RtspDriver", "SshDriver", "TelnetDriver"]

_OUTCOMES: dict[str, Outcome] = {"accepted": "accepted", "rejected": "refused"}
"""What a probe saw -> what it means for a guesser; everything else gave no usable answer."""


class _Login(Protocol):
    def attempt(self, username: str, password: str) -> LoginAttempt: ...

    def close(self) -> None: ...


class _LineSession:
    """One connection as a probe keeps it."""

    def __init__(self, entry: AuthMechEntry, dut: Device, login: _Login) -> None:
        self._entry = entry
        self._dut = dut
        self._login = login

    def close(self) -> None:
        self._login.close()

    def attempt(self, username: str, password: str) -> Attempt:
        seen = self._login.attempt(username, password)
        if seen.needs:
            # What is missing is missing here: the device answers, and nothing may be concluded from it.
            inconclusive(
                f"{self._entry.table}/{self._entry.id}: {seen.detail}",
                cause=Cause.BENCH,
                settle=f"install {seen.needs}",
            )
        outcome = _OUTCOMES.get(seen.outcome, "no-answer")
        if outcome != "accepted" and (seen.retry_after_s or (seen.protocol, seen.code) == ("rtsp", 429)):
            outcome = "locked"
        # Some devices echo what they are sent.
        detail = seen.detail.replace(password, "***") if password else seen.detail
        return Attempt(outcome, detail or seen.outcome, seen.duration_s, seen.retry_after_s)

    def change_password(self, old: str, new: str) -> Attempt:
        """See `AuthSession.change_password`; these protocols have no way of their own, but a web page may be one."""
        change = self._entry.access.change
        if change is None or not change.session_of:
            driver = self._entry.access.driver
            inconclusive(
                f"{self._entry.table}/{self._entry.id}: the driver {driver!r} cannot change a password",
                cause=Cause.ACCESS,
                settle="describe the request that changes it in access.change, with session_of, or add an "
                "authentication driver with change_password by the hook pytest_etsi_auth_drivers",
            )
        values = {"old": old, "new": new, "username": self._entry.access.username or ""}
        return change_in_session_of(self._dut, change.session_of, change, values)


class _OneByOne:
    """Attempts on connections of their own, for protocols in which a refusal ends the connection."""

    def __init__(
        self, protocol: str, host: str, port: int, source: str | None, *, tls: bool, path: str = "/"
    ) -> None:
        self._protocol = protocol
        self._host = host
        self._port = port
        self._source = source
        self._tls = tls
        self._path = path

    def attempt(self, username: str, password: str) -> LoginAttempt:
        from pytest_etsi.probes import rtsp, telnet
        from pytest_etsi.probes.mqtt import connection as mqtt
        from pytest_etsi.probes.tls import lenient_context

        context = lenient_context() if self._tls else None
        if self._protocol == "rtsp":
            return rtsp.attempt(
                self._host, self._port, self._path, username, password, source=self._source, context=context
            )
        if self._protocol == "mqtt":
            return mqtt.attempt(
                self._host, self._port, username, password, source=self._source, context=context
            )
        return telnet.attempt(self._host, self._port, username, password, source=self._source)

    def close(self) -> None:
        """Nothing stays open between attempts."""


class _LineDriver:
    protocol: str

    def __init__(self, entry: AuthMechEntry, dut: Device) -> None:
        self._entry = entry
        self._dut = dut
        self._host, self._port = dut.network.login_of(entry)

    def connect(self, *, source_address: str | None = None) -> _LineSession:
        return _LineSession(self._entry, self._dut, self._login(source_address))

    def _login(self, source: str | None) -> _Login:
        # Never in the clear where the documents place the login within TLS.
        tls = self._entry.facts.tls is not None
        return _OneByOne(self.protocol, self._host, self._port, source, tls=tls)


class _ByKey:
    """Logins by a key: its fingerprint stands for it, and whatever else is given for a key that is another one."""

    def __init__(self, login: SshLogin, right: PrivateKey) -> None:
        self._login = login
        self._right = right
        self._wrong = right.another()

    def attempt(self, username: str, password: str) -> LoginAttempt:
        key = self._right if password == self._right.fingerprint else self._wrong
        return self._login.attempt_key(username, key.text)

    def close(self) -> None:
        self._login.close()


class SshDriver(_LineDriver):
    """SSH authentication by password or, where the entry has ``access.key``, by public key (RFC 4252, 8 and 7)."""

    protocol = "ssh"

    def _login(self, source: str | None) -> _Login:
        from pytest_etsi.probes.ssh import SshLogin

        login = SshLogin(self._host, self._port, source=source)
        key = private_key_of(self._entry.access)
        return login if key is None else _ByKey(login, key)


class MqttDriver(_LineDriver):
    """MQTT CONNECT with user name and password; within TLS where the entry has ``facts.tls``."""

    protocol = "mqtt"


class RtspDriver(_LineDriver):
    """DESCRIBE of a stream with digest or basic; within TLS where the entry has ``facts.tls``."""

    protocol = "rtsp"

    def _login(self, source: str | None) -> _Login:
        tls = self._entry.facts.tls is not None
        return _OneByOne(self.protocol, self._host, self._port, source, tls=tls, path=self._entry.access.path)


class TelnetDriver(_LineDriver):
    """A login prompt and a password prompt on a TCP connection."""

    protocol = "telnet"
