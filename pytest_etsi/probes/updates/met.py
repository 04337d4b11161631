"""What a relay or a false server has seen of a device."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Met"]


@dataclass(frozen=True, slots=True)
class Met:
    """The connections that a device made to where it was led.

    Attributes:
        came: connections.
        objections: why handshakes ended, in words, the first few.
        clear: it has asked for something without TLS.
        asked: the first requests, each as ``GET /path``.
        manifests: answers that told of an update, given whole.
        packages: packages that were given whole, or of which everything was sent that there was to send.
        carried: bytes that a relay has brought from the genuine server.
    """

    came: int = 0
    objections: tuple[str, ...] = ()
    clear: bool = False
    asked: tuple[str, ...] = ()
    manifests: int = 0
    packages: int = 0
    carried: int = 0

    @property
    def has_objected(self) -> bool:
        """Whether a handshake ended by the device, as one does that does not like a certificate.

        Where both know no suite, version or group in common, it is the false server that ends it, and nobody has seen
        a certificate.
        """
        return any(re.search(r"\balert\b|\beof\b|^the device ended", why) for why in self.objections)
