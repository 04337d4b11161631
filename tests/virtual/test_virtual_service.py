"""What the owner decides on the pages of the virtual camera, and what becomes of it in the cloud service."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import serial
from virtual_process import Process, never, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

OFFER = {
    "version": "1.4.3",
    "risks": "Somebody in your network could see the <b>picture</b>.",
    "interruption_s": 75,
}


@pytest.fixture
def own(start: Callable[..., Process]) -> Process:
    return start("--initialized")


def _cloud(camera: Process) -> dict[str, Any]:
    client = camera.client("cloud_url", headers={"Authorization": f"Bearer {camera.values['cloud_token']}"})
    told: dict[str, Any] = client.get(f"/v1/devices/{camera.values['serial']}").json()
    return told


def _browser(camera: Process) -> httpx.Client:
    """A browser in which the owner is logged in."""
    client = camera.client()
    client.post("/login", data={"username": "owner", "password": camera.values["owner_password"]})
    return client


def _ticked(page: str) -> set[str]:
    return set(re.findall(r'name="(\w+)" value="on" checked', page))


# Updates ----------------------------------------------------------------------------------------------------


def test_an_offered_update_is_announced_on_the_page_live(own: Process) -> None:
    browser = _browser(own)
    before = browser.get("/").text
    own.bench("PUT", "/offer", OFFER)

    assert until(6, lambda: own.owner().get("/api/updates").json()["offer"])
    page = browser.get("/").text
    assert "1.4.3" not in before
    assert all(
        part in page for part in ("1.4.3", "could see the &lt;b&gt;picture", "75 seconds", "in the night of")
    )


def test_an_offer_that_is_taken_back_is_announced_no_more(own: Process) -> None:
    own.bench("PUT", "/offer", OFFER)
    owner = own.owner()
    assert until(6, lambda: owner.get("/api/updates").json()["offer"])
    withdrawn = own.bench("DELETE", "/offer")

    assert withdrawn.status_code == 204
    assert until(6, lambda: owner.get("/api/updates").json()["offer"] is None)


@pytest.mark.parametrize("body", [None, {}, {"version": "1.4.3"}, {"version": 1, "risks": "some"}])
def test_the_bench_stages_no_offer_that_cannot_be_read(
    camera: Process, body: dict[str, object] | None
) -> None:
    answer = camera.bench("PUT", "/offer", body)

    assert (answer.status_code, "expected" in answer.json()["error"]) == (400, True)


def test_the_owner_switches_updates_and_notices_off_and_on_again(own: Process) -> None:
    browser = _browser(own)
    before = _ticked(browser.get("/account").text)
    off = browser.post("/account/updates", data={})
    kept = browser.get("/api/updates").json()
    on = browser.post("/account/updates", data={"automatic_updates": "on", "update_notifications": "on"})

    assert {"automatic_updates", "update_notifications"} <= before
    assert "The update settings have been saved." in off.text
    assert _ticked(off.text) & {"automatic_updates", "update_notifications"} == set()
    assert (kept["automatic"], kept["notifications"]) == (False, False)
    assert {"automatic_updates", "update_notifications"} <= _ticked(on.text)


def test_who_has_switched_notices_off_sees_none(own: Process) -> None:
    browser = _browser(own)
    browser.post("/account/updates", data={"automatic_updates": "on"})
    own.bench("PUT", "/offer", OFFER)

    assert until(6, lambda: browser.get("/api/updates").json()["offer"])
    assert browser.get("/api/updates").json()["notice"] is None
    assert "1.4.3" not in browser.get("/").text


def test_the_owner_postpones_updates(own: Process) -> None:
    browser = _browser(own)
    page = browser.post("/account/postpone").text
    until_day = browser.get("/api/settings").json()["postpone_updates_until"]

    assert until_day
    assert f"Updates have been postponed until {until_day}." in page


def test_settings_of_updates_outlive_a_power_cut_and_end_with_a_factory_reset(own: Process) -> None:
    own.owner().put("/api/settings", json={"automatic_updates": False})
    own.bench("POST", "/power-cycle")
    kept = own.owner().get("/api/settings").json()["automatic_updates"]
    own.bench("POST", "/button", {"name": "reset"})
    own.client().post("/api/setup", json={"password": own.values["owner_password"]})

    assert kept is False
    assert own.owner().get("/api/settings").json()["automatic_updates"] is True


# Diagnostics and service data -------------------------------------------------------------------------------


def test_diagnostics_are_sent_with_consent_only_and_erased_when_it_is_withdrawn(own: Process) -> None:
    browser = _browser(own)
    before = _ticked(browser.get("/account").text)
    assert until(6, lambda: _cloud(own)["last_seen"])
    unasked = _cloud(own)["diagnostics"]
    browser.post("/account/diagnostics", data={"diagnostics": "on"})
    assert until(3, lambda: _cloud(own)["diagnostics"])
    sent = _cloud(own)["diagnostics"]
    browser.post("/account/diagnostics", data={})

    assert ("diagnostics" in before, unasked) == (False, None)
    assert sent == {"restarts": 1, "failed_logins": 0}
    assert until(3, lambda: _cloud(own)["diagnostics"] is None)


def test_the_service_flags_a_camera_with_many_failed_logins(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--flaw", "no-lockout")
    camera.owner().put("/api/settings", json={"diagnostics": True})
    assert until(3, lambda: _cloud(camera).get("diagnostics"))
    calm = _cloud(camera)["anomalies"]
    client = camera.client()
    for _ in range(20):
        camera.login(client, "wrong")

    assert calm == []
    assert until(6, lambda: _cloud(camera)["anomalies"] == ["failed-logins"])


def test_erasing_service_data_is_confirmed_and_lasts(own: Process) -> None:
    browser = _browser(own)
    assert until(6, lambda: _cloud(own)["last_seen"])
    page = browser.post("/account/erase").text

    assert "The service data of this camera have been erased." in page
    assert "reports" not in _ticked(page)
    assert never(5, lambda: _cloud(own)["last_seen"])


def test_the_api_confirms_the_deletion_too(own: Process) -> None:
    assert own.owner().delete("/api/service-data").json() == {
        "erased": True,
        "confirmation": "The service data of this camera have been erased.",
    }


def test_the_owner_lets_the_camera_report_again(own: Process) -> None:
    browser = _browser(own)
    browser.post("/account/erase")
    browser.post("/account/reports", data={"reports": "on"})

    assert until(3, lambda: _cloud(own)["last_seen"])


def test_only_the_camera_has_its_data_erased(camera: Process) -> None:
    client = camera.client("cloud_url", headers={"Authorization": f"Bearer {camera.values['cloud_token']}"})
    path = f"/v1/devices/{camera.values['serial']}"

    assert {client.delete(path).status_code, camera.client("cloud_url").delete(path).status_code} == {401}


def test_the_service_says_to_anybody_which_update_there_is_for_a_model(own: Process) -> None:
    own.bench("PUT", "/offer", OFFER)
    client = own.client("cloud_url")
    answers = [
        client.get("/v1/updates", params={"model": model, "hardware": "B"}).json()["update"]
        for model in (own.values["model"], "other")
    ]

    assert answers == [OFFER, None]


# What a viewer may not do -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/check"),
        ("GET", "/check"),
        ("DELETE", "/api/service-data"),
        ("PUT", "/api/connector"),
        ("POST", "/account/updates"),
        ("POST", "/account/postpone"),
        ("POST", "/account/diagnostics"),
        ("POST", "/account/reports"),
        ("POST", "/account/erase"),
        ("POST", "/account/connector"),
    ],
)
def test_a_viewer_does_not_decide_for_the_owner(camera: Process, method: str, path: str) -> None:
    viewer = camera.logged_in(camera.values["viewer_username"], camera.values["viewer_password"])
    body: dict[str, Any] = {"json": {"open": True}} if path.startswith("/api/") else {}

    assert viewer.request(method, path, **body).status_code == 403


def test_a_viewer_is_shown_no_boxes(camera: Process) -> None:
    viewer = camera.logged_in(camera.values["viewer_username"], camera.values["viewer_password"])

    assert "checkbox" not in viewer.get("/account").text


# Set-up check -----------------------------------------------------------------------------------------------


def test_the_check_tells_a_weak_set_up_from_a_good_one(own: Process) -> None:
    browser = _browser(own)
    good, good_page = browser.get("/api/check").json(), browser.get("/check").text
    browser.post("/account/updates", data={})
    browser.post("/account/connector")
    weak, weak_page = browser.get("/api/check").json(), browser.get("/check").text

    assert (good["secure"], "The camera is set up securely." in good_page) == (True, True)
    assert (weak["secure"], "See to what is marked: 3." in weak_page) == (False, True)


# Service connector ------------------------------------------------------------------------------------------


@pytest.fixture
def port(own: Process) -> Iterator[serial.Serial]:
    with serial.Serial(own.values["console"], 115200, timeout=0.3) as port:
        yield port


def _answer(port: serial.Serial) -> str:
    port.reset_input_buffer()
    port.write(b"id\r\n")
    return str(port.read_until(b"\r\n"), "utf-8")


def test_the_open_connector_tells_how_the_camera_is_and_obeys_nothing(
    own: Process, port: serial.Serial
) -> None:
    closed = _answer(port)
    opened = own.owner().put("/api/connector", json={"open": True}).json()
    answer = _answer(port)
    own.owner().put("/api/connector", json={"open": False})

    assert (closed, _answer(port), opened) == ("", "", {"open": True, "seconds": 900})
    assert answer.startswith(
        f"{own.values['model']} B {own.values['software']}; starts 1; network up; service "
    )
    assert "uid" not in answer


def test_a_power_cut_closes_the_connector(own: Process, port: serial.Serial) -> None:
    own.owner().put("/api/connector", json={"open": True})
    own.bench("POST", "/power-cycle")

    assert _answer(port) == ""


@pytest.mark.parametrize("body", [{}, {"open": 1}, {"open": "true"}])
def test_the_connector_is_not_opened_by_accident(camera: Process, body: dict[str, object]) -> None:
    assert camera.owner().put("/api/connector", json=body).status_code == 400


# What is published ------------------------------------------------------------------------------------------


def test_the_new_chapters_use_the_words_of_the_pages(own: Process) -> None:
    browser = _browser(own)
    pages = "".join(browser.get(path).text for path in ("/", "/account", "/check"))
    erased = browser.post("/account/erase").text
    manual = own.client().get(own.values["manual_url"]).text
    chapters = "updates", "diagnostics", "erase-service-data", "service-connector"
    sections = [re.search(rf'<section id="{name}">.*?</section>', manual, re.DOTALL) for name in chapters]
    quoted = [word for section in sections if section for word in re.findall("&quot;(.+?)&quot;", section[0])]

    assert len(quoted) >= 12
    assert [word for word in quoted if word.replace("\n", " ") not in pages + erased] == []


@pytest.mark.parametrize(
    ("page", "parts"),
    [
        (
            "support_url",
            ("The reason:", "31 December 2031", "to 31 December 2033", "at half the price", "<ol>"),
        ),
        (
            "privacy_url",
            (
                "restart count",
                "failed-login count",
                "to warn you when the camera is attacked",
                "withdraw at any time",
            ),
        ),
        (
            "manual_url",
            ("no microphone", "Check your set-up", "It must say &quot;The camera is set up securely"),
        ),
    ],
)
def test_the_site_says_what_the_documents_claim(camera: Process, page: str, parts: tuple[str, ...]) -> None:
    text = camera.client().get(camera.values[page]).text

    assert [part for part in parts if part not in text] == []
