"""The mutation check itself: what it changes, what it leaves alone, and that a change is really in place."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from live import Live
from mutants import mutants_of
from selection import changed_lines

MODULE = '''"""A module."""

KINDS = frozenset({"ssh", "telnet"})


class Search:
    def __init__(self, gaps):
        self.gaps = gaps

    @property
    def complete(self):
        """Whether nothing is missing."""
        return not self.gaps

    def find(self, kind: "list[int] | None", level="unknown"):
        found = []
        if kind in KINDS:
            found.append(f"{len(kind) + 1} found of 10")
        for gap in self.gaps:
            found += [("unknown", gap)]
        return found

    def __str__(self):
        return "nothing" if not self.gaps else "something"
'''


def made(source=MODULE, lines=None):
    return [f"{one.before} -> {one.after}" for one in mutants_of(Path("search.py"), source, lines)]


def test_what_decides_is_changed_and_texts_annotations_and_defaults_are_not():
    assert made() == [
        "{'ssh', 'telnet'} -> {'telnet'}",
        "{'ssh', 'telnet'} -> {'ssh'}",
        "self.gaps = gaps -> pass",
        "not self.gaps -> self.gaps",
        "kind in KINDS -> kind not in KINDS",
        "found.append(f'{len(kind) + 1} found of 10') -> pass",
        "found += [('unknown', gap)] -> pass",
        "'unknown' -> 'note'",
    ]


def test_names_of_types_are_not_changed():
    assert made('Level = Literal["violation", "note"]\n') == []


def test_only_what_stands_in_the_lines_is_changed():
    number = MODULE.splitlines().index("        return not self.gaps") + 1

    assert made(lines={number}) == ["not self.gaps -> self.gaps"]
    assert made(lines=set()) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a < b", ["a <= b", "a >= b"]),
        ("a >= b", ["a > b", "a < b"]),
        ("a is None", ["a is not None"]),
        ("a and b", ["a or b"]),
        ("a - b", ["a + b"]),
        ("a | b", ["a & b"]),
        ("True", ["False"]),
        ("3", ["4"]),
        ("[*a, *b]", ["[*b]", "[*a]"]),
        ("a[1:2]", []),
        ("'a' + b", []),
        ("'violation'", ["'note'"]),
        ("'note'", []),
    ],
)
def test_each_form_has_its_opposites(before, after):
    assert made(f"def f(a, b):\n    return {before}\n") == [f"{before} -> {one}" for one in after]


@pytest.mark.parametrize(("name", "other"), [("any", "all"), ("all", "any"), ("min", "max"), ("max", "min")])
def test_what_takes_one_end_of_all_takes_the_other(name, other):
    assert made(f"def f(a):\n    return {name}(a)\n") == [f"{name} -> {other}"]
    assert made(f"def f(a):\n    return {name}\n") == []


@pytest.mark.parametrize(
    ("statement", "could"),
    [
        ("gaps.append(1)", True),
        ("if a:\n        found.append(a)", True),
        ("if a:\n        return violation(a)", True),
        ("raise Inconclusive(a)", True),
        ("log.info(a)", False),
        ("found.append(note(a))", False),
        ("found.append(note(a) if b else violation(a))", True),
    ],
)
def test_what_adds_or_decides_about_something_open_could_make_a_pass(statement, could):
    (first, *_) = mutants_of(Path("search.py"), f"def f(a, b):\n    {statement}\n")

    assert first.could_pass is could


@pytest.mark.parametrize(
    ("statement", "could"),
    [
        ("self.gaps.append(a)", True),
        ("self.trouble(a)", True),
        ("found.append(a)", False),
        ("dut.recorder.observed(a, {'unread': a.unread})", False),
    ],
)
def test_of_a_search_only_what_it_leaves_open_could_make_a_pass(statement, could):
    (first, *_) = mutants_of(Path("probe.py"), f"def f(a):\n    {statement}\n", searches=True)

    assert first.could_pass is could


@pytest.fixture
def loaded(tmp_path, monkeypatch):
    """The module, imported from a file: (module, live, path)."""
    monkeypatch.syspath_prepend(tmp_path)
    path = tmp_path / "search_for_mutants.py"
    path.write_text(MODULE)
    module = importlib.import_module("search_for_mutants")
    yield module, Live("search_for_mutants"), path
    del sys.modules["search_for_mutants"]


def applied(loaded, before):
    module, live, path = loaded
    mutant = next(one for one in mutants_of(path, MODULE) if one.before == before)
    assert live.apply(mutant, str(path))
    return module


def test_a_change_to_a_property_reaches_objects_that_are_there(loaded):
    search = loaded[0].Search(["cut short"])
    assert not search.complete

    applied(loaded, "not self.gaps")

    assert search.complete


def test_a_change_to_a_module_reaches_its_functions_and_those_that_imported_it(loaded, monkeypatch):
    other = type(sys)("other_for_mutants")
    other.KINDS = loaded[0].KINDS
    monkeypatch.setitem(sys.modules, "other_for_mutants", other)

    module = applied(loaded, "{'ssh', 'telnet'}")

    assert module.Search([]).find("ssh") == []
    assert "ssh" not in other.KINDS


def test_a_change_to_a_value_reaches_what_is_made_of_it():
    source = "OFF = ('off', 'no')\nOTHER = ('on', 'yes')\nPOOR = {'updates': OFF}\nALL = [*POOR]\n"
    named = {one.names for one in mutants_of(Path("search.py"), source) if one.before == "('off', 'no')"}

    assert named == {("OFF", "POOR", "ALL")}


def test_one_change_leaves_no_trace_in_the_next(loaded):
    path = loaded[2]
    mutants = list(mutants_of(path, MODULE))
    first = mutants[0].compiled(str(path))

    for mutant in mutants:
        mutant.compiled(str(path))

    assert mutants[0].compiled(str(path)) == first


def test_nothing_is_changed_of_what_is_not_loaded(loaded):
    _, live, path = loaded
    mutant = next(mutants_of(path, MODULE))

    assert not live.apply(mutant, "elsewhere.py")


def test_a_constant_is_looked_for_wherever_it_was_imported():
    concern, plan, results = (
        str(importlib.import_module(f"pytest_etsi.assessment.{name}").__file__)
        for name in ("concern", "plan", "results")
    )
    live = Live("pytest_etsi")
    holders = live.holders(concern, ("CONCERNED",))

    assert {concern, plan} <= holders
    assert results not in holders
    assert live.holders("elsewhere.py", ("CONCERNED",)) == {"elsewhere.py"}


def test_what_was_remembered_without_the_change_is_found_out_again(monkeypatch):
    module = importlib.import_module("pytest_etsi.assessment.reading.quantities")
    standard = importlib.import_module("pytest_etsi.standard")
    words = importlib.import_module("pytest_etsi.profile.closed")
    words._forms(("enabled", "disabled"))
    standard.edition("1.1.1")
    path = Path(str(module.__file__))
    mutant = next(one for one in mutants_of(path, path.read_text(encoding="utf-8")) if one.function)

    with monkeypatch.context() as kept:
        live = Live("pytest_etsi")
        kept.setattr(live, "_swap", lambda *_: True)  # the change itself is no matter here, and would stay
        assert live.apply(mutant, str(path))

    assert words._forms.cache_info().currsize == 0
    assert standard.edition.cache_info().currsize


def test_the_changed_lines_are_those_that_git_shows(tmp_path):
    def git(*arguments):
        named = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *named, *arguments], cwd=tmp_path, check=True, capture_output=True)

    module = tmp_path / "pytest_etsi" / "verdict.py"
    module.parent.mkdir()
    module.write_text("a = 1\nb = 2\nc = 3\n")
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "one")
    module.write_text("a = 1\nb = 3\nc = 3\nd = 4\ne = 5\n")

    assert changed_lines("HEAD", root=tmp_path) == {Path("pytest_etsi/verdict.py"): {2, 4, 5}}
