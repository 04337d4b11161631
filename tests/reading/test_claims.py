"""What each claim makes of the facts and fields of an entry: yes, no, or not told."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment.reading import claims
from tests.criteria.documents import entry_of

AUTH, SOFT, UPD, PARAM = "1-AuthMech", "6-SoftComp", "7-UpdMech", "10-SecParam"
SERVICE, INTF, DATA = "13-SoftServ", "15-Intf", "21-PersData"


def told(claim, table, facts=None, *wanted, **fields):
    content = {name.replace("_", " "): text for name, text in fields.items()}
    return getattr(claims, claim)(
        entry_of(table, content | ({"facts": facts} if facts is not None else {})), *wanted
    )


@pytest.mark.parametrize(
    ("claim", "table", "facts", "expected"),
    [
        ("outside_factory_default", AUTH, {"states": []}, None),
        ("outside_factory_default", AUTH, {"states": ["factory-default"]}, False),
        ("outside_factory_default", AUTH, {"states": ["factory-default", "initialized"]}, True),
        ("outside_factory_default", AUTH, {"states": ["initialized"]}, True),
        ("by_cryptography", AUTH, {}, None),
        ("by_cryptography", AUTH, {"tls": {"versions": ["TLSv1.3"]}}, True),
        ("by_cryptography", AUTH, {"ssh": {"ciphers": ["aes128-ctr"]}}, True),
        ("by_cryptography", AUTH, {"cryptography": [{"use": "signature", "algorithm": "Ed25519"}]}, True),
        ("password", AUTH, {}, None),
        ("password", AUTH, {"factors": ["password"]}, True),
        ("password", AUTH, {"factors": ["pin", "password"]}, True),
        ("password", AUTH, {"factors": ["pin"]}, None),
        ("password", AUTH, {"factors": ["key"]}, False),
        ("password", AUTH, {"factors": []}, False),
        ("password", AUTH, {"password": {"origin": "user-defined"}}, True),
        ("configurable_updates", UPD, {}, None),
        ("configurable_updates", UPD, {"user_options": ["disable"]}, True),
        ("configurable_updates", UPD, {"interaction": "automatic"}, None),
        ("configurable_updates", UPD, {"interaction": "simple"}, False),
        ("hard_coded_in_source", PARAM, {}, None),
        ("hard_coded_in_source", PARAM, {"provisioning": "compiled-in"}, True),
        ("hard_coded_in_source", PARAM, {"provisioning": "production"}, None),
        ("hard_coded_in_source", PARAM, {"hard_coded_in_source": False}, False),
        ("hard_coded_in_source", PARAM, {"hard_coded_in_source": False, "provisioning": "compiled-in"}, True),
        ("serves_as_identity", PARAM, {}, None),
        ("serves_as_identity", PARAM, {"purpose": ["identity"]}, True),
        ("serves_as_identity", PARAM, {"purpose": ["identity"], "hard_coded_identity": False}, True),
        ("serves_as_identity", PARAM, {"purpose": ["update-check"], "hard_coded_identity": False}, False),
        ("serves_as_identity", PARAM, {"hard_coded_identity": True}, True),
        ("persistent", PARAM, {}, None),
        ("persistent", PARAM, {"provisioning": "production"}, True),
        ("persistent", PARAM, {"provisioning": "compiled-in"}, True),
        ("persistent", PARAM, {"hard_coded_identity": True}, True),
        ("persistent", PARAM, {"hard_coded_identity": False}, None),
        ("configures_over_the_network", SERVICE, {}, None),
        ("configures_over_the_network", SERVICE, {"configures": True}, True),
        ("configures_over_the_network", SERVICE, {"configures": True, "network": True}, True),
        ("configures_over_the_network", SERVICE, {"configures": True, "network": False}, False),
        ("configures_over_the_network", SERVICE, {"configures": False, "network": True}, False),
        ("network_function", SERVICE, {}, None),
        ("network_function", SERVICE, {"network": True}, True),
        ("network_function", SERVICE, {"network": False}, False),
        ("network_function", SERVICE, {"network": True, "states": ["initialized"]}, True),
        ("network_function", SERVICE, {"network": True, "states": ["factory-default"]}, False),
    ],
)
def test_facts_tell_what_they_say_and_nothing_where_they_are_silent(claim, table, facts, expected):
    assert told(claim, table, facts) is expected


@pytest.mark.parametrize("purpose", ["update-check", "service-communication"])
@pytest.mark.parametrize(
    ("kind", "facts", "expected"),
    [
        ("critical", {}, None),
        ("critical", {"purpose": ["user-authentication"]}, False),
        ("critical", {"purpose": ["PURPOSE"]}, True),
        ("critical", {"purpose": ["user-authentication", "PURPOSE"]}, True),
        ("public", {"purpose": ["PURPOSE"]}, False),
        ("", {"purpose": ["PURPOSE"]}, None),
    ],
)
def test_a_parameter_for_updates_or_services_is_a_critical_one(purpose, kind, facts, expected):
    meant = {key: [purpose if one == "PURPOSE" else one for one in value] for key, value in facts.items()}

    assert told("for_updates_or_services", PARAM, meant, Type=kind) is expected


@pytest.mark.parametrize(
    ("facts", "factor", "expected"),
    [
        ({}, "None. Everybody may use it.", True),
        ({}, "N/A - nobody logs in", True),
        ({}, "No authentication.", True),
        ({}, "None; the code on the label is typed in once.", None),
        ({}, "Open access without credentials.", None),
        ({}, "A password.", False),
        ({}, "", False),
        ({"factors": ["password"]}, "None.", False),
        ({"password": {"origin": "user-defined"}}, "None.", False),
    ],
)
def test_a_mechanism_without_a_factor_says_so_and_facts_win(facts, factor, expected):
    assert told("without_factor", AUTH, facts, Authentication_Factor=factor) is expected


@pytest.mark.parametrize(
    ("facts", "mechanism", "explained", "mutable"),
    [
        ({}, "", False, None),
        ({}, "none", False, None),
        ({}, "None; it lies in ROM.", True, None),
        ({"no_update_reason": "immutable"}, "none", True, False),
        ({"no_update_reason": "other"}, "none", True, True),
    ],
)
def test_a_component_without_an_update_mechanism_has_a_reason_or_none(facts, mechanism, explained, mutable):
    assert told("explains_no_update", SOFT, facts, Update_Mechanism=mechanism) is explained
    assert told("not_immutable", SOFT, facts, Update_Mechanism=mechanism) is mutable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("enabled by default", True),
        ("Enabled", True),
        ("disabled by default", False),
        ("Disabled; by the owner", False),
        ("", None),
    ],
)
def test_a_service_is_enabled_by_default_as_its_status_begins(text, expected):
    assert told("enabled_by_default", SERVICE, Status=text) is expected


@pytest.mark.parametrize(
    ("facts", "text", "wanted", "expected"),
    [
        ({}, "", ("network",), None),
        ({}, "network", ("network",), True),
        ({}, "physical, network", ("network",), True),
        ({}, "physical", ("network",), False),
        ({}, "physical", ("network", "physical"), True),
        ({"type": ["network"]}, "", ("network",), True),
        ({"type": ["network"]}, "", ("physical",), False),
        ({"type": ["network"]}, "physical", ("network",), True),
        # A type that is not understood may be any; facts beside it may leave one out.
        ({"type": ["network"]}, "optical", ("physical",), None),
        ({"type": ["network"]}, "optical", ("network",), True),
    ],
)
def test_an_interface_is_of_every_kind_that_its_type_or_its_facts_name(facts, text, wanted, expected):
    assert told("is_kind", INTF, facts, *wanted, Type=text) is expected


@pytest.mark.parametrize(
    ("fact", "text", "expected"),
    [
        (None, "", False),
        (None, "In the app, by a switch.", True),
        (None, "No consent is needed.", None),
        (None, "Necessary for the contract.", None),
        # Another basis beside a consent that is asked for.
        (None, "For the contract, and the user agrees in the app.", True),
        (None, "None; contract", None),
        (True, "", True),
        (True, "Necessary for the contract.", True),
        (False, "", False),
        (False, "No consent is needed.", False),
        (False, "In the app, by a switch.", None),
    ],
)
def test_data_rest_on_consent_by_what_the_fact_and_the_words_say_together(fact, text, expected):
    facts = {} if fact is None else {"consent": fact}

    assert told("rests_on_consent", DATA, facts, Obtaining_Consent=text) is expected


@pytest.mark.parametrize(
    ("fields", "nothing"),
    [
        ({}, False),
        ({"Description": "No telemetry"}, True),
        ({"Description": "No telemetry", "Purpose": "n/a"}, True),
        ({"Description": "No telemetry", "Purpose": "To count crashes."}, False),
        ({"Description": "Crashes.", "Purpose": "n/a"}, False),
    ],
)
def test_an_entry_may_stand_there_to_say_that_there_is_nothing(fields, nothing):
    assert claims.says_there_is_nothing(entry_of("24-TelData", fields)) is nothing


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"factors": ["key"]}, False),
        ({"factors": ["password"]}, None),
        ({"password": {"origin": "pre-installed"}}, True),
        ({"password": {"origin": "user-defined"}}, False),
    ],
)
def test_a_password_comes_from_where_its_fact_says(facts, expected):
    assert told("password_origin", AUTH, facts, "pre-installed") is expected


@pytest.mark.parametrize(
    ("claim", "fact", "field", "text", "expected"),
    [
        ("configurable_updates", "user_options", "Configuration", "", False),
        ("configurable_updates", "user_options", "Configuration", "In the app, under Updates.", None),
        ("notifies", "notifies_on", "User_Notification", "", False),
        ("notifies", "notifies_on", "User_Notification", "By a mail to the owner.", None),
    ],
)
def test_an_empty_list_denies_only_where_no_words_stand_beside_it(claim, fact, field, text, expected):
    assert told(claim, UPD, {fact: []}, **{field: text}) is expected


@pytest.mark.parametrize(("text", "expected"), [("None", False), ("As in the annex, figure 3", None)])
def test_a_reference_that_is_not_understood_is_not_the_lack_of_one(text, expected):
    assert told("updatable", SOFT, Update_Mechanism=text) is expected
