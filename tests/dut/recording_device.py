"""Records with the device facade in a network of its own: `python recording_device.py KIND`, in one that has loopback only.

Prints what was seen, or why nothing was, as JSON.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
from pathlib import Path

from pytest_etsi.dut import Dut
from pytest_etsi.verdict import Inconclusive

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "criteria"))

from documents import profile_of


class Kept:
    """Keeps evidence in memory."""

    def __init__(self) -> None:
        self.items: dict[str, object] = {}

    def add(self, name: str, content: object) -> None:
        self.items[name] = content


def main(kind: str) -> dict[str, object]:
    """Send one datagram while a recorder runs."""
    capture = {"kind": kind.partition("-")[0], "interface": "nowhere0" if kind.endswith("-nowhere") else "lo"}
    capture |= {"host": "ap.example"} if kind == "ssh" else {}
    capture["filter"] = "udp port 5683 and host 127.0.0.1"
    profile = profile_of({}, access={"network": {"hosts": ["127.0.0.1"], "capture": capture}})
    dut, kept = Dut(profile), Kept()
    dut.attach(kept)
    try:
        with dut.capture("talk") as recording, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"\x40\1\0\7\xb4time", ("127.0.0.1", 5683))
            sender.sendto(b"left out by the filter", ("127.0.0.1", 9))
            recording.wait(1.5)
            seen = recording.end()
    except Inconclusive as error:
        return {"cause": str(error.cause), "reason": error.reason}
    file = kept.items["talk"]
    assert isinstance(file, bytes)
    return {
        "flows": [str(flow) for flow in seen.flows if flow.transport == "udp"],
        "requests": [one.what for one in seen.requests],
        "missing": list(seen.missing),
        "evidence": sorted(kept.items),
        "magic": file[:4].hex(),
        "threads": threading.active_count(),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1])))
