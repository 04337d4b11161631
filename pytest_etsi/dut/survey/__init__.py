"""The survey: what an unknown device shows without being disturbed, as drafted documents with their evidence."""

from pytest_etsi.dut.survey.documents import (
    Login,
    Surveyed,
    UnreachableError,
    UnusableCaptureError,
    announced,
    survey,
)

__all__ = ["Login", "Surveyed", "UnreachableError", "UnusableCaptureError", "announced", "survey"]
