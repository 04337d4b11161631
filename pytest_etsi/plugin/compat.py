"""What is private or undocumented in pytest and its companions, and what differs between their versions.

No other module uses a private name of theirs.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sys
import time
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from _pytest._code.code import (
    ExceptionRepr,
    ReprEntryNative,
    ReprFileLocation,
    ReprTraceback,
)
from _pytest._code.code import ReprExceptionInfo as PlainReport
from _pytest.outcomes import Skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from _pytest._code.code import TerminalRepr
    from _pytest._io import TerminalWriter

    ItemT = TypeVar("ItemT", bound=pytest.Function)

_PROGRESS_EVERY_S = 0.5
_PROGRESS_LEAST = 6
"""Columns that are needed for any of it."""

__all__ = [
    "JUnitReport",
    "LazyReport",
    "PlainReport",
    "Skipped",
    "SpeakingFunction",
    "collect_report",
    "forget_phase",
    "is_usage_query",
    "is_worker",
    "keep_out_of_failures",
    "keep_screen",
    "log_handlers",
    "name_items",
    "new_function",
    "notice",
    "paths_are_from_the_command_line",
    "plain_report",
    "progress_line",
    "register_fixture",
    "replace_arguments",
    "rewrite_representation",
    "terminal_for_people",
    "worker_input",
    "wrap_finalizers",
    "write_lines",
]


def is_worker(config: pytest.Config) -> bool:
    """Whether this process is a worker of pytest-xdist."""
    return hasattr(config, "workerinput")


def worker_input(config: pytest.Config) -> dict[str, Any]:
    """What the controller sent to this worker of pytest-xdist."""
    given: dict[str, Any] = getattr(config, "workerinput", {})
    return given


def is_usage_query(config: pytest.Config) -> bool:
    """Whether pytest was asked about itself (``--help``, ``--version``, ``--markers``, ``--fixtures`` ...)."""
    names = ("help", "version", "markers", "showfixtures", "show_fixtures_per_test", "cacheshow")
    return any(getattr(config.option, name, None) for name in names)


def paths_are_from_the_command_line(config: pytest.Config) -> bool:
    """Whether the user named what to collect, rather than leaving it to ``testpaths`` or the directory."""
    return config.args_source is pytest.Config.ArgsSource.ARGS


def replace_arguments(config: pytest.Config, arguments: list[str]) -> None:
    """Collect `arguments` instead of what pytest has worked out; pytest-xdist's workers do the same themselves."""
    config.args[:] = arguments


def register_fixture(node: pytest.Collector, name: str, function: Callable[..., Any]) -> None:
    """Offer a function-scoped fixture to the tests below `node` only."""
    public = getattr(pytest, "register_fixture", None)  # since pytest 9.1
    if public is not None:
        public(name=name, func=function, node=node)
    else:
        node.session._fixturemanager._register_fixture(  # noqa: SLF001
            name=name, func=function, nodeid=node.nodeid
        )


def new_function(
    kind: type[ItemT],
    parent: pytest.Module,
    *,
    name: str,
    original: str,
    function: Callable[..., Any],
    like: ItemT | None = None,
) -> ItemT:
    """An item for `function` whose node id ends in `name`, without pytest's own parametrization.

    Since pytest 9.2 a name that differs from ``originalname`` is left out of the node id, so that the latter is set
    afterwards; and what stands in brackets is a part of its own of the id, by which ``--lf`` compares.

    Args:
        kind: class of the item.
        parent: its module.
        name: how its node id ends.
        original: name of the function.
        function: what it runs.
        like: an item of the same function, whose fixtures are the same and need not be looked up again.
    """
    # As pytest itself does for the items that it makes of one function.
    known = {} if like is None else {"fixtureinfo": like._fixtureinfo}  # noqa: SLF001
    item = kind.from_parent(parent, name=name, callobj=function, **known)
    item.originalname = original
    identity = getattr(item, "id", None)
    if identity is not None and hasattr(type(identity), "parse"):
        item._id = type(identity).parse(sys.intern(item.nodeid))  # noqa: SLF001
    return item


class SpeakingFunction(pytest.Function):
    """An item some of whose exceptions say themselves all there is to say: no source is shown with them.

    pytest builds its traceback only for the others, which takes longer than many a unit.
    """

    def speaks(self, error: BaseException) -> bool:  # noqa: ARG002 - for those that override it
        """Whether `error` says it all."""
        return False

    # Where pytest comes from every phase, with its own arguments for each.
    def _repr_failure_py(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None
    ) -> TerminalRepr:
        if self.speaks(excinfo.value):
            said = str(excinfo.value)
            return plain_report(said, [said], self.nodeid.partition("::")[0])
        return super()._repr_failure_py(excinfo, style)


def plain_report(summary: str, lines: Sequence[str], path: str) -> PlainReport:
    """What pytest shows of a failure, made of lines instead of a traceback; pytest-xdist can send it.

    Args:
        summary: what the summary and JUnit's message say.
        lines: the whole of it.
        path: the file that is named with it where that is asked for.
    """
    entry = ReprEntryNative([f"{line}\n" for line in lines])
    traceback = ReprTraceback([entry], extraline=None, style="native")
    return PlainReport(reprtraceback=traceback, reprcrash=ReprFileLocation(path, 1, summary))


class LazyReport(ExceptionRepr):
    """What pytest shows of a failure, made whenever somebody looks at it; pytest-xdist can send it."""

    __slots__ = ()

    def made(self) -> PlainReport:
        """The whole of it."""
        raise NotImplementedError

    @property
    def reprtraceback(self) -> ReprTraceback:  # type: ignore[override]
        """What is shown."""
        return self.made().reprtraceback

    @property
    def reprcrash(self) -> ReprFileLocation | None:  # type: ignore[override]
        """Summary and file."""
        return self.made().reprcrash

    @cached_property
    def sections(self) -> list[tuple[str, str, str]]:  # type: ignore[override]
        """What other plugins have added."""
        return []

    def toterminal(self, tw: TerminalWriter) -> None:
        """Show it."""
        self.made().toterminal(tw)
        super().toterminal(tw)


def forget_phase(config: pytest.Config, report: pytest.TestReport) -> None:
    """Let pytest's terminal forget a phase that it has just counted, and of which it would not show anything.

    It keeps the reports of setting up and cleaning up as well, two for every test, to the end of the run; what was
    captured in them and how long they took may be shown there.
    """
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    kept = getattr(reporter, "stats", {}).get("") or [None]
    if kept[-1] is report and report.passed and not report.sections and config.option.durations is None:
        kept.pop()


def keep_out_of_failures(report: pytest.TestReport) -> None:
    """Let pytest count a failed test, but not print it under FAILURES; it is told elsewhere on the terminal."""
    report._pdbshown = True  # type: ignore[attr-defined] # noqa: SLF001


def collect_report(collector: pytest.Collector) -> pytest.CollectReport:
    """Collect as pytest itself does, past plugins that would answer in its place."""
    from _pytest.runner import pytest_make_collect_report

    return pytest_make_collect_report(collector)


@contextlib.contextmanager
def terminal_for_people(config: pytest.Config) -> Iterator[None]:
    """Let a person see and type, whatever pytest captures."""
    capture = config.pluginmanager.getplugin("capturemanager")
    reporter = config.pluginmanager.getplugin("terminalreporter")
    running = capture._global_capturing if capture is not None else None  # noqa: SLF001
    # Suspended already between tests, and then still standing between the person and the keyboard.
    was_running = running is not None and running.is_started()
    if capture is not None:
        capture.suspend(in_=True)
    try:
        if reporter is not None:
            reporter.ensure_newline()
        yield
    finally:
        if capture is not None:
            capture.resume()
            if not was_running:
                capture.suspend_global_capture()


_SCREEN: pytest.StashKey[int] = pytest.StashKey()


def keep_screen(config: pytest.Config) -> None:
    """Keep the terminal as it is before any test, so that a line can be shown while their output is captured."""
    if is_worker(config) or not os.isatty(1):
        return
    config.stash[_SCREEN] = screen = os.dup(1)
    config.add_cleanup(lambda: os.close(screen))


def progress_line(config: pytest.Config) -> Callable[[str], None] | None:
    """A function that shows a few words at the end of the terminal's current line, and with "" takes them away.

    Words that do not fit are cut; something new is shown every half second at most. It may be called from any thread.
    None: no person looks, as at a file or in a worker, or somebody else writes to the terminal.
    """
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    screen = config.stash.get(_SCREEN, None)
    if screen is None or not (reporter.isatty if reporter else config.pluginmanager.hasplugin("terminal")):
        return None
    shown_at = float("-inf")

    def show(words: str) -> None:
        nonlocal shown_at
        now = time.monotonic()
        if reporter is None:  # not yet: nothing stands in the line
            room = shutil.get_terminal_size().columns - 4
        else:
            width = reporter._tw.fullwidth  # noqa: SLF001
            room = width - reporter._tw.width_of_current_line % width - 4  # noqa: SLF001
        if words and (room < _PROGRESS_LEAST or now - shown_at < _PROGRESS_EVERY_S):
            return
        shown_at = now if words else float("-inf")
        text = f"  {words[:room]}".replace("\x1b", "") if words else ""
        # Remember the place, write, delete the rest of the line, go back: what pytest writes next comes over it.
        with contextlib.suppress(OSError):
            os.write(screen, f"\x1b7{text}\x1b[K\x1b8".encode())

    return show


def notice(config: pytest.Config) -> Callable[[str], None]:
    """A function that shows a line of its own on the terminal, while the tests run; a worker has none."""

    def show(line: str) -> None:
        from pytest_etsi.text import neutralised

        reporter: Any = config.pluginmanager.getplugin("terminalreporter")
        if reporter is not None and not is_worker(config):
            reporter.ensure_newline()
            reporter.write_line(neutralised(line), yellow=True)

    return show


def name_items(config: pytest.Config, name_of: Callable[[str], str]) -> None:
    """Let pytest's terminal call tests by other names than their node ids, where there are such.

    Args:
        config: pytest's.
        name_of: from node id to name; empty: it has none.
    """
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    if reporter is None:
        return
    located = reporter._locationline  # noqa: SLF001

    from pytest_etsi.text import neutralised

    def locationline(nodeid: object, *place: Any) -> str:
        name = name_of(str(nodeid))  # since pytest 9.2 an object
        return f"{neutralised(name)} " if name else located(nodeid, *place)

    reporter._locationline = locationline  # noqa: SLF001


_TYPOGRAPHY = str.maketrans(
    {
        "\u2039": "<",
        "\u203a": ">",
        "\u2026": "...",
        "\u2013": "-",
        "\u2014": "-",
        "\u201c": '"',
        "\u201d": '"',
        "\u2019": "'",
    }
)
"""Quotation marks, dashes and the mark of a masked secret, as ASCII has them."""


def write_lines(reporter: pytest.TerminalReporter, text: str) -> None:
    """Write lines on the terminal; what its stream cannot show is written in ASCII, or as an escape.

    pytest would escape the ends of the lines as well.
    """
    encoding = getattr(reporter._tw._file, "encoding", None) or "utf-8"  # noqa: SLF001
    for line in text.split("\n"):
        shown = line
        try:
            line.encode(encoding)
        except UnicodeEncodeError:
            shown = line.translate(_TYPOGRAPHY).encode(encoding, "backslashreplace").decode(encoding)
        reporter.write(f"{shown}\n")


class JUnitReport:
    """pytest's JUnit report, if one is being written; also in the controller of pytest-xdist."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @property
    def _xml(self) -> Any:
        try:
            from _pytest.junitxml import xml_key
        except ImportError:
            return None
        return self._config.stash.get(xml_key, None)

    def add_property(self, name: str, value: str) -> None:
        """Add a property of the run as a whole."""
        if (xml := self._xml) is not None:
            xml.add_global_property(name, value)

    def turn(self, report: pytest.TestReport, name: str, tag: str, message: str) -> None:
        """Give the case of a report another name and, with a tag, another ending.

        Since pytest 9.2 a message is shortened when it is written; here the whole one takes its place.
        """
        if (xml := self._xml) is None:
            return
        case = xml.node_reporter(report)
        case.add_attribute("name", name)
        for element in case.nodes if tag else ():
            if element.tag in ("failure", "error", "skipped") and element.tag in xml.stats:
                xml.stats[element.tag] -= 1
                xml.stats[tag] += 1
                element.tag = tag
                element.set("message", message)
                return

    def add(
        self,
        node: str,
        name: str,
        ending: tuple[str, str, str] | None,
        properties: Iterable[tuple[str, str]],
        duration_s: float,
    ) -> None:
        """Add a case that this process has not run."""
        if (xml := self._xml) is None:
            return
        from xml.etree import ElementTree as ET

        case = xml.node_reporter(node)
        path = node.partition("::")[0].removesuffix(".py").replace("/", ".")
        case.attrs = {"classname": f"{xml.prefix}.{path}" if xml.prefix else path, "name": name}
        case.duration = duration_s
        for pair in properties:
            case.add_property(*pair)
        if ending is None:
            case.add_stats("passed")
            return
        tag, message, text = ending
        element = ET.Element(tag, message=message)
        element.text = "".join(char if char.isprintable() or char == "\n" else " " for char in text)
        case.append(element)


def log_handlers(config: pytest.Config) -> list[logging.Handler]:
    """What writes the log file and the live log."""
    plugin = config.pluginmanager.getplugin("logging-plugin")
    names = ("log_file_handler", "log_cli_handler")
    found = (getattr(plugin, name, None) for name in names)
    return [handler for handler in found if isinstance(handler, logging.Handler)]


def wrap_finalizers(
    fixturedef: pytest.FixtureDef[Any], wrap: Callable[[Callable[[], object]], Callable[[], object]]
) -> None:
    """Put something around each function that cleans up a fixture that has just been set up."""
    finalizers = getattr(fixturedef, "_finalizers", [])
    finalizers[:] = [wrap(finalizer) for finalizer in finalizers]


def rewrite_representation(shown: object, rewrite: Callable[[str], str]) -> None:
    """Rewrite every text in pytest's representation of an exception, which it is about to print."""
    kind, seen, waiting = type(shown).__module__, set[int](), [shown]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list | tuple):
            waiting += one
            continue
        if type(one).__module__ != kind or id(one) in seen:
            continue
        seen.add(id(one))
        for name, value in list(getattr(one, "__dict__", {}).items()):
            new = value
            if isinstance(value, str):
                new = rewrite(value)
            elif isinstance(value, list | tuple):
                new = type(value)([rewrite(item) if isinstance(item, str) else item for item in value])
            object.__setattr__(one, name, new)  # some of its parts are frozen
            waiting.append(new)
