"""How much evidence one password has for a pattern or a relation, and from how much on that is said."""

from __future__ import annotations

import hashlib
import string
from math import log2

import pytest
from password_samples import CAMERA, DIGITS, MAC

from pytest_etsi.assessment.passwords import Identity, Rule, _patterns, _relations, examine_password
from pytest_etsi.assessment.passwords._evidence import LITERAL, Evidence, Piece
from pytest_etsi.assessment.passwords._model import SINGLE_BITS, alphabet_size, mac_digits, size_for
from pytest_etsi.assessment.passwords._patterns import (
    _KIND_BITS,
    _date_pieces,
    _is_day,
    _name_tokens,
    _variant_bits,
    _walk_pieces,
)
from pytest_etsi.assessment.passwords._relations import _PIECE_BITS, _alphabets, _whole_relation
from pytest_etsi.assessment.passwords._single import examine_form


def kinds(findings):
    return [finding.kind for finding in findings]


@pytest.mark.parametrize(
    ("bits", "expected"),
    [(9.99, []), (10.0, ["note"]), (SINGLE_BITS - 0.01, ["note"]), (SINGLE_BITS, ["violation"])],
)
def test_evidence_is_noted_from_ten_bits_on_and_refutes_at_the_bound(monkeypatch, bits, expected):
    piece = Piece(0, 3, "walk", 1.0)
    monkeypatch.setattr(_patterns, "pattern_evidence", lambda *_: Evidence(bits, (piece,)))
    monkeypatch.setattr(_relations, "relation", lambda *_, thorough: (bits, "it is so"))

    assert kinds(_patterns.examine_patterns("xyzzyq", 26, Identity())) == expected
    assert kinds(_relations.examine_relation("xyzzyq", 26, Identity(), None)) == expected


def test_what_is_said_of_a_pattern_names_its_pieces_and_how_much_they_cover(monkeypatch):
    pieces = (Piece(0, 4, "word", 1.0), Piece(4, 5, "literal", 1.0), Piece(5, 8, "walk", 1.0))
    monkeypatch.setattr(_patterns, "pattern_evidence", lambda *_: Evidence(20.0, pieces))

    (finding,) = _patterns.examine_patterns("xyzzyqqq", 26, Identity())

    assert (
        "7 of the password's 8 characters form a well-known password or word, a row of keys"
        in finding.message
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("word", "a well-known password or word"),
        ("name", "the name of the manufacturer or model"),
        ("walk", "a row of keys or characters in order"),
        ("repeat", "a repeated character"),
        ("copy", "a repetition of an earlier part"),
        ("date", "a date or year"),
    ],
)
def test_every_kind_of_piece_has_words(monkeypatch, kind, words):
    monkeypatch.setattr(_patterns, "pattern_evidence", lambda *_: Evidence(20.0, (Piece(2, 6, kind, 1.0),)))

    (finding,) = _patterns.examine_patterns("xyzzyqqq", 26, Identity())

    assert f"4 of the password's 8 characters form {words};" in finding.message


def test_kinds_of_pieces_share_one_chance():
    assert sum(2**-bits for bits in _KIND_BITS.values()) == pytest.approx(1 - LITERAL)
    assert pytest.approx(-log2(1 - LITERAL)) == _PIECE_BITS
    # A text of which nothing is known has no evidence in either code.
    assert _patterns.pattern_evidence("", 10, Identity()).bits == 0
    assert _whole_relation("", 0.0, Identity(), None) == (0.0, "")


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("1970", [4]),
        ("2035", [4]),
        ("1969", []),
        ("2036", []),
        ("311299", [6]),  # day, month, year
        ("123199", [6]),  # month, day, year
        ("991231", [6]),  # year, month, day
        ("321399", []),
        ("000000", []),
        ("20241231", [4, 8]),
        ("31122024", [6, 8]),
        ("12312024", [6, 8]),
        ("31132024", []),
    ],
)
def test_dates_are_years_and_days_that_there_are(text, lengths):
    assert [piece.end for piece in _date_pieces(text, 0)] == lengths


@pytest.mark.parametrize(
    ("day", "month", "there"),
    [
        (1, 1, True),
        (31, 12, True),
        (2, 1, True),
        (1, 2, True),
        (32, 1, False),
        (1, 13, False),
        (0, 1, False),
        (1, 0, False),
    ],
)
def test_a_day_is_one_of_31_in_one_of_12_months(day, month, there):
    assert _is_day(day, month) == there


def test_a_date_is_named_by_its_form_its_year_and_its_day():
    year, day = _date_pieces("20241231", 0)

    assert year.bits == pytest.approx(_KIND_BITS["date"] + log2(12) + log2(66))
    assert day.bits == pytest.approx(year.bits + log2(366))


@pytest.mark.parametrize(
    ("actual", "word", "bits"),
    [
        ("house", "house", 0.3 + 0.7),
        ("HOUSE", "house", 0.3 + 2.6),
        ("House", "house", 0.3 + 2.6),
        ("hOuse", "house", 0.3 + 4 + 5),
        ("h0use", "house", 2.5 + 1.6 * 3 + 0.7),  # o, s and e can be written otherwise
        ("horse", "house", None),
        ("houses", "house", None),
    ],
)
def test_a_word_is_named_with_the_way_it_is_written(actual, word, bits):
    assert _variant_bits(actual, word) == (bits if bits is None else pytest.approx(bits))


@pytest.mark.parametrize(
    ("text", "length"),
    [("qwert", 5), ("QWERT", 5), ("Qwert", 5), ("qWert", None), ("qw", None), ("trewq", 5)],
)
def test_a_row_of_keys_is_written_in_one_case(text, length):
    longest = max((piece.end for piece in _walk_pieces(text, text.lower(), 0)), default=None)

    assert longest == length


def test_names_are_words_of_four_letters_of_maker_and_model():
    assert _name_tokens(Identity(manufacturer="Acme AG", model="VC-100 Camera")) == (
        "acme",
        "acmeag",
        "camera",
        "vc100camera",
    )


@pytest.mark.parametrize(
    ("body", "bits_off", "said"),
    [
        (DIGITS, 3 + 1, "the end of the MAC address"),
        (DIGITS[-6:].upper(), 3 + 1, "the end of the MAC address"),
        ("11048123", 3, "the end of the serial number"),
        ("5e7f", 3 + 1, "the end of the MAC address"),
    ],
)
def test_the_end_of_public_data_is_named_in_three_bits_and_its_case_in_one(body, bits_off, said):
    bits, how = _whole_relation(body, 40.0, CAMERA, None)

    assert bits == pytest.approx(40.0 - bits_off)
    assert said in how


@pytest.mark.parametrize("length", [4, 10])
def test_an_end_of_a_digest_is_named_in_ten_bits_and_its_case_in_one(length):
    digest = hashlib.md5(DIGITS.encode()).hexdigest()

    for body in (digest[:length], digest[-length:].upper()):
        bits, how = _whole_relation(body, 40.0, CAMERA, None)
        assert bits == pytest.approx(40.0 - 10 - (not body.isdecimal()))
        assert "cut from MD5 of the MAC address" in how


def test_a_digest_may_be_written_in_the_documented_alphabet_or_in_customary_ones():
    low, up, digits = string.ascii_lowercase, string.ascii_uppercase, string.digits
    mixed = (digits + up + low, digits + low + up, up + low + digits, low + up + digits)

    assert _alphabets("K7Q", Rule(alphabet="QK7Q"))[0] == "QK7"
    assert _alphabets("0123456789", None) == (digits, digits + low, digits + up, low + digits)
    assert _alphabets("a1", None) == (digits + low, low + digits, *mixed[:2])
    assert _alphabets("aB1", None) == mixed
    assert _alphabets("aB1", Rule(alphabet="alnum")) == mixed


@pytest.mark.parametrize("body", ["e7f", "5e8f", "K7QM2XW9RT4P"])
def test_what_is_too_short_or_different_is_no_end_of_public_data(body):
    assert _whole_relation(body, 40.0, CAMERA, None) == (0.0, "")


def test_an_address_is_one_of_six_or_eight_bytes():
    assert mac_digits(MAC) == DIGITS
    assert mac_digits("00-11-22-33-44-55-66-77") == "0011223344556677"
    assert mac_digits("00:11:22") == ""


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0123", 10),
        ("12ab", 16),
        ("12AB", 16),
        ("aB1", 62),
        ("xyz", 26),
        ("XYZ", 26),
        ("xyz1", 36),
        ("xyz!", 34),
        ("", 10),
    ],
)
def test_the_smallest_customary_alphabet_is_guessed(text, size):
    assert size_for(text, None) == size


def test_the_documented_alphabet_counts_where_the_text_fits_it():
    assert size_for("ABBA", Rule(alphabet="ABC")) == 3
    assert size_for("AAAA", Rule(alphabet="A")) == 2
    assert size_for("ABBX", Rule(alphabet="ABC")) == 26
    assert alphabet_size(None) is None
    assert alphabet_size("") is None


# Form -------------------------------------------------------------------------------------------------------

WHOLE = Rule(length=8, alphabet="ABC234", prefix="V-")


@pytest.mark.parametrize(
    ("password", "rule", "expected"),
    [
        ("V-ABC234", WHOLE, []),
        (
            "W-ABC234",
            WHOLE,
            ["violation", "violation"],
        ),  # another beginning, and characters that are not documented
        ("V-ABC23", WHOLE, ["violation"]),
        ("V-ABC23X", WHOLE, ["violation"]),
        ("V-ABC23234", WHOLE, ["note"]),  # eight behind the beginning
        ("ABC23234", Rule(length=9, alphabet="ABC234"), ["violation"]),
        ("ABC2", Rule(alphabet="ABC234"), ["unknown"]),
        ("ABC2", Rule(length=4), ["unknown"]),
        ("ABC2", Rule(length=4, alphabet="ABC234"), []),
    ],
)
def test_a_password_has_the_documented_form(password, rule, expected):
    assert kinds(examine_form(password, rule)) == expected


def test_an_empty_password_is_refuted_without_any_rule():
    assert kinds(examine_password("", CAMERA)) == ["violation"]


def test_a_relation_is_looked_for_behind_the_fixed_part():
    rule = Rule(length=14, alphabet="0123456789abcdef", prefix="V-")

    found = examine_password(f"V-{DIGITS}", CAMERA, rule)

    assert any("it is the end of the MAC address" in finding.message for finding in found)
    assert not examine_form(f"V-{DIGITS}", rule)
