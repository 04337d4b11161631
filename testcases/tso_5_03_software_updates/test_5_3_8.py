"""TS 103 701 test group 5.3-8: security updates are timely."""

from pytest_etsi import criteria, unit


@unit("5.3-8-1", "a", expects_entries=True)
def test_procedure_leads_to_a_prompt_roll_out(upd_proc, etsi_ixit, etsi_judgement):
    found = criteria.support.prompt(upd_proc, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.3-8-1", "b")
def test_procedures_are_confirmed_to_be_in_place(conf, etsi_judgement):
    found = criteria.confirmation.given(conf, "Confirmation of Update Procedures")
    found.decide(etsi_judgement, settle="answer plainly yes or no")
