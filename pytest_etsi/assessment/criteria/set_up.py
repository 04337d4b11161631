"""Decisions, set-up and the checks as they were met on the device (5.12-1-2, 5.12-2-1 a, 5.12-3)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria import update_init
from pytest_etsi.assessment.findings import Finding, Findings, note, unknown, violation
from pytest_etsi.probes.observation import printable
from pytest_etsi.text import listed
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.observe.decisions.model import DecisionsSeen, Met
    from pytest_etsi.dut.observe.setup_check import Check, SetupCheckSeen
    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import UserDecEntry, UserInfoEntry

__all__ = [
    "as_documented", "brought_about", "check_tells", "consent_asked", "examined", "installed", "put_visibly", "sampled",
    "secured", "shown", "tells_right", "weakened",
]  # fmt: skip


def brought_about(entry: UserDecEntry, seen: DecisionsSeen) -> Findings:
    """What leaves open that a decision was met (5.12-1-2 a); one that never comes up is for unit d."""
    met = seen.of(entry.id)
    if (found := tuple(_open(entry, seen, met))) or met.is_put:
        return Findings(found)
    return Findings((_unknown(entry, "Triggered By", f"did not come up on {met.where}", Cause.BENCH),))


def put_visibly(entry: UserDecEntry, seen: DecisionsSeen) -> Findings:
    """What shows that a decision is not put before the user, and what there was to see (5.12-1-2 b)."""
    met = seen.of(entry.id)
    if found := tuple(_open(entry, seen, met)):
        return Findings(found)
    if not met.is_put:
        message = f"does not come up on {met.where}"
        return Findings((_violation(entry, "Triggered By", message, "that the user is asked"),))
    when = "before the device is set up" if met.wizard else "on a device that is set up"
    return Findings((note(entry, "Triggered By", f"comes up {when}, on {met.where}", aspect="behaviour"),))


def consent_asked(ixit: Ixit, seen: DecisionsSeen) -> Findings:
    """What shows that no consent to automatic updates is asked for, or that this was not seen (5.3-4B-2 a)."""
    decisions = update_init.consents(ixit)
    if not decisions:
        message = f"{ixit.user_dec.id} has no decision that asks for it during initialization: nothing was looked for"
        return Findings((Finding("unknown", "behaviour", message, cause=Cause.INFORMATION),))
    found: list[Finding] = []
    for entry in decisions:
        met = seen.of(entry.id)
        if open_ := tuple(_open(entry, seen, met)):
            found.extend(open_)
        elif not (met.is_put and met.wizard):
            message = f"does not come up before the device is set up ({met.where})"
            found.append(_violation(entry, "Triggered By", message, "that initialization asks"))
    return Findings(found)


def shown(entry: UserDecEntry, seen: DecisionsSeen) -> Findings:
    """What a user gets to read, for whoever judges whether it is understood (5.12-1-2 c)."""
    met = seen.of(entry.id)
    text = printable(" ".join(met.asked.split()), 1000)
    return Findings(
        (note(entry, "Description", f"{met.where} says: {text!r}", aspect="behaviour"),) if text else ()
    )


def as_documented(entry: UserDecEntry, seen: DecisionsSeen) -> Findings:
    """What differs between a decision as it is met and as it is documented, or was not seen (5.12-1-2 d)."""
    met = seen.of(entry.id)
    if found := tuple(_open(entry, seen, met)):
        return Findings(found)
    if not met.is_put:
        message = f"does not come up on {met.where}"
        return Findings((_violation(entry, "Triggered By", message, "that it comes up as documented"),))
    return Findings(dict.fromkeys((*_options(entry, met), *_default(entry, met), *_strays(entry, met))))


def examined(seen: Met) -> str:
    """What was looked at, in one phrase, for the record."""
    offered = [name for name, there in seen.options if there]
    chosen = listed(seen.chosen) or "nothing"
    return f"{seen.where} offers {listed(offered) or 'nothing'}, with {chosen} chosen at first"


def installed(user_info: UserInfoEntry, seen: DecisionsSeen) -> Findings:
    """What leaves open that the device was set up from factory default (5.12-2-1 a)."""
    return Findings(_gaps(user_info, "Documentation of Secure Setup", seen))


def sampled(user_info: UserInfoEntry, seen: SetupCheckSeen) -> Findings:
    """What leaves open that there was a sample configuration, a good one and a weak one (5.12-3-1 a)."""
    found = list(_gaps(user_info, "access.setup_check", seen))
    if not found and not seen.weakened:
        message = "the configuration reads the same after it was made weak"
        found.append(_unknown(user_info, "access.setup_check", message, Cause.BENCH))
    if not found and not seen.restored:
        message = "the configuration does not read as before in the end"
        found.append(_unknown(user_info, "access.setup_check", message, Cause.BENCH))
    return Findings(found)


def check_tells(user_info: UserInfoEntry, seen: SetupCheckSeen) -> Findings:
    """What shows that the check does not tell a weak configuration from a good one, or that this was not seen."""
    field, access = "Documentation of Setup Check", user_info.access.setup_check
    if (found := sampled(user_info, seen)) or access is None:
        return found
    good, weak = (printable(one or "", 200) for one in (seen.good, seen.weak))
    if seen.good == seen.weak:
        message = f"the check says {good!r} of a good configuration and of a weak one alike"
        return Findings((_violation(user_info, field, message, "another outcome for each"),))
    if access.passes is None:
        message = f"says {good!r} of a good configuration and {weak!r} of a weak one; which means what is not stated"
        return Findings((_unknown(user_info, "access.setup_check.passes", message, Cause.INFORMATION),))
    wrong = [
        f"the check says {text!r} of a {words} configuration"
        for text, words, passes in ((good, "good", True), (weak, "weak", False))
        if (re.search(access.passes, text) is not None) is not passes
    ]
    return Findings(_violation(user_info, field, one, "that it tells them apart") for one in wrong)


_CHECKS: dict[Check, tuple[str, str]] = {
    "setup": ("Documentation of Setup Check", "access.setup_check"),
    "maintenance": ("Documentation of Maintenance Check", "access.maintenance_check"),
}
"""A check -> where the documents tell the user of it, and programs."""


def secured(user_info: UserInfoEntry, seen: SetupCheckSeen, check: Check = "setup") -> Findings:
    """What leaves open that the device was in a secure configuration (5.12-3-2 a of edition 2.1.1)."""
    _, access = _CHECKS[check]
    found = list(_gaps(user_info, access, seen))
    if not found and not seen.restored:
        message = "the configuration does not read as before in the end"
        found.append(_unknown(user_info, access, message, Cause.BENCH))
    return Findings(found)


def weakened(user_info: UserInfoEntry, seen: SetupCheckSeen, check: Check = "setup") -> Findings:
    """What leaves open that the device was in a configuration made insecure (5.12-3-2 d of edition 2.1.1)."""
    _, access = _CHECKS[check]
    found = list(_gaps(user_info, access, seen))
    if not found and not seen.weakened:
        message = "the configuration reads the same after it was made weak"
        found.append(_unknown(user_info, access, message, Cause.BENCH))
    return Findings(found)


def tells_right(user_info: UserInfoEntry, check: Check, seen: SetupCheckSeen, *, weak: bool) -> Findings:
    """What shows that a check tells wrongly of a configuration, or that this was not seen (5.12-3-2 b, c, e).

    Args:
        user_info: names the check, and says how a program does it.
        check: which.
        seen: what it said.
        weak: of the configuration that was made insecure on purpose, and not of the secure one.
    """
    field, where = _CHECKS[check]
    access = user_info.access.setup_check if check == "setup" else user_info.access.maintenance_check
    found = weakened(user_info, seen, check) if weak else secured(user_info, seen, check)
    if found or access is None:
        return found
    said, words = (seen.weak, "an insecure") if weak else (seen.good, "a secure")
    told = f"the check says {printable(said or '', 200)!r} of {words} configuration"
    if weak and seen.weak == seen.good:
        message = f"{told}, as of a secure one"
        return Findings((_violation(user_info, field, message, "that it reports the weakness"),))
    if access.passes is None:
        message = f"{told}; what that means is not stated"
        return Findings((_unknown(user_info, f"{where}.passes", message, Cause.INFORMATION),))
    if (re.search(access.passes, said or "") is not None) is weak:
        expected = "that it reports the weakness" if weak else "that it reports a secure state"
        return Findings((_violation(user_info, field, told, expected),))
    return Findings()


def _options(entry: UserDecEntry, met: Met) -> Iterator[Finding]:
    stated = entry.facts.options
    if not stated:
        yield _unknown(entry, "facts.options", "does not state its options for a program", Cause.INFORMATION)
    for name, there in met.options:
        if not there:
            yield _violation(entry, "Options", f"{name!r} is not offered on {met.where}", "that it is")
        elif stated and name not in stated:
            yield _violation(
                entry, "facts.options", f"lacks {name!r}, which {met.where} offers", "all options"
            )
    for name in stated:
        if name not in dict(met.options):
            message = f"does not say by what a program sees the option {name!r}"
            yield _unknown(entry, "access.controls", message, Cause.ACCESS)
    for other in met.others:
        yield _violation(entry, "Options", f"{met.where} offers {other}, too", "the documented options")


def _default(entry: UserDecEntry, met: Met) -> Iterator[Finding]:
    default = entry.facts.default
    for value in met.values:
        yield _violation(entry, "Options", f"{value} is chosen at first on {met.where}", default or "")
    if default is None:
        yield _unknown(entry, "facts.default", "does not state its default for a program", Cause.INFORMATION)
    elif met.chosen and default not in met.chosen:
        message = f"{listed(list(map(repr, met.chosen)))} is chosen at first on {met.where}"
        yield _violation(entry, "Options", message, f"{default!r}, as documented")
    elif not met.chosen and not met.values:
        message = f"what holds as long as nobody has answered did not show on {met.where}"
        yield _unknown(entry, "access", message, Cause.ACCESS)


def _strays(entry: UserDecEntry, met: Met) -> Iterator[Finding]:
    for stray in met.strays:
        message = f"{met.where} also asks what 26-UserDec does not have: {printable(stray, 100)}"
        if met.wizard:
            yield _violation(entry, "Description", message, "that each decision is documented")
        else:
            # On a page of settings not everything is a decision of set-up or upkeep.
            yield _unknown(entry, "Description", message, Cause.JUDGEMENT)


def _open(entry: UserDecEntry, seen: DecisionsSeen, met: Met) -> Iterator[Finding]:
    yield from _gaps(entry, "access", seen)
    if not met.looked and not seen.gaps:
        cause = Cause.BENCH if met.where else Cause.ACCESS
        yield _unknown(entry, "access", f"could not be looked at: {printable(met.detail, 300)}", cause)


def _gaps(entry: Entry, field: str, seen: DecisionsSeen | SetupCheckSeen) -> Iterator[Finding]:
    for gap in seen.gaps:
        yield replace(_unknown(entry, field, printable(gap, 400), seen.cause), settle=seen.settle)


# Making them ------------------------------------------------------------------------------------------------


def _violation(entry: Entry, field: str, message: str, expected: str) -> Finding:
    return violation(entry, field, message, aspect="behaviour", expected=expected)


def _unknown(entry: Entry, field: str, message: str, cause: Cause) -> Finding:
    return replace(unknown(entry, field, message, aspect="behaviour"), cause=cause)
