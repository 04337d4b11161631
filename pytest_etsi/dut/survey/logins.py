"""Logins that a device was seen to offer, as drafted entries of 1-AuthMech."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_etsi.dut.survey.protection import ssh_facts, tls_facts
from pytest_etsi.profile.drafting import DraftEntry, Placeholder, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.dut.survey.look import Seen
    from pytest_etsi.probes.services import Challenge, Service

__all__ = ["Login", "login_entries", "url_of"]

_DRIVERS = {
    "form": "https-form",
    "api": "http-json",
    "basic": "http-basic",
    "digest": "http-digest",
    "ssh": "ssh",
    "telnet": "telnet",
    "mqtt": "mqtt",
    "rtsp": "rtsp",
}
"""Kind of a login -> the driver that logs in by it; another kind has none."""
_WORDS = {
    "form": "a form in a web page",
    "api": "a programming interface over HTTP",
    "basic": "HTTP Basic",
    "digest": "HTTP Digest",
    "ssh": "SSH",
    "telnet": "a prompt of Telnet",
    "mqtt": "MQTT",
    "rtsp": "RTSP",
}
_BEARER = {"bearer": "api", "login-prompt": "telnet"}
_FACTORS = {"password": "password", "key": "key", "token": "token"}
_MOST = 64
_MOST_OF_PORT = 8
_FORM = re.compile(r"[A-Z]+ (\S+)")
_FIRST = re.compile(r"(/\S*)")


@dataclass(frozen=True, slots=True)
class Login:
    """A credential that whoever surveys a device hands over, as placeholders.

    Attributes:
        port: of the login.
        kind: "form", "basic", "ssh" ...; "": whichever login there is on the port.
        username: user name.
        password: a placeholder, ``${secret:NAME}`` or ``${env:NAME}``: no secret gets into a document.
    """

    port: int
    kind: str
    username: str
    password: str

    PATTERN = re.compile(
        r"(?P<port>\d{1,5})(?:/(?P<kind>[a-z]+))?=(?P<username>[^:]*):(?P<password>\$\{(?:env|secret):[\w.-]+\})"
    )

    @classmethod
    def parse(cls, text: str) -> Login:
        """A login as it is written on the command line: ``443/form=admin:${secret:web}``.

        Raises:
            ValueError: it is written otherwise; the message does not repeat it, for it may hold a password.
        """
        match = cls.PATTERN.fullmatch(text)
        if match is None or not 1 <= int(match["port"]) <= 65535:
            raise ValueError(
                "expected PORT=USER:${secret:NAME} or PORT/KIND=USER:${env:NAME}, with a placeholder for the password"
            )
        return cls(int(match["port"]), match["kind"] or "", match["username"], match["password"])

    @property
    def environment(self) -> tuple[str, ...]:
        """The names of the environment's variables that it is filled in from."""
        return tuple(re.findall(r"\$\{env:([\w.-]+)\}", self.password))

    def __str__(self) -> str:
        return f"{self.port}/{self.kind}" if self.kind else str(self.port)


@dataclass(frozen=True, slots=True)
class _Offered:
    """One login on a port: what asks for it there, and where."""

    service: Service
    kind: str
    path: str
    challenges: tuple[Challenge, ...]
    number: int = 1

    @property
    def id(self) -> str:
        """ID of its entry."""
        further = f"-{self.number}" if self.number > 1 else ""
        kind = re.sub(r"[^a-z0-9]+", "-", self.kind.lower())[:40].strip("-") or "login"
        return f"AuthMech-{self.service.port}-{kind}{further}"


def login_entries(
    seen: Seen,
    evidence: str,
    of_tls: dict[int, str],
    of_ssh: dict[int, str],
    logins: Iterable[Login],
    open_: list[str],
) -> tuple[list[DraftEntry], dict[tuple[str, int], list[str]]]:
    """The entries, and the IDs of those on each port.

    Args:
        seen: what was seen of the device.
        evidence: file with the search for services.
        of_tls: TCP port -> file with its settings of TLS, and
        of_ssh: likewise of SSH.
        logins: credentials that were handed over.
        open_: takes what stays open, one sentence each.
    """
    entries: list[DraftEntry] = []
    ids: dict[tuple[str, int], list[str]] = {}
    offered = _offered(seen.search.services)
    if len(offered) > _MOST:
        open_.append(f"{len(offered)} logins were seen, of which {_MOST} are drafted; see {evidence}")
        offered = offered[:_MOST]
    given = _handed_over(offered, tuple(logins), open_)
    for one in offered:
        service = one.service
        factors = sorted({_FACTORS[it.secret] for it in one.challenges if it.secret in _FACTORS})
        facts: dict[str, Any] = {"interface": "network", "endpoint": f"{service.port}/{service.protocol}"}
        seen_in = {}
        if factors:
            facts["factors"] = factors
        where = (service.host, service.protocol, service.port)
        if service.tls and (found := seen.tls.get(where)) is not None and found.versions:
            facts["tls"], seen_in["facts.tls"] = tls_facts(found), of_tls.get(service.port, evidence)
        if (shown := seen.ssh.get(where)) is not None and shown.complete:
            facts["ssh"], seen_in["facts.ssh"] = ssh_facts(shown), of_ssh.get(service.port, evidence)
        details = "; ".join(dict.fromkeys(f"{it.kind} {it.detail}".strip() for it in one.challenges[:4]))
        entries.append(
            DraftEntry(
                "auth_mech",
                one.id,
                evidence,
                fields={
                    "Description": f"Login by {_WORDS.get(one.kind, one.kind)} at {service.protocol}/{service.port}, "
                    f"as seen without logging in: {shortened(details, 160)}",
                    "Authentication Factor": " or ".join(factors).capitalize(),
                },
                facts=facts,
                access=_access(one, given.get(one.id)),
                seen_in=seen_in,
            )
        )
        ids.setdefault((service.protocol, service.port), []).append(one.id)
    return entries, ids


def _offered(services: Iterable[Service]) -> list[_Offered]:
    """The logins of all services, each once: several addresses of a device show the same."""
    found: dict[tuple[str, int, str, str], _Offered] = {}
    counted: dict[tuple[int, str], int] = {}
    for service in services:
        kinds: dict[tuple[str, str], list[Challenge]] = {}
        for challenge in service.challenges:
            kind = _BEARER.get(challenge.kind, challenge.kind.partition("-")[0])
            kinds.setdefault((kind, _path(kind, challenge.detail)), []).append(challenge)
        form = any(kind == "form" for kind, _ in kinds)
        for (kind, path), challenges in _api_as_one(kinds).items():
            if kind == "api" and form:
                continue  # the page's own requests
            key = (service.protocol, service.port, kind, path)
            if key not in found and counted.get((service.port, kind), 0) < _MOST_OF_PORT:
                number = counted[service.port, kind] = counted.get((service.port, kind), 0) + 1
                found[key] = _Offered(service, kind, path, tuple(challenges), number)
    return list(found.values())


def _api_as_one(kinds: dict[tuple[str, str], list[Challenge]]) -> dict[tuple[str, str], list[Challenge]]:
    """Kinds that do not tell logins apart by their path, taken together."""
    made: dict[tuple[str, str], list[Challenge]] = {}
    for (kind, path), challenges in kinds.items():
        made.setdefault((kind, path if kind in ("form", "basic", "digest") else ""), []).extend(challenges)
    return made


def _path(kind: str, detail: str) -> str:
    match = (_FORM if kind == "form" else _FIRST).match(detail)
    return re.sub(r"^https?://[^/\s]+", "", match[1]) if match else ""


def url_of(service: Service, path: str = "") -> str:
    """The address of a page on a web server."""
    host = f"[{service.host}]" if ":" in service.host else service.host
    return f"http{'s' if service.tls else ''}://{host}:{service.port}{path if path.startswith('/') else '/'}"


def _access(one: _Offered, given: Login | None) -> dict[str, Any]:
    driver = _DRIVERS.get(one.kind)
    if driver is None:
        return {}
    access: dict[str, Any] = {"driver": driver}
    if one.service.kind in ("http", "https"):
        access["url"] = shortened(url_of(one.service, one.path), 200)
    else:
        access |= {"host": one.service.host, "port": one.service.port}
    if given is not None:
        access |= {"username": given.username, "password": Placeholder(given.password)}
    return access


def _handed_over(offered: list[_Offered], logins: tuple[Login, ...], open_: list[str]) -> dict[str, Login]:
    """Entry ID -> the credential for it; where it is not clear for which login one is, it is for none."""
    given: dict[str, Login] = {}
    for login in logins:
        here = [one for one in offered if one.service.port == login.port and login.kind in ("", one.kind)]
        if len(here) == 1:
            given[here[0].id] = login
        elif here:
            kinds = ", ".join(f"{login.port}/{kind}" for kind in sorted({one.kind for one in here}))
            open_.append(f"the credential for port {login} is for one of several logins there: {kinds}")
        else:
            open_.append(f"no login was seen for which the credential for port {login} could be")
    return given
