"""The camera without its servers: accounts, sessions, first start, locks, settings.

Every method decides and counts in one go, without waiting in between, so that requests in parallel cannot get
more attempts through than requests in a row.
"""

from __future__ import annotations

import re
import secrets
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pytest_etsi.virtual.device import errors, passwords
from pytest_etsi.virtual.device.consent import Consent
from pytest_etsi.virtual.device.lockout import FIRST_LOCK_S, Lockout, Policy, policy_of
from pytest_etsi.virtual.device.outages import Outages
from pytest_etsi.virtual.device.settings import DEFAULT_SETTINGS, changed, defaults
from pytest_etsi.virtual.device.upkeep import Upkeep
from pytest_etsi.virtual.flaws import (
    AccessFlaw,
    ErasureFlaw,
    Flaw,
    GuessingFlaw,
    InputFlaw,
    InterfaceFlaw,
    PasswordFlaw,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_etsi.virtual.device.software import Software

__all__ = ["STREAM_USER", "Account", "Core", "Memory", "Session", "Store"]

SETUP_DONE = "initialized"
FACTORY_DEFAULT = "factory-default"
STREAM_USER = "stream"
OWNER = "owner"

_MAX_ACCOUNTS = 8
_MAX_SESSIONS = 64
_IDLE_S = 1800.0
_UNKNOWN_NAMES = 64
_NAME = re.compile(r"[a-z][a-z0-9_.-]{1,31}")


class Store(Protocol):
    """Where the state survives a power cut."""

    def load(self) -> dict[str, Any] | None:
        """The state last saved; None on a device that has never been started."""

    def save(self, state: dict[str, Any]) -> None:
        """Keep the state; either all of it or, when power fails meanwhile, the one before."""


@dataclass(slots=True)
class Memory:
    """A store that lasts as long as the object: for tests."""

    state: dict[str, Any] | None = None

    def load(self) -> dict[str, Any] | None:
        """The state last saved."""
        return self.state

    def save(self, state: dict[str, Any]) -> None:
        """Keep the state."""
        self.state = state


@dataclass(slots=True)
class Account:
    """An account of the web interface.

    Attributes:
        role: the owner may do everything, a viewer may look and change the own password.
        password: in stored form.
        former: earlier passwords that still work; filled by a flaw only.
    """

    role: Literal["owner", "viewer"]
    password: str
    former: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Session:
    """Somebody who is logged in; `used` is the time of the last request, in seconds since the epoch."""

    token: str
    username: str
    role: str
    used: float


class Core:
    """The camera's behaviour.

    Attributes:
        consent: to diagnostics.
        label: a copy of the name that its owner has given it, which a flaw shows.

    Args:
        store: keeps the state over a power cut.
        label_password: the stream password printed on the label; comes back with a factory reset.
        clock: seconds since the epoch.
        flaws: the weaknesses to show.
        first_lock_s: how long a first lock lasts, in seconds.
        outages: what outages do to the camera; it outlives a start. None: of its own.
        software: what runs; it outlives a start. None: what left the factory.
    """

    def __init__(
        self,
        store: Store,
        label_password: str,
        *,
        clock: Callable[[], float],
        flaws: frozenset[Flaw] = frozenset(),
        first_lock_s: float = FIRST_LOCK_S,
        outages: Outages | None = None,
        software: Software | None = None,
    ) -> None:
        self.outages = outages or Outages(flaws)
        self._store = store
        self._label_password = label_password
        self._label_digest = passwords.digest_secret(STREAM_USER, label_password)
        self._clock = clock
        self._flaws = flaws
        self._sessions: dict[str, Session] = {}
        self._nobody = passwords.stored_for_nobody()
        self.web_policy = policy_of(flaws, first_lock_s)
        self._web = Lockout(self.web_policy, clock)
        self._stream = Lockout(Policy(first_s=first_lock_s), clock)
        self._accounts: dict[str, Account] = {}
        self._settings = defaults(flaws)
        self._stream_password: str | None = None
        self._stream_digest: str | None = None
        self._initialized = False
        self._failed_logins = 0
        self._boots_at_reset = 0
        self.boot_count = 0
        self.label = ""
        self.consent = Consent(flaws)
        self.upkeep = Upkeep(clock, software, flaws)
        self.takes_token: Callable[[object], bool] = lambda _: False
        """Whether the secure element takes another token; a camera as it should be never lets it."""
        self._load()

    @cached_property
    def _label_kept(self) -> str:
        return passwords.stored(self._label_password)

    @property
    def flaws(self) -> frozenset[Flaw]:
        """The weaknesses to show."""
        return self._flaws

    # Life ---------------------------------------------------------------------------------------------------

    @property
    def state(self) -> str:
        """``factory-default`` before the first start is done, ``initialized`` after."""
        return SETUP_DONE if self._initialized else FACTORY_DEFAULT

    def boot(self, *, cut: bool = False) -> None:
        """Power has come on: sessions are gone, the rest is as it was.

        Args:
            cut: it had been cut; what then gets lost, flaws say.
        """
        self._sessions.clear()
        self.boot_count += 1
        self.outages.cuts += cut
        if cut and self.outages.loses_settings(power=True):
            self._settings = defaults(self._flaws)
        self._settings["diagnostics"] = self._settings["diagnostics"] or self.consent.comes_back
        if cut:
            self._settings["name"] = self.outages.stored(self._settings["name"])
        if cut and self.outages.loses_viewers:
            self._accounts = {name: one for name, one in self._accounts.items() if one.role == "owner"}
        self._save()

    def link_is_back(self) -> None:
        """The cable is in again: all is as it was, but for what flaws say."""
        if self.outages.loses_settings(power=False):
            self._settings = defaults(self._flaws)
            self._save()

    def factory_reset(self) -> None:
        """Forget everything but the boot count; the stream has the password of the label again."""
        self._forget()
        self._save()

    def initialize(self, accounts: Mapping[str, tuple[Literal["owner", "viewer"], str]]) -> None:
        """Do the first start as the bench does it, before delivery: user name -> role and password."""
        self._forget()
        self._accounts = {
            name: Account(role, passwords.stored(word)) for name, (role, word) in accounts.items()
        }
        self._initialized = True
        self._save()

    def setup(self, password: str, *, skip: bool = False) -> None:
        """Finish the first start with the password that the user chose for the account ``owner``.

        Raises:
            errors.AlreadySetUpError: the first start is over.
            errors.RejectedError: no password is chosen, or one that the camera does not take.
        """
        if self._initialized and AccessFlaw.SETUP_AGAIN not in self._flaws:
            raise errors.AlreadySetUpError
        if self.outages.refuses_setup:
            raise errors.RejectedError("this camera belongs to somebody else")
        password = "" if skip else password
        reason = passwords.rejection(password, OWNER)
        if not (PasswordFlaw.PASSWORD_NOT_ENFORCED in self._flaws and password == ""):
            if skip:
                raise errors.RejectedError("a password has to be chosen")
            if reason:
                raise errors.RejectedError(reason)
        self._accounts[OWNER] = Account("owner", passwords.stored(password))
        self._initialized = True
        self._save()

    # Logging in ---------------------------------------------------------------------------------------------

    def login(self, username: str, password: str, *, connection: Lockout | None = None) -> Session:
        """Start a session.

        Args:
            username: of an account.
            password: of that account.
            connection: counts instead of the device's own lockout; for the flaws `LOCKOUT_PER_CONNECTION`,
                `LOCKOUT_PER_SOURCE` and `LOCKOUT_BELIEVES_HEADERS`.

        Raises:
            errors.WrongPasswordError: the password is wrong.
            errors.LockedError: there were too many wrong ones.
            errors.ServiceError: by its flaw, the camera lets nobody in without its service.
        """
        self._require_setup()
        if self.outages.refuses_logins:
            raise errors.ServiceError
        self._check_web(username, password, errors.WrongPasswordError, connection)
        session = Session(secrets.token_urlsafe(32), username, self._accounts[username].role, self._clock())
        if len(self._sessions) >= _MAX_SESSIONS:
            del self._sessions[min(self._sessions.values(), key=lambda item: item.used).token]
        self._sessions[session.token] = session
        return session

    def session(self, token: str | None) -> Session:
        """The session of `token`, which is thereby used.

        Raises:
            errors.UnauthenticatedError: there is none, or it was not used for too long.
        """
        self._require_setup()
        if token and self._flaws & {AccessFlaw.TOKEN_PREFIX, AccessFlaw.TOKEN_ENDS}:
            last = slice(-16, None) if AccessFlaw.TOKEN_ENDS in self._flaws else slice(0)
            token = next(
                (one for one in self._sessions if (one[:8], one[last]) == (token[:8], token[last])), token
            )
        session = self._sessions.get(token or "")
        if session is None or self._clock() - session.used > _IDLE_S:
            self._sessions.pop(token or "", None)
            raise errors.UnauthenticatedError
        session.used = self._clock()
        return session

    def logout(self, session: Session) -> None:
        """End a session."""
        if AccessFlaw.LOGOUT_KEEPS_SESSION not in self._flaws:
            self._sessions.pop(session.token, None)

    def knows(self, token: str) -> bool:
        """Whether there is a session of `token`; it is not used thereby."""
        return token in self._sessions

    def stolen_session(self) -> Session:
        """The owner's rights for somebody who has not logged in; only flaws give them away."""
        name = next((name for name, account in self._accounts.items() if account.role == "owner"), OWNER)
        return Session("", name, "owner", self._clock())

    def check_stream(self, username: str, password: str) -> None:
        """Let through who knows the stream's password; all failures count together."""
        self._require_setup()
        self._require_unlocked(self._stream, STREAM_USER)
        right = self._is_stream_password(password)
        self._count_stream(
            right=right and (username == STREAM_USER or AccessFlaw.STREAM_ANY_USER in self._flaws)
        )

    def check_recorder(self, username: str, proves: Callable[[str], bool]) -> None:
        """Let through who proves to know the stream's password; failures count together with those of `check_stream`.

        Args:
            username: as given.
            proves: says whether the proof was made with a secret of the digest.

        Raises:
            errors.WrongPasswordError: the proof is wrong.
            errors.LockedError: there were too many wrong ones.
        """
        self._require_setup()
        unlimited = GuessingFlaw.RECORDER_WITHOUT_LOCKOUT in self._flaws
        if not unlimited:
            self._require_unlocked(self._stream, STREAM_USER)
        right = proves(self._stream_digest or self._label_digest) and username == STREAM_USER
        if unlimited and not right:
            raise errors.WrongPasswordError
        self._count_stream(right=right)

    def _count_stream(self, *, right: bool) -> None:
        if not right:
            self._failed_logins += 1
            self._stream.failed(STREAM_USER)
            self._save()
            raise errors.WrongPasswordError
        self._forget_failures(self._stream, STREAM_USER)

    # Changing -----------------------------------------------------------------------------------------------

    def change_password(self, session: Session, old: str, new: str) -> None:
        """Give the session's account a new password and end its other sessions.

        Raises:
            errors.WrongOldPasswordError: `old` is wrong.
            errors.RejectedError: the camera does not take `new`.
            errors.BrokenError: by its flaw, the camera changes nothing.
        """
        if PasswordFlaw.PASSWORD_CHANGE_REFUSED in self._flaws:
            raise errors.BrokenError
        self._check_web(session.username, old, errors.WrongOldPasswordError)
        self._require_acceptable(new, session.username)
        account = self._accounts[session.username]
        if PasswordFlaw.OLD_PASSWORD_STAYS_VALID in self._flaws:
            account.former = [*account.former, account.password][-3:]
        account.password = passwords.stored(new)
        self._end_sessions(session.username, but=session)
        self._save()

    def change_stream_password(self, session: Session, old: str, new: str) -> None:
        """Give the stream a new password; the owner only.

        Raises:
            errors.ForbiddenError: it is not the owner's session.
            errors.WrongOldPasswordError: `old` is wrong.
            errors.RejectedError: the camera does not take `new`.
        """
        self.require_owner(session)
        self._require_unlocked(self._stream, STREAM_USER)
        if not self._is_stream_password(old):
            self._stream.failed(STREAM_USER)
            self._save()
            raise errors.WrongOldPasswordError
        self._require_acceptable(new, STREAM_USER)
        self._stream_password = passwords.stored(new)
        self._stream_digest = passwords.digest_secret(STREAM_USER, new)
        self._stream.succeeded(STREAM_USER)
        self._save()

    def users(self, session: Session) -> dict[str, str]:
        """User name -> role; the owner only."""
        self.require_owner(session)
        return {name: account.role for name, account in self._accounts.items()}

    def add_viewer(self, session: Session, username: str, password: str) -> None:
        """Create an account that may look; the owner only.

        Raises:
            errors.ForbiddenError: it is not the owner's session.
            errors.ConflictError: there is such an account.
            errors.RejectedError: the camera does not take the name or password, or has too many accounts.
        """
        self.require_owner(session)
        if not _NAME.fullmatch(username) and InputFlaw.USER_NAME_UNCHECKED not in self._flaws:
            raise errors.RejectedError(
                "a user name has 2 to 32 characters: a-z, 0-9, '_', '.', '-'; a letter first"
            )
        if username in self._accounts or username == STREAM_USER:
            raise errors.ConflictError(username)
        if len(self._accounts) >= _MAX_ACCOUNTS:
            raise errors.RejectedError(f"there are {_MAX_ACCOUNTS} accounts at most")
        self._require_acceptable(password, username)
        self._accounts[username] = Account("viewer", passwords.stored(password))
        self._save()

    def remove_viewer(self, session: Session, username: str) -> None:
        """Delete an account and end its sessions; the owner only, and not the owner's own.

        Raises:
            errors.ForbiddenError: it is not the owner's session, or the owner's account.
            errors.NotFoundError: there is no such account.
        """
        self.require_owner(session)
        if username not in self._accounts:
            raise errors.NotFoundError(username)
        if self._accounts[username].role == "owner":
            raise errors.ForbiddenError("the owner's account stays until a factory reset")
        del self._accounts[username]
        self._end_sessions(username)
        self._web.succeeded(username)
        self._save()

    def settings(self) -> dict[str, Any]:
        """The settings as they are."""
        return dict(self._settings)

    def change_settings(self, session: Session, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Take over `changes` and give all settings; the owner only."""
        self.require_owner(session)
        if "device_token" in changes and self.takes_token(changes["device_token"]):
            changes = {name: value for name, value in changes.items() if name != "device_token"}
        self.consent.answer(changes)
        self._settings = changed(self._settings, changes, self.upkeep.today(), self._flaws)
        self.label = self._settings["name"]
        if "name" in changes:
            self.outages.named()
        self._save()
        return self.settings()

    def stop_reports(self) -> None:
        """Report to the cloud service no more, until the owner wants it again or resets the camera."""
        self._settings.update(reports=False, diagnostics=False)
        self._save()

    def diagnostics(self) -> dict[str, int]:
        """What the service learns when the owner has agreed: counts since the last factory reset."""
        return {
            "restarts": self.boot_count - self._boots_at_reset,
            "failed_logins": self.outages.count(self._failed_logins),
        }

    def open_connector(self, *, wanted: bool) -> None:
        """Open or close the service connector."""
        if wanted or InterfaceFlaw.CONNECTOR_STAYS_OPEN not in self._flaws:
            self.upkeep.open_connector(wanted=wanted)

    def viewers(self, session: Session) -> list[str]:
        """The user names of the viewers; the owner only."""
        return [name for name, role in self.users(session).items() if role == "viewer"]

    def require_owner(self, session: Session) -> None:
        """Refuse everybody else what is the owner's.

        Raises:
            errors.ForbiddenError: it is not the owner's session.
        """
        if session.role != "owner" and AccessFlaw.ROLE_UNCHECKED not in self._flaws:
            raise errors.ForbiddenError

    # Inside -------------------------------------------------------------------------------------------------

    def _check_web(
        self,
        username: str,
        password: str,
        wrong: type[errors.CameraError],
        connection: Lockout | None = None,
    ) -> None:
        lockout = self._web if connection is None else connection
        account = self._accounts.get(username)
        # Names without an account are locked like others, so that a lock does not tell which accounts exist;
        # they share a bounded number of counters, so that inventing names fills no memory.
        key = username if account else f"?{zlib.crc32(username.encode('utf-8', 'replace')) % _UNKNOWN_NAMES}"
        if GuessingFlaw.LOCKOUT_LETS_THE_RIGHT_IN not in self._flaws:
            self._require_unlocked(lockout, key)
        # For an unknown name a password is checked too, so that the time taken does not tell either.
        kept = [account.password, *account.former] if account else [self._nobody]
        right = any(passwords.verify(password, item) for item in kept)
        if account is None or not right:
            self._require_unlocked(lockout, key)
            self._failed_logins += wrong is errors.WrongPasswordError
            lockout.failed(key)
            self._save()
            raise wrong
        if GuessingFlaw.LOCKOUT_RESET_BY_ANY_SUCCESS in self._flaws:
            lockout.clear()
            self._save()
        self._forget_failures(lockout, key)

    def _is_stream_password(self, password: str) -> bool:
        return passwords.verify(password, self._stream_password or self._label_kept)

    def _forget_failures(self, lockout: Lockout, key: str) -> None:
        if key in lockout.counters:
            lockout.succeeded(key)
            self._save()

    def _require_setup(self) -> None:
        if not self._initialized:
            raise errors.SetupRequiredError

    def _require_unlocked(self, lockout: Lockout, key: str) -> None:
        remaining = lockout.remaining_s(key)
        if remaining > 0:
            raise errors.LockedError(remaining)

    def _require_acceptable(self, password: str, username: str) -> None:
        reason = passwords.rejection(password, username)
        if reason:
            raise errors.RejectedError(reason)

    def _end_sessions(self, username: str, but: Session | None = None) -> None:
        self._sessions = {
            token: item for token, item in self._sessions.items() if item.username != username or item is but
        }

    def _forget(self) -> None:
        self._sessions.clear()
        viewers = {name: one for name, one in self._accounts.items() if one.role == "viewer"}
        self._accounts = viewers if ErasureFlaw.RESET_KEEPS_VIEWERS in self._flaws else {}
        self._web.clear()
        self._stream.clear()
        kept = {"name": self._settings["name"]} if ErasureFlaw.RESET_KEEPS_NAME in self._flaws else {}
        self._settings = {**self.consent.of_a_new_camera(defaults(self._flaws)), **kept}
        if ErasureFlaw.RESET_KEEPS_COPY not in self._flaws:
            self.label = ""
        self._stream_password = self._stream_digest = None
        self._failed_logins = 0
        self._boots_at_reset = self.boot_count
        self._initialized = False
        self.upkeep.open_connector(wanted=False)

    def _save(self) -> None:
        self._store.save(
            {
                "format": 1,
                "boot_count": self.boot_count,
                "boots_at_reset": self._boots_at_reset,
                "label": self.label,
                "answers": list(self.consent.answers),
                "failed_logins": self._failed_logins,
                "initialized": self._initialized,
                "accounts": {
                    name: {"role": item.role, "password": item.password, "former": list(item.former)}
                    for name, item in self._accounts.items()
                },
                "stream_password": self._stream_password,
                "stream_digest": self._stream_digest,
                "settings": dict(self._settings),
                "lockout": {"web": self._web.to_json(), "stream": self._stream.to_json()},
            }
        )

    def _load(self) -> None:
        state = self._store.load()
        if state is None:
            return
        self.boot_count = state["boot_count"]
        self._boots_at_reset = state.get("boots_at_reset", 0)
        self.label = state.get("label", "")
        self.consent.answers = list(state.get("answers", ()))
        self._failed_logins = state.get("failed_logins", 0)
        self._initialized = state["initialized"]
        self._accounts = {name: Account(**account) for name, account in state["accounts"].items()}
        self._stream_password = state["stream_password"]
        self._stream_digest = state.get("stream_digest")
        self._settings = {**DEFAULT_SETTINGS, **state["settings"]}
        self._web.load(state["lockout"]["web"])
        self._stream.load(state["lockout"]["stream"])
