"""OSCAL assessment results: a finding for each provision, resting on an observation for each evaluation."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from pytest_etsi.report.summary import device_of, evaluations
from pytest_etsi.report.told import where
from pytest_etsi.report.writer import Form, Json
from pytest_etsi.text import neutralised

if TYPE_CHECKING:
    from pytest_etsi.report.kept import Kept

__all__ = ["Oscal"]

OSCAL_VERSION = "1.1.3"
_METHODS = {"program": "TEST", "judgement": "EXAMINE", "documents": "EXAMINE"}
_STATUS = {
    "PASS": {"state": "satisfied", "reason": "pass"},
    "FAIL": {"state": "not-satisfied", "reason": "fail"},
    "INCONCLUSIVE": {"state": "not-satisfied", "reason": "other"},
}


class Oscal(Form):
    """Assessment results with one result."""

    name: ClassVar[str] = "oscal"
    file: ClassVar[str] = "assessment-results.json"

    def text(self, kept: Kept) -> str:
        """The document; the same results give the same one."""
        return json.dumps({"assessment-results": _Document(kept.results).content()}, indent=1) + "\n"


class _Document:
    def __init__(self, results: Json) -> None:
        self._results = results
        hash_ = (results.get("record") or {}).get("hash") or json.dumps(results["profile"], sort_keys=True)
        self._space = uuid.uuid5(uuid.NAMESPACE_URL, f"pytest-etsi:{hash_}")

    def _id(self, *about: object) -> str:
        """Made from what it is of, so that the same results have the same ids."""
        # What no encoding has, half of a surrogate pair, is a part of ids too.
        name = "\n".join(map(str, about)).encode(errors="backslashreplace").decode()
        # The standard's schema takes version 4 only, whose bits are set here.
        made = uuid.uuid5(self._space, name)
        return str(uuid.UUID(bytes=made.bytes, version=4))

    def content(self) -> dict[str, Any]:
        results = self._results
        device = device_of(results)
        ended = results.get("finished") or results.get("started")
        controls = [
            {"control-id": _control(group)} for group in results["groups"] if group["verdict"] in _STATUS
        ]
        return {
            "uuid": self._id("document"),
            "metadata": {
                "title": _text(f"ETSI EN 303 645: {device}"),
                "last-modified": ended,
                "version": str(results["tool"].get("version", "0")),
                "oscal-version": OSCAL_VERSION,
            },
            "import-ap": {"href": "results.json", "remarks": "The plan is part of the results."},
            "results": [
                {
                    "uuid": self._id("result"),
                    "title": _text(f"Assessment of {device}"),
                    "description": f"Overall verdict: {results['overall']}, TS 103 701 {results['edition']}.",
                    "start": results.get("started") or ended,
                    "end": ended,
                    "props": [{"name": "overall", "ns": _NAMESPACE, "value": _token(results["overall"])}],
                    "reviewed-controls": {
                        "control-selections": [
                            {"include-controls": controls} if controls else {"include-all": {}}
                        ]
                    },
                    **self._observed(),
                }
            ],
        }

    def _observed(self) -> dict[str, Any]:
        observations, findings = [], []
        for group in self._results["groups"]:
            related = []
            for number, (unit, one) in enumerate(evaluations(group)):
                made = self._observation(group, unit, one, number)
                observations.append(made)
                related.append({"observation-uuid": made["uuid"]})
            if group["verdict"] in _STATUS:
                findings.append(self._finding(group, related))
        return {
            **({"observations": observations} if observations else {}),
            **({"findings": findings} if findings else {}),
        }

    def _observation(self, group: Json, unit: str, one: Json, number: int) -> dict[str, Any]:
        props = {"verdict": one["verdict"], "cause": one["cause"], "unit": unit, "entry": one["entry"]}
        collected = one.get("started") or self._results.get("finished") or self._results.get("started")
        evidence = [
            {
                "href": quote(item["file"], errors="backslashreplace"),
                "description": f"SHA-256 {item['sha256']}, {item['size']} bytes",
            }
            for item in one["evidence"]
        ]
        return {
            "uuid": self._id("observation", group["group"], unit, one["entry"], number),
            "title": _text(where(unit, one["entry"])),
            "description": _text(one["reason"] or one["verdict"]),
            "props": [
                {"name": name, "ns": _NAMESPACE, "value": _token(value)}
                for name, value in props.items()
                if value
            ],
            "methods": [_METHODS.get(one["decided_by"], "TEST")],
            **({"relevant-evidence": evidence} if evidence else {}),
            "collected": collected,
        }

    def _finding(self, group: Json, related: list[dict[str, str]]) -> dict[str, Any]:
        return {
            "uuid": self._id("finding", group["group"]),
            "title": _text(f"{group['group']} {group['title']}"),
            "description": _text(group["reason"] or f"{group['verdict']}: every evaluation that concerns it"),
            "target": {
                "type": "objective-id",
                "target-id": _control(group),
                "status": _STATUS[group["verdict"]],
            },
            **({"related-observations": related} if related else {}),
        }


_NAMESPACE = "urn:pytest-etsi:results"


def _control(group: Json) -> str:
    """A provision as OSCAL may call a control."""
    return f"provision-{group['group']}"


def _text(value: object) -> str:
    return " ".join(neutralised(value).split()) or "-"


def _token(value: object) -> str:
    """A value of a property: a line without blanks at its ends."""
    return _text(value)
