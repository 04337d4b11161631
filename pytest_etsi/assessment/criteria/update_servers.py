"""False servers of updates to which the device was led (5.3-1-2, 5.3-2-2): what it took there, and what that shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import note, unknown
from pytest_etsi.dut.observe.updates.astray import BY_CERTIFICATE, BY_MANIFEST, OTHER_NAME
from pytest_etsi.text import listed
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.dut.observe.updates.model import Tried, UpdateSeries
    from pytest_etsi.profile.entries import UpdMechEntry

__all__ = ["fetches", "misled", "planned"]

_ATTACK = "attack"
_DESCRIBE = (
    "describe under access.network of 7-UpdMech how it asks and fetches, and the gateway under access.uplink"
)
_PARTS = {"signature": "manifest-unsigned", "address": "manifest-elsewhere", "name": "manifest-traversal"}
"""Parts of a manifest, and the attempt that changes it."""


def fetches(entry: UpdMechEntry) -> bool | None:
    """Whether a device asks a server for its updates; None: the documents do not tell, or contradict each other."""
    facts = entry.facts
    if entry.access.network is not None:
        return True
    by_itself = "device" in (facts.initiated_by, facts.checked_by)
    if facts.fetches is not None:
        return None if by_itself and not facts.fetches else facts.fetches
    if facts.transport in ("local", "cable"):
        return False
    return True if by_itself else None


def planned(entry: UpdMechEntry) -> tuple[str, ...]:
    """What a program tries by false servers, a line each."""
    network = entry.access.network
    if network is None:
        return ()
    return (
        *(
            f"{name}: an altered package, by a false server with {what}"
            for name, what in BY_CERTIFICATE.items()
            if name != OTHER_NAME or network.other_name is not None
        ),
        *(f"{name}, where it asks such a server: {what}" for name, what in BY_MANIFEST.items()),
    )


def misled(entry: UpdMechEntry, series: UpdateSeries) -> Iterator[Finding]:
    """What a series by false servers leaves open; what is installed from one is told as that of any other way."""
    if series.first is None or series.first.outcome != "installed":
        return
    if series.led is None:
        yield from _not_described(entry)
        return
    if series.led.why:
        yield _unknown(
            entry, "access.network", series.led.why, series.led.cause or Cause.BENCH, series.led.settle
        )
    by_certificate = [one for one in series.tried if one.name in BY_CERTIFICATE]
    for one in series.tried:
        if one.met is not None and one.outcome == "refused":
            yield from _refused(entry, one)
    asked = [one for one in by_certificate if one.met is not None and one.met.manifests]
    for one in asked[:1]:
        yield from _takes_it_for_its_own(entry, one)
    if series.led.answered is False:
        message = "from a false server the genuine package is not installed either: what it refuses there shows nothing"
        settle = (
            "see that access.network tells all that the device asks: its manifest, its paths, and its peers"
        )
        yield _unknown(entry, "access.network", message, Cause.INFORMATION, settle)
    elif series.led.answered:
        yield from _not_manipulated(entry, series)
        yield from _left_as_they_are(entry, series.led.sums)
    network = entry.access.network
    if by_certificate and not asked and network is not None and network.other_name is None:
        message = "whether it takes a certificate for another name was not tried"
        settle = (
            "name under access.network.other_name one of an authority that it trusts, for a name of your own"
        )
        yield _unknown(entry, "access.network.other_name", message, Cause.ACCESS, settle)


def _not_described(entry: UpdMechEntry) -> Iterator[Finding]:
    fetching = fetches(entry)
    if fetching:
        message = "it was led to no false server of updates: how it asks and fetches them is not described"
        yield _unknown(entry, "access.network", message, Cause.ACCESS, _DESCRIBE)
    elif fetching is None:
        message = "whether it asks a server for updates, so that it could be led to a false one, is not told"
        settle = "say it by facts.fetches, in line with facts.initiated_by and facts.checked_by"
        yield _unknown(entry, "facts.fetches", message, Cause.INFORMATION, settle)


def _refused(entry: UpdMechEntry, one: Tried) -> Iterator[Finding]:
    """What shows that nothing was refused: it did not come, or asked for something that nobody has described."""
    met = one.met
    assert met is not None  # noqa: S101 - only such are looked at
    if not met.came:
        message = f"{one.name}: the device did not come to the false server, so that it has refused nothing"
        settle = "see that access.network.looks makes it look, and allow it more time by comes_within_s"
        yield _unknown(entry, "access.network", message, Cause.BENCH, settle)
    elif met.asked and not met.manifests and not met.packages:
        message = f"{one.name}: the device talked to the false server, and asked for no manifest: {listed(met.asked)}"
        settle = "correct access.network.manifest.path, or describe what else it has to be answered by hand"
        yield _unknown(entry, "access.network.manifest", message, Cause.INFORMATION, settle)
    elif not met.asked and (one.name in BY_MANIFEST or not met.has_objected):
        why = f": {listed(dict.fromkeys(met.objections))}" if met.objections else ""
        message = (
            f"{one.name}: the device came, and neither asked for anything nor refused a certificate{why}"
        )
        settle = "allow it more time by access.network.comes_within_s, or try it by hand with what it speaks"
        yield _unknown(entry, "access.network", message, Cause.BENCH, settle)


def _takes_it_for_its_own(entry: UpdMechEntry, one: Tried) -> Iterator[Finding]:
    """It has asked a false server for its updates, whatever it then refuses: which guarantee that breaks is said.

    The protection of the way is for the units of 5.5. Here a guarantee counts that is claimed for this mechanism.
    """
    how = "without TLS" if one.met is not None and one.met.clear else f"with {BY_CERTIFICATE[one.name]}"
    message = f"it asks a false server for its updates, {how}, and is answered"
    facts = entry.facts
    claimed = ["confidentiality"] * ("confidentiality" in facts.guarantees) + ["TLS"] * (
        facts.tls is not None
    )
    if not claimed or one.outcome == "installed":
        yield note(
            entry, "Security Guarantees", f"{message}; how that way is protected is for the units of 5.5"
        )
        return
    yield _unknown(
        entry,
        "Security Guarantees",
        f"{message}, although {listed(claimed)} is claimed; whether a guarantee that is not kept is misuse while "
        "nothing altered is installed is read in both ways",
        Cause.JUDGEMENT,
        "judge whether what the false server learns and withholds is misuse of this mechanism",
    )


def _not_manipulated(entry: UpdMechEntry, series: UpdateSeries) -> Iterator[Finding]:
    """Parts of the manifest that are said to be there, and could not be changed."""
    network = entry.access.network
    if network is None:
        return
    made = {one.name for one in series.tried} | {name for name, _ in series.undone}
    for key, name in _PARTS.items():
        if getattr(network.manifest, key) is not None and name not in made:
            message = f"{name} was not tried: there is no text at {getattr(network.manifest, key)!r} in the manifest"
            settle = f"correct access.network.manifest.{key}, or try it by hand"
            yield _unknown(entry, f"access.network.manifest.{key}", message, Cause.INFORMATION, settle)


def _left_as_they_are(entry: UpdMechEntry, sums: tuple[str, ...]) -> Iterator[Finding]:
    """A sum that is wrong refuses an altered package by itself, and protects against nobody."""
    if sums:
        message = f"the manifest may tell a sum of the package that is not known, and not made right: {listed(sums)}"
        settle = (
            "name it under access.network.manifest (signature, address, name, or no_sums where it is none)"
        )
        yield _unknown(entry, "access.network.manifest", message, Cause.INFORMATION, settle)


def _unknown(entry: UpdMechEntry, field: str, message: str, cause: Cause, settle: str) -> Finding:
    return replace(unknown(entry, field, message, aspect=_ATTACK), cause=cause, settle=settle)
