"""The declared protection: what it lets through, what that is worth against a secret, and whether that refutes it."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment.findings import Finding, Kind
from pytest_etsi.assessment.reading.words import elsewhere, says_nothing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.profile.facts import BruteForceFacts

__all__ = [
    "THRESHOLDS",
    "described",
    "judge_declared",
    "limits",
    "success_probability",
    "user_chosen_entropy_bits",
]

THRESHOLDS: Mapping[str, Any] = read_json("guessing.json")
"""The bounds used here, each with its value, meaning and source (``data/guessing.json``)."""

YEAR_S = float(THRESHOLDS["period_s"]["value"])


def limits(declared: BruteForceFacts) -> bool:
    """Whether a number is stated that limits the attempts: a delay, or a lock with its time."""
    return bool(declared.delay_s) or (declared.max_attempts is not None and bool(declared.first_lock_s))


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
    if declared.delay_s is not None:
        parts.append(f"{declared.delay_s:g} s for each attempt" if declared.delay_s else "no delay")
    if declared.scope:
        parts.append(f"counted per {declared.scope}" if declared.scope != "global" else "counted globally")
    if declared.entropy_only:
        parts.append("the size of the secret alone")
    return ", ".join(parts) or "no protection in numbers"


# ------------------------------------------------------------------------------------------------- arithmetic


def success_probability(attempts: float, entropy_bits: float) -> float:
    """The chance that one of `attempts` different guesses hits an evenly drawn secret of `entropy_bits` bits.

    Raises:
        ValueError: a negative argument.
    """
    if not attempts >= 0 or not entropy_bits >= 0:
        raise ValueError("attempts and entropy_bits must not be negative")
    if attempts == 0:
        return 0.0
    if math.isinf(attempts):
        return 1.0
    return min(1.0, math.pow(2.0, max(-1074.0, math.log2(attempts) - entropy_bits)))


def user_chosen_entropy_bits(min_length: int, rejects_common: bool) -> float:
    """A public estimate of the guessing entropy of a password that a user chooses, in bits.

    Source: NIST SP 800-63-2 (August 2013), appendix A, table A.1, for the 94 printable characters, without a
        composition
    rule. It was superseded in 2017 by SP 800-63B, which gives no numbers; it remains the only numeric
    estimate by a public body and is a rough one. Between the lengths of the table the value is interpolated.

    Args:
        min_length: the least number of characters that the device accepts.
        rejects_common: whether it rejects passwords of a list of common ones.

    Raises:
        ValueError: a negative length.
    """
    if min_length < 0:
        raise ValueError("min_length must not be negative")
    table = THRESHOLDS["user_chosen_entropy_bits"]
    plain: float = 0.0
    if min_length:
        plain = float(
            table["first_character"]
            + table["characters_2_to_8"] * (min(min_length, 8) - 1)
            + table["characters_9_to_20"] * max(0, min(min_length, 20) - 8)
            + table["characters_21_and_up"] * max(0, min_length - 20)
        )
    checked = {int(length): float(bits) for length, bits in table["dictionary_rule"].items()}
    if not rejects_common or min_length < min(checked) or min_length > max(checked):
        return plain
    if min_length in checked:
        return checked[min_length]
    below = max(length for length in checked if length < min_length)
    above = min(length for length in checked if length > min_length)
    share = (min_length - below) / (above - below)
    return checked[below] + share * (checked[above] - checked[below])


# ---------------------------------------------------------------------------------------- declared protection

_NO_PREVENTION = re.compile(
    r"(?:there is )?no (?:brute[ -]force )?(?:prevention|protection|limit|lockout|mechanism)s?"
    r"(?: (?:is |are )?(?:implemented|available|present|provided|in place))?\s*[.!]?"
    r"|not (?:present|provided)\s*[.!]?",
    re.IGNORECASE,
)


_DENIAL = re.compile(
    r"(?:and |there is )?(?:nothing|no\w*(?: \w+){0,3})"
    r" (?:slows|limits|stops|prevents|delays|locks|throttles|counts|hinders)"
    r"(?: \w+){0,4}"
    r"|(?:and |there (?:is|are) )?no (?:lock\w*|limits?|delays?|throttling|rate[ -]limit\w*|counters?|captcha|ban\w*)"
    r"(?: (?:and|or|nor|,)? ?(?:no )?(?:lock\w*|limits?|delays?|throttling|rate[ -]limit\w*|counters?|captcha|ban\w*))*"
    r"(?: \w+){0,4}"
    r"|(?:the )?(?:number of )?(?:wrong )?(?:attempts|guesses|guessing|logins?)(?: \w+){0,3} (?:is|are) "
    r"(?:not (?:limited|slowed|delayed|counted|locked|prevented|restricted)|unlimited|unrestricted)(?: \w+){0,3}",
    re.IGNORECASE,
)
"""A clause that says once more that there is nothing."""


def _is_nothing(prose: str) -> bool:
    if elsewhere(prose):
        return False
    if says_nothing(prose) or _NO_PREVENTION.fullmatch(" ".join(prose.split())) is not None:
        return True
    first, *more = [clause.strip() for clause in re.split(r"[.;:,!\n]+|\s-+\s", prose) if clause.strip()] or [
        ""
    ]
    none = (
        says_nothing(first)
        or _NO_PREVENTION.fullmatch(first) is not None
        or _DENIAL.fullmatch(first) is not None
    )
    return none and all(_DENIAL.fullmatch(clause) or _NO_PREVENTION.fullmatch(clause) for clause in more)


def judge_declared(
    prose: str,
    declared: BruteForceFacts | None,
    *,
    entropy_bits: float | None = None,
    user_chosen: bool = False,
) -> tuple[Finding, ...]:
    """Refute, where that is certain, that the declared protection makes guessing impracticable (5.1-5-1 a).

    Args:
        prose: the IXIT field on brute force prevention, word for word.
        declared: the same as numbers; None when the profile gives none.
        entropy_bits: size of the secret in bits; None when unknown.
        user_chosen: whether `entropy_bits` is an estimate for a secret that the user chooses.

    Returns:
        Findings of the aspect ``impracticability``. No violation does not mean that it is adequate: that is a
        competent person's conclusion.
    """
    findings: list[Finding] = []
    fast = float(THRESHOLDS["unthrottled_rate_per_s"]["fast"])
    accepted = float(THRESHOLDS["probability"]["accepted_below"]["value"])
    if _is_nothing(prose):
        stated = declared is not None and (limits(declared) or declared.entropy_only)
        findings.append(
            _finding(
                "unknown" if stated else "violation",
                "The documents give numbers for a brute force prevention, but its description says nothing."
                if stated
                else "No brute force prevention is documented for a mechanism on a network interface.",
                expected="a description of the prevention",
                found=repr(" ".join(prose.split())[:40]),
            )
        )
        if not stated:
            return tuple(findings)
    if entropy_bits is not None and not user_chosen:
        # A secret that is large enough by itself needs no throttling, whatever else is declared.
        by_size = success_probability(YEAR_S * fast, entropy_bits)
        if by_size <= accepted:
            return (
                *findings,
                _finding(
                    "note",
                    f"The secret of {entropy_bits:.0f} bits resists guessing by its size: {fast:g} attempts "
                    f"per second for a year succeed with a probability of {_chance(by_size)}.",
                    source=str(THRESHOLDS["probability"]["accepted_below"]["source"]),
                ),
            )
    if declared is None:
        return (_finding("unknown", "The prevention is not stated in numbers, so no rate can be computed."),)
    if declared.scope == "connection" and not declared.entropy_only:
        findings.append(
            _finding(
                "violation",
                "The counter of wrong attempts belongs to the connection: every new connection starts anew.",
                expected="a limit that a new connection does not lift",
                found=described(declared),
            )
        )
    elif declared.scope == "source":
        findings.append(
            _finding(
                "note",
                "The counter belongs to the source address; an attacker with many addresses gets as many "
                "times the attempts.",
            )
        )
    if declared.max_attempts is not None and declared.first_lock_s is None and not declared.delay_s:
        text = "A lock is declared without its time, so no rate can be computed."
        return (*findings, _finding("unknown", text, found=described(declared)))
    if declared.max_attempts is not None and declared.lockout_s == 0 and not declared.delay_s:
        text = "The declared lock lasts no time at all."
        return (*findings, _finding("violation", text, expected="a lock time", found=described(declared)))
    if not limits(declared) and not declared.entropy_only:
        neither = "No lock" if declared.delay_s == 0 else "Neither a lock nor a delay"
        text = f"{neither} is stated in numbers, so no rate can be computed."
        return (*findings, _finding("unknown", text, found=described(declared)))
    if entropy_bits is None:
        through = declared.guesses(YEAR_S)
        rate = "no limit that can be computed" if math.isinf(through) else f"{through:.0f} attempts in a year"
        findings.append(
            _finding(
                "unknown",
                f"The size of the secret is not known; the declared protection lets {rate} through.",
            )
        )
        return tuple(findings)
    findings.extend(_judge_rate(declared, entropy_bits, user_chosen))
    return tuple(findings)


def _judge_rate(declared: BruteForceFacts, entropy_bits: float, user_chosen: bool) -> list[Finding]:
    bounds = THRESHOLDS["probability"]
    refuted = bounds["user_chosen_refuted_above"] if user_chosen else bounds["refuted_above"]
    accepted = bounds["accepted_below"]
    if limits(declared) and not declared.entropy_only:
        most = declared.guesses(YEAR_S)
        least = most
        if declared.max_attempts is not None:
            # For refuting: as if, after the first lock, every single wrong attempt locked again.
            one_by_one = declared.model_copy(update={"max_attempts": 1})
            least = min(most, one_by_one.guesses(YEAR_S) + declared.max_attempts - 1)
        what = f"{most:.0f} attempts in a year get through ({described(declared)})"
    else:
        rates = THRESHOLDS["unthrottled_rate_per_s"]
        least, most = YEAR_S * rates["slow"], YEAR_S * rates["fast"]
        what = f"nothing slows the attempts down; counted with {rates['slow']} to {rates['fast']} per second"
    low, high = success_probability(least, entropy_bits), success_probability(most, entropy_bits)
    size = (
        f"an estimated {entropy_bits:.0f} bits chosen by the user"
        if user_chosen
        else f"{entropy_bits:.1f} bits"
    )
    if low > refuted["value"]:
        return [
            _finding(
                "violation",
                f"Guessing is practicable: {what}; against {size} they succeed with a probability of "
                f"{_chance(low)}.",
                expected=f"at most {_chance(refuted['value'])} in a year",
                found=_chance(low),
                source=str(refuted["source"]),
            )
        ]
    if high > accepted["value"]:
        return [
            _finding(
                "unknown",
                f"Whether guessing is impracticable is for a person to judge: {what}; against {size} they "
                f"succeed with a "
                f"probability of {_chance(high)} in a year.",
                expected=f"at most {_chance(accepted['value'])} to need no look",
                found=_chance(high),
                source=str(accepted["source"]),
            )
        ]
    return []


def _finding(level: Kind, message: str, *, expected: str = "", found: str = "", source: str = "") -> Finding:
    return Finding(level, "impracticability", message, expected=expected, found=found, source=source)


def _chance(probability: float) -> str:
    if probability >= 0.01:
        return f"{probability:.0%}"
    return f"1 in {1 / probability:.3g}" if probability > 0 else "0"
