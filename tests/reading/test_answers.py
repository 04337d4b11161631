"""What every criterion asks of an answer: that it is one, who refers to whom, and that thousands are told in short."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_etsi.assessment.findings import Finding
from pytest_etsi.assessment.reading import answers
from pytest_etsi.profile.unread import listening
from tests.criteria.documents import entry_of, ixit_of

FIELD = "Security Guarantees"


def findings(text, *, asked=True, said="", or_none=False, monkeypatch):
    """What is found of an answer to a field that is asked for, or not, or of which that is not told (None)."""
    monkeypatch.setattr(answers, "asked", lambda *_: asked)
    monkeypatch.setattr(answers, "says_none", lambda *_: said)
    entry = entry_of("1-AuthMech", {FIELD: text})
    return [
        (one.kind, one.message)
        for one in answers.lacks(entry, FIELD, expected="what it gives", or_none=or_none)
    ]


@pytest.mark.parametrize(
    ("text", "asked", "kind", "words"),
    [
        ("Authenticity.", True, None, ""),
        ("", True, "violation", "is empty"),
        ("   ", True, "violation", "is empty"),
        ("TODO", True, "violation", "is a placeholder"),
        ("n/a", True, "violation", "says nothing"),
        ("None.", True, "violation", "says nothing"),
        ("Updates for at least ? years.", True, "unknown", "holds a placeholder"),
        # What is not asked for need not be answered.
        ("", False, None, ""),
        ("TODO", False, None, ""),
        # Where the entry does not tell whether it is asked for, no answer is open, and any other counts.
        ("", None, "unknown", "says 'nothing', and the entry does not tell"),
        ("None.", None, "unknown", "says 'None.', and the entry does not tell"),
        ("n/a", None, "unknown", "and the entry does not tell"),
        ("TODO", None, "violation", "is a placeholder"),
        ("Authenticity.", None, None, ""),
    ],
)
def test_an_answer_that_is_none_is_told_for_what_it_is(monkeypatch, text, asked, kind, words):
    found = findings(text, asked=asked, monkeypatch=monkeypatch)

    assert [one for one, _ in found] == ([kind] if kind else [])
    assert all(words in message for _, message in found)


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ("none", "violation", "says that there is none"),
        ("open", "unknown", "may say that there is none"),
        ("", None, ""),
    ],
)
@pytest.mark.parametrize("or_none", [False, True])
def test_an_answer_that_denies_what_is_asked_for_is_none_unless_that_is_one(
    monkeypatch, said, kind, words, or_none
):
    found = findings("It has no protection.", said=said, or_none=or_none, monkeypatch=monkeypatch)

    assert [one for one, _ in found] == ([kind] if kind and not or_none else [])
    assert all(words in message for _, message in found)


@pytest.mark.parametrize("text", ["None.", "n/a", "does not apply"])
def test_that_there_is_none_may_be_an_answer(monkeypatch, text):
    assert not findings(text, or_none=True, monkeypatch=monkeypatch)
    assert findings("", or_none=True, monkeypatch=monkeypatch)


def test_each_field_is_looked_at_by_itself(monkeypatch):
    monkeypatch.setattr(answers, "asked", lambda _, field: field == FIELD)
    entry = entry_of("1-AuthMech", {})

    assert len([*answers.lacks(entry, "Description", FIELD)]) == 1


@pytest.mark.parametrize(
    ("facts", "missing", "found"),
    [
        ({}, [], ""),
        ({"guarantees": []}, ["integrity", "authenticity"], "none"),
        ({"guarantees": ["confidentiality", "authenticity"]}, ["integrity"], "authenticity, confidentiality"),
        ({"guarantees": ["integrity", "authenticity"]}, [], ""),
    ],
)
def test_a_demanded_guarantee_is_among_those_that_are_claimed(facts, missing, found):
    entry = entry_of("1-AuthMech", {"facts": facts})
    told = [*answers.not_guaranteed(entry, "integrity", "authenticity", of="a key")]

    assert [one.message.partition(" ")[0] for one in told] == missing
    assert {one.found for one in told} <= {found}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It is sealed.", "It is sealed."),
        ("It is not sealed.", ""),
        ("It should be sealed.", ""),
        ("It is open. It is sealed.", "It is sealed."),
        ("It is not open. It was sealed.", ""),
        ("It is open.", ""),
    ],
)
def test_affirmed_is_what_a_sentence_without_doubt_says(text, said):
    assert answers.affirmed(text, answers.re.compile("sealed")) == said


LONG = "Whoever finds a vulnerability is answered by the team."


@pytest.mark.parametrize(
    ("texts", "least", "shared"),
    [
        ([LONG, LONG.upper(), f" {LONG}\n"], 3, ["1", "2", "3"]),
        ([LONG, LONG], 3, []),
        ([LONG, LONG], 2, ["1", "2"]),
        ([LONG, LONG, LONG, "Something else entirely, really."], 3, ["1", "2", "3"]),
        # "none", "no user action" may well hold for several.
        (["a" * 20] * 3, 3, []),
        (["a" * 21] * 3, 3, ["1", "2", "3"]),
    ],
)
def test_a_text_of_several_entries_is_boilerplate_if_it_is_long(texts, least, shared):
    entries = [{"ID": f"V{number}", "Action": text} for number, text in enumerate(texts, 1)]
    table = ixit_of({"3-VulnTypes": entries}).vuln_types
    found = answers.repeated(table, "Action", least)

    names = tuple(f"V{one}" for one in shared)
    assert found == dict.fromkeys(names, names)


def finding(kind, number=0):
    return Finding(kind, "answer", f"{kind} {number}")


def test_of_many_findings_the_first_are_told_and_those_that_refute_come_first():
    many = [finding("unknown", number) for number in range(3)] + [finding("violation")]

    assert [one.kind for one in answers.first(many)] == ["violation", "unknown", "unknown", "unknown"]
    assert [one.kind for one in answers.first(many, 4)] == ["violation", "unknown", "unknown", "unknown"]
    short = answers.first(many, 2)
    assert [one.message for one in short] == ["violation 0", "unknown 0", "and more of the same"]
    assert short[-1].kind == "unknown"


# Who refers to whom -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "target"),
    [
        ("Access", "intf"),
        ("Authentication Mechanism", "auth_mech"),
        ("Communication Mechanisms", "com_mech"),
        ("Interface", "ext_api"),
        ("Personal Data", "pers_data"),
        ("Secure Communication Mechanisms", "com_mech"),
        ("Source", "user_intf"),
        ("Source", "ext_api"),
        ("Update Mechanism", "upd_mech"),
    ],
)
def test_a_reference_is_followed_into_the_table_that_its_field_points_to(field, target):
    def entry(name, **parts):
        made = SimpleNamespace(argument_name="other", id=name, references={}, unread={})
        made.__dict__.update(parts)
        return made

    one = Hashable(entry("A", argument_name=target))
    other = Hashable(entry("A", argument_name="sec_param"))
    refers = Hashable(entry("B", references={field: ("A", "C")}))
    unread = Hashable(entry("D", unread={field: "not understood", "Description": "neither"}))
    ixit = Tables([[one, other], [refers, unread]])
    heard = []
    with listening(heard.append):
        found = answers.referrers(ixit, one)
        assert answers.referrers(ixit, other) == ()

    assert found == (refers,)
    assert heard == ["not understood"]  # it may have been the very entry


class Hashable:
    """An entry by identity."""

    def __init__(self, made):
        self.__dict__.update(made.__dict__)


class Tables(list):
    """The tables of an IXIT, by identity."""

    __hash__ = object.__hash__
