"""Channels in use against the facts of 11-ComMech: made-up observations of either end (5.5-1-2 a)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from documents import entry_of

from pytest_etsi import criteria
from pytest_etsi.dut import ChannelObservation
from pytest_etsi.probes.tls.client_hello import ClientHello
from pytest_etsi.probes.tls.impostor import Contact, ImpostorObservation

if TYPE_CHECKING:
    from pytest_etsi.assessment.criteria import Findings

SUITES = ("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
TLS = {"versions": ["TLSv1.2", "TLSv1.3"], "cipher_suites": list(SUITES)}
GOOD = ClientHello(("TLSv1.3", "TLSv1.2"), True, SUITES, ("x25519",))
OLD = ClientHello(("TLSv1.1",), False, SUITES)
REFUSES = "tlsv1 alert unknown ca"


def _found(contacts: list[Contact], *, gaps: tuple[str, ...] = (), **facts: object) -> Findings:
    entry = entry_of("11-ComMech", {"facts": {"tls": TLS, **facts}})
    offered = ImpostorObservation("api.example:443", tuple(contacts), 60.0)
    return criteria.channels.in_use(entry, ChannelObservation(offered=(offered,), open=gaps))


def _contact(
    hello: ClientHello | None = GOOD,
    *,
    down: bool = False,
    version: str = "",
    received: int = 0,
    objection: str = REFUSES,
    first: str = "",
) -> Contact:
    return Contact(0.1, down, hello, first, version, bool(received), received, objection)


CAREFUL = [
    _contact(version="TLSv1.3"),
    _contact(down=True, objection="unsupported protocol"),
    _contact(version="TLSv1.3"),
]


def test_a_careful_client_does_as_documented() -> None:
    found = _found(CAREFUL)

    assert not found.violations
    assert not found.unknowns


@pytest.mark.parametrize(
    ("contacts", "words"),
    [
        ([_contact(version="TLSv1.3", received=300, objection="")], "an authority that nobody knows"),
        ([_contact(None, first="POST /v1", received=80)], "speaks without TLS"),
        ([*CAREFUL[:2], _contact(OLD, version="TLSv1.1")], "TLSv1.1 is offered but not documented"),
        ([CAREFUL[0], _contact(down=True, version="TLSv1.1"), CAREFUL[2]], "goes along with TLSv1.1"),
        ([_contact(ClientHello(GOOD.versions, True, (*SUITES, "TLS_RSA_WITH_RC4_128_SHA")))], "RC4"),
        ([_contact(ClientHello(GOOD.versions, True, SUITES, compression=True))], "compression"),
    ],
)
def test_a_deviation_of_the_client_is_a_violation(contacts: list[Contact], words: str) -> None:
    assert words in str(_found(contacts).violations)


@pytest.mark.parametrize(
    ("contacts", "words"),
    [
        ([], "did not connect"),
        (CAREFUL[:1], "did not come back"),
        (CAREFUL[:2], "did not come back"),
        ([_contact(None, objection="it is cut off"), *CAREFUL[1:2]], "was not shown a certificate"),
        ([Contact(0.1, False, GOOD, "", "TLSv1.3", True, 0, ""), *CAREFUL[1:]], "cannot be told"),
    ],
)
def test_what_was_not_seen_leaves_it_open(contacts: list[Contact], words: str) -> None:
    found = _found(contacts)

    assert not found.violations
    assert words in str(found.unknowns)


def test_groups_are_compared_where_they_are_documented() -> None:
    assert not _found(CAREFUL, tls={**TLS, "groups": ["X25519"]}).violations
    assert "x25519" in str(_found(CAREFUL, tls={**TLS, "groups": ["P-256"]}).violations)


@pytest.mark.parametrize("missing", ["versions", "cipher_suites"])
def test_facts_that_are_missing_leave_it_open(missing: str) -> None:
    found = _found(CAREFUL, tls={name: value for name, value in TLS.items() if name != missing})

    assert not found.violations
    assert found.unknowns


def test_a_gap_leaves_it_open() -> None:
    assert "no gateway" in str(_found(CAREFUL, gaps=("no gateway",)).unknowns)


def test_a_mechanism_with_nothing_to_look_at_is_open() -> None:
    entry = entry_of("11-ComMech", {"facts": {"tls": TLS}})

    assert criteria.channels.in_use(entry, ChannelObservation()).unknowns
