"""The texts of `corpus`: what a manufacturer might publish, what the IXIT says, and what is to be found."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from yaml_text import dumped, loaded

from pytest_etsi import criteria
from pytest_etsi.assessment.coverage import text_of
from pytest_etsi.probes.webdocs.model import Kind, Origin
from pytest_etsi.probes.webdocs.reading import read_document
from pytest_etsi.profile import load_profile
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_etsi.assessment.coverage import Text
    from pytest_etsi.assessment.findings import Findings
    from pytest_etsi.profile import Ixit

__all__ = [
    "BLIND",
    "CORPUS",
    "PARTS",
    "Case",
    "Found",
    "cases",
    "concluded",
    "findings_of",
    "found_in",
    "ixit",
    "ixit_of",
    "product_of",
    "read_text",
    "read_texts",
    "written_in",
]

CORPUS = Path(__file__).with_name("corpus")
_PART_OF = {
    "tuned": "tuned",
    "later": "tuned",
    "held_out": "held out",
    "second": "second author",
    "third": "second author, unseen",
    "fifth": "fourth author",
    "sixth": "fifth author",
    "seventh": "sixth author",
}
BLIND = ("fourth author", "fifth author", "sixth author")
"""Their authors knew neither the rules nor the other texts; they are measured, and no bar is set for them."""
PARTS = tuple(part for part in dict.fromkeys(_PART_OF.values()) if part not in BLIND)
Decision = Literal["PASS", "FAIL", "person", "none"]
CATALOGUE = edition("1.1.1")
_PERSONAL, _TELEMETRY = "Documentation of Personal Data", "Documentation of Telemetry Data"


@dataclass(frozen=True)
class Case:
    """One thing that a text is asked.

    Attributes:
        name: file, unit and what it is about.
        file: of the text.
        unit: id of the test unit.
        about: ID of the entry, kind of interface, or "-".
        expected: every decision that is right.
        shows: words of the passage that a person is to be shown first.
        part: one of `PARTS`, or of `BLIND`; of two of them the author had not seen the rules, and the last was not looked at while
            these were mended after the one before.
        known_wrong: what is decided falsely today, and is known to be; empty: nothing.
    """

    name: str
    file: Path
    unit: str
    about: str
    expected: frozenset[str]
    shows: str
    part: str
    known_wrong: str = ""


@dataclass(frozen=True)
class Found:
    """What the criteria say: the decision, and the first passage that they show."""

    decision: Decision
    first: str
    findings: str


def cases() -> Iterator[Case]:
    """All of them, in order."""
    for file in sorted(CORPUS.glob("*/*.yaml")):
        written = written_in(file)
        shows = written.get("shows", {})
        for key, right in written["expected"].items():
            unit, about = key.split(" ", 1)
            expected = frozenset(right if isinstance(right, list) else [right])
            name = f"{file.stem}: {key}"
            part = _PART_OF[file.parent.name]
            known = written.get("known_wrong", {}).get(key, {}).get("said", "")
            yield Case(name, file, unit, about, expected, shows.get(key, ""), part, known)


@cache
def written_in(file: Path) -> dict[str, Any]:
    """What a file of the corpus holds."""
    written: dict[str, Any] = loaded(file.read_text(encoding="utf-8"))
    return written


@cache
def text(file: Path) -> Text:
    """A text as it is read from a page, in Markdown where nothing else is said."""
    written = written_in(file)
    return read_text(written["text"], written.get("media", "text/markdown"))


def read_text(content: str, media: str = "text/markdown") -> Text:
    """A text as it is read from a page of this media type."""
    return read_texts([content], media)


def read_texts(contents: Sequence[str], media: str = "text/markdown") -> Text:
    """Texts as they are read from pages of this media type, that were published together."""
    ending = ".md" if media == "text/markdown" else ""
    headers = (("content-type", media),)
    origins = [
        Origin(f"https://maker.example/text{number or ''}{ending}", status=200, headers=headers)
        for number in range(len(contents))
    ]
    return text_of([read_document(*one) for one in zip(origins, map(str.encode, contents), strict=True)])


@cache
def ixit(file: Path) -> Ixit:
    """The documents that go with a text."""
    return ixit_of(written_in(file)["ixit"])


def ixit_of(tables: dict[str, Any]) -> Ixit:
    """An IXIT with these tables, and all others empty."""
    empty: dict[str, Any] = {table.id: {} if table.single else [] for table in CATALOGUE.tables}
    content = {
        "format": 1,
        "name": "text",
        "edition": "1.1.1",
        "dut": {"manufacturer": "Unnamed maker", "model": "Any", "hardware": "A", "software": "1"},
        "ics": {
            one.id: {"support": "Y", "detail": "As said."} for one in CATALOGUE.provisions if one.id != "4-1"
        },
        "ixit": empty | tables,
    }
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "text.yaml")
        path.write_text(dumped(content), encoding="utf-8")
        return load_profile(path).ixit


def found_in(case: Case) -> Found:
    """What the criteria say of a case; a unit that is reserved for a person is taken by what the program leaves open."""
    if case.unit == "5.13-1-2/b":
        return _of_interface(case)
    findings = findings_of(case.unit, case.about, ixit(case.file), text(case.file), product_of(case.file))
    if case.about != "-":
        entry = f"/{case.about}"
        findings = type(findings)(
            [one for one in findings if one.place is None or one.place.entry.endswith(entry)],
            findings.examined,
        )
    return concluded(findings)


def product_of(file: Path) -> tuple[str, ...]:
    """The names that a profile would give: what stands in capitals behind the first word of the text's title."""
    title = next((one.passage.text for one in text(file).parts if one.passage.kind is Kind.HEADING), "")
    return tuple(word for word in re.findall(r"\w+", title)[1:] if word[0].isupper())


def concluded(findings: Findings) -> Found:
    """What findings come to."""
    first = next((one for one in findings if one.kind != "note"), None)
    decision: Decision = "PASS"
    if findings.violations:
        decision, first = "FAIL", findings.violations[0]
    elif findings.unknowns:
        decision = "person"
    return Found(decision, f"{first.found} {first.message}" if first else "", str(findings))


def findings_of(unit: str, about: str, here: Ixit, read: Text, product: tuple[str, ...] = ()) -> Findings:
    """What the criteria of a unit find in a text, on an entry where the unit is of one."""
    match unit:
        case "5.8-3-1/b":
            return criteria.user_manual.sensors(here, read, product)
        case "5.11-3-1/b":
            return criteria.user_guidance.deletion(here.del_func.get(about), here, read, product)
        case "5.12-2-1/b":
            return criteria.decision_guidance.decision(here.user_dec.get(about), here, read, product)
        case "5.12-2-1/c":
            return criteria.decision_guidance.advice(here.user_dec.get(about), here, read, product)
        case "5.12-3-1/b":
            return criteria.user_guidance.check(here, read, product)
        case "6-1-2/b":
            return criteria.privacy_notice.processing(here.pers_data.get(about), here, read, product)
        case "6-1-2/d":
            return criteria.privacy_notice.use(here, _PERSONAL, read, "Unnamed maker", product)
        case "6-5-2/b":
            return criteria.privacy_notice.purpose(here.tel_data.get(about), here, read, product)
        case "6-5-2/c":
            return criteria.privacy_notice.telemetry(here, read, product)
        case "6-5-2/d":
            return criteria.privacy_notice.use(here, _TELEMETRY, read, "Unnamed maker", product)
    raise AssertionError(unit)


def _of_interface(case: Case) -> Found:
    """Of an interface of the manual: none: it is not spoken of; PASS: an entry describes it."""
    findings = criteria.user_manual.interfaces(ixit(case.file), text(case.file))
    mine = [one for one in findings if f"({case.about})" in one.message]
    if not mine:
        described = case.about in findings.examined.partition("describe")[2]
        return Found("PASS" if described else "none", "", findings.examined)
    return Found("FAIL" if mine[0].kind == "violation" else "person", mine[0].found, str(findings))
