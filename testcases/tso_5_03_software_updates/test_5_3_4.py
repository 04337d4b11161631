"""TS 103 701 test group 5.3-4: updates work automatically; edition 2.1.1: 5.3-4A, they can, and 5.3-4B, by consent."""

from pytest_etsi import criteria, scopes, unit


@unit("5.3-4-1", "a", expects_entries=True)
def test_component_is_updated_without_the_user(soft_comp, etsi_ixit, etsi_judgement):
    found = criteria.update_use.automatic(soft_comp, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.3-4-1", "b", scope=scopes.component_with_configurable_updates)
def test_an_automatic_mechanism_is_on_by_default(soft_comp, etsi_ixit, etsi_judgement):
    found = criteria.update_use.automatic_by_default(soft_comp, etsi_ixit)
    found.decide(etsi_judgement, settle="state facts.automatic_by_default of the mechanisms")


@unit("5.3-4A-1", "a", expects_entries=True)
def test_mechanism_can_be_set_to_automatic(upd_mech, etsi_judgement):
    found = criteria.update_options.can_be_automatic(upd_mech)
    etsi_judgement.required(found)


@unit("5.3-4A-2", "a", needs="update")
def test_mechanism_is_automatic_once_that_is_switched_on(upd_mech, etsi_dut, etsi_judgement):
    tried = etsi_dut.update_options(upd_mech, "updates")
    criteria.update_settings.automatic_when_on(upd_mech, tried).decide(
        etsi_judgement,
        settle="describe under access of 7-UpdMech how an update is offered and becomes due, and what shows it; or "
        "switch automatic updates on by hand, and see with an update on offer whether it is installed",
    )


@unit("5.3-4B-1", "a", expects_entries=True)
def test_mechanism_is_told_to_be_automatic_or_not(upd_mech, etsi_judgement):
    found = criteria.update_use.classification(upd_mech)
    etsi_judgement.required(found)


@unit("5.3-4B-1", "b", scope=scopes.automatic_update)
def test_consent_is_asked_during_initialization(upd_mech, etsi_ixit, etsi_judgement):
    found = criteria.update_init.asks_for_consent(upd_mech, etsi_ixit)
    found.decide(
        etsi_judgement,
        settle="state facts.update_mechanisms and facts.asked_during in the decision of 26-UserDec",
    )


@unit("5.3-4B-1", "c", scope=scopes.automatic_update_with_consent)
def test_consent_lets_the_device_enable_the_mechanism(upd_mech, etsi_judgement):
    found = criteria.update_init.enabled_by_consent(upd_mech)
    found.decide(etsi_judgement, settle="state facts.consent")


@unit("5.3-4B-2", "a", needs="erase", state="factory-default", partly=True)
def test_initialization_asks_for_consent(etsi_dut, etsi_ixit, etsi_judgement):
    found = criteria.set_up.consent_asked(etsi_ixit, etsi_dut.decisions())
    found.decide(
        etsi_judgement,
        settle="say under access of the decision in 26-UserDec where it is met; or set the device up by hand and look "
        "for the question",
        examined="the decisions of 26-UserDec on automatic updates, as they come up during initialization",
    )


_BY_HAND = (
    "; or reset the device, set it up by hand, and see in the settings, with an update on offer, what follows"
)


@unit(
    "5.3-4B-2",
    "b",
    scope=scopes.automatic_update_with_consent,
    needs=("update", "erase"),
    state="factory-default",
)
def test_granted_consent_leaves_the_mechanism_on(upd_mech, etsi_dut, etsi_judgement):
    granted = criteria.update_settings.answered(upd_mech, "granted")
    if not granted:
        granted = criteria.update_settings.installs(upd_mech, etsi_dut.updates_after_set_up(upd_mech))
    granted.decide(
        etsi_judgement, settle=f"state access.consent where initialize agrees to automatic updates{_BY_HAND}"
    )


@unit(
    "5.3-4B-2",
    "c",
    scope=scopes.automatic_update_with_consent,
    needs=("update", "erase"),
    state="factory-default",
)
def test_denied_consent_leaves_the_mechanism_off(upd_mech, etsi_dut, etsi_judgement):
    denied = criteria.update_settings.answered(upd_mech, "denied")
    if not denied:
        denied = criteria.update_settings.stays_off(upd_mech, etsi_dut.updates_after_set_up(upd_mech))
    denied.decide(
        etsi_judgement, settle=f"state access.consent where initialize refuses automatic updates{_BY_HAND}"
    )
