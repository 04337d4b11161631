"""Signs of life: what of the device answers on the network now, and whether anything did while it was watched.

An address that refuses a connection is alive as well, whoever answers for it: only silence is none. On this machine
itself, where every unused port is refused, a refusal says nothing.
"""

from __future__ import annotations

import contextlib
import ipaddress
import threading
import time
from functools import cached_property
from typing import TYPE_CHECKING

from pytest_etsi.dut.reach.documented import documented_ports
from pytest_etsi.probes._net import Deadline, connect
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from pytest_etsi.dut.reach.network import Network
    from pytest_etsi.profile import Profile

__all__ = ["Life", "Watch"]

_TIMEOUT_S = 1.5
_PAUSE_S = 0.25
_MOST = 4


class Life:
    """The ports of the device that are expected to answer in its usual state.

    Args:
        profile: names them.
        network: the device on the network.
    """

    def __init__(self, profile: Profile, network: Network) -> None:
        self._profile = profile
        self._network = network

    @cached_property
    def places(self) -> tuple[tuple[str, int], ...]:
        """Host and TCP port of each; none where the profile gives no network access, or names no port."""
        try:
            host = self._network.host()
        except Inconclusive:
            return ()
        found: list[tuple[str, int]] = []
        identity = self._profile.access.identity
        if identity is not None and identity.url:
            with contextlib.suppress(Inconclusive):  # who it is, another place may tell
                found.append(self._network.endpoint_of(identity.url))
        if identity is not None and identity.ssh_sha256 is not None:
            found.append((host, identity.ssh_port))
        found += [(host, port) for port in documented_ports(self._profile).expected]
        return tuple(dict.fromkeys(found))[:_MOST]

    def answering(self) -> tuple[str, ...]:
        """Which of them answer now: connections are accepted, or refused by somebody."""
        return tuple(f"{host}:{port}" for host, port in self.places if _alive(host, port))

    def watch(self) -> Watch:
        """Look for signs of life from the beginning of a block to its end."""
        return Watch(self.answering)


class Watch:
    """Asks again and again, beside what else is done.

    Attributes:
        seen: what answered, and how many seconds after the beginning, once for each.

    Args:
        answering: gives what answers now.
    """

    def __init__(self, answering: Callable[[], tuple[str, ...]]) -> None:
        self._answering = answering
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="etsi-watch", daemon=True)
        self._began = 0.0
        self.seen: dict[str, float] = {}

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """Stop looking; what was being asked is waited for."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _look(self) -> None:
        while not self._over.is_set():
            for name in self._answering():
                # What was asked before the end may be answered after it, when power was asked for again.
                if not self._over.is_set():
                    self.seen.setdefault(name, round(time.monotonic() - self._began, 2))
            self._over.wait(_PAUSE_S)


def _alive(host: str, port: int) -> bool:
    try:
        connect(host, port, Deadline(_TIMEOUT_S)).close()
    except ConnectionRefusedError:
        return not _is_here(host)
    except OSError:
        return False
    return True


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
