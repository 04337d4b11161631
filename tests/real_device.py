"""A device made of real daemons (OpenSSH, nginx, Mosquitto), and the documents of its good configuration.

The documents are the same for every configuration; only addresses, ports and the host key's fingerprint, which differ
from run to run, are filled in.
"""

from __future__ import annotations

import base64
import contextlib
import csv
import hashlib
import secrets
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

from pytest_etsi.standard import edition
from tests import daemons

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOST = "127.0.0.1"
REALM = "device settings"
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

SSH = "AuthMech-ssh"
WEB = "AuthMech-web"
MQTT = "AuthMech-mqtt"

KEY_EXCHANGES = ("curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256")
SSH_CIPHERS = ("aes256-gcm@openssh.com", "aes128-gcm@openssh.com", "aes256-ctr")
SSH_MACS = ("hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com")
TLS_12 = {
    "ECDHE-ECDSA-AES256-GCM-SHA384": "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "ECDHE-ECDSA-AES128-GCM-SHA256": "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
}
"""Suites of TLS 1.2: OpenSSL's name -> IANA name."""
TLS_13 = ("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256")

LOCKOUT_S = 15.0
"""What nginx's throttle keeps, by its rate. It forgets attempts while others are coming: five that take longer than half of
this make a shorter lock than documented."""

MANUAL = """<!doctype html><html><head><title>Manual</title></head><body>
<h1>Manual</h1>
<h2>Settings</h2><p>Open the address of the device in a browser and enter the settings password from the label.
To change the settings password, open the page Password and enter a new one twice.</p>
<h2>Home automation</h2><p>The MQTT broker asks for the user name "home" and the broker password from the label. To
change the broker password, open the page Password as well.</p>
<h2>Maintenance</h2><p>SSH takes the public key that you enter in the settings. To change the maintenance key, enter
another one there.</p>
</body></html>"""


def _password() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(16))


@dataclass(frozen=True)
class Configuration:
    """How the daemons are configured; the defaults are what the documents say.

    Attributes:
        ssh: lines of sshd_config that differ from the documented ones.
        protocols: versions of TLS that nginx accepts.
        ciphers: suites of TLS 1.2 and below that it accepts, as OpenSSL lists them.
        ssh_password_for: user who alone may log in over SSH with a password; empty: nobody.
        throttle: what stops guessing, in nginx's server block.
        throttle_key: what nginx counts attempts for.
        plain_http: nginx serves the same pages without TLS on a port of its own.
        plain_mqtt: Mosquitto has a listener without TLS with the same accounts.
    """

    ssh: dict[str, str] = field(default_factory=dict)
    ssh_password_for: str = ""
    protocols: str = "TLSv1.2 TLSv1.3"
    ciphers: str = ":".join(TLS_12)
    throttle: str = "limit_req zone=login burst=4 nodelay; limit_req_status 429;"
    throttle_key: str = "$remote_user"
    plain_http: bool = False
    plain_mqtt: bool = False


@dataclass(frozen=True)
class Device:
    """The running device; its passwords are new in every run."""

    directory: Path
    ssh: int = field(default_factory=daemons.free_port)
    https: int = field(default_factory=daemons.free_port)
    http: int = field(default_factory=daemons.free_port)
    mqtts: int = field(default_factory=daemons.free_port)
    mqtt: int = field(default_factory=daemons.free_port)
    manual: int = field(default_factory=daemons.free_port)
    web_password: str = field(default_factory=_password)
    other_web_password: str = field(default_factory=_password)
    mqtt_password: str = field(default_factory=_password)
    shell_password: str = field(default_factory=_password)

    @property
    def passwords(self) -> tuple[str, ...]:
        """Every secret of the device."""
        return self.web_password, self.other_web_password, self.mqtt_password, self.shell_password

    @property
    def ports(self) -> dict[str, int]:
        """Name -> port of everything that listens or would in another configuration."""
        return {name: getattr(self, name) for name in ("ssh", "https", "http", "mqtts", "mqtt", "manual")}

    @property
    def profile(self) -> Path:
        """The device's documents."""
        return self.directory / "documents" / "profile.yaml"

    @contextlib.contextmanager
    def running(self, configuration: Configuration) -> Iterator[Device]:
        """The daemons, for as long as the context lasts, and the documents beside them."""
        with contextlib.ExitStack() as stack:
            self._start(stack, configuration)
            self._write_documents()
            yield self

    def _start(self, stack: contextlib.ExitStack, configuration: Configuration) -> None:
        exception = self.directory / "sshd_exception"
        if configuration.ssh_password_for:
            exception.write_text(
                f"Match User {configuration.ssh_password_for}\n  PasswordAuthentication yes\n"
            )
        stack.enter_context(
            daemons.sshd(
                self.directory / "sshd",
                port=self.ssh,
                users={"maintainer": self.shell_password},
                settings={
                    "PasswordAuthentication": "no",
                    "KexAlgorithms": ",".join(KEY_EXCHANGES),
                    "Ciphers": ",".join(SSH_CIPHERS),
                    "MACs": ",".join(SSH_MACS),
                    "HostKeyAlgorithms": "ssh-ed25519",
                    **configuration.ssh,
                    # A Match block ends with the file that it is in; a pattern without a file includes nothing.
                    "Include": f"{exception}*",
                },
            )
        )
        web = self.directory / "web"
        stack.enter_context(
            daemons.nginx(
                web,
                port=self.https,
                tls=True,
                protocols=configuration.protocols,
                ciphers=configuration.ciphers,
                users={"owner": self.web_password, "guest": self.other_web_password},
                realm=REALM,
                server=configuration.throttle,
                http=f"limit_req_zone {configuration.throttle_key} zone=login:1m rate=4r/m;"
                + (
                    f' server {{ listen {HOST}:{self.http}; root {web}/pages; auth_basic "{REALM}";'
                    f" auth_basic_user_file {web}/htpasswd; }}"
                    if configuration.plain_http
                    else ""
                ),
            )
        )
        broker = self.directory / "broker"
        certificate, key = daemons.self_signed(broker, names=(HOST,))
        stack.enter_context(
            daemons.mosquitto(
                broker,
                port=self.mqtts,
                users={"home": self.mqtt_password},
                settings=[
                    f"certfile {certificate}",
                    f"keyfile {key}",
                    "tls_version tlsv1.2",
                    f"ciphers {':'.join(TLS_12)}",
                    *([f"listener {self.mqtt} {HOST}"] if configuration.plain_mqtt else []),
                ],
            )
        )
        stack.enter_context(
            daemons.nginx(self.directory / "site", port=self.manual, pages={"manual.html": MANUAL})
        )

    def _write_documents(self) -> None:
        folder = self.profile.parent
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with (folder / "factory.csv").open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("serial", "mac", "password"))
            for number in range(40):
                rows.writerow((f"D{4711 + number}", f"02:00:5e:10:00:{number:02x}", _password()))
        documents = {
            "profile.yaml": self._profile(),
            "secrets.yaml": {
                "web": self.web_password,
                "guest": self.other_web_password,
                "mqtt": self.mqtt_password,
            },
            "ics.yaml": {
                "conditions": {"1": True, "2": True, "8": True},
                **{f"5.1-{row}": {"support": "Y", "detail": "see 1-AuthMech"} for row in range(1, 6)},
            },
            "ixit.yaml": {
                **{table.id: {} if table.single else [] for table in edition("1.1.1").tables},
                "1-AuthMech": [self._ssh_entry(), self._web_entry(), self._mqtt_entry()],
                "2-UserInfo": {
                    "Documentation of Change Mechanisms": f"The manual, {self._manual_url}",
                    "facts": {"change_mechanisms": {"url": self._manual_url}},
                },
            },
        }
        for name, content in documents.items():
            (folder / name).write_text(yaml.safe_dump(content, sort_keys=False))
        (folder / "secrets.yaml").chmod(0o600)

    @property
    def _manual_url(self) -> str:
        return f"http://{HOST}:{self.manual}/manual.html"

    @property
    def _web_url(self) -> str:
        return f"https://{HOST}:{self.https}/"

    def _profile(self) -> dict[str, object]:
        ports = sorted((self.ssh, self.https, self.http, self.mqtts, self.mqtt))
        return {
            "format": 1,
            "name": "daemons",
            "edition": "1.1.1",
            "dut": {
                "manufacturer": "Example Devices",
                "model": "Hub 3",
                "hardware": "A",
                "software": "2.0.1",
                "serial": "D4711",
                "mac": "02:00:5e:10:00:00",
            },
            "ics": "ics.yaml",
            "ixit": "ixit.yaml",
            "secrets": "secrets.yaml",
            "permissions": ["brute-force", "change-credentials"],
            "access": {
                "network": {
                    "hosts": [HOST],
                    "ports": ",".join(str(port) for port in ports),
                    "ports_because": "the daemons share the loopback address of this machine",
                    "documents_hosts": [f"{HOST}:{self.manual}"],
                },
                "samples": "factory.csv",
                "identity": {"ssh_sha256": self._host_key(), "ssh_port": self.ssh},
            },
        }

    def _host_key(self) -> str:
        _, encoded, *_ = (self.directory / "sshd" / "host-ed25519.pub").read_text().split()
        return hashlib.sha256(base64.b64decode(encoded)).hexdigest()

    def _ssh_entry(self) -> dict[str, object]:
        return {
            "ID": SSH,
            "Description": "Maintenance by the user over SSH; directly addressable via the network interface.",
            "Authentication Factor": "The user's public key; passwords are not taken.",
            "Password Generation Mechanism": "",
            "Security Guarantees": "Authenticity, integrity and confidentiality of the session.",
            "Cryptographic Details": "SSH 2 with the algorithms under facts; Ed25519 host key.",
            "Brute Force Prevention": "The size of the user's private key.",
            "facts": {
                "subject": "user",
                "interface": "network",
                "endpoint": f"{self.ssh}/tcp",
                "factors": ["key"],
                "mentions": ["maintenance key"],
                "guarantees": ["authenticity", "integrity", "confidentiality"],
                "ssh": {
                    "kex": list(KEY_EXCHANGES),
                    "host_keys": ["ssh-ed25519"],
                    "ciphers": list(SSH_CIPHERS),
                    "macs": list(SSH_MACS),
                },
                "brute_force": {"entropy_only": True},
                "change": {"supported": True},
            },
            "access": {"driver": "ssh", "port": self.ssh, "username": "maintainer"},
        }

    def _web_entry(self) -> dict[str, object]:
        return {
            "ID": WEB,
            "Description": "Settings in the browser over HTTPS; directly addressable via the network interface.",
            "Authentication Factor": "Password, pre-installed and printed on the label.",
            "Security Guarantees": "Authenticity of the user; integrity and confidentiality of the exchange.",
            "Brute Force Prevention": (
                "For each user name about five attempts in a row, then one every fifteen seconds; more are refused by 429."
            ),
            **_PASSWORD_PROSE,
            "facts": {
                "subject": "user",
                "interface": "network",
                "endpoint": f"{self.https}/tcp",
                "mentions": ["settings password"],
                **_over_tls(),
                "brute_force": {"max_attempts": 5, "lockout_s": LOCKOUT_S, "scope": "account"},
            },
            "access": {
                "driver": "http-basic",
                "url": self._web_url,
                "username": "owner",
                "password": "${secret:web}",
                "second_account": {"username": "guest", "password": "${secret:guest}"},
            },
        }

    def _mqtt_entry(self) -> dict[str, object]:
        return {
            "ID": MQTT,
            "Description": "The user's home automation over MQTT within TLS; directly addressable via the network.",
            "Authentication Factor": "Password, pre-installed and printed on the label.",
            "Security Guarantees": "Authenticity of the user; integrity and confidentiality of the exchange.",
            "Brute Force Prevention": "The size of the password, 80 random bits.",
            **_PASSWORD_PROSE,
            "facts": {
                "subject": "user",
                "interface": "network",
                "endpoint": f"{self.mqtts}/tcp",
                "mentions": ["broker password"],
                **_over_tls(),
                "brute_force": {"entropy_only": True},
            },
            "access": {
                "driver": "mqtt",
                "port": self.mqtts,
                "username": "home",
                "password": "${secret:mqtt}",
            },
        }


_PASSWORD_PROSE = {
    "Password Generation Mechanism": (
        "In production a hardware random generator draws 16 characters for each device, each one evenly from 32 "
        "letters and digits (80 bits). No data of the device goes into it."
    ),
    "Cryptographic Details": "TLS 1.2 and TLS 1.3 with the cipher suites under facts; ECDSA certificate on P-256.",
}


def _over_tls() -> dict[str, object]:
    return {
        "factors": ["password"],
        "password": {
            "origin": "pre-installed",
            "generation": {
                "method": "random",
                "inputs": ["random"],
                "length": 16,
                "alphabet": ALPHABET,
                "random_bits": 80,
                "production_volume": 100000,
            },
        },
        "guarantees": ["authenticity", "integrity", "confidentiality"],
        "tls": {"versions": ["TLSv1.2", "TLSv1.3"], "cipher_suites": [*TLS_13, *TLS_12.values()]},
        "change": {"supported": True},
    }
