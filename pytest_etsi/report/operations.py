"""Operations of fixed names: as a table of the documentation, and what a profile lacks of them in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment.operations import named_operations

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pytest_etsi.assessment.operations import MissingOperation

__all__ = ["HEADING", "lines", "table"]

HEADING = "Operations that would let a program decide more"


def lines(missing: Sequence[MissingOperation]) -> Iterator[str]:
    """A line for each operation that is missing, the most useful first."""
    for one in missing:
        alone, others = len(one.alone), len(one.with_others)
        told = []
        if alone:
            told.append(f"{alone} unit{'' if alone == 1 else 's'} ({', '.join(one.alone)})")
        if others:
            told.append(f"{others} together with further ones ({', '.join(one.with_others)})")
        yield f"{one.operation.name}: {'; '.join(told)}; {one.operation.what}"


def table(decided: Collection[str]) -> str:
    """The table in Markdown.

    Args:
        decided: ids of units that a program takes part in; the others stand in brackets.
    """
    rows = [
        "| operation | what it does | permission | what has to show afterwards | units |",
        "|---|---|---|---|---|",
    ]
    for one in named_operations():
        units = (
            ", ".join(unit if unit in decided else f"({unit})" for unit in one.units)
            or "a witness for others"
        )
        rows.append(f"| `{one.name}` | {one.what} | {one.needs or '-'} | {one.after} | {units} |")
    return "\n".join(rows) + "\n"
