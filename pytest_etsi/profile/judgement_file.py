"""Recording judgements in the document that holds them: everything else in it stays as it is, byte for byte."""

from __future__ import annotations

import os
import re
import textwrap
from typing import TYPE_CHECKING

import yaml

from pytest_etsi.profile._model import Judgement
from pytest_etsi.profile._yaml import Mapping, Scalar, Sequence, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pytest_etsi.profile._model import EntryAnswer
    from pytest_etsi.profile._yaml import Node

__all__ = ["JudgementFileError", "judgement_file", "judgement_text", "record_judgements"]

_WIDTH = 114


class JudgementFileError(Exception):
    """The document cannot take a judgement; the message says why and what to do. Nothing was changed."""


def judgement_file(profile: Path) -> Path:
    """The document that the profile in the file `profile` names for its judgements.

    Raises:
        JudgementFileError: it names none that can be written to.
    """
    root, _ = read_yaml(profile.read_bytes(), str(profile))
    named = root.get("judgements") if isinstance(root, Mapping) else None
    if not isinstance(named, Scalar) or not isinstance(named.value(), str):
        there = isinstance(named, Mapping | Sequence) and named.items
        problem = (
            "the judgements stand in the profile itself"
            if there
            else "the profile names no file of judgements"
        )
        raise JudgementFileError(f"{profile}: {problem}; write `judgements: judgements.yaml`")
    return profile.parent / named.text


def record_judgements(path: Path, judgements: Iterable[Judgement | EntryAnswer]) -> None:
    """Put judgements into a document, each in place of one on the same, or at the end.

    The file is read anew, so that what somebody else has added since is kept, and is replaced as a whole or not at all.

    Raises:
        JudgementFileError: it is no list of judgements, or is written in a form that cannot be added to.
        OSError: it cannot be written.
    """
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    for judgement in judgements:
        text = _with(text, judgement, path)
    _replace(path, text)


def _with(text: str, judgement: Judgement | EntryAnswer, path: Path) -> str:
    root, problems = read_yaml(text.encode(), str(path))
    if root is None and problems:
        why = problems[0]
        raise JudgementFileError(f"{path}:{why.line}: not readable as YAML: {why.message}")
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    item = judgement_text(judgement, path.parent)
    if root is None:
        return "".join([*lines, item])
    at = root.line - 1
    if isinstance(root, Scalar) and root.is_null:  # the word null, or nothing behind the last line
        return "".join([*lines[:at], *lines[at + 1 :], item])
    if not isinstance(root, Sequence):
        raise JudgementFileError(f"{path}:{root.line}: expected a list of judgements")
    if not lines[at].removeprefix("\ufeff").startswith("-", root.column - 1):  # it is written in brackets
        if root.items:
            raise JudgementFileError(f"{path}:{root.line}: write each judgement on lines of its own")
        emptied = re.sub(r"\[\s*\]", "", lines[at], count=1)
        return "".join([*lines[:at], *([emptied] if emptied.strip() else []), *lines[at + 1 :], item])
    starts = [node.line - 1 for node in root.items]
    for number, node in enumerate(root.items):
        if _key(node) == judgement.key:
            end = starts[number + 1] if number + 1 < len(starts) else len(lines)
            # Comments and blank lines before the next item belong to that one.
            while end > starts[number] + 1 and re.match(r"\s*(#|$)", lines[end - 1]):
                end -= 1
            return "".join([*lines[: starts[number]], item, *lines[end:]])
    return "".join([*lines, item])


def _key(node: Node) -> tuple[str, str | None]:
    parts = node.items if isinstance(node, Mapping) else {}
    values = {key: part.text for key, part in parts.items() if isinstance(part, Scalar) and not part.is_null}
    return values.get("unit") or values.get("question", ""), values.get("entry")


def judgement_text(judgement: Judgement | EntryAnswer, folder: Path) -> str:
    """A judgement as an item of a document in a folder, from where it names files."""
    if isinstance(judgement, Judgement):
        about, concluded = f"- unit: {judgement.unit}", f"  verdict: {judgement.verdict}"
    else:
        about, concluded = f"- question: {judgement.question}", f"  answer: {_quoted(judgement.answer)}"
    lines = [about]
    if judgement.entry is not None:
        lines.append(f"  entry: {_quoted(judgement.entry)}")
    lines += [
        concluded,
        f"  assessor: {_quoted(judgement.assessor)}",
        f"  date: {judgement.date.isoformat()}",
        f"  basis: {judgement.basis}",
        *_rationale(judgement.rationale),
    ]
    if judgement.external is not None:
        given = judgement.external
        lines += [
            "  external:",
            f"    document: {_quoted(given.document)}",
            f"    issuer: {_quoted(given.issuer)}",
            f"    scope: {_quoted(given.scope)}",
        ]
        if given.valid_until is not None:
            lines.append(f"    valid_until: {given.valid_until.isoformat()}")
    if judgement.evidence:
        lines.append("  evidence:")
        lines += [f"    - {_quoted(_relative(one, folder))}" for one in judgement.evidence]
    lines.append(f"  fingerprint: {judgement.fingerprint}")
    return "\n".join(lines) + "\n"


def _relative(path: Path, folder: Path) -> str:
    """The path as the document names it."""
    try:
        return path.absolute().relative_to(folder.absolute()).as_posix()
    except ValueError:
        return str(path.absolute())


_SIMPLE = re.compile(r"[!-~\u00c0-\u024f]+(?: [!-~\u00c0-\u024f]+)*")
"""Words that a folded block holds as they are."""


def _rationale(text: str) -> list[str]:
    words = " ".join(text.split())
    if not _SIMPLE.fullmatch(words) or words.startswith("#"):
        return [f"  rationale: {_in_quotes(words)}"]
    wrapped = textwrap.wrap(
        words.replace("${", "$${"), _WIDTH - 4, break_long_words=False, break_on_hyphens=False
    )
    return ["  rationale: >-", *(f"    {line}" for line in wrapped)]


def _quoted(text: str) -> str:
    plain = re.fullmatch(r"[A-Za-z][\w .,()+-]*[\w.)]", text, re.ASCII) and yaml.safe_load(text) == text
    return text if plain else _in_quotes(text)


def _in_quotes(text: str) -> str:
    """Any text on one line; a dollar sign before a brace is doubled, for it begins no placeholder."""
    written: str = yaml.safe_dump(text.replace("${", "$${"), default_style='"', width=10**9)
    return written.strip()


def _replace(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with fresh.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            fresh.chmod(path.stat().st_mode & 0o777)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
