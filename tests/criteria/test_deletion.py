"""Deletion functions: what documents refute, and what they leave to a person."""

from __future__ import annotations

import pytest
from documents import entry_of, ixit_of

from pytest_etsi.assessment import scopes
from pytest_etsi.assessment.criteria import deletion

RESET = {
    "ID": "DelFunc-Reset",
    "Description": "Factory reset wipes accounts, settings and keys.",
    "Target Type": "user data on the device",
    "Initiation and Interaction": "Hold the button for ten seconds.",
    "Confirmation": "The light turns green.",
}
SERVICE = {
    "ID": "DelFunc-Service",
    "Description": "Removes everything that the cloud has of the account.",
    "Target Type": "personal data on associated services",
    "Initiation and Interaction": "App: Account, Delete my data.",
    "Confirmation": "The app says that it is done.",
}
ON_DEVICE = {"ID": "PersData-Names", "Description": "Names", "facts": {"on_device": True}}
ON_SERVICE = {
    "ID": "PersData-Clips",
    "Description": "Clips",
    "Processing Activities": "Kept in the vendor cloud for 30 days.",
    "facts": {"on_service": True},
}


@pytest.mark.parametrize(("target", "data"), [("device", ON_DEVICE), ("service", ON_SERVICE)])
def test_data_without_any_function_refute(target, data) -> None:
    without = {"21-PersData": [data], "25-DelFunc": [SERVICE if target == "device" else RESET]}
    with_ = {"21-PersData": [data], "25-DelFunc": [RESET, SERVICE]}

    assert deletion.simple_function(ixit_of(without), target).violations
    assert not deletion.simple_function(ixit_of(with_), target).violations


@pytest.mark.parametrize("target", ["device", "service"])
def test_no_function_is_for_a_person_where_nothing_shows_data(target) -> None:
    found = deletion.simple_function(ixit_of({}), target)

    assert not found.violations
    assert "see that no such data are kept" in str(found)


def test_an_interaction_that_says_nothing_refutes() -> None:
    ixit = ixit_of({"25-DelFunc": [RESET | {"Initiation and Interaction": "TBD"}]})

    assert deletion.simple_function(ixit, "device").violations


def test_a_function_for_experts_alone_refutes_and_beside_a_simple_one_does_not() -> None:
    expert = RESET | {"ID": "DelFunc-Tool", "facts": {"interaction": "expert"}}

    assert deletion.simple_function(ixit_of({"25-DelFunc": [expert]}), "device").violations
    assert not deletion.simple_function(ixit_of({"25-DelFunc": [expert, RESET]}), "device").violations


def test_special_tools_in_prose_are_noted() -> None:
    ixit = ixit_of({"25-DelFunc": [RESET | {"Initiation and Interaction": "Log in by SSH and call wipe."}]})
    found = deletion.simple_function(ixit, "device")

    assert [finding.kind for finding in found] == ["note"]


def test_a_function_that_only_unlinks_erases_nothing() -> None:
    assert deletion.erases(
        entry_of("25-DelFunc", RESET | {"Description": "It only unlinks the account."})
    ).violations
    assert not deletion.erases(entry_of("25-DelFunc", RESET)).violations


def test_facts_aimed_elsewhere_than_the_target_type_refute() -> None:
    assert deletion.erases(entry_of("25-DelFunc", RESET | {"facts": {"target": ["service"]}})).violations


def test_a_kind_of_data_that_is_there_and_that_no_function_covers_refutes() -> None:
    secret = {"ID": "SecParam-Password", "Type": "critical", "facts": {"provisioning": "user"}}
    decision = {"ID": "UserDec-Name", "Description": "The name of the device."}
    tables = {"21-PersData": [ON_DEVICE], "10-SecParam": [secret], "26-UserDec": [decision]}
    all_ = RESET | {"facts": {"covers": ["personal-data", "settings", "keys"]}}

    assert not deletion.coverage(ixit_of(tables | {"25-DelFunc": [all_]})).violations
    for kind, words in (
        ("personal-data", "personal data"),
        ("settings", "user settings"),
        ("keys", "passwords"),
    ):
        fewer = RESET | {"facts": {"covers": [one for one in all_["facts"]["covers"] if one != kind]}}
        violations = deletion.coverage(ixit_of(tables | {"25-DelFunc": [fewer]})).violations
        assert len(violations) == 1
        assert words in str(violations)


@pytest.mark.parametrize("kind", ["credentials", "keys"])
def test_either_kind_of_secrets_says_that_those_of_the_user_are_reached(kind) -> None:
    secret = {"ID": "SecParam-Password", "Type": "critical", "facts": {"provisioning": "user"}}
    reset = RESET | {"facts": {"covers": [kind]}}

    assert deletion.coverage(ixit_of({"10-SecParam": [secret], "25-DelFunc": [reset]})) == ()


def test_a_function_that_does_not_say_what_it_covers_may_cover_the_rest() -> None:
    part = RESET | {"ID": "DelFunc-Part", "facts": {"covers": ["settings"]}}
    found = deletion.coverage(ixit_of({"21-PersData": [ON_DEVICE], "25-DelFunc": [part, RESET]}))

    assert [one.kind for one in found] == ["note", "note"]


def test_facts_say_where_a_function_deletes_where_its_target_type_is_silent() -> None:
    silent = {"ID": "DelFunc-Cloud", "Description": "Wipes.", "Initiation and Interaction": "Press."}
    ixit = ixit_of({"25-DelFunc": [silent | {"facts": {"target": ["service"]}}, RESET]})
    cloud, reset = ixit.del_func

    assert (deletion.targets(cloud, "service"), deletion.targets(cloud, "device")) == (True, False)
    assert deletion.aimed_at(ixit, "service") == (cloud,)
    assert deletion.aimed_at(ixit, "device") == (reset,)
    assert (deletion.targets_of(cloud), deletion.targets_of(reset)) == (("service",), ("device",))
    assert deletion.erases(cloud) == ()


@pytest.mark.parametrize(("target", "refuted"), [("device", True), ("service", False)])
def test_passwords_of_the_user_are_data_of_the_user_on_the_device(target, refuted) -> None:
    secret = {"ID": "SecParam-Password", "Type": "critical", "facts": {"provisioning": "user"}}

    assert bool(deletion.simple_function(ixit_of({"10-SecParam": [secret]}), target).violations) is refuted


def test_coverage_without_facts_is_for_a_person() -> None:
    found = deletion.coverage(ixit_of({"21-PersData": [ON_DEVICE], "25-DelFunc": [RESET]}))

    assert not found.violations
    assert found


def test_service_data_that_no_function_states_to_delete_refute() -> None:
    other = SERVICE | {"facts": {"personal_data": ["PersData-Account"]}}
    mine = SERVICE | {"ID": "DelFunc-Mine", "facts": {"personal_data": ["PersData-Clips"]}}

    def violations(*functions):
        ixit = ixit_of({"21-PersData": [ON_SERVICE], "25-DelFunc": list(functions)})
        return deletion.service_is_reached(ixit.pers_data[0], ixit).violations

    assert violations()
    assert violations(RESET)
    assert violations(other)
    assert not violations(mine)
    assert not violations(other, mine)
    assert not violations(other, SERVICE | {"ID": "DelFunc-Silent"})  # which may delete them, too
    assert not violations(SERVICE)


def test_scopes_of_functions_and_data() -> None:
    reset, service = entry_of("25-DelFunc", RESET), entry_of("25-DelFunc", SERVICE)
    silent = entry_of("25-DelFunc", {"Description": "Wipes."})

    assert [scopes.deletes_on_the_device.concerns(one, None) for one in (reset, service, silent)] == [
        True,
        False,
        None,
    ]
    assert [scopes.deletes_from_services.concerns(one, None) for one in (reset, service)] == [False, True]
    assert scopes.kept_by_a_service.concerns(entry_of("21-PersData", {"Description": "x"}), None) is None


SETTINGS = {"ID": "UserDec-Led", "Description": "Light"}


def for_all(*covers):
    functions = [
        RESET | {"ID": f"DelFunc-{number}", "facts": {"covers": list(kinds)} if kinds else {}}
        for number, kinds in enumerate(covers)
    ]
    tables = {"25-DelFunc": functions, "21-PersData": [ON_DEVICE], "26-UserDec": [SETTINGS]}
    return len(deletion.simple_function_for_all(ixit_of(tables, edition="2.1.1")).violations)


@pytest.mark.parametrize(
    ("covers", "expected"),
    [
        ([["personal-data", "settings"]], 0),
        ([["personal-data"]], 1),
        # Each alone leaves something: that is not one function for all.
        ([["personal-data"], ["settings"]], 1),
        ([["personal-data"], ["settings"], ["settings", "personal-data", "keys"]], 0),
        # What does not say what it covers is for a person.
        ([["personal-data"], []], 0),
    ],
)
def test_one_function_has_to_erase_all_that_is_the_users(covers, expected) -> None:
    assert for_all(*covers) == expected


def test_what_each_function_leaves_is_told() -> None:
    functions = [
        RESET | {"ID": f"DelFunc-{kind}", "facts": {"covers": [kind]}}
        for kind in ("personal-data", "settings")
    ]
    functions[0]["Initiation and Interaction"] = "By a special tool: hold the button."
    tables = {"25-DelFunc": functions, "21-PersData": [ON_DEVICE], "26-UserDec": [SETTINGS]}
    found = deletion.simple_function_for_all(ixit_of(tables, edition="2.1.1"))

    assert "DelFunc-personal-data leaves user settings; DelFunc-settings leaves personal data" in str(found)
    assert [one.kind for one in found] == ["note", "violation"]


def test_a_function_for_experts_does_not_count_for_all() -> None:
    whole = RESET | {"facts": {"covers": ["personal-data", "settings"], "interaction": "expert"}}
    part = RESET | {"ID": "DelFunc-Part", "facts": {"covers": ["settings"]}}
    tables = {"25-DelFunc": [whole, part], "21-PersData": [ON_DEVICE], "26-UserDec": [SETTINGS]}

    assert deletion.simple_function_for_all(ixit_of(tables, edition="2.1.1")).violations
    assert deletion.simple_function_for_all(ixit_of({"21-PersData": [ON_DEVICE]}, edition="2.1.1")).violations
