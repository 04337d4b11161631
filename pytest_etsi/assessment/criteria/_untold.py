"""What the documents say is not told without a login, kind by kind of the values of a device."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.reading.answers import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["denies", "speaks_of"]

_SPOKEN_OF = {
    "serial number": r"(?:serial(?:[ -]?(?:numbers?|no\b\.?))?+|s/n)",
    "MAC address": r"(?:mac(?:[ -]address(?:es)?)?|(?:hardware|physical) address(?:es)?)",
    "name of the network": r"(?:ssid|names? of (?:the|its) (?:wireless |wi-?fi )?networks?|network names?)",
    "software version": r"(?:(?:software|firmware)(?:[ -](?:versions?|release))?|versions?)",
    "model": r"(?:models?(?:[ -](?:names?|numbers?|designation))?)",
}
"""How documents call what the profile states."""
_TELLS = (
    r"(?:t(?:ell|old)|disclos|show|gives?\b|given|reveal|sen[dt]|announc|expos|includ|publish|transmit|contain|visible"
    r"|available|mention|broadcast|carr(?:y|ie))\w*"
)
_UP_TO = r"(?:(?!\b(?:only|but|except|just)\b).)*?"
_LOGIN = r"(?:log[ -]?in|authentication|passwords?|credentials?|logging in|signing in|account)"
_WITHOUT_LOGIN = re.compile(
    rf"\b(?:without|before|needs?|requires?|no)\s+(?:(?:a|any|no|prior|previous)\s+)*{_LOGIN}\b"
    r"(?: (?:is|are) (?:needed|required|necessary))?|\bnot only\b",
    re.IGNORECASE,
)
"""Words that say to whom something is told, or that more is; they deny nothing."""
_OTHERWISE = re.compile(
    r"\b(?:made|derived?|generated|calculated|computed|based|depends?|relevant|needs?|secrets?|hide|protect\w*|harm\w*"
    r"|passwords?|tokens?|reason|matters?)\b",
    re.IGNORECASE,
)
"""Words by which a clause speaks of something else than of what is told."""
_NOTHING_ELSE = re.compile(
    r"\b(?:nothing|no) (?:else|more|further|other)\b(?!\W+(?:\w+\W+)?(?:security|sensitive|relevant|critical))",
    re.IGNORECASE,
)
_OPEN_LIST = re.compile(rf"(?i)\b(?:no|neither|nor|without)\b(?!.*\b(?:is|are|was|were|be|{_TELLS})\b)")


def denies(said: str, what: str) -> bool:
    """Whether a text says that a value is not told: by its kind, or because nothing else is.

    Args:
        said: "Disclosed Information" of an interface.
        what: "serial number", "MAC address", "name of the network", "software version" or "model".
    """
    denied = False
    for clause in _clauses(said):
        if not speaks_of(clause, what) or _OTHERWISE.search(clause):
            continue
        if not _is_denied(clause, _SPOKEN_OF[what]):
            return False  # said in one place and denied in another: for a person
        denied = True
    return denied or (not speaks_of(said, what) and bool(_NOTHING_ELSE.search(said)))


def speaks_of(said: str, what: str) -> bool:
    """Whether a text speaks of such a value at all."""
    return re.search(rf"\b{_SPOKEN_OF[what]}(?!\w)", said, re.IGNORECASE) is not None


def _is_denied(clause: str, spoken: str) -> bool:
    before = rf"(?:\b(?:no|neither|nor|without|never|cannot)\b|(?:\bnot|n't)\W+(?:\w+\W+){{0,2}}?{_TELLS}|^\W*not\b)"
    after = rf"(?:\b(?:not|never|nowhere|cannot)\b|n't\b)(?:\W+\w+){{0,2}}?(?:\W+{_TELLS}|\W*$)"
    later = rf"(?:{_TELLS}\s+only|only\s+{_TELLS})\s+(?:after|with|behind|to|once)\b"
    return bool(
        re.search(rf"{before}{_UP_TO}\b{spoken}(?!\w)", clause, re.IGNORECASE)
        or re.search(rf"\b{spoken}(?!\w){_UP_TO}{after}", clause, re.IGNORECASE)
        or re.search(rf"\b{spoken}(?!\w).*{later}", clause, re.IGNORECASE)
    )


def _clauses(said: str) -> Iterator[str]:
    """The parts of a text between its stops; a list that begins with a negation stays whole."""
    for sentence in sentences(said):
        held = ""
        for part in re.split(r"[;,]|:(?!\s*(?:not|never)\b)|\bbut\b", _WITHOUT_LOGIN.sub(" ", sentence)):
            begins_anew = re.match(r"\s*(?:only|just|and only)\b", part, re.IGNORECASE)
            if held and not begins_anew:
                part = f"{held} {part}"
            elif held:
                yield held
            held = part if _OPEN_LIST.search(part) else ""
            if not held:
                yield part
        if held:
            yield held
