"""Whether development and the care for parameters cover all that they have to (5.5-8-1, 5.6-9-1)."""

from __future__ import annotations

import pytest

from pytest_etsi import criteria
from tests.criteria.documents import ixit_of

TOPICS = [
    "training",
    "requirements",
    "coding",
    "tools",
    "testing",
    "review",
    "archival",
    "deployment",
    "third-party",
]
STAGES = ["generation", "provisioning", "storage", "update", "decommissioning", "compromise"]


def messages(findings, level="violation"):
    return " / ".join(finding.message for finding in findings if finding.kind == level)


def development(topics, *suppliers):
    processes = [{"ID": "Dev", "Description": "How we work.", "facts": {"topics": topics}}]
    parts = [
        {"ID": f"C{number}", "facts": {"supplier": one} if one else {}}
        for number, one in enumerate(suppliers)
    ]
    return criteria.management.development(ixit_of({"19-SecDev": processes, "6-SoftComp": parts}))


def test_a_development_that_addresses_every_topic_leaves_nothing_out():
    assert not development(TOPICS, "third-party")


@pytest.mark.parametrize("left_out", TOPICS)
def test_a_topic_that_no_process_covers_is_a_violation(left_out):
    found = development([topic for topic in TOPICS if topic != left_out], "third-party")

    assert messages(found).endswith(f"covers {left_out}")


@pytest.mark.parametrize(
    ("suppliers", "counts"),
    [(["own"], False), (["own", "third-party"], True), ([], True), (["own", None], True)],
)
def test_third_parties_count_unless_every_part_is_known_to_be_of_the_makers(suppliers, counts):
    assert bool(development(TOPICS[:-1], *suppliers)) is counts


def test_a_table_without_processes_covers_nothing():
    found = criteria.management.development(ixit_of({}))

    assert "19-SecDev has no entries" in messages(found)


def test_a_process_that_says_nothing_covers_nothing():
    found = criteria.management.development(ixit_of({"19-SecDev": [{"ID": "Dev", "Description": "tbd"}]}))

    assert "says nothing" in messages(found)


def test_topics_are_looked_for_in_prose_where_no_fact_states_them_and_refute_nothing():
    found = criteria.management.development(
        ixit_of({"19-SecDev": [{"ID": "Dev", "Description": "Every change is reviewed and tested."}]})
    )

    assert not messages(found)
    assert "no word of training" in messages(found, "note")
    assert "no word of testing" not in messages(found, "note")


def life_cycle(stages, managed=("Key",), types=("Critical security parameter",)):
    processes = [
        {
            "ID": "Mgmt",
            "Description": "How keys live.",
            "facts": {"stages": stages, "parameters": list(managed)},
        }
    ]
    parameters = [
        {"ID": "Key" if not number else f"Key{number}", "Type": kind} for number, kind in enumerate(types)
    ]
    return criteria.management.life_cycle(ixit_of({"14-SecMgmt": processes, "10-SecParam": parameters}))


def test_a_life_in_which_every_stage_is_covered_leaves_nothing_out():
    assert not life_cycle(STAGES)


@pytest.mark.parametrize("left_out", STAGES)
def test_a_stage_that_no_process_covers_is_a_violation(left_out):
    assert messages(life_cycle([stage for stage in STAGES if stage != left_out])).endswith(
        f"covers {left_out}"
    )


def test_a_critical_parameter_that_no_process_manages_is_a_violation_and_a_public_one_is_not():
    found = life_cycle(STAGES, types=("critical", "critical")).violations

    assert [finding.place.entry for finding in found] == ["10-SecParam/Key1"]
    assert not life_cycle(STAGES, types=("critical", "public"))
