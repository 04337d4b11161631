"""Contradictions in the documents on outages, telemetry, deletion, decisions, input and data protection (5.9 to 6)."""

from __future__ import annotations

from contradictions import beside, worse

__all__ = ["CHANGES"]


CHANGES = {
    # 5.9
    "no mechanism against a loss of power": worse(
        "23-ResMech", "ResMech-Power", "", None, "5.9-1-1/a", "5.9-2-1/a", "5.9-2-1/c"
    ),
    "no mechanism against a loss of network": worse(
        "23-ResMech", "ResMech-Network", "", None, "5.9-1-1/a", "5.9-2-1/a", "5.9-2-1/b"
    ),
    "no guarantee of any mechanism": worse(
        "23-ResMech", "*", "Security Guarantees", "tbd", "5.9-1-1/a", "5.9-1-1/b", "5.9-2-1/a"
    ),
    "a mechanism that covers another outage than its type": worse(
        "23-ResMech", "ResMech-Network", "facts.covers", ["network", "power"], "5.9-1-1/b", "5.9-2-1/a"
    ),
    "a mechanism without description": worse(
        "23-ResMech", "ResMech-Power", "Description", "-", "5.9-1-1/b", "5.9-2-1/a", "5.9-2-1/c"
    ),
    "no resilience measures": worse(
        "11-ComMech", "ComMech-Cloud", "Resilience Measures", "n/a", "5.9-3-1/a", "5.9-3-1/b"
    ),
    "every camera comes back at the same moment": worse(
        "11-ComMech",
        "ComMech-Cloud",
        "facts.retry_jitter",
        False,
        "5.9-3-1/b",
        also=(
            beside("11-ComMech", "ComMech-Cloud", "facts.retry_first_s", 3),
            beside("11-ComMech", "ComMech-Cloud", "facts.retry_max_s", 3),
        ),
    ),
    "a connection that is tried again at once": worse(
        "11-ComMech",
        "ComMech-Cloud",
        "Resilience Measures",
        "TCP and TLS as their standards say. After a loss the camera immediately reconnects and retries.",
        "5.9-3-1/b",
        also=(
            beside("11-ComMech", "ComMech-Cloud", "facts.retry_jitter", None),
            beside("11-ComMech", "ComMech-Cloud", "facts.retry_first_s", None),
            beside("11-ComMech", "ComMech-Cloud", "facts.retry_max_s", None),
        ),
    ),
    # 5.10 and 6-4
    "telemetry that nobody examines": worse("24-TelData", "*", "Security Examination", "none", "5.10-1-1/a"),
    "telemetry without description": worse("24-TelData", "*", "Description", "lorem ipsum", "5.10-1-1/b"),
    "telemetry without purpose": worse("24-TelData", "*", "Purpose", "", "6-4-1/a"),
    "personal data that the purpose does not need": worse(
        "24-TelData", "*", "facts.needs_personal_data", False, "6-4-1/a"
    ),
    # 5.11
    "no deletion on the device": worse(
        "25-DelFunc",
        "DelFunc-Reset",
        "Target Type",
        "personal data on associated services",
        "5.11-1-1/a",
        also=(
            beside("25-DelFunc", "DelFunc-Reset", "facts.target", ["service"]),
            beside("25-DelFunc", "DelFunc-Reset", "facts.personal_data", ["PersData-Service"]),
        ),
    ),
    "a deletion that nobody can start": worse(
        "25-DelFunc", "DelFunc-Reset", "Initiation and Interaction", "tbd", "5.11-1-1/a"
    ),
    "a deletion for experts": worse(
        "25-DelFunc", "DelFunc-Reset", "facts.interaction", "expert", "5.11-1-1/a"
    ),
    "a deletion that erases nothing": worse(
        "25-DelFunc",
        "DelFunc-Reset",
        "Description",
        "Factory reset: it only restarts the camera.",
        "5.11-1-1/b",
    ),
    "settings survive the deletion": worse(
        "25-DelFunc", "DelFunc-Reset", "facts.covers", ["personal-data", "credentials"], "5.11-1-1/c"
    ),
    "passwords survive the deletion": worse(
        "25-DelFunc", "DelFunc-Reset", "facts.covers", ["personal-data", "settings"], "5.11-1-1/c"
    ),
    "no deletion from services": worse(
        "25-DelFunc",
        "DelFunc-Service",
        "Target Type",
        "user data on the device",
        "5.11-2-1/a",
        "5.11-2-1/b",
        also=(beside("25-DelFunc", "DelFunc-Service", "facts.target", ["device"]),),
    ),
    "a service whose data no function deletes": worse(
        "25-DelFunc", "DelFunc-Service", "facts.personal_data", ["PersData-Account"], "5.11-2-1/b"
    ),
    # 5.12
    "a decision that is asked twice": worse(
        "26-UserDec",
        "UserDec-StreamPassword",
        "Description",
        "Which web password the owner takes.",
        "5.12-1-1/a",
    ),
    "a decision between nothing": worse(
        "26-UserDec", "UserDec-Connection", "Options", "", "5.12-1-1/a", "5.12-1-1/b"
    ),
    "a default that is no option": worse(
        "26-UserDec", "UserDec-Connection", "facts.default", "satellite", "5.12-1-1/b"
    ),
    "an open network by default": worse(
        "26-UserDec",
        "UserDec-Connection",
        "facts.default",
        "open",
        "5.12-1-1/b",
        also=(beside("26-UserDec", "UserDec-Connection", "facts.options", ["open", "network cable"]),),
    ),
    # 5.13
    "an interface whose input nothing validates": worse(
        "29-InpVal", "InpVal-Header", "facts.sources", ["ExtAPI-Web"], "5.13-1-1/a"
    ),
    "a method for a source that does not exist": worse(
        "29-InpVal", "InpVal-Button", "facts.sources", ["UserIntf-Button", "UserIntf-Voice"], "5.13-1-1/a"
    ),
    "validation in the browser alone": worse(
        "29-InpVal", "InpVal-JSON", "facts.where", ["browser"], "5.13-1-1/b"
    ),
    "a validation that says nothing": worse("29-InpVal", "InpVal-Button", "Description", "tbd", "5.13-1-1/b"),
    # 6
    "a privacy notice behind a login": worse(
        "2-UserInfo",
        "",
        "Documentation of Personal Data",
        "Privacy notice in the customer portal, https://example.com/portal/privacy",
        "6-1-1/a",
    ),
    "no privacy notice": worse("2-UserInfo", "", "Documentation of Personal Data", "tbd", "6-1-1/a"),
    "telemetry that is told on an internal host": worse(
        "2-UserInfo", "", "Documentation of Telemetry Data", "https://privacy.intranet/telemetry", "6-5-1/a"
    ),
    "consent that is preselected": worse(
        "21-PersData", "PersData-Diagnostics", "facts.consent_by", "preselected", "6-2-1/a"
    ),
    "consent by use": worse(
        "21-PersData",
        "PersData-Diagnostics",
        "Obtaining Consent",
        "By using the camera the owner agrees.",
        "6-2-1/a",
    ),
    "consent for good": worse(
        "21-PersData", "PersData-Diagnostics", "Withdrawing Consent", "not possible", "6-3-1/a"
    ),
}
