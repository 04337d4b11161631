"""Questions to one server, each asked until its answer can be relied on.

A server may be slow, busy, or stumble over the length of a hello, and a refusal looks the same as all of these. So a
hello that was accepted is kept as the witness: after a connection that was closed, and after several refusals in a row,
it is sent again. Where it is no longer answered as before, what was refused meanwhile is asked once more. There is one
of TLS 1.3 and one of what came before it, for a server may be at its end with one and not with the other.

An alert that speaks of what was offered is a refusal at once, unless the server was seen to answer by such alerts what
it accepts (`unsteady`): then it counts as what may be owed to the moment (`strict`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.tls._model import VERSIONS, HelloAnswer
from pytest_etsi.probes.tls.suites import suite_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_etsi.probes._net import Deadline
    from pytest_etsi.probes.tls._ask import StreamEndpoint
    from pytest_etsi.probes.tls._dtls import DatagramEndpoint
    from pytest_etsi.probes.tls._hello import HelloOffer
    from pytest_etsi.probes.witness import Watch

__all__ = ["FIRST_S", "IN_A_ROW", "SHORT", "Talk", "reason"]

_TLS13 = VERSIONS["TLSv1.3"]
_REFUSALS = frozenset({40, 47, 70, 71, 86, 109, 110, 112, 120})
"""Alerts that speak of what was offered; any other may be owed to the moment."""
_SAID = frozenset({"alert", "closed", "reset", "garbage"})
"""Answers that may refuse what was offered."""
IN_A_ROW = 3
"""So many refusals may usually come one after the other until the witness is asked."""
FIRST_S = (0.5, 2.0)
"""Seconds to wait for a server that takes no connection and has not been heard."""
_BUSY_S = (0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds to wait for one that has; what was needed is waited before each connection from then on."""
_PATIENCE = 3
"""A first flight may take so many times as long as others: nothing is known of the server's pace yet."""
SHORT = 20
"""Suites of a short hello, which stays below 256 bytes."""
_SHORT_LIST = 8
_LONG = 512


@dataclass(slots=True)
class Talk:
    """A conversation with one server, over as many connections as it takes.

    Attributes:
        endpoint: where hellos are sent to.
        timeout_s: seconds to wait for one answer, unless the server shows that it takes longer.
        deadline: for all of it.
        watch: the account of what was asked.
        sleep: waits; for tests.
        connections: made so far.
        witness: a hello that was accepted.
        short: only hellos of less than 256 bytes are answered.
        heard: the server answered something.
        strict: an alert that speaks of what was offered may be owed to the moment as well.
        unsteady: such an alert came where a hello was accepted before.
        twice: the last refusal came twice, with the witness accepted between.
        in_a_row: so many refusals may come one after the other until the witness is asked.
    """

    endpoint: StreamEndpoint | DatagramEndpoint
    timeout_s: float
    deadline: Deadline
    watch: Watch
    sleep: Callable[[float], None] = time.sleep
    connections: int = 0
    witness: HelloOffer | None = None
    short: bool = False
    heard: bool = False
    strict: bool = False
    unsteady: bool = False
    twice: bool = False
    in_a_row: int = IN_A_ROW
    _vouching: dict[bool, tuple[HelloOffer, int, int]] = field(default_factory=dict)
    _newest: bool = False
    _padded: bool = False
    _pause_s: float = 0.0
    _took_s: float | None = None
    _silences: int = 0
    _refusals: int = 0
    _doubted: bool = False

    def ask(self, offer: HelloOffer, *, light: bool = False) -> HelloAnswer | None:
        """One question; None: nothing can be said, because of the time or because the server is not as before.

        What may be owed to the moment (closing, silence, another protocol) is a refusal when it happens twice, with the
        witness accepted between.

        Args:
            offer: the hello.
            light: a refusal shows nothing, so that one is enough.
        """
        answer, told, before = None, 0, self._refusals
        for form, short in self._forms(offer):
            if self._doubted or self.deadline.expired or self.watch.gone:
                return None
            answer = self._asked(form, short=short)
            told += 1
            if answer.kind == "hello":
                if answer.detail and told == 1:
                    continue
                self._accepted(form, answer)
                return answer
            self._refusals += 1
            self._newest = offer.version == _TLS13
            self.twice = told == 2
            if light and answer.kind in _SAID:
                return answer
            plain = _plain(answer) and not self.strict
            if self.witness is None:
                if plain or self._is_enough(answer, offer):
                    return answer
                continue
            if told == 2 or (plain and self._refusals < self.in_a_row):
                return answer
            if self._look():
                if plain:
                    return answer
                continue
            if not self._back() or before:
                break  # what was refused before this is in doubt as well
            told = 0
        if self.witness is None:
            return answer
        self._doubted = True
        return None

    def as_before(self) -> bool:
        """Whether the witness is answered as before; it is not asked again where it was just now."""
        if self._doubted:
            self._doubted = False
            return False
        return not self._refusals or self._look()

    def doubtful(self, *, hopeful: bool) -> bool:
        """Whether the witness should be asked before anything else is.

        Args:
            hopeful: what is asked next is probably accepted, and vouches as well.
        """
        return self._doubted or (self._refusals >= self.in_a_row and not hopeful)

    def refused(self) -> None:
        """Count a refusal of a question that was asked by `once`."""
        self._refusals += 1
        self._newest = False

    def once(self, ask: Callable[[Deadline], HelloAnswer]) -> HelloAnswer:
        """One question of any kind, as soon as a connection is taken."""
        answer, waited = HelloAnswer("silent"), 0.0
        for pause in (0.0, *(_BUSY_S if self.heard else FIRST_S)):
            self.wait(pause)
            waited += pause
            answer = self._connected(ask)
            if answer.kind != "refused":
                break
            if self.deadline.expired or (answer.first_bytes and self.connections > 1):
                return answer  # it was told so in words, twice
        if self.heard and answer.kind != "refused":
            self._pause_s += waited
        self.heard = self.heard or answer.kind in {"hello", "alert"} or bool(answer.cookie)
        return answer

    def ready(self) -> Deadline:
        """Wait until the server can be connected to, as far as its pace is known; gives the time for its answer."""
        self.wait(self._pause_s)
        self.connections += 1
        return self.deadline.within(self._patience_s())

    def wait(self, seconds: float) -> None:
        """Sleep so long, within the deadline; not at all for no time, which would cost a change of the process."""
        if seconds:
            self.sleep(self.deadline.left(seconds))

    # One question -------------------------------------------------------------------------------------------

    def _connected(self, ask: Callable[[Deadline], HelloAnswer]) -> HelloAnswer:
        answer = ask(self.ready())
        self._silences += answer.kind == "silent" or bool(answer.cookie)
        return answer

    def _forms(self, offer: HelloOffer) -> Iterator[tuple[HelloOffer, bool]]:
        """The hello as others were answered and in another length, in turns, or short where none was; and if it is."""
        usual = self._shaped(offer, padded=self._padded, short=self.short)
        other = self._shaped(offer, padded=not self._padded, short=self.short)
        if self.witness is not None:
            for form in (usual, other) * 2:
                yield form, self.short
            return
        yield usual, self.short
        if self.heard or len(offer.record()) < _LONG:
            yield other, self.short
        if not self.heard:
            yield self._shaped(offer, padded=False, short=True), True

    def _is_enough(self, answer: HelloAnswer, offer: HelloOffer) -> bool:
        """Whether a hello is not sent in another form to a server that was not heard: an older one may be next."""
        return answer.kind == "refused" or (not self.heard and bool(offer.older))

    def _shaped(self, offer: HelloOffer, *, padded: bool, short: bool) -> HelloOffer:
        if not short:
            return replace(offer, padded=padded)
        groups, signatures = offer.all_groups[:_SHORT_LIST], offer.signatures[:_SHORT_LIST]
        return replace(
            offer,
            suites=offer.suites[:SHORT],
            groups=groups,
            signatures=signatures,
            shares=False,
            padded=False,
        )

    def _asked(self, offer: HelloOffer, *, short: bool) -> HelloAnswer:
        began, flight = self.deadline.elapsed, offer.version < _TLS13
        answer = self.once(lambda deadline: self.endpoint.ask(offer, deadline, flight=flight))
        self.short = short and self.heard
        return self._judged(offer, answer, began)

    def _judged(self, offer: HelloOffer, answer: HelloAnswer, began: float) -> HelloAnswer:
        """The answer as what it is to this hello."""
        if answer.kind == "hello" and answer.suite not in offer.suites:
            return HelloAnswer("garbage", detail=f"{suite_name(answer.suite)} was chosen, though not offered")
        if answer.kind in {"hello", "alert"}:
            self._padded = offer.padded
        if answer.kind == "hello" and offer.version < _TLS13:
            self._took_s = max(self._took_s or 0.0, self.deadline.elapsed - began)
        return answer

    def _patience_s(self) -> float:
        """Seconds to wait for an answer."""
        longest = _PATIENCE * self.timeout_s
        if self._took_s is None:
            return longest if self._silences < 2 else self.timeout_s
        return max(self.timeout_s, min(longest, 3 * self._took_s))

    # The witness --------------------------------------------------------------------------------------------

    def _accepted(self, form: HelloOffer, answer: HelloAnswer) -> None:
        self._refusals = 0
        self.watch.answered()
        # Without a key share a server answers TLS 1.3 though it may be too busy to compute anything.
        if answer.version < _TLS13 or form.shares or self.witness is None:
            self._vouching.setdefault(answer.version == _TLS13, (form, answer.version, answer.suite))
        if self.witness is None:
            self.witness = form
            self.watch.add("the first hello that was accepted", self.as_before)

    def _look(self, *, vouches: bool = True) -> bool:
        """Whether the witness is answered as before, at the first attempt.

        Args:
            vouches: for what was asked since it was the last time.
        """
        if not self._vouching:
            return False
        other = next(iter(self._vouching.values()))
        witness, version, suite = self._vouching.get(self._newest, other)
        answer = self._connected(
            lambda deadline: self.endpoint.ask(witness, deadline, flight=witness.version < _TLS13)
        )
        self.unsteady = self.unsteady or _plain(answer)
        if answer.kind != "hello" or (answer.version, answer.suite) != (version, suite):
            return False
        if vouches:
            self._refusals = 0
            self.watch.answered()
        return True

    def _back(self) -> bool:
        """Wait a moment for a server that serves one connection at a time, and go on at its pace."""
        waited = 0.0
        for pause in _BUSY_S[1:]:
            if self.deadline.expired:
                return False
            self.wait(pause)
            waited += pause + self._pause_s
            if self._look(vouches=False):
                self._pause_s = waited
                return True
        return False


def _plain(answer: HelloAnswer) -> bool:
    """Whether an answer refuses what was offered, whatever the moment."""
    return answer.kind == "alert" and answer.alert in _REFUSALS


def reason(answer: HelloAnswer) -> str:
    """Why an answer tells nothing, for a person."""
    if answer.kind == "garbage" and answer.first_bytes:
        return f"not TLS: {printable(answer.first_bytes, 60)}"
    return answer.detail or answer.kind
