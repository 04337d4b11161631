"""Updates that could not be tried, or in part only: why, and that nothing is shown by it."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import replace

import pytest
from update_world import NEW, NEWEST, UpdateWorld, device_with

from pytest_etsi.assessment.criteria import update_misuse, update_settings
from pytest_etsi.dut.core import Core
from pytest_etsi.dut.observe.updates import trying
from pytest_etsi.dut.observe.updates.model import Tried
from pytest_etsi.dut.reach.operations import OtherwiseError
from pytest_etsi.verdict import Cause, Inconclusive


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Names of operations are those that the project adds, and nothing is waited for that is there at once."""
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)
    for name in ("_LEAST_S", "_SHOWN_S"):
        monkeypatch.setattr(f"pytest_etsi.dut.observe.updates.use.{name}", 0.1)


@pytest.fixture
def world_of(monkeypatch):
    """Makes a device that tells a version, or none, and is known by something else."""
    monkeypatch.setattr(Core, "require_identity", lambda _: None)
    monkeypatch.setattr("pytest_etsi.dut.observe.updates.use.in_factory_default", nullcontext)
    return _world_of


def _world_of(version):
    world = UpdateWorld()
    world.version = version or ""
    return world


@pytest.mark.parametrize("version", [None, NEW])
def test_where_the_genuine_package_could_not_be_seen_to_be_installed_nothing_is(tmp_path, world_of, version):
    world = world_of(version)
    with device_with(tmp_path, world) as (dut, entry):
        series = dut.misuse(entry)
        found = update_misuse.withstands(entry, series)

    assert "a genuine package cannot be seen to be installed" in series.open[0]
    assert ({one.kind for one in found}, world.does) == ({"unknown"}, [])


@pytest.mark.parametrize("version", [None, NEW])
def test_settings_are_tried_from_an_older_version_only(tmp_path, world_of, version):
    words = "the device does not tell an older version than that of the package"
    with device_with(tmp_path, world_of(version)) as (dut, entry):
        fresh = dut.updates_after_set_up(entry)
        with pytest.raises(Inconclusive, match=words) as raised:
            dut.update_options(entry, "updates")

    assert fresh.open == (words,)
    assert {one.kind for one in update_settings.installs(entry, fresh)} == {"unknown"}
    assert raised.value.cause == Cause.BENCH


@pytest.mark.parametrize("permissions", [(), ("update",), ("erase",)])
def test_without_permission_nothing_is_offered(tmp_path, permissions):
    world = UpdateWorld()
    with (
        device_with(tmp_path, world, permissions=permissions) as (dut, entry),
        pytest.raises(Inconclusive, match="may not be installed") as raised,
    ):
        dut.updates_after_set_up(entry)

    assert (raised.value.cause, world.does) == (Cause.PERMISSION, [])


@pytest.mark.parametrize("lacks", ["packages", "offer", "restore"])
def test_what_is_not_described_is_not_offered(tmp_path, lacks):
    world = UpdateWorld()
    with (
        device_with(tmp_path, world, **{lacks: None}) as (dut, entry),
        pytest.raises(Inconclusive, match=f"lacks {lacks}") as raised,
    ):
        dut.update_options(entry, "updates")

    assert (raised.value.cause, world.does) == (Cause.ACCESS, [])


@contextmanager
def refusing(world, name, error):
    operations = world.operations()

    def refuses(_, **__):
        raise error

    world.operations = lambda: operations | {name: refuses}
    yield world


@pytest.mark.parametrize(
    ("error", "answered", "kind"),
    [
        (OtherwiseError("409"), True, "violation"),  # the documents describe it, and the device refuses it
        (Inconclusive("no login", cause=Cause.ACCESS), False, "unknown"),
    ],
)
def test_a_choice_that_cannot_be_made_is_none(tmp_path, error, answered, kind):
    with (
        refusing(UpdateWorld(), "off", error) as world,
        device_with(tmp_path, world) as (dut, entry),
    ):
        tried = dut.update_options(entry, "updates")
        found = update_settings.changeable(entry, tried, "updates")
    (off,) = (one for one in tried if one.option == "disable")

    assert (off.done, off.answered, off.happened) == (False, answered, None)
    assert {one.kind for one in found} == {kind}


def test_a_notice_of_a_device_that_does_not_answer_is_neither_there_nor_gone(tmp_path, monkeypatch):
    monkeypatch.setattr("pytest_etsi.dut.observe.updates.use._known", lambda *_: False)
    with device_with(tmp_path, UpdateWorld("silent")) as (dut, entry):
        tried = dut.update_options(entry, "notices")

    assert {one.happened for one in tried} == {None}


def test_a_package_that_cannot_be_made_is_left_out_with_its_reason(tmp_path, monkeypatch):
    made = trying._made_of

    def unwritten(_):
        raise OSError("no space left")

    monkeypatch.setattr(
        trying, "_made_of", lambda *given: tuple(replace(one, write=unwritten) for one in made(*given))
    )
    world = UpdateWorld()
    with device_with(tmp_path, world) as (dut, entry):
        series = dut.misuse(entry)
        found = update_misuse.withstands(entry, series)

    assert ("unsigned", "no space left") in series.undone
    assert "unsigned" not in [one.name for one in series.tried]
    assert "no space left" in str(found.unknowns)


@pytest.mark.parametrize(("answer", "quoted"), [("HTTP 409", True), ("done", False), ("", False)])
def test_what_was_answered_to_the_genuine_package_is_told_where_it_says_something(
    tmp_path, monkeypatch, answer, quoted
):
    refused = Tried("first", "the genuine package", "state", "refused", "1", answer)
    monkeypatch.setattr(trying.Trying, "_genuine", lambda *_: refused)
    with device_with(tmp_path, UpdateWorld()) as (dut, entry):
        (why,) = dut.misuse(entry).open

    assert "the genuine package is not installed by this way" in why
    assert ("it was answered" in why) is quoted


def test_what_was_open_before_stays_open_where_the_series_ends_early(tmp_path):
    """A package for another model that shows nothing, and later a device that nothing brings back."""
    packages = {
        "genuine": "newer.tar", "version": NEW, "other_model": "other.tar", "newest": "newest.tar", "newest_version": NEWEST,
    }  # fmt: skip
    with device_with(tmp_path, UpdateWorld("unsigned"), restore=None, packages=packages) as (dut, entry):
        series = dut.misuse(entry)

    assert any(f"other.tar tells version {NEW}" in why for why in series.open)
    assert any("it ended there: nothing brings the device back after unsigned" in why for why in series.open)


def test_a_package_that_nobody_takes_was_not_sent(tmp_path):
    gone = Inconclusive("nobody is at the login", cause=Cause.BENCH)
    with (
        refusing(UpdateWorld(), "install-update", gone) as world,
        device_with(tmp_path, world) as (dut, entry),
    ):
        series = dut.misuse(entry)

    assert (series.first.outcome, series.first.answer) == ("unsent", "nobody is at the login")


@pytest.mark.parametrize(
    ("bad", "runs", "given", "due", "installed", "open_"),
    [
        ((), None, {}, True, True, ()),
        ((), None, {"due": None}, False, False, ()),
        (("off-after-setup",), None, {}, True, False, ()),
        ((), "", {}, True, False, ("the version that runs could not be read to the end",)),
        ((), "9.9", {}, True, False, ("the version that runs could not be read to the end",)),
    ],
    ids=["installed", "nobody says when", "left alone", "no version is told", "another one is told"],
)
def test_after_the_set_up_an_update_is_installed_when_it_is_due(
    tmp_path, monkeypatch, bad, runs, given, due, installed, open_
):
    for name in ("in_factory_default", "wait_until"):
        does = {"in_factory_default": nullcontext, "wait_until": lambda holds, within_s: holds()}[name]
        monkeypatch.setattr(f"pytest_etsi.dut.observe.updates.use.{name}", does)
    monkeypatch.setattr(Core, "require_identity", lambda _: None)
    world = UpdateWorld(*bad)
    operations = world.operations()
    if runs is not None:
        world.operations = lambda: operations | {"due": lambda _: setattr(world, "version", runs)}
    with device_with(tmp_path, world, permissions=("update", "erase"), **given) as (dut, entry):
        fresh = dut.updates_after_set_up(entry)

    assert (fresh.was_due, fresh.installed_s is not None, fresh.open) == (due, installed, open_)


@pytest.mark.parametrize(
    ("beside", "why"), [(None, "is so before"), (OtherwiseError("401"), "cannot be looked for")]
)
def test_what_shows_that_an_archive_has_written_outside_must_not_be_so_before(tmp_path, beside, why):
    world = UpdateWorld()
    world.marked = beside is None
    with (
        refusing(world, "beside", beside) if beside else nullcontext(),
        device_with(tmp_path, world) as (dut, entry),
    ):
        series = dut.misuse(entry)

    assert series.open == (f"what shows that an archive has written outside {why}",)
    assert world.does == []


def test_without_permission_no_package_is_handed_over(tmp_path):
    world = UpdateWorld()
    with (
        device_with(tmp_path, world, permissions=("erase",)) as (dut, entry),
        pytest.raises(Inconclusive, match="no software may be installed") as raised,
    ):
        dut.misuse(entry)

    assert (raised.value.cause, world.does) == (Cause.PERMISSION, [])
