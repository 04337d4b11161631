"""Management of critical parameters over their life (5.5-8), and secure development (5.6-9)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, Findings, Place
from pytest_etsi.assessment.reading import claims
from pytest_etsi.assessment.reading.answers import first, lacks, note, violation
from pytest_etsi.assessment.reading.words import says_nothing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_etsi.profile import Ixit, IxitTable

__all__ = ["development", "life_cycle"]

# Beginnings of words: "train" is not in "constrained".
_STAGES: Mapping[str, str] = {
    "generation": r"generat|creat|drawn|made|produc",
    "provisioning": r"provision|inject|install|written|deliver|program",
    "storage": r"stor|kept|held|vault|hsm|secure element",
    "update": r"updat|renew|rotat|chang|replac",
    "decommissioning": r"decommission|destr|delet|eras|retir|archiv|shred|dispos|end of life",
    "compromise": r"compromis|expir|revo|incident|leak|stolen|loss|block",
}
_TOPICS: Mapping[str, str] = {
    "training": r"train|educat|course|awareness",
    "requirements": r"requirement|design|threat|architect|risk analy",
    "coding": r"coding|code (?:rules|standard|guide)|misra|cert c|secure cod|programming",
    "tools": r"tool|static analy|compiler|linter|scan|sast|ci\b|build",
    "testing": r"test|fuzz|penetration",
    "review": r"review|four[- ]eyes|second developer|audit|pull request",
    "archival": r"archiv|retain|kept|version control|repository|stored",
    "deployment": r"deploy|releas|sign|roll[- ]?out|deliver",
    "third-party": r"third|supplier|vendor|open source|component|sbom|external",
}


def life_cycle(ixit: Ixit) -> Findings:
    """What refutes that every stage of the life of critical parameters is covered (5.5-8-1 a)."""
    table = ixit.sec_mgmt
    found = list(_coverage(table, _STAGES, "stages", "every stage from generation to compromise"))
    if not found and len(table) and all(entry.facts.parameters for entry in table):
        named = {name for entry in table for name in entry.facts.parameters}
        critical = (one for one in ixit.sec_param if claims.critical(one) and one.id not in named)
        found.extend(
            violation(
                one,
                None,
                f"no process of {table.id} ({table.source}) manages it",
                expected=f"{one.id} in facts.parameters",
            )
            for one in critical
        )
    return Findings(first(found))


def development(ixit: Ixit) -> Findings:
    """What refutes that development addresses security in all nine topics (5.6-9-1 a)."""
    table = ixit.sec_dev
    topics = dict(_TOPICS)
    others = [one for one in ixit.soft_comp if one.facts.supplier == "third-party"]
    if not others and len(ixit.soft_comp) and all(one.facts.supplier for one in ixit.soft_comp):
        del topics["third-party"]  # counts only where there are any
    found = list(_coverage(table, topics, "topics", "the nine topics of secure development"))
    if others and any(finding.kind == "violation" and "third-party" in finding.message for finding in found):
        found.append(note(others[0], "facts.supplier", "comes from a third party"))
    return Findings(first(found))


def _coverage(table: IxitTable, parts: Mapping[str, str], fact: str, expected: str) -> Iterable[Finding]:
    """Parts that no entry covers: refuted where every entry states what it covers, otherwise for a person to see."""
    if not len(table):
        yield Finding(
            "violation",
            "answer",
            f"{table.id} has no entries",
            expected=expected,
            place=Place(str(table.source)),
        )
        return
    if all(says_nothing(entry["Description"]) for entry in table):
        for entry in table:
            yield from lacks(entry, "Description", expected=expected)
        return
    stated = all(getattr(entry.facts, fact) for entry in table)
    covered = {part for entry in table for part in getattr(entry.facts, fact)}
    text = " ".join(entry["Description"] for entry in table)
    for part, words in parts.items():
        if stated and part not in covered:
            yield violation(
                table[0],
                f"facts.{fact}",
                f"no entry of {table.id} covers {part}",
                expected=expected,
                found=", ".join(sorted(covered)),
            )
        elif not stated and not re.search(rf"\b(?:{words})", text, re.IGNORECASE):
            yield note(table[0], "Description", f"no word of {part} in any entry that a program recognises")
