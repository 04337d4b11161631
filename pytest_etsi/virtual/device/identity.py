"""What the factory gave the camera: serial number, addresses, label password, and the batch it was made in.

Everything is derived from a seed kept in the state directory, so that it is known before the camera runs and
stays the same as long as the directory exists.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import math
import uuid
from dataclasses import dataclass

from pytest_etsi.virtual.flaws import Flaw, PasswordFlaw

__all__ = [
    "ALPHABET",
    "BATCH",
    "CLOUD",
    "DIAGNOSTICS",
    "HARDWARE",
    "MANUFACTURER",
    "MODEL",
    "SOFTWARE",
    "Factory",
    "Sample",
]

MANUFACTURER = "Example Devices"
MODEL = "ExampleCam 2"
HARDWARE = "B"
SOFTWARE = "1.4.2"
CLOUD = "cloud.example"
"""Name by which the camera calls its service, whatever its address is."""
DIAGNOSTICS = "diagnostics.example"
"""Name by which the camera calls its service when it has diagnostics to tell, at the same address."""

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""The 31 symbols of a label password: upper-case letters and digits without I, L, O, 0 and 1."""

LENGTH = 12
"""Symbols in a label password: 12 of 31 are 59.4 bits."""

BATCH = 50
"""Devices in the factory's list."""

UNIVERSAL = "admin12345"


@dataclass(frozen=True, slots=True)
class Sample:
    """One device of the batch, as the factory's list has it."""

    serial: str
    mac: str
    ssid: str
    password: str


@dataclass(frozen=True, slots=True)
class Factory:
    """Makes the batch to which the camera belongs.

    Attributes:
        seed: any text; the same seed makes the same batch.
        flaws: of which those about passwords matter here.
    """

    seed: str
    flaws: frozenset[Flaw] = frozenset()

    def number(self, purpose: str, below: int) -> int:
        """A number in ``range(below)`` that depends on the seed and the purpose only."""
        return int.from_bytes(self._digest(purpose)) % below

    def secret(self, purpose: str, length: int = 20, alphabet: str = ALPHABET) -> str:
        """A text of `length` symbols that depends on the seed and the purpose only."""
        # One number over all symbols; 64 bits more than needed keep the bias of the remainder below any use.
        bits = math.ceil(length * math.log2(len(alphabet))) + 64
        stream = b"".join(self._digest(f"{purpose}/{block}") for block in range(bits // 256 + 1))
        number = int.from_bytes(stream)
        symbols = []
        for _ in range(length):
            number, index = divmod(number, len(alphabet))
            symbols.append(alphabet[index])
        return "".join(symbols)

    def uuid(self, purpose: str) -> str:
        """A UUID that depends on the seed and the purpose only."""
        return str(uuid.UUID(bytes=self._digest(purpose)[:16], version=4))

    @property
    def position(self) -> int:
        """Which sample of the batch, counted from 0, is the camera."""
        return self.number("position", BATCH)

    def batch(self) -> tuple[Sample, ...]:
        """All devices in the order of production: serial numbers and MAC addresses count up."""
        return tuple(self.sample(index) for index in range(BATCH))

    def sample(self, index: int) -> Sample:
        """The device at `index` of the batch."""
        count = 100_000 + self.number("batch", 800_000) + index
        # 00-00-5E-00-53-xx is set aside for documentation (RFC 7042, 2.1.2): nobody's real device.
        mac = f"00:00:5E:00:53:{self.number('mac', 256 - BATCH) + index:02X}"
        ssid = "ExampleCam-" + mac[-5:].replace(":", "")
        return Sample(f"EC2-{count}", mac, ssid, self._label_password(index, count, mac))

    @property
    def camera(self) -> Sample:
        """The camera itself."""
        return self.sample(self.position)

    @property
    def spare(self) -> Sample:
        """The next one of the batch, which can replace it."""
        return self.sample((self.position + 1) % BATCH)

    def to_csv(self) -> str:
        """The factory's list: serial, mac, ssid, password, one line a device."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("serial", "mac", "ssid", "password"))
        writer.writerows((item.serial, item.mac, item.ssid, item.password) for item in self.batch())
        return text.getvalue()

    def _label_password(self, index: int, count: int, mac: str) -> str:
        if PasswordFlaw.UNIVERSAL_DEFAULT_PASSWORD in self.flaws:
            return UNIVERSAL
        if PasswordFlaw.MAC_DERIVED_PASSWORD in self.flaws:
            return mac.replace(":", "")
        if PasswordFlaw.SEQUENTIAL_PASSWORDS in self.flaws:
            return f"CAMERA{count}"
        return self.secret(f"label/{index}", LENGTH)

    def _digest(self, purpose: str) -> bytes:
        return hmac.digest(self.seed.encode(), purpose.encode(), hashlib.sha256)
