"""The board: QEMU as its hardware, with a supply, a network cable, a serial adapter and a button that a bench has."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shlex
import shutil
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from serial.rfc2217 import PortManager

from tests.daemons import free_port
from tests.qemu.software import QEMU, kernel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Self

    from tests.qemu.software import Software

__all__ = ["HOST", "Board"]

HOST = "127.0.0.1"
_ACCELERATION = os.environ.get("ETSI_QEMU_ACCEL", "tcg")
"""KVM inside of a virtual machine may start a guest and never come to its end: it is for who knows that it works."""
_KERNEL_OPTIONS = (
    "quiet cryptomgr.notests console=tty0 panic=1 mitigations=off random.trust_cpu=on nokaslr audit=0"
    " tsc=unstable clocksource=hpet tsc_early_khz=2600000 nolapic_timer no_timer_check"
    " noreplace-smp percpu_alloc=page init_on_alloc=0 retain_initrd rodata=off"
    " debugfs=off initcall_blacklist=tracer_init_tracefs,init_kprobes"
)
"""No console at the UART. The clock is the timer that QEMU keeps: the kernel measures the speed of the time stamp counter
while it starts, which on a busy machine may put its uptime ahead by half a minute; and without KVM it is not right unmeasured.

Without KVM a start takes seconds of a processor. Left out is what no user of the board sees: to measure timers that it does
not use and to see whether its own one ticks, to change code for one processor and clear memory, and what is for debugging.
"""
_PROCESSOR = "qemu64,+rdrand"
"""With a source of random numbers: without one, the first program that wants some is kept up to a second at full load."""
_INSIDE = {"http": 80, "ssh": 22}
_MAKER = "10.0.2.100:80"
"""Where the board asks its maker for an update: the file that is on offer is the answer, whatever is asked."""
_NOON = "2026-01-01T12:00:00"
"""Time at each start: whether the hour comes at which the board installs by itself does not hang on when tests run."""
_ESCAPE = b"\x01"
"""What QEMU takes for a command at the UART: followed by "b" it is a BREAK, doubled it is itself."""


@dataclass
class Board:
    """One board with its own disks.

    Attributes:
        directory: of disks and logs.
        software: what it was delivered with.
        http: port of its page on this machine.
        ssh: port of its maintenance.
        uart: port of the serial adapter, which speaks RFC 2217.
    """

    directory: Path
    software: Software
    http: int = field(default_factory=free_port)
    ssh: int = field(default_factory=free_port)
    uart: int = field(default_factory=free_port)
    light: str = field(default="", init=False)
    _kernel: Path | None = field(default_factory=kernel, init=False)
    _machine: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _power: object = field(default=None, init=False)
    _linked: bool = field(default=True, init=False)
    _ends: contextlib.ExitStack = field(default_factory=contextlib.ExitStack, init=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, init=False)

    def __enter__(self) -> Self:
        self.directory.mkdir(parents=True, exist_ok=True)
        self.program()
        self.offer(b"")
        shutil.copy(self.software.data, self.directory / "data.img")
        self._adapter = _Adapter(self.uart, self.directory / "uart")
        self._button = _Button(self.directory / "button", self._shine)
        self._ends.enter_context(self._adapter)
        self._ends.enter_context(self._button)
        return self

    def __exit__(self, *_: object) -> None:
        self.off()
        self._ends.close()

    @property
    def is_on(self) -> bool:
        """Whether it has power."""
        return self._machine is not None

    @property
    def linked(self) -> bool:
        """Whether its network cable is plugged in."""
        return self._linked

    def on(self) -> None:
        """Give it power."""
        with self._lock:
            if self._machine is not None:
                return
            self._power = object()
            self._start()
            threading.Thread(target=self._stay_on, args=(self._power,), daemon=True).start()

    def _start(self) -> None:
        with (self.directory / "qemu.log").open("ab") as log:
            self._machine = subprocess.Popen(
                self._command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        if not self._linked:
            self.link(up=False)

    def _stay_on(self, power: object) -> None:
        """Start it again when it has reset itself: QEMU, told to, ends then."""
        while True:
            with self._lock:
                machine = self._machine
                if self._power is not power or machine is None:
                    return
                if machine.poll() is not None:
                    if machine.returncode:
                        return
                    self._start()
            time.sleep(0.05)

    def off(self) -> None:
        """Take its power away, whatever it is at."""
        with self._lock:
            if self._machine is not None:
                self._machine.kill()
                self._machine.wait(30)
                self._machine = None
            self.light = ""

    def link(self, *, up: bool) -> None:
        """Plug the network cable in, or out."""
        with self._lock:
            self._linked = up
            if self._machine is None:
                return
            state = "on" if up else "off"
            self._monitor("human-monitor-command", **{"command-line": f"set_link net0 {state}"})
            for name in _INSIDE:
                change = (
                    f"hostfwd_add net0 {self._forward(name)}"
                    if up
                    else f"hostfwd_remove net0 tcp:{HOST}:{getattr(self, name)}"
                )
                self._monitor("human-monitor-command", **{"command-line": change})

    def press(self, seconds: int) -> None:
        """Hold the button."""
        self._button.send(f"{seconds}\n".encode())

    def program(self) -> None:
        """Write the software that it was delivered with into its memory, which has no power meanwhile."""
        with self._lock:
            was_on = self.is_on
            self.off()
            shutil.copy(self.software.system, self.directory / "system.img")
            if was_on:
                self.on()

    def offer(self, package: bytes) -> None:
        """What the board's maker has on offer for it; empty: nothing."""
        coming = self.directory / "offer.new"
        coming.write_bytes(package)
        coming.replace(self.directory / "offer")

    def _shine(self, line: str) -> None:
        if line.startswith("light "):
            self.light = line.removeprefix("light ")

    def _forward(self, name: str) -> str:
        return f"tcp:{HOST}:{getattr(self, name)}-:{_INSIDE[name]}"

    def _command(self) -> list[str]:
        forwards = ",".join(f"hostfwd={self._forward(name)}" for name in _INSIDE)
        offered = f"guestfwd=tcp:{_MAKER}-cmd:{shlex.join(('cat', str(self.directory / 'offer')))}"
        disks = [
            part
            for name in ("system", "data")
            for part in ("-drive", f"file={self.directory / name}.img,format=raw,if=virtio,cache=writeback")
        ]
        chip = [
            part
            for name in ("uart", "button")
            for part in (
                "-chardev",
                f"socket,id={name},path={self.directory / name},reconnect=1{',mux=on' * (name == 'uart')}",
                "-device",
                f"isa-serial,chardev={name}",
            )
        ]
        return [
            *(QEMU, "-M", "q35", "-accel", _ACCELERATION, "-cpu", _PROCESSOR, "-m", "128", "-nodefaults"),
            *(
                "-no-user-config",
                "-no-reboot",
                "-display",
                "none",
                "-kernel",
                str(self._kernel),
                "-initrd",
                str(self.software.initrd),
            ),
            *("-append", _KERNEL_OPTIONS, "-rtc", f"base={_NOON}"),
            *chip,
            *disks,
            *("-netdev", f"user,id=net0,restrict=on,{offered},{forwards}"),
            *("-device", "virtio-net-pci,netdev=net0,romfile="),
            *("-qmp", f"unix:{self.directory / 'qmp'},server=on,wait=off"),
        ]

    def _monitor(self, command: str, **arguments: object) -> object:
        """One command of QEMU's machine protocol."""
        until = time.monotonic() + 10
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(10)
            while True:
                try:
                    line.connect(str(self.directory / "qmp"))
                    break
                except OSError:
                    if time.monotonic() > until:
                        raise
                    time.sleep(0.05)
            with line.makefile("rw", encoding="utf-8") as told:
                told.readline()
                for one in ({"execute": "qmp_capabilities"}, {"execute": command, "arguments": arguments}):
                    told.write(json.dumps(one) + "\n")
                    told.flush()
                    while "return" not in (answer := json.loads(told.readline())):
                        if "error" in answer:
                            raise RuntimeError(answer["error"])
                return answer["return"]


class _Line(threading.Thread):
    """One end of a serial line at a UNIX socket, to which QEMU connects at each start."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        path.unlink(missing_ok=True)
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen(1)
        self._far: socket.socket | None = None
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.join(5)
        for end in (self._server, self._far):
            if end is not None:
                end.close()

    def send(self, data: bytes) -> None:
        """To the board; lost where it has no power."""
        if (far := self._far) is not None:
            with contextlib.suppress(OSError):
                far.sendall(data)

    def heard(self, data: bytes) -> None:
        """From the board."""
        raise NotImplementedError

    def others(self) -> list[socket.socket]:
        """Further sockets to wait for."""
        return []

    def ready(self, one: socket.socket) -> None:
        """Something has come on one of them."""

    def run(self) -> None:
        while not self._ended.is_set():
            wait = [one for one in (self._server, self._far, *self.others()) if one is not None]
            for one in select.select(wait, [], [], 0.1)[0]:
                if one is self._server:
                    if self._far is not None:
                        self._far.close()
                    self._far = self._server.accept()[0]
                elif one is self._far:
                    data = b""
                    with contextlib.suppress(OSError):
                        data = one.recv(65536)
                    if data:
                        self.heard(data)
                    else:
                        one.close()
                        self._far = None
                else:
                    self.ready(one)


class _Pins:
    """What RFC 2217 sets at the adapter; speed and form of the characters mean nothing to QEMU."""

    cts = dsr = cd = True
    ri = xonxoff = rtscts = False
    dtr = rts = False
    baudrate, bytesize, parity, stopbits = 115200, 8, "N", 1

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send

    @property
    def break_condition(self) -> bool:
        return False

    @break_condition.setter
    def break_condition(self, on: bool) -> None:
        if on:
            self._send(_ESCAPE + b"b")

    def reset_input_buffer(self) -> None:
        pass

    def reset_output_buffer(self) -> None:
        pass


class _Adapter(_Line):
    """The serial adapter (RFC 2217): stays at its port while the board is off, and has one user at a time."""

    def __init__(self, port: int, path: Path) -> None:
        super().__init__(path)
        self._listener = socket.create_server((HOST, port))
        self._user: socket.socket | None = None
        self._manager: PortManager | None = None

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        for end in (self._listener, self._user):
            if end is not None:
                end.close()

    def write(self, data: bytes) -> None:
        """To the user, as the manager of the protocol wants it."""
        if self._user is not None:
            with contextlib.suppress(OSError):
                self._user.sendall(data)

    def others(self) -> list[socket.socket]:
        return [one for one in (self._listener, self._user) if one is not None]

    def heard(self, data: bytes) -> None:
        if self._manager is not None:
            self.write(b"".join(self._manager.escape(data)))

    def ready(self, one: socket.socket) -> None:
        if one is self._listener:
            if self._user is not None:
                self._user.close()
            self._user = self._listener.accept()[0]
            self._manager = PortManager(_Pins(self.send), self)
            return
        data = b""
        with contextlib.suppress(OSError):
            data = one.recv(65536)
        if data and self._manager is not None:
            typed = b"".join(self._manager.filter(data))
            if typed:
                self.send(typed.replace(_ESCAPE, _ESCAPE * 2))
        else:
            one.close()
            self._user = self._manager = None


class _Button(_Line):
    """The line by which the board's button and light are wired."""

    def __init__(self, path: Path, shine: object) -> None:
        super().__init__(path)
        self._shine = shine
        self._text = ""

    def heard(self, data: bytes) -> None:
        self._text += data.decode("ascii", "replace").replace("\r", "")
        *lines, self._text = self._text.split("\n")
        for line in lines:
            self._shine(line)
