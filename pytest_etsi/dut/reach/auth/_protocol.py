"""What an authentication driver has to offer, what it may ask of the device, and what one attempt shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import httpx

    from pytest_etsi.dut.reach.life import Life
    from pytest_etsi.dut.reach.network import Network
    from pytest_etsi.dut.reach.recording import Recorder
    from pytest_etsi.probes.serial import Console
    from pytest_etsi.profile import Profile
    from pytest_etsi.profile.entries import AuthMechEntry

__all__ = ["Attempt", "AuthDriver", "AuthSession", "Device", "DriverFactory", "Outcome"]

Outcome = Literal["accepted", "refused", "locked", "no-answer"]
"""accepted: logged in; refused: the credential was judged wrong; locked: attempts are not served for now;
no-answer: nothing usable came back."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One login attempt as seen from outside.

    Attributes:
        status: what the device said, shortly ("HTTP 401", "authentication failed").
        latency_s: seconds from sending the credential to the answer.
        retry_after_s: seconds the device asks to wait, where it says so.
        answer: equal for answers that say the same; empty: cannot be told.
        exclusive: whether what an accepted login opened is refused to a stranger at the same time; None: not looked.
    """

    outcome: Outcome
    status: str
    latency_s: float
    retry_after_s: float | None = None
    answer: str = ""
    exclusive: bool | None = None

    @property
    def accepted(self) -> bool:
        """The credential let us in."""
        return self.outcome == "accepted"

    def doubted(self, right: Attempt | None = None) -> Attempt:
        """This attempt with a wrong credential beside one with the right one; in doubt it was not let in, nor refused.

        Args:
            right: what the right credential was answered; None: not known.
        """
        if not self.accepted or self.exclusive:
            return self
        if self.exclusive is False:
            why = "what is protected opens to anybody at this address"
        elif right is not None and right.accepted and "" != right.answer != self.answer != "":
            why = "not what the right credential gets"
        else:
            return self
        return replace(self, outcome="no-answer", status=f"{self.status}, but {why}")

    def to_json(self) -> dict[str, Any]:
        """Builtins only, times in seconds."""
        return asdict(self)

    def __str__(self) -> str:
        """One phrase for a reason: ``refused (HTTP 401, 0.08 s)``."""
        wait = "" if self.retry_after_s is None else f", asks to wait {self.retry_after_s:g} s"
        return f"{self.outcome} ({self.status}, {self.latency_s:.2f} s{wait})"


class AuthSession(Protocol):
    """One connection to the device; what it opened is closed by `close`."""

    def attempt(self, username: str, password: str) -> Attempt:
        """Try one credential. Never raises for what the device does."""

    def change_password(self, old: str, new: str) -> Attempt:
        """Change the credential as the profile's ``access.change`` says; needs an accepted `attempt` before.

        ``accepted`` means that the device reported success.

        Raises:
            Inconclusive: the profile does not say how.
        """

    def close(self) -> None:
        """Release the connection."""


class AuthDriver(Protocol):
    """A way to log in to one authentication mechanism."""

    def connect(self, *, source_address: str | None = None) -> AuthSession:
        """A fresh connection, from `source_address` if given."""


class Device(Protocol):
    """What logins and operations may ask of the device that they are for; `pytest_etsi.dut.core.Core` is one."""

    @property
    def profile(self) -> Profile:
        """The validated documents."""

    @property
    def recorder(self) -> Recorder:
        """Keeps what is observed."""

    @property
    def network(self) -> Network:
        """The device on the network."""

    @property
    def console(self) -> Console:
        """The serial console, opened.

        Raises:
            Inconclusive: there is none, or it cannot be opened.
        """

    @property
    def cloud(self) -> httpx.Client:
        """An HTTP client for the associated service.

        Raises:
            Inconclusive: the profile names none.
        """

    @property
    def life(self) -> Life:
        """Whether the device shows any life."""

    def credentials(self, entry: AuthMechEntry) -> tuple[str, str]:
        """User name and current password of an entry of 1-AuthMech.

        Raises:
            Inconclusive: the profile gives neither.
        """

    def second_credentials(self, entry: AuthMechEntry) -> tuple[str, str]:
        """User name and password of the second account of an entry of 1-AuthMech.

        Raises:
            Inconclusive: the entry has none.
        """

    def observed_identity(self) -> dict[str, Any]:
        """What the device says of itself now, and how that compares with the profile; never raises."""

    def login(self, entry_id: str) -> AuthSession:
        """A session of an entry of 1-AuthMech, logged in with its credential; close it after use.

        Raises:
            Inconclusive: the credential is not accepted.
        """

    def second_login(self, entry_id: str) -> AuthSession:
        """A session of the second account of an entry of 1-AuthMech; close it after use.

        Raises:
            Inconclusive: the entry has none, or its credential is not accepted.
        """


DriverFactory = Callable[["AuthMechEntry", Any], AuthDriver]
"""Makes the driver of an entry of 1-AuthMech, given the device; drivers of a project are given the whole `Dut`."""
