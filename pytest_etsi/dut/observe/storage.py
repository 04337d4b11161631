"""How parameters are stored, tried on the device: by those who must not get at them, and by what shows a protection."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from pytest_etsi.dut.observe.consoles import known_secrets
from pytest_etsi.dut.observe.states import in_factory_default
from pytest_etsi.dut.reach.auth.keys import private_key_of
from pytest_etsi.probes.file_modes import FileSeen, ask_about, read_answer
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pytest_etsi.dut.core import Core
    from pytest_etsi.probes.disclosure import DisclosureObservation
    from pytest_etsi.profile.entries import SecParamEntry
    from pytest_etsi.profile.facts import Attempt, FileAccess

__all__ = [
    "IdentityTampering",
    "StorageTried",
    "Tried",
    "observe_offers",
    "observe_storage",
    "tamper_with_identity",
    "told_values",
]

Aim = Literal["read", "write", "offer", "skip", "state"]
_LINE_S = 10.0
_LEAST = 6
"""Characters of a known secret: a shorter one may stand anywhere by chance."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt.

    Attributes:
        aim: what it would show.
        what: the operation or file, or the condition of a state.
        succeeded: what must not be possible was, or, of a state, the protection is not there.
        gap: why it shows nothing; empty: it does.
        detail: what was seen.
    """

    aim: Aim
    what: str
    succeeded: bool
    gap: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StorageTried:
    """The attempts at one entry of 10-SecParam.

    Attributes:
        tries: in the order in which they were made.
    """

    tries: tuple[Tried, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return {"tries": [asdict(one) for one in self.tries]}

    def aimed(self, *aims: Aim) -> tuple[Tried, ...]:
        """Those with one of these aims."""
        return tuple(one for one in self.tries if one.aim in aims)


@dataclass(frozen=True, slots=True)
class IdentityTampering:
    """Attempts to change a hard-coded identity.

    Attributes:
        tries: attempts to write it, and states that show its protection.
        kept: what was done, and whether the identity was the same afterwards.
        gap: why that shows nothing, one sentence; empty: it does.
    """

    tries: tuple[Tried, ...] = ()
    kept: tuple[tuple[str, bool], ...] = ()
    gap: str = ""

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)


def observe_storage(dut: Core, entry: SecParamEntry) -> StorageTried:
    """Try to get at a parameter as its entry says, with what is allowed as the control.

    Args:
        dut: the device.
        entry: of 10-SecParam.

    Raises:
        Inconclusive: it is another device than the profile describes (``bench``).
    """
    access = entry.access
    if not (access.reads or access.writes or access.files or access.states):
        return StorageTried()
    dut.require_identity()
    tries = [
        *(_attempted(dut, one, "read") for one in access.reads),
        *(tried for tried, _ in _written(dut, entry)),
        *_files(dut, access.files),
        *_states(dut, entry),
    ]
    return StorageTried(tuple(tries))


def observe_offers(dut: Core, entry: SecParamEntry) -> StorageTried:
    """Offer a hard-coded value wherever one of its kind is taken, and, in factory default, do without another one.

    Raises:
        Inconclusive: as `observe_storage`.
    """
    access = entry.access
    if not (access.offers or access.skips):
        return StorageTried()
    dut.require_identity()
    tries = [_attempted(dut, one, "offer") for one in access.offers]
    if access.skips:
        try:
            with in_factory_default(dut):
                tries += [_attempted(dut, one, "skip") for one in access.skips]
        except Inconclusive as error:
            tries.append(Tried("skip", "in factory default", succeeded=False, gap=error.reason))
    return StorageTried(tuple(tries))


def tamper_with_identity(dut: Core, entry: SecParamEntry) -> IdentityTampering:
    """Try to change a hard-coded identity, and read after each attempt, and each reset, whether it is the same.

    Raises:
        Inconclusive: as `observe_storage`.
    """
    access = entry.access
    if not access.told_by:
        return IdentityTampering(gap="access.told_by does not say how one value of it is told from another")
    dut.require_identity()
    if not _value(dut, access.told_by):
        return IdentityTampering(gap=f"the operation {access.told_by} gives no value")
    tries = [*_states(dut, entry), *(tried for tried, _ in _written(dut, entry))]
    kept = [(tried.what, same) for tried, same in _written(dut, entry) if same is not None]
    gap = ""
    for name in access.resets:
        if missing := _permitted(dut, name):
            gap = missing
            continue
        try:
            kept.append((name, _same_after(dut, entry, lambda name=name: dut.operations.run(name))))  # type: ignore[misc]
        except Inconclusive as error:
            gap = error.reason
            break
    return IdentityTampering(tuple(tries), tuple(kept), gap)


def _written(dut: Core, entry: SecParamEntry) -> tuple[tuple[Tried, bool | None], ...]:
    """Attempts to change a parameter, once in a run, and whether its value was the same after each; None: not told."""
    return dut.recorder.once(
        f"writes-{entry.id}", lambda: tuple(_write(dut, entry, one) for one in entry.access.writes)
    )


def _write(dut: Core, entry: SecParamEntry, attempt: Attempt) -> tuple[Tried, bool | None]:
    if not entry.access.told_by:
        return _attempted(dut, attempt, "write"), None
    found: list[Tried] = []
    same = _same_after(dut, entry, lambda: found.append(_attempted(dut, attempt, "write")))
    # What the device says of an attempt is noted; whether the value is another one decides.
    return replace(found[0], succeeded=not same), same


def _same_after(dut: Core, entry: SecParamEntry, do: Callable[[], object]) -> bool:
    """Whether a value is the same after something was done; another one is brought back, or the device is lost."""
    access = entry.access
    before = _value(dut, access.told_by or "")
    do()
    if _value(dut, access.told_by or "") == before:
        return True
    if access.put_back is not None:
        dut.operations.attempt(access.put_back)
    if _value(dut, access.told_by or "") != before:
        dut.is_lost(
            f"the value of {entry.id} was changed by an attempt to, and not brought back",
            "bring its value back, or take another device",
            back=lambda: _value(dut, access.told_by or "") == before,
        )
    return False


def told_values(dut: Core, disclosed: Iterable[DisclosureObservation]) -> tuple[tuple[str, str], ...]:
    """Known secrets in what services tell: what each is called, and where it was told."""
    known = {name: value for name, value in known_secrets(dut).items() if len(value) >= _LEAST}
    return tuple(
        dict.fromkeys(
            (name, f"{item.protocol}/{item.port} {item.where}")
            for one in disclosed
            for item in one.items
            for name, value in known.items()
            if value in item.text
        )
    )


def _permitted(dut: Core, name: str) -> str:
    """Why an operation that resets the device is not run; empty: it may be."""
    needed = "outage" if name.startswith("power") else "erase"
    return "" if needed in dut.permissions else f"{name} is not run: the permission {needed} is not given"


def _value(dut: Core, operation: str) -> str:
    try:
        return dut.operations.attempt(operation).value or ""
    except Inconclusive:
        return ""


def _attempted(dut: Core, attempt: Attempt, aim: Aim) -> Tried:
    """The attempt between two runs of its control, without which a refusal shows nothing."""
    try:
        gap = _control(dut, attempt.control, "before")
        result = dut.operations.attempt(attempt.operation)
        gap = gap or _control(dut, attempt.control, "after")
    except Inconclusive as error:
        return Tried(aim, attempt.operation, succeeded=False, gap=error.reason)
    if not result.done and not result.answered:
        gap = f"nothing answered it: {result.detail}"
    return Tried(aim, attempt.operation, result.done, "" if result.done else gap, result.detail)


def _control(dut: Core, name: str, when: str) -> str:
    result = dut.operations.attempt(name)
    return "" if result.done else f"{when} it, {name} did not succeed either: {result.detail}"


def _states(dut: Core, entry: SecParamEntry) -> Iterable[Tried]:
    for condition in entry.access.states:
        asked = condition.value_of
        if asked is not None and not _value(dut, asked):
            yield Tried("state", str(condition), succeeded=False, gap=f"the operation {asked} gives no value")
            continue
        holds = dut.operations.holds(condition)
        yield Tried("state", str(condition), succeeded=not holds)


def _files(dut: Core, files: Sequence[FileAccess]) -> Iterable[Tried]:
    for one in files:
        what = f"{one.path} by {one.login or 'the serial console'}"
        paths = (one.control, one.path)
        try:
            seen = read_answer(_asked(dut, one, ask_about(paths)), paths)
        except Inconclusive as error:
            yield Tried("read", what, succeeded=False, gap=error.reason)
            continue
        dut.recorder.observed("files", [each.to_json() for each in seen])
        gap = _why_nothing(seen)
        if gap:
            yield Tried("read", what, succeeded=False, gap=gap)
            continue
        found = seen[1]
        if one.secret:
            yield Tried("read", what, found.readable, detail=str(found))
        yield Tried("write", what, found.writable, detail=str(found))


def _why_nothing(seen: Sequence[FileSeen]) -> str:
    """Why an answer shows nothing about the second file; empty: it does."""
    if len(seen) != 2:
        return "the session answers no command as a shell does"
    if seen[0].user == 0:
        return "the session is that of root, who may read everything"
    if not seen[0].readable:
        return f"the session cannot read {seen[0].path} either"
    return ""


def _asked(dut: Core, file: FileAccess, command: str) -> str:
    """What a session answers to a command.

    Raises:
        Inconclusive: there is none (``access``, ``information``), or it fails (``bench``).
    """
    from pytest_etsi.probes.ssh import run_command
    from pytest_etsi.verdict import Cause, inconclusive

    if file.login is None:
        console = dut.console
        since = console.mark()
        console.send_line(command)
        return _heard(console, since)
    entry = dut.profile.ixit.auth_mech.get(file.login)
    if entry is None or entry.access.driver != "ssh":
        inconclusive(
            f"1-AuthMech/{file.login} is no login of SSH",
            cause=Cause.INFORMATION,
            settle="name an entry of 1-AuthMech with driver: ssh",
        )
    host, port = dut.network.login_of(entry)
    key = None if file.second else private_key_of(entry.access)
    username, password = dut.second_credentials(entry) if file.second else dut.credentials(entry)
    seen = run_command(
        dut.network.host(host),
        port,
        username,
        command,
        password=None if key else password,
        key=key.text if key else None,
        timeout_s=_LINE_S,
    )
    return seen.output


def _heard(console: Any, since: int) -> str:
    from pytest_etsi.probes.serial import ConsoleError

    try:
        met = console.expect(r"etsi-file=1 [^\r\n]*", timeout_s=_LINE_S, since=since)
    except ConsoleError:
        return ""
    return str(met.before + met.text)
