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
    PASSWORD_IN_IMAGE = (
        "the password of the owner that the factory uses is part of the firmware image",
        ("5.4-1-2/a", "5.4-3-2/a"),
    )
    BACKUP_FOR_VIEWERS = (
        "viewers may download a backup with the stored forms of all passwords",
        ("5.4-1-2/a",),
    )
    RESTORE_BY_VIEWERS = (
        "viewers may upload a backup, and so change accounts and trusted authorities",
        ("5.4-1-2/a",),
    )
    FLASH_IN_CLEAR = (
        "the data partition is not encrypted",
        ("5.4-1-2/a",),
    )
    FUSES_OPEN = (
        "the fuses with the keys of processor and storage are not locked",
        ("5.4-1-2/a",),
    )
    SYSTEM_WRITABLE = (
        "the system is started without being verified block by block, and can be written",
        ("5.4-1-2/a",),
    )
    ELEMENT_UNLOCKED = (
        "the slots of the secure element can be written again",
        ("5.4-1-2/a", "5.4-2-2/a"),
    )
    TOKEN_IS_A_SETTING = (
        "who may change settings may change the token by which the service knows the camera",
        ("5.4-1-2/a", "5.4-2-2/a"),
    )
    ALTERED_STARTS = (
        "the loader starts software whatever its signature",
        ("5.7-1-2/a",),
    )
    FOREIGN_KEY_STARTS = (
        "the loader finds an altered block, and starts software that somebody else has signed",
        ("5.7-1-2/a",),
    )
    NO_ALERT = (
        "altered software is not started, and the status light stays dark",
        ("5.7-2-2/a",),
    )
    STARTS_AFTER_ALERT = (
        "the status light tells of altered software, which is started a moment later all the same",
        ("5.7-1-2/a", "5.7-2-2/b"),
    )
    TOKEN_NEW_AFTER_RESET = (
        "the camera has another token after a factory reset",
        ("5.4-2-2/a",),
    )
