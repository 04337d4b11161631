"""Recording judgements in the document that holds them: everything else in it stays as it is, byte for byte."""

from __future__ import annotations

import os
import re
import textwrap
from typing import TYPE_CHECKING

import yaml

from pytest_etsi.profile._model import Judgement
from pytest_etsi.profile._yaml import LOADER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pytest_etsi.profile._model import EntryAnswer

__all__ = ["JudgementFileError", "judgement_file", "judgement_text", "record_judgements"]

_WIDTH = 114


class JudgementFileError(Exception):
    """The document cannot take a judgement; the message says why and what to do. Nothing was changed."""


def judgement_file(profile: Path) -> Path:
    """The document that the profile in the file `profile` names for its judgements.

    Raises:
        JudgementFileError: it names none that can be written to.
    """
    content = yaml.load(profile.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - a safe one
    named = content.get("judgements") if isinstance(content, dict) else None
    if not isinstance(named, str):
        problem = (
            "the judgements stand in the profile itself"
            if named
            else "the profile names no file of judgements"
        )
        raise JudgementFileError(f"{profile}: {problem}; write `judgements: judgements.yaml`")
    return profile.parent / named


def record_judgements(path: Path, judgements: Sequence[Judgement | EntryAnswer]) -> None:
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
    try:
        root = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        raise JudgementFileError(f"{path}: not readable as YAML: {error}") from None
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    item = judgement_text(judgement, path.parent)
    if root is None:
        return "".join([*lines, item])
    if isinstance(root, yaml.ScalarNode) and root.tag.endswith(":null"):
        line = root.start_mark.line  # the word null, or nothing behind the last line
        return "".join([*lines[:line], *lines[line + 1 :], item])
    if not isinstance(root, yaml.SequenceNode):
        raise JudgementFileError(f"{path}:{root.start_mark.line + 1}: expected a list of judgements")
    if root.flow_style:
        if root.value:
            raise JudgementFileError(
                f"{path}:{root.start_mark.line + 1}: write each judgement on lines of its own"
            )
        line = root.start_mark.line
        emptied = re.sub(r"\[\s*\]", "", lines[line], count=1)
        return "".join([*lines[:line], *([emptied] if emptied.strip() else []), *lines[line + 1 :], item])
    starts = [node.start_mark.line for node in root.value]
    for number, node in enumerate(root.value):
        if _key(node) == judgement.key:
            end = starts[number + 1] if number + 1 < len(starts) else len(lines)
            # Comments and blank lines before the next item belong to that one.
            while end > starts[number] + 1 and re.match(r"\s*(#|$)", lines[end - 1]):
                end -= 1
            return "".join([*lines[: starts[number]], item, *lines[end:]])
    return "".join([*lines, item])


def _key(node: yaml.Node) -> tuple[str, str | None]:
    values = {
        key.value: value.value
        for key, value in (node.value if isinstance(node, yaml.MappingNode) else ())
        if isinstance(value, yaml.ScalarNode) and not value.tag.endswith(":null")
    }
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
