"""Sentences that limit nothing, beside others of the same build that do: the first keep a page ordinary, the others do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from pytest_etsi.assessment.published.harmless import Context, limits_nothing
from pytest_etsi.assessment.published.whole import out_of_the_ordinary
from tests.published.corpus_files import PLACE
from tests.published.frames import framed

if TYPE_CHECKING:
    from pytest_etsi.probes.webdocs import WebDocument

PAIRS = yaml.safe_load((PLACE / "harmless.yaml").read_text(encoding="utf-8"))
ALL = [
    pytest.param(language, subject, *pair, id=f"{language}-{subject}-{number}")
    for language, subjects in PAIRS.items()
    for subject, pairs in subjects.items()
    for number, pair in enumerate(pairs)
]
AGAINST = yaml.safe_load((PLACE / "takes-back.yaml").read_text(encoding="utf-8"))
MODEL = "Larkspur 3"
OPENINGS = {
    "en": "Report vulnerabilities in our products to psirt@larkspur.example.",
    "de": "Melden Sie Schwachstellen in unseren Produkten an psirt@larkspur.example.",
    "fr": "Signalez les vulnérabilités de nos produits à psirt@larkspur.example.",
    "es": "Informe de las vulnerabilidades de nuestros productos a psirt@larkspur.example.",
    "it": "Segnalate le vulnerabilità dei nostri prodotti a psirt@larkspur.example.",
    "nl": "Meld kwetsbaarheden in onze producten aan psirt@larkspur.example.",
    "pl": "Prosimy zgłaszać podatności w naszych produktach na adres psirt@larkspur.example.",
    "fi": "Ilmoita tuotteidemme haavoittuvuuksista osoitteeseen psirt@larkspur.example.",
    "sv": "Rapportera sårbarheter i våra produkter till psirt@larkspur.example.",
}


def page(language: str, sentence: str) -> WebDocument:
    """A page whose first sentence is an ordinary one, and gives the maker's name by its address."""
    return framed(f"# Larkspur 3\n\n{OPENINGS[language]}\n\n{sentence}\n", "bare", language=language)


@pytest.mark.parametrize(("language", "subject", "harmless", "twin"), ALL)
def test_what_limits_nothing_is_told_from_what_takes_something_back(
    language: str, subject: str, harmless: str, twin: str
) -> None:
    left = [one.text for one in out_of_the_ordinary(page(language, harmless), subject, MODEL)]
    taken = [one.text for one in out_of_the_ordinary(page(language, twin), subject, MODEL)]

    assert not set(left) & {harmless}
    assert any(one in twin for one in taken)


@pytest.mark.parametrize(
    ("subject", "language"), [(subject, language) for subject in AGAINST for language in AGAINST[subject]]
)
def test_what_takes_something_back_in_the_form_of_a_harmless_sentence_goes_to_a_person(
    subject: str, language: str
) -> None:
    for sentence in AGAINST[subject][language]:
        told = [one.text for one in out_of_the_ordinary(page(language, sentence), subject, MODEL)]

        assert any(one in sentence for one in told), sentence


@pytest.mark.parametrize(
    "text",
    [
        "We make cameras*",
        "We make cameras; none of this holds.",
        "We make cameras (none of this holds).",
        f"We make cameras {'and lamps ' * 40}.",
        "",
    ],
)
def test_a_sentence_with_more_than_its_form_is_of_no_kind(text: str) -> None:
    assert limits_nothing("We make cameras.", Context("policy", ("en",)))
    assert not limits_nothing(text, Context("policy", ("en",)))


@pytest.mark.parametrize(
    ("sentence", "harmless"),
    [
        ("Larkspur Home Lights Ltd makes smart plugs and switches.", True),
        ("Larkspur Haustechnik GmbH entwickelt Kameras.", True),
        ("Larkspur Home Lights Ltd makes sample pages for locks.", False),
        ("Larkspur Home Lights Ltd has made no locks since 2020.", False),
        ("Nordvik Lights Ltd makes smart plugs and switches.", False),
        ("Nordvik Lights Ltd has taken over Larkspur.", False),
    ],
)
def test_a_firm_is_the_maker_where_it_has_the_makers_name(sentence: str, harmless: bool) -> None:
    context = Context("policy", ("en", "de"), frozenset({"larkspur"}))

    assert limits_nothing(sentence, context) == harmless


@pytest.mark.parametrize(
    ("sentence", "harmless"),
    [
        ("We pay the postage.", True),
        ("Postage is free.", True),
        ("We pay the postage for members.", False),
        ("We paid the postage.", False),
        ("Postage is free for now.", False),
        ("The guarantee is two years from the date of purchase.", True),
        ("The guarantee is two years instead of updates.", False),
        ("The guarantee is over.", False),
        ("Send it to our service centre in Leeds.", True),
        ("Send it to our service centre at your own expense.", False),
        ("Send it to our service centre once it exists.", False),
    ],
)
def test_postage_guarantee_and_the_way_back_limit_nothing_in_their_usual_forms(
    sentence: str, harmless: bool
) -> None:
    assert limits_nothing(sentence, Context("support", ("en",))) == harmless
