"""Updates as they were seen: what refutes, what leaves open, and that a series without its controls shows nothing."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from documents import ixit_of

from pytest_etsi import criteria
from pytest_etsi.dut.observe.updates.model import Tried, UpdateSeries
from pytest_etsi.dut.observe.updates.settling import Settled
from pytest_etsi.dut.observe.updates.use import AfterSetUp, OptionTried
from pytest_etsi.verdict import Cause

misuse, settings = criteria.update_misuse, criteria.update_settings
GENUINE = Tried("first", "the genuine package", "state", "installed", "2", "done")
SIGNED = Tried("unsigned", "its signature is left out", "misuse", "refused", "1", "done", marked=False)
SOUND = UpdateSeries(
    "net",
    {"container": "swu", "bytes": 10, "gaps": []},
    GENUINE,
    (SIGNED,),
    (),
    replace(GENUINE, name="last"),
)


@pytest.fixture(autouse=True, scope="module")
def _operations():
    """Documents that name operations without a profile that has them are all that is needed here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)
        yield


@pytest.fixture(scope="module")
def files():
    with tempfile.TemporaryDirectory() as directory:
        for name in ("genuine", "older", "other"):
            Path(directory, name).write_bytes(b"x")
        yield Path(directory)


def documents(files, *, access=None, **changes):
    packages = {"genuine": "genuine", "version": "2", "older": "older", "other_model": "other"}
    usual = {
        "packages": {key: str(files / one) if key != "version" else one for key, one in packages.items()},
        "marker": {"name": "../x", "found_by": "find", "control": "find-another"},
        "cuts_after_s": [5],
    }
    entry = {
        "ID": "net",
        "Description": "The device fetches a package, and installs it after its check.",
        "Configuration": "Can be switched off.",
        "facts": {
            "user_options": ["enable", "disable"],
            "notification_options": ["enable", "disable"],
            "fetches": False,
        },
        "access": {name: one for name, one in (usual | (access or {})).items() if one is not None},
    }
    component = {"ID": "app", "Description": "x", "Update Mechanism": "net"}
    return ixit_of({"7-UpdMech": [entry | changes], "6-SoftComp": [component]})


@pytest.fixture
def judged(files):
    """What follows for the mechanism and for the component that refers to it, which is the same."""

    def judged(series, **given):
        ixit = documents(files, **given)
        found = misuse.withstands(ixit.upd_mech[0], series)
        assert misuse.referenced(ixit.soft_comp[0], ixit, lambda _: series) == found
        return found

    return judged


def with_(**changes):
    return replace(
        SOUND, tried=(SIGNED, replace(SIGNED, **{"name": "one", "outcome": "installed"} | changes))
    )


def test_a_series_with_its_controls_leaves_nothing_open(judged):
    found = judged(SOUND)

    assert tuple(found) == ()
    assert found.examined == "a genuine package (swu, 10 bytes) before and after; refused: unsigned"


@pytest.mark.parametrize("outcome", ["installed", "dead"])
def test_an_altered_package_that_does_something_refutes(judged, outcome):
    found = judged(with_(outcome=outcome))

    assert [one.kind for one in found] == ["violation"]


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"outcome": "hung"}, Cause.JUDGEMENT),
        ({"outcome": "lost"}, Cause.BENCH),
        ({"outcome": "unsent"}, Cause.BENCH),
        ({"means": "perhaps"}, Cause.JUDGEMENT),
    ],
)
def test_what_may_have_another_reason_is_open(judged, changes, cause):
    found = judged(with_(**changes))

    assert [(one.kind, one.cause) for one in found] == [("unknown", cause)]


def test_what_was_answered_is_told_and_decides_nothing(judged):
    quiet, told = (judged(with_(answer=answer))[0].message for answer in ("done", "HTTP 200: no space"))

    assert "answered" not in quiet
    assert told == f"{quiet}; it was answered 'HTTP 200: no space'"


def test_a_device_that_is_gone_and_a_package_that_was_not_sent_are_told_apart(judged):
    gone, unsent = (judged(with_(outcome=outcome))[0].message for outcome in ("lost", "unsent"))

    assert "did not come back" in gone
    assert "could not be handed over" in unsent


def test_a_genuine_part_that_is_installed_is_no_misuse_and_said_to_be_installed(judged):
    found = judged(with_(means="state"))

    assert tuple(found) == ()
    assert found.examined.endswith("installed, and genuine: one")


def test_a_marker_refutes_whatever_became_of_the_package(judged):
    found = judged(with_(outcome="refused", marked=True))

    assert [one.kind for one in found] == ["violation"]


def test_a_package_that_marks_nothing_is_refused(judged):
    assert tuple(judged(with_(outcome="refused", marked=False))) == ()


@pytest.mark.parametrize("outcome", ["refused", "installed"])
def test_a_file_outside_that_was_not_looked_for_leaves_the_unit_open(judged, outcome):
    found = judged(with_(outcome=outcome, means="state", marked=None))

    assert [(one.kind, one.cause, one.place.field) for one in found] == [
        ("unknown", Cause.BENCH, "access.marker")
    ]


def test_an_older_package_refutes_unless_the_documents_take_it(judged):
    older = with_(name="older")
    said = {"Description": "Older versions can be installed by the owner."}

    assert [one.kind for one in judged(older)] == ["violation"]
    found = judged(older, **said)
    assert [(one.kind, one.cause) for one in found] == [("unknown", Cause.JUDGEMENT)]
    assert found[0].place.field == "Description"
    assert said["Description"].rstrip(".") in found[0].message


def test_what_keeps_genuine_packages_out_refutes(judged):
    assert [one.kind for one in judged(replace(SOUND, blocked=True))] == ["violation"]


def test_a_cut_of_the_power_refutes_where_nothing_starts_afterwards(judged):
    cut = Tried("power-cut", "cut after 5 s", "state", "refused", "1")

    assert tuple(judged(replace(SOUND, cuts=(cut,)))) == ()
    assert judged(replace(SOUND, cuts=(cut,))).examined.endswith("1 cuts of the power while it installs")
    assert [one.kind for one in judged(replace(SOUND, cuts=(replace(cut, outcome="dead"),)))] == ["violation"]


def test_a_control_that_failed_leaves_the_unit_open_and_asks_for_nothing_else(judged):
    series = UpdateSeries("net", SOUND.package, replace(GENUINE, outcome="refused"), open=("not installed",))

    assert [(one.kind, one.cause) for one in judged(series)] == [("unknown", Cause.BENCH)]


@pytest.mark.parametrize(
    ("access", "why"),
    [
        ({"marker": None}, "writes outside"),
        ({"packages": {"genuine": "genuine", "version": "2", "older": "older"}}, "another model"),
        ({"packages": {"genuine": "genuine", "version": "2", "other_model": "other"}}, "older version"),
    ],
)
def test_packages_that_were_not_there_leave_the_unit_open(judged, files, access, why):
    if access.get("packages"):
        access = {
            "packages": {
                key: str(files / one) if key != "version" else one for key, one in access["packages"].items()
            }
        }
    found = judged(SOUND, access=access)

    assert [one.cause for one in found.unknowns] == [Cause.ACCESS]
    assert why in found[0].message


def test_bytes_whose_signature_nobody_could_touch_are_open_until_the_laboratory_does(judged, files):
    series = replace(
        SOUND,
        package={"container": "raw", "bytes": 10, "gaps": ["not known"]},
        tried=(replace(SIGNED, name="payload-bit"),),
    )
    packages = {"genuine": "genuine", "older": "older", "other_model": "other"}
    own = {key: str(files / one) for key, one in packages.items()} | {
        "version": "2",
        "altered": [str(files / "other")],
    }

    assert ["not known" in one.message for one in judged(series).unknowns] == [True]
    assert tuple(judged(series, access={"packages": own})) == ()


@pytest.mark.parametrize(
    ("undone", "cause"),
    [
        (("noise", "access.attempts permits no more packages"), Cause.PERMISSION),
        (("other-key", "it is larger than what is read"), Cause.INFORMATION),
        (("unsigned", "it is larger than what is read"), Cause.INFORMATION),
        (("empty-signature", "it is larger than what is read"), Cause.INFORMATION),
        (("signature-bit", "it is larger than what is read"), Cause.INFORMATION),
        (("payload-and-hash", "the package tells no hash of it"), None),
    ],
)
def test_what_was_not_tried_is_open_where_it_matters_and_always_said(judged, undone, cause):
    found = judged(replace(SOUND, undone=(undone,)))

    assert [one.cause for one in found.unknowns] == ([cause] if cause else [])
    assert found.examined.endswith(f"not tried: {undone[0]}")


def test_the_plan_is_for_a_person_and_names_what_goes_with_it(files):
    entry = documents(files).upd_mech[0]
    found = misuse.planned(entry, ())
    nothing = misuse.planned(documents(files, access={"packages": None}).upd_mech[0], ())

    forced = misuse.planned(documents(files, access={"forces": "force"}).upd_mech[0], ())

    assert {one.kind for one in (*found, *nothing)} == {"note"}
    assert "forced" in [one.message.split(":")[0] for one in forced]
    assert [one.message.split(":")[0] for one in found] == ["older", "other-model", "power-cut"]


@pytest.mark.parametrize(
    ("says", "forces", "kinds"),
    [
        ("It cannot be forced.", None, set()),
        ("There is no way to force a package.", None, set()),
        ("A package that is not signed can be forced.", None, {"unknown"}),
        ("A package that fails its check can be installed anyway.", None, {"unknown"}),
        ("Die Installation kann erzwungen werden.", None, {"unknown"}),
        ("It can be forced.", "force", set()),
    ],
)
def test_a_way_to_force_a_package_that_the_documents_know_is_tried(files, says, forces, kinds):
    entry = documents(files, access={"forces": forces}, Configuration=says).upd_mech[0]

    assert {one.kind for one in misuse.withstands(entry, SOUND)} == kinds


@pytest.mark.parametrize(
    ("says", "kind"), [("Can be switched off.", "violation"), ("Its owner may force it.", "unknown")]
)
def test_what_is_installed_by_force_refutes_unless_the_documents_say_so(files, says, kind):
    entry = documents(files, access={"forces": "force"}, Configuration=says).upd_mech[0]
    forced = Tried("forced-unsigned", "without signature", "misuse", "installed", "2", marked=False)
    seen = replace(SOUND, tried=(*SOUND.tried, forced))

    assert {one.kind for one in misuse.withstands(entry, seen)} == {kind}


# Settings ---------------------------------------------------------------------------------------------------

KEPT = Settled(version="1.4.3")
FRESH = AfterSetUp(
    on=True, notices_on=True, known=True, installed_s=2.0, settled=KEPT, was_due=True, shown=True
)


@pytest.mark.parametrize(
    ("seen", "kind", "cause"),
    [
        ({}, None, None),
        ({"on": None}, None, None),
        ({"on": False}, "violation", None),
        ({"installed_s": None}, "violation", None),
        ({"installed_s": None, "known": None}, "unknown", Cause.ACCESS),
        ({"installed_s": None, "known": False}, "unknown", Cause.ACCESS),
        ({"was_due": False, "installed_s": None}, "unknown", Cause.ACCESS),
        ({"open": ("it did not answer",)}, "unknown", Cause.BENCH),
        ({"settled": None}, "unknown", Cause.BENCH),
        ({"settled": Settled("by itself", "1.4.2")}, "unknown", Cause.JUDGEMENT),
        ({"settled": Settled("after a cut of its power", "1.4.2")}, "unknown", Cause.JUDGEMENT),
        ({"settled": Settled("by itself")}, "unknown", Cause.BENCH),
        ({"settled": replace(KEPT, untried="not permitted", cause=Cause.ACCESS)}, "unknown", Cause.ACCESS),
    ],
)
def test_automatic_installation_is_on_where_something_was_installed(files, seen, kind, cause):
    found = settings.installs(documents(files).upd_mech[0], replace(FRESH, **seen))

    assert [(one.kind, one.cause) for one in found] == ([(kind, cause)] if kind else [])


@pytest.mark.parametrize(
    ("seen", "kind", "cause"),
    [
        ({}, None, None),
        ({"notices_on": False}, "violation", None),
        ({"shown": False}, "violation", None),
        ({"shown": False, "known": None}, "unknown", Cause.ACCESS),
        ({"shown": None}, "unknown", Cause.ACCESS),
        ({"shown_before": True}, "unknown", Cause.BENCH),
        ({"open": ("it did not answer",)}, "unknown", Cause.BENCH),
    ],
)
def test_notices_are_on_where_one_was_shown_and_not_before(files, seen, kind, cause):
    found = settings.tells(documents(files).upd_mech[0], replace(FRESH, **seen))

    assert [(one.kind, one.cause) for one in found] == ([(kind, cause)] if kind else [])


@pytest.mark.parametrize(
    ("seen", "kind", "cause"),
    [
        ({"on": False, "installed_s": None}, None, None),
        ({"on": None, "installed_s": None}, None, None),
        ({"on": False, "installed_s": None, "was_due": False}, None, None),
        ({"on": None, "installed_s": None, "was_due": False}, "unknown", Cause.ACCESS),
        ({"on": None, "installed_s": None, "known": None}, "unknown", Cause.ACCESS),
        ({"on": True, "installed_s": None}, "violation", None),
        ({"on": False, "installed_s": 3.0}, "violation", None),
        ({"on": False, "installed_s": None, "open": ("it did not answer",)}, "unknown", Cause.BENCH),
    ],
)
def test_a_refused_consent_keeps_the_mechanism_off(files, seen, kind, cause):
    found = settings.stays_off(documents(files).upd_mech[0], replace(FRESH, **seen))

    assert [(one.kind, one.cause) for one in found] == ([(kind, cause)] if kind else [])


@pytest.mark.parametrize("given", ["granted", "denied", None])
@pytest.mark.parametrize("answer", ["granted", "denied"])
def test_what_the_set_up_answers_has_to_be_described(files, given, answer):
    entry = documents(files, access={"consent": given}).upd_mech[0]

    assert [(one.kind, one.cause) for one in settings.answered(entry, answer)] == (
        [] if given == answer else [("unknown", Cause.ACCESS)]
    )


def tried(option, happened, **changes):
    return OptionTried(option, done=True, known=True, happened=happened, **changes)


ON, OFF = tried("enable", happened=True, reads=True), tried("disable", happened=False, reads=False)


@pytest.mark.parametrize("what", ["updates", "notices"])
@pytest.mark.parametrize(
    ("choices", "kinds"),
    [
        ((ON, OFF), set()),
        ((ON, OFF, tried("postpone", happened=False)), set()),
        ((ON, replace(OFF, happened=True)), {"violation"}),
        ((replace(ON, happened=False), OFF), {"violation"}),
        ((ON, OFF, tried("postpone", happened=True)), {"unknown"}),
        ((ON, replace(OFF, reads=True)), {"unknown"}),
        ((ON, replace(OFF, known=None)), {"unknown"}),
        ((ON, replace(OFF, known=False)), {"unknown"}),
        ((ON, replace(OFF, happened=None)), {"unknown"}),
        ((ON, replace(OFF, done=False, answered=False)), {"unknown"}),
        ((ON, replace(OFF, done=False, detail="HTTP 403")), {"violation"}),
        ((OFF,), {"unknown"}),
        ((ON,), {"unknown"}),
        ((), {"unknown"}),
    ],
)
def test_a_setting_works_where_it_changes_what_happens(files, what, choices, kinds):
    found = settings.changeable(documents(files).upd_mech[0], choices, what)

    assert {one.kind for one in found} == kinds


@pytest.mark.parametrize(
    ("choices", "updates", "notices"),
    [
        ((ON,), {"access.automatic.disable", "access"}, {"access.notices.disable", "access"}),
        ((OFF,), {"access.automatic.enable"}, {"access.notices.enable"}),
        ((ON, replace(OFF, happened=None)), {"access.due"}, {"access.notices.shown"}),
        ((ON, replace(OFF, known=None)), {"access.automatic.known"}, {"access.notices.known"}),
        ((ON, replace(OFF, done=False, answered=False)), {"access"}, {"access"}),
        ((ON, OFF, tried("postpone", happened=True)), {"Configuration"}, {"Configuration"}),
    ],
)
def test_what_is_missing_is_asked_for_where_it_belongs(files, choices, updates, notices):
    entry = documents(files).upd_mech[0]
    asked = {
        what: {one.place.field for one in settings.changeable(entry, choices, what) if one.kind == "unknown"}
        for what in ("updates", "notices")
    }

    assert asked == {"updates": updates - {"access"} or updates, "notices": notices - {"access"} or notices}


LATER = tried("postpone", happened=False, reads=True)  # what is put off stays switched on


@pytest.mark.parametrize("what", ["updates", "notices"])
@pytest.mark.parametrize(
    ("choices", "wanted", "kinds"),
    [
        ((ON, OFF, LATER), ("enable", "disable", "postpone"), set()),
        ((ON, OFF), ("enable", "disable"), set()),
        ((ON, OFF), ("enable", "disable", "postpone"), {"unknown"}),
        ((ON, OFF, replace(LATER, happened=True)), ("enable", "disable", "postpone"), {"violation"}),
        ((ON, replace(OFF, happened=True), LATER), ("enable", "disable", "postpone"), {"violation"}),
        (
            (ON, replace(OFF, done=False, detail="HTTP 403"), LATER),
            ("enable", "disable", "postpone"),
            {"violation"},
        ),
        ((ON, replace(OFF, reads=True)), ("enable", "disable"), {"unknown"}),
        ((ON, OFF, replace(LATER, known=None)), ("enable", "disable", "postpone"), {"unknown"}),
        ((replace(ON, happened=False), OFF), ("enable", "disable"), {"violation"}),
        ((), ("enable", "disable"), {"unknown"}),
    ],
)
def test_each_setting_that_users_need_works(files, what, choices, wanted, kinds):
    found = settings.each_changeable(documents(files).upd_mech[0], choices, what, wanted)

    assert {one.kind for one in found} == kinds


@pytest.mark.parametrize(
    ("known", "wrong"), [(True, ["enable", "disable", "postpone"]), (False, []), (None, [])]
)
def test_where_nothing_happens_even_when_enabled_no_setting_works(files, known, wrong):
    choices = (replace(ON, happened=False, known=known), OFF, LATER)
    wanted = ("enable", "disable", "postpone")
    found = settings.each_changeable(documents(files).upd_mech[0], choices, "updates", wanted)

    assert [
        option for option in wanted if any(f": {option}:" in one.message for one in found.violations)
    ] == wrong
    assert bool(found.unknowns) is not bool(wrong)


@pytest.mark.parametrize(("what", "place"), [("updates", "automatic"), ("notices", "notices")])
def test_a_setting_that_nobody_described_is_asked_for_where_it_belongs(files, what, place):
    found = settings.each_changeable(documents(files).upd_mech[0], (ON, OFF), what, ("enable", "postpone"))

    assert [(one.place.field, one.cause) for one in found] == [(f"access.{place}.postpone", Cause.ACCESS)]


@pytest.mark.parametrize(
    ("choices", "field", "cause"),
    [
        ((OFF,), "access.automatic.enable", Cause.ACCESS),
        ((replace(ON, happened=None),), "access.due", Cause.ACCESS),
        ((replace(ON, happened=False, known=None),), "access.automatic.known", Cause.ACCESS),
        ((replace(ON, done=False),), "access", Cause.BENCH),
    ],
)
def test_what_keeps_from_seeing_that_it_is_automatic_is_asked_for(files, choices, field, cause):
    found = settings.automatic_when_on(documents(files).upd_mech[0], choices)

    assert [(one.place.field, one.cause) for one in found] == [(field, cause)]


@pytest.mark.parametrize(
    ("choices", "kinds"),
    [
        ((replace(ON, settled=KEPT), OFF), set()),
        ((replace(ON, settled=KEPT),), set()),
        ((replace(ON, settled=Settled("by itself", "1.4.2")),), {"unknown"}),
        ((ON,), {"unknown"}),
        ((replace(ON, happened=False), OFF), {"violation"}),
        ((replace(ON, happened=False, known=None), OFF), {"unknown"}),
        ((replace(ON, happened=None), OFF), {"unknown"}),
        ((replace(ON, done=False), OFF), {"unknown"}),
        ((OFF,), {"unknown"}),
        ((), {"unknown"}),
    ],
)
def test_a_mechanism_is_automatic_where_it_installs_by_itself_once_that_is_on(files, choices, kinds):
    found = settings.automatic_when_on(documents(files).upd_mech[0], choices)

    assert {one.kind for one in found} == kinds


def test_a_choice_that_got_no_answer_is_told_to_have_got_none(files):
    found = settings.changeable(
        documents(files).upd_mech[0],
        (ON, replace(OFF, done=False, answered=False, detail="refused")),
        "updates",
    )

    assert ["nothing answered (refused)" in one.message for one in found] == [True]
    assert [one.cause for one in found] == [Cause.BENCH]


def test_options_of_the_documents_are_those_of_their_own_field(files):
    facts = {"user_options": ["postpone"], "notification_options": ["disable"]}
    entry = documents(files, facts=facts).upd_mech[0]
    asked = [
        sorted(one.message for one in settings.changeable(entry, (ON, OFF), what))
        for what in ("updates", "notices")
    ]

    assert asked == [["how the user sets postpone is not described"], []]


def test_enabling_alone_that_changes_nothing_refutes(files):
    facts = {"user_options": ["enable"], "notification_options": ["enable"]}
    found = settings.changeable(
        documents(files, facts=facts).upd_mech[0], (replace(ON, happened=False),), "updates"
    )

    assert [one.kind for one in found] == ["violation"]


def test_without_enabling_it_nothing_is_known_of_what_would_happen(files):
    facts = {"user_options": ["disable"], "notification_options": ["disable"]}
    found = settings.changeable(documents(files, facts=facts).upd_mech[0], (OFF,), "updates")

    assert [one.place.field for one in found] == ["access.automatic.enable"]


def test_what_was_tried_is_said(files):
    found = settings.changeable(documents(files).upd_mech[0], (ON, OFF), "updates")

    assert found.examined == "enable: an update is installed; disable: an update is not installed"
