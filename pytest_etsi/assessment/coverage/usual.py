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
from pytest_etsi.assessment.coverage.asking import advises, advises_otherwise, asks, is_a_step, offered_in
from pytest_etsi.assessment.coverage.denial import Stance, denies
from pytest_etsi.assessment.coverage.plain import limiting_in, sentences
from pytest_etsi.assessment.coverage.sought import named_at
from pytest_etsi.probes.webdocs.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_etsi.assessment.coverage.looking import Sought
    from pytest_etsi.assessment.coverage.reading import Part, Text

__all__ = ["FILE", "is_decided_in", "is_erased_in", "is_known_by_name", "takes_nothing_back"]

FILE = "usual"
"""The file of the vocabulary with decisions that have a name of their own."""
_WORD = re.compile(r"\w{2,}")
_STANDARD = re.compile(r"(?<!\w)wpa[23](?!\w)")
_VERB_LAST = frozenset({"de", "nl"})
_NEAR = 40
"""Letters at the beginning of what is offered, in which its object stands."""
_STEM = 4
"""Letters by which a device is known again in a title, however it ends."""
_ELSEWHERE = ("phones", "other-devices")
_BESIDE = {"reset": ("account", "service", "recordings", "map", "history"), "account": ("recordings",)}
"""What a function erases that is none of this kind."""


def is_known_by_name(sought: Sought) -> bool:
    """Whether it is a decision or a deletion for which the IXIT gives no words, and that has a usual name."""
    return not sought.words and (
        sought.file == FILE or (sought.file == "deletion" and sought.concepts in (("reset",), ("account",)))
    )


def takes_nothing_back(sentence: str, part: Part, sought: Sought, names: Sequence[str]) -> bool:
    """Whether a sentence is of the few forms that take nothing back of such a thing; its words are ordinary ones.

    It asks the reader to do something, offers or advises it, says what is seen then, or that all is erased, and names
    no device but that of the title: "all settings are closed" and "choose it on the hub" are of ordinary words, too.
    """
    language, short = part.language, vocabulary.folded(sentence).strip(" .!")
    own = (*names, *part.passage.chapter[:1])
    if vocabulary.pattern(FILE, "bygone", language).search(_without_fallback(short, language)):
        return False
    if advises_otherwise(short, language) or vocabulary.pattern(FILE, "is-off", language).fullmatch(short):
        return not _names_another_device(short, language, own)
    if denies(short, language) and not _is_on_a_password(part, sentence, sought):
        return False
    if _names_another_device(short, language, own):
        return False
    if sought.file == "deletion" and any(
        _is_the_end_of_all(sentence, part, concept, own) for concept in ("reset", "account")
    ):
        return True
    if seen := vocabulary.pattern(FILE, "seen", language).match(short):
        rest = vocabulary.pattern(FILE, "sight", language).sub(" ", short[seen.end() :])
        return not named_at(sought, sentence, language) and not _WORD.search(rest)
    done = is_a_step(sentence, language) or vocabulary.pattern(FILE, "set-up", language).match(short)
    chosen = bool(offered_in(sentence, language)) or advises(sentence, language)
    if vocabulary.pattern(FILE, "others", language).search(short) or not (done or chosen):
        return False
    erases = vocabulary.pattern("deletion", "verbs", language).search(short) is not None
    if sought.file == "deletion" and _speaks_of_data(short, language) and not erases:
        return False
    if sought.file == FILE and named_at(sought, sentence, language):
        return _leaves_it_to_the_reader(sentence, language) and not _is_conditional(short, language)
    return True


def _names_another_device(short: str, language: str, own: Sequence[str]) -> bool:
    """Whether it names a device that neither the title nor the product's name has, but for a router that lacks WPA3."""
    bare = _without_fallback(short, language)
    known = vocabulary.folded(" ".join(own))
    return any(
        match[0][:_STEM] not in known
        for match in vocabulary.pattern(FILE, "devices", language).finditer(bare)
    )


def _without_fallback(short: str, language: str) -> str:
    return vocabulary.pattern(FILE, "fallback", language).sub(" ", short)


def _speaks_of_data(short: str, language: str) -> bool:
    return vocabulary.pattern(FILE, "data", language).search(short) is not None or any(
        vocabulary.pattern("deletion", one, language).search(short)
        for one in ("anything", "recordings", "map", "history")
    )


def _is_on_a_password(part: Part, sentence: str, sought: Sought) -> bool:
    """Whether a sentence with a denial stands below a title on passwords, asks something, and names nothing sought."""
    titles = vocabulary.folded(" ".join(part.passage.chapter[1:]))
    return (
        vocabulary.pattern("things", "password", part.language).search(titles) is not None
        and asks(sentence, part.language)
        and sought.file == FILE
        and not named_at(sought, sentence, part.language)
    )


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
        if places and named and _is_the_object(sentence, part.language, sought):
            stated = {part.stance_in(sentence, *place) for place in places} == {Stance.STATED}
            return stated and not _is_of_another_device(part, sentence, text)
    return False


def _standards(text: str) -> frozenset[str]:
    return frozenset(_STANDARD.findall(vocabulary.folded(text)))


def _leaves_it_to_the_reader(sentence: str, language: str) -> bool:
    short = vocabulary.folded(sentence)
    chosen = any(vocabulary.says(manner, short, language) for manner in ("choosing", "advice-firm"))
    offered = offered_in(sentence, language)
    if offered and language not in _VERB_LAST:
        return vocabulary.pattern("manner", "choosing", language).match(offered) is not None
    return chosen and (asks(sentence, language) or bool(offered) or advises(sentence, language))


def _is_the_object(sentence: str, language: str, sought: Sought) -> bool:
    """Whether it is what the reader is to decide, by the beginning of what is offered, and no password for it."""
    offered = offered_in(sentence, language)
    if offered and language not in _VERB_LAST and not named_at(sought, offered[:_NEAR], language):
        return False
    password = vocabulary.pattern("things", "password", language).search(vocabulary.folded(sentence))
    return _leaves_it_to_the_reader(sentence, language) and not password


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


def _is_the_end_of_all(sentence: str, part: Part, concept: str, own: Sequence[str] = ()) -> bool:
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
    for file, about in (
        ("usual", "everything"),
        ("usual", "around"),
        ("usual", "devices"),
        ("deletion", "reset"),
    ):
        rest = vocabulary.pattern(file, about, language).sub(" ", rest)
    if concept == "account":
        for about in ("account", "service"):
            rest = vocabulary.pattern("deletion", about, language).sub(" ", rest)
    words = vocabulary.folded(" ".join((*own, *part.passage.chapter[:1])))
    if any(word[:_STEM] not in words for word in _WORD.findall(rest)):
        return False  # of what else it says nothing is known
    return named and part.stance_in(sentence, *everything.span()) is Stance.STATED
