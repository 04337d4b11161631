"""How the virtual camera takes outages, with and without its flaws; and another camera in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from virtual_process import until

from pytest_etsi.virtual.device import errors
from pytest_etsi.virtual.device.core import Core, Memory
from pytest_etsi.virtual.device.outages import Outages
from pytest_etsi.virtual.flaws import Flaw, OutageFlaw

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtual_process import Process

OWNER, VIEWER = "a long river bends", "another long river"


def core(*flaws: Flaw) -> Core:
    made = Core(Memory(), "H7KD2MWQX4RT", clock=lambda: 1000.0, flaws=frozenset(flaws))
    made.initialize({"owner": ("owner", OWNER), "viewer": ("viewer", VIEWER)})
    made.change_settings(made.login("owner", OWNER), {"name": "Door"})
    return made


def accounts(made: Core) -> set[str]:
    return set(made.users(made.login("owner", OWNER)))


def test_a_sound_camera_keeps_everything_over_outages() -> None:
    made = core()
    made.boot(cut=True)
    made.link_is_back()

    assert made.settings()["name"] == "Door"
    assert accounts(made) == {"owner", "viewer"}


def test_flaws_lose_settings_and_accounts_with_power_or_link_only() -> None:
    power, link, viewers = (
        core(flaw)
        for flaw in (
            OutageFlaw.SETTINGS_LOST_WITH_POWER,
            OutageFlaw.SETTINGS_LOST_WITH_LINK,
            OutageFlaw.ACCOUNTS_LOST_WITH_POWER,
        )
    )
    power.boot()
    power.link_is_back()
    link.boot(cut=True)
    viewers.boot()
    before = [made.settings()["name"] for made in (power, link)], accounts(viewers)
    power.boot(cut=True)
    link.link_is_back()
    viewers.boot(cut=True)

    assert before == (["Door", "Door"], {"owner", "viewer"})
    assert [made.settings()["name"] for made in (power, link)] == ["Camera", "Camera"]
    assert accounts(viewers) == {"owner"}


@pytest.mark.parametrize(
    ("flaws", "told"),
    [
        ((), [3, 4, 5]),
        ((OutageFlaw.EVENTS_LOST_OFFLINE,), [3, 3, 4]),
        ((OutageFlaw.EVENTS_TWICE,), [3, 5, 6]),
    ],
)
def test_what_is_counted_while_the_service_is_away(flaws: tuple[Flaw, ...], told: list[int]) -> None:
    outages = Outages(frozenset(flaws))
    first = outages.count(3)
    outages.failed()
    outages.count(3)
    second = outages.count(4)
    outages.reached()

    assert [first, second, outages.count(5)] == told


@pytest.mark.parametrize("flaw", [OutageFlaw.LOGIN_NEEDS_SERVICE])
def test_a_login_that_needs_the_service_fails_while_that_is_away(flaw: Flaw) -> None:
    made = core(flaw)
    made.outages.failed()
    with pytest.raises(errors.ServiceError):
        made.login("owner", OWNER)
    made.outages.reached()

    assert made.login("owner", OWNER).role == "owner"


def test_a_camera_that_starts_anew_offline_does_so_after_three_failures_in_a_row() -> None:
    outages, starts = Outages(frozenset({OutageFlaw.RESTARTS_OFFLINE})), []
    outages.restart = lambda: starts.append(1)
    for _ in range(2):
        outages.failed()
    outages.reached()
    for _ in range(3):
        outages.failed()

    assert starts == [1]


def test_another_camera_takes_the_place_of_the_first_and_gives_it_back(start: Callable[..., Process]) -> None:
    camera = start("--initialized")
    camera.bench("PUT", "/hardware", {"spare": True})
    new = camera.client().get("/api/setup").json()
    camera.client().post("/api/setup", json={"password": OWNER})
    told = camera.logged_in("owner", OWNER).get("/api/device").json()["serial"]
    customer = camera.client("cloud_url", headers={"Authorization": f"Bearer {camera.values['cloud_token']}"})

    assert new == {"state": "factory-default"}
    assert told == camera.values["spare_serial"]
    assert until(10, lambda: customer.get(f"/v1/devices/{told}").json()["online"])

    camera.bench("PUT", "/hardware", {"spare": False})

    assert camera.owner().get("/api/device").json()["serial"] == camera.values["serial"]


@pytest.mark.parametrize(("flaw", "answers"), [("link-needs-restart", False), ("second-way-out", True)])
def test_the_link_comes_back_unless_a_flaw_keeps_it_away(
    start: Callable[..., Process], flaw: str, answers: bool
) -> None:
    camera = start("--initialized", f"--flaw={flaw}")
    camera.bench("POST", "/network", {"up": False})
    camera.bench("POST", "/network", {"up": True})

    def reached() -> bool:
        try:
            return camera.client().get("/api/info").status_code == 200
        except httpx.TransportError:
            return False

    assert reached() is answers

    camera.bench("POST", "/power-cycle")

    assert reached()
