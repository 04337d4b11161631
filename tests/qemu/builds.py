"""The board's builds: the good one, and bad ones, each a change of a few lines of one program of the guest."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.qemu import documents
from tests.qemu.bench import bench
from tests.qemu.board import HOST, Board
from tests.qemu.software import Software, program

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["BAD", "GOOD", "Build", "answered", "running"]

_STARTS_S = 120.0
_CONSOLE, _SERVICES = "bin/start-console", "bin/start-services"
_UPDATE, _ERASE, _SETTINGS = "bin/install-package", "bin/erase-user-data", "app/www/cgi-bin/settings"
_LOOK, _DEVICE = "bin/look-for-updates", "app/www/cgi-bin/device"
_NOTHING = "exit 0\n"
_OF_CONSOLE = ("5.6-4-2/a",)
_OF_UPDATES = ("5.3-1-2/a", "5.3-2-2/b")
_OF_POWER = ("5.9-1-2/b", "5.9-2-2/b")


@dataclass(frozen=True)
class Build:
    """One build.

    Attributes:
        changed: file of the guest -> what stands there, and what stands there instead.
        fails: units that fail by it.
        looks: units that are looked at with it.
        with_key: the image has a host key.
        interrupted: its power is also cut while it writes a setting and while it starts.
    """

    changed: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    fails: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()
    with_key: bool = False
    interrupted: bool = False

    def change(self, files: dict[str, bytes]) -> None:
        """Make it of the good one's files."""
        for name, lines in self.changed.items():
            for old, new in lines:
                text = files[name].decode()
                assert text.count(old) == 1, f"{name} no longer has one line {old!r}"
                files[name] = text.replace(old, new).encode()
        if self.with_key:
            with tempfile.TemporaryDirectory() as place:
                key = Path(place) / "host-key"
                make = [program("dropbearkey"), "-t", "ed25519", "-f", str(key)]
                subprocess.run(make, check=True, capture_output=True, timeout=30)
                files["etc/host-key"] = key.read_bytes()


GOOD = Build()
INTERRUPTED = Build(looks=("5.9-1-2", "5.9-2-2"), interrupted=True)
"""The good one, at moments of a cut that do most harm."""
BAD = {
    "a shell at the UART": Build(
        {_CONSOLE: ((_NOTHING, "while :; do setsid cttyhack sh -i </dev/ttyS0 >/dev/ttyS0 2>&1; done\n"),)},
        _OF_CONSOLE,
        ("5.6-4-2",),
    ),
    "a login at the UART": Build(
        {_CONSOLE: ((_NOTHING, "while :; do getty -L 115200 ttyS0 vt100; done\n"),)},
        _OF_CONSOLE,
        ("5.6-4-2",),
    ),
    "the UART tells a password hash": Build(
        {_SERVICES: (("    dropbear -p", "    grep owner /etc/shadow >/dev/ttyS0\n    dropbear -p"),)},
        _OF_CONSOLE,
        ("5.6-4-2",),
    ),
    "everybody may read the host key": Build(
        {_SERVICES: (("chmod 755 /data\n", "chmod 755 /data\nchmod 644 /data/host-key\n"),)},
        ("5.4-1-2/a",),
        ("5.4-1-2", "5.4-3-2"),
    ),
    "every board has the same host key": Build(
        {
            _SERVICES: (
                (
                    "dropbearkey -t ed25519 -f /data/host-key >/dev/null 2>&1",
                    "cp /etc/host-key /data/host-key",
                ),
            )
        },
        ("5.4-1-2/a", "5.4-3-2/a"),
        ("5.4-1-2", "5.4-3-2"),
        with_key=True,
    ),
    "an account of the maker's": Build(
        {
            "etc/passwd": (("owner:x", "service:x:0:0:service:/root:/bin/sh\nowner:x"),),
            "etc/shadow.factory": (
                ("owner:!", "service:$1$abcdefgh$Uh569wLuKmqDZciiqEfAa/:19700:0:99999:7:::\nowner:!"),
            ),
        },
        ("5.4-3-2/a",),
        ("5.4-1-2", "5.4-3-2"),
    ),
    "no signature is checked": Build(
        {_UPDATE: (('    refuse "signature"', "    :"),)}, _OF_UPDATES, ("5.3-1-2", "5.3-2-2")
    ),
    "an older version is taken": Build(
        {_UPDATE: (('[ "$version" = "$highest" ] || refuse "an older version"\n', ""),)},
        _OF_UPDATES,
        ("5.3-1-2", "5.3-2-2"),
    ),
    "another model's version is taken": Build(
        {_UPDATE: (('[ "$(field model)" = "$MODEL" ] || refuse "another model"\n', ""),)},
        _OF_UPDATES,
        ("5.3-1-2", "5.3-2-2"),
    ),
    "a power cut ends an update for good": Build(
        {
            _UPDATE: (
                ("&& spare=b || spare=a\n", "&& spare=a || spare=b\n"),
                ("light yellow\n", "sync\nlight yellow\nsleep 8\n"),
            )
        },
        _OF_UPDATES,
        ("5.3-1-2", "5.3-2-2"),
    ),
    "automatic updates are off at first": Build(
        {_SERVICES: (("automatic=on", "automatic=off"),)}, ("5.3-6-2/a",), ("5.3-6-2",)
    ),
    "updates are installed whatever is set, and not told of": Build(
        {
            _LOOK: (('    [ "$(setting automatic)" = on ] || continue\n', ""),),
            _DEVICE: (('notice="Update $offered is on offer"', "notice="),),
        },
        ("5.3-6-2/b", "5.3-6-2/c", "5.3-6-2/d"),
        ("5.3-6-2",),
    ),
    "a setting is lost when power fails while it is written": Build(
        {
            _SETTINGS: (
                (
                    "        store /data/settings </run/settings\n",
                    "        : >/data/settings; sync; sleep 5; cat /run/settings >/data/settings; sync\n",
                ),
            )
        },
        _OF_POWER,
        ("5.9-1-2", "5.9-2-2"),
        interrupted=True,
    ),
    "settings are kept in memory": Build(
        {
            _SETTINGS: (
                ("        store /data/settings </run/settings\n", "        cp /run/settings /run/kept\n"),
                ("        chmod 644 /data/settings\n", ""),
                ('/$one/" /data/settings', '/$one/" /run/kept'),
                ("\ncat /data/settings", "\ncat /run/kept"),
            ),
            _SERVICES: (
                ("chmod 644 /data/settings\n", "chmod 644 /data/settings\ncp /data/settings /run/kept\n"),
            ),
        },
        _OF_POWER,
        ("5.9-1-2", "5.9-2-2"),
    ),
    "a service is there at every other start only": Build(
        {
            _SERVICES: (
                # What is to say that it runs outlives a power cut, and is only then taken away.
                (
                    "    dropbear -p",
                    "    if rmdir /data/ssh 2>/dev/null; then no=true; else mkdir /data/ssh; fi; sync; $no dropbear -p",
                ),
            )
        },
        _OF_POWER,
        ("5.9-1-2", "5.9-2-2"),
    ),
    "no page once the cable was out": Build(
        {
            # It is seen at the next question, so that it does not hang on how fast the board notices.
            _SERVICES: (
                (
                    "httpd -p 80",
                    (
                        'until [ "$(cat /sys/class/net/eth0/carrier)" = 1 ]; do usleep 50000; done\n'
                        "cat /sys/class/net/eth0/carrier_changes >/run/changes\nhttpd -p 80"
                    ),
                ),
            ),
            _DEVICE: (
                (
                    "read -r decisions",
                    "cmp -s /run/changes /sys/class/net/eth0/carrier_changes || killall httpd\nread -r decisions",
                ),
            ),
        },
        ("5.9-1-2/a", "5.9-2-2/a"),
        ("5.9-1-2", "5.9-2-2"),
    ),
    "a reset leaves the settings": Build(
        {_ERASE: (("/data/password /data/settings", "/data/password"),)},
        ("5.11-1-2/c", "5.11-3-1/c"),
        ("5.11-1-2", "5.11-3-1", "5.11-4-1"),
    ),
    "a touch resets": Build(
        {"init": (("[1-9][0-9])", "*[0-9]*)"),)},
        ("5.11-1-2/b", "5.11-3-1/c"),
        ("5.11-1-2", "5.11-3-1", "5.11-4-1"),
    ),
}


@contextlib.contextmanager
def running(directory: Path, build: Build = GOOD) -> Iterator[tuple[Board, Path]]:
    """The board with a build, set up and running, and its profile."""
    software = Software(directory / "software").build(build.change)
    with Board(directory / "board", software) as board, bench(board) as port:
        profile = documents.write(directory / "documents", board, port, interrupted=build.interrupted)
        board.on()
        _set_up(board)
        yield board, profile


def _set_up(board: Board) -> None:
    """The owner's first start."""
    page = f"http://{HOST}:{board.http}/"
    # What is asked before the board has started is taken all the same, and given to it later: only a page is asked for.
    answered(page)
    with urllib.request.urlopen(
        f"{page}cgi-bin/setup", f"password={documents.PASSWORD}".encode(), timeout=30
    ):
        pass
    answered(f"{page}cgi-bin/device", 401)


def answered(url: str, status: int = 200) -> None:
    """Wait until a page gives this status."""
    until = time.monotonic() + _STARTS_S
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:
                    seen = answer.status
            except urllib.error.HTTPError as error:
                seen = error.code
            if seen == status:
                return
        time.sleep(0.1)
    raise TimeoutError(f"{url} gives no {status} within {_STARTS_S:g} s")
