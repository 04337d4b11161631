"""Made-up captures, and the mechanism that their traffic is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from documents import entry_of

from pytest_etsi.probes.capture import CaptureObservation, Flow, SeenClientHello
from pytest_etsi.probes.tls.client_hello import ClientHello

if TYPE_CHECKING:
    from collections.abc import Sequence

DEVICE, CLOUD = "192.0.2.7", "198.51.100.9"
SUITES = ("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
RETRIES = {"retry_first_s": 1, "retry_max_s": 60, "retry_jitter": True}
MECHANISM = {
    "ID": "Cloud",
    "facts": {
        "direction": "outgoing",
        "peers": ["api.example:443"],
        "tls": {"versions": ["TLSv1.2", "TLSv1.3"], "cipher_suites": list(SUITES)},
    },
}

BOOT = entry_of("20-SecBoot", {})


def flow(server: str = CLOUD, port: int = 443, **parts: Any) -> Flow:
    """Between the device and a server; TLS unless told otherwise."""
    usual = {"protocol": "tls", "protection": "tls", "transport": "tcp", "client": DEVICE, "client_port": 40_000,
             "first_s": 1.0, "last_s": 2.0, "packets": (5, 5), "octets": (500, 500)}  # fmt: skip
    return Flow(server=server, server_port=port, **(usual | parts))


def capture(*flows: Flow, missing: Sequence[str] = (), **parts: Any) -> CaptureObservation:
    """Of these flows, complete unless something is missing."""
    return CaptureObservation(
        "a.pcap",
        10,
        1.0,
        2.0,
        (DEVICE,),
        not missing,
        tuple(missing),
        {},
        flows,
        {CLOUD: ("api.example",)},
        **parts,
    )


def hello(*suites: str, versions: tuple[str, ...] = ("TLSv1.3", "TLSv1.2")) -> SeenClientHello:
    """Of the device, with these cipher suites or those that are documented."""
    return SeenClientHello(1.0, DEVICE, CLOUD, 443, "tls", ClientHello(versions, True, suites or SUITES))
