"""Secrets and identities that are not stored as they should be, and software that is not verified."""

from __future__ import annotations

from pytest_etsi.virtual.flaws._flaw import Flaw

__all__ = ["StorageFlaw"]


class StorageFlaw(Flaw):
    """Keeps secrets where others get at them, or starts what it should not."""

    KEY_IN_IMAGE = (
        "the private key of the camera's TLS servers is part of the firmware image",
        ("5.4-1-2/a", "5.4-3-2/a"),
    )
    DEFAULT_ROOT_PASSWORD = (
        "the firmware image has an account root that logs in with a usual password, hashed with MD5",
        ("5.4-3-2/a",),
    )
