"""What is asked of a page again and again, for every entry that it may be about, is found out once."""

from __future__ import annotations

from work import calls_within

from pytest_etsi.assessment.coverage.denial import Stance, stance_of
from pytest_etsi.assessment.coverage.plain import unusual_in
from pytest_etsi.assessment.coverage.sought import spoken_of

SENTENCE = "The zorblax of Quuxcam stores your picture until 2024."


def test_a_sentence_is_looked_through_once_whatever_the_names() -> None:
    nameless = unusual_in(SENTENCE, "en", "data")

    with calls_within() as calls:
        named = unusual_in(SENTENCE, "en", "data", ("Quuxcam",))

    assert {"2024", "zorblax", "quuxcam"} <= set(nameless)
    assert named == tuple(word for word in nameless if word != "quuxcam")
    assert "_is_ordinary" not in calls
    assert unusual_in(SENTENCE, "en", "data") == nameless


def test_what_is_said_of_a_place_is_found_out_once() -> None:
    text = "the location of the user is not collected. the picture is stored."
    start, picture = text.index("location"), text.index("picture")
    first = stance_of(text, start, start + len("location"), "en")

    with calls_within() as calls:
        again = stance_of(text, start, start + len("location"), "en")

    assert again is first is Stance.DENIED
    assert "_around" not in calls
    assert stance_of(text, picture, picture + len("picture"), "en") is Stance.STATED


def test_what_a_field_speaks_of_is_found_out_once_for_each_stance() -> None:
    text = "E-mail address of the owner, no location."
    perhaps = spoken_of("things", text, ("e-mail", "location"))

    with calls_within() as calls:
        again = spoken_of("things", text, ("e-mail", "location"))

    assert again == perhaps == ("e-mail",)
    assert "prose_language" not in calls
    assert spoken_of("things", text, ("e-mail", "location"), as_=frozenset(Stance)) == ("e-mail", "location")
