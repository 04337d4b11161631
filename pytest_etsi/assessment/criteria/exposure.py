"""What the device offers on the network against what its documents list: interfaces, mechanisms, APIs, updates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_etsi.assessment.criteria._places import entries_at, why_open
from pytest_etsi.assessment.criteria.interfaces import is_enabled
from pytest_etsi.assessment.findings import Finding, Findings, unknown, violation
from pytest_etsi.assessment.reading import claims
from pytest_etsi.assessment.reading.answers import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.dut import ServiceSearch
    from pytest_etsi.dut.observe.interfaces import InterfaceObservation
    from pytest_etsi.dut.observe.update_entries import UpdateSearch
    from pytest_etsi.probes.services import Service
    from pytest_etsi.profile import Ixit, IxitTable
    from pytest_etsi.profile.entries import AnyInterfaceEntry

__all__ = [
    "by_which_a_network_comes_in",
    "in_its_state",
    "undocumented_services",
    "undocumented_update_entries",
]


def undocumented_services(searches: Iterable[tuple[str, ServiceSearch]], table: IxitTable) -> Findings:
    """Services that answer and that no entry of a table places there (5.6-1-2 b or c, 5.5-5-2 b, 5.13-1-2 c).

    Args:
        searches: state of the device, and what a complete search found in it; `Network.services` gives no other.
        table: 15-Intf, 11-ComMech or 28-ExtAPI.

    Returns:
        Violations: each service at a port that no entry names. Unknown: no entry of the table names a port, so that
        nothing can be compared; or an entry names the port, and not whether it is this one (`Place.answers`); or
        nothing came back over UDP, where the documents say that something does.
    """
    documented = table.places()
    found: list[Finding] = []
    for state, search in searches:
        if search.deaf_over_udp:
            named = ", ".join(f"udp/{port}" for port in search.expected_udp[:8])
            found.append(
                Finding(
                    "unknown",
                    "completeness",
                    f"nothing came back over UDP {state}, not even from {named}, where something answers by the "
                    "documents: that other UDP ports keep silent shows nothing",
                )
            )
        answering = [service for service in search.services if service.kind != "closed"]
        if answering and not documented and len(table):
            found.append(
                Finding(
                    "unknown",
                    "completeness",
                    f"{table.id} names no port, so that the {len(answering)} services found cannot be compared",
                )
            )
            continue
        for service in answering:
            certain, perhaps = entries_at(table, service.protocol, service.port, search.hosts)
            said = f"{_named(service)} answers {state}"
            if perhaps and not certain:
                found.append(
                    Finding("unknown", "completeness", f"{said}, and {why_open(perhaps[0], service.port)}")
                )
            elif not certain:
                found.append(
                    Finding(
                        "violation",
                        "completeness",
                        f"{said}, and no entry of {table.id} names that port",
                        expected=f"an entry of {table.id}",
                    )
                )
    return Findings(dict.fromkeys(found))


def _named(service: Service) -> str:
    said = f" ({shortened(service.banner, 80)})" if service.banner else ""
    kind = service.kind if service.identified else "something that was not recognised"
    return f"{service.protocol}/{service.port} on {service.host}: {kind}{said}"


def by_which_a_network_comes_in(ixit: Ixit) -> tuple[tuple[AnyInterfaceEntry, ...], Findings]:
    """The network interfaces, and the logical ones that a network reaches, in one (5.6-1-2 a of edition 2.1.1).

    Returns:
        Those, and what leaves open whether another one is among them, or that there is none at all.
    """
    claimed: list[tuple[AnyInterfaceEntry, bool | None]] = [
        *((one, claims.is_kind(one, "network")) for one in ixit.intf),
        *((one, claims.on_network(one, ixit)) for one in ixit.ext_api),
    ]
    found = [
        unknown(one, None, "does not tell whether a network reaches it (Type, Access)", aspect="completeness")
        for one, concerned in claimed
        if concerned is None
    ]
    concerned = tuple(one for one, so in claimed if so)
    if not concerned and not found:
        tables = f"{ixit.intf.id} and {ixit.ext_api.id}"
        found.append(Finding("unknown", "completeness", f"{tables} have nothing that a network reaches"))
    return concerned, Findings(found)


def in_its_state(entry: AnyInterfaceEntry, observed: InterfaceObservation) -> Findings:
    """Whether a network or logical interface is on or off as documented (5.6-1-2 a).

    Returns:
        Violations: one documented as disabled that answers. Unknown: it was not or could not be addressed; or it is
        documented as enabled and keeps silent.
    """
    enabled = is_enabled(entry)
    found = [unknown(entry, None, gap, aspect="completeness") for gap in observed.gaps]
    if enabled is None:
        found.append(
            unknown(
                entry,
                None,
                "the documents do not say whether it is enabled (facts.enabled)",
                aspect="completeness",
            )
        )
    elif not enabled:
        found.extend(
            violation(
                entry,
                None,
                f"is documented as disabled, and answers: {what}",
                aspect="completeness",
                expected="silence",
            )
            for what in observed.answering
        )
    elif observed.addressed and not observed.answering:
        found.append(
            unknown(
                entry,
                None,
                f"is documented as enabled, and keeps silent at {', '.join(observed.addressed)}",
                aspect="completeness",
            )
        )
    if not observed.addressed and not observed.gaps:
        found.append(
            unknown(
                entry,
                None,
                "nothing says how it is addressed (facts.endpoint, access.scan)",
                aspect="completeness",
            )
        )
    return Findings(found)


def undocumented_update_entries(search: ServiceSearch, pages: UpdateSearch, ixit: Ixit) -> Findings:
    """Ways to install software that no entry of 7-UpdMech accounts for (5.3-10-1 c).

    Args:
        search: the services of the device.
        pages: those that seem to take software.
        ixit: the IXIT.

    Returns:
        Violations: a page that takes a file, or a protocol that is there for updates only. Unknown: something that may
        be one, and what was not searched to its end.
    """
    uploads = {
        urlsplit(one.access.upload.url).path.rstrip("/")
        for one in ixit.upd_mech
        if one.access.upload is not None
    }
    said = " ".join(entry["Description"] for entry in ixit.upd_mech).lower()
    found: list[Finding] = []
    for service in search.services:
        kind = _UPDATE_KINDS.get(service.kind) or next(
            (_UPDATE_KINDS[one] for one in service.speaks if one in _UPDATE_KINDS), None
        )
        if kind is not None and not re.search(kind, said):
            found.append(
                Finding(
                    "violation",
                    "completeness",
                    f"{_named(service)}: a way to install software that no entry of 7-UpdMech speaks of",
                    expected="an entry of 7-UpdMech",
                )
            )
    for entry in pages.found:
        if entry.path.rstrip("/") in uploads:
            continue
        message = f"{entry.url}: {entry.why}, and no entry of 7-UpdMech has it"
        found.append(
            Finding("violation", "completeness", message, expected="an entry of 7-UpdMech")
            if entry.takes_files
            else Finding("unknown", "completeness", message)
        )
    found.extend(
        Finding("unknown", "completeness", f"pages that take software were not looked for to the end: {gap}")
        for gap in pages.gaps
    )
    return Findings(found)


_UPDATE_KINDS = {"tftp": "tftp", "espota": "espota|arduino ota", "tr-069": r"tr-?069|cwmp"}
"""Kinds of services by which software is installed -> how an entry that has it would speak of it."""
