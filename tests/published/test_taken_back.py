"""A text that says of itself, anywhere, that it is not in force or binds nobody goes to a person."""

from __future__ import annotations

from datetime import date

import pytest

from pytest_etsi import clock, criteria
from pytest_etsi.assessment.published.said import taken_back
from tests.criteria.documents import ixit_of
from tests.published.frames import framed

TAKEN_BACK = (
    ("en", "This policy is still in draft."),
    ("en", "DRAFT - not for publication"),
    ("en", "Archived content: kept for historical purposes."),
    ("en", "This is a sample policy provided by the association."),
    ("en", "A newer version of this page is available."),
    ("en", "This policy has been replaced by version 3."),
    ("en", "Nothing on this page constitutes a binding commitment."),
    ("en", "In case of discrepancies the German text prevails."),
    ("de", "Dieses Dokument befindet sich im Entwurfsstadium."),
    ("de", "Archivierte Seite, Stand 2022."),
    ("de", "Diese Seite wurde durch eine neue Fassung ersetzt."),
    ("de", "Mustertext der Verbandsarbeitsgruppe"),
    ("de", "Änderungen und Irrtümer vorbehalten, alle Angaben ohne Gewähr."),
    ("de", "Verbindlich ist allein die englische Fassung."),
    ("fr", "Ceci est un projet de politique."),
    ("fr", "Document provisoire"),
    ("fr", "Cette version a été remplacée le 3 mars."),
    ("fr", "Ces informations n'ont pas de valeur contractuelle."),
    ("fr", "Seule la version anglaise fait foi."),
    ("es", "Esto es un borrador."),
    ("es", "Esta página ha sido archivada."),
    ("es", "Documento de ejemplo"),
    ("es", "Este documento ha sido sustituido por la versión 4."),
    ("es", "La información tiene carácter orientativo."),
    ("it", "Documento in bozza, non ancora approvato."),
    ("it", "Questa pagina è archiviata."),
    ("it", "Facsimile"),
    ("it", "Testo di esempio"),
    ("it", "Le informazioni non costituiscono impegno."),
    ("nl", "Dit is een concept."),
    ("nl", "Deze pagina is gearchiveerd."),
    ("nl", "Dit beleid is vervangen door versie 3."),
    ("nl", "Aan deze tekst kunnen geen rechten worden ontleend."),
    ("pl", "To jest wersja robocza dokumentu."),
    ("pl", "Ta strona ma charakter archiwalny."),
    ("pl", "Dokument został zastąpiony nową wersją."),
    ("pl", "Treść strony nie stanowi zobowiązania."),
    ("fi", "Tämä on luonnos."),
    ("fi", "Tämä sivu on arkistoitu."),
    ("fi", "Tämä versio on korvattu uudella."),
    ("fi", "Tiedot eivät ole sitovia."),
    ("sv", "Detta är ett utkast."),
    ("sv", "Den här sidan är arkiverad."),
    ("sv", "Denna policy har ersatts av en ny version."),
    ("sv", "Uppgifterna är inte bindande."),
)

MEANT = (
    ("en", "Please attach sample code and a draft advisory."),
    ("en", "We send you a draft of the advisory before it is published."),
    ("en", "Use the template below for your report."),
    ("en", "The previous firmware is archived."),
    ("en", "Your report is for internal use only by our team."),
    ("en", "This policy replaces version 2."),
    ("de", "Wir schicken Ihnen einen Entwurf der Sicherheitsmeldung."),
    ("de", "Dieses Dokument ersetzt alle früheren Fassungen."),
    ("de", "Nutzen Sie gern unsere Vorlage."),
    ("de", "Diese Zusage ist verbindlich."),
    ("fr", "Cette politique remplace la version 2."),
    ("fr", "Joignez un exemple de code."),
    ("fr", "Ce modèle est pris en charge jusqu'en 2031."),
    ("es", "Esta política sustituye a la versión 2."),
    ("es", "El modelo de informe está disponible aquí."),
    ("it", "Questa politica sostituisce la versione 2."),
    ("it", "Alleghi un esempio di codice."),
    ("nl", "Dit beleid vervangt versie 2."),
    ("nl", "Voeg een voorbeeld toe."),
    ("pl", "Ta polityka zastępuje wersję 2."),
    ("pl", "Prosimy dołączyć przykład kodu."),
    ("fi", "Tämä käytäntö korvaa version 2."),
    ("fi", "Liitä mukaan esimerkki."),
    ("sv", "Denna policy ersätter version 2."),
    ("sv", "Bifoga ett exempel."),
)


@pytest.mark.parametrize(("language", "sentence"), TAKEN_BACK)
def test_a_text_that_takes_itself_back_is_known(language: str, sentence: str) -> None:
    assert taken_back(framed(sentence, "bare", language=language)) is not None


@pytest.mark.parametrize(("language", "sentence"), MEANT)
def test_a_text_that_speaks_of_other_drafts_and_versions_is_meant(language: str, sentence: str) -> None:
    assert taken_back(framed(sentence, "bare", language=language)) is None


@pytest.mark.parametrize(("behind", "kinds"), [("", []), ("This page is archived.", ["unknown"])])
def test_reason_and_plan_of_a_text_that_takes_itself_back_are_judged(
    monkeypatch: pytest.MonkeyPatch, behind: str, kinds: list[str]
) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 30))
    text = (
        "# Owl button\n\nThe Owl button gets no software updates, because it has no memory for a second firmware."
        f"\n\n{behind}"
    )
    info = ixit_of({"2-UserInfo": {}}).user_info

    found = criteria.support_period.reason(info, [framed(text, "bare")], "Owl button")

    assert [one.kind for one in found] == kinds
