"""The documents of a run kept as they were: profile, ICS, IXIT and judgements, with the secrets masked.

They are evidence of the run as a whole: named with their hashes in the first line of its record, so that everything
that holds for evidence holds for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_etsi.profile.masked import masked_document

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.evidence import EvidenceStore
    from pytest_etsi.profile import Profile

__all__ = ["FOLDER", "keep_documents"]

FOLDER = "evidence/documents"


def keep_documents(profile: Profile, store: EvidenceStore) -> list[dict[str, Any]]:
    """Keep every document of the profile; gives the items with the name of each, as they stand in the record.

    What a document names beside (captures, certificates, images) is not among them: the profile's fingerprint is
    over it.

    Raises:
        OSError: one could not be read or written.
    """
    items = []
    for path in profile.sources:
        name = _named(path, profile.path.parent)
        text = masked_document(path.read_text(encoding="utf-8", errors="backslashreplace"), store.redact)
        item = store.add(FOLDER, name.replace("/", "-").removesuffix(path.suffix), text, path.suffix)
        items.append(item.to_json() | {"document": name})
    return items


def _named(path: Path, directory: Path) -> str:
    """A document as the profile would name it."""
    return path.relative_to(directory).as_posix() if path.is_relative_to(directory) else path.name
