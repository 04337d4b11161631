"""What to do next: grouped by who can do it, with how much it settles; violations first, then what opens most."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_etsi.report.failures import counted, failures
from pytest_etsi.report.summary import NOT_RUN, evaluations
from pytest_etsi.report.told import where, without_fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["WHO", "Item", "Steps", "Who", "steps"]


class Who(NamedTuple):
    """Somebody who can do something.

    Attributes:
        name: who it is.
        how: what to do, with the command for it.
        causes: the causes of INCONCLUSIVE that it settles; "FAIL" and "not run" beside them.
    """

    name: str
    how: str
    causes: tuple[str, ...]


WHO = (
    Who("who develops the device, or writes its documents", "mend what FAILs", ("FAIL",)),
    Who(
        "who runs the test",
        "permit it (permissions: in the profile, or --etsi-allow), give the program a way to reach it (access:), "
        "put the bench in order, run what was not run",
        ("permission", "access", "bench", "not run"),
    ),
    Who("who writes ICS and IXIT", "complete the documents", ("information",)),
    Who(
        "a competent person",
        "conclude, and record it: pytest-etsi assess PROFILE asks one after the other",
        ("judgement",),
    ),
    Who(
        "who maintains the suite, or the project's tests",
        "look at the traceback: most likely a defect there",
        ("error",),
    ),
)
_BY_CAUSE = {cause: who for who in WHO for cause in who.causes}
_CONSIDERED = re.compile(r" To be considered: .*", re.DOTALL)


@dataclass(slots=True)
class Item:
    """One thing to do.

    Attributes:
        text: what.
        cause: of the INCONCLUSIVE; "FAIL" or "not run" beside them.
        unit: the unit that it is about; empty: several.
        entries: for which entries of the unit, or in which units and entries.
        evaluations: how many it settles.
    """

    text: str
    cause: str
    unit: str = ""
    entries: list[str] = field(default_factory=list)
    evaluations: int = 0


@dataclass(slots=True)
class Steps:
    """What one of `WHO` can do.

    Attributes:
        provisions: those that wait for it.
        alone: those of them that wait for nothing else.
        items: the most useful first.
    """

    who: Who
    evaluations: int = 0
    provisions: list[str] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    @property
    def settles(self) -> str:
        """How much: ``121 evaluations of 26 provisions, 24 of which wait for nothing else``."""
        of = f"{counted(self.evaluations, 'evaluation')} of {counted(len(self.provisions), 'provision')}"
        if len(self.provisions) == len(self.alone):
            waits = "waits" if len(self.alone) == 1 else "wait"
            return f"{of}, which {waits} for nothing else"
        if not self.alone:
            waits = "waits" if len(self.provisions) == 1 else "wait"
            return f"{of}, which {waits} for others too"
        return f"{of}, {len(self.alone)} of which wait for nothing else"


def steps(results: Mapping[str, Any]) -> list[Steps]:
    """What is left to do, where something is: what FAILs first, then what settles most provisions by itself."""
    found = {who.name: Steps(who) for who in WHO}
    items: dict[tuple[str, str, str], Item] = {}
    for group in results.get("groups", ()):
        waits: set[str] = set()
        for unit, entry, cause, text in _open(group):
            mine = found[_BY_CAUSE[cause].name]
            waits.add(mine.who.name)
            mine.evaluations += unit != ""
            if cause == "FAIL":
                continue
            key = (cause, "" if cause == NOT_RUN else unit, text)
            item = items.setdefault(key, Item(text, cause, key[1]))
            item.evaluations += 1
            item.entries.append(where(unit, entry) if cause == NOT_RUN else entry or "")
        for name in waits:
            found[name].provisions.append(group["group"])
            if len(waits) == 1:
                found[name].alone.append(group["group"])
    for item in items.values():
        item.entries = [entry for entry in item.entries if entry]
        found[_BY_CAUSE[item.cause].name].items.append(item)
    found[WHO[0].name].items = [
        Item(f"{one.id}: {one.seen[0].message}", "FAIL", one.id, list(one.provisions), len(one.refuted))
        for one in failures(results)
    ]
    for mine in found.values():
        mine.items.sort(key=lambda item: -item.evaluations)
    first, *others = found.values()
    ordered = [first, *sorted(others, key=lambda one: (-len(one.alone), -one.evaluations))]
    return [one for one in ordered if one.provisions]


def _open(group: Mapping[str, Any]) -> Iterator[tuple[str, str | None, str, str]]:
    """What keeps a provision from PASS: unit, entry, cause and what to do; of the ICS without a unit."""
    ics = group.get("ics") or {}
    if ics.get("verdict") == "FAIL" and group["verdict"] == "FAIL":
        yield "", None, "FAIL", ics["reason"]
    if ics.get("verdict") == "INCONCLUSIVE" and group["verdict"] in ("FAIL", "INCONCLUSIVE"):
        number = group["group"]
        yield f"ICS {number}", None, ics.get("cause") or "information", _text(ics)
    for unit, found in evaluations(group):
        if found["verdict"] == "FAIL":
            yield unit, found.get("entry"), "FAIL", ""
        elif found["verdict"] == "INCONCLUSIVE":
            if found.get("reason") == NOT_RUN:
                yield unit, found.get("entry"), NOT_RUN, _text(found)
            else:
                yield unit, found.get("entry"), found.get("cause") or "error", _text(found)


def _text(found: Mapping[str, Any]) -> str:
    """What would settle it, as one sentence for all entries of a unit; what is to be considered is in the results."""
    settle = _CONSIDERED.sub("", without_fingerprint(found.get("settle") or ""))
    reason = " ".join(str(found.get("reason") or "").split())
    return settle.removeprefix("Judge and record it: ") or reason or "nothing is said"
