"""Confirmations of 4-Conf: what the manufacturer says is in place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Findings
from pytest_etsi.assessment.reading.answers import unknown, violation

if TYPE_CHECKING:
    from pytest_etsi.profile import Entry

__all__ = ["given"]

_HEDGED = re.compile(
    r"\b(?:planned|plan to|not yet|in preparation|being prepared|partly|partially|in part|intended|will be|to be"
    r"|once|as soon as|in (?:the )?future|mostly|largely|if|unless|except|provided that|from (?:q[1-4]|20\d\d))\b",
    re.IGNORECASE,
)


def given(conf: Entry, field: str) -> Findings:
    """Whether a confirmation of 4-Conf is given without reserve (5.2-2-1 b and its like).

    Violations: no answer, a no, or a yes that is planned or conditional. Unknown: other words beside the yes.
    """
    text = conf[field].strip()
    answer, _, more = text.partition(" ") if " " in text else (text, "", "")
    if not text:
        return Findings((violation(conf, field, "is not given", expected="yes"),))
    if not re.fullmatch(r"yes[.,;:!]?", answer, re.IGNORECASE):
        return Findings((violation(conf, field, "is not a yes", expected="yes", found=text),))
    if _HEDGED.search(more):
        return Findings(
            (violation(conf, field, f"is given with reserve: {text!r}", expected="yes", found=text),)
        )
    if more.strip(" .,;:()"):
        return Findings((unknown(conf, field, f"says more than yes: {text!r}", expected="yes", found=text),))
    return Findings()
