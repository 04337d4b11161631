"""Views of laws and labels: what the results say of the provisions that they name, and nothing more."""

from __future__ import annotations

import copy
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from suite_runs import run_suite

from pytest_etsi.cli.main import main
from pytest_etsi.report.forms import FORMS
from pytest_etsi.report.kept import Kept
from pytest_etsi.report.schemes import SCHEMES, SchemeError, scheme
from pytest_etsi.report.terminal_summary import render
from pytest_etsi.report.views import PLAIN, view
from pytest_etsi.standard import edition

OWN = """
id: own
name: "<script>alert(1)</script> | \\u202e [x](javascript:alert(1))"
kind: label
edition: "1.1.1"
standard: ETSI EN 303 645 V2.1.1
sources: {own: {what: our own list, seen: 2026-11-01}}
demands:
- {asks: passwords, provisions: [5.1-2], source: own, confidence: high}
- {asks: what somebody has guessed, provisions: [5.1-1], source: own, confidence: low}
"""


def with_groups(results: dict[str, Any], **changes: dict[str, str]) -> dict[str, Any]:
    """The results, with some provisions otherwise; `p5_1_1`: 5.1-1."""
    changed = copy.deepcopy(results)
    for group in changed["groups"]:
        group.update(changes.get(f"p{group['group'].replace('.', '_').replace('-', '_')}", {}))
    return changed


PASS = {"verdict": "PASS", "support": "Y"}
MET = {"p5_1_1": PASS, "p5_1_2": PASS, "p5_2_1": PASS, "p5_3_13": PASS}


def test_psti_stands_as_its_four_provisions_do(results: dict[str, Any]) -> None:
    seen = view(scheme("psti"), results)

    assert seen.provisions == ["5.1-1", "5.1-2", "5.2-1", "5.3-13"]
    assert (seen.standing, [one.standing for one in seen.demands]) == ("not met", ["not met", "open", "open"])
    assert view(scheme("psti"), with_groups(results, **MET)).standing == "shown"


@pytest.mark.parametrize(
    ("how", "standing"),
    [
        ({"verdict": "NOT APPLICABLE", "support": "N/A"}, "shown"),
        ({"verdict": "INCONCLUSIVE", "support": "N/A"}, "open"),
        ({"verdict": "FAIL", "support": "Y"}, "not met"),
        # A recommendation that the manufacturer does not follow is none that a scheme can count on.
        ({"verdict": "NOT APPLICABLE", "support": "N"}, "not met"),
    ],
)
def test_what_does_not_apply_is_told_from_what_is_not_supported(
    results: dict[str, Any], how: dict[str, str], standing: str
) -> None:
    assert view(scheme("psti"), with_groups(results, **(MET | {"p5_1_2": how}))).standing == standing


def test_what_is_not_in_the_results_is_open(results: dict[str, Any]) -> None:
    left = with_groups(results, **MET)
    left["groups"] = [group for group in left["groups"] if group["group"] != "5.3-13"]
    (_, _, last) = view(scheme("psti"), left).demands

    assert (last.standing, last.provisions[0].why) == ("open", "not in these results")


def test_a_level_is_met_only_with_those_below_it(results: dict[str, Any]) -> None:
    every = {f"p{group['group'].replace('.', '_').replace('-', '_')}": PASS for group in results["groups"]}
    levels = view(scheme("cls"), with_groups(results, **every)).demands
    without = view(scheme("cls"), with_groups(results, **(every | {"p5_3_9": {"verdict": "FAIL"}}))).demands

    assert [one.standing for one in levels] == ["shown", "shown", "not looked at", "not looked at"]
    assert [one.standing for one in without[:2]] == ["not met", "not met"]
    assert any("100 days" in text for _, text in levels[0].lines)


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("edition_id", ["1.1.1", "2.1.1"])
def test_every_view_is_of_both_editions(name: str, edition_id: str) -> None:
    known = edition(edition_id)
    groups = [{"group": one.id, "verdict": "PASS", "support": "Y"} for one in known.groups]
    seen = view(scheme(name), {"edition": edition_id, "groups": groups, "overall": "PASS"})

    assert {one.standing for one in seen.demands} <= {"shown", "not looked at"}
    assert set(seen.provisions) <= {one.id for one in known.provisions}
    if name == "mandatory":
        assert len(seen.provisions) == sum(one.status == "M" for one in known.provisions) > 30
    if name == "cls" and edition_id == "2.1.1":
        # What was split is asked in both parts, what is new in none.
        assert {"5.3-6A", "5.3-6B", "5.6-4A", "5.13-1B", "6-3A"} <= set(seen.provisions)
        assert not {"5.6-4B", "6-3B"} & set(seen.provisions)
        assert "ETSI EN 303 645 V3.1.3" in " ".join(seen.remarks)


@pytest.mark.parametrize("name", SCHEMES)
def test_no_row_is_shown_whose_source_is_weak(name: str) -> None:
    raw = json.loads(files("pytest_etsi.report.schemes").joinpath(f"{name}.json").read_text(encoding="utf-8"))

    for row in (*raw["demands"], *raw.get("facts", ())):
        assert row["confidence"] in ("high", "medium")
        assert raw["sources"][row["source"]]["seen"] <= "2026-12-31"


def test_one_of_ones_own_is_text_and_its_weak_rows_are_left_out(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    seen = view(scheme(str(path)), kept.results)
    shown = Kept(kept.directory, kept.results, (seen,))

    assert (seen.standing, seen.provisions) == ("shown", ["5.1-2"])
    for name in ("html", "markdown", "gaps", "gaps-html"):
        text = FORMS[name].text(shown)
        assert "<script>alert" not in text
        assert "\u202e" not in text
        assert "[x](" not in text or name.endswith("html")
        assert PLAIN in text
        assert text.count("what somebody has guessed") == 1
        assert re.search(
            r"source is weak \(confidence low\)\W* what somebody has guessed\.", text.replace("\\", "")
        )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("confidence: high}", "confidence: sure}"), "demands.0.confidence: 'high', 'medium' or 'low'"),
        (("[5.1-2]", "[5.1-99]"), "edition 1.1.1 has no provision '5.1-99'"),
        (("source: own", "source: hearsay"), "expected 'hearsay' among them"),
        (("[5.1-2]", "&a [*a]"), "expected no aliases"),
        (("kind: label", "kind: ["), "neither YAML nor JSON"),
    ],
)
def test_a_file_that_is_no_scheme_says_what_is_wrong(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN.replace(*change, 1), encoding="utf-8")
    with pytest.raises(SchemeError) as refused:
        scheme(str(path))

    assert str(refused.value).startswith(str(path))
    assert said in str(refused.value)


def test_the_gaps_of_a_view_are_of_its_provisions_alone(kept: Kept) -> None:
    shown = Kept(kept.directory, kept.results, (view(scheme("psti"), kept.results),))
    text = FORMS["gaps"].text(shown)

    assert "**F2**" in text
    assert "**5.3-13-2/a**" in text
    assert "**F1**" not in text
    assert "5.4-1-1" not in text


def test_a_scheme_that_asks_more_than_was_looked_at_is_not_called_shown_alone(
    results: dict[str, Any],
) -> None:
    passed = copy.deepcopy(results)
    for group in passed["groups"]:
        group["verdict"] = "PASS"

    assert view(scheme("psti"), passed).headline.startswith("psti: shown, 3 points not looked at (UK, ")
    assert view(scheme("mandatory"), passed).headline.startswith("mandatory: shown (")
    assert view(scheme("psti"), results).headline.startswith("psti: not met (UK, ")


def test_the_terminal_says_it_within_80_columns(results: dict[str, Any]) -> None:
    text = render(results, views=[view(scheme("psti"), results)])
    told = text[text.index("View psti: not met") :].splitlines()

    assert max(map(len, told)) <= 80
    assert "  - not met: passwords (schedule 1, paragraph 1;" in "\n".join(told)
    assert "certifies nothing" in " ".join(" ".join(told).split())


def test_the_command_refuses_a_view_where_there_is_no_place_for_it(run: Path) -> None:
    unknown = CliRunner().invoke(main, ["report", str(run), "--view", "psit"])
    elsewhere = CliRunner().invoke(main, ["report", str(run), "--view", "psti", "--format", "csv"])

    assert (unknown.exit_code, elsewhere.exit_code) == (2, 2)
    assert 'did you mean "psti"?' in unknown.output
    assert "--view goes with html, gaps, gaps-html, gaps-xlsx, markdown, declaration" in elsewhere.output


def test_a_run_shows_the_view_that_it_was_asked_for(tmp_path: Path) -> None:
    done = run_suite(tmp_path, "virtual-camera", "--etsi-view=pst", "--co")

    assert "--etsi-view: 'pst' is no view; there are psti, " in done.output


def test_the_scheme_of_ones_own_on_the_page_works_as_it_stands(
    tmp_path: Path, results: dict[str, Any]
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(id: ours\n.*?)```", page, re.DOTALL)
    path = tmp_path / "ours.yaml"
    path.write_text(example, encoding="utf-8")

    assert view(scheme(str(path)), results).standing == "not met"
