"""A device on a serial line whose behaviour is data: what it says when, at which speed, and what it makes of input.

It stands behind a port of its own (in this process, the quickest), a pseudo terminal or a socket. Times are short, and
those of a test are parameters; nothing here waits for a fixed time longer than it says.
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import select
import socket
import struct
import threading
import time
import tty
from dataclasses import dataclass, field, replace
from fcntl import ioctl
from typing import TYPE_CHECKING

from pytest_etsi.probes.serial.errors import ConsoleGone, ConsoleShared, ConsoleUnsettable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_etsi.probes.serial.line import Line

__all__ = [
    "Behaviour", "Device", "Loader", "Say", "Shell", "on_a_pty", "on_a_socket", "resampled",
]  # fmt: skip


@dataclass(frozen=True)
class Say:
    """Something said while it starts.

    Attributes:
        text: what.
        speed: at which speed; None: the device's.
        after_s: seconds before it.
    """

    text: bytes | str
    speed: int | None = None
    after_s: float = 0.0


@dataclass(frozen=True)
class Loader:
    """A boot loader that can be stopped.

    Attributes:
        keys: what stops it, as a regular expression over all that was typed since it counts.
        counts_s: seconds for which it counts.
        says: its message; empty: none announces it.
        prompt: of the loader.
        boots: the command that goes on.
    """

    keys: bytes = rb"(?s)."
    counts_s: float = 0.05
    says: bytes = b"Hit any key to stop autoboot:  1 "
    prompt: bytes = b"=> "
    boots: bytes = b"boot"


@dataclass(frozen=True)
class Shell:
    """What answers once it runs.

    Attributes:
        prompt: its prompt; with `login`, that of the login.
        answers: line -> answer.
        unknown: answer to any other line; `%s`: the line; None: silence.
        ends: what ends a line, as a regular expression.
        echoes: whether it echoes.
        out: what ends the lines that it says.
        shows: says its prompt unasked when it has started.
        needs_s: seconds between two characters, below which it hangs for good; 0: none.
        loses: number of characters that it loses of the first line typed.
        first: answered to the first line only, in place of the rest.
        evaluates: `echo` takes quotes away, as a shell does.
    """

    prompt: bytes = b"# "
    answers: dict[bytes, bytes] = field(default_factory=dict)
    unknown: bytes | None = b"-sh: %s: not found"
    ends: bytes = rb"\r\n?|\n"
    echoes: bool = True
    out: bytes = b"\r\n"
    shows: bool = False
    needs_s: float = 0.0
    loses: int = 0
    evaluates: bool = True


class Typed(bytes):
    """Characters that came on the line, and when: the device, a thread, may look at them late."""

    at: float

    @classmethod
    def now(cls, data: bytes) -> Typed:
        """Characters that come now."""
        typed = cls(data)
        typed.at = time.monotonic()
        return typed


@dataclass(frozen=True)
class Behaviour:
    """All of a device.

    Attributes:
        boot: what it says before and after the loader, which stands where None does.
        loader: the boot loader; None: it cannot be stopped.
        shell: what answers afterwards; None: nothing.
        speed: of what it says unless said otherwise, and of what it understands.
        chatter: said again and again once it runs.
        every_s: seconds between.
        floods: says it without any pause.
        halts_on: input that stops it for good: Ctrl-C with a debugger waiting, BREAK as b"BREAK".
        held_by: wires that hold it in reset while they are asserted: "dtr", "rts".
        mute_without: wires without which it says nothing.
        starts_at_opening: opening the line restarts it.
        stalls: goes on starting only while somebody takes what it says.
        fed_by_line: lives on without supply while the line is high.
        binary: answers frames: request -> answer; silent to everything else.
        greeting: said by the server in between at every connection.
        late_s: seconds after which is said what it says once it runs.
        touching: the wires touch, so that all that is typed comes back, as late.
    """

    boot: tuple[Say | None, ...] = ()
    loader: Loader | None = None
    shell: Shell | None = None
    speed: int = 115200
    chatter: bytes = b""
    every_s: float = 0.02
    floods: bool = False
    halts_on: tuple[bytes, ...] = ()
    held_by: tuple[str, ...] = ()
    mute_without: tuple[str, ...] = ()
    starts_at_opening: bool = False
    fed_by_line: bool = False
    binary: dict[bytes, bytes] = field(default_factory=dict)
    greeting: bytes = b""
    late_s: float = 0.0
    touching: bool = False


class Device:
    """The device, its supply, and its end of the line."""

    def __init__(self, behaviour: Behaviour, *, on: bool = True) -> None:
        self.behaviour = behaviour
        self.sink: Callable[[bytes, int], None] = lambda _data, _speed: None
        self.wires = {"dtr": False, "rts": False}
        self.low = False
        self.starts = 0
        self.openings = 0
        self.typed = bytearray()
        self.state = "off"
        self.healthy = False
        self._input: queue.Queue[Typed] = queue.Queue()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.RLock()
        self._late: queue.Queue[tuple[float, bytes] | None] = queue.Queue()
        if behaviour.late_s:
            threading.Thread(target=self._say_late, daemon=True).start()
        if on:
            self.power(on=True)

    # The bench ----------------------------------------------------------------------------------------------

    def power(self, *, on: bool) -> None:
        """Switch the supply."""
        with self._lock:
            if not on and self.behaviour.fed_by_line and not self.low:
                return
            self._end()
            if on:
                self._begin()

    def cycle(self) -> None:
        """Off and on."""
        self.power(on=False)
        self.power(on=True)

    def set_wire(self, name: str, *, on: bool) -> None:
        """DTR or RTS has changed."""
        if self.wires[name] == on:
            return
        self.wires[name] = on
        if name in self.behaviour.held_by and self.state != "off":
            self._end()
            self._begin()

    def opened(self) -> None:
        """Somebody has opened the line."""
        self.openings += 1
        if self.behaviour.greeting:
            self.sink(self.behaviour.greeting, self.behaviour.speed)
        if self.behaviour.starts_at_opening and self.state != "off":
            self.cycle()

    def close(self) -> None:
        """The test is over."""
        self._late.put(None)
        with self._lock:
            self._end()

    def _begin(self) -> None:
        self._stop = threading.Event()
        self._input = queue.Queue()
        self.state = "starting"
        self.starts += 1
        self._thread = threading.Thread(target=self._run, args=(self._stop, self._input), daemon=True)
        self._thread.start()

    def _end(self) -> None:
        self._stop.set()
        self._input.put(Typed.now(b""))
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()
        self.state = "off"
        self.healthy = False

    # The line -----------------------------------------------------------------------------------------------

    def hear(self, data: bytes, speed: int | None = None) -> None:
        """Something was typed, at a speed."""
        self.typed += data
        if speed is not None and speed != self.behaviour.speed:
            data = resampled(data, speed, self.behaviour.speed)
        if self.behaviour.touching:
            self._late.put((time.monotonic() + self.behaviour.late_s, data))
        if self.state != "off":
            self._input.put(Typed.now(data))

    def brk(self) -> None:
        """A BREAK has come."""
        self.typed += b"<BREAK>"
        self._input.put(Typed.now(b"BREAK"))

    def _say(self, data: bytes | str, speed: int | None = None) -> None:
        data = data.encode() if isinstance(data, str) else data
        if self.behaviour.late_s and self.state == "running":
            self._late.put((time.monotonic() + self.behaviour.late_s, data))
        elif all(self.wires[name] for name in self.behaviour.mute_without):
            self.sink(data, speed or self.behaviour.speed)

    def _say_late(self) -> None:
        while (said := self._late.get()) is not None:
            due, data = said
            time.sleep(max(0.0, due - time.monotonic()))
            self.sink(data, self.behaviour.speed)

    # The life -----------------------------------------------------------------------------------------------

    def _run(self, stop: threading.Event, typed: queue.Queue[Typed]) -> None:
        if any(self.wires[name] for name in self.behaviour.held_by):
            return
        for step in self.behaviour.boot:
            if step is None:
                if self.behaviour.loader and self._stopped(self.behaviour.loader, stop, typed):
                    return
                continue
            if stop.wait(step.after_s):
                return
            self._say(step.text, step.speed)
            if stop.is_set():
                return
        self.state = "running"
        self.healthy = True
        self._talk(stop, typed)

    def _stopped(self, loader: Loader, stop: threading.Event, typed: queue.Queue[Typed]) -> bool:
        """Count, and stay in the loader when a key comes; True: it was left by power only."""
        self._say(loader.says)
        until = time.monotonic() + loader.counts_s
        heard = b""
        while (left := until - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                heard += typed.get(timeout=left)
            if stop.is_set():
                return True
            if heard and re.search(loader.keys, heard):
                break
        else:
            return False
        self.state = "loader"
        self._say(b"\r\n" + loader.prompt)
        line = b""
        while not stop.is_set():
            line += typed.get()
            while (match := re.search(rb"\r\n?|\n", line)) is not None:
                said, line = line[: match.start()].strip(), line[match.end() :]
                if said == loader.boots:
                    self._say(b"booting\r\n")
                    return False
                answer = (
                    b""
                    if not said
                    else b"U-Boot 2023.04\r\n"
                    if said == b"version"
                    else b"Unknown command\r\n"
                )
                self._say(said + b"\r\n" + answer + loader.prompt)
        return True

    def _talk(self, stop: threading.Event, typed: queue.Queue[Typed]) -> None:
        behaviour, shell = self.behaviour, self.behaviour.shell
        if shell and shell.shows:
            self._say(shell.prompt)
        loses = shell.loses if shell else 0
        line, last, next_chatter = b"", 0.0, time.monotonic()
        while not stop.is_set():
            if behaviour.chatter and time.monotonic() >= next_chatter:
                self._say(behaviour.chatter)
                next_chatter = time.monotonic() + (0.0 if behaviour.floods else behaviour.every_s)
            try:
                wait_s = 0.0 if behaviour.floods else behaviour.every_s if behaviour.chatter else None
                data = typed.get(block=wait_s != 0.0, timeout=wait_s or None)
            except queue.Empty:
                continue
            if any(one in data for one in behaviour.halts_on):
                self.state, self.healthy = "halted", False
                stop.wait()
                return
            line += data
            for request, answer in behaviour.binary.items():
                if line.endswith(request):
                    self._say(answer)
                    line = b""
            if shell is None:
                continue
            if shell.needs_s and (len(data) > 1 or (last and data.at - last < shell.needs_s)):
                self.state, self.healthy = "hung", False
                stop.wait()
                return
            last = data.at
            if loses:
                lost = min(loses, len(line))
                line, loses = line[lost:], loses - lost
            while (match := re.search(shell.ends, line)) is not None:
                said, line = line[: match.start()], line[match.end() :]
                self._say(self._answer(shell, said))
                last = 0.0

    @staticmethod
    def _answer(shell: Shell, said: bytes) -> bytes:
        out = shell.out
        echo = said + out if shell.echoes else b""
        words = said.strip()
        if not words:
            answer = b""
        elif words in shell.answers:
            answer = shell.answers[words] + out
        elif words.startswith(b"echo ") and shell.evaluates:
            answer = words[5:].replace(b"'", b"").replace(b'"', b"") + out
        elif shell.unknown is None:
            return echo
        else:
            answer = shell.unknown.replace(b"%s", words.split()[0]) + out
        return echo + answer + shell.prompt

    # A port in this process ---------------------------------------------------------------------------------

    def opener(self, *, cannot: frozenset[int] = frozenset(), wires: bool = True) -> Callable[..., _OwnPort]:
        """Opens a port of this device, as `Console` wants one.

        Args:
            cannot: speeds that the adapter cannot set.
            wires: whether it has DTR and RTS.
        """

        def opened(line: Line, *, again: bool = False) -> _OwnPort:
            return _OwnPort(self, line, cannot, wires=wires)

        return opened


class _OwnPort:
    """A port without a system behind it, which garbles what comes at another speed as a UART does."""

    def __init__(self, device: Device, line: Line, cannot: frozenset[int], *, wires: bool) -> None:
        self.device = device
        self.speed = line.baudrate
        self.cannot = cannot
        self.wires = wires
        self.shared = 0
        self.gone = False
        self._come: queue.Queue[bytes] = queue.Queue(maxsize=2000)
        device.sink = self._deliver
        device.wires.update(dtr=bool(line.dtr), rts=bool(line.rts))
        if device.state != "off" and any(device.wires[name] for name in device.behaviour.held_by):
            device.cycle()
        device.opened()

    def _deliver(self, data: bytes, speed: int) -> None:
        seen = data if speed == self.speed else resampled(data, speed, self.speed)
        with contextlib.suppress(queue.Full):
            self._come.put(seen, timeout=0.05)

    def read(self, timeout_s: float) -> bytes:
        if self.gone:
            raise ConsoleGone("the cable was pulled")
        if self.shared:
            self.shared -= 1
            raise ConsoleShared("taken by another")
        try:
            parts = [self._come.get(timeout=min(timeout_s, 0.01))]
        except queue.Empty:
            return b""
        with contextlib.suppress(queue.Empty):
            while len(parts) < 500:
                parts.append(self._come.get_nowait())
        return b"".join(parts)

    def write(self, data: bytes, timeout_s: float) -> None:
        if self.gone:
            raise ConsoleGone("the cable was pulled")
        self.device.hear(data, self.speed)

    def set_speed(self, baudrate: int) -> None:
        if baudrate in self.cannot:
            raise ConsoleUnsettable(f"{baudrate} baud cannot be set")
        self.speed = baudrate

    def set_wires(self, dtr: bool | None, rts: bool | None) -> None:
        if not self.wires:
            raise ConsoleUnsettable("has no DTR and RTS")
        for name, on in (("dtr", dtr), ("rts", rts)):
            if on is not None:
                self.device.set_wire(name, on=on)

    def hold_break(self, *, on: bool) -> None:
        if self.device.low and not on and self.device.state != "off":
            self.device.brk()
        self.device.low = on

    def interrupt(self) -> None:
        pass

    def close(self) -> None:
        pass


def resampled(data: bytes, sent_at: int, read_at: int) -> bytes:
    """What a UART at one speed makes of what another one has sent: 8 bits, no parity, least significant bit first."""
    if read_at > 4 * sent_at:
        data = data[:60]  # many bytes for one: these will do
    bits: list[int] = [1] * 4
    for byte in data:
        bits += [0, *((byte >> place) & 1 for place in range(8)), 1]
    bits += [1] * 12
    step = sent_at / read_at
    end = len(bits) - 1
    found = bytearray()
    at = 0.0
    while at < end:
        if bits[int(at)]:
            at = int(at) + 1.0
            continue
        samples = [bits[min(end, int(at + (place + 0.5) * step))] for place in range(1, 10)]
        byte = sum(bit << place for place, bit in enumerate(samples[:8]))
        found.append(byte if samples[8] else 0)  # a framing error reads as a zero
        at += 9.5 * step
    return bytes(found)


@contextlib.contextmanager
def on_a_pty(device: Device) -> Iterator[str]:
    """The device behind a pseudo terminal; gives its name."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    stop = threading.Event()

    def speed() -> int:
        buffer = bytearray(44)
        ioctl(ours, 0x802C542A, buffer)
        return int(struct.unpack("4IB19B2I", buffer)[-1])

    def deliver(data: bytes, sent_at: int) -> None:
        at = speed()
        data = data if at == sent_at else resampled(data, sent_at, at)
        while data and not stop.is_set():
            _, ready, _ = select.select([], [ours], [], 0.05)
            if ready:
                with contextlib.suppress(BlockingIOError, OSError):
                    data = data[os.write(ours, data) :]

    def listen() -> None:
        while not stop.is_set():
            ready, _, _ = select.select([ours], [], [], 0.02)
            if ready:
                with contextlib.suppress(OSError):
                    device.hear(os.read(ours, 4096), speed())

    os.set_blocking(ours, False)
    device.sink = deliver
    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield os.ttyname(theirs)
    finally:
        stop.set()
        thread.join()
        device.close()
        os.close(ours)
        os.close(theirs)


@contextlib.contextmanager
def on_a_socket(device: Device) -> Iterator[str]:
    """The device behind a terminal server; gives its URL."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.02)
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            try:
                connection, _ = server.accept()
            except OSError:
                continue
            with connection:
                connection.settimeout(5)

                def deliver(data: bytes, _speed: int, connection: socket.socket = connection) -> None:
                    with contextlib.suppress(OSError):
                        connection.sendall(data)

                device.sink = deliver
                device.opened()
                while not stop.is_set():
                    ready, _, _ = select.select([connection], [], [], 0.02)
                    if ready:
                        try:
                            data = connection.recv(4096)
                        except OSError:
                            break
                        if not data:
                            break
                        device.hear(data)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"socket://127.0.0.1:{server.getsockname()[1]}"
    finally:
        stop.set()
        thread.join()
        device.close()
        server.close()


def with_shell(behaviour: Behaviour, **changes: object) -> Behaviour:
    """A behaviour whose shell differs."""
    return replace(behaviour, shell=replace(behaviour.shell or Shell(), **changes))  # type: ignore[arg-type]
