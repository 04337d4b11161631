"""Two results of one device side by side: what is new, what is fixed, what is still open, what is stale."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pytest_etsi.report.failures import counted
from pytest_etsi.report.summary import device_of, evaluations
from pytest_etsi.report.told import documented, where
from pytest_etsi.standard import EDITIONS
from pytest_etsi.standard.crosswalk import crosswalk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.report.writer import Json

__all__ = ["KINDS", "Alike", "Change", "Comparison", "compared"]

KINDS = {
    "new": "fails, and did not before",
    "lost": "is open, and was decided before",
    "stale": "is open, because the judgement is on something that has changed",
    "gone": "was evaluated before, and is not planned any more",
    "fixed": "failed before, and does not now",
    "settled": "was open before, and is decided now",
    "failing": "still fails",
    "open": "is still open",
    "added": "was not planned before",
}
"""What can become of an evaluation, the worst first; of what stayed as it was and is no problem nothing is told."""
_WORSE = ("new", "lost", "stale")
_DECIDED = ("PASS", "NOT APPLICABLE")
_NOT_PLANNED = "not planned"


@dataclass(frozen=True, slots=True)
class Change:
    """One evaluation in both results.

    Attributes:
        kind: one of `KINDS`.
        before: its verdict in the older results; empty: it was not planned there.
        now: in the newer ones; empty likewise.
        reason: what the newer results say of it, or the older where it is gone; without the place.
        place: where the documents say what was expected, where one place does.
    """

    kind: str
    unit: str
    entry: str | None
    before: str
    now: str
    reason: str
    place: str = ""

    @property
    def where(self) -> str:
        """Unit and entry."""
        return where(self.unit, self.entry)


@dataclass(frozen=True, slots=True)
class Alike:
    """Evaluations of which the same is to be told, in their order."""

    before: str
    now: str
    reason: str
    changes: tuple[Change, ...]


@dataclass
class Comparison:
    """What has become of each evaluation.

    Attributes:
        remarks: what makes the two results differ beside the device: edition, selection, documents, tool.
    """

    old: Json
    new: Json
    changes: list[Change] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def of_different_devices(self) -> str:
        """Why the results are not of one device; empty: they are. Versions may differ."""
        for key in ("manufacturer", "model"):
            one, other = self.old["dut"].get(key), self.new["dut"].get(key)
            if one != other:
                return f"another {key}, {other} instead of {one}"
        return ""

    @property
    def is_worse(self) -> bool:
        """Whether an evaluation fails that did not, or one that was decided is open again."""
        return any(change.kind in _WORSE for change in self.changes)

    def of(self, kind: str) -> list[Change]:
        """The changes of a kind."""
        return [change for change in self.changes if change.kind == kind]

    def alike(self, kind: str) -> list[Alike]:
        """The same, what is told alike together."""
        found: dict[tuple[str, str, str], list[Change]] = {}
        for one in self.of(kind):
            key = (one.before or _NOT_PLANNED, one.now or _NOT_PLANNED, one.reason)
            found.setdefault(key, []).append(one)
        return [Alike(*key, tuple(changes)) for key, changes in found.items()]

    @property
    def about(self) -> tuple[str, ...]:
        """What is compared: the device, and when each of the runs was; for a reader who has nothing else."""
        runs = (("before", self.old), ("now", self.new))
        when = [
            f"{word}: the run of {results['started']}" for word, results in runs if results.get("started")
        ]
        return (f"{device_of(self.new)}, edition {self.new['edition']}", *when)

    @property
    def summary(self) -> str:
        """``FAIL -> INCONCLUSIVE: 1 new, 3 fixed, 20 open``."""
        numbers = [f"{len(self.of(kind))} {kind}" for kind in KINDS if self.of(kind)]
        overall = f"{self.old['overall']} -> {self.new['overall']}"
        return f"{overall}: {', '.join(numbers) or 'nothing has changed'}"


def compared(old: Json, new: Json) -> Comparison:
    """Hold the newer results against the older ones, evaluation by evaluation."""
    before, now = dict(_each(old)), dict(_each(new))
    made = Comparison(old, new, remarks=list(_remarks(old, new)))
    ways: Ways = {}
    if old["edition"] != new["edition"]:
        before, ways = _in_edition(old["edition"], new["edition"], before)
    for key in dict.fromkeys((*now, *before)):
        if (change := _change(key, before.get(key), now.get(key))) is not None:
            made.changes.append(_told_of(change, ways.get(key[0])))
    order = list(KINDS)
    made.changes.sort(key=lambda change: order.index(change.kind))
    return made


Key = tuple[str, str | None, str]
Ways = dict[str, tuple[str, bool]]
"""Name of a unit or ICS row in the newer results -> its name in the older ones, and whether it asks the same."""


def _in_edition(old: str, new: str, before: dict[Key, Json]) -> tuple[dict[Key, Json], Ways]:
    """The older results under the names of the newer edition, by the crosswalk in whichever direction.

    What has no place there keeps its name, behind that of its edition: it may be another unit's.
    """
    ways: Ways = {}
    became: dict[str, list[str]] = {}
    for here, there, same in _pairs(old, new):
        ways[there] = (here, same and ways.get(there, (here, True))[1])
        became.setdefault(here, []).append(there)
    moved: dict[Key, Json] = {}
    for (unit, entry, own), one in before.items():
        for name in became.get(unit) or [f"{old} {unit}"]:
            key = (name, entry, own)
            if key not in moved or _RANK[one["verdict"]] < _RANK[moved[key]["verdict"]]:
                moved[key] = one
    return moved, ways


def _pairs(old: str, new: str) -> Iterator[tuple[str, str, bool]]:
    forward = EDITIONS.index(old) < EDITIONS.index(new)
    walk = crosswalk(old, new) if forward else crosswalk(new, old)
    rows = [(one.old, one.new, one.same) for one in walk.units]
    rows += [
        (f"ICS {one.old}", f"ICS {one.new}", not one.confirm)
        for one in walk.provisions
        if one.old and one.new
    ]
    yield from rows if forward else ((then, now, same) for now, then, same in rows)


def _told_of(change: Change, way: tuple[str, bool] | None) -> Change:
    """The change with what it was called, and whether it asks something else."""
    if way is None:
        return change
    name, same = way
    remarks = [f"was {name}"] if name != change.unit else []
    remarks += [] if same else ["another thing is asked than before"]
    return replace(change, reason=f"({'; '.join(remarks)}) {change.reason}".strip()) if remarks else change


def _each(results: Json) -> Iterator[tuple[tuple[str, str | None, str], Json]]:
    """Every evaluation by unit, entry and the project's test that made it; the worst of those that share all three."""
    seen: dict[tuple[str, str | None, str], Json] = {}
    for group in results["groups"]:
        # What the ICS answers can fail or leave open a provision by itself.
        ics = group["ics"] | {"entry": None, "judgement": None}
        seen[f"ICS {group['group']}", None, ""] = ics
        for unit, one in evaluations(group):
            own = str(one.get("node")) if one.get("source") == "project" else ""
            key = (unit, one["entry"], own)
            if key not in seen or _RANK[one["verdict"]] < _RANK[seen[key]["verdict"]]:
                seen[key] = one
    yield from seen.items()


_RANK = {"FAIL": 0, "INCONCLUSIVE": 1, "PASS": 2, "NOT APPLICABLE": 3}


def _change(key: tuple[str, str | None, str], old: Json | None, new: Json | None) -> Change | None:
    unit, entry, _ = key
    before, now = (one["verdict"] if one else "" for one in (old, new))
    kind = _kind(before, now, new)
    shown = new or old
    reason = " ".join(str(shown["reason"]).split()) if shown else ""
    places = {documented(found) for found in (shown or {}).get("findings", ())}
    place = next((one for one in places if one and reason.startswith(f"{one}: ")), "")
    reason = reason.removeprefix(f"{place}: ")
    return Change(kind, unit, entry, before, now, reason, place) if kind else None


def _kind(before: str, now: str, new: Json | None) -> str:
    """What has become of it; empty: it is as it was, and no problem."""
    if not now:
        return "gone"
    if now == "FAIL":
        return "failing" if before == "FAIL" else "new"
    if now == "INCONCLUSIVE":
        judged = (new or {}).get("judgement") or {}
        if before in _DECIDED:
            return "stale" if judged.get("status") == "stale" else "lost"
        # That a violation is no longer seen because nobody looked is no mending.
        return "lost" if before == "FAIL" else "open" if before else "added"
    if before == "FAIL":
        return "fixed"
    if before == "INCONCLUSIVE":
        return "settled"
    return "" if before else "added"


def _remarks(old: Json, new: Json) -> Iterator[str]:
    for key in ("hardware", "software"):
        one, other = old["dut"].get(key), new["dut"].get(key)
        if one != other:
            yield f"{key} {one} -> {other}"
    if old["edition"] != new["edition"]:
        ways = "matched by what became of each unit; what asks another thing says so"
        yield f"edition {old['edition']} -> {new['edition']}: {ways}"
    if old["profile"].get("fingerprint") != new["profile"].get("fingerprint"):
        yield "the documents have changed"
    if old.get("selection") != new.get("selection"):
        one, other = (", ".join(results.get("selection") or ()) or "everything" for results in (old, new))
        yield f"selected were {one} -> {other}"
    one, other = old["tool"].get("version"), new["tool"].get("version")
    if one != other:
        yield f"pytest-etsi {one} -> {other}"
    if left := len(new.get("not_run") or ()):
        yield f"the newer run has not run {counted(left, 'planned evaluation')}"
