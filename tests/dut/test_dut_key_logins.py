"""Logins by key alone, documented as such, at OpenSSH and dropbear."""

from __future__ import annotations

import contextlib
import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from login_device import LoginDevice, profile_of

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import Dut
from pytest_etsi.profile.private_key import read_private_key
from pytest_etsi.standard import edition
from tests import daemons

USERS = {"keeper": "Kaffeetasse-77-blau"}
NO_PASSWORDS = {"PasswordAuthentication": "no"}
PASSPHRASE = "Wolkenbruch-31-gelb"
KINDS = {
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "ecdsa": lambda: ec.generate_private_key(ec.SECP256R1()),
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
}


def key_pair(path, kind="ed25519", passphrase=None):
    """Write a private key; gives the line of the public one."""
    key = KINDS[kind]()
    protected = (
        serialization.BestAvailableEncryption(passphrase.encode())
        if passphrase
        else serialization.NoEncryption()
    )
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, protected)
    )
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        .decode()
    )


@contextlib.contextmanager
def server(kind, directory, public):
    if kind == "dropbear":
        made = daemons.dropbear(directory, users=USERS, keys={"keeper": public}, arguments=("-s",))
    else:
        made = daemons.sshd(directory, users=USERS, keys={"keeper": public}, settings=NO_PASSWORDS)
    with made as daemon:
        yield daemon


@pytest.fixture
def dut_of(device: LoginDevice, tmp_path):
    """Makes the device whose maintenance login is documented to be by key."""

    def make(port, *, facts=None, **access):
        tables = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
        login = {
            "ID": "ssh",
            "facts": {"endpoint": f"{port}/tcp", "factors": ["key"]} if facts is None else facts,
            "access": {"driver": "ssh", "port": port, "username": "keeper", "key": "id", **access},
        }
        entry = {"ID": "shell", "access": {"shells": [{"login": "ssh"}]}}
        ixit = tables | {"1-AuthMech": [login], "13-SoftServ": [entry]}
        network = {"hosts": ["127.0.0.1"], "ports": str(port), "ports_because": "the address is shared"}
        return Dut(profile_of(tmp_path, device, ixit=ixit, access={"network": network}))

    return make


@pytest.mark.parametrize("kind", ["openssh", "dropbear"])
@pytest.mark.parametrize("key", KINDS)
def test_the_key_of_the_profile_gets_in_and_another_of_its_kind_does_not(dut_of, tmp_path, kind, key):
    public = key_pair(tmp_path / "id", key)
    with server(kind, tmp_path / "ssh", public) as daemon:
        dut = dut_of(daemon.port)
        (entry,) = dut.profile.ixit.auth_mech
        dut.login("ssh").close()
        wrong = dut.wrong_password(entry)

    assert wrong.outcome == "refused"


def test_an_encrypted_key_is_read_by_its_passphrase(dut_of, tmp_path):
    public = key_pair(tmp_path / "id", passphrase=PASSPHRASE)
    with server("openssh", tmp_path / "ssh", public) as daemon:
        dut_of(daemon.port, passphrase=PASSPHRASE).login("ssh").close()


def test_another_key_is_let_in_where_the_server_takes_the_name_alone(dut_of, tmp_path):
    key_pair(tmp_path / "id")
    settings = NO_PASSWORDS | {"PermitEmptyPasswords": "yes", "PasswordAuthentication": "yes"}
    with daemons.sshd(tmp_path / "ssh", users={"keeper": ""}, settings=settings) as daemon:
        dut = dut_of(daemon.port)
        (entry,) = dut.profile.ixit.auth_mech
        found = criteria.access.kept_out(*_shell(dut))
        wrong = dut.wrong_password(entry)

    assert "without any credential" in str(found.violations)
    assert wrong.outcome == "refused"


def _shell(dut):
    entry = dut.profile.ixit.table("13-SoftServ")[0]
    return entry, dut.access(entry)


@pytest.mark.parametrize("kind", ["openssh", "dropbear"])
def test_a_shell_behind_a_key_lets_in_its_holder_and_nobody_else(dut_of, tmp_path, kind):
    public = key_pair(tmp_path / "id")
    with server(kind, tmp_path / "ssh", public) as daemon:
        entry, observed = _shell(dut_of(daemon.port))

    kept_out, let_in = criteria.access.kept_out(entry, observed), criteria.access.let_in(entry, observed)
    assert not kept_out, str(kept_out)
    assert not let_in, str(let_in)


@pytest.mark.parametrize("facts", [None, {}], ids=["by facts.factors", "by access.key"])
@pytest.mark.parametrize(("settings", "violations"), [(NO_PASSWORDS, 0), ({}, 1)])
def test_passwords_beside_a_documented_key_are_a_login_that_is_not_listed(
    dut_of, tmp_path, facts, settings, violations
):
    public = key_pair(tmp_path / "id")
    with daemons.sshd(tmp_path / "ssh", users=USERS, keys={"keeper": public}, settings=settings) as daemon:
        dut = dut_of(daemon.port, facts=facts)
        found = criteria.logins.undocumented(dut.network.services(), dut.profile.ixit.auth_mech)

    assert len(found.violations) == violations, str(found)


def test_nothing_that_is_kept_has_the_key(dut_of, tmp_path):
    public = key_pair(tmp_path / "id")
    with server("openssh", tmp_path / "ssh", public) as daemon:
        dut = dut_of(daemon.port)
        dut.wrong_password(next(iter(dut.profile.ixit.auth_mech)))
        _shell(dut)

    secret = read_private_key(tmp_path / "id").text.split("\n")[3]
    kept = dut.recorder.drain()
    assert kept
    assert secret not in json.dumps(kept, default=repr) + repr(dut.profile)


def test_guessing_tries_other_keys_and_the_right_one_still_gets_in(dut_of, tmp_path):
    public = key_pair(tmp_path / "id")
    facts = {"factors": ["key"], "brute_force": {"max_attempts": 3, "lockout_s": 1, "scope": "account"}}
    with server("openssh", tmp_path / "ssh", public) as daemon:
        dut = dut_of(daemon.port, facts={**facts, "endpoint": f"{daemon.port}/tcp"}, guess_budget=8)
        (entry,) = dut.profile.ixit.auth_mech
        log = dut.guess(entry)

    guesses = [one for one in log.attempts if one.phase == "guess"]
    assert len(guesses) == 8
    assert {one.attempt.outcome for one in guesses} == {"refused"}
    assert criteria.brute_force.guessing(entry, log).violations
