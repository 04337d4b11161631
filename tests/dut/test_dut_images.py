"""Firmware images that a profile names, searched for what it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench_world import device_of

if TYPE_CHECKING:
    from pathlib import Path


def test_a_known_value_is_sought_and_one_that_is_too_short_is_told(tmp_path: Path) -> None:
    image = tmp_path / "folder"
    (image / "etc").mkdir(parents=True)
    (image / "etc" / "app.conf").write_text("pin = 4711\nsalt = correct-horse-7\n")
    fields = {"Type": "critical", "Description": "x", "Protection Scheme": "x", "Security Guarantees": "x"}
    entries = [
        {"ID": name, **fields, "access": {"canary": value}}
        for name, value in (("Salt", "correct-horse-7"), ("PIN", "4711"))
    ]
    dut = device_of(tmp_path, {"images": [{"path": str(image)}]}, ixit={"10-SecParam": entries})

    seen = dut.images()
    assert [one.about for one in seen.images[0].found if one.kind == "known secret"] == [
        "the value of 10-SecParam/Salt"
    ]
    assert seen.short == ("the value of 10-SecParam/PIN",)


def test_without_an_image_nothing_is_too_short(tmp_path: Path) -> None:
    entry = {"ID": "PIN", "access": {"canary": "4711"}}
    dut = device_of(tmp_path, {}, ixit={"10-SecParam": [entry]})

    assert dut.images().short == ()
