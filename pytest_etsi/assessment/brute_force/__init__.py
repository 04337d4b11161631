"""Guessing over the network: what a protection lets through, what that is worth, and what was observed.

Three layers, all pure: arithmetic (`days_to_guess`), the judgement of what a
manufacturer declares (`judge_declared`), and the reading of an observed sequence of attempts (`interpret`,
`compare_with_declared`). What is declared is the typed fact `BruteForceFacts`, which counts the attempts that it lets
through; what was observed is the log of `pytest_etsi.dut.observe.brute_force`. Findings answer one of these questions
(`Finding.aspect`):

- ``impracticability``: do the declared protections make guessing impracticable (5.1-5-1 a);
- ``behaviour``: does the protection act as declared (5.1-5-2 b).

Only a weaker protection than declared is a violation; a stricter one is a note.
"""

from pytest_etsi.assessment.brute_force._compare import compare_with_declared
from pytest_etsi.assessment.brute_force._declared import (
    THRESHOLDS,
    days_to_guess,
    judge_declared,
)
from pytest_etsi.assessment.brute_force._trace import (
    GuessingTrace,
    Lock,
    Run,
    interpret,
)

__all__ = [
    "THRESHOLDS",
    "GuessingTrace",
    "Lock",
    "Run",
    "compare_with_declared",
    "days_to_guess",
    "interpret",
    "judge_declared",
]
