"""What unexpected values have done to the device (5.13-1-2 a)."""

from __future__ import annotations

import pytest
from documents import entry_of

from pytest_etsi import criteria
from pytest_etsi.dut.observe.inputs.observe import Harm, InputObservation

ENTRY = entry_of("29-InpVal", {"Description": "Values are checked against a schema."})


def kept_out(*harms, odd=(), gaps=()):
    found = criteria.inputs.kept_out(ENTRY, InputObservation(10, 1, harms, tuple(odd), tuple(gaps)))
    return [(finding.kind, finding.message) for finding in found]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("crash", "does not bear it"),
        ("error", "tells how it is made inside"),
        ("taken", "a value that the documents exclude is taken over"),
        ("acted on", "some program acts on the value"),
        ("forged", "request forgery"),
    ],
)
def test_every_harm_is_a_violation_in_words(kind, said):
    ((level, message),) = kept_out(Harm(kind, "POST /name", "HTTP 500", "curl"))

    assert level == "violation"
    assert said in message


def test_what_could_not_be_tried_and_what_looks_odd_is_open():
    assert kept_out(gaps=("POST /name was not answered",)) == [("unknown", "POST /name was not answered")]
    odd = kept_out(odd=[f"HTTP 500 to {number}" for number in range(5)])
    assert [kind for kind, _ in odd] == ["unknown"] * 3
    assert odd[0][1] == "an internal error without a trace: HTTP 500 to 0"


def test_nothing_that_happened_is_nothing_found():
    assert kept_out() == []
