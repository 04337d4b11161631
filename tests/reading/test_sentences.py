# ruff: noqa: RUF001 - answers are written with such dashes and quotes
"""Sentences and clauses, and what a sentence says of what it names, in the languages of the forms."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_etsi.assessment.reading.sentences import clauses, denies, sentences, spoken, stance, stated

RC4 = re.compile("RC4")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("TLS 1.2 min. is taken.", ["TLS 1.2 min. is taken."]),
        ("e.g. one; two", ["e.g. one;", "two"]),
        ("- one\n- two\n\nthree", ["- one", "two", "three"]),
        ("一。二！", ["一。", "二！"]),
        ("", []),
    ],
)
def test_a_text_is_parted_where_sentences_end(text: str, parts: list[str]) -> None:
    assert list(sentences(text)) == parts


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("RC4, 3DES and MD5 are off", ["RC4, 3DES and MD5 are off"]),
        ("RC4 is on, so nothing else is needed", ["RC4 is on", "nothing else is needed"]),
        ("RC4 wird verwendet, weil es schnell ist", ["RC4 wird verwendet", "es schnell ist"]),
        ("RC4 – never", ["RC4", "never"]),
    ],
)
def test_a_sentence_is_parted_where_it_turns(sentence: str, parts: list[str]) -> None:
    assert list(clauses(sentence)) == parts


@pytest.mark.parametrize(
    "sentence",
    [
        "The stream is encrypted with RC4.",
        "DATA ARE ENCRYPTED WITH RC4.",
        "Der Strom wird mit RC4 verschlüsselt.",
        "Le flux est chiffré avec RC4.",
        "El flujo se cifra con RC4.",
        "Il flusso viene cifrato con RC4.",
        "De stroom wordt met RC4 versleuteld.",
        "Strumień jest szyfrowany za pomocą RC4.",
        "O fluxo é cifrado com RC4.",
        "Proud je šifrován pomocí RC4.",
        "Strömmen krypteras med RC4.",
        "ストリームは RC4 で暗号化されます。",
        "数据流使用 RC4 加密。",
    ],
)
def test_what_stands_without_any_doubt_is_stated(sentence: str) -> None:
    assert stance(sentence, RC4) == "stated"


@pytest.mark.parametrize(
    "sentence",
    [
        "RC4 is not used.",
        "NO RC4.",
        "We don’t offer RC4.",
        "RC4 was removed.",
        "RC4, 3DES and DES are switched off.",
        "RC4 wird nicht verwendet.",
        "RC4 ist abgeschaltet.",
        "RC4 n’est pas utilisé.",
        "RC4 a été supprimé.",
        "No se usa RC4.",
        "RC4 está desactivado.",
        "RC4 non viene usato.",
        "RC4 è disabilitato.",
        "RC4 wordt niet gebruikt.",
        "RC4 nie jest używany.",
        "RC4 jest wyłączony.",
        "RC4 não é usado.",
        "RC4 se nepoužívá.",
        "RC4 je zakázán.",
        "RC4 används inte.",
        "RC4 är avstängt.",
        "RC4は使用していません。",
        "不使用 RC4。",
        "RC4 已禁用。",
    ],
)
def test_what_is_negated_or_over_is_denied(sentence: str) -> None:
    assert stance(sentence, RC4) == "denied"


@pytest.mark.parametrize(
    "sentence",
    [
        "RC4 may be used.",
        "RC4 is used if the router supports nothing else.",
        "RC4 is off unless the owner turns it on.",
        "RC4 is used by some older peers.",
        "Until 2027 RC4 is used.",
        "Is RC4 used?",
        "RC4 is used, so that no salt is needed.",
        "RC4 wird verwendet, falls der Router es verlangt.",
        "RC4 ou AES.",
        "RC4 puede usarse.",
        "RC4 oppure AES.",
        "RC4 of hoger.",
        "RC4 lub AES.",
        "RC4 pode ser usado.",
        "RC4 nebo AES.",
        "RC4 eller AES.",
        "古い機器では RC4 を使用します。",
        "兼容模式使用 RC4。",
    ],
)
def test_what_holds_only_at_times_or_for_some_is_open(sentence: str) -> None:
    assert stance(sentence, RC4) == "open"


def test_what_a_sentence_does_not_name_it_says_nothing_of() -> None:
    assert stance("AES is used.", RC4) is None


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/rc4-RC4.html",
        "![RC4](RC4.png)",
        "see RC4_report.pdf",
        "[RC4.docx]",
        "mail to RC4@example.com",
    ],
)
def test_what_a_text_only_points_to_is_not_said_by_it(text: str) -> None:
    assert "RC4" not in spoken(text)


def test_the_sentence_that_states_something_is_the_one_without_doubt() -> None:
    pattern = re.compile("in clear")

    assert stated("Nothing goes in clear. The name goes in clear.", pattern) == "The name goes in clear."
    assert stated("If it goes in clear, it is refused.", pattern) == ""


@given(st.text(max_size=200))
def test_any_text_can_be_taken_apart(text: str) -> None:
    for sentence in sentences(spoken(text)):
        assert sentence == " ".join(sentence.split())
        assert all(clauses(sentence))
        denies(sentence)


@given(st.sampled_from(["not", "never", "nicht", "pas", "nunca", "niet", "nie", "não", "inte"]))
def test_a_word_of_negation_anywhere_keeps_a_sentence_from_stating(word: str) -> None:
    assert stance(f"RC4 is {word} used.", RC4) != "stated"
    assert stance(f"{word} RC4", RC4) != "stated"
