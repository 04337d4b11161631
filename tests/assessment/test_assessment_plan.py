"""The plan: what is evaluated, whether it applies and why, and what it needs."""

from __future__ import annotations

import json

import pytest
from assessment_documents import LABEL, VAGUE, WEB, documents, judgement, load
from assessment_suites import LOGIN_SUITE, write_suite
from click.testing import CliRunner
from rich.console import Console

from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import SuiteError, load_units
from pytest_etsi.cli.main import main
from pytest_etsi.probes.services import MOST_QUESTIONS
from pytest_etsi.report.plan import render
from pytest_etsi.standard import EDITIONS, UnknownIdError, edition
from pytest_etsi.verdict import Verdict


@pytest.fixture
def functions(tmp_path):
    return load_units(write_suite(tmp_path / "suite"))


@pytest.fixture
def planned(tmp_path, functions):
    def plan(change=None, edition_id="1.1.1", **options):
        content = documents(edition_id)
        if change:
            change(content)
        return make_plan(load(tmp_path, content), functions, **options)

    return plan


def ics(provision, support, detail="because"):
    return lambda content: content["ics"].update({provision: {"support": support, "detail": detail}})


def auth_mechs(*entries):
    return lambda content: content["ixit"].update({"1-AuthMech": list(entries)})


@pytest.mark.parametrize(("edition_id", "units"), [("1.1.1", 226), ("2.1.1", 258)])
def test_every_unit_of_the_edition_is_planned(planned, edition_id, units):
    plan = planned(edition_id=edition_id)

    assert len(plan.units) == units
    assert all(plan.for_unit(unit.id) for unit in edition(edition_id).units)


def test_a_unit_is_planned_for_every_entry_in_its_scope(planned):
    plan = planned()

    assert [one.entry for one in plan.for_unit("5.1-5-2/b")] == ["AuthMech-web", "AuthMech-stream"]
    assert [one.entry for one in plan.for_unit("5.1-1-2/b")] == ["AuthMech-web"]
    assert plan.out_of_scope["5.1-1-2/b"] == ("AuthMech-stream",)


def test_a_unit_without_entry_in_scope_is_planned_once_and_does_not_apply(planned):
    (only,) = planned(auth_mechs(LABEL)).for_unit("5.1-1-2/b")

    assert (only.entry, only.applies) == (None, False)
    assert only.reason == (
        "no entry of 1-AuthMech is in scope: user authentication by a password that the user chooses"
    )


def test_a_unit_of_an_empty_table_does_not_apply(planned):
    (only,) = planned(auth_mechs()).for_unit("5.1-5-1/a")

    assert (only.entry, only.applies, only.reason) == (None, False, "1-AuthMech has no entries")


def test_an_entry_whose_facts_do_not_tell_is_planned_and_open(planned):
    web, vague = planned(auth_mechs(WEB, VAGUE)).for_unit("5.1-5-2/b")

    assert (web.applies, vague.applies) == (True, None)
    assert vague.reason.startswith("open whether concerned: ")


def test_a_unit_that_is_not_repeated_is_planned_once(planned):
    (only,) = planned().for_unit("5.1-5-2/a")

    assert (only.entry, only.applies, only.automated) == (None, True, True)


def test_a_unit_without_test_function_waits_for_judgements(planned):
    evaluations = planned().for_unit("5.1-3-1/a")

    assert [(one.automated, one.applies, one.judgement) for one in evaluations] == [
        (False, None, "missing")
    ] * 2


def test_functions_of_another_edition_are_left_out(planned):
    plan = planned(edition_id="2.1.1")

    # 5.1-1-2 b of that edition asks for passwords between machines as well.
    assert [one.automated for one in plan.for_unit("5.1-1-2/b")] == [False, False]
    assert plan.for_unit("5.1-5-2/a")[0].automated
    assert plan.for_unit("5.0-1-1/a")[0].automated


def test_what_a_unit_needs_and_may_not_do_is_in_the_plan(planned):
    (first_start,) = planned().for_unit("5.1-1-2/b")
    guessing = planned(lambda content: content.update(permissions=["brute-force"])).for_unit("5.1-5-2/b")

    assert (first_start.needs, first_start.missing_permissions) == (("erase",), ("erase",))
    assert (first_start.state, first_start.missing_access) == (
        "factory-default",
        ("operation factory-reset",),
    )
    assert guessing[0].missing_permissions == ()


def test_a_permission_may_be_given_for_the_run(planned):
    plan = planned(allow=["erase"])

    assert plan.for_unit("5.1-1-2/b")[0].missing_permissions == ()
    assert plan.permissions == ("erase",)


def test_missing_access_is_named(planned):
    plan = planned(lambda content: content.update(access={}))

    assert plan.for_unit("5.1-5-2/a")[0].missing_access == ("access.network",)
    assert plan.for_unit("5.1-5-1/a")[0].missing_access == ()


def test_judgements_are_in_the_plan_with_what_recording_one_takes(planned):
    asked = planned().get("5.1-5-1/a", "AuthMech-web")
    assert asked.judgement == "missing"

    def record(content):
        content["judgements"] = [judgement("5.1-5-1/a", asked.fingerprint, "AuthMech-web")]

    assert planned(record).get("5.1-5-1/a", "AuthMech-web").judgement == "valid"
    (stated,) = [
        one
        for one in planned().to_json()["evaluations"]
        if (one["unit"], one["entry"]) == ("5.1-5-1/a", "AuthMech-web")
    ]
    assert stated["judgement"] == {
        "state": "missing",
        "required": True,
        "question": edition("1.1.1").unit("5.1-5-1/a").does,
        "fingerprint": asked.fingerprint,
    }


def test_a_unit_that_a_program_decides_needs_no_judgement(planned):
    assert planned().for_unit("5.1-5-2/a")[0].judgement == "none"


@pytest.mark.parametrize(
    ("change", "assessed", "verdict"),
    [
        (ics("5.1-5", "Y"), True, Verdict.PASS),
        (ics("5.1-5", "N"), False, Verdict.FAIL),
        (ics("5.1-5", "N/A"), True, Verdict.FAIL),
        (ics("5.1-2", "N/A"), True, Verdict.FAIL),
        (ics("5.2-2", "N"), False, Verdict.NOT_APPLICABLE),
        (ics("5.2-2", "N/A"), True, Verdict.FAIL),
        (ics("6-4", "N/A"), False, Verdict.NOT_APPLICABLE),
        (lambda content: content["ics"].pop("5.2-2"), True, Verdict.INCONCLUSIVE),
    ],
)
def test_the_ics_decides_what_is_assessed(planned, change, assessed, verdict):
    default = planned()
    plan = planned(change)
    (changed,) = [
        group for group, before in zip(plan.groups, default.groups, strict=True) if group.ics != before.ics
    ] or [group for group in plan.groups if group.group.id == "5.1-5"]

    assert (changed.assessed, changed.ics.verdict) == (assessed, verdict)
    applies = {one.applies for unit in changed.group.units for one in plan.for_unit(unit.id)}
    assert assessed or applies == {False}


def test_units_of_a_provision_that_does_not_apply_say_which_condition_is_absent(planned):
    plan = planned(ics("6-4", "N/A", "no telemetry"))
    (only,) = plan.for_unit("6-4-1/a")

    assert (only.entry, only.applies) == (None, False)
    assert only.reason == "not applicable: condition 6 does not hold (24-TelData has no entries)"


def test_the_group_about_the_ics_counts_as_claimed(planned):
    group = planned().groups[0]

    assert (group.group.id, group.row, group.support, group.assessed) == ("4-1", None, "Y", True)


@pytest.mark.parametrize(
    ("only", "units"),
    [(["5.1-5"], 3), (["5.1-5-2"], 2), (["5.1-5-2/b"], 1), (["5.1"], 20), (["4", "5.1-5-2/b"], 2)],
)
def test_a_selection_holds_what_was_asked_for(planned, only, units):
    plan = planned(only=only)

    assert len(plan.units) == units
    assert plan.selection == tuple(only)
    assert {one.unit.id for one in plan.evaluations} == {unit.id for unit in plan.units}


def test_an_unknown_selection_names_the_nearest(planned):
    with pytest.raises(UnknownIdError, match=r"5\.1-5"):
        planned(only=["5.1-5-9"])


def test_two_functions_for_one_unit_are_a_defect_of_the_suite(tmp_path):
    twice = LOGIN_SUITE + '\n@unit("5.1-5-2", "a")\ndef test_again(etsi_dut): ...\n'
    functions = load_units(write_suite(tmp_path / "twice", twice))

    with pytest.raises(SuiteError, match=r"5\.1-5-2/a.*test_complete.*test_again"):
        make_plan(load(tmp_path, documents()), functions)


def test_the_same_documents_give_the_same_plan_and_others_another(planned):
    assert planned().fingerprint == planned().fingerprint
    assert planned().fingerprint != planned(ics("5.2-2", "N")).fingerprint
    assert planned().fingerprint != planned(allow=["erase"]).fingerprint
    assert planned().fingerprint != planned(only=["5.1"]).fingerprint


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_the_plan_is_builtins(planned, edition_id):
    stated = planned(edition_id=edition_id).to_json()

    assert json.loads(json.dumps(stated)) == stated


# Shown ------------------------------------------------------------------------------------------------------


def shown(plan, width=80):
    console = Console(width=width, highlight=False, color_system=None)
    with console.capture() as capture:
        console.print(render(plan))
    return capture.get()


def test_the_plan_is_readable_at_80_columns(planned):
    text = shown(planned(ics("5.2-2", "N", "no team for it")))

    assert max(len(line) for line in text.splitlines()) <= 80
    assert "…" not in text
    assert "5.1-5-2/b  AuthMech-web" in text
    assert "R · ICS N · not supported: no team for it" in text
    assert "; not permitted:" in text
    assert "each search ends when 8 requests were refused" in " ".join(text.split())


def test_the_plan_says_how_much_a_search_asks_of_a_port(planned):
    text = " ".join(shown(planned(only=["5.1"])).split())

    assert f"asks each open TCP port {MOST_QUESTIONS} questions at most, and no password" in text


def test_what_is_lacking_is_summed_up(planned):
    text = " ".join(shown(planned(only=["5.1"])).split())

    assert "What is lacking permission erase: 1 evaluation; erases user data" in text
    assert "permission brute-force: 2 evaluations" in text
    assert "judgement missing: " in text


def test_text_of_the_documents_cannot_steer_the_terminal_or_the_markup(planned):
    text = shown(planned(ics("5.2-2", "N", "\x1b[2Jgone [bold]x[/bold] [/nope]")))

    assert "\x1b" not in text
    assert "[bold]x[/bold]" in text


@pytest.fixture
def command(tmp_path, monkeypatch):
    load(tmp_path, documents())
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, ["plan", *arguments])


def test_the_command_prints_the_plan(command):
    result = command("lamp.yaml", "--only", "5.1-5")

    assert result.exit_code == 0, result.output
    assert "5.1-5-2/b" in result.output
    assert "5.2-1" not in result.output


def test_the_command_gives_json_with_fingerprints(command):
    result = command("lamp.yaml", "--json", "--allow", "erase,outage")

    stated = json.loads(result.output)
    assert stated["permissions"] == ["erase", "outage"]
    assert stated["fingerprint"].startswith("sha256:")
    assert all(one["judgement"].get("fingerprint") for one in stated["evaluations"] if one["applies"])


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["lamp.yaml", "--only", "5.1-55"], 2, "5.1-5"),
        (["lamp.yaml", "--allow", "explode"], 2, "'explode' is none of brute-force"),
        (["no-such.yaml"], 4, "no-such.yaml"),
    ],
)
def test_the_command_says_what_is_wrong(command, arguments, code, message):
    result = command(*arguments)

    assert (result.exit_code, message in result.output) == (code, True), result.output
