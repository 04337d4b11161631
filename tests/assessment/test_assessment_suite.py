"""The suite: found, imported, tied to units."""

from __future__ import annotations

import sys

import pytest
from assessment_suites import write_suite

from pytest_etsi.assessment.suite import (
    SuiteError,
    import_test_module,
    load_units,
    suite_fingerprint,
    suite_path,
)
from pytest_etsi.standard import edition


def test_functions_are_found_by_the_unit_they_evaluate(tmp_path):
    units = load_units(write_suite(tmp_path))

    (function,) = units["5.1-5-2/b"]
    assert (function.name, function.fixtures) == ("test_guessing", ("auth_mech",))
    assert function.mark.needs == ("brute-force",)
    assert function.module_path == tmp_path / "test_logins.py"


def test_one_function_may_evaluate_units_of_two_editions(tmp_path):
    units = load_units(write_suite(tmp_path))

    assert units["4-1-1/a"][0].name == units["5.0-1-1/a"][0].name
    assert units["5.1-5-2/a"][0].is_for("1.1.1")
    assert not units["5.1-5-2/a"][0].is_for("2.1.1")


def test_a_function_imported_from_another_module_is_not_counted_twice(tmp_path):
    write_suite(tmp_path)
    (tmp_path / "test_more.py").write_text("import sys\nfrom pytest_etsi import unit\n")

    assert len(load_units(tmp_path)["5.1-5-2/b"]) == 1


def test_a_module_that_cannot_be_imported_is_named(tmp_path):
    write_suite(tmp_path, "import no_such_module_at_all")

    with pytest.raises(SuiteError, match=r"test_logins\.py: cannot be imported: ModuleNotFoundError"):
        load_units(tmp_path)
    assert not [
        name
        for name in sys.modules
        if name.startswith("_etsi_suite") and "logins" in name and str(tmp_path) in name
    ]


def test_a_test_module_is_imported_once_however_often_it_is_asked_for(tmp_path):
    root = write_suite(tmp_path).resolve()
    (function,) = load_units(root)["5.1-5-2/b"]

    assert import_test_module(function.module_path, root).test_guessing is function.call


def test_modules_of_one_name_in_two_suites_stand_apart(tmp_path):
    one, other = (load_units(write_suite(tmp_path / name))["5.1-5-2/b"][0] for name in "ab")

    assert one.call is not other.call
    assert (one.module_path.parent.name, other.module_path.parent.name) == ("a", "b")


def test_the_fingerprint_follows_names_and_contents(tmp_path):
    first = suite_fingerprint(write_suite(tmp_path / "a"))
    assert first == suite_fingerprint(write_suite(tmp_path / "b"))
    (tmp_path / "b" / "test_logins.py").write_text("# changed")
    assert first != suite_fingerprint(tmp_path / "b")
    (tmp_path / "a" / "test_logins.py").rename(tmp_path / "a" / "test_other.py")

    assert first != suite_fingerprint(tmp_path / "a")


def test_every_unit_of_the_shipped_suite_is_in_the_edition_it_is_for():
    for name, functions in load_units(suite_path()).items():
        for function in functions:
            for edition_id in function.mark.editions:
                assert edition(edition_id).unit(name), f"{name} in {edition_id}"
