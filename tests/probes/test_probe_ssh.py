"""SSH lists, methods and logins against OpenSSH and Dropbear."""

from __future__ import annotations

import pytest

from pytest_etsi.probes.ssh import SshLogin, attempt, enumerate_ssh, ssh_auth_methods
from tests import daemons

HOST = "127.0.0.1"
USERS = {"camera": "Correct-Horse-7"}


def test_the_lists_are_those_that_sshd_config_sets(tmp_path):
    settings = {
        "KexAlgorithms": "curve25519-sha256,diffie-hellman-group14-sha1",
        "Ciphers": "aes256-ctr,aes128-cbc",
        "MACs": "hmac-sha2-512,hmac-md5",
        "HostKeyAlgorithms": "rsa-sha2-512,ssh-rsa",
        "Compression": "no",
    }
    with daemons.sshd(tmp_path, settings=settings, key_types=("rsa:2048",)) as server:
        seen = enumerate_ssh(HOST, server.port)

    assert seen.complete
    assert seen.banner.startswith("SSH-2.0-OpenSSH")
    assert [name for name in seen.kex if not name.startswith("kex-strict")] == settings[
        "KexAlgorithms"
    ].split(",")
    assert list(seen.ciphers_c2s) == list(seen.ciphers_s2c) == settings["Ciphers"].split(",")
    assert list(seen.macs) == settings["MACs"].split(",")
    assert list(seen.host_keys) == settings["HostKeyAlgorithms"].split(",")
    assert seen.compression == ("none",)


def test_dropbear_is_read_as_well(tmp_path):
    with daemons.dropbear(tmp_path) as server:
        seen = enumerate_ssh(HOST, server.port)

    assert seen.banner.startswith("SSH-2.0-dropbear")
    assert "ssh-ed25519" in seen.host_keys
    assert "aes128-ctr" in seen.ciphers


@pytest.mark.parametrize(
    ("password", "expected"), [("yes", {"publickey", "password"}), ("no", {"publickey"})]
)
def test_the_methods_are_those_that_the_server_offers(tmp_path, password, expected):
    with daemons.sshd(tmp_path, settings={"PasswordAuthentication": password}) as server:
        seen = ssh_auth_methods(HOST, server.port, "root")

    assert set(seen.methods) == expected
    assert seen.negotiated
    assert seen.host_key == "ssh-ed25519"
    assert not seen.none_accepted


@pytest.mark.parametrize("daemon", ["sshd", "dropbear"])
def test_the_right_password_logs_in_and_a_wrong_one_does_not(tmp_path, daemon):
    with getattr(daemons, daemon)(tmp_path, users=USERS) as server:
        right = attempt(HOST, server.port, "camera", USERS["camera"])
        wrong = attempt(HOST, server.port, "camera", "wrong")

    assert (right.outcome, wrong.outcome) == ("accepted", "rejected")
    assert USERS["camera"] not in str(right.to_json())


def test_several_attempts_share_a_connection_until_the_server_ends_it(tmp_path):
    with (
        daemons.sshd(tmp_path, users=USERS, settings={"MaxAuthTries": "3"}) as server,
        SshLogin(HOST, server.port) as login,
    ):
        attempts = [login.attempt("camera", f"wrong-{number}") for number in range(4)]
        right = login.attempt("camera", USERS["camera"])

    assert [each.outcome for each in attempts] == ["rejected"] * 4
    assert [each.new_connection for each in attempts] == [True, False, False, True]
    assert right.accepted


def test_a_server_that_takes_no_passwords_is_unsupported_not_rejected(tmp_path):
    with daemons.sshd(tmp_path, settings={"PasswordAuthentication": "no"}) as server:
        seen = attempt(HOST, server.port, "root", "x")

    assert seen.outcome == "unsupported"
    assert "publickey" in seen.detail


def test_a_web_server_is_not_ssh(tmp_path):
    with daemons.nginx(tmp_path) as server:
        lists = enumerate_ssh(HOST, server.port, timeout_s=2)
        auth = ssh_auth_methods(HOST, server.port, timeout_s=1)

    assert not lists.complete
    assert lists.error.startswith("not SSH: HTTP/1.1 400")
    assert not auth.known
    assert auth.error


def test_a_closed_port_is_refused():
    port = daemons.free_port()

    assert enumerate_ssh(HOST, port).error == "connection refused"
    assert ssh_auth_methods(HOST, port).error == "connection refused"
    assert attempt(HOST, port, "root", "x").outcome == "refused"
