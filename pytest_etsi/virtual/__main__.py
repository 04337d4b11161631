"""Command line of the virtual camera.

Exit status: 0 stopped as asked, 2 wrong options, 3 a port is taken, 4 the state directory is in use.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
import stat
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_etsi.virtual.device.identity import Factory
from pytest_etsi.virtual.device.lockout import FIRST_LOCK_S
from pytest_etsi.virtual.device.storage import StateInUseError, is_locked, lock, seed, write
from pytest_etsi.virtual.flaws import EDITIONS, FLAWS, Flaw, named
from pytest_etsi.virtual.place import Place, PlaceError, pick

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_etsi.virtual.camera import Camera

__all__ = ["main"]

PORT_TAKEN = 3
STATE_IN_USE = 4

_STOP_S = 0.8
"""Seconds within which everything has to be closed in good order; after that the process ends anyway."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit status."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except StateInUseError as error:
        return _complain(str(error), STATE_IN_USE)
    except PlaceError as error:
        return _complain(str(error), PORT_TAKEN)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pytest_etsi.virtual",
        description="A camera to try an assessment on, with weaknesses on request.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    device = argparse.ArgumentParser(add_help=False)
    device.add_argument(
        "--state", type=Path, required=True, metavar="DIR", help="where the device's state is kept"
    )
    device.add_argument("--host", help="address to listen on; default: one of its own on the loopback")
    device.add_argument(
        "--ports", type=_base, metavar="BASE", help="first port; default: a free run of ports"
    )
    device.add_argument(
        "--flaw",
        action="append",
        default=[],
        type=_flaw,
        metavar="NAME",
        help="a weakness to show; repeatable",
    )
    camera = commands.add_parser(
        "camera", parents=[device], help="run until SIGTERM or the end of standard input"
    )
    camera.add_argument(
        "--initialized", action="store_true", help="deliver a new device with the first start done"
    )
    camera.add_argument(
        "--first-lock",
        type=_seconds,
        default=FIRST_LOCK_S,
        metavar="SECONDS",
        help="how long a first lock after wrong passwords lasts, in place of the documented %(default)g",
    )
    camera.set_defaults(run=_camera)
    values = commands.add_parser(
        "values", parents=[device], help="print addresses, ports and secrets; do not start"
    )
    values.set_defaults(run=_values)
    flaws = commands.add_parser("flaws", help="list the weaknesses")
    flaws.add_argument("--json", action="store_true", help="as JSON")
    flaws.add_argument(
        "--edition",
        choices=EDITIONS,
        default=EDITIONS[0],
        help="of TS 103 701, whose units are named; default: %(default)s",
    )
    flaws.set_defaults(run=_flaws)
    return parser


def _base(text: str) -> int:
    base = int(text)
    if not 1024 <= base <= 65_000:
        raise argparse.ArgumentTypeError("expected a port from 1024 to 65000")
    return base


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0.0 < seconds <= 3600.0:
        raise argparse.ArgumentTypeError("expected seconds, at most 3600")
    return seconds


def _flaw(text: str) -> Flaw:
    try:
        return named(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _flaws(options: argparse.Namespace) -> int:
    fails = {item: item.fails_in(options.edition) for item in FLAWS}
    if options.json:
        _print(
            json.dumps(
                [
                    {"name": item.label, "what": item.what, "fails": list(units)}
                    for item, units in fails.items()
                ]
            )
        )
    else:
        for item, units in fails.items():
            told = ", ".join(units) or f"nothing that edition {options.edition} asks"
            _print(f"{item.label}\n    {item.what}\n    fails: {told}")
    return 0


def _values(options: argparse.Namespace) -> int:
    from pytest_etsi.virtual.values import prepare, values

    directory, factory = _device(options)
    place = _place(options, directory, running=is_locked(directory))
    prepare(directory, factory, place)
    _print(json.dumps(values(directory, factory, place)))
    return 0


def _camera(options: argparse.Namespace) -> int:
    directory, factory = _device(options)
    with lock(directory):
        place = _place(options, directory, running=False)
        return asyncio.run(_run(directory, factory, place, options))


async def _run(directory: Path, factory: Factory, place: Place, options: argparse.Namespace) -> int:
    from pytest_etsi.virtual.camera import Camera
    from pytest_etsi.virtual.place import PortTakenError
    from pytest_etsi.virtual.values import prepare, values

    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    _watch_stdin(loop, stop)
    prepare(directory, factory, place)
    camera = Camera(
        directory, factory, place, initialized=options.initialized, first_lock_s=options.first_lock
    )
    _collect_complaints(camera)
    try:
        await camera.start()
    except PortTakenError as error:
        hint = "choose other ports with --ports, or let them be picked by leaving --host and --ports out"
        return _complain(f"{error}; {hint}", PORT_TAKEN)
    _print(json.dumps({"ready": True, "host": place.host, "values": values(directory, factory, place)}))
    await stop.wait()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_STOP_S):
            await camera.stop()
    return 0


def _device(options: argparse.Namespace) -> tuple[Path, Factory]:
    directory = Path(options.state).absolute()
    return directory, Factory(seed(directory), frozenset(options.flaw))


def _place(options: argparse.Namespace, directory: Path, *, running: bool) -> Place:
    """The place asked for; what was left open is as last time, if that is still free, or picked anew."""
    record = directory / "place.json"
    if options.host and options.ports:
        place = Place(options.host, options.ports)
    else:
        last = _last_place(record)
        fits = last and options.host in {None, last.host} and options.ports in {None, last.base}
        if last and fits and (running or last.taken() is None):
            return last
        place = pick(options.host, options.ports, seed=seed(directory))
    write(record, json.dumps({"host": place.host, "base": place.base}))
    return place


def _last_place(record: Path) -> Place | None:
    try:
        return Place(**json.loads(record.read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _watch_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Stop when whoever started the camera is gone: the pipe or socket on standard input then ends.

    A terminal or /dev/null says nothing about that and is left alone.
    """
    try:
        mode = os.fstat(0).st_mode
    except OSError:
        return
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return

    def read() -> None:
        try:
            ended = not os.read(0, 4096)
        except BlockingIOError:
            return
        except OSError:
            ended = True
        if ended:
            loop.remove_reader(0)
            stop.set()

    loop.add_reader(0, read)


class _ToLog(logging.Handler):
    """Turns what the libraries complain about into lines of the camera's log.

    On standard error it could fill the pipe of a parent that does not read it, and the camera would stand
    still; and a client that sends rubbish is everyday life for a device that is being probed.
    """

    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        """Note the message, and for an exception what it was and where it came from."""
        text = f"{record.name}: {record.getMessage()}"
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            frames = traceback.extract_tb(error.__traceback__)
            where = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
            text += f": {type(error).__name__}{where}: {error}"
        self._note(text)


def _collect_complaints(camera: Camera) -> None:
    for name in ("aiohttp", "asyncio"):
        logger = logging.getLogger(name)
        logger.addHandler(_ToLog(camera.note))
        logger.propagate = False


def _complain(text: str, status: int) -> int:
    print(f"virtual camera: {text}", file=sys.stderr)  # noqa: T201 - this is a command
    return status


def _print(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - this is a command


if __name__ == "__main__":
    sys.exit(main())
