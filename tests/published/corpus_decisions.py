"""What the criteria decide on the corpus, and what a plain search for words would."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from unittest import mock

from pytest_etsi import clock
from pytest_etsi.assessment import criteria
from pytest_etsi.dut.observe.designation import DesignationSeen
from pytest_etsi.probes.webdocs import Hop
from tests.criteria.documents import ixit_of
from tests.published.corpus_files import designations, policies, replacements, supports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pytest_etsi.assessment.findings import Findings
    from pytest_etsi.probes.webdocs import WebDocument
    from tests.published.corpus_files import Sample

__all__ = ["Asked", "Decision", "asked", "decisions", "summary"]

TODAY = datetime.date(2026, 11, 30)


@dataclass(frozen=True)
class Decision:
    """What was decided on one question to one document.

    Attributes:
        sample: the document.
        question: which unit, in short.
        right, ours, words: PASS, FAIL or open: what is right, what the criteria say, what a search for words says.
        first: the passage that a person is shown first; empty: none.
    """

    sample: Sample
    question: str
    right: str
    ours: str
    words: str
    first: str


@dataclass(frozen=True)
class Asked:
    """One question to one document, which can be asked again.

    Attributes:
        sample: the document.
        question: which unit, in short.
        answer: what a criterion finds of it.
        words: what a search for words says.
    """

    sample: Sample
    question: str
    answer: Callable[[], Findings]
    words: str

    @property
    def right(self) -> str:
        return self.sample.right[self.question]

    def ours(self) -> str:
        """What the criterion says: PASS, FAIL or open."""
        return _said(self._found())

    def decision(self) -> Decision:
        found = self._found()
        first = found.unknowns[0].found.partition("; ")[0] if found.unknowns else ""
        return Decision(self.sample, self.question, self.right, _said(found), self.words, first)

    def _found(self) -> Findings:
        with mock.patch.object(clock, "today", return_value=TODAY):
            return self.answer()


def asked(samples: Sequence[Sample] | None = None) -> Iterator[Asked]:
    """Every question to every document of the corpus, or to these ones, which are policies or support pages."""
    policy, period = criteria.disclosure_policy, criteria.support_period
    for sample in policies() if samples is None else [one for one in samples if "model" not in one.content]:
        document, info = _given(sample), ixit_of({"2-UserInfo": {}}).user_info
        text = document.text
        if "a" in sample.right:
            yield Asked(sample, "a", partial(policy.can_be_reached, info, [document]), _words_a(text))
        yield Asked(sample, "b", partial(policy.says_what_it_has_to, info, [document]), _words_b(text))
    periods = (*supports(), *replacements())
    for sample in periods if samples is None else [one for one in samples if "model" in one.content]:
        document, info = _given(sample), ixit_of({"2-UserInfo": {"Support Period": sample.period}}).user_info
        text = document.text
        fits = partial(period.fits, info, period.SUPPORT, [document], sample.model)
        if "e" not in sample.right:
            yield Asked(sample, "c", fits, _words_c(text))
            continue
        yield Asked(
            sample,
            "c",
            partial(period.reason, info, [document], sample.model),
            _verdict("reason|because", text),
        )
        yield Asked(
            sample,
            "d",
            partial(period.plan, info, [document], sample.model),
            _verdict("replac|exchang", text),
        )
        yield Asked(sample, "e", fits, _words_c(text))
    for sample in designations() if samples is None else ():
        info = ixit_of({"2-UserInfo": {"Model Designation": sample.content["documented"]}}).user_info
        read, how = sample.content["read"], sample.content["how"]
        seen = (
            DesignationSeen(read, how, by_eye=True, photo="ab")
            if how == "label"
            else DesignationSeen(read, how)
        )
        ours = partial(criteria.designation.is_plain_and_ours, info, seen, sample.model)
        yield Asked(sample, "designation", ours, _verdict(re.escape(sample.model), read))


def decisions() -> Iterator[Decision]:
    """What is decided on every question to every document of the corpus."""
    return (one.decision() for one in asked())


def _given(sample: Sample) -> WebDocument:
    document = sample.document()
    hop = Hop(document.origin.url, document.origin.status)
    return replace(document, origin=replace(document.origin, hops=(hop,)))


def _said(found: Findings) -> str:
    return "FAIL" if found.violations else "open" if found.unknowns else "PASS"


# The peer: words anywhere in the page -----------------------------------------------------------------------


def _verdict(words: str, text: str) -> str:
    return "PASS" if re.search(words, text, re.IGNORECASE) else "FAIL"


def _words_a(text: str) -> str:
    return _verdict(
        r"vulnerab|security|schwachstell|sicherheit|faille|segur|sicurezza|veilig|bezpiecz|tietoturva|säkerhet",
        text,
    )


def _words_b(text: str) -> str:
    time = r"\d+\s*(?:\w+\s)?(?:hours?|days?|weeks?|tage?n?|jours?|d[ií]as?|giorni|dagen|dni|päivä\w*|dagar)"
    parts = (
        r"@|\bform\b|formular",
        r"acknowledg|confirm|respond|answer|bestätig|accus|confirm|conferm|bevestig|potwierd|vahvist|bekräft",
        r"inform|update|status|progress|stand|avancement|estado|stato|hoogte|postęp|etenem|status",
        time,
    )
    return "PASS" if all(re.search(part, text, re.IGNORECASE) for part in parts) else "FAIL"


def _words_c(text: str) -> str:
    return (
        "PASS"
        if re.search(r"20[23]\d", text)
        and _verdict("updat|support|aktual|mise|paivity|päivit|uppdat", text) == "PASS"
        else "FAIL"
    )


def summary(found: list[Decision]) -> dict[str, Counter[str]]:
    """How often ours and the peer's decisions are what, by side: right, left open, false PASS, false FAIL."""
    counted: dict[str, Counter[str]] = {"ours": Counter(), "words": Counter()}
    for one in found:
        for side in counted:
            counted[side][_kind(one.right, getattr(one, side))] += 1
    return counted


def _kind(right: str, said: str) -> str:
    if said == right:
        return "right"
    return "left open" if said == "open" else f"false {said}"
