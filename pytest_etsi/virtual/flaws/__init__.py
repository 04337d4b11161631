"""The weaknesses that the virtual camera can be given: each is data, and stands in the file of its family."""

from __future__ import annotations

from pytest_etsi.virtual.flaws._flaw import EDITIONS, Flaw
from pytest_etsi.virtual.flaws.access import AccessFlaw
from pytest_etsi.virtual.flaws.consent import ConsentFlaw, DecisionFlaw
from pytest_etsi.virtual.flaws.disclosure import DisclosureFlaw
from pytest_etsi.virtual.flaws.encryption import EncryptionFlaw
from pytest_etsi.virtual.flaws.erasure import ErasureFlaw
from pytest_etsi.virtual.flaws.guessing import GuessingFlaw
from pytest_etsi.virtual.flaws.guidance import GuidanceFlaw
from pytest_etsi.virtual.flaws.inputs import InputFlaw
from pytest_etsi.virtual.flaws.interfaces import InterfaceFlaw
from pytest_etsi.virtual.flaws.logins import LoginFlaw
from pytest_etsi.virtual.flaws.outages import OutageFlaw
from pytest_etsi.virtual.flaws.passwords import PasswordFlaw
from pytest_etsi.virtual.flaws.peers import PeerFlaw
from pytest_etsi.virtual.flaws.publications import PublicationFlaw
from pytest_etsi.virtual.flaws.storage import StorageFlaw
from pytest_etsi.virtual.flaws.updates import UpdateFlaw

__all__ = [
    "EDITIONS",
    "FLAWS",
    "AccessFlaw",
    "ConsentFlaw",
    "DecisionFlaw",
    "DisclosureFlaw",
    "EncryptionFlaw",
    "ErasureFlaw",
    "Flaw",
    "GuessingFlaw",
    "GuidanceFlaw",
    "InputFlaw",
    "InterfaceFlaw",
    "LoginFlaw",
    "OutageFlaw",
    "PasswordFlaw",
    "PeerFlaw",
    "PublicationFlaw",
    "StorageFlaw",
    "UpdateFlaw",
    "named",
]

_FAMILIES: tuple[type[Flaw], ...] = (
    PasswordFlaw,
    LoginFlaw,
    GuessingFlaw,
    EncryptionFlaw,
    PeerFlaw,
    StorageFlaw,
    OutageFlaw,
    ErasureFlaw,
    ConsentFlaw,
    DecisionFlaw,
    InterfaceFlaw,
    DisclosureFlaw,
    AccessFlaw,
    InputFlaw,
    UpdateFlaw,
    GuidanceFlaw,
    PublicationFlaw,
)
FLAWS: tuple[Flaw, ...] = tuple(flaw for family in _FAMILIES for flaw in family)
"""All of them, family by family."""


def named(label: str) -> Flaw:
    """The flaw called `label`.

    Raises:
        ValueError: there is none; the message names all flaws.
    """
    for flaw in FLAWS:
        if flaw.label == label:
            return flaw
    raise ValueError(f"no flaw is called {label!r}; there are: {', '.join(flaw.label for flaw in FLAWS)}")
