"""TS 103 701 test group 5.3-16: the model designation can be read off the device."""

from pytest_etsi import criteria, unit


@unit("5.3-16-1", "a")
def test_designation_is_recognisable_on_the_device(user_info, etsi_judgement):
    found = criteria.support.designation(user_info)
    etsi_judgement.required(found)


@unit("5.3-16-1", "a", editions=("2.1.1",))
def test_designation_is_recognisable_by_label_or_user_interface(user_info, etsi_ixit, etsi_judgement):
    found = criteria.support.designation_shown(user_info, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.3-16-2", "a", editions=("1.1.1", "2.1.1"))
def test_designation_can_be_read(user_info, etsi_dut, etsi_judgement):
    criteria.designation.was_read(user_info, etsi_dut.designation()).decide(etsi_judgement)


@unit("5.3-16-2", "b", editions=("1.1.1", "2.1.1"))
def test_designation_is_plain_and_as_documented(user_info, etsi_profile, etsi_dut, etsi_judgement):
    found = criteria.designation.is_plain_and_ours(user_info, etsi_dut.designation(), etsi_profile.dut.model)
    found.decide(etsi_judgement)
