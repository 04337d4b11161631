"""TS 103 701 test group 5.12-3: users are guided to check whether the device is set up securely."""

from pytest_etsi import criteria, unit


@unit("5.12-3-1", "a")
def test_device_is_in_a_sample_configuration(etsi_dut, etsi_ixit, etsi_judgement):
    seen = etsi_dut.setup_check()
    found = criteria.set_up.sampled(etsi_ixit.user_info, seen)
    found.decide(
        etsi_judgement,
        settle="say under access.setup_check of 2-UserInfo how the configuration is made weak and restored, or set the "
        "device up by hand, once as well as it can be, and once with a weak choice on purpose",
        examined="the configuration was read before, while it was weak, and when it was restored",
    )


@unit(
    "5.12-3-1",
    "b",
    reserved="no document lists the steps that a check needs: whether one is missing is seen by who follows it; a "
    "program looks for numbered steps, and for what should be seen",
    by_hand="Get the guidance named under Documentation of Setup Check and follow it: every step has to be "
    "there, with what to expect. A step that is missing or cannot be done is a FAIL.",
)
def test_guidance_contains_every_step_of_the_check(etsi_dut, etsi_ixit, etsi_judgement):
    seen = etsi_dut.documents.about("Documentation of Setup Check")
    criteria.reached.open_to_all(etsi_ixit.user_info, "Documentation of Setup Check", seen).refute()
    etsi_judgement.required(criteria.user_guidance.check(etsi_ixit, criteria.reached.text(seen)))


@unit("5.12-3-1", "c")
def test_check_gives_a_reasonable_outcome(etsi_dut, etsi_ixit, etsi_judgement):
    seen = etsi_dut.setup_check()
    found = criteria.set_up.check_tells(etsi_ixit.user_info, seen)
    found.decide(
        etsi_judgement,
        settle="say under access.setup_check of 2-UserInfo how the check is done, or apply it by hand to a good and to "
        "a weak configuration",
        examined=f"the check says {seen.good!r} of a good configuration and {seen.weak!r} of a weak one",
    )
