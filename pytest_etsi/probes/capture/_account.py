"""What was not understood to its end, counted by the reason why not, with the questions that it could have answered."""

from __future__ import annotations

from pytest_etsi.probes.capture._model import QUESTIONS, Question

__all__ = ["Account"]


class Account:
    """The account of one capture: nothing that it holds is passed over without a line here.

    Attributes:
        unread: packets that were not read to their end, by reason.
    """

    def __init__(self) -> None:
        self.unread: dict[str, int] = {}
        self._open: dict[str, tuple[Question, ...]] = {}
        self._lacking: dict[str, tuple[int, tuple[Question, ...]]] = {}

    def aside(self, what: str) -> None:
        """Count a packet that carries no IP by its nature, so that it could not have answered anything."""
        self.unread[what] = self.unread.get(what, 0) + 1

    def unread_packet(self, what: str, *questions: Question) -> None:
        """Count a packet that was not read to its end.

        Args:
            what: the reason.
            questions: that it could have answered; none given: all of them.
        """
        self.aside(what)
        self._open[what] = questions or QUESTIONS

    def lacking(self, sentence: str, *questions: Question, count: int = 1) -> None:
        """Note something else that is missing.

        Args:
            sentence: says it; ``{}`` in it is replaced by the sum of the counts.
            questions: that it could have answered; none given: all of them.
            count: how many of them.
        """
        before, _ = self._lacking.get(sentence, (0, ()))
        self._lacking[sentence] = before + count, questions or QUESTIONS

    def gaps(self) -> dict[str, tuple[Question, ...]]:
        """Sentences on what is missing, each with the questions that it leaves open."""
        found = {
            sentence.replace("{}", str(count)): questions
            for sentence, (count, questions) in self._lacking.items()
            if count
        }
        for what, questions in self._open.items():
            found[f"{self.unread[what]} packets could not be read: {what}"] = questions
        return found
