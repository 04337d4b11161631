"""Who tries what lies behind a login: the one who may, and everybody who may not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from pytest_etsi.dut.observe.access.model import Subject, Try
from pytest_etsi.dut.reach.handing_over import let_out
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.entries import AuthMechEntry

__all__ = ["Way", "each_behind_login", "people"]

Way = tuple[Subject, str, str | None, str | None]
"""Subject, in words, user name and password; None: without."""

_WRONG = "Wr0ng-0000-guess"


class _BehindLogin(Protocol):
    @property
    def login(self) -> str: ...

    @property
    def not_by_second(self) -> bool: ...


_Access = TypeVar("_Access", bound=_BehindLogin)


def each_behind_login(
    dut: Core,
    accesses: Iterable[_Access],
    tries: Callable[[AuthMechEntry, _Access], Iterator[Try]],
    name: Callable[[_Access], str],
    gaps: list[str],
) -> Iterator[Try]:
    """Try each of some things, with the entry of 1-AuthMech that guards it.

    Args:
        dut: the device.
        accesses: as an entry of 13-SoftServ gives them.
        tries: the attempts at one of them.
        name: of one of them, for the gaps.
        gaps: gets what could not be tried, one sentence each.
    """
    for access in accesses:
        mechanism = dut.profile.ixit.auth_mech.get(access.login)
        if mechanism is None:
            continue  # the profile's validation has named it
        try:
            yield from tries(mechanism, access)
        except Inconclusive as error:
            gaps.append(f"{name(access)}: {error.reason}")


def people(
    dut: Core, mechanism: AuthMechEntry, access: _BehindLogin, what: str, gaps: list[str]
) -> list[Way]:
    """Who tries a login, in this order.

    Args:
        dut: the device.
        mechanism: entry of 1-AuthMech.
        access: says whether the second account may not either.
        what: is tried, for the gaps.
        gaps: gets what could not be tried, one sentence each.

    Raises:
        Inconclusive: the profile gives no password.
    """
    username, password = dut.credentials(mechanism)
    ways: list[Way] = [
        ("with the right", "", username, password),
        ("nobody", "without credentials", None, None),
        ("nobody", "with an empty name and password", "", ""),
        ("wrong identity", "with a wrong password", username, _WRONG),
        ("wrong identity", "without a password", username, None),
        ("wrong identity", "under a name that nobody has", "nobody-at-all", password),
    ]
    second = mechanism.access.second_account
    if access.not_by_second and second is not None:
        ways.append(("without the right", "by the second account", second.username, let_out(second.password)))
    elif access.not_by_second:
        gaps.append(f"1-AuthMech/{mechanism.id} gives no second account for {what}")
    return ways
