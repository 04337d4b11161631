"""Observations become builtins, and text from a device cannot act on a terminal."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_etsi.probes import Observation, printable


@dataclass(frozen=True, slots=True)
class Inner(Observation):
    data: bytes


@dataclass(frozen=True, slots=True)
class Outer(Observation):
    inner: tuple[Inner, ...]
    at: datetime
    names: frozenset[str]
    table: dict[str, tuple[int, ...]]


def test_an_observation_becomes_builtins():
    seen = Outer((Inner(b"\xff\0"),), datetime(2026, 11, 20, tzinfo=UTC), frozenset("ba"), {"x": (1, 2)})

    assert json.loads(json.dumps(seen.to_json())) == {
        "inner": [{"data": "\xff\0"}],
        "at": "2026-11-20T00:00:00Z",
        "names": ["a", "b"],
        "table": {"x": [1, 2]},
    }


def test_an_observation_with_something_else_in_it_is_refused():
    with pytest.raises(TypeError, match="holds a object"):
        Inner(object()).to_json()  # type: ignore[arg-type]


@given(st.binary(max_size=2000) | st.text(max_size=2000))
def test_nothing_printable_acts_on_a_terminal(data):
    shown = printable(data, 300)

    assert all(char.isprintable() for char in shown)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"]), max_size=100))
def test_ordinary_text_stays_as_it_is(text):
    assert printable(text) == text
    assert printable(text.encode()) == text


def test_what_is_left_out_is_counted():
    assert printable("x" * 500, 400) == "x" * 400 + "… (+100)"


def test_line_feeds_can_be_kept():
    assert printable("a\nb\r", lines=True) == "a\nb\\r"
    assert printable("a\nb") == "a\\nb"
