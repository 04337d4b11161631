"""TS 103 701 test group 5.3-6: automatic updates and update notifications are on by default and configurable."""

from pytest_etsi import criteria, scopes, unit


@unit("5.3-6-1", "a", expects_entries=True)
def test_mechanism_is_told_to_be_automatic_or_not(upd_mech, etsi_judgement):
    found = criteria.update_use.classification(upd_mech)
    etsi_judgement.required(found)


@unit("5.3-6-1", "b", scope=scopes.automatic_update)
def test_user_can_configure_automatic_updates(upd_mech, etsi_judgement):
    found = criteria.update_use.configurable(upd_mech, "updates")
    found.decide(etsi_judgement, settle="state facts.user_options")


@unit("5.3-6-1", "c", scope=scopes.automatic_update)
def test_automatic_updates_are_on(upd_mech, etsi_judgement):
    found = criteria.update_use.on_by_default(upd_mech, "updates")
    found.decide(etsi_judgement, settle="state facts.automatic_by_default")


@unit("5.3-6-1", "d", scope=scopes.notifying_update)
def test_user_can_configure_notifications(upd_mech, etsi_judgement):
    found = criteria.update_use.configurable(upd_mech, "notifications")
    found.decide(etsi_judgement, settle="state facts.notification_options")


@unit("5.3-6-1", "e", scope=scopes.notifying_update)
def test_notifications_are_on(upd_mech, etsi_judgement):
    found = criteria.update_use.on_by_default(upd_mech, "notifications")
    found.decide(etsi_judgement, settle="state facts.notifications_by_default")


@unit(
    "5.3-6-2",
    "a",
    scope=scopes.automatic_update,
    by_hand="Reset the device, set it up with the choices it offers, and look up whether automatic updates "
    "are on; better still, offer a newer version and see it installed unattended. Off after the usual "
    "set-up is a FAIL.",
)
def test_automatic_updates_are_on_after_set_up(upd_mech, etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.3-6-2",
    "b",
    scope=scopes.automatic_update,
    by_hand="As an ordinary user change the setting in the documented way, read it back, restart, and see "
    "with an offered update that it takes effect. None of enabling, disabling and postponing working "
    "is a FAIL.",
)
def test_user_changes_the_setting_of_automatic_updates(upd_mech, etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.3-6-2",
    "c",
    scope=scopes.notifying_update,
    by_hand="Reset the device, set it up with the choices it offers, and look up whether update notifications "
    "are on; better still, offer a newer version and wait for the notice. No notice of a known update "
    "is a FAIL.",
)
def test_notifications_are_on_after_set_up(upd_mech, etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.3-6-2",
    "d",
    scope=scopes.notifying_update,
    by_hand="As an ordinary user change the setting in the documented way, read it back, and see with an "
    "offered update that notices stop, are delayed or resume. None of enabling, disabling and "
    "postponing working is a FAIL.",
)
def test_user_changes_the_setting_of_notifications(upd_mech, etsi_judgement):
    etsi_judgement.required()
