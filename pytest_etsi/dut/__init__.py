"""The device under test: profile, probes, operations and states behind one facade."""

from pytest_etsi.dut.access_control import AccessObservation
from pytest_etsi.dut.channels import ChannelObservation
from pytest_etsi.dut.device import Dut
from pytest_etsi.dut.failed_boot import FailedBootObservation
from pytest_etsi.dut.network import Network
from pytest_etsi.dut.operations import Operation
from pytest_etsi.dut.resilience import ResilienceObservation
from pytest_etsi.dut.services import ServiceSearch

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
