"""A real program at the end of a cable, and what the documents of a device say that consists of it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pytest_etsi.standard import edition
from tests import daemons
from tests.namespaces import namespace
from tests.started import Started

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = [
    "ADDRESS",
    "BENCH",
    "FOUND",
    "NOT_REVIEWED",
    "PASSWORD",
    "USER",
    "Documents",
    "Program",
    "Verdicts",
    "installed",
    "login",
    "of_login",
    "quickly",
    "running",
    "service",
    "usual",
    "version_of_package",
    "write",
]

ADDRESS = "198.51.100.2"
"""Where the program answers; see `tests.namespaces`."""
BENCH = "198.51.100.1"
"""The other end of the cable."""
OTHER_SOURCE = "198.51.100.3"
"""A second address of the bench, for locks that count by source."""
USER = "keeper"
PASSWORD = "Kaffeetasse-77-blau"
PLACE = Path(os.environ.get("ETSI_REAL_PROGRAMS") or Path(__file__).parents[2] / ".cache" / "real")
"""Where `./dev real` installs the programs that are no packages of Debian."""

Verdicts = dict[tuple[str, str | None], str]
"""Unit and entry -> verdict, with the cause of one that is INCONCLUSIVE."""


@dataclass(frozen=True)
class Documents:
    """What the manufacturer says of it.

    Attributes:
        model: name of the product.
        software: its version.
        tables: IXIT, beside 15-Intf and 11-ComMech, which follow from `interfaces`.
        interfaces: ID -> where it answers, the protocol, and what it tells everybody.
        access: further keys of the profile's `access`.
        permissions: what may be done to it.
    """

    model: str
    software: str
    tables: Mapping[str, list[dict[str, Any]]]
    interfaces: Mapping[str, tuple[list[str], str, list[str]]]
    access: Mapping[str, Any] = field(default_factory=dict)
    permissions: tuple[str, ...] = ("brute-force", "change-credentials", "fuzz")


@dataclass(frozen=True)
class Program:
    """One of the programs.

    Attributes:
        name: of the program.
        needs: what `./dev real` has to have installed for it, below its place; empty: it is a package of Debian.
        places: where it listens.
        start: starts it.
        documents: what is true of it.
        expected: what follows from the documents and what the program does, worked out by hand.
        expected_without: the same for documents without its login: the units that look for logins.
    """

    name: str
    places: tuple[str, ...]
    start: Callable[[Started], None]
    documents: Callable[[], Documents]
    expected: Verdicts
    expected_without: Verdicts
    needs: tuple[str, ...] = ()

    @property
    def missing(self) -> str:
        """Why it cannot run here, in a sentence; empty: it can."""
        there = not self.needs or Path(installed(*self.needs)).exists()
        return "" if there else f"{self.name} is not installed: ./dev real installs it, and runs this file"


def installed(*parts: str) -> str:
    """Path of what `./dev real` installs."""
    return str(PLACE.joinpath(*parts))


def quickly(times: int) -> list[str]:
    """What stands before a command whose clock is to go faster, so that a lock of minutes lasts seconds."""
    return [daemons.program("faketime"), "-f", f"+0 x{times}"]


def version_of_package(name: str) -> str:
    """The upstream version of an installed package of Debian."""
    told = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", name], capture_output=True, text=True, check=True, timeout=10
    ).stdout
    return told.partition(":")[2].partition("-")[0] if ":" in told else told.partition("-")[0]


def usual(logins: Iterable[str], services: Iterable[str], interfaces: Iterable[str]) -> Verdicts:
    """What follows for a device that does what its documents say, as far as a program can see it without a reset.

    Args:
        logins: IDs of 1-AuthMech that services refer to.
        services: IDs of 13-SoftServ.
        interfaces: IDs of 11-ComMech and 15-Intf.
    """
    return {
        (
            "5.1-1-2/a",
            None,
        ): "INCONCLUSIVE information",  # no manual is given, in which to look for further logins
        ("5.1-1-2/c", None): "NOT APPLICABLE",  # no password is pre-installed
        ("5.1-2-2/a", None): "NOT APPLICABLE",
        ("5.1-5-2/a", None): "PASS",
        ("5.3-10-1/c", None): "PASS",
        ("5.5-5-2/b", None): "INCONCLUSIVE permission",  # factory default may not be looked at
        ("5.6-1-2/b", None): "PASS",
        ("5.13-1-2/c", None): "INCONCLUSIVE permission",
        **{key: verdict for login in logins for key, verdict in of_login(login).items()},
        **{("5.1-1-2/b", login): "INCONCLUSIVE permission" for login in logins},
        **{("5.5-4-2/c", login): "PASS" for login in logins},
        **{(f"5.5-4-2/{unit}", service): "PASS" for unit in "ab" for service in services},
        **{("5.5-5-2/a", service): "INCONCLUSIVE permission" for service in services},
        **{("5.5-1-2/a", interface): "PASS" for interface in interfaces},
        **{(f"5.6-{unit}/a", interface): "PASS" for unit in ("1-2", "2-2") for interface in interfaces},
    }


def of_login(login: str) -> Verdicts:
    """What follows for an entry of 1-AuthMech that is as documented, and that locks who guesses."""
    return {
        ("5.1-3-2/a", login): "PASS",
        # Nothing tells a program how to change the credential: the user does it in a file of settings.
        ("5.1-4-2/a", login): "INCONCLUSIVE access",
        ("5.1-4-2/b", login): "INCONCLUSIVE access",
        ("5.1-5-1/a", login): "INCONCLUSIVE judgement",
        ("5.1-5-2/b", login): "PASS",
    }


NOT_REVIEWED: Verdicts = {("5.5-2-2/a", None): "NOT APPLICABLE"}
"""What follows where 12-NetSecImpl is empty."""
FOUND: Verdicts = {("5.1-1-2/a", None): "FAIL", ("5.1-5-2/a", None): "FAIL"}
"""What follows where the login is not in the documents."""


@contextlib.contextmanager
def running(directory: Path, program: Program) -> Iterator[Started]:
    """The program, for as long as the context lasts."""
    directory.mkdir(parents=True, exist_ok=True)
    with namespace(cable=True) as net:
        address = ["ip", "-n", net.bench, "address", "add", f"{OTHER_SOURCE}/24", "dev", "bench"]
        subprocess.run(address, check=True, capture_output=True, timeout=20)
        started = Started(directory, net)
        try:
            program.start(started)
            started.wait(*program.places)
            yield started
        finally:
            started.stop()


def write(folder: Path, documents: Documents, *, login: bool) -> Path:
    """Write the documents and give the profile; without the login where it is to be left out."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tables: dict[str, Any] = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
    tables |= {name: list(rows) for name, rows in documents.tables.items()}
    tables["11-ComMech"] = [_mechanism(name, *said[:2]) for name, said in documents.interfaces.items()]
    tables["28-ExtAPI"] = [_api(name, *said[:2]) for name, said in documents.interfaces.items()]
    tables["15-Intf"] = [_interface(name, said[0], said[2]) for name, said in documents.interfaces.items()]
    if not login:
        tables["1-AuthMech"] = []
        tables["13-SoftServ"] = [
            {
                key: "none" if key == "Authentication Mechanism" else value
                for key, value in row.items()
                if key != "access"
            }
            for row in tables["13-SoftServ"]
        ]
    network = {"hosts": [ADDRESS], "rate": 20_000, "source_addresses": [OTHER_SOURCE]}
    profile = {
        "format": 1,
        "name": documents.model.lower(),
        "edition": "1.1.1",
        "dut": {
            "manufacturer": "Example Devices",
            "model": documents.model,
            "hardware": "A",
            "software": documents.software,
            "constrained": False,
        },
        "ics": "ics.yaml",
        "ixit": "ixit.yaml",
        "permissions": list(documents.permissions),
        "access": {"network": network, **(documents.access if login else {})},
    }
    provisions = (
        "5.1-1",
        "5.1-3",
        "5.1-4",
        "5.1-5",
        "5.5-1",
        "5.5-2",
        "5.5-4",
        "5.5-5",
        "5.6-1",
        "5.6-2",
        "5.13-1",
    )
    ics = {
        "conditions": {"1": True, "2": False, "4": False, "5": True, "8": True},
        **{name: {"support": "Y", "detail": "see IXIT"} for name in provisions},
    }
    for name, content in {"profile": profile, "ics": ics, "ixit": tables}.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return folder / "profile.yaml"


def _mechanism(name: str, places: list[str], protocol: str) -> dict[str, Any]:
    return {
        "ID": name,
        "Description": f"{name} at {', '.join(places)}, in the local network only; not remotely accessible.",
        "Security Guarantees": "None on the way.",
        "Cryptographic Details": "No cryptography is used on the way.",
        "Resilience Measures": "It only answers.",
        "facts": {
            "direction": "incoming",
            "endpoint": places,
            "peer": "user",
            "remote": False,
            "protocol": protocol,
        },
    }


def _api(name: str, places: list[str], protocol: str) -> dict[str, Any]:
    return {
        "ID": name,
        "Description": f"{name} at {', '.join(places)}, in the local network only.",
        "facts": {
            "endpoint": places,
            "protocol": protocol,
            "remote": False,
            "network": True,
            "enabled": True,
        },
    }


def _interface(name: str, places: list[str], discloses: list[str]) -> dict[str, Any]:
    return {
        "ID": name,
        "Description": f"{name} at {', '.join(places)}; exposure required.",
        "Type": "network, logical",
        "Status": "enabled",
        "Disclosed Information": f"without login: {', '.join(discloses) or 'nothing'}; not security-relevant",
        "facts": {
            "type": ["network", "logical"],
            "exposure": "required",
            "enabled": True,
            "endpoint": places,
            "discloses": discloses,
        },
    }


def login(name: str, place: str, *, prose: str, **more: Any) -> dict[str, Any]:
    """An entry of 1-AuthMech: a password that the user has set, over plain HTTP.

    Args:
        name: ID.
        place: where it answers.
        prose: what keeps guessing from succeeding.
        more: `brute_force` of the facts, `access`.
    """
    facts: dict[str, Any] = {
        "subject": "user",
        "interface": "network",
        "endpoint": place,
        "factors": ["password"],
        "states": ["initialized"],
        "password": {"origin": "user-defined"},
        "guarantees": ["authenticity"],
        "change": {"supported": True},
    }
    if "brute_force" in more:
        facts["brute_force"] = more["brute_force"]
    return {
        "ID": name,
        "Description": f"Login of the keeper at {place}; user authentication, directly addressable over the network.",
        "Authentication Factor": "Password, set by the user.",
        "Password Generation Mechanism": "None; no password is pre-installed.",
        "Security Guarantees": "Authenticity of the user.",
        "Cryptographic Details": "Plain HTTP, no TLS.",
        "Brute Force Prevention": prose,
        "facts": facts,
        "access": {"username": USER, "password": PASSWORD, **more["access"]},
    }


def service(
    name: str, place: str, login_id: str, requests: list[dict[str, Any]], **more: Any
) -> dict[str, Any]:
    """An entry of 13-SoftServ that is there for those who are logged in."""
    return {
        "ID": name,
        "Description": f"{name} at {place}; reachable over the network in the initialized state.",
        "Status": "enabled by default",
        "Justification": "The device is used by it.",
        "Allows Configuration": "yes; its settings",
        "Authentication Mechanism": login_id,
        "facts": {
            "endpoint": place,
            "network": True,
            "states": ["initialized"],
            "protocol": "http",
            "configures": True,
        },
        "access": {"requests": [{"login": login_id, **one} for one in requests], **more},
    }
