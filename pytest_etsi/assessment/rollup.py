"""How verdicts rise from evaluations to units, cases, groups and the device, and what the ICS does to them.

Pure functions. The order FAIL, INCONCLUSIVE, PASS, NOT APPLICABLE holds on every level; `overall` is the one
level that TS 103 701 is not followed on but reconstructed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pytest_etsi.assessment._text import sentence
from pytest_etsi.assessment.reading.logic import every
from pytest_etsi.text import listed
from pytest_etsi.verdict import Cause, Verdict, combine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pytest_etsi.standard import Combine, Provision

__all__ = [
    "ALWAYS_ASSESSED",
    "GroupVerdict",
    "IcsCheck",
    "Readings",
    "Support",
    "case_verdict",
    "check_ics",
    "group_verdict",
    "mandatory",
    "overall",
    "readings",
    "unit_readings",
    "unit_verdict",
]

Support = Literal["Y", "N", "N/A"]

ALWAYS_ASSESSED = frozenset({"4-1", "5.0-1"})
"""Groups about the ICS itself: no answer in the ICS can keep them from being assessed."""


@dataclass(frozen=True, slots=True)
class IcsCheck:
    """What the ICS's answer to a provision amounts to.

    Attributes:
        verdict: PASS: claimed, and may be assessed. FAIL: the answer itself is a finding. INCONCLUSIVE: the
            answer cannot be relied on. NOT APPLICABLE: the answer stands and releases the provision.
        assessed: whether the units of the group are evaluated.
        reason: one sentence.
        cause: set for INCONCLUSIVE.
        settle: what would settle or mend it; empty where nothing is left to do.
    """

    verdict: Verdict
    assessed: bool
    reason: str
    cause: Cause | None = None
    settle: str = ""

    @property
    def releases(self) -> bool:
        """Whether the answer stands, so that the provision is neither claimed nor demanded."""
        return self.verdict is Verdict.NOT_APPLICABLE


def check_ics(
    provision: Provision,
    support: Support | None,
    detail: str = "",
    conditions: Mapping[str, tuple[bool | None, str]] | None = None,
) -> IcsCheck:
    """Check the ICS's answer to one provision.

    Args:
        provision: status and conditions come from here; its conditions must all hold for it to apply.
        support: the answer; None: the ICS has no row.
        detail: the row's justification.
        conditions: id -> (whether it holds, or None when unknown; why), for each condition of the provision.
    """
    states = {name: (conditions or {}).get(name, (None, "")) for name in provision.conditional}
    applies = every(*(holds for holds, _ in states.values()))
    what = f"provision {provision.id}"
    if provision.id in ALWAYS_ASSESSED:
        if support in (None, "Y"):
            return IcsCheck(Verdict.PASS, True, f"{what} is always assessed")
        return IcsCheck(
            Verdict.FAIL,
            True,
            f"the ICS answers {support} to {what}, which no device is released from",
            settle="Answer Y and justify each recommendation that is left out.",
        )
    if support is None:
        return IcsCheck(
            Verdict.INCONCLUSIVE,
            True,
            f"the ICS has no row for {what}",
            Cause.INFORMATION,
            f"Answer {provision.id} in the ICS with Y, N or N/A.",
        )
    if support == "Y":
        note = f", although {_why(states, False)}" if applies is False else ""
        return IcsCheck(Verdict.PASS, True, f"claimed in the ICS{note}")
    if support == "N":
        return _check_n(provision, detail, _why(states, False) if applies is False else "")
    if not provision.conditional:
        return IcsCheck(
            Verdict.FAIL,
            True,
            f"the ICS answers N/A to {what}, which is unconditional",
            settle="Answer Y or N: only a conditional row can be N/A.",
        )
    if applies is False:
        return IcsCheck(Verdict.NOT_APPLICABLE, False, f"not applicable: {_why(states, False)}")
    if applies:
        return IcsCheck(
            Verdict.FAIL,
            True,
            f"the ICS answers N/A to {what}, but {_why(states, True)}",
            settle="Answer Y or N, or correct the documents that contradict the N/A.",
        )
    return IcsCheck(
        Verdict.INCONCLUSIVE,
        True,
        f"the ICS answers N/A to {what}, but {_why(states, None)}",
        Cause.INFORMATION,
        f"State under `conditions` in the ICS whether {_names(states, None)} holds, or add facts.",
    )


def _check_n(provision: Provision, detail: str, absent: str) -> IcsCheck:
    justification = sentence(detail)
    because = f": {justification}" if justification else ", without justification"
    if provision.status == "R":
        return IcsCheck(Verdict.NOT_APPLICABLE, False, f"not supported{because}")
    return IcsCheck(
        Verdict.FAIL,
        False,
        f"the ICS answers N to the mandatory provision {provision.id}{because}",
        settle=f"If the provision does not apply ({absent}), answer N/A."
        if absent
        else "Implement the provision.",
    )


def _names(states: Mapping[str, tuple[bool | None, str]], wanted: bool | None) -> str:
    return listed(f"condition {name}" for name, (holds, _) in states.items() if holds is wanted)


def _why(states: Mapping[str, tuple[bool | None, str]], wanted: bool | None) -> str:
    verb = {True: "holds", False: "does not hold", None: "is unknown"}[wanted]
    parts = (
        f"condition {name} {verb}" + (f" ({why.rstrip('.')})" if why else "")
        for name, (holds, why) in states.items()
        if holds is wanted
    )
    return "; ".join(parts)


def unit_verdict(
    entries: Mapping[str | None, Sequence[Verdict]], *, rule: Combine = "all", whole: Iterable[Verdict] = ()
) -> Verdict:
    """The verdict of a unit.

    Args:
        entries: IXIT entry -> verdicts of its evaluations, by whomever; all of them have to hold.
        rule: ``any``: one entry that passes is enough; ``open``: nobody knows whether it is, so that both count.
        whole: verdicts of evaluations that concern the unit as a whole beside its entries; all have to hold.
    """
    beside = tuple(whole)
    if not entries and beside:
        return combine(beside)
    if rule == "open":
        return combine([unit_readings(entries).verdict, *beside])
    return combine([combine((combine(verdicts) for verdicts in entries.values()), rule=rule), *beside])


def unit_readings(entries: Mapping[str | None, Sequence[Verdict]]) -> Readings:
    """Both readings of a unit of which it is open whether one entry that passes is enough; arguments as there."""
    verdicts = [combine(one) for one in entries.values()]
    return Readings(each=combine(verdicts), one=combine(verdicts, rule="any"))


def case_verdict(units: Iterable[Verdict], *, partial: bool = False) -> Verdict:
    """The verdict of a test case from its units; partial: not of all of them, so that it cannot be PASS."""
    return combine([*units, Verdict.INCONCLUSIVE] if partial else units)


@dataclass(frozen=True, slots=True)
class Readings:
    """The two readings of the standard on how many of the units in sets, or of the entries of a unit, have to hold.

    Attributes:
        each: every one. Of sets, by the verdict paragraph: for every entry; one that concerns nothing is met.
        one: one is enough. Of sets, by a note of the group: one as a whole, for every entry that a set concerns.
    """

    each: Verdict
    one: Verdict

    @property
    def differ(self) -> bool:
        """Whether it depends on the reading."""
        return self.each is not self.one

    @property
    def verdict(self) -> Verdict:
        """What both say; INCONCLUSIVE where they differ, since the milder reading alone makes no PASS."""
        return Verdict.INCONCLUSIVE if self.differ else self.each


def readings(
    units: Mapping[str, Mapping[str | None, Verdict]],
    alternatives: Iterable[Sequence[str]],
    *,
    one_is_enough: bool = False,
) -> Readings:
    """Both readings of units in sets that may be alternatives.

    Args:
        units: letter -> entry -> verdict; None: of the unit as a whole. An entry that a unit does not have is none
            of its concern there.
        alternatives: sets of letters.
        one_is_enough: there is one reading only: that one of them is enough.
    """
    sets = [tuple(letters) for letters in alternatives]
    entries = {entry for letters in sets for letter in letters for entry in units.get(letter, {})}
    by_set = [
        [
            combine(
                units.get(letter, {}).get(about, Verdict.NOT_APPLICABLE)
                for letter in letters
                for about in (entry, None)
            )
            for letters in sets
        ]
        for entry in entries - {None} or entries
    ]
    one = combine(combine(verdicts, rule="any") for verdicts in by_set)
    return Readings(each=one if one_is_enough else combine(combine(verdicts) for verdicts in by_set), one=one)


def group_verdict(ics: IcsCheck, cases: Iterable[Verdict], *, partial: bool = False) -> Verdict:
    """The verdict of a test group from its cases and the ICS's answer.

    A claim (PASS of the ICS check) adds nothing: that a provision is claimed does not make it hold.

    Args:
        ics: what the ICS's answer amounts to.
        cases: in any order.
        partial: not every unit was looked at, so that the group cannot be PASS; one that the ICS keeps from being
            assessed lacks nothing.
    """
    left_out = [Verdict.INCONCLUSIVE] if partial and ics.assessed else []
    return combine([*cases, *left_out, *([] if ics.verdict is Verdict.PASS else [ics.verdict])])


@dataclass(frozen=True, slots=True)
class GroupVerdict:
    """A group as `overall` sees it.

    Attributes:
        status: "M" or "R".
        released: the ICS's answer stands and says that a recommendation is not claimed, or that it does not
            apply.
    """

    verdict: Verdict
    status: Literal["M", "R"]
    released: bool


def overall(groups: Iterable[GroupVerdict], *, partial: bool = False) -> Verdict:
    """The verdict of the whole device.

    Reconstructed: how groups combine is the one part of TS 103 701 that no public source shows. Taken here:
    every group counts that is mandatory or claimed, by the order of all other levels. A recommendation whose
    answer in the ICS does not stand (no row, or an N/A that is contradicted or cannot be confirmed) counts as
    if it were claimed.

    Args:
        groups: in any order.
        partial: not every group was looked at; the outcome then is never PASS or NOT APPLICABLE.
    """
    counting = [group.verdict for group in groups if group.status == "M" or not group.released]
    return combine([*counting, Verdict.INCONCLUSIVE] if partial else counting)


def mandatory(groups: Iterable[GroupVerdict], *, partial: bool = False) -> Verdict:
    """The same as `overall`, over the mandatory provisions alone."""
    return overall((group for group in groups if group.status == "M"), partial=partial)
