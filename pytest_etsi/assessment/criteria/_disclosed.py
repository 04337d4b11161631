"""Disclosed items by what they mean for security, by the rules of ``data/disclosure.json``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment.criteria._versions import is_of_software
from pytest_etsi.probes.disclosure import CONTINUED, OVERLAP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_etsi.probes.disclosure import Disclosed

__all__ = ["Classified", "Meaning", "classify"]

Meaning = Literal["relevant", "unclassified", "harmless"]


@dataclass(frozen=True, slots=True)
class Classified:
    """One item, or the part of it that a rule found.

    Attributes:
        item: as it was collected.
        meaning: relevant for security, harmless, or for a person to say.
        excerpt: the part of the text that decides.
        rule: name of the rule; empty: none fits.
        reason: of the rule.
    """

    item: Disclosed
    meaning: Meaning
    excerpt: str
    rule: str = ""
    reason: str = "no rule knows it"


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    meaning: str
    fields: re.Pattern[str]
    pattern: str
    reason: str
    when: str
    of: str


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            rule["name"],
            rule["class"],
            re.compile(rule.get("fields", "")),
            rule["pattern"],
            rule["reason"],
            rule.get("when", ""),
            rule.get("of", ""),
        )
        for rule in read_json("disclosure.json")["rules"]
    )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def classify(
    items: Iterable[Disclosed], *, derived: Iterable[str] = (), values: Mapping[str, str] | None = None
) -> tuple[Classified, ...]:
    """Say of every item what it means.

    Args:
        items: what was collected.
        derived: values from which a password is made: "mac", "serial", "ssid".
        values: "serial" and "ssid" of this device, where the profile states them.
    """
    known = {name: value for name, value in (values or {}).items() if value}
    return tuple(one for item in items for one in _classify(item, frozenset(derived), known))


def _classify(item: Disclosed, derived: frozenset[str], values: Mapping[str, str]) -> Iterator[Classified]:
    protocols = _compiled(read_json("disclosure.json")["protocol_versions"])
    text = protocols.sub(lambda match: " " * len(match[0]), item.full)
    # What a piece begins with stands in the piece before as well, and there with what it belongs to.
    seen_before = text.find(CONTINUED) + OVERLAP if item.text.startswith(CONTINUED) else 0
    found = False
    for rule in _rules():
        if rule.meaning == "harmless" or not rule.fields.match(item.field):
            continue
        pattern = _pattern(rule, derived, values)
        for match in pattern.finditer(text) if pattern else ():
            if match.end() <= seen_before:
                continue
            if rule.of == "software" and not is_of_software(text, match.start(), match.end()):
                continue
            meaning: Meaning = "relevant" if rule.meaning == "relevant" else "unclassified"
            found = True
            yield Classified(item, meaning, match[0].strip(), rule.name, rule.reason)
    if found:
        return
    for rule in _rules():
        if (
            rule.meaning == "harmless"
            and rule.fields.match(item.field)
            and _compiled(rule.pattern).fullmatch(item.full)
        ):
            yield Classified(item, "harmless", item.full, rule.name, rule.reason)
            return
    yield Classified(item, "unclassified", item.text)


def _pattern(rule: _Rule, derived: frozenset[str], values: Mapping[str, str]) -> re.Pattern[str] | None:
    if not rule.when:
        return _compiled(rule.pattern)
    if rule.when not in derived:
        return None
    if rule.pattern == f"{{{rule.when}}}":
        value = values.get(rule.when)
        return _compiled(re.escape(value)) if value else None
    return _compiled(rule.pattern)
