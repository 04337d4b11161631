"""What helps an assessor: the pace, the words that matter, and what the documents say around an entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_etsi.assessment.agenda import role_of, selection
from pytest_etsi.assessment.context import Context
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.interview.marks import marked
from pytest_etsi.interview.pace import Pace
from pytest_etsi.profile import load_profile
from pytest_etsi.standard import UnknownIdError, edition

CAMERA = Path(__file__).parents[2] / "device_profiles" / "virtual-camera"


@pytest.fixture(scope="module")
def profile():  # type: ignore[no-untyped-def]
    return load_profile(CAMERA)


# The pace ---------------------------------------------------------------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def paced(*seconds: float) -> Pace:
    clock = Clock()
    pace = Pace(clock)
    pace.begin()
    for one in seconds:
        clock.now += one
        pace.answered()
    return pace


@pytest.mark.parametrize(
    ("seconds", "left", "said"),
    [
        ([], 10, ""),
        ([60] * 4, 10, ""),
        ([60] * 5, 0, ""),
        ([60] * 5, 10, "about 10 min"),
        ([90] * 6, 100, "about 2 h 30 min"),
        ([1] * 5, 10, "less than a minute"),
        # Who went to lunch for two hours was not assessing for longer than a quarter of an hour.
        ([60, 60, 60, 60, 7200], 5, "about 19 min"),
    ],
)
def test_the_time_left_is_told_from_the_own_pace(seconds: list[float], left: int, said: str) -> None:
    assert paced(*seconds).left(left) == said


# The words that matter --------------------------------------------------------------------------------------


def highlighted(text: str, entries: tuple[str, ...] = ()) -> set[str]:
    shown = marked(text, entries)
    return {shown.plain[span.start : span.end] for span in shown.spans}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The flash memory is not encrypted.", {"not"}),
        ("Stored as MD5; sent by HTTP, later by HTTPS.", {"MD5", "HTTP"}),
        ("TLS 1.0 and TLS 1.2", {"TLS 1.0"}),
        ("3DES unless the server refuses", {"3DES", "unless"}),
        ("Der Port ist nicht erreichbar, ohne Ausnahme.", {"nicht", "ohne"}),
        ("Le port n'est pas accessible.", {"pas"}),
        ("通信は暗号化されていない", {"ない"}),
        ("Notification of the noble owner", set()),
        ("As for AuthMech-web. See AuthMech-webs.", {"AuthMech-web"}),
    ],
)
def test_the_words_that_matter_are_highlighted_and_no_others(text: str, words: set[str]) -> None:
    assert highlighted(text, ("AuthMech-web",)) == words
    assert marked(text).plain == text


# Around an entry --------------------------------------------------------------------------------------------


def test_what_an_entry_refers_to_and_what_names_it_are_found(profile) -> None:  # type: ignore[no-untyped-def]
    context = Context(profile)
    uart = profile.ixit.intf.get("Intf-UART")
    stream = profile.ixit.com_mech.get("ComMech-Stream")

    assert {one.id for one in context.related(uart)} >= {"SoftServ-Connector", "UserIntf-Connector"}
    assert "ComMech-Web" in [one.id for one in context.related(stream)]  # "exactly as for ComMech-Web"
    passage = next(one for one in context.passages(uart) if one.entry.id == "SoftServ-Connector")
    assert "Intf-UART" in passage.text
    assert all(one.entry.id != "Intf-UART" for one in context.passages(uart))


def test_facts_are_shown_as_they_are_written(profile) -> None:  # type: ignore[no-untyped-def]
    facts = Context(profile).facts(profile.ixit.intf.get("Intf-UART"))

    assert (facts["exposure"], facts["debug"]) == ("intermittent", "yes")
    assert facts["type"] == "physical"
    assert not any(name.startswith("access.") for name in facts)


def test_the_row_of_the_ics_is_shown_and_a_missing_one_is_empty(profile) -> None:  # type: ignore[no-untyped-def]
    context = Context(profile)

    assert context.ics("5.1-3").startswith("Y: ")
    assert context.ics("9.9-9") == ""


# What is asked ----------------------------------------------------------------------------------------------


def chosen(profile, *only: str, roles: tuple[str, ...] = ()):  # type: ignore[no-untyped-def]
    wanted = selection(profile, only, roles)  # type: ignore[arg-type]
    return [one for one in make_plan(profile, load_units()).evaluations if wanted(one)]


def test_tables_entries_and_units_can_be_chosen_together(profile) -> None:  # type: ignore[no-untyped-def]
    found = chosen(profile, "15-Intf", "SoftComp-TLS", "5.1-3-1/c")

    assert {one.unit.iterates for one in found if one.entry} == {"15-Intf", "6-SoftComp", "1-AuthMech"}
    assert {one.entry for one in found if one.unit.iterates == "6-SoftComp"} == {"SoftComp-TLS"}
    assert {one.unit.id for one in found if one.unit.iterates == "1-AuthMech"} == {"5.1-3-1/c"}
    assert chosen(profile, "Intf") == chosen(profile, "15-Intf")


def test_every_unit_is_for_one_role_and_all_of_them_together_are_everything(profile) -> None:  # type: ignore[no-untyped-def]
    units = edition("1.1.1").units

    assert {role_of(one) for one in units if not one.functional} == {"conceptual"}
    assert {role_of(one) for one in units if one.functional} == {"network", "bench"}
    by_role = [chosen(profile, roles=(role,)) for role in ("conceptual", "network", "bench")]
    assert sum(map(len, by_role)) == len(chosen(profile))


def test_a_name_that_is_none_of_these_is_refused(profile) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UnknownIdError):
        selection(profile, ["15-Intff"])
