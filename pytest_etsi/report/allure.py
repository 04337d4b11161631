"""Verdicts in Allure: scenario, group and case as epic, feature and story; evidence attached; categories by verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

__all__ = ["CATEGORIES", "describe", "is_active", "write_categories"]

CATEGORIES = (
    {"name": "FAIL: a violation was observed or a contradiction found", "matchedStatuses": ["failed"]},
    {"name": "INCONCLUSIVE: neither PASS nor FAIL could be established", "matchedStatuses": ["broken"]},
    {"name": "NOT APPLICABLE: nothing in the device is concerned", "matchedStatuses": ["skipped"]},
)

_ATTACHED_BYTES = 1_000_000
"""Larger evidence is named in the report, but not copied into it."""


def is_active(config: pytest.Config) -> bool:
    """Whether Allure results are being written."""
    return bool(getattr(config.option, "allure_report_dir", None)) and config.pluginmanager.hasplugin(
        "allure_pytest"
    )


def describe(record: Mapping[str, Any], about: Mapping[str, Any]) -> None:
    """Label the test that Allure is recording in this thread; to be called once a test, before its teardown."""
    import allure

    # Its functions carry no types.
    label: Any = allure.dynamic
    label.epic(f"{about['scenario']} {about['scenario_title']}")
    label.feature(f"{about['group']} {about['group_title']}")
    label.story(f"{about['case']} {about['case_purpose']}")
    label.tag(str(record["verdict"]))
    # Parameters make the history of an evaluation its own; Allure takes tests with equal ones for retries.
    label.parameter("device", record["device"])
    label.parameter("unit", record["unit"])
    if record["entry"]:
        label.parameter("entry", record["entry"])
    if record["reason"]:
        cause = f" ({record['cause']})" if record["cause"] else ""
        settle = f"\n\nWhat would settle it: {record['settle']}" if record.get("settle") else ""
        label.description(f"{record['verdict']}{cause}: {record['reason']}{settle}")
    for item in record["evidence"]:
        _attach(Path(about["directory"]) / item["file"], item["file"])


def _attach(path: Path, name: str) -> None:
    import allure

    kinds = allure.attachment_type
    attach: Any = allure.attach
    try:
        size = path.stat().st_size
    except OSError:
        return
    if size > _ATTACHED_BYTES:
        attach(f"{size} bytes, left where it is: {path}", name=name, attachment_type=kinds.TEXT)
        return
    kind = {".json": kinds.JSON, ".txt": kinds.TEXT, ".png": kinds.PNG}.get(path.suffix)
    if kind is None:
        attach.file(str(path), name=name, extension=path.suffix.lstrip(".") or "bin")
    else:
        attach.file(str(path), name=name, attachment_type=kind)


def write_categories(config: pytest.Config) -> None:
    """Give the groups of a generated report the names of our verdicts, unless the project has named its own."""
    directory = Path(config.option.allure_report_dir)
    target = directory / "categories.json"
    if directory.is_dir() and not target.exists():
        target.write_text(json.dumps(CATEGORIES, indent=1), encoding="utf-8")
