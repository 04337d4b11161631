"""The declared protection: what it lets through, what that is worth against a secret, and whether that refutes it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment.findings import Finding, Kind
from pytest_etsi.assessment.reading.denials import says_none
from pytest_etsi.assessment.reading.sentences import shortened
from pytest_etsi.assessment.reading.words import elsewhere, left_blank, says_nothing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.assessment.reading.denials import Answer
    from pytest_etsi.profile.facts import BruteForceFacts, RateFacts

__all__ = [
    "THRESHOLDS",
    "days_to_guess",
    "described",
    "described_rate",
    "judge_declared",
    "limits",
]

THRESHOLDS: Mapping[str, Any] = read_json("guessing.json")
"""The bounds used here, each with its value, meaning and source (``data/guessing.json``)."""

DAY_S = 86_400.0
YEAR_S = float(THRESHOLDS["year_s"]["value"])
_PERMITTED_DAYS = float(THRESHOLDS["methodology"]["days"])
_PERMITTED_CHANCE = float(THRESHOLDS["methodology"]["chance"])
_PERMITTED_FAILURES = int(THRESHOLDS["consecutive_failures"]["value"])
_METHODOLOGY = str(THRESHOLDS["methodology"]["source"])
_GUIDELINE = str(THRESHOLDS["consecutive_failures"]["source"])


def limits(declared: BruteForceFacts) -> bool:
    """Whether a number is stated that limits the attempts: a delay, a limit per time, or a lock with its time."""
    return bool(declared.delay_s or declared.rates) or (
        declared.max_attempts is not None and bool(declared.first_lock_s)
    )


def described(declared: BruteForceFacts) -> str:
    """The declared protection in one phrase, for findings."""
    parts = []
    if declared.max_attempts is not None:
        parts.append(f"a lock after {declared.max_attempts} wrong attempts")
    if declared.lockout_s is not None:
        parts.append(f"for {declared.lockout_s:g} s")
    if declared.until is not None:
        parts.append(f"until a {declared.until}")
    if declared.growth != 1:
        parts.append(f"growing by the factor {declared.growth:g}")
    if declared.max_lockout_s is not None:
        parts.append(f"up to {declared.max_lockout_s:g} s")
    parts.extend(described_rate(rate) for rate in declared.rates)
    if declared.delay_s is not None:
        parts.append(f"{declared.delay_s:g} s for each attempt" if declared.delay_s else "no delay")
    if declared.scope:
        parts.append(f"counted per {declared.scope}" if declared.scope != "global" else "counted globally")
    if declared.entropy_only:
        parts.append("the size of the secret alone")
    return ", ".join(parts) or "no protection in numbers"


def described_rate(rate: RateFacts) -> str:
    """A declared limit per time in one phrase."""
    span = {"sliding": "in any", "fixed": "in each fixed window of", None: "within"}[rate.window]
    return f"{rate.attempts} wrong attempts {span} {rate.per_s:g} s"


# Arithmetic -------------------------------------------------------------------------------------------------


def days_to_guess(tries_a_day: float, entropy_bits: float) -> float:
    """Days until half of all secrets are tried, which is how long an attack takes on average.

    Args:
        tries_a_day: in 24 hours; infinite: nothing limits them.
        entropy_bits: size of the secret, drawn evenly; less than 1024.

    Raises:
        ValueError: a negative argument.
        OverflowError: a size that no float holds.
    """
    if not tries_a_day >= 0 or not entropy_bits >= 0:
        raise ValueError("tries_a_day and entropy_bits must not be negative")
    return math.pow(2.0, entropy_bits) / (2 * tries_a_day) if tries_a_day else math.inf


# Declared protection ----------------------------------------------------------------------------------------


def _says_none(prose: str) -> Answer:
    """Whether the description says that there is no prevention; that it stands elsewhere says nothing of it."""
    if elsewhere(prose):
        return ""
    return "none" if says_nothing(prose) else says_none("auth_mech", "Brute Force Prevention", prose)


def judge_declared(
    prose: str, declared: BruteForceFacts | None, *, entropy_bits: float | None = None, chosen: str = ""
) -> tuple[Finding, ...]:
    """Refute, where that is certain, that the declared protection makes guessing impracticable (5.1-5-1 a).

    Refuted is what stays below what the one public methodology with numbers demands. Between that and the limit of NIST
    SP 800-63B a person judges, told both figures. The size of a secret that a user chooses is not known, and nothing is
    refuted by an estimate of it.

    Args:
        prose: the IXIT field on brute force prevention, word for word.
        declared: the same as numbers; None when the profile gives none.
        entropy_bits: size of the secret in bits, at most; None when it is not known.
        chosen: what is known of a secret that the user chooses, for the person who judges.

    Returns:
        Findings of the aspect ``impracticability``. No violation does not mean that it is adequate: that is a
        competent person's conclusion.
    """
    findings: list[Finding] = []
    said = _says_none(prose)
    if said == "open" or left_blank(prose):
        text = f"The description leaves open what the prevention is: {shortened(prose)!r}."
        findings.append(_finding("unknown", text, expected="a description of the prevention"))
    if said == "none":
        stated = declared is not None and (limits(declared) or declared.entropy_only)
        findings.append(
            _finding(
                "unknown" if stated else "violation",
                "The documents give numbers for a brute force prevention, but its description says nothing."
                if stated
                else "No brute force prevention is documented for a mechanism on a network interface: "
                f"{shortened(prose)!r}.",
                expected="a description of the prevention",
                found=repr(shortened(prose)),
            )
        )
        if not stated:
            return tuple(findings)
    enough = THRESHOLDS["needs_no_limit_from_bits"]
    if entropy_bits is not None and entropy_bits >= enough["value"]:
        # A secret that is large enough by itself needs no throttling, whatever else is declared.
        message = (
            f"The secret of {entropy_bits:.0f} bits needs no limit of attempts, {enough['value']} are enough."
        )
        return (*findings, _finding("note", message, source=str(enough["source"])))
    if declared is None:
        text = "The prevention is not stated in numbers, so no rate can be computed."
        return (*findings, _finding("unknown", text))
    if declared.scope == "connection" and not declared.entropy_only:
        findings.append(
            _finding(
                "violation",
                "The counter of wrong attempts belongs to the connection: every new connection starts anew.",
                expected="a limit that a new connection does not lift",
                found=described(declared),
            )
        )
    slowed = declared.delay_s or declared.rates
    if declared.max_attempts is not None and declared.first_lock_s is None and not slowed:
        text = "A lock is declared without its time, so no rate can be computed."
        return (*findings, _finding("unknown", text, found=described(declared)))
    if declared.max_attempts is not None and declared.lockout_s == 0 and not slowed:
        text = "The declared lock lasts no time at all."
        return (*findings, _finding("violation", text, expected="a lock time", found=described(declared)))
    if not limits(declared) and not declared.entropy_only:
        neither = "No lock" if declared.delay_s == 0 else "Neither a lock nor a delay"
        text = f"{neither} is stated in numbers, so no rate can be computed."
        return (*findings, _finding("unknown", text, found=described(declared)))
    return (*findings, _judge_figures(declared, entropy_bits, chosen))


def _judge_figures(declared: BruteForceFacts, entropy_bits: float | None, chosen: str) -> Finding:
    """What is declared held against both public figures."""
    unlimited = not limits(declared) or declared.entropy_only
    if unlimited:
        a_day = DAY_S / float(THRESHOLDS["unlimited"]["seconds_per_try"])
        failures = math.inf
        let_through = f"nothing slows guessing down, at least {a_day:.0f} tries get through in 24 h"
    else:
        # A lock that grows lets most through on the first day: what counts is the time that the methodology asks for.
        a_day = declared.guesses(_PERMITTED_DAYS * DAY_S) / _PERMITTED_DAYS
        failures = declared.guesses(YEAR_S)
        let_through = f"{declared.guesses(DAY_S):.0f} tries get through in 24 h ({described(declared)})"
    limit = (
        f"{_count(failures)} failures in a row get through in a year, of at most {_PERMITTED_FAILURES} "
        f"({_short(_GUIDELINE)})"
    )
    if entropy_bits is None:
        needed = math.log2(max(1.0, 2 * _PERMITTED_DAYS * a_day))
        return _finding(
            "unknown",
            f"The size of the secret is not known{f' ({chosen})' if chosen else ''}: {let_through}, so that "
            f"{_PERMITTED_DAYS:g} days take {needed:.0f} bits, {math.ceil(needed / math.log2(10))} random digits "
            f"({_short(_METHODOLOGY)}); {limit}.",
            expected="a secret of known size, or a person's judgement",
            source=f"{_METHODOLOGY}; {_GUIDELINE}",
        )
    days = days_to_guess(a_day, entropy_bits)
    figures = (
        f"{let_through}; against {entropy_bits:.1f} bits guessing takes {_count(days)} days, of at least "
        f"{_PERMITTED_DAYS:g} ({_short(_METHODOLOGY)})"
    )
    chance = None
    first = min((*(rate.attempts for rate in declared.rates), declared.max_attempts or math.inf))
    if declared.scope == "source" and math.isfinite(first) and not unlimited:
        chance = first * math.pow(2.0, -entropy_bits)
        many = min(1.0, chance * THRESHOLDS["addresses"]["value"])
        figures += (
            f"; one source finds it before it is first refused with a chance of {_chance(min(1.0, chance))}, all "
            f"{THRESHOLDS['addresses']['value']} of a usual network with {_chance(many)}, of less than "
            f"{_chance(_PERMITTED_CHANCE)}"
        )
    if days < _PERMITTED_DAYS or (chance is not None and chance >= _PERMITTED_CHANCE):
        return _finding(
            "violation",
            f"Guessing is practicable: {figures}.",
            expected=f"at least {_PERMITTED_DAYS:g} days",
            found=f"{_count(days)} days",
            source=_METHODOLOGY,
        )
    source_only = declared.scope == "source"
    if failures <= _PERMITTED_FAILURES and not source_only:
        return _finding(
            "note",
            f"Guessing meets both public figures: {figures}; {limit}.",
            source=f"{_METHODOLOGY}; {_GUIDELINE}",
        )
    return _finding(
        "unknown",
        f"Whether guessing is impracticable is for a person to judge: {figures}; {limit}"
        f"{', counted for each source address' if source_only else ''}.",
        expected=f"at most {_PERMITTED_FAILURES} failures in a row to need no look",
        found=_count(failures),
        source=f"{_METHODOLOGY}; {_GUIDELINE}",
    )


def _finding(level: Kind, message: str, *, expected: str = "", found: str = "", source: str = "") -> Finding:
    return Finding(level, "impracticability", message, expected=expected, found=found, source=source)


def _short(source: str) -> str:
    """What a source is called in a sentence, that names it whole elsewhere."""
    return "CLS SP-151-4A" if source == _METHODOLOGY else "SP 800-63B"


def _count(number: float) -> str:
    """A number as a person reads it: as many digits as matter."""
    if math.isinf(number):
        return "any number of"
    return f"{number:.2g}" if number < 10 else f"{number:,.0f}" if number < 1e9 else f"{number:.2g}"


def _chance(probability: float) -> str:
    if probability >= 0.001:
        return f"{probability:.2%}".rstrip("0%").rstrip(".") + "%"
    return f"1 in {1 / probability:,.0f}" if probability > 0 else "0"
