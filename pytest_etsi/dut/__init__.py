"""The device under test: profile, probes, operations and states behind one facade."""

from pytest_etsi.dut.device import Dut
from pytest_etsi.dut.observe.access.model import AccessObservation
from pytest_etsi.dut.observe.channels import ChannelObservation
from pytest_etsi.dut.observe.failed_boot import FailedBootObservation
from pytest_etsi.dut.observe.resilience import ResilienceObservation
from pytest_etsi.dut.reach.network import Network
from pytest_etsi.dut.reach.operations import Operation
from pytest_etsi.dut.reach.services import ServiceSearch

__all__ = [
    "AccessObservation",
    "ChannelObservation",
    "Dut",
    "FailedBootObservation",
    "Network",
    "Operation",
    "ResilienceObservation",
    "ServiceSearch",
]
