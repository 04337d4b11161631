"""The lists of an SSH server, the smallest group that it gives, and the key that it shows; raw, unauthenticated."""

from __future__ import annotations

from dataclasses import replace

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline, connect, why
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.ssh._exchange import (
    GROUP_EXCHANGES,
    METHODS,
    RSA_KEYS,
    HostKey,
    chosen,
    request_group,
    show_host_key,
)
from pytest_etsi.probes.ssh._model import SshObservation
from pytest_etsi.probes.ssh._wire import (
    KEXINIT,
    USUAL_CLIENT,
    Broken,
    Fields,
    Wire,
    identification,
    kexinit,
)

__all__ = ["enumerate_ssh"]

_OTHER_KEYS = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "ssh-dss",
    "rsa-sha2-512-cert-v01@openssh.com",
    "rsa-sha2-256-cert-v01@openssh.com",
    "ssh-rsa-cert-v01@openssh.com",
    "ssh-ed25519-cert-v01@openssh.com",
    "ecdsa-sha2-nistp256-cert-v01@openssh.com",
)
_KEYS = (*RSA_KEYS, *_OTHER_KEYS)
# Ciphers, MACs and compression that both sides would go on with; nothing of it is ever used.
_CIPHERS = (
    "aes128-ctr",
    "aes256-ctr",
    "aes128-cbc",
    "aes256-cbc",
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "3des-cbc",
)
_MACS = (
    "hmac-sha2-256",
    "hmac-sha2-512",
    "hmac-sha1",
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "umac-64-etm@openssh.com",
    "hmac-md5",
)
_COMPRESSION = ("none", "zlib@openssh.com", "zlib")
_REST = (_CIPHERS, _CIPHERS, _MACS, _MACS, _COMPRESSION, _COMPRESSION)
_LEAST, _MOST = 512, 8192
_ENDED = frozenset({"closed", "reset", "disconnect"})
_TURNS_AWAY = _ENDED | {"timeout", "malformed"}
"""What a server may do that does not like who asks: "malformed" is a line of text."""
_GROUPS_ASKED = 3
"""Connections for one group exchange at most."""


def enumerate_ssh(host: str, port: int = 22, *, timeout_s: float = bounds.SSH.step_s) -> SshObservation:
    """Read the identification and the algorithm lists of an SSH server, and what its key exchange shows.

    The first connection gives the lists and, going on with the key exchange, a host key; where the server chooses the
    group, up to five more find the smallest that it gives. They follow one another, and end before authentication.

    A server that turns away a client whose name it does not know is asked once more under a usual one.

    Args:
        host: name or address.
        port: TCP port.
        timeout_s: seconds for all of it, under either name.
    """
    first = _Enumeration(host, port, Deadline(timeout_s))
    seen = first.observed()
    if not first.turned_away:
        return seen
    again = _Enumeration(host, port, Deadline(timeout_s), USUAL_CLIENT).observed()
    spent = {
        "connections": seen.connections + again.connections,
        "duration_s": round(seen.duration_s + again.duration_s, 6),
    }
    if not again.complete or (seen.complete and not (again.shown_key or again.dh_bits)):
        return replace(seen, **spent)  # type: ignore[arg-type]
    note = (
        f"the server turns away a client that does not call itself by a usual name: asked as {USUAL_CLIENT}"
    )
    return replace(again, client=USUAL_CLIENT, notes=(*again.notes, note), **spent)  # type: ignore[arg-type]


class _Enumeration:
    def __init__(self, host: str, port: int, deadline: Deadline, client: str = "") -> None:
        self._host = host
        self._port = port
        self._deadline = deadline
        self._identification = identification(client)
        self._ends: list[str] = []
        self._connections = 0
        self._kex: tuple[str, ...] = ()
        self._host_keys: tuple[str, ...] = ()
        self._rest: tuple[tuple[str, ...], ...] = _REST
        self._key: HostKey | None = None
        self._key_problem = ""
        self._rsa_ends: list[str] = []
        # By method: bits of the groups given; 0: refused; a text: not seen, and why.
        self._asked: dict[str, list[int | str]] = {}

    @property
    def turned_away(self) -> bool:
        """Whether nothing has come that would not come to anybody, and the server ended it each time."""
        shown = self._key is not None or any(map(self._least, self._asked))
        ways = _ENDED if self._kex else _TURNS_AWAY
        return not shown and bool(self._ends) and ways.issuperset(self._ends)

    def observed(self) -> SshObservation:
        seen = self._first()
        if seen.complete:
            for method in GROUP_EXCHANGES:
                if method in self._kex:
                    self._smallest(method)
            if self._key is None and (rsa := [name for name in RSA_KEYS if name in self._host_keys]):
                self._other_way(rsa)
        key = self._key
        return replace(
            seen,
            dh_bits={method: bits for method in self._asked if (bits := self._least(method)) is not None},
            shown_key=key.kind if key else "",
            shown_key_bits=key.bits if key else None,
            shown_key_sha256=key.sha256 if key else "",
            gaps=tuple(self._gaps()) if seen.complete else (),
            notes=tuple(self._notes()),
            connections=self._connections,
            duration_s=self._deadline.elapsed,
        )

    # Connections --------------------------------------------------------------------------------------------

    def _first(self) -> SshObservation:
        """The lists, and as much of the key exchange as the same connection gives."""
        seen = SshObservation(self._host, self._port)
        self._connections += 1
        try:
            connection = connect(self._host, self._port, self._deadline)
        except OSError as problem:
            return replace(seen, error=why(problem))
        with connection:
            wire = Wire(connection, self._deadline)
            # Small servers send their lists only after they have seen an identification.
            wire.send(self._identification + kexinit((METHODS, _KEYS, *_REST)))
            try:
                payload = wire.packet()
            except Broken as problem:
                seen = replace(seen, banner=printable(wire.banner, 255))
                if seen.protocols != ("1",) and (wire.banner or not wire.data):
                    self._ends.append(problem.end if wire.banner or problem.end != "timeout" else "silence")
                return replace(seen, error=_without_lists(wire, seen, problem))
            seen = replace(seen, banner=printable(wire.banner, 255))
            lists = _name_lists(payload)
            if lists is None:
                return replace(seen, error="malformed algorithm lists")
            self._kex, self._host_keys = lists[0], lists[1]
            method = chosen(METHODS, self._kex)
            self._rest = lists[2:]  # later connections offer what the server has
            if method and all(map(chosen, (_KEYS, *_REST), lists[1:])):
                self._exchange(wire, method, (_LEAST, _LEAST, _MOST))
        return replace(
            seen,
            kex=lists[0],
            host_keys=lists[1],
            ciphers_c2s=lists[2],
            ciphers_s2c=lists[3],
            macs_c2s=lists[4],
            macs_s2c=lists[5],
            compression_c2s=lists[6],
            compression_s2c=lists[7],
            complete=True,
        )

    def _again(self, method: str, asked: tuple[int, int, int] | None, keys: tuple[str, ...] = _KEYS) -> None:
        """One more connection that agrees on `method` and one of `keys`."""
        self._connections += 1
        try:
            connection = connect(self._host, self._port, self._deadline)
        except OSError as problem:
            self._not_seen(method, asked, why(problem))
            return
        with connection:
            wire = Wire(connection, self._deadline)
            wire.send(self._identification + kexinit(((method,), keys, *self._rest)))
            try:
                if wire.packet()[0] != KEXINIT:
                    raise Broken("malformed")
            except Broken as problem:
                self._not_seen(method, asked, str(problem))
                return
            self._exchange(wire, method, asked, keys)

    def _not_seen(self, method: str, asked: tuple[int, int, int] | None, why: str) -> None:
        if asked:
            self._asked.setdefault(method, []).append(why)
        self._key_problem = self._key_problem or why

    def _exchange(
        self,
        wire: Wire,
        method: str,
        asked: tuple[int, int, int] | None,
        keys: tuple[str, ...] = _KEYS,
    ) -> None:
        """Go on as far as something is left to learn, for half of the time that is left."""
        wire.deadline = self._deadline.within(self._deadline.left() / 2)
        group = None
        if method in GROUP_EXCHANGES and asked is not None:
            answers = self._asked.setdefault(method, [])
            try:
                group = request_group(wire, *asked)
            except Broken as problem:
                # Only what ends the exchange says that there is no such group.
                answers.append(0 if problem.end in _ENDED else str(problem))
                self._ends.append(problem.end)
                return
            answers.append(group[0].bit_length())
        if self._key is None:
            agreed_on_rsa = chosen(keys, self._host_keys) in RSA_KEYS
            try:
                key = show_host_key(wire, method, group)
                if agreed_on_rsa and not key.kind.startswith("ssh-rsa"):
                    raise Broken("malformed", f"a key of type {key.kind} for RSA")
                self._key = key
            except Broken as problem:
                self._ends.append(problem.end)
                self._key_problem = self._key_problem or str(problem)
                if agreed_on_rsa:
                    self._rsa_ends.append(problem.end)

    # What is left open --------------------------------------------------------------------------------------

    def _smallest(self, method: str) -> None:
        """Ask for groups until the server has none that is smaller; three connections at most."""
        answers = self._asked.setdefault(method, [])
        if not answers:
            self._again(method, (_LEAST, _LEAST, _MOST))
        others = [(name, asked) for name, asked in self._asked.items() if name != method]
        if any(other[0] == answers[0] == self._least(name) for name, other in others):
            return  # the same server that answered the same question the same had no smaller one
        for least in (1024, 2048):
            # Some servers refuse what would go below the least that they accept.
            if answers[-1] == 0:
                self._again(method, (least, least, _MOST))
        while len(answers) < _GROUPS_ASKED and _is_smaller(answers):
            most = int(answers[-1]) - 1
            self._again(method, (_LEAST, min(1024, most), most))

    def _other_way(self, rsa: list[str]) -> None:
        """The RSA key by another method than the one that did not show it; failing that, whether another key is."""
        method = chosen([name for name in METHODS if name not in GROUP_EXCHANGES], self._kex)
        if method is None:
            return
        self._again(method, None, tuple(rsa))
        others = chosen(_OTHER_KEYS, self._host_keys)
        if self._key is None and others:
            # Dropbear lists RSA without having such a key, and ends the connection when it comes to that.
            self._again(method, None, _OTHER_KEYS)

    def _least(self, method: str) -> int | None:
        sizes = [answer for answer in self._asked[method] if isinstance(answer, int) and answer]
        return min(sizes, default=None)

    def _gaps(self) -> list[str]:
        gaps = [
            f"{method}: not every group that the server gives was seen: {answers[-1] or 'refused'}"
            for method, answers in self._asked.items()
            if isinstance(answers[-1], str) or self._least(method) is None
        ]
        if set(RSA_KEYS) & set(self._host_keys) and not self._has_rsa and not self._lacks_rsa:
            because = self._key_problem or "no key exchange that this probe speaks"
            gaps.append(f"the RSA host key was not shown: {because}")
        return gaps

    def _notes(self) -> list[str]:
        if not self._lacks_rsa:
            return []
        return [
            f"{name} is offered, but the server ends a key exchange with it"
            for name in RSA_KEYS
            if name in self._host_keys
        ]

    @property
    def _has_rsa(self) -> bool:
        return self._key is not None and self._key.kind.startswith("ssh-rsa")

    @property
    def _lacks_rsa(self) -> bool:
        """Whether it ended the connection each time that RSA was agreed on, and shows another key."""
        ended = len(self._rsa_ends) > 1 and _ENDED.issuperset(self._rsa_ends)
        return ended and self._key is not None


def _is_smaller(answers: list[int | str]) -> bool:
    """Whether the last group is one, and less than what was given before."""
    *before, last = answers
    return (
        isinstance(last, int) and last > _LEAST and all(isinstance(one, int) and last < one for one in before)
    )


def _without_lists(wire: Wire, seen: SshObservation, problem: Broken) -> str:
    if not wire.banner and wire.data:
        return f"not SSH: {printable(wire.data, 60)}"
    if seen.protocols == ("1",):
        return "the server speaks SSH protocol 1 only"
    return {
        "closed": "closed before the algorithm lists",
        "reset": "reset before the algorithm lists",
        "limit": "an answer without end",
        "timeout": "no algorithm lists in time",
        "malformed": "malformed algorithm lists",
    }.get(problem.end, f"no algorithm lists: {problem}")


def _name_lists(payload: bytes) -> tuple[tuple[str, ...], ...] | None:
    """The eight lists of a KEXINIT (RFC 4253, 7.1); None when malformed."""
    if payload[0] != KEXINIT:
        return None
    fields = Fields(payload, 17)
    try:
        raw = [fields.string() for _ in range(8)]
    except Broken:
        return None
    return tuple(tuple(printable(name, 128) for name in one.split(b",") if name)[:500] for one in raw)
