"""Network and security implementations and their reviews; cryptography that can be exchanged (5.5-2 and 5.5-3)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi import clock
from pytest_etsi.assessment.criteria.updates import mechanisms
from pytest_etsi.assessment.findings import Findings
from pytest_etsi.assessment.reading.answers import lacks, note, place, unknown, violation
from pytest_etsi.profile.unread import remembered
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    import datetime

    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import NetSecImplEntry, SoftCompEntry

__all__ = ["covers_scope", "has_update_mechanism", "reviewed", "side_effects_considered"]

_PLANNED = re.compile(
    r"(?:(?:a |an |the )?(?:review|evaluation|audit|certification|assessment) )?(?:is |are |will be )?(?:planned"
    r"|scheduled|pending"
    r"|in preparation|to be done|not yet (?:done|started|available)|not (?:done|reviewed|evaluated|performed)"
    r"|outstanding)"
    r"(?: (?:for|in) [\w ]+)?[\s.;]*",
    re.IGNORECASE,
)

_NONE_TOOK_PLACE = re.compile(
    r"(?:no|none) ?(?:security |code )?(?:review|evaluation|audit|assessment)?s?"
    r" (?:was|were|has been|have been) (?:done|made|performed|carried out|conducted)\W*",
    re.IGNORECASE,
)


def reviewed(entry: NetSecImplEntry, today: datetime.date | None = None) -> Findings:
    """Whether an implementation has been reviewed or evaluated (5.5-2-1 a).

    Args:
        entry: of 12-NetSecImpl.
        today: for a date that lies ahead; None: the present day.
    """
    field = "Review/Evaluation Method"
    found = list(lacks(entry, field, expected="a review or evaluation that took place"))
    if not found and _PLANNED.fullmatch(entry[field].strip()):
        found.append(
            violation(entry, field, "is planned only", expected="one that took place", found=entry[field])
        )
    elif not found and _NONE_TOOK_PLACE.fullmatch(entry[field].strip()):
        found.append(
            violation(
                entry, field, "says that there was none", expected="one that took place", found=entry[field]
            )
        )
    date = entry.facts.date
    present = today or clock.today()
    if date and present is None:
        what = f"whether {date} lies ahead cannot be told: {clock.doubt()}"
        found.append(replace(unknown(entry, "facts.date", what), cause=Cause.BENCH, settle="Set the clock."))
    elif date and present is not None and date[:7] > present.isoformat()[: len(date[:7])]:
        found.append(
            violation(entry, "facts.date", "lies ahead", expected="a review that took place", found=date)
        )
    if not found and not (entry.facts.method and entry.facts.by and date):
        found.append(
            unknown(
                entry,
                field,
                "facts do not say method, by whom and when",
                expected="facts.method, by and date",
            )
        )
    return Findings(found)


def covers_scope(entry: NetSecImplEntry, ixit: Ixit) -> Findings:
    """What refutes that method and report cover the scope of an implementation (5.5-2-1 b)."""
    found = list(
        lacks(entry, "Description", "Report", expected="what it covers, and the report of its review")
    )
    name, version = entry.facts.name, entry.facts.version
    component = _components(ixit).get(name.lower()) if name else None
    if component is not None and version and component.facts.version and component.facts.version != version:
        found.append(
            violation(
                entry,
                "facts.version",
                f"was reviewed as {version}, while {place(component)} is {component.facts.version} "
                f"({component.source('facts.version')})",
                expected=component.facts.version,
                found=version,
            )
        )
    elif version and version not in f"{entry['Report']} {entry['Description']}":
        found.append(note(entry, "Report", f"does not name the version {version}"))
    return Findings(found)


@remembered(16)
def _components(ixit: Ixit) -> dict[str, SoftCompEntry]:
    """The components of 6-SoftComp by their name."""
    return {entry.facts.name.lower(): entry for entry in ixit.soft_comp if entry.facts.name}


def has_update_mechanism(entry: Entry, ixit: Ixit) -> Findings:
    """Whether a component with cryptography refers to an update mechanism (5.5-3-1 a)."""
    if mechanisms(entry, ixit):
        return Findings()
    return Findings(
        (
            violation(
                entry,
                "Update Mechanism",
                "uses cryptography and refers to no update mechanism",
                expected="an entry of 7-UpdMech",
                found=entry["Update Mechanism"],
            ),
        )
    )


def side_effects_considered(entry: SoftCompEntry) -> Findings:
    """Whether side effects of exchanging the cryptography of a component were considered (5.5-3-1 b)."""
    field = "Cryptographic Usage"
    stated = entry.facts.side_effects_considered
    text = entry[field]
    said = re.search(r"side effects(?: were| have been)?\W+(?:considered\W+)?(yes|no)\b", text, re.IGNORECASE)
    found: list[Finding] = []
    if stated is False or (said and said[1].lower() == "no"):
        found.append(violation(entry, field, "side effects were not considered", expected="yes", found=text))
    elif stated is None and said is None:
        found.append(
            unknown(
                entry,
                field,
                "does not say whether side effects were considered",
                expected="side effects considered: yes",
            )
        )
    return Findings(found)
