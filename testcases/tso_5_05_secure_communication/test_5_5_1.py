"""TS 103 701 test group 5.5-1: communication is protected with best practice cryptography."""

from pytest_etsi import criteria, unit


@unit("5.5-1-1", "a", expects_entries=True)
def test_guarantees_suit_the_use(com_mech, etsi_ixit, etsi_judgement):
    found = criteria.communication.guarantees(com_mech, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.5-1-1", "b")
def test_mechanism_can_deliver_its_guarantees(com_mech, etsi_ixit, etsi_judgement):
    found = criteria.communication.means(com_mech, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.5-1-1", "c")
def test_cryptography_is_best_practice(com_mech, etsi_judgement):
    found = criteria.cryptography.documented(com_mech).about("best-practice")
    etsi_judgement.required(found)


@unit("5.5-1-1", "d")
def test_no_practical_attack_on_the_cryptography_is_known(com_mech, etsi_judgement):
    found = criteria.cryptography.documented(com_mech).about("attack")
    etsi_judgement.required(found)


@unit("5.5-1-2", "a")
def test_device_uses_the_documented_cryptography(com_mech, etsi_dut, etsi_ixit, etsi_judgement):
    observed = etsi_dut.communication(com_mech)
    found = criteria.together(
        criteria.channels.in_use(com_mech, observed),
        criteria.capture.in_captures(com_mech, etsi_dut.captures(), etsi_ixit),
    )
    found.decide(
        etsi_judgement,
        cause="access",
        settle="give the gateway under access.uplink and the facts of the mechanism, or record what was seen by hand",
        examined=f"{criteria.channels.seen(observed)}: nothing beyond what is documented",
    )
