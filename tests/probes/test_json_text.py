"""JSON of a device, and OpenAPI documents in YAML, are read within bounds and refused beyond them."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from work import at_most_cpu_s

from pytest_etsi import bounds
from pytest_etsi.dut.observe.access.openapi_document import Document, OpenApiError
from pytest_etsi.probes.json_text import read_json

if TYPE_CHECKING:
    from pathlib import Path

DEPTH = bounds.JSON.depth


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


def test_what_is_within_the_bounds_is_read() -> None:
    assert read_json('{"a": [1, "x", null]}') == read_json(b'{"a": [1, "x", null]}') == {"a": [1, "x", None]}
    assert read_json(nested(DEPTH))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (nested(DEPTH + 1), "levels"),
        (nested(100_000), "levels"),
        ('{"a":' * (DEPTH + 1) + "1" + "}" * (DEPTH + 1), "levels"),
        ("[" + "1," * bounds.JSON.items + "1]", "values"),
        (" " * (bounds.JSON.most + 1), "larger"),
        ("9" * 10_000, "digits"),
        ("nothing", "Expecting value"),
    ],
    ids=["a level more", "many levels", "objects", "values", "white space", "digits", "no JSON"],
)
def test_what_is_beyond_them_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_json(text)
    with pytest.raises(ValueError, match=why):
        read_json(text.encode())


TAKES_OVER = "a0: &a0 {k0: 1}\n" + "".join(
    f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}], k{n}: 1}}\n" for n in range(1, 9)
)


@pytest.mark.parametrize(
    "text",
    [
        "a: &a 1\n" + "b:\n" + "- *a\n" * 2000,
        "a: " + nested(300),
        f"x: &x {{a: 1}}\ny: {{<<: [{', '.join(['*x'] * 60)}]}}\n",
    ],
    ids=["references", "levels", "many at once"],
)
def test_a_description_that_would_grow_without_end_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "api.yaml"
    file.write_text(f"openapi: 3.1.0\npaths: {{}}\n{text}")
    with pytest.raises(OpenApiError, match=r"api\.yaml"):
        Document(file)


def test_parts_that_take_over_parts_that_take_over_others_take_no_time(tmp_path: Path) -> None:
    """Newer readers of YAML drop what is there twice; older ones are stopped."""
    file = tmp_path / "api.yaml"
    file.write_text(f"openapi: 3.1.0\npaths: {{}}\n{TAKES_OVER}")
    with at_most_cpu_s(10), contextlib.suppress(OpenApiError):
        Document(file)


def test_a_description_whose_parts_take_over_others_is_read(tmp_path: Path) -> None:
    file = tmp_path / "api.yaml"
    file.write_text("openapi: 3.1.0\nx-a: &a {get: {}}\npaths: {/b: {<<: *a}}\n")

    assert [one.path for one in Document(file).operations] == ["/b"]
