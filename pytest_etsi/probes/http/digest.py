"""Digest authentication over HTTP (RFC 7616), with several challenges and every algorithm and quality of protection."""

from __future__ import annotations

import hashlib
import os
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import httpx

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["DigestAuth", "DigestChallenge", "digest_answer", "digest_challenge", "digest_challenges"]

_ALGORITHMS = {
    "MD5": "md5",
    "SHA-256": "sha256",
    "SHA-512-256": "sha512_256",
    "SHA": "sha1",
    "SHA-512": "sha512",
}
_LONGEST_HEADER = 16 * 1024
_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}"
_SCHEME = re.compile(rf"({_WORD})(?=[ \t]|$|,)")
_PARAMETER = re.compile(rf'({_WORD})[ \t]{{0,8}}=[ \t]{{0,8}}(?:"((?:[^"\\]|\\.)*)"|({_WORD}))')
_BETWEEN = re.compile(r"[ \t,]*")


class DigestChallenge(NamedTuple):
    """One challenge.

    Attributes:
        parameters: by their names in lower case.
        algorithm: as the device writes it; MD5 where it says nothing.
        qop: "auth", "auth-int", or empty for the older form (RFC 2069); None: none that is known.
    """

    parameters: dict[str, str]
    algorithm: str
    qop: str | None

    @property
    def usable(self) -> bool:
        """Whether an answer can be computed."""
        base = self.algorithm.upper().removesuffix("-SESS")
        return base in _ALGORITHMS and self.qop is not None and "nonce" in self.parameters


def digest_challenges(response: httpx.Response) -> tuple[DigestChallenge, ...]:
    """The challenges of an answer that are for Digest, in its order; read in time linear in their length."""
    found = []
    for header in response.headers.get_list("www-authenticate"):
        for scheme, parameters in _challenges(header[:_LONGEST_HEADER]):
            if scheme.lower() == "digest":
                found.append(digest_challenge(parameters))
    return tuple(found)


def digest_challenge(parameters: dict[str, str]) -> DigestChallenge:
    """The challenge that has these parameters, by their names in lower case."""
    offered = parameters.get("qop")
    kinds = [] if offered is None else [one.strip().lower() for one in offered.split(",")]
    known = [one for one in ("auth", "auth-int") if one in kinds]
    qop = "" if offered is None or not offered.strip() else known[0] if known else None
    return DigestChallenge(parameters, parameters.get("algorithm", "MD5"), qop)


def _challenges(header: str) -> Generator[tuple[str, dict[str, str]]]:
    """Schemes and their parameters (RFC 9110, 11.6.1); what is neither is skipped up to the next comma."""
    place, scheme, parameters = 0, "", dict[str, str]()
    while place < len(header):
        between = _BETWEEN.match(header, place)
        place = between.end() if between else place
        parameter = _PARAMETER.match(header, place)
        if parameter is not None:
            value = parameter[3] if parameter[2] is None else re.sub(r"\\(.)", r"\1", parameter[2])
            parameters.setdefault(parameter[1].lower(), value)
            place = parameter.end()
            continue
        begun = _SCHEME.match(header, place)
        if begun is None:
            comma = header.find(",", place)
            place = len(header) if comma < 0 else comma + 1
            continue
        if scheme:
            yield scheme, parameters
        scheme, parameters = begun[1], {}
        place = begun.end()
    if scheme:
        yield scheme, parameters


class DigestAuth(httpx.Auth):
    """Answers the first challenge that can be answered; a new one for every request, and once more where it is stale.

    Args:
        username: of the account.
        password: of the account.
        client_nonce: the client's nonce of every answer; empty: a random one each time.
    """

    requires_request_body = True

    def __init__(self, username: str, password: str, *, client_nonce: str = "") -> None:
        self._username = username
        self._password = password
        self._client_nonce = client_nonce

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """See `httpx.Auth`.

        Raises:
            httpx.RemoteProtocolError: there are challenges, and none that can be answered.
        """
        response = yield request
        for _ in range(2):
            if response.status_code != 401:
                return
            challenges = digest_challenges(response)
            challenge = next((one for one in challenges if one.usable), None)
            if challenge is None:
                if challenges:
                    raise httpx.RemoteProtocolError(
                        "the Digest challenge cannot be answered", request=request
                    )
                return
            request.headers.encoding = "utf-8"
            request.headers["Authorization"] = digest_answer(
                challenge,
                request.method,
                request.url.raw_path.decode("ascii"),
                self._username,
                self._password,
                body=request.content,
                client_nonce=self._client_nonce,
            )
            response = yield request
            again = digest_challenges(response)
            if not any(one.parameters.get("stale", "").lower() == "true" for one in again):
                return


def digest_answer(
    challenge: DigestChallenge,
    method: str,
    uri: str,
    username: str,
    password: str,
    *,
    body: bytes = b"",
    client_nonce: str = "",
) -> str:
    """The header Authorization that answers a challenge.

    Args:
        challenge: one that is usable.
        method: of the request.
        uri: as the request names it.
        username: of the account.
        password: of the account.
        body: of the request.
        client_nonce: the client's nonce; empty: a random one.
    """
    given = challenge.parameters
    name = challenge.algorithm.upper()
    session = name.endswith("-SESS")

    def hashed(text: str | bytes) -> str:
        content = text.encode() if isinstance(text, str) else text
        return hashlib.new(_ALGORITHMS[name.removesuffix("-SESS")], content).hexdigest()

    realm, nonce = given.get("realm", ""), given["nonce"]
    client_nonce, count = client_nonce or os.urandom(8).hex(), "00000001"
    first = hashed(f"{username}:{realm}:{password}")
    if session:
        first = hashed(f"{first}:{nonce}:{client_nonce}")
    second = hashed(f"{method}:{uri}" + (f":{hashed(body)}" if challenge.qop == "auth-int" else ""))
    middle = f"{nonce}:{count}:{client_nonce}:{challenge.qop}" if challenge.qop else nonce
    hides_name = given.get("userhash", "").lower() == "true"
    shown = hashed(f"{username}:{realm}") if hides_name else username
    # A name in other letters has a form of its own where the device speaks UTF-8 (RFC 7616, 4).
    extended = not shown.isascii() and given.get("charset", "").upper() == "UTF-8"
    fields = [
        f"username*=UTF-8''{quote(shown, safe='')}" if extended else f"username={_quoted(shown)}",
        f"realm={_quoted(realm)}", f"nonce={_quoted(nonce)}", f"uri={_quoted(uri)}",
        f'response="{hashed(f"{first}:{middle}:{second}")}"',
    ]  # fmt: skip
    if "algorithm" in given:
        fields.append(f"algorithm={challenge.algorithm}")
    if "opaque" in given:
        fields.append(f"opaque={_quoted(given['opaque'])}")
    if challenge.qop:
        fields += [f"qop={challenge.qop}", f"nc={count}", f'cnonce="{client_nonce}"']
    elif session:
        fields.append(f'cnonce="{client_nonce}"')
    if hides_name:
        fields.append("userhash=true")
    return "Digest " + ", ".join(fields)


def _quoted(text: str) -> str:
    escaped = re.sub(r'(["\\])', r"\\\1", text)
    return f'"{escaped}"'
