"""TS 103 701 test group 5.3-11: users are told visibly about needed security updates and the risks they remove."""

from pytest_etsi import criteria, unit


@unit("5.3-11-1", "a", expects_entries=True)
def test_users_notice_that_an_update_is_available(upd_mech, etsi_judgement):
    found = criteria.update_use.noticeable(upd_mech)
    etsi_judgement.required(found)


@unit("5.3-11-1", "b")
def test_notice_says_which_risks_are_removed(upd_mech, etsi_judgement):
    found = criteria.update_use.tells_risks(upd_mech)
    etsi_judgement.required(found)
