"""The behaviour of the virtual camera without its servers, with a clock that the tests move."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pytest_etsi.virtual.device import errors, passwords
from pytest_etsi.virtual.device.core import Core, Memory
from pytest_etsi.virtual.flaws import FLAWS, Flaw, GuessingFlaw, PasswordFlaw

if TYPE_CHECKING:
    from collections.abc import Callable

LABEL = "H7KD2MWQX4RT"
OWNER = "a long river bends"
VIEWER = "another long river"
NEW = "quite a new sentence"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Json(Memory):
    """A store that keeps text, as the real one does."""

    def save(self, state: dict[str, Any]) -> None:
        self.state = json.loads(json.dumps(state))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store() -> Json:
    return Json()


@pytest.fixture
def make(clock: Clock, store: Json) -> Callable[..., Core]:
    """Makes a core on the same store: a power cut, when it is called twice."""

    def make(*flaws: Flaw) -> Core:
        return Core(store, LABEL, clock=clock, flaws=frozenset(flaws))

    return make


@pytest.fixture
def core(make: Callable[..., Core]) -> Core:
    return _initialized(make())


def _initialized(core: Core) -> Core:
    core.initialize({"owner": ("owner", OWNER), "viewer": ("viewer", VIEWER)})
    return core


def _wrong(core: Core, times: int, username: str = "owner") -> None:
    for _ in range(times):
        with pytest.raises(errors.WrongPasswordError):
            core.login(username, "wrong")


# First start ------------------------------------------------------------------------------------------------


def test_a_new_device_is_in_factory_default(make: Callable[..., Core]) -> None:
    assert make().state == "factory-default"


@pytest.mark.parametrize(
    "use",
    [
        lambda core: core.login("owner", ""),
        lambda core: core.session("x"),
        lambda core: core.check_stream("stream", LABEL),
    ],
    ids=["login", "session", "stream"],
)
def test_nothing_works_before_the_first_start(
    make: Callable[..., Core], use: Callable[[Core], object]
) -> None:
    with pytest.raises(errors.SetupRequiredError):
        use(make())


@pytest.mark.parametrize("password", ["", "short", "Password1234", "aaaaaaaaaaaa", "x" * 65])
def test_the_wizard_refuses_bad_passwords(make: Callable[..., Core], password: str) -> None:
    core = make()
    with pytest.raises(errors.RejectedError):
        core.setup(password)

    assert core.state == "factory-default"


def test_the_wizard_cannot_be_skipped(make: Callable[..., Core]) -> None:
    with pytest.raises(errors.RejectedError):
        make().setup("", skip=True)


def test_skipping_does_not_smuggle_a_good_password_past_the_user(make: Callable[..., Core]) -> None:
    with pytest.raises(errors.RejectedError):
        make().setup(OWNER, skip=True)


def test_the_password_of_the_wizard_is_the_owner_s(make: Callable[..., Core]) -> None:
    core = make()
    core.setup(OWNER)

    assert core.login("owner", OWNER).role == "owner"


def test_the_wizard_runs_once(core: Core) -> None:
    with pytest.raises(errors.AlreadySetUpError):
        core.setup(NEW)


# Power cut and factory reset --------------------------------------------------------------------------------


def test_accounts_settings_and_passwords_survive_a_power_cut(core: Core, make: Callable[..., Core]) -> None:
    session = core.login("owner", OWNER)
    core.change_password(session, OWNER, NEW)
    core.change_stream_password(session, LABEL, VIEWER)
    core.change_settings(session, {"name": "Hall"})
    again = make()
    again.check_stream("stream", VIEWER)
    again.login("owner", NEW)

    assert again.settings()["name"] == "Hall"


def test_a_session_does_not_survive_a_power_cut(core: Core, make: Callable[..., Core]) -> None:
    token = core.login("owner", OWNER).token
    again = make()
    with pytest.raises(errors.UnauthenticatedError):
        again.session(token)


def test_a_lock_survives_a_power_cut(core: Core, make: Callable[..., Core]) -> None:
    _wrong(core, 5)
    with pytest.raises(errors.LockedError):
        make().login("owner", OWNER)


def test_every_single_failure_survives_a_power_cut(core: Core, make: Callable[..., Core]) -> None:
    for _ in range(5):
        _wrong(make(), 1)
    with pytest.raises(errors.LockedError):
        make().login("owner", OWNER)


def test_the_growth_of_the_locks_survives_a_power_cut(
    core: Core, make: Callable[..., Core], clock: Clock
) -> None:
    _wrong(core, 5)
    clock.now += 2
    again = make()
    _wrong(again, 5)
    with pytest.raises(errors.LockedError) as refusal:
        again.login("owner", OWNER)

    assert refusal.value.retry_after == 4


def test_booting_counts_and_ends_the_sessions(core: Core) -> None:
    token = core.login("owner", OWNER).token
    core.boot()
    with pytest.raises(errors.UnauthenticatedError):
        core.session(token)

    assert core.boot_count == 1


def test_a_factory_reset_forgets_all_but_the_label(core: Core, make: Callable[..., Core]) -> None:
    session = core.login("owner", OWNER)
    core.change_stream_password(session, LABEL, NEW)
    core.change_settings(session, {"name": "Hall"})
    _wrong(core, 5)
    for _ in range(5):
        with pytest.raises(errors.WrongPasswordError):
            core.check_stream("stream", "wrong")
    core.factory_reset()
    again = make()
    again.setup(VIEWER)
    again.login("owner", VIEWER)
    again.check_stream("stream", LABEL)

    assert again.settings()["name"] == "Camera"


# Login ------------------------------------------------------------------------------------------------------


def test_while_locked_the_right_password_is_refused_too(core: Core) -> None:
    _wrong(core, 5)
    with pytest.raises(errors.LockedError):
        core.login("owner", OWNER)


def test_attempts_while_locked_do_not_prolong_the_lock(core: Core, clock: Clock) -> None:
    _wrong(core, 5)
    for _ in range(20):
        with pytest.raises(errors.LockedError):
            core.login("owner", "wrong")
    clock.now += 2
    core.login("owner", OWNER)


def test_accounts_are_locked_separately(core: Core) -> None:
    _wrong(core, 5)

    assert core.login("viewer", VIEWER).role == "viewer"


def test_the_viewer_s_success_does_not_help_against_the_owner(core: Core) -> None:
    _wrong(core, 4)
    core.login("viewer", VIEWER)
    _wrong(core, 1)
    with pytest.raises(errors.LockedError):
        core.login("owner", OWNER)


def test_a_name_without_an_account_is_locked_like_one_with(core: Core) -> None:
    _wrong(core, 5, "nobody")
    with pytest.raises(errors.LockedError):
        core.login("nobody", "wrong")


def test_inventing_names_fills_no_memory(core: Core, store: Json) -> None:
    for number in range(200):
        with pytest.raises((errors.WrongPasswordError, errors.LockedError)):
            core.login(f"name{number}\ud800", "wrong")

    assert store.state is not None
    assert len(store.state["lockout"]["web"]) <= 64


def test_an_unused_session_ends_after_half_an_hour(core: Core, clock: Clock) -> None:
    token = core.login("owner", OWNER).token
    clock.now += 1799
    core.session(token)
    clock.now += 1801
    with pytest.raises(errors.UnauthenticatedError):
        core.session(token)


def test_sessions_are_bounded_and_the_longest_unused_ends_first(core: Core, clock: Clock) -> None:
    first = core.login("owner", OWNER)
    for _ in range(64):
        clock.now += 1
        last = core.login("owner", OWNER)
    core.session(last.token)
    with pytest.raises(errors.UnauthenticatedError):
        core.session(first.token)


def test_wrong_stream_passwords_lock_the_stream_but_not_the_web(core: Core) -> None:
    for _ in range(5):
        with pytest.raises(errors.WrongPasswordError):
            core.check_stream("stream", "wrong")
    core.login("owner", OWNER)
    with pytest.raises(errors.LockedError):
        core.check_stream("stream", LABEL)


# Changes ----------------------------------------------------------------------------------------------------


def test_a_changed_password_kills_the_old_one(core: Core) -> None:
    core.change_password(core.login("owner", OWNER), OWNER, NEW)
    core.login("owner", NEW)
    _wrong(core, 1)
    with pytest.raises(errors.WrongPasswordError):
        core.login("owner", OWNER)


def test_a_changed_password_ends_other_sessions_of_the_account_only(core: Core) -> None:
    own, other, viewer = core.login("owner", OWNER), core.login("owner", OWNER), core.login("viewer", VIEWER)
    core.change_password(own, OWNER, NEW)
    core.session(own.token)
    core.session(viewer.token)
    with pytest.raises(errors.UnauthenticatedError):
        core.session(other.token)


def test_guessing_the_old_password_in_a_session_is_counted_like_a_login(core: Core) -> None:
    session = core.login("owner", OWNER)
    for _ in range(5):
        with pytest.raises(errors.WrongOldPasswordError):
            core.change_password(session, "wrong", NEW)
    with pytest.raises(errors.LockedError):
        core.change_password(session, OWNER, NEW)


@pytest.mark.parametrize("password", ["", "short", "Password1234", "owner12345"])
def test_a_bad_new_password_changes_nothing(core: Core, password: str) -> None:
    with pytest.raises(errors.RejectedError):
        core.change_password(core.login("owner", OWNER), OWNER, password)

    assert core.login("owner", OWNER)


@pytest.mark.parametrize(
    "change",
    [
        lambda core, session: core.change_stream_password(session, LABEL, NEW),
        lambda core, session: core.change_settings(session, {"name": "Hall"}),
        lambda core, session: core.add_viewer(session, "guest", NEW),
        lambda core, session: core.remove_viewer(session, "viewer"),
        lambda core, session: core.users(session),
    ],
    ids=["stream-password", "settings", "add-viewer", "remove-viewer", "users"],
)
def test_a_viewer_may_not_do_what_is_the_owner_s(core: Core, change: Callable[..., object]) -> None:
    session = core.login("viewer", VIEWER)
    with pytest.raises(errors.ForbiddenError):
        change(core, session)


def test_a_removed_viewer_is_logged_out(core: Core) -> None:
    viewer = core.login("viewer", VIEWER)
    core.remove_viewer(core.login("owner", OWNER), "viewer")
    with pytest.raises(errors.UnauthenticatedError):
        core.session(viewer.token)


def test_the_owner_s_account_cannot_be_removed(core: Core) -> None:
    with pytest.raises(errors.ForbiddenError):
        core.remove_viewer(core.login("owner", OWNER), "owner")


@pytest.mark.parametrize("name", ["", "x", "Guest", "guest name", "1guest", "g" * 33, "guest\n"])
def test_a_strange_user_name_is_refused(core: Core, name: str) -> None:
    with pytest.raises(errors.RejectedError):
        core.add_viewer(core.login("owner", OWNER), name, NEW)


@pytest.mark.parametrize(
    "changes", [{"colour": "red"}, {"name": ""}, {"name": 7}, {"motion_detection": 1}, {"name": "x" * 65}]
)
def test_a_strange_setting_changes_nothing(core: Core, changes: dict[str, Any]) -> None:
    before = core.settings()
    with pytest.raises(errors.RejectedError):
        core.change_settings(core.login("owner", OWNER), {"timezone": "CET", **changes})

    assert core.settings() == before


# Storage of passwords ---------------------------------------------------------------------------------------


def test_no_password_is_kept_in_clear(core: Core, store: Json) -> None:
    core.change_stream_password(core.login("owner", OWNER), LABEL, NEW)
    kept = json.dumps(store.state)

    assert not [word for word in (OWNER, VIEWER, NEW, LABEL) if word in kept]


def test_equal_passwords_are_kept_differently() -> None:
    assert passwords.stored(NEW) != passwords.stored(NEW)


# Flaws ------------------------------------------------------------------------------------------------------


def test_flaw_no_lockout_lets_any_number_of_attempts_through(make: Callable[..., Core]) -> None:
    core = _initialized(make(GuessingFlaw.NO_LOCKOUT))
    _wrong(core, 120)

    assert core.login("owner", OWNER)


def test_flaw_lockout_after_50_locks_at_the_fiftieth_failure(make: Callable[..., Core]) -> None:
    core = _initialized(make(GuessingFlaw.LOCKOUT_AFTER_50))
    _wrong(core, 49)
    core.login("owner", OWNER)
    _wrong(core, 50)
    with pytest.raises(errors.LockedError):
        core.login("owner", OWNER)


def test_flaw_reset_by_any_success_lets_the_viewer_help_against_the_owner(make: Callable[..., Core]) -> None:
    core = _initialized(make(GuessingFlaw.LOCKOUT_RESET_BY_ANY_SUCCESS))
    for _ in range(10):
        _wrong(core, 4)
        core.login("viewer", VIEWER)

    assert core.login("owner", OWNER)


def test_flaw_lockout_too_short_ends_a_lock_after_a_tenth_of_its_time(
    make: Callable[..., Core], clock: Clock
) -> None:
    core = _initialized(make(GuessingFlaw.LOCKOUT_TOO_SHORT))
    _wrong(core, 5)
    clock.now += 0.19
    with pytest.raises(errors.LockedError):
        core.login("owner", OWNER)
    clock.now += 0.02

    assert core.login("owner", OWNER)


def test_a_first_lock_may_be_chosen(store: Json, clock: Clock) -> None:
    core = _initialized(Core(store, LABEL, clock=clock, first_lock_s=60))
    _wrong(core, 5)
    clock.now += 59
    with pytest.raises(errors.LockedError):
        core.login("owner", OWNER)
    clock.now += 2
    _wrong(core, 5)
    clock.now += 119

    with pytest.raises(errors.LockedError):
        core.login("owner", OWNER)


def test_flaw_reset_by_any_success_ends_locks_of_others(make: Callable[..., Core]) -> None:
    core = _initialized(make(GuessingFlaw.LOCKOUT_RESET_BY_ANY_SUCCESS))
    _wrong(core, 5)
    core.login("viewer", VIEWER)

    assert core.login("owner", OWNER)


@pytest.mark.parametrize("flaw", [item for item in FLAWS if "lockout" in item.label])
def test_the_flaws_of_the_web_login_leave_the_stream_s_lockout_alone(
    make: Callable[..., Core], flaw: Flaw
) -> None:
    core = _initialized(make(flaw))
    for _ in range(5):
        with pytest.raises(errors.WrongPasswordError):
            core.check_stream("stream", "wrong")
        core.login("viewer", VIEWER)
    with pytest.raises(errors.LockedError):
        core.check_stream("stream", LABEL)


def test_flaw_old_password_stays_valid_even_after_a_power_cut(make: Callable[..., Core]) -> None:
    core = _initialized(make(PasswordFlaw.OLD_PASSWORD_STAYS_VALID))
    core.change_password(core.login("owner", OWNER), OWNER, NEW)
    again = make(PasswordFlaw.OLD_PASSWORD_STAYS_VALID)
    again.login("owner", NEW)

    assert again.login("owner", OWNER)


def test_flaw_password_change_refused_changes_nothing(make: Callable[..., Core]) -> None:
    core = _initialized(make(PasswordFlaw.PASSWORD_CHANGE_REFUSED))
    with pytest.raises(errors.BrokenError):
        core.change_password(core.login("owner", OWNER), OWNER, NEW)
    core.login("owner", OWNER)
    with pytest.raises(errors.WrongPasswordError):
        core.login("owner", NEW)


@pytest.mark.parametrize("skip", [True, False])
def test_flaw_password_not_enforced_lets_the_owner_in_without_one(
    make: Callable[..., Core], skip: bool
) -> None:
    core = make(PasswordFlaw.PASSWORD_NOT_ENFORCED)
    core.setup("", skip=skip)

    assert core.login("owner", "").role == "owner"


def test_flaw_password_not_enforced_still_refuses_a_short_one(make: Callable[..., Core]) -> None:
    with pytest.raises(errors.RejectedError):
        make(PasswordFlaw.PASSWORD_NOT_ENFORCED).setup("short")
