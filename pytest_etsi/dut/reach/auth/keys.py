"""What a login presents where the profile gives a private key in place of a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.dut.reach.handing_over import let_out
from pytest_etsi.profile.private_key import PrivateKey, read_private_key

if TYPE_CHECKING:
    from pytest_etsi.profile.facts import AuthMechAccess

__all__ = ["credential_of", "private_key_of"]


def private_key_of(access: AuthMechAccess) -> PrivateKey | None:
    """The key by which a program logs in; None: there is none.

    Raises:
        ValueError: the file is no such key any more.
    """
    return None if access.key is None else read_private_key(access.key, let_out(access.passphrase))


def credential_of(access: AuthMechAccess) -> str | None:
    """What stands for the right credential at a login: the password, or the fingerprint of the key; None: neither.

    Raises:
        ValueError: see `private_key_of`.
    """
    key = private_key_of(access)
    return let_out(access.password) if key is None else key.fingerprint
