"""Promises that one more phrase limits, in phrases that no list of limits foresees: a person reads them."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment.published.ordinary import uncommon
from pytest_etsi.assessment.published.policy import read_policy
from pytest_etsi.assessment.published.support import read_period
from tests.published.frames import framed

TITLES = {
    "en": "# Vulnerability disclosure policy\n\nReport vulnerabilities in our products to psirt@m.example.\n\n",
    "de": "# Schwachstellen melden\n\nMelden Sie Schwachstellen unserer Geräte an psirt@m.example.\n\n",
    "fr": "# Signaler une vulnérabilité\n\nSignalez les vulnérabilités de nos produits à psirt@m.example.\n\n",
    "es": "# Informar de vulnerabilidades\n\nInforme de las vulnerabilidades de nuestros productos a psirt@m.example.\n\n",
    "it": "# Segnalare vulnerabilità\n\nSegnalate le vulnerabilità dei nostri prodotti a psirt@m.example.\n\n",
    "nl": "# Kwetsbaarheden melden\n\nMeld kwetsbaarheden in onze producten aan psirt@m.example.\n\n",
    "pl": "# Zgłaszanie podatności\n\nPodatności w naszych produktach prosimy zgłaszać na adres psirt@m.example.\n\n",
    "fi": "# Haavoittuvuudet\n\nIlmoita tuotteidemme haavoittuvuuksista osoitteeseen psirt@m.example.\n\n",
    "sv": "# Rapportera sårbarheter\n\nRapportera sårbarheter i våra produkter till psirt@m.example.\n\n",
}
LIMITED = [
    (
        "en",
        "We confirm receipt within three days during office hours in May. We inform you about the progress every week starting from 2028.",
    ),
    (
        "en",
        "We acknowledge your report within 3 days. Our supplier sends you status updates every week until the vulnerability is fixed.",
    ),
    (
        "en",
        "We acknowledge your report within 3 days. In an ideal world we would send you status updates every week.",
    ),
    ("en", "We acknowledge your report within 3 days. Status updates are sent to our management every week."),
    (
        "en",
        "We acknowledge your report within 3 days. We send status updates every week to the national CERT.",
    ),
    (
        "en",
        "Our policy from 2019 said: we acknowledge your report within 3 days and send you status updates every week.",
    ),
    (
        "en",
        "We acknowledge your report within 3 days and send you status updates every week. This commitment ended on 1 May 2025.",
    ),
    (
        "en",
        "We acknowledge reports sent with our tool within 3 days and send you status updates every week until the issue is fixed.",
    ),
    (
        "en",
        "We plan to acknowledge reports within 3 days and to send status updates every week from next year on.",
    ),
    (
        "en",
        "It would be great if we could acknowledge your report within 3 days and send you status updates weekly.",
    ),
    ("en", "We acknowledge your report within 3 days. You get a status update on your order every week."),
    ("en", "We acknowledge receipt of your payment within 3 days. We send you status updates every week."),
    (
        "en",
        "We acknowledge your report within 3 days. We send you status updates every week about our new products.",
    ),
    ("en", 'Example: "We acknowledge your report within 3 days and send you status updates every week."'),
    ("en", "## Draft\n\nWe acknowledge your report within 3 days and send you status updates every week."),
    (
        "en",
        "## For suppliers\n\nWe acknowledge your report within 3 days and send you status updates every week.",
    ),
    (
        "en",
        "## Service level for hosting customers\n\nWe acknowledge your report within 3 days and send you status updates every week.",
    ),
    ("en", "Competitors acknowledge reports within 3 days. We keep you informed of the progress every week."),
    (
        "de",
        "Wir bestätigen den Eingang Ihrer Bestellung innerhalb von drei Tagen. Wir informieren Sie wöchentlich über den Stand.",
    ),
    (
        "de",
        "Wir bestätigen den Eingang innerhalb von drei Tagen. Unser Vertriebspartner informiert Sie wöchentlich über den Stand.",
    ),
    (
        "de",
        "Ab 2028 bestätigen wir den Eingang innerhalb von drei Tagen und informieren Sie wöchentlich über den Stand.",
    ),
    (
        "de",
        "Wir würden gern den Eingang innerhalb von drei Tagen bestätigen und Sie wöchentlich über den Stand informieren.",
    ),
    (
        "de",
        "Wir bestätigen den Eingang innerhalb von drei Tagen. Wir informieren die Geschäftsleitung wöchentlich über den Stand.",
    ),
    (
        "fr",
        "Nous accusons réception sous trois jours. Notre partenaire vous informe chaque semaine de l'avancement.",
    ),
    (
        "fr",
        "À partir de 2028, nous accuserons réception sous trois jours et vous informerons chaque semaine de l'avancement.",
    ),
    (
        "fr",
        "Nous accusons réception sous trois jours. Nous informons la direction chaque semaine de l'avancement.",
    ),
    ("es", "Acusamos recibo en tres días. Informamos cada semana a la dirección sobre el estado."),
    ("es", "Nos gustaría acusar recibo en tres días e informarle cada semana sobre el estado."),
    ("it", "Confermiamo la ricezione entro tre giorni. Informiamo la direzione ogni settimana sullo stato."),
    (
        "nl",
        "Wij bevestigen de ontvangst binnen drie dagen. Wij informeren de directie elke week over de voortgang.",
    ),
    (
        "nl",
        "Vanaf 2028 bevestigen wij de ontvangst binnen drie dagen en houden wij u wekelijks op de hoogte van de voortgang.",
    ),
    (
        "pl",
        "Potwierdzamy otrzymanie zgłoszenia w ciągu trzech dni. Co tydzień informujemy zarząd o stanie prac.",
    ),
    (
        "fi",
        "Vahvistamme vastaanoton kolmen päivän kuluessa. Kerromme johdolle viikoittain käsittelyn etenemisestä.",
    ),
    (
        "sv",
        "Vi bekräftar mottagandet inom tre dagar. Vi informerar ledningen varje vecka om hur arbetet går.",
    ),
    (
        "en",
        "We acknowledge your report within 3 days. Every week we inform you of the status on our public page of known problems.",
    ),
    (
        "en",
        "We acknowledge your report within 3 days, and we send you status updates every week, but these times are targets for internal reports.",
    ),
    (
        "en",
        "We acknowledge your report within 3 days and send you status updates every week. The above applies to members of our researcher programme.",
    ),
    (
        "en",
        "Registered researchers: we acknowledge your report within 3 days and send you status updates every week.",
    ),
    (
        "en",
        "## Reports by authorities\n\nWe acknowledge your report within 3 days and send you status updates every week until resolution.",
    ),
]
PERIODS = [
    ("en", "The Lumo 3 receives security updates until 31 December 2031 in the Pro tier."),
    ("en", "The Lumo 3 will receive security updates until 31 December 2031 once it is registered."),
    ("en", "Lumo 3 owners asked for security updates until 31 December 2031."),
    ("en", "It was rumoured that the Lumo 3 gets security updates until 31 December 2031."),
    ("en", "The Lumo 3 gets security updates by post until 31 December 2031 upon request."),
    ("en", "## Lumo 3\n\nThe operating system vendor gives security updates until 31 December 2031."),
    ("en", "The Lumo 3 hub software gets security updates until 31 December 2031, its sensors end in 2028."),
    ("en", "The Lumo 3 gets security updates until 31 December 2031 when the battery has been replaced."),
    ("en", "The Lumo 3 (model year 2027) gets security updates until 31 December 2031."),
    ("en", "Customers with the care package get security updates for the Lumo 3 until 31 December 2031."),
    ("en", "The Lumo 3 gets updates of its map data until 31 December 2031."),
    ("en", "Updates of this page on the Lumo 3 until 31 December 2031."),
    ("en", "The Lumo 3 gets language updates until 31 December 2031."),
    ("en", "The Lumo 3 is supported by our spare parts service until 31 December 2031."),
    ("en", "The cloud service of the Lumo 3 is supported until 31 December 2031."),
    ("de", "Der Lumo 3 erhält Kartenupdates bis zum 31. Dezember 2031."),
    ("de", "Der Lumo 3 erhält nach Registrierung Sicherheitsupdates bis zum 31. Dezember 2031."),
    ("de", "Die Cloud des Lumo 3 wird bis zum 31. Dezember 2031 unterstützt."),
    ("fr", "Le service en ligne de la Lumo 3 est pris en charge jusqu'au 31 décembre 2031."),
    ("es", "La Lumo 3 recibirá actualizaciones de mapas hasta el 31 de diciembre de 2031."),
    ("it", "Il servizio cloud della Lumo 3 ha supporto fino al 31 dicembre 2031."),
    ("nl", "De Lumo 3 krijgt kaartupdates tot 31 december 2031."),
    ("pl", "Lumo 3 otrzymuje aktualizacje map do 31 grudnia 2031."),
    ("fi", "Lumo 3 saa karttapäivityksiä 31.12.2031 asti."),
    ("sv", "Lumo 3 får kartuppdateringar till och med 31 december 2031."),
]


@pytest.mark.parametrize(("language", "text"), LIMITED)
def test_a_promise_with_a_word_more_is_for_a_person(language: str, text: str) -> None:
    read = read_policy(framed(TITLES[language] + text, "bare", language=language))

    assert [read.contact.state, read.acknowledgement.state, read.updates.state] != ["stated"] * 3


@pytest.mark.parametrize(("language", "text"), PERIODS)
def test_a_period_with_a_word_more_is_for_a_person(language: str, text: str) -> None:
    assert read_period(framed(f"# Lumo 3\n\n{text}", "bare", language=language), "Lumo 3").state != "stated"


@pytest.mark.parametrize(
    ("language", "promise"),
    [
        (
            "en",
            "We acknowledge your report within 3 days and send you status updates every week until it is fixed.",
        ),
        (
            "de",
            "Wir bestätigen den Eingang innerhalb von drei Tagen und informieren Sie wöchentlich über den Stand.",
        ),
        ("fr", "Nous accusons réception sous trois jours et vous informons chaque semaine de l'avancement."),
        ("es", "Acusamos recibo en tres días y le informamos cada semana sobre el estado."),
        ("it", "Confermiamo la ricezione entro tre giorni e vi informiamo ogni settimana sullo stato."),
        (
            "nl",
            "Wij bevestigen de ontvangst binnen drie dagen en houden u wekelijks op de hoogte van de voortgang.",
        ),
        (
            "pl",
            "Potwierdzamy otrzymanie zgłoszenia w ciągu trzech dni i co tydzień informujemy o stanie prac.",
        ),
        (
            "fi",
            "Vahvistamme vastaanoton kolmen päivän kuluessa ja kerromme viikoittain käsittelyn etenemisestä.",
        ),
        ("sv", "Vi bekräftar mottagandet inom tre dagar och informerar dig varje vecka om hur arbetet går."),
    ],
)
def test_the_same_promise_without_it_is_plain(language: str, promise: str) -> None:
    assert uncommon(promise, "policy", (language,)) == ()


def test_names_of_the_product_are_ordinary_and_others_are_not() -> None:
    text = "The Lumo 3 receives security updates until 2031, said Mr Lumen."

    assert uncommon(text, "support", ("en",), "Lumo 3") == ("said", "mr", "lumen")
