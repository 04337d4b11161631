"""Update mechanisms when the device is initialized: consent to them, looking for updates (5.3-4B-1, 5.3-5-1)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria.updates import mechanisms
from pytest_etsi.assessment.findings import Finding, Findings, Place
from pytest_etsi.assessment.reading.answers import lacks, note, referrers, unknown, violation
from pytest_etsi.assessment.reading.logic import any_of, every
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import UpdMechEntry, UserDecEntry

__all__ = [
    "asked_at_initialization",
    "asks_for_consent",
    "consents",
    "enabled_by_consent",
    "looks_for_updates",
]


# The question for consent -----------------------------------------------------------------------------------


def _about(decision: UserDecEntry, mechanism: UpdMechEntry) -> bool | None:
    """Whether a decision is the consent to the automatic updates of a mechanism; None: it may be."""
    if mechanism.id in decision.facts.update_mechanisms:
        return True
    if decision.facts.update_mechanisms:
        return False
    if decision.facts.topic not in (None, "updates"):
        return False
    words = f"{decision['Description']} {decision['Options']}"
    return True if re.search(rf"(?<![\w-]){re.escape(mechanism.id)}(?![\w-])", words) else None


def _asked(decision: UserDecEntry) -> bool | None:
    """Whether it is asked during initialization."""
    during = decision.facts.asked_during
    return None if during is None else during == "initialization"


def asked_at_initialization(entry: UpdMechEntry, ixit: Ixit) -> bool | None:
    """Whether the user is asked for consent to a mechanism during initialization; None: the documents do not tell."""
    return any_of(
        False,
        *(every(_about(decision, entry), _asked(decision)) for decision in ixit.user_dec),
    )


def consents(ixit: Ixit) -> tuple[UserDecEntry, ...]:
    """The decisions by which the user agrees, during initialization, to the automatic updates of a mechanism."""
    return tuple(
        one
        for one in ixit.user_dec
        if _asked(one) and any(_about(one, mechanism) for mechanism in ixit.upd_mech)
    )


def asks_for_consent(entry: UpdMechEntry, ixit: Ixit) -> Findings:
    """Whether 26-UserDec has the question for consent to a mechanism, asked during initialization (5.3-4B-1 b)."""
    table = ixit.user_dec
    expected = f"an entry of {table.id} that asks during initialization"
    asking = [one for one in table if every(_about(one, entry), _asked(one))]
    if asking:
        wanted = ("Description", "Options", "Triggered By")
        lacking = [list(lacks(one, *wanted, expected="what is asked, and when")) for one in asking]
        best = min(lacking, key=len)
        return Findings(best)
    perhaps = [one for one in table if every(_about(one, entry), _asked(one)) is None]
    if perhaps:
        message = "facts.update_mechanisms and facts.asked_during do not say whether this is the question for consent"
        return Findings(unknown(one, "Description", message, expected=expected) for one in perhaps)
    later = [one for one in table if _about(one, entry)]
    if later:
        message = f"is asked after initialization, and nothing else asks for consent to {entry.id}"
        return Findings(
            violation(one, "facts.asked_during", message, expected="initialization") for one in later
        )
    message = f"{table.id} has no decision by which the user agrees to the automatic updates of {entry.id}"
    return Findings((Finding("violation", "answer", message, expected, place=Place(str(table.source))),))


def enabled_by_consent(entry: UpdMechEntry) -> Findings:
    """Whether the device can switch a mechanism on once the user has agreed (5.3-4B-1 c)."""
    field = "Configuration"
    if missing := list(lacks(entry, field, expected="what the user's consent switches on")):
        return Findings(missing)
    consent = entry.facts.consent
    granted = consent.granted if consent is not None else None
    if granted is None:
        return Findings((unknown(entry, field, "facts.consent does not say what a granted consent does"),))
    if granted == "off":
        message = "stays off although the user has agreed"
        return Findings((violation(entry, "facts.consent.granted", message, expected="on", found="off"),))
    if consent is not None and consent.denied == "on":
        return Findings((note(entry, "facts.consent.denied", "is on whatever the user answers"),))
    return Findings()


# Looking for updates ----------------------------------------------------------------------------------------

_READINGS = (
    "by one reading of TS 103 701 each mechanism has to look for updates by then, by the other one for each component "
    "is enough"
)


def _looks(entry: UpdMechEntry) -> bool | None:
    """Whether a mechanism looks for updates during or after initialization, by itself or by a service."""
    facts = entry.facts
    if facts.checked_by == "user":
        return False
    return any_of(facts.check_during_init, facts.check_after_init)


def looks_for_updates(entry: UpdMechEntry, ixit: Ixit) -> Findings:
    """What refutes that updates are looked for during or after initialization (5.3-5-1 a, edition 2.1.1).

    Whether each mechanism has to, or one for each component, is not public: what only one of the readings refutes is
    open, and names both.
    """
    missing = list(lacks(entry, "Update Checking", expected="when, by whom and how often"))
    if _looks(entry) is not False:
        return Findings(missing)
    why = (
        (
            "facts.checked_by",
            "only the user looks for updates",
        )
        if entry.facts.checked_by == "user"
        else (
            "facts.check_after_init",
            "updates are looked for neither during nor after initialization",
        )
    )
    served = [one for one in referrers(ixit, entry) if one.argument_name == "soft_comp"]
    alone = [one for one in served if not _otherwise(one, entry, ixit)]
    expected = "a check during or after initialization, by the device or a service"
    if not alone:
        others = "each of its components has another mechanism that may" if served else "no component has it"
        open_ = unknown(entry, why[0], f"{why[1]}, and {others}: {_READINGS}", expected=expected)
        return Findings((*missing, replace(open_, cause=Cause.JUDGEMENT)))
    names = ", ".join(one.id for one in alone[:5])
    return Findings((*missing, violation(entry, why[0], f"{why[1]}, of {names} at least", expected=expected)))


def _otherwise(component: Entry, entry: UpdMechEntry, ixit: Ixit) -> bool:
    """Whether another mechanism of a component looks for updates, or may."""
    return any(one.id != entry.id and _looks(one) is not False for one in mechanisms(component, ixit))
