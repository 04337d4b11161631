"""A key that a second device of the kind shows as well is a violation, on real servers."""

from __future__ import annotations

import contextlib
import shutil

import pytest
from login_device import LoginDevice, profile_of

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import Dut
from pytest_etsi.standard import edition
from tests import daemons

HOST, OTHER = "127.0.0.1", "127.0.0.9"


@pytest.fixture
def found(device: LoginDevice, tmp_path):
    """Makes the findings on a mechanism of which a second device is named."""

    def observe(port, facts):
        tables = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
        entry = {"ID": "one", "facts": {"direction": "incoming", "endpoint": f"{port}/tcp", **facts}}
        profile = profile_of(
            tmp_path,
            device,
            ixit=tables | {"11-ComMech": [entry]},
            access={"network": {"hosts": [HOST], "other_devices": [OTHER]}},
        )
        (entry,) = profile.ixit.table("11-ComMech")
        return criteria.channels.in_use(entry, Dut(profile).communication(entry))

    return observe


TLS = {
    "tls": {
        "versions": ["TLSv1.2", "TLSv1.3"],
        "cipher_suites": [
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        ],
    }
}
CIPHER = "ECDHE-ECDSA-AES128-GCM-SHA256"


@pytest.mark.parametrize("shared", [True, False])
def test_a_certificate_whose_key_a_second_device_shows_too(found, tmp_path, shared):
    port = daemons.free_port()
    both = f"listen {OTHER}:{port} ssl;" if shared else ""
    with contextlib.ExitStack() as stack:
        stack.enter_context(daemons.nginx(tmp_path / "one", port=port, tls=True, ciphers=CIPHER, server=both))
        if not shared:
            stack.enter_context(
                daemons.nginx(tmp_path / "two", host=OTHER, port=port, tls=True, ciphers=CIPHER)
            )
        findings = found(port, TLS)

    violations = [str(one) for one in findings.violations]
    assert len(violations) == shared, (findings.violations, findings.unknowns)
    assert all(f"the key of the certificate is that of {OTHER} too" in one for one in violations)
    assert "shows no key" not in str(findings.unknowns)


def test_a_second_device_that_shows_nothing_leaves_it_open(found, tmp_path):
    with daemons.nginx(tmp_path / "one", tls=True, ciphers=CIPHER) as first:
        findings = found(first.port, TLS)

    assert not findings.violations
    assert f"{OTHER} shows no key that could be compared" in str(findings.unknowns)


@pytest.mark.parametrize("shared", [True, False])
def test_a_host_key_that_a_second_device_shows_too(found, tmp_path, shared):
    first, second, port = tmp_path / "first", tmp_path / "second", daemons.free_port()
    with daemons.dropbear(first, host=HOST, port=port):
        if shared:
            second.mkdir()
            shutil.copy(first / "dropbear-key", second / "dropbear-key")
        with daemons.dropbear(second, host=OTHER, port=port):
            findings = found(port, {"ssh": {}})

    assert (
        any(f"the key of the host is that of {OTHER} too" in str(one) for one in findings.violations)
        is shared
    )
