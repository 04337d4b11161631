"""The words that matter in a text, for the eye: negations and conditions, weak cryptography, other entries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["marked"]

_NEGATIONS = re.compile(
    r"\b(?:not?|none|never|neither|nor|without|unless|except(?:ion)?s?|only|optional(?:ly)?|may|should|by default"
    r"|disabled?|deactivated?|unencrypted|unsigned|plain(?:text)?|clear ?text|hard-?coded|debug\w*"
    r"|nicht|keine?[mnrs]?|niemals|ohne|nur|außer|optional|unverschlüsselt|klartext"
    r"|pas|aucune?|jamais|sans|sauf|seulement|ne|sin|ning[uú]n[ao]?|nunca|salvo|solo"
    r"|non|nessun[ao]?|mai|senza|tranne|geen|niet|nooit|zonder|alleen|nie|bez|tylko|n[aã]o|nenhum[a]?|sem|apenas)\b"
    r"|\w+n't\b|不|没有|無|なし|ない|없",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"\b(?:MD[245]|SHA-?1|3?DES|TDEA|RC[24]|ECB|SSL(?:v[23]| ?[23](?:\.0)?)?|TLS ?v?1(?:\.[01])?(?![.\d])|WEP"
    r"|WPS|TKIP|Telnet|FTP|TFTP|HTTP(?![S\w])|base64|XOR)\b",
)
_ENTRY = re.compile(r"[^\s,;:()\[\]{}\"'`<>|/]+")


def marked(text: str, entries: Collection[str] = ()) -> Text:
    """A text with the words that matter highlighted.

    Args:
        text: as it is shown; nothing is added or left out.
        entries: IDs of the entries of the documents.
    """
    shown = Text(text)
    for match in _NEGATIONS.finditer(text):
        shown.stylize("bold yellow", *match.span())
    for match in _WEAK.finditer(text):
        shown.stylize("bold red", *match.span())
    for match in _ENTRY.finditer(text):
        for end in (match.end(), match.start() + len(match[0].rstrip(".!?"))):
            if text[match.start() : end] in entries:
                shown.stylize("cyan", match.start(), end)
                break
    return shown
