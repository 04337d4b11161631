"""A small device that fetches its packages from a server by TLS; where its connections lead, a gateway says."""

from __future__ import annotations

import hashlib
import http.client
import json
import socket
import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from update_world import NEW, UpdateWorld, device_with, package_of

from pytest_etsi.virtual.device.certificates import Certificates, server_context

__all__ = ["PEER", "FetchingWorld", "fetching_device"]

PEER = "updates.example:443"
_CLEAR = "clear"
_MOST = 1 << 20


class FetchingWorld(UpdateWorld):
    """The device, its gateway, and its maker's server.

    Attributes:
        led: to what its connections are led; None: to the maker's server.
        authority: that it trusts.
        genuine: port of the maker's server; None: it is not there.
        offered: what that says: its manifest, and the package.
    """

    def __init__(self, *bad):
        super().__init__(*bad)
        self.led, self.authority, self.genuine = None, None, None
        self.served = {}

    def operations(self):
        return super().operations() | {
            "install-update": self._publish,
            "look": self._look,
            "lead": self._lead,
            "unlead": self._unlead,
        }

    def _lead(self, _, host, port, peer_host, peer_port):
        assert f"{peer_host}:{peer_port}" == PEER
        self.does.append("lead")
        self.led = (host, int(port))

    def _unlead(self, _):
        self.does.append("unlead")
        self.led = None

    def _publish(self, _, package, version):
        content = Path(package).read_bytes()
        self.does.append(f"install {version}")
        self.served = {"/updates": manifest_of(content, version, hashed=False), "/fw/lamp.tar": content}
        return self._look(_)

    def _look(self, _):
        if "stays-away" in self.bad and self.led and self.does[-1] == "lead":
            return "nothing"
        if "elsewhere" in self.bad:
            return self._take(json.loads(self.served["/updates"]), self.served["/fw/lamp.tar"])
        try:
            manifest = json.loads(self._get("/other" if "asks-more" in self.bad else "/updates"))
            version, address = str(manifest["version"]), str(manifest["url"])
            if "signed-manifest" in self.bad and manifest.get("signature") != signature_of(manifest):
                return "no manifest"
            content = self._get(urlsplit(address).path, address)
            self._keep(manifest)
        except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException) as error:
            return f"not updated: {type(error).__name__}"
        return self._take(manifest | {"version": version}, content)

    def _keep(self, manifest):
        if "names" in self.bad and ".." in str(manifest.get("name")):
            self.marked = True

    def _take(self, manifest, content):
        self.decisions += 1
        told = manifest.get("sha256")
        hashed = hashlib.sha256(content).hexdigest() == told
        if told and not hashed and "unhashed" not in self.bad:
            return "not as told"
        if "dies-of-much" in self.bad and len(content) >= _MOST:
            self.alive = False
            return "too much"
        found = self._verified(content)
        if "hash-is-enough" in self.bad and hashed:
            found = str(manifest["version"])
        if found is not None and "rollback" in self.bad:
            found = json.loads(content[content.index(b"{") :].split(b"}")[0] + b"}")["version"]
        if found is None and self.led and "keeps-what-is-led" in self.bad and content.startswith(b"manifest"):
            self.pending = NEW
        if found is not None:
            self.version = found
        return "updated" if found else "refused"

    def _get(self, path, address=""):
        """What the server says to a path; by TLS, as this device checks it."""
        place = self.led or ("127.0.0.1", self.genuine)
        clear = _CLEAR in self.bad or address.startswith("http:")
        if address.startswith("http:") and "follows" in self.bad:
            place = (urlsplit(address).hostname, urlsplit(address).port)
        plain = socket.create_connection(place, 5)
        plain.settimeout(5)
        with (
            plain
            if clear
            else self._context().wrap_socket(plain, server_hostname="updates.example") as talking
        ):
            asking = http.client.HTTPConnection("updates.example")
            asking.sock = talking
            asking.request("GET", path, headers={"Authorization": "Bearer s3cret"})
            answer = asking.getresponse()
            content = answer.read(_MOST)
        if answer.status != 200 and "takes-errors" not in self.bad:
            raise ValueError(answer.status)
        return content

    def _context(self):
        context = ssl.create_default_context(cafile=self.authority)
        context.check_hostname = "unchecked" not in self.bad and "any-name" not in self.bad
        context.verify_mode = ssl.CERT_NONE if "unchecked" in self.bad else ssl.CERT_REQUIRED
        return context

    def _restore(self, _):
        super()._restore(_)
        self.served = {}


def signature_of(manifest):
    """What stands for the maker's signature of a manifest."""
    told = {key: value for key, value in manifest.items() if key != "signature"}
    return hashlib.sha256(b"key" + json.dumps(told, sort_keys=True).encode()).hexdigest()[:24]


def manifest_of(content, version, *, hashed=True):
    """What the maker's server says of a package; that of the laboratory tells no hash."""
    manifest = {
        "version": version,
        "url": "https://updates.example/fw/lamp.tar",
        "name": "lamp.tar",
        "size": len(content),
    }
    if hashed:
        manifest["sha256"] = hashlib.sha256(content).hexdigest()
    return json.dumps(manifest | {"signature": signature_of(manifest)}).encode()


@contextmanager
def maker(world, certificates):
    """The maker's server, which says what the world has it say."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            content = world.served.get(self.path)
            self.send_response(200 if content is not None else 404)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_):
            pass

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.daemon_threads = True
    if _CLEAR not in world.bad:
        served = certificates.special("maker.pem", "maker", ["updates.example"])
        made.socket = server_context(served).wrap_socket(made.socket, server_side=True)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield made.server_port
    finally:
        made.shutdown()
        made.server_close()
        thread.join()


@contextmanager
def fetching_device(directory, world, monkeypatch, *, uplink=True, network=None, **given):
    """The device of a world, and its entry of 7-UpdMech.

    Args:
        directory: for its files.
        world: the device.
        monkeypatch: leads the name of its peer to the maker's server, as this machine knows it.
        uplink: whether there is a gateway.
        network: takes the place of what is usually said there; "none": nothing is.
        given: as for other devices.
    """
    certificates = Certificates.at(directory)
    certificates.ensure("127.0.0.1", "S1")
    other = certificates.special("other.pem", "elsewhere", ["www.example.net"])
    world.authority = certificates.ca
    newer = package_of(NEW)
    (directory / "manifest.json").write_bytes(manifest_of(newer, NEW))
    usual = {
        "peers": [PEER],
        "looks": "look",
        "comes_within_s": 0.02,
        "manifest": {
            "file": "manifest.json",
            "path": "/updates",
            "address": "url",
            "name": "name",
            "signature": "signature",
        },
        "package": "/fw/.*",
        "other_name": str(other),
    }
    said = None if network == "none" else usual | (network or {})
    with maker(world, certificates) as port:
        world.genuine = port
        connect = socket.create_connection

        def connected(address, *args, **kwargs):
            return connect(
                ("127.0.0.1", port) if address[0] == "updates.example" else address, *args, **kwargs
            )

        monkeypatch.setattr("pytest_etsi.probes.updates.relay.socket.create_connection", connected)
        gateway = {"uplink": {"lead_to": "lead", "restore": "unlead"}} if uplink else {}
        with device_with(directory, world, network=said, further=gateway, **given) as (dut, entry):
            yield dut, entry
