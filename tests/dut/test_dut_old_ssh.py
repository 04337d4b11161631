"""A device whose SSH is too old for paramiko, as the device facade sees it."""

from __future__ import annotations

import sys

import paramiko
import pytest
import yaml

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import Dut
from pytest_etsi.profile import load_profile
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Cause, Inconclusive
from tests import daemons

USERS = {"camera": "Correct-Horse-7"}
OLD = {
    "KexAlgorithms": "diffie-hellman-group1-sha1",
    "HostKeyAlgorithms": "ssh-rsa",
    "Ciphers": "3des-cbc",
    "MACs": "hmac-md5",
}
NEEDS_THE_EXTRA = pytest.mark.skipif(
    OLD["KexAlgorithms"] in getattr(paramiko.Transport, "_kex_info", {}),
    reason="this paramiko speaks old algorithms itself",
)
DOCUMENTED = {
    "as-it-is": {
        "kex": ["diffie-hellman-group1-sha1"],
        "host_keys": ["ssh-rsa"],
        "ciphers": ["3des-cbc"],
        "macs": ["hmac-md5"],
    },
    "larger-key": {
        "kex": ["diffie-hellman-group1-sha1"],
        "host_keys": ["ssh-rsa"],
        "ciphers": ["3des-cbc"],
        "macs": ["hmac-md5"],
        "min_rsa_bits": 3072,
    },
    "modern": {
        "kex": ["curve25519-sha256"],
        "host_keys": ["ssh-ed25519"],
        "ciphers": ["aes256-ctr"],
        "macs": ["hmac-sha2-256"],
    },
}


@pytest.fixture
def old_device(tmp_path):
    with daemons.sshd(tmp_path / "sshd", users=USERS, settings=OLD, key_types=("rsa:2048",)) as server:
        entry = {
            "ID": "AuthMech-ssh",
            "Description": "Maintenance over SSH.",
            "facts": {"endpoint": f"{server.port}/tcp", "factors": ["password"]},
            "access": {
                "driver": "ssh",
                "port": server.port,
                "username": "camera",
                "password": USERS["camera"],
            },
        }
        mechanisms = [
            {
                "ID": f"ComMech-{name}",
                "Description": "Maintenance over SSH.",
                "facts": {"endpoint": f"{server.port}/tcp", "direction": "incoming", "ssh": documented},
            }
            for name, documented in DOCUMENTED.items()
        ]
        tables = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
        profile = {
            "format": 1,
            "name": "old",
            "edition": "1.1.1",
            "dut": {"manufacturer": "Example", "model": "Old", "hardware": "A", "software": "1"},
            "ics": {},
            "ixit": tables | {"1-AuthMech": [entry], "11-ComMech": mechanisms},
            "access": {
                "network": {"hosts": ["127.0.0.1"], "ports": str(server.port), "ports_because": "shared"}
            },
        }
        path = tmp_path / "old.yaml"
        path.write_text(yaml.safe_dump(profile), encoding="utf-8")
        yield Dut(load_profile(path))


def test_it_can_be_logged_in_to(old_device):
    session = old_device.login("AuthMech-ssh")
    session.close()

    entry = old_device.profile.ixit.table("1-AuthMech")[0]
    session = old_device.driver(entry).connect()
    wrong = session.attempt("camera", "wrong")
    session.close()

    assert wrong.outcome == "refused"


@pytest.mark.parametrize(
    ("documented", "seen"),
    [
        ("as-it-is", []),
        ("larger-key", ["2048 bits"]),
        ("modern", ["diffie-hellman-group1-sha1", "ssh-rsa", "3des-cbc", "hmac-md5"]),
    ],
)
def test_its_cryptography_is_compared_with_the_documents(old_device, documented, seen):
    """What 5.5-1-2 a asks; that old algorithms are no best practice is for the documents' own unit."""
    entry = next(
        one for one in old_device.profile.ixit.table("11-ComMech") if one.id == f"ComMech-{documented}"
    )

    found = criteria.channels.in_use(entry, old_device.communication(entry))

    assert [finding.found for finding in found.violations] == seen
    assert not [finding for finding in found if finding.kind == "unknown"]
    assert criteria.cryptography.documented(entry).violations or documented == "modern"


def test_its_methods_are_found(old_device):
    (service,) = old_device.network.services().services

    assert service.complete
    assert {challenge.kind for challenge in service.challenges} == {"ssh-publickey", "ssh-password"}


@NEEDS_THE_EXTRA
def test_without_the_extra_the_way_out_is_named(old_device, monkeypatch):
    monkeypatch.setitem(sys.modules, "asyncssh", None)
    monkeypatch.delitem(sys.modules, "pytest_etsi.probes.ssh._asyncssh", raising=False)

    with pytest.raises(Inconclusive) as raised:
        old_device.login("AuthMech-ssh")

    assert raised.value.cause is Cause.BENCH
    assert raised.value.settle == "install pytest-etsi[ssh-legacy]"
    assert "pip install 'pytest-etsi[ssh-legacy]'" in raised.value.reason


@NEEDS_THE_EXTRA
def test_without_the_extra_the_methods_are_left_open(old_device, monkeypatch):
    monkeypatch.setitem(sys.modules, "asyncssh", None)
    monkeypatch.delitem(sys.modules, "pytest_etsi.probes.ssh._asyncssh", raising=False)

    (service,) = old_device.network.services().services

    assert not service.complete
    assert "pytest-etsi[ssh-legacy]" in service.note
