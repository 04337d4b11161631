"""What a plan tells of itself, on the few units of one case."""

from __future__ import annotations

from dataclasses import replace

import pytest
from assessment_documents import VAGUE, WEB, documents, judgement, load
from assessment_suites import LOGIN_SUITE, write_suite

from pytest_etsi.assessment import suite
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import SuiteError, load_units


@pytest.fixture
def planned(tmp_path):
    functions = load_units(write_suite(tmp_path / "suite"))

    def plan(support="Y", detail="It has a lock.", **options):
        content = documents()
        content["ics"]["5.1-5"] = {"support": support, "detail": detail}
        return make_plan(load(tmp_path, content), functions, only=("5.1-5-2",), **options)

    return plan


def test_a_plan_tells_all_of_it(planned):
    told = planned(allow=("brute-force",)).to_json()

    assert set(told) == {
        "format",
        "fingerprint",
        "profile",
        "edition",
        "selection",
        "permissions",
        "groups",
        "evaluations",
        "out_of_scope",
    }
    assert (told["profile"], told["edition"]) == ("lamp", "1.1.1")
    assert (told["selection"], told["permissions"]) == (["5.1-5-2"], ["brute-force"])
    assert [group["group"] for group in told["groups"]] == ["5.1-5"]
    assert {one["unit"] for one in told["evaluations"]} == {"5.1-5-2/a", "5.1-5-2/b"}


def test_the_answer_of_the_ics_is_told_with_what_it_rests_on(planned):
    (claimed,) = planned().to_json()["groups"]
    (denied,) = planned("N", "It has none.").to_json()["groups"]
    (released,) = planned("N/A", "It has no login.").to_json()["groups"]

    assert claimed["ics"]["verdict"] == "PASS"
    assert claimed["ics"]["cause"] is None
    assert claimed["ics"]["detail"] == "It has a lock."
    assert claimed["ics"]["reason"] == "claimed in the ICS"
    assert (denied["ics"]["verdict"], denied["assessed"]) == ("FAIL", False)
    assert denied["ics"]["detail"] == "It has none."
    for state in released["ics"]["conditions"]:
        assert set(state) == {"id", "meaning", "holds", "reason"}
        assert state["id"] in released["condition"]
        assert state["meaning"]
        assert state["reason"]


def test_the_answer_of_the_ics_that_cannot_be_confirmed_says_what_lacks(tmp_path):
    content = documents()
    content["ics"].pop("5.1-5", None)
    (group,) = make_plan(load(tmp_path, content), {}, only=("5.1-5-2",)).to_json()["groups"]

    assert group["ics"]["verdict"] == "INCONCLUSIVE"
    assert group["ics"]["cause"]
    assert group["ics"]["settle"]
    assert group["ics"]["detail"] == ""


def test_the_fingerprint_follows_what_is_planned_and_nothing_else(planned):
    plan = planned()

    assert plan.fingerprint == planned().fingerprint
    assert plan.fingerprint != planned(allow=("brute-force",)).fingerprint
    assert plan.fingerprint != planned("N").fingerprint


def test_what_runs_without_its_permission_is_what_its_function_says(planned):
    one = planned().for_unit("5.1-5-2/b")[0]
    assert one.function is not None
    partly = replace(one, function=replace(one.function, mark=replace(one.function.mark, partly=True)))

    assert (one.partly, partly.partly, replace(one, function=None).partly) == (False, True, False)


def test_a_program_takes_part_where_a_function_does_more_than_ask(planned):
    one = planned().for_unit("5.1-5-2/b")[0]
    assert one.function is not None
    asked = replace(one.function, mark=replace(one.function.mark, by_hand="Look at it."))

    assert (one.automated, replace(one, function=asked).automated) == (True, False)
    assert not replace(one, function=None).automated


def test_a_package_without_its_test_modules_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(suite, "__file__", str(tmp_path / "package" / "assessment" / "suite.py"))
    with pytest.raises(SuiteError, match="the test modules are missing"):
        suite.suite_path()
    (tmp_path / "testcases").mkdir()
    assert suite.suite_path() == tmp_path / "testcases"


LOCAL = {"ID": "AuthMech-keys", "facts": {"subject": "user", "interface": "local"}}


@pytest.mark.parametrize(
    ("text", "expected", "outside"),
    [
        (
            LOGIN_SUITE,
            [
                ("AuthMech-web", True, "in scope: mechanisms that a network interface gives direct access to"),
                (
                    "AuthMech-vague",
                    None,
                    "open whether concerned: mechanisms that a network interface gives direct access to",
                ),
            ],
            ("AuthMech-keys",),
        ),
        (
            LOGIN_SUITE.replace("scope=scopes.network_authentication", "scope=None"),
            [(name, True, "every entry is concerned") for name in ("AuthMech-web", "AuthMech-keys", "AuthMech-vague")],
            None,
        ),
    ],
    ids=["with a scope", "without"],
)  # fmt: skip
def test_an_entry_is_planned_as_far_as_its_scope_tells(tmp_path, text, expected, outside):
    content = documents()
    content["ixit"]["1-AuthMech"] = [WEB, LOCAL, VAGUE]
    functions = load_units(write_suite(tmp_path / "suite", text))
    plan = make_plan(load(tmp_path, content), functions, only=("5.1-5-1",))

    assert [(one.entry, one.applies, one.reason) for one in plan.for_unit("5.1-5-1/a")] == expected
    assert plan.out_of_scope.get("5.1-5-1/a") == outside


def test_a_unit_without_a_function_leaves_open_what_its_scope_concerns(tmp_path):
    content = documents()
    content["ixit"]["1-AuthMech"] = [WEB]
    plan = make_plan(load(tmp_path, content), {}, only=("5.1-5-1", "5.1-1-2"))
    of_entries = [one for one in plan.evaluations if one.entry == "AuthMech-web"]
    assert {one.applies for one in of_entries if one.unit.scope is not None} == {None}
    for one in of_entries:
        scope = one.unit.scope
        assert one.reason == (f"open whether concerned: {scope}" if scope else "every entry is concerned")


def test_a_permission_that_is_not_given_is_missing(planned):
    (without, *_), (given, *_) = (
        planned(allow=allow).for_unit("5.1-5-2/b") for allow in ((), ("brute-force", "erase"))
    )

    assert (without.needs, without.missing_permissions) == (("brute-force",), ("brute-force",))
    assert (given.needs, given.missing_permissions) == (("brute-force",), ())


def test_a_judgement_is_asked_for_where_no_program_decides(planned):
    assert [one.judgement for one in planned().for_unit("5.1-5-2/a")] == ["none"]
    plan = planned()
    assert {one.judgement for one in plan.evaluations if one.function is None} <= {"missing"}


REACHING = """
from pytest_etsi import unit

@unit("5.5-7-2", "a")
def test_capture(com_mech): ...

@unit("5.2-1-2", "a")
def test_published(etsi_dut): ...

@unit("5.3-16-2", "a")
def test_console(etsi_dut): ...

@unit("5.3-15-2", "e")
def test_cloud(etsi_dut): ...

@unit("5.1-5-2", "a", state="factory-default")
def test_reset(etsi_dut): ...

@unit("5.11-2-2", "a", by_hand="Look at the cloud.")
def test_by_hand(etsi_dut): ...
"""
HOST = {"network": {"hosts": ["192.0.2.7"]}}


@pytest.mark.parametrize(
    ("access", "lacking"),
    [
        (
            {},
            {
                "5.5-7-2/a": ("access.network",),
                "5.2-1-2/a": ("access.network.documents_hosts",),
                "5.3-16-2/a": ("access.serial",),
                "5.3-15-2/e": ("access.cloud",),
                "5.1-5-2/a": ("access.network", "operation factory-reset"),
            },
        ),
        (
            HOST,
            {
                "5.2-1-2/a": ("access.network.documents_hosts",),
                "5.3-16-2/a": ("access.serial",),
                "5.3-15-2/e": ("access.cloud",),
                "5.1-5-2/a": ("operation factory-reset",),
            },
        ),
        (
            {
                "network": HOST["network"] | {"documents_hosts": ["example.org"]},
                "serial": {"url": "socket://192.0.2.7:23"},
                "cloud": {"url": "https://cloud.example"},
                "operations": {"factory-reset": {"kind": "bench", "driver": "relay", "action": "reset"}},
            },
            {},
        ),
    ],
    ids=["nothing", "an address", "everything"],
)
def test_what_the_profile_lacks_is_named_where_a_program_would_need_it(tmp_path, access, lacking):
    content = documents() | {"access": access}
    content["ixit"]["11-ComMech"] = [{"ID": "ComMech-Cloud"}]
    functions = load_units(write_suite(tmp_path / "suite", REACHING))
    plan = make_plan(load(tmp_path, content), functions)

    assert {one.unit.id: one.missing_access for one in plan.evaluations if one.missing_access} == lacking


def test_only_what_a_program_does_has_a_limit_of_time(planned, tmp_path):
    functions = load_units(write_suite(tmp_path / "by-hand", REACHING))
    plan = make_plan(load(tmp_path, documents()), functions)

    limited = {one.unit.id for one in plan.evaluations if one.at_most_s is not None}
    assert limited
    assert limited <= {name for name in functions if name != "5.11-2-2/a"}
    assert plan.for_unit("5.11-2-2/a")[0].applies


@pytest.mark.parametrize(
    ("entries", "names"), [([WEB, "AuthMech-text"], ["AuthMech-web", None]), (["text"], [None])]
)
def test_what_is_no_entry_leaves_the_unit_as_a_whole_open_beside_those_that_are(tmp_path, entries, names):
    content = documents()
    content["ixit"]["1-AuthMech"] = entries
    plan = make_plan(load(tmp_path, content), load_units(write_suite(tmp_path / "suite")), only=("5.1-5-1",))
    planned = plan.for_unit("5.1-5-1/a")

    assert [one.entry for one in planned] == names
    assert planned[-1].applies is None
    assert planned[-1].unread


def suite_of(tmp_path, *functions):
    return load_units(
        write_suite(tmp_path / "suite", "from pytest_etsi import unit\n" + "\n".join(functions))
    )


WHOLE = '@unit("5.1-5-1", "a")\ndef test_prevention(etsi_ixit): ...\n'
SEARCH = '@unit("5.1-5-2", "a")\ndef test_complete(etsi_dut): ...\n'
BY_HAND = '@unit("5.1-5-2", "a", by_hand="Look.")\ndef test_complete(etsi_dut): ...\n'


def test_a_function_that_does_not_take_an_entry_is_planned_once(tmp_path):
    plan = make_plan(load(tmp_path, documents()), suite_of(tmp_path, WHOLE), only=("5.1-5-1",))

    assert [(one.entry, one.reason) for one in plan.for_unit("5.1-5-1/a")] == [(None, "once for the device")]


@pytest.mark.parametrize(
    ("function", "recorded", "state"),
    [
        (SEARCH, False, "none"),
        (SEARCH, True, "valid"),
        (BY_HAND, False, "missing"),
        (BY_HAND, True, "valid"),
        ("", False, "missing"),
        ("", True, "valid"),
    ],
)
def test_a_judgement_counts_wherever_it_is_recorded_and_lacks_only_where_it_is_wanted(
    tmp_path, function, recorded, state
):
    def planned(*judgements):
        content = documents() | {"judgements": list(judgements)}
        return make_plan(load(tmp_path, content), functions, only=("5.1-5-2",)).get("5.1-5-2/a")

    functions = suite_of(tmp_path, function)
    judgements = [judgement("5.1-5-2/a", planned().fingerprint)] if recorded else []

    assert planned(*judgements).judgement == state


def test_what_is_no_entry_stays_open_where_no_other_entry_is_concerned(tmp_path):
    content = documents()
    content["ixit"]["1-AuthMech"] = [LOCAL, "text"]
    plan = make_plan(load(tmp_path, content), load_units(write_suite(tmp_path / "suite")), only=("5.1-5-1",))

    assert [(one.entry, one.applies) for one in plan.for_unit("5.1-5-1/a")] == [(None, None)]


def test_what_the_profile_permits_is_permitted_beside_what_the_run_does(tmp_path):
    content = documents() | {"permissions": ["erase"]}
    plan = make_plan(load(tmp_path, content), {}, only=("5.1-5-2",), allow=("brute-force",))

    assert plan.permissions == ("brute-force", "erase")
