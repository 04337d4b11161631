"""Who decides which test unit: a program, a program and then a person, or a person alone; as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pytest_etsi.assessment.judgement import needs_judgement
from pytest_etsi.assessment.suite import by_unit
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_etsi.assessment.suite import UnitFunction
    from pytest_etsi.standard import Unit

__all__ = ["page", "who_decides"]

Who = Literal["program", "program, then a person", "a person"]

_HEAD = """\
# Who decides what

Every test unit of TS 103 701 V{edition} ends in one of three ways:

- **program**: a program decides it, from the documents or on the device;
- **program, then a person**: a program refutes what can be refuted; what it lets stand, a competent person judges, told
  all that the program saw. [Why](#why-a-person) is said of each functional unit;
- **a person**: no program decides or refutes it yet. A run asks for a recorded judgement and says what the person
  has to do.

`pytest-etsi catalogue{option} 5.5-1` shows what a unit does and what a program could decide. This page is made by
`pytest-etsi catalogue{option} --automation` from the test modules themselves.
"""

_WHY = """
## Why a person

What is seen on the device, and all the same is confirmed by a person only. Every other functional unit ends by program,
once the profile says how to reach what it looks at.

| unit | why |
|---|---|"""


def who_decides(unit: Unit, function: UnitFunction | None) -> Who:
    """Who decides a unit that this function of the suite evaluates."""
    if function is None or (function.by_hand and not function.reserved):
        return "a person"
    return "program, then a person" if needs_judgement(unit) or function.reserved else "program"


def page(functions: Mapping[str, Sequence[UnitFunction]], edition_id: str = "1.1.1") -> str:
    """The page, in Markdown."""
    return "\n".join(_lines(functions, edition_id)) + "\n"


def _lines(functions: Mapping[str, Sequence[UnitFunction]], edition_id: str) -> Iterator[str]:
    catalogue = edition(edition_id)
    of = by_unit(functions, edition_id)
    option = "" if edition_id == "1.1.1" else f" --edition {edition_id}"
    yield _HEAD.format(edition=edition_id, option=option)
    yield "| scenario | units | program | program, then a person | a person |"
    yield "|---|---|---|---|---|"
    total = [0, 0, 0, 0]
    for scenario, title in catalogue.scenarios.items():
        units = catalogue.select(scenario)
        who = [who_decides(unit, of.get(unit.id)) for unit in units]
        row = [len(units), *(who.count(one) for one in ("program", "program, then a person", "a person"))]
        total = [before + now for before, now in zip(total, row, strict=True)]
        yield f"| {scenario} {title} | {' | '.join(map(str, row))} |"
    yield f"| all | {' | '.join(map(str, total))} |"
    yield _WHY
    for unit in catalogue.units:
        if (function := of.get(unit.id)) is not None and (why := function.reserved or function.alone):
            yield f"| {unit.id} | {_cell(why)} |"
    for scenario, title in catalogue.scenarios.items():
        yield f"\n## {scenario} {title}\n"
        yield "| unit | who | what the unit does; by hand: what the person does |"
        yield "|---|---|---|"
        for unit in catalogue.select(scenario):
            function = of.get(unit.id)
            by_hand = f" **By hand:** {function.by_hand}" if function and function.by_hand else ""
            yield f"| {unit.id} | {who_decides(unit, function)} | {_cell(unit.does + by_hand)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
