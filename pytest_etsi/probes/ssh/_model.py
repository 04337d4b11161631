"""What is known of an SSH server: what it offers, and how a user may log in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi.probes.observation import Observation

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LEGACY_EXTRA", "SshAuth", "SshObservation"]

LEGACY_EXTRA = "pytest-etsi[ssh-legacy]"
"""What has to be installed to speak with servers that offer only what paramiko no longer knows."""


@dataclass(frozen=True, slots=True)
class SshObservation(Observation):
    """What an SSH server offers before any authentication.

    Attributes:
        host: as asked for.
        port: as asked for.
        banner: identification string of the server ("SSH-2.0-OpenSSH_9.2p1"), printable.
        kex: key exchange methods in the server's order, and so on for the other lists.
        host_keys: host key algorithms.
        ciphers_c2s: ciphers from client to server.
        ciphers_s2c: ciphers from server to client.
        macs_c2s: message authentication codes from client to server.
        macs_s2c: message authentication codes from server to client.
        compression_c2s: compression methods from client to server.
        compression_s2c: compression methods from server to client.
        dh_bits: size of the smallest prime, in bits, that the server gives for a group exchange, by its method.
        shown_key: type of the host key that was shown ("ssh-rsa"); an RSA key where the server has one.
        shown_key_bits: its size in bits, where it is an RSA or DSA key.
        shown_key_sha256: its SHA-256, hex. Nothing was signed for us: who holds the key is not proved.
        shared_with: other devices of the kind, as far as they were asked, that show the same key.
        unshown_by: other devices that were asked and showed none.
        gaps: what of the key exchange could not be seen, one sentence each.
        notes: what the server offers and does not do.
        client: the name by which the server had to be spoken with; empty: it took one that it does not know.
        connections: how many were made.
        complete: the lists were read.
        error: why they were not.
        duration_s: seconds.
    """

    host: str
    port: int
    banner: str = ""
    kex: tuple[str, ...] = ()
    host_keys: tuple[str, ...] = ()
    ciphers_c2s: tuple[str, ...] = ()
    ciphers_s2c: tuple[str, ...] = ()
    macs_c2s: tuple[str, ...] = ()
    macs_s2c: tuple[str, ...] = ()
    compression_c2s: tuple[str, ...] = ()
    compression_s2c: tuple[str, ...] = ()
    dh_bits: Mapping[str, int] = field(default_factory=dict)
    shown_key: str = ""
    shown_key_bits: int | None = None
    shown_key_sha256: str = ""
    shared_with: tuple[str, ...] = ()
    unshown_by: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    client: str = ""
    connections: int = 0
    complete: bool = False
    error: str = ""
    duration_s: float = 0.0

    @property
    def keys(self) -> frozenset[str]:
        """SHA-256 of the host key that was shown, hex."""
        return frozenset({self.shown_key_sha256}) if self.shown_key_sha256 else frozenset()

    @property
    def protocols(self) -> tuple[str, ...]:
        """Major versions that the identification offers (RFC 4253, 5.1)."""
        if self.banner.startswith("SSH-1.99-"):
            return ("1", "2")
        return ("1",) if self.banner.startswith("SSH-1.") else ("2",) if self.banner else ()

    @property
    def ciphers(self) -> tuple[str, ...]:
        """Ciphers in either direction."""
        return tuple(dict.fromkeys((*self.ciphers_c2s, *self.ciphers_s2c)))

    @property
    def macs(self) -> tuple[str, ...]:
        """Message authentication codes in either direction."""
        return tuple(dict.fromkeys((*self.macs_c2s, *self.macs_s2c)))

    @property
    def compression(self) -> tuple[str, ...]:
        """Compression methods in either direction."""
        return tuple(dict.fromkeys((*self.compression_c2s, *self.compression_s2c)))


@dataclass(frozen=True, slots=True)
class SshAuth(Observation):
    """Which authentication methods an SSH server offers to a user.

    Attributes:
        host: as asked for.
        port: as asked for.
        username: the user that was named.
        methods: "publickey", "password", "keyboard-interactive", ... in the server's order.
        negotiated: a secure channel could be set up; without it the methods are unknown.
        none_accepted: the server let the user in without any credential.
        host_key: type of the host key that was used.
        fingerprint: SHA-256 of that host key, hex.
        banner: text that the server shows before authentication, printable.
        error: why the methods are unknown.
        needs: what has to be installed before this server can be spoken with; empty: nothing.
        client: the name by which the server had to be spoken with; empty: it took one that it does not know.
        duration_s: seconds.
    """

    host: str
    port: int
    username: str
    methods: tuple[str, ...] = ()
    negotiated: bool = False
    none_accepted: bool = False
    host_key: str = ""
    fingerprint: str = ""
    banner: str = ""
    error: str = ""
    needs: str = ""
    client: str = ""
    duration_s: float = 0.0

    @property
    def known(self) -> bool:
        """Whether the answer is one: methods were named, or the user was let in."""
        return self.none_accepted or bool(self.methods)
