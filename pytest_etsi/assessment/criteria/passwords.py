"""Passwords that the user does not choose: their documented generation, and the real ones."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, Findings, located, violation
from pytest_etsi.assessment.passwords import (
    Identity,
    Rule,
    Sample,
    examine_batch,
    examine_password,
    examine_rule,
    generation_prose_findings,
)
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.dut.observe.first_start import FirstStart
    from pytest_etsi.profile import Profile
    from pytest_etsi.profile.entries import AuthMechEntry

__all__ = ["before_one_is_set", "generation", "real", "samples_of"]

_MOST_SAMPLES = 100_000

ENOUGH_SAMPLES = 20
"""Factory passwords from which a program may conclude; fewer show too little of how they were made."""


def generation(entry: AuthMechEntry) -> Findings:
    """What the documented generation of an entry's passwords refutes on paper.

    Aspects: ``description``, ``uniqueness``, ``regularity``, ``patterns``, ``relation``, ``complexity``.
    """
    found = list(generation_prose_findings(entry["Password Generation Mechanism"]))
    rule = rule_of(entry)
    if rule is not None:
        brute_force = entry.facts.brute_force
        throttled = None if brute_force is None else brute_force.throttles
        found.extend(located(examine_rule(rule, throttled=throttled), entry, "facts.password.generation"))
    return Findings(located(found, entry, "Password Generation Mechanism"))


def real(entry: AuthMechEntry, profile: Profile, password: str) -> Findings:
    """Compare the device's own password, and a batch of the factory's, with the documented generation.

    Violations show another generation; unknown is what a person has to judge: a rule that is not stated in facts, or
    too few passwords to show how they were made.

    Args:
        entry: of 1-AuthMech.
        profile: names the device, and the batch under ``access.samples``.
        password: the one that the device has now.

    Raises:
        Inconclusive: the batch cannot be read (``information``).
    """
    rule = rule_of(entry)
    samples = samples_of(profile)
    found = list(examine_password(password, _identity(profile), rule))
    if samples:
        found.extend(examine_batch(samples, rule))
    if rule is None:
        found.append(Finding("unknown", "rule", "it is not stated in facts how the passwords are generated"))
    if len(samples) < ENOUGH_SAMPLES:
        found.append(
            Finding(
                "unknown",
                "rule",
                f"{1 + len(samples)} password(s) are too few to show how they were made",
                expected=f"{ENOUGH_SAMPLES} factory passwords under access.samples",
            )
        )
    return Findings(
        located(found, entry, "facts.password.generation"),
        f"the live password and {len(samples)} of the factory: nothing suggests another generation",
    )


def before_one_is_set(entry: AuthMechEntry, first: FirstStart) -> Findings:
    """Ways in which a device in factory default can be used before the user has set a password (5.1-1-2 b).

    Args:
        entry: of 1-AuthMech.
        first: what the device let us do.
    """
    return Findings(
        (
            violation(entry, None, way, aspect="behaviour", expected="no use before a password is set")
            for way in first.ways_in
        ),
        first.searched,
    )


def samples_of(profile: Profile) -> tuple[Sample, ...]:
    """The factory passwords that the profile names under ``access.samples``; empty: it names none.

    Raises:
        Inconclusive: the file cannot be read or lacks the columns (``information``).
    """
    path = profile.access.samples
    if not path:
        return ()
    try:
        return _read_samples(path)
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        problem = f"it has no column {error}" if isinstance(error, KeyError) else str(error)
        inconclusive(
            f"the factory passwords in {path} cannot be read: {problem}",
            cause=Cause.INFORMATION,
            settle="give a CSV file with the columns serial, mac and password",
        )


def _read_samples(path: Path | str) -> tuple[Sample, ...]:
    with open(path, encoding="utf-8-sig", newline="") as file:  # noqa: PTH123 - a path or its text
        rows = csv.DictReader(file)
        return tuple(
            Sample(row["serial"] or "", row["mac"] or "", row.get("ssid") or "", row["password"] or "")
            for _, row in zip(range(_MOST_SAMPLES), rows, strict=False)
        )


def rule_of(entry: AuthMechEntry) -> Rule | None:
    """The documented generation of an entry's passwords as a rule; None: its facts state none."""
    facts = entry.facts.password
    generation = facts.generation if facts is not None else None
    if generation is None:
        return None
    return Rule(
        method=generation.method,
        inputs=tuple(generation.inputs),
        length=generation.length,
        alphabet=generation.alphabet,
        prefix=generation.prefix,
        random_bits=generation.random_bits,
        production_volume=generation.production_volume,
        examples=tuple(generation.examples),
    )


def _identity(profile: Profile) -> Identity:
    dut = profile.dut
    return Identity(
        serial=dut.serial or "",
        mac=dut.mac or "",
        ssid=dut.ssid or "",
        model=dut.model,
        manufacturer=dut.manufacturer,
        labels=dut.labels,
    )
