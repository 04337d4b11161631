"""A person at the bench is told what to do, asked what was seen, and for a file; whoever goes away leaves it open."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from pytest_etsi.interview.bench import BenchAttendant
from pytest_etsi.verdict import Cause, Inconclusive


class Keys:
    def __init__(self, *given):
        self._given = list(given)

    def key(self, _prompt):
        return self.line(_prompt)

    def line(self, _prompt):
        if not self._given:
            raise EOFError
        return self._given.pop(0)


def ask(*given, question=None, wants=None):
    said = []
    attendant = BenchAttendant(Keys(*given), said.append, nullcontext)
    return attendant.ask("Hold the button.", question=question, wants=wants), said


def test_what_is_done_is_told():
    told, said = ask("y")

    assert (told.done, said) == (True, ["At the bench: Hold the button."])


def test_what_is_not_done_has_a_reason():
    told, _ = ask("n", "it is glued")

    assert (told.done, told.answer) == (False, "it is glued")


def test_a_key_that_means_nothing_is_asked_again_and_not_for_ever():
    assert ask("x", "", "y")[0].done
    assert not ask(*"xxxxxxx")[0].done


def test_the_answer_to_a_question_is_kept():
    assert ask("y", "", "green ", question="Which light?")[0].answer == "green"


def test_a_file_is_read_where_there_is_one(tmp_path):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8")

    assert ask("y", str(tmp_path / "none"), str(photo), wants="photo")[0].file == ("photo.jpg", b"\xff\xd8")
    assert ask("y", *(["/nowhere"] * 5), wants="photo")[0].file is None


def test_who_goes_away_leaves_it_open():
    with pytest.raises(Inconclusive, match=r"nobody answered at the bench: Hold the button\.") as raised:
        ask()

    assert raised.value.cause == Cause.ACCESS
