"""Decisions and deletions by their usual names: what is not found by them is not missing, and first steps deny nothing."""

from __future__ import annotations

import pytest
from published_texts import concluded, findings_of, ixit_of, read_text

from pytest_etsi.assessment.coverage.denial import denies

REMOTE = {
    "ID": "Remote",
    "Description": "Remote access from the internet.",
    "Options": "off (default), on",
    "Triggered By": "Settings",
    "facts": {"security_relevant": True, "topic": "remote-access"},
}
WIFI = {
    "ID": "Wifi",
    "Description": "Protection of the wireless network.",
    "Options": "WPA3, WPA2",
    "Triggered By": "Set-up",
    "facts": {"security_relevant": True, "topic": "network"},
}


@pytest.mark.parametrize("told", ["You can reach the plug from outside your home.", "Press the button."])
def test_remote_access_by_another_name_is_not_missing(told: str) -> None:
    text = read_text(
        f"# Plug: getting started\n\n## Wi-Fi\n\nChoose WPA3 for the wireless network. {told}\n" * 3
    )
    ixit = ixit_of({"26-UserDec": [WIFI, REMOTE]})
    found = concluded(findings_of("5.12-2-1/b", "Remote", ixit, text))

    assert found.decision == "person"
    assert "by its usual names" in found.findings


def test_the_message_says_that_the_words_can_be_given() -> None:
    text = read_text(
        "# Plug: getting started\n\nPress the button on the plug and wait until the light is green. " * 3
    )
    findings = findings_of("5.12-2-1/b", "Remote", ixit_of({"26-UserDec": [WIFI, REMOTE]}), text)

    assert ["facts.mentions" in one.settle for one in findings.unknowns] == [True]


@pytest.mark.parametrize("title", ["premiers pas en toute securite", "pas a pas"])
def test_first_steps_in_french_deny_nothing(title: str) -> None:
    assert not denies(title, "fr")
    assert denies("il n'y a pas de camera", "fr")
