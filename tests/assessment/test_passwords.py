"""Passwords that a device brings along: single ones, batches, rules and descriptions."""

from __future__ import annotations

import base64
import hashlib
import math
import random
import string

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pytest_etsi.assessment.findings import notes, unknowns, violations
from pytest_etsi.assessment.passwords import (
    ASPECTS,
    THRESHOLDS,
    Identity,
    Rule,
    Sample,
    alphabet_size,
    entropy_bits,
    examine_batch,
    examine_password,
    examine_rule,
    generation_prose_findings,
    is_common,
)

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
RULE = Rule("random", ("random",), 12, ALPHABET, random_bits=59, production_volume=100_000)
MAC = "02:42:AC:11:5E:7F"
DIGITS = "0242ac115e7f"
CAMERA = Identity("VC2411048123", MAC, "CAM-115E7F", "VC-100 Camera", "Example Devices", ("LBL-77231-A",))


def aspects(findings):
    return {finding.aspect for finding in violations(findings)}


# Single password --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "admin",
        "Admin",
        "PASSWORD",
        "12345678",
        "admin12345",
        "1q2w3e4r",
        "00000000",
        "xc3511",
        "letmein",
        "changeme",
        "P@ssw0rd99",
        "qwertzuiop12",
        "aaaaaaaaaa",
        "abcabcabcabc",
        "Camera!2024",
        "Ex4mpl3devices",
        "vc100camera",
        "monkey123456",
        "zyxwvutsrqpo",
    ],
)
def test_common_strings_and_familiar_patterns_are_found(password):
    assert "patterns" in aspects(examine_password(password, CAMERA))


@pytest.mark.parametrize(
    "password",
    [
        DIGITS,
        DIGITS.upper(),
        MAC,
        DIGITS[-8:],
        DIGITS[-6:].upper(),
        DIGITS[::-1],
        CAMERA.serial,
        "11048123",
        "048123",
        CAMERA.ssid,
        "LBL77231A",
        str(int(DIGITS, 16)),
        "0242ac115e80",
        "xK" + DIGITS + "9q",
        hashlib.md5(DIGITS.encode()).hexdigest()[:10],
        hashlib.md5(MAC.encode()).hexdigest()[-12:].upper(),
        hashlib.sha1(CAMERA.serial.encode()).hexdigest()[:16],
        hashlib.sha256(bytes.fromhex(DIGITS)).hexdigest()[:12],
        base64.b32encode(hashlib.sha1(CAMERA.serial.encode()).digest()).decode()[:12],
        base64.b64encode(hashlib.sha256(CAMERA.serial.encode()).digest()).decode()[:12],
        base64.b64encode(MAC.encode()).decode()[:12],
        hashlib.md5((CAMERA.serial + DIGITS).encode()).hexdigest()[:12],
        hashlib.md5(DIGITS.encode() + b"\n").hexdigest()[:12],
        "".join(ALPHABET[byte % 31] for byte in hashlib.md5(DIGITS.encode()).digest()[:12]),
    ],
)
def test_relations_to_public_data_are_found(password):
    assert "relation" in aspects(examine_password(password, CAMERA, Rule(alphabet=ALPHABET)))


@pytest.mark.parametrize(
    "password",
    ["K7QM2XW9RT4P", "hg4Rk2nWq8Lz", "83920174", "correct-horse-battery-staple", "7f3a9c0e51b2d846"],
)
def test_unrelated_passwords_give_no_violation(password):
    assert not violations(examine_password(password, CAMERA))


def test_a_short_accidental_piece_of_the_mac_is_no_violation():
    assert not violations(examine_password("K7QM5E7FRT4P", CAMERA, RULE))


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("K7QM2XW9RT4", "length"),
        ("K7QM2XW9RT4PP", "length"),
        ("k7qm2xw9rt4p", "outside"),
        ("K7QM2XW9RT41", "outside"),
        ("", "empty"),
    ],
)
def test_a_password_that_does_not_fit_the_rule_is_found(password, said):
    found = violations(examine_password(password, CAMERA, RULE), "rule")

    assert any(said in finding.message for finding in found)


def test_a_password_that_fits_the_rule_gives_nothing():
    assert examine_password("K7QM2XW9RT4P", CAMERA, RULE) == ()


def test_a_missing_fixed_part_is_found():
    rule = Rule(length=12, alphabet=ALPHABET, prefix="VC-")

    assert "rule" in aspects(examine_password("K7QM2XW9RT4P", CAMERA, rule))
    assert not violations(examine_password("VC-K7QM2XW9R", CAMERA, rule))


def test_a_length_that_leaves_out_the_fixed_part_is_a_note():
    findings = examine_password("VC-K7QM2XW9R", CAMERA, Rule(length=9, alphabet=ALPHABET, prefix="VC-"))

    assert not violations(findings)
    assert notes(findings, "rule")


def test_a_rule_without_length_and_alphabet_is_said_to_be_open():
    findings = examine_password("K7QM2XW9RT4P", CAMERA, Rule(method="random"))

    assert "length and alphabet" in unknowns(findings, "rule")[0].message


@pytest.mark.parametrize("alphabet", ["hex", "base32"])
def test_both_cases_fit_alphabets_in_which_case_says_nothing(alphabet):
    rule = Rule(length=8, alphabet=alphabet)

    assert not violations(examine_password("A7D2C5F4", Identity(), rule), "rule")
    assert not violations(examine_password("a7d2c5f4", Identity(), rule), "rule")


@given(st.text(string.ascii_letters + string.digits + "!-_.", min_size=8, max_size=24))
@settings(deadline=None, max_examples=60)
def test_no_finding_quotes_the_password(password):
    assume(not password.isalpha())  # "password" is a word of every message
    findings = examine_password(password, Identity("S1", MAC, model="Camera"), RULE)

    assert all(password not in str(finding.to_json()) for finding in findings)


@given(st.text(max_size=40), st.text(max_size=12), st.text(max_size=20), st.text(max_size=12))
@settings(deadline=None, max_examples=60)
def test_any_text_can_be_examined(password, serial, mac, model):
    findings = examine_password(password, Identity(serial, mac, model, model, serial, (mac,)), RULE)

    assert {finding.aspect for finding in findings} <= set(ASPECTS)


def test_a_very_long_password_is_examined_in_bounded_time():
    examine_password("a1" * 100_000, CAMERA, RULE)


def test_random_passwords_raise_no_alarm():
    """600 passwords of several shapes; each shape may alarm with a chance of 2e-5 at most."""
    draw = random.Random(20261103)
    shapes = [
        (ALPHABET, 12),
        (string.digits, 8),
        ("0123456789abcdef", 10),
        (string.ascii_letters + string.digits, 10),
    ]

    alarms = []
    for number in range(600):
        alphabet, length = shapes[number % len(shapes)]
        password = "".join(draw.choice(alphabet) for _ in range(length))
        rule = Rule("random", ("random",), length, alphabet)
        alarms += violations(examine_password(password, identity(draw, number), rule))

    assert alarms == []


# Batch ------------------------------------------------------------------------------------------------------


def identity(draw, number):
    mac = f"{draw.randrange(2**48):012X}"
    return Identity(f"VC24{number:08d}", mac, f"CAM-{mac[-4:]}", "VC-100 Camera", "Example Devices")


def batch(count, password, seed=7):
    """`count` devices with serial numbers and MAC addresses that count up; `password(index, serial, mac)`."""
    draw = random.Random(seed)
    serial, mac = draw.randrange(10**6), draw.randrange(2**47)
    found = []
    for index in range(count):
        number, address = f"VC24{serial + index:08d}", f"{mac + index:012x}"
        pairs = ":".join(address[k : k + 2] for k in range(0, 12, 2))
        found.append(Sample(number, pairs, f"CAM-{address[-4:]}", password(index, number, address)))
    return found


def drawn(alphabet, length, seed=3):
    draw = random.Random(seed)
    return lambda *_: "".join(draw.choice(alphabet) for _ in range(length))


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


SHAPES = [
    (ALPHABET, ALPHABET, 12),
    ("digits", string.digits, 6),
    ("digits", string.digits, 8),
    ("hex", "0123456789abcdef", 8),
    ("lower", string.ascii_lowercase, 8),
    ("alnum", string.ascii_letters + string.digits, 12),
    ("base32", string.ascii_uppercase + "234567", 16),
    (ALPHABET, ALPHABET, 5),
]


def test_random_batches_raise_no_alarm():
    """3000 batches of 2 to 30 devices; each test may alarm with a chance of 1e-9 at most."""
    draw = random.Random(20261104)

    alarms = []
    for number in range(3000):
        name, alphabet, length = SHAPES[number % len(SHAPES)]
        samples = batch(
            draw.choice([2, 3, 5, 8, 30]), drawn(alphabet, length, seed=draw.random()), seed=draw.random()
        )
        rule = Rule("random", ("random",), length, name) if number % 3 else None
        alarms += [
            finding
            for finding in violations(examine_batch(samples, rule))
            if rule or "list" not in finding.message
        ]

    assert alarms == []


@given(st.lists(st.tuples(st.text(max_size=6), st.text(max_size=6), st.text(max_size=10)), max_size=12))
@settings(deadline=None, max_examples=60)
def test_any_batch_can_be_examined(rows):
    samples = [Sample(serial, mac, "", password) for serial, mac, password in rows]

    assert {finding.aspect for finding in examine_batch(samples, RULE)} <= set(ASPECTS)


def test_a_large_batch_is_examined_in_bounded_time():
    assert not violations(examine_batch(batch(20_000, drawn(ALPHABET, 12)), RULE))


# Rule -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "size"),
    [("lower", 26), ("upper", 26), ("digits", 10), ("alnum", 62), ("hex", 16), ("base32", 32), ("abca", 3)],
)
def test_alphabets_have_their_size(name, size):
    assert alphabet_size(name) == size


def test_entropy_is_that_of_the_space_or_of_the_random_bits_whichever_is_less():
    assert entropy_bits(Rule("random", ("random",), 12, ALPHABET)) == pytest.approx(12 * math.log2(31))
    assert entropy_bits(Rule("random", ("random",), 12, ALPHABET, random_bits=32)) == 32
    assert entropy_bits(Rule("random", ("random",), 4, "digits", random_bits=128)) == pytest.approx(
        math.log2(10_000)
    )


def test_the_fixed_part_adds_no_entropy():
    assert entropy_bits(Rule("random", ("random",), 10, "digits", prefix="VC-")) == pytest.approx(
        7 * math.log2(10)
    )


@pytest.mark.parametrize(
    "rule",
    [
        Rule("constant", (), 12, ALPHABET),
        Rule("hash", ("mac",), 12, ALPHABET),
        Rule(None, ("serial", "model"), 12, ALPHABET),
    ],
)
def test_without_random_or_secret_input_there_is_nothing_to_guess(rule):
    assert entropy_bits(rule) == 0


def test_random_bits_do_not_bound_what_comes_from_a_key():
    rule = Rule("keyed-derivation", ("secret-key", "serial"), 12, ALPHABET, random_bits=0)

    assert entropy_bits(rule) == pytest.approx(12 * math.log2(31))


def test_entropy_is_unknown_without_length_alphabet_and_bits():
    assert entropy_bits(Rule("random", ("random",))) is None


RULES = st.builds(
    Rule,
    method=st.sampled_from([None, "random", "keyed-derivation", "hash", "counter", "constant"]),
    inputs=st.lists(
        st.sampled_from(
            ["random", "secret-key", "mac", "serial", "model", "ssid", "firmware", "date", "counter"]
        ),
        max_size=4,
        unique=True,
    ).map(tuple),
    length=st.none() | st.integers(1, 40),
    alphabet=st.none() | st.sampled_from(["digits", "alnum", "hex", ALPHABET, "a"]),
    prefix=st.sampled_from(["", "VC-", "admin"]),
    random_bits=st.none() | st.floats(0, 256),
    production_volume=st.none() | st.integers(1, 10**8),
)


@given(RULES)
def test_entropy_never_exceeds_the_space_of_values(rule):
    bits = entropy_bits(rule)
    size = alphabet_size(rule.alphabet)

    if (
        bits is not None
        and size
        and rule.length
        and rule.method != "counter"
        and "counter" not in rule.inputs
    ):
        assert 0 <= bits <= rule.length * math.log2(size) + 1e-9


@given(RULES, st.sampled_from([None, True, False]), st.booleans())
def test_any_rule_can_be_examined(rule, throttled, offline):
    findings = examine_rule(rule, throttled=throttled, offline=offline)

    assert {finding.aspect for finding in findings} <= set(ASPECTS)


@given(RULES, st.sampled_from([None, True, False]))
def test_a_random_source_is_never_called_a_relation(rule, throttled):
    if "random" in rule.inputs or "secret-key" in rule.inputs:
        assert not violations(examine_rule(rule, throttled=throttled), "relation")


def test_a_sound_rule_is_not_refuted_and_leaves_nothing_open():
    assert examine_rule(RULE, throttled=True) == ()


@pytest.mark.parametrize(
    ("rule", "aspect"),
    [
        (Rule("constant"), "uniqueness"),
        (Rule("constant"), "regularity"),
        (Rule("hash", ("model", "firmware"), 12, ALPHABET), "uniqueness"),
        (Rule("random", ("random",), 4, "digits", production_volume=20_000), "uniqueness"),
        (Rule("random", ("random",), 8, "digits", production_volume=100_000), "uniqueness"),
        (Rule("counter", ("counter",), 8, "digits"), "regularity"),
        (Rule(None, ("serial",), 8, "digits"), "regularity"),
        (Rule("hash", ("mac",), 12, ALPHABET), "relation"),
        (Rule(None, ("serial", "model"), 12, ALPHABET), "relation"),
        (Rule("hash", ("mac",), 12, ALPHABET), "complexity"),
        (Rule("random", ("random",), 4, "digits"), "complexity"),
        (Rule("random", ("random",), 12, ALPHABET, random_bits=16), "complexity"),
        (Rule("random", ("random",), 12, ALPHABET, prefix="admin"), "patterns"),
        (Rule("random", ("random",), 12, ALPHABET, prefix="C4mera-"), "patterns"),
        (Rule("random", ("random",), 8, "alnum", examples=("password1",)), "patterns"),
    ],
)
def test_what_is_certainly_wrong_with_a_rule_is_refuted(rule, aspect):
    assert aspect in aspects(examine_rule(rule))


@pytest.mark.parametrize(
    ("rule", "aspect"),
    [
        (Rule("keyed-derivation", ("mac",), 12, ALPHABET), "relation"),
        (Rule("random", ("serial",), 12, ALPHABET), "relation"),
        (Rule("keyed-derivation", ("secret-key", "model"), 12, ALPHABET), "uniqueness"),
        (Rule("hash", ("date",), 12, ALPHABET), "uniqueness"),
        (Rule("counter", ("counter", "random"), 12, ALPHABET), "regularity"),
        (Rule("random", ("random",), 12, ALPHABET, random_bits=40), "complexity"),
        (Rule("random", ("random",)), "complexity"),
        (Rule(), "uniqueness"),
    ],
)
def test_what_is_not_certain_is_left_open(rule, aspect):
    findings = examine_rule(rule)

    assert not violations(findings, aspect)
    assert unknowns(findings, aspect)


def test_six_random_digits_are_enough_only_behind_a_throttle():
    rule = Rule("random", ("random",), 6, "digits")

    assert not violations(examine_rule(rule, throttled=True), "complexity")
    assert not violations(examine_rule(rule), "complexity")
    assert violations(examine_rule(rule, throttled=False), "complexity")


def test_what_can_be_attacked_without_the_device_needs_more():
    twelve = Rule("random", ("random",), 8, ALPHABET)

    assert not violations(examine_rule(twelve, throttled=True), "complexity")
    assert violations(examine_rule(twelve, throttled=True, offline=True), "complexity")


def test_a_serial_number_under_a_key_is_no_collision_however_many_are_made():
    rule = Rule("keyed-derivation", ("secret-key", "serial"), 20, "alnum", production_volume=10**9)

    assert not violations(examine_rule(rule, throttled=True))


def test_every_floor_names_its_source():
    assert all(floor["source"] and floor["meaning"] for floor in THRESHOLDS["entropy_floor_bits"].values())


def test_the_list_of_common_passwords_ignores_case():
    assert is_common("AdMiN")
    assert not is_common("K7QM2XW9RT4P")


# Prose ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["", " ", "-", "--", "n/a", "N/A.", "TBD", "tbd", "to be defined", "?", "unknown", "...", "xxx"]
)
def test_no_description_refutes_that_passwords_differ(text):
    findings = generation_prose_findings(text)

    assert aspects(findings) == {"uniqueness"}
    assert {finding.aspect for finding in unknowns(findings)} == {
        "regularity",
        "patterns",
        "relation",
        "complexity",
    }


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("The same for all devices.", "uniqueness"),
        ("The same default password is used for all devices of the series.", "uniqueness"),
        ("All cameras share the same password.", "uniqueness"),
        ("The password is identical on all units.", "uniqueness"),
        ("A common password for every device, printed in the manual.", "uniqueness"),
        ("Passwords are sequential.", "regularity"),
        ("The PINs are counted up in production.", "regularity"),
        ("The password is the serial number.", "relation"),
        ("The initial password is the last 6 digits of the MAC address.", "relation"),
        ("The password equals the MAC address of the device.", "relation"),
    ],
)
def test_an_unambiguous_description_is_refuted(text, aspect):
    assert aspect in aspects(generation_prose_findings(text))


TRUTHFUL = [
    "Twelve characters are drawn from 31 symbols by the hardware random generator in production, for each device.",
    "The password is not the same for all devices; it is generated randomly.",
    "No two devices have the same password.",
    "The same algorithm is used for all devices: 16 random bytes, encoded in base32.",
    "Every device gets its own password. The same generator is used in all factories.",
    "The password is derived with HMAC-SHA-256 from the serial number under a secret key of 256 bits.",
    "The password is unrelated to the serial number, the MAC address and the SSID.",
    "The password is never the serial number or a part of it.",
    "Passwords are not sequential.",
    "The counter in the label printer is only used to match label and device; the password is random.",
    "Random. The label shows the serial number, the MAC address and the password.",
    "Until version 1.2 all devices shared the same default password; since then each has its own.",
    "A list of passwords is drawn by the HSM, duplicates are removed, and each device takes the next one.",
    "A 60-bit value from a certified TRNG, written in Crockford base32 (12 characters).",
    "The PIN is the result of a random generator; values such as 123456 or the serial number are rejected.",
    "The generator runs on the device at first start (/dev/urandom) and shows the password on the display.",
    "The user chooses the password at first start.",
    "The password is set individually for each unit in production and printed on the label.",
    "Die Passwörter werden für jedes Gerät zufällig erzeugt (12 Zeichen aus 31).",
    "The password consists of the model prefix 'VC' and ten random characters.",
    "The key of the derivation is the same for all devices, the input is a random number of each device.",
    "Each password is the AES encryption of a running number under a key kept in the HSM.",
    "The password is generated from 10 bytes of the TRNG, and the last digits of the serial number are added.",
    "Same as for AuthMech-web.",
    "It would be insecure if all devices had the same password, so each has its own.",
]


@pytest.mark.parametrize("text", TRUTHFUL)
def test_a_truthful_description_is_never_refuted(text):
    assert generation_prose_findings(text) == ()


@given(st.text(max_size=200))
def test_any_description_can_be_read(text):
    assert {finding.aspect for finding in generation_prose_findings(text)} <= set(ASPECTS)
