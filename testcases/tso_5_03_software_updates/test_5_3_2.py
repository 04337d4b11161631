"""TS 103 701 test group 5.3-2: there is an update mechanism for secure installation."""

from pytest_etsi import criteria, unit


@unit("5.3-2-1", "a", expects_entries=True)
def test_design_of_the_mechanism_resists_misuse(upd_mech, etsi_judgement):
    found = criteria.updates.resists_misuse(upd_mech)
    etsi_judgement.required(found)


@unit(
    "5.3-2-2",
    "a",
    by_hand="From the description work out attacks that need basic means only, and write them down with what "
    "each would show: at least an altered byte, no or a foreign signature, another model, an older "
    "version, a truncated file, an intercepted transfer, a power cut. A step without a finding of its "
    "own: conclude PASS when the list covers the mechanism.",
)
def test_attacks_on_the_mechanism_are_worked_out(upd_mech, etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.3-2-2",
    "b",
    by_hand="Carry out the attacks of unit a and read the version that runs after each. Any altered, foreign "
    "or older software that is installed is a FAIL; keep packages, logs and versions.",
)
def test_mechanism_withstands_the_attacks(upd_mech, etsi_judgement):
    etsi_judgement.required()
