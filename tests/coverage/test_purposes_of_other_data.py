"""A purpose that a notice tells of other data is none of the data that are looked for, be it in the same paragraph."""

from __future__ import annotations

import pytest
from published_texts import concluded, findings_of, ixit_of, read_texts

MAIL = {
    "ID": "Mail",
    "Description": "E-mail address of the owner.",
    "Purpose": "To log in.",
    "facts": {"mentions": ["e-mail address"], "purposes": ["log in"], "recipients": []},
}


def decided(told: str) -> str:
    text = f"# Privacy notice of the Orchard Cam\n\n## Data\n\n{told}\n"
    return concluded(
        findings_of("6-1-2/b", "Mail", ixit_of({"21-PersData": [MAIL]}), read_texts([text]))
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
