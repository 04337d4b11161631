"""What the answers of a login mean, told by comparing those to the right password with those to wrong ones.

A status alone says little: devices refuse by closing, lock by a page under 200, and show who is let in another page
each time. An answer is known by a short key that is equal for answers that say the same (`Attempt.answer`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pytest_etsi.dut.reach.auth import Attempt

__all__ = ["Answers", "key_of"]

_NOTHING = "nothing"


def key_of(attempt: Attempt) -> str:
    """The key of an answer; one for all that is no answer, and the empty one where an answer cannot be told."""
    return attempt.answer or (_NOTHING if attempt.outcome == "no-answer" else "")


class Answers:
    """What is known so far of one login.

    Attributes:
        holder: what the right password was answered.
        refusals: what wrong ones were answered while the right one got in.
        lock: what is answered to everything while it is locked; empty: not known.
        vary: answers differ without a meaning.
    """

    def __init__(self) -> None:
        self.holder: set[str] = set()
        self.refusals: set[str] = set()
        self.lock = ""
        self.vary = False
        self._last_wrong = ""

    def read(self, attempt: Attempt, credential: Literal["right", "wrong"]) -> Attempt:
        """An attempt with the outcome that its answer means by what is known."""
        key = key_of(attempt)
        if self.lock and key == self.lock and attempt.outcome != "locked":
            return replace(attempt, outcome="locked")
        if attempt.outcome == "no-answer" and key in self.refusals:
            return replace(attempt, outcome="refused")
        if attempt.outcome != "accepted" or not key:
            if credential == "wrong":
                self._last_wrong = key
            return attempt
        return self._entrance(attempt, key, credential)

    def _entrance(self, attempt: Attempt, key: str, credential: Literal["right", "wrong"]) -> Attempt:
        """An answer under a status of success: what the holder gets, a refusal, or neither."""
        if credential == "wrong":
            self._last_wrong = key
            if key in self.refusals:
                return replace(attempt, outcome="refused")
            if not self.holder or key in self.holder or (self.vary and attempt.exclusive):
                return attempt
            return replace(
                attempt, outcome="no-answer", status=f"{attempt.status}, but not what the right password gets"
            )
        if self.holder and key not in self.holder:
            if key == self._last_wrong:
                return replace(
                    attempt, outcome="no-answer", status=f"{attempt.status}, as to a wrong password before"
                )
            self.vary = True
        self.holder.add(key)
        return attempt

    def is_odd(self, wrong: Attempt) -> bool:
        """Whether the answer to a wrong password is none of the refusals that are known."""
        if wrong.outcome == "no-answer":
            return True
        key = key_of(wrong)
        return bool(key) and bool(self.refusals) and key not in self.refusals and not self.vary

    def refuses(self, wrong: Attempt) -> None:
        """The right password got in beside this answer: that is how the device refuses."""
        key = key_of(wrong)
        if key and key not in self.holder:
            self.refusals.add(key)
