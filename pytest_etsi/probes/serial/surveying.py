"""A survey as it goes on: what has been seen so far, listening to starts, and looking after the device."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi.probes.serial.answers import Baseline
from pytest_etsi.probes.serial.errors import ConsoleError
from pytest_etsi.probes.serial.leaks import Leak, find_leaks
from pytest_etsi.probes.serial.observation import ConsoleObservation, LoaderTry, Restart, Stimulated, Supply
from pytest_etsi.probes.serial.recognise import LOADER_PROMPT, Recognised, recognise, shapes, shown
from pytest_etsi.probes.serial.speeds import USUAL, Part, SpeedSearch, find_speeds, listen
from pytest_etsi.probes.serial.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pytest_etsi.probes.serial.console import Console

__all__ = ["Plan", "Survey"]

_TELNET = re.compile(rb"(?:\xff[\xfb-\xfe].)+", re.DOTALL)
_MOST_TEXT = 128 * 1024
_PATIENCE = 20
"""Times of a start for which a device that goes on saying new things is waited for."""
_LOOK_S = 0.25
_FOR_THE_LOADER = 3
"""Starts that are left for the boot loader, and for bringing the device back."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a console is surveyed.

    Attributes:
        boot_s: seconds that a start takes at most; nothing is typed before the line was quiet for so long.
        answer_s: seconds that an answer may take.
        quiet_s: seconds of quiet after which something has been said to its end.
        every_s: seconds between two keys at the boot loader.
        pace_s: seconds between two characters of a word, at least.
        speeds: the likeliest first; the first is the documented one.
        starts: how often the device may be started.
        on_s: seconds for which it stays on before the next start, at least: quick ones in a row erase some devices.
        intrusive: BREAK, Ctrl-C and keys at the boot loader may be sent.
        emulated: the line has no speed and no wires.
        wired: how it was seen that its wires reach the device; empty: it was not.
        known: secrets of this device by name, which no log may show.
    """

    boot_s: float = 60.0
    answer_s: float = 0.5
    quiet_s: float = 2.0
    every_s: float = 0.05
    pace_s: float = 0.02
    speeds: tuple[int, ...] = USUAL
    starts: int = 8
    on_s: float = 15.0
    intrusive: bool = False
    emulated: bool = False
    wired: str = ""
    known: Mapping[str, str] = field(default_factory=dict)


class Survey:
    """A survey as it goes on; see `survey`."""

    def __init__(
        self,
        console: Console,
        plan: Plan,
        supply: Supply | None,
        health: Callable[[], str],
        progress: Callable[[str], None],
    ) -> None:
        self.console = console
        self.plan = plan
        self.progress = progress
        self.can_restart = supply is not None
        self._supply = supply
        self._ask_health = health
        self._began = time.monotonic()
        self._start = 0 if not console.typed else console.mark()
        self.started_at = time.monotonic()
        self.baseline = Baseline()
        self.restarts: list[Restart] = []
        self.stimuli: list[Stimulated] = []
        self.answers: list[Recognised] = []
        self.unprompted: list[Recognised] = []
        self.loader: list[LoaderTry] = []
        self.leaks: dict[str, Leak] = {}
        self.secrets: dict[str, None] = {}
        self.gaps: list[str] = []
        self.search = SpeedSearch((), (), (), 0)
        self.talks_on = False
        self._unseen = 0
        self.greeting = self.harm = self.health = ""

    def listen(self) -> None:
        """All that needs no typing; raises `ConsoleError` when the console is gone."""
        self._before()
        self._listen_to_a_start()
        self._settle()

    def observation(self) -> ConsoleObservation:
        """What has been seen."""
        return ConsoleObservation(
            url=self.console.url,
            boot_s=self.plan.boot_s,
            listened_s=round(time.monotonic() - self._began, 3),
            emulated=self.plan.emulated,
            wired=self.plan.wired,
            speeds=self.search,
            restarts=tuple(self.restarts),
            unprompted=tuple(self.unprompted),
            stimuli=tuple(self.stimuli),
            answers=tuple(self.answers),
            loader=tuple(self.loader),
            leaks=tuple(self.leaks.values()),
            greeting=self.greeting,
            harm=self.harm,
            health=self.health,
            permitted=self.plan.intrusive,
            troubles=tuple(self.console.troubles),
            gaps=tuple(dict.fromkeys(self.gaps)),
        )

    # Listening ----------------------------------------------------------------------------------------------

    def _before(self) -> None:
        """What came before the device was touched: by opening the line, or from a server in between.

        A server's own words are not the device's, and stand alone; what the device says, it says again after a start.
        """
        self.console.read_for(self.plan.quiet_s)
        data, end = self.console.log.read(self._start, _MOST_TEXT)
        if match := _TELNET.match(data):
            self.console.trouble(
                f"the server negotiates telnet ({len(match.group()) // 3} IAC commands): its port is not a raw one"
            )
        if self.console.line.scheme in ("socket", "rfc2217"):
            self.greeting = shown(self._text(self._start, end))
            if self.greeting and not self.can_restart:
                self.gaps.append("what came with the connection may be the server's and not the device's")
        else:
            self.take_over([self._text(self._start, end)])

    def _listen_to_a_start(self) -> None:
        """Start the device, and read what it says at the speeds at which that is text."""
        order = self.plan.speeds[:1] if self.plan.emulated else self.plan.speeds
        if self._supply is None:
            self.gaps.append(
                "the device was not switched off and on: nothing says how, or it is not permitted"
            )
            parts = listen(
                self.console, order, within_s=self.plan.boot_s, quiet_s=self.plan.quiet_s, at_once=True
            )
            spoken = tuple(dict.fromkeys(part.speed for part in parts if part.legible))
            self.search = SpeedSearch(parts, spoken, (), 0)
        else:
            self.progress("listening to the console while the device starts")
            self.search = find_speeds(
                self.console,
                self.start_once,
                order,
                starts=max(1, self.plan.starts - _FOR_THE_LOADER),
                within_s=self.plan.boot_s,
                quiet_s=min(self.plan.quiet_s, self.plan.boot_s),
            )
        self.see_starts()
        self.take_over(
            self._text(part.start, part.end) for part in self.search.parts if part.legible is not False
        )
        if self.search.unread:
            self.spoke(
                Recognised("garbage", f"{self.search.unread} bytes that are text at no speed that was tried")
            )

    def start_once(self) -> None:
        """Switch the device off and on.

        Raises:
            ConsoleError: nothing says how; whoever calls it has looked.
        """
        if self._supply is None:
            raise ConsoleError("the device cannot be started")
        if self.restarts or self._unseen:
            self.console.read_for(max(0.0, self.started_at + self.plan.on_s - time.monotonic()))
        self.console.note("the device is switched off and on")
        self._supply.cycle()
        self.started_at = time.monotonic()
        self._unseen += 1

    def see_starts(self) -> None:
        """Ask by what the starts since then were seen; waits until the device is back."""
        while self._unseen and self._supply is not None:
            self._unseen -= 1
            seen = self._supply.seen()
            self.restarts.append(Restart(seen.off, seen.on, round(time.monotonic() - self._began, 3)))

    def take_over(self, texts: Iterable[str]) -> None:
        """What came unasked."""
        text = "\n".join(texts)
        self.baseline.add(text)
        for one in recognise(text):
            self.spoke(one)
        leaks, found = find_leaks(text, self.plan.known)
        for leak in leaks:
            self.leaks.setdefault(leak.fingerprint, leak)
        self.secrets |= dict.fromkeys(found)

    def hear_out(self, since: int) -> None:
        """What has come since typing began, and was taken for no answer, was said all the same, however late."""
        self.console.read_for(self.plan.quiet_s)
        lines = self.baseline.without(self._text(since, self.console.log.end)).split("\n")
        news = "\n".join(line for line in lines if not self.baseline.is_typed(line))
        if news.strip():
            self.take_over([news])

    def spoke(self, one: Recognised) -> None:
        """Something speaks unasked."""
        if all(one.kind != other.kind for other in self.unprompted):
            self.unprompted.append(one)

    def _text(self, start: int, end: int) -> str:
        """The text of a stretch; of a long one the beginning and the end."""
        half = _MOST_TEXT // 2
        data, position = self.console.log.read(start, min(half, max(0, end - start)))
        if end > position:
            data += b"\n" + self.console.log.read(max(position, end - half), half)[0]
        return plain(_TELNET.sub(b"", data), self.console.line.encoding)

    def _settle(self) -> None:
        """Wait until the line was quiet, or said nothing new, for longer than a start takes."""
        self.progress("waiting until the console is quiet for longer than a start takes")
        since = self.console.mark()
        latest = time.monotonic() + self.plan.boot_s * _PATIENCE
        seen, news_at, looked = set(self.baseline.lines), time.monotonic(), since
        while True:
            now = time.monotonic()
            if self.console.log.end > looked:
                # A start goes on as long as it says new things; what says the same again and again runs.
                said = shapes(self._text(looked, self.console.log.end))
                looked = self.console.log.end
                news_at = news_at if said <= seen else now
                seen |= said
            silent_s = now - max(self.console.log.heard_at, self.started_at)
            left_s = self.plan.boot_s - max(silent_s, now - max(news_at, self.started_at))
            if left_s <= 0 or now >= latest:
                break
            self.console.read_for(min(left_s, _LOOK_S))
        if self.console.log.end > since:
            self.search = _with(self.search, self.console.baudrate, since, self.console.log.end)
            self.take_over([self._text(since, self.console.log.end)])
        self.baseline.talks_on = self.talks_on = (
            time.monotonic() - self.console.log.heard_at < self.plan.boot_s
        )
        if self.talks_on:
            mark = self.console.mark()
            self.console.read_for(max(self.plan.answer_s * 2, self.plan.quiet_s))
            self.baseline.add(self.console.text(mark))

    def waits_in_a_loader(self) -> bool:
        """Whether a boot loader waits although nothing was typed: opening the line may have stopped it."""
        tail = self._text(max(self._start, self.console.log.end - 512), self.console.log.end)
        if not LOADER_PROMPT.search(tail):
            return False
        waits = shown(f"it waits at {tail.strip()[-40:]!r}, though nothing was typed")
        self.loader.append(LoaderTry((), self.console.baudrate, 0.0, 0, waits, "prompt"))
        self.bring_back()
        return True

    # Looking after the device -------------------------------------------------------------------------------

    def look_after(self, what: str) -> bool:
        """Whether the device is still well after something; where it is not, that is harm, and it is brought back."""
        self.health = self._ask_health()
        if not self.health.startswith("not"):
            return True
        self.harm = self.harm or f"after {what} the device is {self.health}"
        self.bring_back()
        return False

    def bring_back(self) -> None:
        """Start the device once more, so that it is as it was, and look at its health."""
        if self.can_restart:
            self.start_once()
            self.see_starts()
            self.console.quiet(min(self.plan.quiet_s, self.plan.boot_s), self.plan.boot_s)
        self.health = self._ask_health()


def _with(search: SpeedSearch, speed: int, start: int, end: int) -> SpeedSearch:
    part = Part(speed, start, end, legible=None)
    return SpeedSearch((*search.parts, part), search.spoken, search.unsettable, search.starts)
