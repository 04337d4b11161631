"""A page as a reader sees it, after its scripts have run: drawn by Chromium, which reaches nothing but the device.

The page is foreign code. It runs in the browser's sandbox, as an unprivileged user where the tester is root, with a
profile of its own that is thrown away, for bounded time and in bounded memory.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from pytest_etsi import bounds

__all__ = ["Rendered", "Renderer", "render"]

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_NOBODY = 65534
_PAGE_S = 10
"""Seconds, in the page's own time, after which what it shows is taken."""
_MOST_MEMORY = 1 << 30
"""Bytes that all processes of the browser may hold."""
_MOST_WRITTEN = bounds.RENDERING.most
_MOST_READ = 1 << 20
_LOOK_S = 0.1


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of a page.

    Attributes:
        text: the document as its scripts have left it, in HTML; empty: it could not be drawn.
        error: why not, in a phrase.
    """

    text: str
    error: str = ""


Renderer: TypeAlias = Callable[[str], Rendered]
"""Draws the page at a URL."""


def render(url: str, *, timeout_s: float = bounds.RENDERING.step_s) -> Rendered:
    """Draw a page in Chromium, and give the document that its scripts have made.

    Args:
        url: of the page; no other host is reached, whatever the page asks for.
        timeout_s: seconds for all of it.
    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), "")
    host = urlsplit(url).hostname or ""
    if not program:
        return Rendered("", "Chromium is not installed")
    if not host:
        return Rendered("", "its address names no host")
    if "%" in host:
        return Rendered("", f"Chromium knows no address with the name of an interface, as in {host}")
    with tempfile.TemporaryDirectory(prefix="page-", ignore_cleanup_errors=True) as made:
        directory = Path(made)
        as_whom = {}
        if os.geteuid() == 0:
            os.chown(directory, _NOBODY, _NOBODY)
            as_whom = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
        written = directory / "document.html"
        with written.open("wb") as document:
            browser = subprocess.Popen(
                [program, *_arguments(directory, host), url],
                stdin=subprocess.DEVNULL,
                stdout=document,
                stderr=subprocess.DEVNULL,
                cwd=directory,
                env={"PATH": os.environ.get("PATH", ""), "HOME": made, "TMPDIR": made},
                start_new_session=True,
                **as_whom,  # type: ignore[call-overload]
            )
        try:
            error = _watched(browser, written, timeout_s)
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(browser.pid, signal.SIGKILL)
            browser.wait()
        if error:
            return Rendered("", error)
        with written.open("rb") as document:
            text = document.read(_MOST_READ).decode("utf-8", "replace")
    return Rendered(text, "" if text.strip() else "Chromium gave no document")


def _arguments(directory: Path, host: str) -> list[str]:
    return [
        "--headless",
        f"--user-data-dir={directory}",
        # No other name or address is found, for whatever in the browser asks for it.
        f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {_as_chromium_writes(host)}",
        "--no-proxy-server",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-extensions",
        "--disable-gpu",
        "--no-first-run",
        "--ignore-certificate-errors",  # devices mostly sign their own
        "--renderer-process-limit=1",
        "--js-flags=--max-old-space-size=256",
        f"--virtual-time-budget={_PAGE_S * 1000}",
        "--dump-dom",
    ]


def _as_chromium_writes(host: str) -> str:
    """A host as the browser compares it: an IPv6 address without brackets, in its shortest form and in hexadecimal."""
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError:
        return host
    if address.ipv4_mapped is not None:
        number = int(address.ipv4_mapped)
        return f"::ffff:{number >> 16:x}:{number & 0xFFFF:x}"
    return address.compressed


def _watched(browser: subprocess.Popen[bytes], written: Path, timeout_s: float) -> str:
    """Wait for the browser to end; what kept it from that, in a phrase."""
    end = time.monotonic() + timeout_s
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            status = browser.wait(_LOOK_S)
            return f"Chromium ended with {status}" if status else ""
        if time.monotonic() > end:
            return f"the page was not drawn within {timeout_s:g} s"
        if _memory_of(browser.pid) > _MOST_MEMORY:
            return f"the page took more than {_MOST_MEMORY >> 20} MiB of memory"
        if written.stat().st_size > _MOST_WRITTEN:
            return f"the page grew beyond {_MOST_WRITTEN >> 20} MiB"


def _memory_of(group: int) -> int:
    """Bytes that the processes of a group hold and share with no file; 0 where the system does not tell."""
    pages = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            if os.getpgid(int(process.name)) == group:
                _, resident, shared, *_ = map(int, (process / "statm").read_text().split())
                pages += resident - shared
    return pages * os.sysconf("SC_PAGE_SIZE")
