"""Published documents as readers find them: whether they open without hurdles, and whether something leads to them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from pytest_etsi import clock
from pytest_etsi.assessment.findings import Finding, Findings, place
from pytest_etsi.assessment.published.said import quoted
from pytest_etsi.probes.webdocs import Hurdle
from pytest_etsi.text import listed
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_etsi.assessment.findings import Place
    from pytest_etsi.assessment.published.said import Said
    from pytest_etsi.probes.webdocs import WebDocument
    from pytest_etsi.profile.entries import UserInfoEntry

__all__ = ["from_when", "led_to", "open_to_all", "shown_to_judge"]

_READ = "read it as a stranger, with a fresh browser, and record a judgement"
_HIDES = {
    Hurdle.LOGIN: "a login stands before it",
    Hurdle.FORM: "a form has to be sent before it is shown",
    Hurdle.CONSENT: "it is shown only to who agrees to something",
    Hurdle.GONE: "it is not there",
    Hurdle.ANOTHER: "another page is shown instead of it",
}
_EXPIRED = "expired"
_PROVED = ("expired", "not valid yet", "another name", "another address")
"""What shows by itself that a certificate does not hold, whatever authorities a machine trusts."""
_SHOWN = 5


def open_to_all(info: UserInfoEntry, field: str, documents: Sequence[WebDocument]) -> Findings:
    """What refutes that the documents of a field of 2-UserInfo open to everyone, and what leaves it open."""
    found = [finding for document in documents for finding in _hurdles(info, field, document)]
    return Findings(found, examined=from_when(documents))


def _hurdles(info: UserInfoEntry, field: str, document: WebDocument) -> Iterator[Finding]:
    where, origin = place(info, field), document.origin
    shown = document.shown_by
    if document.hurdle in _HIDES:
        message = f"{document.url}: {_HIDES[document.hurdle]} ({shown})"
        if document.hurdle is Hurdle.GONE and origin.circle and origin.cookies:
            # It may go on for who sends back the cookie, as every browser does.
            yield _open(message, where, Cause.JUDGEMENT, _READ)
        else:
            yield Finding(
                "violation",
                "guidance",
                message,
                "the text, for everybody",
                shown,
                place=where,
                evidence="document",
            )
    elif document.hurdle is Hurdle.UNREACHED:
        yield _unreached(document, message=f"{document.url}: it was not reached ({shown})", where=where)
    elif document.hurdle is Hurdle.SCRIPT:
        settle = f"install Chromium and set access.network.render, or {_READ}"
        yield _open(f"{document.url}: its text is made by scripts ({shown})", where, Cause.JUDGEMENT, settle)
    elif document.hurdle in {Hurdle.REFUSED, Hurdle.UNREADABLE}:
        yield _open(
            f"{document.url}: a program does not get its text ({shown})", where, Cause.JUDGEMENT, _READ
        )
    elif not origin.hops:
        yield _open(
            f"{document.url} was handed over, which does not show that everyone can reach it",
            where,
            Cause.JUDGEMENT,
            _READ,
        )


def _unreached(document: WebDocument, *, message: str, where: Place) -> Finding:
    origin, problem = document.origin, document.origin.certificate.problem
    if origin.refused_host:
        settle = f"add {origin.refused_host} to access.network.documents_hosts, if it is the manufacturer's"
        return _open(message, where, Cause.ACCESS, settle)
    if any(words in problem for words in _PROVED) and not clock.doubt():
        return Finding(
            "violation",
            "guidance",
            message,
            "a certificate that holds",
            problem,
            place=where,
            evidence="document",
        )
    return _open(
        message, where, Cause.BENCH, "make it reachable from here, or correct its address in 2-UserInfo"
    )


def _open(message: str, where: Place, cause: Cause, settle: str) -> Finding:
    return Finding(
        "unknown",
        "guidance",
        message,
        place=where,
        evidence="document",
        cause=cause,
        settle=settle,
    )


def led_to(
    info: UserInfoEntry, field: str, documents: Sequence[WebDocument], pointers: Sequence[WebDocument]
) -> Findings:
    """What refutes that users are led to the documents of a field in the described way.

    Args:
        info: the record of 2-UserInfo.
        field: of it.
        documents: those that it names.
        pointers: what leads to them, as the facts say.
    """
    where = place(info, field)
    examined = (
        f"{listed([one.url for one in pointers])} for what leads to {listed([one.url for one in documents])}"
    )
    found = list(open_to_all(info, field, [one for one in documents if one.hurdle is Hurdle.GONE]))
    if not pointers:
        settle = "name under led_by, in the facts of 2-UserInfo, what leads users to it: manual, page, card"
        found.append(_open("the facts do not say what leads users to it", where, Cause.INFORMATION, settle))
    for pointer in pointers:
        if pointer.hurdle in _HIDES:
            found.extend(_hurdles(info, field, pointer))
            continue
        for document in documents:
            if document.available and not document.origin.hops:
                settle = "see how users come to it, and record a judgement"
                message = f"{document.url} is beside the profile, and no address of it can be looked for"
                found.append(_open(message, where, Cause.JUDGEMENT, settle))
                continue
            if _leads(pointer, document):
                continue
            message = f"{pointer.url} does not name {document.url}"
            if pointer.whole:
                found.append(
                    Finding("violation", "guidance", message, document.url, place=where, evidence="document")
                )
            else:
                settle = "follow the way by hand, and record a judgement"
                found.append(_open(f"{message}, as far as it was read", where, Cause.JUDGEMENT, settle))
    return Findings(found, examined)


def _leads(pointer: WebDocument, document: WebDocument) -> bool:
    """Whether a document names the address of another one, as a link or in words."""
    wanted = {_bare(document.url), _bare(document.origin.final_url)}
    base = pointer.origin.final_url
    links = {_bare(urljoin(base, link)) for one in pointer.passages for link in one.links}
    text = " ".join(one.text for one in pointer.passages).casefold()
    return bool(links & wanted) or any(address and address in text for address in wanted)


def _bare(url: str) -> str:
    """An address for comparison: without scheme, ``www.``, fragment and the slash at its end."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}{query}".casefold()


def from_when(documents: Iterable[WebDocument]) -> str:
    """Which documents were examined, and from when they are, in a sentence."""
    said = []
    for one in documents:
        kept = f", kept since {one.origin.fetched}" if one.origin.kept else ""
        said.append(f"{one.origin.final_url} (HTTP {one.status}{kept})" if one.origin.hops else one.url)
    return listed(dict.fromkeys(said)) if said else "no document"


def shown_to_judge(
    info: UserInfoEntry, field: str, message: str, said: Sequence[Said], *, settle: str = ""
) -> Finding:
    """What a person has to judge, with the passages that were found for it, the most telling first."""
    passages = "; ".join(quoted(one) for one in said[:_SHOWN])
    return Finding(
        "unknown",
        "guidance",
        f"{message}: {passages}" if passages else message,
        found=passages,
        place=place(info, field),
        evidence="document",
        cause=Cause.JUDGEMENT,
        settle=settle or "read these passages in the document, and record a judgement",
    )
