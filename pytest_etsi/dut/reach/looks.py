"""Looking whether the device answers, again and again while its supply is switched: the device is the witness."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import Deadline, connect

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Self

__all__ = ["Looks", "answers"]

_LOOK_S = 0.5
_PAUSE_S = 0.01
_CONNECT_S = 3.0


class Looks:
    """Connects to services of the device in turn, in a thread, until none of them answers.

    Args:
        places: host and port of services that answered before.
    """

    def __init__(self, places: Iterable[tuple[str, int]]) -> None:
        self._places = tuple(places)
        self._off_after_s: float | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, name="looks", daemon=True)
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def off(self) -> str:
        """Words for it, once none of the services answered at a time; empty: one always did, or there are none."""
        if self._off_after_s is None:
            return ""
        named = ", ".join(f"tcp/{port}" for _, port in self._places)
        return f"nothing answering at {named} after {self._off_after_s:.2f} s"

    def _look(self) -> None:
        while self._places and not self._stop.is_set():
            # One after the other proves nothing: a busy device may leave out each of them once.
            if not any(_takes(place, _LOOK_S) for place in self._places):
                self._off_after_s = time.monotonic() - self._began
                return
            self._stop.wait(_PAUSE_S)


def answers(places: Iterable[tuple[str, int]], within_s: float) -> bool:
    """Whether each of the places takes a connection within a time; also when there are none."""
    deadline, left = Deadline(within_s), list(places)
    while left:
        left = [place for place in left if not _takes(place, max(_LOOK_S, deadline.left(_CONNECT_S)))]
        if left and deadline.expired:
            return False
        time.sleep(_PAUSE_S if left else 0)
    return True


def _takes(place: tuple[str, int], within_s: float) -> bool:
    with contextlib.suppress(OSError):
        connect(*place, Deadline(within_s)).close()
        return True
    return False
