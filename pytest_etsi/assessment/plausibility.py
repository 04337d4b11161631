"""Whether an ICS is plausible: complete, justified, and at one with itself and with the other documents.

For the person who checks the ICS before anything is assessed. No verdict comes from here: what an answer means for
its group is said by `pytest_etsi.assessment.rollup.check_ics`, and test group 4-1 (5.0-1) asks for the justifications.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment._ics_wording import denies, only_restates, without_content
from pytest_etsi.assessment._text import sentence
from pytest_etsi.assessment.conditions import ConditionState, condition_holds
from pytest_etsi.assessment.rollup import ALWAYS_ASSESSED, conjunction
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pytest_etsi.profile import IcsRow, Profile
    from pytest_etsi.standard import Edition, Provision

__all__ = ["IcsFinding", "Rule", "ics_findings"]

Rule = Literal[
    "missing-row",
    "no-justification",
    "na-on-unconditional-row",
    "na-although-condition-holds",
    "na-while-condition-unknown",
    "na-is-circular",
    "n-on-mandatory-provision",
    "n-only-restates",
    "y-but-not-done",
    "y-without-condition",
    "y-against-condition",
    "all-rows-one-story",
    "one-text-for-many-rows",
    "condition-denied-but-shown",
    "condition-denied-but-spoken-of",
    "condition-stated-but-not-shown",
    "conditions-contradict",
]

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


@dataclass(frozen=True, slots=True)
class IcsFinding:
    """One thing about the ICS that does not fit.

    Attributes:
        about: id of the provision, or "condition 12", "feature g".
        rule: which of the rules, in words.
        level: ``error``: the ICS lacks something that it has to have, or contradicts itself, the pro forma or the other
            documents. ``warning``: it may be right, and somebody has to look.
        message: one sentence, with file and line of the row.
        expected: what was expected instead.
    """

    about: str
    rule: Rule
    level: Literal["error", "warning"]
    message: str
    expected: str = ""

    def __str__(self) -> str:
        return f"{self.message}; expected {self.expected}" if self.expected else self.message

    def to_json(self) -> dict[str, str]:
        """The finding as builtins."""
        return asdict(self)


def ics_findings(profile: Profile) -> tuple[IcsFinding, ...]:
    """What does not fit in the ICS of a profile: conditions first, then provisions, each in the standard's order."""
    sheet = _Sheet(profile)
    order = {_called(name): number for number, name in enumerate(sheet.states)}
    order |= {provision.id: len(order) + number for number, provision in enumerate(sheet.provisions)}
    found = [
        finding
        for rule in (_conditions, _contradictions, _rows, _claims, _circular, _stories, _same_texts)
        for finding in rule(sheet)
    ]
    circular = {finding.about for finding in found if finding.rule == "na-is-circular"}
    # A circular N/A says why its condition does not release the row; the plain finding would repeat it.
    plain = ("na-although-condition-holds", "na-while-condition-unknown")
    kept = [finding for finding in found if finding.rule not in plain or finding.about not in circular]
    return tuple(sorted(kept, key=lambda finding: order[finding.about]))


class _Sheet:
    """An ICS with what is known about its conditions."""

    def __init__(self, profile: Profile) -> None:
        self.ics = profile.ics
        self.catalogue: Edition = edition(profile.edition)
        self.provisions = self.catalogue.provisions
        self.states = {one.id: condition_holds(profile, one.id) for one in self.catalogue.conditions}
        self.reference: Mapping[str, Any] = read_json("ics.json")[profile.edition]
        self.subject = frozenset(self.reference["subject"])

    @cached_property
    def answered(self) -> Sequence[tuple[Provision, IcsRow]]:
        return [(one, self.ics.rows[one.id]) for one in self.provisions if one.id in self.ics.rows]

    def stated(self, literal: str) -> bool | None:
        """What the ICS states of "12" or "!12", otherwise what is known of it; None: nothing."""
        state = self.states[literal.removeprefix("!")]
        value = state.holds if state.declared is None else state.declared
        return None if value is None else value != literal.startswith("!")

    def place(self, condition: str) -> str:
        """Where the ICS states something of a condition."""
        return str(self.ics.condition_sources.get(condition, self.ics.source))

    def why(self, conditions: Iterable[str], wanted: bool | None) -> str:
        """The conditions that hold, do not, or are unknown, each with its reason."""
        verb = {True: "holds", False: "does not hold", None: "is unknown"}[wanted]
        states = (self.states[name] for name in conditions)
        return "; ".join(
            f"{_called(state.id)} {verb} ({state.reason.rstrip('.')})"
            for state in states
            if state.holds is wanted
        )


def _called(condition: str) -> str:
    return f"{'condition' if condition.isdecimal() else 'feature'} {condition}"


def _of(
    about: str,
    rule: Rule,
    level: Literal["error", "warning"],
    message: str,
    expected: str = "",
) -> IcsFinding:
    return IcsFinding(about, rule, level, sentence(message), expected)


# Conditions -----------------------------------------------------------------------------------------------


def _conditions(sheet: _Sheet) -> Iterator[IcsFinding]:
    """Statements on conditions that the other documents contradict."""
    for state in sheet.states.values():
        about = _called(state.id)
        where = f"{sheet.place(state.id)}: {about} ({state.meaning.rstrip('.')})"
        if state.contradicted:
            yield _of(
                about,
                "condition-denied-but-shown",
                "error",
                f"{where} is stated not to hold, but {state.documents}",
                "true, or documents without it",
            )
        elif state.declared is False and state.holds is None:
            yield _of(
                about,
                "condition-denied-but-spoken-of",
                "warning",
                f"{where} is stated not to hold, but {state.reason.partition(', although')[0]}",
                "true, or facts of the entry that show the absence",
            )
        elif _stated_only(state):
            yield _of(
                about,
                "condition-stated-but-not-shown",
                "warning",
                f"{where} is stated to hold, but {state.documents}",
                "false, or the entry that it is about",
            )


def _stated_only(state: ConditionState) -> bool:
    return state.declared is True and state.shown is False


def _contradictions(sheet: _Sheet) -> Iterator[IcsFinding]:
    """Statements that cannot both be true."""
    for rule in sheet.reference["implications"]:
        when, then = rule["when"].removeprefix("!"), rule["then"].removeprefix("!")
        states = sheet.states[when], sheet.states[then]
        both = all(state.declared is not None for state in states)
        # What the documents show of one is said of the other already, where only one is stated.
        reported = any(state.contradicted or _stated_only(state) for state in states)
        if all(state.declared is None for state in states) or (reported and not both):
            continue
        if sheet.stated(rule["when"]) is True and sheet.stated(rule["then"]) is False:
            first, second = (
                f"{_called(name)} {'holds' if sheet.stated(name) else 'does not hold'}"
                for name in (when, then)
            )
            anchor = when if sheet.states[when].declared is not None else then
            yield _of(
                _called(anchor),
                "conditions-contradict",
                "error",
                f"{sheet.place(anchor)}: {first} and {second}, but {rule['because']}",
                "statements that can both be true",
            )


# Rows -----------------------------------------------------------------------------------------------------


def _rows(sheet: _Sheet) -> Iterator[IcsFinding]:
    """What can be said of each row by itself."""
    for provision in sheet.provisions:
        row = sheet.ics.rows.get(provision.id)
        if row is None:
            if provision.id not in ALWAYS_ASSESSED:
                yield _of(
                    provision.id,
                    "missing-row",
                    "error",
                    f"{sheet.ics.source}: there is no row for {provision.id}",
                    "Y, N or N/A, with a detail",
                )
            continue
        answers = {"Y": _row_y, "N": _row_n, "N/A": _row_na}
        yield from answers[row.support](sheet, provision, row)


def _unjustified(provision: Provision, row: IcsRow, level: Literal["error", "warning"]) -> IcsFinding:
    wanted = {
        "Y": "the measures taken",
        "N": "why it is impossible or inappropriate to meet it",
        "N/A": "why its condition does not hold",
    }
    said = f"says nothing but {_quoted(row.detail)}" if row.detail.strip() else "has no detail"
    return _of(
        provision.id,
        "no-justification",
        level,
        f"{row.source}: {provision.id} is answered {row.support} and {said}",
        wanted[row.support],
    )


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f'"{line if len(line) <= 60 else line[:56] + " ..."}"'


def _row_y(sheet: _Sheet, provision: Provision, row: IcsRow) -> Iterator[IcsFinding]:
    if denies(row.detail):
        yield _of(
            provision.id,
            "y-but-not-done",
            "error",
            f"{row.source}: {provision.id} is answered Y, but says {_quoted(row.detail)}",
            "N, or the measures taken",
        )
    elif without_content(row.detail, row.support):
        yield _unjustified(provision, row, "warning")
    absent = [
        name for name in provision.conditional if name in sheet.subject and sheet.states[name].holds is False
    ]
    if absent:
        yield _of(
            provision.id,
            "y-without-condition",
            "warning",
            f"{row.source}: {provision.id} is answered Y, although {sheet.why(absent, False)}",
            "N/A, since there is nothing to claim it for",
        )


def _row_n(sheet: _Sheet, provision: Provision, row: IcsRow) -> Iterator[IcsFinding]:  # noqa: ARG001 - as its siblings
    if provision.status == "M":
        yield _of(
            provision.id,
            "n-on-mandatory-provision",
            "error",
            f"{row.source}: {provision.id} is answered N, but is mandatory",
            "Y, or N/A where its condition does not hold" if provision.conditional else "Y",
        )
    if only_restates(row.detail, provision.title):
        yield _of(
            provision.id,
            "n-only-restates",
            "warning",
            f"{row.source}: {provision.id} is answered N, and {_quoted(row.detail)} says the same and no reason",
            "why it is impossible or inappropriate to meet it",
        )
    elif without_content(row.detail, row.support):
        yield _unjustified(provision, row, "error")


def _row_na(sheet: _Sheet, provision: Provision, row: IcsRow) -> Iterator[IcsFinding]:
    if without_content(row.detail, row.support):
        yield _unjustified(provision, row, "error")
    answer = f"{row.source}: {provision.id} is answered N/A"
    if not provision.conditional or provision.id in ALWAYS_ASSESSED:
        yield _of(
            provision.id, "na-on-unconditional-row", "error", f"{answer}, but has no condition", "Y or N"
        )
        return
    applies = conjunction(sheet.states[name].holds for name in provision.conditional)
    if applies:
        yield _of(
            provision.id,
            "na-although-condition-holds",
            "error",
            f"{answer}, but {sheet.why(provision.conditional, True)}",
            "Y or N",
        )
    elif applies is None:
        yield _of(
            provision.id,
            "na-while-condition-unknown",
            "warning",
            f"{answer}, but {sheet.why(provision.conditional, None)}",
            "a statement under `conditions`, or facts that tell",
        )


# Several rows ---------------------------------------------------------------------------------------------


def _claims(sheet: _Sheet) -> Iterator[IcsFinding]:
    """Claims that presuppose more than the conditions of their own row."""
    for rule in sheet.reference["claims"]:
        row = sheet.ics.rows.get(rule["provision"])
        denied = rule["needs"].startswith("!")
        state = sheet.states[rule["needs"].removeprefix("!")]
        if row is not None and row.support == "Y" and state.holds is denied:
            holds = "holds" if denied else "does not hold"
            yield _of(
                rule["provision"],
                "y-against-condition",
                "error",
                f"{row.source}: {rule['provision']} is answered Y, and {rule['because']}, but {_called(state.id)} "
                f"{holds} ({state.reason})",
                "N or N/A, or documents that fit the claim",
            )


def _circular(sheet: _Sheet) -> Iterator[IcsFinding]:
    """N/A because something is missing that the provision itself asks for."""
    for rule in sheet.reference["rests_on"]:
        row = sheet.ics.rows.get(rule["provision"])
        missing = [name for name in rule["conditions"] if sheet.states[name].holds is False]
        excuse = sheet.states[rule["excused_by"]]
        if row is None or row.support != "N/A" or not missing or excuse.holds is False:
            continue
        known = "holds" if excuse.holds else "may hold"
        yield _of(
            rule["provision"],
            "na-is-circular",
            "error",
            f"{row.source}: {rule['provision']} is answered N/A and there is no {rule['what']}, "
            f"which is what it asks for: {_called(excuse.id)} {known} ({excuse.reason})",
            f"N, or a reason why {_called(excuse.id)} does not hold",
        )


def _stories(sheet: _Sheet) -> Iterator[IcsFinding]:
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
            names = " and ".join(_called(name) for name in sorted(conditions))
            first = rows[0]
            yield _of(
                first[0].id,
                "all-rows-one-story",
                "error" if certain else "warning",
                f"{first[1].source}: by the N/A of {_list(rows)} {names} {'do' if len(conditions) > 1 else 'does'} not "
                f"hold, by the answers to {_list(others)} ({others[0][1].source}) {'they do' if len(conditions) > 1 else 'it does'}",
                "the same story in all of them",
            )


def _of_own_accord(row: IcsRow) -> bool:
    return any(word in row.detail.lower() for word in _OF_OWN_ACCORD)


def _list(rows: Sequence[tuple[Provision, IcsRow]]) -> str:
    shown = [f"{provision.id} ({row.support})" for provision, row in rows[:4]]
    return ", ".join(shown) + (f" and {len(rows) - 4} more" if len(rows) > 4 else "")


def _same_texts(sheet: _Sheet) -> Iterator[IcsFinding]:
    """One text as the justification of rows that have nothing to do with each other."""
    texts: dict[str, list[tuple[Provision, IcsRow]]] = defaultdict(list)
    for provision, row in sheet.answered:
        if not without_content(row.detail, row.support) and not denies(row.detail):
            texts[" ".join(row.detail.lower().split())].append((provision, row))
    for same in texts.values():
        if len(same) < _ROWS_OF_BOILERPLATE or set.intersection(*(_subjects(sheet, one) for one, _ in same)):
            continue
        provision, row = same[0]
        yield _of(
            provision.id,
            "one-text-for-many-rows",
            "warning",
            f"{row.source}: {_list(same)} have one text, and no condition connects them: {_quoted(row.detail)}",
            "a detail of its own for each",
        )


def _subjects(sheet: _Sheet, provision: Provision) -> set[str]:
    """What a provision is about: its conditions, the features that it has in the newer edition, and what these imply.

    Edition 1.1.1 leaves many provisions unconditional that plainly share a subject, such as personal data.
    """
    later = edition("2.1.1")
    known = {one.id for one in later.provisions}
    features = set(later.provision(provision.id).conditional) if provision.id in known else set()
    implied = {
        rule["then"]
        for rule in read_json("ics.json")["2.1.1"]["implications"]
        if rule["when"] in features and not rule["then"].startswith("!")
    }
    return {f"{sheet.catalogue.id} {name}" for name in provision.conditional} | features | implied
