"""Logging in to the device: one driver per way of authenticating, found by the name the profile uses."""

from pytest_etsi.dut.reach.auth._protocol import (
    Attempt,
    AuthDriver,
    AuthSession,
    Device,
    DriverFactory,
    Outcome,
)
from pytest_etsi.dut.reach.auth._registry import DRIVERS, driver_for

__all__ = [
    "DRIVERS",
    "Attempt",
    "AuthDriver",
    "AuthSession",
    "Device",
    "DriverFactory",
    "Outcome",
    "driver_for",
]
