"""Reading what makers publish, beside a search for words: how often each is right, and how often it is falsely sure.

The corpus is that of the tests (tests/published/corpus): pages, PDF files and texts in nine languages, each with what
is right for it; one half was written before the rules and held out while they were tuned. "Left open" is what goes to a
person, who is shown the passages.

    python benchmarks/published.py [--wrong]
"""

from __future__ import annotations

import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_ROOT), str(_ROOT / "tests")]

from tests.published.corpus_decisions import Decision, decisions, summary  # noqa: E402 - the tests are no package
from tests.published.corpus_files import BLIND, PARTS  # noqa: E402 - as above

_COLUMNS = ("right", "left open", "false PASS", "false FAIL")


def main() -> None:
    made = list(decisions())
    print("| part | questions | by | " + " | ".join(_COLUMNS) + " | precision of PASS | recall of PASS |")
    print("|---|---|---|" + "---|" * (len(_COLUMNS) + 2))
    for name in (*PARTS, *BLIND):
        half = [one for one in made if one.sample.part == name]
        for side, counted in summary(half).items():
            cells = " | ".join(str(counted[column]) for column in _COLUMNS)
            print(
                f"| {name} | {len(half)} | {side} | {cells} | {_precision(half, side)} | {_recall(half, side)} |"
            )
    shown = [one for one in made if one.sample.first and one.right == one.ours == "open"]
    first = sum(_folded(one.sample.first) in _folded(one.first) for one in shown)
    print(f"\nThe right passage stands first in {first} of {len(shown)} that go to a person.")
    if "--wrong" in sys.argv:
        for one in made:
            if one.ours != one.right and one.sample.part in {"tuned", "second author", *BLIND}:
                print(f"{one.sample.id} {one.question}: {one.ours}, right is {one.right}")


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _precision(half: list[Decision], side: str) -> str:
    said = [one for one in half if getattr(one, side) == "PASS"]
    return _share(sum(one.right == "PASS" for one in said), len(said))


def _recall(half: list[Decision], side: str) -> str:
    wanted = [one for one in half if one.right == "PASS"]
    return _share(sum(getattr(one, side) == "PASS" for one in wanted), len(wanted))


def _share(some: int, of: int) -> str:
    return f"{some}/{of} ({some / of:.0%})" if of else "-"


if __name__ == "__main__":
    main()
