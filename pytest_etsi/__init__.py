"""Assess consumer IoT devices against ETSI EN 303 645, following ETSI TS 103 701, with pytest.

The names below are the public face; everything else may change between releases.
"""

from typing import TYPE_CHECKING, Any

from pytest_etsi._version import __version__
from pytest_etsi.unit import unit
from pytest_etsi.verdict import (
    Cause,
    Inconclusive,
    NotApplicable,
    Verdict,
    Violation,
    inconclusive,
    not_applicable,
)

if TYPE_CHECKING:
    from pytest_etsi.assessment import criteria as criteria
    from pytest_etsi.assessment import scopes as scopes
    from pytest_etsi.profile import reveal as reveal

__all__ = [
    "Cause",
    "Inconclusive",
    "NotApplicable",
    "Verdict",
    "Violation",
    "__version__",
    "criteria",
    "inconclusive",
    "not_applicable",
    "reveal",
    "scopes",
    "unit",
]

_LATE = {
    "criteria": "pytest_etsi.assessment.criteria",
    "reveal": "pytest_etsi.profile:reveal",
    "scopes": "pytest_etsi.assessment.scopes",
}


def __getattr__(name: str) -> Any:
    # What test modules need and nobody else: not imported before somebody asks.
    if name in _LATE:
        from importlib import import_module

        module, _, attribute = _LATE[name].partition(":")
        found = import_module(module)
        return getattr(found, attribute) if attribute else found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
