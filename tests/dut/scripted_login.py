"""A login that is scripted, with a clock of its own: locks of any length are attacked within no time.

`ScriptedLogin` stands for the core that observers get; it has only what `observe_guessing` asks of it.
"""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment import criteria
from pytest_etsi.dut.observe.brute_force import observe_guessing
from pytest_etsi.dut.reach.auth import Attempt
from pytest_etsi.verdict import Cause, Inconclusive

from tests.criteria.documents import entry_of  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.assessment.findings import Findings
    from pytest_etsi.dut.observe.brute_force import GuessingLog

__all__ = ["RIGHT", "ScriptedLogin"]

RIGHT = "Owner-Password-1"
_HERE, _THERE = "192.0.2.1", "192.0.2.2"


class ScriptedLogin:
    """Locks after some wrong passwords for some time.

    Attributes:
        locks: wrong passwords until it locks; 0: never.
        lock_s: seconds of a lock; infinite: until a restart.
        grows: factor by which each further lock is longer.
        counts: what failures are counted for, of "account", "source" and "connection".
        locked: what a locked login answers; by default it says so.
        refused: what it answers to a wrong password; may differ each time.
        welcome: what it answers to the right one.
        at_once: how many passwords that arrive at the same time are examined before one counts; 0: they count at once.
        one_at_a_time: connections beside a first one are refused.
        dies_after: passwords after which it never answers again.
        sources: whether this machine has a second address.
        alive: whether it says who it is while it is locked.
        delay_s: seconds that an answer takes.
        rates: limits per time, each (attempts, seconds, kind of window), in place of the lock.
        budget: access.guess_budget of the profile.
        lets_right_in: whether a limit per time refuses wrong passwords alone.
    """

    def __init__(self) -> None:
        self.now = 1000.0
        self.locks, self.lock_s, self.grows = 3, 600.0, 1.0
        self.counts = "account"
        self.locked: Callable[[], Attempt] = lambda: Attempt("locked", "HTTP 429", 0.0, answer="locked")
        self.refused: Callable[[int], Attempt] = lambda _: Attempt("refused", "HTTP 401", 0.0, answer="no")
        self.welcome: Callable[[int], Attempt] = lambda _: Attempt("accepted", "HTTP 200", 0.0, answer="in")
        self.at_once = 0
        self.one_at_a_time = False
        self.dies_after = 0
        self.sources = True
        self.alive = True
        self.delay_s = 0.0
        self.rates: tuple[tuple[int, float, str], ...] = ()
        self.lets_right_in = False
        self.budget: int | None = None
        self.asked = 0
        self.operations = SimpleNamespace(run=self._restart)
        self.has_switch = False
        self.permissions = ("brute-force", "outage")
        self.slept = 0.0
        self._mutex = threading.Lock()
        self._wrong: dict[object, int] = {}
        self._until: dict[object, float] = {}
        self._lasts: dict[object, float] = {}
        self._failed: dict[object, list[float]] = {}
        self._batch: set[int] = set()
        self._open: set[int] = set()
        self._numbers = 0

    # As a clock ---------------------------------------------------------------------------------------------

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds

    # As the core --------------------------------------------------------------------------------------------

    @property
    def network(self) -> Any:
        return SimpleNamespace(other_source=lambda: _THERE if self.sources else None)

    @property
    def recorder(self) -> Any:
        return SimpleNamespace(observed=lambda *_: None)

    def credentials(self, _: object) -> tuple[str, str]:
        return "owner", RIGHT

    def login(self, _: str) -> Any:
        session = self.connect()
        if not session.attempt("owner", RIGHT).accepted:
            raise Inconclusive("not accepted", cause=Cause.ACCESS, settle="mend it")
        return session

    def observed_identity(self) -> dict[str, Any]:
        return {"verified": self.alive}

    def driver(self, _: object) -> Any:
        return self

    # As a driver --------------------------------------------------------------------------------------------

    def connect(self, *, source_address: str | None = None) -> Any:
        self._numbers += 1
        number = self._numbers
        self._open.add(number)
        return SimpleNamespace(
            attempt=lambda _, password: self._attempt(number, source_address or _HERE, password),
            close=lambda: self._open.discard(number),
        )

    def opens_to_anybody(self, _: str) -> bool:
        return False

    def _attempt(self, number: int, source: str, password: str) -> Attempt:
        with self._mutex:
            return self._judged(number, source, password)

    def _judged(self, number: int, source: str, password: str) -> Attempt:
        self.asked += 1
        if self.dies_after and self.asked > self.dies_after:
            return Attempt("no-answer", "ReadError", 0.0)
        if self.one_at_a_time and number != min(self._open):
            return Attempt("no-answer", "ConnectError", 0.0)
        counter = {"account": "owner", "source": source, "connection": number}[self.counts]
        if self.now < self._until.get(counter, 0.0):
            return self.locked()
        self.now += self.delay_s
        failed = self._failed.setdefault(counter, [])
        if any(self._used(failed, *rate) for rate in self.rates) and not (
            self.lets_right_in and password == RIGHT
        ):
            return self.locked()
        if password == RIGHT:
            self._wrong[counter] = 0
            failed.clear()
            return self.welcome(self.asked)
        if self.rates:
            failed.append(self.now)
            return self.refused(self.asked)
        self._wrong[counter] = self._wrong.get(counter, 0) + 1
        unseen = self.at_once if len(self._open) > 1 else 0
        if self.locks and self._wrong[counter] >= self.locks + unseen:
            self._wrong[counter] = 0
            lasts = self._lasts.get(counter, self.lock_s)
            self._lasts[counter] = lasts * self.grows
            self._until[counter] = self.now + lasts
        return self.refused(self.asked)

    def _used(self, failed: list[float], attempts: int, per_s: float, window: str) -> bool:
        """Whether a limit per time is used up."""
        since = self.now - per_s if window == "sliding" else self.now // per_s * per_s
        counted = sum(since < one if window == "sliding" else since <= one for one in failed)
        return counted >= attempts + (self.at_once if len(self._open) > 1 else 0)

    def _restart(self, _: str) -> None:
        self._until.clear()
        self._wrong.clear()

    # The attack ---------------------------------------------------------------------------------------------

    def attacked(self, **declared: Any) -> tuple[GuessingLog, Findings]:
        """The log of an attack, and what it comes to beside what is declared."""
        self.operations = _Operations(self._restart) if self.has_switch else _Operations(None)
        facts = {"brute_force": {"max_attempts": 3, "lockout_s": 600, "scope": "account"} | declared}
        for name in [name for name, value in facts["brute_force"].items() if value is None]:
            del facts["brute_force"][name]
        access = {"username": "owner", "password": RIGHT, "guess_budget": self.budget}
        entry = entry_of("1-AuthMech", {"facts": facts, "access": access})
        log = observe_guessing(self, entry, clock=self)  # type: ignore[arg-type]
        return log, criteria.brute_force.guessing(entry, log)


class _Operations:
    def __init__(self, run: Callable[[str], None] | None) -> None:
        self._run = run

    def __contains__(self, name: str) -> bool:
        return self._run is not None and name == "power-cycle"

    def run(self, name: str) -> None:
        assert self._run is not None
        self._run(name)
