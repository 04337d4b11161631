"""What has changed since something was judged, field by field."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from assessment_documents import documents, load

from pytest_etsi.assessment.changes import changes, contents_to_keep
from pytest_etsi.assessment.judgement import fingerprint
from pytest_etsi.profile.judged_file import JudgedFile, digest_of
from pytest_etsi.standard import edition

PAPER, DEVICE, ICS = (edition("1.1.1").unit(unit) for unit in ("5.1-5-1/a", "5.1-5-2/b", "4-1-1/a"))
INFORMED, SECURED = (edition("1.1.1").unit(unit) for unit in ("5.1-4-1/a", "5.4-1-1/d"))
WEB = "AuthMech-web"


@pytest.fixture
def changed(tmp_path):
    """What is said to have changed in a unit when the documents go from one state to another."""
    (tmp_path / "then").mkdir()
    (tmp_path / "now").mkdir()

    def told(unit, entry, now, then=lambda content: None, *, keep=None):
        contents = documents(), documents()
        then(contents[0])
        now(contents[1])
        before, after = load(tmp_path / "then", contents[0]), load(tmp_path / "now", contents[1])
        judged = JudgedFile(tmp_path / "judged.jsonl")
        kept = contents_to_keep(before, unit, entry)
        judged.add({digest: kept[digest] for digest in list(kept)[slice(keep)]})
        return changes(after, unit, entry, fingerprint(before, unit, entry), judged)

    return told


def said(found):
    return [(change.name, change.before, change.after) for change in found]


def lock(content):
    content["ixit"]["1-AuthMech"][0]["Brute Force Prevention"] = "a lock"


def manual(content):
    content["ixit"]["2-UserInfo"] = {"Documentation of Change Mechanisms": "page 4"}


def secured(content):
    content["ixit"]["19-SecDev"] = [{"ID": "SecDev-1", "Description": "reviews"}]


def unclaimed(content):
    content["ics"]["5.2-2"] = {"support": "N", "detail": "no need"}


def updated(content):
    content["dut"]["software"] = "1.1"


def nothing(content):
    pass


def test_the_same_documents_have_not_changed(changed):
    assert changed(PAPER, WEB, nothing) == ()


@pytest.mark.parametrize(
    ("unit", "entry", "change", "expected"),
    [
        (PAPER, WEB, lock, [("1-AuthMech/AuthMech-web: Brute Force Prevention", None, "a lock")]),
        # Of a table without entries what the unit reads is always there, and may be empty.
        (INFORMED, WEB, manual, [("2-UserInfo: Documentation of Change Mechanisms", "", "page 4")]),
        (
            SECURED,
            None,
            secured,
            [
                ("19-SecDev/SecDev-1: ID", None, "SecDev-1"),
                ("19-SecDev/SecDev-1: Description", None, "reviews"),
            ],
        ),
        (ICS, None, unclaimed, [("ICS 5.2-2: support", "Y", "N"), ("ICS 5.2-2: detail", "done", "no need")]),
        (DEVICE, WEB, updated, [("software version", "1.0", "1.1")]),
    ],
)
def test_every_change_is_named_in_both_directions(changed, unit, entry, change, expected):
    forward, back = changed(unit, entry, change), changed(unit, entry, nothing, change)

    assert said(forward) == expected
    assert all(one.where for one in forward)
    assert sorted(said(back)) == sorted((name, after, before) for name, before, after in expected)


def test_what_is_kept_in_another_form_is_said_to_be_so(tmp_path):
    profile = load(tmp_path, documents())
    now = contents_to_keep(profile, PAPER, WEB)
    about, reads = now.values()
    former = about | {"format": 0}
    judged = JudgedFile(tmp_path / "judged.jsonl")
    judged.add({digest_of(former): former, about["reads"]: reads})

    (change,) = changes(profile, PAPER, WEB, digest_of(former), judged)

    assert (change.name, change.before, change.after) == ("the form of what is judged", None, None)


def test_a_table_that_a_unit_reads_no_more_has_changed(tmp_path):
    profile = load(tmp_path, documents())
    about, reads = contents_to_keep(profile, INFORMED, WEB).values()
    more = reads | {"29-InpVal": [{"ID": "InpVal-1", "Description": "checked"}]}
    less = {name: entries for name, entries in reads.items() if name != "2-UserInfo"}
    judged = JudgedFile(tmp_path / "judged.jsonl")
    told = []
    for then in (more, less):
        former = about | {"reads": digest_of(then)}
        judged.add({digest_of(former): former, former["reads"]: then})
        told.append([one.name for one in changes(profile, INFORMED, WEB, digest_of(former), judged)])

    assert told[0] == ["29-InpVal/InpVal-1: ID", "29-InpVal/InpVal-1: Description"]
    assert told[1]
    assert all(name.startswith("2-UserInfo: ") for name in told[1])


def test_a_change_is_not_known_where_what_was_judged_is_not_on_record(changed):
    assert changed(INFORMED, WEB, manual, keep=0) is None
    assert changed(INFORMED, WEB, manual, keep=1) is None  # the tables that it reads are not
    assert changed(INFORMED, WEB, manual, keep=2) is not None


def test_a_judgement_without_fingerprint_is_about_nothing_that_is_known(tmp_path):
    profile = load(tmp_path, documents())
    nowhere = SimpleNamespace(get=lambda digest: None)

    assert changes(profile, PAPER, WEB, "", nowhere) is None


def test_facts_are_told_one_by_one(changed):
    def limited(content):
        content["ixit"]["1-AuthMech"][0]["facts"]["brute_force"] = {"max_attempts": 5, "lockout_s": 30}

    assert said(changed(PAPER, WEB, limited)) == [
        ("1-AuthMech/AuthMech-web: facts.brute_force.max_attempts", None, "5"),
        ("1-AuthMech/AuthMech-web: facts.brute_force.lockout_s", None, "30"),
    ]
