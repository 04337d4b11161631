"""What an SSH server offers, beside ssh-audit, in turns.

    python benchmarks/ssh.py [--rounds 5] [--ssh-audit PATH]

Servers: OpenSSH as it comes, OpenSSH with old algorithms, and Dropbear. ssh-audit is run as a program (`ssh-audit -j`);
without --ssh-audit it is looked for beside this Python, then in PATH.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from _sidebyside import Peer, Row, compare, main, missing

from pytest_etsi.probes.ssh import SshObservation, enumerate_ssh
from tests import daemons

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "127.0.0.1"
BAR = 0.1
OLD = {
    "KexAlgorithms": "+diffie-hellman-group1-sha1,diffie-hellman-group-exchange-sha1",
    "HostKeyAlgorithms": "+ssh-rsa",
    "Ciphers": "+3des-cbc",
    "MACs": "+hmac-md5",
}
SERVERS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "OpenSSH": ("sshd", "openssh-server", {"key_types": ("rsa", "ecdsa", "ed25519")}),
    "OpenSSH, old algorithms": ("sshd", "openssh-server", {"key_types": ("rsa:2048",), "settings": OLD}),
    "Dropbear": ("dropbear", "dropbear-bin", {}),
}


@contextlib.contextmanager
def server(daemon: str, options: dict[str, Any]) -> Iterator[int]:
    """The port of a server."""
    with tempfile.TemporaryDirectory() as place, getattr(daemons, daemon)(Path(place), **options) as one:
        yield one.port


def ssh_audit_path() -> str | None:
    """ssh-audit, from --ssh-audit, beside this Python, or from PATH."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--ssh-audit")
    given = parser.parse_known_args()[0].ssh_audit
    beside = Path(sys.executable).with_name("ssh-audit")
    return given or (str(beside) if beside.exists() else shutil.which("ssh-audit"))


def rows(rounds: int) -> list[Row]:
    """One row per server."""
    found: list[Row] = []
    program = ssh_audit_path()
    for name, (daemon, package, options) in SERVERS.items():
        what = f"SSH of {name}"
        if not shutil.which(daemon, path="/usr/sbin:/usr/bin:/sbin:/bin"):
            found.append(missing(what, "ssh-audit", f"{package} is not installed", BAR))
            continue
        if program is None:
            found.append(
                missing(what, "ssh-audit", "ssh-audit is not installed; name it by --ssh-audit", BAR)
            )
            continue
        with server(daemon, options) as port:
            report: dict[str, Any] = {}
            peer = Peer(
                f"ssh-audit {_version(program)} -j", lambda p=port, r=report: r.update(_audit(program, p))
            )
            found += compare(
                what,
                lambda p=port: enumerate_ssh(HOST, p),
                [peer],
                rounds=rounds,
                bars={"ssh-audit": BAR},
                remark=lambda seen, r=report: _remark(seen, r),
            )
    return found


def _remark(seen: object, report: dict[str, Any]) -> str:
    assert isinstance(seen, SshObservation)
    ours = (seen.kex, seen.host_keys, seen.ciphers_s2c, seen.macs_s2c, seen.compression_s2c)
    theirs = [tuple(one["algorithm"] for one in report[kind]) for kind in ("kex", "key", "enc", "mac")]
    same = [*ours] == [*theirs, tuple(report["compression"])]
    count = sum(map(len, ours))
    told = (
        f"{count} names in {seen.connections} connections; ssh-audit finds {'the same' if same else 'others'}"
    )
    return f"{told}; {'; '.join(seen.gaps)}" if seen.gaps else told


def _audit(program: str, port: int) -> dict[str, Any]:
    command = [program, "-j", "-p", str(port), HOST]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _version(program: str) -> str:
    done = subprocess.run([program, "--help"], capture_output=True, text=True, check=False, timeout=30)
    words = (done.stdout or done.stderr).split()
    return next((word.strip(",v()") for word in words if word.startswith("v") and word[1:2].isdigit()), "")


if __name__ == "__main__":
    main(__doc__ or "", rows)
