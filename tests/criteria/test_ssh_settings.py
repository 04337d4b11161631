"""Settings of SSH beside algorithm names, documented and observed."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import ChannelObservation
from pytest_etsi.probes.ssh import SshObservation
from tests.criteria.documents import entry_of

GEX = "diffie-hellman-group-exchange-sha256"
NAMES = {
    "kex": ["curve25519-sha256", GEX],
    "host_keys": ["rsa-sha2-512"],
    "ciphers": ["aes256-ctr"],
    "macs": ["hmac-sha2-256"],
}
SEEN = {
    "banner": "SSH-2.0-dropbear",
    "kex": ("curve25519-sha256", GEX),
    "host_keys": ("rsa-sha2-512",),
    "ciphers_c2s": ("aes256-ctr",),
    "ciphers_s2c": ("aes256-ctr",),
    "macs_c2s": ("hmac-sha2-256",),
    "macs_s2c": ("hmac-sha2-256",),
    "dh_bits": {GEX: 3072},
    "shown_key": "ssh-rsa",
    "shown_key_bits": 3072,
    "complete": True,
}


def found(facts, **changes):
    """The findings of a login mechanism (5.1-3-2 a, 5.5-4-2 c) and of a communication mechanism (5.5-1-2 a)."""
    observed = SshObservation("192.0.2.1", 22, **{**SEEN, **changes})
    login = criteria.cryptography.channel(entry_of("1-AuthMech", {"facts": {"ssh": NAMES | facts}}), observed)
    mechanism = entry_of(
        "11-ComMech", {"facts": {"ssh": NAMES | facts, "direction": "incoming", "endpoint": "22/tcp"}}
    )
    in_use = criteria.channels.in_use(mechanism, ChannelObservation(accepted=(observed,)))
    assert [one.message for one in in_use.violations] == [one.message for one in login.violations]
    return login


def violations(facts, **changes):
    return [finding.message for finding in found(facts, **changes).violations]


def unknown(facts, **changes):
    return [finding.message for finding in found(facts, **changes) if finding.kind == "unknown"]


def test_what_is_documented_and_sound_is_no_violation():
    assert violations({}) == []
    assert unknown({}) == []


@pytest.mark.parametrize("banner", ["SSH-1.99-old", "SSH-1.5-older"])
def test_protocol_1_is_a_violation_unless_it_is_documented(banner):
    assert len([text for text in violations({}, banner=banner) if "protocol 1" in text]) == 1
    assert not [text for text in violations({"protocols": ["1", "2"]}, banner=banner) if "protocol 1" in text]


def test_a_server_of_protocol_1_only_is_refuted_although_its_lists_cannot_be_read():
    nothing = dict.fromkeys(("kex", "host_keys", "ciphers_c2s", "ciphers_s2c", "macs_c2s", "macs_s2c"), ())
    only = {"banner": "SSH-1.5-x", "complete": False, "error": "protocol 1 only", "dh_bits": {}, **nothing}

    assert len(violations({}, **only)) == 1
    assert violations({"protocols": ["1"]}, **only) == []
    assert unknown({"protocols": ["1"]}, **only)


@pytest.mark.parametrize(
    ("documented", "bits", "count"),
    [
        (None, 1024, 1),
        (None, 1536, 1),
        (None, 2048, 0),
        (3072, 2048, 1),
        (2048, 2048, 0),
        (1024, 1024, 0),
        (2048, 1024, 1),
    ],
)
def test_a_small_prime_is_a_violation_unless_it_is_documented(documented, bits, count):
    facts = {"min_dh_bits": documented} if documented else {}

    assert len(violations(facts, dh_bits={GEX: bits})) == count


@pytest.mark.parametrize(
    ("documented", "bits", "count"),
    [(None, 1024, 1), (None, 2048, 0), (3072, 2048, 1), (2048, 2048, 0), (1024, 1024, 0)],
)
def test_a_small_rsa_host_key_is_a_violation_unless_it_is_documented(documented, bits, count):
    facts = {"min_rsa_bits": documented} if documented else {}

    assert len(violations(facts, shown_key_bits=bits)) == count


def test_only_an_rsa_key_that_was_shown_has_a_size():
    assert violations({}, shown_key="ssh-dss", shown_key_bits=1024) == []
    assert violations({}, shown_key="ssh-rsa", shown_key_bits=0) == []


def test_what_is_wrong_with_protocol_1_is_said_of_it_alone():
    (text,) = [one for one in violations({}, banner="SSH-1.99-old") if "protocol 1 of SSH" in one]

    assert "VU#13877" in text
    (other,) = [one for one in violations({"protocols": ["1"]}) if "protocol 2 of SSH" in one]
    assert "VU#13877" not in other


def test_a_host_key_that_another_device_has_too_is_a_violation():
    assert violations({}, shared_with=("192.0.2.2",)) == [
        "the key of the host is that of 192.0.2.2 too: whoever has the one device can pose as the other"
    ]
    assert unknown({}, unshown_by=("192.0.2.3",)) == [
        "192.0.2.3 shows no key that could be compared with that of the host"
    ]


def test_what_could_not_be_seen_is_not_taken_for_sound():
    assert unknown({}, gaps=("the RSA host key was not shown: no answer in time",)) == [
        "not everything was answered: the RSA host key was not shown: no answer in time"
    ]


def test_an_algorithm_that_is_not_documented_is_a_violation():
    assert len(violations({}, kex=(*SEEN["kex"], "diffie-hellman-group1-sha1"))) == 1
    assert len(violations({}, ciphers_s2c=("aes256-ctr", "3des-cbc"))) == 1
    assert len(violations({}, macs_c2s=("hmac-sha2-256", "hmac-md5"))) == 1


@pytest.mark.parametrize("weak", [{"protocols": ["1", "2"]}, {"min_rsa_bits": 1024}, {"min_dh_bits": 1024}])
def test_documents_that_state_a_weak_setting_are_refuted_by_themselves(weak):
    sound = entry_of("1-AuthMech", {"facts": {"ssh": NAMES | {"min_rsa_bits": 3072, "min_dh_bits": 3072}}})
    stated = entry_of("1-AuthMech", {"facts": {"ssh": NAMES | weak}})

    assert not criteria.cryptography.documented(sound).violations
    assert criteria.cryptography.documented(stated).violations
