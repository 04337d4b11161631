"""Automatic installation and notices of updates as seen on the device (5.3-6-2; 5.3-4A-2, 5.3-6A-2, 5.3-6B-2)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from pytest_etsi.assessment.findings import Finding, Findings, unknown, violation
from pytest_etsi.probes.observation import printable
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.observe.updates.settling import Settled
    from pytest_etsi.dut.observe.updates.use import AfterSetUp, OptionTried, What
    from pytest_etsi.profile.entries import UpdMechEntry

__all__ = [
    "answered",
    "automatic_when_on",
    "changeable",
    "each_changeable",
    "installs",
    "stays_off",
    "tells",
    "tried_in_words",
]

_HAPPENS = {
    ("updates", True): "an update is installed",
    ("updates", False): "an update is not installed",
    ("notices", True): "a notice is shown",
    ("notices", False): "no notice is shown",
}


def installs(entry: UpdMechEntry, seen: AfterSetUp) -> Findings:
    """What shows that automatic installation is off after the set-up, or that this was not seen (5.3-6-2 a)."""
    found = [_unknown(entry, "access", gap, Cause.BENCH) for gap in seen.open]
    if seen.on is False:
        found.append(
            _violation(entry, "automatic installation reads as off after the set-up", "that it is on")
        )
    elif not seen.was_due:
        found.append(
            _unknown(entry, "access.due", "what makes an installation due is not described", Cause.ACCESS)
        )
    elif seen.installed_s is None and seen.known and not seen.open:
        message = f"an update that it knows of is not installed within {entry.access.installs_within_s:g} s"
        found.append(_violation(entry, message, "that it is installed without the user"))
    elif seen.installed_s is None:
        message = (
            "the update that was offered was not installed, and whether the device knew of it is not seen"
        )
        found.append(_unknown(entry, "access.automatic.known", message, Cause.ACCESS))
    else:
        found += _kept(entry, seen.settled)
    examined = f"an update on offer was installed by itself after {seen.installed_s} s"
    return Findings(found, f"{examined}, and runs after another start")


def _kept(entry: UpdMechEntry, settled: Settled | None) -> Iterator[Finding]:
    """What leaves open that an update, which was seen to run, stays installed.

    That the former version comes back is what a device does that has found the new one bad: whether it is the update,
    the bench or the mechanism that is, nothing of this shows.
    """
    if settled is None:
        yield _unknown(entry, "access", "whether the update stays installed was not seen", Cause.BENCH)
    elif settled.version is None:
        message = "the update was installed, and the device is not in order when it has had its time for it"
        yield _unknown(entry, "access.installs_within_s", message, Cause.BENCH)
    elif settled.fell_back:
        message = (
            f"the update was installed, and fell back {settled.fell_back}: version "
            f"{printable(settled.version, 40)} runs when the device has settled"
        )
        yield _unknown(entry, "access.installs_within_s", message, Cause.JUDGEMENT)
    elif settled.untried:
        message = f"whether the update stays installed after another start was not tried: {settled.untried}"
        yield _unknown(entry, "access", message, settled.cause)


def answered(entry: UpdMechEntry, answer: Literal["granted", "denied"]) -> Findings:
    """What leaves open that the set-up answers the question for consent in this way (5.3-4B-2 b, c)."""
    if entry.access.consent == answer:
        return Findings()
    message = f"that the operation initialize gives a {answer} consent is not described"
    return Findings((_unknown(entry, "access.consent", message, Cause.ACCESS),))


def stays_off(entry: UpdMechEntry, seen: AfterSetUp) -> Findings:
    """What shows that a refused consent does not keep the mechanism off, or that this was not seen (5.3-4B-2 c)."""
    expected = "that it is off"
    found = [_unknown(entry, "access", gap, Cause.BENCH) for gap in seen.open]
    if seen.installed_s is not None:
        message = f"an update was installed after {seen.installed_s} s, although consent was refused"
        return Findings((_violation(entry, message, expected),))
    if seen.on:
        message = "automatic installation reads as on, although consent was refused"
        return Findings((_violation(entry, message, expected),))
    if seen.on is None and not (seen.was_due and seen.known):
        message = "nothing shows whether it is on, and no update that it knows of was due"
        found.append(_unknown(entry, "access.automatic.is_on", message, Cause.ACCESS))
    return Findings(
        found, "automatic installation is off after the set-up, and no update was installed by itself"
    )


def tells(entry: UpdMechEntry, seen: AfterSetUp) -> Findings:
    """What shows that notices are off after the set-up, or that this was not seen (5.3-6-2 c)."""
    found = [_unknown(entry, "access", gap, Cause.BENCH) for gap in seen.open]
    if seen.notices_on is False:
        found.append(_violation(entry, "notices of updates read as off after the set-up", "that they are on"))
    elif seen.shown is None:
        found.append(
            _unknown(entry, "access.notices.shown", "how a notice is seen is not described", Cause.ACCESS)
        )
    elif seen.shown_before:
        message = "what shows a notice is so when nothing is offered, too"
        found.append(_unknown(entry, "access.notices.shown", message, Cause.BENCH))
    elif not seen.shown and seen.known:
        found.append(
            _violation(entry, "no notice is shown of an update that the device knows of", "a notice")
        )
    elif not seen.shown:
        message = "no notice was shown, and whether the device knew of the update is not seen"
        found.append(_unknown(entry, "access.notices.known", message, Cause.ACCESS))
    return Findings(found, "a notice was shown when an update was on offer, and not before")


def changeable(entry: UpdMechEntry, tried: tuple[OptionTried, ...], what: What) -> Findings:
    """What shows that the user's settings change nothing, or that this was not seen (5.3-6-2 b, d).

    Args:
        entry: of 7-UpdMech.
        tried: each choice.
        what: "updates" or "notices".
    """
    found = list(_untried(entry, tried, what))
    by_option = {one.option: one for one in tried}
    works = [one.option for one in tried if _works(one, by_option)]
    failing = [one for one in tried if not _works(one, by_option) and _is_telling(one, by_option)]
    if failing and not works and not found:
        told = "; ".join(f"{one.option}: {_told(one, what)}" for one in failing)
        message = f"none of its settings of {what} changes anything: {told}"
        found.append(_violation(entry, message, "that one of enabling, disabling and postponing does"))
    elif failing and works:
        # One that works suffices by one reading; by the other all have to that are described.
        told = "; ".join(f"{one.option}: {_told(one, what)}" for one in failing)
        message = f"of its settings of {what} {', '.join(works)} works, and others do not: {told}"
        found.append(_unknown(entry, "Configuration", message, Cause.JUDGEMENT))
    elif not works and not found:
        message = f"that a setting of {what} changes anything did not show"
        found.append(_unknown(entry, "access", message, Cause.BENCH))
    return Findings(found, tried_in_words(tried, what))


def each_changeable(
    entry: UpdMechEntry, tried: tuple[OptionTried, ...], what: What, wanted: tuple[str, ...]
) -> Findings:
    """What shows that one of the settings that users need changes nothing, or that this was not seen.

    Args:
        entry: of 7-UpdMech.
        tried: each choice.
        what: "updates" or "notices".
        wanted: "enable", "disable", "postpone": all of them are needed in edition 2.1.1.
    """
    found = list(_untried(entry, tried, what))
    told = {finding.message for finding in found}
    by_option = {one.option: one for one in tried}
    for option in wanted:
        one = by_option.get(option)
        message = f"how the user sets {option} is not described"
        if one is None and message not in told:
            place = "automatic" if what == "updates" else "notices"
            found.append(_unknown(entry, f"access.{place}.{option}", message, Cause.ACCESS))
        elif one is not None and not _has_effect(one, by_option) and _is_telling(one, by_option):
            message = f"its setting of {what} does not work: {option}: {_told(one, what)}"
            found.append(_violation(entry, message, f"that each of {', '.join(wanted)} does"))
    if not found and (silent := [name for name in wanted if not _has_effect(by_option[name], by_option)]):
        message = f"that {', '.join(silent)} changes anything did not show"
        found.append(_unknown(entry, "access", message, Cause.BENCH))
    return Findings(found, tried_in_words(tried, what))


def _has_effect(one: OptionTried, by_option: dict[str, OptionTried]) -> bool:
    """Whether a choice changes what happens; what is put off stays switched on."""
    return _works(replace(one, reads=None) if one.option == "postpone" else one, by_option)


def automatic_when_on(entry: UpdMechEntry, tried: tuple[OptionTried, ...]) -> Findings:
    """What shows that the mechanism is not automatic even where the user has switched that on (5.3-4A-2 a)."""
    examined = tried_in_words(tried, "updates")
    one = next((one for one in tried if one.option == "enable"), None)
    if one is not None and one.done and one.happened:
        return Findings(_kept(entry, one.settled), examined)
    if one is not None and one.done and one.happened is False and one.known is True:
        message = "automatic installation is on, and an update that it knows of is not installed"
        return Findings((_violation(entry, message, "that it is installed without the user"),), examined)
    field, why, cause = "access", "it could not be tried", Cause.BENCH
    if one is None:
        field, why, cause = "access.automatic.enable", "how the user does so is not described", Cause.ACCESS
    elif one.done and one.happened is None:
        field, why, cause = "access.due", "what follows is not seen", Cause.ACCESS
    elif one.done:
        field, why, cause = (
            "access.automatic.known",
            "that the device knew of the update is not seen",
            Cause.ACCESS,
        )
    message = f"that it is automatic once the user has switched that on did not show: {why}"
    return Findings((_unknown(entry, field, message, cause),), examined)


def tried_in_words(tried: tuple[OptionTried, ...], what: What) -> str:
    """What was tried, in one phrase, for the record."""
    return "; ".join(f"{one.option}: {_told(one, what)}" for one in tried) or "nothing"


def _works(one: OptionTried, by_option: dict[str, OptionTried]) -> bool:
    """Whether a choice changes what happens: something has to happen with one, and not with another."""
    enabled = by_option.get("enable")
    if not one.done or enabled is None or not enabled.happened:
        return False
    if one.option == "enable":
        return any(_works(other, by_option) for other in by_option.values() if other is not one)
    return one.happened is False and one.known is True and one.reads is not True


def _is_telling(one: OptionTried, by_option: dict[str, OptionTried]) -> bool:
    """Whether it is known that a choice changes nothing."""
    if not one.done:
        return one.answered
    if one.option == "enable":
        return one.happened is False and one.known is True
    enabled = by_option.get("enable")
    return one.happened is True or (
        enabled is not None and enabled.happened is False and enabled.known is True
    )


def _told(one: OptionTried, what: What) -> str:
    if not one.done:
        return f"it could not be set ({printable(one.detail, 200)})"
    if one.happened is None:
        return "nothing was seen of what follows"
    return _HAPPENS[what, one.happened]


def _untried(entry: UpdMechEntry, tried: tuple[OptionTried, ...], what: What) -> Iterator[Finding]:
    place = "automatic" if what == "updates" else "notices"
    stated = entry.facts.user_options if what == "updates" else entry.facts.notification_options
    done = {one.option for one in tried}
    for option in stated:
        if option not in done:
            message = f"how the user sets {option} is not described"
            yield _unknown(entry, f"access.{place}.{option}", message, Cause.ACCESS)
    for one in tried:
        if not one.done and not one.answered:
            yield _unknown(
                entry, "access", f"{one.option}: nothing answered ({printable(one.detail, 200)})", Cause.BENCH
            )
        elif one.done and one.happened is None:
            field = "access.due" if what == "updates" else "access.notices.shown"
            yield _unknown(entry, field, f"what follows of {one.option} is not seen", Cause.ACCESS)
        elif one.done and not one.known:
            message = f"{one.option}: that the device knew of the update is not seen"
            yield _unknown(entry, f"access.{place}.known", message, Cause.ACCESS)
    if "enable" not in done:
        yield _unknown(
            entry,
            f"access.{place}.enable",
            "without enabling it nothing shows what would happen",
            Cause.ACCESS,
        )


def _violation(entry: UpdMechEntry, message: str, expected: str) -> Finding:
    return violation(entry, "Configuration", message, aspect="behaviour", expected=expected)


def _unknown(entry: UpdMechEntry, field: str, message: str, cause: Cause) -> Finding:
    return replace(unknown(entry, field, message, aspect="behaviour"), cause=cause)
