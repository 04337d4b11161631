"""SSH servers that serve only clients whose name they know."""

from __future__ import annotations

import contextlib
import socket
import threading

import pytest

from pytest_etsi.probes.services import identify
from pytest_etsi.probes.ssh import attempt, enumerate_ssh, ssh_auth_methods
from pytest_etsi.probes.ssh._wire import USUAL_CLIENT
from tests import daemons
from tests.probes.scripted_ssh import GEX_256, group_server

HOST = "127.0.0.1"
USERS = {"keeper": "Kaffeetasse-77-blau"}


class Doorman:
    """Stands before an SSH server and hands on only the connections of clients of a usual name."""

    def __init__(self, port, away):
        self._port, self._away = port, away
        self.turned_away = 0

    def __enter__(self):
        self._listener = socket.create_server((HOST, 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _serve(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._look_at, args=(client,), daemon=True).start()

    def _look_at(self, client):
        with client, socket.create_connection((HOST, self._port)) as behind, contextlib.suppress(OSError):
            line = b""
            while not line.endswith(b"\n"):
                line += behind.recv(1)
            client.sendall(line)
            name = b""
            while not name.endswith(b"\n"):
                if not (byte := client.recv(1)):
                    return
                name += byte
            if not name.startswith(b"SSH-2.0-OpenSSH"):
                self.turned_away += 1
                self._away(client)
                return
            behind.sendall(name)
            back = threading.Thread(target=_copy, args=(behind, client), daemon=True)
            back.start()
            _copy(client, behind)
            back.join(10)


def _copy(source, sink):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def _reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


WAYS = {
    "closes": lambda client: client.shutdown(socket.SHUT_RDWR),
    "resets": _reset,
    "says why": lambda client: client.sendall(b"Protocol mismatch.\r\n"),
}


@pytest.fixture
def sshd(tmp_path):
    with daemons.sshd(tmp_path, users=USERS) as server:
        yield server


@pytest.mark.parametrize("way", WAYS)
def test_all_is_seen_under_a_usual_name_and_the_observation_says_so(sshd, way):
    plainly = enumerate_ssh(HOST, sshd.port)
    with Doorman(sshd.port, WAYS[way]) as doorman:
        seen = enumerate_ssh(HOST, doorman.port)

    assert doorman.turned_away
    assert (seen.complete, seen.client) == (True, USUAL_CLIENT)
    assert (seen.kex, seen.host_keys, seen.shown_key_sha256) == (
        plainly.kex,
        plainly.host_keys,
        plainly.shown_key_sha256,
    )
    assert seen.gaps == plainly.gaps
    assert any(USUAL_CLIENT in note for note in seen.notes)


def test_a_server_that_keeps_silent_towards_other_names_is_enumerated(sshd):
    with Doorman(sshd.port, lambda client: client.recv(1 << 20) and client.recv(1)) as doorman:
        seen = enumerate_ssh(HOST, doorman.port, timeout_s=3)

    assert (seen.complete, seen.client) == (True, USUAL_CLIENT)


def test_a_server_that_gives_its_lists_to_anybody_and_no_more_is_asked_under_a_usual_name():
    server = group_server([2048], "smallest", 0)
    serves = server._further

    def choosy(connection):
        if connection.recv(64, socket.MSG_PEEK).startswith(b"SSH-2.0-OpenSSH"):
            serves(connection)

    server._further = choosy
    with server as port:
        seen = enumerate_ssh(HOST, port)

    assert (seen.client, seen.dh_bits) == (USUAL_CLIENT, {GEX_256: 2048})


def test_a_server_that_takes_any_name_is_asked_under_one(sshd):
    seen = enumerate_ssh(HOST, sshd.port)

    assert seen.client == ""
    assert not seen.notes


def test_a_server_that_turns_everybody_away_is_not_enumerated():
    def away(listener):
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                with client:
                    client.sendall(b"SSH-2.0-nobody\r\n")
                    client.recv(64)

    with socket.create_server((HOST, 0)) as listener:
        thread = threading.Thread(target=away, args=(listener,), daemon=True)
        thread.start()
        seen = enumerate_ssh(HOST, listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)

    assert (seen.complete, seen.client, seen.connections) == (False, "", 2)
    assert "before the algorithm lists" in seen.error


@pytest.mark.parametrize("way", WAYS)
def test_a_login_is_tried_under_a_usual_name_and_says_so(sshd, way):
    with Doorman(sshd.port, WAYS[way]) as doorman:
        right = attempt(HOST, doorman.port, "keeper", USERS["keeper"])
        wrong = attempt(HOST, doorman.port, "keeper", "Regenschirm-12-rot")
        methods = ssh_auth_methods(HOST, doorman.port, "keeper")

    assert (right.outcome, wrong.outcome) == ("accepted", "rejected")
    assert USUAL_CLIENT in right.detail
    assert (methods.client, methods.methods) == (USUAL_CLIENT, ("publickey", "password"))


def test_such_a_service_is_recognised_with_its_logins(sshd):
    with Doorman(sshd.port, WAYS["closes"]) as doorman:
        found = identify(HOST, doorman.port)

    assert found.complete
    assert {one.kind for one in found.challenges} == {"ssh-publickey", "ssh-password"}
    assert USUAL_CLIENT in found.note
