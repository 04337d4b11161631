"""The device profile: what the four documents say, together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi.profile._documents import CATALOGUES, Laboratory

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.profile._documents import DutIdentity
    from pytest_etsi.profile._errors import Problem
    from pytest_etsi.profile._model import EntryAnswer, Ics, Judgement
    from pytest_etsi.profile._tables import Ixit
    from pytest_etsi.profile.access import Access
    from pytest_etsi.profile.unread import Unread

__all__ = ["Profile"]


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A device profile with everything it names; equal to itself only.

    Attributes:
        name: slug; stands in node ids and reports.
        path: the profile's file.
        edition: "1.1.1" or "2.1.1".
        answers: what a person has answered on entries whose documents do not tell whether units concern them.
        permissions: what the units may do to the device, of `pytest_etsi.unit.NEEDS`.
        cryptography: catalogues that count for best practice, of `CATALOGUES`.
        laboratory: who tests for whom.
        virtual: name of the virtual device; None: a real one.
        redactions: values that must not be shown: those from the environment and the secrets file, and every
            credential of the access parts.
        fingerprint: SHA-256 (hex) of all documents but the secrets.
        sources: the files that were read.
        open_problems: what could not be understood, by file and line; it leaves open what rests on it.
        drafts: what a program has drafted and nobody has checked, by file and line; see `pytest_etsi.profile.drafts`.
        nominal: placeholders of a virtual device stand at nominal values, because it is not running.
    """

    name: str
    path: Path
    edition: str
    dut: DutIdentity
    ics: Ics = field(repr=False)
    ixit: Ixit = field(repr=False)
    judgements: tuple[Judgement, ...] = field(repr=False)
    access: Access = field(repr=False)
    permissions: frozenset[str]
    virtual: str | None
    redactions: tuple[str, ...] = field(repr=False)
    fingerprint: str
    sources: tuple[Path, ...]
    nominal: bool = False
    cryptography: tuple[str, ...] = CATALOGUES
    laboratory: Laboratory = field(default_factory=Laboratory, repr=False)
    answers: tuple[EntryAnswer, ...] = field(default=(), repr=False)
    open_problems: tuple[Problem, ...] = ()
    drafts: tuple[Unread, ...] = ()
