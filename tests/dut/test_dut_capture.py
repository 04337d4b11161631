"""Recording the device's traffic with real recorders, and captures that a profile names."""

from __future__ import annotations

import json
import os
import shutil
import struct
import tempfile
from pathlib import Path
from typing import Any

import pytest
from daemons import missing, program
from forks import run_forked
from namespaces import namespace

from pytest_etsi.dut import Dut
from pytest_etsi.evidence import EvidenceStore
from pytest_etsi.profile import ProfileError, load_profile
from pytest_etsi.redaction import Redactor
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Cause, Inconclusive

HERE = Path(__file__).parent
PCAP = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 101)


def _record(kind: str, path: str | None = None) -> dict[str, Any]:
    if os.geteuid():
        missing("a network namespace needs root")
    if path is None:
        program("dumpcap" if kind.startswith("dumpcap") else "tcpdump")
    arguments = [str(HERE / "recording_device.py"), kind]
    environment = {**os.environ, "PATH": path or os.environ["PATH"]}
    with namespace() as net, tempfile.TemporaryFile() as errors:
        status, said = run_forked(
            "script", arguments, environment=environment, timeout=60, network=net.file, errors=errors
        )
        errors.seek(0)
        assert status == 0, errors.read().decode(errors="replace")
    return dict(json.loads(said))


@pytest.mark.parametrize("kind", ["dumpcap", "tcpdump", "ssh"])
def test_what_happens_meanwhile_is_recorded(kind: str, tmp_path: Path) -> None:
    # In the place of ssh: a program that does here what it is asked to do there.
    ssh = tmp_path / "ssh"
    ssh.write_text(
        '#!/bin/sh\n[ "$1 $2 $3 $4" = "-o BatchMode=yes -T ap.example" ] || exit 9\nexec sh -c "exec $5"\n'
    )
    ssh.chmod(0o755)

    seen = _record(kind, f"{tmp_path}:{os.environ['PATH']}")

    assert seen["requests"] == ["GET /time"]
    assert len(seen["flows"]) == 1
    assert seen["missing"] == []
    assert seen["evidence"] == ["capture-talk", "talk"]
    assert seen["magic"] in {"d4c3b2a1", "0a0d0d0a"}


@pytest.mark.parametrize("kind", ["dumpcap-nowhere", "tcpdump-nowhere"])
def test_an_interface_that_is_not_there_is_the_benchs_fault(kind: str) -> None:
    told = _record(kind)

    assert told["cause"] == "bench"
    assert "nowhere0" in told["reason"]


def test_a_recorder_that_is_not_installed_is_named(tmp_path: Path) -> None:
    for name in ("ip", "unshare"):
        (tmp_path / name).symlink_to(shutil.which(name, path=f"{os.environ['PATH']}:/sbin:/usr/sbin") or name)

    told = _record("dumpcap", str(tmp_path))

    assert told["cause"] == "bench"
    assert "dumpcap cannot be started" in told["reason"]


def _profile(directory: Path, access: str) -> Path:
    path = directory / "lamp.yaml"
    empty = json.dumps({table.id: {} if table.single else [] for table in edition("1.1.1").tables})
    path.write_text(
        "format: 1\nname: lamp\nedition: '1.1.1'\n"
        "dut: {manufacturer: E, model: L, hardware: A, software: '1'}\nics: {}\n"
        f"ixit: {empty}\naccess:\n{access}",
        encoding="utf-8",
    )
    return path


def test_without_a_recorder_the_profile_is_asked_for_one(tmp_path: Path) -> None:
    dut = Dut(load_profile(_profile(tmp_path, "  network: {hosts: [127.0.0.1]}\n")))

    with pytest.raises(Inconclusive, match="does not say how") as told, dut.capture("x"):
        pass
    assert told.value.cause == Cause.ACCESS


def test_captures_that_the_profile_names_are_read_by_occasion(tmp_path: Path) -> None:
    for name in ("a.pcap", "b.pcap"):
        (tmp_path / name).write_bytes(PCAP)
    access = (
        "  network: {hosts: [127.0.0.1]}\n"
        "  captures:\n    - file: a.pcap\n    - {file: b.pcap, during: failed-boot, hosts: [192.0.2.7]}\n"
    )
    dut = Dut(load_profile(_profile(tmp_path, access)))

    assert [one.file for one in dut.captures()] == ["a.pcap", "b.pcap"]
    (seen,) = dut.captures("failed-boot")
    assert (seen.file, seen.hosts, seen.complete) == ("b.pcap", ("192.0.2.7",), True)
    assert [name for name, _ in dut.recorder.drain()] == [
        "capture-a.pcap",
        "capture-b.pcap",
        "capture-b.pcap",
    ]


def test_a_named_file_that_is_no_capture_is_the_benchs_fault(tmp_path: Path) -> None:
    (tmp_path / "a.pcap").write_text("no capture", encoding="ascii")
    dut = Dut(load_profile(_profile(tmp_path, "  captures: [{file: a.pcap}]\n")))

    with pytest.raises(Inconclusive, match="expected a pcap or pcapng") as told:
        dut.captures()
    assert told.value.cause == Cause.BENCH


@pytest.mark.parametrize(
    ("access", "told"),
    [
        ("  captures: [{file: gone.pcap}]\n", "gone.pcap"),
        ("  network: {hosts: [a], capture: {kind: ssh, interface: eth0}}\n", "expected host with kind ssh"),
        (
            "  network: {hosts: [a], capture: {kind: tcpdump, interface: eth0, host: b}}\n",
            "expected host with kind ssh",
        ),
        (
            "  network: {hosts: [a], capture: {kind: ssh, interface: eth0, host: '-oProxyCommand=x'}}\n",
            "dash",
        ),
        ("  network: {hosts: [a], capture: {kind: tshark, interface: eth0}}\n", "tcpdump"),
    ],
)
def test_mistakes_in_the_profile_are_named(tmp_path: Path, access: str, told: str) -> None:
    with pytest.raises(ProfileError, match=told):
        load_profile(_profile(tmp_path, access))


def test_secrets_in_a_capture_are_masked_without_damage_to_it(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path, Redactor(["Gru3n&Blau/7"]))
    content = PCAP + b"...Gru3n&Blau/7...R3J1M24mQmxhdS83..."

    item = store.add("here", "talk", content)

    kept = (tmp_path / item.file).read_bytes()
    assert item.file.endswith(".pcap")
    assert len(kept) == len(content)
    assert b"Gru3n" not in kept
    assert b"R3J1M24" not in kept
