"""The suite: found, imported, tied to units."""

from __future__ import annotations

import sys

import pytest
from assessment_suites import LOGIN_SUITE, write_suite

from pytest_etsi.assessment.suite import (
    SuiteError,
    by_unit,
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


def test_a_function_evaluates_its_unit_wherever_the_unit_is_the_same(tmp_path):
    units = load_units(write_suite(tmp_path))

    first, second = by_unit(units, "1.1.1"), by_unit(units, "2.1.1")
    assert second["5.1-5-2/a"] == first["5.1-5-2/a"]
    assert second["5.0-1-1/a"] == first["4-1-1/a"]  # renumbered, and otherwise unchanged


def test_a_function_does_not_evaluate_what_has_its_unit_s_id_and_another_meaning(tmp_path):
    units = load_units(write_suite(tmp_path))

    assert by_unit(units, "1.1.1")["5.1-1-2/b"].name == "test_first_start"
    assert "5.1-1-2/b" not in by_unit(units, "2.1.1")  # there passwords between machines count as well


def test_a_function_of_a_unit_that_only_the_later_edition_has_needs_no_edition(tmp_path):
    suite = write_suite(
        tmp_path, 'from pytest_etsi import unit\n@unit("5.1-2A-1", "a")\ndef test_new(): ...\n'
    )

    assert list(by_unit(load_units(suite), "2.1.1")) == ["5.1-2A-1/a"]
    assert by_unit(load_units(suite), "1.1.1") == {}


def test_named_editions_are_taken_literally(tmp_path):
    suite = write_suite(
        tmp_path,
        "from pytest_etsi import unit\n"
        '@unit("5.1-5-2", "a", editions=("1.1.1",))\ndef test_old(): ...\n'
        '@unit("5.1-1-2", "b", editions=("2.1.1",))\ndef test_changed(): ...\n',
    )

    assert list(by_unit(load_units(suite), "1.1.1")) == ["5.1-5-2/a"]
    assert list(by_unit(load_units(suite), "2.1.1")) == ["5.1-1-2/b"]


def test_one_function_evaluates_what_has_two_ids_and_another_scope_in_each_edition(tmp_path):
    suite = write_suite(
        tmp_path,
        "from pytest_etsi import scopes, unit\n"
        '@unit("5.1-1-1", "a", scope=scopes.user_authentication)\n'
        '@unit("5.1-1-1", "a", editions=("2.1.1",), scope=scopes.pre_installed_password)\n'
        '@unit("5.1-2A-1", "a")\ndef test_both(auth_mech): ...\n',
    )

    first, second = (by_unit(load_units(suite), edition_id) for edition_id in ("1.1.1", "2.1.1"))
    assert {unit: one.mark.scope.text for unit, one in first.items()} == {
        "5.1-1-1/a": "mechanisms that authenticate users"
    }
    assert {unit: one.mark.scope and one.mark.scope.text for unit, one in second.items()} == {
        "5.1-1-1/a": "pre-installed passwords",
        "5.1-2A-1/a": None,
    }
    assert {one.call for one in (*first.values(), *second.values())} == {first["5.1-1-1/a"].call}


def test_two_functions_that_meet_in_the_later_edition_are_a_defect_of_the_suite(tmp_path):
    twice = '\n@unit("5.0-1-1", "a", editions=("2.1.1",))\ndef test_again(etsi_ics): ...\n'
    units = load_units(write_suite(tmp_path, LOGIN_SUITE + twice))

    assert "4-1-1/a" in by_unit(units, "1.1.1")
    with pytest.raises(SuiteError, match=r"5\.0-1-1/a.*test_again.*test_justified"):
        by_unit(units, "2.1.1")


def test_a_unit_that_no_edition_has_is_a_defect_of_the_suite(tmp_path):
    suite = write_suite(
        tmp_path, 'from pytest_etsi import unit\n@unit("5.1-9-1", "a")\ndef test_none(): ...\n'
    )

    with pytest.raises(
        SuiteError, match=r"test_logins\.py: test_none evaluates 5\.1-9-1/a, which no edition has"
    ):
        by_unit(load_units(suite), "1.1.1")


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
            assert function.origin
            for edition_id in function.mark.editions:
                assert edition(edition_id).unit(name), f"{name} in {edition_id}"


def test_the_shipped_suite_evaluates_every_unit_that_the_second_edition_took_over():
    evaluated = by_unit(load_units(), "2.1.1").keys()
    same = {unit.id for unit in edition("2.1.1").units if unit.origin.edition == "1.1.1"}

    assert len(same) == 143
    assert same - evaluated == set()
