"""A small device that takes packages of software, in this process; what it does badly is said when it is made."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import time
from contextlib import contextmanager
from pathlib import Path

from bench_world import device_of, server
from cryptography.exceptions import InvalidSignature
from package_files import KEY, members_of, tar_of

from pytest_etsi.dut.reach.operations import OtherwiseError

__all__ = ["NEW", "NEWEST", "OLD", "UpdateWorld", "device_with"]

OLD, NEW, NEWEST = "1.4.2", "1.4.3", "1.4.4"


def package_of(version, model="Lamp"):
    """A genuine package."""
    members = members_of()
    manifest = json.dumps(
        json.loads(members["manifest.json"]) | {"version": version, "model": model}
    ).encode()
    return tar_of(members | {"manifest.json": manifest, "manifest.json.sig": KEY.sign(manifest)})


class UpdateWorld:
    """The device.

    Attributes:
        bad: what it does badly.
        does: what was done to it, in order.
    """

    def __init__(self, *bad):
        self.bad = frozenset(bad)
        self.version, self.does = OLD, []
        self.decisions, self.pending, self.alive, self.blocked, self.marked = 0, None, True, False, False
        self.automatic, self.offered, self.notices = "off-after-setup" not in bad, None, True
        self.started, self.installed_at, self.dated = time.monotonic() - 1000.0, 0.0, True

    def operations(self):
        """What can be done to it, by name."""
        return {
            "install-update": self._install,
            "break-off": self._break_off,
            "force": self._force,
            "read-version": self._version,
            "count": lambda _: str(self.decisions),
            "light": lambda _: self._told("green"),
            "installing": self._installing,
            "restore": self._restore,
            "marker": self._marker,
            "beside": self._beside,
            "power-off": self._off,
            "power-on": self._on,
            "read-uptime": lambda _: self._told(str(time.monotonic() - self.started)),
            "offer": self._offer,
            "withdraw": self._withdraw,
            "due": self._due,
            "on": lambda _: self._set(wanted=True),
            "off": lambda _: self._set(wanted=False),
            "automatic": lambda _: str(self.automatic),
            "offered": lambda _: str(self.offered),
            "notice": lambda _: self._told("yes" if self.offered and self._tells() else "no"),
            "notices-on": lambda _: self._notify(wanted=True),
            "notices-off": lambda _: self._notify(wanted=False),
            "initialize": lambda _: self.does.append("initialize"),
            "factory-reset": self._reset,
        }

    def _told(self, text):
        if not self.alive:
            raise OSError("nothing answers")
        return text

    def _install(self, _, package, version):
        content = Path(package).read_bytes()
        if "strips" in self.bad:
            content = content[:512]
        if "names" in self.bad and Path(package).suffix != ".tar":
            content = b""
        if not self.dated:
            self.decisions += 1
            raise OtherwiseError("the certificate is not yet valid")
        self.does.append(f"install {version}")
        if "unreachable" in self.bad and len(self.does) > 3:
            raise OSError("the upload hangs")
        if "drops" in self.bad or self.blocked or ("applied" in self.bad and self.pending is not None):
            self.decisions += 1
            return "updating"
        found = self._verified(content)
        if found is None:
            self._refuse(content)
        else:
            self.version = found
        self.decisions += 1
        return "updating"

    def _installing(self, _):
        if "hidden" in self.bad or self.does[-1:] != [f"install {NEW}"]:
            raise OtherwiseError("the light is green")

    def _break_off(self, _, package, version):
        self.does.append(f"break off {version}")
        if "half" in self.bad and Path(package).exists():
            self.version = version
        self.decisions += 1
        return "half of it was sent"

    def _force(self, _, package, version):
        self.does.append(f"force {version}")
        if "forces" in self.bad:
            self.version = version
        self.decisions += 1
        return "the check has failed; installed all the same"

    def _version(self, _):
        """The new version is told before the restart with it; one that fails brings the former one back."""
        told = self._told(self.version)
        if "falls-back" in self.bad:
            self.version = OLD
        return told

    def _refuse(self, content):
        self.blocked = self.blocked or "blocks" in self.bad
        if "dies" in self.bad and not content:
            self.alive = False

    def _verified(self, content):
        """The version that is installed; None: it is refused."""
        if "applied" in self.bad and b"manifest.json.sig" not in content:
            self.pending = NEW
            return None
        if "keeps" in self.bad and not content:
            self.pending = NEW
            return None
        try:
            with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
                parts = {one.name: archive.extractfile(one).read() for one in archive}
            manifest = json.loads(parts["manifest.json"])
            self.marked = self.marked or ("writes" in self.bad and any(".." in name for name in parts))
            KEY.public_key().verify(parts.get("manifest.json.sig", b""), parts["manifest.json"])
        except InvalidSignature:
            return manifest["version"] if "unsigned" in self.bad else None
        except (tarfile.TarError, OSError, KeyError, ValueError):
            return None
        if (
            "parts" not in self.bad
            and hashlib.sha256(parts.get("image", b"")).hexdigest() != manifest["image"]
        ):
            return None
        if "strict" in self.bad and (len(parts) > len(members_of()) or len(content) > 10240):
            return None
        if manifest["model"] != "Lamp" and "models" not in self.bad:
            return None
        if manifest["version"] <= self.version and "older" not in self.bad:
            return None
        return manifest["version"]

    def _restore(self, _):
        self.does.append("restore")
        if "lost" in self.bad:
            raise OSError("the programmer finds no chip")
        self.version, self.alive, self.blocked, self.pending, self.dated = OLD, True, False, None, True

    def _off(self, _):
        self.does.append("off")
        if "hangs" in self.bad:
            self.alive = True
        if self.pending is not None:
            self.version, self.pending = self.pending, None

        on_trial = "provisional" in self.bad and time.monotonic() - self.installed_at < 0.15
        if "tries" in self.bad or on_trial:
            self.version = OLD
        self.dated = "undated" not in self.bad

    def _on(self, _):
        self.does.append("on")
        if "uncut" not in self.bad:
            self.started = time.monotonic()

    def _marker(self, _):
        if "forgets" in self.bad and len(self.does) > 3:
            raise OSError("nothing answers")
        if not self.marked:
            raise OtherwiseError("no such file")

    def _beside(self, _):
        if "logged-out" in self.bad and len(self.does) > 3:
            raise OtherwiseError("401")

    # What its user sets -------------------------------------------------------------------------------------

    def _reset(self, _):
        self.does.append("reset")
        self.automatic = "off-after-setup" not in self.bad
        self.notices = True

    def _offer(self, _, package, version):
        assert Path(package).exists()
        self.offered = version

    def _withdraw(self, _):
        self.offered = None

    def _due(self, _):
        if self.offered and (self.automatic or "ignores" in self.bad):
            self.version, self.installed_at = self.offered, time.monotonic()

    def _set(self, *, wanted):
        if "refuses" not in self.bad:
            self.automatic = wanted

    def _notify(self, *, wanted):
        self.notices = wanted

    def _tells(self):
        return "silent" not in self.bad and (self.notices or "always-tells" in self.bad)


@contextmanager
def device_with(
    directory, world, *, permissions=("update", "outage", "erase"), facts=None, further=None, **access
):
    """The device of a world, and its entry of 7-UpdMech; `access` takes the place of what that usually says.

    `facts` go with those that it usually has, and `further` with the access of the device.
    """
    files = {
        "newer": package_of(NEW),
        "newest": package_of(NEWEST),
        "older": package_of(OLD),
        "other": package_of(NEW, "Torch"),
        "other-newest": package_of(NEWEST, "Torch"),
    }
    for name, content in files.items():
        (directory / f"{name}.tar").write_bytes(content)
    usual = {
        "packages": {
            "genuine": "newer.tar",
            "version": NEW,
            "older": "older.tar",
            "other_model": "other.tar",
        },
        "restore": "restore",
        "decided": "count",
        "installs_within_s": 0.2,
        "functions": ["light"],
        "marker": {"name": "../../marker", "found_by": "marker", "control": "beside"},
        "offer": "offer",
        "withdraw": "withdraw",
        "due": "due",
        "automatic": {
            "known": {"value_of": "offered", "matches": NEW, "within_s": 0.1},
            "is_on": {"value_of": "automatic", "matches": "True"},
            "enable": "on",
            "disable": "off",
        },
        "notices": {
            "known": {"value_of": "offered", "matches": NEW, "within_s": 0.1},
            "shown": {"value_of": "notice", "matches": "yes"},
            "enable": "notices-on",
            "disable": "notices-off",
        },
    }
    entry = {
        "ID": "net",
        "Description": "The device fetches a package, and installs it after its check.",
        "Configuration": "Can be switched off.",
        "facts": {
            "interaction": "automatic",
            "user_options": ["enable", "disable"],
            "notification_options": ["enable", "disable"],
            "fetches": False,
        }
        | (facts or {}),
        "access": {name: value for name, value in (usual | access).items() if value is not None},
    }

    def answers(*_):
        return (200, {"serial": "S1", "software": world.version}) if world.alive else (503, {})

    with server(answers) as url:
        dut = device_of(
            directory,
            {
                "identity": {"url": url, "fields": {"serial": "serial", "software": "software"}},
                "power": {"starts_within_s": 0.2, "off_s": 0, "on_s": 0, "dies_within_s": 0.05},
            }
            | (further or {}),
            ixit={"7-UpdMech": [entry]},
            operations=world.operations(),
            permissions=permissions,
            software=OLD,
        )
        yield dut, dut.profile.ixit.upd_mech[0]
