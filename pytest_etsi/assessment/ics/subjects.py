"""What provisions are about, as far as data tell: whether one sentence can be the reason for several of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pytest_etsi.assessment._data import read_json
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.standard import Provision

__all__ = ["share_a_subject"]


def share_a_subject(edition_id: str, provisions: Iterable[Provision]) -> bool:
    """Whether there is something that all provisions are about, so that one reason may be that of all."""
    return bool(
        set.intersection(*(set(_subjects(edition_id, one.id, one.conditional)) for one in provisions))
    )


@cache
def _subjects(edition_id: str, provision: str, conditional: tuple[str, ...]) -> frozenset[str]:
    """The conditions of a provision, the features that it has in the newer edition, and what these imply.

    Edition 1.1.1 leaves many provisions unconditional that plainly share a subject, such as personal data.
    """
    later = edition("2.1.1")
    known = {one.id for one in later.provisions}
    features = set(later.provision(provision).conditional) if provision in known else set()
    implied = {
        rule["then"]
        for rule in read_json("ics.json")["2.1.1"]["implications"]
        if rule["when"] in features and not rule["then"].startswith("!")
    }
    return frozenset({f"{edition_id} {name}" for name in conditional} | features | implied)
