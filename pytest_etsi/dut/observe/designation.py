"""The model designation, read in the way that the documents describe: from the device, or off its label by a person."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pytest_etsi import bounds
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.core import Core

__all__ = ["DesignationSeen", "observe_designation"]

_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class DesignationSeen:
    """What was read.

    Attributes:
        text: as it was read; empty: nothing came.
        where: from where: the operation, or the place that a person has read.
        by_eye: a person has typed it.
        photo: SHA-256 of the photo of that place; empty: there is none.
        trouble: why nothing came, in a phrase.
    """

    text: str = ""
    where: str = ""
    by_eye: bool = False
    photo: str = ""
    trouble: str = ""

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)


def observe_designation(dut: Core) -> DesignationSeen:
    """Read the designation; done once in a run.

    Raises:
        Inconclusive: the documents do not say how (``access``), or the operation needs what is not permitted.
    """
    return dut.recorder.once("designation", lambda: _observe(dut))


def _observe(dut: Core) -> DesignationSeen:
    access = dut.profile.ixit.user_info.access.designation
    if access is None or (access.read is None and access.reads is None):
        inconclusive(
            "the documents do not say how the model designation is read",
            cause=Cause.ACCESS,
            settle="name an operation that reads it under access.designation of 2-UserInfo, or type there what stands "
            "on the label, with a photo",
        )
    if access.read is not None:
        result = dut.operations.attempt(access.read)
        trouble = "" if result.done else result.detail or "it did not come to its end"
        seen = DesignationSeen(
            (result.value or "")[:_LONGEST] if result.done else "", access.read, trouble=trouble
        )
    else:
        photo = access.photo.read_bytes()[: bounds.PDF.most] if access.photo is not None else b""
        if photo:
            dut.recorder.observed("photo", photo)
        seen = DesignationSeen(
            (access.reads or "")[:_LONGEST],
            access.where or "the device",
            by_eye=True,
            photo=hashlib.sha256(photo).hexdigest() if photo else "",
        )
    dut.recorder.observed("designation", seen)
    return seen
