"""Which TCP ports of a host are open: by SYN packets where this process may send them, by connections elsewhere."""

from __future__ import annotations

from pytest_etsi.probes.ports._observation import PortScan
from pytest_etsi.probes.ports._pace import LAN_RATE
from pytest_etsi.probes.ports._scan import ALL_PORTS, addresses_of, scan_tcp
from pytest_etsi.probes.ports._search import MOST_SERVICES

__all__ = ["ALL_PORTS", "LAN_RATE", "MOST_SERVICES", "PortScan", "addresses_of", "scan_tcp"]
