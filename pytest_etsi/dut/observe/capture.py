"""Captured traffic of the device: files that the profile names, and recording while something is done to it."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shlex
import socket
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from pytest_etsi import bounds
from pytest_etsi.dut.reach.handing_over import fill_in, let_out
from pytest_etsi.probes.capture import CaptureObservation, NotACaptureError, read_capture
from pytest_etsi.scratch import Scratch
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.access import LiveCaptureAccess

__all__ = ["LiveCapture", "addresses", "canaries", "in_short", "live_capture", "named_captures"]

_LARGEST = bounds.LIVE_CAPTURE.most
"""Bytes that are recorded at most; evidence takes as much as one item."""
_BEGINS_WITHIN_S = 10.0
_ENDS_WITHIN_S = 5.0
_CHUNK = 65_536
_SAID = 20_000
"""Bytes that are read of what a recorder says."""
_HEADER = 24
"""Bytes of the header of a pcap file, which a recorder writes when it has opened its interface."""
_MOST_FLOWS = 1000


class _Source(Protocol):
    """Something that gives a capture as a stream of bytes."""

    stream: IO[bytes]

    def stop(self) -> tuple[str, ...]:
        """End it; gives what is missing, one sentence each."""

    def complaint(self) -> str:
        """Why it has given nothing."""


class _Program:
    """dumpcap or tcpdump, here or by ssh."""

    def __init__(self, access: LiveCaptureAccess) -> None:
        self._command = _command(access)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the recorder ends
        try:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._errors
            )
        except OSError as error:
            self._errors.close()
            inconclusive(
                f"{self._command[0]} cannot be started: {error.strerror or error}",
                cause=Cause.BENCH,
                settle=f"install {self._command[0]}, or describe another recorder under access.network.capture",
            )
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        self.stream: IO[bytes] = self._process.stdout

    def stop(self) -> tuple[str, ...]:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        lost = re.search(r"(\d+) packets? dropped by kernel", self._said())
        self._errors.close()
        if lost and int(lost[1]):
            return (f"the recorder has lost {lost[1]} packets",)
        return ()

    def complaint(self) -> str:
        lines = [line for line in self._said().splitlines() if line.strip()]
        return f"{shlex.join(self._command)} records nothing: {lines[-1] if lines else 'it says nothing'}"

    def _said(self) -> str:
        self._errors.seek(0)
        return self._errors.read(_SAID).decode("utf-8", "replace")


def _command(access: LiveCaptureAccess) -> list[str]:
    """The argument list of the recorder, which writes to its standard output."""
    if access.kind == "dumpcap":
        chosen = ["-f", access.filter] if access.filter else []
        return ["dumpcap", "-q", "-i", access.interface, *chosen, "-w", "-"]
    tcpdump = ["tcpdump", "-i", access.interface, "-n", "-U", "-s", "0", "-w", "-"]
    tcpdump += [access.filter] if access.filter else []
    if access.kind == "tcpdump":
        return tcpdump
    return ["ssh", "-o", "BatchMode=yes", "-T", access.host or "", shlex.join(tcpdump)]


class _Download:
    """A capture that a gateway gives by HTTP and that grows while it is read."""

    def __init__(self, dut: Core) -> None:
        import httpx

        uplink = dut.uplink.access
        self._url = uplink.capture or ""
        parts = urlsplit(self._url)
        if not {parts.netloc, parts.hostname} & set(dut.profile.access.bench_hosts):
            inconclusive(
                f"the gateway's capture {self._url} is on a host that the profile does not name",
                cause=Cause.ACCESS,
                settle=f"add {parts.netloc} to access.bench_hosts",
            )
        # The stream lasts as long as the recording, and is silent while the device is.
        self._client = httpx.Client(trust_env=False, timeout=httpx.Timeout(10.0, read=None), verify=False)  # noqa: S501
        request = self._client.build_request("GET", self._url, headers=fill_in(uplink.capture_headers, {}))
        try:
            self._answer = self._client.send(request, stream=True)
            self._answer.raise_for_status()
        except httpx.HTTPError as error:
            self._client.close()
            inconclusive(
                f"the gateway's capture {self._url} cannot be read: {type(error).__name__}",
                cause=Cause.BENCH,
                settle="correct access.uplink.capture and capture_headers",
            )
        self.stream: IO[bytes] = _Chunks(self._answer.iter_raw())  # type: ignore[assignment]

    def stop(self) -> tuple[str, ...]:
        with contextlib.suppress(Exception):
            self._answer.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        self._client.close()
        return ()

    def complaint(self) -> str:
        return f"the gateway's capture {self._url} gives nothing (status {self._answer.status_code})"


class _Chunks:
    """An iterator of bytes that can be read like a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def read1(self, _size: int = -1) -> bytes:
        try:
            return next(self._chunks, b"")
        except Exception:  # noqa: BLE001 - the connection has ended, as it does when the recording is stopped
            return b""

    def close(self) -> None:
        """Nothing is to be closed here: the connection is its client's."""


class LiveCapture:
    """A recording that runs.

    Attributes:
        path: file with what was recorded until now.
    """

    def __init__(self, source: _Source, path: Path, dut: Core) -> None:
        self._source = source
        self.path = path
        self._dut = dut
        self._full = False
        self._begun = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True, name="capture")
        self._thread.start()

    def _read(self) -> None:
        written = 0
        # Whatever ends it, such as a full disk: what was not asked to end has not recorded everything.
        source = self._source.stream
        with (
            contextlib.suppress(OSError),
            contextlib.closing(source),
            self.path.open("wb", buffering=0) as file,
        ):
            while chunk := source.read1(_CHUNK):  # type: ignore[attr-defined]
                if written + len(chunk) > _LARGEST:
                    self._full = True
                    break
                file.write(chunk)
                written += len(chunk)
                if written >= _HEADER:
                    self._begun.set()
        self._over.set()
        self._begun.set()

    def wait_until_it_records(self) -> None:
        """Wait for the header, which comes when the recorder has opened its interface.

        Raises:
            Inconclusive: it does not come (``bench``).
        """
        if not self._begun.wait(_BEGINS_WITHIN_S) or self.path.stat().st_size < _HEADER:
            inconclusive(
                self._source.complaint(),
                cause=Cause.BENCH,
                settle="give this account the right to capture there (dumpcap: group wireshark; tcpdump: root), "
                "or name a capture under access.captures",
            )

    def look(self) -> CaptureObservation:
        """What the recording shows until now; its last packet may not be whole yet.

        Raises:
            NotACaptureError: it is no capture.
        """
        return read_capture(self.path, hosts=addresses(self._dut))

    def wait(self, seconds: float) -> None:
        """Let time pass, in seconds, or until the recording has ended by itself."""
        self._over.wait(seconds)

    def end(self) -> CaptureObservation:
        """Stop, keep file and observation as evidence, and give what was seen.

        Raises:
            Inconclusive: what was recorded is no capture (``bench``).
        """
        ended_before = self._over.is_set() and not self._full
        missing = list(self._source.stop())
        self._thread.join(_ENDS_WITHIN_S)
        if self._full:
            missing.append(f"the recording was stopped at {_LARGEST} bytes")
        if ended_before:
            missing.append("the recording ended by itself")
        seen = _read(self._dut, self.path, addresses(self._dut))
        # Where a recording is stopped, a packet may be on its way into the file.
        missing = [one for one in seen.missing if "ends within a" not in one] + missing
        seen = replace(seen, missing=tuple(missing), complete=not missing)
        self._dut.recorder.observed(f"capture-{self.path.stem}", seen)
        self._dut.recorder.observed(self.path.stem, self.path.read_bytes())
        return seen


@contextmanager
def live_capture(dut: Core, name: str) -> Iterator[LiveCapture]:
    """Record the device's traffic until the end of the block.

    The profile's recorder (``access.network.capture``) is used, or else the gateway's capture (``access.uplink``). Call
    `LiveCapture.end` within the block for what was seen.

    Args:
        dut: the device.
        name: part of the file's name.

    Raises:
        Inconclusive: the profile describes neither (``access``), or it does not work (``bench``).
    """
    network, uplink = dut.profile.access.network, dut.profile.access.uplink
    with Scratch("capture") as scratch:
        source: _Source
        if network is not None and network.capture is not None:
            source = _Program(network.capture)
        elif uplink is not None and uplink.capture is not None:
            source = _Download(dut)
        else:
            inconclusive(
                "the profile does not say how the device's traffic is recorded",
                cause=Cause.ACCESS,
                settle="describe a recorder under access.network.capture or access.uplink.capture",
            )
        recording = LiveCapture(source, scratch.path / f"{name}.pcap", dut)
        try:
            recording.wait_until_it_records()
            yield recording
        finally:
            with contextlib.suppress(ValueError):  # it may have been stopped already
                source.stop()


def named_captures(dut: Core) -> tuple[tuple[str, CaptureObservation], ...]:
    """What the captures show that the profile names, each with what the device did meanwhile.

    Raises:
        Inconclusive: one of them is no capture (``bench``).
    """
    return tuple(
        (one.during, _read(dut, one.file, _resolved(one.hosts) or addresses(dut)))
        for one in dut.profile.access.captures
    )


def in_short(dut: Core, seen: CaptureObservation) -> dict[str, Any]:
    """What is kept as evidence of a capture that the profile names, beside the file that the laboratory has."""
    (file,) = (one.file for one in dut.profile.access.captures if one.file.name == seen.file)
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    told = seen.to_json()
    parts = (
        "packets",
        "first_s",
        "last_s",
        "hosts",
        "missing",
        "unread",
        "canaries",
        "canary_hits",
        "attempts",
    )
    flows = list(dict.fromkeys(str(flow) for flow in seen.of_device))
    return {
        "file": seen.file,
        "sha256": digest,
        **{name: told[name] for name in parts},
        "flows": flows[:_MOST_FLOWS],
    }


def _read(dut: Core, path: Path, hosts: tuple[str, ...]) -> CaptureObservation:
    try:
        return read_capture(path, hosts=hosts, canaries=canaries(dut))
    except (OSError, NotACaptureError) as error:
        inconclusive(
            f"{path.name}: {error}", cause=Cause.BENCH, settle="name or record a capture that can be read"
        )


def addresses(dut: Core) -> tuple[str, ...]:
    """The addresses of the device that the profile names, resolved."""
    network = dut.profile.access.network
    return _resolved(network.hosts) if network is not None else ()


def _resolved(hosts: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for host in hosts:
        try:
            found += [str(one[4][0]).partition("%")[0] for one in socket.getaddrinfo(host, None)]
        except OSError:
            found.append(host)
    return tuple(dict.fromkeys(found))


def canaries(dut: Core) -> dict[str, str]:
    """The known values that the profile marks, by table and entry: 10-SecParam/SecParam-Password."""
    ixit = dut.profile.ixit
    return {
        f"{entry.table}/{entry.id}": let_out(entry.access.canary)
        for table in (ixit.sec_param, ixit.pers_data)
        for entry in table
        if entry.access.canary
    }
