"""Designations of models in published texts: exactly this one, also by a short name that the text explains itself."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.profile.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_etsi.probes.webdocs.model import Passage

__all__ = ["expanded", "names_model"]

_GOES_ON = re.compile(
    r"\+|[-/_.](?=\w)\w*|\s+\(?(?:\d\w{0,3}\.?\s)?gen(?:\b|era[ct]i|erazi)"
    r"|\s+[b-df-hj-np-tvx](?![\w'./\xb0])|\s+[a-z](?=\s*[|;,)]|\s*\Z)"
    r"|\s+(?:(?:plus|pro|max|mini|lite|ultra|se|xl|air|mk|series|serie|range|family|reihe|sarja|gamme)\b|\d|[ivx]{1,4}\b)",
)
"""What makes another model of a designation that stands before it, in the plain form.

A letter alone does ("EC 2 S"), unless it is a word of one of the languages within a sentence ("the EC 2 a un an").
"""
_EXPLAINED = re.compile(
    r"(?<![\w-])([A-Z][A-Z0-9-]{1,11})\s{0,3}=\s{0,3}([^=;,|]{2,80}?)(?=[;,|]|[.)](?:\s|$)|$)"
)
"""``EC2 = ExampleCam 2``: a short name in capitals and figures, and what it stands for."""


def names_model(text: str, model: str) -> bool:
    """Whether a text in its plain form names exactly this model, and no other one whose name begins so."""
    wanted = re.escape(plain(model))
    for match in re.finditer(rf"(?<![\w-])(?<!\w[-.+/]){wanted}(?!\w)", text):
        if not _GOES_ON.match(text, match.end()):
            return True
    return False


def expanded(passages: Sequence[Passage], model: str) -> tuple[Passage, ...]:
    """The passages, with the model behind each short name that the text explains as it: ``EC2 [ExampleCam 2]``."""
    explained: dict[str, set[str]] = {}
    for one in passages:
        for match in _EXPLAINED.finditer(one.text):
            explained.setdefault(match[1], set()).add(plain(match[2]))
    keys = [key for key, names in explained.items() if names == {plain(model)}]
    return tuple(_expanded(one, keys, model) for one in passages) if keys else tuple(passages)


def _expanded(one: Passage, keys: Iterable[str], model: str) -> Passage:
    if _EXPLAINED.search(one.text):
        return one  # where the names are explained, nothing is said of the models
    cells = tuple((_with(head, keys, model), _with(cell, keys, model)) for head, cell in one.cells)
    chapter = tuple(_with(name, keys, model) for name in one.chapter)
    return replace(one, text=_with(one.text, keys, model), cells=cells, chapter=chapter)


def _with(text: str, keys: Iterable[str], model: str) -> str:
    for key in keys:

        def behind(match: re.Match[str], key: str = key) -> str:
            goes_on = _GOES_ON.match(match.string.casefold(), match.end())
            return key if goes_on else f"{key} [{model}]"

        text = re.sub(rf"(?<![\w-])(?<!\w[-.+/]){re.escape(key)}(?!\w)", behind, text)
    return text
