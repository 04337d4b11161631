"""Real daemons from the distribution's packages, for tests: each on a loopback port, stopped by its handle.

Every function is a context manager that starts one daemon from a configuration of its own in `directory`,
waits until it listens and gives a `Daemon`. Where a package is missing, the test is skipped with the command
that installs it; with ``CI=true`` it fails instead.

Accounts for logins (`users=`) exist only for the daemon: it runs in a mount namespace with its own password
files, so the machine's own are never touched. That needs root.
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import ipaddress
import os
import shlex
import shutil
import signal
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PACKAGES = {
    name: package
    for line in Path(__file__).with_name("packages.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
    for package, *names in [line.split()]
    for name in names
}
"""Debian package of each program."""

_START_S = 10.0


@dataclass(frozen=True)
class Daemon:
    """A daemon that listens."""

    name: str
    host: str
    port: int
    directory: Path
    process: subprocess.Popen[bytes]
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def log(self) -> str:
        """What it wrote to its standard output and error."""
        return (self.directory / f"{self.name}.log").read_text(encoding="utf-8", errors="replace")


def missing(reason: str) -> None:
    """Skip the test, or fail it in CI, where everything has to be there."""
    if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def program(name: str) -> str:
    """Path of a program; `missing` when it is not installed."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        missing(f"{name} is not installed: apt-get install --no-install-recommends {PACKAGES[name]}")
        raise AssertionError  # not reached
    return found


_drawing = threading.Lock()
_drawn: set[int] = set()


def free_port(host: str = "127.0.0.1") -> int:
    """A TCP port on which nothing listens, another one each time: whoever asked before may not have opened its own yet."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        with socket.socket(family) as probe:
            probe.bind((host, 0))
            port = int(probe.getsockname()[1])
        with _drawing:
            if port not in _drawn:
                _drawn.add(port)
                return port


def self_signed(
    directory: Path, *, names: Iterable[str] = ("127.0.0.1",), key: str = "ec", bits: int = 2048
) -> tuple[Path, Path]:
    """Write a self-signed certificate and its key (PEM); `key` is "ec" or "rsa".

    Returns:
        (certificate, key)
    """
    directory.mkdir(parents=True, exist_ok=True)
    secret = ec.generate_private_key(ec.SECP256R1()) if key == "ec" else rsa.generate_private_key(65537, bits)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "device under test")])
    alternatives: list[x509.GeneralName] = []
    for name in names:
        try:
            alternatives.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            alternatives.append(x509.DNSName(name))
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(secret, hashes.SHA256())
    )
    certificate_path, key_path = directory / f"{key}-cert.pem", directory / f"{key}-key.pem"
    certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        secret.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate_path, key_path


@contextlib.contextmanager
def sshd(
    directory: Path,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    settings: Mapping[str, str] | None = None,
    users: Mapping[str, str] | None = None,
    keys: Mapping[str, str] | None = None,
    key_types: Iterable[str] = ("ed25519",),
) -> Iterator[Daemon]:
    """OpenSSH.

    Args:
        directory: for keys, configuration and log.
        host: address to listen on.
        port: port; a free one by default.
        settings: lines of sshd_config that override the ones below ("Ciphers": "aes128-ctr").
        users: accounts (name to password) that can log in.
        keys: public keys (by name of the account) that can log in.
        key_types: host keys to make, as `ssh-keygen -t` takes them; "rsa:1024" gives the size.
    """
    directory.mkdir(parents=True, exist_ok=True)
    port = port or free_port(host)
    host_keys = []
    for wanted in key_types:
        kind, _, bits = wanted.partition(":")
        path = directory / f"host-{kind}"
        if not path.exists():
            command = [program("ssh-keygen"), "-q", "-t", kind, "-N", "", "-f", str(path)]
            subprocess.run([*command, *(["-b", bits] if bits else [])], check=True, timeout=60)
        host_keys.append(path)
    chosen = {
        "Port": str(port),
        "ListenAddress": host,
        "PidFile": "none",
        "UsePAM": "no",
        "UseDNS": "no",
        "PermitRootLogin": "no",
        "PasswordAuthentication": "yes",
        "KbdInteractiveAuthentication": "no",
        "PubkeyAuthentication": "yes",
        "MaxAuthTries": "6",
        "MaxStartups": "100:30:200",
        "LogLevel": "VERBOSE",
        **(settings or {}),
    }
    lines = [f"{name} {value}" for name, value in chosen.items()] + [f"HostKey {path}" for path in host_keys]
    configuration = directory / "sshd_config"
    configuration.write_text("\n".join(lines) + "\n")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where its unprivileged half lives
    command = [program("sshd"), "-D", "-e", "-f", str(configuration)]
    with running("sshd", directory, _with_users(directory, command, users, keys), host, port) as daemon:
        yield daemon


@contextlib.contextmanager
def dropbear(
    directory: Path,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    arguments: Iterable[str] = (),
    users: Mapping[str, str] | None = None,
    keys: Mapping[str, str] | None = None,
) -> Iterator[Daemon]:
    """Dropbear, the SSH server of many devices; `arguments` such as `-s` (no passwords), `-T 3` (tries).

    `users` are accounts (name to password), `keys` public keys by the name of the account.
    """
    directory.mkdir(parents=True, exist_ok=True)
    port = port or free_port(host)
    key = directory / "dropbear-key"
    if not key.exists():
        subprocess.run(
            [program("dropbearkey"), "-t", "ed25519", "-f", str(key)],
            check=True,
            timeout=60,
            capture_output=True,
        )
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    pid_file = str(directory / "dropbear.pid")
    command = [program("dropbear"), "-F", "-E", "-r", str(key), "-p", address, "-P", pid_file, *arguments]
    with running("dropbear", directory, _with_users(directory, command, users, keys), host, port) as daemon:
        yield daemon


@contextlib.contextmanager
def telnetd(
    directory: Path,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    users: Mapping[str, str] | None = None,
) -> Iterator[Daemon]:
    """The Telnet daemon and login of BusyBox (three seconds of delay after a wrong password)."""
    directory.mkdir(parents=True, exist_ok=True)
    port = port or free_port(host)
    busybox = program("busybox")
    if (
        "telnetd"
        not in subprocess.run([busybox, "--list"], capture_output=True, text=True, timeout=10).stdout
    ):
        missing("this BusyBox has no telnetd: apt-get install --no-install-recommends busybox-static")
    login = directory / "login"
    login.write_text(f"#!/bin/sh\nexec {shlex.quote(busybox)} login\n")
    login.chmod(0o755)
    command = [busybox, "telnetd", "-F", "-b", host, "-p", str(port), "-l", str(login)]
    with running("telnetd", directory, _with_users(directory, command, users or {}), host, port) as daemon:
        yield daemon


@contextlib.contextmanager
def nginx(
    directory: Path,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    tls: bool = False,
    protocols: str = "TLSv1.2 TLSv1.3",
    ciphers: str = "",
    key: str = "ec",
    users: Mapping[str, str] | None = None,
    realm: str = "device",
    pages: Mapping[str, str] | None = None,
    server: str = "",
    http: str = "",
) -> Iterator[Daemon]:
    """The web server nginx.

    Args:
        directory: for pages, configuration and log.
        host: address to listen on.
        port: port; a free one by default.
        tls: speak HTTPS, with a self-signed certificate (`extra["certificate"]`).
        protocols: versions for `ssl_protocols`.
        ciphers: OpenSSL cipher list for `ssl_ciphers`; empty: nginx's default.
        key: "ec", "rsa" or "both": the kind of certificate.
        users: accounts for Basic authentication over everything; None: no authentication.
        realm: realm of that authentication.
        pages: files to serve, by path ("index.html": "<h1>...").
        server: further directives of the server block.
        http: further directives of the http block (`limit_req_zone ...`).
    """
    directory.mkdir(parents=True, exist_ok=True)
    port = port or free_port(host)
    root = directory / "pages"
    for name, content in {"index.html": "<title>device</title>it works", **(pages or {})}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    inside = [f"listen {address}{' ssl' if tls else ''};", f"root {root};", server]
    extra: dict[str, object] = {}
    if tls:
        for kind in ("ec", "rsa") if key == "both" else (key,):
            certificate, secret = self_signed(directory, names=(host, "device.test"), key=kind)
            inside.append(f"ssl_certificate {certificate}; ssl_certificate_key {secret};")
            extra.setdefault("certificate", certificate)
        inside.append(f"ssl_protocols {protocols};")
        if ciphers:
            inside.append(f'ssl_ciphers "{ciphers}";')
    if users is not None:
        password_file = directory / "htpasswd"
        password_file.write_text("".join(f"{name}:{{PLAIN}}{secret}\n" for name, secret in users.items()))
        inside.append(f'auth_basic "{realm}"; auth_basic_user_file {password_file};')
    temporary = "\n".join(
        f"{kind}_temp_path {directory}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    listed = "\n    ".join(line for line in inside if line)
    configuration = directory / "nginx.conf"
    configuration.write_text(
        f"daemon off;\nmaster_process off;\npid {directory}/nginx.pid;\nerror_log stderr;\n"
        f"events {{ worker_connections 512; }}\n"
        f"http {{\n  access_log off;\n"
        f"  types {{ text/html html; application/json json; text/javascript js; }}\n"
        f"  {temporary}\n  {http}\n  server {{\n    {listed}\n  }}\n}}\n"
    )
    command = [program("nginx"), "-p", str(directory), "-e", "stderr", "-c", str(configuration)]
    with running("nginx", directory, command, host, port, extra) as daemon:
        yield daemon


@contextlib.contextmanager
def mosquitto(
    directory: Path,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    users: Mapping[str, str] | None = None,
    anonymous: bool = False,
    tls: bool = False,
    settings: Iterable[str] = (),
) -> Iterator[Daemon]:
    """Mosquitto, an MQTT broker; with `users` it asks for a user name and password unless `anonymous`."""
    directory.mkdir(parents=True, exist_ok=True)
    port = port or free_port(host)
    lines = [
        f"listener {port} {host}",
        f"allow_anonymous {str(anonymous).lower()}",
        "log_dest stderr",
        *settings,
    ]
    if os.geteuid() == 0:
        lines.append("user root")  # its own user could not read the directory
    if users:
        password_file = directory / "passwords"
        password_file.touch(mode=0o600)
        for name, secret in users.items():
            subprocess.run(
                [program("mosquitto_passwd"), "-b", str(password_file), name, secret],
                check=True,
                timeout=30,
                capture_output=True,
            )
        lines.append(f"password_file {password_file}")
    extra: dict[str, object] = {}
    if tls:
        certificate, secret_key = self_signed(directory, names=(host,))
        lines += [f"certfile {certificate}", f"keyfile {secret_key}"]
        extra["certificate"] = certificate
    configuration = directory / "mosquitto.conf"
    configuration.write_text("\n".join(lines) + "\n")
    command = [program("mosquitto"), "-c", str(configuration)]
    with running("mosquitto", directory, command, host, port, extra) as daemon:
        yield daemon


def _with_users(
    directory: Path,
    command: list[str],
    users: Mapping[str, str] | None,
    keys: Mapping[str, str] | None = None,
) -> list[str]:
    """The command in a mount namespace whose password files hold `users` beside the machine's accounts.

    With `keys`, their homes are there too, with a file of the keys that may log in.
    """
    if users is None:
        return command
    if os.geteuid() != 0:
        missing("accounts of a daemon's own need root")
    passwd, shadow = Path("/etc/passwd").read_text(), Path("/etc/shadow").read_text()
    for number, (name, secret) in enumerate(users.items(), 61001):
        hashed = subprocess.run(
            [program("openssl"), "passwd", "-6", "-stdin"],
            input=secret.encode(),
            capture_output=True,
            check=True,
            timeout=10,
        ).stdout.decode()
        passwd += f"{name}:x:{number}:65534:test:{f'/srv/{name}' if keys else '/'}:/bin/sh\n"
        shadow += f"{name}:{hashed.strip()}:19000:0:99999:7:::\n"
    ours = []
    for name, content, mode in (("passwd", passwd, 0o644), ("shadow", shadow, 0o600)):
        path = directory / name
        path.write_text(content)
        path.chmod(mode)
        ours.append(f"mount --bind {shlex.quote(str(path))} /etc/{name}")
    for name, public in (keys or {}).items():
        home = directory / "homes" / name / ".ssh"
        home.mkdir(parents=True, exist_ok=True)
        (home / "authorized_keys").write_text(f"{public}\n")
    if keys:
        ours.append(f"mount --bind {shlex.quote(str(directory / 'homes'))} /srv")
    return [program("unshare"), "--mount", "sh", "-c", f"{' && '.join(ours)} && exec {shlex.join(command)}"]


@contextlib.contextmanager
def running(
    name: str,
    directory: Path,
    command: list[str],
    host: str,
    port: int,
    extra: dict[str, object] | None = None,
) -> Iterator[Daemon]:
    log = directory / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    daemon = Daemon(name, host, port, directory, process, extra or {})
    try:
        _wait_until_it_listens(daemon)
        yield daemon
    finally:
        _stop(process)


def _wait_until_it_listens(daemon: Daemon) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        if daemon.process.poll() is not None:
            raise RuntimeError(f"{daemon.name} ended with {daemon.process.returncode}:\n{daemon.log}")
        with (
            contextlib.suppress(OSError),
            socket.create_connection((daemon.host, daemon.port), timeout=1) as probe,
        ):
            if probe.getsockname() != probe.getpeername():
                return
        time.sleep(0.02)
    raise RuntimeError(f"{daemon.name} does not listen on {daemon.host}:{daemon.port}:\n{daemon.log}")


def is_bound(host: str, port: int) -> bool:
    """Whether somebody has a UDP port, who need not answer what would be asked of him."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a daemon and what it started in its own process group."""
    for sign, patience in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            return
