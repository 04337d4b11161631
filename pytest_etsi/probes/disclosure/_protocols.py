"""What services tell in their own languages: certificates, MQTT, RTSP, CoAP and SNMP."""

from __future__ import annotations

import contextlib
import re
import ssl
from typing import TYPE_CHECKING

from cryptography import x509

from pytest_etsi.probes import rtsp
from pytest_etsi.probes._net import Deadline, connect, lenient_context, why
from pytest_etsi.probes.coap import ask_core
from pytest_etsi.probes.disclosure._model import MAX_TEXT
from pytest_etsi.probes.mqtt.session import MqttSession
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.snmp import probe_snmp

if TYPE_CHECKING:
    from pytest_etsi.probes.disclosure._model import Collection
    from pytest_etsi.probes.services import Service

__all__ = ["broker", "certificate", "streams", "told_by"]

_LISTEN_S = 1.5


def certificate(found: Collection, host: str, port: int, deadline: Deadline) -> None:
    try:
        with connect(host, port, deadline) as plain:
            plain.settimeout(max(0.1, deadline.left()))
            with lenient_context().wrap_socket(plain, server_hostname=host) as wrapped:
                der = wrapped.getpeercert(True)
        certificate = x509.load_der_x509_certificate(der or b"")
        names = [
            (f"{who} {attribute.rfc4514_attribute_name}", str(attribute.value))
            for who, whole in (("subject", certificate.subject), ("issuer", certificate.issuer))
            for attribute in whole
        ]
        for extension in certificate.extensions:
            if isinstance(extension.value, x509.SubjectAlternativeName):
                names += [("name", str(getattr(one, "value", ""))) for one in extension.value]
    except (OSError, ValueError, x509.DuplicateExtension) as error:
        reason = why(error) if isinstance(error, OSError | ssl.SSLError) else type(error).__name__
        found.gaps.append(f"tcp/{port}: its certificate could not be read: {reason}")
        return
    for name, text in names:
        found.add("", "certificate", name, text)


def broker(found: Collection, host: str, service: Service) -> None:
    """What a broker delivers to a client without a name: its own figures, and messages that it keeps."""
    context = lenient_context() if service.tls else None
    with contextlib.closing(MqttSession.open(host, service.port, None, None, context=context)) as session:
        if session.connection is None:
            if not (session.refused or session.closed):
                found.gaps.append(
                    f"tcp/{service.port}: the broker neither takes nor refuses a client without a name: "
                    f"{session.detail}"
                )
            return
        for pattern in ("$SYS/#", "#"):
            session.subscribe(pattern)
        session.listen(_LISTEN_S)
    for topic, content in session.messages:
        # Its figures change all the time; what they count is of no interest.
        if not (topic.startswith("$SYS/") and re.fullmatch(rb"[\d.]+(?: seconds)?", content)):
            found.add("", "mqtt", topic, printable(content, MAX_TEXT))


def streams(found: Collection, host: str, service: Service, timeout_s: float) -> None:
    """What an RTSP server tells in its headers, and of a stream that it describes to everybody."""
    context = lenient_context() if service.tls else None
    told, unanswered = rtsp.told(host, service.port, timeout_s=timeout_s, context=context)
    if unanswered:
        found.gaps.append(
            f"tcp/{service.port}: {len(unanswered)} requests were not answered to their end, "
            f"such as {printable(unanswered[0], 120)}"
        )
    for kind, name, text in told:
        found.add("", kind, name, text)


def told_by(found: Collection, host: str, service: Service, timeout_s: float) -> None:
    """What a service over UDP tells to whom asks in its language."""
    if service.kind == "coap":
        links = ask_core(host, service.port, timeout_s=timeout_s)
        if links is None:
            found.gaps.append(f"udp/{service.port}: /.well-known/core was not answered")
        for link in re.findall(r"<[^>]*>[^,<]*", links or ""):
            found.add("/.well-known/core", "coap", "", link)
        return
    seen = probe_snmp(host, service.port, timeout_s=timeout_s)
    found.add("", "snmp", "sysDescr", seen.description)
    found.add("", "snmp", "engine", seen.engine_id)
