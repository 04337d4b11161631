"""A profile in the next edition: documents and judgements written beside the old ones, and the list of what is left."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_etsi.assessment.carrying import Carried, carried
from pytest_etsi.assessment.carrying_anew import written_anew
from pytest_etsi.assessment.ics.plausibility import ics_findings
from pytest_etsi.profile import load_profile
from pytest_etsi.profile.judged_file import JudgedFile, judged_file
from pytest_etsi.profile.migration import (
    KINDS,
    Layout,
    Left,
    LeftAt,
    Migration,
    editors_line,
    layout_of,
    migrate_documents,
)
from pytest_etsi.profile.schema import schema_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_etsi.profile import Profile

__all__ = ["ExistsError", "MigratedProfile", "migrate"]


class ExistsError(Exception):
    """What was to be written is there already; nothing was written."""


@dataclass(frozen=True)
class MigratedProfile:
    """What was written.

    Attributes:
        profile: the new profile.
        layout: where it stands.
        judgements: what became of the judgements.
        left: what is left to do, with file and line.
    """

    profile: Profile
    layout: Layout
    judgements: Carried
    left: tuple[LeftAt, ...]

    def counted(self) -> Iterator[tuple[int, str]]:
        """How much of each kind is left, in words."""
        numbers = Counter(one.left.kind for one in self.left)
        for kind, (one, several) in KINDS.items():
            if number := numbers[kind]:
                yield number, one if number == 1 else several

    def listed(self) -> str:
        """The list of what is left to do, in Markdown."""
        lines = ["# Left to do", ""]
        if not self.left:
            lines.append("Nothing.")
        for kind, (one, several) in KINDS.items():
            found = [item for item in self.left if item.left.kind == kind]
            if found:
                lines += [f"## {len(found)} {one if len(found) == 1 else several}", ""]
                lines += [f"- {item}" for item in found] + [""]
        return "\n".join(lines).rstrip() + "\n"


def migrate(
    profile: str | Path,
    to: str,
    *,
    into: Path | None = None,
    additions: Path | None = None,
    name: str = "",
    environ: Mapping[str, str] = os.environ,
) -> MigratedProfile:
    """Write a profile in a later edition beside an earlier one, which stays as it is.

    Args:
        profile: file, directory or name of the earlier profile.
        to: the later edition.
        into: the folder to write to; None: that of the profile, with the edition in the names.
        additions: a folder of documents that say what the later edition adds; None: there are none.
        name: the new profile's; empty: as the old one's.
        environ: environment variables for ``${env:NAME}``.

    Raises:
        ExistsError: a file is there already.
        ProfileError: the old documents, or the additions, are unusable.
        UnknownIdError: there is no way from the old edition to the later one.
        OSError: it cannot be written.
    """
    old = load_profile(profile, environ=environ)
    layout = layout_of(old.path, to, into)
    if there := [path for path in layout.all if path.exists() or path.is_symlink()]:
        raise ExistsError(f"{there[0]} exists already; nothing was written")
    made = migrate_documents(profile, to, layout, additions=additions, name=name, environ=environ)
    written: list[Path] = []
    try:
        return _written(made, environ, written)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        shutil.rmtree(layout.folder / layout.ixit, ignore_errors=True)
        raise


def _written(made: Migration, environ: Mapping[str, str], written: list[Path]) -> MigratedProfile:
    layout = made.layout
    head = [
        *editors_line(made.schema, "judgements", Path()),
        (
            f"# Carried over from edition {made.old.edition}; `pytest-etsi assess` asks for what is left.",
            None,
        ),
    ]
    made.files[layout.judgements] = [*head, ("[]", None)]
    if made.schema == Path("schema") and not (layout.folder / "schema").exists():
        for name, content in schema_files().items():
            _write(layout.folder / "schema" / name, content, written)
    for file in made.files:
        _write(layout.folder / file, made.text(file), written)
    new = load_profile(layout.folder / layout.profile, environ=environ)
    anew = written_anew(made.additions.judgements, made.old, new, made.walk)
    judgements = carried(made.old, new, made.walk, layout.folder, anew.taken, whole=anew.whole)
    lines = [*judgements.lines, *anew.lines(layout.folder)]
    listed = any(not line.startswith("#") for line, _ in lines)
    made.files[layout.judgements] = [*head, *lines, *([] if listed else [("[]", None)])]
    (layout.folder / layout.judgements).write_text(made.text(layout.judgements), encoding="utf-8")
    if judgements.contents:
        kept = judged_file(layout.folder / layout.judgements)
        written.append(kept)
        JudgedFile(kept).add(judgements.contents)
    final = load_profile(layout.folder / layout.profile, environ=environ)
    result = MigratedProfile(final, layout, judgements, (*made.left, *_findings(made, final)))
    _write(layout.folder / layout.left, result.listed(), written)
    return result


def _findings(made: Migration, new: Profile) -> Iterator[LeftAt]:
    """What was taken over and does not fit the later edition's conditions: an answer where a feature is absent."""
    before = {(one.rule, one.about) for one in ics_findings(made.old)}
    listed = {one.left.name for one in made.left}
    for one in ics_findings(new):
        conditional = one.about.startswith(("condition", "feature"))
        name = one.about if conditional else f"ICS {one.about}"
        if (one.rule, one.about) in before or name in listed:
            continue
        row = new.ics.rows.get(one.about)
        source = (
            row.source
            if row is not None
            else new.ics.condition_sources.get(one.about.rpartition(" ")[2], new.ics.source)
        )
        # Where it stands is told beside it, from the new folder.
        what = str(one).removeprefix(f"{source}: ")
        yield LeftAt(Left("finding", name, what), made.layout.ics, source.line)


def _write(path: Path, text: str, written: list[Path]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        written.append(path)
        file.write(text)
