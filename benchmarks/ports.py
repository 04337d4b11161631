"""All 65,535 TCP ports of this machine's loopback interface, beside nmap, in turns.

    python benchmarks/ports.py [--rounds 5]

With the right to send raw packets both ways are compared: SYN with `nmap -sS -T4`, connections with `nmap -sT -T4`.
Eight ports listen. Every reader has to find the same set of ports each time, and the scan twenty times in a row.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent))

from _sidebyside import Peer, Row, compare, main, missing, program_version

from pytest_etsi.probes.ports import PortScan, scan_tcp

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "127.93.5.11"
PORTS = (1, 2222, 8080, 32769, 40001, 50000, 60998, 65535)
REPEATED = 20
BARS = {"connections": ("-sT", 0.6), "SYN": ("-sS", 1.0)}


DEVICE = f"""
import select, socket, sys
poll, listeners = select.poll(), {{}}
poll.register(sys.stdin, select.POLLIN)
for port in {PORTS}:
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind(({HOST!r}, port))
    one.listen(64)
    listeners[one.fileno()] = one
    poll.register(one, select.POLLIN)
print("ready", flush=True)
while True:
    for descriptor, _ in poll.poll():
        if descriptor not in listeners:
            sys.exit()
        try:
            listeners[descriptor].accept()[0].recv(1)
        except OSError:
            pass
"""


@contextlib.contextmanager
def device() -> Iterator[None]:
    """A process that accepts on eight ports and waits until the other side hangs up."""
    program = subprocess.Popen([sys.executable, "-c", DEVICE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if program.stdout is None or program.stdout.readline() != b"ready\n":
        raise OSError("the ports are taken")
    try:
        yield
    finally:
        program.communicate(timeout=10)


def nmap(way: str) -> tuple[int, ...]:
    """The open ports as nmap sees them."""
    command = ["nmap", "-n", "-Pn", way, "-T4", "-p-", "-oG", "-", HOST]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return tuple(sorted(map(int, re.findall(r"(\d+)/open/tcp", done.stdout))))


def rows(rounds: int) -> list[Row]:
    """One row per way of asking."""
    found: list[Row] = []
    version = program_version(["nmap", "--version"]).split(" (")[0] if shutil.which("nmap") else ""
    with device():
        may_send_raw = scan_tcp(HOST, [1]).method == "tcp-syn"
        for way, (option, bar) in BARS.items():
            what = f"65,535 TCP ports by {way}"
            if way == "SYN" and not may_send_raw:
                found.append(missing(what, f"nmap {option}", "needs root", bar))
                continue

            def scan(way: str = way) -> PortScan:
                return scan_tcp(HOST, technique="auto" if way == "SYN" else "connect")

            usual = set(scan().open)  # other programs of this machine may listen on every address
            same = sum(set(scan().open) == usual >= set(PORTS) for _ in range(REPEATED))
            remark = f"the same {len(usual)} ports in {same} of {REPEATED} runs"
            if not version:
                found.append(missing(what, f"nmap {option}", f"nmap is not installed; {remark}", bar))
                continue
            agreed = set(nmap(option)) == usual
            remark += ", and nmap finds them too" if agreed else "; nmap finds others"
            peer = Peer(f"{version.replace('Nmap version', 'nmap')} {option} -T4", lambda o=option: nmap(o))
            found += compare(
                what, scan, [peer], rounds=rounds, bars={"nmap": bar}, remark=lambda _, r=remark: r
            )
    return found


if __name__ == "__main__":
    main(__doc__ or "", rows)
