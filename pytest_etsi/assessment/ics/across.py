"""Plausibility of an ICS across its rows and conditions: what cannot be true together."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pytest_etsi.assessment.ics.sheet import called, finding, quoted, share_a_subject
from pytest_etsi.assessment.reading import claims
from pytest_etsi.assessment.reading.justifications import denies, without_content
from pytest_etsi.text import abridged, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_etsi.assessment.ics.sheet import IcsFinding, IcsSheet
    from pytest_etsi.profile import IcsRow
    from pytest_etsi.standard import Provision

__all__ = ["ACROSS"]

_ROWS_OF_BOILERPLATE = 3
_OF_OWN_ACCORD = (
    "accord",
    "voluntar",
    "condition",
    "although",
    "even though",
    "not required",
    "anyway",
    "beyond",
)
"""Words with which a Y says that the provision is met although it does not apply."""


def contradictions(sheet: IcsSheet) -> Iterator[IcsFinding]:
    """Statements that cannot both be true."""
    for rule in sheet.reference["implications"]:
        when, then = rule["when"].removeprefix("!"), rule["then"].removeprefix("!")
        states = sheet.states[when], sheet.states[then]
        both = all(state.declared is not None for state in states)
        # What the documents show of one is said of the other already, where only one is stated.
        reported = any(state.contradicted or (state.declared and state.shown is False) for state in states)
        if all(state.declared is None for state in states) or (reported and not both):
            continue
        if sheet.stated(rule["when"]) is True and sheet.stated(rule["then"]) is False:
            first, second = (
                f"{called(name)} {'holds' if sheet.stated(name) else 'does not hold'}"
                for name in (when, then)
            )
            anchor = when if sheet.states[when].declared is not None else then
            yield finding(
                called(anchor),
                "conditions-contradict",
                "error",
                f"{sheet.place(anchor)}: {first} and {second}, but {rule['because']}",
                "statements that can both be true",
            )


def presupposed(sheet: IcsSheet) -> Iterator[IcsFinding]:
    """Claims that presuppose more than the conditions of their own row."""
    for rule in sheet.reference["claims"]:
        row = sheet.ics.rows.get(rule["provision"])
        denied = rule["needs"].startswith("!")
        state = sheet.states[rule["needs"].removeprefix("!")]
        if rule.get("unless") == "explained" and all(map(claims.explains_no_update, sheet.ixit.soft_comp)):
            continue
        if row is not None and row.support == "Y" and state.holds is denied:
            conditional = sheet.catalogue.provision(rule["provision"]).conditional
            holds = "holds" if denied else "does not hold"
            yield finding(
                rule["provision"],
                "y-against-condition",
                "error",
                f"{row.source}: {rule['provision']} is answered Y, and {rule['because']}, but {called(state.id)} "
                f"{holds} ({state.reason})",
                f"{'N or N/A' if conditional else 'N'}, or documents that fit the claim",
            )


def circular(sheet: IcsSheet) -> Iterator[IcsFinding]:
    """N/A because something is missing that the provision itself asks for."""
    for rule in sheet.reference["rests_on"]:
        row = sheet.ics.rows.get(rule["provision"])
        missing = [name for name in rule["conditions"] if sheet.states[name].holds is False]
        excuse = sheet.states[rule["excused_by"]]
        if row is None or row.support != "N/A" or not missing or excuse.holds is False:
            continue
        known = "holds" if excuse.holds else "may hold"
        yield finding(
            rule["provision"],
            "na-is-circular",
            "error",
            f"{row.source}: {rule['provision']} is answered N/A and there is no {rule['what']}, "
            f"which is what it asks for: {called(excuse.id)} {known} ({excuse.reason})",
            f"N, or a reason why {called(excuse.id)} does not hold",
        )


def stories(sheet: IcsSheet) -> Iterator[IcsFinding]:
    """Rows with the same conditions of which one says that they hold and another that they do not."""
    denied: dict[frozenset[str], list[tuple[Provision, IcsRow]]] = defaultdict(list)
    for provision, row in sheet.answered:
        if row.support == "N/A" and provision.conditional:
            denied[frozenset(provision.conditional)].append((provision, row))
    for conditions, rows in denied.items():
        others = [
            (provision, row)
            for provision, row in sheet.answered
            if row.support != "N/A" and conditions <= set(provision.conditional)
        ]
        certain = conditions <= sheet.subject
        if not certain:
            # Such a provision can be met although it does not apply, and the row may say so.
            others = [(one, row) for one, row in others if row.support == "N" or not _of_own_accord(row)]
        if others:
            elsewhere = abridged([f"{one.id} ({row.source})" for one, row in others], 1)
            names = listed(called(name) for name in sorted(conditions))
            yield finding(
                rows[0][0].id,
                "all-rows-one-story",
                "error" if certain else "warning",
                f"{rows[0][1].source}: N/A is answered to {_list(rows)}, but {others[0][1].support} to "
                f"{elsewhere}, and {names} holds for all of them or for none",
                "the same story in all of them",
            )


def _of_own_accord(row: IcsRow) -> bool:
    return any(word in row.detail.lower() for word in _OF_OWN_ACCORD)


def _list(rows: Sequence[tuple[Provision, IcsRow]]) -> str:
    return abridged([provision.id for provision, _ in rows], 4)


def same_texts(sheet: IcsSheet) -> Iterator[IcsFinding]:
    """One text as the justification of rows that have nothing to do with each other."""
    texts: dict[str, list[tuple[Provision, IcsRow]]] = defaultdict(list)
    for provision, row in sheet.answered:
        if not without_content(row.detail, row.support) and not denies(row.detail):
            texts[" ".join(row.detail.lower().split())].append((provision, row))
    for same in texts.values():
        if len(same) < _ROWS_OF_BOILERPLATE or share_a_subject(sheet.catalogue.id, (one for one, _ in same)):
            continue
        provision, row = same[0]
        yield finding(
            provision.id,
            "one-text-for-many-rows",
            "warning",
            f"{row.source}: {_list(same)} have one text, and no condition connects them: {quoted(row.detail)}",
            "a detail of its own for each",
        )


ACROSS = (contradictions, presupposed, circular, stories, same_texts)
