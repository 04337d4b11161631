"""Programs of this machine: run by their arguments, without a shell, for a limited time, with bounded output."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_etsi.dut.reach.handing_over import fill_in
from pytest_etsi.dut.reach.operations._model import OperationFailedError, OtherwiseError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_etsi.dut.reach.operations._model import Came
    from pytest_etsi.profile.operations import ShellOperation

__all__ = ["ShellDriver", "run_program"]

_MOST_BYTES = 256 * 1024
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


class ShellDriver:
    """Runs a program and looks at its status."""

    def run(self, declared: ShellOperation, arguments: Mapping[str, str], came: Came) -> None:
        """See `Driver`.

        Raises:
            OtherwiseError: it ended with a status that is no success.
        """
        status, came.text = run_program(
            [declared.program, *fill_in(declared.arguments, arguments)],
            fill_in(declared.env, arguments),
            declared.timeout_s,
        )
        came.note(f"the program {Path(declared.program).name}", f"status {status}: {came.text}")
        if status not in declared.expect:
            raise OtherwiseError(
                f"{Path(declared.program).name} ended with {status}, expected "
                f"{' or '.join(map(str, declared.expect))}: {came.text[-200:].strip()}"
            )


def run_program(command: Sequence[str], env: Mapping[str, str], timeout_s: float) -> tuple[int, str]:
    """Run a program; gives its status and the beginning of what it said, errors among it.

    The program gets no input and a small environment, and is ended, with what it started, when its time is up.

    Raises:
        OperationFailedError: there is no such program, or its time is up.
    """
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    name = Path(command[0]).name
    try:
        process = subprocess.Popen(
            list(command),
            env=inherited | dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise OperationFailedError(f"{name} cannot be run: {error}") from error
    said, ended = _listen(process, timeout_s)
    text = said.decode("utf-8", "replace")
    if not ended:
        raise OperationFailedError(
            f"{name} did not end within {timeout_s:g} s"
            + (f"; it said: {text[-200:].strip()}" if text else "")
        )
    return process.returncode, text


def _listen(process: subprocess.Popen[bytes], timeout_s: float) -> tuple[bytes, bool]:
    """What it says, up to a limit, until it ends; whether it ended in time."""
    assert process.stdout is not None  # noqa: S101 - it was started with a pipe
    end = time.monotonic() + timeout_s
    said = bytearray()
    ended = False
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while (left := end - time.monotonic()) > 0:
                if not selector.select(min(left, 0.1)):
                    # What it started may keep the pipe open when it has ended.
                    if process.poll() is not None:
                        break
                    continue
                if not (data := os.read(process.stdout.fileno(), 65536)):
                    break
                said += data[: _MOST_BYTES - len(said)]  # the rest is read and thrown away
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, end - time.monotonic()))
            ended = True
    finally:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    return bytes(said), ended
