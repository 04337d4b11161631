"""The virtual maker's texts: without a flaw they cover the IXIT; each flaw of guidance fails exactly its units.

The units' own functions are called with the pages that the site would give. A whole run for each flaw would look at the same
pages by a camera that has no part in it; `tests/test_flaw_matrix.py` makes one for some of them.
"""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from pytest_etsi.assessment.findings import Findings
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.dut.reach.documents import Seen
from pytest_etsi.probes.webdocs import Hop, Origin, read_document
from pytest_etsi.profile import Profile, load_profile
from pytest_etsi.profile.facts import argument_name
from pytest_etsi.verdict import Cause, Inconclusive, Verdict, Violation
from pytest_etsi.virtual.flaws.guidance import GuidanceFlaw
from pytest_etsi.virtual.maker.site import documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.assessment.planned import PlannedEvaluation
    from pytest_etsi.virtual.flaws import Flaw

_BOTH = (
    "5.8-3-1/a", "5.8-3-1/b", "5.11-3-1/b", "5.12-2-1/b", "5.12-2-1/c", "6-1-2/a", "6-1-2/b", "6-5-2/a", "6-5-2/b",
    "6-5-2/c", "6-5-2/d",
)  # fmt: skip
UNITS = {
    "1.1.1": {*_BOTH, "5.12-3-1/b", "5.13-1-2/b", "6-1-2/c", "6-1-2/d"},
    "2.1.1": {*_BOTH, "5.13-1A-2/a"},
}
RESERVED = {
    "1.1.1": {"5.8-3-1/b", "5.12-2-1/c", "5.12-3-1/b", "5.13-1-2/b", "6-1-2/c", "6-1-2/d", "6-5-2/d"},
    "2.1.1": {"5.8-3-1/b", "5.12-2-1/c", "5.13-1A-2/a", "6-1-2/a", "6-1-2/b", "6-5-2/d"},
}
OPEN = {
    GuidanceFlaw.PRIVACY_NOTICE_GONE: {"6-1-2/b", "6-5-2/b", "6-5-2/c"},
    GuidanceFlaw.TELEMETRY_UNTOLD: {"6-1-2/b"},
}
"""What a flaw leaves open besides: without a page nothing is found in it, and a part of what is not told stands elsewhere."""
ON = {"Documentation of Personal Data": "/privacy", "Documentation of Telemetry Data": "/privacy"}


class Published:
    """The documents of the site, as a run would get them."""

    def __init__(self, flaws: frozenset[Flaw]) -> None:
        self._pages = documents(flaws)
        if GuidanceFlaw.PRIVACY_NOTICE_GONE in flaws:
            del self._pages["/privacy"]
        self._seen: dict[str, Seen] = {}

    def about(self, field: str) -> Seen:
        path = ON.get(field, "/manual")
        if path not in self._seen:
            self._seen[path] = self._read(path)
        return self._seen[path]

    def _read(self, path: str) -> Seen:
        page = self._pages.get(path)
        headers = (("content-type", "text/html; charset=utf-8"),)
        url, status = f"https://maker.example{path}", 404 if page is None else 200
        origin = Origin(url, (Hop(url, status),), status=status, headers=headers)
        return Seen((read_document(origin, (page or "Not found").encode()),))

    def manuals(self) -> Seen:
        return self.about("Documentation of Sensors")


class Nobody:
    """A judge without a judgement."""

    recorded = None

    def required(self, about: object = "") -> None:
        if isinstance(about, Findings):
            about.refute()
        raise Inconclusive("no judgement yet", cause=Cause.JUDGEMENT)


@cache
def camera(edition: str) -> Profile:
    return load_profile("virtual-camera" if edition == "1.1.1" else f"virtual-camera-{edition}")


@cache
def planned(edition: str) -> tuple[PlannedEvaluation, ...]:
    every = make_plan(camera(edition), load_units()).evaluations
    return tuple(one for one in every if one.unit.id in UNITS[edition])


def _evaluated(edition: str, one: PlannedEvaluation, dut: Any) -> Verdict:
    function, table = one.function, one.unit.iterates
    assert function is not None
    assert function.call is not None
    given: dict[str, Any] = {
        "etsi_dut": dut,
        "etsi_ixit": camera(edition).ixit,
        "etsi_profile": camera(edition),
        "etsi_judgement": Nobody(),
    }
    if table is not None and one.entry is not None:
        name = argument_name(table)
        given[name] = getattr(camera(edition).ixit, name).get(one.entry)
    try:
        function.call(**{name: given[name] for name in function.fixtures})
    except Violation:
        return Verdict.FAIL
    except Inconclusive:
        return Verdict.INCONCLUSIVE
    return Verdict.PASS


def verdicts(edition: str, flaws: frozenset[Flaw]) -> dict[str, set[Verdict]]:
    dut = SimpleNamespace(documents=Published(flaws))
    found: dict[str, set[Verdict]] = {}
    for one in planned(edition):
        found.setdefault(one.unit.id, set()).add(_evaluated(edition, one, dut))
    return found


def _with(found: dict[str, set[Verdict]], verdict: Verdict) -> Iterator[str]:
    for unit, of_entries in found.items():
        if verdict in of_entries:
            yield unit


@pytest.mark.parametrize("edition", UNITS)
def test_without_a_flaw_the_texts_cover_what_the_ixit_lists(edition: str) -> None:
    found, reserved = verdicts(edition, frozenset()), RESERVED[edition]

    assert set(found) == UNITS[edition]
    assert {unit for unit, of_entries in found.items() if of_entries == {Verdict.PASS}} == (
        UNITS[edition] - reserved
    )
    assert {unit for unit, of_entries in found.items() if of_entries == {Verdict.INCONCLUSIVE}} == reserved


@pytest.mark.parametrize("edition", UNITS)
@pytest.mark.parametrize("flaw", GuidanceFlaw, ids=lambda flaw: flaw.label)
def test_a_flaw_of_guidance_fails_exactly_its_units(flaw: GuidanceFlaw, edition: str) -> None:
    found, fails = verdicts(edition, frozenset({flaw})), set(flaw.fails_in(edition))

    assert set(_with(found, Verdict.FAIL)) == fails
    assert set(_with(found, Verdict.INCONCLUSIVE)) - RESERVED[edition] - fails == (
        OPEN.get(flaw, set()) - RESERVED[edition]
    )
