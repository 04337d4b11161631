"""What was done at a console and what came of it: one observation, from which a second laboratory could do it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.probes.observation import Observation

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.probes.serial.leaks import Leak
    from pytest_etsi.probes.serial.recognise import Recognised
    from pytest_etsi.probes.serial.speeds import SpeedSearch
    from pytest_etsi.probes.serial.stimuli import Rank

__all__ = ["ConsoleObservation", "LoaderTry", "Restart", "Stimulated", "Supply"]


@dataclass(frozen=True, slots=True)
class Restart(Observation):
    """One start of the device.

    Attributes:
        off: by what it was seen to be off; empty: it was not.
        on: by what it was seen to have started; empty: it was not.
        at_s: seconds since the observation began.
    """

    off: str
    on: str
    at_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Supply:
    """How a survey starts the device.

    Attributes:
        cycle: switches it off and on, and returns as soon as it has power.
        seen: tells by what the last start was seen, after waiting until the device is back.
    """

    cycle: Callable[[], object]
    seen: Callable[[], Restart]


@dataclass(frozen=True, slots=True)
class Stimulated(Observation):
    """Something that was sent, and what came of it.

    Attributes:
        stimulus: what, by name.
        rank: what it may do.
        speed: symbols per second at which it was sent.
        wires: state of DTR and RTS, where they were changed for it.
        quiet_s: seconds of quiet before it; of a line that is never quiet, since the start.
        waited_s: seconds for which an answer was waited for.
        answer: what came and had not come without it, in short; empty: nothing.
    """

    stimulus: str
    rank: Rank
    speed: int
    wires: str
    quiet_s: float
    waited_s: float
    answer: str


@dataclass(frozen=True, slots=True)
class LoaderTry(Observation):
    """An attempt to stop the boot loader during one start.

    Attributes:
        keys: that were sent, by name, over the whole stretch.
        speed: symbols per second.
        stretch_s: seconds from power to the kernel, or to the end of the attempt.
        sent: number of keys sent.
        stopped: what showed that it was stopped and takes orders; empty: it was not, by these keys.
        until: what ended the attempt: "kernel", "prompt", "time".
    """

    keys: tuple[str, ...]
    speed: int
    stretch_s: float
    sent: int
    stopped: str
    until: str


@dataclass(frozen=True, slots=True)
class ConsoleObservation(Observation):
    """What was seen at one console.

    Attributes:
        url: the console.
        boot_s: seconds that a start takes at most, as the documents say.
        listened_s: seconds for which it was listened to.
        emulated: the line has no speed and no wires, since an emulator is at its other end.
        speeds: what was found out about speeds.
        restarts: starts of the device meanwhile.
        unprompted: what spoke without any input.
        stimuli: what was sent to the device that runs, in order.
        answers: what answered.
        loader: attempts to stop the boot loader.
        leaks: secrets in what came.
        greeting: what the server in between says at every connection, and the device does not.
        harm: what an own stimulus did to the device; empty: nothing was seen.
        health: how the device was afterwards; empty: it could not be asked.
        permitted: whether intrusive stimuli were.
        wired: how somebody has seen that the wires reach the device; empty: nobody says so.
        troubles: what was wrong with the bench.
        gaps: what was not tried, and why.
    """

    url: str
    boot_s: float
    listened_s: float
    emulated: bool
    speeds: SpeedSearch
    restarts: tuple[Restart, ...]
    unprompted: tuple[Recognised, ...]
    stimuli: tuple[Stimulated, ...]
    answers: tuple[Recognised, ...]
    loader: tuple[LoaderTry, ...]
    leaks: tuple[Leak, ...] = ()
    greeting: str = ""
    harm: str = ""
    health: str = ""
    permitted: bool = False
    wired: str = ""
    troubles: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()

    @property
    def open_loader(self) -> LoaderTry | None:
        """The attempt that has stopped the boot loader; None: none has."""
        return next((one for one in self.loader if one.stopped), None)

    @property
    def silent(self) -> bool:
        """Whether nothing came at all, garbage included."""
        return not (self.unprompted or self.answers or self.open_loader or self.speeds.unread)

    @property
    def speeds_tried(self) -> tuple[int, ...]:
        """Speeds at which something was sent to the device that runs."""
        return tuple(dict.fromkeys(one.speed for one in self.stimuli))

    @property
    def started(self) -> Restart | None:
        """The first start, where each was seen from off to on; None: there was none, or one was not seen so."""
        seen = all(one.off and one.on for one in self.restarts)
        return self.restarts[0] if self.restarts and seen else None

    def told(self) -> str:
        """What was tried, in a phrase, for the record."""
        names = ", ".join(dict.fromkeys(one.stimulus for one in self.stimuli))
        keys = ", ".join(dict.fromkeys(key for one in self.loader for key in one.keys))
        speeds = (
            "a line without speeds"
            if self.emulated
            else f"{len(self.speeds_tried)} speeds ({', '.join(map(str, self.speeds_tried))})"
        )
        return (
            f"{speeds}; {len(self.restarts)} starts; listened to for {self.listened_s:.1f} s; "
            f"sent: {names or 'nothing'}"
            + (f"; at the boot loader: {keys}" if keys else "")
            + (f"; its wires: {self.wired}" if self.wired else "")
        )
