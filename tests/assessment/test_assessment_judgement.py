"""Judgements: bound to what was judged, stale when it changes."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from assessment_documents import LABEL, documents, judgement, load

from pytest_etsi import clock
from pytest_etsi.assessment.judgement import find, fingerprint, needs_judgement, state_of
from pytest_etsi.profile import External, Judgement, Source
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Cause, Verdict

UNIT = edition("1.1.1").unit
PAPER = "5.1-5-1/a"
DEVICE = "5.1-5-2/b"


def print_of(tmp_path, unit, entry=None, change=None, edition_id="1.1.1"):
    content = documents(edition_id)
    if change:
        change(content)
    return fingerprint(load(tmp_path, content), edition(edition_id).unit(unit), entry)


def set_(*path):
    *keys, last, value = path

    def change(content):
        for key in keys:
            content = content[key]
        content[last] = value

    return change


def add_entry(content):
    content["ixit"]["1-AuthMech"].append({"ID": "AuthMech-new"})


MANUAL = {"Documentation of Change Mechanisms": "https://example.test/change"}


@pytest.mark.parametrize(
    ("unit", "entry", "change"),
    [
        (PAPER, "AuthMech-web", set_("ixit", "1-AuthMech", 0, "Brute Force Prevention", "a lock")),
        (PAPER, "AuthMech-web", set_("ixit", "1-AuthMech", 0, "facts", "brute_force", {"max_attempts": 5})),
        (DEVICE, "AuthMech-web", set_("dut", "software", "1.1")),
        ("5.1-4-1/a", "AuthMech-web", set_("ixit", "2-UserInfo", MANUAL)),
        ("5.1-1-2/a", None, add_entry),
        ("4-1-1/a", None, set_("ics", "5.2-2", {"support": "N", "detail": "no need"})),
        ("5.4-1-1/d", None, set_("ixit", "19-SecDev", [{"ID": "SecDev-1"}])),
    ],
)
def test_what_was_judged_changes_the_fingerprint(tmp_path, unit, entry, change):
    assert print_of(tmp_path, unit, entry) != print_of(tmp_path, unit, entry, change)


@pytest.mark.parametrize(
    ("unit", "entry", "change"),
    [
        (PAPER, "AuthMech-web", set_("dut", "software", "1.1")),
        (PAPER, "AuthMech-web", set_("ixit", "1-AuthMech", 1, "Description", "another")),
        (PAPER, "AuthMech-web", set_("ixit", "1-AuthMech", 0, "access", {"url": "https://127.0.0.1/"})),
        (PAPER, "AuthMech-web", set_("ics", "5.2-2", {"support": "N", "detail": "no need"})),
        ("5.1-4-1/a", "AuthMech-web", set_("ixit", "2-UserInfo", {"Support Period": "2031"})),
        ("4-1-1/a", None, set_("ics", "5.2-1", {"support": "Y", "detail": "otherwise"})),
        (DEVICE, "AuthMech-web", set_("dut", "labels", ["on the back"])),
        (PAPER, "AuthMech-web", set_("permissions", ["erase"])),
    ],
)
def test_what_was_not_judged_does_not(tmp_path, unit, entry, change):
    assert print_of(tmp_path, unit, entry) == print_of(tmp_path, unit, entry, change)


def test_a_fingerprint_is_for_one_unit_and_one_entry(tmp_path):
    prints = {
        print_of(tmp_path, unit, entry)
        for unit in (PAPER, DEVICE)
        for entry in ("AuthMech-web", "AuthMech-stream")
    }

    assert len(prints) == 4
    assert all(one.startswith("sha256:") and len(one) == 71 for one in prints)


def test_a_judgement_is_for_the_edition_in_which_it_was_made(tmp_path):
    older, newer = tmp_path / "older", tmp_path / "newer"
    older.mkdir()
    newer.mkdir()

    assert UNIT(PAPER).id == edition("2.1.1").unit(PAPER).id
    assert print_of(older, PAPER, "AuthMech-web") != print_of(newer, PAPER, "AuthMech-web", None, "2.1.1")


def test_a_placeholder_is_judged_as_written_not_as_filled_in(tmp_path):
    content = documents()
    content["ixit"]["1-AuthMech"][0]["Description"] = "Login at ${env:WHERE}."
    prints = {
        fingerprint(load(tmp_path, content, environ={"WHERE": where}), UNIT(PAPER), "AuthMech-web")
        for where in ("here", "there")
    }

    assert len(prints) == 1


def state(tmp_path, unit=PAPER, entry="AuthMech-web", *, bound=None, **changes):
    content = documents()
    now = fingerprint(load(tmp_path, content), UNIT(unit), entry)
    content["judgements"] = [judgement(unit, now if bound is None else bound, entry, **changes)]
    return find(load(tmp_path, content), UNIT(unit), entry)


def test_a_judgement_on_exactly_this_is_valid(tmp_path):
    found = state(tmp_path)

    assert (found.status, found.verdict, found.cause, found.settle) == ("valid", Verdict.PASS, None, "")
    assert found.reason == "judged by A. Person (2026-11-02): Looked at closely."


def test_a_judgement_that_it_does_not_hold_fails(tmp_path):
    found = state(tmp_path, verdict="FAIL")

    assert (found.status, found.verdict) == ("failed", Verdict.FAIL)


def test_a_judgement_without_conclusion_stays_open(tmp_path):
    found = state(tmp_path, verdict="INCONCLUSIVE", rationale="Too little is written.")

    assert (found.status, found.verdict, found.cause) == ("open", Verdict.INCONCLUSIVE, Cause.JUDGEMENT)
    assert "could not conclude: Too little is written." in found.reason


def test_a_judgement_that_nothing_is_concerned_makes_it_not_applicable(tmp_path):
    content = documents()
    now = fingerprint(load(tmp_path, content), UNIT(PAPER), "AuthMech-web")
    content["judgements"] = [judgement(PAPER, now, "AuthMech-web")]
    profile = load(tmp_path, content)
    recorded = replace(profile.judgements[0], verdict=Verdict.NOT_APPLICABLE)

    found = find(replace(profile, judgements=(recorded,)), UNIT(PAPER), "AuthMech-web")
    assert (found.status, found.verdict) == ("valid", Verdict.NOT_APPLICABLE)


@pytest.mark.parametrize("bound", ["", "sha256:" + "0" * 64, "sha256:" + "0" * 16])
def test_a_judgement_on_something_else_is_stale(tmp_path, bound):
    found = state(tmp_path, bound=bound)

    assert (found.status, found.verdict, found.cause) == ("stale", Verdict.INCONCLUSIVE, Cause.JUDGEMENT)
    assert found.settle.startswith(f"Judge again and record it with fingerprint {found.fingerprint}: ")


def test_a_shortened_fingerprint_binds_as_well(tmp_path):
    now = fingerprint(load(tmp_path, documents()), UNIT(PAPER), "AuthMech-web")

    assert state(tmp_path, bound=now[: len("sha256:") + 16]).status == "valid"


def test_a_judgement_on_another_entry_does_not_count(tmp_path):
    content = documents()
    now = fingerprint(load(tmp_path, content), UNIT(PAPER), LABEL["ID"])
    content["judgements"] = [judgement(PAPER, now, LABEL["ID"])]
    found = find(load(tmp_path, content), UNIT(PAPER), "AuthMech-web")

    assert (found.status, found.judgement, found.to_json()) == ("missing", None, None)
    assert UNIT(PAPER).does in found.settle


def test_new_software_makes_judgements_on_the_device_stale_and_those_on_paper_not(tmp_path):
    for unit, expected in ((PAPER, "valid"), (DEVICE, "stale")):
        content = documents()
        now = fingerprint(load(tmp_path, content), UNIT(unit), "AuthMech-web")
        content["judgements"] = [judgement(unit, now, "AuthMech-web")]
        content["dut"]["software"] = "1.1"

        assert find(load(tmp_path, content), UNIT(unit), "AuthMech-web").status == expected


def test_only_conceptual_assess_units_are_for_persons_alone():
    assert needs_judgement(UNIT("5.1-5-1/a"))
    assert not needs_judgement(UNIT("4-1-1/a"))
    assert not needs_judgement(UNIT("5.1-5-2/a"))


def test_every_unit_of_every_edition_has_a_fingerprint(tmp_path):
    for edition_id in ("1.1.1", "2.1.1"):
        profile = load(tmp_path, documents(edition_id))
        prints = [fingerprint(profile, unit, None) for unit in edition(edition_id).units]

        assert len(set(prints)) == len(edition(edition_id).units)


def test_a_clock_that_is_not_set_leaves_evidence_with_an_end_open(monkeypatch):
    external = External("certificate EX-1", "Laboratory", "the login", datetime.date(2999, 1, 1))
    asked = "sha256:" + "ab" * 32
    given = Judgement(
        unit="5.1-1-1/a", entry=None, verdict="PASS", assessor="A. Person", date=datetime.date(2026, 11, 2),
        rationale="Looked at closely.", basis="external-evidence", evidence=(), fingerprint=asked,
        source=Source("judgements.yaml", 1, 1), external=external,
    )  # fmt: skip
    assert state_of([given], asked, "?").status == "valid"

    monkeypatch.setattr(clock, "_read", lambda: datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC))
    state = state_of([given], asked, "?")

    assert state.status == "stale"
    assert "the clock of this machine shows" in state.reason
