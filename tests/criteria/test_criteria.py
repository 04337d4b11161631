"""What documents and observations of a login refute, and what they leave open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from work import at_most_cpu_s
from yaml_text import dumped

from pytest_etsi.assessment import criteria
from pytest_etsi.assessment.findings import Finding
from pytest_etsi.dut import ServiceSearch
from pytest_etsi.dut.observe.brute_force import GuessingLog, LoggedAttempt
from pytest_etsi.dut.reach.auth import Attempt
from pytest_etsi.probes.ports import PortScan
from pytest_etsi.probes.services import Challenge, Service
from pytest_etsi.probes.tls import TlsObservation
from pytest_etsi.profile import load_profile
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Inconclusive
from tests.published_pages import published

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.probes.webdocs import WebDocument
    from pytest_etsi.profile import Entry

HOST = "192.0.2.7"
FORM = Challenge("form", "POST /login with password", "password")


@pytest.fixture
def entry_of(tmp_path: Path) -> Any:
    """Makes an entry of 1-AuthMech from facts and access."""

    def make(facts: dict[str, Any], access: dict[str, Any] | None = None, **fields: Any) -> Entry:
        entry = {"ID": "AuthMech-web", "facts": facts, "access": access or {}} | fields
        tables = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
        content = {
            "format": 1,
            "name": "lamp",
            "edition": "1.1.1",
            "dut": {"manufacturer": "Example", "model": "Lamp", "hardware": "A", "software": "1"},
            "ics": {},
            "ixit": tables | {"1-AuthMech": [entry]},
        }
        path = tmp_path / "lamp.yaml"
        path.write_text(dumped(content), encoding="utf-8")
        return load_profile(path).ixit.auth_mech[0]

    return make


def search(*services: Service) -> ServiceSearch:
    return ServiceSearch(services, ())


def web(*challenges: Challenge, port: int = 443, **changes: Any) -> Service:
    return Service(
        HOST, port, tls=port == 443, kind="https" if port == 443 else "http", challenges=challenges, **changes
    )


# Completeness -----------------------------------------------------------------------------------------------


def test_a_documented_login_is_accounted_for(entry_of: Any) -> None:
    entry = entry_of({"endpoint": "443/tcp"}, {"driver": "https-form"})

    assert not criteria.logins.undocumented(search(web(FORM)), [entry])


@pytest.mark.parametrize(("listed", "asking"), [("161/udp", "tcp"), ("161/tcp", "udp")])
def test_a_login_over_one_protocol_accounts_for_none_over_the_other(
    entry_of: Any, listed: str, asking: Any
) -> None:
    entry = entry_of({"endpoint": listed})
    service = Service(
        HOST, 161, protocol=asking, kind="snmp", challenges=(Challenge("snmp-v3", "", "password"),)
    )

    assert f"{asking}/161" in str(criteria.logins.undocumented(search(service), [entry]).violations)


def test_a_documented_login_that_is_not_found_is_open(entry_of: Any) -> None:
    entry = entry_of({"endpoint": "443/tcp", "interface": "network"})
    found = criteria.logins.undocumented(search(), [entry])

    with pytest.raises(Inconclusive, match="did not meet the device"):
        found.decide()


@pytest.mark.parametrize("facts", [{"interface": "local"}, {"states": ["factory-default"]}])
def test_a_login_that_need_not_answer_now_is_not_missed(entry_of: Any, facts: dict[str, Any]) -> None:
    assert not criteria.logins.undocumented(search(), [entry_of({"endpoint": "443/tcp"} | facts)])


@pytest.mark.parametrize("kind", ["unknown", "closed", "telnet", "ftp", "mqtt", "rtsp", "vnc"])
def test_a_service_that_may_hide_a_login_is_open(kind: str) -> None:
    found = criteria.logins.undocumented(search(Service(HOST, 9000, kind=kind)), [])

    assert "cannot be told" in str(found.unknowns)
    assert not found.violations


def test_a_web_page_that_asks_for_nothing_is_no_login() -> None:
    assert not criteria.logins.undocumented(search(web()), [])


def test_an_examination_that_was_cut_short_is_open() -> None:
    assert criteria.logins.undocumented(search(web(complete=False)), []).unknowns


def test_a_second_realm_on_a_documented_port_is_open(entry_of: Any) -> None:
    entry = entry_of({"endpoint": "443/tcp"}, {"driver": "http-basic"})
    realms = [Challenge("basic", f"/{name} realm={name!r}", "password") for name in ("stream", "service")]

    assert not criteria.logins.undocumented(search(web(realms[0])), [entry])
    assert "2 realms" in str(criteria.logins.undocumented(search(web(*realms)), [entry]).unknowns)


def test_a_login_for_keys_accounts_for_no_password(entry_of: Any) -> None:
    entry = entry_of({"endpoint": "22/tcp", "factors": ["key"]}, {"driver": "ssh"})
    service = Service(HOST, 22, kind="ssh", challenges=(Challenge("ssh-password", "", "password"),))

    assert criteria.logins.undocumented(search(service), [entry]).violations


def test_the_same_login_without_tls_is_a_violation_of_the_channel_only(entry_of: Any) -> None:
    entry = entry_of({"endpoint": "443/tcp", "tls": {}}, {"driver": "https-form"})
    both = search(web(FORM), web(FORM, port=80))

    assert "without TLS" in str(criteria.logins.plain_variants(both, entry).violations)
    assert not criteria.logins.undocumented(both, [entry]).violations


def test_another_login_without_tls_is_an_undocumented_one(entry_of: Any) -> None:
    entry = entry_of({"endpoint": "443/tcp"}, {"driver": "https-form"})
    other = Challenge("form", "POST /service with password", "password")

    assert criteria.logins.undocumented(search(web(FORM), web(other, port=80)), [entry]).violations


@given(st.lists(st.sampled_from(["basic", "form", "ftp", "ssh-password", "odd"]), min_size=1, max_size=4))
def test_no_challenge_on_an_undocumented_port_is_ever_overlooked(kinds: list[str]) -> None:
    service = web(*(Challenge(kind, "x", "password") for kind in kinds), port=8000)

    assert len(criteria.logins.undocumented(search(service), []).violations) == len(kinds)


# Documents --------------------------------------------------------------------------------------------------

MANUAL = (
    "This is the manual of the lamp. You switch it on with the button on the side and you set the colour in the app. "
    "The lamp is for use in the house and not in the garden. Clean it with a dry cloth. "
)


def manual(text: str) -> WebDocument:
    return published(text)


@pytest.mark.parametrize(
    "sentence",
    [
        "To change the web password, open the menu.",
        "The web password is changed there.",
        "Reset your web password.",
    ],
)
def test_guidance_that_speaks_of_a_change_is_not_refuted(entry_of: Any, sentence: str) -> None:
    entry = entry_of({"mentions": ["web password"]})

    assert not criteria.guidance.change_is_documented(entry, manual(MANUAL + sentence))


def test_guidance_without_a_word_of_changing_is_a_violation(entry_of: Any) -> None:
    entry = entry_of({"mentions": ["web password"]})
    text = MANUAL + "Type the web password on the first page. Colours can be changed."

    assert criteria.guidance.change_is_documented(entry, manual(text)).violations


@pytest.mark.parametrize(
    "text",
    ["", "Please enable JavaScript.", "Das Kennwort der Lampe kann man in den Einstellungen wechseln. " * 10],
    ids=["empty", "script", "german"],
)
def test_guidance_that_a_program_cannot_read_is_open(entry_of: Any, text: str) -> None:
    found = criteria.guidance.change_is_documented(entry_of({"mentions": ["web password"]}), manual(text))

    assert found.unknowns
    assert not found.violations


@pytest.mark.parametrize(
    ("status", "level"), [(404, "violation"), (410, "violation"), (500, "unknown"), (304, "unknown")]
)
def test_guidance_that_is_gone_differs_from_a_server_in_trouble(
    entry_of: Any, status: int, level: str
) -> None:
    document = published(MANUAL, status=status)
    found = criteria.guidance.change_is_documented(entry_of({"mentions": ["password"]}), document)

    assert [finding.kind for finding in found] == [level]


def test_a_document_of_dashes_is_searched_in_bounded_time(entry_of: Any) -> None:
    document = manual(MANUAL + "change " + "-" * 200_000 + "'" * 1000)

    with at_most_cpu_s(2):
        criteria.guidance.change_is_documented(entry_of({"mentions": ["web password"]}), document)


def test_every_passage_is_looked_at_and_not_only_the_first(entry_of: Any) -> None:
    entry = entry_of({"mentions": ["support code"]})
    found = criteria.logins.manual_mentions(
        "Give the support code. The installer password is for fitters.", [entry]
    )

    assert "installer password" in str(found.unknowns)
    assert len(found) == 1


def test_a_documented_ssh_login_may_be_spoken_of(entry_of: Any) -> None:
    assert not criteria.logins.manual_mentions(
        "Log in by secure shell (SSH).", [entry_of({}, {"driver": "ssh"})]
    )


# Channel ----------------------------------------------------------------------------------------------------


def observed(**changes: Any) -> TlsObservation:
    settings = {
        "server_name": "",
        "versions": ("TLSv1.3",),
        "suites": {"TLSv1.3": ("TLS_AES_128_GCM_SHA256",)},
        "certificate": None,
        "certificates": (),
        "client_certificate": False,
        "connections": 1,
        "complete": True,
        "errors": (),
    }
    return TlsObservation(HOST, 443, **(settings | changes))


TLS = {"versions": ["TLSv1.3"], "cipher_suites": ["TLS_AES_128_GCM_SHA256"]}


@pytest.mark.parametrize(
    ("facts", "changes"),
    [
        ({}, {}),
        ({"tls": {}}, {}),
        ({"tls": TLS}, {"versions": (), "suites": {}}),
        ({"tls": TLS}, {"complete": False}),
        ({"tls": TLS | {"certificate": "ca"}}, {"certificate": None}),
    ],
    ids=["no facts", "empty facts", "no TLS", "cut short", "no certificate"],
)
def test_a_channel_that_cannot_be_compared_is_open(entry_of: Any, facts: Any, changes: Any) -> None:
    found = criteria.cryptography.channel(entry_of(facts), observed(**changes))

    with pytest.raises(Inconclusive):
        found.decide()


def test_an_undocumented_version_is_a_violation(entry_of: Any) -> None:
    found = criteria.cryptography.channel(entry_of({"tls": TLS}), observed(versions=("TLSv1.0", "TLSv1.3")))

    assert "TLSv1.0" in str(found.violations)


def test_a_weak_algorithm_in_the_facts_is_a_violation_with_its_place(entry_of: Any) -> None:
    used = [{"algorithm": "RC4", "use": "encryption"}]
    found = criteria.cryptography.documented(entry_of({"cryptography": used})).violations

    assert {finding.aspect for finding in found} == {"best-practice", "attack"}
    for finding in found:
        assert (finding.place.entry, finding.place.field) == ("1-AuthMech/AuthMech-web", "facts.cryptography")


# Guessing ---------------------------------------------------------------------------------------------------


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["refused", "locked", "accepted", "no-answer"]),
            st.sampled_from(["right", "wrong"]),
        ),
        min_size=1,
        max_size=25,
    ).filter(lambda rows: ("accepted", "wrong") in rows)
)
def test_a_wrong_value_that_was_accepted_is_a_violation_whatever_else_was_seen(rows: Any) -> None:
    from pytest_etsi.assessment.brute_force import compare_with_declared, interpret
    from pytest_etsi.profile.facts import BruteForceFacts

    attempts = [
        LoggedAttempt(float(n), "guess", "owner", credential, 1, "", Attempt(outcome, "", 0.0))
        for n, (outcome, credential) in enumerate(rows)
    ]
    found = compare_with_declared(interpret(attempts), BruteForceFacts(max_attempts=5, lockout_s=60))

    assert any(finding.kind == "violation" for finding in found)


def test_what_an_attack_could_not_see_is_open(entry_of: Any) -> None:
    entry = entry_of({"brute_force": {"max_attempts": 1, "lockout_s": 3600}})
    log = tuple(
        LoggedAttempt(float(n), "guess", "owner", "wrong", 1, "", Attempt(outcome, "", 0.1))
        for n, outcome in enumerate(["refused", "locked"])
    )

    assert not criteria.brute_force.guessing(entry, GuessingLog("web", log, 10)).unknowns
    assert criteria.brute_force.guessing(entry, GuessingLog("web", log, 10, unseen=("the length",))).unknowns


def test_an_unknown_finding_never_decides() -> None:
    with pytest.raises(Inconclusive):
        criteria.Findings([Finding("unknown", "channel", "open")]).decide()


def test_a_misspelt_question_is_an_error_and_not_a_clean_answer() -> None:
    with pytest.raises(ValueError, match="chanel"):
        criteria.Findings().about("chanel")


def test_a_judgement_may_name_a_service_but_not_stand_in_for_a_search_that_was_cut_short() -> None:
    unknown = Service("127.0.0.1", 9, banner="?")
    scan = PortScan("127.0.0.1", "127.0.0.1", 1, (9,), (), 0, 0, complete=True, duration_s=0.1)

    def aspects(service: Service) -> list[str]:
        search = ServiceSearch((service,), (scan,))
        return [finding.aspect for finding in criteria.logins.undocumented(search, [])]

    assert aspects(unknown) == ["recognition"]
    assert aspects(replace(unknown, complete=False)) == ["completeness"]
