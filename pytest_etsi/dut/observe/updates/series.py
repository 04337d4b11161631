"""A series of packages: a genuine one first and last, and between them altered ones that the device would install."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.bounds import changed
from pytest_etsi.dut.observe.updates.model import UpdateSeries
from pytest_etsi.dut.observe.updates.onward import Onward
from pytest_etsi.dut.observe.updates.settling import INSTALL, version_of
from pytest_etsi.dut.observe.updates.trying import Trying, planned
from pytest_etsi.scratch import Scratch
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.entries import UpdMechEntry

__all__ = ["observe_series", "planned"]


def observe_series(dut: Core, entry: UpdMechEntry) -> UpdateSeries:
    """Hand packages to the device by the mechanism of an entry; done once in a run.

    Raises:
        Inconclusive: not permitted (``permission``), or it is another device than the profile describes (``bench``).
    """
    if "update" not in dut.permissions:
        inconclusive(
            "no software may be installed on the device",
            cause=Cause.PERMISSION,
            settle="allow it by the permission update",
        )
    return dut.recorder.once(f"updates-{entry.id}", lambda: _observe(dut, entry))


def _observe(dut: Core, entry: UpdMechEntry) -> UpdateSeries:
    series = UpdateSeries(entry.id)
    packages = entry.access.packages
    name = entry.access.operation or INSTALL
    missing = next((one for one in (name, "read-version") if one not in dut.operations), "")
    if packages is None:
        return replace(series, open=("access.packages does not name a genuine package",))
    if missing:
        return replace(series, open=(f"the profile has no operation {missing}",))
    one_way = entry.access.restore is None
    if one_way and packages.newest is None:
        why = (
            "access.restore does not say how the device is brought back to its version afterwards, and no second "
            "genuine package (access.packages.newest) lets it be tried without that"
        )
        return replace(series, open=(why,))
    dut.require_identity()
    home = version_of(dut)
    if home is None or home == packages.version:
        why = "the device tells no version" if home is None else f"{home} runs already"
        return replace(series, open=(f"{why}: a genuine package cannot be seen to be installed",))
    run = (Onward if one_way else Trying)(dut, entry, packages, home)
    with Scratch("update") as scratch, changed(run.prepare, run.go_home):
        # Of the genuine one's name: an upload that takes certain names only would refuse others for theirs.
        series = run.whole(scratch.path / packages.genuine.name)
    dut.progress("")
    dut.recorder.observed(f"updates-{entry.id}", series)
    return series
