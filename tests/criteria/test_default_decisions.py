"""Whether the default of a decision is in line with best practice (5.12-1-1 b)."""

from __future__ import annotations

import pytest

from pytest_etsi import criteria
from tests.criteria.documents import entry_of

OFF = ["off", "disabled", "disable", "no", "never", "manual", "manually"]
WITHOUT_CHOICE = [
    "on", "enabled", "enable", "yes", "allow", "allowed", "accept", "accepted", "all", "share", "shared", "opt-in",
]  # fmt: skip
POOR = {
    "updates": OFF,
    "remote-access": WITHOUT_CHOICE,
    "data-sharing": WITHOUT_CHOICE,
    "network": ["open", "wep", "unencrypted", "no encryption"],
    "password": ["none", "empty", "admin", "password", "1234", "12345678", "no password", "blank"],
}


def levels(written, **facts):
    entry = entry_of(
        "26-UserDec", {"Description": "Something is decided.", "Options": written, "facts": facts}
    )
    return [finding.kind for finding in criteria.decisions.default(entry)]


@pytest.mark.parametrize(
    ("topic", "chosen"), [(topic, word) for topic, words in POOR.items() for word in words]
)
def test_a_poor_default_is_a_violation_wherever_it_is_stated(topic, chosen):
    assert levels(f"{chosen}; something else", topic=topic, default=chosen) == ["violation"]
    assert levels(f"{chosen} (default); something else", topic=topic) == ["violation"]


@pytest.mark.parametrize("chosen", ["off", "on", "open", "admin"])
def test_what_is_poor_in_one_matter_may_be_good_in_another(chosen):
    assert levels(f"{chosen} (default); something else") == []


@pytest.mark.parametrize(
    ("topic", "chosen"),
    [
        ("updates", "on"),
        ("remote-access", "off"),
        ("data-sharing", "off"),
        ("network", "WPA3"),
        ("password", "chosen by the user"),
    ],
)
def test_a_good_default_gives_nothing_to_say(topic, chosen):
    assert levels(f"{chosen}; something else", topic=topic, default=chosen) == []


@pytest.mark.parametrize(
    "chosen", ["WEP", "open Wi-Fi", "no encryption", "telnet on", "UPnP enabled", "no password"]
)
def test_a_default_that_is_weak_whatever_is_decided_is_a_violation(chosen):
    assert levels(f"{chosen} (default); something else") == ["violation"]
    assert levels(f"{chosen}; something else (default)") == []


def test_a_default_that_is_none_of_the_options_is_a_violation():
    assert levels("a; b", default="c", options=["a", "b"]) == ["violation"]
    assert levels("a; b", default="a", options=["a", "b"]) == []


def test_options_without_a_default_are_open():
    assert levels("a; b") == ["unknown"]
    assert levels("a") == []


def test_options_that_are_not_stated_are_a_violation():
    assert "violation" in levels("")
