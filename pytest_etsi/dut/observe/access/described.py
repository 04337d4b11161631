"""The operations that an OpenAPI document adds to the requests of an entry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_etsi.dut.observe.access.openapi import OpenApiError, generated, operations
from pytest_etsi.dut.observe.access.request import as_login, name_of
from pytest_etsi.probes.observation import printable
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.observe.access.openapi import Described
    from pytest_etsi.profile.entries import SoftServEntry
    from pytest_etsi.profile.facts import OpenApiAccess, Request

__all__ = ["described"]

_MOST_OPERATIONS = 60


def described(
    dut: Core, entry: SoftServEntry, gaps: list[str]
) -> tuple[tuple[Request, ...], tuple[Request, ...]]:
    """What the document of an entry of 13-SoftServ adds, if it names one.

    Args:
        dut: the device.
        entry: of 13-SoftServ.
        gaps: gets what cannot be tried, one sentence each.

    Returns:
        GET operations that give something to who holds the right, and requests with made-up values for those that
        change something.
    """
    access = entry.access.openapi
    if access is None:
        return (), ()
    known = {(one.method, urlsplit(one.url).path) for one in _all_requests(entry)}
    try:
        document = operations(access)
        wanted = [one for one in document.requests if (one.method, urlsplit(one.url).path) not in known]
        untried = [
            path
            for path in document.without
            if not any(one == "GET" and _fits(access.url, path, given) for one, given in known)
        ]
        others = [
            (method, path)
            for method, path in document.changing
            if not any(method == one and _fits(access.url, path, given) for one, given in known)
        ]
        made, missing = _generated(dut, access, others, gaps)
    except OpenApiError as error:
        gaps.append(str(error))
        return (), ()
    gaps.extend(_left_over(access, document, known))
    if missing:
        gaps.append(
            f"{len(missing)} operations of {access.file.name} that change something have no request by which they "
            f"could be tried: {', '.join(missing[:5])}"
        )
    found: list[Request] = []
    for request in wanted[:_MOST_OPERATIONS]:
        try:
            done, _ = as_login(dut, request, "with the right")
        except Inconclusive as error:
            gaps.append(f"{name_of(request)}: {error.reason}")
            break
        if done.granted:
            found.append(request)
        else:
            untried.append(urlsplit(request.url).path)
    if len(wanted) > _MOST_OPERATIONS:
        gaps.append(f"{access.file.name} has more than {_MOST_OPERATIONS} operations; the rest was not tried")
    if untried:
        gaps.append(
            f"{len(untried)} GET operations of {access.file.name} could not be tried with the values that it gives; "
            f"name them under access.requests: {', '.join(untried[:5])}"
        )
    dut.recorder.observed(
        "openapi",
        {
            "document": access.file.name,
            "tried as documented": [name_of(one) for one in found],
            "tried with made-up values": [name_of(one) for one in made],
            "not tried": [*(f"GET {path}" for path in untried), *missing, *document.others, *document.unread],
            "named under access": [f"{method} {path}" for method, path in sorted(known)],
            "documented for everybody": list(document.public),
        },
    )
    return tuple(found), made


def _left_over(access: OpenApiAccess, document: Described, known: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What of a document is neither tried nor said to be for everybody, one sentence each."""
    if document.unread:
        yield (
            f"{len(document.unread)} parts of {access.file.name} could not be read, and were not tried: "
            f"{', '.join(printable(one, 80) for one in document.unread[:5])}"
        )
    others = [
        name
        for name in document.others
        if not any(
            method == name.partition(" ")[0] and _fits(access.url, name.partition(" ")[2], given)
            for method, given in known
        )
    ]
    if others:
        yield (
            f"{len(others)} operations of {access.file.name} by other methods were not tried; name them under "
            f"access.requests: {', '.join(others[:5])}"
        )
    if not (document.requests or document.without or document.changing or document.others):
        yield f"{access.file.name} says of none of its operations that they need a login; none was tried"


def _generated(
    dut: Core, access: OpenApiAccess, wanted: list[tuple[str, str]], gaps: list[str]
) -> tuple[tuple[Request, ...], tuple[str, ...]]:
    """Requests for operations that change something, where that is wished and permitted, and what is left."""
    untouched = (), tuple(f"{method} {path}" for method, path in wanted)
    if not (wanted and access.generate):
        return untouched
    if "change-credentials" not in dut.permissions:
        gaps.append(
            "operations that change something are not tried: the permission change-credentials is missing"
        )
        return untouched
    try:
        made, left = generated(access, wanted[:_MOST_OPERATIONS])
        return made, (*left, *untouched[1][_MOST_OPERATIONS:])
    except OpenApiError as error:
        gaps.append(str(error))
        return untouched


def _all_requests(entry: SoftServEntry) -> tuple[Request, ...]:
    access = entry.access
    return (*access.requests, *access.changes, *access.refused, *access.never)


def _fits(base: str, path: str, given: str) -> bool:
    """Whether the path of a request is one of a path template below a base address."""
    template = urlsplit(base).path.rstrip("/") + path
    pattern = re.sub(r"\\\{[^/{}]*\\\}", "[^/]+", re.escape(template))
    return re.fullmatch(pattern, given) is not None
