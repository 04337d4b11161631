"""Whether an ICS is plausible: complete, justified, and at one with itself and with the other documents.

For the person who checks the ICS before anything is assessed. No verdict comes from here: what an answer means for
its group is said by `pytest_etsi.assessment.rollup.check_ics`, and test group 4-1 (5.0-1) asks for the justifications.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment.ics.across import ACROSS
from pytest_etsi.assessment.ics.sheet import IcsFinding, IcsSheet, called, finding, quoted
from pytest_etsi.assessment.ics.tables import TABLES
from pytest_etsi.assessment.reading.justifications import denies, only_restates, without_content
from pytest_etsi.assessment.reading.logic import every
from pytest_etsi.assessment.rollup import ALWAYS_ASSESSED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.assessment.ics.sheet import Level
    from pytest_etsi.profile import IcsRow, Profile
    from pytest_etsi.standard import Provision

__all__ = ["IcsFinding", "ics_findings"]


def ics_findings(profile: Profile) -> tuple[IcsFinding, ...]:
    """What does not fit in the ICS of a profile: conditions first, then provisions, each in the standard's order."""
    sheet = IcsSheet(profile)
    order = {called(name): number for number, name in enumerate(sheet.states)}
    order |= {provision.id: len(order) + number for number, provision in enumerate(sheet.provisions)}
    found = [one for rule in (_conditions, _rows, *ACROSS, *TABLES) for one in rule(sheet)]
    circular = {one.about for one in found if one.rule == "na-is-circular"}
    # A circular N/A says why its condition does not release the row; the plain finding would repeat it.
    plain = ("na-although-condition-holds", "na-while-condition-unknown")
    kept = [one for one in found if one.rule not in plain or one.about not in circular]
    return tuple(sorted(kept, key=lambda one: order[one.about]))


def _conditions(sheet: IcsSheet) -> Iterator[IcsFinding]:
    """Statements on conditions that the other documents contradict."""
    for state in sheet.states.values():
        about = called(state.id)
        where = f"{sheet.place(state.id)}: {about} ({state.meaning.rstrip('.')})"
        if state.contradicted:
            yield finding(
                about,
                "condition-denied-but-shown",
                "error",
                f"{where} is stated not to hold, but {state.documents}",
                "true, or documents without it",
            )
        elif state.declared is False and state.holds is None:
            yield finding(
                about,
                "condition-denied-but-spoken-of",
                "warning",
                f"{where} is stated not to hold, but {state.reason.partition(', although')[0]}",
                "true, or facts of the entry that show the absence",
            )
        elif state.declared and state.shown is False:
            yield finding(
                about,
                "condition-stated-but-not-shown",
                "warning",
                f"{where} is stated to hold, but {state.documents}",
                "false, or the entry that it is about",
            )


def _rows(sheet: IcsSheet) -> Iterator[IcsFinding]:
    """What can be said of each row by itself."""
    for provision in sheet.provisions:
        row = sheet.ics.rows.get(provision.id)
        if row is None:
            if provision.id not in ALWAYS_ASSESSED and provision.id not in sheet.ics.unread:
                yield finding(
                    provision.id,
                    "missing-row",
                    "error",
                    f"{sheet.ics.source}: there is no row for {provision.id}",
                    "Y, N or N/A, with a detail",
                )
            continue
        answers = {"Y": _row_y, "N": _row_n, "N/A": _row_na}
        yield from answers[row.support](sheet, provision, row)


def _unjustified(provision: Provision, row: IcsRow, level: Level) -> IcsFinding:
    wanted = {
        "Y": "the measures taken",
        "N": "why it is impossible or inappropriate to meet it",
        "N/A": "why its condition does not hold",
    }
    said = f"says nothing but {quoted(row.detail)}" if row.detail.strip() else "has no detail"
    return finding(
        provision.id,
        "no-justification",
        level,
        f"{row.source}: {provision.id} is answered {row.support} and {said}",
        wanted[row.support],
    )


def _row_y(sheet: IcsSheet, provision: Provision, row: IcsRow) -> Iterator[IcsFinding]:
    if denies(row.detail):
        yield finding(
            provision.id,
            "y-but-not-done",
            "error",
            f"{row.source}: {provision.id} is answered Y, but says {quoted(row.detail)}",
            "N, or the measures taken",
        )
    elif without_content(row.detail, row.support):
        yield _unjustified(provision, row, "warning")
    absent = [
        name for name in provision.conditional if name in sheet.subject and sheet.states[name].holds is False
    ]
    if absent:
        yield finding(
            provision.id,
            "y-without-condition",
            "warning",
            f"{row.source}: {provision.id} is answered Y, although {sheet.why(absent, False)}",
            "N/A, since there is nothing to claim it for",
        )


def _row_n(sheet: IcsSheet, provision: Provision, row: IcsRow) -> Iterator[IcsFinding]:  # noqa: ARG001 - as its siblings
    if provision.status == "M":
        yield finding(
            provision.id,
            "n-on-mandatory-provision",
            "error",
            f"{row.source}: {provision.id} is answered N, but is mandatory",
            "Y, or N/A where its condition does not hold" if provision.conditional else "Y",
        )
    if only_restates(row.detail, provision.title):
        yield finding(
            provision.id,
            "n-only-restates",
            "warning",
            f"{row.source}: {provision.id} is answered N, and {quoted(row.detail)} says the same and no reason",
            "why it is impossible or inappropriate to meet it",
        )
    elif without_content(row.detail, row.support):
        yield _unjustified(provision, row, "error")


def _row_na(sheet: IcsSheet, provision: Provision, row: IcsRow) -> Iterator[IcsFinding]:
    if without_content(row.detail, row.support):
        yield _unjustified(provision, row, "error")
    answer = f"{row.source}: {provision.id} is answered N/A"
    if not provision.conditional or provision.id in ALWAYS_ASSESSED:
        yield finding(
            provision.id, "na-on-unconditional-row", "error", f"{answer}, but has no condition", "Y or N"
        )
        return
    applies = every(*(sheet.states[name].holds for name in provision.conditional))
    if applies:
        yield finding(
            provision.id,
            "na-although-condition-holds",
            "error",
            f"{answer}, but {sheet.why(provision.conditional, True)}",
            "Y or N",
        )
    elif applies is None:
        yield finding(
            provision.id,
            "na-while-condition-unknown",
            "warning",
            f"{answer}, but {sheet.why(provision.conditional, None)}",
            "a statement under `conditions`, or facts that tell",
        )
