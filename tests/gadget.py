"""A gadget made of daemons of the distribution, in a network of its own at the end of a cable.

lighttpd (TLS by OpenSSL), dropbear, Mosquitto, avahi, minidlna, net-snmp, libcoap and BusyBox are configured well or
badly; the documents always describe the good configuration.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import shlex
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from pytest_etsi.standard import edition
from tests import daemons, gadget_page
from tests.namespaces import namespace
from tests.started import Started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TLS_12 = {
    "ECDHE-ECDSA-AES256-GCM-SHA384": "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "ECDHE-ECDSA-AES128-GCM-SHA256": "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
}
TLS_13 = ("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256")
WEB, BROKER, SSH, NAME, MEDIA, MANAGEMENT, SENSOR, CONSOLE, PAGE = (
    "Web",
    "Broker",
    "Ssh",
    "Name",
    "Media",
    "Management",
    "Sensor",
    "Console",
    gadget_page.PAGE,
)
LOGIN, TOPICS, INPUTS = "Broker-login", "Topics", "Messages"
PASSWORD = "Kaffeetasse-77-blau"
PORTS = {
    WEB: "443/tcp",
    BROKER: "8883/tcp",
    SSH: "22/tcp",
    NAME: "5353/udp",
    MEDIA: "8200/tcp",
    MANAGEMENT: "161/udp",
    SENSOR: ["5683/udp", "5683/tcp"],
    CONSOLE: "23/tcp",
    PAGE: f"{gadget_page.PORT}/tcp",
}


@dataclass(frozen=True)
class Configuration:
    """How the daemons are configured; the defaults are what the documents say.

    Attributes:
        versions: options of lighttpd's TLS.
        tag: what lighttpd calls itself; None: what it does by itself.
        listing: lighttpd lists its directories.
        record: the TXT record that avahi publishes.
        community: net-snmp answers to this community.
        telnet: BusyBox telnetd waits for logins on port 2323 too.
        issue: what BusyBox telnetd says before it asks for a login.
        anonymous: Mosquitto takes everybody, and without TLS on port 1883 too.
        short_key: dropbear has an RSA key of 1024 bits beside the documented one.
        media: what minidlna calls itself.
        resource: libcoap lets whoever asks create a resource, and somebody has created this one.
        open_page: BusyBox httpd lets everybody change settings in factory default.
    """

    versions: str = '("MinProtocol" => "TLSv1.2", "CipherString" => "' + ":".join(TLS_12) + '")'
    tag: str | None = "gadget"
    listing: bool = False
    record: str = "path=/"
    community: str = ""
    telnet: bool = False
    issue: str = "gadget"
    anonymous: bool = False
    short_key: bool = False
    media: str = "gadget"
    resource: str = ""
    open_page: bool = False


class Gadget(Started):
    """The running gadget."""

    @property
    def profile(self) -> Path:
        """The documents."""
        return self.directory / "documents" / "profile.yaml"


@contextlib.contextmanager
def running(directory: Path, configuration: Configuration) -> Iterator[Gadget]:
    """The gadget, for as long as the context lasts, and its documents."""
    directory.mkdir(parents=True, exist_ok=True)
    with namespace(cable=True) as net:
        gadget = Gadget(directory, net)
        try:
            _start(gadget, configuration)
            _write_documents(gadget)
            yield gadget
        finally:
            gadget.stop()


def _start(gadget: Gadget, configuration: Configuration) -> None:
    for start in (_lighttpd, _dropbear, _mosquitto, _avahi, _minidlna, _snmpd, _coap, _telnetd):
        start(gadget, configuration)
    page = gadget_page.page(
        gadget.directory / "page", gadget.net.device, open_at_first=configuration.open_page
    )
    gadget.start("httpd", page)
    places = [place for name in PORTS for place in _places(name)]
    gadget.wait(*places)
    if configuration.resource:
        where = f"coap://{gadget.net.device}/{configuration.resource}"
        put = [daemons.program("coap-client-notls"), "-m", "put", "-e", "hello", "-B", "5", where]
        subprocess.run(gadget.net.from_bench(*put), check=True, capture_output=True, timeout=15)
    switch = gadget_page.switch(gadget.directory / "page", gadget.programs[-1][1].pid)
    gadget.start_switch(switch)


def _lighttpd(gadget: Gadget, configuration: Configuration) -> None:
    place = gadget.directory / "web"
    pages = place / "pages"
    (pages / "files").mkdir(parents=True)
    (pages / "index.html").write_text("<title>gadget</title>hello")
    (pages / "files" / "log.txt").write_text("nothing")
    certificate, key = daemons.self_signed(place, names=("gadget.test",))
    both = place / "both.pem"
    both.write_bytes(certificate.read_bytes() + key.read_bytes())
    lines = [
        f'server.document-root = "{pages}"',
        f'server.bind = "{gadget.net.device}"',
        "server.port = 443",
        'server.modules = ("mod_openssl", "mod_dirlisting")',
        'index-file.names = ("index.html")',
        'ssl.engine = "enable"',
        f'ssl.pemfile = "{both}"',
        f"ssl.openssl.ssl-conf-cmd = {configuration.versions}",
        'mimetype.assign = (".html" => "text/html", ".txt" => "text/plain")',
    ]
    if configuration.tag is not None:
        lines.append(f'server.tag = "{configuration.tag}"')
    if configuration.listing:
        lines += ['dir-listing.activate = "enable"', "index-file.names = ()"]
        lines.remove('index-file.names = ("index.html")')
    (place / "lighttpd.conf").write_text("\n".join(lines) + "\n")
    gadget.start("lighttpd", [daemons.program("lighttpd"), "-D", "-f", str(place / "lighttpd.conf")])


def _dropbear(gadget: Gadget, configuration: Configuration) -> None:
    keys = {gadget.directory / "host-key": ["-t", "ed25519"]}
    if configuration.short_key:
        keys[gadget.directory / "short-key"] = ["-t", "rsa", "-s", "1024"]
    command = [daemons.program("dropbear"), "-F", "-E", "-s", "-p", "22"]
    for key, kind in keys.items():
        make = [daemons.program("dropbearkey"), *kind, "-f", str(key)]
        subprocess.run(make, check=True, capture_output=True, timeout=30)
        command += ["-r", str(key)]
    gadget.start("dropbear", command)


def _telnetd(gadget: Gadget, configuration: Configuration) -> None:
    issue, login = gadget.directory / "issue", gadget.directory / "login"
    issue.write_text(f"{configuration.issue}\n")
    login.write_text(
        "#!/bin/busybox sh\nprintf 'login: '; read -r name; printf 'Password: '; read -r word\n"
        "/bin/busybox sleep 1; echo 'Login incorrect'\n"
    )
    login.chmod(0o755)
    command = [daemons.program("busybox"), "telnetd", "-F", "-f", str(issue), "-l", str(login), "-p"]
    for port in (23, 2323) if configuration.telnet else (23,):
        gadget.start(f"telnetd-{port}", [*command, str(port)])


def _coap(gadget: Gadget, configuration: Configuration) -> None:
    dynamic = ["-d", "1"] if configuration.resource else []
    command = [daemons.program("coap-server-notls"), "-A", gadget.net.device, "-v", "0", *dynamic]
    gadget.start("coap", command)


def _mosquitto(gadget: Gadget, configuration: Configuration) -> None:
    place = gadget.directory / "broker"
    certificate, key = daemons.self_signed(place, names=("gadget.test",))
    passwords = place / "passwords"
    passwords.touch(mode=0o600)
    make = [daemons.program("mosquitto_passwd"), "-b", str(passwords), "home", PASSWORD]
    subprocess.run(make, check=True, capture_output=True, timeout=30)
    lines = [
        "user root",
        f"listener 8883 {gadget.net.device}",
        f"certfile {certificate}",
        f"keyfile {key}",
        "tls_version tlsv1.2",
        f"ciphers {':'.join(TLS_12)}",
        *([f"listener 1883 {gadget.net.device}"] if configuration.anonymous else []),
        f"password_file {passwords}",
        f"allow_anonymous {str(configuration.anonymous).lower()}",
    ]
    if not configuration.anonymous:
        (place / "rights").write_text("user home\ntopic readwrite gadget/#\n")
        lines.append(f"acl_file {place / 'rights'}")
    (place / "mosquitto.conf").write_text("\n".join(lines) + "\n")
    gadget.start("mosquitto", [daemons.program("mosquitto"), "-c", str(place / "mosquitto.conf")])


def _avahi(gadget: Gadget, configuration: Configuration) -> None:
    place = gadget.directory / "avahi"
    (place / "services").mkdir(parents=True)
    (place / "services" / "web.service").write_text(
        '<?xml version="1.0" standalone="no"?><!DOCTYPE service-group SYSTEM "avahi-service.dtd">'
        "<service-group><name>gadget</name><service><type>_https._tcp</type><port>443</port>"
        f"<txt-record>{configuration.record}</txt-record></service></service-group>"
    )
    (place / "avahi-daemon.conf").write_text(
        "[server]\nhost-name=gadget\nuse-ipv6=no\nallow-interfaces=device\nenable-dbus=no\n"
        "[publish]\npublish-hinfo=no\npublish-workstation=no\n"
    )
    # The daemon knows its directories at /etc/avahi and /run: it gets its own ones.
    script = (
        "mount -t tmpfs none /run && mkdir -p /run/avahi-daemon && "
        f"mount --bind {shlex.quote(str(place))} /etc/avahi && "
        "exec avahi-daemon --no-drop-root --no-rlimits --no-chroot"
    )
    daemons.program("avahi-daemon")
    gadget.start("avahi", ["unshare", "--mount", "sh", "-c", script])


def _minidlna(gadget: Gadget, configuration: Configuration) -> None:
    place = gadget.directory / "media"
    (place / "files").mkdir(parents=True)
    (place / "minidlna.conf").write_text(
        f"port=8200\nmedia_dir={place}/files\ndb_dir={place}/db\nlog_dir={place}\nfriendly_name={configuration.media}\n"
        "network_interface=device\nserial=4711\nmodel_number=7\nnotify_interval=900\n"
    )
    command = [
        daemons.program("minidlnad"),
        "-d",
        "-f",
        str(place / "minidlna.conf"),
        "-P",
        str(place / "pid"),
    ]
    gadget.start("minidlna", command)


def _snmpd(gadget: Gadget, configuration: Configuration) -> None:
    place = gadget.directory / "snmp"
    place.mkdir()
    lines = ["sysDescr Gadget 7, firmware 2.4.1", "sysContact nobody"]
    # Without a community nobody but users of version 3 get an answer; there are none.
    lines.append(
        f"rocommunity {configuration.community}" if configuration.community else "rouser keeper authpriv"
    )
    (place / "snmpd.conf").write_text("\n".join(lines) + "\n")
    command = [
        daemons.program("snmpd"),
        "-f",
        "-Lo",
        "-C",
        "-c",
        str(place / "snmpd.conf"),
        "-I",
        "-smux",
        "udp:161",
    ]
    gadget.start("snmpd", command, SNMP_PERSISTENT_DIR=str(place))


# Documents --------------------------------------------------------------------------------------------------


def _write_documents(gadget: Gadget) -> None:
    folder = gadget.profile.parent
    folder.mkdir()
    tables: dict[str, object] = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
    tables |= {
        "11-ComMech": [_mechanism(gadget, name) for name in PORTS],
        "12-NetSecImpl": [
            {
                "ID": "Web-server",
                "Description": "lighttpd 1.4.71 with OpenSSL",
                "facts": {"name": "lighttpd", "version": "1.4.71", "method": "public-review"},
            }
        ],
        "15-Intf": [_interface(gadget, name) for name in PORTS],
        "1-AuthMech": [_login(), gadget_page.login(gadget.net.device)],
        "13-SoftServ": [_topics(), gadget_page.settings(gadget.net.device)],
        "29-InpVal": [_messages()],
    }
    provisions = ("5.5-1", "5.5-2", "5.5-4", "5.5-5", "5.6-1", "5.6-2", "5.13-1")
    documents = {
        "profile.yaml": {
            "format": 1,
            "name": "gadget",
            "edition": "1.1.1",
            "dut": {
                "manufacturer": "Example Devices",
                "model": "Gadget 7",
                "hardware": "A",
                "software": "2.4.1",
            },
            "ics": "ics.yaml",
            "ixit": "ixit.yaml",
            "permissions": ["fuzz", "erase", "change-credentials"],
            "access": {
                "network": {"hosts": [gadget.net.device], "rate": 20_000},
                "identity": {"ssh_sha256": _host_key(gadget), "ssh_port": 22},
                **gadget_page.BENCH,
            },
        },
        "ics.yaml": {
            "conditions": {},
            **{name: {"support": "Y", "detail": "see IXIT"} for name in provisions},
        },
        "ixit.yaml": tables,
    }
    for name, content in documents.items():
        (folder / name).write_text(yaml.safe_dump(content, sort_keys=False))


def _host_key(gadget: Gadget) -> str:
    """Fingerprint of dropbear's key, hex."""
    show = [daemons.program("dropbearkey"), "-y", "-f", str(gadget.directory / "host-key")]
    text = subprocess.run(show, capture_output=True, text=True, check=True, timeout=30).stdout
    encoded = next(line.split()[1] for line in text.splitlines() if line.startswith("ssh-ed25519 "))
    return hashlib.sha256(base64.b64decode(encoded)).hexdigest()


def _login() -> dict[str, object]:
    return {
        "ID": LOGIN,
        "Description": "Login to the broker by name and password.",
        "facts": {
            "subject": "user",
            "interface": "network",
            "endpoint": PORTS[BROKER],
            "factors": ["password"],
            "tls": _tls(),
        },
        "access": {"driver": "mqtt", "port": 8883, "username": "home", "password": PASSWORD},
    }


def _topics() -> dict[str, object]:
    return {
        "ID": TOPICS,
        "Description": "What the user's home automation tells the gadget.",
        "Status": "enabled by default",
        "Allows Configuration": "no",
        "Authentication Mechanism": LOGIN,
        "facts": {"endpoint": PORTS[BROKER], "network": True, "configures": False},
        "access": {
            "topics": [{"topic": "gadget/set", "do": "write", "login": LOGIN, "wait_s": 0.6}],
        },
    }


def _messages() -> dict[str, object]:
    return {
        "ID": INPUTS,
        "Description": "Messages to broker and sensor are checked for their form.",
        "access": {
            "messages": [
                {"protocol": "mqtt", "port": 8883, "tls": True},
                {"protocol": "coap", "port": 5683},
                {"protocol": "mdns", "port": 5353},
            ],
        },
    }


def _tls() -> dict[str, object]:
    return {
        "versions": ["TLSv1.2", "TLSv1.3"],
        "cipher_suites": [*TLS_12.values(), *TLS_13],
        "certificate": "self-signed",
    }


def _ssh(gadget: Gadget) -> dict[str, object]:
    """What dropbear offers, as OpenSSH's client hears it."""
    ask = ["ssh", "-vv", "-F", "none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no"]
    ask += ["-o", f"UserKnownHostsFile={gadget.directory / 'known'}", f"nobody@{gadget.net.device}", "true"]
    command = gadget.net.from_bench(*ask)
    heard = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30).stderr
    theirs = heard.partition("peer server KEXINIT proposal")[2].splitlines()
    fields = {
        "kex": "KEX algorithms",
        "host_keys": "host key algorithms",
        "ciphers": "ciphers stoc",
        "macs": "MACs stoc",
    }
    told = {
        field: next(line.split(": ")[2] for line in theirs if line.startswith(f"debug2: {what}: "))
        for field, what in fields.items()
    }
    return {field: names.split(",") for field, names in told.items()}


def _places(name: str) -> list[str]:
    place = PORTS[name]
    return [place] if isinstance(place, str) else place


def _banner_of_dropbear() -> str:
    done = subprocess.run(
        [daemons.program("dropbear"), "-V"], capture_output=True, text=True, check=True, timeout=10
    )
    return (done.stdout or done.stderr).split()[1].replace("v", "dropbear_")


def _mechanism(gadget: Gadget, name: str) -> dict[str, object]:
    facts: dict[str, object] = {"direction": "incoming", "endpoint": PORTS[name], "remote": False}
    if name in {WEB, BROKER}:
        facts["tls"] = _tls()
    if name == SSH:
        facts["ssh"] = _ssh(gadget)
    return {"ID": name, "Description": f"{name}, {', '.join(_places(name))}", "facts": facts}


def _interface(gadget: Gadget, name: str) -> dict[str, object]:
    discloses = {
        WEB: ["gadget", "hello", "gadget.test", "device under test"],
        BROKER: ["gadget.test", "device under test"],
        SSH: [_banner_of_dropbear()],
        NAME: ["gadget._https._tcp.local", "path=/", gadget.net.device, gadget.net.device6],
        MEDIA: ["Debian DLNADOC/1.50 UPnP/1.0 MiniDLNA/1.3.0", "MiniDLNA 1.3.0"],
        PAGE: ["page", "gadget settings"],
        CONSOLE: [r"gadget\r\n\rlogin:"],
        SENSOR: [
            '</>;title="General Info";ct=0',
            '</time>;if="clock";rt="ticks";title="Internal Clock";ct=0;obs',
            "</async>;ct=0",
            '</example_data>;title="Example Data";ct=0;obs',
        ],
    }
    return {
        "ID": name,
        "Description": f"{name}, {', '.join(_places(name))}",
        "Type": "network, logical",
        "Status": "enabled",
        "Disclosed Information": f"without login: {', '.join(discloses.get(name, ['nothing']))}",
        "facts": {
            "type": ["network", "logical"],
            "exposure": "required",
            "enabled": True,
            "endpoint": PORTS[name],
            "discloses": discloses.get(name, []),
        },
    }
