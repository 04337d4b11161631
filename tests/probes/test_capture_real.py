"""What is read from a capture of real clients is what tshark reads from it."""

from __future__ import annotations

import os
import random
import struct
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from capture_files import pcap, tshark
from daemons import missing, program
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_etsi.probes.capture import CaptureObservation, NotACaptureError, read_capture

HERE = Path(__file__).parent
SECRETS = {"password": "Gru3n&Blau/7", "unused": "Rot-und-Gelb"}


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for name in ("dumpcap", "unshare", "mosquitto_pub", "coap-client-notls", "curl", "openssl"):
        program(name)
    if os.geteuid():
        missing("a network namespace needs root")
    directory = tmp_path_factory.mktemp("talk")
    environment = {**os.environ, "PYTHONPATH": f"{HERE}:{HERE.parent}"}
    subprocess.run(
        ["unshare", "-n", sys.executable, HERE / "talking_clients.py", directory],
        check=True, timeout=60, env=environment,
    )  # fmt: skip
    return directory / "talk.pcapng"


@pytest.fixture(scope="module")
def seen(talk: Path) -> CaptureObservation:
    return read_capture(talk, hosts=["127.0.0.1"], canaries=SECRETS)


def test_the_capture_is_read_whole(seen: CaptureObservation, talk: Path) -> None:
    assert seen.complete, seen.missing
    assert seen.packets == len(tshark(talk, "frame", "frame.number"))
    assert seen.first_s == pytest.approx(
        float(tshark(talk, "frame.number == 1", "frame.time_epoch")[0][0]), abs=1e-5
    )


def test_flows_are_those_of_tshark(seen: CaptureObservation, talk: Path) -> None:
    streams = {tuple(row) for row in tshark(talk, "tcp", "tcp.stream")}
    assert sum(flow.transport == "tcp" for flow in seen.flows) == len(streams)

    packets: Counter[tuple[str, str, str]] = Counter()
    octets: Counter[tuple[str, str, str]] = Counter()
    for transport in ("tcp", "udp"):
        ports = f"{transport}.srcport", f"{transport}.dstport"
        for source, destination, length in tshark(talk, f"!icmp && {transport}", *ports, "ip.len"):
            packets[transport, source, destination] += 1
            octets[transport, source, destination] += int(length)
    for flow in seen.flows:
        if flow.transport == "icmp":
            continue
        client, server = str(flow.client_port), str(flow.server_port)
        there, back = (flow.transport, client, server), (flow.transport, server, client)
        assert flow.packets[0] == packets[there], str(flow)
        assert sum(flow.octets) == octets[there] + octets[back], str(flow)


def test_client_hellos_are_those_of_tshark(seen: CaptureObservation, talk: Path) -> None:
    rows = tshark(
        talk, "tls.handshake.type == 1 && tcp", "tls.handshake.extensions_server_name", "tls.handshake.cipher_suites_length",
        "tls.handshake.extensions_alpn_str", "tcp.srcport", "tls.handshake.extensions.supported_version",
        decode=["tcp.port==8443,tls"],
    )  # fmt: skip
    ours = [one for one in seen.client_hellos if one.carrier == "tls"]
    # Who is made to begin again says hello twice, and only the first one is kept.
    first = list({row[3]: row for row in reversed(rows)}.values())[::-1]

    assert [one.hello.server_name for one in ours] == [row[0] for row in first]
    assert [",".join(one.hello.alpn) for one in ours] == [row[2] for row in first]
    assert [len(one.hello.suites) + 1 for one in ours] == [
        int(row[1]) // 2 for row in first
    ]  # and one signal
    assert ours[0].hello.versions == ("TLSv1.3", "TLSv1.2")
    assert ours[1].hello.versions == ("TLSv1.2",)
    assert ours[2].hello.groups == ("secp521r1", "x25519")


def test_server_hellos_are_those_of_tshark(seen: CaptureObservation, talk: Path) -> None:
    rows = tshark(
        talk,
        "tls.handshake.type == 2 && tcp",
        "tls.handshake.ciphersuite",
        "tcp.dstport",
        decode=["tcp.port==8443,tls"],
    )
    last = {row[1]: row[0].split(",")[-1] for row in rows}
    ours = [one for one in seen.server_hellos if one.carrier == "tls"]

    assert [one.version for one in ours] == ["TLSv1.3", "TLSv1.2", "TLSv1.3"]
    assert [one.group for one in ours][::2] == ["x25519", "secp521r1"]
    assert ours[1].alpn == "http/1.1"
    assert len(ours) == len(last)
    assert ours[0].suite == "TLS_AES_256_GCM_SHA384"
    assert int(next(iter(last.values())), 16) == 0x1302


def test_dtls_is_told_from_other_datagrams(seen: CaptureObservation, talk: Path) -> None:
    (row, *_) = tshark(
        talk,
        "dtls.handshake.type == 1",
        "dtls.handshake.extensions_server_name",
        decode=["udp.port==8444,dtls"],
    )
    hellos = [one for one in seen.client_hellos if one.carrier == "dtls"]

    assert {one.hello.server_name for one in hellos} == {row[0]} == {"d.example"}
    assert hellos[0].hello.versions == ("DTLSv1.2",)
    assert [one.version for one in seen.server_hellos if one.carrier == "dtls"] == ["DTLSv1.2"]


def test_requests_in_clear_are_those_of_tshark(seen: CaptureObservation, talk: Path) -> None:
    (http,) = tshark(
        talk,
        "http.request",
        "http.request.method",
        "http.request.uri.path",
        "http.host",
        decode=["tcp.port==8000,http"],
    )
    mqtt = tshark(talk, "mqtt.msgtype == 1", "mqtt.clientid", "mqtt.ver", "mqtt.conflag.passwd")
    (coap,) = tshark(talk, "coap.code == 1", "coap.opt.uri_path_recon")
    ntp = tshark(talk, "ntp && !icmp", "ntp.flags.vn", "ntp.flags.mode")
    stun = tshark(talk, "stun && !icmp", "stun.type")

    assert [(one.method, one.path, one.host) for one in seen.http] == [tuple(http)]
    assert seen.http[0].authorization == "Basic"
    assert [(one.client_id, one.version, one.password) for one in seen.mqtt] == [
        (name, {"4": "3.1.1", "5": "5.0"}[version], password in {"1", "True"})
        for name, version, password in mqtt
    ]
    told = {one.protocol: one.what for one in reversed(seen.requests)}
    assert told["coap"] == f"GET {coap[0]}" == "GET /time"
    assert told["ntp"] == f"version {ntp[0][0]}, client" == "version 4, client"
    assert told["stun"] == "binding request"
    assert int(stun[0][0], 16) == 1


def test_names_and_protection_of_flows(seen: CaptureObservation, talk: Path) -> None:
    (asked, _) = tshark(talk, "dns && !icmp", "dns.qry.name")

    assert [one.name for one in seen.dns] == asked
    assert "cloud.example" in seen.called("127.0.0.1")
    protection = {(flow.server_port, flow.protocol): flow.protection for flow in seen.flows}
    assert protection[8443, "tls"] == "tls"
    assert protection[8444, "dtls"] == "dtls"
    assert protection[1883, "mqtt"] == protection[8000, "http"] == protection[53, "dns"] == "plain"


def test_refused_connections_are_told_apart(seen: CaptureObservation) -> None:
    assert Counter(one.outcome for one in seen.attempts)["refused"] >= 1
    assert {one.outcome for one in seen.attempts if one.server_port == 9} == {"refused"}
    assert {one.outcome for one in seen.attempts if one.server_port == 8443} == {"accepted"}


def test_known_values_are_found_where_they_travel_in_clear_and_nowhere_else(seen: CaptureObservation) -> None:
    found = {(hit.name, hit.coding, hit.port) for hit in seen.canary_hits}

    assert found == {("password", "plain", 1883), ("password", "base64", 8000)}


# Damage -----------------------------------------------------------------------------------------------------


@settings(max_examples=150)
@given(data=st.data())
def test_damaged_captures_are_read_or_refused_and_nothing_else(
    talk: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(talk.read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(content) - 1))
        change = data.draw(st.sampled_from(["flip", "cut", "insert", "repeat"]))
        if change == "flip":
            content[at] = data.draw(st.integers(0, 255))
        elif change == "cut":
            del content[at : at + data.draw(st.integers(1, 500))]
        elif change == "insert":
            content[at:at] = data.draw(st.binary(min_size=1, max_size=40))
        else:
            content[at:at] = content[at : at + 300]
        if not content:
            break
    path = tmp_path_factory.getbasetemp() / "damaged.pcapng"
    path.write_bytes(content)

    try:
        seen = read_capture(path, canaries=SECRETS)
    except NotACaptureError:
        return
    seen.to_json()


@settings(max_examples=150)
@given(data=st.data())
def test_damaged_payloads_are_read(
    talk: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Each packet whole, with damage in what it carries, so that every decoder gets its share."""
    source = talk.read_bytes()
    at, frames = 0, []
    while at + 12 <= len(source):
        kind, length = struct.unpack_from("<II", source, at)
        if kind == 6:
            (size,) = struct.unpack_from("<I", source, at + 20)
            frames.append(bytearray(source[at + 28 : at + 28 + size]))
        at += length
    drawn = random.Random(data.draw(st.integers(0, 2**32)))
    for frame in frames:
        for _ in range(drawn.choice([0, 1, 1, 3])):
            place = drawn.randrange(min(len(frame), 120))
            frame[place] = drawn.choice([0, 1, 0x7F, 0x80, 0xFF, drawn.randrange(256)])
    path = pcap(tmp_path_factory.getbasetemp() / "payloads.pcap", map(bytes, frames))

    seen = read_capture(path, canaries=SECRETS)

    assert seen.packets == len(frames)
    seen.to_json()


@given(content=st.binary(max_size=400), start=st.sampled_from(["<", ">"]))
def test_anything_behind_a_header_is_read(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, start: str
) -> None:
    path = pcap(tmp_path_factory.getbasetemp() / "any.pcap", [content], order=start)

    assert read_capture(path).packets == 1
