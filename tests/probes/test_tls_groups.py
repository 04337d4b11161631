"""The groups of a server are found whatever it prefers, and with little that costs it time."""

from __future__ import annotations

import itertools
import subprocess

import pytest

from pytest_etsi.probes.tls import _lists, enumerate_tls
from pytest_etsi.probes.tls._model import HelloAnswer
from pytest_etsi.probes.tls._numbers import group_name
from tests import daemons
from tests.probes import tls_devices as devices
from tests.probes.tls_devices import ALERT_40, ECDHE, RSA_AES, TLS12, TLS13, enumerated

DHE, DHE_CBC, ECDHE_CBC = 0x009E, 0x0033, 0xC013
X25519, P256, P521, LAST = 0x001D, 0x0017, 0x0019, 0x0001
FFDHE = (0x0100, 0x0101, 0x0102, 0x0103, 0x0104)
"""By size, 2048 bits first."""


class ChoosesGroups(devices.Server):
    """Takes suites of TLS 1.2, the first that it likes for which a group is there.

    Args:
        suites: accepted suites, the dearest first.
        groups: accepted groups, the dearest first.
        own: goes by its own order of groups, not the client's.
        reads: groups of a hello that it reads.
        field: chooses this one, whatever fields are offered.
    """

    def __init__(self, suites, groups, *, own=False, reads=1000, field=0) -> None:
        super().__init__({TLS12: suites})
        self.groups, self.own, self.reads, self.field = groups, own, reads, field
        self.chosen: list[int] = []

    def answer(self, offer, deadline):
        if (offer.version == TLS13 and TLS12 not in offer.older) or offer.version < TLS12:
            return devices.ALERT_70
        for suite in (suite for suite in self.takes[TLS12] if suite in offer.suites):
            if suite == RSA_AES:
                return HelloAnswer("hello", version=TLS12, suite=suite)
            if group := self._group(offer, fields=suite in {DHE, DHE_CBC}):
                self.chosen.append(group)
                return HelloAnswer("hello", version=TLS12, suite=suite, group=group)
        return ALERT_40

    def _group(self, offer, *, fields):
        if fields and self.field:
            return self.field
        offered = offer.all_groups[: self.reads]
        order = self.groups if self.own else offered
        both = (group for group in order if group in offered and group in self.groups)
        return next((group for group in both if (group in FFDHE) is fields), 0)


def found(server):
    seen = enumerated(server)
    assert seen.complete, seen.errors
    return set(seen.groups["TLSv1.2"])


@pytest.mark.parametrize(
    "suites",
    list(itertools.permutations((DHE, ECDHE, RSA_AES))),
    ids=lambda suites: "-".join({DHE: "DHE", ECDHE: "ECDHE", RSA_AES: "RSA"}[suite] for suite in suites),
)
@pytest.mark.parametrize("own", [True, False], ids=["its order", "the client's order"])
def test_every_curve_is_found_whatever_suite_is_preferred(suites, own):
    curves = (P521, P256, X25519, LAST)

    assert found(ChoosesGroups(suites, (*FFDHE[:1], *curves), own=own)) == {
        group_name(group) for group in (FFDHE[0], *curves)
    }


@pytest.mark.parametrize("own", [True, False], ids=["its order", "the client's order"])
@pytest.mark.parametrize("curves", [(LAST, X25519), (P521, LAST), (X25519,)])
def test_long_list_of_which_the_beginning_is_read_hides_no_curve(own, curves):
    server = ChoosesGroups((ECDHE, ECDHE_CBC, RSA_AES), curves, own=own, reads=12)

    assert found(server) == {group_name(group) for group in curves}


def test_finite_fields_are_found_and_of_the_costly_ones_only_the_least_is_asked_for():
    server = ChoosesGroups((ECDHE, DHE, DHE_CBC), (X25519, *FFDHE))

    assert found(server) == {"x25519", "ffdhe2048", "ffdhe3072", "ffdhe4096"}
    assert [group for group in server.chosen if group in FFDHE[2:]] == [FFDHE[2]]


def test_field_that_is_chosen_though_others_were_offered_ends_the_questions():
    server = ChoosesGroups((ECDHE, DHE, DHE_CBC), (X25519, P256), field=FFDHE[0])

    assert found(server) == {"x25519", "secp256r1", "ffdhe2048"}
    assert server.chosen.count(FFDHE[0]) <= 3


def test_nobody_waits_for_a_server_that_is_well():
    waits = []
    clock = devices.Clock(180)
    server = devices.Server({TLS12: (ECDHE,)})
    devices.Enumeration(server, "", 3.0, clock, devices.VERSIONS, sleep=waits.append).run()

    assert waits == []


def test_certificate_that_comes_with_every_answer_is_read_once(tmp_path, monkeypatch):
    read = []
    facts_of = _lists.facts_of

    def noted(chain, notes):
        read.append(chain)
        return facts_of(chain, notes)

    monkeypatch.setattr(_lists, "facts_of", noted)
    with daemons.nginx(tmp_path, tls=True, key="rsa", protocols="TLSv1.2") as server:
        seen = enumerate_tls("127.0.0.1", server.port)

    assert seen.certificate is not None
    assert len(read) == 1


@pytest.mark.parametrize("first", ["DHE", "ECDHE"])
def test_the_curves_of_nginx_are_found_beside_a_field(tmp_path, first):
    command = ["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048"]
    file = tmp_path / "dh.pem"
    file.write_bytes(subprocess.run(command, capture_output=True, check=True, timeout=30).stdout)
    suites = sorted(("DHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"), reverse=first == "ECDHE")
    settings = f"ssl_prefer_server_ciphers on; ssl_ecdh_curve X25519:P-256:P-384:P-521; ssl_dhparam {file};"
    with daemons.nginx(
        tmp_path, tls=True, key="rsa", protocols="TLSv1.2", ciphers=":".join(suites), server=settings
    ) as server:
        seen = enumerate_tls("127.0.0.1", server.port)

    assert seen.complete, seen.errors
    assert set(seen.groups["TLSv1.2"]) == {"ffdhe2048", "x25519", "secp256r1", "secp384r1", "secp521r1"}
