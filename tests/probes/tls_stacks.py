"""lighttpd with each of its five TLS stacks, and what nmap finds there."""

from __future__ import annotations

import contextlib
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from tests import daemons

if TYPE_CHECKING:
    from collections.abc import Iterator

STACKS = ("openssl", "gnutls", "mbedtls", "wolfssl", "nss")
"""The stacks; each comes with the package lighttpd-mod-<name>."""

_MODULES = ("/usr/lib/lighttpd", "/usr/lib64/lighttpd")


@contextlib.contextmanager
def lighttpd(
    directory: Path, stack: str, *, key: str = "rsa", bits: int = 2048, settings: str = ""
) -> Iterator[daemons.Daemon]:
    """The web server lighttpd over one TLS stack.

    Args:
        directory: for pages, configuration and log.
        stack: one of `STACKS`.
        key: kind of its certificate, "rsa" or "ec".
        bits: size of an RSA key.
        settings: further directives.
    """
    if not any(Path(place, f"mod_{stack}.so").exists() for place in _MODULES):
        daemons.missing(
            f"mod_{stack} of lighttpd is not installed: apt-get install --no-install-recommends lighttpd-mod-{stack}"
        )
    port = daemons.free_port()
    certificate, secret = daemons.self_signed(directory, key=key, bits=bits)
    both = directory / "both.pem"
    both.write_bytes(certificate.read_bytes() + secret.read_bytes())
    configuration = directory / "lighttpd.conf"
    pem = (
        f'ssl.pemfile = "{both}"'
        if stack != "nss"
        else f'ssl.pemfile = "{certificate}"\nssl.privkey = "{secret}"'
    )
    configuration.write_text(
        f'server.document-root = "{directory}"\nserver.bind = "127.0.0.1"\nserver.port = {port}\n'
        f'server.modules = ("mod_{stack}")\nssl.engine = "enable"\n{pem}\n{settings}\n'
    )
    command = [daemons.program("lighttpd"), "-D", "-f", str(configuration)]
    with daemons.running("lighttpd", directory, command, "127.0.0.1", port) as daemon:
        yield daemon


def nmap_suites(port: int) -> dict[str, set[str]]:
    """Suites by version, as nmap's ssl-enum-ciphers sees them; names of the registry."""
    command = [
        daemons.program("nmap"),
        "-n",
        "-Pn",
        "-p",
        str(port),
        "--script",
        "ssl-enum-ciphers",
        "127.0.0.1",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    found: dict[str, set[str]] = {}
    version = ""
    for line in done.stdout.splitlines():
        if match := re.match(r"\|\s+((?:TLSv|SSLv)[\d.]+):", line):
            version = match[1]
        # The name that nmap uses for a suite of TLS 1.3 says so twice,
        # and appends to those of a draft that they are.
        elif match := re.match(r"\|\s+(TLS_\w+)(-draft)? ", line):
            draft = "OLD_" if match[2] else ""
            found.setdefault(version, set()).add(draft + match[1].replace("TLS_AKE_WITH_", "TLS_"))
    return found


_OPENSSL_VERSIONS = {"TLSv1.0": "-tls1", "TLSv1.1": "-tls1_1", "TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3"}


def openssl_names() -> list[tuple[str, str, bool]]:
    """(name for OpenSSL, name in the registry, version for TLS 1.3 or not) of every suite OpenSSL knows."""
    listing = subprocess.run(
        [daemons.program("openssl"), "ciphers", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    ).stdout
    listed = [
        (line.split()[2], line.split()[0], "TLSv1.3" in line.split()[3]) for line in listing.splitlines()
    ]
    # These it lists only when they are asked for.
    return [*listed, *((name, name, True) for name in ("TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256"))]


def openssl_negotiates(port: int, *options: str) -> bool:
    """Whether s_client comes to a suite with the server at a port of 127.0.0.1, given further options.

    It trusts nobody: to read the authorities of this machine takes it four times as long as everything else.
    """
    command = [daemons.program("openssl"), "s_client", "-connect", f"127.0.0.1:{port}"]
    trusting = ["-no-CAfile", "-no-CApath", "-no-CAstore"]
    done = subprocess.run(
        [*command, *trusting, *options], input=b"", capture_output=True, timeout=60, check=False
    )
    return re.search(rb"Cipher is (?!\(NONE\))\S+", done.stdout) is not None


def _negotiates(port: int, version: str, openssl_name: str, thirteen: bool) -> bool:
    choice = ["-ciphersuites", openssl_name] if thirteen else ["-cipher", f"{openssl_name}:@SECLEVEL=0"]
    return openssl_negotiates(port, _OPENSSL_VERSIONS[version], "-legacy_server_connect", *choice)


def openssl_suites(port: int, versions: tuple[str, ...]) -> dict[str, set[str]]:
    """Suites by version that s_client negotiates, tried one by one."""
    names = openssl_names()
    tasks = [(version, *name) for version in versions for name in names if name[2] is (version == "TLSv1.3")]
    with ThreadPoolExecutor(4) as pool:
        done = pool.map(lambda task: _negotiates(port, task[0], task[1], task[3]), tasks)
    found: dict[str, set[str]] = {}
    for (version, _, registered, _), worked in zip(tasks, done, strict=True):
        if worked:
            found.setdefault(version, set()).add(registered)
    return found
