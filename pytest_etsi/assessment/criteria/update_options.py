"""What users can set about updates in edition 2.1.1, on paper (5.3-4A-1, 5.3-6A-1, 5.3-6B-1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from pytest_etsi.assessment.criteria.update_use import configurable, nothing_to_set
from pytest_etsi.assessment.findings import Findings
from pytest_etsi.assessment.reading.answers import lacks, note, unknown, violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.profile.entries import UpdMechEntry

__all__ = ["can_be_automatic", "each"]

_SPOKEN: Mapping[str, re.Pattern[str]] = {
    "enable": re.compile(r"\b(?:on|enabl\w*|activat\w*)\b", re.IGNORECASE),
    "disable": re.compile(r"\b(?:off|disabl\w*|deactivat\w*)\b", re.IGNORECASE),
    "postpone": re.compile(
        r"\b(?:postpon\w*|delay\w*|defer\w*|later|snooz\w*|put\w* off|time window|schedul\w*|remind\w*|days?)\b",
        re.IGNORECASE,
    ),
}
"""Options -> words by which a text may speak of one that the facts leave out."""


def can_be_automatic(entry: UpdMechEntry) -> Findings:
    """What refutes that the settings let a mechanism run without the user (5.3-4A-1 a)."""
    field = "Configuration"
    facts = entry.facts
    if facts.interaction == "automatic" or "enable" in facts.user_options:
        return Findings(lacks(entry, field, expected="what the user can set about automation"))
    if facts.interaction is None:
        return Findings(_untold(entry))
    if facts.user_options or nothing_to_set(entry):
        message = f"takes the user ({facts.interaction}), and nothing that can be set makes it automatic"
        return Findings((violation(entry, field, message, expected="a setting for automatic updates"),))
    return Findings(_untold(entry))


def _untold(entry: UpdMechEntry) -> Iterator[Finding]:
    field = "Configuration"
    missing = list(lacks(entry, field, expected="what the user can set about automation"))
    yield from missing
    if not missing:
        yield note(entry, field, "facts.user_options does not say whether it can be set to automatic")


def each(
    entry: UpdMechEntry,
    what: Literal["updates", "notifications"],
    wanted: tuple[Literal["enable", "disable", "postpone"], ...],
) -> Findings:
    """Whether the user has each of the options about automatic updates, or notifications (5.3-6A-1 b, 5.3-6B-1 a).

    Args:
        entry: of 7-UpdMech.
        what: "updates" or "notifications".
        wanted: the options; that each of them is needed is reconstructed.
    """
    if found := configurable(entry, what):
        return found
    fact = "user_options" if what == "updates" else "notification_options"
    stated = getattr(entry.facts, fact)
    text = entry["Configuration"]
    found_: list[Finding] = []
    for option in (one for one in wanted if one not in stated):
        if _SPOKEN[option].search(text):
            message = f"facts.{fact} lacks {option}: does the text speak of it?"
            found_.append(unknown(entry, "Configuration", message, expected=", ".join(wanted)))
        else:
            message = f"the user cannot {option} {what}"
            found_.append(
                violation(
                    entry, f"facts.{fact}", message, expected=", ".join(wanted), found=", ".join(stated)
                )
            )
    return Findings(found_)
