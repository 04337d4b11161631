"""A judgement on a published page is bound to what was fetched: it is stale once the page has changed or gone."""

from __future__ import annotations

import pytest
from assessment_documents import documents, judgement, load

from pytest_etsi import Verdict
from pytest_etsi.assessment import evaluation as evaluation_module
from pytest_etsi.assessment import pages
from pytest_etsi.assessment.judgement import GONE, find, with_mark
from pytest_etsi.assessment.pages import addresses, bound, mark_of
from pytest_etsi.assessment.run import Assessment
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Cause, inconclusive
from tests.published_pages import published

UNIT = "5.2-1-2/b"
URL = "https://maker.example/policy"
POLICY = published("Write to us.\n  We answer in 5 days.", url=URL)
CHANGED = published("Write to us. We answer some day.", url=URL)
REFLOWED = published("Write to us.   We answer in 5 days.", url=URL)
MISSING = published("Not found", url=URL, status=404)
PDF = published(b"\0\1\2", url=URL)


def content(field=f"See {URL}#contact.", **changes):
    made = documents() | changes
    made["ixit"]["2-UserInfo"] = {"Publication of Vulnerability Disclosure Policy": field}
    return made


@pytest.fixture
def serving(monkeypatch):
    """Says what is published: documents, or nothing that answers."""

    def serve(*published):
        def fetched(_profile, _unit, _shelf=None):
            if not published:
                inconclusive("the server does not answer", cause=Cause.BENCH)
            return published

        monkeypatch.setattr(evaluation_module, "fetched", fetched)
        monkeypatch.setattr(pages, "fetched", fetched)

    return serve


def evaluated(tmp_path, mark):
    """The record of the unit in a run whose documents have a judgement with this mark; None: it has none."""
    plain = load(tmp_path, content())
    fingerprint = find(plain, edition("1.1.1").unit(UNIT), None).fingerprint
    profile = load(
        tmp_path,
        content(judgements=[judgement(UNIT, with_mark(fingerprint, mark or ""))] if mark is not None else []),
    )
    assessment = Assessment(profile, output=tmp_path / "out", only=[UNIT])
    with assessment.begin(assessment.plan.get(UNIT)) as evaluation:
        evaluation.look_at_pages()
        evaluation.judgement.required()
    return assessment.records[-1]


MARK = mark_of([POLICY])


@pytest.mark.parametrize("page", [POLICY, REFLOWED])
def test_a_judgement_stands_while_the_page_shows_what_was_judged(tmp_path, serving, page):
    serving(page)
    record = evaluated(tmp_path, MARK)

    assert record["verdict"] == Verdict.PASS
    assert "not bound" not in record["reason"]


@pytest.mark.parametrize(
    ("published", "said"),
    [((CHANGED,), "has changed since"), ((MISSING,), "is not there any more"), ((), "cannot be fetched now")],
)
def test_a_judgement_is_stale_once_its_page_has_changed_or_gone(tmp_path, serving, published, said):
    serving(*published)
    record = evaluated(tmp_path, MARK)

    assert (record["verdict"], record["cause"]) == (Verdict.INCONCLUSIVE, "judgement")
    assert said in record["reason"]


@pytest.mark.parametrize(
    ("published", "verdict"),
    [((POLICY,), Verdict.PASS), ((), Verdict.PASS), ((MISSING,), Verdict.INCONCLUSIVE)],
)
def test_a_judgement_without_a_mark_falls_with_a_page_that_has_gone_only(
    tmp_path, serving, published, verdict
):
    serving(*published)
    record = evaluated(tmp_path, "")

    assert record["verdict"] == verdict
    assert ("not bound to what is published" in record["reason"]) == (published == (POLICY,))


def test_a_missing_judgement_says_with_which_mark_to_record_it_and_keeps_the_page(tmp_path, serving):
    serving(POLICY)
    record = evaluated(tmp_path, None)

    assert f"-{MARK}:" in record["settle"]
    assert len(record["evidence"]) == 1


def test_a_judgement_that_is_recorded_is_bound_to_what_its_page_shows(tmp_path, serving):
    profile = load(tmp_path, content(judgements=[judgement(UNIT, "sha256:" + "ab" * 32)]))
    (given,) = profile.judgements

    serving(POLICY)
    marked = bound(profile, given)
    assert marked.fingerprint == f"{given.fingerprint}-{MARK}"
    assert bound(profile, marked) == marked
    for shown in ((), (MISSING,)):
        serving(*shown)
        assert bound(profile, given) == given


def test_a_document_that_no_program_reads_is_marked_by_its_bytes():
    assert mark_of([PDF]) == mark_of([published(b"\0\1\2", url="https://elsewhere.example/")])
    assert mark_of([PDF]) != mark_of([published(b"\0\1\3", url=URL)])
    assert mark_of([POLICY, PDF]) not in (mark_of([PDF]), mark_of([PDF, POLICY]), GONE)
    assert mark_of([]) == ""


@pytest.mark.parametrize(
    ("unit", "field", "found"),
    [
        (UNIT, f"See {URL}#contact.", (URL,)),
        (UNIT, f"{URL}, and {URL}/de; printed too", (URL, f"{URL}/de")),
        (UNIT, "on the box", ()),
        ("5.2-1-1/a", URL, ()),
        ("5.3-13-2/a", URL, ()),
    ],
)
def test_the_pages_of_a_unit_are_those_of_the_fields_that_it_reads_and_none_on_paper(
    tmp_path, unit, field, found
):
    assert addresses(load(tmp_path, content(field)), edition("1.1.1").unit(unit)) == found


PUBLISHED = sorted(
    {
        (unit.id, name)
        for unit in edition("1.1.1").units
        if unit.functional
        for name in unit.reads.get("2-UserInfo", ())
    }
)


@pytest.mark.parametrize(("unit", "field"), PUBLISHED)
def test_the_pages_of_a_unit_are_those_of_what_is_published_or_documented(tmp_path, unit, field):
    made = documents()
    made["ixit"]["2-UserInfo"] = {field: f"See {URL}."}
    found = addresses(load(tmp_path, made), edition("1.1.1").unit(unit))

    assert found == ((URL,) if field.startswith(("Publication of", "Documentation of")) else ())


# The other edition; a suite of somebody's own may leave units of it without a function


LATER = "5.12-3-2/b"


def later(tmp_path, judgements=()):
    made = documents("2.1.1")
    made["ixit"]["2-UserInfo"] = {"Documentation of Setup Check": f"See {URL}."}
    made["ics"] |= {"5.12-3": {"support": "Y", "detail": "documented"}}
    return load(tmp_path, made | {"judgements": list(judgements)})


@pytest.mark.parametrize(
    ("published", "verdict"),
    [
        ((POLICY,), Verdict.PASS),
        ((CHANGED,), Verdict.INCONCLUSIVE),
        ((MISSING,), Verdict.INCONCLUSIVE),
        ((), Verdict.INCONCLUSIVE),
    ],
)
def test_a_judgement_of_a_unit_without_a_function_is_bound_to_its_page_too(
    tmp_path, serving, published, verdict
):
    serving(*published)
    fingerprint = find(later(tmp_path), edition("2.1.1").unit(LATER), None).fingerprint
    profile = later(tmp_path, [judgement(LATER, with_mark(fingerprint, MARK))])
    assessment = Assessment(profile, output=tmp_path / "out", only=[LATER], functions={})
    assert assessment.plan.get(LATER).function is None
    results = assessment.close()

    (group,) = [one for one in results["groups"] if one["group"] == "5.12-3"]
    (case,) = [one for one in group["cases"] if one["case"] == "5.12-3-2"]
    (unit,) = [one for one in case["units"] if one["unit"] == "b"]
    assert unit["verdict"] == verdict
    assert bool(unit["evaluations"][0]["evidence"]) == bool(published)
