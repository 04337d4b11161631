"""Declared limits of attempts per time held against what got through, attempt by attempt (5.1-5-2 b)."""

from __future__ import annotations

import pytest
from observed_attempts import attempt

from pytest_etsi.assessment.brute_force import compare_with_declared, interpret
from pytest_etsi.profile.facts import BruteForceFacts

SLIDING = {"attempts": 5, "per_s": 60.0, "window": "sliding"}
FIXED = SLIDING | {"window": "fixed"}
EITHER = SLIDING | {"window": None}
ONCE = SLIDING | {"attempts": 1}
LONG = {"attempts": 1000, "per_s": 3600.0, "window": "sliding"}
BEGIN_S = 100.0
TOLD = {
    "r": ("refused", "wrong"),
    "l": ("locked", "wrong"),
    "a": ("accepted", "right"),
    "w": ("accepted", "wrong"),
    "?": ("no-answer", "right"),
}


def seen(*tried):
    """One attempt a letter, each a second after the one before, or from the second that is told on.

    r: a wrong value is refused; l: it is locked; w: it is accepted; a: the right value is accepted; ?: it gets no answer.
    """
    found, at_s = [], -1.0
    for one in tried:
        letters, from_s, more = one if isinstance(one, tuple) and len(one) == 3 else (*one, {})
        at_s = at_s + 1 if from_s is None else from_s
        for letter in letters:
            outcome, credential = TOLD[letter]
            found.append(attempt(BEGIN_S + at_s, outcome, credential=credential, **more))
            at_s += 1
        at_s -= 1
    return found


def compared(tried, *rates, **numbers):
    found = compare_with_declared(interpret(tried), BruteForceFacts(rates=rates, **numbers))
    return [(one.kind, one.message) for one in found if "wrong value was accepted" not in one.message]


UNSEEN = "refused some of them unseen"
LOOKED_AT = "values are looked at all the same"
OF_THE_WINDOW = "whether the window slides or is fixed is not declared"

MORE_THAN_PERMITTED = {
    "one more, told apart by a lock that is told": (SLIDING, [("rrrrrrl", 0)], "violation", "6 wrong attempts got through within 5.0 s"),
    "one more, and the right value is accepted at once": (SLIDING, [("rrrrrra", 0)], "violation", "6 wrong attempts got through"),
    "one more, and nothing shows that values are looked at": (SLIDING, [("rrrrrr", 0)], "unknown", UNSEEN),
    "one more, and the right value is accepted in the next window": (SLIDING, [("rrrrrr", 0), ("a", 70)], "unknown", UNSEEN),
    "two where one is permitted, and the right value in the next window": (ONCE, [("rr", 0), ("a", 59)], "unknown", UNSEEN),
    "the first of two windows' worth, of a window nobody describes": (EITHER, [("rrrrrrl", 0)], "unknown", OF_THE_WINDOW),
    "more than two windows' worth, of a window nobody describes": (EITHER, [("rrrrrrrrrrrl", 0)], "violation", "11 wrong attempts got through"),
    "more than two windows' worth, and the right value in the window after them": (EITHER, [("rrrrrrrrrrr", 0), ("a", 70)], "unknown", "6 wrong attempts were refused"),
    "more than two windows' worth, and the right value at once": (EITHER, [("rrrrrrrrrrra", 0)], "violation", "11 wrong attempts got through"),
    "open at first, and refuted by the right value after the next": (SLIDING, [("rrrrrr", 0), ("rrrrrra", 60)], "violation", "11 wrong attempts got through"),
    "more than two windows' worth, of fixed windows": (FIXED, [("rrrrrrrrrrrl", 0)], "violation", "11 wrong attempts got through"),
    "a wrong value that is accepted sets nothing back": (SLIDING, [("rrrwrrl", 0)], "violation", "6 wrong attempts got through"),
    "a right value without an answer sets nothing back": (SLIDING, [("rrr?rrrl", 0)], "violation", "6 wrong attempts got through"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("rate", "tried", "kind", "words"), MORE_THAN_PERMITTED.values(), ids=MORE_THAN_PERMITTED
)
def test_more_than_a_limit_permits(rate, tried, kind, words):
    ((found, message),) = compared(seen(*tried), rate)

    assert (found, words in message) == (kind, True), message
    assert (OF_THE_WINDOW in message) is (rate is EITHER and kind == "unknown")


LET_IN = {
    "as the limit should refuse it": (SLIDING, [("rrrrrl", 0), ("a", 30)], {}, "violation"),
    "a second after the limit refused": (SLIDING, [("rrrrrla", 0)], {}, "violation"),
    "after a refusal that came before the wrong ones, and another": (SLIDING, [("l", -70), ("rrrrrl", 0), ("a", 30)], {}, "violation"),
    "after a refusal of what was sent together with the one that used it up": (ONCE, [("r", 0), ("l", 0), ("a", 10)], {}, "violation"),
    "of a window nobody describes": (EITHER, [("rrrrrl", 0), ("a", 30)], {}, "unknown"),
    "from another address, and nobody says what is counted": (SLIDING, [("rrrrrl", 0), ("a", 30, {"source": "b"})], {}, "unknown"),
    "from another address, where the account is counted": (SLIDING, [("rrrrrl", 0), ("a", 30, {"source": "b"})], {"scope": "account"}, "violation"),
    "twice soon after fixed windows refused": (FIXED, [("rrrrrl", 0), ("la", 20), ("rrrrrla", 200)], {}, "unknown"),
}  # fmt: skip


@pytest.mark.parametrize(("rate", "tried", "numbers", "kind"), LET_IN.values(), ids=LET_IN)
def test_the_right_value_let_in_by_a_limit_that_is_used_up(rate, tried, numbers, kind):
    ((found, message),) = compared(seen(*tried), rate, **numbers)

    assert (found, LOOKED_AT in message) == (kind, True), message
    assert ("what is counted is not declared" in message) is (len(tried[-1]) == 3 and not numbers)


KEPT = {
    "refused as it is used up": ([SLIDING], [("rrrrrl", 0)], {}),
    "refused earlier": ([SLIDING], [("rrrl", 0)], {}),
    "refused earlier, where nobody describes the window": ([EITHER], [("rrrl", 0)], {}),
    "as many as two fixed windows let through": ([FIXED], [("rrrrrrrrrrl", 0)], {}),
    "six in two fixed windows": ([FIXED], [("rrrrrrl", 0)], {}),
    "a fixed window that ends by chance as the right value is sent": ([FIXED], [("rrrrrla", 0)], {}),
    "twice long after fixed windows refused": ([FIXED], [("rrrrrl", 0), ("a", 30), ("rrrrrl", 200), ("a", 230)], {}),
    "twice a twentieth of a fixed window after it refused": ([FIXED], [("rrrrrl", 0), ("a", 8), ("rrrrrl", 200), ("a", 208)], {}),
    "the right value sets it back": ([SLIDING], [("rrrarrrl", 0)], {}),
    "another account has its own": ([SLIDING], [("rrrrrl", 0, {"account": "a"}), ("rrrr", 10, {"account": "b"})], {}),
    "a longer one that the shorter one keeps from being met": ([SLIDING, LONG], [("rrrrrl", 0)], {}),
    "the longer of two, as long as it remembers": ([SLIDING, LONG], [("rrrrr", 0), ("l", 61.5)], {}),
    "refused by the longer of two, and later as it is used up": ([SLIDING, LONG], [("rrlrrrl", 0)], {}),
}  # fmt: skip


@pytest.mark.parametrize(("rates", "tried", "numbers"), KEPT.values(), ids=KEPT)
def test_a_limit_that_is_kept_gives_nothing_to_say(rates, tried, numbers):
    assert compared(seen(*tried), *rates, **numbers) == []


NOT_REACHED = {
    "too few": ([SLIDING], [("rr", 0)], {}, [2]),
    "too few of each of two": ([SLIDING, LONG], [("rr", 0)], {}, [2, 2]),
    "the more of two accounts": ([SLIDING], [("r", 0, {"account": "a"}), ("rrr", 10, {"account": "b"})], {}, [3]),
    "none but the right value": ([SLIDING], [("a", 0)], {}, [0]),
    "a lock came before it": ([SLIDING], [("rrrl", 0)], {"max_attempts": 3, "lockout_s": 600}, [3]),
    "refused by another one, when its own time is long over": ([SLIDING, LONG], [("rrrrr", 0), ("l", 100)], {}, [5, 5]),
    "a longer one that the shorter one lets be met": ([SLIDING, LONG | {"attempts": 100}], [("rrrrrl", 0)], {}, [5]),
    "a longer one of as many as the shorter one lets through": ([SLIDING, LONG | {"attempts": 305}], [("rrrrrl", 0)], {}, [5]),
}  # fmt: skip


@pytest.mark.parametrize(("rates", "tried", "numbers", "most"), NOT_REACHED.values(), ids=NOT_REACHED)
def test_a_limit_that_was_not_met_is_open(rates, tried, numbers, most):
    found = [one for one in compared(seen(*tried), *rates, **numbers) if one[0] != "note"]

    assert [kind for kind, _ in found] == ["unknown"] * len(most)
    for (_, message), through in zip(found, most, strict=True):
        assert f"was not reached: at most {through} wrong attempts got through" in message


def test_of_two_accounts_the_one_that_refutes_is_told():
    tried = seen(("rrrrrr", 0, {"account": "a"}), ("rrrrrrrrrrrl", 10, {"account": "b"}))
    ((kind, message),) = compared(tried, EITHER)

    assert (kind, "11 wrong attempts got through on account 'b' within" in message) == ("violation", True)


def test_the_account_that_the_right_value_was_let_in_to_is_told():
    ((_, message),) = compared(seen(("rrrrrla", 0, {"account": "a"})), SLIDING)

    assert "After 5 wrong attempts on account 'a' and a refusal by the limit" in message


def test_a_lock_that_ends_early_is_no_limit_per_time_that_right_values_have_used_up():
    lock = {"max_attempts": 3, "lockout_s": 600}
    found = compared(seen(("aarrrl", 0), ("a", 30)), SLIDING, **lock)

    assert [kind for kind, message in found if "did not hold" in message] == ["violation"]
