"""What tests of a run start from: an assessment of a lamp, and the directory of its results."""

from __future__ import annotations

import pytest
from assessment_documents import documents, load
from assessment_suites import write_suite

from pytest_etsi.assessment.run import Assessment


@pytest.fixture
def assess(tmp_path):
    opened = []

    def make(change=None, **options):
        content = documents()
        content["permissions"] = ["brute-force", "erase"]
        if change:
            change(content)
        profile = load(tmp_path, content, environ=options.pop("environ", {}))
        options.setdefault("suite", write_suite(tmp_path / "suite"))
        opened.append(Assessment(profile, output=tmp_path / "out", **options))
        return opened[-1]

    yield make
    for assessment in opened:
        assessment.abandon()


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"
