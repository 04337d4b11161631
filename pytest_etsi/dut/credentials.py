"""Changing a credential, proving that the old one is dead and the new one lives, and changing it back."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_etsi.dut.auth import Attempt
from pytest_etsi.dut.operations import wait_until
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.auth import AuthSession
    from pytest_etsi.dut.device import Dut
    from pytest_etsi.profile import Entry

__all__ = ["CredentialChange", "change_and_restore", "new_password"]

_POWER_CYCLE = "power-cycle"
_BACK_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True)
class CredentialChange:
    """What a change of a credential and its way back looked like.

    Attributes:
        change: the answer to the request that changes the credential.
        old: login with the former credential after the change; None: the change was not made.
        new: login with the new credential after the change.
        old_after_power_cycle: as `old`, after the supply was cut; None: not tried.
        new_after_power_cycle: as `new`, after the supply was cut.
        old_session_ended: whether a session opened before the change was ended by it; None: cannot be told.
        restored: the former credential works again at the end.
    """

    entry: str
    change: Attempt
    old: Attempt | None = None
    new: Attempt | None = None
    old_after_power_cycle: Attempt | None = None
    new_after_power_cycle: Attempt | None = None
    old_session_ended: bool | None = None
    restored: bool = True
    notes: tuple[str, ...] = field(default=())

    def require_change(self) -> None:
        """Make sure that there is a change whose effect can be judged.

        Raises:
            Inconclusive: the device did not make the change, or did not answer afterwards (``bench``), or it could not
                be brought back to the former credential (``bench``).
        """
        if not self.change.accepted:
            inconclusive(
                f"the device did not make the change, so its effect cannot be judged: {self.change}",
                cause=Cause.BENCH,
                settle="see the unit that makes the change",
            )
        silent = [
            attempt for attempt in (self.old, self.new) if attempt is None or attempt.outcome == "no-answer"
        ]
        if silent:
            inconclusive(
                f"the login did not answer after the change: {silent[0]}",
                cause=Cause.BENCH,
                settle="find out whether the device crashed or lost its link",
            )

    @property
    def made(self) -> str:
        """What was seen of the change and of the way back, for the record."""
        back = "changed back" if self.restored else "not changed back"
        return "; ".join((f"the change was {self.change}, then {back}", *self.notes))

    @property
    def effect(self) -> str:
        """What was seen of a change that took effect, for the record."""
        later = (
            "the same after a power cut" if self.new_after_power_cycle is not None else "; ".join(self.notes)
        )
        return f"former credential {self.old}; new credential {self.new}; {later}".rstrip("; ")

    def to_json(self) -> dict[str, Any]:
        """Builtins only; no credential is among them."""
        return {
            "entry": self.entry,
            "change": self.change.to_json(),
            **{
                name: attempt.to_json() if attempt is not None else None
                for name, attempt in (
                    ("old", self.old),
                    ("new", self.new),
                    ("old_after_power_cycle", self.old_after_power_cycle),
                    ("new_after_power_cycle", self.new_after_power_cycle),
                )
            },
            "old_session_ended": self.old_session_ended,
            "restored": self.restored,
            "notes": list(self.notes),
        }


def new_password(entry: Entry) -> str:
    """A random password that the entry's stated length limits allow: letters of both cases and digits."""
    facts = entry.facts.password
    length = max(16, facts.min_length or 0) if facts else 16
    if facts and facts.max_length:
        length = min(length, facts.max_length)
    generation = facts.generation if facts else None
    if generation and generation.length and not (facts and facts.min_length):
        length = max(generation.length, 12)
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    letters = [secrets.choice(kinds[place % 3]) for place in range(length)]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)


def change_and_restore(dut: Dut, entry: Entry) -> CredentialChange:
    """Change the credential of an entry by its ``access.change``, look at what counts then, and change it back.

    Raises:
        Inconclusive: the profile's credential is not accepted to begin with, or it does not say how to change it.
    """
    before = dut.login(entry.id)
    username, old = dut.credentials(entry)
    new = new_password(entry)
    driver = dut.driver(entry)
    dut.password_is(entry, new)
    try:
        changing = _request(dut, entry, before, old, new)
        if not changing.accepted:
            return _not_changed(dut, entry, changing)
        ended = _has_ended(before)
    finally:
        before.close()
    old_now = _try(driver.connect(), username, old)
    new_now = _try(driver.connect(), username, new)
    old_later, new_later, notes = _after_power_cycle(dut, entry, old, new)
    restored = _restore(dut, entry, new, old)
    if not restored:
        notes = (*notes, f"the device did not take the former credential back; {_recovery(dut)}")
    return CredentialChange(
        entry.id, changing, old_now, new_now, old_later, new_later, ended, restored, notes
    )


def _request(dut: Dut, entry: Entry, session: AuthSession, old: str, new: str) -> Attempt:
    """Ask the device for the change; where nothing was asked, the former credential goes on counting."""
    try:
        return session.change_password(old, new)
    except Inconclusive:
        dut.password_is_back(entry)
        raise


def _not_changed(dut: Dut, entry: Entry, changing: Attempt) -> CredentialChange:
    """The request was refused; find out which credential counts now."""
    username, new = dut.credentials(entry)
    if _try(dut.driver(entry).connect(), username, new).accepted:
        return CredentialChange(
            entry.id, changing, restored=False, notes=(f"refused, but made all the same; {_recovery(dut)}",)
        )
    dut.password_is_back(entry)
    try:
        dut.login(entry.id).close()
    except Inconclusive:
        return CredentialChange(entry.id, changing, restored=False, notes=(_recovery(dut),))
    return CredentialChange(entry.id, changing)


def _has_ended(session: AuthSession) -> bool | None:
    check = getattr(session, "still_authorized", None)
    still = check() if callable(check) else None
    return None if still is None else not still


def _try(session: AuthSession, username: str, password: str) -> Attempt:
    try:
        return session.attempt(username, password)
    finally:
        session.close()


def _after_power_cycle(
    dut: Dut, entry: Entry, old: str, new: str
) -> tuple[Attempt | None, Attempt | None, tuple[str, ...]]:
    """Both credentials again after the supply was cut, where the profile allows and knows how to do that."""
    if _POWER_CYCLE not in dut.operations:
        return None, None, (f"no operation {_POWER_CYCLE!r}: not looked at again after a power cut",)
    if "outage" not in dut.profile.permissions:
        return None, None, ("outages are not permitted: not looked at again after a power cut",)
    dut.operations.run(_POWER_CYCLE)
    username = dut.credentials(entry)[0]
    driver = dut.driver(entry)

    def answers() -> bool:
        return _try(driver.connect(), username, new).outcome != "no-answer"

    if not wait_until(answers, within_s=_BACK_WITHIN_S):
        return None, None, (f"the login did not come back within {_BACK_WITHIN_S:g} s of a power cut",)
    new_later = _try(driver.connect(), username, new)
    return _try(driver.connect(), username, old), new_later, ()


def _restore(dut: Dut, entry: Entry, new: str, old: str) -> bool:
    """Change back; where the device refuses that, the new credential goes on being used."""
    username = dut.credentials(entry)[0]
    session = dut.driver(entry).connect()
    try:
        if session.attempt(username, new).accepted:
            session.change_password(new, old)
    finally:
        session.close()
    restored = _try(dut.driver(entry).connect(), username, old).accepted
    if restored:
        dut.password_is_back(entry)
    return restored


def _recovery(dut: Dut) -> str:
    return (
        dut.operations.recovery("factory-reset") or "reset the device to factory default and set it up again"
    )
