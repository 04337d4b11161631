"""Confirmations of 4-Conf: what the manufacturer says is in place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Findings
from pytest_etsi.assessment.reading.answers import note, unknown, violation
from pytest_etsi.assessment.reading.lexicon import HEDGE, words
from pytest_etsi.assessment.reading.sentences import denies
from pytest_etsi.profile.words import plain

if TYPE_CHECKING:
    from pytest_etsi.profile import Entry

__all__ = ["given"]

_HEDGED = re.compile(
    r"\b(?:planned|plan to|not yet|in preparation|being prepared|partly|partially|in part|intended|will be|to be"
    r"|once|as soon as|in (?:the )?future|mostly|largely|if|unless|except|provided that|from (?:q[1-4]|20\d\d))\b",
    re.IGNORECASE,
)


_YES = re.compile(r"yes(?=\W|$)[\s.,;:!(\u2013\u2014-]*", re.IGNORECASE)
_LIMITED = words(
    r"only|just|some|most|main|except|apart|besides|however|although|though|but|manual\w*|on request|hopefully"
    r"|we (?:try|aim)",
    r"nur|teilweise|ausser|aber|jedoch|obwohl|seulement|sauf|mais|solo|pero|ma|alleen|maar|tylko|ale|apenas|mas|jen|bara|men",
)


def given(conf: Entry, field: str) -> Findings:
    """Whether a confirmation of 4-Conf is given without reserve (5.2-2-1 b and its like).

    A remark beside the yes is kept, as a note. Violations: no answer, a no, or a yes that is planned or conditional.
    Unknown: a remark that may take some of the yes back, which a person reads.
    """
    text = conf[field].strip()
    yes = _YES.match(text)
    if not text:
        return Findings((violation(conf, field, "is not given", expected="yes"),))
    if yes is None:
        return Findings((violation(conf, field, "is not a yes", expected="yes", found=text),))
    remark = text[yes.end() :].strip(" .,;:()")
    if not remark:
        return Findings()
    if _HEDGED.search(remark):
        return Findings(
            (violation(conf, field, f"is given with reserve: {text!r}", expected="yes", found=text),)
        )
    short = plain(remark)
    if denies(remark) or HEDGE.search(short) or _LIMITED.search(short):
        message = f"does the remark take some of the yes back? {text!r}"
        return Findings((unknown(conf, field, message, expected="yes", found=text),))
    return Findings((note(conf, field, f"is given with a remark: {text!r}"),))
