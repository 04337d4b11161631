"""Contradictions in the documents on outages, telemetry, deletion, decisions, input and data protection (5.9 to 6)."""

from __future__ import annotations

from contradictions import Change

__all__ = ["CHANGES"]


def _change(
    table: str, entry: str, field: str, value: object, *fails: str, also: tuple[Change, ...] = ()
) -> Change:
    return Change(table, entry, field, value, frozenset(fails), also)


def _and(table: str, entry: str, field: str, value: object) -> Change:
    return Change(table, entry, field, value, frozenset())


CHANGES = {
    # 5.9
    "no mechanism against a loss of power": _change(
        "23-ResMech", "ResMech-Power", "", None, "5.9-1-1/a", "5.9-2-1/a", "5.9-2-1/c"
    ),
    "no mechanism against a loss of network": _change(
        "23-ResMech", "ResMech-Network", "", None, "5.9-1-1/a", "5.9-2-1/a", "5.9-2-1/b"
    ),
    "no guarantee of any mechanism": _change(
        "23-ResMech", "*", "Security Guarantees", "tbd", "5.9-1-1/a", "5.9-1-1/b", "5.9-2-1/a"
    ),
    "a mechanism that covers another outage than its type": _change(
        "23-ResMech", "ResMech-Network", "facts.covers", ["network", "power"], "5.9-1-1/b", "5.9-2-1/a"
    ),
    "a mechanism without description": _change(
        "23-ResMech", "ResMech-Power", "Description", "-", "5.9-1-1/b", "5.9-2-1/a", "5.9-2-1/c"
    ),
    "no resilience measures": _change(
        "11-ComMech", "ComMech-Cloud", "Resilience Measures", "n/a", "5.9-3-1/a", "5.9-3-1/b"
    ),
    "every camera comes back at the same moment": _change(
        "11-ComMech",
        "ComMech-Cloud",
        "facts.retry_jitter",
        False,
        "5.9-3-1/b",
        also=(
            _and("11-ComMech", "ComMech-Cloud", "facts.retry_first_s", 3),
            _and("11-ComMech", "ComMech-Cloud", "facts.retry_max_s", 3),
        ),
    ),
    "a connection that is tried again at once": _change(
        "11-ComMech",
        "ComMech-Cloud",
        "Resilience Measures",
        "TCP and TLS as their standards say. After a loss the camera immediately reconnects and retries.",
        "5.9-3-1/b",
        also=(
            _and("11-ComMech", "ComMech-Cloud", "facts.retry_jitter", None),
            _and("11-ComMech", "ComMech-Cloud", "facts.retry_first_s", None),
            _and("11-ComMech", "ComMech-Cloud", "facts.retry_max_s", None),
        ),
    ),
    # 5.10 and 6-4
    "telemetry that nobody examines": _change(
        "24-TelData", "*", "Security Examination", "none", "5.10-1-1/a"
    ),
    "telemetry without description": _change("24-TelData", "*", "Description", "lorem ipsum", "5.10-1-1/b"),
    "telemetry without purpose": _change("24-TelData", "*", "Purpose", "", "6-4-1/a"),
    "personal data that the purpose does not need": _change(
        "24-TelData", "*", "facts.needs_personal_data", False, "6-4-1/a"
    ),
    # 5.11
    "no deletion on the device": _change(
        "25-DelFunc",
        "DelFunc-Reset",
        "Target Type",
        "personal data on associated services",
        "5.11-1-1/a",
        also=(
            _and("25-DelFunc", "DelFunc-Reset", "facts.target", ["service"]),
            _and("25-DelFunc", "DelFunc-Reset", "facts.personal_data", ["PersData-Service"]),
        ),
    ),
    "a deletion that nobody can start": _change(
        "25-DelFunc", "DelFunc-Reset", "Initiation and Interaction", "tbd", "5.11-1-1/a"
    ),
    "a deletion for experts": _change(
        "25-DelFunc", "DelFunc-Reset", "facts.interaction", "expert", "5.11-1-1/a"
    ),
    "a deletion that erases nothing": _change(
        "25-DelFunc",
        "DelFunc-Reset",
        "Description",
        "Factory reset: it only restarts the camera.",
        "5.11-1-1/b",
    ),
    "settings survive the deletion": _change(
        "25-DelFunc", "DelFunc-Reset", "facts.covers", ["personal-data", "credentials"], "5.11-1-1/c"
    ),
    "passwords survive the deletion": _change(
        "25-DelFunc", "DelFunc-Reset", "facts.covers", ["personal-data", "settings"], "5.11-1-1/c"
    ),
    "no deletion from services": _change(
        "25-DelFunc",
        "DelFunc-Service",
        "Target Type",
        "user data on the device",
        "5.11-2-1/a",
        "5.11-2-1/b",
        also=(_and("25-DelFunc", "DelFunc-Service", "facts.target", ["device"]),),
    ),
    "a service whose data no function deletes": _change(
        "25-DelFunc", "DelFunc-Service", "facts.personal_data", ["PersData-Account"], "5.11-2-1/b"
    ),
    # 5.12
    "a decision that is asked twice": _change(
        "26-UserDec",
        "UserDec-StreamPassword",
        "Description",
        "Which web password the owner takes.",
        "5.12-1-1/a",
    ),
    "a decision between nothing": _change(
        "26-UserDec", "UserDec-Connection", "Options", "", "5.12-1-1/a", "5.12-1-1/b"
    ),
    "a default that is no option": _change(
        "26-UserDec", "UserDec-Connection", "facts.default", "satellite", "5.12-1-1/b"
    ),
    "an open network by default": _change(
        "26-UserDec",
        "UserDec-Connection",
        "facts.default",
        "open",
        "5.12-1-1/b",
        also=(_and("26-UserDec", "UserDec-Connection", "facts.options", ["open", "network cable"]),),
    ),
    # 5.13
    "an interface whose input nothing validates": _change(
        "29-InpVal", "InpVal-Header", "facts.sources", ["ExtAPI-Web"], "5.13-1-1/a"
    ),
    "a method for a source that does not exist": _change(
        "29-InpVal", "InpVal-Button", "facts.sources", ["UserIntf-Button", "UserIntf-Voice"], "5.13-1-1/a"
    ),
    "validation in the browser alone": _change(
        "29-InpVal", "InpVal-JSON", "facts.where", ["browser"], "5.13-1-1/b"
    ),
    "a validation that says nothing": _change(
        "29-InpVal", "InpVal-Button", "Description", "tbd", "5.13-1-1/b"
    ),
    # 6
    "a privacy notice behind a login": _change(
        "2-UserInfo",
        "",
        "Documentation of Personal Data",
        "Privacy notice in the customer portal, https://example.com/portal/privacy",
        "6-1-1/a",
    ),
    "no privacy notice": _change("2-UserInfo", "", "Documentation of Personal Data", "tbd", "6-1-1/a"),
    "telemetry that is told on an internal host": _change(
        "2-UserInfo", "", "Documentation of Telemetry Data", "https://privacy.intranet/telemetry", "6-5-1/a"
    ),
    "consent that is preselected": _change(
        "21-PersData", "PersData-Diagnostics", "facts.consent_by", "preselected", "6-2-1/a"
    ),
    "consent by use": _change(
        "21-PersData",
        "PersData-Diagnostics",
        "Obtaining Consent",
        "By using the camera the owner agrees.",
        "6-2-1/a",
    ),
    "consent for good": _change(
        "21-PersData", "PersData-Diagnostics", "Withdrawing Consent", "not possible", "6-3-1/a"
    ),
}
