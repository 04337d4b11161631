"""Recordings while something is done to the device: what keeps one from being whole, by recorders that are made up."""

from __future__ import annotations

import errno
import queue
import struct
from pathlib import Path

import pytest
from bench_world import device_of

from pytest_etsi.dut.observe import capture
from pytest_etsi.verdict import Cause, Inconclusive

HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 101)
PACKET = struct.pack("<IIII", 1, 0, 20, 20) + b"\x45" + b"\0" * 19
RECORDER = {"kind": "dumpcap", "interface": "lan"}


class Recorder:
    """Gives these pieces, and then nothing until it is stopped, or its end."""

    def __init__(self, *pieces, ends=False, lost=()):
        self.stream, self.lost = self, lost
        self._pieces = queue.SimpleQueue()
        for piece in pieces:
            self._pieces.put(piece)
        if ends:
            self._pieces.put(b"")

    def read1(self, _size):
        return self._pieces.get(timeout=5)

    def stop(self):
        self._pieces.put(b"")
        return self.lost

    def close(self):
        pass

    def complaint(self):
        return "it says nothing"


@pytest.fixture
def dut(tmp_path):
    return device_of(tmp_path, {"network": {"hosts": ["192.0.2.7"], "capture": RECORDER}})


@pytest.fixture
def recorded(dut, monkeypatch):
    """What comes of a recorder."""

    def record(recorder, *, waits=False):
        monkeypatch.setattr(capture, "_Program", lambda _: recorder)
        with capture.live_capture(dut, "talk") as recording:
            if waits:
                recording.wait(5)
            return recording.end()

    return record


@pytest.mark.parametrize(
    "pieces",
    [(HEADER,), (HEADER[:23], HEADER[23:]), (HEADER + PACKET,), (HEADER + PACKET, PACKET[:9])],
    ids=["nothing was said", "in pieces", "a packet", "stopped within a packet"],
)
def test_a_recording_that_ran_until_it_was_stopped_is_whole(recorded, pieces):
    seen = recorded(Recorder(*pieces))

    assert (seen.missing, seen.complete) == ((), True)


def test_a_recording_that_ended_before_may_have_missed_something(recorded):
    seen = recorded(Recorder(HEADER + PACKET, ends=True), waits=True)

    assert (seen.missing, seen.complete) == (("the recording ended by itself",), False)


@pytest.mark.parametrize(("limit", "missing"), [(40, True), (60, False)])
def test_a_recording_that_grows_too_large_is_stopped_and_not_whole(recorded, monkeypatch, limit, missing):
    monkeypatch.setattr(capture, "_LARGEST", limit)
    seen = recorded(Recorder(HEADER, PACKET, *([] if not missing else [PACKET])), waits=missing)

    assert seen.missing == ((f"the recording was stopped at {limit} bytes",) if missing else ())
    assert seen.complete is not missing


def test_packets_that_the_recorder_has_lost_are_missing(recorded):
    seen = recorded(Recorder(HEADER, lost=("the recorder has lost 3 packets",)))

    assert (seen.missing, seen.complete) == (("the recorder has lost 3 packets",), False)


class _Full(type(Path())):
    """A file on a disk that has room for the header of a capture alone."""

    def open(self, *given, **how):
        file = super().open(*given, **how)
        if given != ("wb",):
            return file
        write = file.write

        class Full:
            def __enter__(self):
                return self

            def __exit__(self, *_):
                file.close()

            def write(self, data):
                if file.tell():
                    raise OSError(errno.ENOSPC, "no space left")
                write(data)

        return Full()


def test_a_recording_on_a_full_disk_is_not_whole(dut, tmp_path):
    recording = capture.LiveCapture(Recorder(HEADER, PACKET), _Full(tmp_path, "talk.pcap"), dut)
    recording.wait(5)

    assert recording.end().missing == ("the recording ended by itself",)


@pytest.mark.parametrize(
    "recorder",
    [Recorder(HEADER[:23], ends=True), Recorder(ends=True), Recorder()],
    ids=["less than a header", "nothing", "silence"],
)
def test_a_recorder_that_gives_nothing_is_the_benchs_fault(recorded, monkeypatch, recorder):
    monkeypatch.setattr(capture, "_BEGINS_WITHIN_S", 0.05)
    with pytest.raises(Inconclusive, match="it says nothing") as raised:
        recorded(recorder)

    assert raised.value.cause == Cause.BENCH


@pytest.mark.parametrize(("lost", "missing"), [(3, ("the recorder has lost 3 packets",)), (0, ())])
def test_what_a_program_says_of_lost_packets_is_read(dut, monkeypatch, tmp_path, lost, missing):
    (tmp_path / "header").write_bytes(HEADER)
    command = f"echo {lost} packets dropped by kernel >&2; cat {tmp_path / 'header'}; exec sleep 5"
    monkeypatch.setattr(capture, "_command", lambda _: ["sh", "-c", command])
    with capture.live_capture(dut, "talk") as recording:
        seen = recording.end()

    assert seen.missing == missing


def test_a_program_that_cannot_be_started_is_the_benchs_fault(dut, monkeypatch):
    monkeypatch.setattr(capture, "_command", lambda _: ["/nowhere/dumpcap"])
    with (
        pytest.raises(Inconclusive, match="/nowhere/dumpcap cannot be started") as raised,
        capture.live_capture(dut, "talk"),
    ):
        pass

    assert raised.value.cause == Cause.BENCH


@pytest.mark.parametrize(
    ("hosts", "cause", "words"),
    [
        ([], Cause.ACCESS, "on a host that the profile does not name"),
        (["192.0.2.9"], Cause.ACCESS, "on a host that the profile does not name"),
        (["127.0.0.1"], Cause.BENCH, "cannot be read: ConnectError"),
        (["127.0.0.1:9"], Cause.BENCH, "cannot be read: ConnectError"),
    ],
)
@pytest.mark.parametrize("network", [None, {"hosts": ["192.0.2.7"]}])
def test_a_gateway_is_asked_for_its_capture_only_where_the_profile_names_it(
    tmp_path, network, hosts, cause, words
):
    uplink = {"capture": "http://127.0.0.1:9/talk.pcap"}
    dut = device_of(tmp_path, {"network": network, "uplink": uplink, "bench_hosts": hosts})
    with pytest.raises(Inconclusive, match=words) as raised, capture.live_capture(dut, "talk"):
        pass

    assert raised.value.cause == cause


def test_without_recorder_and_gateway_nothing_is_recorded(tmp_path):
    dut = device_of(tmp_path, {"network": None, "uplink": {}})
    with pytest.raises(Inconclusive, match="does not say how") as raised, capture.live_capture(dut, "talk"):
        pass

    assert raised.value.cause == Cause.ACCESS


def test_of_a_named_capture_everything_is_kept_that_says_what_it_shows_and_what_it_lacks(tmp_path):
    (tmp_path / "a.pcap").write_bytes(HEADER + PACKET[:9])
    dut = device_of(tmp_path, {"captures": [{"file": "a.pcap"}]})
    ((_, seen),) = capture.named_captures(dut)
    kept = capture.in_short(dut, seen)

    assert kept["missing"] == list(seen.missing) != []
    assert set(kept) == {
        *("file", "sha256", "packets", "first_s", "last_s", "hosts", "missing", "unread"),
        *("canaries", "canary_hits", "attempts", "flows"),
    }
