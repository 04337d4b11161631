"""What captured traffic shows: flows, names, hellos, requests, attempts to connect, known values in clear.

`read_capture` reads pcap and pcapng by itself, because a capture has to be readable wherever the assessment runs. It
reads each file once, looks at the beginning of each connection only, and keeps no payload.
"""

from pytest_etsi.probes.capture._files import NotACaptureError
from pytest_etsi.probes.capture._model import (
    CanaryHit,
    CaptureObservation,
    ConnectionAttempt,
    DhcpMessage,
    DnsQuestion,
    Flow,
    HttpRequest,
    MqttConnect,
    OtherRequest,
    Protection,
    Question,
    SeenClientHello,
    SeenServerHello,
)
from pytest_etsi.probes.capture._read import read_capture

__all__ = [
    "CanaryHit",
    "CaptureObservation",
    "ConnectionAttempt",
    "DhcpMessage",
    "DnsQuestion",
    "Flow",
    "HttpRequest",
    "MqttConnect",
    "NotACaptureError",
    "OtherRequest",
    "Protection",
    "Question",
    "SeenClientHello",
    "SeenServerHello",
    "read_capture",
]  # fmt: skip
