"""Conditions of the ICS: what the documents show, what the manufacturer states, and which of the two counts."""

from __future__ import annotations

import pytest
from assessment_documents import documents, load

from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.reading.conditions import condition_holds
from pytest_etsi.standard import EDITIONS, UnknownIdError, edition
from pytest_etsi.verdict import Cause, Verdict


def holds(tmp_path, condition, *, edition_id="1.1.1", stated=None, dut=None, **tables):
    content = documents(edition_id)
    content["dut"] |= dut or {}
    for name, value in tables.items():
        table = edition(edition_id).table(name)
        content["ixit"][table.id] = value
    if stated is not None:
        content["ics"]["conditions"] = stated
    return condition_holds(load(tmp_path, content), condition)


def entry(name="E-1", facts=None, **fields):
    made = {"ID": name, **{key.replace("_", " "): value for key, value in fields.items()}}
    return made | ({"facts": facts} if facts else {})


def mech(**facts):
    return entry("AuthMech-1", facts)


UPDATE = entry("UpdMech-1")
PASSWORD = {"factors": ["password"]}
SENT = entry("PersData-1", Secure_Communication_Mechanisms=["SecComMech-1"])
TO_SERVICE = entry("SecComMech-1", {"peer": "associated-service"})


@pytest.mark.parametrize(
    ("condition", "tables", "expected"),
    [
        ("1", {"AuthMech": [mech(factors=["password"])]}, True),
        ("1", {"AuthMech": [mech(password={"origin": "pre-installed"})]}, True),
        ("1", {"AuthMech": [mech(factors=["certificate"])]}, False),
        ("1", {"AuthMech": [mech(factors=["pin"])]}, None),
        ("1", {"AuthMech": [mech()]}, None),
        ("1", {"AuthMech": [mech(factors=["key"]), mech() | {"ID": "AuthMech-2"}]}, None),
        ("1", {"AuthMech": []}, False),
        ("2", {"AuthMech": [mech(**PASSWORD, password={"origin": "pre-installed"})]}, True),
        ("2", {"AuthMech": [mech(**PASSWORD, password={"origin": "user-defined"})]}, False),
        ("2", {"AuthMech": [mech(**PASSWORD, password={"origin": "device-generated"})]}, False),
        ("2", {"AuthMech": [mech(**PASSWORD)]}, None),
        (
            "3",
            {"SoftComp": [entry("SoftComp-1", Update_Mechanism=["UpdMech-1"])], "UpdMech": [UPDATE]},
            False,
        ),
        ("3", {"SoftComp": [entry("SoftComp-1", Update_Mechanism=[])]}, True),
        ("3", {"SoftComp": []}, None),
        ("6", {"TelData": []}, False),
        ("6", {"TelData": [entry("TelData-1")]}, True),
        ("6", {"TelData": [entry("TelData-1", Description="Crash reports.", Purpose="None")]}, True),
        ("6", {"TelData": [entry("none", Description="No telemetry is collected.", Purpose="-")]}, None),
        (
            "6",
            {
                "TelData": [
                    entry(Description="No more than the number of starts, of which the service makes a sum.")
                ]
            },
            True,
        ),
        ("7", {"PersData": []}, False),
        ("7", {"PersData": [entry("PersData-1", Obtaining_Consent="A dialogue at first start.")]}, True),
        ("7", {"PersData": [entry("PersData-1", Obtaining_Consent="None; contract.")]}, None),
        ("7", {"PersData": [entry("PersData-1", Obtaining_Consent="Consent is not required.")]}, None),
        ("7", {"PersData": [entry("PersData-1", Obtaining_Consent="Processed without consent.")]}, None),
        (
            "7",
            {"PersData": [entry("PersData-1", Obtaining_Consent="A box that is not ticked before.")]},
            True,
        ),
        ("7", {"PersData": [entry("PersData-1")]}, False),
        ("7", {"PersData": [entry("PersData-1", {"consent": True})]}, True),
        ("8", {"AuthMech": [mech(subject="user")]}, True),
        ("8", {"AuthMech": [mech(subject="machine")]}, False),
        ("8", {"AuthMech": [mech()]}, None),
        ("9", {"UpdMech": []}, False),
        ("9", {"UpdMech": [entry("UpdMech-1", {"interaction": "automatic"})]}, True),
        ("9", {"UpdMech": [entry("UpdMech-1", {"notifies_on": ["app"]})]}, True),
        ("9", {"UpdMech": [entry("UpdMech-1", {"interaction": "manual"})]}, None),
        ("10", {"SecParam": [entry("SecParam-1", {"hard_coded_identity": True})]}, True),
        ("10", {"SecParam": [entry("SecParam-1", {"hard_coded_identity": False})]}, False),
        ("10", {"SecParam": [entry("SecParam-1")]}, None),
        ("11", {"UpdMech": [entry("UpdMech-1", {"transport": "network"})]}, True),
        ("11", {"UpdMech": [entry("UpdMech-1", {"transport": "cable"})]}, False),
        ("11", {"UpdMech": [UPDATE]}, None),
        ("12", {"UpdMech": []}, False),
        ("12", {"UpdMech": [UPDATE]}, True),
        ("13", {"Intf": []}, False),
        ("13", {"Intf": [entry("Intf-1", {"debug": True, "type": ["physical"], "accessible": True})]}, True),
        (
            "13",
            {"Intf": [entry("Intf-1", {"debug": True, "type": ["physical"], "accessible": False})]},
            False,
        ),
        ("13", {"Intf": [entry("Intf-1", {"debug": True, "type": ["physical"]})]}, None),
        ("13", {"Intf": [entry("Intf-1", {"debug": False})]}, False),
        ("13", {"Intf": [entry("Intf-1")]}, None),
    ],
)
def test_what_the_ixit_shows_in_edition_1(tmp_path, condition, tables, expected):
    assert holds(tmp_path, condition, **tables).holds is expected


NONE = [
    "None",
    "none.",
    "n/a",
    "N/A",
    "N.A.",
    "nil",
    "-",
    "--",
    "\u2014",
    "Nothing",
    "Not applicable",
    "Does not apply",
    "Keine",
    "Entfällt",
    "Sans objet",
    "No aplica",
    "Non applicabile",
    "n.v.t.",
    "Nie dotyczy",
    "Não aplicável",
    "无",
    "該当なし",
]


@pytest.mark.parametrize("text", NONE)
@pytest.mark.parametrize(("edition_id", "condition"), [("1.1.1", "6"), ("2.1.1", "w")])
def test_an_entry_that_says_that_there_is_none_leaves_open_whether_there_is(
    tmp_path, text, edition_id, condition
):
    row = entry("TelData-1", Description=text, Purpose=text, Security_Examination=text)
    state = holds(tmp_path, condition, edition_id=edition_id, TelData=[row])

    assert (state.holds, state.shown) == (None, None)
    assert state.reason == "24-TelData has only TelData-1, which says that there is nothing"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Contract with the owner.", None),
        ("The data are processed for a legitimate interest.", None),
        ("Vertragserfüllung", None),
        ("A dialogue after the contract is made.", True),
        ("The owner agrees when the contract is made.", True),
    ],
)
def test_another_basis_than_consent_does_not_show_consent(tmp_path, text, expected):
    assert holds(tmp_path, "7", PersData=[entry("PersData-1", Obtaining_Consent=text)]).holds is expected


@pytest.mark.parametrize("text", [*NONE, "TBD", "to be defined", "see annex"])
def test_a_consent_of_which_nothing_is_said_leaves_open_whether_there_is_one(tmp_path, text):
    assert holds(tmp_path, "7", PersData=[entry("PersData-1", Obtaining_Consent=text)]).holds is None


@pytest.mark.parametrize(
    ("group", "table", "row"),
    [
        ("5.10-1", "TelData", {"Description": "{}", "Purpose": "{}"}),
        ("6-2", "PersData", {"Description": "Name of the owner.", "Obtaining Consent": "{}"}),
    ],
)
def test_an_answer_of_not_applicable_is_alike_beside_every_form_of_it(tmp_path, group, table, row):
    content = documents()
    content["ics"][group] = {"support": "N/A", "detail": "The device has nothing of the kind."}
    found = set()
    for text in NONE:
        made = {"ID": "E-1", **{field: said.format(text) for field, said in row.items()}}
        content["ixit"][edition("1.1.1").table(table).id] = [made]
        plan = make_plan(load(tmp_path, content), {})
        check = next(one.ics for one in plan.groups if one.group.id == group)
        found.add((check.verdict, check.cause))

    assert found == {(Verdict.INCONCLUSIVE, Cause.INFORMATION)}


@pytest.mark.parametrize(
    "text",
    ["Nothing but the serial number", "No telemetry is sent without consent", "None of the reports is kept"],
)
def test_an_entry_that_says_what_there_is_shows_it_whatever_it_begins_with(tmp_path, text):
    assert holds(tmp_path, "6", TelData=[entry("TelData-1", Description=text)]).holds is True


@pytest.mark.parametrize(
    "text",
    [
        "There is no telemetry.",
        "The device does not collect any telemetry data.",
        "Telemetry is not collected.",
        "No telemetry data is collected by the device or the app",
    ],
)
def test_a_sentence_that_there_is_none_is_no_telemetry(tmp_path, text):
    assert holds(tmp_path, "6", TelData=[entry("TelData-1", Description=text)]).holds is None


@pytest.mark.parametrize(
    ("condition", "tables", "expected"),
    [
        ("a", {"AuthMech": [mech(factors=["password"])]}, True),
        ("b", {"AuthMech": [mech(**PASSWORD, password={"origin": "pre-installed"})]}, True),
        ("d", {"AuthMech": [mech(subject="machine")]}, False),
        ("e", {"AuthMech": [mech(interface="network")]}, True),
        ("e", {"AuthMech": [mech(interface="local")]}, False),
        ("g", {"SoftComp": [entry("SoftComp-1", Update_Mechanism=["UpdMech-1"])], "UpdMech": [UPDATE]}, True),
        ("h", {"UpdMech": [entry("UpdMech-1", {"interaction": "automatic"})]}, True),
        ("i", {"UpdMech": []}, False),
        ("j", {"UpdMech": [entry("UpdMech-1", {"transport": "network"})]}, True),
        ("q", {"PhyIntf": [entry("PhyIntf-1", {"debug": True})]}, True),
        ("q", {"PhyIntf": [entry("PhyIntf-1", {"debug": False})]}, None),
        ("s", {"SecBoot": []}, False),
        ("v", {"ExtSens": [entry("ExtSens-1")]}, True),
        ("y", {"PersData": [entry("PersData-1", {"consent": True})]}, True),
        ("z", {"PersData": []}, False),
        ("aa", {"PersData": [entry("PersData-1", Aggregation="yes, for statistics")]}, True),
        ("aa", {"PersData": [entry("PersData-1", Aggregation="no")]}, False),
        ("16", {"SecParam": [entry("SecParam-1", Type="critical")]}, True),
        ("14", {}, None),
        ("14", {"AuthMech": [mech(interface="network", brute_force={"max_attempts": 5})]}, True),
        ("14", {"AuthMech": [mech(interface="network", brute_force={"entropy_only": True})]}, None),
        (
            "14",
            {
                "AuthMech": [
                    mech(interface="network", brute_force={"max_attempts": 5}),
                    mech(interface="network") | {"ID": "AuthMech-2"},
                ]
            },
            None,
        ),
        ("14", {"AuthMech": [mech(interface="local", brute_force={"max_attempts": 5})]}, None),
        ("15", {}, None),
        ("15", {"UpdMech": [UPDATE]}, True),
        ("c", {}, None),
        ("c", {"AuthMech": [mech(tls={"versions": ["TLSv1.3"]})]}, True),
        ("f", {"SoftComp": [entry("SoftComp-1", Update_Mechanism=["UpdMech-1"])], "UpdMech": [UPDATE]}, True),
        ("f", {"SoftComp": [entry("SoftComp-1", {"no_update_reason": "constrained"})]}, True),
        ("f", {"SoftComp": [entry("SoftComp-1", {"no_update_reason": "immutable"})]}, False),
        ("f", {"SoftComp": [entry("SoftComp-1")]}, None),
        ("f", {"SoftComp": []}, None),
        ("k", {"SecParam": [entry("SecParam-1", {"provisioning": "production"})]}, True),
        ("k", {"SecParam": [entry("SecParam-1", {"hard_coded_identity": True})]}, True),
        ("k", {"SecParam": [entry("SecParam-1", {"provisioning": "user"})]}, None),
        ("m", {"SecParam": [entry("SecParam-1", {"purpose": ["update-check"]}, Type="critical")]}, True),
        ("m", {"SecParam": [entry("SecParam-1", {"purpose": ["update-check"]}, Type="public")]}, False),
        ("m", {"SecParam": [entry("SecParam-1", {"purpose": ["storage"]}, Type="critical")]}, False),
        ("m", {"SecParam": [entry("SecParam-1", Type="critical")]}, None),
        ("n", {"SoftServ": [entry("SoftServ-1", {"network": True, "configures": True})]}, True),
        ("n", {"SoftServ": [entry("SoftServ-1", {"network": False, "configures": True})]}, False),
        ("n", {"SoftServ": [entry("SoftServ-1", {"network": True})]}, None),
        ("t", {"PersData": [SENT], "SecComMech": [TO_SERVICE]}, True),
        ("t", {"PersData": [SENT], "SecComMech": [entry("SecComMech-1", {"peer": "app"})]}, None),
        ("t", {"PersData": []}, False),
        ("u", {"PersData": [SENT | {"Sensitive": "yes"}], "SecComMech": [TO_SERVICE]}, True),
        ("u", {"PersData": [SENT | {"Sensitive": "no"}], "SecComMech": [TO_SERVICE]}, False),
        ("u", {"PersData": [SENT], "SecComMech": [TO_SERVICE]}, None),
        ("x", {"PersData": [entry("PersData-1", {"on_service": True})]}, True),
        ("x", {"PersData": [entry("PersData-1", {"on_service": False})]}, False),
        ("x", {"PersData": [entry("PersData-1")]}, None),
    ],
)
def test_what_the_ixit_shows_in_edition_2(tmp_path, condition, tables, expected):
    assert holds(tmp_path, condition, edition_id="2.1.1", **tables).holds is expected


@pytest.mark.parametrize(
    ("shown", "stated", "expected", "contradicted"),
    [
        ([entry("TelData-1")], False, True, True),
        ([entry("TelData-1")], True, True, False),
        ([entry("TelData-1")], None, True, False),
        ([], True, True, False),
        ([], False, False, False),
    ],
)
def test_documents_that_show_a_condition_go_before_a_statement(
    tmp_path, shown, stated, expected, contradicted
):
    state = holds(tmp_path, "6", TelData=shown, stated=None if stated is None else {"6": stated})

    assert (state.holds, state.contradicted) == (expected, contradicted)


def test_a_statement_decides_where_the_documents_do_not_tell(tmp_path):
    assert holds(tmp_path, "14", edition_id="2.1.1", stated={"14": False}).holds is False
    assert holds(tmp_path, "10", SecParam=[entry("SecParam-1")], stated={"10": False}).holds is False


@pytest.mark.parametrize(
    ("condition", "table", "row"),
    [
        ("1", "AuthMech", entry(Authentication_Factor="Password, set by the user at first start.")),
        ("2", "AuthMech", entry(Authentication_Factor="Password, pre-installed and printed on the label.")),
        ("2", "AuthMech", entry(Authentication_Factor="Pass phrase or password on the label")),
        ("8", "AuthMech", entry(Description="Login of the owner; user authentication.")),
        ("11", "UpdMech", entry(Description="Network-based update by HTTPS.")),
    ],
)
def test_a_denial_is_not_relied_on_beside_prose_that_speaks_of_it(tmp_path, condition, table, row):
    state = holds(tmp_path, condition, stated={condition: False}, **{table: [row]})

    assert (state.holds, state.shown) == (None, None)
    assert "speaks of" in state.reason
    assert "lamp.yaml:" in state.reason


@pytest.mark.parametrize(
    ("condition", "table", "row"),
    [
        ("1", "AuthMech", entry(Authentication_Factor="Pairing key; there is no password.")),
        ("1", "AuthMech", entry(Authentication_Factor="Passwordless: a key in the phone.")),
        (
            "1",
            "AuthMech",
            entry(facts={"factors": ["key"]}, Authentication_Factor="Key of the password safe."),
        ),
        ("2", "AuthMech", entry(Authentication_Factor="Password, set by the user; the user name is fixed.")),
        (
            "2",
            "AuthMech",
            entry(
                facts={"factors": ["password"], "password": {"origin": "user-defined"}},
                Authentication_Factor="Password, set by the user in place of the PIN on the label.",
            ),
        ),
        ("8", "AuthMech", entry(Description="Machine-to-machine; not user authentication.")),
        ("11", "UpdMech", entry(Description="Non-network-based: by a cable in the repair shop.")),
        ("12", "AuthMech", entry(Description="Login before an update.")),
    ],
)
def test_a_denial_stands_beside_prose_that_says_something_else(tmp_path, condition, table, row):
    assert holds(tmp_path, condition, stated={condition: False}, **{table: [row]}).holds is False


def test_a_contradiction_is_said(tmp_path):
    reason = holds(tmp_path, "6", TelData=[entry("TelData-1")], stated={"6": False}).reason

    assert reason == "24-TelData has TelData-1, which contradicts the statement in the ICS"


@pytest.mark.parametrize(
    ("dut", "stated", "four", "five"),
    [
        ({"constrained": True}, {}, True, False),
        ({}, {}, False, True),
        ({}, {"4": True}, True, False),
        ({}, {"5": False}, True, False),
        ({}, {"4": False, "5": False}, False, True),
        ({}, {"4": True, "5": True}, True, True),
        ({"constrained": True}, {"5": True}, True, True),
    ],
)
def test_whether_the_device_is_constrained(tmp_path, dut, stated, four, five):
    assert holds(tmp_path, "4", dut=dut, stated=stated).holds is four
    assert holds(tmp_path, "5", dut=dut, stated=stated).holds is five


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_every_condition_of_the_edition_has_an_answer_and_a_reason(tmp_path, edition_id):
    profile = load(tmp_path, documents(edition_id))
    for condition in edition(edition_id).conditions:
        state = condition_holds(profile, condition.id)

        assert state.reason, condition.id
        assert state.meaning == condition.meaning


def test_an_unknown_condition_is_an_error(tmp_path):
    with pytest.raises(UnknownIdError):
        condition_holds(load(tmp_path, documents()), "99")
