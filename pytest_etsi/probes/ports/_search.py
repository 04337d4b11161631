"""The parts of a scan with witnesses between them, and the second look at every port that accepted."""

from __future__ import annotations

from functools import partial
from itertools import chain, repeat
from typing import TYPE_CHECKING

from pytest_etsi.probes.ports._confirm import Look, look_again
from pytest_etsi.probes.ports._engine import MOST_REFUSED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_etsi.probes._net import Deadline
    from pytest_etsi.probes.ports._engine import Asking
    from pytest_etsi.probes.witness import Watch

__all__ = ["MOST_SERVICES", "Search"]

MOST_SERVICES = 256
"""A host that accepts on more ports than this shows no services: something before it, or a trap, accepts them all."""

_PART = 500
"""Questions between two looks at the witnesses."""
_PART_BY_CONNECTIONS = 4096
"""The same where every look is a connection, of which the programs of the device take notice."""
_AT_ONCE_HERE = 200
_AT_ONCE = 4
"""Connections that are kept open at a time with another machine: the smallest devices have five sockets."""
_AT_ONCE_MANY = 64
"""The same with a machine that accepts on hundreds of ports, which is no small device."""
_MOST_WITNESSES = 8
"""Open ports that take turns as witnesses."""
_SAMPLE = 16
"""Ports that are looked at again when more accept than a device has services."""


class Search:
    """Asks all ports of one host.

    Args:
        asking: how ports are asked.
        watch: keeps the account of witnesses.
        family: of the address.
        address: of the host, as `socket.getaddrinfo` gives it.
        timeout_s: seconds to wait for one port's answer.
        deadline: the end, whatever is left.
        here: the host is this machine.

    Attributes:
        accepts_all: ports accept that no service has, so that what accepts shows nothing.
    """

    def __init__(
        self,
        asking: Asking,
        watch: Watch,
        family: int,
        address: tuple[object, ...],
        timeout_s: float,
        deadline: Deadline,
        *,
        here: bool,
    ) -> None:
        self._asking = asking
        self._watch = watch
        self._family = family
        self._address = address
        self._timeout_s = timeout_s
        self._deadline = deadline
        self._here = here
        self._looked: dict[int, Look] = {}
        self._next_sample = MOST_SERVICES
        self.accepts_all = False
        self._turn = 0
        self._witness: int | None = None
        self._silenced = False

    @property
    def open(self) -> tuple[int, ...]:
        """Ports that accepted twice; where everything accepts, all that accepted once."""
        return tuple(sorted(self._asking.open)) if self.accepts_all else self._that(Look.OPEN)

    @property
    def reset(self) -> tuple[int, ...]:
        """Ports that accepted and reset at once."""
        return () if self.accepts_all else self._that(Look.RESET)

    @property
    def unsettled(self) -> tuple[int, ...]:
        """Ports that accepted once, and later refused or stayed silent."""
        return () if self.accepts_all else self._that(Look.SILENT, Look.CLOSED)

    def _that(self, *looks: Look) -> tuple[int, ...]:
        return tuple(sorted(port for port, look in self._looked.items() if look in looks))

    def run(
        self, ports: Sequence[int], first: Sequence[int], then: Sequence[int], *, by_connections: bool
    ) -> None:
        """Ask `ports`, those among them that are `first` before the others, and those that are named `then` next."""
        asking, wanted = self._asking, frozenset(ports)
        early = [port for port in dict.fromkeys(first) if port in wanted]
        likely = sorted(wanted.intersection(then).difference(early))
        others = sorted(wanted.difference(early, likely))
        size = _PART_BY_CONNECTIONS if by_connections else _PART
        for part in filter(None, (early, *_pieces(likely, size), *_pieces(others, size))):
            unwitnessed = bool(asking.closed or asking.silent) and not asking.open
            self._watched(f"ports {part[0]} to {part[-1]}", partial(asking.ask, part), self._sample)
            if unwitnessed and asking.open and not self.accepts_all:
                # Refusals are believed where a port is known to accept at that time: these came before the first one.
                self._watched("the ports before the first open one", asking.again_as_fast, self._sample)
            if self.accepts_all or self._deadline.expired or self._is_down():
                break
        if not self.accepts_all:
            self._watched("a second look at the ports that accepted", lambda: None, self._finish)
        asking.keep()

    def why_incomplete(self, total: int, shortage: str) -> str:
        """What keeps the search among so many ports from being complete; empty: nothing."""
        opened = len(self._asking.open)
        if self.accepts_all:
            return (
                f"{opened} of the first {self._asking.done} ports accept, and some that had refused at first or "
                "that no service has: not asked further"
            )
        unseen = total - self._asking.done + opened - len(self._looked)
        if unseen and (shortage or self._deadline.expired):
            return shortage or f"the deadline of {self._deadline.seconds:g} s passed"
        if self._watch.gaps:
            changed = "fell silent" if self._silenced else "changed its answers"
            return f"the host {changed}: {'; '.join(self._watch.gaps)}"
        if unseen:
            return "cut short: this machine has no sockets left"
        if self.unsettled:
            return f"accepted once and not afterwards: port {', '.join(map(str, self.unsettled[:8]))}"
        return ""

    def _finish(self) -> None:
        self._asking.ask((), to_the_end=True)
        self._look_again()

    def _watched(self, what: str, asks: Callable[[], None], after: Callable[[], None]) -> None:
        """Ask, and where a witness fails after that, ask once more what was said since they last were right."""
        rounds = chain((asks,), repeat(self._asking.again))

        def part() -> None:
            next(rounds)()
            after()

        if not self._choose_witnesses():
            part()
            return
        self._watch.part(what, part)
        if self._witness is not None:
            self._asking.keep()

    def _choose_witnesses(self) -> bool:
        """Have the watch look at a port that refused and at one that accepted, each time at another of these."""
        asking, chosen = self._asking, False
        if asking.refused:
            self._watch.add("a port that refused", self._still_refuses)
            chosen = True
        if asking.open:
            port = asking.open[self._turn % min(len(asking.open), _MOST_WITNESSES)]
            self._turn += 1
            self._watch.add(f"tcp/{port}", partial(self._still_accepts, port))
            if self._witness not in (None, port):
                self._watch.forget(f"tcp/{self._witness}")
            self._witness = port
            chosen = True
        return chosen

    def _still_accepts(self, port: int) -> bool:
        said = self._asking.answer_of(port)
        self._silenced = not said
        return said == "open"

    def _still_refuses(self) -> bool:
        """Whether one of the ports that refused does so again; one alone may have been opened meanwhile."""
        for port in self._asking.refused:
            said = self._asking.answer_of(port)
            self._silenced = not said
            if said != "open":
                return said == "closed"
        self.accepts_all = len(self._asking.refused) == MOST_REFUSED
        return self.accepts_all

    def _is_down(self) -> bool:
        """Whether the host is gone altogether, so that nothing can be found any more."""
        if not self._watch.gone or not self._asking.refused:
            return False
        return not self._asking.answer_of(self._asking.refused[0])

    def _sample(self) -> None:
        """Where many ports accept, tell by some of them whether all do, or an address translator only seems to."""
        opened = self._asking.open
        if len(opened) <= self._next_sample:
            return
        self._next_sample *= 4
        self._look_again(opened[:: -(-len(opened) // _SAMPLE)])
        looks = list(self._looked.values())
        self.accepts_all = looks.count(Look.RESET) + looks.count(Look.CLOSED) < len(looks) / 2

    def _look_again(self, some: Sequence[int] | None = None) -> None:
        ports = sorted(set(self._asking.open if some is None else some).difference(self._looked))
        many = len(self._asking.open) > MOST_SERVICES
        self._looked.update(
            look_again(
                self._family,
                self._address,
                ports,
                at_once=_AT_ONCE_HERE if self._here else _AT_ONCE_MANY if many else _AT_ONCE,
                timeout_s=self._timeout_s,
                deadline=self._deadline,
                here=self._here,
            )
        )


def _pieces(ports: Sequence[int], size: int) -> list[Sequence[int]]:
    return [ports[at : at + size] for at in range(0, len(ports), size)]
