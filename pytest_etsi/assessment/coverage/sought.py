"""What is looked for on account of an IXIT entry: the words it gives, and what its prose speaks of."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_etsi.assessment.coverage import vocabulary
from pytest_etsi.assessment.coverage.denial import PERHAPS, Stance, stance_of
from pytest_etsi.assessment.coverage.looking import Sought
from pytest_etsi.probes.webdocs.language import language_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_etsi.assessment.coverage.reading import Part, Text

__all__ = [
    "NO_DATA",
    "SENSORS",
    "familiar",
    "named_at",
    "names",
    "prose_language",
    "quoted",
    "sought_data",
    "sought_decision",
    "sought_deletion",
    "sought_interface",
    "sought_sensor",
    "spoken_of",
]

SENSORS = (
    "camera", "microphone", "motion", "temperature", "humidity", "light", "location", "presence", "smoke", "air",
    "pressure", "heart-rate", "fingerprint", "face", "distance", "weight", "energy",
)  # fmt: skip
"""Concepts of things that are sensors or what they perceive."""

NO_DATA = frozenset({"camera", "microphone", "distance"})
"""Concepts of things that are parts of a device: "restart count of the camera" speaks of no camera picture."""

_QUOTED = re.compile(
    r"[\"\u201c\u201e\u00ab\u201d]\s*([^\"\u201c\u201d\u00bb\u00ab]{2,80}?)\s*[\"\u201d\u201c\u00bb]"
)


def quoted(text: str) -> tuple[str, ...]:
    """What stands in quotes in a text: titles of chapters, names of buttons."""
    return tuple(dict.fromkeys(match[1] for match in _QUOTED.finditer(text)))


def prose_language(text: str) -> str:
    """The language of a field of the IXIT: most are written in English."""
    return language_of(text) or "en"


@lru_cache(maxsize=1024)  # each page that is read asks of the same fields
def spoken_of(
    file: str, text: str, among: tuple[str, ...] | None = None, *, as_: frozenset[Stance] = PERHAPS
) -> tuple[str, ...]:
    """The concepts of the vocabulary that a field of the IXIT states, or may state; what it denies is left out.

    Args:
        file: of the vocabulary.
        text: of the field.
        among: only these concepts; None: all of the file.
        as_: what has to be said of a concept.
    """
    language = prose_language(text)
    short = vocabulary.folded(text)
    return tuple(
        concept
        for concept in (vocabulary.concepts(file) if among is None else among)
        if any(
            stance_of(short, match.start(), match.end(), language) in as_
            for match in vocabulary.pattern(file, concept, language).finditer(short)
        )
    )


def sought_sensor(name: str, description: str, words: Sequence[str] = ()) -> Sought:
    """An entry of 22-ExtSens."""
    concepts = spoken_of("things", description, SENSORS)
    if words:
        concepts = tuple(
            one for one in concepts if one != "camera"
        )  # what a camera's manual calls the camera
    return Sought(name, tuple(words), "things", concepts[:1], ("sensor",), prose_language(description))


_TECHNICAL = ("technical", "diagnostic", "usage")
_UMBRELLAS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("uptime", "restarts", "crash", "logs", "failed-logins", "memory", "wifi-signal", "battery", "software-version",
         "serial-number", "device-id", "device-name", "mac-address", "ip-address", "network-name"), _TECHNICAL),
    **dict.fromkeys(("name", "user-name", "e-mail", "phone", "address", "birth", "password", "contacts", "payment"),
                    ("personal",)),
    **dict.fromkeys(("heart-rate", "weight", "sleep", "activity", "fingerprint", "face"),
                    ("health", "sensor", "personal")),
    **dict.fromkeys(("picture", "video", "audio"), ("recordings", "sensor")),
    **dict.fromkeys(("temperature", "humidity", "light", "motion", "presence", "air", "pressure", "smoke", "energy"),
                    ("sensor", "usage")),
    **dict.fromkeys(("usage-history", "schedule", "access-log", "codes", "map"), ("usage", "personal")),
    "location": ("sensor", "usage", "personal"),
}  # fmt: skip
"""Concept -> umbrella terms that may include it."""
_ALL_UMBRELLAS = ("technical", "diagnostic", "usage", "personal", "health", "sensor", "recordings")


def sought_data(name: str, description: str, words: Sequence[str] = ()) -> Sought:
    """An entry of 21-PersData or 24-TelData."""
    among = tuple(one for one in vocabulary.concepts("things") if one not in NO_DATA)
    concepts = spoken_of("things", description, among)
    if concepts:  # "telephone number, not shown to others" is still one of those that have to be named
        concepts = spoken_of("things", description, among, as_=PERHAPS | {Stance.NEGATED})
    if "user-name" in concepts:  # which is a name, too; another one may be spoken of beside it
        short = vocabulary.folded(description)
        user_name = vocabulary.pattern("things", "user-name", prose_language(description))
        if not spoken_of("things", user_name.sub(" ", short), ("name",)):
            concepts = tuple(one for one in concepts if one != "name")
    wide = [umbrella for one in concepts for umbrella in _UMBRELLAS.get(one, _ALL_UMBRELLAS)]
    umbrellas = tuple(dict.fromkeys(wide)) or _ALL_UMBRELLAS
    return Sought(name, tuple(words), "things", concepts, umbrellas, prose_language(description))


_FUNCTIONS = ("reset", "account", "recordings", "map", "history", "service")


def sought_deletion(name: str, description: str, how: str, words: Sequence[str] = ()) -> Sought:
    """An entry of 25-DelFunc: what it is called, the buttons that start it, and the kind of function that it is."""
    concepts = spoken_of("deletion", description, _FUNCTIONS) or spoken_of("deletion", how, _FUNCTIONS)
    buttons = (title for title in quoted(how) if len(title.split()) > 1)  # "Account" leads to much else
    return Sought(name, (*words, *buttons), "deletion", concepts[:1], (), prose_language(description))


_TOPICS = {
    "password": ("things", "password"),
    "updates": ("purposes", "updates"),
    "network": ("decisions", "network"),
    "remote-access": ("decisions", "remote-access"),
}


def sought_decision(name: str, description: str, topic: str | None, words: Sequence[str] = ()) -> Sought:
    """An entry of 26-UserDec."""
    file, concept = _TOPICS.get(topic or "", ("things", ""))
    concepts = (concept,) if concept else spoken_of("things", description, ("password", "location"))[:1]
    if words and file == "decisions":
        concepts = ()  # what the IXIT calls it is what it has to be told by
    return Sought(name, tuple(words), file, concepts, (), prose_language(description))


def sought_interface(name: str, description: str, words: Sequence[str] = ()) -> Sought:
    """An entry of 27-UserIntf."""
    return Sought(
        name,
        tuple(words),
        "interfaces",
        spoken_of("interfaces", description),
        (),
        prose_language(description),
    )


def familiar(sought: Sequence[Sought], text: Text) -> tuple[Sought, ...]:
    """The same, with what the text itself shows of the words that are looked for.

    Words that the IXIT gives are of the language of the text where those of one entry stand in it. Usual names are in
    use there where another entry is found by them. These are the witnesses for what is not found.
    """
    found = tuple(one.name for one in sought if any(names(one, part) for part in text.parts))
    given = any(
        one.words and any(vocabulary.literal(one.words).search(part.short) for part in text.parts)
        for one in sought
    )
    return tuple(
        replace(
            one,
            language=text.written_in[0] if given and text.written_in else one.language,
            witnessed=any(other != one.name for other in found),
        )
        for one in sought
    )


def named_at(sought: Sought, sentence: str, language: str) -> tuple[tuple[int, int], ...]:
    """Where a sentence names what is sought, in whatever way: places in its folded text."""
    short = vocabulary.folded(sentence)
    patterns = [vocabulary.literal(sought.words)] if sought.words else []
    patterns += [sought.pattern(one, language) for one in sought.concepts if language]
    return tuple(match.span() for pattern in patterns for match in pattern.finditer(short))


def names(sought: Sought, part: Part) -> bool:
    """Whether a passage names what is sought, in whatever way."""
    if sought.words and vocabulary.literal(sought.words).search(part.short):
        return True
    return bool(part.language) and any(
        sought.pattern(one, part.language).search(part.short) for one in sought.concepts
    )
