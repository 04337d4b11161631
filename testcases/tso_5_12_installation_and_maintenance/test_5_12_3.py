"""TS 103 701 test group 5.12-3: users are guided to check whether the device is set up, and kept, securely."""

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
def test_guidance_contains_every_step_of_the_check(etsi_dut, etsi_ixit, etsi_profile, etsi_judgement):
    seen = etsi_dut.documents.about("Documentation of Setup Check")
    criteria.reached.open_to_all(etsi_ixit.user_info, "Documentation of Setup Check", seen).refute()
    product = (etsi_profile.dut.manufacturer, etsi_profile.dut.model)
    etsi_judgement.required(criteria.user_guidance.check(etsi_ixit, criteria.reached.text(seen), product))


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


@unit("5.12-3-1", "a", editions=("2.1.1",))
def test_check_of_the_set_up_is_complete(user_info, etsi_judgement):
    found = criteria.published.place(user_info, "Documentation of Setup Check")
    etsi_judgement.required(found)


@unit("5.12-3-1", "b", editions=("2.1.1",))
def test_check_of_the_upkeep_is_complete(user_info, etsi_judgement):
    found = criteria.published.place(user_info, "Documentation of Maintenance Check")
    etsi_judgement.required(found)


_BY_PROGRAM = (
    "say under access.setup_check and access.maintenance_check of 2-UserInfo how it is done, or do it by hand"
)


@unit("5.12-3-2", "a")
def test_device_is_in_a_secure_configuration(etsi_dut, etsi_ixit, etsi_judgement):
    found = criteria.set_up.secured(etsi_ixit.user_info, etsi_dut.setup_check())
    found.decide(
        etsi_judgement,
        settle=f"{_BY_PROGRAM}: set the device up as well as it can be, and read the configuration back",
        examined="the secure configuration was read, and reads the same after it was made weak and restored",
    )


@unit("5.12-3-2", "b")
def test_check_of_the_set_up_tells_that_it_is_secure(etsi_dut, etsi_ixit, etsi_judgement):
    seen = etsi_dut.setup_check()
    found = criteria.set_up.tells_right(etsi_ixit.user_info, "setup", seen, weak=False)
    found.decide(
        etsi_judgement,
        settle=f"{_BY_PROGRAM}: apply the check to the secure configuration",
        examined=f"the check of the set-up says {seen.good!r} of the secure configuration",
    )


@unit("5.12-3-2", "c")
def test_check_of_the_upkeep_tells_that_the_state_is_secure(etsi_dut, etsi_ixit, etsi_judgement):
    seen = etsi_dut.maintenance_check()
    found = criteria.set_up.tells_right(etsi_ixit.user_info, "maintenance", seen, weak=False)
    found.decide(
        etsi_judgement,
        settle=f"{_BY_PROGRAM}: apply the check to the secure configuration",
        examined=f"the check of the upkeep says {seen.good!r} of the secure configuration",
    )


@unit("5.12-3-2", "d")
def test_device_is_in_a_configuration_made_insecure(etsi_dut, etsi_ixit, etsi_judgement):
    found = criteria.together(
        criteria.set_up.weakened(etsi_ixit.user_info, etsi_dut.setup_check()),
        criteria.set_up.weakened(etsi_ixit.user_info, etsi_dut.maintenance_check(), "maintenance"),
    )
    found.decide(
        etsi_judgement,
        settle=f"{_BY_PROGRAM}: bring in a weakness on purpose (old software, an open service, a shared account), and "
        "read the configuration back",
        examined="the configuration reads otherwise after each weakness was brought in",
    )


@unit("5.12-3-2", "e")
def test_checks_report_the_weakness(etsi_dut, etsi_ixit, etsi_judgement):
    setup, upkeep = etsi_dut.setup_check(), etsi_dut.maintenance_check()
    found = criteria.together(
        criteria.set_up.tells_right(etsi_ixit.user_info, "setup", setup, weak=True),
        criteria.set_up.tells_right(etsi_ixit.user_info, "maintenance", upkeep, weak=True),
    )
    found.decide(
        etsi_judgement,
        settle=f"{_BY_PROGRAM}: apply both checks to the configuration made insecure, and judge which of them has to "
        "notice the weakness",
        examined=f"of the insecure one the checks say {setup.weak!r} and {upkeep.weak!r}",
    )
