"""Published documents from one day to the next: what a run has seen of them, against what an earlier one has kept."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from pytest_etsi.probes.webdocs import Hurdle, Kind, Passage, Spot
from pytest_etsi.report.watched_state import Known, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_etsi.report.kept import Kept

__all__ = ["Change", "SeenNow", "changes", "difference", "following", "seen_now"]

_EVIDENCE = re.compile(r"[0-9]+-document(?:-[0-9]+)?\.json")
_MOST = 64 << 20
"""Bytes of one piece of evidence that are read."""
_MOST_TEXT = 1 << 20
"""Characters of a text that are kept to be shown beside the next one."""
_MOST_LINES = 4000
"""Lines that are compared; the time grows with their square."""
_SHOWN = 200
"""Lines of a difference that are shown."""
_LONGEST = 200
"""Characters of a line in a difference; a longer sentence takes several."""
_SENTENCE = re.compile(r"(?<=[.!?;]) (?=\S)")
_LACKING = frozenset({Hurdle.GONE, Hurdle.ANOTHER})
_CLOSED = frozenset({Hurdle.LOGIN, Hurdle.FORM, Hurdle.CONSENT})
_UNKNOWN = frozenset({Hurdle.UNREACHED, Hurdle.REFUSED})


@dataclass(frozen=True, slots=True)
class SeenNow:
    """A document as this run has seen it.

    Attributes:
        name: its address, its file, or the place where it stands.
        hurdle: what keeps a reader or this program from it.
        shown_by: what shows that, in a phrase.
        text: its own text, a sentence a line.
        sha256: of that text, or of the bytes where no text could be read; hex.
    """

    name: str
    hurdle: Hurdle
    shown_by: str
    text: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Change:
    """What has become of a document.

    Attributes:
        name: of the document.
        what: "new", "unchanged", "changed", "gone", "closed", "not reachable" or "not read".
        detail: since when, or why, in a phrase.
        before: what it said before; None: nothing is known of that, or it says the same.
        now: as it was seen; None: it was not looked at.
    """

    name: str
    what: str
    detail: str
    before: Known | None = None
    now: SeenNow | None = None

    @property
    def is_news(self) -> bool:
        """Whether it is worth a line to who only wants to hear of what is not as it was."""
        return self.what != "unchanged" or bool(self.before)


# What a run has seen ----------------------------------------------------------------------------------------


def seen_now(kept: Kept) -> dict[str, SeenNow]:
    """The documents in the evidence of a run, by their address; masked, as all evidence is."""
    found: dict[str, SeenNow] = {}
    read: set[str] = set()
    for file, item in kept.items.items():
        if item["sha256"] in read or not _EVIDENCE.fullmatch(PurePosixPath(file).name):
            continue
        read.add(item["sha256"])
        try:
            seen = _seen(json.loads(kept.evidence(file, _MOST).text))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue  # it is told by the run that evidence is not as it was written
        found.setdefault(seen.name, seen)
    return found


def _seen(document: Mapping[str, Any]) -> SeenNow:
    origin = document["origin"]
    own = (one["text"] for one in document["passages"] if _is_own(one["kind"]))
    text = "\n".join(line for passage in own for line in _lines(passage))
    readable = document["readable"] and text
    return SeenNow(
        str(origin["url"]).partition("#")[0],
        Hurdle(document["hurdle"]),
        str(document["shown_by"] or document["note"]),
        text if readable else "",
        hashlib.sha256(text.encode(errors="replace")).hexdigest() if readable else str(origin["sha256"]),
    )


def _is_own(kind: str) -> bool:
    return Passage("", Spot(1), Kind(kind)).own


def _lines(passage: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(" ".join(passage.split())):
        yield from (sentence[at : at + _LONGEST] for at in range(0, len(sentence), _LONGEST))


# What has become of them ------------------------------------------------------------------------------------


def changes(seen: Mapping[str, SeenNow], earlier: State, unread: Mapping[str, str]) -> list[Change]:
    """What has become of each document, in the order of their names.

    Args:
        seen: as this run has seen them.
        earlier: what is known of before.
        unread: those that the documents name and this run has not seen, and why.
    """
    found = [_change(one, earlier.documents.get(one.name)) for one in seen.values()]
    found += [Change(name, "not read", why) for name, why in unread.items() if name not in seen]
    return sorted(found, key=lambda one: one.name)


def _change(now: SeenNow, known: Known | None) -> Change:
    last = f"; last there {_day(known.seen)}" if known and known.seen else ""
    lacking = f", so since {_day(known.missing)}" if known and known.missing else ""
    for hurdles, what in ((_LACKING, "gone"), (_CLOSED, "closed"), (_UNKNOWN, "not reachable")):
        if now.hurdle in hurdles:
            return Change(now.name, what, f"{now.shown_by}{lacking}{last}", known, now)
    unreadable = "" if now.text else f"no text of it can be read ({now.shown_by}), told by its bytes; "
    if known is None or not known.sha256:
        return Change(now.name, "new", unreadable.removesuffix("; "), None, now)
    back = f"; was not there since {_day(known.missing)}" if known.missing else ""
    if known.sha256 == now.sha256:
        return Change(
            now.name,
            "unchanged",
            f"{unreadable}since {_day(known.since)}{back}",
            known if back else None,
            now,
        )
    return Change(
        now.name, "changed", f"{unreadable}was the same since {_day(known.since)}{back}", known, now
    )


def _day(when: str) -> str:
    """Date and minute of a time in ISO 8601."""
    return when[:16].replace("T", " ")


def following(found: Iterable[Change], earlier: State, verdicts: Mapping[str, str], at: str) -> State:
    """What is known from now on; a document that is not there keeps what it said when it last was.

    Args:
        found: what has become of the documents.
        earlier: what was known before.
        verdicts: of this run.
        at: when it was, ISO 8601, UTC.
    """
    documents = dict(earlier.documents)
    for one in found:
        known = documents.get(one.name)
        if one.now is None:
            continue
        if one.what in {"gone", "closed", "not reachable"}:
            known = known or Known("", "", "")
            documents[one.name] = replace(known, missing=known.missing or at)
        else:
            since = known.since if known and one.what == "unchanged" else at
            text = one.now.text if len(one.now.text) <= _MOST_TEXT else ""
            documents[one.name] = Known(since, at, one.now.sha256, text)
    return State(documents, dict(verdicts))


def difference(change: Change) -> list[str]:
    """The lines of a unified difference of what a document says; empty: it says the same, or is not there."""
    if change.what != "changed" or change.before is None or change.now is None:
        return []
    before, now = change.before.text, change.now.text
    names = f"{change.name} ({_day(change.before.seen)})", f"{change.name} (now)"
    if not before or not now:
        return [f"--- {names[0]}", f"+++ {names[1]}", "(one of the two has no text that was kept)"]
    old, new = before.split("\n"), now.split("\n")
    if max(len(old), len(new)) > _MOST_LINES:
        return [f"--- {names[0]}", f"+++ {names[1]}", f"({len(old)} lines, now {len(new)}: too many to show)"]
    made = difflib.unified_diff(old, new, *names, lineterm="", n=1)
    shown = list(islice(made, _SHOWN))
    more = sum(1 for _ in made)
    return [*shown, f"(and {more} more lines)"] if more else shown
