"""What has changed since something was judged: field by field, then and now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment._text import sentence
from pytest_etsi.assessment.entry_answers import about_entry
from pytest_etsi.assessment.judgement import about_parts, base_of
from pytest_etsi.profile.judged_file import digest_of
from pytest_etsi.standard import UnknownIdError, edition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_etsi.assessment.entry_answers import AnswerState
    from pytest_etsi.profile import Profile
    from pytest_etsi.profile.judged_file import JudgedFile
    from pytest_etsi.standard import Unit

__all__ = ["Change", "changes", "changes_on_entry", "contents_to_keep"]


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is not what it was.

    Attributes:
        name: "11-ComMech/ComMech-Web: Description", "ICS 5.2-3: detail", "software version".
        before: what stood there; None: the entry or field was not there.
        after: what stands there now; None: it is not there any more.
        where: file and line of what stands there now; "": nowhere.
    """

    name: str
    before: str | None
    after: str | None
    where: str = ""

    def to_json(self) -> dict[str, str | None]:
        """As builtins."""
        return {"name": self.name, "before": self.before, "after": self.after, "where": self.where}


def contents_to_keep(profile: Profile, unit: Unit, entry: str | None) -> dict[str, Any]:
    """What a judgement made now is about, by digest, in the parts in which a `JudgedFile` keeps it."""
    about, reads = about_parts(profile, unit, entry)
    return {digest_of(about): about, about["reads"]: reads}


def changes(
    profile: Profile, unit: Unit, entry: str | None, fingerprint: str, judged: JudgedFile
) -> tuple[Change, ...] | None:
    """What is different from what a judgement with this fingerprint was about; None: that is not on record."""
    return _changes(profile, unit.iterates or "", about_parts(profile, unit, entry), fingerprint, judged)


def changes_on_entry(profile: Profile, state: AnswerState, judged: JudgedFile) -> tuple[Change, ...] | None:
    """What is different from what an answer on an entry was about; None: that is not on record."""
    given = state.answer
    now = about_entry(profile, state.question, state.entry)
    return _changes(profile, state.table, now, given.fingerprint if given is not None else "", judged)


def _changes(
    profile: Profile,
    table: str,
    now: tuple[dict[str, Any], dict[str, Any]],
    fingerprint: str,
    judged: JudgedFile,
) -> tuple[Change, ...] | None:
    fingerprint = base_of(fingerprint)
    after, reads_now = now
    if fingerprint and digest_of(after).startswith(fingerprint):
        return ()
    before = judged.get(fingerprint)
    if not isinstance(before, dict):
        return None
    found: list[Change] = list(_question(before, after))
    found += _entries(profile, table, before.get("entries", []), after.get("entries", []))
    if before.get("reads") != after["reads"]:
        reads_then = judged.get(str(before.get("reads", "")))
        if not isinstance(reads_then, dict):
            return None
        for name in dict.fromkeys((*reads_then, *reads_now)):
            found += _entries(profile, name, reads_then.get(name, []), reads_now.get(name, []))
    found += _ics(profile, before.get("ics", {}), after.get("ics", {}))
    if before.get("software") != after.get("software"):
        found.append(
            Change("software version", before.get("software"), after.get("software"), str(profile.path))
        )
    if not found and before != after:
        found.append(Change("the form of what is judged", None, None))
    return tuple(found)


def _question(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """That another edition asks another thing: what was judged keeps the unit of its own."""
    if before.get("edition") == after.get("edition"):
        return
    then, now = (_asked(one) for one in (before, after))
    if then != now:
        yield Change("what is asked", then, now)


def _asked(about: Mapping[str, Any]) -> str | None:
    try:
        return edition(about["edition"]).unit(about["unit"]).does
    except (KeyError, UnknownIdError):
        return None


def _entries(
    profile: Profile, table: str, before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> Iterator[Change]:
    then, now = ({str(one.get("ID", "")): one for one in entries} for entries in (before, after))
    for name in dict.fromkeys((*then, *now)):
        label = f"{table}/{name}" if name else table
        old, new = _flat(then.get(name, {})), _flat(now.get(name, {}))
        for field in dict.fromkeys((*old, *new)):
            if old.get(field) != new.get(field):
                where = _where(profile, table, name, field) if field in new else ""
                yield Change(f"{label}: {field}", old.get(field), new.get(field), where)


def _flat(content: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Fields and facts as text: ``facts.tls.versions`` -> ``TLSv1.2, TLSv1.3``."""
    found: dict[str, str] = {}
    for key, value in content.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            found |= _flat(value, f"{name}.")
        elif isinstance(value, list) and all(isinstance(one, str) for one in value):
            found[name] = ", ".join(map(_text, value))
        else:
            found[name] = _text(value)
    return found


def _text(value: object) -> str:
    return sentence(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))


def _where(profile: Profile, table: str, entry: str, field: str) -> str:
    known = profile.ixit.tables.get(table)
    if known is None:
        return ""
    one = known[0] if known.single and len(known) else known.get(entry)
    if one is None:
        return ""
    source = one.source(field if field in one else "facts" if field.startswith("facts.") else None)
    return f"{source.file}:{source.line}"


def _ics(
    profile: Profile, before: Mapping[str, list[str]], after: Mapping[str, list[str]]
) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        for place, field in enumerate(("support", "detail")):
            old, new = (rows[name][place] if name in rows else None for rows in (before, after))
            if old != new:
                row = profile.ics.rows.get(name)
                where = f"{row.source.file}:{row.source.line}" if row is not None else ""
                yield Change(f"ICS {name}: {field}", old, new, where)
