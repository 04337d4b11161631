"""results.json: complete, consistent with itself, and of the shape that its schema says."""

from __future__ import annotations

import json
from importlib import resources

import jsonschema
import pytest
from assessment_documents import VAGUE, WEB, documents, judgement, load
from assessment_suites import evaluate, run_all, write_suite

from pytest_etsi import Verdict
from pytest_etsi.assessment.follows import what_does_not_follow
from pytest_etsi.assessment.results import write_results
from pytest_etsi.assessment.run import Assessment
from pytest_etsi.standard import edition
from pytest_etsi.verdict import combine

PASS, FAIL, OPEN, NONE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE
SCHEMA = json.loads(resources.files("pytest_etsi.report").joinpath("results.schema.json").read_text())


@pytest.fixture
def assess(tmp_path):
    def make(change=None, edition_id="1.1.1", **options):
        content = documents(edition_id)
        content["permissions"] = ["brute-force", "erase"]
        if change:
            change(content)
        suite = write_suite(tmp_path / "suite")
        return Assessment(load(tmp_path, content), output=tmp_path / "out", suite=suite, **options)

    return make


def unit_of(results, unit_id):
    case_id, letter = unit_id.split("/")
    for group in results["groups"]:
        for case in group["cases"]:
            if case["case"] == case_id:
                return next(unit for unit in case["units"] if unit["unit"] == letter)
    raise KeyError(unit_id)


def group_of(results, group_id):
    return next(group for group in results["groups"] if group["group"] == group_id)


def judged(*units, **changes):
    """Documents with a judgement on every evaluation of the units."""

    def change(content):
        content["judgements"] = [judgement(unit, print_, entry) | changes for unit, entry, print_ in units]

    return change


def every_judgement(assess, keep=lambda planned: True, **changes):
    plan = assess().plan
    return judged(
        *(
            (one.unit.id, one.entry, one.fingerprint)
            for one in plan.evaluations
            if one.applies is not False and (not one.automated or one.judgement != "none") and keep(one)
        ),
        **changes,
    )


@pytest.mark.parametrize(("edition_id", "groups", "units"), [("1.1.1", 68, 226), ("2.1.1", 78, 258)])
def test_every_unit_appears_although_nothing_was_run(assess, edition_id, groups, units):
    results = assess(edition_id=edition_id).close()

    jsonschema.validate(results, SCHEMA)
    assert len(results["groups"]) == groups
    assert sum(results["counts_by"]["units"].values()) == units
    assert results["overall"] == OPEN


def test_the_file_is_what_close_gives_and_fits_the_schema(assess, tmp_path):
    assessment = assess()
    run_all(assessment, {"5.1-5-2/b": FAIL, "5.1-5-2/a": OPEN})
    results = assessment.close()

    assert json.loads((tmp_path / "out/results.json").read_text()) == results
    jsonschema.validate(results, SCHEMA)


@pytest.mark.parametrize(
    "break_", [lambda r: r.update(overall="OK"), lambda r: r["groups"][0].pop("ics"), lambda r: r.pop("tool")]
)
def test_the_schema_refuses_other_shapes(assess, break_):
    results = assess().close()
    break_(results)

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(results, SCHEMA)


def test_every_level_follows_from_the_one_below(assess):
    assessment = assess(lambda content: content["ics"].update({"5.2-2": {"support": "N/A", "detail": "x"}}))
    run_all(assessment, {"5.1-5-2/b": FAIL, "5.1-5-2/a": OPEN})
    results = assessment.close()

    for group in results["groups"]:
        for case in group["cases"]:
            for unit in case["units"]:
                rule = edition("1.1.1").unit(f"{case['case']}/{unit['unit']}").combine
                below = [Verdict(one["verdict"]) for one in unit["evaluations"]]
                assert unit["verdict"] == combine(below, rule=rule)
            assert case["verdict"] == combine([Verdict(unit["verdict"]) for unit in case["units"]])
        ics = [] if group["ics"]["verdict"] == PASS else [Verdict(group["ics"]["verdict"])]
        assert group["verdict"] == combine([*(Verdict(case["verdict"]) for case in group["cases"]), *ics])


def test_counts_count(assess):
    results = assess().close()

    assert sum(results["counts"].values()) == 68
    assert sum(results["counts_by"]["cases"].values()) == 109
    evaluations = [u["evaluations"] for g in results["groups"] for c in g["cases"] for u in c["units"]]
    assert sum(results["counts_by"]["evaluations"].values()) == sum(map(len, evaluations))


def test_what_was_not_run_is_open_and_says_so(assess):
    results = assess().close()

    (only,) = unit_of(results, "5.1-5-2/a")["evaluations"]
    assert (only["verdict"], only["cause"], only["reason"]) == (OPEN, "error", "not run")
    assert only["settle"] == "Run the unit: the run ended before it."
    assert {"unit": "5.1-5-2/a", "entry": None, "why": "the run ended before it"} in results["not_run"]


def test_what_does_not_apply_needs_no_run(assess):
    results = assess(lambda content: content["ixit"].update({"1-AuthMech": []})).close()

    (only,) = unit_of(results, "5.1-5-2/b")["evaluations"]
    assert (only["verdict"], only["decided_by"], only["source"]) == (NONE, "documents", "documents")


def test_an_entry_that_is_open_is_run(assess):
    assessment = assess(lambda content: content["ixit"].update({"1-AuthMech": [WEB, VAGUE]}))
    run_all(assessment)

    entries = [one["entry"] for one in unit_of(assessment.close(), "5.1-5-2/b")["evaluations"]]
    assert entries == ["AuthMech-web", "AuthMech-vague"]


@pytest.mark.parametrize(
    ("changes", "verdict", "cause"),
    [
        ({}, PASS, None),
        ({"verdict": "FAIL"}, FAIL, None),
        ({"verdict": "INCONCLUSIVE"}, OPEN, "judgement"),
        ({"fingerprint": ""}, OPEN, "judgement"),
    ],
)
def test_a_unit_without_function_is_decided_by_its_judgement(assess, changes, verdict, cause):
    results = assess(every_judgement(assess, lambda one: one.unit.id == "5.2-1-1/a", **changes)).close()

    (only,) = unit_of(results, "5.2-1-1/a")["evaluations"]
    assert (only["verdict"], only["cause"], only["decided_by"]) == (verdict, cause, "judgement")
    assert only["judgement"]["assessor"] == "A. Person"
    assert bool(only["settle"]) == (verdict == OPEN)


def test_a_missing_judgement_says_what_to_answer_and_to_record(assess):
    assessment = assess()
    fingerprint = assessment.plan.get("5.2-1-1/a").fingerprint
    (only,) = unit_of(assessment.close(), "5.2-1-1/a")["evaluations"]

    assert (only["verdict"], only["cause"], only["reason"]) == (OPEN, "judgement", "no judgement is recorded")
    assert fingerprint in only["settle"]
    assert edition("1.1.1").unit("5.2-1-1/a").does in only["settle"]


def test_a_device_passes_when_every_unit_is_decided(assess):
    assessment = assess(every_judgement(assess))
    run_all(assessment)
    results = assessment.close()

    assert (results["overall"], results["overall_mandatory"]) == (PASS, PASS), results["counts"]
    assert results["counts"][OPEN] == results["counts"][FAIL] == 0


def test_one_failed_unit_fails_the_device_and_is_named(assess):
    assessment = assess(every_judgement(assess))
    for planned in assessment.pending():
        if planned.automated:
            bad = planned.key == ("5.1-5-2/b", "AuthMech-stream")
            evaluate(assessment.begin(planned), FAIL if bad else PASS, "60 guesses went through")
    results = assessment.close()

    assert (results["overall"], results["overall_mandatory"]) == (FAIL, FAIL)
    assert group_of(results, "5.1-5")["reason"] == "5.1-5-2/b AuthMech-stream: 60 guesses went through"
    assert results["counts"][FAIL] == 1


def test_no_on_a_mandatory_provision_fails_the_device_without_a_run(assess):
    results = assess(lambda c: c["ics"].update({"5.1-5": {"support": "N", "detail": "no"}})).close()

    group = group_of(results, "5.1-5")
    assert (group["verdict"], group["support"], group["ics"]["verdict"]) == (FAIL, "N", FAIL)
    assert group["reason"] == "the ICS answers N to the mandatory provision 5.1-5: no"
    assert {case["verdict"] for case in group["cases"]} == {NONE}
    assert results["overall"] == FAIL


def test_a_recommendation_that_is_not_supported_is_shown_and_does_not_count(assess):
    def change(content):
        every_judgement(assess)(content)
        content["ics"]["5.2-2"] = {"support": "N", "detail": "no team for it"}

    assessment = assess(change)
    run_all(assessment)
    results = assessment.close()

    group = group_of(results, "5.2-2")
    assert (group["verdict"], group["reason"]) == (NONE, "not supported: no team for it")
    assert results["overall"] == PASS


def test_a_contradicted_not_applicable_fails_although_all_units_pass(assess):
    def change(content):
        every_judgement(assess)(content)
        content["ics"]["5.1-2"] = {"support": "N/A", "detail": "no such passwords"}

    assessment = assess(change)
    run_all(assessment)
    group = group_of(assessment.close(), "5.1-2")

    assert group["verdict"] == FAIL
    assert {case["verdict"] for case in group["cases"]} == {PASS}
    assert "1-AuthMech has a pre-installed password: AuthMech-stream" in group["reason"]


def test_a_missing_row_leaves_the_group_open(assess):
    def change(content):
        every_judgement(assess)(content)
        del content["ics"]["5.2-1"]

    assessment = assess(change)
    run_all(assessment)
    results = assessment.close()

    group = group_of(results, "5.2-1")
    assert (group["verdict"], group["cause"], group["support"]) == (OPEN, "information", None)
    assert results["overall"] == OPEN


def test_a_selection_holds_the_selected_alone_and_never_passes(assess):
    assessment = assess(every_judgement(assess), only=["5.1-5-2"])
    run_all(assessment)
    results = assessment.close()

    jsonschema.validate(results, SCHEMA)
    assert results["selection"] == ["5.1-5-2"]
    assert [(g["group"], [c["case"] for c in g["cases"]]) for g in results["groups"]] == [
        ("5.1-5", ["5.1-5-2"])
    ]
    assert results["groups"][0]["cases"][0]["verdict"] == PASS
    assert (results["overall"], results["partial"]) == (OPEN, True)


def test_a_provision_does_not_pass_on_a_part_of_its_units(assess):
    assessment = assess(every_judgement(assess), only=["5.1-4", "5.1-5-2/a"])
    run_all(assessment)
    whole, part = assessment.close()["groups"]

    assert (whole["group"], whole["verdict"]) == ("5.1-4", PASS)
    assert (part["verdict"], part["cause"], part["reason"]) == (
        OPEN,
        "error",
        "not all of its test units were selected",
    )
    assert [(case["case"], case["verdict"]) for case in part["cases"]] == [("5.1-5-2", OPEN)]


def test_a_selection_that_fails_fails(assess):
    assessment = assess(only=["5.1-5-2/a"])
    run_all(assessment, {"5.1-5-2/a": FAIL})

    assert assessment.close()["overall"] == FAIL


# Two readings of the standard -------------------------------------------------------------------------------


def updates_judged(assess, verdicts, **options):
    """The results of 5.3-6 for a device with one update mechanism, by the judgement on each unit."""

    def mechanism(content):
        content["ixit"]["7-UpdMech"] = [{"ID": "UpdMech-ota", "Description": "Over the air."}]

    plan = assess(mechanism, only=["5.3-6"]).plan
    judgements = [
        judgement(one.unit.id, one.fingerprint, one.entry) | {"verdict": str(verdicts.get(one.unit.id, PASS))}
        for one in plan.evaluations
    ]

    def change(content):
        mechanism(content)
        content["judgements"] = judgements

    results = assess(change, **({"only": ["5.3-6"]} | options)).close()
    jsonschema.validate(results, SCHEMA)
    return group_of(results, "5.3-6")


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ({}, (PASS, PASS)),
        ({"5.3-6-1/b": NONE, "5.3-6-1/c": NONE}, (PASS, PASS)),
        ({"5.3-6-1/b": FAIL, "5.3-6-1/e": FAIL}, (FAIL, PASS)),
        ({"5.3-6-1/b": NONE, "5.3-6-1/c": NONE, "5.3-6-1/d": FAIL}, (FAIL, PASS)),
        ({"5.3-6-1/b": FAIL}, (OPEN, PASS)),
        ({"5.3-6-2/d": FAIL}, (PASS, OPEN)),
    ],
)
def test_a_case_that_is_read_in_two_ways_passes_and_fails_by_both_only(assess, verdicts, expected):
    cases = updates_judged(assess, verdicts)["cases"]

    assert tuple(case["verdict"] for case in cases) == expected


def test_where_the_readings_of_a_case_differ_both_are_named(assess):
    group = updates_judged(assess, {"5.3-6-1/b": FAIL})

    assert group["reason"] == (
        "5.3-6-1: the readings of TS 103 701 differ: by its verdict paragraph units b, c, d and e have to hold (FAIL), "
        "by a note of the group b and c or d and e is enough for each mechanism (PASS)"
    )
    assert (group["verdict"], group["cause"]) == (OPEN, "judgement")
    assert "both readings" in group["settle"]


def test_a_part_of_a_case_that_is_read_in_two_ways_refutes_nothing_alone(assess):
    group = updates_judged(assess, {"5.3-6-1/b": FAIL}, only=["5.3-6-1/b"])

    assert group["verdict"] == OPEN


def two_mechanisms_judged(assess, unit, *verdicts, part=False):
    """The results of the group of a unit of edition 2.1.1, whose two mechanisms are judged so, all else PASS."""
    names = ("UpdMech-net", "UpdMech-usb")
    given = dict(zip(names, verdicts, strict=True))

    def mechanisms(content):
        content["ixit"]["7-UpdMech"] = [{"ID": name, "Description": "An update."} for name in names]

    group = edition("2.1.1").case(unit.partition("/")[0]).group
    only = [unit if part else group]
    plan = assess(mechanisms, "2.1.1", only=only).plan
    judgements = [
        judgement(one.unit.id, one.fingerprint, one.entry)
        | {"verdict": str(given.get(one.entry, PASS) if one.unit.id == unit else PASS)}
        for one in plan.evaluations
    ]

    def change(content):
        mechanisms(content)
        content["judgements"] = judgements

    assessment = assess(change, "2.1.1", only=only)
    results = assessment.close()
    jsonschema.validate(results, SCHEMA)
    assert what_does_not_follow(results, assessment.records) == []
    return group_of(results, group)


@pytest.mark.parametrize("unit", ["5.3-4A-1/a", "5.3-4B-1/b", "5.3-4B-2/c"])
@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ((PASS, PASS), PASS),
        ((FAIL, FAIL), FAIL),
        ((PASS, FAIL), OPEN),
        ((FAIL, NONE), FAIL),
        ((PASS, NONE), PASS),
    ],
)
def test_where_it_is_open_whether_one_entry_is_enough_only_what_both_readings_say_is_said(
    assess, unit, verdicts, expected
):
    group = two_mechanisms_judged(assess, unit, *verdicts)

    assert group["verdict"] == expected
    assert all("is reconstructed" in case["basis"] for case in group["cases"])


def test_both_readings_of_whether_one_entry_is_enough_are_named(assess):
    group = two_mechanisms_judged(assess, "5.3-4A-1/a", PASS, FAIL)

    assert group["reason"] == (
        "5.3-4A-1: unit a depends on how TS 103 701 is read, whose PASS condition is not public: every entry of "
        "7-UpdMech has to hold (FAIL), or one is enough (PASS)"
    )
    assert (group["cause"], "both readings" in group["settle"]) == ("judgement", True)


def test_what_decides_without_the_readings_names_none(assess):
    decided = two_mechanisms_judged(assess, "5.3-4A-1/a", FAIL, FAIL)
    partly = two_mechanisms_judged(assess, "5.3-4B-1/b", PASS, FAIL, part=True)

    assert ["reason" in case for case in (*decided["cases"], *partly["cases"])] == [False, False, False]


def test_where_every_entry_has_to_hold_one_that_fails_is_enough_to_fail(assess):
    assert two_mechanisms_judged(assess, "5.3-4B-1/a", PASS, FAIL)["verdict"] == FAIL


# A project's own evaluations --------------------------------------------------------------------------------


def own(assessment, unit, verdict, entry=None):
    evaluate(assessment.begin_own(unit, entry, "tests/test_own.py::test_it"), verdict, "own bench")


def test_a_project_cannot_pass_a_unit_that_the_suite_left_open(assess):
    assessment = assess()
    run_all(assessment, {"5.1-5-2/b": OPEN})
    own(assessment, "5.1-5-2/b", PASS, "AuthMech-web")
    own(assessment, "5.1-5-2/b", PASS)
    unit = unit_of(assessment.close(), "5.1-5-2/b")

    assert unit["verdict"] == OPEN
    assert [one["source"] for one in unit["evaluations"]] == ["suite", "suite", "project", "project"]


def test_a_project_can_refute_what_the_suite_has_passed(assess):
    assessment = assess()
    run_all(assessment)
    own(assessment, "5.1-5-2/b", FAIL, "AuthMech-web")

    assert unit_of(assessment.close(), "5.1-5-2/b")["verdict"] == FAIL


def test_a_project_decides_a_functional_unit_without_function(assess):
    assessment = assess()
    own(assessment, "5.2-1-2/a", PASS)
    unit = unit_of(assessment.close(), "5.2-1-2/a")

    assert unit["verdict"] == PASS
    assert [one["source"] for one in unit["evaluations"]] == ["project"]


def test_a_project_decides_the_entry_it_names_and_no_other(assess):
    assessment = assess()
    own(assessment, "5.1-2-2/a", PASS, "AuthMech-stream")
    unit = unit_of(assessment.close(), "5.1-2-2/a")

    assert unit["verdict"] == OPEN
    assert [(one["source"], one["entry"]) for one in unit["evaluations"]] == [
        ("judgement", "AuthMech-web"),
        ("project", "AuthMech-stream"),
    ]


def test_only_a_person_confirms_a_conceptual_unit_also_in_a_project(assess):
    assessment = assess()
    own(assessment, "5.2-1-1/a", PASS)

    assert unit_of(assessment.close(), "5.2-1-1/a")["verdict"] == OPEN


def test_a_recorded_judgement_counts_beside_a_projects_evaluation(assess):
    failed = every_judgement(assess, lambda one: one.unit.id == "5.2-1-2/a", verdict="FAIL")
    assessment = assess(failed)
    own(assessment, "5.2-1-2/a", PASS)

    assert unit_of(assessment.close(), "5.2-1-2/a")["verdict"] == FAIL


@pytest.mark.parametrize(("verdict", "expected"), [(PASS, NONE), (FAIL, FAIL), (OPEN, OPEN)])
def test_where_nothing_is_concerned_a_project_can_only_speak_against_it(assess, verdict, expected):
    assessment = assess(lambda c: c["ics"].update({"6-5": {"support": "N/A", "detail": "none"}}))
    own(assessment, "6-5-2/a", verdict)

    assert unit_of(assessment.close(), "6-5-2/a")["verdict"] == expected


# Writing ----------------------------------------------------------------------------------------------------


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    write_results(tmp_path / "results.json", {"format": 1})
    with pytest.raises(TypeError):
        write_results(tmp_path / "results.json", {"format": object()})

    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]
    assert json.loads((tmp_path / "results.json").read_text()) == {"format": 1}
