"""Which side of a communication mechanism was seen: what the documents do not place is a gap, and no pass."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pytest_etsi.dut.observe.channels import observe_channel
from pytest_etsi.profile.facts import ComMechAccess, ComMechFacts
from pytest_etsi.profile.places import places_of
from pytest_etsi.verdict import Cause, inconclusive

HOST = "192.0.2.7"


def _host(name: str | None) -> str:
    if name not in (None, HOST):
        inconclusive(f"{name} is not an address of the device", cause=Cause.INFORMATION, settle="add it")
    return HOST


def _gaps(facts: dict[str, Any], **access: Any) -> str:
    entry = SimpleNamespace(
        facts=ComMechFacts.model_validate(facts), access=ComMechAccess.model_validate(access)
    )
    entry.places = lambda: places_of(entry.facts, entry.access)
    nothing = SimpleNamespace(services=lambda: SimpleNamespace(services=()), host=_host)
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


def test_each_place_is_looked_at_once() -> None:
    gaps = _gaps({"direction": "incoming", "endpoint": "80/tcp"}, url=f"http://{HOST}/", port=80, host=HOST)

    assert gaps == "nothing was found to answer on tcp/80"


@pytest.mark.parametrize(
    ("access", "words"),
    [({"port": 7000}, "whether over TCP or UDP"), ({"url": "http://cloud.example/"}, "not an address of")],
)
def test_a_place_that_cannot_be_asked_is_a_gap(access: dict[str, Any], words: str) -> None:
    gaps = _gaps({"direction": "incoming"}, **access)

    assert words in gaps
    assert "where the device answers" not in gaps
