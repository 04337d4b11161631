"""Manifests of updates: what they say of a package is found in any form, and made to say something else."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib

import pytest

from pytest_etsi import bounds
from pytest_etsi.probes.updates.manifests import Manifest, altered_text, read_manifest

GENUINE, OTHER = b"genuine" * 400, b"another" * 500


@pytest.fixture
def packages(tmp_path):
    """The genuine package and another one."""
    for name, content in (("genuine", GENUINE), ("other", OTHER)):
        (tmp_path / name).write_bytes(content)
    return tmp_path / "genuine", tmp_path / "other"


def digest(name, content):
    return hashlib.new(name, content, usedforsecurity=False)


def of(content):
    return Manifest(json.dumps(content).encode(), is_json=True)


@pytest.mark.parametrize("name", ["md5", "sha1", "sha256", "sha384", "sha512"])
@pytest.mark.parametrize(
    "told",
    [
        lambda hashed: hashed.hexdigest(),
        lambda hashed: base64.b64encode(hashed.digest()).decode(),
        lambda hashed: base64.b64encode(hashed.digest()).decode().rstrip("="),
    ],
    ids=["hex", "base64", "base64 without padding"],
)
@pytest.mark.parametrize(
    "form", ['{{"digest": "{}", "size": {}}}', "digest={}\nsize={}\n", "<d>{}</d><s>{}</s>"]
)
def test_hashes_and_sizes_are_those_of_the_other_package_whatever_the_form(packages, name, told, form):
    before, after = (form.format(told(digest(name, one)), len(one)) for one in (GENUINE, OTHER))
    made = Manifest(before.encode(), is_json=False).telling_of(*packages)

    assert made.content.decode() == after
    assert Manifest(before.encode(), is_json=False).unexplained(packages[0], ()) == ()


def test_a_hash_in_capitals_is_one(packages):
    before = digest("sha256", GENUINE).hexdigest().upper()

    assert (
        Manifest(before.encode(), is_json=False).telling_of(*packages).content.decode()
        == digest("sha256", OTHER).hexdigest()
    )


def test_a_size_within_a_longer_number_or_a_version_stays(packages):
    text = f"1{len(GENUINE)} {len(GENUINE)}0 1.{len(GENUINE)} {len(GENUINE)}.1 x{len(GENUINE)}".encode()
    made = Manifest(text, is_json=False).telling_of(*packages)

    assert made.content == text


@pytest.mark.parametrize("form", ["{:08x}", "{:08X}", "0x{:08x}", "{}"])
def test_a_crc_is_made_right_too(packages, form):
    before, after = (form.format(zlib.crc32(one)) for one in (GENUINE, OTHER))
    made = Manifest(before.encode(), is_json=False).telling_of(*packages)

    assert made.content.decode().lower() == after.lower()


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("deadbee1", ("deadbee1",)),
        ("0xDEADBEE1", ("0xDEADBEE1",)),
        ("123456", ("123456",)),
        ("q83vASNFZ4mrze8BI0VniQ", ("q83vASNFZ4mrze8BI0VniQ",)),
        ("20260101", ("20260101",)),
        ("1.4.3 of 2026, for lamps-of-the-second-generation, facade feedface", ()),
        ("a1" * 40, ("a1" * 40,)),
        ("known-1234567", ()),
    ],
)
def test_what_looks_like_a_sum_and_is_not_known_is_told(packages, text, sums):
    manifest = Manifest(f'{{"x": "{text}", "size": {len(GENUINE)}}}'.encode(), is_json=True)

    assert manifest.unexplained(packages[0], ["known-1234567"]) == sums


def test_the_text_at_a_place_is_read():
    assert of({"a": {"b": "c"}}).text_at("a.b") == "c"
    assert of({"a": {"b": 5}}).text_at("a.b") is None


def test_parts_are_left_out_and_changed_by_their_place():
    manifest = of({"updates": [{"url": "a", "signature": "b", "size": 5}], "x": 1})

    assert json.loads(manifest.without("updates.0.signature").content) == {
        "updates": [{"url": "a", "size": 5}],
        "x": 1,
    }
    assert (
        json.loads(manifest.with_value("updates.0.url", lambda old: old + "!").content)["updates"][0]["url"]
        == "a!"
    )


@pytest.mark.parametrize(
    "place", ["nothing", "updates.7.url", "updates.url", "x.y", "updates.0.size", "", "."]
)
def test_where_no_text_stands_there_is_none(place):
    assert of({"updates": [{"url": "a", "size": 5}], "x": 1}).with_value(place, str) is None


@pytest.mark.parametrize("content", [b"<manifest/>", b"{" * 100_000, b"", b"7", b"\xff\xfe"])
def test_what_is_no_json_is_bytes(tmp_path, content):
    (tmp_path / "manifest").write_bytes(content)
    manifest = read_manifest(tmp_path / "manifest")

    assert manifest == Manifest(content, is_json=False)
    assert manifest.without("a") is None


def test_a_manifest_that_is_too_large_is_refused_and_not_held(tmp_path):
    with (tmp_path / "manifest").open("wb") as file:
        file.truncate(2 << 30)

    with pytest.raises(ValueError, match=str(bounds.MANIFEST.most)):
        read_manifest(tmp_path / "manifest")


@pytest.mark.parametrize("text", ["abcdef", "A", "", "AAAA", "1.2.3"])
def test_an_altered_text_is_another_one(text):
    assert altered_text(text) != text
    assert len(altered_text(text)) == max(1, len(text))


def test_a_version_is_another_one_wherever_it_stands():
    assert of({"v": "1.2", "url": "fw-1.2.bin"}).of_version("1.2", "1.9") == of(
        {"v": "1.9", "url": "fw-1.9.bin"}
    )
