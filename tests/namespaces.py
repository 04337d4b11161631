"""Networks of a test's own: a Linux network namespace, and the end of a cable that leads into it."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

__all__ = ["Namespace", "live_alone", "namespace", "needs_namespaces"]

_counter = itertools.count()


def _may_make_one() -> bool:
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    return (
        subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False, timeout=10).returncode
        == 0
    )


needs_namespaces = pytest.mark.skipif(not _may_make_one(), reason="network namespaces need root and iproute2")


_FILES = Path("/run/netns")
_NEW_NETWORK = 0x40000000  # CLONE_NEWNET; os.unshare comes with Python 3.12 only


def live_alone() -> bool:
    """Move the calling thread, and whatever it starts from now on, into a network that has nothing but loopback.

    What other tests listen on at the same time is not found there, and no port is taken by them.

    Returns:
        False where this user may not; nothing has changed then.
    """
    if not _may_make_one():
        return False
    if ctypes.CDLL(None, use_errno=True).unshare(_NEW_NETWORK) != 0:
        return False
    _ip("link", "set", "lo", "up")
    return True


@dataclass(frozen=True)
class Namespace:
    """A network of its own.

    Attributes:
        name: as `ip netns` knows it.
        device: address of its end of the cable, IPv4; empty without a cable.
        device6: the same, IPv6.
        bench: name of the namespace at the other end of the cable; empty without a cable.
    """

    name: str
    device: str = ""
    device6: str = ""
    bench: str = ""

    def command(self, *arguments: str) -> list[str]:
        """A command line that runs in the namespace."""
        return ["ip", "netns", "exec", self.name, *arguments]

    def from_bench(self, *arguments: str) -> list[str]:
        """A command line that runs at the other end of the cable."""
        return ["ip", "netns", "exec", self.bench, *arguments]

    @property
    def file(self) -> Path:
        """By which a process enters the namespace."""
        return _FILES / self.name

    @property
    def bench_file(self) -> Path:
        """By which a process enters the other end of the cable."""
        return _FILES / self.bench


@contextlib.contextmanager
def namespace(*, cable: bool = False):
    """A namespace with a loopback interface, and with `cable` a second one that is wired to it.

    Nothing leaves the two. Programs that run inside are stopped by who started them, before the end of the block.
    """
    name = f"etsi-{os.getpid()}-{next(_counter)}"
    bench = f"{name}-b" if cable else ""
    made = []
    try:
        for each in filter(None, (name, bench)):
            _ip("netns", "add", each)
            made.append(each)
            _ip("-n", each, "link", "set", "lo", "up")
        if cable:
            # An interface's name has at most 15 characters; inside a namespace it needs to be unique there only.
            _ip("-n", bench, "link", "add", "bench", "type", "veth", "peer", "name", "device", "netns", name)
            for each, interface, last in ((bench, "bench", 1), (name, "device", 2)):
                _ip("-n", each, "address", "add", f"198.51.100.{last}/24", "dev", interface)
                _ip("-n", each, "address", "add", f"2001:db8::{last}/64", "dev", interface, "nodad")
                _ip("-n", each, "link", "set", interface, "up")
            yield Namespace(name, "198.51.100.2", "2001:db8::2", bench)
        else:
            yield Namespace(name)
    finally:
        for each in reversed(made):
            _ip("netns", "delete", each)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, timeout=20)
