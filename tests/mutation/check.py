"""Runs the fast tests against every mutant, each in a process that is forked for it from one that has loaded everything.

The mutant exists in the memory of its process only; no file is written, so that neither the working tree nor a test
that runs beside it sees anything of it. A program that a test starts does not see it either: such tests kill nothing
here, and what only they reach counts as survived.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import coverage
import pytest
from live import Live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mutants import Mutant

__all__ = ["Check", "Result"]

_POLL_S = 0.005


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a mutant; `tests`: how many reach it; `hung`: they came to no end."""

    mutant: Mutant
    killed: bool
    tests: int
    hung: bool = False


@dataclass(slots=True)
class _Reached:
    """What a first run without any change has shown.

    Attributes:
        seconds: duration of each test that passed and was fast, by its number.
        lines: file -> line -> numbers of the tests that reach it.
    """

    seconds: dict[int, float]
    lines: dict[str, dict[int, list[int]]]

    def add(self, told: dict[str, Any]) -> None:
        """What the tests of one module have shown, as it came through JSON."""
        self.seconds |= {int(number): seconds for number, seconds in told["seconds"].items()}
        for file, lines in told["lines"].items():
            known = self.lines.setdefault(file, {})
            for line, numbers in lines.items():
                known.setdefault(int(line), []).extend(numbers)

    def tests(self, file: str, first: int, last: int) -> list[int]:
        """Numbers of the tests that reach these lines, fast ones first; without them, those that reach the file."""
        lines = self.lines.get(file, {})
        within = {number for line in range(first, last + 1) for number in lines.get(line, ())}
        return sorted(within & self.seconds.keys(), key=self.seconds.__getitem__)

    def tests_of_files(self, files: Iterable[str]) -> list[int]:
        """Numbers of the tests that reach anything of these files, fast ones first."""
        within = {
            number for file in files for numbers in self.lines.get(file, {}).values() for number in numbers
        }
        return sorted(within & self.seconds.keys(), key=self.seconds.__getitem__)


@dataclass(slots=True)
class Check:
    """The plugin of pytest that takes the place of its loop over the tests.

    Attributes:
        root: of the project.
        package: directory name of the package in it.
        mutants: what is tried.
        longest_s: seconds that a test may take to be used.
        module_s: seconds after which the first run leaves the rest of a test module out.
        budget_s: seconds for the tests of one mutant beyond five times what they took without it; a mutant that needs
            more hangs, which is noticed.
        tell: gets every result as soon as it is there.
        results: of every mutant.
        seconds: of all tests that were used, taken together.
    """

    root: Path
    package: str
    mutants: Sequence[Mutant]
    longest_s: float
    module_s: float
    budget_s: float
    tell: Callable[[Result], None]
    results: list[Result] = field(default_factory=list)
    seconds: float = 0.0
    used: int = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Find out what each test reaches, then try the mutants one after another."""
        if session.testsfailed:
            raise session.Interrupted("the tests cannot be collected")
        items = list(session.items)
        reached = self._first_run(session, items)
        self.used, self.seconds = len(reached.seconds), sum(reached.seconds.values())
        live = Live(self.package)
        if not live.has(self.root / self.package / "verdict.py"):
            raise session.Interrupted(f"{self.package} is loaded from elsewhere than {self.root}")
        for mutant in self.mutants:
            file = str(self.root / mutant.path)
            tests = (
                reached.tests(file, mutant.first, mutant.last)
                if mutant.function
                else reached.tests_of_files(live.holders(file, mutant.names))
            )
            ended = None
            if tests:
                chosen = [items[number] for number in tests]

                def changed(
                    mutant: Mutant = mutant, file: str = file, chosen: list[pytest.Item] = chosen
                ) -> bool:
                    try:
                        applied = live.apply(mutant, file)
                    except Exception:  # the module could not even be imported
                        return False
                    return not applied or _pass(session, chosen)

                usual = sum(reached.seconds[number] for number in tests)
                ended = _forked(changed, 5 * usual + self.budget_s)
            result = Result(mutant, ended in {1, -1}, len(tests), ended == -1)
            self.results.append(result)
            self.tell(result)
        return True

    def _first_run(self, session: pytest.Session, items: list[pytest.Item]) -> _Reached:
        """Run the tests of each module in a process of its own; one that hangs is left out with its tests."""
        modules: dict[object, list[int]] = {}
        for number, item in enumerate(items):
            modules.setdefault(item.path, []).append(number)
        reached = _Reached({}, {})
        for numbers in modules.values():
            with tempfile.NamedTemporaryFile(suffix=".json") as kept:

                def measured(numbers: list[int] = numbers, name: str = kept.name) -> bool:
                    Path(name).write_text(
                        json.dumps(self._measure(session, items, numbers)), encoding="utf-8"
                    )
                    return True

                if _forked(measured, 2 * self.module_s) == 0:
                    reached.add(json.loads(Path(kept.name).read_text(encoding="utf-8")))
        return reached

    def _measure(
        self, session: pytest.Session, items: list[pytest.Item], numbers: list[int]
    ) -> dict[str, object]:
        """Run tests under coverage, until the time of their module is up."""
        measuring = coverage.Coverage(
            data_file=None, config_file=False, include=[str(self.root / self.package / "*")]
        )
        seconds: dict[int, float] = {}
        chosen = [items[number] for number in numbers]
        until = time.monotonic() + self.module_s
        measuring.start()
        for number, item in zip(numbers, chosen, strict=True):
            measuring.switch_context(str(number))
            failed, begun = session.testsfailed, time.monotonic()
            following = items[number + 1] if item is not chosen[-1] else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            ended = time.monotonic()
            if session.testsfailed == failed and ended - begun <= self.longest_s:
                seconds[number] = ended - begun
            if ended > until:
                break
        measuring.stop()
        data = measuring.get_data()
        lines = {
            file: {
                line: [int(context) for context in contexts if context]
                for line, contexts in data.contexts_by_lineno(file).items()
            }
            for file in data.measured_files()
        }
        return {"seconds": seconds, "lines": lines}


def _next(items: Sequence[pytest.Item], number: int) -> pytest.Item | None:
    return items[number + 1] if number + 1 < len(items) else None


def _pass(session: pytest.Session, items: Sequence[pytest.Item]) -> bool:
    """Whether all tests pass; the first that does not ends it."""
    for number, item in enumerate(items):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=_next(items, number))
        if session.testsfailed:
            return False
    return True


def _forked(do: Callable[[], bool], budget_s: float) -> int:
    """Do something in a process of its own: 0 it came to True, 1 to False or an error, -1 to no end in time."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setsid()
            errors = os.dup(2)
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nowhere, stream)
            status = 0 if do() else 1
        except BaseException:
            os.write(errors, traceback.format_exc().encode())
        finally:
            os._exit(status)
    until = time.monotonic() + budget_s
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
        if time.monotonic() > until:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return -1
        time.sleep(_POLL_S)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what a test has left behind
    return 0 if status == 0 else 1
