"""Whether the conditions (and, in edition 2.1.1, the features) of the ICS hold for the device, and why.

The answer comes from the manufacturer's own statement in the ICS and from the IXIT. Where the IXIT shows that
a condition holds, a statement of its absence is contradicted. Where it shows nothing of the kind, that counts
as absence only if every fact that could show it is there; otherwise the answer is unknown. Prose proves nothing,
but where it speaks of what the ICS denies, the denial cannot be relied on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pytest_etsi.assessment.findings import place
from pytest_etsi.assessment.reading import claims
from pytest_etsi.assessment.reading.logic import any_of, every, negated
from pytest_etsi.assessment.reading.passwords import unlisted_password
from pytest_etsi.profile.unread import listening
from pytest_etsi.standard import edition
from pytest_etsi.text import abridged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_etsi.profile import Entry, IxitTable, Profile
    from pytest_etsi.profile._types import Strict
    from pytest_etsi.profile.entries import (
        AuthMechEntry,
        PersDataEntry,
        SecParamEntry,
        SoftServEntry,
    )
    from pytest_etsi.profile.unread import Unread

    Shown = tuple[bool | None, str]

__all__ = ["ConditionState", "condition_holds"]

_OTHERWISE = (None, "only the manufacturer can tell")


@dataclass(frozen=True, slots=True)
class ConditionState:
    """What is known about a condition.

    Attributes:
        id: "5", or "aa" for a feature.
        meaning: the condition in our words.
        holds: None: unknown.
        reason: one sentence.
        declared: the ICS's own statement; None: none was made.
        shown: what the IXIT and the profile show; None: they do not tell.
        documents: how they show it, or why they do not tell.
    """

    id: str
    meaning: str
    holds: bool | None
    reason: str
    declared: bool | None
    shown: bool | None
    documents: str

    @property
    def contradicted(self) -> bool:
        """Whether the ICS denies what the documents show."""
        return self.declared is False and self.shown is True


def condition_holds(profile: Profile, id: str) -> ConditionState:  # noqa: A002 - the pro forma's word
    """Whether a condition or feature of the profile's edition holds.

    Raises:
        pytest_etsi.standard.UnknownIdError: the edition has none of that id.
    """
    condition = edition(profile.edition).condition(id)
    reader = (_CONDITIONS if profile.edition == "1.1.1" else _FEATURES).get(id)
    shown, why = _read(reader, profile) if reader else _OTHERWISE
    declared = profile.ics.conditions.get(id)
    holds: bool | None
    if shown:
        holds = True
        reason = f"{why}, which contradicts the statement in the ICS" if declared is False else why
    elif declared is not None:
        holds, reason = declared, "stated in the ICS" if declared else "stated to be absent in the ICS"
    else:
        holds, reason = shown, why
    if declared is None and (unread := profile.ics.unread.get(f"condition {id}")) and not shown:
        holds, reason = None, str(unread)
    if declared is False and shown is None and (words := _spoken_of(profile, id)):
        holds, reason = None, f"{words}, although the ICS states that it is absent"
    return ConditionState(condition.id, condition.meaning, holds, reason, declared, shown, why)


def _read(reader: Callable[[Profile], Shown], profile: Profile) -> Shown:
    """What the documents show; nothing is shown to be absent by what could not be understood, or is drafted."""
    heard: dict[Unread, None] = {}
    with listening(lambda one: heard.setdefault(one)):
        shown, why = reader(profile)
    return (None, abridged([str(one) for one in heard], 1)) if heard and not shown else (shown, why)


_Facts = TypeVar("_Facts", bound="Strict")
_Access = TypeVar("_Access", bound="Strict")

# How a table tells ------------------------------------------------------------------------------------------


def _names(entries: Iterable[Entry]) -> str:
    return abridged([entry.id for entry in entries], 3)


def _some(
    table: IxitTable[_Facts, _Access], what: str, test: Callable[[Entry[_Facts, _Access]], bool | None]
) -> Shown:
    """Whether an entry of the table is `what`."""
    answers = [(entry, test(entry)) for entry in table]
    if yes := [entry for entry, answer in answers if answer]:
        return True, f"{table.id} has {what}: {_names(yes)}"
    if open_ := [entry for entry, answer in answers if answer is None]:
        return None, f"{table.id} does not tell of {_names(open_)} whether it is {what}"
    return False, f"{table.id} has no entry that is {what}" if len(table) else f"{table.id} has no entries"


def _table(
    argument: str, what: str, test: Callable[[Entry[Any, Any]], bool | None]
) -> Callable[[Profile], Shown]:
    return lambda profile: _some(getattr(profile.ixit, argument), what, test)


def _any_entry(argument: str) -> Callable[[Profile], Shown]:
    def read(profile: Profile) -> Shown:
        table = getattr(profile.ixit, argument)
        if not len(table):
            return False, f"{table.id} has no entries"
        if told := [entry for entry in table if not claims.says_there_is_nothing(entry)]:
            return True, f"{table.id} has {_names(told)}"
        return None, f"{table.id} has only {_names(table)}, which says that there is nothing"

    return read


# What prose speaks of ---------------------------------------------------------------------------------------

# Words that may turn what a sentence says into its opposite.
_NEGATION = re.compile(
    r"\b(?:no|not|non|none|never|without|neither|nor|instead|rather|less)\b|n't\b", re.IGNORECASE
)
_WORD = r"\bpass(?:word|phrase|code)s?\b"
_SET = r"\b(?:pre-?installed|preset|on (?:the|its|a) (?:label|sticker|underside))\b"


def _words(argument: str, field: str, pattern: str) -> tuple[str, str, re.Pattern[str]]:
    return argument, field, re.compile(pattern, re.IGNORECASE | re.DOTALL)


_SAYS_PASSWORD = _words("auth_mech", "Authentication Factor", _WORD)
_SAYS_PREINSTALLED = _words("auth_mech", "Authentication Factor", f"{_WORD}.*{_SET}|{_SET}.*{_WORD}")
_SAYS_USERS = _words("auth_mech", "Description", r"\buser authentication\b")
_SAYS_NETWORK = _words("upd_mech", "Description", r"\bnetwork-based\b|\bover[- ]the[- ]air\b")
_SPOKEN = {
    "1": _SAYS_PASSWORD,
    "a": _SAYS_PASSWORD,
    "2": _SAYS_PREINSTALLED,
    "b": _SAYS_PREINSTALLED,
    "8": _SAYS_USERS,
    "d": _SAYS_USERS,
    "11": _SAYS_NETWORK,
    "j": _SAYS_NETWORK,
}
"""Condition or feature -> table, field, and the words that speak of it."""


def _spoken_of(profile: Profile, id: str) -> str:  # noqa: A002 - the pro forma's word
    """Where prose speaks of what the condition or feature is about, as a part of a sentence; empty: nowhere."""
    if id not in _SPOKEN:
        return ""
    argument, field, pattern = _SPOKEN[id]
    for entry in getattr(profile.ixit, argument):
        found = pattern.search(entry[field])
        if found and not _NEGATION.search(entry[field]):
            return f'{place(entry, field)} speaks of "{" ".join(found[0].split())[:60]}"'
    return ""


# The conditions ---------------------------------------------------------------------------------------------


def _constrained(profile: Profile) -> Shown:
    if profile.dut.constrained:
        return True, "the profile states that the device is a constrained device"
    # Condition 5 is the opposite; an ICS that denies one of the two must not have denied both.
    if profile.ics.conditions.get("5") is False and profile.ics.conditions.get("4") is None:
        return True, "the ICS states that condition 5, which is the opposite, does not hold"
    return False, "the profile does not state that the device is a constrained device"


def _not_constrained(profile: Profile) -> Shown:
    if profile.dut.constrained:
        return False, "the profile states that the device is a constrained device"
    if profile.ics.conditions.get("5") is False and profile.ics.conditions.get("4") is False:
        return True, "the ICS states that condition 4, which is the opposite, does not hold either"
    # That nothing is stated must not overrule what the ICS says about this very condition.
    if profile.ics.conditions.get("5") is False or profile.ics.conditions.get("4"):
        return False, "the ICS states that the device is a constrained device"
    return True, "the profile does not state that the device is a constrained device"


def _automatic_or_notified(profile: Profile) -> Shown:
    return _some(
        profile.ixit.upd_mech,
        "an automatic update or an update notification",
        lambda entry: any_of(claims.automatic(entry), claims.notifies(entry)),
    )


def _not_updatable(profile: Profile) -> Shown:
    table = profile.ixit.soft_comp
    if not len(table):
        return None, f"{table.id} has no entries"
    return _some(
        table, "a component without update mechanism", lambda entry: negated(claims.updatable(entry))
    )


def _not_all_immutable(profile: Profile) -> Shown:
    table = profile.ixit.soft_comp
    if not len(table):
        return None, f"{table.id} has no entries"
    return _some(table, "a component that is not immutable for a security reason", claims.not_immutable)


def _no_limit_on_prevention(profile: Profile) -> Shown:
    """Whether every login over the network has a prevention, so that no limit can keep the device from one."""
    network = [entry for entry in profile.ixit.auth_mech if entry.facts.interface == "network"]
    preventions = [entry.facts.brute_force for entry in network]
    if network and all(one is not None and one.throttles for one in preventions):
        return True, f"1-AuthMech describes a prevention for {_names(network)}"
    return _OTHERWISE


def _no_limit_on_updates(profile: Profile) -> Shown:
    table = profile.ixit.upd_mech
    return (True, f"{table.id} has {_names(table)}") if len(table) else _OTHERWISE


def _to_services(profile: Profile, *, sensitive: bool) -> Shown:
    """Whether some (sensitive) personal data go over a mechanism to an associated service."""

    def sent(entry: PersDataEntry) -> bool | None:
        used = (profile.ixit.com_mech.get(name) for name in entry.mechanisms)
        to_service = any(one is not None and claims.to_service(one) for one in used)
        return every(to_service or None, claims.sensitive(entry) if sensitive else True)

    what = f"{'sensitive ' if sensitive else ''}personal data for an associated service"
    return _some(profile.ixit.pers_data, what, sent)


def _parameter(
    what: str, test: Callable[[SecParamEntry], bool | None], *, password: bool | None = None
) -> Callable[[Profile], Shown]:
    """Whether 10-SecParam has a parameter that is `what`; `password`: whether one that it lacks would be."""

    def read(profile: Profile) -> Shown:
        table = profile.ixit.sec_param
        shown, why = _some(table, what, test)
        if shown is not False or (unlisted := unlisted_password(profile.ixit)) is None:
            return shown, why
        return (
            password,
            f"{table.id} lacks the password of {unlisted} ({unlisted.source()}), which is critical",
        )

    return read


def _preinstalled(entry: AuthMechEntry) -> bool | None:
    return claims.password_origin(entry, "pre-installed")


def _leaves_device(entry: SecParamEntry) -> bool | None:
    return every(claims.critical(entry), claims.travels(entry))


def _configurable(entry: SoftServEntry) -> bool | None:
    return every(entry.facts.network, claims.configures(entry))


_CONDITIONS: dict[str, Callable[[Profile], Shown]] = {
    "1": _table("auth_mech", "a password", claims.password),
    "2": _table("auth_mech", "a pre-installed password", _preinstalled),
    "3": _not_updatable,
    "4": _constrained,
    "5": _not_constrained,
    "6": _any_entry("tel_data"),
    "7": _table("pers_data", "personal data processed by consent", claims.rests_on_consent),
    "8": _table("auth_mech", "a mechanism for users", claims.authenticates_users),
    "9": _automatic_or_notified,
    "10": _table("sec_param", "an identity hard-coded per device", claims.hard_coded_identity),
    "11": _table("upd_mech", "an update over a network interface", claims.by_network),
    "12": _any_entry("upd_mech"),
    "13": _table("intf", "a debug interface that can be reached physically", claims.reachable_debug),
}

_FEATURES: dict[str, Callable[[Profile], Shown]] = {
    "3": _not_updatable,
    "12": _any_entry("upd_mech"),
    "14": _no_limit_on_prevention,
    "15": _no_limit_on_updates,
    "16": _parameter("a critical security parameter", claims.critical, password=True),
    "a": _table("auth_mech", "a password", claims.password),
    "b": _table("auth_mech", "a pre-installed password", _preinstalled),
    "c": _table("auth_mech", "authentication by cryptography", claims.by_cryptography),
    "d": _table("auth_mech", "a mechanism for users", claims.authenticates_users),
    "e": _table(
        "auth_mech",
        "authentication over a network interface",
        claims.by_network_interface,
    ),
    "f": _not_all_immutable,
    "g": _table("soft_comp", "a component that can be updated", claims.updatable),
    "h": _table("upd_mech", "an automatic update", claims.automatic),
    "i": _table("upd_mech", "an update notification", claims.notifies),
    "j": _table("upd_mech", "an update over a network interface", claims.by_network),
    "k": _parameter("a parameter in persistent storage", claims.persistent),
    "l": _table("sec_param", "an identity hard-coded per device", claims.hard_coded_identity),
    "m": _table(
        "sec_param",
        "a critical parameter for checks of updates or for associated services",
        claims.for_updates_or_services,
    ),
    "n": _table("soft_serv", "a service by which the network can change security settings", _configurable),
    "o": _parameter("a critical parameter that leaves the device", _leaves_device),
    "q": _table("intf", "a debug interface", lambda entry: claims.debug(entry) or None),
    "r": _table(
        "intf",
        "a physical debug port",
        lambda entry: every(claims.debug(entry), claims.is_kind(entry, "physical")),
    ),
    "s": _any_entry("sec_boot"),
    "t": lambda profile: _to_services(profile, sensitive=False),
    "u": lambda profile: _to_services(profile, sensitive=True),
    "v": _any_entry("ext_sens"),
    "w": _any_entry("tel_data"),
    "x": _table("pers_data", "data on an associated service", lambda entry: entry.facts.on_service),
    "y": _table("pers_data", "personal data processed by consent", claims.rests_on_consent),
    "z": _any_entry("pers_data"),
    "aa": _table("pers_data", "data collected for an aggregate alone", claims.aggregated),
}
"""Feature p is the manufacturer's to state. Nothing shows that conditions 14 and 15 do not hold, and of c, k and t only
an empty table does."""
