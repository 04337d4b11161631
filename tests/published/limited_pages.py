"""Pages that pass, each with one sentence more that takes something back, and what is decided on them then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import yaml

from tests.published.corpus_decisions import asked
from tests.published.corpus_files import PLACE, policies, replacements, supports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.published.corpus_files import Sample

__all__ = ["Limited", "limited"]


@dataclass(frozen=True)
class Limited:
    """A page with a sentence that takes something back.

    Attributes:
        text: the sentence.
        into: the name of the page.
        held_out: it was not looked at while the rule was mended.
        without, ours: what is decided without the sentence, and with it: PASS, FAIL or open.
    """

    text: str
    into: str
    held_out: bool
    without: str
    ours: str


def limited() -> Iterator[Limited]:
    """Every sentence in its page, asked what matters most there: 5.2-1-2 b, or 5.3-13-2 c."""
    written = yaml.safe_load((PLACE / "limits.yaml").read_text(encoding="utf-8"))
    pages = {one["into"] for one in written}
    samples = [one for one in (*policies(), *supports(), *replacements()) if one.id in pages]
    questions = {(one.sample.id, one.question): one for one in asked(samples) if one.question in {"b", "c"}}
    put = {}
    for number, one in enumerate(written):
        key = one["into"], one.get("question") or ("b" if (one["into"], "b") in questions else "c")
        put[number] = key, _put(questions[key].sample, number, one)
    given = {
        one.sample.id: one
        for one in asked([sample for _, sample in put.values()])
        if one.question in {"b", "c"}
    }
    for number, (key, sample) in put.items():
        held_out = bool((number ^ number >> 1) & 1)
        yield Limited(
            written[number]["text"], key[0], held_out, questions[key].ours(), given[sample.id].ours()
        )


def _put(sample: Sample, number: int, one: dict[str, str]) -> Sample:
    text, added = sample.content["text"], one["text"]
    match sample.content["frame"], one["place"]:
        case "html", "before":
            text = f"<p>{added}</p>{text}"
        case "html", _:
            text = f"{text}<p>{added}</p>"
        case "definition", "before":
            text = f"{added}: {added}\n{text}"
        case "definition", _:
            text = f"{text.rstrip()}\n{added}: {added}\n"
        case _, "before":
            text = f"{added}\n\n{text}"
        case _, "behind":
            text = f"{text.rstrip()}\n\n{added}\n"
        case _, "chapter":
            text = f"## {added}\n\n{text}"
        case _:
            text = f"# {added}\n\n{text.partition(chr(10))[2]}"
    return replace(sample, id=f"{sample.id}+{number}", content={**sample.content, "text": text})
