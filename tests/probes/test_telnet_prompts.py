"""Telnet logins: a prompt in whatever language, and a command prompt that is one."""

from __future__ import annotations

import pytest
from hostile_servers import serve

from pytest_etsi.probes import telnet
from pytest_etsi.probes.services import identify

HOST = "127.0.0.1"


def device(name, secret, refusal=b"\r\nno\r\n", *, prompt=b"\r\nCAM> ", again=True, charset_echo=b""):
    """Asks with these words, shows `prompt` to the right password "right", and `refusal` to others."""

    def login(connection):
        lines = connection.makefile("rb")
        connection.sendall(charset_echo + name)
        lines.readline()
        connection.sendall(secret)
        if lines.readline().strip() == b"right":
            connection.sendall(prompt)
            while lines.readline():
                connection.sendall(prompt)
        else:
            connection.sendall(refusal)
            if again:
                connection.sendall(name)
                lines.readline()

    return login


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("usuario: ", "contraseña: "),
        ("Identifiant : ", "Mot de passe : "),
        ("用户名\uff1a", "密码\uff1a"),
        ("Имя пользователя: ", "Пароль: "),
        ("Gebruikersnaam: ", "Wachtwoord: "),
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_a_prompt_in_another_language_is_a_login(name, secret, charset):
    with serve(device(name.encode(charset), b"\r\n" + secret.encode(charset))) as port:
        assert telnet.attempt(HOST, port, "root", "right").outcome == "accepted"
        assert telnet.attempt(HOST, port, "root", "wrong").outcome == "rejected"


@pytest.mark.parametrize(("name", "secret"), [("contraseña", "contraseña: "), ("Пароль", "Пароль: ")])
def test_a_prompt_in_a_character_set_of_one_byte_is_read(name, secret):
    charset = "latin-1" if "ñ" in secret else "koi8-r"
    with serve(device(b"login: ", secret.encode(charset))) as port:
        assert telnet.attempt(HOST, port, "root", "right").outcome == "accepted"


def test_a_question_in_a_language_that_is_not_known_is_answered_once_nothing_more_comes():
    with serve(device(b"Atpazinimas: ", b"\r\nSlaptas: ")) as port:
        assert telnet.attempt(HOST, port, "root", "right", timeout_s=20).outcome == "accepted"
        assert telnet.attempt(HOST, port, "root", "wrong", timeout_s=20).outcome == "rejected"


@pytest.mark.parametrize("refusal", [b"\r\naccess is not granted >", b"\r\nERROR 100%", b"\r\nnot for you #"])
@pytest.mark.parametrize("again", [False, True])
def test_a_refusal_that_ends_like_a_command_prompt_is_none(refusal, again):
    with serve(device(b"login: ", b"Password: ", refusal, again=again)) as port:
        assert telnet.attempt(HOST, port, "root", "wrong").outcome == "rejected"
        assert telnet.attempt(HOST, port, "root", "right").outcome == "accepted"


def refusing(words, waits_for):
    """Answers any password by these words, and hangs up after so many lines."""

    def login(connection):
        lines = connection.makefile("rb")
        connection.sendall(b"login: ")
        lines.readline()
        connection.sendall(b"Password: ")
        lines.readline()
        connection.sendall(words)
        for _ in range(waits_for):
            lines.readline()

    return login


def test_a_refusal_that_looks_like_a_prompt_and_then_says_nothing_is_not_taken_for_an_entrance():
    with serve(refusing(b"\r\naccess is not granted >", 2)) as port:
        assert telnet.attempt(HOST, port, "root", "wrong", timeout_s=6).outcome == "garbage"


@pytest.mark.parametrize("prompt", [b"401>", b"no>", b"E12#"])
def test_a_word_that_looks_like_a_prompt_before_it_closes_lets_nobody_in(prompt):
    with serve(refusing(b"\r\n" + prompt, 1)) as port:
        assert telnet.attempt(HOST, port, "root", "wrong").outcome == "closed"


@pytest.mark.parametrize("name", ["usuario: ", "用户名\uff1a", "Atpazinimas: "])
def test_the_search_for_services_takes_it_for_a_login(name):
    with serve(device(name.encode(), b"x: ", charset_echo=b"\xff\xfb\x01")) as port:
        found = identify(HOST, port)

    assert [one.kind for one in found.challenges] == ["login-prompt"]
