"""The conversation with an assessor: several entries at once, evidence of others, and what has changed."""

from __future__ import annotations

import datetime
import io
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from camera_copy import CAMERA, camera_in
from rich.console import Console
from yaml_text import dumped, loaded

from pytest_etsi.assessment.agenda import Agenda, selection
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.recording import record
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.interview.conversation import Interview
from pytest_etsi.profile import ProfileError, load_profile
from pytest_etsi.profile.judged_file import JudgedFile, judged_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pytest_etsi.assessment.questions import Question

UNIT = "5.4-1-1/a"
REASON = "Whoever has it can take the camera's place."


@pytest.fixture
def camera(tmp_path: Path) -> Path:
    """A copy of the camera's profile without the judgements of one unit."""
    copy = camera_in(tmp_path / "camera")
    (copy / "judgements.yaml").write_text(_judgements_of_other_units(), encoding="utf-8")
    return copy


@cache
def _judgements_of_other_units() -> str:
    judged = loaded((CAMERA / "judgements.yaml").read_text("utf-8"))
    return dumped([one for one in judged if one["unit"] != UNIT])


class Conversation:
    """An interview over the questions of one unit in which everything that is typed is known beforehand."""

    def __init__(self, camera: Path, only: str = UNIT) -> None:
        self.profile = load_profile(camera)
        self.shown = io.StringIO()
        self.prompts: list[str] = []
        self.agenda = self._agenda(camera, only)

    def _agenda(self, camera: Path, only: str, *, everything: bool = False) -> Agenda:
        judged = JudgedFile(judged_file(camera / "judgements.yaml"))
        wanted = selection(self.profile, only.split(","))
        return Agenda(self.profile, load_units(), judged, wanted, everything=everything)

    @property
    def open(self) -> list[Question]:
        return [one for one in self.agenda.inquiry.questions if one.state in ("missing", "stale", "open")]

    def hold(self, typed: Iterable[str], *, everything: bool = False) -> None:
        self.agenda.everything = everything
        self.interview(typed).run(self.agenda)
        assert next(self._lines, None) is None, f"not everything was asked: {self.prompts}"

    # What is typed, be it keys or lines

    def key(self, prompt: str) -> str:
        return self.line(prompt)

    def line(self, prompt: str) -> str:
        self.prompts.append(prompt)
        try:
            return next(self._lines)
        except StopIteration:
            raise EOFError from None

    def interview(self, typed: Iterable[str]) -> Interview:
        self._lines = iter(typed)
        return Interview(
            Console(file=self.shown, width=80, no_color=True, highlight=False),
            self,
            lambda answer: record(self.agenda.profile, self.agenda.plan, [answer]),
            "Jo Example",
            datetime.date(2026, 11, 26),
        )

    @property
    def screen(self) -> str:
        return " ".join(self.shown.getvalue().split())


def _states(camera: Path, unit: str = UNIT) -> dict[str | None, str]:
    plan = make_plan(load_profile(camera), load_units())
    return {one.entry: one.judgement for one in plan.for_unit(unit)}


def _judgements(camera: Path, unit: str = UNIT) -> dict[str, dict[str, Any]]:
    content = loaded((camera / "judgements.yaml").read_text("utf-8"))
    return {one["entry"]: one for one in content if one["unit"] == unit}


# Several entries --------------------------------------------------------------------------------------------


def test_one_answer_for_chosen_entries_is_shown_and_confirmed_for_each(camera: Path) -> None:
    conversation = Conversation(camera)
    first, second, third, *others = (one.planned.entry for one in conversation.open)
    conversation.hold(["p", REASON, "o", "1 2", "y", "n", "q"])
    given = _judgements(camera)

    assert list(given) == [first, second]
    assert {state for entry, state in _states(camera).items() if entry in given} == {"valid"}
    assert _states(camera)[third] == "missing"
    assert given[first]["fingerprint"] != given[second]["fingerprint"]
    assert given[first]["rationale"] == REASON
    assert given[second]["rationale"] == f"{REASON} (Answered together with {first}.)"
    # The answers of each entry are seen before it is confirmed.
    assert f"10-SecParam/{second}: Type" in conversation.screen
    assert f"10-SecParam/{third}: Type" in conversation.screen
    assert f"2 answered and saved, {1 + len(others)} left" in conversation.screen


def test_all_entries_can_be_considered_and_none_is_asked_again(camera: Path) -> None:
    conversation = Conversation(camera)
    count = len(conversation.open)
    conversation.hold(["p", REASON, "o", "a", *["y"] * (count - 1)])

    assert set(_states(camera).values()) == {"valid"}
    assert sum("as well?" in prompt for prompt in conversation.prompts) == count - 1


@pytest.mark.parametrize("typed", ["q", " Quit ", "exit"])
def test_who_leaves_instead_of_giving_a_name_has_judged_nothing(camera: Path, typed: str) -> None:
    conversation = Conversation(camera)
    interview = conversation.interview([typed])
    interview.assessor = ""
    interview.run(conversation.agenda)

    assert len(conversation.prompts) == 1
    assert "0 answered and saved" in conversation.screen
    assert not _judgements(camera)


def test_an_empty_line_answers_one_entry_only(camera: Path) -> None:
    conversation = Conversation(camera)
    conversation.hold(["p", REASON, "q"])

    assert len(_judgements(camera)) == 1


@pytest.mark.parametrize("typed", ["0", "99", "1-99", "x", "1-", "-"])
def test_what_is_no_choice_is_asked_again(camera: Path, typed: str) -> None:
    conversation = Conversation(camera)
    conversation.hold(["p", REASON, "o", typed, "", "q"])

    assert "Type numbers from 1 to" in conversation.screen
    assert len(_judgements(camera)) == 1


def test_ranges_are_understood(camera: Path) -> None:
    conversation = Conversation(camera)
    conversation.hold(["p", REASON, "o", "1-2 4", "y", "y", "q", "q"])

    assert len(_judgements(camera)) == 3


def test_no_valid_judgement_is_replaced_by_that_of_another_entry(camera: Path) -> None:
    """Also where all questions are asked anew (`--all`)."""
    first = Conversation(camera)
    first.hold(["p", REASON, "o", "1", "y", "q"])
    again = Conversation(camera)
    again.hold(["f", "It has become public meanwhile.", "o", "", "q"], everything=True)

    verdicts = [one["verdict"] for one in _judgements(camera).values()]
    assert verdicts == ["FAIL", "PASS"]
    assert "open for 8 further entries:" in again.screen


def test_an_earlier_answer_is_seen_before_it_is_replaced(camera: Path) -> None:
    first = Conversation(camera)
    first.hold(["i", "The description is missing.", "b", "q"])
    assert "Answered: INCONCLUSIVE: The description is missing." in first.screen
    again = Conversation(camera)
    again.hold(["q"])
    assert "INCONCLUSIVE by Jo Example (2026-11-26): The description is missing." in again.screen


def test_what_the_program_refutes_is_said_where_it_is_asked_all_the_same(camera: Path) -> None:
    path = camera / "ixit" / "10-SecParam.yaml"
    tables = loaded(path.read_text("utf-8"))
    tables["10-SecParam"][0]["Description"] = "tbd"
    path.write_text(dumped(tables), encoding="utf-8")
    conversation = Conversation(camera)
    conversation.hold(["q"], everything=True)

    assert "Refuted by the program, whatever is judged:" in conversation.screen


@pytest.mark.parametrize("odd", ["wrong\x1b[D\x1b[D", "bell\a bell bell", "x" * 5000])
def test_what_nobody_can_have_meant_is_asked_again(camera: Path, odd: str) -> None:
    conversation = Conversation(camera)
    conversation.hold(["p", odd, REASON, "q"])

    assert [one["rationale"] for one in _judgements(camera).values()] == [REASON]


@pytest.mark.parametrize("typed", [["p", "."], ["e", "."], ["e", "EX-1", "."], ["e", "", "."]])
def test_an_answer_can_be_thrown_away_at_every_prompt(camera: Path, typed: list[str]) -> None:
    conversation = Conversation(camera)
    conversation.hold([*typed, "q"])

    assert _judgements(camera) == {}


def test_a_changed_mind_is_said_to_leave_the_others_as_they_are(camera: Path) -> None:
    conversation = Conversation(camera)
    conversation.hold(["p", REASON, "o", "1", "y", "b", "f", "It has become public.", "q"])

    assert "Answered together with it before, and still" in conversation.screen


def test_a_stale_answer_can_be_kept_after_what_has_changed_was_seen(camera: Path) -> None:
    entry = load_profile(camera).ixit.sec_param[0]
    conversation = _answered_and_edited(
        camera, "10-SecParam", entry.id, "Description", entry["Description"] + " Now."
    )
    conversation.hold(["k"])
    given = _judgements(camera)[entry.id]

    assert given["rationale"] == REASON
    assert _states(camera)[entry.id] == "valid"


def test_help_and_keys_without_a_meaning(camera: Path) -> None:
    conversation = Conversation(camera)
    conversation.hold(["?", "k", "z", "q"])

    assert "throw this answer away" in conversation.screen
    assert "no earlier answer" in conversation.screen
    assert "z means nothing here; ? shows all keys." in conversation.screen


def test_what_a_program_refutes_takes_no_answer_of_another_entry(camera: Path) -> None:
    path = camera / "ixit" / "10-SecParam.yaml"
    tables = loaded(path.read_text("utf-8"))
    entry = tables["10-SecParam"][1]
    entry["Description"] = "tbd"
    path.write_text(dumped(tables), encoding="utf-8")
    conversation = Conversation(camera)
    refuted = [one.planned.entry for one in conversation.open if one.refuted]
    conversation.hold(["p", REASON, "o", "a", *["y"] * (len(conversation.open) - 2)])

    assert refuted == [entry["ID"]]
    assert entry["ID"] not in _judgements(camera)


# Entry by entry ---------------------------------------------------------------------------------------------

UART = "Intf-UART"


@pytest.fixture
def silent(camera: Path) -> Path:
    """The camera with a port of which the documents do not say whether it can be reached, and nothing judged."""
    path = camera / "ixit" / "15-Intf.yaml"
    tables = loaded(path.read_text("utf-8"))
    port = next(one for one in tables["15-Intf"] if one["ID"] == UART)
    del port["facts"]["accessible"]
    path.write_text(dumped(tables), encoding="utf-8")
    (camera / "judgements.yaml").write_text("[]\n", encoding="utf-8")
    return camera


def _kept(camera: Path) -> list[tuple[str, str]]:
    given = loaded((camera / "judgements.yaml").read_text("utf-8")) or []
    return [(one.get("unit") or one["question"], str(one.get("verdict") or one["answer"])) for one in given]


def test_whether_a_port_can_be_reached_is_asked_once_and_brings_its_units_in(silent: Path) -> None:
    conversation = Conversation(silent, only=UART)
    asked = "Can the interface be reached from outside the housing?"
    conversation.hold(["y", "Four pins behind a rubber cap.", "q"])
    again = Conversation(silent, only=UART)
    again.hold(["q"])

    assert _kept(silent) == [("15-Intf/accessible", "yes")]
    assert "5.6-4-1/a" in conversation.screen
    assert asked in conversation.screen
    assert asked not in again.screen
    assert "5.6-4-1/a" in {one.planned.unit.id for one in again.open}


def test_a_no_takes_the_units_out_at_once(silent: Path) -> None:
    Conversation(silent, only=UART).hold(["n", "It lies below the glued casing."])

    assert _kept(silent) == [("15-Intf/accessible", "no")]
    assert "5.6-4-1/a" not in {one.planned.unit.id for one in Conversation(silent, only=UART).open}


def test_the_text_of_an_entry_is_shown_once_for_all_its_questions(silent: Path) -> None:
    conversation = Conversation(silent, only="SoftComp-TLS")
    questions = len(conversation.open)
    conversation.hold(["s"] * questions)

    assert questions > 1
    assert conversation.screen.count("Description: OpenSSL 3.0.15") == 1
    assert "related:" in conversation.screen or "7-UpdMech/UpdMech-Network" in conversation.screen
    assert "facts: name openssl; version 3.0.15" in conversation.screen
    assert "ICS 5.3-1 Y:" in conversation.screen


def test_what_lies_beside_an_entry_is_read_once_and_what_is_asked_about_always(silent: Path) -> None:
    by_entry = Conversation(silent, only="5.3-1-1/b")
    by_entry.hold(["s"] * len(by_entry.open))
    by_unit = Conversation(silent, only="5.3-1-1/b")
    by_unit.agenda.order = "unit"
    by_unit.hold(["s"] * len(by_unit.open))
    words = "Security Guarantees: Authenticity of the package"

    assert by_entry.screen.count(words) == 1
    assert "shown before, and behind m: UpdMech-Network" in by_entry.screen
    assert by_unit.screen.count(words) == len(by_unit.open) > 1


def test_one_key_gives_the_answer_of_the_entry_before_and_says_so(camera: Path) -> None:
    conversation = Conversation(camera)
    conversation.hold(["p", REASON, "=", "=", "q"])
    first, second, third = _judgements(camera).values()

    assert f"= PASS as for {first['entry']}: {REASON}" in conversation.screen
    assert second["rationale"] == f"{REASON} (As for {first['entry']}.)"
    assert third["rationale"] == f"{REASON} (As for {second['entry']}.)"
    assert _states(camera)[second["entry"]] == "valid"


def test_the_same_answer_is_not_offered_before_there_is_one(camera: Path) -> None:
    conversation = Conversation(camera)
    conversation.hold(["=", "o", "q"])

    assert _judgements(camera) == {}
    assert "= means nothing here" in conversation.screen


def test_an_entry_can_be_left_as_a_whole(silent: Path) -> None:
    conversation = Conversation(silent, only="SoftComp-TLS,SoftComp-App")
    conversation.hold(["x", "x"])

    assert "2 of 2" in conversation.screen
    assert _kept(silent) == []


def test_what_lies_behind_keys_is_shown_when_it_is_asked_for(camera: Path) -> None:
    conversation = Conversation(camera)
    conversation.hold(["q"])
    assert "Purpose of the case:" not in conversation.screen
    again = Conversation(camera)
    again.hold(["m", "t", "q"])

    assert "Purpose of the case:" in again.screen
    assert "EN 303 645 provision 5.4-1" in again.screen
    assert again.screen.count("Judge whether the declared type fits") > conversation.screen.count(
        "Judge whether the declared type fits"
    )


# Evidence of someone else -----------------------------------------------------------------------------------

EXTERNAL = ["certificate EX-2026-17", "Example Certification", "ExampleCam 2, software 1.4, the login"]


def test_evidence_of_someone_else_is_recorded_with_its_scope(camera: Path) -> None:
    report = camera / "report.pdf"
    report.write_bytes(b"%PDF-")
    conversation = Conversation(camera)
    conversation.hold(["e", *EXTERNAL, "2028-12-31", str(report), "", "p", REASON, "q"])
    (given,) = _judgements(camera).values()

    assert given["basis"] == "external-evidence"
    assert given["external"] == {
        "document": EXTERNAL[0],
        "issuer": EXTERNAL[1],
        "scope": EXTERNAL[2],
        "valid_until": datetime.date(2028, 12, 31),
    }
    assert given["evidence"] == ["report.pdf"]
    assert "valid" in _states(camera).values()


def test_evidence_that_has_expired_carries_no_judgement(camera: Path) -> None:
    conversation = Conversation(camera)
    conversation.hold(["e", *EXTERNAL, "soon", "2026-11-25", "q"])

    assert "Write the date as" in conversation.screen
    assert "not valid any more" in conversation.screen
    assert _judgements(camera) == {}


def _with_external(camera: Path, **changes: Any) -> Path:
    conversation = Conversation(camera)
    conversation.hold(["e", *EXTERNAL, "2028-12-31", "", "p", REASON, "q"])
    path = camera / "judgements.yaml"
    content = loaded(path.read_text("utf-8"))
    one = next(one for one in content if one["unit"] == UNIT)
    for name, value in changes.items():
        target = one["external"] if name in one["external"] else one
        if value is None:
            del target[name]
        else:
            target[name] = value
    path.write_text(dumped(content), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"external": None}, "needs the document, its issuer and its scope"),
        ({"scope": None}, "scope"),
        ({"scope": " "}, "expected some text"),
        ({"issuer": None}, "issuer"),
        ({"basis": "own-examination"}, "external goes with basis external-evidence"),
        ({"valid_until": datetime.date(2026, 11, 1)}, "valid until 2026-11-01 only"),
        ({"valid_until": "next year"}, "expected a date"),
    ],
)
def test_evidence_that_says_too_little_is_named_with_its_line(
    camera: Path, changes: dict[str, Any], words: str
) -> None:
    path = _with_external(camera, **changes)
    with pytest.raises(ProfileError) as error:
        load_profile(camera)

    assert words in str(error.value)
    assert re.search(rf"{path.name}:\d+", str(error.value))


def test_a_judgement_whose_evidence_expires_later_is_open_again(camera: Path) -> None:
    yesterday = datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=1)
    _with_external(camera, valid_until=yesterday, date=yesterday)
    conversation = Conversation(camera)
    stale = next(one for one in conversation.open if one.state == "stale")

    assert "not valid any more: certificate EX-2026-17" in stale.stale_because
    assert stale.changed == ()
    assert stale.to_json()["state"] == "stale"


# What has changed -------------------------------------------------------------------------------------------


def _answered_and_edited(camera: Path, table: str, entry: str, field: str, value: Any) -> Conversation:
    """All questions of the unit answered, then one field changed."""
    first = Conversation(camera)
    first.hold(["p", REASON, "o", "a", *["y"] * (len(first.open) - 1)])
    path = next((camera / "ixit").glob(f"*{table.partition('-')[2]}.yaml"))
    tables = loaded(path.read_text("utf-8"))
    one = next(one for one in tables[table] if one["ID"] == entry)
    place, _, last = field.rpartition(".")
    (one[place] if place else one)[last] = value
    path.write_text(dumped(tables), encoding="utf-8")
    return Conversation(camera)


def test_a_stale_judgement_is_shown_with_what_has_changed(camera: Path) -> None:
    entry = load_profile(camera).ixit.sec_param[0]
    words = entry["Description"].split()
    after = " ".join([*words[:-1], "differently.", "Now."])
    conversation = _answered_and_edited(camera, "10-SecParam", entry.id, "Description", after)
    (stale,) = conversation.open

    assert [(one.name, one.after) for one in stale.changed] == [
        (f"10-SecParam/{entry.id}: Description", after)
    ]
    assert re.search(r"10-SecParam.yaml:\d+$", stale.changed[0].where)
    conversation.hold(["q"])
    assert f"PASS by Jo Example (2026-11-26): {REASON}" in conversation.screen
    assert f"[-{words[-1]}-] {{+differently. Now.+}}" in conversation.screen


def test_facts_are_compared_one_by_one(camera: Path) -> None:
    conversation = _answered_and_edited(
        camera, "10-SecParam", "SecParam-DeviceToken", "facts.guarantees", ["confidentiality"]
    )
    (stale,) = conversation.open

    assert [one.name for one in stale.changed] == ["10-SecParam/SecParam-DeviceToken: facts.guarantees"]
    assert stale.changed[0].after == "confidentiality"


def test_what_a_unit_reads_in_other_tables_is_compared_too(camera: Path) -> None:
    profile = load_profile(camera)
    plan = make_plan(profile, load_units())
    record(profile, plan, [])  # what stands is kept, although it was written by hand
    path = camera / "ixit" / "11-ComMech.yaml"
    path.write_text(
        path.read_text("utf-8").replace("ID: ComMech-Stream", "ID: ComMech-Picture"), encoding="utf-8"
    )
    for other in (camera / "ixit").glob("*.yaml"):
        other.write_text(
            other.read_text("utf-8").replace("ComMech-Stream", "ComMech-Picture"), encoding="utf-8"
        )
    judgements = camera / "judgements.yaml"
    judgements.write_text(
        judgements.read_text("utf-8").replace("ComMech-Stream", "ComMech-Picture"), encoding="utf-8"
    )
    conversation = Conversation(camera, only="5.5-6-1")
    changed = {one.planned.entry: one.changed for one in conversation.open if one.state == "stale"}

    names = {change.name for found in changed.values() for change in found or ()}
    assert any(name.startswith("11-ComMech/ComMech-Picture: ") for name in names)
    assert any("10-SecParam/" in name for name in names)


def test_what_is_not_on_record_is_said_to_be_unknown(camera: Path) -> None:
    path = camera / "ixit" / "11-ComMech.yaml"
    path.write_text(path.read_text("utf-8").replace("opens no way in", "opens one way in"), encoding="utf-8")
    conversation = Conversation(camera, only="5.5-1-1")
    stale = [one for one in conversation.open if one.state == "stale"]

    assert {one.planned.entry for one in stale} == {"ComMech-Web"}
    assert {one.changed for one in stale} == {None}
    conversation.hold(["q"])
    assert "not on record" in conversation.screen


def test_damaged_lines_are_left_out_and_nothing_else_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "judgements.judged.jsonl"
    JudgedFile(path).add({"sha256:bb": {"forged": 1}})
    from pytest_etsi.profile.judged_file import digest_of

    content = {"fields": ["a", "\u2028"]}
    with path.open("a", encoding="utf-8") as file:
        file.write('{"digest": "sha2')
    JudgedFile(path).add({digest_of(content): content})
    read = JudgedFile(path)

    assert read.get(digest_of(content)) == content
    assert read.get(digest_of(content)[:30]) == content
    assert read.get("sha256:bb") is None
    assert read.get("sha256:") is None
    assert read.get("") is None


def test_no_secret_gets_into_what_is_kept(camera: Path) -> None:
    profile = load_profile(camera)
    record(profile, make_plan(profile, load_units()), [])
    kept = judged_file(camera / "judgements.yaml").read_text("utf-8")

    for line in kept.splitlines():
        content = json.loads(line)["content"]
        assert not any("access" in one for one in content.get("entries", []))
    for secret in profile.redactions:
        assert secret not in kept
