"""What one run of pytest assesses: the devices, what is evaluated on each, and which item evaluates what."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import pytest

from pytest_etsi.plugin import compat
from pytest_etsi.text import did_you_mean
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from pytest_etsi.assessment.planned import Plan, PlannedEvaluation
    from pytest_etsi.assessment.run import Assessment
    from pytest_etsi.dut import Dut
    from pytest_etsi.dut.reach.recording import Sink
    from pytest_etsi.plugin.lock import DeviceLock
    from pytest_etsi.plugin.options import Options
    from pytest_etsi.plugin.virtual_process import VirtualDevice
    from pytest_etsi.probes.serial import Transcript
    from pytest_etsi.profile import IxitTable, Profile
    from pytest_etsi.standard import Group, Unit

__all__ = ["ASSIGNMENT", "RUN", "Assignment", "Device", "Run", "device_of"]


@dataclass(eq=False)
class Device:
    """A device and everything this process has of it.

    Attributes:
        origin: where the profile was named.
        values: what the virtual device said of itself; empty for a real one.
        virtual: the virtual device's process, in the controller.
        lock: keeps other processes from using the device at the same time.
        at: what is being done, in the words of those who do it; empty: they say nothing of it.
    """

    profile: Profile
    origin: str
    config: pytest.Config = field(repr=False)
    lock: DeviceLock = field(repr=False)
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    virtual: VirtualDevice | None = None
    assessment: Assessment = field(init=False, repr=False)
    at: str = field(default="", init=False, repr=False)
    _dut: Dut | None = field(default=None, repr=False)
    _sink: Sink | None = field(default=None, repr=False)

    @property
    def plan(self) -> Plan:
        """What is to be evaluated."""
        return self.assessment.plan

    @property
    def node(self) -> str:
        """What the node ids of its evaluations begin with."""
        return f"etsi/{self.profile.name}"

    @property
    def dut(self) -> Dut | None:
        """The facade, if this process has used the device."""
        return self._dut

    def use(self) -> Dut:
        """The facade; from here to the end of the test the device is this process's alone.

        Raises:
            Inconclusive: another process does not let go of it, or a hook of the project failed.
        """
        self.lock.acquire()
        if self._dut is None:
            from pytest_etsi.dut import Dut
            from pytest_etsi.plugin.attending import attendant_of

            hook = self.config.hook
            self._dut = Dut(
                self.profile,
                operations=self._asked(
                    "pytest_etsi_operations", hook.pytest_etsi_operations, profile=self.profile
                ),
                drivers=self._asked("pytest_etsi_auth_drivers", hook.pytest_etsi_auth_drivers),
                on_secret=self.assessment.redact.add,
                recovery=self.assessment.output / "recovery.json",
                permissions=self.assessment.plan.permissions,
                nmap=bool(self.config.getoption("etsi_nmap", False)),
                progress=self._progress,
                console_log=self.assessment.output,
                mask=self.assessment.redact.bytes,
                attendant=attendant_of(self.config),
                shelf=self.assessment.shelf,
            )
            self._dut.attach(self._sink)
        return self._dut

    def _progress(self, words: str) -> None:
        """Note, and show, what takes long; with nothing when it is done."""
        self.at = words
        if self.show is not None:
            self.show(words)

    @cached_property
    def show(self) -> Callable[[str], None] | None:
        """Shows words where a person looks; None: nobody does."""
        return compat.progress_line(self.config)

    def doing(self) -> str:
        """What is being done to the device, in a few words; may be asked from any thread."""
        return self.at or (self._dut.operations.running if self._dut is not None else "")

    def require_whole(self, needs: Collection[str]) -> None:
        """Make sure that no earlier unit has lost the device.

        Args:
            needs: permissions of the unit that is about to begin.

        Raises:
            Inconclusive: one has, and it is not back (``bench``).
        """
        if self._dut is not None:
            self._dut.require_whole(needs)

    def _asked(
        self, name: str, hook: Callable[..., list[Mapping[str, Any] | None]], **given: Any
    ) -> dict[str, Any]:
        """What a project adds by a hook.

        Raises:
            Inconclusive: the hook failed; whatever uses the device does so without knowing how.
        """
        try:
            return _merged(hook(**given))
        except (Exception, pytest.fail.Exception, pytest.skip.Exception) as error:  # noqa: BLE001 - whatever it may raise
            inconclusive(
                self.assessment.redact.text(
                    f"the hook {name} of the project failed: {type(error).__name__}: {error}"
                ),
                cause=Cause.ERROR,
                settle=f"mend {name} in the project's conftest.py or plugin",
            )

    def observe_into(self, sink: Sink | None) -> None:
        """Hand what is observed from now on to `sink`, also by a facade that is only made later."""
        self._sink = sink
        if self._dut is not None:
            self._dut.attach(sink)

    def rest(self) -> None:
        """Let go of the device after a test; what was observed outside an evaluation is not kept."""
        self.observe_into(None)
        self.at = ""
        if self._dut is not None:
            self._dut.recorder.drain()
        self.lock.release()

    @cached_property
    def table_arguments(self) -> dict[str, IxitTable]:
        """The IXIT tables by the name of the argument that stands for one."""
        return {table.argument_name: table for table in self.profile.ixit}

    def new_on_the_consoles(self) -> tuple[Transcript, ...]:
        """What went over the serial consoles since this was last asked, one each; none where they were not opened."""
        return self._dut.consoles.new() if self._dut is not None else ()

    def close(self) -> None:
        """Let go of the device and stop a virtual one; what was recorded stays."""
        dut, self._dut = self._dut, None
        virtual, self.virtual = self.virtual, None
        if dut is not None:
            # The run is over, and everything is recorded: that a connection does not end well changes nothing.
            with contextlib.suppress(Exception):
                dut.close()
        self.lock.release()
        if virtual is not None:
            virtual.stop()


def _merged(answers: list[Mapping[str, Any] | None]) -> dict[str, Any]:
    """What several plugins add under their names; pluggy asks the one registered last first, and that one wins."""
    merged: dict[str, Any] = {}
    for answer in answers:
        for name, value in (answer or {}).items():
            merged.setdefault(name, value)
    return merged


@dataclass(frozen=True, eq=False, slots=True)
class Assignment:
    """What an item evaluates.

    Attributes:
        planned: the planned evaluation; None: a project's test evaluates what the plan has no evaluation of.
        source: "suite" for the bundled units, "project" for a project's own tests.
        module: file of the test function.
        function: its name.
    """

    device: Device
    unit: Unit
    group: Group
    entry: str | None
    node: str
    source: str
    planned: PlannedEvaluation | None
    module: Path
    function: str

    @property
    def needs(self) -> tuple[str, ...]:
        """What it does to the device."""
        return self.planned.needs if self.planned else ()

    @property
    def state(self) -> str:
        """The state in which the device has to be."""
        return self.planned.state if self.planned else "any"

    def about(self) -> dict[str, str]:
        """What reports say beside the record, as builtins."""
        return _about(self.device.profile.edition, self.unit.id, str(self.device.assessment.output))


@cache
def _about(edition_id: str, unit_id: str, directory: str) -> dict[str, str]:
    """The same object for all entries of a unit: pytest keeps it with every report, to the end."""
    from pytest_etsi.standard import edition

    catalogue = edition(edition_id)
    unit = catalogue.unit(unit_id)
    case = catalogue.case(unit.case)
    group = catalogue.group(case.group)
    return {
        "scenario": group.scenario,
        "scenario_title": catalogue.scenarios[group.scenario],
        "group": group.id,
        "group_title": group.title,
        "case": case.id,
        "case_purpose": case.purpose,
        "kind": "functional" if unit.functional else "conceptual",
        "does": unit.does,
        "directory": directory,
    }


ASSIGNMENT = pytest.StashKey[Assignment]()


class Run:
    """The devices of this run and the evaluations of each.

    Args:
        done: node ids that an interrupted run has evaluated already.
    """

    def __init__(
        self, options: Options, devices: list[Device], suite_path: Path, done: frozenset[str]
    ) -> None:
        self.options = options
        self.devices = devices
        self.suite_path = suite_path
        self.done = done
        self.assignments: dict[str, Assignment] = {
            assignment.node: assignment for device in devices for assignment in _planned(device, suite_path)
        }

    def close(self) -> None:
        """Let go of every device."""
        for device in self.devices:
            device.close()

    def device(self, name: str) -> Device:
        """The device of that name."""
        return next(device for device in self.devices if device.profile.name == name)

    def name_of(self, node: str) -> str:
        """Unit and entry of a test of the suite, with the device where there are several; empty: it is none."""
        one = self.assignments.get(node)
        if one is None:
            return ""
        device = one.device.profile.name if len(self.devices) > 1 else ""
        return " ".join(part for part in (device, one.unit.id, one.entry or "") if part)

    def node_of(self, device: Device, planned: PlannedEvaluation) -> str | None:
        """The test that evaluates what is planned; None: none of the suite does."""
        return self._nodes.get((device.profile.name, *planned.key))

    @cached_property
    def _nodes(self) -> dict[tuple[str, str, str | None], str]:
        return {
            (one.device.profile.name, one.unit.id, one.entry): node for node, one in self.assignments.items()
        }

    def check_marker(self, marker: pytest.Mark, where: str) -> None:
        """Make sure that a project's ``etsi_unit`` marker names what there is on some device.

        Raises:
            pytest.Collector.CollectError: it does not; names the nearest.
        """
        from pytest_etsi.standard import UnknownIdError, edition

        if (
            len(marker.args) != 1
            or not isinstance(marker.args[0], str)
            or set(marker.kwargs) - {"entry", "id"}
        ):
            raise pytest.Collector.CollectError(
                f'{where}: write @pytest.mark.etsi_unit("5.1-4-2/b", entry="AuthMech-web"), the entry only where the '
                "unit is repeated over entries"
            )
        problem = ""
        for device in self.devices:
            try:
                unit = edition(device.profile.edition).unit(marker.args[0])
            except UnknownIdError as error:
                problem = problem or str(error)
                continue
            found = _entry_problem(device.profile, unit, marker.kwargs.get("entry"))
            if not found:
                return
            problem = problem or found
        raise pytest.Collector.CollectError(f"{where}: etsi_unit: {problem}")

    def assignment_of(self, item: pytest.Item, marker: pytest.Mark) -> Assignment | None:
        """What a project's test evaluates; None: nothing on this device, or nothing that was asked for."""
        from pytest_etsi.standard import UnknownIdError, edition

        name = getattr(getattr(item, "callspec", None), "params", {}).get("etsi_profile")
        device = self.device(name) if name else self.devices[0]
        catalogue = edition(device.profile.edition)
        entry = marker.kwargs.get("entry") or None
        try:
            unit = catalogue.unit(marker.args[0])
        except UnknownIdError:
            return None
        if _entry_problem(device.profile, unit, entry) or not device.plan.for_unit(unit.id):
            return None
        return Assignment(
            device=device,
            unit=unit,
            group=catalogue.group(catalogue.case(unit.case).group),
            entry=entry,
            node=item.nodeid,
            source="project",
            planned=device.plan.get(unit.id, entry),
            module=item.path,
            function=getattr(item, "originalname", None) or item.name,
        )


def _entry_problem(profile: Profile, unit: Unit, entry: str | None) -> str:
    """What is wrong with naming `entry` for `unit`; empty: nothing."""
    if not entry:
        return ""
    if unit.iterates is None:
        return f"unit {unit.id} is not repeated over entries, leave out entry={entry!r}"
    table = profile.ixit.table(unit.iterates)
    if table.get(entry) is not None:
        return ""
    hint = did_you_mean(entry, (item.id for item in table))
    return f"{table.id} of {profile.name} has no entry {entry!r}" + (f"; {hint}" if hint else "")


def _planned(device: Device, suite_path: Path) -> list[Assignment]:
    """The evaluations of the bundled units, in the order of modules and functions."""
    from pytest_etsi.standard import edition

    catalogue = edition(device.profile.edition)
    planned = [evaluation for evaluation in device.plan.evaluations if evaluation.function is not None]
    units: dict[tuple[Path, str], set[str]] = {}
    for evaluation in planned:
        if evaluation.function is not None:
            key = (evaluation.function.module_path, evaluation.function.name)
            units.setdefault(key, set()).add(evaluation.unit.id)
    made = []
    for evaluation in planned:
        function = evaluation.function
        if function is None:
            continue
        several = len(units[function.module_path, function.name]) > 1
        label = "-".join(
            part
            for part in (evaluation.unit.id.replace("/", "") if several else "", evaluation.entry or "")
            if part
        )
        below = function.module_path.relative_to(suite_path).as_posix()
        name = f"{function.name}[{_plain(label)}]" if label else function.name
        made.append(
            Assignment(
                device=device,
                unit=evaluation.unit,
                group=catalogue.group(evaluation.group),
                entry=evaluation.entry,
                node=sys.intern(f"{device.node}/{below}::{name}"),
                source="suite",
                planned=evaluation,
                module=function.module_path,
                function=function.name,
            )
        )
    return made


def _plain(text: str) -> str:
    """`text` as part of a node id, as pytest writes ids: ASCII, and without its separator."""
    return text.encode("unicode_escape").decode("ascii").replace("::", ":")


RUN = pytest.StashKey[Run]()


def device_of(request: pytest.FixtureRequest) -> Device | None:
    """The device that a test is about; None without a profile."""
    run = request.config.stash.get(RUN, None)
    if run is None:
        return None
    if len(run.devices) == 1:
        return run.devices[0]
    assignment = request.node.stash.get(ASSIGNMENT, None)
    if assignment is not None:
        owner: Device = assignment.device
        return owner
    params = getattr(getattr(request.node, "callspec", None), "params", {})
    name = params.get("etsi_profile")
    if name is None:
        # Reached through request.getfixturevalue(): no parametrization could be made at collection.
        pytest.fail(
            "several devices are assessed: let the test ask for etsi_profile, so that it is run for each of them",
            pytrace=False,
        )
    return run.device(name)
