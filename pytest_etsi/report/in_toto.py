"""An in-toto statement with the test-result predicate, to be signed and kept with a product's other attestations."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, ClassVar

from pytest_etsi.report.summary import device_of, evaluations
from pytest_etsi.report.told import where
from pytest_etsi.report.writer import Form
from pytest_etsi.text import neutralised

if TYPE_CHECKING:
    from pytest_etsi.report.kept import Kept

__all__ = ["STATEMENT", "InToto", "statement"]

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"
_RESULTS = {"PASS": "PASSED", "FAIL": "FAILED", "INCONCLUSIVE": "WARNED"}


class InToto(Form):
    """The statement, unsigned: an envelope around it is the business of whoever has the key."""

    name: ClassVar[str] = "in-toto"
    file: ClassVar[str] = "test-result.intoto.json"

    def text(self, kept: Kept) -> str:
        """The statement. Its subject is the record of the run, since no hash of the device's software is known."""
        return json.dumps(statement(kept), indent=1) + "\n"


def statement(kept: Kept) -> dict[str, Any]:
    """The statement; its subject is the record of the run."""
    results = kept.results
    device = device_of(results)
    digest = (results.get("record") or {}).get("hash")
    if digest is None:
        digest = hashlib.sha256(json.dumps(results, sort_keys=True).encode()).hexdigest()
    tests: dict[str, list[str]] = {"PASSED": [], "WARNED": [], "FAILED": []}
    for group in results["groups"]:
        for unit, one in evaluations(group):
            if one["verdict"] in _RESULTS:
                tests[_RESULTS[one["verdict"]]].append(neutralised(where(unit, one["entry"])))
    return {
        "_type": STATEMENT,
        "subject": [{"name": neutralised(f"record of {device}"), "digest": {"sha256": digest}}],
        "predicateType": PREDICATE,
        "predicate": {
            # NOT APPLICABLE all over shows nothing, as INCONCLUSIVE.
            "result": _RESULTS.get(results["overall"], "WARNED"),
            "configuration": [
                {"name": "profile", "digest": {"sha256": results["profile"]["fingerprint"]}},
                {"name": f"TS 103 701 edition {results['edition']}", "uri": "https://www.etsi.org/standards"},
            ],
            "passedTests": tests["PASSED"],
            "warnedTests": tests["WARNED"],
            "failedTests": tests["FAILED"],
        },
    }
