"""What a plan costs, counted in calls; and that fingerprints are those of what is judged, however they come about."""

from __future__ import annotations

import hashlib
import json

import pytest
from work import calls_within

from pytest_etsi.assessment import judgement
from pytest_etsi.assessment.judgement import about_parts
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import load_profile
from pytest_etsi.profile.judged_file import digest_of


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    judgement._encoded_entry.cache_clear()
    judgement._encoded_around.cache_clear()


def test_an_evaluation_is_planned_by_a_few_dozen_calls() -> None:
    make_plan(load_profile("virtual-camera"), load_units())  # what is made once has been made
    profile = load_profile("virtual-camera")

    with calls_within() as calls:
        plan = make_plan(profile, load_units())

    assert len(plan.evaluations) > 500
    assert sum(calls.values()) < 85 * len(plan.evaluations), calls.most_common(12)


def test_each_entry_is_put_down_once_for_all_its_fingerprints() -> None:
    profile = load_profile("virtual-camera")

    with calls_within() as calls:
        make_plan(profile, load_units())

    entries = sum(len(table) for table in profile.ixit)
    assert calls["_encoded_entry"] <= entries
    assert calls["_encoded_around"] <= len(make_plan(profile, load_units()).units)


@pytest.mark.parametrize("name", ["virtual-camera", "virtual-camera-2.1.1", "constrained-sensor"])
def test_a_fingerprint_is_the_digest_of_what_is_judged(name: str) -> None:
    profile = load_profile(name)
    judged = [one for one in make_plan(profile, load_units()).evaluations if one.judged is not None]

    assert {one.key: one.fingerprint for one in judged} == {
        one.key: digest_of(about_parts(profile, one.unit, one.entry)[0]) for one in judged
    }


def test_a_digest_is_of_the_text_with_sorted_keys() -> None:
    content = {"entries": [{"b": 'a "quoted": [text]', "a": "ü"}], "edition": '"entries": ['}
    text = json.dumps(content, sort_keys=True)

    assert digest_of(content) == f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
