"""Deletion of user data on the device, and of personal data on associated services (scenario 5.11)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from pytest_etsi.assessment.findings import Finding, Findings, Place
from pytest_etsi.assessment.reading.answers import affirmed, lacks, note, place, violation
from pytest_etsi.profile.unread import remembered

if TYPE_CHECKING:
    from pytest_etsi.profile import Entry, Ixit, IxitTable
    from pytest_etsi.profile.entries import DelFuncEntry
    from pytest_etsi.profile.facts import DelFuncAccess, DelFuncFacts

__all__ = [
    "aimed_at",
    "coverage",
    "erases",
    "service_is_reached",
    "simple_function",
    "simple_function_for_all",
    "targets",
    "targets_of",
]

Target = Literal["device", "service"]

_TARGETS: dict[Target, str] = {
    "device": "user data on the device",
    "service": "personal data on associated services",
}
_EXPERT = re.compile(
    r"\b(?:ssh|uart|jtag|serial console|command line|shell|special tools?|service tool|support desk"
    r"|service cent(?:er|re)|technician|letter|postal|paid call)\b",
    re.IGNORECASE,
)
_ERASES_NOTHING = re.compile(
    r"\b(?:only|merely|just) (?:unlinks?|unpairs?|hides?|restarts?|reboots?|logs? (?:the user )?out|disconnects?)\b",
    re.IGNORECASE,
)


def targets(entry: DelFuncEntry, target: Target) -> bool | None:
    """Whether a deletion function is aimed at the device, or at services; None: it does not say."""
    if entry["Target Type"].strip():
        return _TARGETS[target] in entry["Target Type"].lower()
    return target in entry.facts.target if entry.facts.target else None


def targets_of(entry: DelFuncEntry) -> tuple[Target, ...]:
    """Where a deletion function says that it deletes."""
    return tuple(target for target in _TARGETS if targets(entry, target))


@remembered(16)
def _aimed_at(table: IxitTable[DelFuncFacts, DelFuncAccess], target: Target) -> tuple[DelFuncEntry, ...]:
    return tuple(entry for entry in table if targets(entry, target) is not False)


def aimed_at(ixit: Ixit, target: Target) -> tuple[DelFuncEntry, ...]:
    """The deletion functions that say that they are aimed at the device, or at services."""
    return tuple(entry for entry in _aimed_at(ixit.del_func, target) if targets(entry, target))


@remembered(16)
def _kept(ixit: Ixit, target: Target) -> tuple[Entry, ...]:
    """What shows that there are such data: personal data kept there; on the device also what users set up."""
    data: list[Entry] = [
        entry
        for entry in ixit.pers_data
        if (entry.facts.on_device if target == "device" else entry.facts.on_service)
    ]
    if target == "device":
        data += _user_secrets(ixit)
    return tuple(data)


@remembered(16)
def _user_secrets(ixit: Ixit) -> tuple[Entry, ...]:
    return tuple(entry for entry in ixit.sec_param if entry.facts.provisioning == "user")


def simple_function(ixit: Ixit, target: Target) -> Findings:
    """What refutes that a layperson has a function that deletes from the device (5.11-1-1 a), or services (5.11-2-1 a).

    Where nothing shows that such data are kept at all, that no function is there refutes nothing: a person has to see
    that there are none.
    """
    table, words = ixit.del_func, _TARGETS[target]
    entries = _aimed_at(table, target)
    if not entries:
        kept = _kept(ixit, target)
        where, lacking = Place(str(table.source)), f"no entry of {table.id} has the Target Type {words!r}"
        if kept:
            message = f"{lacking}, while {place(kept[0])} shows that there are such data"
            one = "at least one simple function"
            return Findings((Finding("violation", "answer", message, expected=one, place=where),))
        message = f"{lacking}; see that no such data are kept"
        return Findings((Finding("note", "answer", message, place=where),))
    usable = [entry for entry in entries if not list(lacks(entry, "Initiation and Interaction"))]
    if not usable:
        return Findings(
            finding
            for entry in entries
            for finding in lacks(entry, "Initiation and Interaction", expected="what the user has to do")
        )
    if all(entry.facts.interaction == "expert" for entry in usable):
        return Findings(
            violation(
                entry,
                "facts.interaction",
                "takes special tools or knowledge, and there is no other function",
                expected="at least one function that a layperson can carry out",
            )
            for entry in usable
        )
    return Findings(
        note(entry, "Initiation and Interaction", f"may be beyond a layperson: {match[0]!r}")
        for entry in usable
        if (match := _EXPERT.search(entry["Initiation and Interaction"]))
    )


def simple_function_for_all(ixit: Ixit) -> Findings:
    """What refutes that a layperson has one function that erases from the device all that is the user's.

    (5.11-1-1 a of edition 2.1.1)
    """
    found = simple_function(ixit, "device")
    usable = [
        one
        for one in _aimed_at(ixit.del_func, "device")
        if not list(lacks(one, "Initiation and Interaction")) and one.facts.interaction != "expert"
    ]
    if found.violations or not usable or not all(one.facts.covers for one in usable):
        return found
    there = {words: kept for words, kept in _of_the_user(ixit).items() if kept}
    if any(all(set(one.facts.covers) & _KINDS[words] for words in there) for one in usable):
        return found
    left = {one.id: [words for words in there if not set(one.facts.covers) & _KINDS[words]] for one in usable}
    return Findings(
        (
            *found,
            violation(
                usable[0],
                "facts.covers",
                "no function that a layperson can carry out erases all: "
                + "; ".join(f"{name} leaves {' and '.join(words)}" for name, words in left.items()),
                expected="one function that erases all data of the user from the device",
            ),
        )
    )


def erases(entry: DelFuncEntry) -> Findings:
    """What refutes that a function is able to erase its target data on the device (5.11-1-1 b)."""
    found = list(lacks(entry, "Description", expected="what is deleted, and how"))
    stated = entry["Target Type"].lower()
    found.extend(
        violation(
            entry,
            "facts.target",
            f"is aimed at the {target}, which Target Type does not name",
            expected=_TARGETS[target],
            found=entry["Target Type"],
        )
        for target in entry.facts.target
        if stated and _TARGETS[target] not in stated
    )
    if said := affirmed(entry["Description"], _ERASES_NOTHING):
        found.append(
            violation(entry, "Description", f"erases nothing: {said!r}", expected="that the data are erased")
        )
    return Findings(found)


_KINDS = {
    "personal data": frozenset({"personal-data"}),
    "user settings": frozenset({"settings"}),
    "passwords and keys of the user": frozenset({"credentials", "keys"}),
}


def _of_the_user(ixit: Ixit) -> dict[str, tuple[Entry, ...]]:
    """What shows that the device keeps each kind of data of its user."""
    return {
        "personal data": tuple(entry for entry in ixit.pers_data if entry.facts.on_device),
        "user settings": tuple(ixit.user_dec)[:1],
        "passwords and keys of the user": _user_secrets(ixit),
    }


def coverage(ixit: Ixit) -> Findings:
    """What refutes that personal data, settings and cryptographic material of the user are all reached (5.11-1-1 c)."""
    entries = _aimed_at(ixit.del_func, "device")
    there = _of_the_user(ixit)
    if not entries or not all(entry.facts.covers for entry in entries):
        return Findings(
            note(entry, "Description", "does not state in facts.covers what it erases")
            for entry in entries[:3]
        )
    covered = {kind for entry in entries for kind in entry.facts.covers}
    return Findings(
        violation(
            entries[0],
            "facts.covers",
            f"no function on the device erases {words}, which {place(shown[0])} shows to be there",
            expected="personal data, settings, and passwords and keys",
            found=", ".join(sorted(covered)),
        )
        for words, shown in there.items()
        if shown and not covered & _KINDS[words]
    )


def service_is_reached(entry: Entry, ixit: Ixit) -> Findings:
    """What refutes that a function reaches the services that hold personal data (5.11-2-1 b).

    Args:
        entry: of 21-PersData, kept by an associated service.
        ixit: the IXIT.
    """
    found = list(lacks(entry, "Processing Activities", expected="who keeps the data, and for how long"))
    functions = _aimed_at(ixit.del_func, "service")
    if not functions:
        found.append(
            violation(
                entry,
                "Processing Activities",
                f"are kept by a service, while no entry of {ixit.del_func.id} ({ixit.del_func.source}) deletes there",
                expected=f"an entry of {ixit.del_func.id} with the Target Type 'personal data on associated services'",
            )
        )
    elif all(function.facts.personal_data for function in functions) and not any(
        entry.id in function.facts.personal_data for function in functions
    ):
        found.append(
            violation(
                entry,
                "Processing Activities",
                f"are kept by a service, and none of {', '.join(function.id for function in functions)} states "
                f"to delete them ({functions[0].source('facts.personal_data')})",
                expected=f"{entry.id} in facts.personal_data of a function",
            )
        )
    return Findings(found)
