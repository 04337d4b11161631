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


@unit("5.12-1-2", "a", needs="erase", state="factory-default", partly=True)
def test_decision_is_brought_about(user_dec, etsi_dut, etsi_judgement):
    seen = etsi_dut.decisions()
    found = criteria.set_up.brought_about(user_dec, seen)
    found.decide(
        etsi_judgement,
        settle="say under access of 26-UserDec where the decision is met, or bring it about by hand as Triggered By "
        "says, and keep the screen",
        examined=criteria.set_up.examined(seen.of(user_dec.id)),
    )


@unit(
    "5.12-1-2",
    "b",
    needs="erase",
    state="factory-default",
    partly=True,
    reserved="whether the question is put plainly before the user is judged by eye; a program sees that it comes up",
    by_hand="See whether the question comes up by itself in the flow of set-up or upkeep. One that has to be "
    "looked for, or that is passed by without an answer, is a FAIL.",
)
def test_decision_is_put_before_the_user(user_dec, etsi_dut, etsi_judgement):
    found = criteria.set_up.put_visibly(user_dec, etsi_dut.decisions())
    etsi_judgement.required(found)


@unit(
    "5.12-1-2",
    "c",
    needs="erase",
    state="factory-default",
    partly=True,
    reserved="whether a layperson understands a question is seen by a person; a program keeps what is asked",
    by_hand="Read question and options with the eyes of somebody with little technical knowledge: is it clear "
    "what each option brings? Terms that are not explained, or options whose effect stays unclear, "
    "are a FAIL.",
)
def test_layperson_understands_the_decision(user_dec, etsi_dut, etsi_judgement):
    found = criteria.set_up.shown(user_dec, etsi_dut.decisions())
    etsi_judgement.required(found)


@unit("5.12-1-2", "d", needs="erase", state="factory-default", partly=True)
def test_decision_is_as_documented(user_dec, etsi_dut, etsi_judgement):
    seen = etsi_dut.decisions()
    found = criteria.set_up.as_documented(user_dec, seen)
    found.decide(
        etsi_judgement,
        settle="say under access of 26-UserDec by what each option is chosen, or compare question, options and "
        "preselected value on the screen with Description and Options by hand",
        examined=criteria.set_up.examined(seen.of(user_dec.id)),
    )
