"""What a device tells without a login: banners, headers, pages, errors, listings and certificates, item by item.

Only GET requests are sent and nothing that could count as an attempt to log in. Whether an item matters is not
said here.
"""

from pytest_etsi.probes.disclosure._answers import from_response, leaves
from pytest_etsi.probes.disclosure._collect import collect
from pytest_etsi.probes.disclosure._discovery import DISCOVERY, from_discovery
from pytest_etsi.probes.disclosure._model import CONTINUED, DEVICE, OVERLAP, Disclosed, DisclosureObservation

__all__ = [
    "CONTINUED",
    "DEVICE",
    "DISCOVERY",
    "OVERLAP",
    "Disclosed",
    "DisclosureObservation",
    "collect",
    "from_discovery",
    "from_response",
    "leaves",
]
