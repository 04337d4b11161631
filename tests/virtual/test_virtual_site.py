"""The maker's web site and cloud service around the virtual camera."""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from typing import TYPE_CHECKING

import httpx
import pytest
from virtual_process import Process, until

from pytest_etsi.virtual.camera import Camera
from pytest_etsi.virtual.device.identity import Factory
from pytest_etsi.virtual.place import pick
from pytest_etsi.virtual.values import prepare

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _get(camera: Process, url: str) -> httpx.Response:
    context = ssl.create_default_context(cafile=camera.values["ca"])
    return httpx.get(url, trust_env=False, verify=context)


def _page(camera: Process, name: str) -> str:
    answer = _get(camera, camera.values[name])
    assert answer.status_code == 200
    return answer.text


def _chapters(manual: str) -> dict[str, str]:
    return dict(re.findall(r'<section id="([^"]+)">(.*?)</section>', manual, re.DOTALL))


def test_the_site_leads_to_all_documents(camera: Process) -> None:
    links = re.findall(r'href="(/[a-z]+)"', _page(camera, "site_url"))

    assert sorted(links) == ["/manual", "/privacy", "/security", "/support"]
    assert {_get(camera, camera.values["site_url"] + path).status_code for path in links} == {200}


@pytest.mark.parametrize(
    ("chapter", "least"),
    [
        ("first-start", 4),
        ("change-web-password", 4),
        ("change-stream-password", 4),
        ("factory-reset", 4),
        ("setup-check", 4),
        ("updates", 4),
        ("diagnostics", 3),
        ("erase-service-data", 3),
    ],
)
def test_the_manual_explains_in_numbered_steps(camera: Process, chapter: str, least: int) -> None:
    steps = re.findall(r"<li>(.*?)</li>", _chapters(_page(camera, "manual_url"))[chapter])

    assert len(steps) >= least
    assert all(re.search(r"[.\"]$", step.replace("&quot;", '"')) for step in steps)


def test_the_policy_says_whom_to_write_to_and_when_to_expect_what(camera: Process) -> None:
    policy = _page(camera, "policy_url")

    assert all(part in policy for part in ("security@example.com", "3 working days", "90 days"))


def test_the_support_page_says_until_when(camera: Process) -> None:
    assert re.search(r"security updates until \d+ \w+ \d{4}", _page(camera, "support_url"))


def test_the_privacy_page_names_the_data(camera: Process) -> None:
    assert "serial number" in _page(camera, "privacy_url")


def test_the_site_has_a_security_txt(camera: Process) -> None:
    answer = _get(camera, camera.values["site_url"] + "/.well-known/security.txt")

    assert (answer.headers["Content-Type"].split(";")[0], "Contact:" in answer.text) == ("text/plain", True)


def test_flaw_change_undocumented_leaves_the_chapters_out(start: Callable[..., Process]) -> None:
    camera, sound = start("--flaw", "change-undocumented"), start(name="sound")
    manual = _page(camera, "manual_url")

    assert set(_chapters(_page(sound, "manual_url"))) - set(_chapters(manual)) == {
        "change-web-password",
        "change-stream-password",
    }
    assert not re.search("chang|save web password|new stream password", manual, re.IGNORECASE)


def test_the_cloud_is_well(camera: Process) -> None:
    assert camera.client("cloud_url").get("/v1/health").json() == {"status": "ok"}


def test_the_camera_checks_in_with_the_cloud(camera: Process) -> None:
    client = camera.client("cloud_url", headers={"Authorization": f"Bearer {camera.values['cloud_token']}"})
    path = f"/v1/devices/{camera.values['serial']}"

    assert until(5, lambda: client.get(path).json()["online"])
    seen = client.get(path).json()
    assert (seen["serial"], seen["software"]) == (camera.values["serial"], camera.values["software"])
    assert abs(seen["last_seen"] - time.time()) < 5


def test_a_camera_without_power_calls_nobody(tmp_path: Path) -> None:
    factory, place = Factory("seed"), pick()
    prepare(tmp_path, factory, place)

    async def switched_off() -> list[bool]:
        camera = Camera(tmp_path, factory, place)
        await camera.start()
        calling = [*camera._calling]
        await camera.power(on=False)
        ended = [task.done() for task in calling]
        await camera.stop()
        return ended

    assert asyncio.run(switched_off()) == [True, True]  # the reporter and the line


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp4"}])
def test_the_cloud_answers_nobody_without_a_token(camera: Process, headers: dict[str, str]) -> None:
    client = camera.client("cloud_url", headers=headers)
    answers = [client.get(f"/v1/devices/{camera.values['serial']}"), client.post("/v1/checkin", json={})]

    assert {answer.status_code for answer in answers} == {401}


def test_a_customer_cannot_check_in_for_a_camera_nor_see_another(camera: Process) -> None:
    client = camera.client("cloud_url", headers={"Authorization": f"Bearer {camera.values['cloud_token']}"})

    assert client.post("/v1/checkin", json={}).status_code == 401
    assert client.get("/v1/devices/EC2-1").status_code == 404
