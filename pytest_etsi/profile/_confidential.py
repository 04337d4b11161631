"""The values of a profile that must not be shown, wherever they came from: file, environment or virtual device."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from pytest_etsi.profile._handed import SecretText, handed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_etsi.profile._documents import ProfileDocument
    from pytest_etsi.profile._tables import Ixit
    from pytest_etsi.standard import Edition

__all__ = ["confidential", "told_anyway"]

_CONSTANTS = frozenset({"true", "false", "null", "none"})


def confidential(models: Iterable[object], public: frozenset[str], standard: Edition) -> Iterator[str]:
    """What the models hand over and must not be seen.

    Beside what is declared to be a secret, that is every value that may be one: not what is `public`, and not the words
    of the standard, in which every report is written. Such a word would show by its gaps.

    Args:
        models: parts of the documents.
        public: values that are told anyway, or were marked as no secret.
        standard: edition whose words reports are written in.
    """
    words = _words(standard)
    for model in models:
        for value in handed(model):
            for text in value.kept_secret():
                bare = text.strip()
                if isinstance(value, SecretText) or not (bare in public or bare.lower() in words):
                    yield text


def told_anyway(profile: ProfileDocument, ixit: Ixit) -> frozenset[str]:
    """What reports have to name: the device, its addresses, its users, operations and entries."""
    dut, access = profile.dut, profile.access
    told: set[str | None] = {dut.manufacturer, dut.model, dut.hardware, dut.software, dut.serial, dut.mac}
    told |= {dut.ssid, *dut.labels, *access.operations}
    if access.network is not None:
        told |= {*access.network.hosts}
    for table in ixit:
        told |= {entry.id for entry in table}
    for entry in ixit.auth_mech:
        told |= {entry.access.username}
        if entry.access.second_account is not None:
            told |= {entry.access.second_account.username}
    return frozenset(text for text in told if text)


@cache
def _words(standard: Edition) -> frozenset[str]:
    texts = [text for unit in standard.units for text in (unit.does, unit.how, unit.scope or "")]
    texts += [group.title for group in standard.groups]
    texts += [provision.title for provision in standard.provisions]
    texts += [
        text for table in standard.tables for field in table.fields for text in (field.name, field.meaning)
    ]
    return _CONSTANTS.union(re.findall(r"[a-z]{3,}", " ".join(texts).lower()))
