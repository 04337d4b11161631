"""What the justification of an ICS row says in fact: nothing, that something is not done, or a reason.

Read narrowly: a text counts as saying nothing only if every word of it does. A reason in any other words is a reason.
"""

from __future__ import annotations

import re
from functools import cache

from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment.reading.words import says_nothing

__all__ = ["denies", "only_restates", "without_content"]

_MOST_WORDS = 14
_STEM = 5
_AFFIRMED = re.compile(r"(?:y|yes|ok|okay|x|true|compliant|conformant|complied with)", re.IGNORECASE)
_TO_COME = re.compile(r"\b(?:will|shall|to) be\b", re.IGNORECASE)


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(read_json("ics.json")["wording"][kind].split())


def _split(text: str) -> list[str]:
    """The words of a short text in lower case, without figures; of a longer one none."""
    words = re.findall(r"[^\W\d_]+", text.lower().replace("n't", "n not"))
    return words if len(words) <= _MOST_WORDS else []


def without_content(text: str, support: str) -> bool:
    """Whether a justification is empty, a placeholder, or says no more than the answer Y, N or N/A itself."""
    if says_nothing(text):
        return True
    plain, words = text.strip(" \n.,;:!-"), set(_split(text))
    if support == "Y":
        return _AFFIRMED.fullmatch(plain) is not None or _only(words, "done")
    return support == "N/A" and _only(words, "applicable", "negation")


def _only(words: set[str], *kinds: str) -> bool:
    """Whether the words are of these kinds, each of which occurs, but for filler."""
    known = [_words(kind) for kind in kinds]
    return not words.difference(_words("filler"), *known) and all(words & kind for kind in known)


def _not_done(text: str) -> bool:
    words = _split(text)
    # Of two negations one may undo the other.
    once = sum(word in _words("negation") for word in words) == 1
    return (once and _only(set(words), "done", "negation")) or _only(set(words), "undone")


def _planned(text: str) -> bool:
    words = set(_split(text))
    if words.difference(_words("filler"), _words("when"), _words("later"), _words("to_come")):
        return False
    return bool(words & _words("later")) or bool(words & _words("to_come") and _TO_COME.search(text))


def denies(text: str) -> bool:
    """Whether a text says as a whole, and nothing besides, that something is not done, or only planned."""
    return _not_done(text) or _planned(text)


def only_restates(text: str, title: str) -> bool:
    """Whether a text says that a provision is not met, in general words or in those of its title, and no reason."""
    if _not_done(text):
        return True
    words = _split(text)
    little = _words("filler") | _words("done") | _words("negation")
    telling = [word for word in words if word not in little]
    known = re.findall(r"[^\W\d_]+", title.lower())
    return (
        bool(telling)
        and not re.search(r"\d", text)
        and any(word in _words("negation") for word in words)
        and all(any(_alike(word, one) for one in known) for word in telling)
    )


def _alike(word: str, other: str) -> bool:
    """Whether two words are forms of one: update, updates, updated."""
    return word[:_STEM] == other[:_STEM] and abs(len(word) - len(other)) <= _STEM
