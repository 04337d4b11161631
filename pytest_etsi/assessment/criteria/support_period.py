"""The support period, the reason for missing updates and the replacement plan as they are published."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pytest_etsi import clock
from pytest_etsi.assessment.criteria.publications import from_when, shown_to_judge
from pytest_etsi.assessment.findings import Finding, Findings, place
from pytest_etsi.assessment.published.replacement import read_plan, read_reason
from pytest_etsi.assessment.published.said import taken_back
from pytest_etsi.assessment.published.support import ends_of, may_tell_an_end, read_period
from pytest_etsi.assessment.published.whole import out_of_the_ordinary
from pytest_etsi.probes.webdocs import Hurdle
from pytest_etsi.text import listed
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from pytest_etsi.assessment.published.replacement import Told
    from pytest_etsi.assessment.published.said import Said
    from pytest_etsi.assessment.published.support import Period
    from pytest_etsi.probes.webdocs import WebDocument
    from pytest_etsi.profile.entries import UserInfoEntry

__all__ = ["NON_UPDATABLE", "REPLACEMENT", "SUPPORT", "fits", "plan", "reason"]

SUPPORT = "Publication of Support Period"
NON_UPDATABLE = "Publication of Non-Updatable"
REPLACEMENT = "Documentation of Replacement"
_PERIOD = "Support Period"
_DAYS = 1
"""By which "five years from 1 March" may differ from the last day that is written down for it."""


def fits(info: UserInfoEntry, field: str, documents: Sequence[WebDocument], model: str) -> Findings:
    """What refutes that a period for this model is published and agrees with the IXIT (5.3-13-2 c, 5.3-14-2 e)."""
    if barred := _barred(info, field, documents):
        return barred
    read = [read_period(document, model) for document in documents]
    best = min(read, key=lambda one: ("stated", "open", "absent").index(one.state))
    stated = [one for one in read if one.state == "stated"]
    if len({one.ends for one in stated}) > 1:
        message = (
            f"the documents name several ends for {model}: {_days(end for one in stated for end in one.ends)}"
        )
        return Findings(
            (shown_to_judge(info, field, message, [one.said[0] for one in stated]),), from_when(documents)
        )
    examined = from_when(documents)
    if best.state == "stated":
        shown = best.said[0]
        return Findings(
            _agrees(info, field, best, model), f"{examined}: {shown.text[:200]!r} ({shown.passage.place})"
        )
    if best.state == "open":
        message = f"the support period of {model}: {best.why}"
        if best.ends:
            message = f"{message} ({_days(best.ends)})"
        return Findings((shown_to_judge(info, field, message, best.said),), examined)
    if odd := tuple(one for document in documents for one in may_tell_an_end(document, model)):
        message = f"the support period of {model}: {best.why}, and sentences are not understood"
        return Findings((shown_to_judge(info, field, message, (*odd[:3], *best.said)),), examined)
    named = "; ".join(one.text[:160] for one in best.said[:2])
    return Findings(
        (
            Finding(
                "violation",
                "guidance",
                f"no support period of {model} is published: {best.why}",
                info[_PERIOD],
                named,
                place=place(info, field),
                evidence="document",
            ),
        ),
        examined,
    )


def _agrees(info: UserInfoEntry, field: str, period: Period, model: str) -> list[Finding]:
    (end,), documented = period.ends, ends_of(info[_PERIOD])
    found: list[Finding] = []
    if not documented:
        message = f"{info[_PERIOD]!r} names no end that can be compared with what is published, {end}"
        settle = "write the end of the support period as a date into Support Period of 2-UserInfo"
        found.append(
            Finding(
                "unknown",
                "guidance",
                message,
                place=place(info, _PERIOD),
                cause=Cause.INFORMATION,
                settle=settle,
            )
        )
    elif not any(abs((one - end).days) <= _DAYS for one in documented):
        found.append(
            Finding(
                "violation",
                "guidance",
                f"{period.said[0].text[:200]!r} is published, and Support Period of 2-UserInfo says otherwise",
                _days(documented),
                str(end),
                place=place(info, _PERIOD),
                evidence="document",
            )
        )
    elif len(documented) > 1:
        message = (
            f"2-UserInfo names several ends ({_days(documented)}), and one of them is published for {model}"
        )
        found.append(shown_to_judge(info, field, message, period.said))
    today = clock.today()
    if today is None:
        settle = "set the clock of this machine"
        found.append(Finding("unknown", "guidance", clock.doubt(), cause=Cause.BENCH, settle=settle))
    elif period.ended and end >= today:
        message = f"{end} is published as the end of the support of {model}, and that it gets no more updates"
        found.append(shown_to_judge(info, field, message, period.said))
    elif end < today:
        found.append(
            Finding(
                "violation",
                "guidance",
                f"the support period of {model} that is published is over",
                f"an end after {today}",
                str(end),
                place=place(info, field),
                evidence="document",
            )
        )
    return found


def reason(info: UserInfoEntry, documents: Sequence[WebDocument], model: str = "") -> Findings:
    """What refutes that the reason for missing updates is published (5.3-14-2 c)."""
    read = partial(read_reason, model=model)
    return _said(info, NON_UPDATABLE, documents, read, "the reason for missing updates", model)


def plan(info: UserInfoEntry, documents: Sequence[WebDocument], model: str = "") -> Findings:
    """What refutes that a replacement plan with period and method is published (5.3-14-2 d)."""
    read = partial(read_plan, model=model)
    return _said(info, REPLACEMENT, documents, read, "a plan of replacement, with period and method", model)


def _said(
    info: UserInfoEntry,
    field: str,
    documents: Sequence[WebDocument],
    read: Callable[[WebDocument], Told],
    what: str,
    model: str,
) -> Findings:
    if barred := _barred(info, field, documents):
        return barred
    read_all = [(read(one), one) for one in documents]
    best, document = min(read_all, key=lambda one: ("stated", "open", "absent").index(one[0].state))
    examined = from_when(documents)
    if best.state == "stated" and (limit := next(filter(None, map(taken_back, documents)), None)):
        message = f"{what}: the text says of itself that it may not be in force, or not bind"
        return Findings((shown_to_judge(info, field, message, (limit, *best.said)),), examined)
    if best.state == "stated" and (odd := out_of_the_ordinary(document, "support", model)):
        message = (
            f"{what}: {document.url} has sentences that may limit it, or say that it is for something else"
        )
        return Findings((shown_to_judge(info, field, message, (*odd[:3], *best.said)),), examined)
    if best.state == "stated":
        return Findings((), f"{examined}: {best.said[0].text[:200]!r} ({best.said[0].passage.place})")
    if best.state == "open":
        return Findings((shown_to_judge(info, field, f"{what}: {best.why}", best.said),), examined)
    if odd := _not_understood(documents, model):
        message = f"{what}: {best.why}, and sentences are not understood"
        return Findings((shown_to_judge(info, field, message, (*odd[:3], *best.said)),), examined)
    message = f"{what} is not published: {best.why}"
    found = Finding("violation", "guidance", message, what, place=place(info, field), evidence="document")
    return Findings((found,), examined)


def _not_understood(documents: Sequence[WebDocument], model: str) -> tuple[Said, ...]:
    """The sentences that may tell what seems to be missing: nothing is said to be missing where there is any."""
    return tuple(one for document in documents for one in out_of_the_ordinary(document, "support", model))


def _barred(info: UserInfoEntry, field: str, documents: Sequence[WebDocument]) -> Findings | None:
    """Where a text was not seen nothing is said of it: that it is not open to all is told by another unit."""
    barred = [one for one in documents if one.hurdle is not Hurdle.NONE]
    if not barred:
        return None
    message = f"the text of {barred[0].url} was not seen ({barred[0].hurdle}: {barred[0].shown_by})"
    return Findings((shown_to_judge(info, field, message, ()),), from_when(documents))


def _days(ends: Iterable[date]) -> str:
    return listed(dict.fromkeys(str(end) for end in ends))
