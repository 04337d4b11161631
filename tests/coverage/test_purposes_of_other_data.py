"""What a notice tells of other data, a purpose or a recipient, it does not tell of the data that are looked for."""

from __future__ import annotations

from typing import Any

import pytest
from published_texts import concluded, findings_of, ixit_of, read_texts

MAIL: dict[str, Any] = {
    "ID": "Mail",
    "Description": "E-mail address of the owner.",
    "Purpose": "To log in.",
    "facts": {"mentions": ["e-mail address"], "purposes": ["log in"], "recipients": []},
}


def decided(told: str, *recipients: str) -> str:
    text = f"# Privacy notice of the Orchard Cam\n\n## Data\n\n{told}\n"
    mail = {**MAIL, "facts": {**MAIL["facts"], "recipients": list(recipients)}}
    return concluded(
        findings_of("6-1-2/b", "Mail", ixit_of({"21-PersData": [mail]}), read_texts([text]))
    ).decision


@pytest.mark.parametrize(
    "told",
    [
        "We use your e-mail address so that you can log in. We use your phone number to call you.",
        "We process your e-mail address. It is needed to log in.",
        "We process your e-mail address and your phone number. You need both to log in.",
    ],
)
def test_a_purpose_of_the_data_covers_them(told: str) -> None:
    assert decided(told) == "PASS"


@pytest.mark.parametrize(
    "told",
    [
        "We use your e-mail address to contact you. We use your phone number so that you can log in.",
        "We use your e-mail address to contact you. You log in with your phone number.",
        "Your e-mail address is stored. Your serial number lets you log in.",
    ],
)
def test_a_purpose_of_other_data_is_for_a_person(told: str) -> None:
    assert decided(told) == "person"


@pytest.mark.parametrize("told", ["We give it to Hostwerk AG.", "All data are stored at Hostwerk AG."])
def test_a_recipient_of_the_data_or_of_all_data_covers_them(told: str) -> None:
    assert decided(f"We use your e-mail address so that you can log in. {told}", "Hostwerk AG") == "PASS"


@pytest.mark.parametrize(
    "told",
    [
        "We give your phone number to Hostwerk AG.",
        "We do not give it to Hostwerk AG.",
        "\n\n## Videos\n\nVideos are stored at Hostwerk AG.",
    ],
)
def test_a_recipient_of_other_data_is_for_a_person(told: str) -> None:
    assert decided(f"We use your e-mail address so that you can log in. {told}", "Hostwerk AG") == "person"
