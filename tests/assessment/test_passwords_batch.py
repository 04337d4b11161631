"""Factory passwords of several devices: what is wrong with them as a batch."""

from __future__ import annotations

import hashlib
import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from password_samples import ALPHABET, ASPECTS, MAC, RULE, aspects, batch, drawn

from pytest_etsi.assessment.findings import unknowns, violations
from pytest_etsi.assessment.passwords import (
    Rule,
    Sample,
    examine_batch,
)


def mapped(data):
    return "".join(ALPHABET[byte % 31] for byte in hashlib.md5(data.encode()).digest()[:12])


RANDOM = drawn(ALPHABET, 12, seed=11)
HALF = drawn(ALPHABET, 6, seed=12)


@pytest.mark.parametrize(
    ("password", "aspect"),
    [
        pytest.param(lambda i, s, m: "K7QM2XW9RT4P", "uniqueness", id="one password for all"),
        pytest.param(
            lambda i, s, m: ("K7QM2XW9RT4P", "HG4RK2NWQ8LZ")[i % 2], "uniqueness", id="two passwords"
        ),
        pytest.param(lambda i, s, m: "admin12345", "patterns", id="a vendor default"),
        pytest.param(lambda i, s, m: f"CAMERA{100000 + i}", "regularity", id="counter in decimal"),
        pytest.param(lambda i, s, m: f"{(0xA4F09B + 3 * i):08x}", "regularity", id="counter by three in hex"),
        pytest.param(
            lambda i, s, m: HALF() + f"{4000 + i:04d}", "regularity", id="counter beside random part"
        ),
        pytest.param(lambda i, s, m: f"{987654321 - i}", "regularity", id="counting down"),
        pytest.param(lambda i, s, m: "XYK" + RANDOM()[3:], "regularity", id="undocumented fixed beginning"),
        pytest.param(lambda i, s, m: RANDOM()[:8] + "QK7X", "regularity", id="undocumented fixed end"),
        pytest.param(lambda i, s, m: m.upper(), "relation", id="MAC address"),
        pytest.param(lambda i, s, m: s, "relation", id="serial number"),
        pytest.param(lambda i, s, m: mapped(m), "relation", id="digest of the MAC address"),
        pytest.param(
            lambda i, s, m: hashlib.sha256(s.encode()).hexdigest()[:12], "relation", id="digest of the serial"
        ),
        pytest.param(
            lambda i, s, m: RANDOM()[:8] + m[-4:].upper(), "relation", id="end of MAC beside random part"
        ),
        pytest.param(drawn("23456789ABCDEF", 12), "rule", id="fewer characters than documented"),
        pytest.param(drawn(ALPHABET, 11), "rule", id="shorter than documented"),
        pytest.param(drawn(string.ascii_lowercase, 12), "rule", id="other characters than documented"),
        pytest.param(
            lambda i, s, m: drawn(ALPHABET[:23], 8, i)() + drawn("23456789", 4, i)(),
            "rule",
            id="digits at the end",
        ),
    ],
)
@pytest.mark.parametrize("count", [20, 60])
def test_what_is_wrong_with_a_batch_is_found(password, aspect, count):
    assert aspect in aspects(examine_batch(batch(count, password), RULE))


@pytest.mark.parametrize("count", [20, 60])
@pytest.mark.parametrize("rule", [RULE, None])
def test_a_batch_of_random_passwords_gives_no_violation(count, rule):
    assert not violations(examine_batch(batch(count, drawn(ALPHABET, 12, count)), rule))


def test_a_sound_batch_gives_nothing_to_say():
    assert examine_batch(batch(20, drawn(ALPHABET, 12)), RULE) == ()


def test_one_password_for_all_is_said_once():
    (finding,) = examine_batch(batch(20, lambda *_: "K7QM2XW9RT4P"), RULE)

    assert "All 20 devices have the same password" in finding.message


def test_a_single_device_with_two_passwords_is_said_beside_that_it_is_single():
    first, second = Sample("S1", MAC, "", "K7QM2XW9RT4P"), Sample("S1", MAC, "", "HG4RK2NWQ8TZ")

    said = [finding.message for finding in unknowns(examine_batch([first, second], RULE))]

    assert len(said) == 2
    assert "more than once" in said[0]
    assert "single device" in said[1]


@pytest.mark.parametrize(("wrong", "said"), [(20, "length."), (3, "length. (3 of 20 devices, such as ")])
def test_how_many_devices_have_another_form_is_said_unless_all_have(wrong, said):
    draw = drawn(ALPHABET, 12)

    found = examine_batch(batch(20, lambda number, *_: draw()[: 11 if number < wrong else 12]), RULE)

    (finding,) = violations(found, "rule")
    assert said in finding.message
    assert (wrong == 20) == finding.message.endswith("length.")


def test_two_devices_that_count_up_are_enough():
    samples = batch(2, lambda i, s, m: f"A7QXK2MW{31 + i}")

    assert "regularity" in aspects(examine_batch(samples, None))


def test_the_order_of_the_file_does_not_hide_a_counter():
    samples = batch(30, lambda i, s, m: HALF() + f"{4000 + i:04d}")
    random.Random(1).shuffle(samples)

    assert "regularity" in aspects(examine_batch(samples, None))


def test_a_counter_with_gaps_is_found():
    samples = batch(40, lambda i, s, m: HALF() + f"{4000 + i:04d}")
    del samples[10:12], samples[20]

    assert "regularity" in aspects(examine_batch(samples, None))


def test_the_documented_fixed_part_is_no_violation():
    rule = Rule("random", ("random",), 15, ALPHABET, prefix="VC-")
    samples = batch(40, lambda i, s, m: "VC-" + RANDOM())

    assert not violations(examine_batch(samples, rule))


def test_a_dash_between_groups_is_no_violation_without_a_rule():
    draw = drawn(ALPHABET, 4, 5)

    assert not violations(examine_batch(batch(40, lambda *_: f"{draw()}-{draw()}-{draw()}"), None))


def test_the_bias_of_a_remainder_is_no_violation():
    draw = random.Random(8)
    alphabet = string.ascii_letters + string.digits
    rule = Rule("random", ("random",), 12, alphabet)

    samples = batch(3000, lambda *_: "".join(alphabet[draw.randrange(256) % 62] for _ in range(12)))

    assert not violations(examine_batch(samples, rule))


def test_duplicates_that_few_values_explain_are_left_to_a_person():
    rule = Rule("random", ("random",), 4, "digits")
    findings = examine_batch(batch(300, drawn(string.digits, 4, 4)), rule)

    assert not violations(findings)
    assert unknowns(findings, "uniqueness")


def test_the_same_device_twice_is_one_device():
    samples = batch(30, drawn(ALPHABET, 12))

    assert not violations(examine_batch([*samples, samples[3]], RULE))


def test_a_device_with_two_passwords_is_said():
    samples = batch(30, drawn(ALPHABET, 12))
    odd = Sample(samples[3].serial, samples[3].mac, samples[3].ssid, "ZZZZ2222KKKK")

    findings = examine_batch([*samples, odd], RULE)

    assert "more than once" in unknowns(findings, "uniqueness")[0].message


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_devices_are_said(count):
    assert unknowns(examine_batch(batch(count, drawn(ALPHABET, 12)), RULE), "uniqueness")


@pytest.mark.parametrize("columns", [("", ""), ("SN", "")])
def test_a_batch_without_serial_numbers_and_addresses_can_be_examined(columns):
    serial, mac = columns
    draw = drawn(ALPHABET, 12)
    samples = [Sample(serial and f"{serial}{k}", mac, "", draw()) for k in range(30)]

    assert not violations(examine_batch(samples, RULE))


@given(st.lists(st.tuples(st.text(max_size=6), st.text(max_size=6), st.text(max_size=10)), max_size=12))
@settings(deadline=None, max_examples=25)
def test_any_batch_can_be_examined(rows):
    samples = [Sample(serial, mac, "", password) for serial, mac, password in rows]

    assert {finding.aspect for finding in examine_batch(samples, RULE)} <= ASPECTS


def test_a_large_batch_is_examined_in_bounded_time():
    assert not violations(examine_batch(batch(4_000, drawn(ALPHABET, 12)), RULE))
