"""Programs that a test has started in a network of its own, and stops by their handles."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.namespaces import Namespace

__all__ = ["Started"]

_LISTENS_S = 60.0
"""Longest time until a program listens, in seconds; large ones take several on a busy machine."""


@dataclass
class Started:
    """What runs in a network.

    Attributes:
        directory: for files and logs.
        net: the network.
        programs: name and process of each program in it.
        switch: what stands at the other end of the cable and switches the device.
    """

    directory: Path
    net: Namespace
    programs: list[tuple[str, subprocess.Popen[bytes]]] = field(default_factory=list)
    switch: subprocess.Popen[bytes] | None = None

    def start(self, name: str, command: list[str], **environment: str) -> None:
        """Run a program in the network, until the end."""
        with (self.directory / f"{name}.log").open("wb") as log:
            program = subprocess.Popen(
                self.net.command(*command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **environment},
                start_new_session=True,
            )
        self.programs.append((name, program))

    def start_switch(self, command: list[str]) -> None:
        """Run a program at the other end of the cable, until the end; it says "ready" when it listens."""
        self.switch = subprocess.Popen(
            self.net.from_bench(*command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self.switch.stdout is not None
        assert self.switch.stdout.readline() == b"ready\n"

    def wait(self, *places: str) -> None:
        """Wait until something listens at each of these places, such as "443/tcp"."""
        until = time.monotonic() + _LISTENS_S
        missing = set(places)
        while missing and time.monotonic() < until:
            for name, program in self.programs:
                if program.poll() is not None:
                    raise RuntimeError(f"{name} ended:\n{(self.directory / f'{name}.log').read_text()}")
            listing = subprocess.run(
                self.net.command("ss", "-H", "-lntu"), capture_output=True, text=True, check=True, timeout=10
            ).stdout
            there = {
                f"{line.split()[4].rpartition(':')[2]}/{line.split()[0]}" for line in listing.splitlines()
            }
            missing -= there
            time.sleep(0.1)
        if missing:
            raise RuntimeError(f"nothing listens on {missing}")

    def stop(self) -> None:
        """Stop what was started, by its handle: each program with the processes of its group, such as those of a wrapper."""
        programs = [program for _, program in self.programs] + ([self.switch] if self.switch else [])
        for program in programs:
            _tell(program, signal.SIGTERM)
        for program in programs:
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(5)
            _tell(program, signal.SIGKILL)
            program.wait()
        if self.switch and self.switch.stdout:
            self.switch.stdout.close()


def _tell(program: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to the group that a program leads; it may be empty already."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, number)
