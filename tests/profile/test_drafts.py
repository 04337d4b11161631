"""Marks of what is drafted: how they are written, and that whoever reads what they are on hears of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from profile_documents import load, write_profile

from pytest_etsi.profile.summary import summary
from pytest_etsi.profile.unread import listening

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_etsi.profile import Profile
    from pytest_etsi.profile.entries import AuthMechEntry

ENTRY = """
"1-AuthMech":
  - ID: AuthMech-web
    Description: A login.
    {marks}
    facts: {{endpoint: 443/tcp, tls: {{versions: [TLSv1.2]}}, password: {{min_length: 8}}}}
    access: {{driver: http-basic, url: "https://192.0.2.7/"}}
"""


def camera(directory: Path, marks: str) -> Profile:
    write_profile(directory, ixit=ENTRY.format(marks=marks))
    return load(directory)


def heard(profile: Profile, read: Callable[[AuthMechEntry], object]) -> list[str]:
    """The drafts that are heard of when an entry is read: "" is the entry as a whole."""
    found: list[str] = []
    entry = profile.ixit.auth_mech[0]
    with listening(lambda one: found.append(one.field)):
        read(entry)
    return found


READS: dict[str, Callable[[AuthMechEntry], object]] = {
    "Description": lambda entry: entry["Description"],
    "facts.endpoint": lambda entry: entry.facts.endpoint,
    "facts.tls": lambda entry: entry.facts.tls,
    "facts.password": lambda entry: entry.facts.password,
    "facts.brute_force": lambda entry: entry.facts.brute_force,
    "access.driver": lambda entry: entry.access.driver,
}


@pytest.mark.parametrize("name", READS)
def test_who_reads_what_is_drafted_hears_of_it_and_nobody_else(tmp_path, name):
    profile = camera(tmp_path, f"drafted: {{{name}: survey/tls.json}}")

    assert {read: heard(profile, READS[read]) for read in READS} == {
        read: [name] if read == name else [] for read in READS
    }
    assert profile.open_problems == ()


def test_a_drafted_value_is_read_as_it_stands(tmp_path):
    entry = camera(tmp_path, "drafted: {facts.tls: x, facts.password.min_length: x}").ixit.auth_mech[0]

    assert entry.facts.tls.versions == ("TLSv1.2",)
    assert entry.facts.password.min_length == 8
    assert entry.facts.says("tls")


def test_a_mark_within_a_fact_is_heard_of_by_who_reads_just_that(tmp_path):
    profile = camera(tmp_path, "drafted: {facts.password.min_length: x}")

    assert heard(profile, lambda entry: entry.facts.password) == []
    assert heard(profile, lambda entry: entry.facts.password.min_length) == ["facts.password.min_length"]


def test_a_mark_within_a_part_that_is_left_out_is_on_the_part(tmp_path):
    profile = camera(tmp_path, "drafted: {facts.ssh.kex: x}")

    assert heard(profile, lambda entry: entry.facts.ssh) == ["facts.ssh.kex"]


@pytest.mark.parametrize(
    "marks", ["drafted: survey/services.json", "drafted: yes", "drafted: {ID: x}", "drafted: [ID]"]
)
def test_an_entry_that_is_drafted_as_such_is_so_in_all_its_parts(tmp_path, marks):
    profile = camera(tmp_path, marks)

    assert all(heard(profile, read) == [""] for read in READS.values())


@pytest.mark.parametrize(
    "marks", ["", "drafted:", "drafted: no", "drafted: {}", "drafted: []", "drafted: {ID: no}"]
)
def test_without_a_mark_nothing_is_heard(tmp_path, marks):
    profile = camera(tmp_path, marks)

    assert not any(heard(profile, read) for read in READS.values())
    assert profile.drafts == ()


@pytest.mark.parametrize("name", ["facts.tsl", "Descripton", "facts.tls.version", "facts", "1"])
def test_a_mark_that_is_misspelt_may_be_on_anything(tmp_path, name):
    profile = camera(tmp_path, f'drafted: {{"{name}": x}}')
    known = name == "facts"

    assert bool(profile.open_problems) is not known
    assert heard(profile, READS["facts.tls"]) == ([name] if known else [""])
    assert heard(profile, READS["Description"]) == ([] if known else [""])


def test_it_is_said_where_the_mark_stands_what_was_looked_at_and_what_to_do(tmp_path):
    (draft,) = camera(tmp_path, "drafted: {facts.tls: survey/tls-443.json}").drafts

    assert draft.place.endswith("ixit.yaml:5")
    assert str(draft).startswith("1-AuthMech/AuthMech-web: facts.tls (")
    assert 'drafted from "survey/tls-443.json"' in str(draft)
    assert draft.settle == f"Take the mark in {draft.place} away when you have checked it"


def test_the_evidence_of_a_mark_cannot_say_more_than_a_line(tmp_path):
    (draft,) = camera(tmp_path, f'drafted: {{ID: "{"x" * 1000}\\n\\n"}}').drafts

    assert len(draft.problem.message) < 200
    assert "\n" not in str(draft)


TABLES = """
drafted: {marks}
"1-AuthMech": []
"15-Intf": []
"""


@pytest.mark.parametrize(
    ("marks", "drafted"),
    [
        ('{"1-AuthMech": survey/services.json}', {"auth_mech"}),
        ('["1-AuthMech"]', {"auth_mech"}),
        ('{"1-AuthMech": no}', set()),
        ("", set()),
        ("yes", {"auth_mech", "intf"}),
        ('{"1-AuthMek": x}', {"auth_mech", "intf"}),
    ],
)
def test_a_table_of_which_nobody_knows_whether_it_is_complete(tmp_path, marks, drafted):
    write_profile(tmp_path, ixit=TABLES.format(marks=marks))
    profile = load(tmp_path)
    found = {}
    for name in ("auth_mech", "intf"):
        with listening(lambda one, name=name: found.setdefault(name, one)):
            assert len(profile.ixit.table(name)) == 0

    assert found.keys() == drafted
    assert all(one.drafted for one in found.values())
    assert bool(profile.open_problems) is ("AuthMek" in marks)


def test_drafts_are_counted(tmp_path):
    profile = camera(tmp_path, "drafted: {ID: x, facts.tls: x}")

    (line,) = [line for line in summary(profile) if "drafted" in line]
    assert "1 entry and 1 field or fact;" in line
