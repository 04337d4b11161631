"""Collecting the bundled test units: a tree of its own beside the project's, with node ids that begin with ``etsi/``.

The tree is attached to the session, so that neither ``testpaths`` nor ``python_files`` and its kin, nor the place where
the package is installed, make a difference to what is collected and what it is called.
"""

from __future__ import annotations

import functools
import gc
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_etsi.plugin import compat
from pytest_etsi.plugin.devices import ASSIGNMENT, RUN, Assignment
from pytest_etsi.text import near
from pytest_etsi.unit import STATES
from pytest_etsi.verdict import Cause, Inconclusive, Violation, inconclusive

if TYPE_CHECKING:
    import types
    from collections.abc import Generator, Iterable, Iterator

    from pytest_etsi.plugin.devices import Device, Run

__all__ = [
    "PACKAGE",
    "Collection",
    "EtsiItem",
    "EtsiModule",
    "EtsiSuite",
    "Selection",
    "WithoutLastFailed",
    "select",
]

PACKAGE = "_etsi_testcases"
"""Name of the package under which the test modules are imported; pytest rewrites their assertions because of it."""

_NEEDS_IN_ORDER = ("change-credentials", "brute-force", "fuzz", "outage", "update", "erase")
_LAST = 3 + len(_NEEDS_IN_ORDER)


# What is asked for on the command line


@dataclass(frozen=True, slots=True)
class Selection:
    """What of the bundled units is collected.

    Attributes:
        wanted: whether any of them are.
        prefixes: node ids, or beginnings of them up to a separator; empty: all.
    """

    wanted: bool
    prefixes: tuple[str, ...] = ()

    def __contains__(self, node: str) -> bool:
        return self.wanted and (not self.prefixes or any(_begins(node, prefix) for prefix in self.prefixes))


def _begins(node: str, prefix: str) -> bool:
    return node == prefix or (node.startswith(prefix) and node[len(prefix) :].startswith(("/", "::", "[")))


def select(config: pytest.Config, run: Run) -> Selection:
    """Take the arguments that mean bundled units out of pytest's, and say what of the suite is to be collected.

    Raises:
        pytest.UsageError: a node id is unknown, or paths are given although only the suite is to run.
    """
    explicit = compat.paths_are_from_the_command_line(config)
    ours: list[str] = []
    others: list[str] = []
    for argument in config.args if explicit else ():
        prefixes = _as_prefixes(argument, config, run)
        ours += prefixes
        if not prefixes:
            others.append(argument)
    for prefix in ours:
        if not any(_begins(node, prefix) for node in run.assignments):
            hint = "".join(f"\n  near: {node}" for node in near(prefix, run.assignments, most=3))
            raise pytest.UsageError(f"not found: {prefix}{hint}")
    if ours:
        if (run.options.suite, run.options.suite_from) == ("off", "--etsi-suite"):
            raise pytest.UsageError(f"--etsi-suite=off leaves nothing of: {' '.join(ours)}")
        compat.replace_arguments(config, others)
        return Selection(True, tuple(dict.fromkeys(ours)))
    if run.options.suite == "only":
        if not explicit:
            compat.replace_arguments(config, [])
            return Selection(True)
        if run.options.suite_from == "--etsi-suite":
            raise pytest.UsageError(f"--etsi-suite=only leaves no room for other tests: {' '.join(others)}")
        return Selection(False)
    return Selection(run.options.suite == "auto" and not explicit)


def _as_prefixes(argument: str, config: pytest.Config, run: Run) -> list[str]:
    """The beginnings of our node ids that an argument means; none for an argument that is not ours."""
    place, separator, rest = argument.partition("::")
    path = config.invocation_params.dir / place
    # Below another directory than the rootdir, pytest shows our node ids as "../etsi/...".
    shown = place.removeprefix("./").rstrip("/")
    while shown.startswith("../"):
        shown = shown[3:]
    if not path.exists() and (shown == "etsi" or shown.startswith("etsi/")):
        return [f"{shown}{separator}{rest}"]
    try:
        relative = path.resolve().relative_to(run.suite_path)
    except ValueError:
        return []
    below = "" if relative == Path() else f"/{relative.as_posix()}"
    return [f"{device.node}{below}{separator}{rest}" for device in run.devices]


# The tree


class EtsiItem(compat.SpeakingFunction):
    """One evaluation: one unit, over one entry of its IXIT table."""

    def speaks(self, error: BaseException) -> bool:
        """Whether `error` is a verdict with its reason; what nobody has foreseen needs its traceback."""
        return isinstance(error, Violation) or (
            isinstance(error, Inconclusive) and error.cause is not Cause.ERROR
        )

    def setup(self) -> None:
        """Hand in the tables by name; that spares pytest setting up a fixture of each for each test."""
        assignment = self.stash[ASSIGNMENT]
        arguments = assignment.device.table_arguments
        for name in self.fixturenames:
            if name in arguments:
                self.funcargs[name] = _entry_of(assignment, arguments[name])
        super().setup()

    def runtest(self) -> None:
        """Run the function, and see to it that no other plugin has answered in its place.

        Raises:
            Inconclusive: another plugin has (``error``).
        """
        function = self.obj
        ended: list[str] = []

        @functools.wraps(function)
        def followed(**arguments: object) -> None:
            function(**arguments)
            ended.append(self.name)

        self.obj = followed
        try:
            super().runtest()
        finally:
            self.obj = function
        if not ended:
            inconclusive(
                "another plugin kept the test function from running to its end",
                cause=Cause.ERROR,
                settle="Run the unit without the plugin that implements pytest_pyfunc_call.",
            )


class EtsiModule(pytest.Module):
    """A test module of the suite, with the evaluations that the plan has for its functions."""

    device: Device
    assignments: list[Assignment]

    def _getobj(self) -> types.ModuleType:
        from pytest_etsi.assessment.suite import import_test_module

        return import_test_module(self.path, self.session.config.stash[RUN].suite_path, PACKAGE)

    def funcnamefilter(self, name: str) -> bool:  # noqa: ARG002, D102 - items are made from the plan
        return False

    def classnamefilter(self, name: str) -> bool:  # noqa: ARG002, D102
        return False

    def collect(self) -> Iterator[pytest.Item]:
        """The evaluations; the module's own fixtures are found by pytest."""
        super().collect()
        functions = vars(self.obj)
        first: dict[str, EtsiItem] = {}
        for assignment in self.assignments:
            original = assignment.function
            item = compat.new_function(
                EtsiItem,
                self,
                name=assignment.node.rpartition("::")[2],
                original=original,
                function=functions[original],
                like=first.get(original),
            )
            first.setdefault(original, item)
            mark(item, assignment)
            yield item


class EtsiFolder(pytest.Collector):
    """A directory of the suite: a test scenario."""

    modules: list[tuple[Path, list[Assignment]]]

    def collect(self) -> Iterator[pytest.Collector]:
        """The test modules."""
        for path, assignments in self.modules:
            node = f"{self.nodeid}/{path.name}"
            module: EtsiModule = EtsiModule.from_parent(self, path=path, name=path.name, nodeid=node)
            module.assignments = assignments
            yield module


class EtsiSuite(EtsiFolder):
    """The suite for one device."""

    device: Device
    folders: dict[Path, list[tuple[Path, list[Assignment]]]]

    def collect(self) -> Iterator[pytest.Collector]:
        """The scenarios."""
        _offer_entries(self, self.device)
        for path, modules in self.folders.items():
            if path == self.path:
                self.modules = modules
                yield from super().collect()
                continue
            below = path.relative_to(self.path).as_posix()
            folder: EtsiFolder = EtsiFolder.from_parent(
                self, path=path, name=below, nodeid=f"{self.nodeid}/{below}"
            )
            folder.modules = modules
            yield folder


def suite_for(session: pytest.Session, device: Device, assignments: Iterable[Assignment]) -> EtsiSuite:
    """The tree of one device with the given evaluations."""
    root = session.config.stash[RUN].suite_path
    suite: EtsiSuite = EtsiSuite.from_parent(session, path=root, name=device.node, nodeid=device.node)
    suite.device = device
    suite.folders = {}
    by_module: dict[Path, list[Assignment]] = {}
    for assignment in assignments:
        if assignment.module not in by_module:
            modules = suite.folders.setdefault(assignment.module.parent, [])
            modules.append((assignment.module, by_module.setdefault(assignment.module, [])))
        by_module[assignment.module].append(assignment)
    return suite


def _offer_entries(suite: EtsiSuite, device: Device) -> None:
    """A fixture per IXIT table for the tests of the suite: the evaluation's entry, the record, or the whole table."""
    for table in device.profile.ixit:

        def entry(request: pytest.FixtureRequest, table: Any = table) -> Any:
            return _entry_of(request.node.stash[ASSIGNMENT], table)

        compat.register_fixture(suite, table.argument_name, _with_only_request(entry))


def _entry_of(assignment: Assignment, table: Any) -> Any:
    """What an argument named after a table stands for: the evaluation's entry, the record, or the whole table."""
    if assignment.unit.iterates == table.id and assignment.entry is not None:
        return table.get(assignment.entry)
    return table[0] if table.single else table


def _with_only_request(function: Any) -> Any:
    """`function` with no argument that pytest would take for a fixture but ``request``."""

    def fixture(request: pytest.FixtureRequest) -> Any:
        return function(request)

    return fixture


def mark(item: pytest.Item, assignment: Assignment) -> None:
    """Tie an item to its evaluation, and make it selectable by it."""
    unit = assignment.unit
    item.stash[ASSIGNMENT] = assignment
    # The ids also as keyword: -m compares keywords only.
    item.add_marker(pytest.mark.etsi_unit(unit.id, id=unit.id, entry=assignment.entry or ""))
    kind = "functional" if unit.functional else "conceptual"
    for marker in _marks_of(unit.case, assignment.group.id, assignment.group.scenario, kind):
        item.add_marker(marker)
    item.extra_keyword_matches.add(kind)
    item.extra_keyword_matches.add(unit.id)


@functools.cache
def _marks_of(case: str, group: str, scenario: str, kind: str) -> tuple[pytest.MarkDecorator, ...]:
    """The marks that all evaluations of a unit have in common, made once."""
    return (
        pytest.mark.etsi_case(case, id=case),
        pytest.mark.etsi_group(group, id=group),
        pytest.mark.etsi_scenario(scenario, id=scenario),
        getattr(pytest.mark, f"etsi_{kind}"),
    )


def stage(assignment: Assignment) -> tuple[int, int]:
    """When an evaluation runs: documents first, then by what it does to the device, what cannot be undone last.

    Among those that do the same, those of one state of the device follow each other, so that it changes seldom.
    """
    if "update" in assignment.needs and _leaves_other_software(assignment.device):
        return _LAST, 0
    state = STATES.index(assignment.state) if assignment.state in STATES else 0
    if assignment.state in ("factory-default", "erased"):
        return _LAST - 1, state
    if assignment.needs:
        return 2 + max(_NEEDS_IN_ORDER.index(need) for need in assignment.needs), state
    return (1 if assignment.unit.functional else 0), 0


def _leaves_other_software(device: Device) -> bool:
    """Whether trying its updates leaves the device with software that nothing takes back."""
    return any(
        entry.access.restore is None and entry.access.packages is not None and entry.access.packages.newest
        for entry in device.profile.ixit.upd_mech
    )


# Hooks


class Collection:
    """The hooks that put the suite beside what pytest collects by itself.

    Args:
        notice: in a worker, the directory in which the controller is told that the project's tests evaluate units.
    """

    def __init__(self, run: Run, selection: Selection, notice: str = "") -> None:
        self._run = run
        self._selection = selection
        self._notice = notice
        gc.unfreeze()

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Append the suite, once for each device, to what the session has collected."""
        report = yield
        if isinstance(collector, pytest.Session) and self._selection.wanted and report.result is not None:
            for device in self._run.devices:
                mine = [
                    assignment
                    for node, assignment in self._run.assignments.items()
                    if assignment.device is device and node in self._selection
                ]
                if mine:
                    report.result.append(suite_for(collector, device, mine))
        return report

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave the suite's modules to us where they lie below a directory that pytest collects."""
        return True if collection_path == self._run.suite_path else None

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Check what a project's test says it evaluates; run it once for each device if there are several."""
        for marker in metafunc.definition.iter_markers("etsi_unit"):
            self._run.check_marker(marker, metafunc.definition.nodeid)
        if len(self._run.devices) > 1:
            uses = "etsi_profile" in metafunc.fixturenames
            if not uses and metafunc.definition.get_closest_marker("etsi_unit"):
                metafunc.fixturenames.append("etsi_profile")
                uses = True
            if uses:
                names = [device.profile.name for device in self._run.devices]
                metafunc.parametrize("etsi_profile", names, indirect=True)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Tie the project's marked tests to their units, leave out what is done already, and put all in order."""
        for item in items:
            if not isinstance(item, EtsiItem):
                marker = item.get_closest_marker("etsi_unit")
                assignment = self._run.assignment_of(item, marker) if marker is not None else None
                if assignment is not None:
                    item.stash[ASSIGNMENT] = assignment
                    if self._notice:
                        (Path(self._notice) / "project-evaluates").touch()
        done = [item for item in items if item.nodeid in self._run.done]
        if done:
            items[:] = [item for item in items if item.nodeid not in self._run.done]
            config.hook.pytest_deselected(items=done)
        places = [place for place, item in enumerate(items) if isinstance(item, EtsiItem)]
        ordered = sorted((items[place] for place in places), key=self._order)
        for place, item in zip(places, ordered, strict=True):
            items[place] = item

    def pytest_collection_finish(self) -> None:
        """Spare the garbage collector looking through documents, plan and items again and again: they stay.

        To the very end, where pytest collects several times; a further run in this process begins by taking it back.
        """
        gc.freeze()

    def _order(self, item: pytest.Item) -> tuple[int, int, int]:
        assignment = item.stash[ASSIGNMENT]
        return self._run.devices.index(assignment.device), *stage(assignment)


class WithoutLastFailed:
    """Keeps pytest's ``--lf`` from leaving out our modules because it does not find them below the rootdir."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> pytest.CollectReport | None:
        """Collect our modules; which of their items failed last is decided later, by node id."""
        return compat.collect_report(collector) if isinstance(collector, EtsiModule) else None
