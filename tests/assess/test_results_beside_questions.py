"""What a run has found beside the questions of whoever judges after it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_etsi.assessment.seen import ResultsError, seen_in
from pytest_etsi.profile import Profile, load_profile

CAMERA = Path(__file__).parents[2] / "device_profiles" / "virtual-camera"


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load_profile(CAMERA)


def results(profile: Profile, *evaluations: dict[str, Any], **changes: Any) -> dict[str, Any]:
    dut = {name: getattr(profile.dut, name) for name in ("manufacturer", "model", "hardware", "software")}
    unit = {"unit": "a", "verdict": "INCONCLUSIVE", "evaluations": list(evaluations)}
    group = {"group": "5.6-1", "cases": [{"case": "5.6-1-2", "units": [unit]}]}
    return {"edition": profile.edition, "dut": dut | changes, "groups": [group]}


def evaluation(**changes: Any) -> dict[str, Any]:
    return {
        "node": "etsi/x",
        "entry": None,
        "verdict": "INCONCLUSIVE",
        "cause": "information",
        "decided_by": "program",
        "reason": "tcp/80 answers",
        "findings": [],
    } | changes


def read(tmp_path: Path, profile: Profile, content: object) -> dict[tuple[str, str | None], str]:
    (tmp_path / "results.json").write_text(json.dumps(content), encoding="utf-8")
    return seen_in(tmp_path, profile)


def test_reason_and_findings_are_told_each_once(tmp_path: Path, profile: Profile) -> None:
    found = [
        {"kind": "unknown", "message": "tcp/80 answers"},
        {"kind": "note", "message": "it names its version", "evidence": ["evidence/x.json"]},
    ]
    seen = read(tmp_path, profile, results(profile, evaluation(findings=found)))

    assert seen == {
        ("5.6-1-2/a", None): "INCONCLUSIVE: tcp/80 answers\nnote: it names its version (evidence/x.json)"
    }


def test_that_nobody_has_judged_is_no_news(tmp_path: Path, profile: Profile) -> None:
    one = evaluation(cause="judgement", reason="no judgement is recorded", entry="Intf-LAN")

    assert read(tmp_path, profile, results(profile, one)) == {}


def test_what_a_device_has_said_cannot_steer_the_terminal(tmp_path: Path, profile: Profile) -> None:
    (said,) = read(tmp_path, profile, results(profile, evaluation(reason="\x1b[2J gone"))).values()

    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"software": "0.9"}, "software '0.9'"), ({"model": "Other"}, "model 'Other'")],
)
def test_results_of_another_device_say_nothing(
    tmp_path: Path, profile: Profile, changes: dict[str, str], words: str
) -> None:
    with pytest.raises(ResultsError, match="something else") as error:
        read(tmp_path, profile, results(profile, evaluation(), **changes))
    assert words in str(error.value)


@pytest.mark.parametrize(
    "content", [[], {}, {"edition": "1.1.1", "dut": None}, "x", {"edition": 1, "dut": {}}]
)
def test_what_is_no_results_file_is_said(tmp_path: Path, profile: Profile, content: object) -> None:
    with pytest.raises(ResultsError, match="no results of a run"):
        read(tmp_path, profile, content)
