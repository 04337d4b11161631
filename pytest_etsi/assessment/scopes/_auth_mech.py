"""Which entries of 1-AuthMech the units of scenario 5.1 concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment.reading.logic import every
from pytest_etsi.unit import Scope

if TYPE_CHECKING:
    from pytest_etsi.profile.entries import AuthMechEntry

__all__ = [
    "network_authentication",
    "password_not_user_chosen_outside_factory_default",
    "pre_installed_password",
    "user_authentication",
    "user_chosen_password",
]


def _is_user(entry: AuthMechEntry) -> bool | None:
    subject = entry.facts.subject
    return None if subject is None else bool(subject == "user")


def _is_network(entry: AuthMechEntry) -> bool | None:
    interface = entry.facts.interface
    return None if interface is None else bool(interface == "network")


def _has_password(entry: AuthMechEntry) -> bool | None:
    """Whether a password is presented; a PIN is one by its nature, so that a PIN alone leaves it open."""
    facts = entry.facts
    if "password" in facts.factors or facts.password is not None:
        return True
    if not facts.factors or "pin" in facts.factors:
        return None
    return False


def _origin(entry: AuthMechEntry, *wanted: str) -> bool | None:
    password = entry.facts.password
    if password is None or password.origin is None:
        return None
    return password.origin in wanted


def _outside_factory_default(entry: AuthMechEntry) -> bool | None:
    states = entry.facts.states
    return any(state != "factory-default" for state in states) if states else None


def _not_user_chosen(entry: AuthMechEntry) -> bool | None:
    return every(
        _is_user(entry),
        _has_password(entry),
        _origin(entry, "pre-installed", "device-generated"),
        _outside_factory_default(entry),
    )


def _user_chosen(entry: AuthMechEntry) -> bool | None:
    return every(_is_user(entry), _has_password(entry), _origin(entry, "user-defined"))


def _pre_installed(entry: AuthMechEntry) -> bool | None:
    return every(_has_password(entry), _origin(entry, "pre-installed"))


password_not_user_chosen_outside_factory_default = Scope(
    "user authentication by a password that the user does not choose, outside factory default",
    _not_user_chosen,
)
user_chosen_password = Scope("user authentication by a password that the user chooses", _user_chosen)
pre_installed_password = Scope("pre-installed passwords", _pre_installed)
user_authentication = Scope("mechanisms that authenticate users", _is_user)
network_authentication = Scope("mechanisms that a network interface gives direct access to", _is_network)
