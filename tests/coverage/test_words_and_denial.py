"""The words of the vocabulary, and what a sentence says of what it names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from published_pages import published

from pytest_etsi.assessment.coverage import Sought, look, text_of, vocabulary
from pytest_etsi.assessment.coverage import sought as sought_module
from pytest_etsi.assessment.coverage.denial import Stance, stance_of
from pytest_etsi.assessment.coverage.looking import How, Status
from pytest_etsi.assessment.coverage.reading import Part
from pytest_etsi.assessment.coverage.sought import familiar, sought_data, sought_sensor, spoken_of
from pytest_etsi.assessment.criteria._readability import lix

FILES = sorted((Path(vocabulary.__file__).parent / "data").glob("*.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_concept_has_words_in_every_language_as_texts_are_folded(file: Path) -> None:
    for concept, rows in json.loads(file.read_text(encoding="utf-8")).items():
        assert sorted(rows) == sorted(vocabulary.LANGUAGES), concept
        for language, row in rows.items():
            assert vocabulary.folded(row) == row, (concept, language)
            assert all(term.strip() for term in row.split("|")), (concept, language)
            assert vocabulary.pattern(file.stem, concept, language)


@pytest.mark.parametrize(
    ("sentence", "named", "language", "stance"),
    [
        (
            "there is no microphone, no radar, no position receiver and no other sensor",
            "radar",
            "en",
            Stance.DENIED,
        ),
        ("the location is not collected.", "location", "en", Stance.DENIED),
        ("we do not sell your location to anybody.", "location", "en", Stance.NEGATED),
        ("if you do not agree, we keep the location", "location", "en", Stance.NEGATED),
        ("the location is kept no later than 30 days", "location", "en", Stance.STATED),
        ("the camera records the picture, there is no microphone", "picture", "en", Stance.OPEN),
        ("not only your location, your name as well", "location", "en", Stance.STATED),
        ("we collect no age, weight of the body, location.", "location", "en", Stance.DENIED),
        (
            "there is no radar, the camera films the garden, the location is shown",
            "location",
            "en",
            Stance.OPEN,
        ),
        ("there is no radar, and we keep the exact location", "location", "en", Stance.OPEN),
        ("we collect no age, weight or the exact location", "location", "en", Stance.DENIED),
        ("there is no radar, but we keep the age, location", "location", "en", Stance.STATED),
        ("den standort erheben wir nicht.", "standort", "de", Stance.DENIED),
        ("wir erheben kein alter, aber den standort.", "standort", "de", Stance.STATED),
        ("l'appareil ne contient pas de microphone.", "microphone", "fr", Stance.DENIED),
        ("no recogemos su ubicacion.", "ubicacion", "es", Stance.DENIED),
        ("il dispositivo non ha un microfono.", "microfono", "it", Stance.DENIED),
        ("wij verkopen uw locatie niet.", "locatie", "nl", Stance.NEGATED),
        ("kamera nie ma mikrofonu.", "mikrofonu", "pl", Stance.DENIED),
        ("laitteessa ei ole mikrofonia.", "mikrofonia", "fi", Stance.DENIED),
        ("vi samlar inte in din position.", "position", "sv", Stance.DENIED),
    ],
)
def test_what_a_sentence_says_of_what_it_names(
    sentence: str, named: str, language: str, stance: Stance
) -> None:
    start = sentence.index(named)

    assert stance_of(sentence, start, start + len(named), language) is stance


@pytest.mark.parametrize(
    ("sentence", "named", "language"),
    [
        ("the location of your new device is not collected.", "location", "en"),
        ("your location, wherever you may be, is never stored.", "location", "en"),
        ("your location, because it is yours alone, is not stored.", "location", "en"),
        ("the location, e.g. that of your home, is not stored.", "location", "en"),
        ("the location - that of your home - is not stored", "location", "en"),
        ("we do not collect, for whatever purpose you may think of, your location", "location", "en"),
        ("we do not collect: your name; your weight; your location", "location", "en"),
        ("the location is shown on the display, but it is not collected", "location", "en"),
        ("den standort ihres neu gekauften gerats erheben wir nicht.", "standort", "de"),
        ("der standort, z. b. der ihrer wohnung, wird von uns nicht erhoben.", "standort", "de"),
        ("la position exacte de votre nouvel appareil n'est pas collectee.", "position", "fr"),
        ("la ubicacion de su nuevo dispositivo en casa no se recoge.", "ubicacion", "es"),
        ("la posizione esatta del suo nuovo dispositivo non viene raccolta.", "posizione", "it"),
        ("de locatie van uw nieuwe apparaat thuis wordt niet verzameld.", "locatie", "nl"),
        ("lokalizacja panstwa nowego urzadzenia w domu nie jest zbierana.", "lokalizacja", "pl"),
        ("uuden laitteesi tarkkaa sijaintia tai sen historiaa kotona ei kerata.", "sijaintia", "fi"),
        ("din nya enhets exakta position i hemmet samlas inte in.", "position", "sv"),
    ],
)
def test_a_denial_anywhere_in_the_sentence_leaves_open_what_is_stated(
    sentence: str, named: str, language: str
) -> None:
    start = sentence.index(named)
    text, start = f"the next one is kept. {sentence}", start + len("the next one is kept. ")

    assert stance_of(text, start, start + len(named), language) is not Stance.STATED
    assert stance_of(text, start, start + len(named), vocabulary.ANY) is not Stance.STATED


@pytest.mark.parametrize(
    "sentence",
    [
        "there is no radar. the location is kept. there is no microphone.",
        "there is no radar! the location is kept! there is no microphone",
        "no | the location | no",
        "there is no radar, but the location is kept",
        "we keep the location of your new device not later than 30 days",
    ],
)
def test_a_denial_reaches_no_other_sentence_cell_or_what_stands_behind_a_but(sentence: str) -> None:
    start = sentence.index("location")

    assert stance_of(sentence, start, start + len("location"), "en") is Stance.STATED


@pytest.mark.parametrize(("words", "stance"), [(4, Stance.DENIED), (5, Stance.OPEN)])
def test_a_denial_is_told_from_an_open_point_by_its_distance_behind(words: int, stance: Stance) -> None:
    said = f"location {'of ' * words}not collected"

    assert stance_of(said, 0, len("location"), "en") is stance


@pytest.mark.parametrize(("words", "stance"), [(4, Stance.DENIED), (5, Stance.OPEN)])
def test_a_denied_list_has_short_members(words: int, stance: Stance) -> None:
    said = f"we collect no age,{' of' * words}, location"

    assert stance_of(said, said.index("location"), len(said), "en") is stance


@pytest.mark.parametrize(
    ("before", "after", "stance"),
    [
        (500, 0, Stance.STATED),
        (501, 0, Stance.OPEN),
        (0, 500, Stance.STATED),
        (0, 501, Stance.OPEN),
    ],
)
def test_what_a_sentence_says_beyond_what_is_looked_at_is_open(
    before: int, after: int, stance: Stance
) -> None:
    said = f"{'a ' * before}"[-before:] * bool(before) + "location" + f"{' a' * after}"[:after]
    start = said.index("location")

    assert stance_of(said, start, start + len("location"), "en") is stance


@pytest.mark.parametrize("before", ["no way. ", "no way, but "])
@pytest.mark.parametrize("after", [".", "! no"])
def test_a_long_text_of_short_sentences_is_no_long_sentence(before: str, after: str) -> None:
    said = f"{'no ' * 300}{before}the location{after}{' no' * 300}"
    start = said.index("location")

    assert stance_of(said, start, start + len("location"), "en") is Stance.STATED


def test_lix_is_words_per_sentence_and_the_share_of_long_words() -> None:
    text = "This is a simple text. It has some extraordinarily complicated words, unfortunately."

    assert lix(text) == pytest.approx(12 / 2 + 100 * 3 / 12)
    assert lix("") == 0


def test_what_an_entry_denies_is_not_looked_for() -> None:
    sought = sought_sensor("ExtSens-Air", "Temperature sensor. There is no microphone and no radar.")

    assert sought.concepts == ("temperature",)
    assert "microphone" not in spoken_of("things", "There is no microphone.")


_ENGLISH = (
    "This is what you should know about your device and about the data that it has of you. We tell you here what it does with "
    "them and for which time they are kept in it."
)


def _looked(body: str, sought: Sought, *others: Sought) -> tuple[Status, list[How]]:
    text = text_of(
        [
            published(
                f"{_ENGLISH}\n\n{body}\n", url="https://maker.example/notice.md", media_type="text/markdown"
            )
        ]
    )
    found = look(familiar([sought, *others], text)[0], text)
    return found.status, [hit.how for hit in found.hits]


MAIL = sought_data("PersData-Mail", "E-mail address.")
NAMED = sought_data("PersData-Weight", "Body weight.")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("We use your e-mail address for your account.", Status.COVERED),
        ("We do not collect your e-mail address.", Status.DENIED),
        ("We never sell your e-mail address.", Status.UNSURE),
        ("The e-mail address of the account that you made is not collected.", Status.UNSURE),
        ("The e-mail address that you gave is not sold. We use your e-mail address.", Status.COVERED),
        ("We do not collect:\n\n- your e-mail address\n- your name", Status.UNSURE),
        ("## What we do not collect\n\n- your e-mail address", Status.UNSURE),
        ("## What is not sold\n\n## E-mail\n\nYour e-mail address is kept.", Status.COVERED),
        ("We sell no data.\n\nWe collect:\n\n- your e-mail address", Status.COVERED),
        ("We do not collect:\n\n- audio\n\nWe collect:\n\n- your e-mail address", Status.COVERED),
        ("We do not collect:\n\n- audio\n\n## Kept\n\n- your e-mail address", Status.COVERED),
        ("We sell no data. We collect:\n\n- your e-mail address", Status.COVERED),
        ("We keep your contact details.", Status.UNSURE),
        ("Your weight is shown in the app.", Status.ABSENT),
        ("We shall not bore you any longer.", Status.NOT_SHOWN),
    ],
)
def test_only_what_is_stated_covers_and_absence_needs_a_witness(body: str, status: Status) -> None:
    assert _looked(body, MAIL, NAMED)[0] is status


def test_words_of_the_ixit_that_are_misprinted_are_for_a_person() -> None:
    sought = Sought("UserDec-Guest", ("guest network",), language="en")

    assert _looked("Switch the guest netwrok off.", sought) == (Status.UNSURE, [How.NEARLY])
    assert _looked("Switch the lamp off.", sought)[0] is Status.ABSENT


def test_usual_names_do_not_stand_for_the_words_of_the_ixit() -> None:
    sought = sought_data("PersData-Mail", "E-mail address.", ["postal box"])

    assert _looked("We use your e-mail address.", sought)[0] is Status.OTHERWISE


def test_nothing_is_missing_in_a_text_that_was_not_read_as_a_whole() -> None:
    text = text_of([published(_ENGLISH, truncated=True)])
    found = look(Sought("X", ("guest network",), language="en"), text)

    assert found.status is Status.NOT_SHOWN
    assert "not read as a whole" in found.why


def test_nothing_is_missing_in_a_language_without_words() -> None:
    czech = "Zařízení ukládá údaje o tom, kdy bylo zapnuto, a posílá je výrobci. " * 4
    found = look(familiar([MAIL, NAMED], text_of([published(czech)]))[0], text_of([published(czech)]))

    assert found.status is Status.NOT_SHOWN


@pytest.mark.parametrize(
    "body",
    ["a'" * 20_000, "e-mail-" * 8_000, "not location, " * 4_000, "weight " * 8_000],
    ids=["apostrophes", "hyphens", "negations", "one word"],
)
def test_a_text_of_one_endless_paragraph_is_looked_at_in_bounded_places(
    body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def counting(part: Part, start: int, end: int) -> Stance:
        asked.append(start)
        return stance_of(part.short, start, end, part.language)

    monkeypatch.setattr(Part, "stance", counting)
    _looked(body, MAIL, NAMED)

    assert len(asked) <= 200


PHONE = sought_data("PersData-Phone", "Telephone number.")
ADDRESS = sought_data("PersData-Address", "Postal address.")


@pytest.mark.parametrize(
    ("head", "status"),
    [("Recipient", Status.COVERED), ("Purpose", Status.COVERED), ("Collected", Status.UNSURE)],
)
def test_a_cell_denies_that_something_is_collected_and_not_whom_it_goes_to(head: str, status: Status) -> None:
    table = f"| Data | {head} |\n|---|---|\n| E-mail address | no |\n"

    assert _looked(table, MAIL)[0] is status


@pytest.mark.parametrize(
    ("body", "sought"),
    [
        ("You can contact us by our e-mail address.", MAIL),
        ("Call us: our telephone number is on the box.", PHONE),
        ("Write to us: our postal address is on the box.", ADDRESS),
        ("Our e-mail address is help@maker.example.", MAIL),
    ],
)
def test_how_to_write_to_the_maker_covers_no_data_of_users(body: str, sought: Sought) -> None:
    assert _looked(body, sought)[0] is Status.UNSURE


@pytest.mark.parametrize(
    ("body", "sought"),
    [
        ("We keep your e-mail address.", MAIL),
        ("We keep your telephone number.", PHONE),
        ("We keep your postal address.", ADDRESS),
    ],
)
def test_what_is_kept_of_users_covers_it(body: str, sought: Sought) -> None:
    assert _looked(body, sought)[0] is Status.COVERED


@pytest.mark.parametrize(
    ("concepts", "umbrellas"),
    [
        (
            "uptime restarts crash logs failed-logins memory wifi-signal battery software-version",
            "technical diagnostic usage",
        ),
        (
            "serial-number device-id device-name mac-address ip-address network-name",
            "technical diagnostic usage",
        ),
        ("name user-name e-mail phone address birth password contacts payment", "personal"),
        ("heart-rate weight sleep activity fingerprint face", "health sensor personal"),
        ("picture video audio", "recordings sensor"),
        ("temperature humidity light motion presence air pressure smoke energy", "sensor usage"),
        ("usage-history schedule access-log codes map", "usage personal"),
        ("location", "sensor usage personal"),
    ],
)
def test_a_term_above_some_data_is_one_that_may_include_them(
    concepts: str, umbrellas: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for concept in concepts.split():
        monkeypatch.setattr(sought_module, "spoken_of", lambda *_, one=concept, **__: (one,))
        assert set(sought_data("PersData-X", "").umbrellas) == set(umbrellas.split()), concept


@pytest.mark.parametrize("heading", ["Open source licences", "Third-party licenses"])
def test_what_stands_under_licences_is_no_text_about_the_device(heading: str) -> None:
    body = f"# {heading}\n\nWe use your e-mail address."

    assert _looked(body, MAIL, NAMED)[0] is Status.NOT_SHOWN
    assert _looked(body.replace(heading, "Privacy"), MAIL, NAMED)[0] is Status.COVERED


def test_a_firm_denial_counts_beside_a_negation_and_a_partial_one_does_not() -> None:
    both = sought_data("PersData-Contact", "E-mail address and telephone number.")

    assert (
        _looked("We do not collect your e-mail address. We never sell your e-mail address.", MAIL)[0]
        is Status.DENIED
    )
    assert _looked("We do not collect your e-mail address.", both)[0] is Status.UNSURE
    assert _looked("We have no guest network. There is no guest network.", Sought("X", ("guest network",)))[
        0
    ] is (Status.DENIED)


def test_an_umbrella_term_beside_the_name_says_nothing_more() -> None:
    by_words = Sought("PersData-Box", ("postal box",), umbrellas=("personal",), language="en")

    assert _looked("We keep your e-mail address with your contact details.", MAIL)[1] == [How.NAMED]
    assert _looked("We keep your postal box with your contact details.", by_words)[1] == [How.NAMED]


def test_what_was_looked_for_is_told_in_the_languages_of_the_text() -> None:
    text = text_of([published(_ENGLISH)])
    found = look(familiar([MAIL, NAMED], text)[0], text)

    assert found.looked_for.startswith("'e-mail...'")
    assert found.looked_for.endswith("(en)")
    assert look(Sought("X", ("guest network",), language="en"), text).looked_for == "'guest network'"


def test_words_of_another_language_than_the_text_show_nothing() -> None:
    foreign = Sought("UserDec-Guest", ("Gastnetz",), language="de")

    assert _looked("Switch the lamp off.", foreign)[0] is Status.NOT_SHOWN


def test_the_passage_that_names_most_is_shown_first_and_a_heading_last() -> None:
    both = sought_data("PersData-Contact", "E-mail address and telephone number.")
    body = "# E-mail address and telephone number\n\nE-mail address.\n\nYour e-mail address and telephone number are kept."
    text = text_of(
        [published(f"{_ENGLISH}\n\n{body}\n", url="https://maker.example/a.md", media_type="text/markdown")]
    )

    shown = list(dict.fromkeys(hit.part.passage.text for hit in look(both, text).hits))

    assert shown[0] == "Your e-mail address and telephone number are kept."


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("netwrok", Status.UNSURE),
        ("notwerk", Status.ABSENT),
        ("networkings", Status.ABSENT),
        ("detwork", Status.ABSENT),
    ],
)
def test_only_words_that_begin_alike_and_differ_little_are_nearly_the_same(word: str, status: Status) -> None:
    assert (
        _looked(f"Switch the guest {word} off.", Sought("X", ("guest network",), language="en"))[0] is status
    )
    assert (
        _looked(f"Switch the other {word} off.", Sought("X", ("guest network",), language="en"))[0]
        is Status.ABSENT
    )


@pytest.mark.parametrize(
    ("word", "printed", "status"),
    [
        ("camera", "camra", Status.UNSURE),
        ("light", "lihgt", Status.ABSENT),  # too short to be told from others
        ("notifications", "notificatio", Status.UNSURE),
        ("notifications", "notificati", Status.ABSENT),
        ("car network", "netwrok", Status.ABSENT),
        ("car network", "car netwrok", Status.UNSURE),
        ("counterrevolutionary", "counterrevolutionium", Status.UNSURE),  # 17 letters of 20
        ("counterrevolutionary", "counterrevoluxxxxary", Status.ABSENT),
    ],
)
def test_how_far_a_misprint_may_go(word: str, printed: str, status: Status) -> None:
    assert _looked(f"Switch the {printed} off.", Sought("X", (word,), language="en"))[0] is status
