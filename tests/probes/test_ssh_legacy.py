"""Logins to servers that are too old for paramiko go as those to servers of today."""

from __future__ import annotations

import base64
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import paramiko
import pytest
from asyncssh import kex_dh

from pytest_etsi.probes.ssh import LEGACY_EXTRA, SshLogin, attempt, enumerate_ssh, ssh_auth_methods
from tests import daemons
from tests.probes import old_ssh

HOST = "127.0.0.1"
USERS = {"camera": "Correct-Horse-7"}
RIGHT = USERS["camera"]
# paramiko 5 knows neither this key exchange nor ssh-rsa.
OLD = {
    "KexAlgorithms": "diffie-hellman-group1-sha1",
    "HostKeyAlgorithms": "ssh-rsa",
    "Ciphers": "3des-cbc",
    "MACs": "hmac-md5",
    "RequiredRSASize": "1024",
}
OLD_KEYS = ("rsa:1024",)
OAKLEY_1 = (
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd"
    "ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a63a3620ffffffffffffffff"
)
TOO_OLD = {"kex_algs": ["diffie-hellman-group1-sha1"], "signature_algs": ["ssh-rsa"]}
TODAY = {"kex_algs": ["curve25519-sha256"], "signature_algs": ["rsa-sha2-256"]}
AGES = pytest.mark.parametrize("age", ["today", "old"])
PARAMIKO_IS_OLD = "diffie-hellman-group1-sha1" in getattr(paramiko.Transport, "_kex_info", {})


def sshd(tmp_path, age, settings=None):
    more = {} if age == "today" else OLD
    keys = OLD_KEYS if age == "old" else ("ed25519",)
    return daemons.sshd(tmp_path, users=USERS, settings={**(settings or {}), **more}, key_types=keys)


@pytest.mark.skipif(PARAMIKO_IS_OLD, reason="this paramiko speaks old algorithms itself")
@pytest.mark.parametrize(
    "settings",
    [
        OLD,
        {"KexAlgorithms": "diffie-hellman-group14-sha1"},
        {"KexAlgorithms": "diffie-hellman-group-exchange-sha1"},
        {"HostKeyAlgorithms": "ssh-rsa"},
        {"Ciphers": "chacha20-poly1305@openssh.com"},
        {"Ciphers": "aes128-ctr", "MACs": "umac-64@openssh.com"},
    ],
    ids=lambda settings: " ".join(settings.values())[:60],
)
def test_what_paramiko_refuses_is_spoken_with_all_the_same(tmp_path, settings):
    with daemons.sshd(tmp_path, users=USERS, settings=settings, key_types=("rsa:2048",)) as server:
        connection = paramiko.Transport((HOST, server.port))
        with pytest.raises(paramiko.SSHException):
            connection.start_client(timeout=5)
        connection.close()
        seen = ssh_auth_methods(HOST, server.port, "camera")
        right = attempt(HOST, server.port, "camera", RIGHT)
        wrong = attempt(HOST, server.port, "camera", "wrong")

    assert set(seen.methods) == {"publickey", "password"}
    assert (right.outcome, wrong.outcome) == ("accepted", "rejected")


@pytest.mark.parametrize("bits", [768, 1024])
@pytest.mark.parametrize("method", ["sha1", "sha256"])
def test_a_server_with_small_groups_is_logged_in_to(monkeypatch, method, bits):
    """768 bits are Oakley's group 1 (RFC 2409, 6.1), which paramiko refuses after it has agreed on the method."""
    prime = int(OAKLEY_1, 16) if bits == 768 else kex_dh._group1_p
    monkeypatch.setattr(kex_dh, "_dh_gex_groups", ((bits, 2, prime),))
    with old_ssh.serving(kex_algs=[f"diffie-hellman-group-exchange-{method}"]) as port:
        right = attempt(HOST, port, "camera", old_ssh.PASSWORD)
        wrong = attempt(HOST, port, "camera", "wrong")
        seen = enumerate_ssh(HOST, port)

    assert (right.outcome, wrong.outcome) == ("accepted", "rejected")
    assert seen.dh_bits == {f"diffie-hellman-group-exchange-{method}": bits}


@AGES
def test_the_methods_and_the_host_key_are_told(tmp_path, age):
    with sshd(tmp_path, age, {"Banner": str(tmp_path / "banner")}) as server:
        (tmp_path / "banner").write_text("Property of\x1b[31m Example\n")
        seen = ssh_auth_methods(HOST, server.port, "camera")
        kind = "rsa" if age == "old" else "ed25519"
        public = subprocess.run(
            ["ssh-keygen", "-l", "-E", "sha256", "-f", tmp_path / f"host-{kind}.pub"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert (seen.negotiated, seen.known, seen.error) == (True, True, "")
    assert set(seen.methods) == {"publickey", "password"}
    assert seen.host_key == f"ssh-{kind}"
    assert base64.b64encode(bytes.fromhex(seen.fingerprint)).decode().rstrip("=") in public
    assert "Property of" in seen.banner
    assert "\x1b" not in seen.banner


@AGES
def test_a_right_password_is_accepted_and_a_wrong_one_rejected(tmp_path, age):
    with sshd(tmp_path, age) as server:
        right = attempt(HOST, server.port, "camera", RIGHT)
        wrong = attempt(HOST, server.port, "camera", "wrong")
        nobody = attempt(HOST, server.port, "nobody-there", RIGHT)

    assert (right.outcome, wrong.outcome, nobody.outcome) == ("accepted", "rejected", "rejected")
    assert wrong.detail == nobody.detail == "authentication failed"
    assert RIGHT not in str(right.to_json())


@AGES
def test_attempts_share_a_connection_until_the_server_ends_it(tmp_path, age):
    with (
        sshd(tmp_path, age, {"MaxAuthTries": "3"}) as server,
        SshLogin(HOST, server.port) as login,
    ):
        wrong = [login.attempt("camera", f"wrong-{number}") for number in range(4)]
        right = login.attempt("camera", RIGHT)

    assert [one.outcome for one in wrong] == ["rejected"] * 4
    assert [one.new_connection for one in wrong] == [True, False, False, True]
    assert wrong[2].detail == "authentication failed, and the server closed the connection"
    assert right.accepted


@AGES
def test_another_user_can_be_tried(tmp_path, age):
    with sshd(tmp_path, age) as server, SshLogin(HOST, server.port) as login:
        outcomes = [login.attempt(*one).outcome for one in (("root", "x"), ("camera", RIGHT), ("root", "x"))]

    assert outcomes == ["rejected", "accepted", "rejected"]


@AGES
def test_a_server_that_takes_no_passwords_is_unsupported(tmp_path, age):
    with sshd(tmp_path, age, {"PasswordAuthentication": "no"}) as server:
        seen = attempt(HOST, server.port, "camera", RIGHT)

    assert (seen.outcome, seen.detail) == ("unsupported", "no password login; offered: publickey")


@AGES
def test_a_password_that_does_not_suffice_is_no_login(tmp_path, age):
    with sshd(tmp_path, age, {"AuthenticationMethods": "password,publickey"}) as server:
        right = attempt(HOST, server.port, "camera", RIGHT)
        wrong = attempt(HOST, server.port, "camera", "wrong")

    assert (right.outcome, right.detail) == ("rejected", "also needs publickey")
    assert (wrong.outcome, wrong.detail) == ("rejected", "authentication failed")


@AGES
def test_keyboard_interactive_that_asks_for_the_password_is_a_password_login(age):
    with old_ssh.serving(old_ssh.Questions, **(TOO_OLD if age == "old" else TODAY)) as port:
        right = attempt(HOST, port, "camera", old_ssh.PASSWORD)
        with SshLogin(HOST, port) as login:
            wrong = [login.attempt("camera", f"wrong-{number}") for number in range(2)]
        several = attempt(HOST, port, "2", old_ssh.PASSWORD)

    assert right.outcome == "accepted", right.detail
    assert [one.outcome for one in wrong] == ["rejected"] * 2
    assert several.outcome == "closed"


@AGES
def test_a_password_that_has_to_be_changed_is_neither_accepted_nor_rejected(age):
    with old_ssh.serving(old_ssh.ChangeIt, **(TOO_OLD if age == "old" else TODAY)) as port:
        seen = attempt(HOST, port, "camera", old_ssh.PASSWORD)

    assert seen.outcome == "closed"


@AGES
def test_a_user_without_any_credential_is_told(age):
    with old_ssh.serving(**(TOO_OLD if age == "old" else TODAY)) as port:
        seen = ssh_auth_methods(HOST, port, "everybody")
        other = ssh_auth_methods(HOST, port, "camera")
        logged_in = attempt(HOST, port, "everybody", "x")

    assert (seen.none_accepted, other.none_accepted) == (True, False)
    assert other.methods == ("password",)
    assert logged_in.outcome == "accepted"


def _descendants(process):
    found = [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return found + [each for one in found for each in _descendants(one)]


@AGES
def test_a_server_that_no_longer_answers_is_a_timeout(tmp_path, age):
    with sshd(tmp_path, age) as server, SshLogin(HOST, server.port, timeout_s=60) as login:
        first = login.attempt("camera", "wrong")
        family = _descendants(server.process.pid)
        for child in family:
            os.kill(child, signal.SIGSTOP)
        login.timeout_s = 1
        try:
            second = login.attempt("camera", "wrong")
        finally:
            for child in family:
                os.kill(child, signal.SIGCONT)

    assert (first.outcome, second.outcome) == ("rejected", "timeout")


@pytest.mark.skipif(PARAMIKO_IS_OLD, reason="this paramiko speaks old algorithms itself")
def test_without_the_extra_the_message_names_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "asyncssh", None)
    monkeypatch.delitem(sys.modules, "pytest_etsi.probes.ssh._asyncssh", raising=False)
    with sshd(tmp_path, "old") as server:
        auth = ssh_auth_methods(HOST, server.port, "camera")
        login = attempt(HOST, server.port, "camera", RIGHT)

    assert (auth.needs, login.needs) == (LEGACY_EXTRA, LEGACY_EXTRA)
    assert (auth.known, login.outcome) == (False, "unsupported")
    assert f"pip install '{LEGACY_EXTRA}'" in login.detail
    assert "cannot negotiate" in auth.error


def test_a_server_that_nobody_can_speak_with_is_unsupported_and_needs_nothing(tmp_path):
    other = {
        "KexAlgorithms": "sntrup761x25519-sha512@openssh.com"
    }  # paramiko has it not, nor asyncssh without liboqs
    with sshd(tmp_path, "today", other) as server:
        auth = ssh_auth_methods(HOST, server.port, "camera")
        seen = attempt(HOST, server.port, "camera", RIGHT)

    assert (auth.known, auth.needs) == (False, "")
    assert (seen.outcome, seen.needs) == ("unsupported", "")
    assert "cannot negotiate" in seen.detail


def test_what_the_device_sends_reaches_no_log(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    for age in ("today", "old"):
        with sshd(tmp_path / age, age) as server:
            attempt(HOST, server.port, "camera", "wrong")

    assert not [record for record in caplog.records if "ssh" in record.name]
