"""Reading captures: time and memory of 10, 50 and 100 MB, beside tshark and dpkt where they are installed.

    python benchmarks/capture.py [--rounds 5] [--size 100]

The captures are made here: IPv4 and IPv6 over Ethernet, DNS, TLS, HTTP and MQTT.
Every reader runs as a process of its own, in turns, and has to find the same facts.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from _sidebyside import Peer, Row, compare, program_version, python_version

from pytest_etsi.probes.capture import read_capture

HELLO_NAMES = 400
OURS = """
import json, sys
from pathlib import Path
from pytest_etsi.probes.capture import read_capture
seen = read_capture(Path(sys.argv[1]), canaries={"a": "Correct-Horse-9"} if sys.argv[2:] else {})
found = (seen.flows, seen.dns, seen.client_hellos, seen.http, seen.mqtt)
print(json.dumps([seen.packets, *map(len, found)]))
"""
DPKT = """
import json, sys, dpkt
packets = dns = hellos = http = mqtt = 0
flows = set()
for _, frame in dpkt.pcap.Reader(open(sys.argv[1], "rb")):
    packets += 1
    ip = dpkt.ethernet.Ethernet(frame).data
    part = ip.data
    flows.add(frozenset(((ip.src, part.sport), (ip.dst, part.dport))))
    if isinstance(part, dpkt.udp.UDP):
        if part.dport == 53:
            dns += len(dpkt.dns.DNS(part.data).qd)
    elif part.data[:1] == b"\\x16" and part.data[5:6] == b"\\1":
        hellos += len(dpkt.ssl.TLSHandshake(part.data[5:]).data.extensions) > 0
    elif part.data[:4] == b"GET ":
        http += dpkt.http.Request(part.data).method == "GET"
    elif part.data[:1] == b"\\x10":
        mqtt += 1
print(json.dumps([packets, len(flows), dns, hellos, http, mqtt]))
"""


def hello(name: str) -> bytes:
    """A ClientHello of usual size."""
    server = name.encode()
    extensions = struct.pack(">HHHBH", 0, len(server) + 5, len(server) + 3, 0, len(server)) + server
    extensions += struct.pack(">HHB2H", 43, 5, 4, 0x0304, 0x0303) + struct.pack(">HHH2H", 10, 6, 4, 29, 23)
    extensions += struct.pack(">HHH3H", 13, 8, 6, 0x0403, 0x0804, 0x0401) + struct.pack(
        ">HHHHH", 51, 38, 36, 29, 32
    )
    extensions += random.randbytes(32)
    suites = struct.pack(">6H", 0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C)
    body = struct.pack(">H", 0x0303) + random.randbytes(32) + b"\x20" + random.randbytes(32)
    body += (
        struct.pack(">H", len(suites)) + suites + b"\1\0" + struct.pack(">H", len(extensions)) + extensions
    )
    message = b"\1" + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x01" + struct.pack(">H", len(message)) + message


class Writer:
    """Writes packets of a made network until enough bytes are there, as pcap or, by the name of the file, as pcapng."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("wb")
        self.ng = path.suffix == ".pcapng"
        if self.ng:
            self.file.write(struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28))
            self.file.write(struct.pack("<IIHHII", 1, 20, 1, 0, 262_144, 20))
        else:
            self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1))
        self.size, self.time = self.file.tell(), 1_700_000_000_000_000

    def packet(
        self, protocol: int, ends: tuple[int, int, int], header: bytes, payload: bytes, back: bool
    ) -> None:
        """Write a packet of a flow, given its number and both ports."""
        number, mine, other = ends
        self.time += 137
        if number % 4:  # every fourth flow is of IPv6
            device, peer = bytes((10, 0, 0, 5)), struct.pack(">BBH", 93, 184, number & 0xFFFF)
            length = 20 + len(header) + len(payload)
            ip = struct.pack(">BBHHHBBH", 0x45, 0, length, 1, 0x4000, 64, protocol, 0)
            kind = b"\x08\x00"
        else:
            device, peer = bytes(15) + b"\5", bytes(14) + struct.pack(">H", number & 0xFFFF)
            ip = struct.pack(">IHBB", 6 << 28, len(header) + len(payload), protocol, 64)
            kind = b"\x86\xdd"
        addresses = peer + device if back else device + peer
        ports = (other, mine) if back else (mine, other)
        frame = bytes(12) + kind + ip + addresses + struct.pack(">HH", *ports) + header[4:] + payload
        size = len(frame)
        if self.ng:
            length = 32 + (size + 3) // 4 * 4
            head = struct.pack("<7I", 6, length, 0, self.time >> 32, self.time & 0xFFFFFFFF, size, size)
            block = head + frame + bytes(length - 32 - size) + struct.pack("<I", length)
        else:
            block = struct.pack("<IIII", *divmod(self.time, 1_000_000), size, size) + frame
        self.file.write(block)
        self.size += len(block)

    def tcp(self, ends: tuple[int, int, int], first: bytes, pieces: int, content: bytes) -> None:
        """Write a connection: what the client says first, and pieces of the answer."""
        here, there = 1000, 9000
        head = lambda number, flags: struct.pack(">IIIBBHHH", 0, number, 0, 0x50, flags, 64240, 0, 0)  # noqa: E731
        self.packet(6, ends, head(here, 2), b"", False)
        self.packet(6, ends, head(there, 18), b"", True)
        self.packet(6, ends, head(here + 1, 24), first, False)
        for at in range(pieces):
            self.packet(6, ends, head(there + 1 + at * 1300, 16), content, True)
            if at % 2:
                self.packet(6, ends, head(here + 1 + len(first), 16), b"", False)
        self.packet(6, ends, head(here + 1 + len(first), 17), b"", False)


def make(path: Path, size: int) -> None:
    """A capture of about `size` bytes."""
    random.seed(size)
    writer, number = Writer(path), 0
    body = [b"\x17\x03\x03\x05\x0f" + random.randbytes(1295) for _ in range(20)]
    page = b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + b"<p>some page of text</p>" * 52
    connect = b"\x10\x12\x00\x04MQTT\x04\x02\x00\x3c\x00\x06camera"
    while writer.size < size:
        number += 1
        mine = 20_000 + number % 40_000
        name = f"host{number % HELLO_NAMES}.example"
        labels = b"".join(bytes((len(part),)) + part.encode() for part in name.split("."))
        query = struct.pack(">6H", number & 0xFFFF, 0x0100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1"
        length = struct.pack(">IHH", 0, 8 + len(query), 0)
        writer.packet(17, (number, mine, 53), length, query, False)
        answer = (
            query[:2]
            + b"\x81\x80\0\1\0\1"
            + query[8:]
            + b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4"
            + bytes((93, 184, 1, 1))
        )
        writer.packet(17, (number, mine, 53), struct.pack(">IHH", 0, 8 + len(answer), 0), answer, True)
        kind = number % 10
        if kind < 4:
            writer.tcp((number, mine, 443), hello(name), 8 + number % 5, body[number % 20])
        elif kind < 6:
            request = f"GET /{number} HTTP/1.1\r\nHost: {name}\r\n\r\n".encode()
            writer.tcp((number, mine, 80), request, 4, page[:1300])
        elif kind == 6:
            writer.tcp((number, mine, 1883), connect, 6, b"\x30\x14\0\5topic" + b"m" * 60)
    writer.file.close()


def run(command: list[str]) -> tuple[float, float, str]:
    """Seconds, peak of resident memory in MB, and output of a process."""
    before = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    output = child.stdout.read().decode() if child.stdout else ""
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    if status:
        raise SystemExit(f"{command[:3]} failed")
    return time.perf_counter() - before, usage.ru_maxrss / 1024, output


FIELDS = ("frame.time_epoch", "ip.src", "ip.dst", "dns.qry.name", "tls.handshake.extensions_server_name",
          "http.host", "mqtt.clientid")  # fmt: skip


def tshark(path: Path) -> list[str]:
    """The command line by which tshark gives the same facts."""
    columns = [part for field in FIELDS for part in ("-e", field)]
    return ["tshark", "-n", "-r", str(path), "-T", "fields", *columns]


BARS = {"tshark": 0.3}


def rows(rounds: int) -> list[Row]:
    """100 MB of both kinds of file in this process, and as a process of its own beside tshark and dpkt."""
    peers = []
    with tempfile.TemporaryDirectory() as directory:
        path, ng = Path(directory, "100.pcap"), Path(directory, "100.pcapng")
        for one in (path, ng):
            make(one, 100_000_000)
        ours = [sys.executable, "-c", OURS]
        # Processes first: what this process takes would be counted as theirs at their start.
        memory = max(run([*ours, str(one)])[1] for one in (path, ng))
        remark = f"{memory:.0f} MB of memory at most"
        if shutil.which("tshark"):
            version = program_version(["tshark", "--version"]).split()[2]
            peers.append(Peer(f"tshark {version} -T fields", lambda: run(tshark(path))))
        if importlib.util.find_spec("dpkt"):
            reader = [sys.executable, "-c", DPKT, str(path)]
            peers.append(Peer(f"dpkt {python_version('dpkt')}", lambda: run(reader)))
        what = "100 MB of pcap, as a process"
        if peers:
            beside = compare(
                what, lambda: run([*ours, str(path)]), peers, rounds=rounds, bars=BARS, remark=_memory
            )
        else:
            seconds, _, _ = run([*ours, str(path)])
            beside = [Row(what, seconds, "tshark", None, None, f"{remark}; tshark and dpkt are missing")]
        return [*_in_this_process(path, ng, rounds, remark), *beside]


def _in_this_process(path: Path, ng: Path, rounds: int, remark: str) -> list[Row]:
    """Both kinds of file in turns, read in this process."""
    taken: dict[Path, list[float]] = {path: [], ng: []}
    for _ in range(rounds):
        for one, times in taken.items():
            before = time.perf_counter()
            seen = read_capture(one)
            times.append(time.perf_counter() - before)
            assert seen.complete
    return [
        Row(f"100 MB of {one.suffix[1:]}", statistics.median(times), "-", None, None, remark)
        for one, times in taken.items()
    ]


def _memory(last: object) -> str:
    assert isinstance(last, tuple)
    return f"{last[1]:.0f} MB of memory at most"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", type=int, default=100, help="of the largest capture, in MB")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        sizes = [options.size // 10, options.size // 2, options.size]
        files = {size: Path(directory, f"{size}.pcap") for size in sizes}
        for size, path in files.items():
            make(path, size * 1_000_000)
        start = statistics.median(
            run([sys.executable, "-c", "import pytest_etsi.probes.capture"])[0] for _ in range(3)
        )
        readers = {
            f"pytest-etsi, {size} MB": [sys.executable, "-c", OURS, str(files[size])] for size in sizes
        }
        readers[f"pytest-etsi, {sizes[-1]} MB, a canary"] = [
            *readers[f"pytest-etsi, {sizes[-1]} MB"],
            "canary",
        ]
        if importlib.util.find_spec("dpkt"):
            readers[f"dpkt, {sizes[-1]} MB"] = [sys.executable, "-c", DPKT, str(files[sizes[-1]])]
        if shutil.which("tshark"):
            readers[f"tshark -T fields, {sizes[-1]} MB"] = tshark(files[sizes[-1]])
        taken: dict[str, list[tuple[float, float, str]]] = {name: [] for name in readers}
        for _ in range(options.rounds):
            for name, command in readers.items():
                taken[name].append(run(command))
        print(f"start of Python and imports: {start:.2f} s, included in what follows\n")
        print("| reader | s | peak MB | packets, flows, DNS, hellos, HTTP, MQTT |\n|---|---|---|---|")
        for name, runs in taken.items():
            facts = runs[0][2].strip() if runs[0][2].startswith("[") else "-"
            seconds, memory = (statistics.median(one[part] for one in runs) for part in (0, 1))
            print(f"| {name} | {seconds:.2f} | {memory:.0f} | {facts} |")


if __name__ == "__main__":
    main()
