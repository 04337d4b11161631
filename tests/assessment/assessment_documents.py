"""A small complete set of documents for the tests of the assessment, written as files."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from yaml_text import dumped

from pytest_etsi.profile import Profile, load_profile
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from pathlib import Path

WEB = {
    "ID": "AuthMech-web",
    "Description": "Login of the owner in the web page.",
    "Authentication Factor": "Password, chosen by the user.",
    "facts": {
        "subject": "user",
        "interface": "network",
        "factors": ["password"],
        "password": {"origin": "user-defined"},
    },
}
LABEL = {
    "ID": "AuthMech-stream",
    "Description": "Login to the video stream.",
    "Authentication Factor": "Password on the label.",
    "facts": {
        "subject": "user",
        "interface": "network",
        "factors": ["password"],
        "password": {"origin": "pre-installed"},
    },
}
VAGUE = {"ID": "AuthMech-vague", "Description": "Some login."}


def documents(edition_id: str = "1.1.1") -> dict[str, Any]:
    """Documents in which every provision is claimed and only 1-AuthMech has entries."""
    catalogue = edition(edition_id)
    return {
        "format": 1,
        "name": "lamp",
        "edition": edition_id,
        "dut": {"manufacturer": "Example", "model": "Lamp", "hardware": "A", "software": "1.0"},
        "ics": {
            provision.id: {"support": "Y", "detail": "done"}
            for provision in catalogue.provisions
            if provision.id not in ("4-1", "5.0-1")
        },
        "ixit": {table.id: {} if table.single else [] for table in catalogue.tables}
        | {"1-AuthMech": [copy.deepcopy(WEB), copy.deepcopy(LABEL)]},
        "judgements": [],
        "access": {"network": {"hosts": ["127.0.0.1"]}},
    }


def load(directory: Path, content: dict[str, Any], **options: Any) -> Profile:
    """The profile of these documents, by way of a file."""
    path = directory / "lamp.yaml"
    path.write_text(dumped(content), encoding="utf-8")
    return load_profile(path, **options)


def judgement(unit: str, fingerprint: str, entry: str | None = None, **changes: Any) -> dict[str, Any]:
    """A judgement that the unit holds."""
    named = {"entry": entry} if entry else {}
    return {
        "unit": unit,
        **named,
        "verdict": "PASS",
        "assessor": "A. Person",
        "date": "2026-11-02",
        "rationale": "Looked at closely.",
        "basis": "own-examination",
        "fingerprint": fingerprint,
    } | changes
