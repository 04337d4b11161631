"""The vulnerability disclosure policy as it is published: whether it is one, its contact, and its timelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria.publications import from_when, open_to_all, shown_to_judge
from pytest_etsi.assessment.findings import Finding, Findings, place, together
from pytest_etsi.assessment.published.policy import (
    LIMITED,
    is_no_policy_yet,
    read_policy,
    speaks_of_disclosure,
)
from pytest_etsi.probes.webdocs import Hurdle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_etsi.assessment.published.policy import Item
    from pytest_etsi.probes.webdocs import WebDocument
    from pytest_etsi.profile.entries import UserInfoEntry

__all__ = ["FIELD", "can_be_reached", "says_what_it_has_to"]

FIELD = "Publication of Vulnerability Disclosure Policy"
_FEW_WORDS = 25


def can_be_reached(info: UserInfoEntry, documents: Sequence[WebDocument]) -> Findings:
    """What refutes that everyone reaches a disclosure policy at the named place (5.2-1-2 a)."""
    found = list(open_to_all(info, FIELD, documents))
    where = place(info, FIELD)
    for document in documents:
        if document.hurdle is not Hurdle.NONE or document.security_txt is not None:
            continue
        deals = speaks_of_disclosure(document)
        if deals is False and document.whole and len(document.own_text.split()) >= _FEW_WORDS:
            found.append(
                Finding(
                    "violation",
                    "guidance",
                    f"{document.url} does not deal with weaknesses at all",
                    "a vulnerability disclosure policy",
                    document.title,
                    place=where,
                    evidence="document",
                )
            )
        elif not deals:
            message = (
                f"whether {document.url} is a disclosure policy is not told by words that a program knows"
            )
            found.append(shown_to_judge(info, FIELD, message, ()))
        elif doubtful := is_no_policy_yet(document):
            message = f"{document.url} may be no policy for the device that is in force"
            found.append(shown_to_judge(info, FIELD, message, doubtful))
    if documents and all(one.security_txt is not None for one in documents):
        message = f"{documents[0].url} tells whom to write to; the policy itself is not among what is named"
        found.append(shown_to_judge(info, FIELD, message, ()))
    for document in documents:
        if document.security_txt is not None:
            found.extend(_of_security_txt(info, document))
    return Findings(found, from_when(documents))


def _of_security_txt(info: UserInfoEntry, document: WebDocument) -> Iterator[Finding]:
    said = document.security_txt
    if said is None:
        return
    if said.odd:
        message = f"{document.url}, RFC 9116: {', '.join(said.odd)}"
        yield Finding("note", "guidance", message, place=place(info, FIELD), source="RFC 9116, 2.5 (2022-04)")
    if said.policy:
        message = f"{document.url} names a policy, {said.policy[0]}, which 2-UserInfo may name itself"
        yield Finding("note", "guidance", message, place=place(info, FIELD))


def says_what_it_has_to(info: UserInfoEntry, documents: Sequence[WebDocument]) -> Findings:
    """What refutes that contact, acknowledgement and status updates are told (5.2-1-2 b), and what a person judges.

    Several documents are read as one policy: what one of them states the others need not.
    """
    barred = [one for one in documents if one.hurdle is not Hurdle.NONE]
    if barred:
        message = f"the text of {barred[0].url} was not seen ({barred[0].hurdle}: {barred[0].shown_by})"
        return Findings((shown_to_judge(info, FIELD, message, ()),), from_when(documents))
    read = [read_policy(document) for document in documents]
    parts = {
        "contact": [one.contact for one in read],
        "acknowledgement": [one.acknowledgement for one in read],
        "status updates": [one.updates for one in read],
    }
    # What is lacking or vague comes before what a sentence elsewhere in the text may limit.
    ordered = sorted(parts.items(), key=lambda part: _best(part[1]).why == LIMITED)
    found = [_told(info, what, items) for what, items in ordered]
    stated = "; ".join(
        f"{what}: {best.said[0].text[:160]!r}" for what, items in parts.items() if (best := _best(items)).said
    )
    return together(
        Findings([one for one in found if one is not None], f"{from_when(documents)}: {stated}"),
        *(Findings(_of_security_txt(info, one)) for one in documents),
    )


def _best(items: Sequence[Item]) -> Item:
    return min(items, key=lambda one: ("stated", "open", "absent").index(one.state))


def _told(info: UserInfoEntry, what: str, items: Sequence[Item]) -> Finding | None:
    best = _best(items)
    if best.state == "stated":
        return None
    if best.state == "open":
        return shown_to_judge(info, FIELD, best.why, best.said)
    return Finding(
        "violation",
        "guidance",
        f"the published policy lacks {what}: {best.why}",
        {"contact": "an address, form or number for reports"}.get(what, f"{what} with their time"),
        place=place(info, FIELD),
        evidence="document",
    )
