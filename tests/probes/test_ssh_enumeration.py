"""Algorithm lists, groups and host keys, against ssh-audit and against servers whose settings are known."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import asyncssh.kex_dh
import pytest

from pytest_etsi.probes.ssh import _exchange, enumerate_ssh
from tests import daemons
from tests.probes import old_ssh
from tests.probes.scripted_ssh import group_server, lists_of, scripted

HOST = "127.0.0.1"
GEX_1, GEX_256 = "diffie-hellman-group-exchange-sha1", "diffie-hellman-group-exchange-sha256"
WEAK = {
    "KexAlgorithms": f"diffie-hellman-group1-sha1,diffie-hellman-group14-sha1,{GEX_1},curve25519-sha256",
    "HostKeyAlgorithms": "ssh-rsa,rsa-sha2-256,ssh-dss",
    "Ciphers": "3des-cbc,aes128-cbc,aes256-ctr",
    "MACs": "hmac-md5,hmac-md5-96,hmac-sha1",
    "Compression": "no",
    "RequiredRSASize": "1024",
}


def ssh_audit(port):
    """What ssh-audit says, run as a program."""
    beside = Path(sys.executable).with_name("ssh-audit")
    program = str(beside) if beside.exists() else shutil.which("ssh-audit")
    if program is None:
        daemons.missing("ssh-audit is not installed: pip install ssh-audit")
    done = subprocess.run(
        [program, "-j", "--skip-rate-test", "-p", str(port), HOST],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return json.loads(done.stdout)


def names(report, kind):
    return [one["algorithm"] for one in report[kind]]


@pytest.mark.parametrize(
    ("daemon", "options"),
    [
        ("sshd", {"key_types": ("rsa", "ecdsa", "ed25519")}),
        ("sshd", {"key_types": ("rsa:1024", "dsa"), "settings": WEAK}),
        ("sshd", {"key_types": ("ecdsa:384",), "settings": {"KexAlgorithms": "ecdh-sha2-nistp384"}}),
        ("dropbear", {}),
    ],
    ids=["sshd", "weak sshd", "sshd, nothing but P-384", "dropbear"],
)
def test_the_lists_are_those_of_ssh_audit(tmp_path, daemon, options):
    with getattr(daemons, daemon)(tmp_path, **options) as server:
        seen = enumerate_ssh(HOST, server.port)
        report = ssh_audit(server.port)

    assert seen.complete
    assert seen.banner == report["banner"]["raw"]
    assert seen.protocols == ("2",)
    assert list(seen.kex) == names(report, "kex")
    assert list(seen.host_keys) == names(report, "key")
    assert list(seen.ciphers_c2s) == list(seen.ciphers_s2c) == names(report, "enc")
    assert list(seen.macs_c2s) == list(seen.macs_s2c) == names(report, "mac")
    assert list(seen.compression_c2s) == list(seen.compression_s2c) == report["compression"]
    shown = {
        base64.b64decode(one["hash"] + "=").hex()
        for one in report["fingerprints"]
        if one["hash_alg"] == "SHA256"
    }
    assert seen.shown_key_sha256 in shown
    sizes = {one["algorithm"]: one["keysize"] for one in report["key"] if one.get("keysize")}
    if seen.shown_key == "ssh-rsa":
        assert seen.shown_key_bits == sizes["rsa-sha2-256"]


def test_the_directions_are_told_apart():
    """No distribution's server can be set so; the lists are those of RFC 4253, 7.1, in its order."""
    lists = ("kex-a", "key-a", "cipher-in", "cipher-out", "mac-in", "mac-out", "none", "zlib,none")
    with scripted(b"SSH-2.0-odd\r\n" + lists_of(lists)) as port:
        seen = enumerate_ssh(HOST, port, timeout_s=2)

    assert (seen.ciphers_c2s, seen.ciphers_s2c) == (("cipher-in",), ("cipher-out",))
    assert (seen.macs_c2s, seen.macs_s2c) == (("mac-in",), ("mac-out",))
    assert (seen.compression_c2s, seen.compression_s2c) == (("none",), ("zlib", "none"))
    assert seen.ciphers == ("cipher-in", "cipher-out")


# Groups and host keys ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def directory_with(tmp_path_factory):
    """The directory of a server with host keys of these kinds, which are made once: a long one takes half a second."""
    return functools.cache(lambda _: tmp_path_factory.mktemp("keys"))


@pytest.mark.parametrize(
    ("key_types", "kind", "bits"),
    [
        (("rsa:1024",), "ssh-rsa", 1024),
        (("rsa:3072", "ed25519"), "ssh-rsa", 3072),
        (("ed25519",), "ssh-ed25519", None),
    ],
)
@pytest.mark.parametrize(
    "method",
    [
        "curve25519-sha256",
        "ecdh-sha2-nistp256",
        "ecdh-sha2-nistp521",
        "diffie-hellman-group1-sha1",
        "diffie-hellman-group14-sha1",
        "diffie-hellman-group16-sha512",
        "diffie-hellman-group18-sha512",
        GEX_256,
    ],
)
def test_the_size_of_the_rsa_key_is_seen_by_every_method(directory_with, method, key_types, kind, bits):
    settings = {"KexAlgorithms": method, "RequiredRSASize": "1024"}
    place = directory_with(key_types)
    with daemons.sshd(place, settings=settings, key_types=key_types) as server:
        seen = enumerate_ssh(HOST, server.port)
        public = (place / f"host-{key_types[0].partition(':')[0]}.pub").read_text().split()[1]

    assert (seen.shown_key, seen.shown_key_bits) == (kind, bits)
    assert seen.shown_key_sha256 == hashlib.sha256(base64.b64decode(public)).hexdigest()
    assert seen.gaps == ()


@pytest.mark.parametrize(
    "rest",
    [
        {"encryption_algs": ["cast128-cbc"], "mac_algs": ["hmac-md5-96"]},
        {"encryption_algs": ["arcfour"]},
        {"compression_algs": ["zlib"]},
        {"mac_algs": ["hmac-sha1-96-etm@openssh.com"], "encryption_algs": ["aes192-cbc"]},
    ],
    ids=lambda rest: " ".join(name for names in rest.values() for name in names),
)
def test_odd_ciphers_do_not_keep_the_key_from_being_seen(rest):
    key = old_ssh.key("ssh-rsa", key_size=1536)
    with old_ssh.serving(host_key=key, kex_algs=["curve25519-sha256", GEX_1], **rest) as port:
        seen = enumerate_ssh(HOST, port)

    assert (seen.shown_key, seen.shown_key_bits) == ("ssh-rsa", 1536)
    assert (seen.dh_bits, seen.gaps) == ({GEX_1: 1024}, ())


def test_the_groups_of_the_rfcs_are_computed_rightly():
    for number in (1, 14, 16, 18):
        theirs = (
            getattr(asyncssh.kex_dh, f"_group{number}_p"),
            getattr(asyncssh.kex_dh, f"_group{number}_g"),
        )
        assert _exchange._well_known(number) == theirs


@pytest.mark.parametrize("method", [GEX_1, GEX_256])
def test_the_smallest_group_is_found(method):
    """The server of asyncssh gives 1,024 bits to whoever asks for them, as servers of old devices do."""
    with old_ssh.serving(kex_algs=[method, "curve25519-sha256"]) as port:
        seen = enumerate_ssh(HOST, port)
        report = ssh_audit(port)

    assert seen.dh_bits == {method: 1024}
    assert seen.dh_bits[method] == next(one["keysize"] for one in report["kex"] if one["algorithm"] == method)
    assert (seen.shown_key, seen.gaps) == ("ssh-rsa", ())
    assert seen.connections <= 3


def test_openssh_gives_no_group_of_less_than_2048_bits(tmp_path):
    """Its DH_GRP_MIN is 2048, whatever is asked for and whatever its file of moduli holds."""
    settings = {"KexAlgorithms": f"{GEX_256},{GEX_1}"}
    with daemons.sshd(tmp_path, settings=settings, key_types=("ed25519",)) as server:
        seen = enumerate_ssh(HOST, server.port)

    assert seen.dh_bits == {GEX_256: 2048, GEX_1: 2048}
    assert (seen.gaps, seen.connections) == ((), 3)


def test_openssh_falls_back_on_2048_bits_for_who_takes_no_more(tmp_path):
    """Its file of moduli holds larger ones only; ssh-audit reports 3,072 here, and this fallback in a note."""
    lines = Path("/etc/ssh/moduli").read_text().splitlines()
    moduli = tmp_path / "moduli"
    moduli.write_text("\n".join(line for line in lines if line.split()[4:5] > ["3"]) + "\n")
    settings = {"KexAlgorithms": GEX_256, "ModuliFile": str(moduli)}
    with daemons.sshd(tmp_path, settings=settings, key_types=("ed25519",)) as server:
        seen = enumerate_ssh(HOST, server.port)

    assert seen.dh_bits == {GEX_256: 2048}


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [((1536, 2048), 1536), ((4096,), 4096), ((768, 1024, 2048), 768), ((1024, 2048, 8192), 1024)],
)
@pytest.mark.parametrize("habit", ["smallest", "largest", "strict 1024", "strict 2048"])
def test_a_server_that_likes_other_sizes_is_asked_further(sizes, expected, habit):
    """A strict server ends the connection when less than its least is asked for (RFC 8270 wants 2048)."""
    least = int(habit.split()[1]) if habit.startswith("strict") else 0
    given = [size for size in sizes if size >= least]
    with group_server(given, habit, least) as port:
        seen = enumerate_ssh(HOST, port, timeout_s=5)

    if (
        habit == "largest"
    ):  # three questions need not lead to the smallest, but always below 2,048 where there is one
        assert (seen.dh_bits[GEX_256] < 2048) == (expected < 2048)
    else:
        assert seen.dh_bits == {GEX_256: min(given)}
    assert seen.connections <= 5


@pytest.mark.parametrize(
    ("first", "second"),
    [((2048,), (1024, 2048)), ((1024, 2048), (3072,)), ((1024,), (1024,)), ((4096,), (2048, 4096))],
)
def test_the_two_methods_are_told_apart(first, second):
    with group_server({GEX_256: first, GEX_1: second}, "smallest", 0) as port:
        seen = enumerate_ssh(HOST, port, timeout_s=5)

    assert seen.dh_bits == {GEX_256: min(first), GEX_1: min(second)}
    assert seen.connections <= 8


def test_a_server_that_gives_no_group_is_a_gap_not_a_size():
    with group_server([], "smallest", 0) as port:
        seen = enumerate_ssh(HOST, port, timeout_s=5)

    assert seen.complete
    assert seen.dh_bits == {}
    assert [gap for gap in seen.gaps if GEX_256 in gap]


def test_dropbear_that_lists_rsa_without_having_a_key_is_no_gap(tmp_path):
    with daemons.dropbear(tmp_path) as server:
        seen = enumerate_ssh(HOST, server.port)

    assert "ssh-rsa" in seen.host_keys
    assert (seen.shown_key, seen.gaps) == ("ssh-ed25519", ())
    assert len(seen.notes) == 2


# Protocol 1 -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("banner", "protocols"),
    [("SSH-1.99-Cisco-1.25", ("1", "2")), ("SSH-1.5-OpenSSH_3.4", ("1",)), ("SSH-2.0-x", ("2",))],
)
def test_protocol_1_is_seen_in_the_identification(banner, protocols):
    lists = lists_of(("a", "b", "c", "c", "d", "d", "none", "none")) if "2" in protocols else b""
    with scripted(banner.encode() + b"\r\n" + lists) as port:
        seen = enumerate_ssh(HOST, port, timeout_s=1)

    assert seen.banner == banner
    assert seen.protocols == protocols
    assert seen.complete == ("2" in protocols)
    assert ("protocol 1 only" in seen.error) == (protocols == ("1",))
