"""Every version and suite that a server accepts, within few connections; then groups, signatures and features.

How suites are asked for within few connections is told in `_accepted`. What is left of groups and signature algorithms
then is asked for with suites that are known to be accepted, so that each list ends with a refusal of what is not in it.

A refusal counts only where a hello that was accepted is still accepted afterwards (`_talk`). What came just once, in so
many words, is asked for once more, later. A server that refused what it accepts at other times is asked for everything
again: each refusal then has to come twice. What is not accepted under the server's name is offered once more without a
name, and under those of its certificates.

Connections are made one after another, to be gentle with small devices.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.tls._accepted import Versions
from pytest_etsi.probes.tls._ask import COMMON, StreamEndpoint
from pytest_etsi.probes.tls._certificate import facts_of
from pytest_etsi.probes.tls._dtls import DATAGRAM_VERSIONS, DatagramEndpoint
from pytest_etsi.probes.tls._features import Features
from pytest_etsi.probes.tls._hello import HelloOffer, server_name_of
from pytest_etsi.probes.tls._lists import Lists
from pytest_etsi.probes.tls._model import VERSIONS, HelloAnswer, TlsObservation
from pytest_etsi.probes.tls._result import observation
from pytest_etsi.probes.tls._ssl2 import ask_ssl2
from pytest_etsi.probes.tls._talk import FIRST_S, IN_A_ROW, Talk, reason
from pytest_etsi.probes.tls.suites import authentication, suite_name
from pytest_etsi.probes.witness import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_etsi.probes.tls._starttls import StartTls

__all__ = ["Enumeration", "enumerate_dtls", "enumerate_tls"]

_TLS12, _TLS13 = VERSIONS["TLSv1.2"], VERSIONS["TLSv1.3"]
_MOST_NAMES = 8
_SUITES_13 = (0x1301, 0x1302, 0x1303)
_USUAL_GROUPS = (0x001D, 0x0017, 0x0018, 0x0019)
_OLDER = (0x0303, 0x0302, 0x0301)


def enumerate_tls(
    host: str,
    port: int,
    *,
    server_name: str | None = None,
    starttls: StartTls | None = None,
    timeout_s: float = bounds.TLS.step_s,
    deadline_s: float = bounds.TLS.whole_s,
) -> TlsObservation:
    """Find what a TLS server accepts: versions, cipher suites, groups, signature algorithms and other settings.

    Args:
        host: name or address.
        port: TCP port.
        server_name: name for the hello's server_name extension; by default the host, when that is a name.
        starttls: protocol that has to be spoken before; None: TLS from the first byte.
        timeout_s: seconds to wait for one answer.
        deadline_s: seconds after which the enumeration ends with what it has.
    """
    name = server_name_of(host) if server_name is None else server_name
    endpoint = StreamEndpoint(host, port, starttls)
    return Enumeration(endpoint, name, timeout_s, Deadline(deadline_s), VERSIONS).run()


def enumerate_dtls(
    host: str,
    port: int,
    *,
    server_name: str | None = None,
    timeout_s: float = bounds.DTLS.step_s,
    deadline_s: float = bounds.DTLS.whole_s,
) -> TlsObservation:
    """As `enumerate_tls`, for DTLS 1.0 and 1.2 on a UDP port; a connection is one exchange of datagrams.

    Args:
        host: name or address.
        port: UDP port.
        server_name: name for the hello's server_name extension; by default the host, when that is a name.
        timeout_s: seconds to wait for one answer.
        deadline_s: seconds after which the enumeration ends with what it has.
    """
    name = server_name_of(host) if server_name is None else server_name
    endpoint = DatagramEndpoint(host, port)
    return Enumeration(endpoint, name, timeout_s, Deadline(deadline_s), DATAGRAM_VERSIONS).run()


class Enumeration:
    """One enumeration of one server.

    Args:
        endpoint: where hellos are sent to.
        name: for the server_name extension; empty: none.
        timeout_s: seconds to wait for one answer.
        deadline: for all of it.
        versions: what is asked for, by label.
        sleep: waits; for tests.
    """

    def __init__(
        self,
        endpoint: StreamEndpoint | DatagramEndpoint,
        name: str,
        timeout_s: float,
        deadline: Deadline,
        versions: Mapping[str, int],
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.endpoint, self.name, self.deadline, self.versions = endpoint, name, deadline, versions
        self.watch = Watch(deadline, sleep=sleep)
        self.talk = Talk(endpoint, timeout_s, deadline, self.watch, sleep)
        self.asked_name = name
        self.notes: list[str] = []
        self.open: dict[str, list[str]] = {}
        self.part = ""
        self.suites: dict[int, list[int]] = {}
        self.chosen: set[tuple[int, int]] = set()
        self.ssl2: tuple[str, ...] = ()
        self.lists = Lists(self)
        self.primes: set[bytes] = set()
        self.chains: dict[str, tuple[bytes, ...]] = {}
        self.client_certificate = False
        self.features = Features()
        self.accepted = Versions(self)

    def run(self) -> TlsObservation:
        """Ask for everything."""
        met = self._meet()
        if met is None or self.talk.heard or met.kind in {"closed", "reset"}:
            self._ask_everything()
            if self.talk.unsteady or self._missed():
                self.talk.strict = True
                self._ask_everything()
            self._end("" if met is None else reason(met))
        else:
            self.watch.gap(reason(met))
        if self.suites and not self.chains and not self.deadline.expired:
            self._certificate_by_library()
        if self.talk.short:
            self.watch.gap(
                "only hellos below 256 bytes are answered: few groups and signature algorithms were offered"
            )
        if self.deadline.expired:
            self.watch.gap(f"the deadline of {self.deadline.seconds:g} s passed")
        for version, suite in self._missed():
            self.watch.gap(f"{self._label(version)}: {suite_name(suite)} was accepted, and refused later")
        for message in (message for messages in self.open.values() for message in messages):
            self.watch.gap(message)
        return observation(self)

    def _end(self, refusal: str) -> None:
        """Ask the witness a last time, and what belongs to a version that was found only then."""
        known = set(self.suites)
        self.watch.end(nothing_answered=f"no hello was accepted, so that refusals show nothing ({refusal})")
        if set(self.suites) != known:
            self._ask_settings()
            self.watch.look()

    def _meet(self) -> HelloAnswer | None:
        """The first hello that is accepted: as clients send it, an older one, and both without a name; or a refusal."""
        offers = [HelloOffer(_TLS12, COMMON)]
        if _TLS13 in self.versions.values():
            suites = (*_SUITES_13, *COMMON)
            offers.insert(0, HelloOffer(_TLS13, suites, groups=_USUAL_GROUPS, older=_OLDER, shares=True))
        answer: HelloAnswer | None = None
        for pause in (0.0, *FIRST_S):
            self.talk.wait(pause)
            for name in dict.fromkeys((self.asked_name, "")):
                for offer in offers:
                    answer = self.ask(replace(offer, server_name=name))
                    if answer is not None and answer.kind == "hello":
                        self.name = name
                        self.accepted.speaks_13 = answer.version == _TLS13
                        self.accepted.passed_over = bool(offer.older) and answer.version != _TLS13
                    if answer is None or answer.kind in {"hello", "refused"}:
                        return answer
            if self.talk.heard or (answer is not None and answer.kind not in {"closed", "reset"}):
                break  # only who closes may be busy with somebody else
        return answer

    def _ask_everything(self) -> None:
        for label, number in sorted(self.versions.items(), key=lambda one: -one[1]):
            self._part(label, lambda number=number: self.accepted.find(number))  # type: ignore[misc]
        if isinstance(self.endpoint, StreamEndpoint):
            self._part("SSLv2", self._ssl2)
        self._ask_settings()
        names = self._other_names() if self.suites else ()
        for name in names:
            self._part(f"the name {name}" if name else "no name", lambda name=name: self._under(name))  # type: ignore[misc]
        if self.suites and not names:
            self._part("what was refused", self._once_more)
        if self.suites and _TLS13 in self.accepted.twice - set(self.suites):
            self._part("TLS 1.3 at last", self._at_last)

    def _ask_settings(self) -> None:
        if self.suites:
            self._part("groups and signature algorithms", self.lists.exhaust, hopeful=True)
            self._part("settings", lambda: self.features.find(self), hopeful=True)

    def _part(self, what: str, asks: Callable[[], None], *, hopeful: bool = False) -> None:
        """Ask the questions of a part; what they leave open is forgotten where they are asked again.

        Args:
            what: the part, for a person.
            asks: asks its questions.
            hopeful: the first of them is probably accepted.
        """

        def anew() -> None:
            self.open[what], self.part = [], what
            asks()

        if self.talk.doubtful(hopeful=hopeful):
            self.watch.look()
        if not self.deadline.expired and not self.watch.gone:
            self.watch.later(what, anew)

    # Questions ----------------------------------------------------------------------------------------------

    @property
    def shares(self) -> bool:
        """Whether hellos of TLS 1.3 bring key shares."""
        return self.accepted.shares

    def ask(self, offer: HelloOffer, *, light: bool = False, optional: bool = False) -> HelloAnswer | None:
        """One question; None when there is no use in going on with what it belongs to.

        Args:
            offer: the hello.
            light: a refusal shows nothing, because more is asked for next.
            optional: nothing stays open where there is no answer.
        """
        answer = self.talk.ask(offer, light=light)
        if answer is None:
            return None
        if answer.kind in {"silent", "refused"} and self.talk.heard and not optional:
            self.trouble(f"{self._label(offer.version)}: {reason(answer)}")
            return None
        self._note(answer, offer)
        return answer

    def _note(self, answer: HelloAnswer, offer: HelloOffer) -> None:
        """Keep what an answer tells beside its choice."""
        if answer.kind != "hello":
            return
        self.chosen.add((answer.version, answer.suite))
        if answer.detail:
            self.trouble(f"{self._label(answer.version)}: {answer.detail}")
        if answer.certificates:
            self.chains.setdefault(authentication(answer.suite), answer.certificates)
        self.client_certificate |= answer.client_certificate
        if answer.dh_prime:
            self.primes.add(answer.dh_prime)
        self.features.note(answer, offer, self.suites)

    def _missed(self) -> tuple[tuple[int, int], ...]:
        """What was accepted, by version, where another was asked for, and not found where it was asked for."""
        wanted = self.versions.values()
        return tuple(
            (version, suite)
            for version, suite in sorted(self.chosen)
            if version in wanted and suite not in self.suites.get(version, ())
        )

    def _label(self, version: int) -> str:
        return next((name for name, number in self.versions.items() if number == version), f"0x{version:04X}")

    def trouble(self, message: str) -> None:
        """Note that something stays open, in one sentence."""
        self.open.setdefault(self.part, []).append(message)

    def _ssl2(self) -> None:
        assert isinstance(self.endpoint, StreamEndpoint)  # noqa: S101 - for the type checker
        endpoint = self.endpoint

        def ask(deadline: Deadline) -> HelloAnswer:
            answer, self.ssl2 = ask_ssl2(endpoint, deadline)
            return answer

        answer = self.talk.once(ask)
        if answer.kind in {"garbage", "refused"}:
            shown = f": {printable(answer.first_bytes, 60)}" if answer.first_bytes else ""
            self.trouble(f"SSLv2: {answer.detail}{shown}")
        elif answer.certificates:
            self.chains.setdefault("SSLv2", answer.certificates)
        if answer.kind != "hello":
            self.talk.refused()

    # Other names --------------------------------------------------------------------------------------------

    def _other_names(self) -> tuple[str, ...]:
        """Names under which a server may accept more: none, and those of its certificates."""
        if not self.chains and not self.deadline.expired:
            self._certificate_by_library()
        facts = (facts_of(chain, self.notes) for chain in self.chains.values())
        # A name with a star stands for any; "camera.test" and "CAMERA.test" are one.
        certified = (
            server_name_of(name.replace("*", "any").lower())
            for one in facts
            if one is not None
            for name in one.names
        )
        names = dict.fromkeys((self.asked_name, "", *filter(None, certified)))
        others = tuple(name for name in names if name != self.name)
        left = others[_MOST_NAMES:]
        self.open["names"] = (
            [f"{len(left)} further names of the certificate were not asked for, such as {left[0]}"]
            if left
            else []
        )
        return others[:_MOST_NAMES]

    def _under(self, name: str) -> None:
        """Ask under another name for what is not accepted so far."""
        usual, self.name = self.name, name
        for version in sorted(self.versions.values(), key=_order):
            if version > VERSIONS["SSLv3"]:  # whose hello carries no name
                self.accepted.find(version, brief=True)
        self.name = usual

    def _once_more(self) -> None:
        """Ask for what was refused just once, after a while."""
        known = {version: len(found) for version, found in self.suites.items()}
        asked = 0
        self.talk.in_a_row = IN_A_ROW + len(self.accepted.once)  # afterwards: the first time had its own
        for version in sorted(self.accepted.once, key=_order):
            # The hello of a version up to TLS 1.2 asks for the older ones too, where it is not spoken itself.
            if asked in self.suites or version != asked - 1 or asked == _TLS13:
                self.accepted.find(version, brief=True)
            asked = version
        self.talk.in_a_row = IN_A_ROW
        found = {version: len(found) for version, found in self.suites.items()}
        self.talk.unsteady = self.talk.unsteady or found != known

    def _at_last(self) -> None:
        """Ask by one hello for TLS 1.3, which is refused first and twice in a row, as late as can be.

        Where it is accepted now it was missed, so that everything is asked for again.
        """
        offer = HelloOffer(_TLS13, _SUITES_13, self.name, groups=_USUAL_GROUPS, shares=True)
        self.ask(offer, light=True, optional=True)

    def _certificate_by_library(self) -> None:
        """TLS 1.3 encrypts the certificate, so a real handshake has to fetch it."""
        if not isinstance(self.endpoint, StreamEndpoint):
            return
        certificate, why_not = self.endpoint.certificate(self.name, self.talk.ready())
        if certificate:
            self.chains["TLSv1.3"] = (certificate,)
        elif why_not:
            self.notes.append(f"the certificate could not be read: {why_not}")


def _order(version: int) -> tuple[bool, int]:
    """Sorts versions that are asked for once more: TLS 1.3, which was refused first, comes last; others descend."""
    return version == _TLS13, -version
