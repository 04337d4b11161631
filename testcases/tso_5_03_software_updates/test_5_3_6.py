"""TS 103 701 test group 5.3-6: automatic updates and update notifications are on by default and configurable.

In edition 2.1.1: 5.3-6A, users can enable, disable and postpone automatic updates, and 5.3-6B, enable and disable
notifications; what they are by default is not asked any more.
"""

from pytest_etsi import criteria, scopes, unit


@unit("5.3-6-1", "a", expects_entries=True)
@unit("5.3-6A-1", "a", expects_entries=True)
def test_mechanism_is_told_to_be_automatic_or_not(upd_mech, etsi_judgement):
    found = criteria.update_use.classification(upd_mech)
    etsi_judgement.required(found)


@unit("5.3-6-1", "b", scope=scopes.automatic_update)
def test_user_can_configure_automatic_updates(upd_mech, etsi_judgement):
    found = criteria.update_use.configurable(upd_mech, "updates")
    found.decide(etsi_judgement, settle="state facts.user_options")


@unit("5.3-6A-1", "b", scope=scopes.automatic_update)
def test_user_has_every_option_about_automatic_updates(upd_mech, etsi_judgement):
    found = criteria.update_options.each(upd_mech, "updates", ("enable", "disable", "postpone"))
    found.decide(etsi_judgement, settle="state facts.user_options")


@unit("5.3-6B-1", "a", scope=scopes.notifying_update, expects_entries=True)
def test_user_has_every_option_about_notifications(upd_mech, etsi_judgement):
    found = criteria.update_options.each(upd_mech, "notifications", ("enable", "disable"))
    found.decide(etsi_judgement, settle="state facts.notification_options")


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


_DESCRIBE = (
    "describe under access of 7-UpdMech how an update is offered and becomes due, and what shows it; or "
)


@unit("5.3-6-2", "a", scope=scopes.automatic_update, needs=("update", "erase"), state="factory-default")
def test_automatic_updates_are_on_after_set_up(upd_mech, etsi_dut, etsi_judgement):
    seen = etsi_dut.updates_after_set_up(upd_mech)
    criteria.update_settings.installs(upd_mech, seen).decide(
        etsi_judgement,
        settle=_DESCRIBE
        + "reset the device, set it up with the choices that it offers, and see by hand whether an "
        "update is installed",
    )


@unit("5.3-6-2", "b", scope=scopes.automatic_update, needs="update")
def test_user_changes_the_setting_of_automatic_updates(upd_mech, etsi_dut, etsi_judgement):
    tried = etsi_dut.update_options(upd_mech, "updates")
    criteria.update_settings.changeable(upd_mech, tried, "updates").decide(
        etsi_judgement,
        settle=_DESCRIBE
        + "change the setting by hand as an ordinary user, and see with an update on offer what follows",
    )


@unit("5.3-6-2", "c", scope=scopes.notifying_update, needs=("update", "erase"), state="factory-default")
def test_notifications_are_on_after_set_up(upd_mech, etsi_dut, etsi_judgement):
    seen = etsi_dut.updates_after_set_up(upd_mech)
    criteria.update_settings.tells(upd_mech, seen).decide(
        etsi_judgement,
        settle=_DESCRIBE
        + "reset the device, set it up with the choices that it offers, and wait by hand for the notice "
        "of an update on offer",
    )


@unit("5.3-6-2", "d", scope=scopes.notifying_update, needs="update")
def test_user_changes_the_setting_of_notifications(upd_mech, etsi_dut, etsi_judgement):
    tried = etsi_dut.update_options(upd_mech, "notices")
    criteria.update_settings.changeable(upd_mech, tried, "notices").decide(
        etsi_judgement,
        settle=_DESCRIBE
        + "change the setting by hand as an ordinary user, and see with an update on offer what follows",
    )


@unit("5.3-6A-2", "a", scope=scopes.automatic_update, needs="update")
def test_every_setting_of_automatic_updates_works(upd_mech, etsi_dut, etsi_judgement):
    tried = etsi_dut.update_options(upd_mech, "updates")
    wanted = ("enable", "disable", "postpone")
    criteria.update_settings.each_changeable(upd_mech, tried, "updates", wanted).decide(
        etsi_judgement,
        settle=_DESCRIBE
        + "use each setting by hand as an ordinary user, and see with an update on offer what follows",
    )


@unit("5.3-6B-2", "a", scope=scopes.notifying_update, needs="update")
def test_every_setting_of_notifications_works(upd_mech, etsi_dut, etsi_judgement):
    tried = etsi_dut.update_options(upd_mech, "notices")
    criteria.update_settings.each_changeable(upd_mech, tried, "notices", ("enable", "disable")).decide(
        etsi_judgement,
        settle=_DESCRIBE
        + "use each setting by hand as an ordinary user, and see with an update on offer what follows",
    )
