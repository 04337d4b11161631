"""TS 103 701 test group 5.12-1: set-up and upkeep take few decisions of the user, with secure defaults."""

from pytest_etsi import criteria, unit


@unit("5.12-1-1", "a")
def test_decision_is_needed(user_dec, etsi_ixit, etsi_judgement):
    found = criteria.decisions.needed(user_dec, etsi_ixit.user_dec)
    etsi_judgement.required(found)


@unit("5.12-1-1", "b")
def test_default_is_in_line_with_best_practice(user_dec, etsi_judgement):
    found = criteria.decisions.default(user_dec)
    etsi_judgement.required(found)


@unit(
    "5.12-1-2",
    "a",
    by_hand="Bring the decision about as Triggered By says, starting from factory default where it belongs to "
    "the set-up, and keep the screen. A step without a finding of its own: conclude PASS when the "
    "question appeared; note in the rationale if it did not, for unit d.",
)
def test_decision_is_brought_about(user_dec, etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.12-1-2",
    "b",
    by_hand="See whether the question comes up by itself in the flow of set-up or upkeep. One that has to be "
    "looked for, or that is passed by without an answer, is a FAIL.",
)
def test_decision_is_put_before_the_user(user_dec, etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.12-1-2",
    "c",
    by_hand="Read question and options with the eyes of somebody with little technical knowledge: is it clear "
    "what each option brings? Terms that are not explained, or options whose effect stays unclear, "
    "are a FAIL.",
)
def test_layperson_understands_the_decision(user_dec, etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.12-1-2",
    "d",
    by_hand="Compare question, options and preselected value on the screen with Description and Options, and "
    "note questions that 26-UserDec does not have. A difference, a missing question or an "
    "undocumented one is a FAIL.",
)
def test_decision_is_as_documented(user_dec, etsi_judgement):
    etsi_judgement.required()
