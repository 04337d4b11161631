"""Verdicts in JUnit reports: properties of each case, and of the run as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["case_properties", "run_properties"]


def case_properties(record: Mapping[str, Any], about: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is said of one evaluation; empty values are left out."""
    named = {
        "etsi_device": record["device"],
        "etsi_provision": about["group"],
        "etsi_case": about["case"],
        "etsi_unit": record["unit"],
        "etsi_entry": record["entry"],
        "etsi_verdict": record["verdict"],
        "etsi_cause": record["cause"],
        "etsi_decided_by": record["decided_by"],
        "etsi_reason": record["reason"],
    }
    yield from ((name, _clean(value)) for name, value in named.items() if value)


def run_properties(results: Mapping[str, Any], device: str) -> Iterator[tuple[str, str]]:
    """What is said of a device; the names carry the device's, because a run may assess several."""
    prefix = f"etsi.{device}"
    for key in ("manufacturer", "model", "hardware", "software"):
        value = results.get("dut", {}).get(key)
        if value:
            yield f"{prefix}.dut.{key}", _clean(value)
    yield f"{prefix}.edition", _clean(results["edition"])
    yield f"{prefix}.overall", _clean(results["overall"])
    for verdict, number in results.get("counts", {}).items():
        yield f"{prefix}.count.{verdict.lower().replace(' ', '-')}", str(number)


def _clean(value: object) -> str:
    """As text without the control characters that XML cannot hold."""
    text = str(value)
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " for char in text)
