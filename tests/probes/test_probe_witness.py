"""The account of a search: what was not found counts only between two good answers of a witness."""

from __future__ import annotations

import pytest

from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.witness import Watch


class Device:
    """Answers its witness until it dies at a question, and again after so many looks."""

    def __init__(self, dies_at=None, back_after=None, dies_again=False):
        self.asked = []
        self.dies_at, self.back_after, self.dies_again = dies_at, back_after, dies_again
        self.dead_looks = 0
        self.alive = True

    def ask(self, *questions):
        for question in questions:
            self.asked.append(question)
            if question == self.dies_at and (self.dies_again or self.asked.count(question) == 1):
                self.alive, self.dead_looks = False, 0
        return self.alive

    def witness(self):
        if not self.alive:
            self.dead_looks += 1
            self.alive = self.back_after is not None and self.dead_looks > self.back_after
        return self.alive


def searched(device, *, witness_first=True, parts=(1, 2, 3), seconds=60.0):
    waited = []
    watch = Watch(Deadline(seconds), sleep=waited.append)
    if witness_first:
        watch.add("port 22", device.witness)
    for number in parts:
        watch.part(f"part {number}", lambda number=number: device.ask(number))
        if number == 2 and not witness_first:
            watch.add("port 22", device.witness)
    watch.end()
    return watch, waited


def test_search_with_a_witness_that_holds_is_complete():
    device = Device()

    watch, waited = searched(device)

    assert (watch.complete, watch.gaps, watch.gone) == (True, (), False)
    assert device.asked == [1, 2, 3]
    assert watch.looks == 3
    assert waited == []


def test_search_without_a_witness_shows_nothing():
    watch = Watch(Deadline(60))
    watch.part("ports 1 to 400", lambda: None)
    watch.end(nothing_answered="no port answered")

    assert not watch.complete
    assert watch.gaps == ("no port answered",)


def test_part_after_which_the_device_was_away_is_asked_once_more():
    device = Device(dies_at=2, back_after=2)

    watch, waited = searched(device)

    assert watch.complete
    assert device.asked == [1, 2, 2, 3]
    assert waited == [0.1, 0.3]


def test_part_that_the_device_does_not_survive_twice_is_a_gap_and_the_search_goes_on():
    device = Device(dies_at=2, back_after=1, dies_again=True)

    watch, _ = searched(device)

    assert watch.gaps == ("port 22 was no longer answered as before after part 2, twice",)
    assert device.asked == [1, 2, 2, 3]
    assert not watch.gone


def test_device_that_does_not_come_back_leaves_open_what_follows_but_is_still_asked():
    device = Device(dies_at=2)

    watch, waited = searched(device)

    assert watch.gaps == ("port 22 is no longer answered as before since part 2",)
    assert watch.gone
    assert device.asked == [1, 2, 3]
    assert 20 < sum(waited) < 60


def test_no_wait_is_longer_than_the_deadline():
    device = Device(dies_at=2)

    watch, waited = searched(device, seconds=0.0)

    assert watch.gone
    assert waited == []


def test_parts_before_the_first_witness_are_asked_again_at_the_end():
    device = Device()

    watch, _ = searched(device, witness_first=False)

    assert watch.complete
    assert device.asked == [1, 2, 3, 1, 2]


def test_death_among_the_parts_asked_again_is_told():
    device = Device(dies_at="never")
    watch, _ = searched(device, witness_first=False)
    late = Watch(Deadline(60), sleep=lambda _: None)
    late.part("part 1", lambda: device.ask("early"))
    late.add("port 22", lambda: device.asked.count("early") < 2)
    late.end()

    assert watch.complete
    assert late.gaps == ("port 22 is no longer answered as before since part 1",)


@pytest.mark.parametrize("failing", ["first", "second"])
def test_every_witness_has_to_hold(failing):
    watch = Watch(Deadline(60), sleep=lambda _: None)
    for name in ("first", "second"):
        watch.add(name, lambda name=name: name != failing)
    watch.part("a part", lambda: None)
    watch.end()

    assert watch.gaps == (f"{failing} is no longer answered as before since a part",)


def test_gap_of_the_probes_own_makes_the_search_incomplete():
    watch = Watch(Deadline(60))
    watch.add("port 22", lambda: True)
    watch.gap("port 80 was reset")
    watch.end()

    assert (watch.complete, watch.gaps) == (False, ("port 80 was reset",))


def test_witness_that_was_dropped_is_not_asked():
    watch = Watch(Deadline(60))
    watch.add("port 22", lambda: True)
    watch.add("port 23", lambda: False)
    watch.forget("port 23")
    watch.part("a part", lambda: None)
    watch.end()

    assert watch.complete


def test_part_gives_what_was_found_the_last_time():
    answers = iter(["before", "after"])
    held = iter([False, True, True])
    watch = Watch(Deadline(60), sleep=lambda _: None)
    watch.add("port 22", lambda: next(held))

    assert watch.part("a part", lambda: next(answers)) == "after"


def searched_later(device, *, answered_after=(), parts=(1, 2, 3)):
    """As `searched`, with looks for several parts at once; a good answer comes by itself after some of them."""
    waited = []
    watch = Watch(Deadline(60), sleep=waited.append)
    watch.add("port 22", device.witness)
    for number in parts:
        watch.later(f"part {number}", lambda number=number: device.ask(number))
        if number in answered_after:
            watch.answered()
    watch.end()
    return watch, waited


def test_one_look_vouches_for_all_the_parts_before_it():
    device = Device()
    watch, _ = searched_later(device)

    assert watch.complete
    assert (device.asked, watch.looks) == ([1, 2, 3], 1)


def test_good_answer_vouches_as_a_look_does():
    device = Device()
    watch, _ = searched_later(device, answered_after=(3,))

    assert watch.complete
    assert watch.looks == 0


def test_all_parts_since_the_last_good_answer_are_asked_again_where_a_look_fails():
    device = Device(dies_at=3, back_after=2)
    watch, waited = searched_later(device, answered_after=(1,))

    assert watch.complete
    assert device.asked == [1, 2, 3, 2, 3]
    assert waited == [0.1, 0.3]


def test_parts_that_wait_for_a_look_at_a_device_that_is_gone_are_open():
    device = Device(dies_at=2)
    watch, _ = searched_later(device)

    assert watch.gaps == ("port 22 is no longer answered as before since part 1",)
    assert watch.gone


def test_part_that_the_device_does_not_survive_again_is_a_gap():
    device = Device(dies_at=3, back_after=1, dies_again=True)
    watch, _ = searched_later(device)

    assert watch.gaps == ("port 22 was no longer answered as before after part 3, twice",)


def test_part_that_waits_for_a_look_before_the_first_witness_is_asked_again_at_the_end():
    device = Device()
    watch = Watch(Deadline(60), sleep=lambda _: None)
    watch.later("part 1", lambda: device.ask(1))
    watch.add("port 22", device.witness)
    watch.answered()
    watch.end()

    assert watch.complete
    assert device.asked == [1, 1]


def test_look_with_nothing_to_vouch_for_asks_nobody():
    device = Device()
    watch = Watch(Deadline(60))
    watch.add("port 22", device.witness)
    watch.look()

    assert watch.looks == 0


def checked(device):
    watch = Watch(Deadline(60), sleep=lambda _: None)
    watch.add("port 22", device.witness)
    lost = []
    for number in (1, 2, 3):
        device.ask(number)
        lost.append(watch.check(f"question {number}"))
    return watch, lost


def test_question_that_is_not_asked_twice_is_a_gap_where_the_device_was_away_after_it():
    device = Device(dies_at=2, back_after=2)

    watch, lost = checked(device)

    assert device.asked == [1, 2, 3]
    assert watch.gaps == ("port 22 was away for a while after question 2",)
    assert lost == [(), (), ()]


def test_witness_that_is_lost_after_a_question_is_named_once_and_forgotten():
    device = Device(dies_at=2)

    watch, lost = checked(device)

    assert watch.gaps == ("port 22 is no longer answered as before since question 2",)
    assert lost == [(), ("port 22",), ()]
    assert watch.gone


def test_search_that_did_not_come_to_its_end_is_not_complete():
    watch = Watch(Deadline(60))
    watch.add("port 22", lambda: True)
    watch.later("a part", lambda: None)

    assert not watch.complete
    watch.end()
    assert watch.complete
