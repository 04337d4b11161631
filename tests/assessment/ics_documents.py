"""Complete documents with an ICS in which nothing is wrong, for the tests of its plausibility."""

from __future__ import annotations

from typing import Any

from assessment_documents import documents

from pytest_etsi.standard import edition

__all__ = ["plausible_documents"]

_ABSENT = {"1.1.1": ("3", "4"), "2.1.1": ("3",)}
_OWN_ACCORD = ("5.3-14", "5.3-15", "5.3-15A", "5.3-15B")


def plausible_documents(edition_id: str) -> dict[str, Any]:
    """Documents of a lamp for which every condition holds, but for those of devices that cannot be updated."""
    content = documents(edition_id)
    catalogue = edition(edition_id)
    secure = "" if edition_id == "1.1.1" else "Secure "
    mechanism = f"{secure.strip()[:3]}ComMech-1"
    for name, entry in {
        "UpdMech": {
            "ID": "UpdMech-1",
            "facts": {"transport": "network", "interaction": "automatic", "notifies_on": ["device"]},
        },
        "SoftComp": {"ID": "SoftComp-1", "Update Mechanism": ["UpdMech-1"]},
        "SecParam": {
            "ID": "SecParam-1",
            "Type": "critical",
            f"{secure}Communication Mechanisms": [mechanism],
            "facts": {
                "hard_coded_identity": True,
                "provisioning": "production",
                "purpose": ["service-communication", "user-authentication"],
            },
        },
        "ComMech" if edition_id == "1.1.1" else "SecComMech": {
            "ID": mechanism,
            "facts": {"peer": "associated-service"},
        },
        "SoftServ": {"ID": "SoftServ-1", "facts": {"network": True, "configures": True}},
        "Intf" if edition_id == "1.1.1" else "PhyIntf": {
            "ID": "Intf-1",
            "facts": {"debug": True, "type": ["physical"], "accessible": True},
        },
        "SecBoot": {"ID": "SecBoot-1"},
        "ExtSens": {"ID": "ExtSens-1"},
        "TelData": {"ID": "TelData-1"},
        "PersData": {
            "ID": "PersData-1",
            f"{secure}Communication Mechanisms": [mechanism],
            "facts": {"consent": True, "sensitive": True, "on_service": True},
        }
        | ({} if edition_id == "1.1.1" else {"Aggregation": "yes"}),
    }.items():
        content["ixit"][catalogue.table(name).id] = [entry]
    content["ics"] = {
        provision.id: {"support": "Y", "detail": f"By part {provision.id} of the lamp."}
        for provision in catalogue.provisions
    }
    for name in _OWN_ACCORD:
        if name in content["ics"]:
            content["ics"][name]["detail"] += " Claimed of our own accord."
    content["ics"]["conditions"] = {
        condition.id: condition.id not in _ABSENT[edition_id] for condition in catalogue.conditions
    }
    return content
