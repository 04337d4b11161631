"""Settings of a server beside its versions and suites: most are told by answers that come anyway."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from pytest_etsi.probes.tls._hello import HelloOffer
from pytest_etsi.probes.tls._model import VERSIONS, TlsFeatures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_etsi.probes.tls._model import HelloAnswer

__all__ = ["Features"]

_TLS10, _TLS12, _TLS13 = VERSIONS["TLSv1.0"], VERSIONS["TLSv1.2"], VERSIONS["TLSv1.3"]
_DEFLATE = 1
_HEARTBEAT, _ALPN, _MASTER_SECRET, _TICKET, _RENEGOTIATION = 15, 16, 23, 35, 0xFF01
_PROTOCOLS = ("h2", "http/1.1", "mqtt", "coap")


class Asker(Protocol):
    """Sends hellos to one server."""

    name: str
    suites: dict[int, list[int]]

    def ask(self, offer: HelloOffer) -> HelloAnswer | None:
        """Send a hello; None when there was no answer, which has been noted."""

    def trouble(self, message: str) -> None:
        """Note that something stays open."""


@dataclass(slots=True)
class Features:
    """Collects what answers tell, and asks for the rest.

    Attributes:
        seen: what is known so far.
    """

    seen: TlsFeatures = field(default_factory=TlsFeatures)

    def note(self, answer: HelloAnswer, offer: HelloOffer, accepted: Mapping[int, Sequence[int]]) -> None:
        """Take from an answer what it tells of itself.

        Args:
            answer: a ServerHello.
            offer: what it answers to.
            accepted: suites by version, as far as they are known.
        """
        if not _TLS10 <= answer.version < _TLS13:
            return
        told, seen = answer.extensions, self.seen
        # Missing once is missing; taken up once is taken up.
        seen = replace(
            seen,
            secure_renegotiation=seen.secure_renegotiation is not False and _RENEGOTIATION in told,
            extended_master_secret=bool(seen.extended_master_secret) or _MASTER_SECRET in told,
            session_tickets=bool(seen.session_tickets) or _TICKET in told,
            session_ids=bool(seen.session_ids) or bool(answer.session_id),
        )
        if offer.heartbeat:
            seen = replace(seen, heartbeat=_HEARTBEAT in told)
        if max(accepted, default=0) > answer.version:
            wanted = b"DOWNGRD\1" if answer.version == _TLS12 else b"DOWNGRD\0"
            kept = seen.downgrade_sentinel is not False and answer.random[24:] == wanted
            seen = replace(seen, downgrade_sentinel=kept)
        self.seen = seen

    def find(self, asker: Asker) -> None:
        """Ask for compression, application protocols, heartbeat and the protection of fallbacks."""
        old = max((version for version in asker.suites if version < _TLS13), default=None)
        if old is None:
            return
        answer, protocols = self._compression(asker, old)
        # Between two questions that are accepted as a rule, so that these are the control of its refusal.
        self._fallback(asker, old)
        self._protocols(asker, old, answer, protocols)

    def _compression(self, asker: Asker, version: int) -> tuple[HelloAnswer | None, tuple[str, ...]]:
        """Ask for compression; the answer, and the application protocols that were on offer."""
        suites = tuple(asker.suites[version][:60])
        compressions = bytes([_DEFLATE, 0])
        protocols: tuple[str, ...] = _PROTOCOLS
        answer = asker.ask(
            HelloOffer(version, suites, asker.name, compressions=compressions, alpn=protocols, heartbeat=True)
        )
        if answer is not None and answer.kind != "hello":
            # Possibly because none of the application protocols suits it.
            protocols = ()
            answer = asker.ask(HelloOffer(version, suites, asker.name, compressions=compressions))
        if answer is None or answer.kind != "hello":
            asker.trouble("whether compression is taken up could not be asked")
            return None, ()
        self.seen = replace(self.seen, compression=answer.compression == _DEFLATE)
        return answer, protocols

    def _protocols(
        self, asker: Asker, version: int, answer: HelloAnswer | None, protocols: tuple[str, ...]
    ) -> None:
        """Ask for application protocols until none is chosen.

        Args:
            asker: sends hellos.
            version: to ask at.
            answer: to a hello with `protocols` on offer; None: there was none.
            protocols: what was on offer.
        """
        suites = tuple(asker.suites[version][:60])
        while answer is not None and (chosen := _chosen_protocol(answer)) in protocols:
            self.seen = replace(self.seen, alpn=(*self.seen.alpn, chosen))
            protocols = tuple(name for name in protocols if name != chosen)
            answer = asker.ask(HelloOffer(version, suites, asker.name, alpn=protocols)) if protocols else None

    def _fallback(self, asker: Asker, old: int) -> None:
        newest = max(asker.suites)
        lower = max((version for version in asker.suites if version < newest), default=None)
        if lower is None:
            return
        lower = min(lower, old)
        answer = asker.ask(HelloOffer(lower, tuple(asker.suites[lower][:60]), asker.name, fallback=True))
        if answer is not None:
            # The alert should be inappropriate_fallback; some close without a word. The same was accepted before, so
            # that any refusal is owed to the signal.
            self.seen = replace(self.seen, fallback_scsv=answer.kind != "hello")


def _chosen_protocol(answer: HelloAnswer) -> str:
    """The application protocol that a ServerHello names (RFC 7301); empty: none."""
    content = answer.extensions.get(_ALPN, b"")
    return content[3:].decode("latin-1") if len(content) > 3 and content[2] == len(content) - 3 else ""
