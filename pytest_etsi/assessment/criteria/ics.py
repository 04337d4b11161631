"""The justifications in the ICS (test group 4-1 / 5.0-1)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, Findings, Place
from pytest_etsi.assessment.ics.sheet import share_a_subject
from pytest_etsi.assessment.reading.words import elsewhere, says_nothing
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from pytest_etsi.profile import Ics
    from pytest_etsi.standard import Provision

__all__ = ["justifications"]

_ROWS_OF_BOILERPLATE = 3


def justifications(ics: Ics, edition_id: str) -> Findings:
    """Whether every recommendation that is left out has a reason of its own.

    Violations: a row answered N or N/A whose detail is empty or a placeholder; the same text over three or more rows
    of several scenarios that have no subject in common. Unknown: a recommendation without a row.
    """
    found: list[Finding] = []
    reasons: dict[str, list[Provision]] = defaultdict(list)
    recommendations = [one for one in edition(edition_id).provisions if one.status == "R"]
    for provision in recommendations:
        row = ics.rows.get(provision.id)
        if row is None:
            unread = ics.unread.get(provision.id)
            message = (
                unread.problem.message if unread else f"the ICS has no row for recommendation {provision.id}"
            )
            place = Place(unread.place, unread.part) if unread else Place(str(ics.source))
            found.append(Finding("unknown", "justification", message, place=place))
        elif row.support != "Y":
            if says_nothing(row.detail) and not elsewhere(row.detail):
                found.append(
                    Finding(
                        "violation",
                        "justification",
                        f"{provision.id} is answered {row.support} without a justification",
                        expected="why it does not apply or is not met",
                        found=row.detail or "nothing",
                        place=Place(str(row.source)),
                    )
                )
            else:
                reasons[" ".join(row.detail.lower().split())].append(provision)
    for same in reasons.values():
        one_scenario = len({provision.id.rpartition("-")[0] for provision in same}) == 1
        connected = one_scenario or share_a_subject(edition_id, same)
        if len(same) >= _ROWS_OF_BOILERPLATE and not connected:
            rows = ", ".join(provision.id for provision in same)
            found.append(
                Finding(
                    "violation",
                    "justification",
                    f"one text stands for {len(same)} recommendations that have no subject in common "
                    f"({rows})",
                    expected="a justification for each",
                    place=Place(str(ics.source)),
                )
            )
    left_out = sum(one.id in ics.rows and ics.rows[one.id].support != "Y" for one in recommendations)
    reasoned = ", each with a justification" if left_out else ""
    return Findings(found, f"{len(recommendations)} recommendations, {left_out} of them left out{reasoned}")
