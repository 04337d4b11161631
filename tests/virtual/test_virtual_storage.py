"""What the virtual camera keeps where, what its image holds, and how it starts: as it should, and by its flaws."""

from __future__ import annotations

import gzip
import time
from typing import TYPE_CHECKING

import pytest

from pytest_etsi.virtual.device.certificates import Certificates
from pytest_etsi.virtual.device.chips import Chips
from pytest_etsi.virtual.device.firmware import image
from pytest_etsi.virtual.device.identity import Factory
from pytest_etsi.virtual.flaws import StorageFlaw

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from virtual_process import Process

    from pytest_etsi.virtual.flaws import Flaw


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    Certificates.at(tmp_path).ensure("127.0.0.1", "EC2-1")
    return tmp_path


def unpacked(directory: Path, *flaws: Flaw) -> bytes:
    whole = image(directory, Factory("seed", frozenset(flaws)))
    return gzip.decompress(whole[64:-32])


def test_the_image_is_small_and_always_the_same(directory: Path) -> None:
    first, second = (image(directory, Factory("seed")) for _ in range(2))

    assert first == second
    assert len(first) < 64 * 1024


def test_the_image_holds_a_secret_by_its_flaws_only(directory: Path) -> None:
    password = Factory("seed").secret("owner", 16).encode()
    key = b"".join(Certificates.at(directory).device.read_bytes().splitlines()[-3:-1])
    sound = unpacked(directory)

    assert password not in sound
    assert b"$1$" not in sound
    assert password in unpacked(directory, StorageFlaw.PASSWORD_IN_IMAGE)
    assert b"root:$1$" in unpacked(directory, StorageFlaw.DEFAULT_ROOT_PASSWORD)
    assert key in unpacked(directory, StorageFlaw.KEY_IN_IMAGE).replace(b"\n", b"")


@pytest.mark.parametrize(
    ("flaw", "name"),
    [
        (StorageFlaw.FUSES_OPEN, "fuses"),
        (StorageFlaw.ELEMENT_UNLOCKED, "element"),
        (StorageFlaw.FLASH_IN_CLEAR, "flash"),
        (StorageFlaw.SYSTEM_WRITABLE, "system"),
    ],
)
def test_a_lock_that_is_open_is_told_by_the_chips_and_no_other(flaw: StorageFlaw, name: str) -> None:
    sound, bad = (Chips("token", frozenset(flaws)).status() for flaws in ((), (flaw,)))

    assert {key for key in sound if sound[key] != bad[key]} == {name}


def test_the_token_is_another_one_by_flaws_only() -> None:
    for flaws, changes in (
        ((), 0),
        ((StorageFlaw.TOKEN_IS_A_SETTING,), 1),
        ((StorageFlaw.TOKEN_NEW_AFTER_RESET,), 1),
    ):
        chips = Chips("token", frozenset(flaws))
        before = chips.status()["token"]
        chips.settle("other")
        chips.reset()

        assert (chips.status()["token"] != before) == bool(changes)
        assert "token" not in chips.status()["token"]


def test_backups_are_neither_given_nor_taken(start: Callable[..., Process]) -> None:
    sound, gives = (
        start("--initialized", name="a"),
        start("--initialized", "--flaw", "backup-for-viewers", name="b"),
    )

    def asked(camera: Process) -> int:
        values = camera.values
        client = camera.logged_in(values["viewer_username"], values["viewer_password"])
        return client.get("/api/backup").status_code

    assert (asked(sound), asked(gives)) == (404, 200)


@pytest.mark.parametrize(
    ("flaw", "how", "starts", "light"),
    [
        (None, True, False, "red-blinking"),
        (None, "foreign-key", False, "red-blinking"),
        ("altered-starts", True, True, "green"),
        ("foreign-key-starts", True, False, "red-blinking"),
        ("foreign-key-starts", "foreign-key", True, "green"),
        ("no-alert", True, False, "off"),
    ],
)
def test_altered_software_starts_by_its_flaws_only(
    start: Callable[..., Process], flaw: str | None, how: bool | str, starts: bool, light: str
) -> None:
    camera = start("--initialized", *(("--flaw", flaw) if flaw else ()))
    camera.bench("PUT", "/software", {"altered": how})
    camera.bench("POST", "/power-cycle")

    status = camera.bench("GET", "/status").json()
    assert (status["power"], status["state"] is not None) == (True, starts)
    assert camera.bench("GET", "/light/none").json() == {"light": light}
    assert camera.bench("GET", "/chips").json()["software"] != "released"


def test_by_its_flaw_the_camera_starts_after_the_alert(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--flaw", "starts-after-alert")
    camera.bench("PUT", "/software", {"altered": True})
    camera.bench("POST", "/power-cycle")
    first = camera.bench("GET", "/light/none").json()["light"]
    until = time.monotonic() + 20
    while camera.bench("GET", "/light/none").json()["light"] != "green" and time.monotonic() < until:
        time.sleep(0.05)

    assert first == "red-blinking"
    assert camera.bench("GET", "/status").json()["state"] == "initialized"


def test_what_responds_at_the_bench_is_more_by_flaws(start: Callable[..., Process]) -> None:
    sound, bad = start("--initialized", name="a"), start("--initialized", "--flaw", "usb-storage", name="b")

    assert (
        len(bad.bench("GET", "/attached").text.splitlines())
        == len(sound.bench("GET", "/attached").text.splitlines()) + 1
    )
