"""Virtual devices as processes of their own: started, asked what they are like, and stopped by handle."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import signal
import subprocess
import sys
import tempfile
import time
from typing import IO, TYPE_CHECKING, Any

import pytest

from pytest_etsi.scratch import Scratch
from pytest_etsi.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["KINDS", "VirtualDevice", "check_flaws"]

KINDS = ("camera",)
"""The virtual devices that there are."""

WRONG_OPTIONS = 2
"""Exit status of a device that was given a flaw it does not know, for one."""
READY_WITHIN_S = 30.0
STOP_WITHIN_S = 3.0
_POLL_S = 0.01
_COMMAND = (sys.executable, "-P", "-m", "pytest_etsi.virtual")
MISSING_EXTRA = "the virtual device needs aiohttp, which is not installed: pip install 'pytest-etsi[virtual]'"


class VirtualDevice:
    """A virtual device with a state of its own, which is removed with it.

    Args:
        kind: one of `KINDS`.
        flaws: to be seeded.
        seed: any text; with the same one it is the same device again (serial number, passwords), as a run that is
            resumed expects.

    Raises:
        pytest.UsageError: there is no such kind, or what it needs is not installed.
    """

    def __init__(self, kind: str, flaws: Sequence[str], *, seed: str) -> None:
        if kind not in KINDS:
            raise pytest.UsageError(f"unknown virtual device {kind!r}; there is {', '.join(KINDS)}")
        if importlib.util.find_spec("aiohttp") is None:
            raise pytest.UsageError(MISSING_EXTRA)
        self._kind = kind
        self._flaws = tuple(flaws)
        self._directory = Scratch("virtual")
        self._process: subprocess.Popen[bytes] | None = None
        self._state = self._directory.path / "state"
        self._state.mkdir(mode=0o700)
        (self._state / "seed").write_text(hashlib.sha256(seed.encode()).hexdigest()[:32], encoding="ascii")

    def start(self) -> dict[str, str]:
        """Start the device; gives what it is like once it is ready.

        Raises:
            pytest.UsageError: it does not start, or does not know a flaw.
        """
        output, errors = self._directory.path / "output", self._directory.path / "errors"
        flaws = [f"--flaw={flaw}" for flaw in self._flaws]
        arguments = [self._kind, "--state", str(self._state), "--initialized", *flaws]
        with output.open("wb") as stdout, errors.open("wb") as stderr:
            self._process = _launch(arguments, stdout, stderr)
        deadline = time.monotonic() + READY_WITHIN_S
        while True:
            line, complete, _ = output.read_bytes().partition(b"\n")
            if complete:
                return _texts(json.loads(line)["values"])
            status = self._process.poll()
            if status is not None:
                complaint = self._complaint(status, errors.read_bytes())
                self.stop()
                if status == WRONG_OPTIONS:
                    check_flaws(self._flaws)
                raise pytest.UsageError(complaint)
            if time.monotonic() > deadline:
                self.stop()
                raise pytest.UsageError(f"the virtual {self._kind} was not ready within {READY_WITHIN_S:g} s")
            time.sleep(_POLL_S)

    def stop(self) -> None:
        """Stop the device and remove its state; stopping again does nothing."""
        process, self._process = self._process, None
        if process is not None:
            if process.stdin is not None:
                with contextlib.suppress(OSError):
                    process.stdin.close()
            for number in (None, signal.SIGTERM, signal.SIGKILL):
                if number is not None:
                    process.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(STOP_WITHIN_S)
                    break
        self._directory.close()

    def _complaint(self, status: int, errors: bytes) -> str:
        text = errors.decode(errors="replace").strip()
        if "No module named 'aiohttp'" in text:
            return MISSING_EXTRA
        last = text.splitlines()[-1] if text else "no message"
        return f"the virtual {self._kind} ended with status {status}: {last}"


def _launch(arguments: Sequence[str], stdout: IO[bytes], stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the program of the virtual devices.

    It has a session of its own: Ctrl-C in the terminal is for pytest, which then stops the device in good order.
    """
    command = [*_COMMAND, *arguments]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=stdout, stderr=stderr, start_new_session=True
    )


def check_flaws(flaws: Sequence[str]) -> None:
    """Make sure that every flaw is one that the virtual devices know.

    Raises:
        pytest.UsageError: one is not; names the nearest.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        with _launch(["flaws", "--json"], output, errors) as process:
            try:
                status = process.wait(READY_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise pytest.UsageError("the list of flaws took too long") from None
        output.seek(0)
        errors.seek(0)
        if status:
            said = errors.read().decode(errors="replace").strip()
            raise pytest.UsageError(f"the list of flaws is not available: {said}")
        known = [flaw["name"] for flaw in json.load(output)]
    for flaw in flaws:
        if flaw not in known:
            hint = did_you_mean(flaw, known, most=3) or f"there are: {', '.join(known)}"
            raise pytest.UsageError(f"--etsi-flaw: unknown flaw {flaw!r}; {hint}")


def _texts(values: dict[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in values.items() if value is not None}
