"""Which service answers on a port, and how it asks for credentials.

A service is recognised by what it says, not by its port number. Nothing that could count as an attempt to
log in is
sent: no password, no key, no form.
"""

from __future__ import annotations

import re
import ssl
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from pytest_etsi.probes import ssh, tls
from pytest_etsi.probes._net import Deadline, connect, lenient_context, receive, send, url_host, why
from pytest_etsi.probes.mqtt import anonymous_connect
from pytest_etsi.probes.observation import Observation, printable
from pytest_etsi.probes.snmp import probe_snmp
from pytest_etsi.probes.telnet import LOGIN_PROMPT, PASSWORD_PROMPT, SHELL_PROMPT, negotiate, strip_commands
from pytest_etsi.probes.webauth import explore, parse_www_authenticate

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable
    from pathlib import Path

    from pytest_etsi.probes.webauth import WebChallenge

__all__ = ["Challenge", "Secret", "Service", "identify", "identify_snmp"]

Secret = Literal["password", "key", "token", "unknown"]

_BANNER_WAIT_S = 0.6
_MAX_ANSWER = 256 * 1024
_IAC = b"\xff"
_UNKNOWN_USER = "probe"
_MAX_USERS = 8


@dataclass(frozen=True, slots=True)
class Challenge(Observation):
    """One way in which a service asks for credentials.

    Attributes:
        kind: "form", "basic", "digest", "bearer", "api", "ssh-password", "ssh-publickey", "login-prompt",
            "mqtt", "rtsp-basic", "rtsp-digest", "ftp", "vnc", "snmp-v3", "tls-client-certificate" ...
        detail: realm, form action, path, prompt.
        secret: what is asked for, as far as it can be seen.
    """

    kind: str
    detail: str
    secret: Secret = "unknown"  # noqa: S105 - a kind of secret


@dataclass(frozen=True, slots=True)
class Service(Observation):
    """What answers on a port.

    Attributes:
        host: as asked for.
        port: as asked for.
        protocol: "tcp" or "udp".
        tls: the service speaks TLS.
        kind: "http", "https", "ssh", "telnet", "ftp", "mqtt", "rtsp", "vnc", "smtp", "snmp", ...; "unknown"
            when it answers (or accepts and stays silent) but was not recognised; "closed" when there is
            nothing to talk to.
        challenges: the ways in which it asks for credentials.
        banner: what it said first, printable.
        note: what else there is to know.
        complete: the examination came to its end within its time.
        duration_s: seconds.
    """

    host: str
    port: int
    protocol: Literal["tcp", "udp"] = "tcp"
    tls: bool = False
    kind: str = "unknown"
    challenges: tuple[Challenge, ...] = ()
    banner: str = ""
    note: str = ""
    complete: bool = True
    duration_s: float = 0.0

    @property
    def identified(self) -> bool:
        """Whether the service was recognised."""
        return self.kind not in {"unknown", "closed"}

    @property
    def asks_for_credentials(self) -> bool:
        """Whether there is any challenge."""
        return bool(self.challenges)


def identify(
    host: str,
    port: int,
    *,
    timeout_s: float = 3.0,
    deadline_s: float = 30.0,
    ca: str | Path | None = None,
    server_name: str | None = None,
    max_requests: int = 20,
    usernames: Iterable[str] = (),
) -> Service:
    """Recognise the service on a TCP port and find how it asks for credentials.

    Args:
        host: name or address.
        port: TCP port.
        timeout_s: seconds to wait for one answer.
        deadline_s: seconds for all of it.
        ca: not needed for recognising: certificates are not verified here. Accepted for symmetry with other
            probes.
        server_name: name for TLS and the Host header; by default the host.
        max_requests: HTTP requests at most.
        usernames: users whom a server that offers each of them other ways to log in (SSH) is asked about,
            beside one that it does not know.
    """
    del ca
    users = tuple(dict.fromkeys((_UNKNOWN_USER, *usernames)))[:_MAX_USERS]
    return _Identification(
        host, port, timeout_s, Deadline(deadline_s), server_name or host, max_requests, users
    ).run()


def identify_snmp(host: str, port: int = 161, *, timeout_s: float = 1.5) -> Service:
    """Recognise an SNMP agent on a UDP port.

    The community "public" of version 2c is tried, because an agent that knows no other cannot be seen
    otherwise.
    """
    seen = probe_snmp(host, port, timeout_s=timeout_s)
    challenges: tuple[Challenge, ...] = ()
    notes = []
    if seen.v2c_public:
        challenges += (Challenge("snmp-community", 'version 2c answers to "public"', "password"),)
        notes.append('answers to the community "public"')
    if seen.v3:
        challenges += (Challenge("snmp-v3", f"engine {seen.engine_id}", "password"),)
    kind = "snmp" if seen.v2c_public or seen.v3 else "unknown" if seen.first_bytes else "closed"
    if kind == "closed" and not seen.closed:
        notes.append(
            seen.error or "no answer: closed, filtered, or an agent that ignores unknown communities"
        )
    return Service(
        host=host,
        port=port,
        protocol="udp",
        kind=kind,
        challenges=challenges,
        banner=seen.description or printable(seen.first_bytes, 64),
        note="; ".join(notes),
        duration_s=seen.duration_s,
    )


@dataclass(slots=True)
class _Identification:
    host: str
    port: int
    timeout_s: float
    deadline: Deadline
    server_name: str
    max_requests: int
    users: tuple[str, ...] = (_UNKNOWN_USER,)
    notes: list[str] = field(default_factory=list)
    first_bytes: bytes = b""

    def run(self) -> Service:
        try:
            first = connect(self.host, self.port, self.deadline.within(self.timeout_s))
        except OSError as error:
            return self._service("closed", note=why(error))
        with closing(first):
            banner, end = receive(first, self.deadline.within(_BANNER_WAIT_S), limit=_MAX_ANSWER)
            if banner:
                service = self._by_banner(first, banner, tls_on=False)
                if service is not None:
                    return service
                self.first_bytes = banner
            elif end in {"closed", "reset"}:
                self.notes.append(f"the connection was {end} before anything was sent")
            service = self._by_tls() or self._by_request(None)
            if service is not None:
                return service
            # Some daemons look up the peer's name before they greet, or wait for a key to be pressed.
            if not banner and end == "timeout":
                service = self._late_banner(first)
                if service is not None:
                    return service
        self.notes.append("not recognised by its banner, nor as TLS, HTTP, MQTT or RTSP")
        if not self.first_bytes:
            self.notes.append("it accepts connections and answers nothing")
        return self._service("unknown", banner=self.first_bytes)

    # -- services that speak first

    def _by_banner(self, connection: socket.socket, banner: bytes, *, tls_on: bool) -> Service | None:
        text = strip_commands(banner).lstrip()
        if text.startswith(b"SSH-") or b"\nSSH-" in text:
            return self._ssh(banner)
        if text.startswith(b"RFB "):
            return self._vnc(connection, banner, tls_on=tls_on)
        if re.match(rb"220[ -]", text):
            return self._ftp_or_smtp(connection, banner, tls_on=tls_on)
        if text.startswith(b"+OK"):
            return self._service("pop3", (Challenge("pop3", "USER/PASS", "password"),), banner, tls_on=tls_on)
        if text.startswith(b"* OK"):
            return self._service("imap", (Challenge("imap", "LOGIN", "password"),), banner, tls_on=tls_on)
        if banner.startswith(_IAC) or _prompts(text):
            return self._telnet(connection, banner, tls_on=tls_on)
        if text.startswith(b"HTTP/"):
            return self._by_request(None, tls_on=tls_on)
        if banner[4:5] == b"\x0a" and b"mysql_native_password" in banner:
            return self._service(
                "mysql", (Challenge("mysql", "handshake", "password"),), banner, tls_on=tls_on
            )
        return None

    def _late_banner(self, connection: socket.socket) -> Service | None:
        budget = self.deadline.within(min(self.timeout_s, 2.0))
        send(connection, b"\r\n", budget)
        banner, _ = receive(connection, budget, limit=_MAX_ANSWER)
        if not banner:
            return None
        self.first_bytes = self.first_bytes or banner
        return self._by_banner(connection, banner, tls_on=False)

    def _ssh(self, seen: bytes) -> Service:
        banner = next((line for line in seen.splitlines() if line.startswith(b"SSH-")), seen)
        challenges: dict[str, Challenge] = {}
        for user in self.users:
            auth = ssh.ssh_auth_methods(
                self.host, self.port, user, timeout_s=max(0.1, self.deadline.left(3 * self.timeout_s))
            )
            if auth.none_accepted:
                self.notes.append(f"user {printable(user, 40)!r} logs in without any credential")
            elif auth.methods:
                for method in auth.methods:
                    offer = Challenge(
                        f"ssh-{method}", f"offered to user {printable(user, 40)!r}", _ssh_secret(method)
                    )
                    challenges.setdefault(offer.kind, offer)
            else:
                challenges.setdefault("ssh", Challenge("ssh", f"methods unknown: {auth.error}"))
                self.notes.append(auth.error)
                break
        return self._service("ssh", tuple(challenges.values()), banner)

    def _telnet(self, connection: socket.socket, banner: bytes, *, tls_on: bool) -> Service:
        text, more = negotiate(connection, banner, self.deadline.within(self.timeout_s), prompts=True)
        seen = (banner + more)[:_MAX_ANSWER]
        prompt = printable(text.strip().splitlines()[-1] if text.strip() else b"", 80)
        challenges: tuple[Challenge, ...] = ()
        if LOGIN_PROMPT.search(text) or PASSWORD_PROMPT.search(text):
            challenges = (Challenge("login-prompt", prompt, "password"),)
        elif SHELL_PROMPT.search(text):
            self.notes.append(f"a command prompt without a login: {prompt}")
        else:
            self.notes.append("Telnet negotiation, but no prompt was seen")
        return self._service("telnet", challenges, text.strip() or seen, tls_on=tls_on)

    def _ftp_or_smtp(self, connection: socket.socket, banner: bytes, *, tls_on: bool) -> Service:
        if re.search(rb"\b(E?SMTP|mail)\b", banner, re.IGNORECASE) and not re.search(
            rb"ftp", banner, re.IGNORECASE
        ):
            budget = self.deadline.within(self.timeout_s)
            send(connection, b"EHLO probe\r\n", budget)
            answer, _ = receive(
                connection, budget, enough=lambda seen: bool(re.search(rb"(^|\n)\d{3} ", seen))
            )
            offered = re.search(rb"(?m)^250[ -]AUTH[ =](.*?)\r?$", answer)
            challenges = (Challenge("smtp", printable(offered[1], 80), "password"),) if offered else ()
            return self._service("smtp", challenges, banner, tls_on=tls_on)
        budget = self.deadline.within(self.timeout_s)
        send(connection, f"USER {_UNKNOWN_USER}\r\n".encode(), budget)
        answer, _ = receive(connection, budget, enough=lambda seen: bool(re.search(rb"(^|\n)\d{3} ", seen)))
        reply = answer[-200:] if answer else b""
        found: tuple[Challenge, ...] = ()
        if re.search(rb"(^|\n)(331|332|530)", reply):
            found = (Challenge("ftp", printable(reply.strip(), 80), "password"),)
        elif re.search(rb"(^|\n)230", reply):
            self.notes.append("USER alone logs in, no password asked for")
        elif re.search(rb"(^|\n)(500|501|502|421|5\d\d)", reply):
            self.notes.append(f"USER was answered by {printable(reply.strip(), 80)}")
        else:
            return self._service("unknown", (), banner, note="a 220 greeting, but not FTP", tls_on=tls_on)
        return self._service("ftp", found, banner, tls_on=tls_on)

    def _vnc(self, connection: socket.socket, banner: bytes, *, tls_on: bool) -> Service:
        """Remote framebuffer (RFC 6143, 7.1): which security types are offered."""
        budget = self.deadline.within(self.timeout_s)
        send(connection, banner[:12] if len(banner) >= 12 else b"RFB 003.003\n", budget)
        answer, _ = receive(connection, budget, limit=4096)
        if banner.startswith(b"RFB 003.003"):
            types = [int.from_bytes(answer[:4], "big")] if len(answer) >= 4 else []
        else:
            types = list(answer[1 : 1 + answer[0]]) if answer else []
        if 1 in types:
            self.notes.append("security type None: no authentication")
        challenges = tuple(
            Challenge("vnc", f"security type {number}", "password")
            for number in types
            if number not in {0, 1}
        )
        return self._service("vnc", challenges, banner, tls_on=tls_on)

    # -- services that wait for the client

    def _by_tls(self) -> Service | None:
        if self.deadline.expired:
            return None
        for version in ("TLSv1.2", "TLSv1.3", "TLSv1.0", "SSLv3"):
            answer = tls.hello(
                self.host,
                self.port,
                version=version,
                suites=_TLS13_SUITES if version == "TLSv1.3" else (),
                server_name=self.server_name if self.server_name != self.host else None,
                flight=version != "TLSv1.3",
                timeout_s=max(0.1, self.deadline.left(self.timeout_s)),
            )
            if answer.kind == "hello":
                break
            if answer.kind != "alert":
                self.first_bytes = self.first_bytes or answer.first_bytes
                return None
        return self._inside_tls(answer)

    def _inside_tls(self, answer: tls.HelloAnswer) -> Service:
        asks_certificate = answer.client_certificate
        wrapped: ssl.SSLSocket | None = None
        failure = ""
        banner = b""
        try:
            wrapped = self._wrap()
            banner, end = receive(wrapped, self.deadline.within(_BANNER_WAIT_S), limit=_MAX_ANSWER)
        except (OSError, ValueError) as error:
            failure = why(error)
            end = ""
        if wrapped is not None:
            with closing(wrapped):
                service = self._by_banner(wrapped, banner, tls_on=True) if banner else None
            if service is None and end in {"timeout", "enough", "closed", "limit"}:
                service = self._by_request(lenient_context(), tls_on=True)
            if service is not None:
                return self._with_certificate(service, asks_certificate)
            if end == "reset":
                failure = "the handshake was refused after the fact"
                asks_certificate = asks_certificate or self._refused_for_certificate()
        if failure:
            self.notes.append(f"speaks TLS, but no session could be set up: {failure}")
        self.notes.append("what is spoken inside TLS was not recognised")
        return self._with_certificate(
            self._service("unknown", (), banner or self.first_bytes, tls_on=True), asks_certificate
        )

    def _with_certificate(self, service: Service, asks: bool) -> Service:
        if not asks:
            return service
        challenge = Challenge("tls-client-certificate", "asked for in the handshake", "key")
        return replace(service, challenges=(challenge, *service.challenges))

    def _refused_for_certificate(self) -> bool:
        """TLS 1.3 tells only after the handshake that a client certificate was required (RFC 8446, 6.2)."""
        try:
            with closing(self._wrap()) as wrapped:
                wrapped.settimeout(max(0.1, self.deadline.left(self.timeout_s)))
                wrapped.sendall(b"\r\n")
                wrapped.recv(1)
        except ssl.SSLError as error:
            return "CERTIFICATE_REQUIRED" in (error.reason or "") or "HANDSHAKE_FAILURE" in (
                error.reason or ""
            )
        except OSError:
            return False
        return False

    def _wrap(self) -> ssl.SSLSocket:
        budget = self.deadline.within(self.timeout_s)
        plain = connect(self.host, self.port, budget)
        try:
            plain.settimeout(max(0.001, budget.left()))
            return lenient_context().wrap_socket(plain, server_hostname=self.server_name)
        except BaseException:
            plain.close()
            raise

    def _talk(self, request: bytes, context: ssl.SSLContext | None) -> bytes:
        """Send a request on a connection of its own and give the answer's first part."""
        budget = self.deadline.within(self.timeout_s)
        try:
            connection = self._wrap() if context else connect(self.host, self.port, budget)
        except (OSError, ValueError):
            return b""
        with closing(connection):
            if not send(connection, request, budget):
                return b""
            answer, _ = receive(
                connection,
                budget,
                limit=_MAX_ANSWER,
                enough=lambda seen: b"\r\n\r\n" in seen or len(seen) > 4096,
            )
        return answer

    def _by_request(self, context: ssl.SSLContext | None, *, tls_on: bool = False) -> Service | None:
        host = url_host(self.server_name)
        answer = self._talk(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode(), context)
        if answer.startswith(b"HTTP/"):
            return self._http(answer, tls_on=tls_on)
        if answer.startswith(b"RTSP/"):
            return self._rtsp(context, answer, tls_on=tls_on)
        self.first_bytes = self.first_bytes or answer
        service = self._mqtt(context, tls_on=tls_on)
        if service is not None:
            return service
        url = f"rtsp://{host}:{self.port}/"
        options = self._talk(f"OPTIONS {url} RTSP/1.0\r\nCSeq: 1\r\n\r\n".encode(), context)
        if options.startswith(b"RTSP/"):
            return self._rtsp(context, options, tls_on=tls_on)
        if answer and re.match(rb"\s*<(!doctype|html)", answer[:200], re.IGNORECASE):
            self.notes.append("HTTP/0.9: a page without a status line")
            return self._http(answer, tls_on=tls_on)
        if answer and not tls_on and _prompts(strip_commands(answer)):
            return self._service(
                "telnet", (Challenge("login-prompt", printable(answer.strip(), 80), "password"),), answer
            )
        return None

    def _http(self, answer: bytes, *, tls_on: bool) -> Service:
        scheme = "https" if tls_on else "http"
        found = explore(
            f"{scheme}://{url_host(self.host)}:{self.port}/",
            max_requests=self.max_requests,
            timeout_s=self.timeout_s,
            deadline_s=max(0.1, self.deadline.left()),
        )
        self.notes.extend(found.notes)
        head, _, _ = answer.partition(b"\r\n\r\n")
        server = re.search(rb"(?im)^server:\s*(.*?)\r?$", head)
        banner = head.split(b"\r\n")[0] + (b"; Server: " + server[1] if server else b"")
        challenges = tuple(_web_challenge(item) for item in found.challenges)
        return self._service(scheme, challenges, banner, tls_on=tls_on, complete=found.complete)

    def _mqtt(self, context: ssl.SSLContext | None, *, tls_on: bool) -> Service | None:
        answer = anonymous_connect(
            self.host,
            self.port,
            timeout_s=max(0.1, self.deadline.left(self.timeout_s)),
            context=context,
            server_name=self.server_name,
        )
        if answer is None:
            return None
        code, detail = answer
        if code == 0:
            self.notes.append("MQTT: a connection without credentials is accepted")
            return self._service("mqtt", (), detail, tls_on=tls_on)
        if code in {4, 5}:
            challenge = Challenge("mqtt", f"CONNACK {code} for a connection without credentials", "password")
            return self._service("mqtt", (challenge,), detail, tls_on=tls_on)
        self.notes.append(f"MQTT: CONNACK {code}")
        return self._service("mqtt", (), detail, tls_on=tls_on)

    def _rtsp(self, context: ssl.SSLContext | None, answer: bytes, *, tls_on: bool) -> Service:
        url = f"rtsp://{url_host(self.server_name)}:{self.port}/"
        challenges: dict[tuple[str, str], Challenge] = {}
        for number, path in enumerate(("", "live", "stream", "stream1", "h264", "cam/realmonitor", "11"), 1):
            if self.deadline.expired:
                break
            request = f"DESCRIBE {url}{path} RTSP/1.0\r\nCSeq: {number}\r\nAccept: application/sdp\r\n\r\n"
            reply = self._talk(request.encode(), context)
            if re.match(rb"RTSP/1\.\d 401", reply):
                header = re.findall(rb"(?im)^www-authenticate:\s*(.*?)\r?$", reply)
                for scheme, parameters in parse_www_authenticate(
                    [item.decode("latin-1") for item in header]
                ) or [("unknown", {})]:
                    realm = printable(parameters.get("realm", ""), 80)
                    challenges.setdefault(
                        (scheme, realm), Challenge(f"rtsp-{scheme}", f"/{path} realm={realm!r}", "password")
                    )
                break
            if re.match(rb"RTSP/1\.\d 200", reply):
                self.notes.append(f"RTSP: /{path} is described without credentials")
                break
        server = re.search(rb"(?im)^server:\s*(.*?)\r?$", answer)
        banner = answer.split(b"\r\n")[0] + (b"; Server: " + server[1] if server else b"")
        return self._service("rtsp", tuple(challenges.values()), banner, tls_on=tls_on)

    def _service(
        self,
        kind: str,
        challenges: tuple[Challenge, ...] = (),
        banner: bytes | str = b"",
        *,
        note: str = "",
        tls_on: bool = False,
        complete: bool = True,
    ) -> Service:
        return Service(
            host=self.host,
            port=self.port,
            tls=tls_on,
            kind=kind,
            challenges=challenges,
            banner=printable(banner, 200),
            note="; ".join(dict.fromkeys(item for item in (*self.notes, note) if item)),
            complete=complete and not self.deadline.expired,
            duration_s=self.deadline.elapsed,
        )


_TLS13_SUITES = (0x1301, 0x1302, 0x1303, 0x1304, 0x1305)


def _prompts(text: bytes) -> bool:
    return bool(LOGIN_PROMPT.search(text) or PASSWORD_PROMPT.search(text))


def _ssh_secret(method: str) -> Secret:
    if method in {"password", "keyboard-interactive"}:
        return "password"
    return "key" if method in {"publickey", "hostbased"} else "unknown"


def _web_challenge(found: WebChallenge) -> Challenge:
    secrets: dict[str, Secret] = {
        "form": "password",
        "basic": "password",
        "digest": "password",
        "bearer": "token",
    }
    return Challenge(found.kind, found.detail, secrets.get(found.kind, "unknown"))
