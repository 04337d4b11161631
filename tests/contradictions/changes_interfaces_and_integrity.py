"""Contradictions in the documents on interfaces, software and its integrity (5.6 and 5.7), and in the ICS."""

from __future__ import annotations

from contradictions import Change

__all__ = ["CHANGES"]


def _change(
    table: str, entry: str, field: str, value: object, *fails: str, also: tuple[Change, ...] = ()
) -> Change:
    return Change(table, entry, field, value, frozenset(fails), also)


def _and(table: str, entry: str, field: str, value: object) -> Change:
    return Change(table, entry, field, value, frozenset())


UART = ("15-Intf", "Intf-UART")
JTAG = ("15-Intf", "Intf-JTAG")
BOOT = ("20-SecBoot", "*")

CHANGES = {
    "a recommendation that is left out with a placeholder": _change(
        "ics", "", "5.3-11", {"support": "N", "detail": "tbd"}, "4-1-1/a"
    ),
    # 5.6-1 and 5.6-2
    "an interface without purpose": _change("15-Intf", "Intf-HTTP", "Description", "tbd", "5.6-1-1/a"),
    "an interface for tests": _change(
        "15-Intf", "Intf-HTTP", "Description", "Plain HTTP port for testing.", "5.6-1-1/a"
    ),
    "an interface that nothing uses": _change(
        "15-Intf", "Intf-HTTP", "facts.endpoint", "8088/tcp", "5.6-1-1/a"
    ),
    "an interface that does not say what it discloses": _change(
        "15-Intf", "Intf-HTTPS", "Disclosed Information", "", "5.6-2-1/a", "5.6-2-1/b"
    ),
    "a harmless serial number that makes a password": _change(
        "1-AuthMech",
        "AuthMech-stream",
        "facts.password.generation.inputs",
        ["serial"],
        "5.6-2-1/a",
        "5.1-2-1/c",
        "5.1-2-1/d",
        "5.1-5-1/a",
        also=(
            _and("1-AuthMech", "AuthMech-stream", "facts.password.generation.method", "hash"),
            _and("1-AuthMech", "AuthMech-stream", "facts.password.generation.random_bits", None),
        ),
    ),
    # 5.6-3
    "an inner interface within reach": _change(
        *JTAG,
        "facts.accessible",
        True,
        "5.6-3-1/a",
        also=(_and(*JTAG, "facts.debug", False), _and(*JTAG, "Debug Interface", "no")),
    ),
    "an inner interface without shield": _change(*JTAG, "Protection", "n/a", "5.6-3-1/a"),
    "a radio that nobody needs": _change(
        "15-Intf",
        "Intf-WiFi",
        "facts.exposure",
        "not-required",
        "5.6-3-1/b",
        also=(_and("15-Intf", "Intf-WiFi", "facts.enabled", True),),
    ),
    "a radio that is always on": _change("15-Intf", "Intf-WiFi", "facts.default", "enabled", "5.6-3-1/c"),
    # 5.6-4
    "a debug interface behind a rubber cap": _change(*UART, "Protection", "Rubber cap.", "5.6-4-1/a"),
    "a debug interface that is on by default": _change(
        *UART, "facts.default", "enabled", "5.6-3-1/c", "5.6-4-1/c"
    ),
    "a debug interface that can be switched on": _change(
        *UART,
        "facts.exposure",
        "not-required",
        "5.6-4-1/b",
        also=(_and(*UART, "facts.default", "disabled"),),
    ),
    # 5.6-5 to 5.6-9
    "a service for convenience": _change(
        "13-SoftServ", "SoftServ-Stream", "Justification", "Enabled by default.", "5.6-5-1/a"
    ),
    "a service without justification": _change(
        "13-SoftServ", "SoftServ-Stream", "Justification", "", "5.6-5-1/a"
    ),
    "no technique of minimization": _change("16-CodeMin", "*", "", None, "5.6-6-1/a"),
    "no control of privileges": _change("17-PrivlCtrl", "*", "Description", "tbd", "5.6-7-1/a"),
    "memory protected by software": _change(
        "18-AccCtrl", "*", "Description", "SELinux and file permissions", "5.6-8-1/a"
    ),
    "memory protected by a watchdog": _change(
        "18-AccCtrl", "*", "Description", "Hardware watchdog", "5.6-8-1/b"
    ),
    "developers without training": _change(
        "19-SecDev",
        "*",
        "facts.topics",
        ["requirements", "coding", "tools", "testing", "review", "archival", "deployment", "third-party"],
        "5.6-9-1/a",
    ),
    "no development process": _change("19-SecDev", "*", "", None, "5.6-9-1/a"),
    "development that is not confirmed": _change(
        "4-Conf", "", "Confirmation of Secure Development", "no", "5.6-9-1/b"
    ),
    # 5.7
    "a secure boot without authenticity": _change(*BOOT, "facts.guarantees", ["integrity"], "5.7-1-1/a"),
    "a secure boot that only hashes": _change(
        *BOOT, "facts.cryptography", [{"use": "hash", "algorithm": "SHA-256"}], "5.7-1-1/b"
    ),
    "a secure boot with a short key": _change(
        *BOOT, "facts.cryptography", [{"use": "signature", "algorithm": "RSA-1024"}], "5.7-1-1/b"
    ),
    "a secure boot with a checksum": _change(
        *BOOT, "Detection Mechanisms", "A changed image is noticed only by a checksum.", "5.7-1-1/b"
    ),
    "no alert": _change(*BOOT, "User Notification", "tbd", "5.7-2-1/a"),
    "an alert that cannot leave the device": _change(
        *BOOT,
        "facts.alerts_on",
        ["mail"],
        "5.7-2-1/a",
        also=(_and(*BOOT, "Notification Functionality", "None over the network."),),
    ),
    "a function that no alert uses": _change(
        *BOOT, "facts.alert_hosts", ["telemetry.example:443"], "5.7-2-1/b"
    ),
}
