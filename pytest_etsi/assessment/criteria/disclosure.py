"""What a device tells without a login against what its documents say that it tells (5.6-2-2, 5.5-2-2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria._disclosed import classify
from pytest_etsi.assessment.criteria._known_values import known_values
from pytest_etsi.assessment.criteria._places import entries_at
from pytest_etsi.assessment.criteria._untold import denies, speaks_of
from pytest_etsi.assessment.criteria._versions import is_of_software
from pytest_etsi.assessment.criteria.interfaces import is_enabled, password_inputs
from pytest_etsi.assessment.findings import Findings
from pytest_etsi.assessment.reading.answers import (
    DOUBT,
    first,
    note,
    sentences,
    shortened,
    unknown,
    violation,
)
from pytest_etsi.probes.disclosure import leaves
from pytest_etsi.probes.json_text import read_json
from pytest_etsi.profile.facts import IntfFacts
from pytest_etsi.profile.unread import remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_etsi.assessment.criteria._disclosed import Classified
    from pytest_etsi.assessment.criteria._known_values import Known
    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.probes.disclosure import Disclosed, DisclosureObservation
    from pytest_etsi.profile import Entry, Ixit, Profile
    from pytest_etsi.profile.entries import AnyInterfaceEntry, NetSecImplEntry

__all__ = ["reviewed_version", "told", "undeclared"]

_FIELD = "Disclosed Information"
_MOST = 20


def undeclared(
    entry: AnyInterfaceEntry, profile: Profile, observed: Iterable[DisclosureObservation]
) -> Findings:
    """What an interface tells without a login and the documents leave out (5.6-2-2 a).

    Args:
        entry: a network interface of 15-Intf, or a logical one of 28-LogIntf.
        profile: the device's documents.
        observed: what was collected, one per address of the device.

    Returns:
        Violations: something security-relevant that no documented interface at that port declares. Unknown: what a
        person has to classify, and what could not be asked. Notes: harmless and not documented.
    """
    if is_enabled(entry) is False and not entry.facts.endpoint:
        # What is off tells nothing; whether it is off is another unit's question.
        return Findings((note(entry, "Status", "is documented as off, and is not asked here"),))
    if "air" in _types(entry) and not entry.facts.endpoint:
        return Findings((unknown(entry, _FIELD, "what a radio announces is not observed by program"),))
    ixit = profile.ixit
    observed = tuple(observed)
    found: list[Finding] = [
        unknown(entry, _FIELD, f"not all could be asked: {gap}")
        for one in observed
        for gap in one.gaps
        if _concerns(entry, gap)
    ]
    items = [item for one in observed for item in one.items if _belongs(item, entry, ixit)]
    if not any(one.sources for one in observed):
        found.append(unknown(entry, _FIELD, "no service was found that could be asked"))
    values = {"serial": profile.dut.serial or "", "ssid": profile.dut.ssid or ""}
    for one in classify(items, derived=password_inputs(ixit), values=values):
        found.extend(_compared(entry, one, _declaring(one.item, entry, ixit)))
    refuted = {finding.found for finding in found if finding.kind == "violation"}
    known = known_values(profile)
    for item in items:
        found.extend(_known(entry, item, known, _declaring(item, entry, ixit), refuted))
    return Findings(
        (
            *first([finding for finding in found if finding.kind == "violation"], _MOST),
            *first([finding for finding in found if finding.kind == "unknown"], _MOST),
            *first([finding for finding in found if finding.kind == "note"], _MOST),
        )
    )


def told(observed: Iterable[DisclosureObservation]) -> str:
    """What was asked and how much it told, in one phrase, for the record."""
    observed = tuple(observed)
    sources = ", ".join(source for one in observed for source in one.sources)
    return f"{sum(len(one.items) for one in observed)} items from {sources or 'nothing'}"


def _types(entry: AnyInterfaceEntry) -> tuple[str, ...]:
    """The kinds of an interface by its facts; one of 28-LogIntf is logical by its table."""
    return entry.facts.type if isinstance(entry.facts, IntfFacts) else ("logical",)


def _disclosing(ixit: Ixit) -> list[AnyInterfaceEntry]:
    """The interfaces of which the documents say what they disclose: in one edition of one table, in one of another."""
    return [one for one in (*ixit.intf, *ixit.ext_api) if _FIELD in one]


def _concerns(entry: AnyInterfaceEntry, gap: str) -> bool:
    ports = set(map(str, entry.places()))
    return not ports or "logical" not in _types(entry) or gap.partition(":")[0] in ports


def _belongs(item: Disclosed, entry: AnyInterfaceEntry, ixit: Ixit) -> bool:
    """Whether an interface is where an item was told: by endpoint, or by kind where no interface names the port."""
    if here := _interfaces_at(ixit, item.protocol, item.port):
        return entry in here
    carriers = [
        other
        for other in _disclosing(ixit)
        if ("network" in _types(other) and "logical" not in _types(other)) or _is_placeless(other)
    ]
    return entry in carriers or not carriers


def _is_placeless(entry: AnyInterfaceEntry) -> bool:
    """Whether an interface of 28-LogIntf names no place, so that it may be met at any."""
    return not isinstance(entry.facts, IntfFacts) and not entry.places()


@remembered(256)
def _interfaces_at(ixit: Ixit, transport: str, port: int) -> list[AnyInterfaceEntry]:
    return entries_at(_disclosing(ixit), transport, port)[0]


def _declaring(item: Disclosed, entry: AnyInterfaceEntry, ixit: Ixit) -> tuple[AnyInterfaceEntry, ...]:
    """The interfaces whose documents may declare an item: the entry and all others at the same place."""
    here = _interfaces_at(ixit, item.protocol, item.port)
    return (entry, *(other for other in here if other != entry))


def _compared(entry: Entry, one: Classified, declaring: tuple[AnyInterfaceEntry, ...]) -> Iterator[Finding]:
    wanted = (one.item.full, one.excerpt)
    if one.meaning != "relevant":
        wanted = (one.item.full, one.item.text)
    if any(_states(other, text) for other in declaring for text in wanted):
        return
    if one.meaning == "relevant" and _states_parts(declaring, one.excerpt):
        return
    what = (
        f"{one.item.protocol}/{one.item.port}{' ' + one.item.where if one.item.where else ''} tells in its "
    )
    what += f"{one.item.field} {shortened(one.excerpt)!r}"
    if one.meaning == "harmless":
        if one.item.field in {"title", "certificate"}:
            yield note(entry, _FIELD, f"{what}, which is harmless and not documented")
    elif any(_mentions(other, one.excerpt) for other in declaring):
        yield unknown(
            entry, _FIELD, f"{what}; the field speaks of it, and a person has to say whether as disclosed"
        )
    elif one.meaning == "relevant":
        yield violation(
            entry,
            _FIELD,
            f"{what}, which is not documented: {one.reason}",
            expected="nothing security-relevant beyond what is documented",
            found=one.excerpt,
        )
    else:
        yield unknown(
            entry, _FIELD, f"{what}, which is not documented; is it security-relevant? ({one.reason})"
        )


def _known(
    entry: Entry,
    item: Disclosed,
    known: Iterable[Known],
    declaring: tuple[AnyInterfaceEntry, ...],
    refuted: Iterable[str],
) -> Iterator[Finding]:
    """What of an item is a value that the profile states of the device, whether or not a rule knows its form."""
    for one in known:
        seen = one.found(item.full) if one.distinct or item.field not in {"script", "css"} else ""
        if not seen or any(seen in text for text in refuted):
            continue
        if any(_states(other, text) for other in declaring for text in (item.full, item.text, seen)):
            continue
        where = f"{item.protocol}/{item.port}{' ' + item.where if item.where else ''}"
        what = f"{where} tells in its {item.field} {shortened(item.full)!r} the device's {one.what}"
        if any(denies(other[_FIELD], one.what) for other in declaring):
            yield violation(
                entry,
                _FIELD,
                f"{what}, which the documents say is not told",
                expected="nothing of what is documented as not told",
                found=seen,
            )
        elif one.matters and not any(speaks_of(other[_FIELD], one.what) for other in declaring):
            yield violation(
                entry,
                _FIELD,
                f"{what}, which is not documented: a version of software leads to its known weaknesses",
                expected="nothing security-relevant beyond what is documented",
                found=seen,
            )
        elif one.matters or one.identifies:
            yield unknown(
                entry, _FIELD, f"{what}, which is not documented word for word; is it meant to be told?"
            )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _states(entry: AnyInterfaceEntry, text: str) -> bool:
    """Whether an interface declares exactly this text, as a fact."""
    wanted = _plain(text)
    for stated in entry.facts.discloses:
        if wanted == _plain(stated) or wanted in _parts(stated):
            return True
        # A declared line may hold more than the part that a rule found: "Server: ExampleCam nginx/1.26".
        if len(wanted) > 3 and re.search(rf"(?<![\w.]){re.escape(wanted)}(?![\w.]*\w)", _plain(stated)):
            return True
    return any(
        _whole(wanted, sentence) and not DOUBT.search(sentence) for sentence in sentences(entry[_FIELD])
    )


_NAME_AND_VERSION = re.compile(
    r"(?i)(?P<name>[^\W\d_][\w+ .-]*?)(?:/| |_|-)v?(?P<version>\d+(?:\.\d+)+[\w.+~-]*)"
)


def _states_parts(entries: tuple[AnyInterfaceEntry, ...], shown: str) -> bool:
    """Whether what is shown as one word is declared as a name and, as a fact of its own, a version."""
    match = _NAME_AND_VERSION.fullmatch(shown)
    if match is None or not any(_states(entry, match["name"]) for entry in entries):
        return False
    alone = re.compile(rf"(?:[\w .-]*(?:[:=]|\bversion)\s*)?v?{re.escape(_plain(match['version']))}")
    return any(alone.fullmatch(_plain(stated)) for entry in entries for stated in entry.facts.discloses)


def _mentions(entry: Entry, text: str) -> bool:
    return _whole(_plain(text), entry[_FIELD])


def _whole(wanted: str, text: str) -> bool:
    return bool(re.search(rf"(?<![\w.]){re.escape(wanted)}(?![\w.]*\w)", _plain(text)))


def _parts(stated: str) -> set[str]:
    """Key and value of what is declared in the form in which an interface sends it: as JSON."""
    if not stated.lstrip().startswith(("{", "[")):
        return set()
    try:
        document = read_json(stated)
    except ValueError:
        return set()
    return {_plain(f"{name}: {value}" if name else value) for name, value in leaves(document)}


# With a slash a number alone is a version; after a space or a hyphen it may count anything ("camera 2").
_ANY_VERSION = r"(?:/v?(\d[\w.+~-]*)|[ :_-]{1,2}(?:version:? )?v?(\d+(?:\.\d+)+[\w.+~-]*))"


def reviewed_version(
    entry: NetSecImplEntry, observed: Iterable[DisclosureObservation], more: Iterable[tuple[str, str]] = ()
) -> Findings:
    """Whether the device shows the version of an implementation that was reviewed (5.5-2-2 a).

    Args:
        entry: of 12-NetSecImpl.
        observed: what the device tells without a login.
        more: further texts of the device: (where, text).

    Returns:
        Violations: the device shows another version. Unknown: the facts name no implementation, a source could not be
        asked, or the version is of the kind in which a distribution carries corrections back. Nothing
        obtainable is no finding.
    """
    name, version = entry.facts.name, entry.facts.version
    if not name or not version:
        return Findings(
            (
                unknown(
                    entry, "Report", "facts do not say name and version of what was reviewed", expected="both"
                ),
            )
        )
    observed = tuple(observed)
    texts = [(str(item), item.full) for one in observed for item in one.items]
    texts += list(more)
    if not texts:
        return Findings((unknown(entry, "Report", "the device gave no text in which a version could stand"),))
    pattern = re.compile(rf"(?<![\w.-]){re.escape(name)}{_ANY_VERSION}", re.IGNORECASE)
    found: dict[str, Finding] = {
        gap: unknown(entry, "Report", f"not all could be asked: {gap}")
        for one in observed
        for gap in one.gaps
    }
    for where, text in texts:
        for match in pattern.finditer(text):
            seen = (match[1] or match[2]).rstrip(".-+~_")
            if seen == version or seen in found or not is_of_software(text, match.start(), match.end()):
                continue
            message = f"the device shows {name} {shortened(seen)} ({shortened(where)})"
            if re.match(rf"{re.escape(version)}[-+~]|{re.escape(version)}[a-z_]", seen) or version.startswith(
                f"{seen}."
            ):
                found[seen] = unknown(
                    entry, "facts.version", f"{message}, and {version} was reviewed; is it the same?"
                )
            else:
                found[seen] = violation(
                    entry,
                    "facts.version",
                    f"{message}, while {version} was reviewed",
                    expected=version,
                    found=seen,
                )
    return Findings(found.values())
