"""Verdicts in Allure: scenario, group and case as epic, feature and story; evidence attached; categories by verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_etsi.report.plausibility import of_results
from pytest_etsi.report.writer import Json, Writer

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

__all__ = ["CATEGORIES", "Allure"]

CATEGORIES = (
    {"name": "FAIL: a violation was observed or a contradiction found", "matchedStatuses": ["failed"]},
    {"name": "INCONCLUSIVE: neither PASS nor FAIL could be established", "matchedStatuses": ["broken"]},
    {"name": "NOT APPLICABLE: nothing in the device is concerned", "matchedStatuses": ["skipped"]},
)

_ATTACHED_BYTES = 1_000_000
"""Larger evidence is named in the report, but not copied into it."""


class Allure(Writer):
    """Labels, evidence and categories; `config` is pytest's."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def is_active(self) -> bool:
        """Whether Allure results are being written."""
        directory = getattr(self._config.option, "allure_report_dir", None)
        return bool(directory) and self._config.pluginmanager.hasplugin("allure_pytest")

    def concluded(self, report: pytest.TestReport, record: Json, about: Json) -> None:  # noqa: ARG002
        """Label the test that Allure is recording in this thread; it does so once a test, before the teardown."""
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

    def ended(self, results: Mapping[Path, Json]) -> None:
        """Give a generated report the names of our verdicts, and what does not fit in the ICS, on its first page.

        Where the project has categories, or an environment, of its own, these stay.
        """
        directory = Path(self._config.option.allure_report_dir)
        environment = [
            f"{one['profile']['name']}.ics.{number} = {_escaped(line)}"
            for one in results.values()
            for number, line in enumerate(of_results(one), start=1)
        ]
        files = {"categories.json": json.dumps(CATEGORIES, indent=1)}
        if environment:
            files["environment.properties"] = "\n".join(environment) + "\n"
        for name, text in files.items():
            if directory.is_dir() and not (directory / name).exists():
                (directory / name).write_text(text, encoding="utf-8")


def _escaped(line: str) -> str:
    """As the value of a Java property, in ASCII."""
    return json.dumps(line)[1:-1].replace('\\"', '"')


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
