"""Hooks that a project or another plugin may implement, in a ``conftest.py`` or a plugin module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pytest_etsi.dut import Dut
    from pytest_etsi.dut.reach.auth import DriverFactory
    from pytest_etsi.profile import Profile

__all__ = ["pytest_etsi_auth_drivers", "pytest_etsi_evidence", "pytest_etsi_operations"]


@pytest.hookspec
def pytest_etsi_operations(profile: Profile) -> Mapping[str, Callable[..., Any]]:
    """Add operations that the profile cannot describe, by name; each is called with the `Dut` and keywords.

    It goes before an operation of the same name in the profile's ``access.operations``. Example::

        def pytest_etsi_operations(profile):
            def factory_reset(dut, **_):
                dut.console.send_line("factory-reset --yes")
                dut.console.expect("rebooting", timeout_s=30)

            return {"factory-reset": factory_reset}
    """
    raise NotImplementedError


@pytest.hookspec
def pytest_etsi_auth_drivers() -> Mapping[str, DriverFactory]:
    """Add ways to log in, by the name that an IXIT entry gives as ``access.driver``.

    A factory takes the IXIT entry and the `Dut` and gives an object with ``connect()``, see
    `pytest_etsi.dut.reach.auth.AuthDriver`. Example::

        def pytest_etsi_auth_drivers():
            from acme_testing import PinPadDriver

            return {"acme-pin-pad": PinPadDriver}
    """
    raise NotImplementedError


@pytest.hookspec
def pytest_etsi_evidence(unit: str, entry: str | None, dut: Dut | None) -> Iterable[tuple[str, Any]]:
    """Add evidence to an evaluation that has just ended, as pairs of name and content.

    `dut` is None when the evaluation did not use the device. Content is bytes, text, or what JSON has. Example::

        def pytest_etsi_evidence(unit, entry, dut):
            if dut is not None and unit.startswith("5.1-5-2/"):
                yield "system log", read_log_of_the_bench()
    """
    raise NotImplementedError
