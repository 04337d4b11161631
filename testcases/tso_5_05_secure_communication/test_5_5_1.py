"""TS 103 701 test group 5.5-1: communication is protected with best practice cryptography."""

from pytest_etsi import criteria, unit


@unit("5.5-1-1", "a", expects_entries=True)
def test_guarantees_suit_the_use(com_mech, etsi_ixit, etsi_judgement):
    found = criteria.communication.guarantees(com_mech, etsi_ixit)
    assert not found.violations, found.violations
    etsi_judgement.required(found)


@unit("5.5-1-1", "b")
def test_mechanism_can_deliver_its_guarantees(com_mech, etsi_judgement):
    found = criteria.communication.means(com_mech)
    assert not found.violations, found.violations
    etsi_judgement.required(found)


@unit("5.5-1-1", "c")
def test_cryptography_is_best_practice(com_mech, etsi_judgement):
    found = criteria.cryptography(com_mech).about("best-practice")
    assert not found.violations, found.violations
    etsi_judgement.required(found)


@unit("5.5-1-1", "d")
def test_no_practical_attack_on_the_cryptography_is_known(com_mech, etsi_judgement):
    found = criteria.cryptography(com_mech).about("attack")
    assert not found.violations, found.violations
    etsi_judgement.required(found)


@unit(
    "5.5-1-2",
    "a",
    by_hand="Make the mechanism talk, record it, and compare versions, suites, groups and certificates with "
    "Cryptographic Details; try to talk it down to something weaker. Any other or weaker setting in "
    "use is a FAIL.",
)
def test_device_uses_the_documented_cryptography(com_mech, etsi_judgement):
    etsi_judgement.required()
