"""TS 103 701 test group 5.7-2: detected tampering raises an alert and cuts communication."""

from pytest_etsi import criteria, unit


@unit("5.7-2-1", "a", expects_entries=True)
def test_alert_makes_the_change_known(sec_boot, etsi_judgement):
    found = criteria.software.alert(sec_boot)
    etsi_judgement.required(found)


@unit("5.7-2-1", "b")
def test_functions_that_stay_serve_the_alert(sec_boot, etsi_judgement):
    found = criteria.software.alert_functions(sec_boot)
    etsi_judgement.required(found)


@unit("5.7-2-2", "a")
def test_alert_arrives_as_documented(sec_boot, etsi_dut, etsi_judgement):
    found = criteria.secure_boot.alerts(sec_boot, etsi_dut.altered_boot(sec_boot))
    found.decide(etsi_judgement)


@unit("5.7-2-2", "b")
def test_communication_shrinks_to_the_declared(sec_boot, etsi_dut, etsi_ixit, etsi_judgement):
    recorded = criteria.failed_boot.in_captures(sec_boot, etsi_dut.captures("failed-boot"), etsi_ixit)
    recorded.refute()
    observed = etsi_dut.failed_boot(sec_boot)
    found = criteria.failed_boot.watched(sec_boot, observed)
    criteria.together(recorded, found).decide(
        etsi_judgement,
        cause="access",
        settle="say under access.alter, restore and alerted how the bench brings a detection about; or do it by hand, "
        "record what the device sends beyond the local network, name the capture under access.captures with during: "
        "failed-boot, and judge it",
        examined=criteria.failed_boot.seen(observed),
    )
