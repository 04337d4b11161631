"""Nothing that a document, a device or a test holds acts on the terminal, whichever way it gets there."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.table import Table
from rich.text import Text

from pytest_etsi.assessment.results import write_results
from pytest_etsi.cli import _say
from pytest_etsi.report.console import NeutralConsole
from pytest_etsi.text import in_json, neutral_lines

EVIL = "a\x1b[2J\x9b31m\u202eb\u200f\u2066c\x07\rd"


def acts(text: str) -> bool:
    return any(char in text for char in "\x1b\x9b\x07\r\u202e\u200f\u2066")


def test_lines_stay_lines_and_are_neutral() -> None:
    shown = neutral_lines(f"one {EVIL}\ntwo {EVIL}")

    assert not acts(shown)
    assert [line[:3] for line in shown.split("\n")] == ["one", "two"]


def test_a_text_that_nothing_acts_on_stays_as_it_is() -> None:
    text = "Überwachung: 5 °C\n  日本語"

    assert neutral_lines(text) == text


def test_json_says_the_same_and_is_neutral() -> None:
    text = json.dumps({"a": EVIL}, ensure_ascii=False)

    assert not acts(in_json(text))
    assert json.loads(in_json(text)) == {"a": EVIL}


def test_results_on_disk_are_neutral(tmp_path: Path) -> None:
    write_results(tmp_path / "results.json", {"dut": {"model": EVIL}, "groups": [{"reason": EVIL}]})
    text = (tmp_path / "results.json").read_text(encoding="utf-8")

    assert not acts(text)
    assert json.loads(text)["groups"] == [{"reason": EVIL}]


@pytest.mark.parametrize("colour", [True, False])
def test_what_rich_shows_is_neutral_but_for_its_own_styles(colour: bool) -> None:
    buffer = io.StringIO()
    console = NeutralConsole(
        file=buffer, force_terminal=colour, width=200, color_system="standard" if colour else None
    )
    table = Table()
    table.add_column(EVIL)
    table.add_row(Text(EVIL, style="red"))
    console.print(table)
    console.print(EVIL, markup=False)
    shown = buffer.getvalue()

    assert ("\x1b[31m" in shown) is colour
    assert "\x1b[2J" not in shown
    assert not acts(shown.replace("\x1b[", ""))


def test_the_command_says_everything_neutrally(capsys: pytest.CaptureFixture[str]) -> None:
    _say.say(f"one {EVIL}\ntwo")
    _say.say(EVIL, err=True)
    _say.say_json({"a": EVIL})
    said = capsys.readouterr()

    assert not acts(said.out + said.err)
    assert said.out.startswith("one a")
    assert "\ntwo\n" in said.out


def test_no_part_of_the_command_prints_past_it() -> None:
    printing = [
        f"{path.name}: {line.strip()}"
        for path in Path(_say.__file__).parent.glob("*.py")
        if path.name != "_say.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if ("click.echo(" in line and "click.echo(page(" not in line) or line.strip().startswith("print(")
    ]

    assert printing == []
