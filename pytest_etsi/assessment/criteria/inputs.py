"""What unexpected values have done to the device (5.13-1-2 a)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, Findings
from pytest_etsi.assessment.reading.answers import place

if TYPE_CHECKING:
    from pytest_etsi.dut.observe.inputs.inputs import InputObservation
    from pytest_etsi.profile import Entry

__all__ = ["kept_out"]

_WORDS = {
    "crash": "the service does not bear it",
    "error": "the answer tells how it is made inside",
    "taken": "a value that the documents exclude is taken over",
    "acted on": "some program acts on the value",
    "forged": "it is taken from the browser of a user who has visited that page (request forgery)",
}


def kept_out(entry: Entry, observed: InputObservation) -> Findings:
    """What refutes that a method keeps unexpected input out, and what is left open.

    Args:
        entry: of 29-InpVal.
        observed: what its inputs did with unexpected values.
    """
    found = [
        Finding(
            "violation",
            "behaviour",
            f"{harm.what}: {_WORDS[harm.kind]} ({harm.seen}); again by {harm.request}",
            expected="a refusal",
            found=harm.seen,
            place=place(entry),
        )
        for harm in observed.harms
    ]
    found += [Finding("unknown", "behaviour", f"{gap}", place=place(entry)) for gap in observed.gaps]
    found += [
        Finding("unknown", "behaviour", f"an internal error without a trace: {odd}", place=place(entry))
        for odd in observed.odd[:3]
    ]
    return Findings(found)
