"""Drivers by name; a project adds its own through the hook `pytest_etsi_auth_drivers`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pytest_etsi.text import did_you_mean
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.dut.reach.auth._protocol import AuthDriver, Device, DriverFactory
    from pytest_etsi.profile.entries import AuthMechEntry

__all__ = ["DRIVERS", "driver_for"]

DRIVERS: dict[str, str] = {
    "https-form": "pytest_etsi.dut.reach.auth.web:FormDriver",
    "http-json": "pytest_etsi.dut.reach.auth.web:JsonDriver",
    "http-steps": "pytest_etsi.dut.reach.auth.web:StepsDriver",
    "http-basic": "pytest_etsi.dut.reach.auth.http:BasicDriver",
    "http-digest": "pytest_etsi.dut.reach.auth.http:DigestDriver",
    "ssh": "pytest_etsi.dut.reach.auth.line:SshDriver",
    "mqtt": "pytest_etsi.dut.reach.auth.line:MqttDriver",
    "rtsp": "pytest_etsi.dut.reach.auth.line:RtspDriver",
    "telnet": "pytest_etsi.dut.reach.auth.line:TelnetDriver",
}
"""Driver name -> ``module:class``, imported when first used."""


def driver_for(entry: AuthMechEntry, dut: Device, own: Mapping[str, DriverFactory]) -> AuthDriver:
    """The driver that the entry's ``access.driver`` names.

    Args:
        entry: of 1-AuthMech.
        dut: the device, handed to the driver.
        own: drivers that a project adds, by name; they come before those of the suite.

    Raises:
        Inconclusive: the entry names none (cause ``access``), or one that nobody provides (``information``).
    """
    name = entry.access.driver
    if not name:
        inconclusive(
            f"{entry.table}/{entry.id} does not say how a program can log in",
            cause=Cause.ACCESS,
            settle=f"give the entry an access.driver ({', '.join([*DRIVERS, *own])})",
        )
    if name in own:
        return own[name](entry, dut)
    if name not in DRIVERS:
        known = [*DRIVERS, *own]
        hint = did_you_mean(name, known)
        inconclusive(
            f"{entry.table}/{entry.id}: nobody provides the authentication driver {name!r}"
            + (f" ({hint})" if hint else ""),
            cause=Cause.INFORMATION,
            settle=f"use one of {', '.join(known)}, or add it by the hook pytest_etsi_auth_drivers",
        )
    module, _, attribute = DRIVERS[name].partition(":")
    factory: DriverFactory = getattr(import_module(module), attribute)
    return factory(entry, dut)
