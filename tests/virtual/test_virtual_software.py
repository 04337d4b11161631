"""Packages of software at the virtual camera: which it takes, with and without its flaws, and what runs then."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from dataclasses import replace

import pytest

from pytest_etsi.virtual.device.core import Core, Memory
from pytest_etsi.virtual.device.identity import SOFTWARE, Factory
from pytest_etsi.virtual.device.software import RefusedPackageError, Software
from pytest_etsi.virtual.device.updates import Offer
from pytest_etsi.virtual.flaws import UpdateFlaw
from pytest_etsi.virtual.maker.packages import NEWER, maker_key, package

KEY = maker_key(Factory("a seed"))
OTHER = maker_key(Factory("another seed"))
OFFER = Offer(NEWER, "somebody could read along.")


def software(*flaws, store=None):
    return Software(store or Memory(), KEY.public_key(), frozenset(flaws))


def made(*flaws, version=NEWER, key=KEY, **kind):
    return package(key, version, flaws=frozenset(flaws), **kind)


def changed(content, **parts):
    """A package with other parts; None leaves one out."""
    file = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(content)) as before,
        tarfile.open(fileobj=file, mode="w") as after,
    ):
        contents = {one.name: before.extractfile(one).read() for one in before}
        contents |= {name.replace("_", "."): one for name, one in parts.items()}
        for name, one in contents.items():
            if one is not None:
                info = tarfile.TarInfo(name)
                info.size = len(one)
                after.addfile(info, io.BytesIO(one))
    return file.getvalue()


GOOD = made()
FOREIGN = made(key=OTHER)
BAD = {
    "unsigned": changed(GOOD, manifest_sig=None),
    "empty signature": changed(GOOD, manifest_sig=b""),
    "another key": FOREIGN,
    "another part": changed(GOOD, kernel=b"other"),
    "older": made(version="1.4.1"),
    "the same": made(version=SOFTWARE),
    "another model": made(model="ExampleCam 3"),
    "another hardware": made(hardware="A"),
    "a further part": changed(GOOD, more=b"x"),
    "cut": GOOD[: len(GOOD) // 2],
    "empty": b"",
    "noise": b"noise" * 1000,
    "too large": GOOD + bytes(3 << 20),
}


def taken(content, *flaws):
    """The version that a camera installs; None: it refuses."""
    try:
        return software(*flaws).decide(content, OFFER)
    except RefusedPackageError:
        return None


@pytest.mark.parametrize("what", BAD)
def test_a_sound_camera_refuses_what_is_not_genuine_newer_and_for_it(what):
    assert taken(GOOD) == NEWER
    assert taken(BAD[what]) is None


@pytest.mark.parametrize(
    ("flaw", "what", "version"),
    [
        (UpdateFlaw.UNSIGNED_PACKAGE_TAKEN, {"unsigned"}, NEWER),
        (UpdateFlaw.EMPTY_SIGNATURE_TAKEN, {"empty signature"}, NEWER),
        (UpdateFlaw.PACKAGE_NAMES_ITS_KEY, {"another key"}, NEWER),
        (UpdateFlaw.PARTS_UNCHECKED, {"another part"}, NEWER),
        (UpdateFlaw.OLDER_PACKAGE_TAKEN, {"older", "the same"}, None),
        (UpdateFlaw.OTHER_MODEL_TAKEN, {"another model", "another hardware"}, NEWER),
        (UpdateFlaw.CUT_TRANSFER_COUNTS, {"cut"}, NEWER),
        (UpdateFlaw.EMPTY_PACKAGE_TAKEN, {"empty"}, NEWER),
    ],
)
def test_a_flaw_takes_what_it_is_named_for_and_nothing_else(flaw, what, version):
    found = {name: taken(content, flaw) for name, content in BAD.items()}

    assert {name for name, one in found.items() if one is not None} == what
    assert version is None or set(found.values()) == {None, version}
    assert taken(GOOD, flaw) == NEWER


LED_ASTRAY = [
    UpdateFlaw.UPDATE_SERVER_UNCHECKED,
    UpdateFlaw.UPDATE_SERVER_OF_ANY_NAME,
    UpdateFlaw.UPDATES_IN_CLEAR,
]


@pytest.mark.parametrize("flaw", [None, *LED_ASTRAY])
@pytest.mark.parametrize(
    ("content", "told", "installed"),
    [
        (FOREIGN, FOREIGN, True),
        (FOREIGN, b"", False),
        (FOREIGN, GOOD, False),
        (BAD["another model"], BAD["another model"], False),
        (BAD["older"], BAD["older"], False),
    ],
    ids=["hash told", "no hash told", "hash of another", "another model", "older"],
)
def test_the_hash_that_an_offer_tells_takes_the_place_of_a_signature_by_flaws_only(
    flaw, content, told, installed
):
    offer = replace(OFFER, sha512=hashlib.sha512(told).hexdigest() if told else "")
    one = software(*([flaw] if flaw else []))
    if flaw and installed:
        assert one.decide(content, offer) == NEWER
        return
    with pytest.raises(RefusedPackageError):
        one.decide(content, offer)


@pytest.mark.parametrize("flaw", LED_ASTRAY)
def test_without_a_hash_in_the_offer_these_flaws_take_nothing(flaw):
    assert {name for name, content in BAD.items() if taken(content, flaw)} == set()
    assert taken(GOOD, flaw) == NEWER


def test_a_package_that_is_not_as_offered_is_refused_genuine_or_not():
    with pytest.raises(RefusedPackageError, match="not as offered"):
        software().decide(GOOD, replace(OFFER, sha512=hashlib.sha512(b"").hexdigest()))
    assert software().decide(GOOD, replace(OFFER, sha512=hashlib.sha512(GOOD).hexdigest())) == NEWER


@pytest.mark.parametrize("told", ["0" * 127, "0" * 127 + "g", 5, None])
def test_an_offer_with_what_is_no_hash_is_none(told):
    with pytest.raises(ValueError, match="sha512"):
        Offer.read({"version": NEWER, "risks": "x", "sha512": told})


def test_metadata_that_are_not_signed_can_be_changed():
    flaw = UpdateFlaw.METADATA_UNSIGNED
    genuine = made(flaw)
    with tarfile.open(fileobj=io.BytesIO(genuine)) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))
    raised = changed(genuine, manifest_json=json.dumps(manifest | {"version": "1.4.9"}).encode())

    assert taken(genuine, flaw) == NEWER
    assert taken(raised, flaw) == "1.4.9"
    assert taken(genuine) is None


def test_a_package_writes_outside_by_its_flaw_only_and_is_refused():
    content = changed(GOOD, **{"../../data/mark": b"x"})
    sound, bad = software(), software(UpdateFlaw.PACKAGE_WRITES_ANYWHERE)
    for one in (sound, bad):
        with pytest.raises(RefusedPackageError):
            one.decide(content, OFFER)

    assert (sound.files, bad.files) == ({}, {"mark": b"x"})


@pytest.mark.parametrize(
    ("flaw", "dead", "blocked", "shown"),
    [
        (None, False, False, SOFTWARE),
        (UpdateFlaw.CUT_PACKAGE_KILLS, True, False, SOFTWARE),
        (UpdateFlaw.BLOCKED_AFTER_REFUSAL, False, True, SOFTWARE),
        (UpdateFlaw.REFUSED_SHOWN_AS_INSTALLED, False, False, NEWER),
    ],
)
def test_what_a_refused_package_leaves_behind_outlives_the_power_and_ends_with_new_software(
    flaw, dead, blocked, shown
):
    store = Memory()
    flaws = [flaw] if flaw else []
    with pytest.raises(RefusedPackageError):
        software(*flaws, store=store).decide(BAD["cut"], OFFER)
    after = software(*flaws, store=store)
    found = (after.dead, after.blocked, after.shown, after.version)
    after.released()

    assert found == (dead, blocked, shown, SOFTWARE)
    assert (after.dead, after.blocked, after.shown) == (False, False, SOFTWARE)


@pytest.mark.parametrize(("flaw", "dead"), [(None, False), (UpdateFlaw.POWER_CUT_KILLS, True)])
def test_a_cut_of_the_power_while_a_set_is_written_leaves_the_other_but_for_a_flaw(flaw, dead):
    one = software(*([flaw] if flaw else []))
    one.begin()
    one.interrupted()

    assert (one.dead, one.version) == (dead, SOFTWARE)


def test_what_is_installed_is_told_and_outlives_the_power():
    store = Memory()
    one = software(store=store)
    one.installed(one.decide(GOOD, OFFER))
    before = one.decisions
    after = software(store=store)
    after.started()
    core = Core(Memory(), "H7KD2MWQX4RT", clock=lambda: 0.0, software=after)
    core.upkeep.take_offer({"version": NEWER, "risks": "some"})

    assert (before, after.version, after.decisions, after.outcome) == (0, NEWER, 1, "installed")
    assert core.upkeep.status(core.settings())["installed"] == NEWER
    assert core.upkeep.offer is None


# When it is installed ---------------------------------------------------------------------------------------


def core_with(*flaws, **settings):
    core = Core(Memory(), "H7KD2MWQX4RT", clock=lambda: 1_000_000.0, flaws=frozenset(flaws))
    core.initialize({"owner": ("owner", "a long river bends")})
    if settings:
        core.change_settings(core.login("owner", "a long river bends"), settings)
    core.upkeep.take_offer({"version": NEWER, "risks": "some"})
    return core


LATER = "1970-01-20"


@pytest.mark.parametrize(
    ("flaw", "settings", "due"),
    [
        (None, {}, True),
        (None, {"automatic_updates": False}, False),
        (None, {"postpone_updates_until": LATER}, False),
        (UpdateFlaw.UPDATE_SETTINGS_IGNORED, {"automatic_updates": False}, True),
        (UpdateFlaw.UPDATE_SETTINGS_REFUSED, {"automatic_updates": False}, True),
        (UpdateFlaw.UPDATE_SETTINGS_REFUSED, {"postpone_updates_until": LATER}, True),
        (UpdateFlaw.AUTOMATIC_DOES_NOTHING, {"automatic_updates": True}, False),
        (UpdateFlaw.NO_UPDATES_AFTER_SETUP, {}, False),
        (UpdateFlaw.NO_UPDATES_AFTER_SETUP, {"automatic_updates": True}, True),
    ],
)
def test_an_update_is_due_when_its_owner_wants_it_but_for_flaws(flaw, settings, due):
    core = core_with(*([flaw] if flaw else []), **settings)

    assert core.upkeep.due(core.settings()) is due


@pytest.mark.parametrize(
    ("flaw", "settings", "told"),
    [
        (None, {}, True),
        (None, {"update_notifications": False}, False),
        (UpdateFlaw.NOTICE_MISSING, {}, False),
        (UpdateFlaw.NOTICE_SETTING_IGNORED, {"update_notifications": False}, True),
        (UpdateFlaw.NO_NOTICES_AFTER_SETUP, {}, False),
        (UpdateFlaw.NO_NOTICES_AFTER_SETUP, {"update_notifications": True}, True),
    ],
)
def test_a_notice_is_shown_when_its_owner_wants_it_but_for_flaws(flaw, settings, told):
    core = core_with(*([flaw] if flaw else []), **settings)

    assert bool(core.upkeep.notice(core.settings())) is told
