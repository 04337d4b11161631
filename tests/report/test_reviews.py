"""Four eyes: who has reviewed a judgement is shown, and that nobody has only where the laboratory demands it."""

from __future__ import annotations

import copy
from typing import Any

from camera_run import evaluations_of

from pytest_etsi.report.forms import FORMS
from pytest_etsi.report.kept import Kept
from pytest_etsi.report.summary import unreviewed
from pytest_etsi.report.terminal_summary import render


def with_review(kept: Kept, demanded: bool, **review: str) -> dict[str, Any]:
    """The results, in which each judgement has that review."""
    results = copy.deepcopy(dict(kept.results))
    results["laboratory"] = {"name": "Test House"} | ({"four_eyes": True} if demanded else {})
    for _, found in evaluations_of(results):
        if found["judgement"]:
            found["judgement"] |= review
    return results


def test_a_review_is_shown_in_every_form_for_people(kept: Kept) -> None:
    results = with_review(kept, True, reviewed_by="Sam <Example>", reviewed_on="2026-11-30")
    changed = Kept(kept.directory, results)

    assert "reviewed by Sam &lt;Example&gt; on 2026-11-30" in FORMS["html"].text(changed)
    assert "Sam <Example>,2026-11-30" in FORMS["csv"].text(changed)
    assert unreviewed(results) == []


def test_that_nobody_has_is_said_only_where_it_is_demanded(kept: Kept) -> None:
    demanded, free = with_review(kept, True), with_review(kept, False)
    judged = [found for _, found in evaluations_of(demanded) if found["judgement"]]

    assert len(unreviewed(demanded)) == len(judged) > 100
    assert "not reviewed by a second person" in FORMS["html"].text(Kept(kept.directory, demanded))
    assert f"{len(judged)} judgements not reviewed by a second person" in FORMS["markdown"].text(
        Kept(kept.directory, demanded)
    )
    assert "four eyes" in render(demanded)
    for text in (FORMS["html"].text(Kept(kept.directory, free)), render(free)):
        assert "second person" not in text


def test_whoever_made_a_judgement_is_no_second_person(kept: Kept) -> None:
    (name,) = {
        found["judgement"]["assessor"]
        for _, found in evaluations_of(dict(kept.results))
        if found["judgement"]
    }

    assert unreviewed(with_review(kept, True, reviewed_by=name, reviewed_on="2026-11-30"))
