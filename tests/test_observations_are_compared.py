"""What is observed is compared: each field of an observation is read by what decides, or is mere context with a reason."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import textwrap
from functools import cache
from pathlib import Path

import pytest_etsi
from pytest_etsi.probes.observation import Observation

ROOT = Path(__file__).parents[1]
PACKAGE = "pytest_etsi."
OBSERVING = ("pytest_etsi.probes", "pytest_etsi.dut")

CONTEXT = {
    "CaptureObservation.canaries": "which known values were searched, for whoever reads that none was found",
    "Certificate.chain_length": "who signed it is told by a client that trusts the documented authority (trust)",
    "ClientHello.ja4": "a fingerprint by which a person finds the client again",
    "ClientHello.stated_versions": "versions as written in the hello; those that it offers are compared",
    "Contact.after_s": "when a peer was met, for the order of events",
    "Contact.objection": "the words of the alert; that there was one is compared",
    "LoaderTry.stretch_s": "for how long keys were sent; what ended the attempt, and which they were, is compared",
    "LoginAttempt.new_connection": "how a login was tried; locks are compared by what was answered",
    "NmapPort.product": "a second opinion, in words of another program",
    "PortScan.filtered_count": "how many ports were silent; whether silence counts is in complete",
    "PortScan.slowed_to": "how the scan went; whether answers were lost is in complete",
    "Service.product": "what a banner says of itself; what it discloses is compared as a banner",
    "SshAuth.negotiated": "what one connection chose; all that is offered is compared",
    "Stimulated.wires": "how something was sent; what came of it is compared, whatever the wires",
    "SecurityTxt.canonical": "addresses that a security.txt says to be its own",
    "SecurityTxt.encryption": "keys: how to encrypt, and not whom to write to",
    "SecurityTxt.expires": "until when a security.txt is meant; that it says so is told in odd",
    "SecurityTxt.signed": "whether a security.txt is signed, which is not checked",
}
"""Fields that decide nothing, and why they are kept: each is in the evidence that a person is shown."""


def _observations() -> list[type]:
    """Every kind of observation that the package has."""
    for module in pkgutil.walk_packages(pytest_etsi.__path__, PACKAGE):
        if module.name.startswith(OBSERVING):
            importlib.import_module(module.name)
    found, left = {}, [Observation]
    while left:
        for kind in left.pop().__subclasses__():
            if kind.__module__.startswith(PACKAGE) and dataclasses.is_dataclass(kind):
                found[f"{kind.__module__}.{kind.__qualname__}"] = (
                    kind  # dataclasses with slots are made twice
                )
            left.append(kind)
    return list(found.values())


def _attributes(tree: ast.AST) -> set[str]:
    """Names of attributes that are read."""
    read = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return read | {
        str(node.args[1].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "getattr"
        and isinstance(node.args[1], ast.Constant)
    }


def _read_elsewhere(kind: type) -> set[str]:
    """Names that are read anywhere but in the class itself."""
    own = Path(inspect.getfile(kind)), kind.__name__
    return set().union(*(names for place, names in _places().items() if place != own))


@cache
def _places() -> dict[tuple[Path, str], set[str]]:
    """Names that are read, by module and class; outside of classes: "".

    A survey writes down what it sees and compares nothing: that it reads a field makes it no part of a verdict.
    """
    found: dict[tuple[Path, str], set[str]] = {}
    for path in (*ROOT.glob("pytest_etsi/**/*.py"), *ROOT.glob("testcases/**/*.py")):
        if not {"virtual", "survey"} & set(path.parts):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                name = node.name if isinstance(node, ast.ClassDef) else ""
                found.setdefault((path, name), set()).update(_attributes(node))
    return found


@cache
def _read(kind: type) -> set[str]:
    """Names of a class that somebody reads, be it by a property or method of it that is read."""
    read = _read_elsewhere(kind)
    methods = {
        node.name: _attributes(node)
        for node in ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0].body  # type: ignore[attr-defined]
        if isinstance(node, ast.FunctionDef)
    }
    reached: set[str] = set()
    while more := {name for name in methods if name in read or name.startswith("__")} - reached:
        reached |= more
        read |= set().union(*(methods[name] for name in more))
    return read


def test_every_field_of_every_observation_is_read_or_said_to_be_context() -> None:
    unread = {
        f"{kind.__name__}.{field.name}"
        for kind in _observations()
        for field in dataclasses.fields(kind)
        if field.name not in _read(kind)
    }

    assert unread - set(CONTEXT) == set(), "observed and compared with nothing"
    assert set(CONTEXT) - unread == set(), "said to be context, and read all the same"
