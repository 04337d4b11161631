"""TS 103 701 test group 5.3-7: update mechanisms use best practice cryptography."""

from pytest_etsi import criteria, unit


@unit("5.3-7-1", "a", expects_entries=True)
def test_guarantees_suit_secure_updates(upd_mech, etsi_judgement):
    found = criteria.updates.guarantees(upd_mech)
    etsi_judgement.required(found)


@unit("5.3-7-1", "b")
def test_mechanism_can_deliver_its_guarantees(upd_mech, etsi_judgement):
    found = criteria.updates.means(upd_mech)
    etsi_judgement.required(found)


@unit("5.3-7-1", "c")
def test_cryptography_is_best_practice(upd_mech, etsi_judgement):
    found = criteria.cryptography.documented(upd_mech).about("best-practice")
    etsi_judgement.required(found)


@unit("5.3-7-1", "d")
def test_no_practical_attack_on_the_cryptography_is_known(upd_mech, etsi_judgement):
    found = criteria.cryptography.documented(upd_mech).about("attack")
    etsi_judgement.required(found)
