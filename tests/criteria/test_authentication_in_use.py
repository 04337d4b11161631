"""Whether a mechanism is protected as documented: by its own endpoint, or by what carries it (5.5-4-2 c)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_etsi import criteria
from pytest_etsi.probes.tls import TlsObservation
from tests.criteria.documents import entry_of

SUITE = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
LOGIN = entry_of("1-AuthMech", {"facts": {"tls": {"versions": ["TLSv1.2"], "cipher_suites": [SUITE]}}})
CARRIER = entry_of("11-ComMech", {"facts": {"tls": {"versions": ["TLSv1.2"], "cipher_suites": [SUITE]}}})
NOTHING_SEEN = SimpleNamespace(open=("nothing was seen of it",), accepted=(), offered=(), services=())


def endpoint(*versions):
    return TlsObservation(
        "192.0.2.7",
        443,
        server_name="",
        versions=versions,
        suites=dict.fromkeys(versions, (SUITE,)),
        certificate=None,
        certificates=(),
        client_certificate=False,
        connections=1,
        complete=True,
        errors=(),
    )


def test_an_endpoint_that_accepts_what_is_documented_is_as_documented():
    assert not criteria.access.authentication_in_use(LOGIN, endpoint("TLSv1.2"), ())


@pytest.mark.parametrize("carriers", [(), [(CARRIER, NOTHING_SEEN)]])
def test_an_endpoint_of_its_own_is_what_is_compared_whatever_else_may_carry_it(carriers):
    found = criteria.access.authentication_in_use(LOGIN, endpoint("TLSv1.2", "TLSv1.0"), carriers)

    assert "TLSv1.0 is accepted but not documented" in str(found.violations)
    assert not found.unknowns


def test_every_carrier_is_looked_at():
    other = entry_of("11-ComMech", {"ID": "other", "facts": {"tls": {"versions": ["TLSv1.2"]}}})
    found = criteria.access.authentication_in_use(
        LOGIN, None, [(CARRIER, NOTHING_SEEN), (other, NOTHING_SEEN)]
    )

    assert {"11-ComMech/one", "11-ComMech/other"} <= set(str(found).replace(":", " ").split())
