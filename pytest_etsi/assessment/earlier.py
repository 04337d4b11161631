"""What an earlier run has left in a directory: read, held against the run that would go on with it, or moved away."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment.integrity import head_of
from pytest_etsi.assessment.journal import Chain, JournalError, read_chain, subject
from pytest_etsi.standard import UnknownIdError, edition

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pytest_etsi.assessment.planned import Plan

__all__ = [
    "ResumeError",
    "check_device",
    "check_goes_on",
    "check_planned",
    "check_same",
    "differences",
    "move_earlier",
    "read_earlier",
]

_OURS = ("record.jsonl", "results.json", "evidence")
_HOW_ON = "Undo that, or start a new run without resuming: the earlier one is kept in earlier/."

_MUST_AGREE: tuple[tuple[str, Callable[[Mapping[str, Any]], Any]], ...] = (
    ("the version of pytest-etsi", lambda first: first.get("tool", {}).get("version")),
    ("the edition", lambda first: first.get("edition")),
    ("the device in the profile", lambda first: first.get("dut")),
    ("the documents", lambda first: first.get("profile", {}).get("fingerprint")),
    ("the permissions", lambda first: first.get("permissions")),
    ("the selection", lambda first: first.get("selection")),
    ("the test modules", lambda first: first.get("suite")),
    ("the plan", lambda first: first.get("plan")),
)


class ResumeError(ValueError):
    """The run in the directory cannot be resumed; nothing was changed. The message says why."""


def read_earlier(path: Path) -> Chain:
    """The record of an earlier run.

    Raises:
        ResumeError: it is damaged.
    """
    from pytest_etsi.assessment.lines import problem_of

    try:
        return read_chain(path, problem_of)
    except JournalError as error:
        raise ResumeError(f"{error}. {_HOW_ON}") from None


def check_same(path: Path, earlier: Sequence[Mapping[str, Any]], now: Mapping[str, Any]) -> None:
    """Make sure that the earlier run was begun with the same.

    Args:
        path: of its record.
        earlier: its lines.
        now: the line with which a new run would begin.

    Raises:
        ResumeError: it was not.
    """
    then = earlier[0]
    if then.get("record") != "start":
        raise ResumeError(f"{path}:1: the run has no beginning, so it cannot be resumed. {_HOW_ON}")
    if changes := differences(then, now):
        raise ResumeError(
            f"{path.parent}: the run of {then.get('started')} cannot be resumed: this has changed: "
            f"{'; '.join(changes)}. {_HOW_ON}"
        )


def differences(then: Mapping[str, Any], now: Mapping[str, Any], *, without: Sequence[str] = ()) -> list[str]:
    """What of two first lines has to agree and does not.

    Args:
        then: that of an earlier run.
        now: that of another.
        without: what may differ.
    """
    return [
        f"{what} ({_told(before, after)})"
        for what, pick in _MUST_AGREE
        if what not in without and (before := pick(then)) != (after := pick(now))
    ]


def check_planned(path: Path, earlier: Sequence[Mapping[str, Any]], device: str, plan: Plan) -> None:
    """Make sure that every evaluation is one that this run could have made.

    Args:
        path: of the record.
        earlier: its lines.
        device: name of the profile.
        plan: of this run.

    Raises:
        ResumeError: one is not.
    """
    for number, record in enumerate(earlier, start=1):
        if record["record"] != "evaluation":
            continue
        problem = ""
        if record["device"] != device:
            problem = f"expected the device {device!r}, got {record['device']!r}"
        elif record["source"] == "suite" and plan.get(record["unit"], record["entry"]) is None:
            problem = "expected an evaluation that was planned"
        else:
            try:
                edition(plan.edition).unit(record["unit"])
            except UnknownIdError as error:
                problem = str(error)
        if problem:
            raise ResumeError(
                f"{path}:{number}: the line of {subject(record)} is damaged: {problem}. {_HOW_ON}"
            )


def check_goes_on(path: Path, chain: Chain) -> None:
    """Make sure that the record still holds all that the results of an earlier part were made from.

    Raises:
        ResumeError: it ends before.
    """
    results = path.with_name("results.json")
    last = head_of(results)
    if last is not None and last["hash"] not in chain.hashes:
        raise ResumeError(
            f"{path}:{len(chain.hashes)}: the record ends here, but {results} was made "
            f"from {last['lines']} lines, the last with the hash {last['hash']}. {_HOW_ON}"
        )


def check_device(output: Path, first: Mapping[str, Any], observed: Mapping[str, Any]) -> None:
    """Make sure that it is still the device that the run began with.

    Args:
        output: directory of the results.
        first: what was observed of it when the run began.
        observed: what it says of itself now.

    Raises:
        ResumeError: it is another one.
    """
    then, now = _named(first), _named(observed)
    changed = [
        f"{name} ({_short(then[name])} then, {_short(now[name])} now)"
        for name in then
        if name in now and then[name] != now[name]
    ]
    if changed:
        raise ResumeError(
            f"{output}: not the device that the run began with: {'; '.join(changed)}. {_HOW_ON}"
        )


def move_earlier(output: Path) -> None:
    """Move what an earlier run has left to ``earlier/<when it started>/``."""
    left = [output / name for name in _OURS if (output / name).exists()]
    if not left:
        return
    place = output / "earlier" / _when(left[0])
    number = 1
    target = place
    while target.exists():
        number += 1
        target = place.with_name(f"{place.name}-{number}")
    target.mkdir(parents=True)
    for path in left:
        path.rename(target / path.name)


def _when(path: Path) -> str:
    """When the earlier run started, as a file name; from its first line, else from the time of the file."""
    started = ""
    if path.name == "record.jsonl":
        with path.open("rb") as file:
            match = re.search(rb'"started": "([0-9TZ:.-]+)"', file.readline(65536))
        started = match[1].decode() if match else ""
    if not started:
        stamp = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        started = stamp.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return started.replace(":", "-")


def _named(observed: Mapping[str, Any]) -> dict[str, Any]:
    """What a device said of itself, without what it did not say."""
    inner = observed.get("observed", observed)
    return {name: value for name, value in inner.items() if value not in (None, "")}


def _told(before: Any, after: Any) -> str:
    """What was there then and what is there now; of something with several parts those that differ."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return f"{_short(before)} then, {_short(after)} now"
    return "; ".join(
        f"{key} {_short(before.get(key, 'none'))} then, {_short(after.get(key, 'none'))} now"
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key)
    )


def _short(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    text = str(value)
    return f"{text[:20]}..." if len(text) > 60 else text
