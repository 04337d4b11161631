"""Secrets in the software as it is delivered, which every device of the product then has (5.4-1-2 a, 5.4-3-2 a)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, Findings, Place, place
from pytest_etsi.assessment.reading import claims
from pytest_etsi.dut.observe.consoles import value_of
from pytest_etsi.probes.serial.leaks import AND
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.observe.images import ImagesSeen, KeyInUse
    from pytest_etsi.probes.image import InImage
    from pytest_etsi.profile import Ixit
    from pytest_etsi.profile.entries import SecParamEntry

__all__ = ["of_entry", "searched", "unaccounted", "unread"]

_ASPECT = "behaviour"
_EVIDENCE = "images"
_EVERY = "no value that every device of the product has"


def of_entry(entry: SecParamEntry, seen: ImagesSeen) -> Findings:
    """What of a parameter lies in the images.

    Args:
        entry: of 10-SecParam.
        seen: the search of the images.

    Returns:
        Violations: its known value (`access.canary`), or the private key to what it shows (`access.shown_at`). Unknown:
        a known value that is too short to be told from others.
    """
    own = value_of(str(entry))
    found = [
        _violation(entry, f"its value lies in the image: {one.place}, fingerprint {one.fingerprint}")
        for one in _finds(seen)
        if one.kind == "known secret" and own in one.about.split(AND)
    ]
    found += [
        _violation(entry, f"the private key that it uses at tcp/{one.port} lies in the image: {one.place}")
        for one in seen.in_use
        if _shows(entry, one)
    ]
    if own in seen.short:
        message = f"{place(entry)}: its known value is too short to be searched for in the image"
        settle = "look for it by hand, or take a device whose value is longer for access.canary"
        found.append(_open(message, Cause.INFORMATION, settle))
    return Findings(found)


def unaccounted(ixit: Ixit, seen: ImagesSeen) -> Findings:
    """What lies in the images and belongs to no entry of 10-SecParam.

    Args:
        ixit: all tables.
        seen: the search of the images.

    Returns:
        Violations: a private key without passphrase, or the hash of a usual password of an account that can log in, but
        for what lies among examples and tests. Unknown: other hashes, tokens, and what could be a password, which a
        person has to look at, such as the password of a login that no entry has as its value. Notes: what lies among
        examples and tests.
    """
    return Findings(finding for _, finding in _unaccounted(ixit, seen))


def keys_in_doubt(ixit: Ixit, seen: ImagesSeen) -> Findings:
    """What `unaccounted` leaves open of private keys, which no words of the documents take away."""
    return Findings(
        finding for one, finding in _unaccounted(ixit, seen) if one.kind == "private key"
    ).unknowns


def _unaccounted(ixit: Ixit, seen: ImagesSeen) -> Iterator[tuple[InImage, Finding]]:
    accounted = {
        one.fingerprint for one in seen.in_use if any(_shows(entry, one) for entry in ixit.sec_param)
    }
    parameters = {value_of(str(entry)) for entry in ixit.sec_param}
    where = Place(str(ixit.sec_param.source), ixit.sec_param.id)
    used = {one.fingerprint: one for one in seen.in_use}
    for one in _finds(seen):
        entries = one.kind == "known secret" and not parameters.isdisjoint(one.about.split(AND))
        if one.kind != "certificate" and not entries and one.fingerprint not in accounted:
            yield one, _judged(one, where, used.get(one.fingerprint))


def unread(seen: ImagesSeen) -> Findings:
    """What of the images was not searched; open, since nothing that could not be read is free of secrets."""
    found = [
        _open(f"the image was not searched as a whole: {part}", Cause.BENCH, _UNPACK)
        for image in seen.images
        for part in image.not_read[:_MOST]
    ]
    found += [
        _open(
            f"{image.name}: {image.not_read_count - _MOST} further parts were not read", Cause.BENCH, _UNPACK
        )
        for image in seen.images
        if image.not_read_count > _MOST
    ]
    found += [
        _open(f"{image.name} holds no file that could be searched", Cause.BENCH, _UNPACK)
        for image in seen.images
        if not image.complete and not image.not_read_count
    ]
    found += [_open(gap, Cause.BENCH, "let the search for services finish") for gap in seen.gaps]
    return Findings(found)


def searched(seen: ImagesSeen) -> str:
    """What was searched, in a phrase for the record; empty: no image."""
    return "; ".join(image.told() for image in seen.images)


_MOST = 10
_UNPACK = "unpack it by its own program, and name the folder under access.images"


def _finds(seen: ImagesSeen) -> Iterator[InImage]:
    for image in seen.images:
        yield from image.found


def _shows(entry: SecParamEntry, key: KeyInUse) -> bool:
    return claims.critical(entry) is not False and any(
        one.protocol == "tcp" and one.port == key.port for one in entry.access.shown_at
    )


def _judged(one: InImage, where: Place, used: KeyInUse | None) -> Finding:
    at = f" and is in use at tcp/{used.port}" if used else ""
    told = f"{one}{at}; no entry of 10-SecParam accounts for it"
    certain = (one.kind == "private key" and (one.key_sha256 or one.ssh_sha256)) or (
        one.guessed and one.account
    )
    if used or (certain and not one.example and not one.perhaps_example):
        return Finding("violation", _ASPECT, told, expected=_EVERY, place=where, evidence=_EVIDENCE)
    if one.example or one.kind == "encrypted private key":
        return Finding("note", _ASPECT, told, place=where, evidence=_EVIDENCE)
    return Finding(
        "unknown",
        _ASPECT,
        told,
        place=where,
        evidence=_EVIDENCE,
        cause=Cause.JUDGEMENT,
        settle="judge whether it works in a delivered device, and list it in 10-SecParam if so",
    )


def _violation(entry: SecParamEntry, message: str) -> Finding:
    return Finding("violation", _ASPECT, message, expected=_EVERY, place=place(entry), evidence=_EVIDENCE)


def _open(message: str, cause: Cause, settle: str) -> Finding:
    return Finding("unknown", _ASPECT, message, evidence=_EVIDENCE, cause=cause, settle=settle)
