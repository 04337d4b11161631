"""Time frames, withdrawal of consent, and protected configuration: what refutes each answer."""

from __future__ import annotations

import re

import pytest

from pytest_etsi import criteria
from tests.criteria.documents import entry_of, ixit_of


def levels(findings):
    return [finding.kind for finding in findings]


def handled(time_frame, *, days=None, promised=None):
    facts = {"roles": ["developer"]} | ({} if days is None else {"max_days": days})
    ixit = ixit_of(
        {
            "2-UserInfo": {"facts": {} if promised is None else {"policy_max_days": promised}},
            "3-VulnTypes": [
                {"ID": "Any", "Action": "The team corrects it.", "Time Frame": time_frame, "facts": facts}
            ],
        }
    )
    return levels(criteria.vulnerabilities.handling(ixit.vuln_types[0], ixit))


def test_a_time_frame_with_a_limit_is_one():
    assert handled("Within 30 days.") == []
    assert handled("Within the term of the policy.", days=30) == []


@pytest.mark.parametrize(
    "said", ["", "tbd", "as soon as possible", "ASAP", "it depends", "best effort", "no time frame"]
)
def test_a_time_frame_without_a_limit_is_a_violation(said):
    assert handled(said) == ["violation"]


def test_a_time_that_a_program_does_not_recognise_refutes_nothing():
    assert handled("Within the term of the policy.") == ["note"]


@pytest.mark.parametrize(("days", "is_longer"), [(89, False), (90, False), (91, True)])
def test_no_kind_takes_longer_than_the_policy_promises(days, is_longer):
    assert handled("Within 90 days.", days=days, promised=90) == (["violation"] if is_longer else [])


@pytest.mark.parametrize(("days", "is_longer"), [(30, False), (31, True)])
def test_no_roll_out_takes_longer_than_every_kind_promises(days, is_longer):
    ixit = ixit_of(
        {
            "3-VulnTypes": [{"ID": "Any", "Time Frame": "30 days", "facts": {"max_days": 30}}],
            "8-UpdProc": [
                {
                    "ID": "Proc",
                    "Description": "It is built, tested and sent.",
                    "Time Frame": "31 days",
                    "facts": {"max_days": days},
                }
            ],
        }
    )

    assert levels(criteria.support.prompt(ixit.upd_proc[0], ixit)) == (["violation"] if is_longer else [])


@pytest.mark.parametrize(
    ("said", "way", "expected"),
    [
        ("In the settings.", None, []),
        ("In the settings.", "impossible", ["violation"]),
        ("", None, ["violation"]),
        ("Not possible", None, ["violation"]),
        ("Consent cannot be withdrawn.", None, ["violation"]),
        ("In the settings.", "support", ["note"]),
        ("In the settings.", "account-deletion", ["note"]),
    ],
)
def test_consent_can_be_withdrawn_or_not(said, way, expected):
    facts = {} if way is None else {"withdrawal": way}
    entry = entry_of("21-PersData", {"Withdrawing Consent": said, "facts": facts})

    assert levels(criteria.personal_data.withdrawal(entry)) == expected


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"facts": {"password": {"origin": "pre-installed", "generation": {"method": "constant"}}}},
            "one value for all devices",
        ),
        ({"Security Guarantees": ""}, r"Security Guarantees \(.*\): is empty"),
        ({"Description": ""}, r"Description \(.*\): is empty"),
    ],
)
def test_a_setting_is_protected_no_better_than_its_mechanism(change, words):
    sound = {
        "ID": "web",
        "Description": "The owner logs in and has all rights.",
        "Security Guarantees": "Authenticity.",
        "Authentication Factor": "A password of the owner.",
    }
    service = {
        "ID": "api",
        "Description": "Sets the name.",
        "Allows Configuration": "yes",
        "Authentication Mechanism": ["web"],
    }

    def violations(mechanism):
        ixit = ixit_of({"1-AuthMech": [mechanism], "13-SoftServ": [service]})
        return criteria.services.configuration_is_protected(ixit.soft_serv[0], ixit).violations

    assert not violations(sound)
    assert re.search(words, str(violations(sound | change)))
