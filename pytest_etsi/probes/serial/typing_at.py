"""Typing at a surveyed console: Enter, questions, and by permission what disturbs it and its boot loader."""

from __future__ import annotations

import contextlib
import re
import secrets
import string
import time
from typing import TYPE_CHECKING

from pytest_etsi.probes.serial.answers import Exchange, ask
from pytest_etsi.probes.serial.boot import try_to_stop
from pytest_etsi.probes.serial.errors import ConsoleUnsettable
from pytest_etsi.probes.serial.observation import Stimulated
from pytest_etsi.probes.serial.recognise import Recognised, answer_kind, recognise, shown
from pytest_etsi.probes.serial.stimuli import (
    BOOT_KEYS,
    BOOT_WORDS,
    DISTURBING,
    ENTERS,
    QUESTIONS,
    Stimulus,
    marker,
)

if TYPE_CHECKING:
    from pytest_etsi.probes.serial.surveying import Survey

__all__ = ["Typist"]

_WATCHDOG = re.compile(
    r"(?i)watchdog|guru meditation|kernel panic|stack overflow|hard ?fault|panic'ed|entering kgdb|gdb stub"
)
_SETTLE_S = 0.3
_MOST_SPEEDS = 2
_PATIENCE = 10
"""Times of an answer for which the last Enter is given time, at a speed at which the device speaks: some start their
login by then, or are busy."""
_MARKERS = (1, 1, _PATIENCE)
"""The same for each marker that is typed."""
_LEAST = 4
"""Characters that a device said because of keys, at least: fewer may be a disturbance of the line."""


class Typist:
    """Types at the console of a survey, the harmless first."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._console = survey.console
        self._plan = survey.plan
        self._answered_to: Stimulus | None = None

    def run(self) -> None:
        """Type until something has answered."""
        survey, began = self._survey, self._console.mark()
        self._type()
        if survey.answers or survey.harm:
            return
        if self._plan.intrusive:
            self._disturb()
        if not survey.answers:
            survey.hear_out(began)
            self._stop_the_loader()

    def _type(self) -> None:
        """Enter at every speed, then questions, as long as nothing has answered."""
        survey = self._survey
        survey.progress("pressing Enter at the console")
        for speed in self._speeds():
            if not self._at(speed):
                continue
            self._ask_all(ENTERS)
            # At a login prompt a question would be taken for a name.
            asks_for_a_name = any(one.kind == "login" for one in survey.unprompted)
            known = speed in survey.search.spoken or speed == self._plan.speeds[0]
            if known and not survey.answers and not asks_for_a_name:
                self._ask_all(QUESTIONS)
            if known and not survey.answers:
                self._exchange(ENTERS[-1], answer_s=self._plan.answer_s * _PATIENCE)
            if survey.answers:
                break
        if not survey.answers:
            self._other_wires()
        if survey.answers:
            self._what_is_it()
        if survey.stimuli:
            survey.look_after(survey.stimuli[-1].stimulus)

    def _speeds(self) -> tuple[int, ...]:
        """Where the running device talks, there is asked; where nothing is said, everywhere."""
        search = self._survey.search
        if self._plan.emulated:
            return self._plan.speeds[:1]
        if self._survey.talks_on and search.spoken:
            return search.spoken[::-1]
        order = dict.fromkeys((*search.spoken[::-1], *self._plan.speeds))
        return tuple(speed for speed in order if speed not in search.unsettable)

    def _at(self, speed: int) -> bool:
        """Set a speed; whether it can be set."""
        if speed == self._console.baudrate:
            return True
        try:
            self._console.set_speed(speed)
        except ConsoleUnsettable as error:
            self._survey.gaps.append(str(error))
            return False
        return True

    def _ask_all(self, stimuli: tuple[Stimulus, ...], wires: str = "") -> None:
        for stimulus in stimuli:
            self._exchange(stimulus, wires)
            if self._survey.answers:
                return

    def _exchange(self, stimulus: Stimulus, wires: str = "", *, answer_s: float | None = None) -> Exchange:
        survey = self._survey
        quiet_s = time.monotonic() - max(
            survey.started_at if survey.talks_on else self._console.log.heard_at, survey.started_at
        )
        seen = ask(
            self._console,
            stimulus,
            survey.baseline,
            answer_s=self._plan.answer_s if answer_s is None else answer_s,
            pace_s=max(self._console.line.pace_s, self._plan.pace_s) if len(stimulus.data) > 1 else 0.0,
        )
        self._sent(stimulus, seen, wires, quiet_s)
        if seen.unasked:
            survey.take_over([seen.unasked])
        if seen.answer:
            question = stimulus.data.decode("latin-1")
            self._answered(stimulus, Recognised(answer_kind(question, seen.answer), shown(seen.answer)))
        elif seen.echo:
            survey.spoke(Recognised("echo", f"{stimulus.name} comes back, and nothing else"))
        if _WATCHDOG.search(seen.raw) and not _WATCHDOG.search("\n".join(survey.baseline.lines)):
            survey.harm = survey.harm or f"after {stimulus.name} the device says {shown(seen.raw)!r}"
        return seen

    def _sent(self, stimulus: Stimulus, seen: Exchange, wires: str, quiet_s: float) -> None:
        answer = shown(seen.answer) if seen.answer else "the echo only" if seen.echo else ""
        speed = self._console.baudrate
        self._survey.stimuli.append(
            Stimulated(
                stimulus.name, stimulus.rank, speed, wires, round(quiet_s, 3), round(seen.waited_s, 3), answer
            )
        )

    def _answered(self, stimulus: Stimulus, one: Recognised) -> None:
        self._answered_to = stimulus
        if all(one.kind != other.kind for other in self._survey.answers):
            self._survey.answers.append(one)

    def _other_wires(self) -> None:
        """Some devices are mute without DTR; asserted wires hold others in reset."""
        survey, line = self._survey, self._console.line
        if self._plan.emulated or not self._at(self._plan.speeds[0]):
            return
        for name, now in (("dtr", line.dtr), ("rts", line.rts)):
            mark = self._console.mark()
            try:
                self._set(name, on=not now)
            except ConsoleUnsettable as error:
                survey.gaps.append(str(error))
                return
            try:
                # What a wire lets go may have to start first.
                self._console.read_for(self._plan.quiet_s)
                if self._console.log.end > mark:
                    self._console.quiet(self._plan.boot_s, self._plan.boot_s * 2)
                    survey.take_over([self._console.text(mark)])
                self._ask_all(ENTERS, f"{name.upper()} {'released' if now else 'asserted'}")
            finally:
                with contextlib.suppress(ConsoleUnsettable):
                    self._set(name, on=bool(now))
            if survey.answers:
                return

    def _set(self, name: str, *, on: bool) -> None:
        self._console.set_wires(dtr=on if name == "dtr" else None, rts=on if name == "rts" else None)

    def _what_is_it(self) -> None:
        """Type a command whose echo differs from its output, where that is no login, until it comes back whole."""
        survey, asked = self._survey, self._answered_to
        if asked is None or any(one.kind in ("login", "boot-loader", "at") for one in survey.answers):
            return
        end = asked.data[len(asked.data.rstrip(b"\r\n")) :] or self._console.line.end.encode()
        for times in _MARKERS:
            token = "".join(secrets.choice(string.ascii_uppercase) for _ in range(8))
            command, output = marker(token)
            typed = Stimulus("a command of which the echo differs from the output", command + end)
            pace_s = max(self._console.line.pace_s, self._plan.pace_s)
            seen = ask(
                self._console,
                typed,
                survey.baseline,
                answer_s=self._plan.answer_s * times,
                until=output,
                pace_s=pace_s,
            )
            self._sent(typed, seen, "", 0.0)
            if output in seen.raw:
                survey.answers = [
                    one for one in survey.answers if one.kind not in ("prompt", "rtos-shell", "log")
                ]
                self._answered(typed, Recognised("shell", f"it runs a command: {output} comes back"))
                return

    # By permission ------------------------------------------------------------------------------------------

    def _disturb(self) -> None:
        """Ctrl-C, Esc and BREAK at the device that runs, each followed by a look at its health."""
        survey = self._survey
        speed = survey.search.spoken[-1] if survey.search.spoken else self._plan.speeds[0]
        if not self._at(speed):
            return
        for stimulus in DISTURBING:
            try:
                self._exchange(stimulus)
            except ConsoleUnsettable as error:
                survey.gaps.append(f"{stimulus.name} was not sent: {error}")
                continue
            if survey.answers or not survey.look_after(stimulus.name):
                return

    def _stop_the_loader(self) -> None:
        """Keys over the whole stretch of a start, then words over that of another."""
        survey = self._survey
        if not self._plan.intrusive or not survey.can_restart:
            why = "the device cannot be started for it" if self._plan.intrusive else "it is not permitted"
            survey.gaps.append(f"whether the boot loader can be stopped was not tried: {why}")
            return
        first = [part.speed for part in survey.search.parts if part.legible][:1]
        speeds = tuple(dict.fromkeys((*first, *survey.search.spoken, self._plan.speeds[0])))[:_MOST_SPEEDS]
        if survey.search.spoken:
            speeds = tuple(speed for speed in speeds if speed in survey.search.spoken)
        for speed in speeds:
            for keys in (BOOT_KEYS, BOOT_WORDS):
                if len(survey.restarts) >= self._plan.starts - 1:
                    survey.gaps.append(
                        "not every key was tried at the boot loader: the device may not be started so often"
                    )
                    break
                if self._at(speed) and self._try(keys):
                    break
            if survey.answers or (survey.loader and survey.loader[-1].stopped):
                break
        survey.bring_back()

    def _try(self, keys: tuple[Stimulus, ...]) -> bool:
        """One start with keys; whether something came of it."""
        survey = self._survey
        survey.progress(f"trying to stop the boot loader with {', '.join(key.name for key in keys)}")
        before = self._console.mark()
        found = try_to_stop(
            self._console,
            survey.start_once,
            keys,
            within_s=self._plan.boot_s,
            every_s=self._plan.every_s,
            settle_s=min(_SETTLE_S, self._plan.quiet_s),
        )
        survey.loader.append(found)
        if not found.stopped:
            survey.see_starts()
        if found.stopped:
            return True
        text = self._console.text(before)
        news = survey.baseline.without(_without_keys(text)).strip()
        found_there = recognise(news)
        asks = [one for one in found_there if one.kind == "login"]
        if asks and all(one.kind != "login" for one in survey.unprompted):
            self._answered(keys[0], asks[0])
            return True
        if survey.search.parts or not text.strip():
            return False
        # It was silent until keys came.
        if len(news) >= _LEAST:
            self._answered(keys[0], Recognised(found_there[0].kind if found_there else "log", shown(news)))
            return True
        survey.spoke(Recognised("echo", "keys come back while it starts, and nothing else"))
        return False


def _without_keys(text: str) -> str:
    """A text without lines that hold nothing but characters of keys: their echo, also of the start before."""
    typed = {chr(character) for key in (*BOOT_KEYS, *BOOT_WORDS) for character in key.data} | set("^CB[")
    return "\n".join(line for line in text.split("\n") if not set(line) <= typed)
