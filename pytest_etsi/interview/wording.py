"""From which texts words are offered for the reason of one answer: earlier reasons, and the documents on the screen."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi.assessment.questions import Question
from pytest_etsi.interview.words import Source, Words, learnt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.assessment.agenda import Asked
    from pytest_etsi.interview.answering import Given
    from pytest_etsi.profile import Profile

__all__ = ["Wording"]


@dataclass
class Wording:
    """Keeps what was written, and gives for each question the words to be offered.

    Attributes:
        profile: the device's documents, whose judgements count as written before; None: none are known yet.
    """

    profile: Profile | None = None
    _by_unit: dict[str, Source] = field(default_factory=lambda: defaultdict(Source))
    _reasons: Source = field(default_factory=Source)
    _documents: Source = field(default_factory=Source)

    def about(self, profile: Profile) -> None:
        """Take the documents of a device, and the reasons that were given on it, once."""
        if self.profile is not None:
            return
        self.profile = profile
        self._documents = learnt(text for table in profile.ixit for entry in table for text in _texts(entry))
        for judged in profile.judgements:
            self.given(judged)
        for answered in profile.answers:
            self.given(answered)

    def given(self, answer: Given) -> None:
        """Take a reason that was given."""
        self._reasons.learn(answer.rationale)
        self._by_unit[answer.key[0]].learn(answer.rationale)

    def words(self, asked: Asked) -> Words:
        """What is offered for the reason of an answer."""
        name, entry = asked.key
        table = (asked.planned.unit.iterates or "") if isinstance(asked, Question) else asked.asked.table
        mine = None
        if self.profile is not None and entry is not None and table in self.profile.ixit.tables:
            mine = self.profile.ixit.tables[table].get(entry)
        near = learnt(_texts(mine) if mine is not None else ())
        return Words((self._by_unit[name], self._reasons, near, self._documents))


def _texts(entry: object) -> Iterator[str]:
    values = getattr(entry, "values", {})
    for value in values.values():
        yield value if isinstance(value, str) else " ".join(value)
