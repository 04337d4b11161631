"""Changing a credential, proving that the old one is dead and the new one lives, and changing it back."""

from __future__ import annotations

import secrets
import string
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_etsi.bounds import undisturbed
from pytest_etsi.dut.observe.power import CYCLE, OFF, ON, can_cycle, cycle_power
from pytest_etsi.dut.reach.handing_over import let_out
from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.reach.auth import Attempt, AuthSession
    from pytest_etsi.profile.entries import AuthMechEntry

__all__ = ["CredentialChange", "change_and_restore", "new_passwords"]

_BACK_WITHIN_S = 120.0
_BOOTING_S = (1.0, 4.0, 10.0)
"""Seconds between attempts while a login that answers again may still refuse because it is starting."""
_LONGEST_LOCK_S = 60.0


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
        missed: what was to be looked at and could not be.
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
    missed: tuple[str, ...] = field(default=())

    @property
    def without_effect(self) -> bool:
        """The device reported success, but the former credential counts on and the new one does not."""
        return (
            self.old is not None
            and self.new is not None
            and self.old.accepted
            and self.new.outcome == "refused"
        )

    @property
    def violations(self) -> tuple[str, ...]:
        """What shows that a change which the device reported has not taken effect, in words."""
        found = []
        for when, old, new in (
            ("after the change", self.old, self.new),
            ("after a power cut", self.old_after_power_cycle, self.new_after_power_cycle),
        ):
            if old is not None and old.accepted:
                found.append(f"the former credential is still accepted {when}: {old}")
            if new is not None and new.outcome == "refused":
                found.append(f"the new credential is not accepted {when}: {new}")
        return tuple(found)

    def require_change(self) -> None:
        """Make sure that there is a change whose effect can be judged.

        Raises:
            Inconclusive: the device did not make the change (``bench``).
        """
        if not self.change.accepted:
            inconclusive(
                f"the device did not make the change, so its effect cannot be judged: {self.change}",
                cause=Cause.BENCH,
                settle="see the unit that makes the change",
            )

    def require_shown(self) -> None:
        """Make sure that the effect was seen: a login that is locked or silent has refused nothing.

        Raises:
            Inconclusive: a login gave no verdict on a credential, or something could not be looked at (``bench``).
        """
        for name, attempt in (("former", self.old), ("new", self.new)):
            if attempt is None or attempt.outcome in ("no-answer", "locked"):
                inconclusive(
                    f"the login gave no verdict on the {name} credential after the change: {attempt}",
                    cause=Cause.BENCH,
                    settle="find out whether the device crashed, lost its link, or limits the rate of logins",
                )
        if self.missed:
            inconclusive(
                "; ".join(self.missed),
                cause=Cause.BENCH,
                settle="find out whether the device or the bench failed",
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
            "missed": list(self.missed),
        }


def new_passwords(entry: AuthMechEntry) -> tuple[str, ...]:
    """Random passwords that the entry's stated length limits allow, to be tried in this order.

    The first has letters of both cases and digits; the second is shorter and has a special character too, for devices
    whose rules want one.
    """
    facts = entry.facts.password
    least = (facts.min_length if facts else None) or 0
    most = (facts.max_length if facts else None) or 64
    generation = facts.generation if facts else None
    usual = max(generation.length, 12) if generation and generation.length and not least else 16
    return (
        _random_password(min(max(usual, least), most)),
        _random_password(min(max(12, least), most), special="!"),
    )


def _random_password(length: int, special: str = "") -> str:
    kinds = [string.ascii_lowercase, string.ascii_uppercase, string.digits, *([special] if special else [])]
    letters = [secrets.choice(kinds[place % len(kinds)]) for place in range(length)]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)


def change_and_restore(dut: Core, entry: AuthMechEntry) -> CredentialChange:
    """Change the credential of an entry by its ``access.change``, look at what counts then, and change it back.

    "Back" is the profile's password, also where an interrupted run had left another one.

    Raises:
        Inconclusive: the profile's credential is not accepted to begin with, or it does not say how to change it.
    """
    before = dut.login(entry.id)
    old = dut.credentials(entry)[1]
    with undisturbed() as disturbed:
        return _changed_and_restored(dut, entry, before, old, disturbed)


def _changed_and_restored(
    dut: Core,
    entry: AuthMechEntry,
    before: AuthSession,
    old: str,
    disturbed: Callable[[], AbstractContextManager[None]],
) -> CredentialChange:
    """See `change_and_restore`; a limit of time ends what is looked at in between, in `disturbed`."""
    tried: list[str] = []
    try:
        for new in new_passwords(entry):
            tried.append(new)
            dut.password_is(entry, new)
            changing = before.change_password(old, new)
            if changing.outcome != "refused":
                break
        ended = _has_ended(before) if changing.accepted else None
    except Inconclusive:
        _which_counts(dut, entry, (old, *tried))
        raise
    finally:
        before.close()
    if not changing.accepted:
        return _not_changed(dut, entry, changing, old, tried)
    try:
        with disturbed():
            # The new one first: its success clears what the former one's refusal would add to a counter.
            new_now = _try_patiently(dut, entry, new)
            old_now = _try_patiently(dut, entry, old)
            old_later, new_later, notes, missed = _after_power_cycle(dut, entry, old, new)
    finally:
        restored = _restore(dut, entry, new, old)
    if not restored:
        notes = (*notes, f"the device did not take the former credential back; {_recovery(dut)}")
    return CredentialChange(
        entry.id, changing, old_now, new_now, old_later, new_later, ended, restored, notes, missed
    )


def _not_changed(
    dut: Core, entry: AuthMechEntry, changing: Attempt, old: str, tried: list[str]
) -> CredentialChange:
    """The change was refused, or its answer is missing; find out which credential counts now."""
    counts = _which_counts(dut, entry, (old, *reversed(tried)))
    if counts == old:
        return CredentialChange(entry.id, changing)
    notes: tuple[str, ...] = ()
    restored = False
    if counts is not None:
        notes = (f"{changing.outcome}, but made all the same",)
        restored = _restore(dut, entry, counts, old)
    if not restored:
        notes = (*notes, _recovery(dut))
    return CredentialChange(entry.id, changing, restored=restored, notes=notes)


def _which_counts(dut: Core, entry: AuthMechEntry, passwords: tuple[str, ...]) -> str | None:
    """The first of the passwords that is accepted; waits for a login that is restarting. None: none of them."""
    end = time.monotonic() + _BACK_WITHIN_S
    for password in passwords:
        attempt = _try(dut, entry, password)
        while attempt.outcome in ("no-answer", "locked") and time.monotonic() < end:
            time.sleep(1.0)
            attempt = _try(dut, entry, password)
        if attempt.accepted:
            dut.password_counts(entry, password)
            return password
    return None


def _has_ended(session: AuthSession) -> bool | None:
    check = getattr(session, "still_authorized", None)
    still = check() if callable(check) else None
    return None if still is None else not still


def _try(dut: Core, entry: AuthMechEntry, password: str) -> Attempt:
    session = dut.driver(entry).connect()
    try:
        return session.attempt(dut.credentials(entry)[0], password).doubted()
    finally:
        session.close()


def _try_patiently(dut: Core, entry: AuthMechEntry, password: str) -> Attempt:
    """As `_try`; where the login is locked for a short time, once more after it."""
    attempt = _try(dut, entry, password)
    if attempt.outcome == "locked":
        from pytest_etsi.dut.core import lock_of

        wait_s = lock_of(entry, attempt)
        if 0 < wait_s <= _LONGEST_LOCK_S:
            time.sleep(wait_s + 0.5)
            attempt = _try(dut, entry, password)
    return attempt


def _after_power_cycle(
    dut: Core, entry: AuthMechEntry, old: str, new: str
) -> tuple[Attempt | None, Attempt | None, tuple[str, ...], tuple[str, ...]]:
    """Both credentials again after the supply was cut, where the profile allows and knows how to do that.

    Returns:
        The former one, the new one, notes, and what could not be looked at although it was tried.
    """
    if not can_cycle(dut):
        note = f"no operations {OFF!r} and {ON!r}, or {CYCLE!r}: not looked at again after a power cut"
        return None, None, (note,), ()
    if "outage" not in dut.permissions:
        return None, None, ("outages are not permitted: not looked at again after a power cut",), ()
    try:
        with undisturbed():
            cycle_power(dut)
    except Inconclusive as error:
        return None, None, (), (f"not looked at again after a power cut: {error.reason}",)
    seen: list[Attempt] = []

    def answers() -> bool:
        seen.append(_try(dut, entry, new))
        return seen[-1].outcome != "no-answer"

    if not wait_until(answers, within_s=_BACK_WITHIN_S):
        return None, None, (), (f"the login did not come back within {_BACK_WITHIN_S:g} s of a power cut",)
    new_later = seen[-1]
    for pause_s in _BOOTING_S:
        if new_later.accepted:
            break
        time.sleep(pause_s)
        new_later = _try(dut, entry, new)
    old_later = _try_patiently(dut, entry, old)
    missed = tuple(
        f"the login gave no verdict on the {name} credential after a power cut: {attempt}"
        for name, attempt in (("former", old_later), ("new", new_later))
        if attempt.outcome in ("no-answer", "locked")
    )
    return old_later, new_later, (), missed


def _restore(dut: Core, entry: AuthMechEntry, new: str, old: str) -> bool:
    """Change to the profile's credential; where the device refuses that, the one that it has goes on being used."""
    former = let_out(entry.access.password) or old
    username = dut.credentials(entry)[0]
    session = dut.driver(entry).connect()
    try:
        if session.attempt(username, new).accepted:
            session.change_password(new, former)
    except Inconclusive:
        return False  # in whose session it is to be sent cannot be logged in to any more
    finally:
        session.close()
    return _which_counts(dut, entry, (former,)) is not None


def _recovery(dut: Core) -> str:
    return (
        dut.operations.recovery("factory-reset") or "reset the device to factory default and set it up again"
    )
