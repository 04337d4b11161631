"""What a person can be asked about an entry of the IXIT where its fields and facts do not tell: is it concerned?

Each is asked once for an entry, whatever number of units depends on it. The answers are kept among the judgements.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.profile.facts import argument_name

if TYPE_CHECKING:
    from pytest_etsi.standard import Edition

__all__ = ["ENTRY_QUESTIONS", "EntryQuestion", "entry_question", "questions_of"]


@dataclass(frozen=True, slots=True)
class EntryQuestion:
    """One question about the entries of one table.

    Attributes:
        table: argument name of the table, "intf": its number differs between editions.
        name: "accessible".
        asks: the question, in our words.
        answers: what may be answered.
        facts: what would tell without a person, for who fills in the documents.
        reads: argument names of other tables that the answer depends on.
    """

    table: str
    name: str
    asks: str
    answers: tuple[str, ...] = ("yes", "no")
    facts: str = ""
    reads: tuple[str, ...] = ()

    def id_in(self, standard: Edition) -> str:
        """Its name in the documents of an edition, "15-Intf/accessible"."""
        table = next(one.id for one in standard.tables if argument_name(one.id) == self.table)
        return f"{table}/{self.name}"


def _ask(table: str, name: str, asks: str, facts: str, *reads: str) -> EntryQuestion:
    return EntryQuestion(table, name, asks, facts=facts, reads=reads)


ENTRY_QUESTIONS: tuple[EntryQuestion, ...] = (
    _ask("auth_mech", "authenticates-users", "Does the mechanism authenticate users, and not only machines?",
         "facts.subject"),
    EntryQuestion(
        "auth_mech", "password-origin", "If a password is presented: where does it come from?",
        ("user-defined", "pre-installed", "device-generated", "no-password"),
        "facts.factors and facts.password.origin",
    ),
    _ask("auth_mech", "outside-factory-default",
         "Is the mechanism there in a state other than factory default?", "facts.states"),
    _ask("auth_mech", "network-access", "Does a network interface give direct access to the mechanism?",
         "facts.interface"),
    _ask("soft_comp", "cryptography", "Does the component use cryptography?", "facts.cryptography"),
    _ask("soft_comp", "configurable-updates", "Can the user configure how the component is updated?",
         "facts.user_options of its update mechanisms", "upd_mech"),
    _ask("upd_mech", "automatic", "Are updates installed without anything that the user has to do?",
         "facts.interaction"),
    _ask("upd_mech", "notifies", "Is the user told about updates that come by this mechanism?",
         "facts.notifies_on"),
    _ask("upd_mech", "network", "Do updates come over a network?", "facts.transport"),
    _ask("sec_param", "critical", "Is the parameter a critical one, and not only a public one?", "Type"),
    _ask("sec_param", "hard-coded-identity", "Is the parameter an identity that is hard-coded for each device?",
         "facts.hard_coded_identity"),
    _ask("sec_param", "hard-coded-in-source", "Is the parameter hard-coded in the source code of the software?",
         "facts.hard_coded_in_source"),
    _ask("sec_param", "updates-or-services",
         "Does the parameter serve to check updates, or to communicate with services?", "facts.purpose"),
    _ask("com_mech", "carries-critical-parameter",
         "Does a critical security parameter travel over the mechanism?",
         "the communication mechanisms of each security parameter", "sec_param", "auth_mech"),
    _ask("com_mech", "carries-personal-data", "Do personal data travel over the mechanism?",
         "the communication mechanisms of all personal data", "pers_data"),
    _ask("com_mech", "carries-sensitive-data", "Do sensitive personal data travel over the mechanism?",
         "facts.sensitive and the communication mechanisms of all personal data", "pers_data"),
    _ask("com_mech", "remote", "Can the mechanism be reached from outside the local network?", "facts.remote"),
    _ask("com_mech", "to-service", "Does the mechanism lead to an associated service?", "facts.peer"),
    _ask("soft_serv", "network-function", "Does the network reach the service in the initialized state?",
         "facts.network and facts.states"),
    _ask("soft_serv", "configures", "Can security-relevant settings be changed by the service?",
         "facts.configures"),
    _ask("soft_serv", "enabled-by-default", "Is the service enabled by default?", "Status"),
    _ask("intf", "enabled", "Is the interface enabled?", "facts.enabled"),
    _ask("intf", "debug", "Is the interface one for debugging?", "facts.debug"),
    _ask("intf", "accessible", "Can the interface be reached from outside the housing?", "facts.accessible"),
    EntryQuestion(
        "intf", "exposure", "Does the interface have to be exposed: always, at times only, or not at all?",
        ("required", "intermittent", "not-required"), "facts.exposure",
    ),
    _ask("pers_data", "kept-by-service", "Does an associated service keep these data?", "facts.on_service"),
    _ask("pers_data", "consent", "Does the processing of these data rest on consent?", "facts.consent"),
    _ask("pers_data", "aggregated", "Are these data collected for nothing but an aggregate?",
         "Aggregation or facts.aggregated"),
    _ask("tel_data", "examined", "Are these telemetry data examined for security anomalies?", "facts.examined"),
    _ask("del_func", "on-device", "Does the function delete data on the device?", "facts.target"),
    _ask("del_func", "from-services", "Does the function delete data from associated services?", "facts.target"),
    _ask("user_dec", "security-relevant", "Does the decision matter for security?", "facts.security_relevant"),
    _ask("ext_api", "network", "Can the interface be reached over a network interface?",
         "Access or facts.network", "intf"),
    _ask("ext_api", "enabled", "Is the interface enabled?", "Status or facts.enabled"),
    _ask("inp_val", "user-input", "Does the method validate what comes in by a user interface?",
         "Source or facts.sources", "user_intf"),
    _ask("inp_val", "network-input", "Does the method validate what comes in by a network interface?",
         "Source or facts.sources", "user_intf", "ext_api", "com_mech"),
)  # fmt: skip
"""Every question about an entry, by table."""

_BY_NAME = {(one.table, one.name): one for one in ENTRY_QUESTIONS}


def entry_question(table: str, name: str) -> EntryQuestion:
    """The question of that name about a table.

    Args:
        table: argument name, "intf".
        name: "accessible".

    Raises:
        KeyError: there is none.
    """
    return _BY_NAME[table, name]


def questions_of(standard: Edition) -> dict[str, EntryQuestion]:
    """The questions of an edition, by their names in its documents."""
    known = {argument_name(table.id) for table in standard.tables}
    return {one.id_in(standard): one for one in ENTRY_QUESTIONS if one.table in known}
