"""What an entry of the IXIT claims, by its typed facts and by the fields of the pro forma: each claim read once.

True, False, or None where the entry does not tell. Conditions of the ICS, scopes of units and criteria ask the same
question here, so that none of them takes an entry for what another does not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.reading.denials import says_none
from pytest_etsi.assessment.reading.logic import any_of, every, one_of
from pytest_etsi.assessment.reading.words import (
    does_not_apply,
    none_first,
    opens_with_nothing,
    rules_out,
    says_nothing,
    there_is_none,
    unanswered,
)

if TYPE_CHECKING:
    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import (
        AuthMechEntry,
        ComMechEntry,
        ExtApiEntry,
        InpValEntry,
        IntfEntry,
        PersDataEntry,
        SecParamEntry,
        SoftCompEntry,
        SoftServEntry,
        UpdMechEntry,
        UserIntfEntry,
    )

__all__ = [
    "aggregated",
    "authenticates_machines",
    "authenticates_users",
    "automatic",
    "by_cryptography",
    "by_network",
    "by_network_interface",
    "configurable_updates",
    "configures",
    "configures_over_the_network",
    "critical",
    "debug",
    "enabled_by_default",
    "explains_no_update",
    "exposure",
    "for_updates_or_services",
    "hard_coded_identity",
    "hard_coded_in_source",
    "is_kind",
    "network_function",
    "not_immutable",
    "notifies",
    "on_network",
    "outside_factory_default",
    "password",
    "password_origin",
    "persistent",
    "reachable_debug",
    "remote",
    "rests_on",
    "rests_on_consent",
    "says_no_notice",
    "says_there_is_nothing",
    "sensitive",
    "serves_as_identity",
    "sources",
    "stated",
    "to_service",
    "travels",
    "updatable",
    "uses_cryptography",
    "validates_network_input",
    "validates_user_input",
    "why_no_update",
    "without_factor",
    "yes_no",
]

_YES_NO = re.compile(
    r"\W*(?:(yes|true)|(no|false))(?!\w|[/-]\w)(?!\s*(?:/|or\b)\s*(?:yes|no)\b)", re.IGNORECASE
)


def yes_no(entry: Entry, field: str) -> bool | None:
    """A yes/no field; None when left out, or neither ("yes/no" as in the empty form)."""
    answer = _YES_NO.match(entry[field])
    return None if answer is None else answer[1] is not None


def stated(fact: bool | None, written: bool | None) -> bool | None:
    """What a typed fact and a field of the pro forma state together.

    Either alone is an answer. A fact that says yes beside a field that says no is a yes: criteria report the
    contradiction. A field that says yes beside a fact that says no stays open, so that it gives no verdict.
    """
    if fact is not False or written is not True:
        return written if fact is None else fact
    return None


def says_there_is_nothing(entry: Entry) -> bool:
    """Whether an entry stands there to say that there is none, as forms are filled in: "No telemetry"."""
    texts = [entry[field] for field in entry.values if field != "ID"]
    return bool(texts) and all(says_nothing(text) or rules_out(text) for text in texts)


# 1-AuthMech -------------------------------------------------------------------------------------------------


def authenticates_users(entry: AuthMechEntry) -> bool | None:
    """Whether a mechanism authenticates users, and not machines."""
    return one_of(entry.facts.subject, "user")


_BETWEEN_MACHINES = re.compile(
    r"\b(?:machine[- ](?:to[- ])?machine|m2m|device[- ]to[- ]device)\b", re.IGNORECASE
)
_DENIED = re.compile(r"\b(?:no|not|never|nor|neither|without)\b", re.IGNORECASE)


def authenticates_machines(entry: AuthMechEntry) -> bool | None:
    """Whether a mechanism authenticates machines; None: also where one for users speaks of machines."""
    if entry.facts.subject != "user":
        return True if entry.facts.subject == "machine" else None
    text = entry["Description"]
    return None if _BETWEEN_MACHINES.search(text) and not _DENIED.search(text) else False


def by_network_interface(entry: AuthMechEntry) -> bool | None:
    """Whether a network interface gives direct access to a mechanism."""
    return one_of(entry.facts.interface, "network")


def without_factor(entry: AuthMechEntry) -> bool | None:
    """Whether a mechanism asks for nothing, as its words say: "None. Everybody may use it."; facts win.

    None: the words may say so, as "Open, without a login" does.
    """
    facts = entry.facts
    if facts.factors or facts.password is not None:
        return False
    text = entry["Authentication Factor"]
    said = says_none(entry.argument_name, "Authentication Factor", text)
    return None if said == "open" else said == "none" or none_first(text)


def password(entry: AuthMechEntry) -> bool | None:
    """Whether a password is presented; a PIN is one by its nature, so that a PIN alone leaves it open."""
    facts = entry.facts
    if "password" in facts.factors or facts.password is not None:
        return True
    if not facts.factors and not facts.says("factors"):
        return None
    return None if "pin" in facts.factors else False


def password_origin(entry: AuthMechEntry, *wanted: str) -> bool | None:
    """Whether a password is presented that comes from one of these: "pre-installed", "user-defined" ..."""
    presented = entry.facts.password
    return every(password(entry), one_of(presented.origin if presented else None, *wanted))


def outside_factory_default(entry: AuthMechEntry) -> bool | None:
    """Whether a mechanism is there in a state other than factory default."""
    states = entry.facts.states
    return any(state != "factory-default" for state in states) if states else None


def by_cryptography(entry: AuthMechEntry) -> bool | None:
    """Whether a mechanism authenticates by cryptography; no fact shows that it does not."""
    return True if entry.facts.cryptography or entry.facts.tls or entry.facts.ssh else None


# 6-SoftComp and 7-UpdMech -----------------------------------------------------------------------------------


def updatable(entry: SoftCompEntry) -> bool | None:
    """Whether a component refers to an update mechanism; None: by what it refers to it is not understood."""
    named = bool(entry.refers_to("Update Mechanism"))
    return None if not named and "Update Mechanism" in entry.unread else named


def why_no_update(entry: SoftCompEntry) -> str:
    """What stands in the field of the update mechanisms behind a word for none."""
    return re.sub(r"^\W*(?:none|n/a|no)\b[\W]*", "", entry["Update Mechanism"].strip(), flags=re.IGNORECASE)


def explains_no_update(entry: SoftCompEntry) -> bool:
    """Whether a component has an update mechanism, or a reason why it has none is stated."""
    stated_ = entry.facts.no_update_reason is not None
    return updatable(entry) or stated_ or not says_nothing(why_no_update(entry))


def not_immutable(entry: SoftCompEntry) -> bool | None:
    """Whether a component is updatable, or is not so for another reason than security."""
    why = entry.facts.no_update_reason
    return any_of(updatable(entry), None if why is None else bool(why != "immutable"))


def uses_cryptography(entry: SoftCompEntry) -> bool | None:
    """Whether a component uses cryptography."""
    return stated(entry.facts.cryptography, yes_no(entry, "Cryptographic Usage"))


def automatic(entry: UpdMechEntry) -> bool | None:
    """Whether an update needs nothing of the user."""
    return one_of(entry.facts.interaction, "automatic")


def by_network(entry: UpdMechEntry) -> bool | None:
    """Whether an update comes over a network."""
    return one_of(entry.facts.transport, "network")


def configurable_updates(entry: UpdMechEntry) -> bool | None:
    """Whether users can set anything about the automation of a mechanism; without any there is nothing to set."""
    if entry.facts.user_options:
        return True
    if entry.facts.says("user_options") and says_nothing(entry["Configuration"]):
        return False  # `[]` says that there is nothing to set; words beside it may say otherwise
    return False if automatic(entry) is False else None


_NO_NOTICE = re.compile(
    r"no (?:notification\w*|notices?)[\s.;]*|the user is not (?:informed|notified)[\s.;]*", re.IGNORECASE
)


def says_no_notice(text: str) -> bool:
    """Whether the field User Notification says that there is none; one that is left open says nothing of it."""
    return there_is_none(text) or does_not_apply(text) or _NO_NOTICE.fullmatch(text.strip()) is not None


def notifies(entry: UpdMechEntry) -> bool | None:
    """Whether users are notified of updates; prose alone does not show it."""
    if entry.facts.notifies_on:
        return True
    text = entry["User Notification"]
    if entry.facts.says("notifies_on") and unanswered(text):
        return False  # `[]` says that there is no notice; words beside it may say otherwise
    return False if says_no_notice(text) else None


# 10-SecParam ------------------------------------------------------------------------------------------------


def critical(entry: Entry) -> bool | None:
    """Whether a parameter is critical: what its type begins with, for a remark may name the other one."""
    kind = entry["Type"].strip().lower()
    return True if kind.startswith("critical") else False if kind.startswith("public") else None


def hard_coded_identity(entry: SecParamEntry) -> bool | None:
    """Whether a parameter is declared as an identity hard-coded per device."""
    declared: bool | None = entry.facts.hard_coded_identity
    return declared


def serves_as_identity(entry: SecParamEntry) -> bool | None:
    """Whether a parameter serves as identity, declared as hard-coded or not."""
    return any_of("identity" in entry.facts.purpose, hard_coded_identity(entry))


def hard_coded_in_source(entry: SecParamEntry) -> bool | None:
    """Whether a parameter is hard-coded in source code."""
    declared: bool | None = entry.facts.hard_coded_in_source
    return True if entry.facts.provisioning == "compiled-in" else declared


def for_updates_or_services(entry: SecParamEntry) -> bool | None:
    """Whether a parameter is critical and serves checks of updates, or communication with services."""
    purposes = set(entry.facts.purpose)
    serves = bool(purposes & {"update-check", "service-communication"}) if purposes else None
    return every(critical(entry), serves)


def persistent(entry: SecParamEntry) -> bool | None:
    """Whether a parameter lies in persistent storage; no fact shows that it does not."""
    lasting = entry.facts.provisioning in ("production", "compiled-in")
    return True if lasting or entry.facts.hard_coded_identity else None


def travels(entry: Entry) -> bool | None:
    """Whether a parameter or data travel over a mechanism; `[]` and "none" are answers, an empty field is not."""
    if entry.mechanisms:
        return True
    if entry.mechanisms_field in entry.unread:
        return None
    written = entry.values.get(entry.mechanisms_field)
    return None if written is None or (isinstance(written, str) and unanswered(written)) else False


# 11-ComMech and 13-SoftServ ---------------------------------------------------------------------------------


def to_service(entry: ComMechEntry) -> bool | None:
    """Whether a mechanism leads to an associated service."""
    return one_of(entry.facts.peer, "associated-service")


_REMOTE = re.compile(
    r"\b(?P<denied>not |never |neither )?(?:remotely accessible|remote access(?:ible)?|accessible remotely)\b"
    r"(?:\s*[:=]?\s*\(?(?P<answer>yes|no)\b)?",
    re.IGNORECASE,
)


def remote(entry: ComMechEntry, ixit: Ixit) -> bool | None:
    """Whether a mechanism is remotely accessible, by its facts, its field Interface and the interface that names.

    None also where it says that it is not, and leads to an associated service or uses an interface that is.
    """
    written = {
        not match["denied"] and (match["answer"] or "yes").lower() == "yes"
        for match in _REMOTE.finditer(entry.written("Interface"))
    }
    told = stated(entry.facts.remote, written.pop() if len(written) == 1 else None)
    used = [ixit.ext_api.get(name) for name in entry.refers_to("Interface")]
    interface = any_of(False, *(one.facts.remote for one in used if one is not None))
    if told is None:
        return True if interface else None
    return None if told is False and (interface or to_service(entry)) else told


def configures(entry: SoftServEntry) -> bool | None:
    """Whether a service changes security-relevant settings."""
    return stated(entry.facts.configures, yes_no(entry, "Allows Configuration"))


def configures_over_the_network(entry: SoftServEntry) -> bool | None:
    """Whether a service changes security-relevant settings for the network; an outgoing client does not.

    A yes under Allows Configuration is about the network by itself: the field is asked of nothing else.
    """
    return every(configures(entry), entry.facts.network is not False)


def network_function(entry: SoftServEntry) -> bool | None:
    """Whether the network reaches a service in the initialized state."""
    states = entry.facts.states
    return every(entry.facts.network, "initialized" in states if states else entry.facts.network)


def enabled_by_default(entry: Entry) -> bool | None:
    """Whether a service is enabled by default."""
    text = entry["Status"].strip().lower()
    return True if text.startswith("enabled") else False if text.startswith("disabled") else None


# 15-Intf ----------------------------------------------------------------------------------------------------


def is_kind(entry: IntfEntry, *wanted: str) -> bool | None:
    """Whether an interface is of one of these kinds; it is of every kind that its type or its facts name."""
    text = entry["Type"].lower()
    if any(kind in text or kind in entry.facts.type for kind in wanted):
        return True
    return False if text.strip() or (entry.facts.type and "Type" not in entry.unread) else None


def exposure(entry: IntfEntry, *wanted: str) -> bool | None:
    """Whether the exposure of an interface is "required", "intermittent" or "not-required"."""
    return one_of(entry.facts.exposure, *wanted)


def debug(entry: IntfEntry) -> bool | None:
    """Whether an interface is one for debugging."""
    return stated(entry.facts.debug, yes_no(entry, "Debug Interface"))


def reachable_debug(entry: IntfEntry) -> bool | None:
    """Whether an interface is a physical one for debugging that can be reached from outside."""
    return every(is_kind(entry, "physical"), debug(entry), entry.facts.accessible)


# 21-PersData ------------------------------------------------------------------------------------------------


def sensitive(entry: PersDataEntry) -> bool | None:
    """Whether personal data are sensitive."""
    return stated(entry.facts.sensitive, yes_no(entry, "Sensitive"))


def aggregated(entry: PersDataEntry) -> bool | None:
    """Whether personal data are collected for an aggregate alone."""
    return stated(entry.facts.aggregated, yes_no(entry, "Aggregation"))


_NO_CONSENT = re.compile(
    r"\b(?:no|without) consent\b|\bnot (?:based|rest(?:ing)?|rel(?:y|ying|ied)) (?:up)?on (?:the )?consent\b"
    r"|\bconsent (?:is |was )?not (?:the |a |our )?(?:legal )?(?:basis|required|needed|asked|used|obtained)\b",
    re.IGNORECASE,
)


_OTHER_BASIS = re.compile(
    r"\b(?:contract\w*|(?:legitimate|vital|public) interests?|legal obligation"
    r"|vertrag\w*|berechtigte\w* interesse\w*)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:consent\w*|agree\w*|accept\w*|opt|opts|tick\w*|box|dialog\w*|switch\w*|einwillig\w*)\b",
    re.IGNORECASE,
)


def _denies_consent(text: str) -> bool:
    """Whether words may mean that there is no consent, or that none is needed: another basis is named instead."""
    other = _OTHER_BASIS.search(text) and not _ASKED.search(text)
    return bool(opens_with_nothing(text) or _NO_CONSENT.search(text) or other)


def rests_on_consent(entry: PersDataEntry) -> bool | None:
    """Whether the processing of an entry rests on consent; None: it does not say, or says both."""
    text = entry["Obtaining Consent"]
    written: bool | None = bool(text.strip())
    if written and _denies_consent(text):
        written = None
    fact: bool | None = entry.facts.consent
    if fact is None:
        return written
    return None if not fact and written else fact


# 27-UserIntf, 28-LogIntf and 29-InpVal ----------------------------------------------------------------------


def on_network(entry: ExtApiEntry, ixit: Ixit) -> bool | None:
    """Whether a logical interface can be reached over a network interface.

    By what it names under Access; remote access, and a port at which it answers, are on a network too.
    """
    facts = entry.facts
    fact: bool | None = facts.network
    if fact is None and (facts.remote or entry.places()):
        fact = True
    named = [ixit.intf.get(name) for name in entry.refers_to("Access")]
    kinds = [is_kind(one, "network") if one is not None else None for one in named]
    return stated(fact, any_of(*kinds) if kinds else None)


_ID = re.compile(r"\w[\w.+-]*\w")


def rests_on(entry: UserIntfEntry, ixit: Ixit) -> tuple[str, ...]:
    """IDs of the interfaces by which what is entered at a user interface reaches the device, as far as it names any."""
    tables = (ixit.intf, ixit.ext_api)
    written = _ID.findall(entry["Type"]) if "Type" in entry else []
    named = [word for word in written if any(table.get(word) is not None for table in tables)]
    return tuple(dict.fromkeys((*entry.facts.rests_on, *named)))


def sources(entry: InpValEntry) -> tuple[str, ...]:
    """IDs of the interfaces whose input a method validates."""
    return tuple(dict.fromkeys((*entry.refers_to("Source"), *entry.facts.sources)))


def validates_user_input(entry: InpValEntry, ixit: Ixit) -> bool | None:
    """Whether a method is for input through a user interface."""
    named = sources(entry)
    return any(ixit.user_intf.get(name) is not None for name in named) if named else None


def validates_network_input(entry: InpValEntry, ixit: Ixit) -> bool | None:
    """Whether a method is for input through a network interface; that of a page may come by one, too."""
    named = sources(entry)
    if not named:
        return None
    below = [
        one
        for name in named
        if (shown := ixit.user_intf.get(name)) is not None
        for one in rests_on(shown, ixit)
    ]
    logical = [ixit.ext_api.get(name) for name in (*named, *below)]
    by_network = [on_network(one, ixit) for one in logical if one is not None]
    mechanism = any(ixit.com_mech.get(name) is not None for name in named)
    return any_of(mechanism, *by_network)
