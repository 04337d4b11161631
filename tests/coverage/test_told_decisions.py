"""A decision counts as told where a sentence asks to make it on this device, and nothing beside says that it is made already."""

from __future__ import annotations

import pytest
from published_texts import concluded, findings_of, ixit_of, read_texts

TOLD = """# Orchard Plug: getting started

Plug the device into a socket and wait until the light blinks blue.

## Remote access

In the settings you can switch on remote access to control the plug from outside your home. We recommend leaving it off.
"""
TITLES = {
    "de": "# Orchard Plug: Anleitung",
    "fr": "# Orchard Plug : mode d'emploi",
    "es": "# Orchard Plug: instrucciones",
}
CHOSEN = {
    "de": "## Fernzugriff\n\nIn den Einstellungen können Sie den Fernzugriff einschalten. Wir empfehlen, den Fernzugriff auszuschalten.",
    "fr": "## Accès à distance\n\nDans les réglages, vous pouvez activer l'accès à distance. Nous recommandons de le désactiver.",
    "es": "## Acceso remoto\n\nEn los ajustes puede activar el acceso remoto. Recomendamos desactivar el acceso remoto.",
}
WORDS = {"de": "Fernzugriff", "fr": "accès à distance", "es": "acceso remoto"}


def decided(text: str, *mentions: str) -> str:
    """What is decided on remote access, which the IXIT calls by these words."""
    entry = {
        "ID": "Remote",
        "Description": "Remote access from the internet.",
        "Options": "off (default), on",
        "Triggered By": "Settings",
        "facts": {"security_relevant": True, "topic": "remote-access", "mentions": list(mentions)},
    }
    found = findings_of("5.12-2-1/b", "Remote", ixit_of({"26-UserDec": [entry]}), read_texts([text]))
    return concluded(found).decision


def test_a_sentence_that_asks_to_choose_covers_it() -> None:
    assert decided(TOLD, "remote access") == "PASS"


@pytest.mark.parametrize(
    "instead",
    [
        "In the settings of your router you can switch on remote access.",
        "In the settings of the hub you can switch on remote access.",
        "The plug has remote access. We recommend a long password.",
        "Our service can switch on remote access. We recommend leaving it off.",
    ],
)
def test_what_is_chosen_elsewhere_by_others_or_not_is_for_a_person(instead: str) -> None:
    before, heading, _ = TOLD.partition("## Remote access\n\n")

    assert decided(f"{before}{heading}{instead}\n", "remote access") == "person"


def test_a_chapter_on_another_device_tells_of_that() -> None:
    assert decided(TOLD.replace("## Remote access", "## Your router"), "remote access") == "person"


@pytest.mark.parametrize(
    "after",
    [
        "All settings are closed.",
        "You cannot open the settings.",
        "The settings cannot be changed.",
        "It is on.",
        "It is always on.",
        "It is on at all times.",
        "We decide on it.",
        "We switch it on for you.",
        "Ask our service for remote access.",
        "You can switch on remote access on the hub.",
        "The screen shows that it is closed.",
    ],
)
def test_what_leaves_nothing_to_decide_is_for_a_person(after: str) -> None:
    assert decided(f"{TOLD}\n{after}\n", "remote access") == "person"


@pytest.mark.parametrize(
    ("language", "after"),
    [
        ("de", ""),
        ("fr", ""),
        ("es", ""),
        ("de", "Die Einstellungen sind gesperrt."),
        ("de", "Er ist immer eingeschaltet."),
        ("fr", "Les réglages sont verrouillés."),
        ("fr", "Il est toujours activé."),
        ("es", "Los ajustes están bloqueados."),
        ("es", "Siempre activado."),
    ],
)
def test_the_same_in_other_languages(language: str, after: str) -> None:
    told = f"{TITLES[language]}\n\n{CHOSEN[language]}\n\n{after}\n"

    assert decided(told, WORDS[language]) == ("person" if after else "PASS")
