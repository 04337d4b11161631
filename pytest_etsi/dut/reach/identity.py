"""Is this the device that the profile describes?"""

from __future__ import annotations

import hashlib
import re
import ssl
from typing import TYPE_CHECKING, Any

import httpx

from pytest_etsi.dut.reach.anti_forgery import with_token
from pytest_etsi.dut.reach.auth.http import http_client
from pytest_etsi.dut.reach.auth.taking import json_at, text_of
from pytest_etsi.dut.reach.handing_over import handed_over
from pytest_etsi.probes.observation import printable
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.dut.reach.auth import Device
    from pytest_etsi.profile.access import IdentityAccess

__all__ = ["observe_identity"]

_READ = 256 * 1024
"""Characters of a body in which patterns are looked for."""


def observe_identity(dut: Device) -> dict[str, Any]:
    """Ask the device who it is, the way ``access.identity`` says; see `Core.observed_identity`."""
    access = dut.profile.access.identity
    if access is None:
        return _by_serial_number(dut)
    ways = [
        way
        for way, stated in (
            (_by_host_key, access.ssh_sha256),
            (_by_certificate, access.tls_sha256),
            (_by_answer, access.fields or access.patterns),
        )
        if stated
    ]
    seen = [_asked(way, dut, access) for way in ways]
    answers = [one["verified"] for one in seen]
    return {
        # Everything that the profile states has to hold.
        "verified": False if False in answers else None if None in answers else bool(answers),
        "observed": {name: value for one in seen for name, value in one["observed"].items()},
        "detail": "; ".join(one["detail"] for one in seen if one["detail"]),
    }


def _by_serial_number(dut: Device) -> dict[str, Any]:
    """Without ``access.identity``: it is this device if what a documented login leads to names it.

    Named are its serial number and its model or software, as whole words; the profile states them, and nobody has told
    where to look. What names them not is no other device.
    """
    claims = dut.profile.dut
    if claims.serial:
        for entry in dut.profile.ixit.auth_mech:
            if str(entry.access.url or "").startswith(("http://", "https://")):
                said = _behind(dut, entry.id, str(entry.access.url))
                named = {
                    name: claim
                    for name in ("serial", "model", "software")
                    if (claim := getattr(claims, name)) and _names(said, claim)
                }
                if "serial" in named and len(named) > 1:
                    return {"verified": True, "observed": named, "detail": f"named behind {entry.id}"}
    return _open("the profile does not say how to identify the device")


def _behind(dut: Device, entry: str, url: str) -> str:
    """What is said at the address of a login to who is logged in; nothing if nobody gets in."""
    try:
        session = dut.login(entry)
        try:
            return _said(http_client(session).get(url))
        finally:
            session.close()
    except (Inconclusive, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, TypeError):
        return ""


def _names(said: str, claim: str) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(claim)}(?![\w-]|\.\w)", said) is not None


def _asked(
    way: Callable[[Device, IdentityAccess], dict[str, Any]], dut: Device, access: IdentityAccess
) -> dict[str, Any]:
    try:
        return way(dut, access)
    except Inconclusive as error:
        detail = error.reason
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, RecursionError) as error:
        detail = f"{type(error).__name__}: {printable(str(error), 200)}"
    return {"verified": None, "observed": {}, "detail": detail}


def _by_host_key(dut: Device, access: IdentityAccess) -> dict[str, Any]:
    from pytest_etsi.probes.ssh import ssh_auth_methods

    seen = ssh_auth_methods(dut.network.host(), access.ssh_port)
    if not seen.fingerprint:
        return {"verified": None, "observed": {}, "detail": seen.error or "the SSH server showed no host key"}
    expected = (access.ssh_sha256 or "").replace(":", "").lower()
    same = seen.fingerprint == expected
    return {
        "verified": same,
        "observed": {"ssh_sha256": seen.fingerprint},
        "detail": "" if same else f"its SSH host key has the SHA-256 {seen.fingerprint}, expected {expected}",
    }


def _by_certificate(dut: Device, access: IdentityAccess) -> dict[str, Any]:
    host, port = dut.network.endpoint_of(access.url or "")
    pem = ssl.get_server_certificate((host, port), timeout=10)
    seen = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    expected = (access.tls_sha256 or "").replace(":", "").lower()
    same = seen == expected
    return {
        "verified": same,
        "observed": {"tls_sha256": seen},
        "detail": "" if same else f"its certificate has the SHA-256 {seen}, expected {expected}",
    }


def _by_answer(dut: Device, access: IdentityAccess) -> dict[str, Any]:
    claimed = {name: str(getattr(dut.profile.dut, name) or "") for name in (*access.fields, *access.patterns)}
    unstated = sorted(name for name, claim in claimed.items() if not claim)
    if unstated:
        # A device that says nothing of it would match.
        return _open(f"the profile does not state dut.{unstated[0]}, which access.identity compares")
    response = _ask(dut, access)
    status = f"{access.url} answered HTTP {response.status_code}"
    observed: dict[str, str] = {}
    if access.fields:
        if not response.is_success or not isinstance(json_at(response, ""), dict | list):
            return _open(status)
        values = {name: json_at(response, key) for name, key in access.fields.items()}
        observed |= {name: "" if value is None else str(value) for name, value in values.items()}
    if access.patterns:
        said = _said(response)
        matches = {name: re.search(pattern, said, re.MULTILINE) for name, pattern in access.patterns.items()}
        if not any(matches.values()):
            # Another device, or this one in a state in which it says nothing of itself.
            return _open(f"{status}, in which nothing fits access.identity.patterns")
        observed |= {name: ((match[1] or "") if match else "").strip() for name, match in matches.items()}
    wrong = [
        f"{name} is {printable(observed[name], 200)!r}, expected {claim!r}"
        for name, claim in claimed.items()
        if observed[name] != claim
    ]
    shown = {name: printable(value, 200) for name, value in observed.items()}
    return {"verified": not wrong, "observed": shown, "detail": "; ".join(wrong)}


def _open(detail: str) -> dict[str, Any]:
    return {"verified": None, "observed": {}, "detail": detail}


def _ask(dut: Device, access: IdentityAccess) -> httpx.Response:
    session = dut.login(access.session_of) if access.session_of else None
    client = http_client(session) if session is not None else dut.network.http()
    try:
        return with_token(
            client,
            lambda further: client.request(
                access.method,
                access.url or "",
                **handed_over(access, headers=further),
            ),
        )
    finally:
        (session or client).close()


def _said(response: httpx.Response) -> str:
    """Status, headers and body as lines, for patterns."""
    headers = (f"{name}: {value}" for name, value in response.headers.multi_items())
    return "\n".join((f"HTTP {response.status_code}", *headers, "", text_of(response)[:_READ]))
