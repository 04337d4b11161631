"""From the options to the devices: documents read, virtual devices started, plans made."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from pytest_etsi.plugin import compat
from pytest_etsi.plugin.devices import Device, Run
from pytest_etsi.plugin.lock import DeviceLock, lock_path
from pytest_etsi.plugin.options import Options, read_options
from pytest_etsi.plugin.waiting import told_while
from pytest_etsi.scratch import remove_leftovers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pytest_etsi.assessment.run import Assessment
    from pytest_etsi.profile import Profile

__all__ = ["done_nodes", "open_run", "print_plans"]


def open_run(config: pytest.Config, sent: Mapping[str, Any]) -> Run:
    """Read the documents, start the virtual devices, and plan.

    Args:
        config: of pytest.
        sent: what the controller has sent, in a worker of pytest-xdist: its virtual devices, and what is done already.

    Raises:
        pytest.UsageError: the documents or options are unusable; every problem that was found is named.
    """
    if not _asserts_count():
        raise pytest.UsageError(
            "Python runs without assertions (-O or PYTHONOPTIMIZE), by which the test units tell FAIL from PASS; "
            "run it without"
        )
    options = read_options(config)
    if not compat.is_worker(config):
        remove_leftovers()
    profiles = _load_all(options)
    _check_flaws(options, profiles, starts=not config.option.collectonly)
    _warn_of_lost_rootdir(config, options, profiles)
    worker = compat.is_worker(config)
    only_helps = worker or config.option.collectonly
    devices: list[Device] = []
    path, functions = _suite()
    try:
        for reference, profile in zip(options.profiles, profiles, strict=True):
            device = _device(config, options, reference, profile, sent=sent, several=len(profiles) > 1)
            devices.append(device)
            device.assessment = _assessment(
                device.profile, options, path, functions, only_helps, len(profiles) > 1
            )
        done = frozenset(sent["done"]) if worker else frozenset()
        if options.resume and not only_helps:
            done = frozenset(node for device in devices for node in done_nodes(device))
        return Run(options, devices, path, done)
    except BaseException:
        for device in devices:
            device.close()
        raise


def _asserts_count() -> bool:
    return __debug__


def print_plans(config: pytest.Config) -> None:
    """Print what would be evaluated on each device; nothing is started and nothing touched.

    Raises:
        pytest.UsageError: the documents or options are unusable.
    """
    from pytest_etsi.assessment.ics.plausibility import ics_findings
    from pytest_etsi.assessment.operations import missing_operations
    from pytest_etsi.report.console import NeutralConsole
    from pytest_etsi.report.plan import render
    from pytest_etsi.report.plausibility import concerning

    options = read_options(config)
    profiles = _load_all(options)
    _check_flaws(options, profiles, starts=False)
    path, functions = _suite()
    console = NeutralConsole(highlight=False, emoji=False, markup=False)
    for profile in profiles:
        plan = _assessment(profile, options, path, functions, True, len(profiles) > 1).plan
        found = concerning(plan, ics_findings(profile))
        console.print(render(plan, found, missing_operations(profile, plan)))


def _load_all(options: Options) -> list[Profile]:
    """The profiles, with a virtual device's values nominal; all problems of all of them at once."""
    from pytest_etsi.profile import ProfileError, load_profile

    profiles, problems = [], []
    for reference in options.profiles:
        try:
            profiles.append(load_profile(reference))
        except ProfileError as error:
            problems.append(error.report())
    if problems:
        raise pytest.UsageError("the device profile cannot be used\n" + "\n".join(problems))
    names = [profile.name for profile in profiles]
    for name in names:
        if names.count(name) > 1:
            raise pytest.UsageError(f"two profiles are called {name!r}; give one of them another `name`")
    return profiles


def _check_flaws(options: Options, profiles: Sequence[Profile], *, starts: bool) -> None:
    """Refuse flaws of real devices, and unknown ones where no virtual device is started, which refuses them itself."""
    if not options.flaws:
        return
    real = [profile.name for profile in profiles if profile.virtual is None]
    if real:
        raise pytest.UsageError(f"--etsi-flaw is for virtual devices; {', '.join(real)} is a real one")
    if not starts:
        from pytest_etsi.plugin.virtual_process import check_flaws

        check_flaws(options.flaws)


def _warn_of_lost_rootdir(config: pytest.Config, options: Options, profiles: Sequence[Profile]) -> None:
    """Say so when pytest took the profile's directory for the rootdir, and so did not see the project's ini."""
    here = config.invocation_params.dir
    if options.profiles_from != "--etsi-profile" or config.rootpath in (here, *here.parents):
        return
    for reference, profile in zip(options.profiles, profiles, strict=True):
        if config.rootpath in profile.path.parents and not compat.is_worker(config):
            message = (
                f"pytest took {config.rootpath}, where the profile is, for the rootdir, so that the project's own "
                f"settings are not in force; write --etsi-profile={reference} (with =) or give --rootdir"
            )
            try:
                config.issue_config_time_warning(pytest.PytestConfigWarning(message), stacklevel=2)
            except pytest.PytestConfigWarning:
                raise pytest.UsageError(message) from None
            return


def _suite() -> tuple[Path, Mapping[str, Any]]:
    from pytest_etsi.assessment import suite
    from pytest_etsi.plugin.collection import PACKAGE

    if PACKAGE not in sys.modules:
        pytest.register_assert_rewrite(PACKAGE)
    try:
        path = suite.suite_path().resolve()
        return path, suite.load_units(path, PACKAGE)
    except suite.SuiteError as error:
        raise pytest.UsageError(str(error)) from error


def _device(
    config: pytest.Config,
    options: Options,
    reference: str,
    profile: Profile,
    *,
    sent: Mapping[str, Any],
    several: bool,
) -> Device:
    """A device without its assessment yet; a virtual one is running when it is needed."""
    from pytest_etsi.profile import ProfileError, load_profile

    values: Mapping[str, str] = {}
    virtual = None
    if profile.virtual is not None:
        if compat.is_worker(config):
            values = sent["values"][profile.name]
        elif not config.option.collectonly:
            from pytest_etsi.plugin.virtual_process import VirtualDevice

            seed = f"{_output(options, profile, several)}\n{profile.name}"
            virtual = VirtualDevice(profile.virtual, options.flaws, seed=seed)
            with told_while(compat.progress_line(config), lambda: f"starting the virtual {profile.virtual}"):
                values = virtual.start()
    try:
        if values:
            profile = load_profile(reference, values=values)
        lock = DeviceLock(lock_path(profile), profile.name, compat.notice(config))
    except BaseException as error:
        if virtual is not None:
            virtual.stop()
        if isinstance(error, ProfileError):
            raise pytest.UsageError(error.report()) from error
        raise
    return Device(profile, options.profiles_from, config, lock, values, virtual)


def _output(options: Options, profile: Profile, several: bool) -> Path:
    """Where the results of a device go: a directory of its own when there are several."""
    return options.output / profile.name if several else options.output


def _assessment(
    profile: Profile,
    options: Options,
    path: Path,
    functions: Mapping[str, Any],
    only_helps: bool,
    several: bool,
) -> Assessment:
    from pytest_etsi.assessment.run import Assessment
    from pytest_etsi.assessment.suite import SuiteError
    from pytest_etsi.standard import UnknownIdError

    try:
        return Assessment(
            profile,
            output=_output(options, profile, several),
            allow=options.allow,
            only=options.only,
            resume=options.resume and not only_helps,
            suite=path,
            functions=functions,
            writes=not only_helps,
            offline=options.offline,
        )
    except UnknownIdError as error:
        raise pytest.UsageError(f"--etsi-only: {error}") from error
    except SuiteError as error:
        raise pytest.UsageError(str(error)) from error


def done_nodes(device: Device) -> list[str]:
    """The node ids that have their record.

    Raises:
        pytest.UsageError: the run that is there cannot be resumed, or nothing can be written there.
    """
    from pytest_etsi.assessment.run import BusyError, ResumeError

    try:
        device.assessment.start()
    except (BusyError, ResumeError) as error:
        raise pytest.UsageError(str(error)) from error
    except OSError as error:
        raise pytest.UsageError(
            f"{device.assessment.output}: the results cannot be kept there: {error}"
        ) from error
    return [record["node"] for record in device.assessment.records if record.get("node")]
