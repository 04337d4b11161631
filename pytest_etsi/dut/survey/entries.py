"""Services, channels, interfaces and keys that a device was seen to have, as drafted entries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_etsi.dut.survey.protection import (
    TLS_VERSIONS,
    certificate_words,
    ssh_facts,
    ssh_words,
    tls_facts,
    tls_words,
)
from pytest_etsi.profile.drafting import DraftEntry, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.dut.survey.look import Seen
    from pytest_etsi.probes.capture import CaptureObservation, Flow
    from pytest_etsi.probes.services import Service

__all__ = ["channel_entries", "interface_entries", "key_entries", "outgoing_entries", "service_entries"]

_MOST = 128
_MOST_TOLD = 40
_SPOKEN = {"rtsp": "rtsps", "mqtt": "mqtts", "http": "https", "unknown": "tls"}
"""What a protocol is called within TLS."""
_TELLING_HEADERS = frozenset(
    {"server", "x-powered-by", "via", "set-cookie", "www-authenticate", "x-generator"}
)

Ids = dict[tuple[str, int], list[str]]
"""Transport and port -> IDs of the logins there."""


def _services(seen: Seen) -> list[Service]:
    """Each service once, whatever the number of the device's addresses."""
    found: dict[tuple[str, int], Service] = {}
    for one in seen.search.services:
        if one.kind != "closed":
            found.setdefault((one.protocol, one.port), one)
    return sorted(found.values(), key=lambda one: (one.protocol, one.port))[:_MOST]


def _spoken(service: Service) -> str:
    return _SPOKEN.get(service.kind, service.kind) if service.tls else service.kind


def _called(service: Service) -> str:
    return _spoken(service) if _protocol(service) else "A service that was not recognised"


def _protocol(service: Service) -> dict[str, str]:
    """The claim of what is spoken; none of what was not recognised, which a name would account for."""
    known = service.identified or service.tls
    return {"protocol": _spoken(service)} if known else {}


def _about(service: Service) -> str:
    """What a service says of itself, quoted."""
    said = f"{service.product} {service.version}".strip() or service.banner
    return f', which says of itself: "{shortened(said, 120)}"' if said and _is_text(said) else ""


def _is_text(said: str) -> bool:
    """Whether it is no piece of a binary protocol, of which each answer may be another."""
    return said.isascii() and "\\x" not in said


def service_entries(seen: Seen, evidence: str, logins: Ids) -> list[DraftEntry]:
    """13-SoftServ: an entry for each port that answers."""
    return [
        DraftEntry(
            "soft_serv",
            f"SoftServ-{one.port}-{one.protocol}",
            evidence,
            fields={
                "Description": f"{_called(one)} at {one.protocol}/{one.port}, reachable over the network{_about(one)}.",
                "Authentication Mechanism": ", ".join(logins.get((one.protocol, one.port), ())),
            },
            facts={"endpoint": f"{one.port}/{one.protocol}", "network": True, **_protocol(one)},
        )
        for one in _services(seen)
    ]


def channel_entries(seen: Seen, evidence: str, files: Mapping[tuple[str, int], str]) -> list[DraftEntry]:
    """11-ComMech: an entry for each port that answers, with what protects it."""
    entries = []
    for one in _services(seen):
        facts: dict[str, Any] = {
            "direction": "incoming",
            "endpoint": f"{one.port}/{one.protocol}",
            **_protocol(one),
        }
        where, file = (one.host, one.protocol, one.port), files.get((one.protocol, one.port), evidence)
        words, seen_in = "", {}
        if (tls := seen.tls.get(where)) is not None and tls.versions:
            facts["tls"], words = tls_facts(tls), tls_words(tls)
            seen_in = {"facts.tls": file, "Cryptographic Details": file}
        elif (ssh := seen.ssh.get(where)) is not None and ssh.complete:
            facts["ssh"], words = ssh_facts(ssh), ssh_words(ssh)
            seen_in = {"facts.ssh": file, "Cryptographic Details": file}
        entries.append(
            DraftEntry(
                "com_mech",
                f"ComMech-{one.port}-{one.protocol}",
                evidence,
                fields={
                    "Description": f"{_called(one)}, answered by the device at {one.protocol}/{one.port}.",
                    "Cryptographic Details": words,
                },
                facts=facts,
                seen_in=seen_in,
            )
        )
    return entries


def interface_entries(
    seen: Seen, evidence: str, told_in: str, *, edition: str, open_: list[str]
) -> list[DraftEntry]:
    """The network interface, and a logical interface for each port that answers, with what it tells without a login.

    In edition 2.1.1 the logical ones have a table of their own, 28-LogIntf.
    """
    services = _services(seen)
    of_edition_1 = edition == "1.1.1"
    entries = [
        DraftEntry(
            "intf",
            "Intf-Network",
            evidence,
            fields={
                "Description": f"Network interface by which the device answers at {', '.join(seen_hosts(seen))}.",
                "Type": "network",
                "Status": "enabled",
            },
            facts={
                "type": ["network"],
                "enabled": True,
                "endpoint": [f"{one.port}/{one.protocol}" for one in services],
            },
        )
    ]
    for one in services:
        told = _told(seen, one, told_in, open_)
        facts: dict[str, Any] = {"enabled": True, "endpoint": f"{one.port}/{one.protocol}"}
        if of_edition_1:
            facts["type"] = ["network", "logical"]
        else:
            facts |= {"network": True, **_protocol(one)}
        fields = {
            "Description": f"{_called(one)} at {one.protocol}/{one.port}.",
            "Type": "network, logical" if of_edition_1 else "",
            "Status": "enabled",
        }
        seen_in = {}
        if told:
            facts["discloses"] = told
            fields["Disclosed Information"] = "Without login: " + "; ".join(
                shortened(text, 120) for text in told
            )
            seen_in = {"facts.discloses": told_in, "Disclosed Information": told_in}
        entries.append(
            DraftEntry(
                "intf" if of_edition_1 else "ext_api",
                f"{'Intf-' if of_edition_1 else 'LogIntf-'}{one.port}-{one.protocol}",
                evidence,
                fields=fields,
                facts=facts,
                seen_in=seen_in,
            )
        )
    return entries


def seen_hosts(seen: Seen) -> tuple[str, ...]:
    """The addresses that were looked at."""
    return tuple(dict.fromkeys(scan.host for scan in seen.search.scans))


def _told(seen: Seen, service: Service, file: str, open_: list[str]) -> list[str]:
    """What a service tells without a login, without what every server of its kind says."""
    items = [
        item
        for one in seen.disclosed
        for item in one.items
        if (item.protocol, item.port) == (service.protocol, service.port)
    ]
    telling = dict.fromkeys(
        shortened(item.full, 200)
        for item in items
        if (item.field != "header" or item.name.lower() in _TELLING_HEADERS)
        and (item.field != "banner" or _is_text(item.text))
    )
    left = len({item.full for item in items}) - len(list(telling)[:_MOST_TOLD])
    if left > 0:
        more = f"{left} further item{'' if left == 1 else 's'}"
        open_.append(f"{service.protocol}/{service.port} tells {more} without a login; see {file}")
    return list(telling)[:_MOST_TOLD]


def key_entries(seen: Seen, files: Mapping[tuple[str, int], str], evidence: str) -> list[DraftEntry]:
    """10-SecParam: the private keys behind the certificates and host keys that were shown, each once."""
    entries: dict[str, DraftEntry] = {}
    for (_, protocol, port), tls in seen.tls.items():
        for one in tls.certificates:
            words = certificate_words(tls)
            _key(
                entries,
                one.spki_sha256 or one.sha256,
                f"TLS-{port}",
                files.get((protocol, port), evidence),
                words,
            )
    for (_, protocol, port), ssh in seen.ssh.items():
        if ssh.shown_key_sha256:
            words = f"Host key of type {shortened(ssh.shown_key, 60)}, SHA-256 {ssh.shown_key_sha256}."
            _key(entries, ssh.shown_key_sha256, f"SSH-{port}", files.get((protocol, port), evidence), words)
    return list(entries.values())[:_MOST]


def _key(entries: dict[str, DraftEntry], key: str, name: str, file: str, words: str) -> None:
    number = 1 + sum(entry.id.startswith(f"SecParam-{name}") for entry in entries.values())
    fields = {"Description": f"Private key by which the device shows who it is. {words}", "Type": "critical"}
    further = f"-{number}" if number > 1 else ""
    entries.setdefault(key, DraftEntry("sec_param", f"SecParam-{name}{further}", file, fields=fields))


def outgoing_entries(capture: CaptureObservation, file: str, open_: list[str]) -> list[DraftEntry]:
    """11-ComMech: an entry for each peer that the device is seen to call in captured traffic."""
    called: dict[tuple[str, str, int], list[Flow]] = {}
    for flow in capture.outgoing:
        if flow.server_port and flow.transport in ("tcp", "udp") and flow.server not in capture.hosts:
            names = capture.called(flow.server)
            peer = flow.server_name or (names[0] if names else flow.server)
            called.setdefault((peer, flow.transport, flow.server_port), []).append(flow)
    if len(called) > _MOST:
        open_.append(f"the device calls {len(called)} peers, of which {_MOST} are drafted; see {file}")
    entries = []
    for (peer, transport, port), flows in list(called.items())[:_MOST]:
        protections = ", ".join(sorted({flow.protection for flow in flows}))
        spoken = next((flow.protocol for flow in flows if flow.protocol), transport)
        written = f"[{peer}]" if ":" in peer else peer
        facts: dict[str, Any] = {
            "direction": "outgoing",
            "peers": [shortened(f"{written}:{port}", 200)],
            "protocol": shortened(spoken, 40),
        }
        if tls := _offered(capture, flows):
            facts["tls"] = tls
        offers = "; ".join(f"{name} {', '.join(values)}" for name, values in tls.items())
        fields = {
            "Description": f"The device calls {shortened(peer, 120)} at {transport}/{port} ({shortened(spoken, 40)}), "
            f"as seen in the captured traffic {shortened(capture.file, 80)}.",
            "Cryptographic Details": shortened(
                f"As seen: {protections}{'; the device offers ' if offers else ''}{offers}.", 1500
            ),
        }
        label = re.sub(r"[^A-Za-z0-9.]+", "-", peer).strip("-.")[:60] or "peer"
        entries.append(
            DraftEntry("com_mech", f"ComMech-{label}-{port}-{transport}", file, fields=fields, facts=facts)
        )
    return entries


def _offered(capture: CaptureObservation, flows: list[Flow]) -> dict[str, list[str]]:
    """What the device offers as a client of TLS, in claims of `TlsFacts`; nothing where no hello says all of it."""
    ends = {(flow.client, flow.server, flow.server_port) for flow in flows}
    hellos = [one.hello for one in capture.client_hellos if (one.client, one.server, one.server_port) in ends]
    if not hellos or not all(hello.stated_versions for hello in hellos):
        return {}
    versions = dict.fromkeys(
        version for hello in hellos for version in hello.versions if version in TLS_VERSIONS
    )
    suites = dict.fromkeys(suite for hello in hellos for suite in hello.suites)
    groups = dict.fromkeys(group for hello in hellos for group in hello.groups)
    made = {"versions": list(versions), "cipher_suites": list(suites)[:_MOST], "groups": list(groups)[:_MOST]}
    return {name: values for name, values in made.items() if values}
