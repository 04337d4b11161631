"""Documents as parts: in which language each is, what is read of them as a whole, and what stands aside."""

from __future__ import annotations

import pytest
from published_pages import published

from pytest_etsi.assessment.coverage import text_of
from pytest_etsi.assessment.coverage.reading import Part
from pytest_etsi.probes.webdocs.model import Kind, Passage, Spot

ENGLISH = "this is what you should know about the device and about the data that it has of you"
GERMAN = "das ist was man von dem gerat wissen soll und was es von ihnen und der wohnung hat"


def words(language: str, many: int) -> str:
    return f"{' '.join((language.split() * 5)[:many])}.".capitalize()


def read(*paragraphs: str, media: str = "text/markdown", **changes):
    name = "notice.md" if media == "text/markdown" else "notice.html"
    text = "\n\n".join(paragraphs)
    return text_of([published(text, url=f"https://maker.example/{name}", media_type=media, **changes)])


@pytest.mark.parametrize(("many", "whole"), [(24, False), (25, True)])
def test_a_frame_of_a_few_words_is_no_text_in_which_something_is_missing(many: int, whole: bool) -> None:
    text = read(words(ENGLISH, many))

    assert text.whole is whole
    assert ("hardly any text" in text.why) is not whole


@pytest.mark.parametrize(("many", "languages"), [(30, ("en", "de")), (29, ("en",))])
def test_a_language_of_a_document_has_a_good_deal_of_it(many: int, languages: tuple[str, ...]) -> None:
    text = read("# One", words(ENGLISH, 60), "# Zwei", words(GERMAN, many - 1))

    assert text.written_in == languages


@pytest.mark.parametrize(
    ("further", "whole"),
    [("Δεδομένα που συλλέγονται εδώ.", True), ("Δεδομένα που δεν συλλέγονται εδώ.", False)],
)
def test_a_sentence_in_an_unknown_language_may_say_what_is_missing(further: str, whole: bool) -> None:
    text = read("# One", words(ENGLISH, 40), f"# {further.split()[0]}", further)

    assert text.whole is whole
    assert ("language whose words" in text.why) is not whole
    assert "" not in text.written_in


def test_the_first_reason_why_a_text_is_not_whole_is_kept() -> None:
    assert "not read as a whole" in read("Few words.", truncated=True).why
    several = text_of(
        [published("Few.", truncated=True, url="https://a.example/"), published("Few.", truncated=True)]
    )
    assert "https://a.example/" in several.why


@pytest.mark.parametrize(("length", "shown"), [(220, 220), (221, 220)])
def test_a_quoted_passage_is_of_bounded_length(length: int, shown: int) -> None:
    part = Part(Passage("x" * length, Spot(3), Kind.MAIN), "", "en")

    quoted = part.quoted.removesuffix('" (line 3)').removeprefix('"')
    assert len(quoted) == shown
    assert quoted.endswith("x" if length == shown else "x ...")


def test_around_a_passage_stand_those_of_its_chapter_behind_it() -> None:
    text = read("# One", words(ENGLISH, 40), "Second.", "# Two", "Third.")
    second = next(part for part in text.parts if part.short == "second.")

    assert [part.short[:6] for part in text.around([second, second])] == ["second", "one", "this i"]
    assert [part.short for part in text.chapter_of(text.parts[-1])] == ["two", "third."]


def test_words_for_pictures_and_hidden_words_stand_aside_and_navigation_nowhere() -> None:
    text = read(
        "<html lang=en><body><nav><a href=/>Home page</a></nav>"
        f"<p>{words(ENGLISH, 40)}</p><img src=a.png alt='A picture of the lamp'></body></html>",
        media="text/html",
    )

    assert [part.short for part in text.aside] == ["a picture of the lamp"]
    assert {(part.language, part.beside) for part in text.aside} == {("en", True)}
    assert not any("home page" in part.short for part in text.parts)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Geolocation. Heart rate. Humidity.", "en"),
        ("Herzfrequenz. Luftfeuchtigkeit. Seriennummer.", "de"),
        ("Herzfrequenz. Luftfeuchtigkeit.", ""),
        ("Zzz. Yyy. Xxx.", ""),
    ],
)
def test_names_alone_tell_the_language_where_there_are_enough_of_them(text: str, language: str) -> None:
    assert {part.language for part in read(text).parts} == {language}


@pytest.mark.parametrize(
    "text",
    [
        "Geolocation. Heart rate. Humidity.",  # things
        "Personal data. Diagnostic data. Contact details.",  # umbrella terms
        "Advertising. Troubleshooting. Billing.",  # purposes
        "Factory reset. Delete the account. Delete all recordings.",  # deletion
        "Keypad. Touchscreen. Remote control.",  # interfaces
    ],
)
def test_words_of_every_kind_tell_the_language(text: str) -> None:
    assert {part.language for part in read(text).parts} == {"en"}


@pytest.mark.parametrize(("before", "language"), [(4989, ""), (4988, "de")])
def test_the_language_is_told_by_the_beginning_of_a_long_document(before: int, language: str) -> None:
    names = "Herzfrequenz. Luftfeuchtigkeit. "
    text = f"{names}{'x' * (before - len(names) - 1)} Seriennummer."

    assert {part.language for part in read(text).parts} == {language}


@pytest.mark.parametrize(
    ("heading", "parts"), [("Open source licences", []), ("What it is", ["what it is", "kept"])]
)
def test_a_heading_over_licences_is_left_out_with_them(heading: str, parts: list[str]) -> None:
    read_parts = read(f"# {heading}", "Kept", "# Rest", words(ENGLISH, 40)).parts

    assert [part.short for part in read_parts][:-2] == parts


@pytest.mark.parametrize(
    ("chapter", "language"),
    [("Wi-Fi 802.11", "en"), ("7 42", ""), ("Αβγ", ""), ("abc Αβγ", ""), ("abcd Αβγ", "en")],
)
def test_names_and_numbers_are_of_the_language_of_the_document(chapter: str, language: str) -> None:
    parts = read("# The device", words(ENGLISH, 40), f"# {chapter}", chapter).parts

    assert {part.language for part in parts[-2:]} == {language}
