"""Updates as the user meets them: automation, settings, notices (5.3-3 to 5.3-6, 5.3-11, 5.3-12)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria.updates import mechanisms
from pytest_etsi.assessment.findings import Findings
from pytest_etsi.assessment.reading.answers import affirmed, lacks, note, unknown, violation
from pytest_etsi.assessment.reading.words import none_first, says_nothing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import UpdMechEntry

__all__ = [
    "announces_disruption",
    "automatic",
    "automatic_by_default",
    "checks_for_updates",
    "classification",
    "configurable",
    "nothing_to_set",
    "noticeable",
    "on_by_default",
    "simple",
    "tells_of_disruption",
    "tells_risks",
]

_BY_HAND = re.compile(
    r"\b(?:user|owner|customer) (?:must |has to |needs to )?(?:confirms?|press(?:es)?|taps?|clicks?|starts?"
    r"|approves?|agrees?)\b",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"\b(?:can|may|might|could|also|optional\w*|no|not|without|never|if|alternatively|additionally)\b",
    re.IGNORECASE,
)


def simple(entry: Entry, ixit: Ixit) -> Findings:
    """What refutes that a component has a mechanism that is simple for the user (5.3-3-1 a)."""
    used = mechanisms(entry, ixit)
    if not used:
        return Findings((note(entry, "Update Mechanism", "has no mechanism: see whether it needs one"),))
    hard = [one for one in used if one.facts.transport == "cable" or one.facts.interaction == "manual"]
    if len(hard) == len(used):
        return Findings(
            _none_of(entry, hard, "facts.interaction", "takes a cable, a tool or several steps of the user")
        )
    return Findings(finding for one in used for finding in lacks(one, "Initiation and Interaction"))


def _none_of(entry: Entry, used: list[UpdMechEntry], fact: str, what: str) -> Iterator[Finding]:
    for one in used:
        yield violation(
            entry,
            "Update Mechanism",
            f"{one.id} {what} ({one.source(fact)}), and there is no other mechanism",
            expected="at least one that does not",
        )


def automatic(entry: Entry, ixit: Ixit) -> Findings:
    """What refutes that a component is checked for and updated without the user (5.3-4-1 a)."""
    used = mechanisms(entry, ixit)
    if not used:
        return Findings((note(entry, "Update Mechanism", "has no mechanism: see whether it needs one"),))
    by_user = [
        one for one in used if one.facts.interaction in ("simple", "manual") or one.facts.checked_by == "user"
    ]
    if len(by_user) == len(used):
        return Findings(_none_of(entry, by_user, "facts.interaction", "needs an action of the user"))
    found = [
        finding for one in used for finding in lacks(one, "Initiation and Interaction", "Update Checking")
    ]
    return Findings(found if len(used) == 1 else ())


def automatic_by_default(entry: Entry, ixit: Ixit) -> Findings:
    """Whether an automatic mechanism of a component is on by default (5.3-4-1 b)."""
    used = [one for one in mechanisms(entry, ixit) if one.facts.interaction in ("automatic", None)]
    stated = [one.facts.automatic_by_default for one in used]
    if any(one.facts.interaction and not on_by_default(one, "updates") for one in used):
        return Findings()
    if used and not any(on is not False for on in stated):
        return Findings(_none_of(entry, used, "facts.automatic_by_default", "is off by default"))
    return Findings((unknown(entry, "Update Mechanism", "no automatic mechanism is clearly on by default"),))


def checks_for_updates(entry: Entry, ixit: Ixit) -> Findings:
    """What refutes that the device looks for updates by itself, after initialization and at intervals (5.3-5-1 a)."""
    used = mechanisms(entry, ixit)
    if not used:
        return Findings((note(entry, "Update Mechanism", "has no mechanism: see whether it needs one"),))
    reasons = [_never_checks(one) for one in used]
    if all(reasons):
        return Findings(
            violation(
                entry,
                "Update Mechanism",
                f"{one.id} {why} ({one.source(fact)}), and there is no other mechanism",
                expected="a check by the device, after initialization and at intervals",
            )
            for one, (fact, why) in zip(used, (reason for reason in reasons if reason), strict=True)
        )
    if len(used) == 1:
        return Findings(lacks(used[0], "Update Checking", expected="when, by whom and how often"))
    return Findings()


def _never_checks(one: UpdMechEntry) -> tuple[str, str] | None:
    facts = one.facts
    if facts.checked_by in ("user", "app"):
        return "facts.checked_by", f"is checked for by the {facts.checked_by}"
    if facts.check_after_init is False:
        return "facts.check_after_init", "is not checked for after initialization"
    if facts.check_interval_h == 0:
        return "facts.check_interval_h", "is not checked for at intervals"
    return None


def classification(entry: UpdMechEntry) -> Findings:
    """What contradicts that a mechanism is automatic, or is not (5.3-6-1 a)."""
    field = "Initiation and Interaction"
    found = list(lacks(entry, field, expected="who starts the update, and what the user has to do"))
    if entry.facts.interaction == "automatic":
        if said := affirmed(entry[field], _BY_HAND, _MAY):
            found.append(
                violation(
                    entry,
                    field,
                    f"needs the user: {said!r}",
                    expected="facts.interaction other than automatic",
                )
            )
        if entry.facts.initiated_by == "user":
            found.append(
                violation(
                    entry, "facts.initiated_by", "an automatic update that the user starts", expected="device"
                )
            )
    elif entry.facts.interaction is None:
        found.append(
            note(
                entry,
                field,
                "say by a judgement whether it is automatic; facts.interaction would tell units b and c",
            )
        )
    return Findings(found)


def configurable(entry: UpdMechEntry, what: str) -> Findings:
    """Whether the user can enable, disable or postpone automatic updates, or notifications (5.3-6-1 b, d).

    Args:
        entry: of 7-UpdMech.
        what: "updates" or "notifications".
    """
    fact = "user_options" if what == "updates" else "notification_options"
    options = getattr(entry.facts, fact)
    missing = list(lacks(entry, "Configuration", expected=f"what the user can set about {what}"))
    if missing:
        return Findings(missing)
    text = entry["Configuration"].strip()
    if options:
        if none_first(text) or _NOTHING_TO_SET.match(text):
            return Findings(
                (unknown(entry, "Configuration", "facts name options, and the text begins otherwise"),)
            )
        return Findings()
    if _NOTHING_TO_SET.fullmatch(text):
        return Findings(
            (
                violation(
                    entry,
                    "Configuration",
                    f"leaves the user nothing to set about {what}",
                    expected="enable, disable or postpone",
                ),
            )
        )
    message = (
        f"facts.{fact} says that the user can set nothing about {what}: does the text name a setting?"
        if entry.facts.says(fact)
        else f"facts.{fact} does not say what the user can set about {what}"
    )
    return Findings((unknown(entry, "Configuration", message),))


def nothing_to_set(entry: UpdMechEntry) -> bool:
    """Whether the documents leave the user nothing to set, by the whole text of the field."""
    text = entry["Configuration"].strip()
    return says_nothing(text) or _NOTHING_TO_SET.fullmatch(text) is not None


_NOTHING_TO_SET = re.compile(
    r"(?:nothing can be (?:set|configured)|not configurable|no (?:settings?|configuration)(?: \w+)?|fixed"
    r"|cannot be (?:set|configured|changed))[\s.;]*",
    re.IGNORECASE,
)


def on_by_default(entry: Entry, what: str) -> Findings:
    """Whether automatic updates, or notifications, are on in the initialized state (5.3-6-1 c, e)."""
    fact = "automatic_by_default" if what == "updates" else "notifications_by_default"
    stated = getattr(entry.facts, fact)
    if stated is False:
        return Findings(
            (violation(entry, f"facts.{fact}", f"{what} are off by default", expected="on", found="off"),)
        )
    missing = list(lacks(entry, "Configuration", expected=f"whether {what} are on by default"))
    if stated and not missing:
        spoken = _OFF_BY_DEFAULT.search(entry["Configuration"])
        doubt = (
            unknown(entry, "Configuration", f"facts.{fact} says on; the text: {spoken[0]!r}")
            if spoken
            else None
        )
        return Findings((doubt,) if doubt else ())
    return Findings(
        missing or (unknown(entry, "Configuration", f"facts.{fact} does not say whether {what} are on"),)
    )


_OFF_BY_DEFAULT = re.compile(
    r"\b(?:off|disabled) by default\b|\bdefaults?(?: is| are|:| to)? (?:off|disabled)\b|\b(?:off|disabled) \(default\)",
    re.IGNORECASE,
)


def noticeable(entry: UpdMechEntry) -> Findings:
    """What refutes that users notice that a security update is available (5.3-11-1 a)."""
    field = "User Notification"
    found = list(lacks(entry, field, expected="how the user learns of updates"))
    if not found and not entry.facts.notifies_on:
        found.append(note(entry, field, "facts.notifies_on names no place of the notice"))
    return Findings(found)


def tells_risks(entry: UpdMechEntry) -> Findings:
    """What refutes that the notice says which risks the update removes (5.3-11-1 b)."""
    found = list(lacks(entry, "User Notification", expected="what the notice contains"))
    if entry.facts.names_risks is False:
        found.append(
            violation(
                entry,
                "facts.names_risks",
                "the notice does not name the risks",
                expected="that it names them",
            )
        )
    elif not found and not re.search(
        r"\b(?:risk|vulnerab|weakness|threat|secur|fix)", entry["User Notification"], re.IGNORECASE
    ):
        found.append(note(entry, "User Notification", "no word of risks that a program recognises"))
    return Findings(found)


def announces_disruption(entry: UpdMechEntry) -> Findings:
    """Whether the device itself announces an update that interrupts its basic functions (5.3-12-1 a)."""
    facts = entry.facts
    field = "User Notification"
    if denied := _denies_announcement(entry):
        return Findings(denied)
    if facts.notifies_on and "device" not in facts.notifies_on:
        return Findings(
            (
                violation(
                    entry,
                    "facts.notifies_on",
                    "the device itself announces nothing",
                    expected="device",
                    found=", ".join(facts.notifies_on),
                ),
            )
        )
    if facts.tells_disruption and "device" in facts.notifies_on:
        return Findings()
    return Findings((unknown(entry, field, "facts do not say whether and where a disruption is announced"),))


def _denies_announcement(entry: UpdMechEntry) -> tuple[Finding, ...]:
    """What says that nobody is told of a disruption, or nothing at all."""
    field = "User Notification"
    if says_nothing(entry[field]):
        return tuple(lacks(entry, field, expected="how the user learns of a disruption"))
    if entry.facts.tells_disruption is False:
        message = "a disruption is not announced"
        return (violation(entry, "facts.tells_disruption", message, expected="that it is"),)
    return ()


_NO_DISRUPTION = re.compile(
    r"\b(?:never|no|not|without)\b[^.;]{0,40}\b(?:interrupt\w*|disrupt\w*|loss of function|downtime)\b",
    re.IGNORECASE,
)


def tells_of_disruption(entry: UpdMechEntry) -> Findings:
    """Whether the user is told, anywhere, of an update that interrupts basic functions (5.3-12-1 a, edition 2.1.1)."""
    field = "User Notification"
    denied = _denies_announcement(entry)
    if denied and (said := _NO_DISRUPTION.search(f"{entry['Description']}\n\n{entry[field]}")):
        message = f"nobody is told of a disruption, and there may be none: {said[0]!r}"
        return Findings((unknown(entry, field, message, expected="that updates never interrupt anything"),))
    if denied or entry.facts.tells_disruption:
        return Findings(denied)
    return Findings((unknown(entry, field, "facts.tells_disruption does not say whether it is announced"),))
