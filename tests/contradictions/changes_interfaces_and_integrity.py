"""Contradictions in the documents on interfaces, software and its integrity (5.6 and 5.7), and in the ICS."""

from __future__ import annotations

from contradictions import beside, worse

__all__ = ["CHANGES"]


UART = ("15-Intf", "Intf-UART")
JTAG = ("15-Intf", "Intf-JTAG")
BOOT = ("20-SecBoot", "*")

CHANGES = {
    "a recommendation that is left out with a placeholder": worse(
        "ics", "", "5.3-11", {"support": "N", "detail": "tbd"}, "4-1-1/a"
    ),
    # 5.6-1 and 5.6-2
    "an interface without purpose": worse("15-Intf", "Intf-HTTP", "Description", "tbd", "5.6-1-1/a"),
    "an interface for tests": worse(
        "15-Intf", "Intf-HTTP", "Description", "Plain HTTP port for testing.", "5.6-1-1/a"
    ),
    "an interface that nothing uses": worse(
        "15-Intf", "Intf-HTTP", "facts.endpoint", "8088/tcp", "5.6-1-1/a"
    ),
    "an interface that does not say what it discloses": worse(
        "15-Intf", "Intf-HTTPS", "Disclosed Information", "", "5.6-2-1/a", "5.6-2-1/b"
    ),
    "a harmless serial number that makes a password": worse(
        "1-AuthMech",
        "AuthMech-stream",
        "facts.password.generation.inputs",
        ["serial"],
        "5.6-2-1/a",
        "5.1-2-1/c",
        "5.1-2-1/d",
        "5.1-5-1/a",
        also=(
            beside("1-AuthMech", "AuthMech-stream", "facts.password.generation.method", "hash"),
            beside("1-AuthMech", "AuthMech-stream", "facts.password.generation.random_bits", None),
        ),
    ),
    # 5.6-3
    "an inner interface within reach": worse(
        *JTAG,
        "facts.accessible",
        True,
        "5.6-3-1/a",
        also=(beside(*JTAG, "facts.debug", False), beside(*JTAG, "Debug Interface", "no")),
    ),
    "an inner interface without shield": worse(*JTAG, "Protection", "n/a", "5.6-3-1/a"),
    "a radio that nobody needs": worse(
        "15-Intf",
        "Intf-WiFi",
        "facts.exposure",
        "not-required",
        "5.6-3-1/b",
        also=(beside("15-Intf", "Intf-WiFi", "facts.enabled", True),),
    ),
    "a radio that is always on": worse("15-Intf", "Intf-WiFi", "facts.default", "enabled", "5.6-3-1/c"),
    # 5.6-4
    "a debug interface behind a rubber cap": worse(*UART, "Protection", "Rubber cap.", "5.6-4-1/a"),
    "a debug interface that is on by default": worse(
        *UART, "facts.default", "enabled", "5.6-3-1/c", "5.6-4-1/c"
    ),
    "a debug interface that can be switched on": worse(
        *UART,
        "facts.exposure",
        "not-required",
        "5.6-4-1/b",
        also=(beside(*UART, "facts.default", "disabled"),),
    ),
    # 5.6-5 to 5.6-9
    "a service for convenience": worse(
        "13-SoftServ", "SoftServ-Stream", "Justification", "Enabled by default.", "5.6-5-1/a"
    ),
    "a service without justification": worse(
        "13-SoftServ", "SoftServ-Stream", "Justification", "", "5.6-5-1/a"
    ),
    "no technique of minimization": worse("16-CodeMin", "*", "", None, "5.6-6-1/a"),
    "no control of privileges": worse("17-PrivlCtrl", "*", "Description", "tbd", "5.6-7-1/a"),
    "memory protected by software": worse(
        "18-AccCtrl", "*", "Description", "SELinux and file permissions", "5.6-8-1/a"
    ),
    "memory protected by a watchdog": worse(
        "18-AccCtrl", "*", "Description", "Hardware watchdog", "5.6-8-1/b"
    ),
    "developers without training": worse(
        "19-SecDev",
        "*",
        "facts.topics",
        ["requirements", "coding", "tools", "testing", "review", "archival", "deployment", "third-party"],
        "5.6-9-1/a",
    ),
    "no development process": worse("19-SecDev", "*", "", None, "5.6-9-1/a"),
    "development that is not confirmed": worse(
        "4-Conf", "", "Confirmation of Secure Development", "no", "5.6-9-1/b"
    ),
    # 5.7
    "a secure boot without authenticity": worse(*BOOT, "facts.guarantees", ["integrity"], "5.7-1-1/a"),
    "a secure boot that only hashes": worse(
        *BOOT, "facts.cryptography", [{"use": "hash", "algorithm": "SHA-256"}], "5.7-1-1/b"
    ),
    "a secure boot with a short key": worse(
        *BOOT, "facts.cryptography", [{"use": "signature", "algorithm": "RSA-1024"}], "5.7-1-1/b"
    ),
    "a secure boot with a checksum": worse(
        *BOOT, "Detection Mechanisms", "A changed image is noticed only by a checksum.", "5.7-1-1/b"
    ),
    "no alert": worse(*BOOT, "User Notification", "tbd", "5.7-2-1/a"),
    "an alert that cannot leave the device": worse(
        *BOOT,
        "facts.alerts_on",
        ["mail"],
        "5.7-2-1/a",
        also=(beside(*BOOT, "Notification Functionality", "None over the network."),),
    ),
    "a function that no alert uses": worse(
        *BOOT, "facts.alert_hosts", ["telemetry.example:443"], "5.7-2-1/b"
    ),
}
