"""TS 103 701 test group 5.5-7: critical security parameters stay confidential on remotely accessible interfaces."""

from pytest_etsi import criteria, scopes, unit


@unit("5.5-7-1", "a", scope=scopes.carries_critical_parameter_remotely)
@unit("5.5-7-1", "a", editions=("2.1.1",), scope=scopes.carries_critical_parameter_by_remote_interface)
def test_channel_keeps_the_parameters_confidential(com_mech, etsi_ixit, etsi_judgement):
    found = criteria.together(
        criteria.communication.whole(com_mech, etsi_ixit),
        criteria.communication.unlisted(com_mech, etsi_ixit),
    )
    etsi_judgement.required(found)


@unit("5.5-7-2", "a", scope=scopes.carries_critical_parameter_remotely)
@unit("5.5-7-2", "a", editions=("2.1.1",), scope=scopes.carries_critical_parameter_by_remote_interface)
def test_channel_uses_the_documented_cryptography(com_mech, etsi_dut, etsi_ixit, etsi_judgement):
    observed = etsi_dut.communication(com_mech)
    found = criteria.together(
        criteria.channels.in_use(com_mech, observed),
        criteria.capture.in_captures(com_mech, etsi_dut.captures(), etsi_ixit),
        criteria.communication.unlisted(com_mech, etsi_ixit),
    )
    found.decide(
        etsi_judgement,
        cause="access",
        settle="give the gateway under access.uplink and the facts of the mechanism, or record what was seen by hand",
        examined=f"{criteria.channels.seen(observed)}: nothing beyond what is documented",
    )
