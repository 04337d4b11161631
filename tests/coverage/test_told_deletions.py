"""A deletion function counts as told where a sentence says that data are erased: its name, or to reset something, is not enough."""

from __future__ import annotations

import pytest
from published_texts import concluded, findings_of, ixit_of, read_texts

TITLE = "# Orchard Cam: user guide\n\nPlug the camera into a socket and wait until the light is blue.\n\n"
GERMAN = "# Orchard Cam: Anleitung\n\nStecken Sie die Kamera in eine Steckdose und warten Sie, bis das Licht blau ist.\n\n"


def decided(text: str, *mentions: str) -> str:
    """What is decided on the function that erases all data, which the IXIT calls by these words."""
    entry = {
        "ID": "Reset",
        "Description": "Erases all user data on the device.",
        "Target Type": "device",
        "Initiation": "Hold the button for ten seconds.",
        "facts": {"target": ["device"], "mentions": list(mentions)},
    }
    return concluded(
        findings_of("5.11-3-1/b", "Reset", ixit_of({"25-DelFunc": [entry]}), read_texts([text]))
    ).decision


def test_a_step_and_what_it_erases_cover_it() -> None:
    told = f"{TITLE}## Factory reset\n\nHold the button for ten seconds. All your data are erased.\n"

    assert decided(told, "factory reset") == "PASS"


@pytest.mark.parametrize(
    "told",
    [
        "Hold the button for ten seconds. The camera starts again. Your data are kept.",
        "Hold the button for ten seconds. Your videos stay on the card.",
        "Hold the button for ten seconds. All your data are erased. Videos on the card are kept.",
        "Hold the button for ten seconds.",
        "Press the button for three seconds to reset the Wi-Fi password. Everything else remains.",
        "Reset the router if the camera does not connect.",
        "To reset the hub, hold its button.",
        "To bring the hub to its factory settings, hold the button of the hub for ten seconds.",
        "Press the button to delete the last picture.",
        "Press the button to clear the alarm.",
        "Tap Delete and choose a date. The videos of that day are deleted.",
        "Remove the cover and press the button.",
        "Only our service can delete the data. Press the button to call it.",
    ],
)
def test_what_erases_nothing_or_something_else_is_for_a_person(told: str) -> None:
    assert decided(f"{TITLE}## Factory reset\n\n{told}\n", "factory reset") == "person"


@pytest.mark.parametrize(
    "told",
    [
        "Halten Sie die Taste zehn Sekunden gedrückt. Die Aufnahmen bleiben auf der Karte.",
        "Halten Sie die Taste des Routers zehn Sekunden gedrückt, um ihn auf Werkseinstellungen zu setzen.",
        "Halten Sie die Taste drei Sekunden gedrückt, um die Kamera neu zu starten.",
    ],
)
def test_what_erases_nothing_in_german_is_for_a_person(told: str) -> None:
    assert decided(f"{GERMAN}## Werkseinstellungen\n\n{told}\n", "Werkseinstellungen") == "person"
