"""Whether a text tells of a decision or a deletion so fully by its usual names that no words of the IXIT are needed.

"Password", "reset" and "account" are names of many things, so that a mention alone shows nothing. Remote access, and
the protection of the wireless network by an option that the IXIT has, are one thing each; and a chapter that asks the
reader to do something, and says as its result that all data are erased, tells of erasing them whatever the button is
called.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.coverage import vocabulary
from pytest_etsi.assessment.coverage.asking import advises, advises_otherwise, asks, is_a_step, offers
from pytest_etsi.assessment.coverage.denial import Stance, denies
from pytest_etsi.assessment.coverage.plain import limiting_in, sentences
from pytest_etsi.assessment.coverage.sought import named_at
from pytest_etsi.probes.webdocs.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_etsi.assessment.coverage.looking import Sought
    from pytest_etsi.assessment.coverage.reading import Part, Text

__all__ = ["FILE", "is_decided_in", "is_erased_in", "is_known_by_name", "tells_of_it"]

FILE = "usual"
"""The file of the vocabulary with decisions that have a name of their own."""
_STANDARD = re.compile(r"(?<!\w)wpa[23](?!\w)")
_ELSEWHERE = ("phones", "other-devices")
_BESIDE = {"reset": ("account", "service", "recordings", "map", "history"), "account": ("recordings",)}
"""What a function erases that is none of this kind."""


def is_known_by_name(sought: Sought) -> bool:
    """Whether it is a decision or a deletion for which the IXIT gives no words, and that has a usual name."""
    return not sought.words and (
        sought.file == FILE or (sought.file == "deletion" and sought.concepts in (("reset",), ("account",)))
    )


def tells_of_it(sentence: str, part: Part, sought: Sought) -> bool:
    """Whether a sentence that names such a thing is of the few forms that take nothing back of it.

    It asks the reader to do something, offers or advises it, is no more than a name, or says that all is erased.
    """
    language, short = part.language, vocabulary.folded(sentence)
    if sought.file == FILE:
        if advises_otherwise(short, language):
            return True
        told = _leaves_it_to_the_reader(sentence, language) and not _is_conditional(short, language)
        return told and not denies(short, language)
    if denies(short, language):
        return False
    return is_a_step(sentence, language) or _is_the_end_of_all(sentence, part, sought.concepts[0])


def _is_conditional(short: str, language: str) -> bool:
    return vocabulary.says("conditions", short, language)


def is_decided_in(part: Part, text: Text, sought: Sought, options: str) -> bool:
    """Whether a passage asks or advises the reader to decide it, or says that they can, in a sentence of its own.

    Args:
        part: a passage that names it.
        text: in which it stands.
        sought: the decision, of the file `FILE`.
        options: of it, as the IXIT gives them; of the network one has to be named by its standard.
    """
    if not part.language or part.passage.kind is Kind.HEADING:
        return False
    for sentence in sentences(part):
        short = vocabulary.folded(sentence)
        places = named_at(sought, sentence, part.language)
        named = "network" not in sought.concepts or bool(_standards(short) & _standards(options))
        if places and named and _leaves_it_to_the_reader(sentence, part.language):
            stated = {part.stance_in(sentence, *place) for place in places} == {Stance.STATED}
            return stated and not _is_of_another_device(part, sentence, text)
    return False


def _standards(text: str) -> frozenset[str]:
    return frozenset(_STANDARD.findall(vocabulary.folded(text)))


def _leaves_it_to_the_reader(sentence: str, language: str) -> bool:
    short = vocabulary.folded(sentence)
    chosen = any(vocabulary.says(manner, short, language) for manner in ("choosing", "advice-firm"))
    return chosen and (asks(sentence, language) or offers(sentence, language) or advises(sentence, language))


def _is_of_another_device(part: Part, sentence: str, text: Text) -> bool:
    """Whether the sentence, its headings, or what stands before it in its chapter, names a telephone or a router."""
    before = [*part.passage.chapter[1:]]
    for other in text.chapter_of(part):
        if other is part:
            break
        before.append(other.passage.text)
    own = part.passage.text
    before.append(own[: own.find(sentence) + len(sentence)])
    return any(
        vocabulary.says(manner, vocabulary.folded(one), part.language)
        for one in before
        for manner in _ELSEWHERE
    )


def is_erased_in(parts: Sequence[Part], concept: str) -> bool:
    """Whether a chapter asks the reader to do something and says, as what comes of it, that all data are erased.

    Args:
        parts: of the chapter, its heading included.
        concept: the kind of function: ``reset`` or ``account``.
    """
    told = list(_told(parts))
    if not told or any(denies(vocabulary.folded(one), part.language) for part, one in told):
        return False
    asked = [number for number, (part, one) in enumerate(told) if is_a_step(one, part.language)]
    come = [number for number, (part, one) in enumerate(told) if _is_the_end_of_all(one, part, concept)]
    others = (*_ELSEWHERE[:1],) if concept == "account" else _ELSEWHERE
    return (
        bool(asked and come)
        and asked[0] < come[0]
        and not any(
            vocabulary.says(manner, vocabulary.folded(one), part.language)
            for part, one in told
            for manner in others
        )
    )


def _told(parts: Sequence[Part]) -> Iterator[tuple[Part, str]]:
    for part in parts:
        if part.language and part.passage.kind is not Kind.HEADING:
            yield from ((part, one) for one in sentences(part))


def _is_the_end_of_all(sentence: str, part: Part, concept: str) -> bool:
    """Whether a sentence states that all data are erased, by nobody's leave, and of this function."""
    language, short = part.language, vocabulary.folded(sentence)
    erased = vocabulary.pattern(FILE, "erased", language)
    everything = vocabulary.pattern(FILE, "everything", language).search(short)
    if everything is None or not erased.search(short) or asks(sentence, language) or short.endswith("?"):
        return False
    rest = erased.sub(" ", short)
    if limiting_in(rest, language) or vocabulary.pattern(FILE, "when", language).search(rest):
        return False
    if any(vocabulary.pattern("deletion", one, language).search(rest) for one in _BESIDE[concept]):
        return False
    named = concept == "reset" or vocabulary.pattern("deletion", concept, language).search(rest) is not None
    return named and part.stance_in(sentence, *everything.span()) is Stance.STATED
