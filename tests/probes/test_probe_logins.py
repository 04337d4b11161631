"""One attempt to log in by Telnet and by MQTT, against real daemons."""

from __future__ import annotations

from pytest_etsi.probes import telnet
from pytest_etsi.probes._net import lenient_context
from pytest_etsi.probes.mqtt import connection as mqtt
from tests import daemons

from hostile_servers import serve  # isort: skip

HOST = "127.0.0.1"
USERS = {"camera": "Correct-Horse-7"}


def test_telnet_rejects_a_wrong_password_and_accepts_the_right_one_on_the_same_connection(tmp_path):
    with daemons.telnetd(tmp_path, users=USERS) as server, telnet.TelnetLogin(HOST, server.port) as login:
        wrong = login.attempt("camera", "wrong")
        right = login.attempt("camera", USERS["camera"])

    assert wrong.outcome == "rejected"
    assert wrong.duration_s > 2, "this login waits three seconds"
    assert (right.outcome, right.new_connection) == ("accepted", False), right.detail
    assert USERS["camera"] not in str(right.to_json())


def test_telnet_of_a_password_alone_needs_no_user_name():
    def login(connection):
        connection.sendall(b"Password: ")
        if connection.recv(100).strip() == b"1234":
            connection.sendall(b"\r\nCAM> ")
            connection.recv(100)
            connection.sendall(b"\r\nCAM> ")
            connection.recv(100)

    with serve(login) as port:
        assert telnet.attempt(HOST, port, None, "1234").accepted
        assert telnet.attempt(HOST, port, None, "1235", timeout_s=2).outcome == "closed"


def test_telnet_commands_that_the_network_cut_in_two_do_not_end_up_in_the_text():
    def login(connection):
        lines = connection.makefile("rb")
        connection.sendall(b"\xff\xfb\x01\xff")
        lines.read(3)
        connection.sendall(b"\xfd\x18login: ")
        lines.readline()
        connection.sendall(b"Password: ")
        lines.readline()
        connection.sendall(b"\r\nLogin incorrect\r\nlogin: ")
        connection.recv(100)

    with serve(login) as port:
        seen = telnet.attempt(HOST, port, "camera", "x", timeout_s=3)

    assert seen.outcome == "rejected"
    assert "incorrect" in seen.detail


def test_telnet_to_a_closed_port_is_refused():
    assert telnet.attempt(HOST, daemons.free_port(), "a", "b").outcome == "refused"


def test_mqtt_rejects_a_wrong_password_and_accepts_the_right_one(tmp_path):
    with daemons.mosquitto(tmp_path, users=USERS) as server:
        right = mqtt.attempt(HOST, server.port, "camera", USERS["camera"])
        wrong = mqtt.attempt(HOST, server.port, "camera", "wrong")
        nobody = mqtt.attempt(HOST, server.port, None, None)

    assert (right.outcome, right.code) == ("accepted", 0)
    assert (wrong.outcome, wrong.code) == ("rejected", 5)
    assert nobody.outcome == "rejected"


def test_mqtt_over_tls_logs_in(tmp_path):
    with daemons.mosquitto(tmp_path, users=USERS, tls=True) as server:
        seen = mqtt.attempt(HOST, server.port, "camera", USERS["camera"], context=lenient_context())

    assert seen.accepted


def test_mqtt_to_a_web_server_is_no_answer_to_the_credentials(tmp_path):
    with daemons.nginx(tmp_path) as server:
        seen = mqtt.attempt(HOST, server.port, "a", "b", timeout_s=2)

    assert not seen.processed
    assert seen.outcome in {"garbage", "closed"}
