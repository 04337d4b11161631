"""One camera of the batch, as it is put in its place: what it is called, its secrets, and its memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.virtual.device.storage import Flash

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.virtual.device.identity import Factory

__all__ = ["Unit", "first_and_spare"]


@dataclass(frozen=True, slots=True)
class Unit:
    """One camera.

    Attributes:
        token: with which it proves to the service who it is.
        label_password: the stream password on its label.
        flash: its memory.
    """

    serial: str
    mac: str
    token: str
    label_password: str
    flash: Flash


def first_and_spare(directory: Path, factory: Factory) -> tuple[Unit, Unit]:
    """The camera, and the one that can replace it: the next of its batch, which nobody has started yet."""
    camera, spare = factory.camera, factory.spare
    return (
        Unit(camera.serial, camera.mac, factory.secret("device", 32), camera.password, Flash(directory)),
        Unit(
            spare.serial,
            spare.mac,
            factory.secret("spare", 32),
            spare.password,
            Flash(directory, "spare.json"),
        ),
    )
