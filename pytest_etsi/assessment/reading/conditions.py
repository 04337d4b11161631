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

from pytest_etsi.assessment.reading.spoken import spoken_of
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_etsi.profile import Entry, IxitTable, Profile
    from pytest_etsi.profile._types import Strict
    from pytest_etsi.profile.entries import (
        AuthMechEntry,
        IntfEntry,
        PersDataEntry,
        SecParamEntry,
        SoftCompEntry,
        SoftServEntry,
        UpdMechEntry,
    )

    Shown = tuple[bool | None, str]

__all__ = ["ConditionState", "condition_holds", "rests_on_consent", "yes_no"]

_OTHERWISE = (None, "only the manufacturer can tell")
_NOTHING = frozenset(("none", "no", "not", "n/a", "-", "nothing", "tbd"))
_LONGEST_NONE = 6
"""Most words of an answer that says no more than that there is nothing."""
_NO_CONSENT = re.compile(
    r"\b(?:no|without) consent\b|\bnot (?:based|rest(?:ing)?|rel(?:y|ying|ied)) (?:up)?on (?:the )?consent\b"
    r"|\bconsent (?:is |was )?not (?:the |a |our )?(?:legal )?(?:basis|required|needed|asked|used|obtained)\b",
    re.IGNORECASE,
)


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
    shown, why = reader(profile) if reader else _OTHERWISE
    declared = profile.ics.conditions.get(id)
    holds: bool | None
    if shown:
        holds = True
        reason = f"{why}, which contradicts the statement in the ICS" if declared is False else why
    elif declared is not None:
        holds, reason = declared, "stated in the ICS" if declared else "stated to be absent in the ICS"
    else:
        holds, reason = shown, why
    if declared is False and shown is None and (words := spoken_of(profile, id)):
        holds, reason = None, f"{words}, although the ICS states that it is absent"
    return ConditionState(condition.id, condition.meaning, holds, reason, declared, shown, why)


_Facts = TypeVar("_Facts", bound="Strict")
_Access = TypeVar("_Access", bound="Strict")

# How a table tells ------------------------------------------------------------------------------------------


def _names(entries: Iterable[Entry]) -> str:
    names = [entry.id for entry in entries]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


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
        if told := [entry for entry in table if not _is_placeholder(entry)]:
            return True, f"{table.id} has {_names(told)}"
        return None, f"{table.id} has only {_names(table)}, which says that there is nothing"

    return read


def _is_placeholder(entry: Entry) -> bool:
    """Whether the entry stands there to say that there is none, as forms are filled in: "No telemetry"."""
    texts = [entry[field].split() for field in entry.values if field != "ID"]
    return bool(texts) and all(
        len(words) <= _LONGEST_NONE and (not words or words[0].lower().rstrip(",;:.") in _NOTHING)
        for words in texts
    )


def _is(value: object, *wanted: object) -> bool | None:
    return None if value is None else value in wanted


def yes_no(entry: Entry, field: str) -> bool | None:
    """A yes/no field; None when left out or neither."""
    word = entry[field].strip().lower().split(maxsplit=1)
    answer = word[0].rstrip(".,;:") if word else ""
    return True if answer in ("yes", "true") else False if answer in ("no", "false") else None


def _written(entry: Entry, field: str) -> bool | None:
    """Whether a text field says something; None when it says that there is nothing, which may mean either."""
    text = entry[field].strip().lower().rstrip(".")
    if not text:
        return False
    first = text.split(maxsplit=1)[0].rstrip(",;:.")
    return None if first in _NOTHING else True


def _either(first: bool | None, second: bool | None) -> bool | None:
    if True in (first, second):
        return True
    return None if None in (first, second) else False


def _both(first: bool | None, second: bool | None) -> bool | None:
    if False in (first, second):
        return False
    return None if None in (first, second) else True


# What an entry tells ----------------------------------------------------------------------------------------


def _password(entry: AuthMechEntry) -> bool | None:
    if "password" in entry.facts.factors or entry.facts.password is not None:
        return True
    return False if entry.facts.factors and "pin" not in entry.facts.factors else None


def _preinstalled(entry: AuthMechEntry) -> bool | None:
    password = entry.facts.password
    return _both(_password(entry), _is(password.origin if password else None, "pre-installed"))


def _updatable(entry: Entry) -> bool:
    return bool(entry.references.get("Update Mechanism"))


def _critical(entry: Entry) -> bool | None:
    return True if "critical" in entry["Type"].lower() else False if entry["Type"] else None


def _leaves_device(entry: Entry) -> bool | None:
    """A critical parameter that some communication mechanism carries."""
    return _both(_critical(entry), bool(entry.mechanisms))


def rests_on_consent(entry: PersDataEntry) -> bool | None:
    """Whether the processing of an entry of 21-PersData rests on consent; None: it does not say, or says both."""
    written = _written(entry, "Obtaining Consent")
    if written and _NO_CONSENT.search(entry["Obtaining Consent"]):
        written = None
    stated: bool | None = entry.facts.consent
    if stated is None:
        return written
    return None if not stated and written else stated


def _sensitive(entry: PersDataEntry) -> bool | None:
    return entry.facts.sensitive if entry.facts.sensitive is not None else yes_no(entry, "Sensitive")


def _debug(entry: IntfEntry) -> bool | None:
    return entry.facts.debug if entry.facts.debug is not None else yes_no(entry, "Debug Interface")


def _physical(entry: IntfEntry) -> bool | None:
    kinds = entry.facts.type or ((entry["Type"].lower(),) if entry["Type"] else ())
    return any("physical" in kind for kind in kinds) if kinds else None


def _reachable_debug(entry: IntfEntry) -> bool | None:
    return _both(_both(_debug(entry), _physical(entry)), entry.facts.accessible)


def _automatic(entry: UpdMechEntry) -> bool | None:
    return _is(entry.facts.interaction, "automatic")


def _notifies(entry: UpdMechEntry) -> bool | None:
    return True if entry.facts.notifies_on else None


def _by_network(entry: UpdMechEntry) -> bool | None:
    return _is(entry.facts.transport, "network")


def _by_cryptography(entry: AuthMechEntry) -> bool | None:
    return True if entry.facts.cryptography or entry.facts.tls or entry.facts.ssh else None


def _not_immutable(entry: SoftCompEntry) -> bool | None:
    """A component that is updatable, or is not so for another reason than security."""
    why = entry.facts.no_update_reason
    return True if _updatable(entry) else None if why is None else bool(why != "immutable")


def _persistent(entry: SecParamEntry) -> bool | None:
    lasting = entry.facts.provisioning in ("production", "compiled-in")
    return True if lasting or entry.facts.hard_coded_identity else None


def _secures_updates_or_services(entry: SecParamEntry) -> bool | None:
    purposes = entry.facts.purpose
    return _both(
        _critical(entry),
        not {"update-check", "service-communication"}.isdisjoint(purposes) if purposes else None,
    )


def _configurable(entry: SoftServEntry) -> bool | None:
    return _both(entry.facts.network, entry.facts.configures)


def _aggregated(entry: Entry) -> bool | None:
    return yes_no(entry, "Aggregation")


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
        lambda entry: _either(_automatic(entry), _notifies(entry)),
    )


def _not_updatable(profile: Profile) -> Shown:
    table = profile.ixit.soft_comp
    if not len(table):
        return None, f"{table.id} has no entries"
    return _some(table, "a component without update mechanism", lambda entry: not _updatable(entry))


def _not_all_immutable(profile: Profile) -> Shown:
    table = profile.ixit.soft_comp
    if not len(table):
        return None, f"{table.id} has no entries"
    return _some(table, "a component that is not immutable for a security reason", _not_immutable)


def _no_limit_on_prevention(profile: Profile) -> Shown:
    """Whether every login over the network has a prevention, so that no limit can keep the device from one."""
    network = [entry for entry in profile.ixit.auth_mech if entry.facts.interface == "network"]
    preventions = [entry.facts.brute_force for entry in network]
    if network and all(one is not None and (one.max_attempts or one.delay_s) for one in preventions):
        return True, f"1-AuthMech describes a prevention for {_names(network)}"
    return _OTHERWISE


def _no_limit_on_updates(profile: Profile) -> Shown:
    table = profile.ixit.upd_mech
    return (True, f"{table.id} has {_names(table)}") if len(table) else _OTHERWISE


def _to_services(profile: Profile, *, sensitive: bool) -> Shown:
    """Whether some (sensitive) personal data go over a mechanism to an associated service."""

    def sent(entry: PersDataEntry) -> bool | None:
        used = (profile.ixit.com_mech.get(name) for name in entry.mechanisms)
        to_service = any(one is not None and one.facts.peer == "associated-service" for one in used)
        return _both(to_service or None, _sensitive(entry) if sensitive else True)

    what = f"{'sensitive ' if sensitive else ''}personal data for an associated service"
    return _some(profile.ixit.pers_data, what, sent)


_CONDITIONS: dict[str, Callable[[Profile], Shown]] = {
    "1": _table("auth_mech", "a password", _password),
    "2": _table("auth_mech", "a pre-installed password", _preinstalled),
    "3": _not_updatable,
    "4": _constrained,
    "5": _not_constrained,
    "6": _any_entry("tel_data"),
    "7": _table("pers_data", "personal data processed by consent", rests_on_consent),
    "8": _table("auth_mech", "a mechanism for users", lambda entry: _is(entry.facts.subject, "user")),
    "9": _automatic_or_notified,
    "10": _table(
        "sec_param", "an identity hard-coded per device", lambda entry: entry.facts.hard_coded_identity
    ),
    "11": _table("upd_mech", "an update over a network interface", _by_network),
    "12": _any_entry("upd_mech"),
    "13": _table("intf", "a debug interface that can be reached physically", _reachable_debug),
}

_FEATURES: dict[str, Callable[[Profile], Shown]] = {
    "3": _not_updatable,
    "12": _any_entry("upd_mech"),
    "14": _no_limit_on_prevention,
    "15": _no_limit_on_updates,
    "16": _table("sec_param", "a critical security parameter", _critical),
    "a": _table("auth_mech", "a password", _password),
    "b": _table("auth_mech", "a pre-installed password", _preinstalled),
    "c": _table("auth_mech", "authentication by cryptography", _by_cryptography),
    "d": _table("auth_mech", "a mechanism for users", lambda entry: _is(entry.facts.subject, "user")),
    "e": _table(
        "auth_mech",
        "authentication over a network interface",
        lambda entry: _is(entry.facts.interface, "network"),
    ),
    "f": _not_all_immutable,
    "g": _table("soft_comp", "a component that can be updated", _updatable),
    "h": _table("upd_mech", "an automatic update", _automatic),
    "i": _table("upd_mech", "an update notification", _notifies),
    "j": _table("upd_mech", "an update over a network interface", _by_network),
    "k": _table("sec_param", "a parameter in persistent storage", _persistent),
    "l": _table(
        "sec_param", "an identity hard-coded per device", lambda entry: entry.facts.hard_coded_identity
    ),
    "m": _table(
        "sec_param",
        "a critical parameter for checks of updates or for associated services",
        _secures_updates_or_services,
    ),
    "n": _table("soft_serv", "a service by which the network can change security settings", _configurable),
    "o": _table("sec_param", "a critical parameter that leaves the device", _leaves_device),
    "q": _table("intf", "a debug interface", lambda entry: _debug(entry) or None),
    "r": _table("intf", "a physical debug port", lambda entry: _both(_debug(entry), _physical(entry))),
    "s": _any_entry("sec_boot"),
    "t": lambda profile: _to_services(profile, sensitive=False),
    "u": lambda profile: _to_services(profile, sensitive=True),
    "v": _any_entry("ext_sens"),
    "w": _any_entry("tel_data"),
    "x": _table("pers_data", "data on an associated service", lambda entry: entry.facts.on_service),
    "y": _table("pers_data", "personal data processed by consent", rests_on_consent),
    "z": _any_entry("pers_data"),
    "aa": _table("pers_data", "data collected for an aggregate alone", _aggregated),
}
"""Feature p is the manufacturer's to state. Nothing shows that conditions 14 and 15 do not hold, and of c, k and t only
an empty table does."""
