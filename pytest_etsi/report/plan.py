"""Shows a plan to people: per provision every unit with its entries, whether it applies, and what it needs.

The form for programs is `pytest_etsi.assessment.planned.Plan.to_json`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Group as Lines
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from pytest_etsi.report import operations
from pytest_etsi.report.plausibility import HEADING, lines
from pytest_etsi.unit import NEEDS
from pytest_etsi.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import RenderableType

    from pytest_etsi.assessment.ics.plausibility import IcsFinding
    from pytest_etsi.assessment.operations import MissingOperation
    from pytest_etsi.assessment.planned import Plan, PlannedEvaluation, PlannedGroup

__all__ = ["render"]

_JUDGEMENT = {
    "valid": "judgement valid",
    "failed": "judged not to hold",
    "open": "judgement without conclusion",
    "stale": "judgement stale",
    "missing": "judgement missing",
}
_BY = {
    "document": "program, from the documents",
    "network": "program, over the network",
    "serial": "program, on the serial console",
    "cloud": "program, at the associated service",
    "capture": "program, from captured traffic",
    "documentation-fetch": "program, from what is published",
    "bench": "program, with the bench",
    "assessor": "program",
}

_STATES = {
    "isolated": "isolated",
    "updated": "with an update",
    "factory-default": "in factory default",
    "erased": "with its data erased",
}


def render(
    plan: Plan, findings: Sequence[IcsFinding] = (), missing: Sequence[MissingOperation] = ()
) -> RenderableType:
    """The plan for a terminal or a pipe; readable from 80 columns on.

    Args:
        plan: what would be evaluated.
        findings: what does not fit in the ICS.
        missing: operations that the profile lacks.
    """
    return Lines(
        *_head(plan),
        *_questions(plan),
        *(_group(group, plan) for group in plan.groups),
        *_foot(plan),
        *_operations(missing),
        *_ics(findings),
    )


def _head(plan: Plan) -> Iterator[RenderableType]:
    title = Text(f"Plan for {plan.profile}, edition {plan.edition}", style="bold")
    if plan.selection:
        title.append(f", only {', '.join(plan.selection)}")
    yield title
    concerned = [one for one in plan.evaluations if one.applies is not False]
    by_program = sum(1 for one in concerned if one.automated)
    yield Text(
        f"{_count(len(plan.units), 'unit')}, {_count(len(plan.evaluations), 'evaluation')}: {by_program} by "
        f"program, {len(concerned) - by_program} by judgement alone, "
        f"{len(plan.evaluations) - len(concerned)} not applicable"
    )
    if drafted := sum(1 for one in concerned if one.drafted):
        yield Text(
            f"{_count(drafted, 'evaluation')} on drafts, which can fail and cannot pass until a person has checked "
            "them and takes the marks away"
        )
    yield from _longest(concerned)
    yield Text(f"permitted: {', '.join(plan.permissions) or 'nothing that changes or disturbs the device'}")
    if any(one.access == "network" for one in concerned if one.automated):
        from pytest_etsi.probes.services import MOST_QUESTIONS

        yield Text(
            f"a search for services asks each open TCP port {MOST_QUESTIONS} questions at most, and no password"
        )


def _longest(concerned: Iterable[PlannedEvaluation]) -> Iterator[RenderableType]:
    """How long a unit takes at most, by what it looks at."""
    limits: dict[str, float] = {}
    for one in concerned:
        if one.at_most_s is not None:
            by = _BY[one.access].removeprefix("program").removeprefix(", ") or "by program"
            limits[by] = max(limits.get(by, 0.0), one.at_most_s)
    if limits:
        told = ", ".join(f"{limit / 60:,.0f} min {by}" for by, limit in limits.items())
        yield Text(f"an evaluation takes at most {told}; what has changed the device then restores it")


def _questions(plan: Plan) -> Iterator[RenderableType]:
    """What searches ask of web servers at most, without any permission."""
    if not any(
        one.access == "network" and one.automated and one.applies is not False for one in plan.evaluations
    ):
        return
    from pytest_etsi.probes.http.visits import MOST_REFUSED, MOST_REQUESTS

    asked = ", ".join(f"{number} requests for {what}" for what, number in MOST_REQUESTS.items())
    yield Text(
        f"asked of each web server at most, without a password: {asked}; each search ends when "
        f"{MOST_REFUSED} requests were refused or the server shows that it had enough"
    )


def _group(group: PlannedGroup, plan: Plan) -> RenderableType:
    status = group.provision.printed or group.provision.status
    head = Text(f"\n{group.group.id}  {group.group.title}", style="bold")
    claim = Text(f"{status} · ICS {group.support or 'has no row'}")
    if group.ics.verdict is Verdict.PASS:
        claim.append(f" · {group.ics.reason}" if group.ics.reason != "claimed in the ICS" else "")
    else:
        # What stands says itself that it is not applicable or not supported.
        style = {Verdict.FAIL: "red", Verdict.INCONCLUSIVE: "yellow"}.get(group.ics.verdict, "")
        verdict = f"{group.ics.verdict}: " if style else ""
        claim.append(f" · {verdict}{group.ics.reason}", style=style)
    if not group.assessed:
        return Lines(head, Padding(claim, (0, 0, 0, 2)))
    grid = Grid.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold", max_width=24)
    grid.add_column(overflow="fold", ratio=1)
    for case in group.group.cases:
        for unit in case.units:
            _unit(grid, unit.id, plan)
    return Lines(head, Padding(claim, (0, 0, 0, 2)), Padding(grid, (0, 0, 0, 2)))


def _unit(grid: Grid, unit: str, plan: Plan) -> None:
    """The rows of a unit; entries that need the same share one."""
    rows: dict[str, tuple[Text, list[str]]] = {}
    for evaluation in plan.for_unit(unit):
        needs = _needs(evaluation)
        rows.setdefault(needs.markup, (needs, []))[1].append(evaluation.entry or "")
    name = unit
    for needs, entries in rows.values():
        grid.add_row(name, "\n".join(entries), needs)
        name = ""
    if unsure := next((one.reason for one in plan.for_unit(unit) if one.applies is None), ""):
        grid.add_row("", "", Text(unsure, style="dim"))
    if outside := plan.out_of_scope.get(unit):
        grid.add_row("", "", Text(f"not concerned: {', '.join(outside)}", style="dim"))


def _needs(evaluation: PlannedEvaluation) -> Text:
    if evaluation.applies is False:
        return Text(f"not applicable: {evaluation.reason}", style="dim")
    if not evaluation.automated:
        by_hand = "by hand; " if evaluation.function is not None else ""
        return Text(by_hand + _JUDGEMENT[evaluation.judgement], style=_style(evaluation.judgement))
    text = Text(_BY[evaluation.access])
    if evaluation.applies is None:
        text.append("; open whether concerned", style="yellow")
    if told := _STATES.get(evaluation.state):
        text.append(f"; {told}")
    for lacking in evaluation.missing_access:
        text.append(f"; lacks {lacking}", style="yellow")
    for need in evaluation.needs:
        if need in evaluation.missing_permissions:
            rest = " (the rest is looked at)" if evaluation.partly else ""
            text.append(f"; not permitted: {need}{rest}", style="yellow")
        else:
            text.append(f"; permitted: {need}")
    if evaluation.judgement != "none":
        text.append(f"; {_JUDGEMENT[evaluation.judgement]}", style=_style(evaluation.judgement))
    return text


def _style(judgement: str) -> str:
    return {"valid": "green", "failed": "red"}.get(judgement, "yellow")


def _foot(plan: Plan) -> Iterator[RenderableType]:
    concerned = [one for one in plan.evaluations if one.applies is not False]
    permissions = Counter(need for one in concerned for need in one.missing_permissions)
    accesses = Counter(access for one in concerned for access in one.missing_access)
    judgements = Counter(one.judgement for one in concerned if one.judgement in ("stale", "missing"))
    lines: Sequence[str] = [
        *(
            f"permission {need}: {_count(number, 'evaluation')}; {NEEDS.get(need, 'of this project')}"
            for need, number in permissions.items()
        ),
        *(f"{access}: {_count(number, 'evaluation')}" for access, number in accesses.items()),
        *(f"judgement {state}: {_count(number, 'evaluation')}" for state, number in judgements.items()),
    ]
    if lines:
        yield Text("\nWhat is lacking", style="bold")
        yield from _list(lines)


def _operations(missing: Sequence[MissingOperation]) -> Iterator[RenderableType]:
    if missing:
        yield Text(f"\n{operations.HEADING}", style="bold")
        yield from _list(operations.lines(missing))


def _ics(findings: Sequence[IcsFinding]) -> Iterator[RenderableType]:
    if findings:
        yield Text(f"\n{HEADING}", style="bold")
        yield from _list(lines(findings))


def _list(lines: Iterable[str]) -> Iterator[RenderableType]:
    return (Padding(Text(line), (0, 0, 0, 2)) for line in lines)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
