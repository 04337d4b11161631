"""Who gets into the shell of OpenSSH and dropbear, well and badly configured."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace

import pytest
from login_device import LoginDevice, profile_of

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import Dut
from pytest_etsi.dut.observe.access import shells
from pytest_etsi.dut.reach.auth import Attempt
from pytest_etsi.probes.ssh import SshAuth
from pytest_etsi.standard import edition
from tests import daemons

HOST = "127.0.0.1"
USERS = {"keeper": "Kaffeetasse-77-blau", "guest": "Regenschirm-12-rot"}


@pytest.fixture
def found(device: LoginDevice, tmp_path):
    """Makes the findings on a shell behind a login of SSH."""

    def observe(port, *, user="keeper", password=USERS["keeper"], **more):
        tables = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
        login = {
            "ID": "ssh",
            "access": {
                "driver": "ssh",
                "port": port,
                "username": user,
                "password": password,
                "second_account": {"username": "guest", "password": USERS["guest"]},
            },
        }
        entry = {"ID": "shell", "access": {"shells": [{"login": "ssh", **more}]}}
        profile = profile_of(tmp_path, device, ixit=tables | {"1-AuthMech": [login], "13-SoftServ": [entry]})
        entry = profile.ixit.table("13-SoftServ")[0]
        observed = Dut(profile).access(entry)
        return criteria.access.kept_out(entry, observed), criteria.access.let_in(entry, observed)

    return observe


@contextlib.contextmanager
def openssh(directory, **settings):
    with daemons.sshd(directory, users={**USERS, "empty": ""}, settings=settings) as server:
        yield server


@pytest.mark.parametrize("kind", ["openssh", "dropbear"])
def test_a_shell_that_lets_in_who_may_and_nobody_else(found, tmp_path, kind):
    make = openssh if kind == "openssh" else lambda place: daemons.dropbear(place, users=USERS)
    with make(tmp_path / "ssh") as server:
        kept_out, let_in = found(server.port)

    assert not kept_out, str(kept_out)
    assert not let_in, str(let_in)


def test_a_second_account_that_gets_in_and_should_not(found, tmp_path):
    with openssh(tmp_path / "good", AllowUsers="keeper") as server:
        kept_out, _ = found(server.port, not_by_second=True)
    with openssh(tmp_path / "bad") as server:
        let_in_too, _ = found(server.port, not_by_second=True)

    assert not kept_out, str(kept_out)
    assert "by the second account" in str(let_in_too.violations)


def test_an_account_without_a_password_is_open_to_everybody(found, tmp_path):
    with openssh(tmp_path / "bad", PermitEmptyPasswords="yes") as server:
        kept_out, _ = found(server.port, user="empty", password="")

    assert "login by ssh" in str(kept_out.violations)
    assert "without any credential" in str(kept_out.violations)


def test_who_should_be_let_in_and_is_not_is_told(found, tmp_path):
    with openssh(tmp_path / "bad", AllowUsers="somebody-else") as server:
        kept_out, let_in = found(server.port)

    assert not kept_out.violations
    assert let_in.violations


def test_a_server_that_is_not_there_leaves_it_open(found):
    kept_out, let_in = found(daemons.free_port())

    assert not kept_out.violations
    assert not let_in.violations
    assert kept_out.unknowns


@pytest.mark.parametrize(
    ("told", "kind", "words"),
    [
        ({"none_accepted": True}, "violation", "login by ssh without any credential is granted to nobody (accepted)"),
        ({"methods": ("publickey", "password")}, "", ""),
        ({"error": "it closed"}, "unknown", "login by ssh without any credential by nobody: it closed"),
        ({}, "unknown", "login by ssh without any credential by nobody: no answer"),
    ],
)  # fmt: skip
def test_what_a_server_says_to_who_has_no_credential(found, monkeypatch, told, kind, words):
    monkeypatch.setattr("pytest_etsi.probes.ssh.ssh_auth_methods", lambda *at: SshAuth(*at, **told))
    refused = Attempt("refused", "authentication failed", 0.0)
    session = SimpleNamespace(attempt=lambda *_: refused, close=lambda: None)
    monkeypatch.setattr(Dut, "driver", lambda *_: SimpleNamespace(connect=lambda: session))
    kept_out, _ = found(22)

    assert [one.kind for one in kept_out] == ([kind] if kind else [])
    assert words in str(kept_out)


def test_what_a_server_asks_who_has_no_credential_is_on_record(monkeypatch):
    monkeypatch.setattr(
        "pytest_etsi.probes.ssh.ssh_auth_methods", lambda *at: SshAuth(*at, methods=("publickey", "password"))
    )
    mechanism = SimpleNamespace(id="ssh", access=SimpleNamespace(username=None))
    dut = SimpleNamespace(network=SimpleNamespace(login_of=lambda _: (HOST, 22)))
    seen = shells._without_credential(dut, mechanism)

    assert (seen.granted, seen.answered, seen.status) == (False, True, "asks for publickey, password")
