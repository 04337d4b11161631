"""An assessment of a lamp with the directory of its results, and the evidence that a search over passwords has."""

from __future__ import annotations

import pytest
from assessment_documents import documents, load
from assessment_suites import write_suite

from pytest_etsi.assessment.passwords import _model
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


@pytest.fixture
def evidence(monkeypatch):
    """The most that the bound of a batch can be until a search finds nothing: its evidence in bits."""

    def bits_of(search, *arguments):
        low, high = 0.001, 4096.0
        while high - low > 1e-6:
            middle = (low + high) / 2
            monkeypatch.setattr(_model, "BATCH_BITS", middle)
            found = [finding for finding in search(*arguments) if finding.kind == "violation"]
            low, high = (middle, high) if found else (low, middle)
        return low

    return bits_of
