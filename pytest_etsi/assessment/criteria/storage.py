"""How parameters are protected on the device, by what was tried there (5.4-1-2 a, 5.4-2-2 a, 5.4-3-2 a)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria import images
from pytest_etsi.assessment.findings import Finding, Findings, place, together
from pytest_etsi.dut.observe.consoles import value_of
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_etsi.dut.observe.images import ImagesSeen
    from pytest_etsi.dut.observe.storage import IdentityTampering, StorageTried, Tried
    from pytest_etsi.profile.entries import SecParamEntry

__all__ = ["disclosed", "identity", "provisioned", "scheme", "unheard"]

_ASPECT = "behaviour"
_POSSIBLE = {
    "read": "it can be read by who must not",
    "write": "it can be changed by who must not",
    "offer": "its hard-coded value is accepted",
    "skip": "the device can be used without a value of its own",
    "state": "its protection is not in place",
}
_PERSON = "look by hand whether the scheme is in place, and judge, by what its maker states and by its fuses"


def scheme(entry: SecParamEntry, tried: StorageTried, seen: ImagesSeen) -> Findings:
    """Whether the documented protection of a parameter shows on the device (5.4-1-2 a).

    Args:
        entry: of 10-SecParam.
        tried: what was tried on the device.
        seen: the search of the images.

    Returns:
        Violations: it was read or changed by who must not, its protection is not in place, or it lies in the image.
        Unknown: what was tried shows nothing, or nothing says how the guarantee of this parameter is tried: a scheme
        inside a chip that cannot be asked is for a person.
    """
    found = [*_judged(entry, tried.tries), *_not_tried(entry, tried)]
    unread = images.unread(seen) if "confidentiality" in _guarantees(entry) else Findings()
    examined = f"{_told(tried.tries)}; image: {images.searched(seen) or 'none is named'}"
    return together(Findings(found, examined), images.of_entry(entry, seen), unread)


def identity(entry: SecParamEntry, seen: IdentityTampering) -> Findings:
    """Whether a hard-coded identity withstands what a program can do to it (5.4-2-2 a).

    Returns:
        Violations: its value is another one afterwards, or its protection is not in place. Unknown: what shows nothing.
        Tampering by physical and electrical means is for a person, whatever is found.
    """
    found = [
        _violation(entry, f"its value is another one after {name}", "the same value for good")
        for name, same in seen.kept
        if not same
    ]
    # What the device says of an attempt is noted: whether its identity is another one decides.
    found += [one for one in _judged(entry, seen.tries) if one.kind != "violation" or _of_state(one)]
    if seen.gap:
        found.append(_open(entry, seen.gap, Cause.ACCESS, _PERSON))
    if not seen.kept and not seen.gap:
        found.append(
            _open(
                entry,
                "nothing that could change it was tried",
                Cause.ACCESS,
                "describe access.writes and resets",
            )
        )
    names = ", ".join(name for name, _ in seen.kept) or "nothing"
    return Findings(found, f"read before and after: {names}; {_told(seen.tries)}")


def provisioned(entry: SecParamEntry, tried: StorageTried, seen: ImagesSeen) -> Findings:
    """Whether a value that is hard-coded in source code is out of use in operation (5.4-3-2 a).

    Returns:
        Violations: it is accepted, or the device can be used without another one. Unknown: what shows nothing.
    """
    found = list(_judged(entry, tried.tries))
    if not tried.aimed("offer"):
        found.append(
            _open(
                entry,
                "nothing says under access.offers where its hard-coded value could be accepted",
                Cause.ACCESS,
                "describe an operation that offers it; a value that is used inside the device only is for a person",
            )
        )
    if not tried.aimed("skip"):
        found.append(
            _open(
                entry,
                "nothing says under access.skips how the device could be used without a value of its own",
                Cause.ACCESS,
                "describe an operation that leaves the value out in factory default, or try it by hand",
            )
        )
    return together(Findings(found, _told(tried.tries)), images.unread(seen))


def disclosed(entry: SecParamEntry, told: Iterable[tuple[str, str]]) -> Findings:
    """Whether services tell the known value of a parameter without a login (5.4-3-2 a).

    Args:
        entry: of 10-SecParam.
        told: known secrets that were told, what each is called and where.
    """
    own = value_of(str(entry))
    return Findings(
        _violation(entry, f"its value is told without a login: {where}", "a value that nobody is told")
        for name, where in told
        if name == own
    )


def unheard(entry: SecParamEntry, gaps: Iterable[str]) -> Findings:
    """Consoles that were not looked at, where a parameter has a known value that they could tell (5.4-1-2 a)."""
    if entry.access.canary is None:
        return Findings()
    return Findings(
        _open(entry, f"a console was not looked at for its value: {gap}", Cause.BENCH, "let it be surveyed")
        for gap in gaps
    )


def _guarantees(entry: SecParamEntry) -> set[str]:
    stated: set[str] = set(entry.facts.guarantees)
    return stated or {"integrity", *(["confidentiality"] if "critical" in entry["Type"].lower() else [])}


def _not_tried(entry: SecParamEntry, tried: StorageTried) -> Iterator[Finding]:
    """Guarantees for which nothing was tried."""
    if "confidentiality" in _guarantees(entry) and not tried.aimed("read", "state"):
        yield _open(
            entry,
            "nothing says how somebody without the right could try to read it (access.reads, files, states)",
            Cause.ACCESS,
            _PERSON,
        )
    if not tried.aimed("write", "state"):
        yield _open(
            entry,
            "nothing says how somebody without the right could try to change it (access.writes, files, states)",
            Cause.ACCESS,
            _PERSON,
        )


def _judged(entry: SecParamEntry, tries: Iterable[Tried]) -> Iterator[Finding]:
    for one in tries:
        if one.succeeded:
            detail = f" ({one.detail})" if one.detail else ""
            said = f"{_POSSIBLE[one.aim]}: {one.what}{detail}"
            yield _violation(entry, said, "a refusal" if one.aim != "state" else one.what)
        elif one.gap:
            yield _open(
                entry, f"{one.what} shows nothing: {one.gap}", Cause.BENCH, "make it, and its control, work"
            )


def _of_state(finding: Finding) -> bool:
    return finding.message.startswith(_POSSIBLE["state"])


def _told(tries: Iterable[Tried]) -> str:
    told = [f"{one.what}: {'possible' if one.succeeded else one.gap or 'as it should be'}" for one in tries]
    return f"tried: {', '.join(told)}" if told else "nothing was tried"


def _violation(entry: SecParamEntry, message: str, expected: str) -> Finding:
    return Finding(
        "violation", _ASPECT, message, expected=expected, place=place(entry), evidence="storage-tried"
    )


def _open(entry: SecParamEntry, message: str, cause: Cause, settle: str) -> Finding:
    return Finding(
        "unknown", _ASPECT, message, place=place(entry), evidence="storage-tried", cause=cause, settle=settle
    )
