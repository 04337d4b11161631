"""The documented rule: how much it leaves to guess, and what refutes it."""

from __future__ import annotations

import math
import re

from pytest_etsi.assessment.findings import Finding, Kind
from pytest_etsi.assessment.passwords._model import (
    LONGEST,
    THRESHOLDS,
    Identity,
    Rule,
    alphabet_size,
    size_for,
)
from pytest_etsi.assessment.passwords._patterns import examine_patterns, is_word, pattern_finding
from pytest_etsi.text import listed

SECRET = frozenset({"random", "secret-key"})
PUBLIC = frozenset({"mac", "serial", "model", "ssid", "firmware", "date"})
_OF_ONE_DEVICE = frozenset({"mac", "serial", "ssid", "chip-id"})
"""What differs from device to device. Whether the identifier of a chip can be read from outside is not known."""
_SHARED = frozenset({"model", "firmware"})


def entropy_bits(rule: Rule) -> float | None:
    """The most bits that an attacker who knows the rule and all public data has to guess; None: not known.

    It is an upper bound: a weak random source or key is not seen. A rule without random or secret input gives
    0.
    """
    inputs = set(rule.inputs)
    if rule.method == "constant":
        return 0.0
    if not inputs & SECRET and ((inputs and inputs <= PUBLIC | {"counter"}) or rule.method == "counter"):
        if "counter" in inputs or rule.method == "counter":
            return math.log2(rule.production_volume) if rule.production_volume else None
        return 0.0 if rule.method not in {"random", "keyed-derivation"} else space_bits(rule)
    space = space_bits(rule)
    if rule.random_bits is None or "secret-key" in inputs or rule.method == "keyed-derivation":
        return space  # the bits of a key are not stated
    if space is None or rule.random_bits <= space - 1:
        return rule.random_bits
    return space  # the random bits are those of the characters, rounded by who wrote them: 19.9 of 19.93


def space_bits(rule: Rule) -> float | None:
    size = alphabet_size(rule.alphabet)
    if size is None or rule.length is None:
        return None
    return max(0, rule.length - len(rule.prefix)) * math.log2(size) if size > 1 else 0.0


def examine_rule(rule: Rule, *, throttled: bool | None = None, offline: bool = False) -> tuple[Finding, ...]:
    """Refute, where that is certain, a documented rule for generating passwords.

    Args:
        rule: the documented rule.
        throttled: whether guessing is slowed down or locked; None: not known.
        offline: whether the password can be attacked without the device, as a Wi-Fi key can.

    Returns:
        Findings of the aspects ``uniqueness``, ``regularity``, ``patterns``, ``relation`` and ``complexity``;
        those of level ``unknown`` name what the documents leave open. No violation does not confirm the rule.
    """
    return (
        *_rule_uniqueness(rule),
        *_rule_regularity(rule),
        *_rule_pattern(rule),
        *_rule_relation(rule),
        *_rule_complexity(rule, throttled, offline),
    )


def _rule_uniqueness(rule: Rule) -> list[Finding]:
    aspect, expected = "uniqueness", "a password for each device"
    inputs = set(rule.inputs)
    if rule.method == "constant":
        message = "The password is documented as constant, so devices share it."
        return [Finding("violation", aspect, message, expected=expected, found="method: constant")]
    found = f"inputs: {', '.join(rule.inputs)}"
    if inputs and inputs <= _SHARED and rule.method not in {"random", "counter"}:
        message = "The documented inputs are the same on all devices of the product, so devices share the "
        "password."
        return [Finding("violation", aspect, message, expected=expected, found=found)]
    findings: list[Finding] = []
    if inputs and inputs <= _SHARED | {"date"} and rule.method not in {"random", "counter"}:
        message = "The documented inputs are the same on all devices of one production date."
        findings.append(Finding("unknown", aspect, message, expected=expected, found=found))
    elif inputs and "secret-key" in inputs and inputs <= _SHARED | {"date", "secret-key"}:
        message = "No documented input differs from device to device, unless the secret key does."
        findings.append(Finding("unknown", aspect, message, expected="a key for each device", found=found))
    if rule.method is None and not inputs:
        message = "Neither method nor inputs of the generation are documented as facts."
        findings.append(Finding("unknown", aspect, message))
    findings += _collisions(rule)
    return findings


def _collisions(rule: Rule) -> list[Finding]:
    volume, space = rule.production_volume, space_bits(rule)
    if volume is None or volume < 2:
        return []
    counted = rule.method == "counter"
    bits = space
    if not counted and set(rule.inputs) & SECRET and not set(rule.inputs) & _OF_ONE_DEVICE:
        bits = entropy_bits(rule)
    if bits is None:
        message = "The number of possible passwords is not documented, so it cannot be held against the "
        "production volume."
        return [Finding("unknown", "uniqueness", message)]
    found = f"{_values(bits)} possible passwords for {volume} devices"
    for_each_value = volume * 2**-bits
    if for_each_value > 1 + 1e-9:
        message = "There are fewer possible passwords than devices, so devices share them."
        return [Finding("violation", "uniqueness", message, expected="more values than devices", found=found)]
    if counted:
        return []
    bounds = THRESHOLDS["collision_probability"]
    chance = -math.expm1(-for_each_value * (volume - 1) / 2)
    if chance > bounds["refuted_above"]:
        level: Kind = "violation"
    elif chance > bounds["noted_above"]:
        level = "note"
    else:
        return []
    message = f"The chance that any two of the devices share a password is {chance:.2g} (birthday estimate)."
    return [
        Finding(level, "uniqueness", message, expected="enough values for the production volume", found=found)
    ]


def _values(bits: float) -> str:
    return f"{2.0 ** min(bits, 1000):.3g}"


def _rule_regularity(rule: Rule) -> list[Finding]:
    aspect, expected = "regularity", "no regularity from one password to the next"
    inputs = set(rule.inputs)
    if rule.method == "constant":
        message = "The password is documented as constant."
        return [Finding("violation", aspect, message, expected=expected, found="method: constant")]
    if rule.method == "counter":
        if inputs & SECRET:
            message = "A counter is documented beside a random or secret input; whether it shows is for a "
            "person to judge."
            return [Finding("unknown", aspect, message, found="method: counter")]
        message = "The passwords are documented as counted up."
        return [Finding("violation", aspect, message, expected=expected, found="method: counter")]
    if (
        rule.method is None
        and inputs
        and inputs <= {"counter", "serial", "date"}
        and inputs & {"counter", "serial"}
    ):
        message = "The only documented inputs are counted up from device to device, and nothing is said to "
        "hide it."
        return [
            Finding(
                "violation", aspect, message, expected=expected, found=f"inputs: {', '.join(rule.inputs)}"
            )
        ]
    return []


def _rule_pattern(rule: Rule) -> list[Finding]:
    findings: list[Finding] = []
    prefix = re.sub(r"[^0-9A-Za-z]", "", rule.prefix).lower()
    if len(prefix) >= 4 and is_word(prefix):
        message = "The fixed part of the rule is a well-known word or password."
        findings.append(pattern_finding("violation", message))
    for number, example in enumerate(rule.examples, 1):
        for finding in examine_patterns(example[:LONGEST], size_for(example, rule), Identity()):
            message = f"Example {number} of the documents: {finding.message[0].lower()}{finding.message[1:]}"
            findings.append(pattern_finding(finding.kind, message))
    return findings


def _rule_relation(rule: Rule) -> list[Finding]:
    aspect, expected = "relation", "a random or secret input"
    inputs = set(rule.inputs)
    found = f"inputs: {', '.join(rule.inputs)}"
    if inputs & SECRET or not inputs or rule.method == "constant":
        return []
    if not inputs & {"mac", "serial", "ssid", "model"}:
        return []
    if rule.method in {"random", "keyed-derivation"}:
        need = "a random source" if rule.method == "random" else "a secret key"
        message = f"The method needs {need}, but the documented inputs are public data only."
        return [Finding("unknown", aspect, message, expected=expected, found=found)]
    how = "a hash of " if rule.method == "hash" else ""
    message = f"The password follows from {how}public data alone: no random or secret input is documented."
    return [Finding("violation", aspect, message, expected=expected, found=found)]


def _rule_complexity(rule: Rule, throttled: bool | None, offline: bool) -> list[Finding]:
    aspect = "complexity"
    floors = THRESHOLDS["entropy_floor_bits"]
    bits = entropy_bits(rule)
    if bits is None:
        missing = [
            name for name, value in (("length", rule.length), ("alphabet", rule.alphabet)) if not value
        ]
        message = f"The size of the password is not documented ({listed(missing) or 'inputs'} missing)."
        return [Finding("unknown", aspect, message, expected="length, alphabet and inputs")]
    if offline:
        lower, upper = floors["offline"], floors["offline_undisputed"]
    elif throttled is None:
        lower, upper = floors["throttled"], floors["unthrottled"]
    else:
        lower = upper = floors["throttled" if throttled else "unthrottled"]
    found = f"at most {bits:.1f} bits"
    slack = 1e-6
    if bits < lower["value"] - slack:
        message = f"The rule leaves at most {bits:.1f} bits to guess for one who knows it."
        return [
            Finding(
                "violation", aspect, message, expected=f"at least {lower['value']:.1f} bits", found=found,
                source=lower["source"],
            )
        ]  # fmt: skip
    if bits < upper["value"] - slack:
        why = (
            "the password can be attacked without the device"
            if offline
            else "whether guessing is slowed down is not known"
        )
        message = f"Whether at most {bits:.1f} bits are enough is for a person to judge: {why}."
        return [
            Finding(
                "unknown", aspect, message, expected=f"{upper['value']:.0f} bits to need no look", found=found,
                source=upper["source"],
            )
        ]  # fmt: skip
    return []
