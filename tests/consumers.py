"""What others make of the machine forms of a report; needs sarif-tools, compliance-trestle and in-toto-attestation.

python tests/consumers.py DIRECTORY    # with results.sarif, assessment-results.json and test-result.intoto.json
"""

# ruff: noqa: T201 - a command
# mypy: ignore-errors

from __future__ import annotations

import json
import sys
from pathlib import Path

from google.protobuf import json_format
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from sarif import loader
from trestle.oscal.assessment_results import AssessmentResults


def main(directory: Path) -> None:
    """Read each form as its consumers do; whatever one of them refuses raises."""
    oscal = AssessmentResults.oscal_read(directory / "assessment-results.json")
    assert oscal.results[0].findings
    print(
        f"OSCAL: {len(oscal.results[0].findings)} findings, {len(oscal.results[0].observations)} observations"
    )

    sarif = loader.load_sarif_file(str(directory / "results.sarif"))
    levels = [record["Severity"] for record in sarif.get_records()]
    assert levels
    print(f"SARIF: {levels.count('error')} errors, {levels.count('note')} notes")

    said = json.loads((directory / "test-result.intoto.json").read_text(encoding="utf-8"))
    statement = json_format.ParseDict(said, statement_pb2.Statement())
    Statement.copy_from_pb(statement).validate()
    predicate = json_format.ParseDict(said["predicate"], test_result_pb2.TestResult())
    print(f"in-toto: {predicate.result}, {len(predicate.failed_tests)} failed")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
