"""The weaknesses that the virtual camera can be given: name, what, and the test units that must fail."""

from __future__ import annotations

from enum import Enum

__all__ = ["Flaw"]


class Flaw(Enum):
    """A seeded weakness; several may be active at once.

    Attributes:
        label: the name used on the command line.
        what: what the camera then does, in one sentence.
        fails: ids of the test units of TS 103 701 that have to fail because of it, and no others.
    """

    UNIVERSAL_DEFAULT_PASSWORD = (
        "universal-default-password",
        "the stream password on the label is admin12345 on every device",
        ("5.1-1-2/c", "5.1-2-2/a"),
    )
    MAC_DERIVED_PASSWORD = (
        "mac-derived-password",
        "the stream password on the label is the MAC address without its colons",
        ("5.1-1-2/c", "5.1-2-2/a"),
    )
    SEQUENTIAL_PASSWORDS = (
        "sequential-passwords",
        "the stream passwords of a batch count up with the serial number",
        ("5.1-1-2/c", "5.1-2-2/a"),
    )
    PASSWORD_NOT_ENFORCED = (
        "password-not-enforced",
        "the first-start wizard can be skipped or left empty; the owner then logs in with an empty password",
        ("5.1-1-2/b",),
    )
    UNDOCUMENTED_LOGIN = (
        "undocumented-login",
        "a telnet-like login, which no document mentions, listens on a further port",
        ("5.1-1-2/a", "5.1-5-2/a", "5.5-5-2/b", "5.6-1-2/b", "5.13-1-2/c"),
    )
    PLAIN_HTTP_LOGIN = (
        "plain-http-login",
        "the HTTP port serves the login and the API itself instead of redirecting to HTTPS",
        ("5.1-3-2/a", "5.5-4-2/c"),
    )
    OBSOLETE_TLS = (
        "obsolete-tls",
        "the HTTPS port also accepts TLS 1.0 and 1.1 and cipher suites in CBC mode",
        ("5.1-3-2/a", "5.5-1-2/a", "5.5-4-2/c", "5.5-6-2/a", "5.8-1-2/a"),
    )
    OLD_PASSWORD_STAYS_VALID = (
        "old-password-stays-valid",
        "after a change of the web password the old one goes on working",
        ("5.1-4-2/b",),
    )
    PASSWORD_CHANGE_REFUSED = (
        "password-change-refused",
        "changing the web password ends in an internal error and changes nothing",
        ("5.1-4-2/a",),
    )
    CHANGE_UNDOCUMENTED = (
        "change-undocumented",
        "the user manual says nothing about changing passwords",
        ("5.1-4-1/a",),
    )
    NO_LOCKOUT = (
        "no-lockout",
        "the web login accepts any number of wrong passwords",
        ("5.1-5-2/b",),
    )
    LOCKOUT_PER_CONNECTION = (
        "lockout-per-connection",
        "the web login counts wrong passwords per TCP connection: a new connection starts at zero",
        ("5.1-5-2/b",),
    )
    LOCKOUT_RESET_BY_ANY_SUCCESS = (
        "lockout-reset-by-any-success",
        "a successful web login of any account forgets the wrong passwords of all accounts",
        ("5.1-5-2/b",),
    )
    LOCKOUT_AFTER_50 = (
        "lockout-after-50",
        "the web login locks after 50 wrong passwords instead of the documented 5",
        ("5.1-5-2/b",),
    )
    CLOUD_CERTIFICATE_UNCHECKED = (
        "cloud-certificate-unchecked",
        "the camera reports to whoever answers, whatever certificate it shows",
        ("5.5-1-2/a", "5.5-4-2/c", "5.5-6-2/a", "5.5-7-2/a", "5.8-1-2/a", "5.8-2-2/a"),
    )
    OBSOLETE_TLS_TO_CLOUD = (
        "obsolete-tls-to-cloud",
        "the camera offers its cloud TLS 1.0 and 1.1 and cipher suites in CBC mode",
        ("5.5-1-2/a", "5.5-4-2/c", "5.5-6-2/a", "5.5-7-2/a", "5.8-1-2/a", "5.8-2-2/a"),
    )
    DEBUG_PORT = (
        "debug-port",
        "a page for developers, which no document mentions, answers on a further TCP port",
        ("5.5-5-2/b", "5.6-1-2/b", "5.13-1-2/c"),
    )
    SETUP_PORT = (
        "setup-port",
        "a page for developers answers on a further TCP port, in factory default only",
        ("5.5-5-2/b", "5.13-1-2/c"),
    )
    UDP_DISCOVERY = (
        "udp-discovery",
        "the camera answers searches by SSDP, which no document mentions",
        ("5.5-5-2/b", "5.6-1-2/b", "5.13-1-2/c"),
    )
    TFTP_SERVER = (
        "tftp-server",
        "the camera takes software by TFTP, which no document mentions",
        ("5.3-10-1/c", "5.5-5-2/b", "5.6-1-2/b", "5.13-1-2/c"),
    )
    UPGRADE_PAGE = (
        "upgrade-page",
        "a page that no document mentions takes a file with software",
        ("5.3-10-1/c",),
    )
    RADIO_STAYS_ON = (
        "radio-stays-on",
        "the set-up network stays on the air after the first start",
        ("5.6-1-2/a",),
    )
    UART_SHELL = (
        "uart-shell",
        "the UART prints the boot log and offers a root shell",
        ("5.6-4-2/a",),
    )

    SERVER_VERSION_HEADER = (
        "server-version-header",
        "every web answer names the version of the camera's software",
        ("5.6-2-2/a",),
    )
    DIRECTORY_LISTING = (
        "directory-listing",
        "the web server lists the files of a directory to whoever asks",
        ("5.6-2-2/a",),
    )
    STACK_TRACE_PAGE = (
        "stack-trace-page",
        "a page that is not there is answered with a trace of the program",
        ("5.6-2-2/a",),
    )
    INTERNAL_ADDRESS_HEADER = (
        "internal-address-header",
        "every web answer names an address inside the camera",
        ("5.6-2-2/a",),
    )
    IMPLEMENTATION_OUTDATED = (
        "implementation-outdated",
        "the camera runs an older TLS library than the reviewed one, and its web answers name it",
        ("5.5-2-2/a", "5.6-2-2/a"),
    )

    CONSTANT_RETRY = (
        "constant-retry",
        "the camera tries its cloud service again every second, however long that stays away",
        ("5.9-3-2/a",),
    )

    def __init__(self, label: str, what: str, fails: tuple[str, ...]) -> None:
        self.label = label
        self.what = what
        self.fails = fails

    @classmethod
    def named(cls, label: str) -> Flaw:
        """The flaw called `label`; raises `ValueError` naming all flaws when there is none."""
        for flaw in cls:
            if flaw.label == label:
                return flaw
        raise ValueError(f"no flaw is called {label!r}; there are: {', '.join(flaw.label for flaw in cls)}")
