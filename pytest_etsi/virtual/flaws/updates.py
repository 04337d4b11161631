"""Weaknesses of the update mechanism: packages that the camera should not take, and settings that do nothing."""

from __future__ import annotations

from pytest_etsi.virtual.flaws._flaw import Flaw
from pytest_etsi.virtual.flaws.peers import PeerFlaw

__all__ = ["UpdateFlaw"]

_MISUSED = ("5.3-1-2/a", "5.3-2-2/b")
_LED_ASTRAY = (*_MISUSED, *PeerFlaw.CLOUD_CERTIFICATE_UNCHECKED.fails)
_HASH = "and takes a package for genuine whose hash it is told there"


class UpdateFlaw(Flaw):
    """Installs what is not genuine, suffers from it, or does not do with updates what its owner has set."""

    UNSIGNED_PACKAGE_TAKEN = ("a package without a signature is installed", _MISUSED)
    EMPTY_SIGNATURE_TAKEN = ("an empty signature counts as a right one", _MISUSED)
    PACKAGE_NAMES_ITS_KEY = (
        "the signature is checked with the key that the package brings along",
        _MISUSED,
    )
    PARTS_UNCHECKED = ("the hashes of the parts are signed, and never compared with the parts", _MISUSED)
    METADATA_UNSIGNED = ("the signature is over the parts, and not over model and version", _MISUSED)
    OLDER_PACKAGE_TAKEN = ("a package of an older version is installed", _MISUSED)
    OTHER_MODEL_TAKEN = ("a package for another model is installed", _MISUSED)
    PACKAGE_WRITES_ANYWHERE = (
        "parts are unpacked under the names that the package gives them before anything is checked",
        _MISUSED,
    )
    CUT_PACKAGE_KILLS = (
        "a package that ends in the middle leaves the camera without software that starts",
        _MISUSED,
    )
    CUT_TRANSFER_COUNTS = ("a package that ends in the middle counts as received, and is installed", _MISUSED)
    EMPTY_PACKAGE_TAKEN = ("an empty package counts as the version that the service has offered", _MISUSED)
    REFUSED_SHOWN_AS_INSTALLED = ("the camera shows the version of a package that it has refused", _MISUSED)
    BLOCKED_AFTER_REFUSAL = (
        "after one package that it has refused the camera takes no other, until its software is written anew",
        _MISUSED,
    )
    POWER_CUT_KILLS = (
        "the running software is overwritten, and a power cut meanwhile leaves none that starts",
        _MISUSED,
    )
    UPDATE_SERVER_UNCHECKED = (
        f"the camera asks whoever answers for updates, whatever certificate it shows, {_HASH}",
        _LED_ASTRAY,
    )
    UPDATE_SERVER_OF_ANY_NAME = (
        f"the camera asks any server for updates whose certificate the right authority has signed, {_HASH}",
        _MISUSED,
    )
    UPDATES_IN_CLEAR = (f"the camera asks for updates by plain HTTP first, {_HASH}", _LED_ASTRAY)
    AUTOMATIC_DOES_NOTHING = (
        "updates are not installed by the camera itself, whether automatic installation is on or off",
        ("5.3-6-2/a", "5.3-6-2/b"),
        ("5.3-4A-2/a", "5.3-6A-2/a"),
    )
    NO_UPDATES_AFTER_SETUP = (
        "automatic installation is off when the camera has been set up",
        ("5.3-6-2/a",),
    )
    UPDATE_SETTINGS_IGNORED = (
        "updates are installed at once, although the owner has switched that off or postponed them",
        ("5.3-6-2/b",),
    )
    UPDATE_SETTINGS_REFUSED = (
        "the camera keeps automatic installation as it is, whatever the owner sets",
        ("5.3-6-2/b",),
    )
    NO_NOTICES_AFTER_SETUP = ("notices of updates are off when the camera has been set up", ("5.3-6-2/c",))
    NOTICE_MISSING = ("no page tells of an update", ("5.3-6-2/c", "5.3-6-2/d"))
    NOTICE_SETTING_IGNORED = ("the notice is shown although the owner has switched it off", ("5.3-6-2/d",))
