"""A place of labgrid: acquired when it is first needed, released at the end, and switched by labgrid's own client.

The client runs as a program of its own, for a limited time: whatever becomes of a coordinator, an exporter or a supply,
this process neither hangs nor falls with it, and nothing of labgrid is imported.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pytest_etsi import bounds
from pytest_etsi.dut.reach.operations._model import OperationFailedError
from pytest_etsi.dut.reach.operations._programs import run_program
from pytest_etsi.probes.observation import printable
from pytest_etsi.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.profile.access import Access
    from pytest_etsi.profile.labgrid import LabgridAccess

__all__ = ["Place"]

_INHERITED = ("USER", "LOGNAME", "LG_USERNAME", "LG_HOSTNAME", "LG_COORDINATOR", "LG_PROXY")
"""Who holds a place, and the way to the coordinator, are told to labgrid by these."""
_SHOWN = 300
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Place:
    """The place of labgrid that a device hangs on.

    Args:
        access: what the profile says of it, and which hosts may be spoken to.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        self._acquired = False
        self._offers: list[tuple[str, dict[str, Any]]] | None = None

    def power(self, action: str, name: str | None) -> str:
        """Switch the supply (on, off), or ask for its state (get); gives what the client said.

        Raises:
            OperationFailedError: the client failed, or did not end in time.
        """
        self._hold()
        return self._client("power", *(("-n", name) if name else ()), action)

    def console(self, name: str) -> str:
        """The URL of the console that the place offers; `name`: which one, empty: the only one.

        Raises:
            OperationFailedError: there is none, or several, or not one that may be spoken to.
        """
        found = [
            params
            for kind, params in self._hold()
            if kind == "NetworkSerialPort" and name in ("", params.get("name", kind))
        ]
        called = f"console {name!r}" if name else "console"
        if len(found) != 1:
            raise OperationFailedError(
                f"the place offers {len(found) or 'no'} {called}{'s' if len(found) > 1 else ''}; "
                "a NetworkSerialPort is wanted, or any serial port that its exporter offers as one"
            )
        host, port, protocol = (found[0].get(key) for key in ("host", "port", "protocol"))
        schemes = {"raw": "socket", "rfc2217": "rfc2217", None: "rfc2217"}
        if not isinstance(host, str) or type(port) is not int or protocol not in schemes:
            raise OperationFailedError(
                f"the place tells of its {called} host {printable(str(host), 80)}, port {printable(str(port), 20)} and "
                f"protocol {printable(str(protocol), 20)}; a host, a number and raw or rfc2217 are wanted"
            )
        self._require_named(host, port)
        return f"{schemes[protocol]}://{f'[{host}]' if ':' in host else host}:{port}"

    def close(self) -> None:
        """Release it, if it was acquired here."""
        acquired, self._acquired, self._offers = self._acquired, False, None
        if acquired:
            # Who holds it meanwhile, or why nobody answers, changes nothing of what was assessed.
            with contextlib.suppress(OperationFailedError):
                self._client("release")

    @property
    def _declared(self) -> LabgridAccess:
        declared = self._access.labgrid
        if declared is None:
            raise OperationFailedError("the profile names no place of labgrid; give it under access.labgrid")
        return declared

    def _hold(self) -> list[tuple[str, dict[str, Any]]]:
        """Hold the place, once; gives what it offers."""
        if self._offers is not None:
            return self._offers
        if self._declared.environment is not None:
            _look_over(self._declared.environment)
        refused = None
        if self._declared.acquire:
            try:
                self._client("acquire")
                self._acquired = True
            except OperationFailedError as error:
                refused = error
        try:
            offers = self._resources()
            self._require_same_device(offers)
        except OperationFailedError as error:
            self.close()
            # That it is not held is a matter of why it could not be acquired.
            raise refused or error from None
        self._offers = offers
        return offers

    def _require_same_device(self, offers: list[tuple[str, dict[str, Any]]]) -> None:
        """Make sure that the address which the place tells of its device is one of the profile."""
        network = self._access.network
        told = [params.get("address") for kind, params in offers if kind == "NetworkService"]
        if network is None or not told:
            return
        named = {_plain(host) for host in network.hosts}
        if strange := [str(address) for address in told if _plain(str(address)) not in named]:
            raise OperationFailedError(
                f"the place has its device at {printable(listed(strange), 200)}, the profile at "
                f"{listed(network.hosts)}: another device, or another name for it (access.network.hosts)"
            )

    def _require_named(self, host: str, port: int) -> None:
        """Make sure that the profile names a host which labgrid tells; nothing else is ever spoken to."""
        coordinator = (self._declared.coordinator or "").rpartition("]")
        own = coordinator[0].lstrip("[") or coordinator[2].partition(":")[0]
        named = {_plain(one) for one in (*self._access.bench_hosts, own)}
        if not named & {_plain(host), f"{_plain(host)}:{port}"}:
            raise OperationFailedError(
                f"the place has its console at {printable(host, 80)}:{port}, which the profile does not name; "
                "add the host to access.bench_hosts"
            )

    def _resources(self) -> list[tuple[str, dict[str, Any]]]:
        """What the place offers: classes of resources, with what is known of each."""
        said = self._client("env")
        _, found, text = f"\n{said}".partition("\ntargets:")
        try:
            targets = yaml.load("targets:" + text, Loader=_LOADER)["targets"] if found else {}  # noqa: S506 - a safe one
            ((_, target),) = targets.items()
            return [(str(kind), dict(params)) for one in target["resources"] for kind, params in one.items()]
        except (yaml.YAMLError, RecursionError, LookupError, TypeError, ValueError, AttributeError):
            # It is not quoted: a NetworkService may tell a password.
            raise OperationFailedError(
                f"labgrid-client told the resources of the place in no form that is known ({len(said)} characters)"
            ) from None

    def _client(self, command: str, *arguments: str) -> str:
        declared = self._declared
        where = [
            *(("-x", declared.coordinator) if declared.coordinator else ()),
            *(("-c", str(declared.environment)) if declared.environment else ()),
            *(("-p", declared.place) if declared.place else ()),
        ]
        env = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        status, text = run_program(
            [_found(declared.client), *where, command, *arguments], env, declared.timeout_s
        )
        if status != 0:
            raise OperationFailedError(
                f"labgrid-client {command} ended with {status}: {printable(_complaint(text), _SHOWN)}"
            )
        return text


def _found(client: str) -> str:
    """The program: beside this Python, where the extra puts it, or where the search path or the profile has it."""
    beside = Path(sys.executable).parent / client
    path = str(beside) if os.sep not in client and beside.exists() else shutil.which(client)
    if path is None:
        raise OperationFailedError(
            f"there is no {client}; pip install 'pytest-etsi[labgrid]' brings it, and access.labgrid.client names one "
            "in an environment of its own"
        )
    return path


def _complaint(text: str) -> str:
    """Why the client ended: its own line, or the last ones of a traceback."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    own = [line for line in lines if line.startswith(("labgrid-client:", "Server error:"))]
    # Its own line says first what is wrong, and may then list all that it knows of.
    return " ".join(own).strip()[:_SHOWN] if own else " ".join(lines[-3:]).strip()[-_SHOWN:]


def _plain(host: str) -> str:
    """A host in the one way of writing that compares."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return host.lower().rstrip(".")


def _look_over(environment: Path) -> None:
    """Make sure that an environment file can be one.

    Raises:
        OperationFailedError: it cannot, with its line and what is wanted there.
    """
    limit = bounds.YAML.most
    try:
        with environment.open("rb") as file:
            content = file.read(limit + 1)
        if len(content) > limit:
            raise OperationFailedError(f"{environment.name} is larger than {limit // 1024**2} MiB")
        root = yaml.compose(content.decode("utf-8"), Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{environment.name}, line {mark.line + 1}" if mark else environment.name
        raise OperationFailedError(f"{where}: is not YAML: {error.problem or error.context}") from None
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        raise OperationFailedError(f"{environment.name} cannot be read: {error}") from None
    targets = next(iter(_children(root, "targets")), None)
    if not isinstance(targets, yaml.MappingNode) or not targets.value:
        node = targets or root
        line = node.start_mark.line + 1 if node is not None else 1
        raise OperationFailedError(
            f"{environment.name}, line {line}: targets: expected a mapping of targets by their role"
        )
    if not any(_has_remote_place(target) for _, target in targets.value):
        raise OperationFailedError(
            f"{environment.name}, line {targets.start_mark.line + 1}: targets: none has a RemotePlace among its "
            "resources; a place of a coordinator is wanted"
        )


def _has_remote_place(target: yaml.Node) -> bool:
    for resources in _children(target, "resources"):
        ones = resources.value if isinstance(resources, yaml.SequenceNode) else [resources]
        if any(True for one in ones for _ in _children(one, "RemotePlace")):
            return True
        # A list may also tell the class of each resource by a key of its own.
        if any(kind.value == "RemotePlace" for one in ones for kind in _children(one, "cls")):
            return True
    return False


def _children(node: yaml.Node | None, key: str) -> Iterable[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        yield from (value for name, value in node.value if name.value == key)
