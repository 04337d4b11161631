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
    reserved="whether the attacks suffice for what the mechanism is takes somebody who understands it; a program makes "
    "those that follow from a genuine package, and tells them",
)
def test_attacks_on_the_mechanism_are_worked_out(upd_mech, etsi_dut, etsi_judgement):
    found = criteria.update_misuse.planned(upd_mech, etsi_dut.misuse_planned(upd_mech))
    etsi_judgement.required(found)


@unit("5.3-2-2", "b", needs="update")
def test_mechanism_withstands_the_attacks(upd_mech, etsi_dut, etsi_judgement):
    series = etsi_dut.misuse(upd_mech)
    found = criteria.update_misuse.withstands(upd_mech, series)
    found.decide(
        etsi_judgement,
        cause="access",
        settle="name under access of 7-UpdMech a genuine package, how it is installed and undone; or carry out the "
        "attacks of unit a by hand and read the version that runs after each",
    )
