"""Published pages that a judgement is about: which they are, and the mark of what was fetched of them.

A person judges what a page shows, and a page changes without any document of the manufacturer. So the fingerprint of
such a judgement carries a mark of the pages (``sha256:...-9f86d081884c7d65``), which a run compares with what it
fetches.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_etsi.assessment.judgement import GONE, with_mark
from pytest_etsi.dut.reach.documents import Documents
from pytest_etsi.dut.reach.network import Network
from pytest_etsi.dut.reach.recording import Recorder
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_etsi.dut.reach.shelf import Shelf
    from pytest_etsi.probes.webdocs import WebDocument
    from pytest_etsi.profile import Judgement, Profile
    from pytest_etsi.standard import Unit

__all__ = ["addresses", "bound", "fetched", "mark_of"]

_TABLE = "2-UserInfo"
_PUBLISHED = ("Publication of", "Documentation of")
_URL = re.compile(r"https?://[^\s<>\"')\],;]+")


def addresses(profile: Profile, unit: Unit) -> tuple[str, ...]:
    """The addresses of the pages that a unit is judged on, as 2-UserInfo names them; none for a unit on paper."""
    if not unit.functional:
        return ()
    info = profile.ixit.user_info
    fields = [name for name in unit.reads.get(_TABLE, ()) if name.startswith(_PUBLISHED)]
    found = (match[0].rstrip(".").partition("#")[0] for name in fields for match in _URL.finditer(info[name]))
    return tuple(dict.fromkeys(found))


def fetched(profile: Profile, unit: Unit, shelf: Shelf | None = None) -> tuple[WebDocument, ...]:
    """What is published at the addresses of a unit; empty: it has none.

    Args:
        profile: the device's documents.
        unit: a functional unit.
        shelf: keeps what was fetched, and gives it to a run without a network; None: none.

    Raises:
        Inconclusive: the profile does not allow to fetch one of them (``access``), or it gives no answer (``bench``).
    """
    documents = _documents(profile, shelf)
    return tuple(documents.fetch(url) for url in addresses(profile, unit))


@lru_cache(maxsize=8)
def _documents(profile: Profile, shelf: Shelf | None) -> Documents:
    recorder = Recorder()
    return Documents(profile, Network(profile, recorder), recorder, shelf)


def mark_of(pages: Sequence[WebDocument]) -> str:
    """The mark of pages: 16 hexadecimal digits over their own text; `GONE` where one is not there, "" of none."""
    if not all(page.available for page in pages):
        return GONE
    seen = "\0".join(" ".join(page.own_text.split()) if page.readable else page.sha256 for page in pages)
    return hashlib.sha256(seen.encode(errors="replace")).hexdigest()[:16] if pages else ""


def bound(profile: Profile, judgement: Judgement) -> Judgement:
    """A judgement that is being recorded, bound to what its pages show now, if it is about any that can be fetched."""
    try:
        mark = mark_of(fetched(profile, edition(profile.edition).unit(judgement.unit)))
    except Inconclusive:
        return judgement
    if not mark or mark == GONE or not judgement.fingerprint or "-" in judgement.fingerprint:
        return judgement
    return replace(judgement, fingerprint=with_mark(judgement.fingerprint, mark))
