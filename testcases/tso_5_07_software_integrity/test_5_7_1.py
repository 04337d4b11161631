"""TS 103 701 test group 5.7-1: the device verifies its software by secure boot."""

from pytest_etsi import criteria, unit


@unit("5.7-1-1", "a", expects_entries=True)
def test_authenticity_and_integrity_are_guaranteed(sec_boot, etsi_judgement):
    found = criteria.software.boot_guarantees(sec_boot)
    etsi_judgement.required(found)


@unit("5.7-1-1", "b")
def test_mechanism_can_deliver_its_guarantees(sec_boot, etsi_judgement):
    found = criteria.software.boot_means(sec_boot)
    etsi_judgement.required(found)


@unit("5.7-1-2", "a")
def test_altered_software_is_not_started(sec_boot, etsi_dut, etsi_judgement):
    found = criteria.secure_boot.verifies(sec_boot, etsi_dut.altered_boot(sec_boot))
    found.decide(etsi_judgement)
