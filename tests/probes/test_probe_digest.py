"""Digest authentication: challenges in whatever order, every algorithm and quality of protection (RFC 7616)."""

from __future__ import annotations

import hashlib
import re
import time

import httpx
import pytest

from pytest_etsi.probes.http.digest import DigestAuth, digest_challenges

from work import FAR_TOO_LONG_S  # isort: skip

URL = "http://192.0.2.7/dir/index.html"
ALGORITHMS = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}


def challenged(*headers):
    return httpx.Response(401, headers=[("WWW-Authenticate", header) for header in headers])


class Device:
    """Asks with some challenges, and takes the right answer to any that it gave."""

    def __init__(self, *challenges, stale=0):
        self.challenges, self.stale = challenges, stale
        self.answers = []

    def __call__(self, request):
        sent = request.headers.get("Authorization", "")
        if not sent:
            return challenged(*self.challenges)
        given = {name: value.strip('"') for name, value in re.findall(r'(\w+)=("[^"]*"|[^,\s]+)', sent)}
        self.answers.append(given)
        if len(self.answers) <= self.stale:
            return challenged(f"{self.challenges[-1]}, stale=true")
        return httpx.Response(200 if given["response"] == self._right(request, given) else 401)

    @staticmethod
    def _right(request, given):
        name = given.get("algorithm", "MD5").upper()

        def hashed(content):
            return hashlib.new(ALGORITHMS[name.removesuffix("-SESS")], content).hexdigest()

        first = hashed(f"owner:{given['realm']}:right".encode())
        if name.endswith("-SESS"):
            first = hashed(f"{first}:{given['nonce']}:{given['cnonce']}".encode())
        second = f"{request.method}:{given['uri']}"
        if given.get("qop") == "auth-int":
            second += ":" + hashed(request.content)
        middle = [given["nonce"]]
        if "qop" in given:
            middle += [given["nc"], given["cnonce"], given["qop"]]
        return hashed(":".join([first, *middle, hashed(second.encode())]).encode())


def status(device, password, method="GET", **sent):
    with httpx.Client(transport=httpx.MockTransport(device), auth=DigestAuth("owner", password)) as client:
        return client.request(method, URL, **sent).status_code


FORMS = [
    ('Digest realm="r", nonce="n"',),
    ('Digest realm="r", nonce="n", qop="auth"',),
    ('Digest realm="r", nonce="n", qop="auth-int"',),
    ('Digest realm="r", nonce="n", qop="auth-int,auth", algorithm=SHA-256',),
    ('Digest realm="r", nonce="n", qop="auth", algorithm=SHA-512-256, opaque="o"',),
    ('Digest realm="r", nonce="n", qop="auth", algorithm=MD5-sess',),
    ('Digest realm="r", nonce="n", qop="auth-int", algorithm=SHA-512-256-sess',),
    ('Digest realm="r", nonce="n", qop="AUTH", algorithm="sha-256", userhash=true',),
    ('digest REALM = "r" , NONCE="n",qop=auth,algorithm="md5"',),
    (
        'Digest realm="r", nonce="n", algorithm=SHA3-256',
        'Digest realm="r", nonce="m", qop="auth", algorithm=MD5',
    ),
    (
        'Digest realm="r", nonce="n", algorithm=X, Digest realm="r", nonce="m", algorithm=MD5, Basic realm="r"',
    ),
    ('Basic realm="a, b", Digest realm="r, \\"s\\"", nonce="n"',),
    ('Negotiate, Digest realm="r", nonce="n", qop="token"', 'Digest realm="r", nonce="n"'),
]


@pytest.mark.parametrize("challenges", FORMS, ids=range(len(FORMS)))
def test_the_right_password_is_taken_and_a_wrong_one_is_not(challenges):
    if '\\"' in challenges[0]:
        assert digest_challenges(challenged(*challenges))[0].parameters["realm"] == 'r, "s"'
        return

    assert status(Device(*challenges), "right") == 200
    assert status(Device(*challenges), "wrong") == 401


@pytest.mark.parametrize(
    ("charset", "shown"),
    [("", 'username="Jäsøn Doe"'), (", charset=UTF-8", "username*=UTF-8''J%C3%A4s%C3%B8n%20Doe")],
)
def test_a_name_in_other_letters_is_sent(charset, shown):
    sent = []

    def device(request):
        sent.append(request.headers.get("Authorization", ""))
        return challenged(f'Digest realm="r", nonce="n", algorithm=SHA-256{charset}')

    with httpx.Client(transport=httpx.MockTransport(device), auth=DigestAuth("Jäsøn Doe", "Ö")) as client:
        client.get(URL)

    first, second = (
        hashlib.sha256(text.encode()).hexdigest() for text in ("Jäsøn Doe:r:Ö", "GET:/dir/index.html")
    )
    assert sent[1].startswith(f"Digest {shown}, ")
    assert f'response="{hashlib.sha256(f"{first}:n:{second}".encode()).hexdigest()}"' in sent[1]


def test_the_body_is_part_of_an_answer_that_protects_it():
    device = Device('Digest realm="r", nonce="n", qop="auth-int"')

    assert status(device, "right", "POST", content=b"a body") == 200


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_answer_is_that_of_the_example_of_the_standard(algorithm, response):
    """RFC 7616, 3.9.1."""
    sent = []

    def device(request):
        sent.append(request.headers.get("Authorization", ""))
        return challenged(
            f'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, '
            'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
        )

    nonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    auth = DigestAuth("Mufasa", "Circle of Life", client_nonce=nonce)
    with httpx.Client(transport=httpx.MockTransport(device), auth=auth) as client:
        client.get("http://www.example.org/dir/index.html")

    assert f'response="{response}"' in sent[1]


def test_a_nonce_that_has_gone_stale_is_answered_once_more_and_then_not():
    assert status(Device('Digest realm="r", nonce="n"', stale=1), "right") == 200
    device = Device('Digest realm="r", nonce="n"', stale=9)

    assert status(device, "right") == 401
    assert len(device.answers) == 2


@pytest.mark.parametrize(
    "challenge",
    ['Digest realm="r"', 'Digest realm="r", nonce="n", algorithm=X', 'Digest realm="r", nonce="n", qop="x"'],
)
def test_a_challenge_that_cannot_be_answered_is_said(challenge):
    with pytest.raises(httpx.RemoteProtocolError, match="cannot be answered"):
        status(Device(challenge), "right")


def test_without_a_challenge_for_digest_the_refusal_stands():
    assert status(Device('Basic realm="r"'), "right") == 401


@pytest.mark.parametrize(
    "header",
    [
        "a" * 100_000,
        "a=" * 50_000,
        '"' * 100_000,
        "\\" * 100_000,
        " ," * 50_000,
        'Digest x="' + "\\" * 100_000,
    ],
    ids=["letters", "names", "quotes", "backslashes", "commas", "an endless value"],
)
def test_a_header_of_any_length_is_read_within_no_time(header):
    began = time.monotonic()
    digest_challenges(challenged(header))

    assert time.monotonic() - began < FAR_TOO_LONG_S
