"""A survey from its beginning to the documents: who is asked, what was seen, and what is written of it."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_etsi import clock
from pytest_etsi.dut.device import Dut
from pytest_etsi.dut.survey.entries import (
    channel_entries,
    interface_entries,
    key_entries,
    outgoing_entries,
    seen_hosts,
    service_entries,
)
from pytest_etsi.dut.survey.logins import Login, login_entries
from pytest_etsi.dut.survey.look import ASKING_S, Kept, Seen, look
from pytest_etsi.evidence import EvidenceScope, EvidenceStore
from pytest_etsi.probes.capture import NotACaptureError
from pytest_etsi.profile import load_profile
from pytest_etsi.profile.drafting import Draft, shortened
from pytest_etsi.profile.skeleton import Answers, skeleton
from pytest_etsi.redaction import Redactor
from pytest_etsi.scratch import Scratch
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Login", "Surveyed", "UnreachableError", "UnusableCaptureError", "announced", "survey"]

_FOLDER = "survey"
_LIST = f"{_FOLDER}/SHA256SUMS"
_SECRETS = "secrets.yaml"
_NO_CAPTURE = "no captured traffic was given, so that it was not seen whom the device calls"


class UnreachableError(Exception):
    """The device gave no answer at any of its addresses."""


class UnusableCaptureError(Exception):
    """A file of captured traffic cannot be read."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a survey gives.

    Attributes:
        files: the documents and the evidence, by their path relative to the profile's directory.
        entries: number of drafted entries.
        questions: that the device was asked, as far as they are counted.
        open: what was not, or not completely, seen, one sentence each.
        lacking: the file of secrets that has to be written before the profile can be loaded; "": none.
    """

    files: dict[str, bytes]
    entries: int
    questions: int
    open: tuple[str, ...]
    lacking: str = ""


def announced(ports: str = "all") -> str:
    """How much the device is going to be asked, in a sentence.

    Args:
        ports: which are asked, as of `access.network`.
    """
    from pytest_etsi.probes.http.visits import MOST_REQUESTS
    from pytest_etsi.probes.services import MOST_QUESTIONS

    asked = "65,535 TCP ports" if ports == "all" else f"the TCP ports {ports}"
    pages = sum(MOST_REQUESTS.values())
    return (
        f"asks {asked} and the usual UDP ports once or twice, each open port at most {MOST_QUESTIONS} questions, each "
        f"web server at most {pages} pages, and each TLS or SSH server for its settings; sends no password, "
        "changes nothing"
    )


def survey(
    answers: Answers,
    target: Path,
    *,
    captures: Iterable[Path] = (),
    logins: Iterable[Login] = (),
    only_ports: str = "all",
    secrets: Iterable[str] = (),
    progress: Callable[[str], None] = lambda _: None,
    asking_s: float = ASKING_S,
) -> Surveyed:
    """Look at a device, and draft its documents.

    Args:
        answers: what is known of it; its address has to be.
        target: directory in which the documents will be.
        captures: files of captured traffic of the device.
        logins: credentials, as placeholders.
        only_ports: the ports that are asked: a quick look at some of them stays an open point.
        secrets: values that must not be kept: what the placeholders stand for.
        progress: told in a few words what takes long; with nothing when it is done.
        asking_s: seconds after which no further endpoint is asked for its settings.

    Raises:
        UnreachableError: no address of the device gave any answer.
        UnusableCaptureError: a capture cannot be read.
    """
    files = tuple(path.resolve() for path in captures)
    with Scratch("survey") as scratch:
        kept = Kept(EvidenceScope(EvidenceStore(scratch.path, Redactor(secrets)), _FOLDER))
        seen = _look(answers, scratch.path, kept, files, only_ports, progress, asking_s)
        found = {item.file: (scratch.path / item.file).read_bytes() for item in kept.scope.items}
    open_: list[str] = []
    made = _draft(answers, seen, kept, tuple(logins), open_)
    needed = any("${secret:" in login.password for login in logins)
    answers = replace(
        answers,
        captures=tuple(_named(path, target) for path in files),
        secrets=_SECRETS if needed else "",
    )
    documents = {name: text.encode() for name, text in skeleton(answers, made).items()}
    sums = "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name.rpartition('/')[2]}\n" for name, data in found.items()
    )
    return Surveyed(
        {**documents, **found, _LIST: sums.encode()},
        len(made.entries),
        seen.questions,
        tuple(dict.fromkeys((*seen.gaps, *open_))),
        _SECRETS if needed and not (target / _SECRETS).exists() else "",
    )


def _look(
    answers: Answers,
    place: Path,
    kept: Kept,
    captures: tuple[Path, ...],
    only_ports: str,
    progress: Callable[[str], None],
    asking_s: float,
) -> Seen:
    """What is seen of the device by a profile that permits nothing."""
    why = "" if only_ports == "all" else f"the survey was told to ask {only_ports}"
    begun = replace(answers, ports=only_ports, ports_because=why, captures=tuple(map(str, captures)))
    for name, text in skeleton(begun).items():
        (place / "profile" / name).parent.mkdir(parents=True, exist_ok=True)
        (place / "profile" / name).write_text(text, encoding="utf-8")
    dut = Dut(load_profile(place / "profile"), permissions=(), progress=progress)
    dut.attach(kept)
    try:
        seen = look(dut, progress=progress, asking_s=asking_s)
    except (Inconclusive, NotACaptureError) as error:
        raise UnusableCaptureError(str(getattr(error, "reason", error))) from None
    finally:
        progress("")
        dut.close()
    if len(seen.search.silent) == len(seen.search.scans) and not any(
        scan.answers for scan in seen.search.udp_scans
    ):
        raise UnreachableError(
            f"no answer at all from {', '.join(seen.search.silent) or answers.host}: "
            + "; ".join(dict.fromkeys(scan.error for scan in seen.search.scans if scan.error))
        )
    return seen


def _draft(answers: Answers, seen: Seen, kept: Kept, logins: tuple[Login, ...], open_: list[str]) -> Draft:
    services, told = kept.file("services"), kept.file("disclosed")
    files = {
        (protocol, port): kept.file(f"{'dtls' if protocol == 'udp' else 'tls'}-{port}")
        for _, protocol, port in seen.tls
    } | {(protocol, port): kept.file(f"ssh-{port}") for _, protocol, port in seen.ssh}
    by_port = {port: file for (protocol, port), file in files.items() if protocol == "tcp"}
    of_logins: list[str] = []
    auth, ids = login_entries(seen, services, by_port, by_port, logins, of_logins)
    of_interfaces: list[str] = []
    interfaces = interface_entries(
        seen, services, told or services, edition=answers.edition, open_=of_interfaces
    )
    of_channels: list[str] = [] if seen.captures else [_NO_CAPTURE]
    outgoing = [
        entry
        for one in seen.captures
        for entry in outgoing_entries(one, kept.file(f"capture-{one.file}"), of_channels)
    ]
    searched = dict.fromkeys(("auth_mech", "com_mech", "soft_serv", "intf", "sec_param"), services)
    if answers.edition != "1.1.1":
        searched["ext_api"] = services
    by_table = {
        "": tuple(shortened(gap) for gap in seen.gaps),
        "auth_mech": (
            *of_logins,
            "logins that only show in the device's manual, at its buttons or on its console",
        ),
        "com_mech": tuple(of_channels),
        "intf": (*of_interfaces, "radios, connectors and debug interfaces of the casing"),
        "ext_api": tuple(of_interfaces),
        "sec_param": ("parameters that the device shows to nobody: passwords, tokens, keys for updates",),
        "soft_serv": ("services in factory default, and services that answer only to those whom they know",),
    }
    open_ += [*of_logins, *of_interfaces, *of_channels]
    return Draft(
        day.date().isoformat() if (day := clock.now()) is not None else "a day that the clock does not tell",
        f"{', '.join(seen_hosts(seen))}; evidence in {_FOLDER}/, with its hashes in {_LIST}",
        (
            *auth,
            *service_entries(seen, services, ids),
            *channel_entries(seen, services, files),
            *outgoing,
            *interfaces,
            *key_entries(seen, files, services),
        ),
        searched,
        by_table,
    )


def _named(path: Path, target: Path) -> str:
    """A file as the profile names it: from its own directory on."""
    return Path(os.path.relpath(path, target.resolve())).as_posix()
