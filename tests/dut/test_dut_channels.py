"""Which side of a communication mechanism was seen: what the documents do not place is a gap, and no pass."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pytest_etsi.dut.observe.channels import observe_channel
from pytest_etsi.profile.facts import ComMechAccess, ComMechFacts


def _gaps(facts: dict[str, Any]) -> str:
    entry = SimpleNamespace(facts=ComMechFacts.model_validate(facts), access=ComMechAccess())
    nothing = SimpleNamespace(services=lambda: SimpleNamespace(services=()))
    return "; ".join(observe_channel(SimpleNamespace(network=nothing), entry).open)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"direction": "both", "endpoint": "443/tcp"}, "whom the device calls"),
        ({"direction": "outgoing"}, "whom the device calls"),
        ({"direction": "both", "peers": ["api.example:443"]}, "where the device answers"),
        ({"direction": "incoming"}, "where the device answers"),
    ],
)
def test_a_side_that_is_not_placed_is_a_gap(facts: dict[str, Any], words: str) -> None:
    assert words in _gaps(facts)


@pytest.mark.parametrize(
    "facts",
    [{"direction": "incoming", "endpoint": "80/tcp"}, {"direction": "outgoing", "peers": ["a.example:80"]}],
)
def test_a_side_that_is_placed_is_none(facts: dict[str, Any]) -> None:
    gaps = _gaps(facts)

    assert "whom the device calls" not in gaps
    assert "where the device answers" not in gaps
