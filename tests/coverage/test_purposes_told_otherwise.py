"""A purpose in words that no list has is a purpose all the same: only where none is told at all is one missing."""

from __future__ import annotations

import pytest
from published_texts import concluded, findings_of, ixit_of, read_text

IXIT = {
    "24-TelData": [
        {"ID": "Crash", "Description": "Crash reports.", "Purpose": "To find and mend faults."},
        {"ID": "Signal", "Description": "Wi-Fi signal strength.", "Purpose": "To find connection problems."},
    ]
}
TOLD = {
    "en": "# Telemetry\n\nThe device sends crash reports to Example Ltd. We use crash reports to find and mend faults.\n\n"
    "The device sends the strength of the Wi-Fi signal{}.\n",
    "fi": "# Tekniset tiedot, joita laite lähettää\n\nLaite lähettää kaatumisraportteja Orvokki Oy:lle. Käytämme "
    "kaatumisraportteja ohjelmiston vikojen löytämiseen ja korjaamiseen.\n\n"
    "Laite lähettää Wi-Fi-signaalin voimakkuuden{}.\n",
}


@pytest.mark.parametrize(
    ("language", "purpose"),
    [
        ("en", " for locating dead spots"),
        ("en", " to detect dead spots"),
        ("fi", " yhteysongelmien löytämiseksi"),
        ("fi", " katvealueiden parantamiseen"),
    ],
)
def test_a_purpose_that_is_not_known_is_none_that_is_missing(language: str, purpose: str) -> None:
    text = read_text(TOLD[language].format(purpose))

    assert concluded(findings_of("6-5-2/b", "Signal", ixit_of(IXIT), text)).decision == "person"


def test_no_purpose_at_all_is_missing() -> None:
    text = read_text(TOLD["en"].format(""))

    assert concluded(findings_of("6-5-2/b", "Signal", ixit_of(IXIT), text)).decision == "FAIL"
