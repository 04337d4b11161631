"""Packages handed to a small scripted device: what it takes, what becomes of it, and that it is brought back."""

from __future__ import annotations

import pytest
from update_world import NEW, NEWEST, OLD, UpdateWorld, device_with

from pytest_etsi.assessment.criteria import update_misuse, update_settings
from pytest_etsi.dut.observe.updates.settling import Bench
from pytest_etsi.verdict import Cause, Inconclusive


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Names of operations are those that the project adds, and nothing is waited for that is there at once."""
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)
    monkeypatch.setattr("pytest_etsi.dut.observe.updates.use._LEAST_S", 0.1)
    monkeypatch.setattr("pytest_etsi.dut.observe.updates.use._SHOWN_S", 0.1)
    monkeypatch.setattr("pytest_etsi.dut.observe.power._TELLING_S", 0.05)
    monkeypatch.setattr("pytest_etsi.dut.observe.power._APART_S", 0.1)


@pytest.fixture
def seen(tmp_path):
    """A series with a world: what was seen, and what follows."""

    def seen(world, **given):
        with device_with(tmp_path, world, **given) as (dut, entry):
            series = dut.misuse(entry)
            return series, update_misuse.withstands(entry, series)

    return seen


def outcomes(series):
    return {one.name: one.outcome for one in series.tried if one.outcome != "refused"}


# A sound device ---------------------------------------------------------------------------------------------


def test_a_genuine_package_goes_first_and_last_and_the_device_is_brought_back(seen):
    world = UpdateWorld()
    series, found = seen(world)

    assert (series.first.outcome, series.first.version) == ("installed", NEW)
    assert (series.last.outcome, series.last.version) == ("installed", NEW)
    assert world.version == OLD
    assert [one for one in found if one.kind != "note"] == []


def test_every_kind_of_attempt_is_made_under_the_version_that_would_be_installed(seen):
    world = UpdateWorld()
    series, _ = seen(world)

    assert [one.name for one in series.tried] == [
        "older", "other-model", "unsigned", "empty-signature", "signature-bit", "other-key", "payload-bit",
        "payload-and-hash", "header-bit", "version-raised", "cut", "empty", "error-page", "noise", "enlarged",
        "traversal",
    ]  # fmt: skip
    assert {one for one in world.does if one.startswith("install")} == {f"install {NEW}", "install 1.4.9"}
    assert outcomes(series) == {"enlarged": "installed", "traversal": "installed"}


# Devices that can be misused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "taken"),
    [
        ("unsigned", {"unsigned", "empty-signature", "signature-bit"}),
        ("parts", {"payload-bit"}),
        ("older", {"older"}),
        ("models", {"other-model"}),
    ],
)  # fmt: skip
def test_what_is_installed_and_not_genuine_refutes(seen, bad, taken):
    world = UpdateWorld(bad)
    series, found = seen(world)

    assert {name for name, one in outcomes(series).items() if one == "installed"} - {
        "enlarged",
        "traversal",
    } == taken
    assert {one.message.split()[0] for one in found.violations} == taken
    assert world.version == OLD


def test_a_package_that_writes_outside_refutes_although_it_is_refused(seen):
    _, found = seen(UpdateWorld("writes"))

    assert ["outside" in one.message for one in found.violations] == [True]


@pytest.mark.parametrize("bad", ["forgets", "logged-out"])
def test_where_nobody_could_look_nothing_is_said_to_be_unwritten(seen, bad):
    _, found = seen(UpdateWorld(bad))

    assert found.violations == ()
    assert any("traversal: whether the package has written" in one.message for one in found.unknowns)


@pytest.mark.parametrize("bad", [(), ("forces",)])
def test_what_fails_its_check_is_not_installed_by_being_forced_either(seen, bad):
    world = UpdateWorld(*bad)
    series, found = seen(world, forces="force")
    forced = {one.name: one.outcome for one in series.tried if one.name.startswith("forced-")}

    assert forced == dict.fromkeys(
        ("forced-unsigned", "forced-signature-bit", "forced-payload-bit"), "installed" if bad else "refused"
    )
    assert [one.message.split()[0] for one in found.violations] == (list(forced) if bad else [])
    assert found.unknowns == ()
    assert world.version == OLD


@pytest.mark.parametrize(("bad", "outcome"), [((), "refused"), (("half",), "installed")])
def test_a_transfer_that_never_comes_to_its_end_installs_nothing(seen, bad, outcome):
    series, found = seen(UpdateWorld(*bad), breaks_off="break-off", attempts=1)

    assert {one.name: one.outcome for one in series.tried}["broken-off"] == outcome
    assert [one.message.split()[0] for one in found.violations] == ["broken-off"] * len(bad)


def test_what_was_kept_and_is_installed_at_the_next_start_refutes(seen):
    series, found = seen(UpdateWorld("keeps"))

    assert outcomes(series)["restart"] == "installed"
    assert [one.message.split()[0] for one in found.violations] == ["restart"]


def test_a_device_that_its_software_revives_was_killed_by_the_package(seen):
    series, found = seen(UpdateWorld("dies"))

    assert outcomes(series)["empty"] == "dead"
    assert ["written anew" in one.message for one in found.violations] == [True]


def test_a_device_that_its_power_revives_is_for_a_person(seen):
    series, found = seen(UpdateWorld("dies", "hangs"))

    assert set(outcomes(series).values()) == {"hung", "installed"}
    assert found.violations == ()
    assert {one.cause for one in found.unknowns} == {Cause.JUDGEMENT}


def test_genuine_packages_that_are_refused_since_then_refute_where_new_software_takes_them(seen):
    series, found = seen(UpdateWorld("blocks"))

    assert series.blocked
    assert ["no genuine package any more" in one.message for one in found.violations] == [True]


# A device that nothing brings back --------------------------------------------------------------------------


ONE_WAY = {
    "genuine": "newer.tar",
    "version": NEW,
    "older": "older.tar",
    "other_model": "other-newest.tar",
    "newest": "newest.tar",
    "newest_version": NEWEST,
}


@pytest.fixture
def seen_one_way(tmp_path):
    """A series between two genuine packages: what was seen, what follows, and why the device is lost afterwards."""

    def seen_one_way(world, **packages):
        with device_with(tmp_path, world, restore=None, packages=ONE_WAY | packages) as (dut, entry):
            series = dut.misuse(entry)
            with pytest.raises(Inconclusive) as lost:
                dut.require_identity()
            dut.require_whole(("update",))
            return series, update_misuse.withstands(entry, series), lost.value

    return seen_one_way


def test_without_a_way_back_a_sound_device_is_tried_between_two_genuine_packages(seen_one_way):
    world = UpdateWorld("strict")
    series, found, _ = seen_one_way(world)

    assert (series.first.version, series.last.name, series.last.version) == (NEW, "last", NEWEST)
    assert [one.name for one in series.tried] == [
        "older", "other-model", "unsigned", "empty-signature", "signature-bit", "other-key", "payload-bit",
        "payload-and-hash", "header-bit", "version-raised", "cut", "empty", "error-page", "noise", "traversal",
    ]  # fmt: skip
    assert {one.outcome for one in series.tried} == {"refused"}
    assert [one for one in found if one.kind != "note"] == []


def test_without_a_way_back_the_device_stays_with_the_second_and_is_lost_for_what_touches_it(seen_one_way):
    world = UpdateWorld()
    series, found, lost = seen_one_way(world)

    assert (series.last.name, series.last.version) == ("traversal", NEWEST)  # genuine, with a part more
    assert [one for one in found if one.kind != "note"] == []
    assert lost.cause is Cause.BENCH
    assert NEWEST in lost.reason
    assert OLD in lost.settle
    assert "restore" not in world.does


@pytest.mark.parametrize(
    ("bad", "taken"),
    [("unsigned", "unsigned"), ("parts", "payload-bit")],
)
def test_without_a_way_back_what_is_installed_and_not_genuine_refutes_and_ends_it(seen_one_way, bad, taken):
    series, found, _ = seen_one_way(UpdateWorld(bad))

    assert [one.message.split()[0] for one in found.violations] == [taken]
    assert (series.tried[-1].name, series.last) == (taken, None)


def test_without_a_way_back_a_device_that_takes_nothing_more_is_left_open(seen_one_way):
    series, found, _ = seen_one_way(UpdateWorld("blocks"))

    assert (series.last.outcome, series.blocked) == ("refused", False)
    assert found.violations == ()
    assert any("no longer installed" in one.message for one in found.unknowns)


def test_a_package_for_another_model_that_is_not_newer_by_then_shows_nothing(seen_one_way):
    series, found, _ = seen_one_way(UpdateWorld(), other_model="other.tar")

    assert "other-model" not in [one.name for one in series.tried]
    assert any(f"other.tar tells version {NEW}" in one.message for one in found.unknowns)


# What shows nothing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["drops", "strips"])
def test_a_way_by_which_no_genuine_package_is_installed_shows_nothing(seen, bad):
    world = UpdateWorld(bad)
    series, found = seen(world)

    assert (series.first.outcome, series.tried) == ("refused", ())
    assert [one.kind for one in found] == ["unknown"]
    assert world.does == [f"install {NEW}"]


def test_a_version_that_is_told_before_a_restart_that_fails_is_not_installed(seen):
    series, found = seen(UpdateWorld("falls-back"))

    assert (series.first.outcome, series.first.version, series.tried) == ("refused", OLD, ())
    assert [one.kind for one in found] == ["unknown"]


def test_altered_packages_have_the_name_of_the_genuine_one(seen):
    series, _ = seen(UpdateWorld("names", "unsigned"))

    assert outcomes(series)["unsigned"] == "installed"


def test_an_altered_package_that_waits_for_a_restart_is_seen_at_one_and_refusing_all_others_is_no_refusal(
    seen,
):
    _, found = seen(UpdateWorld("applied"))

    assert [one.message.split()[0] for one in found.violations] == ["restart"]


def test_without_a_restart_a_device_that_refuses_everything_since_then_is_not_sound(seen):
    series, found = seen(UpdateWorld("applied"), permissions=("update",))

    assert not series.last or series.last.outcome == "refused"
    assert any("restart was not tried" in one.message for one in found.unknowns)


def test_a_device_whose_clock_is_wrong_after_a_cut_of_its_power_does_not_refuse_for_what_came_before(seen):
    series, found = seen(UpdateWorld("undated"))

    assert (series.last.outcome, series.blocked) == ("refused", False)
    assert found.violations == ()
    assert any("certificate is not yet valid" in one.message for one in found.unknowns)


def test_packages_that_cannot_be_handed_over_are_not_refused(seen):
    series, found = seen(UpdateWorld("unreachable"))

    assert set(outcomes(series).values()) == {"unsent"}
    assert found.violations == ()
    assert {one.cause for one in found.unknowns} == {Cause.BENCH}


def test_a_device_that_does_not_come_back_ends_the_series_and_is_lost(tmp_path):
    world = UpdateWorld("lost")
    with device_with(tmp_path, world) as (dut, entry):
        series = dut.misuse(entry)
        with pytest.raises(Inconclusive, match="could not bring the device back") as caught:
            dut.require_whole()

    assert "ended there" in series.open[0]
    assert caught.value.cause is Cause.BENCH
    assert len(world.does) < 6


def test_another_device_is_not_touched(tmp_path):
    world = UpdateWorld()
    world.version = "1.0"
    with (
        device_with(tmp_path, world) as (dut, entry),
        pytest.raises(Inconclusive, match="does not look like"),
    ):
        dut.misuse(entry)

    assert world.does == []


def test_without_permission_nothing_is_installed(tmp_path):
    world = UpdateWorld()
    with (
        device_with(tmp_path, world, permissions=("outage",)) as (dut, entry),
        pytest.raises(Inconclusive) as caught,
    ):
        dut.misuse(entry)

    assert caught.value.cause is Cause.PERMISSION
    assert world.does == []


@pytest.mark.parametrize(
    ("without", "why"),
    [("packages", "genuine package"), ("restore", "brought back"), ("marker", "writes outside")],
)
def test_what_is_not_described_leaves_the_unit_open(seen, without, why):
    _, found = seen(UpdateWorld(), **{without: None})

    assert found.violations == ()
    assert any(why in one.message for one in found.unknowns)


def test_no_more_packages_than_permitted_and_that_leaves_it_open(seen):
    world = UpdateWorld()
    series, found = seen(world, attempts=3)

    assert [one.name for one in series.tried] == ["older", "other-model", "unsigned", "empty-signature"]
    assert {one.cause for one in found.unknowns} == {Cause.PERMISSION}
    assert found.violations == ()


def test_a_cut_of_the_power_needs_its_permission(seen):
    world = UpdateWorld()
    _, found = seen(world, permissions=("update",), cuts_after_s=[0])

    assert "off" not in world.does
    assert {one.cause for one in found.unknowns} == {Cause.PERMISSION}


def test_the_power_is_cut_while_a_genuine_package_is_installed(seen):
    world = UpdateWorld()
    series, found = seen(world, cuts_after_s=[0])

    assert [one.outcome for one in series.cuts] == ["refused"]
    assert "off" in world.does
    assert world.version == OLD
    assert [one for one in found if one.kind != "note"] == []


@pytest.mark.parametrize(("bad", "cuts"), [((), 1), (("hidden",), 0)])
def test_the_power_is_cut_once_it_shows_that_the_package_is_being_installed(seen, bad, cuts):
    world = UpdateWorld(*bad)
    series, found = seen(world, cuts_after_s=[0], installing={"succeeds": "installing", "within_s": 0})
    after_the_altered_ones = 1

    assert [one.outcome for one in series.cuts] == ["refused"]
    assert world.does.count("off") == after_the_altered_ones + cuts
    assert world.version == OLD
    assert [one.kind for one in found if one.kind != "note"] == ["unknown"] * (1 - cuts)


# What its user sets -----------------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path):
    """What a world shows of its settings: findings on the set-up, and on the choices, of updates and notices."""

    def settings(world, **given):
        with device_with(tmp_path, world, **given) as (dut, entry):
            fresh = dut.updates_after_set_up(entry)
            return {
                "installs": update_settings.installs(entry, fresh),
                "tells": update_settings.tells(entry, fresh),
                "updates": update_settings.changeable(entry, dut.update_options(entry, "updates"), "updates"),
                "notices": update_settings.changeable(entry, dut.update_options(entry, "notices"), "notices"),
            }

    return settings


def refuted(found):
    return {name for name, findings in found.items() if findings.violations}


def undecided(found):
    return {name for name, findings in found.items() if findings.unknowns}


def test_a_sound_device_installs_and_tells_and_does_what_its_user_sets(settings):
    world = UpdateWorld()
    found = settings(world)

    assert refuted(found) | undecided(found) == set()
    assert (world.version, world.offered, world.automatic, world.notices) == (OLD, None, True, True)
    assert world.does[:2] == ["reset", "initialize"]


@pytest.mark.parametrize(
    ("bad", "wrong"),
    [
        ("off-after-setup", {"installs"}),
        ("ignores", {"updates"}),
        ("refuses", {"updates"}),
        ("silent", {"tells", "notices"}),
        ("always-tells", {"notices"}),
    ],
)
def test_each_weakness_refutes_what_it_is_about(settings, bad, wrong):
    world = UpdateWorld(bad)
    found = settings(world)

    assert refuted(found) == wrong
    assert undecided(found) == set()
    assert world.version == OLD


@pytest.mark.parametrize(
    ("without", "still_open"),
    [
        ("due", {"installs", "updates"}),
        ("automatic", {"updates"}),
        ("notices", {"tells", "notices"}),
    ],
)
def test_what_is_not_described_is_not_decided(settings, without, still_open):
    found = settings(UpdateWorld(), **{without: None})

    assert refuted(found) == set()
    assert undecided(found) == still_open


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("falls-back", f"fell back by itself: version {OLD} runs"),
        ("tries", f"fell back after a cut of its power: version {OLD} runs"),
        ("uncut", "nothing shows that it started anew"),
    ],
)
def test_an_update_counts_as_installed_by_itself_when_the_device_has_settled_and_started_with_it(
    settings, monkeypatch, bad, told
):
    monkeypatch.setattr("pytest_etsi.dut.observe.power._PROOF_WITHIN_S", 0.1)
    world = UpdateWorld(bad)
    found = settings(world)["installs"]

    assert [one.kind for one in found] == ["unknown"]
    assert told in next(iter(found)).message
    assert world.version == OLD


def test_the_power_is_not_cut_while_a_new_version_is_on_trial(settings):
    found = settings(UpdateWorld("provisional"), decided=None, installs_within_s=0.4)["installs"]

    assert tuple(found) == ()


def test_where_its_power_may_not_be_cut_that_an_update_stays_is_open(settings):
    world = UpdateWorld()
    found = settings(world, permissions=("update", "erase"))["installs"]

    assert [one.cause for one in found] == [Cause.PERMISSION]
    assert "off" not in world.does


def test_without_an_offer_nothing_is_reset(tmp_path):
    world = UpdateWorld()
    with device_with(tmp_path, world, offer=None) as (dut, entry), pytest.raises(Inconclusive) as caught:
        dut.updates_after_set_up(entry)

    assert caught.value.cause is Cause.ACCESS
    assert world.does == []


def test_a_device_that_does_not_come_back_after_the_cut_is_waited_for_once(tmp_path, monkeypatch):
    world = UpdateWorld()
    world.version = NEW
    comes = iter([True, False])
    monkeypatch.setattr(Bench, "_comes", lambda _: next(comes))
    with device_with(tmp_path, world, decided=None, installs_within_s=0) as (dut, entry):
        settled = Bench(dut, entry.access, OLD).keeps(NEW)

    assert (settled.fell_back, settled.version) == ("after a cut of its power", None)
    assert list(comes) == []
