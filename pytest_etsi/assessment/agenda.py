"""In which order a person is asked: entry by entry, each with everything that is open about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from pytest_etsi.assessment.context import Context
from pytest_etsi.assessment.entry_answers import answer_state
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.questions import EntryAsked, Inquiry, Question, inquire
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pytest_etsi.assessment.planned import PlannedEvaluation
    from pytest_etsi.assessment.questions import Seen, Unsettled
    from pytest_etsi.assessment.suite import UnitFunction
    from pytest_etsi.profile import EntryAnswer, Profile
    from pytest_etsi.profile.judged_file import JudgedFile
    from pytest_etsi.standard import Unit

__all__ = [
    "ROLES",
    "Agenda",
    "Asked",
    "Order",
    "Role",
    "Selection",
    "Visit",
    "role_of",
    "selection",
    "visit_of",
]

Asked: TypeAlias = "EntryAsked | Question"
Role = Literal["conceptual", "network", "bench"]
ROLES: tuple[Role, ...] = get_args(Role)
Order = Literal["entry", "unit"]
Selection: TypeAlias = "Callable[[PlannedEvaluation], bool]"

_AT_THE_BENCH = ("bench", "serial", "assessor")


@dataclass(frozen=True, slots=True)
class Visit:
    """An entry, or a table as a whole, with what is asked about it.

    Attributes:
        table: id of the table; "": the questions are about the device as a whole.
        entry: ID of the entry; None: the table as a whole.
        questions: in the order in which they are asked.
        unsettled: what is not asked about it, because no judgement settles it.
        whole: the whole entry is read once, for all questions; otherwise what the question reads.
    """

    table: str
    entry: str | None
    questions: tuple[Asked, ...]
    unsettled: tuple[Unsettled, ...] = ()
    whole: bool = True

    @property
    def key(self) -> tuple[str, str | None]:
        """What is visited."""
        return self.table, self.entry

    @property
    def name(self) -> str:
        """What a person calls it: "15-Intf/Intf-LAN"."""
        return "/".join(part for part in self.key if part) or "the device as a whole"

    @property
    def reads(self) -> Mapping[str, tuple[str, ...]]:
        """What its questions read: table id -> names of fields."""
        found: dict[str, dict[str, None]] = {}
        for one in self.questions:
            if isinstance(one, Question):
                for table, fields in one.planned.unit.reads.items():
                    found.setdefault(table, {}).update(dict.fromkeys(fields))
        return {table: tuple(fields) for table, fields in found.items() if table != "*"}


def role_of(unit: Unit) -> Role:
    """Who answers for a unit: who reads the documents, who tries things over the network, or who is at the bench."""
    if not unit.functional:
        return "conceptual"
    return "bench" if unit.automation in _AT_THE_BENCH else "network"


def selection(profile: Profile, only: Iterable[str], roles: Iterable[Role] = ()) -> Selection:
    """Which evaluations are asked about.

    Args:
        profile: the device's documents.
        only: ids of scenarios, groups, cases or units; tables ("15-Intf", "Intf"); IDs of entries. Empty: all.
        roles: whose questions; empty: everybody's.

    Raises:
        pytest_etsi.standard.UnknownIdError: a name is none of these.
    """
    standard = edition(profile.edition)
    units: set[str] = set()
    tables: set[str] = set()
    entries: set[str] = set()
    known = {entry.id for table in profile.ixit for entry in table if entry.id}
    by_name = {name: table.id for table in profile.ixit for name in (table.id, table.name)}
    for name in only:
        if name in by_name:
            tables.add(by_name[name])
        elif name in known:
            entries.add(name)
        else:
            units |= {unit.id for unit in standard.select(name)}
    wanted_roles = frozenset(roles)
    everything = not (units or tables or entries)

    def wanted(planned: PlannedEvaluation) -> bool:
        unit = planned.unit
        named = unit.id in units or planned.entry in entries or _home(planned)[0] in tables
        return (everything or named) and (not wanted_roles or role_of(unit) in wanted_roles)

    return wanted


@dataclass
class Agenda:
    """The questions of a device, and what there is to be seen around them.

    Attributes:
        profile: the device's documents, with what was answered since.
        functions: the suite's functions.
        judged: what earlier judgements were about; None: not looked at.
        wanted: which evaluations are asked about; None: all.
        order: entry by entry, or unit by unit.
        everything: also what is answered already.
        seen: what a run has found, by unit and entry.
    """

    profile: Profile
    functions: Mapping[str, Sequence[UnitFunction]]
    judged: JudgedFile | None = None
    wanted: Selection | None = None
    order: Order = "entry"
    everything: bool = False
    seen: Seen = field(default_factory=dict)
    context: Context = field(init=False)
    inquiry: Inquiry = field(init=False)

    def __post_init__(self) -> None:
        self.context = Context(self.profile)
        self.plan = make_plan(self.profile, self.functions)
        self.inquiry = inquire(self.profile, self.plan, self.judged, self.wanted, self.seen)

    @property
    def asked(self) -> tuple[Asked, ...]:
        """What is asked: everything that wants an answer, or with `everything` each question there is."""
        return self._of(self.inquiry)

    @property
    def entries_answered(self) -> int:
        """How many of the questions about whole entries have an answer that counts, among what is asked about."""
        asked = {one.key for one in self.inquiry.entries}
        return sum(
            answer_state(self.profile, table, one.entry, name).status == "valid"
            for one in self.profile.answers
            for table, _, name in (one.question.partition("/"),)
            if one.key not in asked and self._is_wanted(table, one.entry)
        )

    def _is_wanted(self, table: str, entry: str) -> bool:
        """Whether an evaluation of an entry is among what is asked about."""
        return self.wanted is None or any(
            self.wanted(planned) for planned in self.plan.evaluations if _home(planned) == (table, entry)
        )

    def visits(self) -> tuple[Visit, ...]:
        """What is asked, in order."""
        return _visits(self.asked, self.inquiry.unsettled, self.profile, self.order)

    def after(self, answer: EntryAnswer, visit: Visit) -> Visit:
        """What is asked about an entry after a question about it has been answered."""
        others = (one for one in self.profile.answers if one.key != answer.key)
        self.profile = replace(self.profile, answers=(*others, answer))
        self.plan = make_plan(self.profile, self.functions)
        mine = inquire(
            self.profile,
            self.plan,
            self.judged,
            lambda planned: _home(planned) == visit.key and (self.wanted is None or self.wanted(planned)),
            self.seen,
        )
        return replace(visit, questions=self._of(mine), unsettled=mine.unsettled)

    def _of(self, inquiry: Inquiry) -> tuple[Asked, ...]:
        return (*inquiry.entries, *inquiry.questions) if self.everything else inquiry.open


def visit_of(question: Question) -> Visit:
    """A visit for one question alone, with what it reads."""
    return Visit(*_home(question.planned), (question,), whole=False)


def _home(planned: PlannedEvaluation) -> tuple[str, str | None]:
    """The entry that an evaluation is about; or the table that it reads first."""
    unit = planned.unit
    if planned.entry is not None:
        return unit.iterates or "", planned.entry
    return next((table for table in unit.reads if table != "*"), ""), None


def _visits(
    asked: Iterable[Asked], unsettled: Sequence[Unsettled], profile: Profile, order: Order
) -> tuple[Visit, ...]:
    found: dict[tuple[str, str | None], list[Asked]] = {}
    for one in asked:
        home = (one.asked.table, one.asked.entry) if isinstance(one, EntryAsked) else _home(one.planned)
        found.setdefault(home, []).append(one)
    if order == "unit":
        return tuple(
            visit_of(one) if isinstance(one, Question) else Visit(one.asked.table, one.asked.entry, (one,))
            for one in asked
        )
    left: dict[tuple[str, str | None], list[Unsettled]] = {}
    for remaining in unsettled:
        left.setdefault(_home(remaining.planned), []).append(remaining)
    return tuple(
        Visit(*home, tuple(found[home]), tuple(left.get(home, ())))
        for home in _homes(profile)
        if home in found
    )


def _homes(profile: Profile) -> Iterator[tuple[str, str | None]]:
    """Everything that can be visited: the entries of each table, then the table as a whole; at last the device."""
    for table in profile.ixit:
        yield from ((table.id, entry.id) for entry in table if entry.id)
        yield table.id, None
    yield "", None
