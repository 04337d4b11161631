"""Pages of the device that take software, looked for where devices usually have them."""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from pytest_etsi.probes._net import url_host
from pytest_etsi.probes.observation import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.core import Core
    from pytest_etsi.probes.services import Service

__all__ = ["PATHS", "UpdateEntry", "find_update_entries"]

PATHS = (
    "/update", "/upgrade", "/firmware", "/ota", "/fwupdate", "/fw_update", "/firmware-update", "/system/update",
    "/cgi-bin/upgrade.cgi", "/cgi-bin/update.cgi", "/cgi-bin/firmware.cgi", "/upload", "/flash", "/up", "/u1",
    "/api/update", "/api/firmware", "/api/ota", "/api/v1/update", "/api/system/firmware", "/rpc/Shelly.Update",
    "/cm?cmnd=Upgrade", "/goform/upgrade", "/upgrade.html", "/update.html", "/firmware.html", "/fw.html",
)  # fmt: skip
_MAX_BODY = 65_536
_TAKES_FILES = re.compile(r"""(?is)<input[^>]{0,300}type\s*=\s*["']?file|multipart/form-data""")
_ABOUT_SOFTWARE = re.compile(r"(?i)firmware|upgrade|update|\bota\b|flash")


@dataclass(frozen=True, slots=True)
class UpdateEntry:
    """A page that seems to take software.

    Attributes:
        url: its address.
        path: of the address.
        takes_files: it has a form for a file, or allows to send one.
        why: what speaks for it.
    """

    url: str
    path: str
    takes_files: bool
    why: str

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)


def find_update_entries(dut: Core) -> tuple[UpdateEntry, ...]:
    """Ask every web service of the device for the pages by which software is usually installed.

    Nothing is sent to them; an answer that a page gives to any path says nothing.

    Raises:
        Inconclusive: as `Network.services`.
    """
    found: list[UpdateEntry] = []
    for service in dut.network.services().services:
        if service.protocol == "tcp" and service.kind in {"http", "https"}:
            with dut.network.http() as client:
                found.extend(_of(client, service))
    return tuple(found)


def _of(client: httpx.Client, service: Service) -> Iterator[UpdateEntry]:
    scheme = "https" if service.tls else "http"
    base = f"{scheme}://{url_host(service.host)}:{service.port}"
    usual = _ask(client, "GET", f"{base}/{secrets.token_hex(8)}")
    for path in PATHS:
        answer = _ask(client, "GET", f"{base}{path}")
        if answer is None or answer.status_code == 404 or _alike(answer, usual, path):
            continue
        text = answer.text[:_MAX_BODY]
        if answer.status_code == 200 and _TAKES_FILES.search(text):
            yield UpdateEntry(f"{base}{path}", urlsplit(path).path, True, "a page that takes a file")
        elif answer.status_code == 405 and {"PUT", "POST"} & set(
            re.findall(r"[A-Z]+", answer.headers.get("allow", ""))
        ):
            why = f"it takes what is sent by {printable(answer.headers['allow'], 40)}"
            yield UpdateEntry(f"{base}{path}", urlsplit(path).path, True, why)
        elif answer.status_code in {401, 403} or (answer.status_code == 200 and _ABOUT_SOFTWARE.search(text)):
            yield UpdateEntry(f"{base}{path}", urlsplit(path).path, False, f"HTTP {answer.status_code}")


def _ask(client: httpx.Client, method: str, url: str) -> httpx.Response | None:
    try:
        return client.request(method, url)
    except httpx.HTTPError:
        return None


def _alike(answer: httpx.Response, usual: httpx.Response | None, path: str) -> bool:
    """Whether a path that does not exist is answered in the same way, but for the path itself."""
    if usual is None or answer.status_code != usual.status_code:
        return False
    if answer.is_redirect:
        there, here = answer.headers.get("location", ""), usual.headers.get("location", "")
        return urlsplit(there).path in {urlsplit(here).path, urlsplit(path).path}
    return abs(len(answer.content) - len(usual.content)) <= 2 * len(path)
