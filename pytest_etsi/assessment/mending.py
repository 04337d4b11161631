"""How what FAILs is mended, in our own words: by the provision, and by what the documents have to do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment._data import read_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["guide", "mending"]

_AN_ENTRY = "an entry of "


def mending(provisions: Iterable[str], findings: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """How what refutes provisions would be mended, in sentences, the likeliest first; none: nothing is known.

    Args:
        provisions: ids of the test groups, of either edition.
        findings: as they are in the record; only the violations among them count.
    """
    violations = [finding for finding in findings if finding.get("kind") == "violation"]
    lacking = list(dict.fromkeys(filter(None, map(_lacking, violations))))
    said = (
        [f"Remove what the device does not need; what stays needs an entry of {_listed(lacking)}."]
        if lacking
        else []
    )
    said += [str(finding.get("settle", "")) for finding in violations]
    # Where nothing else was found than that something is not in the documents, what is asked of it was not looked at.
    if not violations or not all(map(_lacking, violations)):
        known = read_json("mending.json")["provisions"]
        # The second edition splits provisions, and then adds a letter to the number.
        said += [str(known.get(one) or known.get(one.rstrip("AB"), "")) for one in provisions]
    said += [
        f"Where it is {field} that is wrong, correct it; what it then says has to be good enough, too."
        for field in map(_field, violations)
        if field
    ]
    return tuple(dict.fromkeys(filter(None, said)))


def guide(provision: str) -> str:
    """What ETSI TR 103 621 has to say beside a provision: its topic; empty: nothing."""
    return str(read_json("guidance.json")["topics"].get(provision.rpartition("-")[0], ""))


def _lacking(finding: Mapping[str, Any]) -> str:
    """The table that lacks an entry; empty: that is not what was found."""
    expected = str(finding.get("expected", ""))
    return expected.removeprefix(_AN_ENTRY) if expected.startswith(_AN_ENTRY) else ""


def _field(finding: Mapping[str, Any]) -> str:
    """The field with which the device does not agree; empty: it is not about one."""
    return str((finding.get("place") or {}).get("field", "")) if finding.get("found") else ""


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
