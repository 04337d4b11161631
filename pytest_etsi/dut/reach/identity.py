"""Is this the device that the profile describes?"""

from __future__ import annotations

import hashlib
import ssl
from typing import TYPE_CHECKING, Any

import httpx

from pytest_etsi.dut.reach.auth.http import http_client
from pytest_etsi.probes.observation import printable
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.dut.reach.auth import Device

__all__ = ["observe_identity"]


def observe_identity(dut: Device) -> dict[str, Any]:
    """Ask the device who it is, the way ``access.identity`` says; see `Core.observed_identity`."""
    access = dut.profile.access.identity
    if access is None:
        return {
            "verified": None,
            "observed": {},
            "detail": "the profile does not say how to identify the device",
        }
    ways = [
        way
        for way, stated in (
            (_by_host_key, access.ssh_sha256),
            (_by_certificate, access.tls_sha256),
            (_by_json, access.fields),
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


def _asked(way: Callable[[Device, Any], dict[str, Any]], dut: Device, access: Any) -> dict[str, Any]:
    try:
        return way(dut, access)
    except Inconclusive as error:
        detail = error.reason
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, RecursionError) as error:
        detail = f"{type(error).__name__}: {printable(str(error), 200)}"
    return {"verified": None, "observed": {}, "detail": detail}


def _by_host_key(dut: Device, access: Any) -> dict[str, Any]:
    from pytest_etsi.probes.ssh import ssh_auth_methods

    seen = ssh_auth_methods(dut.network.host(), access.ssh_port)
    if not seen.fingerprint:
        return {"verified": None, "observed": {}, "detail": seen.error or "the SSH server showed no host key"}
    expected = access.ssh_sha256.replace(":", "").lower()
    same = seen.fingerprint == expected
    return {
        "verified": same,
        "observed": {"ssh_sha256": seen.fingerprint},
        "detail": "" if same else f"its SSH host key has the SHA-256 {seen.fingerprint}, expected {expected}",
    }


def _by_certificate(dut: Device, access: Any) -> dict[str, Any]:
    host, port = dut.network.endpoint_of(access.url)
    pem = ssl.get_server_certificate((host, port), timeout=10)
    seen = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    expected = access.tls_sha256.replace(":", "").lower()
    same = seen == expected
    return {
        "verified": same,
        "observed": {"tls_sha256": seen},
        "detail": "" if same else f"its certificate has the SHA-256 {seen}, expected {expected}",
    }


def _by_json(dut: Device, access: Any) -> dict[str, Any]:
    if access.session_of:
        session = dut.login(access.session_of)
        client = http_client(session)
        close = session.close
    else:
        client = dut.network.http()
        close = client.close
    try:
        response = client.get(access.url)
        body = response.json() if response.is_success else None
    finally:
        close()
    if not isinstance(body, dict):
        return {
            "verified": None,
            "observed": {},
            "detail": f"{access.url} answered HTTP {response.status_code}",
        }
    claimed = {name: str(getattr(dut.profile.dut, name) or "") for name in access.fields}
    unstated = sorted(name for name, claim in claimed.items() if not claim)
    if unstated:
        # A device that says nothing of it would match.
        return {
            "verified": None,
            "observed": {},
            "detail": f"the profile does not state dut.{unstated[0]}, which access.identity compares",
        }
    observed = {name: str(body.get(key, "")) for name, key in access.fields.items()}
    wrong = [
        f"{name} is {printable(observed[name], 200)!r}, expected {claim!r}"
        for name, claim in claimed.items()
        if observed[name] != claim
    ]
    shown = {name: printable(value, 200) for name, value in observed.items()}
    return {"verified": not wrong, "observed": shown, "detail": "; ".join(wrong)}
