"""Texts that were written against the rules: what they must never be decided as."""

from __future__ import annotations

import pytest
from published_pages import published
from published_texts import ixit_of

from pytest_etsi import criteria
from pytest_etsi.assessment.coverage import text_of

_DATA = [
    {
        "ID": "PersData-Mail",
        "Description": "E-mail address.",
        "Processing Activities": "To open the account.",
    },
    {
        "ID": "PersData-Location",
        "Description": "Location of the phone.",
        "Processing Activities": "To show the user the way home.",
    },
]
_WHO = "# Notice\n\nMaker Ltd is the controller of the data that are described here, and this is what we do with them for you.\n\n"


def _read(body: str):
    return text_of(
        [published(_WHO + body, url="https://maker.example/notice.md", media_type="text/markdown")]
    )


@pytest.mark.parametrize(
    "body",
    [
        "Open an account in the app. Write to us by e-mail if you need help with your account.",
        "Your account is yours alone. Questions on it: e-mail privacy@maker.example.",
        "Do we need your e-mail address for the account? No.",
        "E-mail address: not needed for your account.",
        "Unlike others we have no use for your e-mail address, which they need for an account.",
        "| Data | Collected | Purpose |\n|---|---|---|\n| E-mail address | no | to open an account |",
        "Without your e-mail address you can use every function, and need no account.",
        "The e-mail address of whoever has set the device up, for the account, is not kept.",
        "For your account we do not collect, whatever you may have read elsewhere of us, your e-mail address.",
        "For your account we do not collect:\n\n- your e-mail address",
        "Your e-mail address is kept. It is not used by us, our shops or anybody else for your account.",
        "# What we do not collect for your account\n\nYour e-mail address.",
    ],
)
def test_a_mail_address_that_is_not_processed_by_the_text_never_passes(body: str) -> None:
    ixit = ixit_of({"21-PersData": _DATA})
    found = criteria.privacy_notice.processing(ixit.pers_data[0], ixit, _read(body))

    assert found.besides_notes, found.examined


def _processing(body: str, *, description: str = "E-mail address.", **facts: object):
    entry = {
        "ID": "PersData-Mail",
        "Description": description,
        "Processing Activities": "As agreed.",
        "facts": facts,
    }
    ixit = ixit_of({"21-PersData": [entry]})
    return criteria.privacy_notice.processing(ixit.pers_data[0], ixit, _read(body))


def test_a_purpose_of_the_ixit_is_told_only_where_it_is_stated() -> None:
    told = "We use your e-mail address for the lottery."
    denied = "We use your e-mail address. It is, as we have promised, not for the lottery."

    assert not _processing(told, purposes=["lottery"]).besides_notes
    assert _processing(denied, purposes=["lottery"]).unknowns


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("We send your e-mail address to the Postal Museum.", set()),
        ("It goes to us, and at no time to the Postal Museum.", {"unknown"}),
        ("We keep it.", {"violation"}),
    ],
)
def test_a_recipient_of_the_ixit_is_named_only_where_it_is_stated(said: str, kinds: set[str]) -> None:
    body = f"We use your e-mail address for the lottery. {said}"
    found = _processing(body, purposes=["lottery"], recipients=["Postal Museum"])

    assert {one.kind for one in found.besides_notes} == kinds


def test_advertisers_beside_a_denial_are_still_asked_about() -> None:
    said = (
        "We keep your e-mail address for the lottery. Advertisers get it, and nobody else in the world does."
    )

    assert "advertisers" in str(_processing(said, purposes=["lottery"]).unknowns)


def test_data_that_the_ixit_denies_to_others_have_to_be_named_all_the_same() -> None:
    described = "E-mail address. Telephone number, not shown to others."
    body = "We use your e-mail address for the lottery."

    assert _processing(body, description=described, purposes=["lottery"]).unknowns
    assert not _processing(
        f"{body} We use your telephone number for the lottery.", description=described, purposes=["lottery"]
    ).besides_notes


def test_a_purpose_beside_a_denial_is_no_missing_one() -> None:
    body = "We keep your e-mail address to open your account, which costs nothing whatever you may think."
    found = _processing(body, purposes=["lottery"])

    assert not found.violations
    assert found.unknowns


@pytest.mark.parametrize(
    ("described", "kinds"),
    [
        ("Keypad on the lamp.", set()),
        ("The former keypad of the lamp is, since last year, not there.", {"unknown"}),
        ("There is no keypad.", {"violation"}),
    ],
)
def test_an_interface_that_an_entry_may_deny_is_for_a_person(described: str, kinds: set[str]) -> None:
    ixit = ixit_of({"27-UserIntf": [{"ID": "UserIntf-Lamp", "Description": described}]})
    found = criteria.user_manual.interfaces(ixit, _read("Enter your code on the keypad."))

    assert {one.kind for one in found if "keypad" in one.message} == kinds


@pytest.mark.parametrize(
    "body",
    [
        "We recommend replacing WEP by WPA2 in the wireless network.",
        "Choose WPA2 instead of WPA for the wireless network.",
        "If your router knows nothing better, choose WPA for the wireless network.",
        "You should not choose WEP for the wireless network.",
        "Use WPA/WPA2 for the wireless network.",
        "Do not use WPA; we recommend WPA3 for the wireless network.",
    ],
)
def test_advice_that_is_not_for_an_outdated_choice_never_fails(body: str) -> None:
    decision = {
        "ID": "UserDec-Wifi",
        "Description": "Security of the wireless network.",
        "Options": "WPA2, WPA",
        "Triggered By": "Set-up",
        "facts": {"security_relevant": True, "topic": "network", "mentions": ["wireless network"]},
    }
    ixit = ixit_of({"26-UserDec": [decision]})

    assert not criteria.decision_guidance.advice(ixit.user_dec[0], ixit, _read(body)).violations


@pytest.mark.parametrize(
    "body",
    [
        "Ask Alexa to switch the lamp on with a voice command.",
        "Use the keypad of your phone to enter the code.",
        "Press the button on your router.",
        "The lamp has no keypad. Use the switch on the wall.",
        "Some lamps of other makers have a remote control.",
    ],
)
def test_interfaces_of_something_else_never_fail(body: str) -> None:
    ixit = ixit_of({"27-UserIntf": [{"ID": "UserIntf-Switch", "Description": "Switch on the lamp."}]})

    assert not criteria.user_manual.interfaces(ixit, _read(body)).violations


@pytest.mark.parametrize(
    "body",
    [
        "We delete your cloud account one year after you have last used it.",
        "Ask our shop about your cloud account, and they remove what is wrong in it.",
        "The menu item cloud account is no longer there; tap nothing else to delete it.",
    ],
)
def test_a_deletion_that_users_cannot_start_never_passes(body: str) -> None:
    function = {
        "ID": "DelFunc-Account",
        "Description": "Deletes the account.",
        "Target Type": "personal data on associated services",
        "Initiation and Interaction": "In the app.",
        "Confirmation": "A mail.",
        "facts": {"target": ["service"], "mentions": ["cloud account"]},
    }
    ixit = ixit_of({"25-DelFunc": [function]})

    assert criteria.user_guidance.deletion(ixit.del_func[0], ixit, _read(body)).besides_notes


def test_crashes_that_are_only_to_be_mended_are_no_telemetry() -> None:
    ixit = ixit_of(
        {
            "24-TelData": [
                {"ID": "TelData-Crash", "Description": "Crash reports.", "Purpose": "To mend faults."}
            ]
        }
    )
    found = criteria.privacy_notice.telemetry(
        ixit, _read("After a crash pull the plug, wait for a minute and plug it in again.")
    )

    assert found.besides_notes


def test_where_no_telemetry_is_listed_nothing_was_looked_for() -> None:
    found = criteria.privacy_notice.telemetry(ixit_of({"24-TelData": []}), _read("We collect crash reports."))

    assert [one.message for one in found.unknowns] == [
        "24-TelData has no entries, so that nothing was looked for in the information on telemetry"
    ]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("Connect the lamp to your Wi-Fi.", [("Wi-Fi", "an entry names it")]),
        ("Press the key to pair it by Bluetooth.", [("Bluetooth", "no entry of 15-Intf names it")]),
        ("Insert a SIM card for LTE.", [("a mobile network", "no entry of 15-Intf names it")]),
        ("This lamp is able to be switched on from any room, on a thread of light.", []),
        ("Read the able-bodied instructions in the nfctal.", []),
    ],
)
def test_networks_of_the_manual_are_put_before_the_person_and_refute_nothing(
    body: str, told: list[tuple[str, str]]
) -> None:
    ixit = ixit_of(
        {"15-Intf": [{"ID": "Intf-Radio", "Description": "Radio for Wi-Fi in the band of 2.4 GHz."}]}
    )
    found = criteria.user_manual.networks(ixit, _read(body))

    assert {one.kind for one in found} <= {"note"}
    assert [one.message.split(": ")[0] for one in found] == [
        f"the manual speaks of {name}, and {what}" for name, what in told
    ]
