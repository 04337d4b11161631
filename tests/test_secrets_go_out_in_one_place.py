"""Only `reveal` lets out what the profile hands over, and only those named here may call it, or what calls it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import pytest_etsi

PACKAGE = Path(pytest_etsi.__file__).parent

ALLOWED = {
    "reveal": {
        "__init__.py",  # for a project's own tests
        "dut/reach/handing_over.py",  # the way to the device, the bench and the service
        "profile/__init__.py",
        "profile/_handed.py",
        "profile/facts/authentication.py",  # whether the passphrase opens the key
    },
    "_handed_value": {"profile/_handed.py"},
    "kept_secret": {
        "profile/_confidential.py",  # tells the redactor
        "profile/_handed.py",
        "profile/workbook/_export.py",  # puts placeholders in their place
    },
    "let_out": {
        "dut/core.py",
        "dut/observe/access/people.py",
        "dut/observe/brute_force/_attack.py",
        "dut/observe/capture.py",  # looks for it in what the device sends
        "dut/observe/consoles.py",  # looks for it in what the device prints
        "dut/observe/credentials.py",
        "dut/observe/first_start.py",
        "dut/reach/auth/keys.py",
        "dut/reach/handing_over.py",
        "dut/reach/operations/_bench.py",
    },
    "fill_in": {
        "dut/core.py",
        "dut/observe/access/http.py",
        "dut/observe/capture.py",
        "dut/observe/first_start.py",
        "dut/observe/inputs/observe.py",
        "dut/reach/auth/http.py",
        "dut/reach/auth/web.py",
        "dut/reach/handing_over.py",
        "dut/reach/operations/_bench.py",
        "dut/reach/operations/_by_hand.py",
        "dut/reach/operations/_console.py",
        "dut/reach/operations/_http.py",
        "dut/reach/operations/_mqtt.py",
        "dut/reach/operations/_programs.py",
        "dut/reach/operations/_ssh.py",
    },
    "handed_over": {
        "dut/observe/access/request.py",
        "dut/observe/first_start.py",
        "dut/observe/interfaces.py",
        "dut/reach/auth/http.py",
        "dut/reach/auth/web.py",
        "dut/reach/handing_over.py",
        "dut/reach/identity.py",
        "dut/reach/operations/_http.py",
    },
}
"""What lets a secret out -> the files of the package that use it."""


def names_in(source: str) -> set[str]:
    """Every name and attribute that a source reads, also under another name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.add(node.name)
        elif isinstance(node, ast.Constant) and node.value in ALLOWED:
            found.add(node.value)  # getattr(value, "_handed_value")
    return found


@pytest.fixture(scope="module")
def users() -> dict[str, set[str]]:
    """What lets a secret out -> who uses it."""
    found: dict[str, set[str]] = {name: set() for name in ALLOWED}
    for path in PACKAGE.rglob("*.py"):
        where = path.relative_to(PACKAGE).as_posix()
        if where.startswith("virtual/"):  # imports nothing of the tester
            continue
        for name in names_in(path.read_text()) & set(ALLOWED):
            found[name].add(where)
    return found


@pytest.mark.parametrize("name", ALLOWED)
def test_a_secret_is_let_out_by_those_alone_that_hand_it_over(users: dict[str, set[str]], name: str) -> None:
    assert users[name] == ALLOWED[name]


@pytest.mark.parametrize(
    "source",
    ["from x import reveal as r", "x.reveal(y)", "value._handed_value", "getattr(value, '_handed_value')"],
)
def test_every_way_to_use_it_is_seen(source: str) -> None:
    assert names_in(source) & set(ALLOWED)
