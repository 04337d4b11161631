"""A device with a login, for the tests of the device facade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from login_device import LoginDevice

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def device() -> Iterator[LoginDevice]:
    """A device that locks for a second after three wrong passwords."""
    with LoginDevice().running() as device:
        yield device
