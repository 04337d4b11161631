"""Examination of the factory passwords of several devices together."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment.findings import Finding
from pytest_etsi.assessment.passwords._batch_tests import (
    batch_counter,
    batch_distribution,
    batch_positions,
    batch_relation,
    batch_template,
    devices,
)
from pytest_etsi.assessment.passwords._evidence import at_least
from pytest_etsi.assessment.passwords._model import (
    Rule,
    Sample,
    batch_size,
    beyond_chance,
    body_of,
    mac_digits,
)
from pytest_etsi.assessment.passwords._patterns import common_passwords, is_common, pattern_finding
from pytest_etsi.assessment.passwords._rule import entropy_bits, space_bits
from pytest_etsi.assessment.passwords._single import examine_form

if TYPE_CHECKING:
    from collections.abc import Sequence


def examine_batch(samples: Sequence[Sample], rule: Rule | None = None) -> tuple[Finding, ...]:
    """Examine the factory passwords of several devices.

    Tests for equal passwords, counters along the serial numbers, positions that never change, characters that are not
    evenly used, and relations to each device's own MAC address and serial number. Each of them is reported as a
    violation only when evenly drawn passwords show it with a chance of at most 1e-9 (``data/passwords.json``). Even use
    of characters is tested by the likelihood-ratio statistic with the bound of Agrawal (IEEE Transactions on
    Information Theory 66, 2020), which holds for every sample size; the usual chi-square approximation does not hold
    at such small chances. A deviation as small as that of "random byte modulo size of the alphabet" is not reported.

    Args:
        samples: one per device; the same device given twice counts once.
        rule: the documented rule.

    Returns:
        Findings of the aspects ``uniqueness``, ``regularity``, ``relation``, ``patterns``, ``rule`` and ``complexity``.
    """
    devices: dict[tuple[str, str], Sample] = {}
    findings: list[Finding] = []
    clash = 0
    for number, sample in enumerate(samples):
        key = (sample.serial or f"#{number}", mac_digits(sample.mac))
        known = devices.setdefault(key, sample)
        clash += known.password != sample.password
    if clash:
        message = f"{clash} devices are listed more than once, with different passwords."
        findings.append(Finding("unknown", "uniqueness", message, expected="one line for each device"))
    batch = sorted(devices.values(), key=_serial_key)
    if not batch:
        return (Finding("unknown", "uniqueness", "The batch has no passwords."),)
    findings += _batch_form(batch, rule)
    if len(batch) < 2:
        message = "The batch has a single device, so passwords cannot be compared."
        return (*findings, Finding("unknown", "uniqueness", message))
    findings += _batch_duplicates(batch, rule)
    if len({sample.password for sample in batch}) > 1:
        bodies = [body_of(sample.password, rule) for sample in batch]
        findings += batch_counter(bodies, rule)
        findings += batch_positions(bodies, rule)
        findings += batch_distribution(bodies, rule) or batch_template(bodies, rule)
        findings += batch_relation(batch, bodies, rule)
    return tuple(findings)


def _serial_key(sample: Sample) -> tuple[Any, ...]:
    parts = re.split(r"(\d+)", sample.serial or mac_digits(sample.mac))
    return tuple((1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts)


def _batch_form(batch: Sequence[Sample], rule: Rule | None) -> list[Finding]:
    findings: list[Finding] = []
    if rule is not None:
        wrong: dict[str, list[Sample]] = defaultdict(list)
        seen: dict[str, Finding] = {}
        for sample in batch:
            for finding in examine_form(sample.password, rule):
                wrong[finding.message].append(sample)
                seen.setdefault(finding.message, finding)
        for message, those in wrong.items():
            first = seen[message]
            text = message if len(those) == len(batch) else f"{message} ({devices(those, len(batch))})"
            findings.append(Finding(first.kind, "rule", text, expected=first.expected, found=first.found))
    common = [sample for sample in batch if is_common(sample.password)]
    if common:
        findings.append(_common_ones(common, batch, rule))
    return findings


def _common_ones(common: Sequence[Sample], batch: Sequence[Sample], rule: Rule | None) -> Finding:
    """A violation unless even drawing from the documented characters meets the list that often."""
    evidence = at_least(len(common), len(batch), _chance_of_listed(rule))
    who = devices(common, len(batch))
    message = f"Passwords are in the list of well-known weak and vendor default passwords ({who})."
    if beyond_chance(evidence):
        return pattern_finding("violation", message)
    message = f"{message[:-1]}, which can be chance with so few possible passwords."
    return pattern_finding("unknown", message)


def _chance_of_listed(rule: Rule | None) -> float:
    """The most that an evenly drawn password can be in the list; 0 where no rule says from what is drawn."""
    bits = space_bits(rule) if rule is not None else None
    if rule is None or rule.length is None or bits is None:
        return 0.0
    drawn = rule.length - len(rule.prefix)
    written = 2 * sum(len(word) == drawn for word in common_passwords())  # in small letters and in capitals
    return min(1.0, written * 2**-bits)


def _batch_duplicates(batch: Sequence[Sample], rule: Rule | None) -> list[Finding]:
    groups: dict[str, list[Sample]] = defaultdict(list)
    for sample in batch:
        groups[sample.password].append(sample)
    shared = [group for group in groups.values() if len(group) > 1]
    if not shared:
        return []
    n = len(batch)
    if len(groups) == 1:
        message = f"All {n} devices have the same password."
        return [
            Finding("violation", "uniqueness", message, expected="a password for each device", found="one")
        ]
    pairs = sum(math.comb(len(group), 2) for group in shared)
    bits = _bits_of_a_value([body_of(sample.password, rule) for sample in batch], rule)
    expected = math.comb(n, 2) * 2**-bits
    # Some `spare` devices repeat another's value: at most (n over spare) (n / values)^spare.
    spare = n - len(groups)
    evidence = spare * (bits - math.log2(n)) - math.log2(math.comb(n, spare))
    who = devices(max(shared, key=len), n)
    said = f"by chance {expected:.1e} equal pairs are to be expected"
    if beyond_chance(evidence):
        message = f"Devices share their password: {pairs} equal pairs ({who}); {said}."
        return [Finding("violation", "uniqueness", message, expected="a password for each device")]
    message = f"Devices share their password: {pairs} equal pairs ({who}); {said}, which the documented rule may allow."
    return [Finding("unknown", "uniqueness", message, expected="a password for each device")]


def _bits_of_a_value(bodies: Sequence[str], rule: Rule | None) -> float:
    """How much is drawn for a password, by its characters and by the rule, where that leaves anything to guess."""
    written = min(map(len, bodies)) * math.log2(batch_size(bodies, rule))
    stated = entropy_bits(rule) if rule is not None else None
    return min(written, stated) if stated else written
