"""Verdicts in Allure: scenario, group and case as epic, feature and story; evidence attached; categories by verdict."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_etsi.report.markdown import plain
from pytest_etsi.report.plausibility import of_results
from pytest_etsi.report.told import reviewed, told, where
from pytest_etsi.report.writer import Json, Writer
from pytest_etsi.text import neutralised
from pytest_etsi.verdict import Inconclusive, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pytest
    from pluggy import HookimplMarker

__all__ = ["CATEGORIES", "Allure"]


def _category(name: str, status: str, cause: str = "") -> dict[str, object]:
    """Tests of a status; with a cause, those whose report begins with it."""
    # An expression of Java that has to fit the whole (Allure 2), and one of JavaScript (Allure 3).
    by_cause = {"traceRegex": rf"^INCONCLUSIVE \({cause}\)[\s\S]*"} if cause else {}
    return {"name": name, "matchedStatuses": [status], **by_cause}


CATEGORIES = (
    _category("FAIL: a violation was observed or a contradiction found", "failed"),
    _category("INCONCLUSIVE, judgement: a competent person has to conclude", "broken", "judgement"),
    _category("INCONCLUSIVE, information: the documents lack something", "broken", "information"),
    _category("INCONCLUSIVE, access: no way to reach it is given", "broken", "access"),
    _category("INCONCLUSIVE, permission: not permitted", "broken", "permission"),
    _category("INCONCLUSIVE, bench: equipment, tool or network failed", "broken", "bench"),
    _category("INCONCLUSIVE, error: a defect of the suite or of a test", "broken"),
    _category("NOT APPLICABLE: nothing in the device is concerned", "skipped"),
)
"""In the order in which Allure tries them: the first that fits is shown."""

_OF_ALLURE_3 = {
    "name": "EN 303 645",
    "categories": {"rules": CATEGORIES},
    "plugins": {"awesome": {"options": {"singleFile": True, "groupBy": ["epic", "feature", "story"]}}},
}
"""Its settings: it takes categories from there alone, and would show files of tests for scenarios; in one file."""

_BEFORE_A_REASON = re.compile(
    "^(?:"
    + "|".join(re.escape(f"{kind.__module__}.{kind.__qualname__}: ") for kind in (Violation, Inconclusive))
    + ")"
)
"""How pytest begins the message of an exception that is a verdict."""

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

        _say_reasons_alone()
        # Its functions carry no types.
        label: Any = allure.dynamic
        label.epic(f"{_sorted(about['scenario'])} {about['scenario_title']}")
        label.feature(f"{_sorted(about['group'])} {about['group_title']}")
        label.story(f"{about['case']} {about['case_purpose']}")
        label.tag(str(record["verdict"]))
        # Parameters make the history of an evaluation its own; Allure takes tests with equal ones for retries.
        label.parameter("device", record["device"])
        label.parameter("unit", record["unit"])
        if record["entry"]:
            label.parameter("entry", neutralised(record["entry"]))
        label.title(neutralised(f"{where(record['unit'], record['entry'])}: {about['does']}"))
        label.description("\n\n".join(filter(None, (plain(line) for line in _described(record)))))
        for item in record["evidence"]:
            _attach(Path(about["directory"]) / item["file"], item["file"])

    def ended(self, results: Mapping[Path, Json]) -> None:
        """Give a generated report the names of our verdicts, and the device, on its first page.

        Where the project has categories, or an environment, of its own, these stay.
        """
        directory = Path(self._config.option.allure_report_dir)
        environment = [
            f"{name} = {_escaped(value)}" for one in results.values() for name, value in _of_run(one)
        ]
        files = {
            "categories.json": json.dumps(CATEGORIES, indent=1),
            "environment.properties": "\n".join(environment) + "\n",
            "allurerc.json": json.dumps(_OF_ALLURE_3, indent=1),
        }
        for name, text in files.items():
            if directory.is_dir() and not (directory / name).exists():
                (directory / name).write_text(text, encoding="utf-8")


def _say_reasons_alone() -> None:
    """Have Allure show the reason of a verdict as the message, without the name of a class before it."""
    import allure_commons

    # Its plugins are those of the process; this one does nothing to tests that end otherwise.
    if not allure_commons.plugin_manager.has_plugin("etsi-reasons"):
        hook: HookimplMarker = allure_commons.hookimpl

        class Reasons:
            # Before what writes a result down, which a second session of this process registers after this.
            @hook(tryfirst=True)
            def report_result(self, result: Any) -> None:
                if result.statusDetails and result.statusDetails.message:
                    result.statusDetails.message = _BEFORE_A_REASON.sub("", result.statusDetails.message)

        allure_commons.plugin_manager.register(Reasons(), "etsi-reasons")


def _of_run(results: Json) -> Iterator[tuple[str, str]]:
    """What was tested against what, what came out, and what does not fit in the ICS; names carry the device's."""
    name, dut = results["profile"]["name"], results.get("dut", {})
    named = {
        "device": " ".join(dut[key] for key in ("manufacturer", "model") if dut.get(key)),
        "hardware": dut.get("hardware"),
        "firmware": dut.get("software"),
        "edition": results["edition"],
        "overall": results["overall"],
    }
    yield from ((f"{name}.{key}", str(value)) for key, value in named.items() if value)
    yield from ((f"{name}.ics.{number}", line) for number, line in enumerate(of_results(results), start=1))


def _described(record: Json) -> Iterator[str]:
    """What a reader of the description gets: everything that is told, and the judgement."""
    if judged := record.get("judgement"):
        by = f"{judged['verdict']} by {judged['assessor']} on {judged['date']}{reviewed(judged)}"
        yield f"Judgement: {by}: {judged['rationale']}"
    yield from told(record, {})[1:]


def _sorted(number: str) -> str:
    """``5.02-1`` of ``5.2-1``: Allure sorts by letters, and 5.10 comes after 5.2."""
    scenario, dash, rest = number.partition("-")
    clause, _, second = scenario.partition(".")
    padded = f"{clause}.{int(second):02}" if second.isdigit() else scenario
    return f"{padded}{dash}{int(rest):02}" if rest.isdigit() else f"{padded}{dash}{rest}"


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
