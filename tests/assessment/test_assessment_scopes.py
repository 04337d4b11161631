"""Scopes of scenario 5.1: which entries of 1-AuthMech a unit concerns."""

from __future__ import annotations

import pytest
from assessment_documents import documents, load
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pytest_etsi.assessment import scopes

AUTH_MECH = (
    "network_authentication",
    "password_not_user_chosen_outside_factory_default",
    "pre_installed_password",
    "user_authentication",
    "user_chosen_password",
)
PASSWORD = {"subject": "user", "factors": ["password"]}


def entry(tmp_path, facts):
    content = documents()
    content["ixit"]["1-AuthMech"] = [{"ID": "AuthMech-1", "facts": facts}]
    return load(tmp_path, content).ixit.auth_mech[0]


@pytest.mark.parametrize(
    ("scope", "facts", "expected"),
    [
        ("user_authentication", {"subject": "user"}, True),
        ("user_authentication", {"subject": "machine"}, False),
        ("user_authentication", {}, None),
        ("network_authentication", {"interface": "network"}, True),
        ("network_authentication", {"interface": "local"}, False),
        ("network_authentication", {"endpoint": "443/tcp"}, None),
        ("user_chosen_password", {**PASSWORD, "password": {"origin": "user-defined"}}, True),
        ("user_chosen_password", {**PASSWORD, "password": {"origin": "pre-installed"}}, False),
        ("user_chosen_password", PASSWORD, None),
        ("user_chosen_password", {"subject": "user", "factors": ["certificate"]}, False),
        ("user_chosen_password", {"subject": "user", "factors": ["pin"]}, None),
        ("user_chosen_password", {"subject": "machine"}, False),
        ("pre_installed_password", {"password": {"origin": "pre-installed"}}, True),
        ("pre_installed_password", {"subject": "machine", "password": {"origin": "pre-installed"}}, True),
        ("pre_installed_password", {"password": {"origin": "device-generated"}}, False),
        ("pre_installed_password", {"factors": ["key"]}, False),
        ("pre_installed_password", {"factors": ["password"]}, None),
        ("pre_installed_password", {}, None),
        (
            "password_not_user_chosen_outside_factory_default",
            {**PASSWORD, "password": {"origin": "device-generated"}},
            True,
        ),
        (
            "password_not_user_chosen_outside_factory_default",
            {**PASSWORD, "password": {"origin": "pre-installed"}, "states": ["factory-default"]},
            False,
        ),
        (
            "password_not_user_chosen_outside_factory_default",
            {**PASSWORD, "password": {"origin": "user-defined"}},
            False,
        ),
        ("password_not_user_chosen_outside_factory_default", PASSWORD, None),
        ("password_not_user_chosen_outside_factory_default", {"subject": "machine"}, False),
    ],
)
def test_who_is_in_scope(tmp_path, scope, facts, expected):
    assert getattr(scopes, scope).concerns(entry(tmp_path, facts), None) is expected


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "subject": st.sampled_from(["user", "machine"]),
        "interface": st.sampled_from(["network", "local"]),
        "factors": st.lists(st.sampled_from(["password", "key", "pin"]), min_size=1, max_size=2, unique=True),
        "password": st.fixed_dictionaries(
            {},
            optional={"origin": st.sampled_from(["user-defined", "pre-installed", "device-generated"])},
        ),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    facts=FACTS,
    name=st.sampled_from(AUTH_MECH),
    left_out=st.sampled_from(["subject", "interface", "password"]),
)
def test_leaving_a_fact_out_never_turns_an_entry_that_is_concerned_into_one_that_is_not(
    tmp_path, facts, name, left_out
):
    # Facts of a password beside factors that have none contradict each other; either may be the one that is left out.
    assume("password" not in facts or {"password", "pin"} & set(facts.get("factors", ["password"])))
    scope = getattr(scopes, name)
    fewer = {key: value for key, value in facts.items() if key != left_out}
    if scope.concerns(entry(tmp_path, facts), None) is True:
        assert scope.concerns(entry(tmp_path, fewer), None) is not False
