"""The catalogue is read when it is asked for, once, and cannot be changed afterwards."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from types import MappingProxyType

import pytest

import pytest_etsi.standard
from pytest_etsi.standard import EDITIONS, Edition, edition

DATA = Path(pytest_etsi.standard.__file__).with_name("data")

OPENED = """
import json, sys
opened = []
def watch(event, args):
    if event == "open" and str(args[0]).endswith(".json"):
        opened.append(str(args[0]))
sys.addaudithook(watch)
import pytest_etsi
import pytest_etsi.standard
at_import = list(opened)
pytest_etsi.standard.edition({edition!r})
pytest_etsi.standard.edition({edition!r})
print(json.dumps([at_import, opened]))
"""


def files_opened(edition_id: str) -> tuple[list[str], list[str]]:
    """JSON files opened by the import alone, and after asking twice for an edition, in a fresh process."""
    run = subprocess.run(
        [sys.executable, "-c", OPENED.format(edition=edition_id)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    at_import, later = json.loads(run.stdout)
    return at_import, sorted(str(Path(name).relative_to(DATA)) for name in later)


def test_importing_the_package_reads_no_file():
    at_import, _ = files_opened("1.1.1")

    assert at_import == []


def test_an_edition_reads_its_own_files_once():
    _, opened = files_opened("1.1.1")

    assert opened == ["1.1.1/groups.json", "1.1.1/provisions.json", "1.1.1/tables.json"]


def test_the_import_needs_neither_pytest_nor_yaml():
    code = "import sys, pytest_etsi.standard as s; s.edition('2.1.1'); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert {"pytest", "_pytest", "yaml", "pydantic", "rich", "click"}.isdisjoint(run.stdout.split())
    assert "pytest_etsi.standard" in run.stdout.split()


def test_an_edition_is_loaded_once():
    assert edition("1.1.1") is edition("1.1.1")


def test_the_editions_are_listed_oldest_first():
    assert list(EDITIONS) == ["1.1.1", "2.1.1"]
    assert sorted(path.name for path in DATA.iterdir() if path.is_dir()) == ["1.1.1", "2.1.1"]


def reachable(value: object) -> list[object]:
    """The value and everything it consists of, strings left out."""
    found: list[object] = []
    todo = [value]
    while todo:
        here = todo.pop()
        if isinstance(here, str):
            continue
        found.append(here)
        if isinstance(here, tuple):
            todo += here
        elif isinstance(here, MappingProxyType):
            todo += [*here, *here.values()]
        elif dataclasses.is_dataclass(here):
            todo += [getattr(here, field.name) for field in dataclasses.fields(here)]
    return found


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_everything_in_an_edition_is_of_a_kind_that_cannot_be_changed(edition_id):
    for part in reachable(edition(edition_id)):
        if dataclasses.is_dataclass(part):
            assert type(part).__dataclass_params__.frozen, type(part)
        else:
            assert part is None or isinstance(part, bool | int | tuple | frozenset | MappingProxyType), part


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_attributes_and_mappings_refuse_to_be_changed(edition_id):
    known = edition(edition_id)
    unit = known.unit("5.1-5-2/b")

    with pytest.raises(dataclasses.FrozenInstanceError):
        unit.does = "nothing"
    with pytest.raises(dataclasses.FrozenInstanceError):
        known.groups = ()
    with pytest.raises(TypeError):
        unit.reads["1-AuthMech"] = ()
    with pytest.raises(TypeError):
        known.scenarios["7"] = ""


def test_an_edition_made_by_hand_cannot_be_changed_either():
    empty = Edition("0", "none", "none", MappingProxyType({}), (), (), (), ())

    with pytest.raises(TypeError):
        empty.renamed_tables["1-A"] = "1-B"


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_the_parts_of_an_edition_can_be_kept_in_sets(edition_id):
    known = edition(edition_id)

    assert len(set(known.units)) == len(known.units)
    assert len(set(known.groups)) == len(known.groups)
    assert len({known, edition("1.1.1"), edition("2.1.1")}) == 2


@pytest.mark.parametrize(
    "path", sorted(DATA.glob("*/*.json")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_the_data_is_plain_text_that_can_be_compared_line_by_line(path):
    text = path.read_bytes()

    assert text.isascii()
    assert text.endswith(b"}\n")
    assert b"\r" not in text
    assert b"\t" not in text
    assert len(text.splitlines()) > 100
