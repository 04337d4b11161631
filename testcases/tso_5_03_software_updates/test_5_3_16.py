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


@unit(
    "5.3-16-2",
    "a",
    editions=("2.1.1",),
    by_hand="Read the designation in the described way: from the label, or through the named user interface. Keep a "
    "photo or the transcript. No designation is a FAIL.",
)
@unit(
    "5.3-16-2",
    "a",
    by_hand="Read the designation in the described way: from the label, or over the named physical interface. "
    "Keep a photo or the transcript. No designation is a FAIL.",
)
def test_designation_can_be_read(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.3-16-2",
    "b",
    editions=("1.1.1", "2.1.1"),
    by_hand="Compare what was read with Model Designation: it has to be plain text and the same. A code, or "
    "another designation, is a FAIL.",
)
def test_designation_is_plain_and_as_documented(etsi_judgement):
    etsi_judgement.required()
