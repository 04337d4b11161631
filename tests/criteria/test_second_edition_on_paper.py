"""What the documents say to the units of edition 2.1.1 that changed or are new, each refuted by a bad document.

A line names the unit, documents on which nothing refutes it, and what in them makes it fail.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest
from documents import outcomes_of, profile_of

from pytest_etsi import criteria, scopes
from pytest_etsi.standard import edition

TOKEN = {
    "ID": "Cloud",
    "Description": "The device logs in at the service, machine-to-machine.",
    "Authentication Factor": "A token of 256 random bits, drawn in production.",
    "Security Guarantees": "Authenticity and integrity.",
    "Cryptographic Details": "TLS 1.3.",
    "facts": {"subject": "machine", "factors": ["token"], "guarantees": ["authenticity", "integrity"]},
}
BROKER = {
    "ID": "Broker",
    "Description": "The gateway logs in at the broker of the device, machine-to-machine.",
    "Authentication Factor": "Password on the label.",
    "Password Generation Mechanism": "16 characters from a random generator, drawn for each device.",
    "facts": {
        "subject": "machine",
        "factors": ["password"],
        "states": ["initialized"],
        "password": {
            "origin": "pre-installed",
            "generation": {"method": "random", "inputs": ["random"], "length": 16, "alphabet": "alnum"},
        },
    },
}
LOGIN = {
    "ID": "Web",
    "Description": "Login of the owner; user authentication.",
    "Authentication Factor": "Password, set by the user.",
    "facts": {"subject": "user", "factors": ["password"], "change": {"supported": True}},
}
UPDATE = {
    "ID": "Net",
    "Description": "The device fetches a package and installs it after its check.",
    "Initiation and Interaction": "Started by the device at night; no user action.",
    "Configuration": "Automatic updates on, off, or postponed by 7 days; notifications on or off.",
    "Update Checking": "By the device, after its first start and every day.",
    "User Notification": "A notice on the page says which risk is removed, and that the picture is interrupted.",
    "facts": {
        "interaction": "automatic",
        "user_options": ["enable", "disable", "postpone"],
        "notification_options": ["enable", "disable"],
        "notifies_on": ["app"],
        "tells_disruption": True,
        "check_after_init": True,
        "checked_by": "device",
        "consent": {"granted": "on", "denied": "off"},
    },
}
CONSENT = {
    "ID": "Agree",
    "Description": "Whether updates are installed automatically.",
    "Options": ["yes", "no"],
    "Triggered By": "Second step of the first start.",
    "facts": {"topic": "updates", "asked_during": "initialization", "update_mechanisms": ["Net"]},
}
FIRMWARE = {"ID": "Firmware", "Description": "The firmware.", "Update Mechanism": ["Net"]}
ROM = {
    "ID": "Rom",
    "Description": "Boot code in mask ROM.",
    "Update Mechanism": "none; the root of trust must not be changed by anybody.",
    "facts": {"no_update_reason": "immutable"},
}
REPLACEMENT = {
    "Isolation": "Take it off the network by removing its cable.",
    "Hardware Replacement": "Swap it for a new one and set that up.",
    "Connectivity and functionality": "The new one joins the network and restores its schedules.",
    "facts": {"isolation": "network", "replaceable": True},
}
MONITORING = {
    "ID": "Mon",
    "Description": "Every week advisories of suppliers are compared with the component lists of device and cloud "
    "service, rated, and fixed by an update.",
}
UPDATES: dict[str, Any] = {"7-UpdMech": [UPDATE], "6-SoftComp": [FIRMWARE], "26-UserDec": [CONSENT]}
PARAMETER = {
    "ID": "Key",
    "Description": "Key of the service.",
    "Type": "critical",
    "Secure Communication Mechanisms": ["Up"],
}
CHANNEL = {
    "ID": "Up",
    "Description": "HTTPS to the service.",
    "Interface": "Out, remotely accessible",
    "Security Guarantees": "Confidentiality, integrity, authenticity.",
    "Cryptographic Details": "TLS 1.3.",
    "facts": {"protocol": "https", "tls": {"versions": ["TLSv1.3"]}},
}
OUT = {"ID": "Out", "Description": "To the service.", "Access": "Lan", "Status": "enabled"}

Case = tuple[str, dict[str, Any], list[tuple[str, str, Any]]]
CASES: list[Case] = [
    # 5.1-1, 5.1-2 and 5.1-3: machines count as well
    ("5.1-1-1/a", {"1-AuthMech": [BROKER]}, [("1-AuthMech", "facts.password.generation.method", "constant")]),
    ("5.1-2-1/a", {"1-AuthMech": [BROKER]}, [("1-AuthMech", "facts.password.generation",
      {"method": "counter", "inputs": ["counter"], "length": 8, "alphabet": "digits"})]),
    ("5.1-2-1/c", {"1-AuthMech": [BROKER]}, [("1-AuthMech", "facts.password.generation",
      {"method": "hash", "inputs": ["mac"], "length": 16, "alphabet": "hex"})]),
    ("5.1-2-1/d", {"1-AuthMech": [BROKER]}, [("1-AuthMech", "facts.password.generation.length", 3)]),
    ("5.1-3-1/a", {"1-AuthMech": [TOKEN]}, [("1-AuthMech", "facts.guarantees", ["authenticity"])]),
    ("5.1-3-1/b", {"1-AuthMech": [TOKEN]}, [("1-AuthMech", "Description", "The device logs in over HTTP, in clear.")]),
    ("5.1-3-1/c", {"1-AuthMech": [TOKEN]}, [("1-AuthMech", "Cryptographic Details", "TLS 1.0 is used.")]),
    # 5.1-2A
    ("5.1-2A-1/a", {"1-AuthMech": [TOKEN]}, [
        ("1-AuthMech", "facts.factors", ["password"]),
        ("1-AuthMech", "facts.password", {"origin": "pre-installed"}),
        ("1-AuthMech", "Authentication Factor", ""),
    ]),
    # 5.1-4
    ("5.1-4-1/a", {"1-AuthMech": [LOGIN]}, [
        ("1-AuthMech", "facts.change.supported", False),
        ("1-AuthMech", "Authentication Factor", "tbd"),
    ]),
    # 5.2-3
    *((f"5.2-3-1/{letter}", {"5-VulnMon": [MONITORING]}, [("5-VulnMon", "Description", "n/a")]) for letter in "abc"),
    # 5.3-1
    ("5.3-1-1/a", {"6-SoftComp": [ROM]}, [
        ("6-SoftComp", "facts.no_update_reason", "constrained"),
        ("6-SoftComp", "facts.no_update_reason", "other"),
        ("6-SoftComp", "*", [{"ID": "Rom", "Description": "Boot code.", "Update Mechanism": "none"}]),
    ]),
    # 5.3-4A and 5.3-4B
    ("5.3-4A-1/a", UPDATES, [("7-UpdMech", "Configuration", ""), ("7-UpdMech", "facts",
      {"interaction": "simple", "user_options": ["postpone"]})]),
    ("5.3-4B-1/a", UPDATES, [("7-UpdMech", "facts.initiated_by", "user")]),
    ("5.3-4B-1/b", UPDATES, [
        ("26-UserDec", "facts.asked_during", "operation"),
        ("26-UserDec", "facts.update_mechanisms", ["Usb"]),
        ("26-UserDec", "Triggered By", ""),
    ]),
    ("5.3-4B-1/c", UPDATES, [
        ("7-UpdMech", "facts.consent.granted", "off"),
        ("7-UpdMech", "Configuration", ""),
    ]),
    # 5.3-5
    ("5.3-5-1/a", UPDATES, [
        ("7-UpdMech", "facts.checked_by", "user"),
        ("7-UpdMech", "facts", {"check_after_init": False, "check_during_init": False}),
        ("7-UpdMech", "Update Checking", "none"),
    ]),
    # 5.3-6A and 5.3-6B
    ("5.3-6A-1/a", UPDATES, [("7-UpdMech", "Initiation and Interaction", "The user must confirm each update.")]),
    ("5.3-6A-1/b", UPDATES, [
        ("7-UpdMech", "Configuration", ""),
    ]),
    ("5.3-6B-1/a", UPDATES, [("7-UpdMech", "Configuration", "tbd")]),
    # 5.3-12
    ("5.3-12-1/a", UPDATES, [
        ("7-UpdMech", "facts.tells_disruption", False),
        ("7-UpdMech", "User Notification", "none"),
    ]),
    # 5.3-15A, 5.3-15B and 5.3-16
    ("5.3-15A-1/a", {"9-ReplSup": REPLACEMENT}, [
        ("9-ReplSup", "Isolation", ""), ("9-ReplSup", "facts.isolation", "none"),
    ]),
    ("5.3-15B-1/a", {"9-ReplSup": REPLACEMENT}, [
        ("9-ReplSup", "Hardware Replacement", "not possible"), ("9-ReplSup", "facts.replaceable", False),
    ]),
    ("5.3-16-1/a", {"2-UserInfo": {"Model Designation": "\"LAMP\", in the app under Settings."},
                    "27-UserIntf": [{"ID": "App", "Description": "The app."}]}, [
        ("2-UserInfo", "Model Designation", ""),
        ("2-UserInfo", "Model Designation", "\"LAMP\"; only on the box"),
        ("27-UserIntf", "*", []),
    ]),
    # 5.5-7
    ("5.5-7-1/a", {"10-SecParam": [PARAMETER], "11-SecComMech": [CHANNEL], "28-LogIntf": [OUT],
                   "15-PhyIntf": [{"ID": "Lan", "Description": "Cable.", "Type": "network"}]}, [
        ("11-SecComMech", "Security Guarantees", ""),
        ("11-SecComMech", "facts.guarantees", ["integrity", "authenticity"]),
    ]),
]  # fmt: skip


def changed(tables: dict[str, Any], table: str, path: str, value: Any) -> dict[str, Any]:
    """The tables with a value at a path of the first entry of one of them, or with other entries ("*")."""
    copied = copy.deepcopy(tables)
    if path == "*":
        return copied | {table: value}
    target = copied[table][0] if isinstance(copied[table], list) else copied[table]
    *parents, last = path.split(".") if path.startswith("facts") else [path]
    for name in parents:
        target = target.setdefault(name, {})
    target[last] = value
    return copied


@pytest.mark.parametrize(
    ("unit", "good"), [(unit, good) for unit, good, _ in CASES], ids=[one[0] for one in CASES]
)
def test_nothing_refutes_the_good_documents(unit: str, good: dict[str, Any]) -> None:
    outcomes = outcomes_of(unit, good)

    assert outcomes
    assert {one.verdict for one in outcomes.values()} <= {"PASS", "INCONCLUSIVE"}, outcomes
    assert {one.cause for one in outcomes.values()} <= {None, "judgement"}, outcomes


@pytest.mark.parametrize(
    ("unit", "tables"),
    [
        pytest.param(unit, changed(good, *bad), id=f"{unit} {bad[1]}-{number}")
        for unit, good, several in CASES
        for number, bad in enumerate(several)
    ],
)
def test_a_bad_document_fails_it_and_it_is_said_what_is_reconstructed(
    unit: str, tables: dict[str, Any]
) -> None:
    outcomes = outcomes_of(unit, tables)
    case = edition("2.1.1").case(unit.partition("/")[0])

    assert [one.verdict for one in outcomes.values()] == ["FAIL"], outcomes
    assert all(one.reason.endswith(case.reconstructed) for one in outcomes.values())


def test_every_conceptual_unit_of_these_scenarios_that_changed_can_fail() -> None:
    later = edition("2.1.1")
    own = {
        unit.id
        for unit in later.units
        if not unit.functional
        and unit.origin.edition == "2.1.1"
        and later.group(later.case(unit.case).group).scenario in ("5.0", "5.1", "5.2", "5.3", "5.4", "5.5")
    }
    elsewhere = {
        "5.1-2-1/b",  # the same function as in edition 1.1.1, over the same entries
        "5.1-3-1/d",  # likewise, but for the entries
        "5.1-4-1/b",  # looks at the published guidance, in `tests/test_bad_documents.py`
    }

    assert own - {unit for unit, *_ in CASES} == elsewhere


# What is left open ------------------------------------------------------------------------------------------


def kinds(unit: str, tables: dict[str, Any]) -> dict[str | None, tuple[str, str | None]]:
    return {entry: (str(one.verdict), one.cause) for entry, one in outcomes_of(unit, tables).items()}


def test_a_person_who_logs_in_is_no_machine_unless_the_words_say_so() -> None:
    assert kinds("5.1-2A-1/a", {"1-AuthMech": [LOGIN]})[None][0] == "NOT APPLICABLE"
    spoken = changed(
        {"1-AuthMech": [LOGIN]}, "1-AuthMech", "Description", "Login of users, and machine-to-machine."
    )

    assert kinds("5.1-2A-1/a", spoken) == {"Web": ("INCONCLUSIVE", "information")}


def test_that_a_value_stays_is_believed_to_the_word_and_open_where_facts_say_otherwise() -> None:
    says = {"1-AuthMech": [LOGIN | {"Authentication Factor": "PIN on the label. It cannot be changed."}]}
    guests = {"1-AuthMech": [LOGIN | {"Authentication Factor": "PIN; it cannot be changed by guests."}]}

    assert kinds("5.1-4-1/a", says) == {"Web": ("INCONCLUSIVE", "judgement")}
    assert kinds("5.1-4-1/a", changed(says, "1-AuthMech", "facts.change", None))["Web"][0] == "FAIL"
    assert kinds("5.1-4-1/a", changed(guests, "1-AuthMech", "facts.change", None))["Web"][0] == "INCONCLUSIVE"


@pytest.mark.parametrize(
    ("reason", "facts", "verdict"),
    [
        ("none; updates are too expensive.", {}, "FAIL"),
        ("none; updates are too expensive.", {"no_update_reason": "immutable"}, "INCONCLUSIVE"),
        ("none; there is no room for a second image.", {}, "INCONCLUSIVE"),
        ("none; the root of trust must not be changed.", {}, "INCONCLUSIVE"),
    ],
)
def test_what_excuses_a_component_from_updates_is_for_a_person_unless_it_is_cost(
    reason, facts, verdict
) -> None:
    component = ROM | {"Update Mechanism": reason, "facts": facts}

    assert kinds("5.3-1-1/a", {"6-SoftComp": [component]})["Rom"][0] == verdict


def test_a_component_that_an_update_mechanism_names_is_not_immutable() -> None:
    naming = {
        "7-UpdMech": [UPDATE | {"Description": "Writes Firmware and Rom."}],
        "6-SoftComp": [ROM, FIRMWARE],
    }

    assert kinds("5.3-1-1/a", naming) == {"Rom": ("FAIL", None)}


def test_an_option_that_only_the_words_have_is_open_and_one_that_nothing_has_fails() -> None:
    without = changed(UPDATES, "7-UpdMech", "facts.user_options", ["enable", "disable"])
    silent = changed(without, "7-UpdMech", "Configuration", "Automatic updates on or off.")

    assert kinds("5.3-6A-1/b", UPDATES) == {"Net": ("PASS", None)}
    assert kinds("5.3-6A-1/b", without) == {"Net": ("INCONCLUSIVE", "information")}
    assert kinds("5.3-6A-1/b", silent) == {"Net": ("FAIL", None)}
    notices = changed(UPDATES, "7-UpdMech", "facts.notification_options", ["enable"])
    assert (
        kinds("5.3-6B-1/a", changed(notices, "7-UpdMech", "Configuration", "Notices can be enabled."))["Net"][
            0
        ]
        == "FAIL"
    )


def test_the_consent_may_be_named_by_its_words_and_is_open_where_nothing_tells() -> None:
    worded = changed(UPDATES, "26-UserDec", "facts", {"topic": "updates", "asked_during": "initialization"})
    named = changed(worded, "26-UserDec", "Description", "Whether Net installs updates by itself.")

    assert kinds("5.3-4B-1/b", UPDATES) == kinds("5.3-4B-1/b", named) == {"Net": ("PASS", None)}
    assert kinds("5.3-4B-1/b", worded) == {"Net": ("INCONCLUSIVE", "information")}
    assert kinds("5.3-4B-1/c", worded) == {"Net": ("INCONCLUSIVE", "information")}
    assert kinds("5.3-4B-1/c", UPDATES) == {"Net": ("PASS", None)}
    asked_later = changed(UPDATES, "26-UserDec", "facts.asked_during", "operation")
    assert kinds("5.3-4B-1/c", asked_later)[None][0] == "NOT APPLICABLE"
    assert kinds("5.3-4B-1/b", UPDATES | {"26-UserDec": []}) == {"Net": ("FAIL", None)}
    assert kinds("5.3-4B-1/c", changed(UPDATES, "7-UpdMech", "facts.consent", None)) == {
        "Net": ("INCONCLUSIVE", "information")
    }


def test_an_update_that_interrupts_nothing_need_not_be_announced_for_sure() -> None:
    never = changed(UPDATES, "7-UpdMech", "facts.tells_disruption", False)
    never = changed(
        never, "7-UpdMech", "User Notification", "A notice; an update never interrupts the picture."
    )

    assert kinds("5.3-12-1/a", never) == {"Net": ("INCONCLUSIVE", "information")}
    assert kinds("5.3-12-1/a", changed(UPDATES, "7-UpdMech", "facts.tells_disruption", None)) == {
        "Net": ("INCONCLUSIVE", "information")
    }


def test_a_mechanism_that_never_looks_is_open_where_another_one_of_its_components_does() -> None:
    quiet = {"ID": "Usb", "Update Checking": "By the owner.", "facts": {"checked_by": "user"}}
    both = UPDATES | {
        "7-UpdMech": [UPDATE, quiet],
        "6-SoftComp": [FIRMWARE | {"Update Mechanism": ["Net", "Usb"]}],
    }
    apart = both | {"6-SoftComp": [FIRMWARE, {"ID": "Radio", "Update Mechanism": ["Usb"]}]}

    outcome = outcomes_of("5.3-5-1/a", both)["Usb"]
    assert (outcome.verdict, outcome.cause) == ("INCONCLUSIVE", "judgement")
    ixit = profile_of(both, edition="2.1.1").ixit
    found = criteria.update_init.looks_for_updates(ixit.upd_mech[1], ixit)
    assert "by one reading" in str(found)
    assert "by the other" in str(found)
    assert {entry: one.verdict for entry, one in outcomes_of("5.3-5-1/a", apart).items()} == {
        "Net": "INCONCLUSIVE",
        "Usb": "FAIL",
    }


@pytest.mark.parametrize(
    ("interface", "facts", "concerned"),
    [
        ("Out, remotely accessible", {}, True),
        ("Out; remotely accessible: yes", {}, True),
        ("Out (not remotely accessible)", {}, False),
        ("Out, remotely accessible (no)", {}, False),
        ("Out", {"remote": True}, True),
        ("Out", {"remote": False}, False),
        ("Out", {}, None),
        ("Away", {}, True),
        ("Out, remotely accessible", {"remote": False}, None),
        ("Out, not remotely accessible", {"remote": True}, True),
        ("Away, not remotely accessible", {}, None),  # the interface is
        ("Out, not remotely accessible", {"peer": "associated-service"}, None),
        ("Out, not remotely accessible", {"peer": "device"}, False),
    ],
)
def test_remote_accessibility_is_read_from_the_interface(interface, facts, concerned) -> None:
    tables = next(good for unit, good, _ in CASES if unit == "5.5-7-1/a")
    away = {"28-LogIntf": [OUT, OUT | {"ID": "Away", "facts": {"remote": True}}]}
    channel = {"11-SecComMech": [CHANNEL | {"Interface": interface, "facts": facts}]}
    ixit = profile_of(tables | away | channel, edition="2.1.1").ixit

    scope = scopes.carries_critical_parameter_by_remote_interface
    assert scope.concerns(ixit.com_mech[0], ixit) is concerned
