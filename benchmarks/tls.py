"""What a TLS server accepts, beside sslyze and nmap, in turns.

    python benchmarks/tls.py [--rounds 5] [--sslyze PATH]

Servers: nginx with OpenSSL (61 suites), and lighttpd with each of its five TLS stacks. sslyze (AGPL) is run as a
program, and needs a virtual environment of its own; without --sslyze it is looked for in PATH.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from _sidebyside import Peer, Row, compare, main, missing, program_version

from pytest_etsi.probes.tls import TlsObservation, enumerate_tls
from tests import daemons
from tests.probes import tls_stacks

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "127.0.0.1"
BAR = 0.2
VERSIONS = ("--sslv2", "--sslv3", "--tlsv1", "--tlsv1_1", "--tlsv1_2", "--tlsv1_3")
FEATURES = ("--elliptic_curves", "--compression", "--reneg", "--fallback", "--certinfo")
BROAD = {
    "openssl": 'ssl.openssl.ssl-conf-cmd = ("CipherString" => "ALL")',
    "wolfssl": 'ssl.openssl.ssl-conf-cmd = ("CipherString" => "ALL")',
    "nss": 'ssl.openssl.ssl-conf-cmd = ("CipherString" => "ALL")',
}


@contextlib.contextmanager
def servers() -> Iterator[dict[str, int]]:
    """Ports of the servers that this machine has, by name."""
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as stack:
        ports: dict[str, int] = {}
        if shutil.which("nginx"):
            nginx = daemons.nginx(
                Path(place, "nginx"),
                tls=True,
                key="rsa",
                protocols="TLSv1 TLSv1.1 TLSv1.2 TLSv1.3",
                ciphers="ALL:COMPLEMENTOFALL:@SECLEVEL=0",
            )
            ports["nginx, OpenSSL"] = stack.enter_context(nginx).port
        for name in tls_stacks.STACKS:
            with contextlib.suppress(Exception):  # a stack that is not installed is named in the table
                one = tls_stacks.lighttpd(Path(place, name), name, settings=BROAD.get(name, ""))
                ports[f"lighttpd, {name}"] = stack.enter_context(one).port
        yield ports


def sslyze_path() -> str | None:
    """sslyze, from --sslyze or PATH."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--sslyze")
    given = parser.parse_known_args()[0].sslyze
    return given or shutil.which("sslyze")


def rows(rounds: int) -> list[Row]:
    """One row per server and peer."""
    found: list[Row] = []
    sslyze, nmap = sslyze_path(), shutil.which("nmap")
    with servers() as ports:
        for name, port in ports.items():
            what = f"TLS of {name}"
            peers = []
            if sslyze:
                command = [sslyze, *VERSIONS, *FEATURES, f"{HOST}:{port}"]
                version = _version_of_sslyze(sslyze)
                peers.append(Peer(f"sslyze {version}", lambda c=command: _run(c)))
            else:
                found.append(missing(what, "sslyze", "sslyze is not installed; name it by --sslyze", BAR))
            if nmap:
                command = [nmap, "-n", "-Pn", "-p", str(port), "--script", "ssl-enum-ciphers", HOST]
                version = program_version([nmap, "--version"]).split(" (")[0].removeprefix("Nmap version ")
                peers.append(Peer(f"nmap {version} ssl-enum-ciphers", lambda c=command: _run(c)))
            same = tls_stacks.nmap_suites(port) if nmap else None
            found += compare(
                what,
                lambda p=port: enumerate_tls(HOST, p),
                peers,
                rounds=rounds,
                bars={"sslyze": BAR},
                remark=lambda seen, s=same: _remark(seen, s),
            )
        found += [
            missing(f"TLS of lighttpd, {name}", "sslyze", f"lighttpd-mod-{name} is not installed", BAR)
            for name in tls_stacks.STACKS
            if f"lighttpd, {name}" not in ports
        ]
    return found


def _remark(seen: object, expected: dict[str, set[str]] | None) -> str:
    assert isinstance(seen, TlsObservation)
    suites = {version: set(names) for version, names in seen.suites.items()}
    count = sum(map(len, suites.values()))
    told = f"{count} suites in {seen.connections} connections"
    if not seen.complete:
        return f"{told}; not complete: {'; '.join(seen.errors)}"
    if expected is None:
        return told
    return f"{told}; nmap finds the same" if suites == expected else f"{told}; nmap finds others"


def _run(command: list[str]) -> None:
    subprocess.run(command, capture_output=True, check=False, timeout=300)


def _version_of_sslyze(path: str) -> str:
    python = Path(path).with_name("python")
    code = "import importlib.metadata as m; print(m.version('sslyze'))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False, timeout=30)
    return done.stdout.strip() or "of unknown version"


if __name__ == "__main__":
    main(__doc__ or "", rows)
