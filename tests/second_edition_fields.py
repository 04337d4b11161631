"""What edition 2.1.1 asks of the virtual camera beyond the first one, in its fields and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OPERATIONS", "filled", "logical"]

OPERATIONS = {
    "erase-as-viewer": {
        "kind": "http",
        "method": "DELETE",
        "url": "${virtual:https_url}/api/users/{marker}",
        "login": "AuthMech-web",
        "second": True,
    }
}
"""What a program does with the camera for units of the second edition alone."""

_ALIKE = ("direction", "peers", "remote", "protocol", "retry_first_s", "retry_max_s", "retry_jitter")


def logical(tables: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries of 28-LogIntf: the interfaces to programs, and those by which the camera calls its service.

    Args:
        tables: of the first edition.
    """
    disclosing = [one for one in tables["15-Intf"] if "logical" in one["Type"]]
    entries = []
    for api in tables["28-ExtAPI"]:
        endpoint = api["facts"]["endpoint"]
        shown = next(one for one in disclosing if one["facts"]["endpoint"] == endpoint)
        mechanism = next(one for one in tables["11-ComMech"] if one["facts"].get("endpoint") == endpoint)
        told = dict.fromkeys((*shown["facts"]["discloses"], *api["facts"].get("discloses", ())))
        fields = {
            "Access": "Intf-LAN, local",
            "Status": "enabled",
            "Disclosed Information": shown["Disclosed Information"],
            "Resilience Measures": mechanism["Resilience Measures"],
        }
        facts = api["facts"] | {"discloses": list(told), "direction": "incoming"}
        entries.append(api | fields | {"facts": facts})
    return [*entries, *(_of_a_client(one) for one in tables["11-ComMech"] if "peers" in one["facts"])]


def _of_a_client(mechanism: Mapping[str, Any]) -> dict[str, Any]:
    facts = {name: mechanism["facts"][name] for name in _ALIKE if name in mechanism["facts"]}
    return {
        "ID": mechanism["ID"].replace("ComMech", "LogIntf"),
        "Description": mechanism["Description"],
        "Access": "Intf-LAN, remote",
        "Status": "enabled",
        "Disclosed Information": "none; the camera calls, and answers nobody here",
        "Resilience Measures": mechanism["Resilience Measures"],
        "facts": facts | {"network": True, "enabled": True},
    }


def filled(ixit: dict[str, Any]) -> None:
    """Fill the fields that the second edition adds.

    Args:
        ixit: tables of the second edition, with what both have.
    """
    info = ixit["2-UserInfo"]
    info["Documentation of Maintenance Check"] = info["Documentation of Setup Check"].replace(
        "Check your set-up", "Check now and then"
    )
    info["facts"]["maintenance_check"] = info["facts"]["setup_check"]
    info["access"]["maintenance_check"] = info["access"]["setup_check"]
    ixit["9-ReplSup"]["Connectivity and functionality"] = (
        "The new camera gets the same plugs and is set up as the first one was; it has the same functions."
    )
    at = {str(one["facts"].get("endpoint", one["ID"])): one["ID"] for one in ixit["28-LogIntf"]}
    for one in ixit["11-SecComMech"]:
        own = one["ID"].replace("ComMech", "LogIntf")
        one["Interface"] = at.get(str(one["facts"].get("endpoint", own)), own)
    for one in ixit["29-InpVal"]:
        sources = [name.replace("ComMech", "LogIntf") for name in one["facts"]["sources"]]
        one["Source"] = ", ".join(sources)
        one["facts"]["sources"] = sources
    types = {"UserIntf-Web": "page over ExtAPI-Web", "UserIntf-Button": "button Intf-Button"}
    for one in ixit["27-UserIntf"]:
        one["Type"] = types.get(one["ID"], "serial line Intf-UART")
    for one in ixit["25-DelFunc"]:
        if one["ID"] == "DelFunc-Reset":
            one["access"]["not_by_others"] = ["erase-as-viewer"]
    for one in ixit["21-PersData"]:
        one |= _PERSONAL[one["ID"]]
        one["facts"] |= _FACTS[one["ID"]]
        if "consent" in one.get("access", {}):
            one["access"]["consent"] |= {"stored": "read-consent", "stored_shows": ["true"]}


_PERSONAL: dict[str, dict[str, str]] = {
    "PersData-Picture": {
        "Purpose": "Showing the room to those whom the owner lets in.",
        "Aggregation": "no",
        "Authorized Parties": "Owner and viewers, and apps and recorders with the stream password.",
        "Lifecycle": "Made when somebody asks for it, and gone from the memory once it is sent, after a second or so.",
        "Anonymization": "Before the picture is sent to anybody but these, faces are blurred in the camera.",
    },
    "PersData-Account": {
        "Purpose": "Telling owner and viewers apart, and letting them in.",
        "Aggregation": "no",
        "Authorized Parties": "Owner and viewers; nobody else.",
        "Lifecycle": "Kept until the owner removes the account or resets the camera; erased then by overwriting.",
        "Anonymization": "Counts of accounts, without names, are all that the page shows to viewers.",
    },
    "PersData-Service": {
        "Purpose": "Offering the right update, and showing whether the camera is online.",
        "Aggregation": "no",
        "Authorized Parties": "Owner, and Example Devices as the one that runs the service.",
        "Lifecycle": "Kept for 30 days by the service, then erased there, as when the owner asks for it.",
        "Anonymization": "After 30 days the service counts what versions run, without any sign of which camera.",
    },
    "PersData-Diagnostics": {
        "Purpose": "Finding attacks on the camera.",
        "Aggregation": "no",
        "Authorized Parties": "Owner, and Example Devices as the one that runs the service.",
        "Lifecycle": "Kept in the camera until its reset, and for 30 days by the service; erased at both ends then.",
        "Storing Consent": "The choice is kept in the camera, and shown on its page Account.",
        "Anonymization": "The service keeps sums over all cameras, from which none can be told.",
    },
}
_FACTS: dict[str, dict[str, Any]] = {
    "PersData-Picture": {"aggregated": False, "retention": "limited"},
    "PersData-Account": {"aggregated": False, "retention": "until-deleted", "disposed_from": ["device"]},
    "PersData-Service": {"aggregated": False, "retention": "limited", "disposed_from": ["service"]},
    "PersData-Diagnostics": {
        "aggregated": False,
        "retention": "limited",
        "disposed_from": ["device", "service"],
        "consent_stored": ["choice"],
    },
}
