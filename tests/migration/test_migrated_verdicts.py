"""A device whose documents are migrated: what both editions share comes to the same on paper, or is listed as left."""

from __future__ import annotations

import copy
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from inline_documents import inline
from yaml_text import dumped

from pytest_etsi.assessment.examine import examine
from pytest_etsi.assessment.migrating import migrate
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import load_profile

if TYPE_CHECKING:
    from pytest_etsi.assessment.planned import PlannedEvaluation
    from pytest_etsi.profile import Profile
    from pytest_etsi.standard import Origin

Key = tuple["Origin", str | None]


def on_paper(profile: Profile, units: set[Origin]) -> dict[Key, tuple[str, str | None, str, str]]:
    """What the documents come to, without judgements: verdict, cause, group, reason."""
    profile = replace(profile, judgements=())
    return {
        (one.unit.origin, one.entry): (
            *_outcome(profile, one),
            one.group,
            examine(profile, one).outcome.reason,
        )
        for one in make_plan(profile, load_units()).evaluations
        if one.unit.origin in units
    }


def _outcome(profile: Profile, one: PlannedEvaluation) -> tuple[str, str | None]:
    outcome = examine(profile, one).outcome
    return str(outcome.verdict), outcome.cause and str(outcome.cause)


def camera() -> dict[str, Any]:
    return inline("virtual-camera")


Change = tuple[str, int, str, str | None]


@cache
def places() -> list[tuple[str, int, str]]:
    """Everything that is said: table, number of the entry, and field, or the path of a fact."""
    return [
        (table, number, name)
        for table, content in camera()["ixit"].items()
        for number, entry in enumerate(content if isinstance(content, list) else [content])
        for name in (*entry, *(f"facts.{fact}" for fact in entry.get("facts", ())))
        if name not in ("ID", "access", "facts")
    ]


@st.composite
def changes(draw: st.DrawFn) -> list[Change]:
    """Statements that are left out, or say something else."""
    chosen = draw(st.lists(st.sampled_from(places()), min_size=4, max_size=16, unique=True))
    others = st.sampled_from([None, None, "", "none", "tbd", "yes", "no"])
    return [(*place, draw(others)) for place in chosen]


def changed(said: list[Change]) -> dict[str, Any]:
    made = copy.deepcopy(camera())
    for table, number, name, value in said:
        content = made["ixit"][table]
        entry = content[number] if isinstance(content, list) else content
        within, _, fact = name.partition(".")
        where, key = (entry[within], fact) if fact else (entry, name)
        if value is None or fact:
            where.pop(key, None)
        else:
            where[key] = value
    return made


@settings(max_examples=2, deadline=None, database=None, derandomize=True, phases=[Phase.generate])
@given(changes())
def test_what_both_editions_share_comes_to_the_same(said: list[Change]) -> None:
    device = changed(said)
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder, "profile.yaml")
        before.write_text(dumped(device), encoding="utf-8")
        new = migrate(before, "2.1.1")
        old = load_profile(before)
        shared = {one.unit.origin for one in make_plan(new.profile, load_units()).evaluations}
        shared = {origin for origin in shared if origin.edition == "1.1.1"}
        first, second = on_paper(old, shared), on_paper(new.profile, shared)
    proposed = {one.left.name.removeprefix("ICS ") for one in new.left if one.left.kind == "confirm-row"}
    other = {
        key: (first.get(key), second[key])
        for key in second
        if second[key][2] not in proposed and (first.get(key) or ())[:2] != second[key][:2]
    }
    # What is about the ICS itself, or about every table, reads what is proposed too: it may be open, and nothing else.
    everything = {(one.unit, entry): verdict for (one, entry), (_, (verdict, *_)) in other.items()}

    assert len(second) > 200
    assert (
        everything.items() <= {("4-1-1/a", None): "INCONCLUSIVE", ("5.4-1-1/d", None): "INCONCLUSIVE"}.items()
    )
