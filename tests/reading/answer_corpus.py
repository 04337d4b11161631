"""A corpus of manufacturers' answers, each put into sound documents, and what the units on paper make of it.

A row of ``corpus/*.yaml`` is one answer:

- ``lang``, ``table``, ``field``, ``text``: the language, where it is written, and the answer word for word;
- ``right``: ``refuted`` (it contradicts what the units ask), ``doubt`` (an assessor has to see it), ``nothing`` (it is
  truthful and sound, or says so little that nothing follows);
- ``units``: the units that are refuted, or that show the doubt;
- ``why``: the reason for it;
- ``with``: other fields of the entry; ``facts``: a name in `FACTS`, which bring the entry into the units' scope.
"""

from __future__ import annotations

import copy
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yaml_text import dumped, loaded

from pytest_etsi.assessment.examine import Examined, examine
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.reading.sentences import sentences
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import Profile, load_profile
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Verdict

HALVES = ("tuned", "held_out")
PARTS = (*HALVES, "awkward")
CATALOGUE = edition("1.1.1")

SOUND: dict[str, Any] = loaded((Path(__file__).parent / "corpus" / "sound.yaml").read_text("utf-8"))
"""Sound documents, by table, which say nothing of what the answers are about."""

FACTS: dict[str, dict[str, Any]] = {
    "preinstalled": {
        "subject": "user", "interface": "network", "factors": ["password"], "states": ["initialized"],
        "password": {"origin": "pre-installed"},
    },
    "factorless": {"subject": "user", "interface": "network"},
    "cable": {"transport": "cable", "interaction": "manual"},
    "public": {"purpose": ["other"], "provisioning": "production"},
    "owner-key": {"purpose": ["user-authentication"], "provisioning": "user"},
    "entered": {"purpose": ["other"], "provisioning": "user"},
    "layer": {"peer": "associated-service", "remote": True},
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Answer:
    """One row of the corpus."""

    half: str
    lang: str
    table: str
    field: str
    text: str
    right: str
    why: str
    units: frozenset[str]
    others: dict[str, str]
    facts: str

    def __str__(self) -> str:
        return f"{self.half} {self.lang} {self.table} {self.field}: {self.text}"

    def profile(self, *, sound: bool = False) -> Profile:
        """Sound documents with this answer in the place of the sound one, or with everything but the answer itself."""
        tables = copy.deepcopy(SOUND)
        whole = tables[self.table]
        entry = whole[0] if isinstance(whole, list) else whole
        entry.update(self.others)
        if not sound:
            entry[self.field] = self.text
        if self.facts:
            entry["facts"] = FACTS[self.facts]
        if self.facts == "layer":
            _under_another(tables)
        return profile_of(tables)


def _under_another(tables: dict[str, Any]) -> None:
    """Make the mechanism one of two that the personal data travel over, the other being TLS."""
    tables["11-ComMech"] = [
        tables["11-ComMech"] | {"ID": "one"},
        copy.deepcopy(SOUND["11-ComMech"]) | {"ID": "other"},
    ]
    tables["21-PersData"]["Communication Mechanisms"] = ["other", "one"]


def answers(half: str) -> list[Answer]:
    """The rows of one half."""
    text = (Path(__file__).parent / "corpus" / f"{half}.yaml").read_text("utf-8")
    return [
        Answer(
            half, row["lang"], row["table"], row["field"], row["text"], row["right"], row["why"],
            frozenset(row.get("units", ())), row.get("with", {}), row.get("facts", ""),
        )
        for row in loaded(text)
    ]  # fmt: skip


def profile_of(tables: dict[str, Any]) -> Profile:
    """A profile with these tables, in each of which an entry without ID gets one, and every provision claimed."""
    single = {table.id: table.single for table in CATALOGUE.tables}
    ixit = {
        name: content if single[name] or isinstance(content, list) else [{"ID": "one", **content}]
        for name, content in tables.items()
    }
    content = {
        "format": 1,
        "name": "answers",
        "edition": "1.1.1",
        "dut": {"manufacturer": "Example", "model": "Any", "hardware": "A", "software": "1"},
        "ics": {
            provision.id: {"support": "Y", "detail": "As the IXIT says."}
            for provision in CATALOGUE.provisions
            if provision.id != "4-1"
        },
        "ixit": ixit,
    }
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "answers.yaml")
        path.write_text(dumped(content), encoding="utf-8")
        return load_profile(path)


def on_paper(profile: Profile, table: str) -> dict[tuple[str, str | None], Examined]:
    """What every conceptual unit that reads a table comes to, by unit and entry."""
    units = [
        unit.id
        for unit in CATALOGUE.units
        if not unit.functional and (unit.iterates == table or table in unit.reads)
    ]
    assert units, table
    return {
        (planned.unit.id, planned.entry): examine(profile, planned)
        for planned in make_plan(profile, load_units(), only=units).evaluations
    }


_BESIDE: dict[str, frozenset[str]] = {}


def _beside(answer: Answer) -> frozenset[str]:
    """The units that fail already for what stands beside an answer: a mechanism by cable is not automatic."""
    key = repr((answer.table, sorted(answer.others.items()), answer.facts))
    if key not in _BESIDE:
        _BESIDE[key] = _failed(on_paper(answer.profile(sound=True), answer.table))
    return _BESIDE[key]


def _failed(results: dict[tuple[str, str | None], Examined]) -> frozenset[str]:
    return frozenset(unit for (unit, _), one in results.items() if one.outcome.verdict is Verdict.FAIL)


@dataclass(frozen=True)
class Measured:
    """What one answer came to.

    Attributes:
        answer: the row.
        failed: units that fail with it.
        reasons: why, by unit.
        shown: everything that the units named by the row show to an assessor.
    """

    answer: Answer
    failed: frozenset[str]
    reasons: dict[str, str]
    shown: str

    @property
    def false_fail(self) -> bool:
        """Whether a unit fails although nothing refutes it."""
        return self.answer.right != "refuted" and bool(self.failed)

    @property
    def found(self) -> bool:
        """Whether a contradiction is refuted in every unit that it is one of."""
        return self.answer.right == "refuted" and self.answer.units <= self.failed

    @property
    def doubt_shown(self) -> bool:
        """Whether the assessor of a doubtful answer sees its words in a finding."""
        return any(sentence[:40] in self.shown for sentence in sentences(self.answer.text))


def measured(answer: Answer) -> Measured:
    """Put an answer into sound documents and examine them."""
    results = on_paper(answer.profile(), answer.table)
    return Measured(
        answer,
        _failed(results) - _beside(answer),
        {
            unit: one.outcome.reason
            for (unit, _), one in results.items()
            if one.outcome.verdict is Verdict.FAIL
        },
        "\n".join(
            f"{one.outcome.reason}\n{one.considered}"
            for (unit, _), one in results.items()
            if unit in answer.units
        ),
    )
