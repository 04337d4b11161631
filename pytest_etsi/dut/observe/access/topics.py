"""Who gets at the topics of an MQTT broker: by what is delivered, since brokers acknowledge what they then withhold."""

from __future__ import annotations

import contextlib
import secrets
from typing import TYPE_CHECKING

from pytest_etsi.dut.observe.access.model import Subject, Try
from pytest_etsi.dut.observe.access.people import each_behind_login, people
from pytest_etsi.probes.mqtt.session import DENIED, MqttSession, matches

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.entries import AuthMechEntry, SoftServEntry
    from pytest_etsi.profile.facts import TopicAccess

__all__ = ["observe_topics"]

_DRAINED_S = 0.1


def observe_topics(dut: Core, entry: SoftServEntry, gaps: list[str]) -> Iterator[Try]:
    """Try the topics of an entry of 13-SoftServ as nobody, under a wrong identity, without the right, and with it."""
    yield from each_behind_login(
        dut,
        entry.access.topics,
        lambda mechanism, access: _Topic(dut, mechanism, access, gaps).tries(),
        lambda access: f"{access.do} {access.topic}",
        gaps,
    )


class _Topic:
    """One topic, and the ways to it."""

    def __init__(self, dut: Core, mechanism: AuthMechEntry, access: TopicAccess, gaps: list[str]) -> None:
        self._dut = dut
        self._mechanism = mechanism
        self._access = access
        self._gaps = gaps
        self._host, self._port = dut.network.login_of(mechanism)

    def tries(self) -> Iterator[Try]:
        username, password = self._dut.credentials(self._mechanism)
        owner = self._open(username, password)
        with contextlib.closing(owner):
            if owner.connection is None:
                what = f"{self._access.do} {self._access.topic}"
                self._gaps.append(f"{what}: nobody else has tried it, since its owner was not let in")
                yield self._try("with the right", "", owner.detail, granted=False, answered=owner.refused)
                return
            yield from self._read(owner) if self._access.do == "read" else self._write(owner)

    def _others(self) -> Iterator[tuple[Subject, str, MqttSession]]:
        """Connections of those who should not get anything; each is closed behind its use."""
        everybody = people(self._dut, self._mechanism, self._access, self._access.topic, self._gaps)
        for subject, how, name, word in everybody:
            if subject == "with the right":
                continue
            session = self._open(name, word)
            with contextlib.closing(session):
                yield subject, how, session

    # Reading ------------------------------------------------------------------------------------------------

    def _read(self, owner: MqttSession) -> Iterator[Try]:
        """Everybody listens, one after the other, while the owner listens too: it has to get something.

        That the subscription of the owner is acknowledged gives it nothing, and that it hears nothing refuses nothing.
        """
        topic, wait = self._access.topic, self._access.wait_s
        granted = owner.subscribe(topic)
        owner.listen(wait, until=lambda: bool(owner.messages))
        heard = bool(owner.messages)
        status = f"SUBACK {granted}, {len(owner.messages)} messages"
        yield self._try("with the right", "", status, granted=heard, answered=heard or granted in DENIED)
        always = bool(owner.kept)  # a kept message comes to whoever may have it
        for subject, how, other in self._others():
            if other.connection is None:
                yield self._turned_away(subject, how, other)
                continue
            answers = [other.subscribe(pattern) for pattern in (topic, "#")]
            owner.listen(_DRAINED_S)
            before = len(owner.messages)
            other.listen(wait, until=lambda seen=other: any(matches(topic, one) for one, _ in seen.messages))
            owner.listen(_DRAINED_S)
            told = always or len(owner.messages) > before
            got = [name for name, _ in other.messages if matches(topic, name)]
            status = f"SUBACK {answers[0]}, {len(got)} messages"
            # Silence tells something only where there was something to be heard in this very time.
            silent_by_itself = not got and answers[0] not in DENIED and not told
            yield self._try(subject, how, status, granted=bool(got), answered=not silent_by_itself)

    # Writing ------------------------------------------------------------------------------------------------

    def _write(self, owner: MqttSession) -> Iterator[Try]:
        """The owner listens to the topic; what others publish must not arrive there."""
        topic = self._access.topic
        owner.subscribe(topic)
        heard = self._hears(owner)
        yield self._try(
            "with the right", "", "delivered" if heard else "not delivered", granted=heard, answered=heard
        )
        for subject, how, other in self._others():
            if other.connection is None:
                yield self._turned_away(subject, how, other)
                continue
            payload = self._payload()
            acknowledged = other.publish(topic, payload)
            arrived = self._arrives(owner, payload)
            status = (
                f"{'PUBACK' if acknowledged else 'no PUBACK'}, {'delivered' if arrived else 'not delivered'}"
            )
            # The owner may have lost its connection meanwhile: what it says itself has to arrive still.
            yield self._try(subject, how, status, granted=arrived, answered=arrived or self._hears(owner))

    def _hears(self, owner: MqttSession) -> bool:
        payload = self._payload()
        owner.publish(self._access.topic, payload)
        return self._arrives(owner, payload)

    def _arrives(self, owner: MqttSession, payload: bytes) -> bool:
        owner.listen(
            self._access.wait_s, until=lambda: any(content == payload for _, content in owner.messages)
        )
        return any(content == payload for _, content in owner.messages)

    def _payload(self) -> bytes:
        """The declared payload, where every one can be told from the others."""
        text = self._access.payload
        return text.replace("{random}", secrets.token_hex(6)).encode()

    # Both ---------------------------------------------------------------------------------------------------

    def _turned_away(self, subject: Subject, how: str, other: MqttSession) -> Try:
        """The try of somebody whom the broker has not let in at all.

        That it closes tells that only where it lets in the owner at the same time.
        """
        answered = other.refused
        if other.closed:
            with contextlib.closing(self._open(*self._dut.credentials(self._mechanism))) as owner:
                answered = owner.connection is not None
        return self._try(subject, how, other.detail, granted=False, answered=answered)

    def _open(self, username: str | None, password: str | None) -> MqttSession:
        return MqttSession.open(self._host, self._port, username, password, context=self._context())

    def _context(self) -> ssl.SSLContext | None:
        from pytest_etsi.probes.tls import lenient_context

        return lenient_context() if self._mechanism.facts.tls is not None else None

    def _try(self, subject: Subject, how: str, status: str, *, granted: bool, answered: bool) -> Try:
        what = f"{'SUBSCRIBE' if self._access.do == 'read' else 'PUBLISH'} {self._access.topic}"
        return Try(subject, f"{what} {how}".rstrip(), status, granted, answered)
