"""What the criteria take of documents that could not be read, and what a person may settle then."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace

import pytest
from published_pages import published

from pytest_etsi import criteria
from pytest_etsi.dut.reach.documents import Documents, Seen
from pytest_etsi.dut.reach.network import Network
from pytest_etsi.dut.reach.recording import Recorder
from pytest_etsi.profile import Profile, load_profile
from pytest_etsi.verdict import Cause, Inconclusive

FIELD = "Documentation of Deletion"


@cache
def camera() -> Profile:
    return load_profile("virtual-camera")


def test_a_document_that_is_named_nowhere_is_open_and_refutes_nothing() -> None:
    seen = Seen((), "2-UserInfo names no address", Cause.INFORMATION, "give it")
    found = criteria.reached.open_to_all(camera().ixit.user_info, FIELD, seen)

    assert [(one.kind, one.cause, one.settle) for one in found] == [("unknown", Cause.INFORMATION, "give it")]
    assert not criteria.reached.text(seen).whole


def test_what_was_not_read_lets_nothing_be_missing() -> None:
    ixit = camera().ixit
    text = criteria.reached.text(Seen((), "it is printed on a card"))
    found = criteria.user_guidance.deletion(ixit.del_func[0], ixit, text)

    assert not found.violations
    assert "it is printed on a card" in str(found)


def test_a_person_may_settle_what_could_not_be_read() -> None:
    ixit = camera().ixit
    found = criteria.user_guidance.deletion(
        ixit.del_func[0], ixit, criteria.reached.text(Seen((), "printed"))
    )
    judged: list[object] = []
    judge = SimpleNamespace(recorded="PASS", required=judged.append)

    found.decide(judge)
    assert judged
    with pytest.raises(Inconclusive):
        found.decide()


def test_a_field_without_a_reachable_host_is_told_and_not_raised() -> None:
    recorder = Recorder()
    profile = camera()
    documents = Documents(profile, Network(profile, recorder), recorder)
    documents.of = _refused  # type: ignore[method-assign]

    seen = documents.about(FIELD)

    assert (seen.documents, seen.why, seen.cause) == ((), "not allowed", Cause.ACCESS)


def _refused(_field: str) -> tuple[()]:
    raise Inconclusive("not allowed", cause=Cause.ACCESS, settle="add it")


def test_a_gone_document_refutes_that_it_can_be_reached() -> None:
    gone = published("Not found", url="https://maker.example/manual", status=404)

    assert criteria.reached.open_to_all(camera().ixit.user_info, FIELD, Seen((gone,))).violations
