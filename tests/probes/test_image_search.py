"""A firmware image is searched whatever it is packed in; what cannot be read is told, and no secret is ever repeated."""

from __future__ import annotations

import bz2
import dataclasses
import gzip
import hashlib
import io
import json
import lzma
import os
import shutil
import struct
import subprocess
import tarfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from image_files import FILES, KEY, KNOWN, cpio, noise, packed, tar, zipped

from pytest_etsi import bounds
from pytest_etsi.probes.image import ImageObservation, _hashes, search_image
from tests import daemons

if TYPE_CHECKING:
    from collections.abc import Mapping

needs_crypt = pytest.mark.skipif(not _hashes.can_guess(), reason="this machine has no libcrypt")
CONTAINERS = {
    "cpio": cpio(FILES),
    "tar": tar(FILES),
    "zip": zipped(FILES),
    "tar.gz": gzip.compress(tar(FILES)),
    "tar.xz": lzma.compress(tar(FILES)),
    "tar.lzma": lzma.compress(tar(FILES), lzma.FORMAT_ALONE),
    "tar.bz2": bz2.compress(tar(FILES)),
    "packed at an offset": bytes(5000) + packed(FILES) + bytes(300),
    "an image in a package": zipped({"image.bin": bytes(4096) + packed(FILES), "version": b"1.4"}),
    "an archive in a file system": cpio({"srv/web.tar.gz": gzip.compress(tar(FILES)), "etc/version": b"1.4"}),
}


def searched(tmp_path: Path, image: bytes, known: Mapping[str, str] = KNOWN) -> ImageObservation:
    path = tmp_path / "firmware.bin"
    path.write_bytes(image)
    return search_image(path, known)


def kinds(seen: ImageObservation) -> list[str]:
    return sorted(one.kind for one in seen.found)


@pytest.mark.parametrize("container", CONTAINERS)
def test_secrets_are_found_in_every_container(tmp_path: Path, container: str) -> None:
    seen = searched(tmp_path, CONTAINERS[container])

    assert kinds(seen) == ["known secret", "password hash", "private key"]
    assert seen.complete


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("mksquashfs", ["root", "image", "-noappend", "-quiet", "-no-progress"]),
        ("mksquashfs", ["root", "image", "-noappend", "-quiet", "-no-progress", "-comp", "xz"]),
        ("mksquashfs", ["root", "image", "-noappend", "-quiet", "-no-progress", "-comp", "zstd"]),
        ("mksquashfs", ["root", "image", "-noappend", "-quiet", "-no-progress", "-comp", "lz4"]),
        ("mke2fs", ["-q", "-t", "ext4", "-d", "root", "image", "1M"]),
        ("mke2fs", ["-q", "-t", "ext2", "-d", "root", "image", "1M"]),
    ],
)
def test_secrets_are_found_in_file_systems(tmp_path: Path, program: str, arguments: list[str]) -> None:
    if program == "mksquashfs":
        for library in ("PySquashfsImage", "zstandard", "lz4"):
            pytest.importorskip(library)
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    for name, data in FILES.items():
        file = tmp_path / "root" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    (tmp_path / "root" / "etc" / "link").symlink_to("/etc/shadow")
    subprocess.run([program, *arguments], cwd=tmp_path, check=True, capture_output=True)

    seen = searched(tmp_path, bytes(4096) + (tmp_path / "image").read_bytes())

    assert kinds(seen) == ["known secret", "password hash", "private key"]
    assert seen.complete, seen.not_read


def test_a_large_file_of_a_file_system_is_read_by_all_its_blocks(tmp_path: Path) -> None:
    if shutil.which("mke2fs") is None:
        pytest.skip("mke2fs is not installed")
    large = b"".join(b"%07d\n" % number for number in range(60_000)) + b"correct-horse-7"
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "log").write_bytes(large)
    subprocess.run(
        ["mke2fs", "-q", "-t", "ext2", "-b", "1024", "-d", "root", "image", "2M"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )

    seen = searched(tmp_path, (tmp_path / "image").read_bytes())

    assert [one.place for one in seen.found] == ["firmware.bin > ext > /log:60001"]


def test_a_folder_is_searched_and_its_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(KEY)
    root = tmp_path / "root"
    (root / "loop").mkdir(parents=True)
    (root / "loop" / "again").symlink_to(root)
    (root / "key").symlink_to(outside)
    (root / "conf").write_bytes(b"x = correct-horse-7\n")
    os.mkfifo(root / "fifo")

    seen = search_image(root, KNOWN)

    assert [(one.kind, one.place) for one in seen.found] == [("known secret", "root/conf:1")]
    assert seen.files == 1
    assert seen.complete


def test_the_hash_of_a_folder_tells_it_from_another(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "a").write_bytes(b"1")
    first = search_image(root, {}).sha256
    (root / "a").rename(root / "b")

    assert search_image(root, {}).sha256 != first


def test_a_file_is_named_by_its_hash(tmp_path: Path) -> None:
    image = cpio(FILES)

    assert searched(tmp_path, image).sha256 == hashlib.sha256(image).hexdigest()


def test_no_secret_is_repeated(tmp_path: Path) -> None:
    token = b"aws = AKIAQWERTYUIOPASDFGH correct-horse-7 and token: 0123456789abcdef0123\n"
    seen = searched(tmp_path, cpio(FILES | {"etc/cloud.conf": token}))

    told = json.dumps(seen.to_json()) + seen.told() + "".join(map(str, (*seen.found, *seen.not_read)))
    secrets = (
        "correct-horse-7",
        "AKIAQWERTYUIOPASDFGH",
        "0123456789abcdef",
        "$1$abcd$",
        KEY.decode().splitlines()[1],
    )
    assert {one.kind for one in seen.found} >= {"token", "known secret"}
    assert [secret for secret in secrets if secret in told] == []


@needs_crypt
def test_a_usual_password_is_recognised_and_another_is_not(tmp_path: Path) -> None:
    strong = b"root:$5$abcdefgh$" + b"a" * 43 + b":20000:0:99999:7:::\n"
    usual, other = (
        searched(tmp_path, cpio({"etc/shadow": text})).found[0] for text in (FILES["etc/shadow"], strong)
    )

    assert (usual.account, usual.guessed, "weak" in usual.about) == ("root", True, True)
    assert (other.account, other.guessed, "weak" in other.about) == ("root", False, False)


def test_an_account_that_cannot_log_in_has_no_password_to_be_found(tmp_path: Path) -> None:
    line = FILES["etc/shadow"].splitlines()[0].partition(b":20000")[0]
    seen = searched(tmp_path, cpio({"etc/passwd": line + b":0:0:root:/root:/sbin/nologin\n"}))

    assert [one.account for one in seen.found] == [""]


@pytest.mark.parametrize(
    "harmless",
    [
        b"-----BEGIN PRIVATE KEY-----\0-----END PRIVATE KEY-----\0",
        b"sha256: " + hashlib.sha256(b"x").hexdigest().encode() + b"\n",
        b'<script integrity="sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC">',
        b"password_file = /data/accounts\nkey_file = /data/key.pem\n",
        b"root:*:20000:0:99999:7:::\nweb:!:20000::::::\n",
        b"root:MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7:0:0:root:/root:/bin/sh\n",
        b"root:$6$SALT$HASH_OF_IT:20000:0:99999:7:::\n",
        b"root:$1$abcdefgh$" + b"a" * 21 + b":20000:0:99999:7:::\n",
        b"root:$6$abcdefgh$" + b"a" * 43 + b":20000:0:99999:7:::\n",
    ],
)
def test_what_only_looks_like_a_secret_is_not_reported(tmp_path: Path, harmless: bytes) -> None:
    assert searched(tmp_path, cpio({"etc/some": harmless})).found == ()


@pytest.mark.parametrize("before", ["squashfs-root/etc/shadow:", "/etc/shadow:12:", "etc/shadow-"])
def test_the_name_of_a_file_before_a_line_is_no_account(tmp_path: Path, before: str) -> None:
    """As programs print it that have searched files."""
    seen = searched(tmp_path, cpio({"var/log/found": before.encode() + FILES["etc/shadow"]}))

    assert [one.account for one in seen.found if one.kind == "password hash"] == [""]


@pytest.mark.parametrize(
    "path", ["usr/share/doc/tls/key.pem", "usr/lib/python/test/key.pem", "srv/examples/key.pem"]
)
def test_keys_of_documentation_and_tests_are_marked_as_such(tmp_path: Path, path: str) -> None:
    seen = searched(tmp_path, cpio({path: KEY}))

    assert [(one.kind, one.example) for one in seen.found] == [("private key", True)]


def test_the_same_key_in_use_and_as_an_example_is_no_example(tmp_path: Path) -> None:
    seen = searched(tmp_path, cpio({"usr/share/doc/key.pem": KEY, "etc/key.pem": KEY}))

    assert [(one.example, one.place) for one in seen.found] == [
        (False, "firmware.bin > cpio > etc/key.pem:1")
    ]


def _key_in(form: str) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    encoding = serialization.Encoding.DER if form.startswith("DER") else serialization.Encoding.PEM
    kind = {
        "OpenSSH": serialization.PrivateFormat.OpenSSH,
        "DER, traditional": serialization.PrivateFormat.TraditionalOpenSSL,
    }.get(form, serialization.PrivateFormat.PKCS8)
    return key.private_bytes(encoding, kind, serialization.NoEncryption())


@pytest.mark.parametrize("form", ["PEM", "OpenSSH", "DER", "DER, traditional"])
def test_private_keys_are_read_in_their_forms(tmp_path: Path, form: str) -> None:
    seen = searched(tmp_path, cpio({"lib/app": b"\x7fELF\0\0" + _key_in(form) + b"\0more"}))

    assert [(one.kind, one.about, bool(one.key_sha256), bool(one.ssh_sha256)) for one in seen.found] == [
        ("private key", "EC 256", True, True)
    ]


def test_an_encrypted_key_is_told_apart(tmp_path: Path) -> None:
    key = serialization.load_pem_private_key(KEY, None).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"a passphrase"),
    )

    assert kinds(searched(tmp_path, cpio({"etc/key.pem": key}))) == ["encrypted private key"]


def test_a_host_key_of_dropbear_is_known_by_what_it_shows(tmp_path: Path) -> None:
    if shutil.which("dropbearkey") is None:
        pytest.skip("dropbearkey is not installed")
    file = tmp_path / "host_key"
    said = subprocess.run(
        ["dropbearkey", "-t", "ed25519", "-f", file], capture_output=True, text=True, check=True
    ).stdout
    import base64

    public = next(line.split()[1] for line in said.splitlines() if line.startswith("ssh-ed25519 "))
    seen = searched(tmp_path, cpio({"etc/dropbear/host_key": file.read_bytes()}))

    assert [one.ssh_sha256 for one in seen.found] == [hashlib.sha256(base64.b64decode(public)).hexdigest()]


def test_a_value_across_two_pieces_is_found(tmp_path: Path) -> None:
    from pytest_etsi.probes.image import search

    at = search._PIECE - 5
    text = b"a line of text\n" * (at // 15 + 1)
    seen = searched(tmp_path, cpio({"var/log": text[:at] + b"correct-horse-7\n" + text[:200_000]}))

    assert [one.kind for one in seen.found] == ["known secret"]


NOT_READ = {
    "encrypted": (noise(400_000), "encrypted"),
    "unknown": (b"nothing that anybody knows\n" * 50, "recognised"),
    "cut": (gzip.compress(cpio(FILES | {"bin/large": noise(200_000)}))[:100_000], "cut"),
    "damaged archive": (cpio(FILES)[:-300] + b"x" * 300, "damaged"),
    "empty programs": (cpio({f"bin/tool{number}": b"" for number in range(9)}), "empty"),
    "ubi": (b"UBI#\x01\0\0\0" + bytes(4000) + cpio(FILES), "UBI"),
    "encrypted part": (cpio(FILES) + noise(300_000), "encrypted"),
}


@pytest.mark.parametrize("what", NOT_READ)
def test_what_cannot_be_read_is_told_and_leaves_the_search_incomplete(tmp_path: Path, what: str) -> None:
    image, why = NOT_READ[what]
    seen = searched(tmp_path, image)

    assert not seen.complete
    assert why in " ".join(map(str, seen.not_read))


def test_a_package_with_a_passphrase_is_told(tmp_path: Path) -> None:
    image = bytearray(zipped({"image.bin": b"x" * 2000}))
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        image[image.index(sign) + flags] |= 1
    seen = searched(tmp_path, bytes(image))

    assert not seen.complete
    assert "encrypted" in str(seen.not_read[0])


def test_an_empty_image_holds_nothing_that_was_searched(tmp_path: Path) -> None:
    seen = searched(tmp_path, cpio({}))

    assert (seen.found, seen.containers) == ((), (("cpio", 1),))


def test_names_that_lead_out_are_names_only(tmp_path: Path) -> None:
    before = sorted(one.name for one in tmp_path.iterdir())
    seen = searched(
        tmp_path, tar({"../../escaped": KEY, "/etc/absolute": b"x = correct-horse-7", "a\x1b[31m": b"y"})
    )

    assert kinds(seen) == ["known secret", "private key"]
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([*before, "firmware.bin"])
    assert "\x1b" not in json.dumps(seen.to_json())


def test_a_bomb_ends_the_search_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "IMAGE", dataclasses.replace(bounds.IMAGE, most=1 << 20))
    from pytest_etsi.probes.image import search

    monkeypatch.setattr(search, "Account", lambda: search_account(1 << 20))
    seen = searched(tmp_path, gzip.compress(bytes(1 << 26)))

    assert not seen.complete
    assert "come out of it" in str(seen.not_read[0])


def search_account(left: int) -> object:
    from pytest_etsi.probes.image._budget import Account

    return Account(left=left)


def test_containers_within_containers_end_somewhere(tmp_path: Path) -> None:
    image = b"the innermost of them\n" * 100
    for _ in range(bounds.IMAGE.depth + 2):
        image = gzip.compress(image + noise(600))
    seen = searched(tmp_path, image)

    assert not seen.complete
    assert "one within the other" in str(seen.not_read[0])


def test_a_member_that_claims_to_be_huge_costs_nothing(tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        info = tarfile.TarInfo("huge")
        archive.addfile(info)
    image = bytearray(made.getvalue())
    image[124:136] = b"\x80" + (1 << 50).to_bytes(11, "big")
    image[148:156] = b"        "
    image[148:156] = b"%06o\0 " % sum(image[:512])
    seen = searched(tmp_path, bytes(image))

    assert not seen.complete


def test_a_sparse_image_is_searched_where_something_is_written(tmp_path: Path) -> None:
    path = tmp_path / "firmware.bin"
    with path.open("wb") as file:
        file.truncate(1 << 26)
        file.seek(1 << 25)
        file.write(packed(FILES))

    assert kinds(search_image(path, KNOWN)) == ["known secret", "password hash", "private key"]


def test_a_squashfs_whose_blocks_claim_too_much_is_bounded() -> None:
    from pytest_etsi.probes.image._squashfs import _Bounded

    assert len(_Bounded("gzip").uncompress(zlib.compress(bytes(1 << 24)), 0, 8192)) == 8192
    assert len(_Bounded("xz").uncompress(lzma.compress(bytes(1 << 24)), 0, 8192)) == 8192


def test_a_superblock_by_chance_is_none(tmp_path: Path) -> None:
    seen = searched(tmp_path, cpio({"bin/tool": b"hsqs" + struct.pack("<92x")}) + b"hsqs" + noise(200))

    assert dict(seen.containers) == {"cpio": 1}
    assert seen.complete


def test_the_fixed_beginning_of_a_key_in_a_program_is_no_key(tmp_path: Path) -> None:
    prefix = bytes.fromhex("302e020100300506032b656e04220420")

    assert searched(tmp_path, cpio({"lib/tls.so": b"\x7fELF\0" + prefix + noise(64)})).found == ()
    assert kinds(searched(tmp_path, cpio({"etc/key.der": prefix + noise(32)}))) == ["private key"]


def test_keys_that_a_program_publishes_are_told_as_such_and_a_large_one_costs_no_time(tmp_path: Path) -> None:
    seen = search_image(Path(daemons.program("openssl")), KNOWN)
    keys = [one for one in seen.found if one.kind == "private key"]

    assert keys
    assert all(one.example and one.about.endswith("published with openssl speed") for one in keys)


@pytest.mark.parametrize(("library", "least"), [("libgnutls.so.30", 8), ("libmbedx509.so.1", 6)])
def test_keys_that_a_library_publishes_for_its_self_test_are_none_of_the_device(
    library: str, least: int
) -> None:
    path = next(Path("/usr/lib").glob(f"*/{library}"), None)
    if path is None:
        pytest.skip(f"{library} is not installed")
    keys = [one for one in search_image(path.resolve(), KNOWN).found if one.kind == "private key"]

    assert len(keys) >= least
    assert all(one.example for one in keys), keys


def test_numbers_that_do_not_belong_together_are_no_key(tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    der = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    secret = key.private_numbers().d.to_bytes(256, "big").lstrip(b"\0")
    assert kinds(searched(tmp_path, cpio({"bin/program": bytes(64) + der}))) == ["private key"]

    other = der.replace(secret, secret[:-1] + bytes((secret[-1] ^ 2,)))
    assert kinds(searched(tmp_path, cpio({"bin/program": bytes(64) + other}))) == []


@pytest.mark.parametrize(("sum_is_right", "parts"), [(True, 1), (False, 0)])
def test_a_file_system_is_told_from_a_program_that_has_its_sign_as_a_text(
    tmp_path: Path, sum_is_right: bool, parts: int
) -> None:
    block = b"-rom1fs-" + (512).to_bytes(4, "big") + bytes(4) + b"disk" + bytes(492)
    total = -sum(struct.unpack(">128I", block)) % (1 << 32)
    block = block[:12] + (total + (not sum_is_right)).to_bytes(4, "big") + block[16:]
    seen = searched(tmp_path, cpio({"bin/busybox": bytes(100) + block, "etc/version": b"1.4"}))

    assert seen.not_read_count == parts
