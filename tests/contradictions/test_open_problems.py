"""What cannot be understood in the documents leaves open exactly the units that read it, and nothing ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from contradictions import Change, beside, load_changed, worse

from pytest_etsi import Verdict
from pytest_etsi.assessment.examine import examine
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import load_profile
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.profile import Profile

TYPE = ("10-SecParam", "SecParam-TLSKey", "Type")


def doubted(profile: Profile, words: str) -> dict[str, tuple[Verdict, str]]:
    """The conceptual units whose reason holds these words -> verdict and reason; every other has to be as it was."""
    found: dict[str, tuple[Verdict, str]] = {}
    for planned in make_plan(profile, load_units()).evaluations:
        if planned.unit.functional or planned.function is None or planned.applies is False:
            continue
        outcome = examine(profile, planned).outcome
        if words in outcome.reason:
            found[f"{planned.unit.id} {planned.entry or ''}".strip()] = outcome.verdict, outcome.reason
            assert outcome.verdict is Verdict.FAIL or outcome.cause is Cause.INFORMATION
        else:
            assert outcome.verdict is not Verdict.FAIL, (planned.key, outcome.reason)
    return found


@pytest.mark.parametrize(
    ("change", "words", "units"),
    [
        (
            worse("4-Conf", "", "Confirmation of Secure Development", "as the process says"),
            "expected yes or no",
            {"5.6-9-1/b"},
        ),
        (
            worse(
                "7-UpdMech",
                "UpdMech-Network",
                "User Notifiaction",
                "a mail",
                also=(beside("7-UpdMech", "UpdMech-Network", "User Notification", None),),
            ),
            'unknown key "User Notifiaction"',
            {"5.3-11-1/a UpdMech-Network", "5.3-11-1/b UpdMech-Network", "5.3-12-1/a UpdMech-Network"},
        ),
        (
            worse(*TYPE, "critical (key) / public (certificate)"),
            "expected one of public, critical",
            None,
        ),
        (
            worse("1-AuthMech", "AuthMech-web", "facts.brute_force.max_attempts", "five"),
            'expected a positive integer, got "five"',
            {"5.1-5-1/a AuthMech-web"},
        ),
    ],
    ids=["a confirmation", "a misspelt field", "two answers", "a fact of the wrong type"],
)
def test_exactly_the_units_that_read_it_stay_open(
    tmp_path: Path, change: Change, words: str, units: set[str] | None
) -> None:
    profile = load_changed(tmp_path / "camera", change)
    found = doubted(profile, words)

    assert len(profile.open_problems) == 1
    assert {verdict for verdict, _ in found.values()} == {Verdict.INCONCLUSIVE}
    if units is not None:
        assert found.keys() == units
    else:
        # Whoever asks whether the parameter is critical, and nobody about another parameter.
        assert {"5.4-1-1/a SecParam-TLSKey", "5.4-3-1/a SecParam-TLSKey"} <= found.keys()
        assert not any("SecParam-" in unit and not unit.endswith("SecParam-TLSKey") for unit in found)


def test_a_reference_to_another_table_refutes_the_unit_that_reads_it(tmp_path: Path) -> None:
    change = worse("13-SoftServ", "SoftServ-Web", "Authentication Mechanism", "ComMech-Web")
    profile = load_changed(tmp_path / "camera", change)
    found = doubted(profile, '1-AuthMech has no entry "ComMech-Web"')

    (problem,) = profile.open_problems
    assert problem.hint == "it is in 11-ComMech"
    assert {unit for unit, (verdict, _) in found.items() if verdict is Verdict.FAIL} == {
        "5.5-4-1/a SoftServ-Web",
        "5.5-5-1/a SoftServ-Web",
    }
    # Any mechanism may be the one that was meant: what asks who refers to it stays open.
    assert all(
        unit.startswith("5.5-4-") for unit, (verdict, _) in found.items() if verdict is not Verdict.FAIL
    )


@pytest.mark.parametrize("table", ["16-CodeMin", "29-InpVal"])
def test_a_table_that_is_missing_is_said_and_is_no_table_without_entries(tmp_path: Path, table: str) -> None:
    camera = tmp_path / "camera"
    load_changed(camera)
    (file,) = camera.glob(f"ixit/*{table.partition('-')[2]}.yaml")
    file.write_text("# to be filled in\n", encoding="utf-8")
    profile = load_profile(camera)
    found = doubted(profile, f"the table {table} is missing")

    messages = {problem.message for problem in profile.open_problems if "judgement" not in problem.where}
    assert messages == {f"the table {table} is missing"}
    assert found
    assert {verdict for verdict, _ in found.values()} == {Verdict.INCONCLUSIVE}


@pytest.mark.parametrize(
    "row", [{"support": "mostly", "detail": "because"}, {"detail": "because"}, {"support": "Y/N"}, ["Y"]]
)
def test_a_row_of_the_ics_that_is_not_understood_leaves_its_provision_open(tmp_path: Path, row: Any) -> None:
    profile = load_changed(tmp_path / "camera", worse("ics", "", "5.3-11", row))
    (group,) = (one for one in make_plan(profile, load_units()).groups if one.group.id == "5.3-11")

    assert group.ics.verdict is Verdict.INCONCLUSIVE
    assert group.ics.reason.startswith("ICS 5.3-11")
    assert "5.3-11" not in profile.ics.rows


def test_a_reason_names_table_entry_and_field_first_and_no_absolute_path(tmp_path: Path) -> None:
    profile = load_changed(tmp_path / "camera", worse(*TYPE, "both"))
    reasons = [reason for _, reason in doubted(profile, "expected one of").values()]

    assert reasons
    for reason in reasons:
        assert reason.startswith("10-SecParam/SecParam-TLSKey: Type (camera/ixit/10-SecParam.yaml:")
        assert str(tmp_path) not in reason
