"""Packages of software: recognised, never unpacked, and altered so that only what a key protects can refuse them."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import struct
import tarfile
import zipfile

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from package_files import (
    KEY,
    esp_of,
    mcuboot_of,
    members_of,
    package_files,
    rauc_of,
    swu_of,
    tar_of,
    zip_of,
)

from pytest_etsi import bounds
from pytest_etsi.probes.packages import Marker, NotRead, alterations, raised, read_package

FILES = package_files()
VERSION = "1.4.3"
MARKER = Marker("../../../tmp/etsi-marker", b"here\n")


@pytest.fixture
def keep(tmp_path):
    def keep(content):
        path = tmp_path / "package"
        path.write_bytes(content)
        return path

    return keep


@pytest.fixture
def altered(tmp_path, keep):
    """What an alteration makes of a package."""

    def altered(content, name, marker=MARKER):
        package = read_package(keep(content))
        one = next(one for one in alterations(package, VERSION, marker) if one.name == name)
        one.write(tmp_path / "altered")
        return (tmp_path / "altered").read_bytes()

    return altered


def unpacked(kind, content):
    """The parts of an archive, in order of their names."""
    if kind == "zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            return {name: archive.read(name) for name in archive.namelist()}
    if kind == "tar":
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            return {one.name: archive.extractfile(one).read() for one in archive}
    found, at = {}, 0
    while True:
        length, name_size, total = (int(content[at + x : at + x + 8], 16) for x in (54, 94, 102))
        name = content[at + 110 : at + 110 + name_size - 1].decode()
        if name == "TRAILER!!!":
            return found
        begins = at + 110 + name_size
        begins += -begins % 4
        found[name] = content[begins : begins + length]
        assert content[at : at + 6] == b"070701" or total == sum(found[name])
        at = begins + length
        at += -at % 4


ARCHIVES = {"tar": tar_of, "zip": zip_of, "swu": swu_of}


# Recognising ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FILES)
def test_a_container_is_recognised_by_its_content(kind, keep):
    package = read_package(keep(FILES[kind]))

    assert package.kind == kind
    assert package.size == len(FILES[kind])
    assert bool(package.of("signature")) is (kind != "raw")
    assert (package.gaps == ()) is (kind != "raw")


@pytest.mark.parametrize("kind", ARCHIVES)
def test_the_parts_of_an_archive_are_told_apart(kind, keep):
    parts = {
        part.name: part.role
        for part in read_package(keep(ARCHIVES[kind](members_of(manifest="m.json")))).parts
    }

    assert parts == {
        "m.json": "header", "m.json.sig": "signature", "signer.pem": "signer", "image": "payload"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not known"),
        (b"anything", "not known"),
        (b"\x1f\x8b\x08" + bytes(600), "gzip"),
        (FILES["tar"][:1560], "middle of a part"),
        (FILES["swu"][:2000], "middle of a part"),
        (FILES["zip"][:-30], "no directory"),
        (FILES["rauc"][:-4], "without a signature"),
        (FILES["mcuboot"][:500], "before its signature"),
        (FILES["esp-idf"][:60], "middle of a segment"),
        (FILES["swu"].replace(b"TRAILER!!!", b"TRAILER!!?"), "broken"),
    ],
)
def test_what_is_not_understood_is_bytes_and_says_so(content, why, keep):
    package = read_package(keep(content))

    assert (package.kind, package.parts) == ("raw", ())
    assert why in package.gaps[0]


@pytest.mark.parametrize(
    ("content", "gap"),
    [
        (tar_of({"image": b"i"}), "signature"),
        (mcuboot_of(signed=False), "signature"),
        (esp_of(signed=False), "signatures"),
    ],
)
def test_a_container_without_a_signature_says_so(content, gap, keep):
    package = read_package(keep(content))

    assert package.kind != "raw"
    assert gap in package.gaps[0]
    assert not any(one.name == "unsigned" for one in alterations(package, VERSION))


# Altering ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ARCHIVES)
def test_signatures_are_left_out_emptied_and_altered(kind, altered):
    before = members_of(manifest="m.json")
    content = ARCHIVES[kind](before)
    unsigned = unpacked(kind, altered(content, "unsigned"))
    emptied = unpacked(kind, altered(content, "empty-signature"))
    bit = unpacked(kind, altered(content, "signature-bit"))

    assert unsigned == {name: one for name, one in before.items() if name != "m.json.sig"}
    assert emptied == before | {"m.json.sig": b""}
    assert bit["m.json.sig"] != before["m.json.sig"]
    assert len(bit["m.json.sig"]) == 64
    assert bit | {"m.json.sig": before["m.json.sig"]} == before


@pytest.mark.parametrize("kind", ARCHIVES)
def test_another_key_signs_rightly_and_names_itself(kind, altered):
    before = members_of(manifest="m.json")
    after = unpacked(kind, altered(ARCHIVES[kind](before), "other-key"))
    key = load_pem_public_key(after["signer.pem"])
    key.verify(after["m.json.sig"], after["m.json"])

    assert (after["m.json"], after["image"]) == (before["m.json"], before["image"])
    with pytest.raises(InvalidSignature):
        KEY.public_key().verify(after["m.json.sig"], after["m.json"])


@pytest.mark.parametrize("kind", ARCHIVES)
def test_one_bit_of_the_image_is_another_one_and_sums_are_right(kind, altered):
    before = members_of(manifest="m.json")
    after = unpacked(kind, altered(ARCHIVES[kind](before), "payload-bit"))
    changed = [(a, b) for a, b in zip(before["image"], after["image"], strict=True) if a != b]

    assert len(changed) == 1
    assert (changed[0][0] ^ changed[0][1]).bit_count() == 1
    assert after | {"image": before["image"]} == before


@pytest.mark.parametrize("kind", ARCHIVES)
def test_hashes_that_the_package_tells_follow_the_altered_image(kind, altered):
    before = members_of(manifest="m.json")
    after = unpacked(kind, altered(ARCHIVES[kind](before), "payload-and-hash"))

    assert after["image"] != before["image"]
    assert json.loads(after["m.json"])["image"] == hashlib.sha256(after["image"]).hexdigest()
    assert after["m.json.sig"] == before["m.json.sig"]


@pytest.mark.parametrize("kind", ARCHIVES)
def test_an_altered_manifest_is_still_one(kind, altered):
    content = ARCHIVES[kind](members_of(manifest="m.json"))
    version = json.loads(unpacked(kind, altered(content, "version-raised"))["m.json"])
    bit = json.loads(unpacked(kind, altered(content, "header-bit"))["m.json"])

    assert version["version"] == "1.4.9"
    assert bit.keys() == {"version", "image"}
    assert bit != json.loads(members_of()["manifest.json"])


@pytest.mark.parametrize("kind", ARCHIVES)
def test_an_archive_gets_a_part_that_leads_out_of_it(kind, altered):
    before = members_of(manifest="m.json")
    after = unpacked(kind, altered(ARCHIVES[kind](before), "traversal"))

    assert after == before | {MARKER.name: MARKER.content}


def test_an_image_of_mcuboot_has_its_hash_made_right(altered):
    content = altered(FILES["mcuboot"], "payload-bit")
    (length,) = struct.unpack_from("<I", content, 12)
    at = 32 + length + 4 + 4

    assert content[at : at + 32] == hashlib.sha256(content[: 32 + length]).digest()
    assert content[32 : 32 + length] != FILES["mcuboot"][32 : 32 + length]


def test_an_image_of_mcuboot_without_signature_is_whole(altered, keep):
    package = read_package(keep(altered(FILES["mcuboot"], "unsigned")))

    assert package.kind == "mcuboot"
    assert package.gaps == ("it has no signature",)


def test_an_application_of_esp_idf_has_sum_and_hash_made_right(altered):
    content = altered(FILES["esp-idf"], "payload-bit")
    end = len(esp_of(signed=False)) - 32
    total = 0xEF
    for byte in content[32 : 32 + struct.unpack_from("<I", content, 28)[0]]:
        total ^= byte

    assert content[:end] != FILES["esp-idf"][:end]
    assert content[end - 1] == total
    assert content[end : end + 32] == hashlib.sha256(content[:end]).digest()


def test_a_bundle_of_rauc_tells_the_size_of_its_new_signature(altered):
    content = altered(FILES["rauc"], "other-key")
    (length,) = struct.unpack(">Q", content[-8:])

    assert content[: -8 - length] == rauc_of()[: -8 - 260]
    assert content[-8 - length : -8 - length + 1] == b"\x30"
    assert altered(FILES["rauc"], "unsigned") == rauc_of()[: -8 - 260]


def test_bytes_are_altered_where_nobody_knows_what_they_mean_and_that_is_kept(keep, tmp_path):
    found = {one.name: one for one in alterations(read_package(keep(FILES["raw"])), VERSION, MARKER)}

    assert {name: one.means for name, one in found.items()} == {
        "payload-bit": "misuse", "header-bit": "perhaps", "tail-bit": "perhaps", "cut": "misuse",
        "empty": "misuse", "error-page": "misuse", "noise": "misuse", "enlarged": "state",
    }  # fmt: skip
    for one in found.values():
        one.write(tmp_path / one.name)
        assert (tmp_path / one.name).read_bytes() != FILES["raw"]
    assert (tmp_path / "cut").stat().st_size == len(FILES["raw"]) // 2
    assert (tmp_path / "empty").read_bytes() == b""


@pytest.mark.parametrize(
    ("version", "higher"), [("1.4.3", "1.4.9"), ("1.9.9", "9.9.9"), ("v2", "v9"), ("9.9", "9.9"), ("", "")]
)
def test_a_version_is_raised_without_another_length(version, higher):
    assert raised(version) == higher


# What is large, or means harm -------------------------------------------------------------------------------


def test_a_package_of_two_gigabytes_is_copied_and_not_held(keep, tmp_path):
    path = keep(tar_of({"manifest.json": b"{}", "manifest.json.sig": b"x" * 64}))
    at = 4 * 512  # behind the two parts
    with path.open("r+b") as file:
        info = tarfile.TarInfo("image")
        info.size = 2 << 30
        file.seek(at)
        file.write(info.tobuf(tarfile.USTAR_FORMAT))
        file.truncate(at + 512 + (2 << 30) + 1024)
    package = read_package(path)
    named = {one.name: one for one in alterations(package, VERSION)}

    assert package.of("payload")[0].content.size == 2 << 30
    with pytest.raises(NotRead, match="more than is read"):
        named["payload-and-hash"].write(tmp_path / "altered")
    named["empty"].write(tmp_path / "altered")


def test_a_zip_that_unpacks_to_no_end_is_neither_unpacked_nor_written_anew(keep, tmp_path, monkeypatch):
    monkeypatch.setattr("pytest_etsi.probes.packages.build._MOST_UNZIPPED", 1 << 20)
    path = keep(zip_of({"m.json": b"{}", "m.json.sig": b"x" * 64, "image": bytes(bounds.PACKAGE.most + 1)}))
    package = read_package(path)
    named = {one.name: one for one in alterations(package, VERSION)}

    assert path.stat().st_size < 100_000
    for name in ("payload-bit", "unsigned"):
        with pytest.raises(NotRead, match="large"):
            named[name].write(tmp_path / "altered")


def test_an_archive_of_more_parts_than_are_looked_at_is_bytes(keep, monkeypatch):
    monkeypatch.setattr("pytest_etsi.probes.packages.archives.PACKAGE", bounds.Reading(1 << 20, items=3))

    for content in (tar_of, swu_of, zip_of):
        package = read_package(keep(content(members_of())))
        assert package.kind == "raw"
        assert "parts" in package.gaps[0]


def test_names_that_lead_out_of_an_archive_are_names_and_nothing_else(keep, tmp_path):
    before = sorted(tmp_path.iterdir())
    package = read_package(keep(tar_of({"../../outside": b"x", "/etc/passwd": b"y"})))
    for one in alterations(package, VERSION, MARKER):
        with contextlib.suppress(NotRead):
            one.write(tmp_path / "altered")

    assert {part.name for part in package.parts} == {"../../outside", "/etc/passwd"}
    assert sorted(one.name for one in tmp_path.iterdir()) == ["altered", "package"]
    assert before == []
    assert not (tmp_path.parent / "outside").exists()
