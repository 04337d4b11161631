"""Looking at limits of attempts per time: while they hold, over longer windows, and over many connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.dut.observe.brute_force._lock import LATE_S, LONGEST_WAIT_S, LockWatch

if TYPE_CHECKING:
    from pytest_etsi.dut.observe.brute_force._asking import Asking, Clock
    from pytest_etsi.profile.facts import RateFacts

__all__ = ["WindowWatch"]

_MOST_AT_ONCE = 16
_LOOKS = 4
"""Times that a limit is looked at in one window."""
_MOST_WINDOWS = 3
"""Windows that are looked at: one that lasts three quarters of its stated time, or less, is told by the fourth."""


class WindowWatch:
    """What watches the limits per time of one attack, once the first of them has been met.

    Args:
        rates: the limits, one at least.
        budget: wrong passwords in a row, at most.
        most: wrong passwords in all, at most; None: that is not stated.
    """

    def __init__(
        self,
        rates: tuple[RateFacts, ...],
        asking: Asking,
        watch: LockWatch,
        clock: Clock,
        unseen: list[str],
        *,
        budget: int,
        most: int | None,
    ) -> None:
        self._rates = sorted(rates, key=lambda rate: rate.per_s)
        self._asking = asking
        self._watch = watch
        self._clock = clock
        self._unseen = unseen
        self._budget = budget
        self._most = most

    def see(self, began: float) -> None:
        """See the limits hold, then what many connections at once get through, and leave the account usable.

        Args:
            began: when the first wrong password was sent, by the clock.
        """
        self._asking.right("new connection")
        self._watch.from_elsewhere()
        self._look(self._rates[0])
        self._meet_longer_ones(began)
        if self._asking.let_in:
            return
        longest_s = max((rate.per_s for rate in self._rates if rate.per_s <= LONGEST_WAIT_S), default=0.0)
        if not longest_s:
            self._unseen.append(
                f"the end of a limit: {self._rates[0].per_s:g} s is longer than this unit waits; the account stays "
                "locked"
            )
            return
        if not self._watch.recover(longest_s):
            return
        permitted = min(rate.permits(0.0) for rate in self._rates)
        wanted = permitted + 2
        if self._most is not None:
            wanted = min(wanted, self._most - self._asking.guesses)
        if wanted <= permitted:
            self._unseen.append(
                "guessing over many connections at once: access.guess_budget leaves too few wrong passwords"
            )
            return
        self._guess_over_many_connections(wanted)
        self._watch.recover(longest_s)

    def _guess_over_many_connections(self, wanted: int) -> None:
        phase, before = "over many connections", len(self._asking.logged)
        at_once = min(wanted, _MOST_AT_ONCE)
        self._asking.wrong_at_once(phase, at_once)
        for _ in range(wanted - at_once):
            if any(one.outcome != "refused" for one in self._asking.logged[before:]):
                break
            self._asking.wrong(phase)
        self._asking.right(f"after {phase}")

    def _look(self, rate: RateFacts) -> None:
        """Send wrong passwords while a limit that was met should hold, to see when it lets them through again.

        Where its window slides, nothing gets through until its time has passed since the first of them; windows that
        follow one another are counted over as many as there is time for.
        """
        logged = self._asking.logged
        if not any(one.outcome == "locked" for one in logged) or rate.per_s > LONGEST_WAIT_S:
            return
        windows = 1 if rate.window == "sliding" else min(_MOST_WINDOWS, int(LONGEST_WAIT_S / rate.per_s))
        # As the comparison allows for coarse clocks, the last look comes before what it allows.
        whole_s = 0.97 * rate.per_s - min(1.0, rate.per_s / 2)
        let_through = [one.t_s for one in logged if one.through and one.credential == "wrong"]
        passed = logged[-1].end_s - max(let_through[0], let_through[-1] - rate.per_s)
        now = self._clock.monotonic()
        for part in range(1, _LOOKS * windows + 1):
            wait_s = part * whole_s / _LOOKS - passed
            if wait_s <= 0:
                continue
            self._watch.sleep_until(now + wait_s)
            for _ in range(rate.attempts + 1):
                if self._most is not None and self._asking.guesses >= self._most:
                    self._unseen.append(
                        f"the time of the limit of {rate.attempts} attempts in {rate.per_s:g} s: access.guess_budget "
                        "leaves too few wrong passwords"
                    )
                    return
                attempt = self._asking.wrong("into the window")
                if attempt.accepted or attempt.outcome != "refused":
                    break
            if self._asking.let_in:
                return

    def _meet_longer_ones(self, began: float) -> None:
        """Go on with wrong passwords as the shortest window lets them through, until each longer limit is met."""
        shortest = self._rates[0]
        for longer in self._rates[1:]:
            rounds = -(-longer.attempts // shortest.attempts)
            lasts_s = rounds * (shortest.per_s + 1.0)
            named = f"the limit of {longer.attempts} attempts in {longer.per_s:g} s"
            if longer.per_s > LONGEST_WAIT_S or lasts_s > min(LONGEST_WAIT_S, longer.per_s):
                self._unseen.append(f"{named}: it takes longer to meet it than this unit waits")
                continue
            if longer.attempts >= self._budget:
                self._unseen.append(f"{named}: access.guess_budget leaves too few wrong passwords")
                continue
            through = self._through
            while through <= longer.attempts and self._clock.monotonic() - began < longer.per_s:
                self._clock.sleep(1.02 * shortest.per_s + LATE_S + 1.0)
                before = through
                while through <= longer.attempts:
                    if self._asking.guesses >= (2 * self._budget if self._most is None else self._most):
                        self._unseen.append(f"{named}: access.guess_budget leaves too few wrong passwords")
                        return
                    attempt = self._asking.wrong("longer window")
                    through = self._through
                    if attempt.accepted or attempt.outcome != "refused":
                        break
                if self._asking.let_in or through == before:
                    break  # refused after a whole window: that is the longer limit
            self._look(longer)

    @property
    def _through(self) -> int:
        """Wrong passwords that got through so far."""
        return sum(one.through and one.credential == "wrong" for one in self._asking.logged)
