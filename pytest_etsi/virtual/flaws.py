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
    LOGIN_IN_SPANISH = (
        "login-in-spanish",
        "the login that no document mentions asks in Spanish, in Latin-1",
        ("5.1-1-2/a", "5.1-5-2/a", "5.5-5-2/b", "5.6-1-2/b", "5.13-1-2/c"),
    )
    SECOND_LOGIN_FORM = (
        "second-login-form",
        "a page of the HTTP port that no document mentions has a login form of its own",
        ("5.1-1-2/a", "5.1-5-2/a"),
    )
    SECOND_REALM = (
        "second-realm",
        "a page of the HTTPS port that no document mentions asks for a login of its own by digest",
        ("5.1-1-2/a", "5.1-5-2/a"),
    )
    FORM_PASSWORD_BY_BASIC = (
        "form-password-by-basic",
        "what the web login protects opens to its password by HTTP Basic too, which nothing asks for",
        ("5.1-1-2/a", "5.1-5-2/a"),
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
    CERTIFICATE_ENDED = (
        "certificate-ended",
        "the certificate of the HTTPS port ended yesterday",
        ("5.1-3-2/a", "5.5-1-2/a", "5.5-4-2/c", "5.5-6-2/a", "5.8-1-2/a"),
    )
    CERTIFICATE_OF_UNKNOWN_AUTHORITY = (
        "certificate-of-unknown-authority",
        "the certificate of the HTTPS port is signed by another authority of the right one's name",
        ("5.1-3-2/a", "5.5-1-2/a", "5.5-4-2/c", "5.5-6-2/a", "5.8-1-2/a"),
    )
    CERTIFICATE_FOR_ANOTHER_NAME = (
        "certificate-for-another-name",
        "the certificate of the HTTPS port is for another host",
        ("5.1-3-2/a", "5.5-1-2/a", "5.5-4-2/c", "5.5-6-2/a", "5.8-1-2/a"),
    )
    CERTIFICATE_NOT_YET_VALID = (
        "certificate-not-yet-valid",
        "the certificate of the HTTPS port begins next year",
        ("5.1-3-2/a", "5.5-1-2/a", "5.5-4-2/c", "5.5-6-2/a", "5.8-1-2/a"),
    )
    RECORDER_CERTIFICATE_ENDED = (
        "recorder-certificate-ended",
        "the certificate of the port for recorders, and of no other, ended yesterday",
        ("5.1-3-2/a", "5.5-1-2/a", "5.5-4-2/c", "5.5-6-2/a", "5.8-1-2/a"),
    )
    OBSOLETE_TLS_FOR_A_NAME = (
        "obsolete-tls-for-a-name",
        "whoever asks for the second name of its certificate gets TLS 1.0 and 1.1 from the HTTPS port",
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
    LOCKOUT_PER_SOURCE = (
        "lockout-per-source",
        "the web login counts wrong passwords per address that they come from",
        ("5.1-5-2/b",),
    )
    LOCKOUT_TOO_SHORT = (
        "lockout-too-short",
        "a lock of the web login begins with a fifth of a second instead of the documented two",
        ("5.1-5-2/b",),
    )
    LOCKOUT_LETS_THE_RIGHT_IN = (
        "lockout-lets-the-right-in",
        "a lock of the web login refuses wrong passwords only",
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
    TCP_BESIDE_UDP = (
        "tcp-beside-udp",
        "a page for developers answers by TCP on the number that is documented for multicast DNS by UDP",
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
    UPGRADE_BEHIND_REDIRECT = (
        "upgrade-behind-redirect",
        "a usual path leads on to a page that no document mentions, which takes a file with software",
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
        ("5.6-2-2/a", "5.13-1-2/a"),
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

    SNAPSHOT_WITHOUT_LOGIN = (
        "snapshot-without-login",
        "the programming interface gives the picture to whoever asks",
        ("5.5-4-2/a", "5.5-5-2/a"),
    )
    USERS_WITHOUT_LOGIN = (
        "users-without-login",
        "the programming interface takes new accounts from whoever asks",
        ("5.5-4-2/a", "5.5-5-2/a"),
    )
    ANY_TOKEN = (
        "any-token",
        "every token counts as the owner's",
        ("5.5-4-2/a", "5.5-5-2/a"),
    )
    TOKEN_PREFIX = (
        "token-prefix",
        "of a session's token only the first 8 characters are compared",
        ("5.5-4-2/a", "5.5-5-2/a"),
    )
    TOKEN_ENDS = (
        "token-ends",
        "of a session's token only the first 8 and the last 16 characters are compared",
        ("5.5-4-2/a", "5.5-5-2/a"),
    )
    LOGOUT_KEEPS_SESSION = (
        "logout-keeps-session",
        "after a logout the session's token goes on working",
        ("5.5-4-2/a", "5.5-5-2/a"),
    )
    ROLE_UNCHECKED = (
        "role-unchecked",
        "a viewer may do what is the owner's",
        ("5.5-4-2/a", "5.5-5-2/a"),
    )
    VIEWER_SEES_USERS = (
        "viewer-sees-users",
        "a viewer gets the list of accounts, which is the owner's",
        ("5.5-4-2/a", "5.5-5-2/a"),
    )
    METHOD_OVERRIDE = (
        "method-override",
        "a request whose header X-HTTP-Method-Override names another method goes past the login",
        ("5.5-4-2/a", "5.5-5-2/a"),
    )
    PATH_TRICKS = (
        "path-tricks",
        "a path with a doubled slash goes past the login",
        ("5.5-4-2/a", "5.5-5-2/a"),
    )
    TRUSTED_ADDRESS_HEADER = (
        "trusted-address-header",
        "a request whose header X-Forwarded-For says 127.0.0.1 needs no login",
        ("5.5-4-2/a", "5.5-5-2/a"),
    )
    SETTINGS_BY_GET = (
        "settings-by-get",
        "settings in the query of a GET are taken over without a login",
        ("5.5-4-2/a", "5.5-5-2/a"),
    )
    SETUP_AGAIN = (
        "setup-again",
        "the first start can be done again at any time, which sets the owner's password without a login",
        ("5.5-4-2/a", "5.5-5-2/a"),
    )
    FACTORY_SETTINGS_OPEN = (
        "factory-settings-open",
        "in factory default, settings can be changed without a login",
        ("5.5-5-2/a",),
    )
    STREAM_ANY_USER = (
        "stream-any-user",
        "the stream takes every user name with the right password",
        ("5.5-4-2/a",),
    )
    OWNER_REFUSED = (
        "owner-refused",
        "the owner is not shown the list of accounts",
        ("5.5-4-2/b", "5.5-5-2/a"),
    )

    CRASH_ON_LONG_TEXT = (
        "crash-on-long-text",
        "a setting of more than 256 characters ends the web server until power or network are switched",
        ("5.13-1-2/a",),
    )
    CRASH_ON_DEEP_JSON = (
        "crash-on-deep-json",
        "JSON of more than 500 levels ends the web server until power or network are switched",
        ("5.13-1-2/a",),
    )
    CRASH_ON_LONG_HEADER = (
        "crash-on-long-header",
        "a header of more than 2048 characters with a login ends the web server until power or network are switched",
        ("5.13-1-2/a",),
    )
    TRACE_ON_WRONG_TYPE = (
        "trace-on-wrong-type",
        "a setting of the wrong type is answered with an internal error and a trace of the program",
        ("5.13-1-2/a",),
    )
    DATABASE_ERROR = (
        "database-error",
        "an apostrophe in the user name of a new account is answered with an error of a database",
        ("5.13-1-2/a",),
    )
    VALUES_OUT_OF_RANGE = (
        "values-out-of-range",
        "settings are taken over whatever their length or date",
        ("5.13-1-2/a",),
    )
    TYPES_UNCHECKED = (
        "types-unchecked",
        "the settings that are true or false take any value",
        ("5.13-1-2/a",),
    )
    USER_NAME_UNCHECKED = (
        "user-name-unchecked",
        "an account can have any characters in its name",
        ("5.13-1-2/a",),
    )
    REFLECTED_MARKUP = (
        "reflected-markup",
        "a page that is not there is answered with its path, unescaped",
        ("5.13-1-2/a",),
    )
    STORED_MARKUP = (
        "stored-markup",
        "the page Live shows the camera's name, unescaped",
        ("5.13-1-2/a",),
    )
    PATH_TRAVERSAL = (
        "path-traversal",
        "paths with .. lead to the files of the system",
        ("5.13-1-2/a",),
    )
    SHELL_INJECTION = (
        "shell-injection",
        "the time zone goes through a shell, which works out what stands in $(( ))",
        ("5.13-1-2/a",),
    )
    TEMPLATE_INJECTION = (
        "template-injection",
        "the camera's name goes through a template, which works out what stands in {{ }}",
        ("5.13-1-2/a",),
    )
    HEADER_INJECTION = (
        "header-injection",
        "encoded line ends in a path become header lines of the redirect",
        ("5.13-1-2/a",),
    )

    NO_BACKOFF = (
        "no-backoff",
        "after a report that has failed the camera tries again at once, and goes on like that",
        ("5.9-3-2/a",),
    )

    REPORT_IN_CLEAR = (
        "report-in-clear",
        "the camera tries to report by plain HTTP, token and all, before it uses HTTPS",
        ("5.5-1-2/a", "5.5-4-2/c", "5.5-6-2/a", "5.5-7-2/a", "5.8-1-2/a", "5.8-2-2/a"),
    )
    TLS_CBC_SUITES = (
        "tls-cbc-suites",
        "the HTTPS port also accepts cipher suites in CBC mode, with TLS 1.2",
        ("5.1-3-2/a", "5.5-1-2/a", "5.5-4-2/c", "5.5-6-2/a", "5.8-1-2/a"),
    )
    TALKS_AFTER_FAILED_BOOT = (
        "talks-after-failed-boot",
        "the camera goes on talking to its cloud when the loader has found its software altered",
        ("5.7-2-2/b",),
    )
    FORGEABLE_REQUESTS = (
        "forgeable-requests",
        "browsers send the session's cookie along from every page, and the API lets scripts of every origin use it",
        ("5.13-1-2/a",),
    )

    RECORDER_WITHOUT_LOGIN = (
        "recorder-without-login",
        "the port for recorders describes the stream to whoever asks",
        ("5.1-4-2/b", "5.1-5-2/b", "5.5-4-2/a"),
    )
    RECORDER_WITHOUT_LOCKOUT = (
        "recorder-without-lockout",
        "the port for recorders takes any number of wrong passwords",
        ("5.1-5-2/b",),
    )
    CRASH_ON_LONG_RTSP = (
        "crash-on-long-rtsp",
        "a line of more than 2048 characters ends the port for recorders until power or network are switched",
        ("5.13-1-2/a",),
    )
    CRASH_ON_NEGATIVE_LENGTH = (
        "crash-on-negative-length",
        "a negative length of content ends the port for recorders until power or network are switched",
        ("5.13-1-2/a",),
    )
    CRASH_ON_CUT_QUESTION = (
        "crash-on-cut-question",
        "a question that is cut off ends the answers to multicast DNS until power or network are switched",
        ("5.13-1-2/a",),
    )
    MDNS_TELLS_SOFTWARE = (
        "mdns-tells-software",
        "answers to multicast DNS name the version of the camera's software",
        ("5.6-2-2/a",),
    )
    MDNS_TELLS_SERIAL = (
        "mdns-tells-serial",
        "answers to multicast DNS tell the serial number",
        ("5.6-2-2/a",),
    )
    SEARCH_TELLS_SERIAL = (
        "search-tells-serial",
        "the camera answers searches by SSDP for root devices only, and tells its serial number",
        ("5.6-2-2/a",),
    )
    DESCRIPTION_TELLS_SOFTWARE = (
        "description-tells-software",
        "the description to which a search by SSDP leads names the version of the camera's software",
        ("5.6-2-2/a",),
    )
    PUSH_CERTIFICATE_UNCHECKED = (
        "push-certificate-unchecked",
        "the line on which the camera is told of updates goes to whoever answers, whatever certificate it shows",
        ("5.5-1-2/a", "5.5-4-2/c", "5.5-6-2/a", "5.5-7-2/a", "5.8-1-2/a"),
    )
    PUSH_CONSTANT_RETRY = (
        "push-constant-retry",
        "the camera opens the line again every second, however long the service stays away",
        ("5.9-3-2/a",),
    )

    EVENTS_LOST_OFFLINE = (
        "events-lost-offline",
        "what the camera counts while its service is out of reach is never told to it",
        ("5.9-1-2/a", "5.9-2-2/a"),
    )
    EVENTS_TWICE = (
        "events-twice",
        "what the camera counts while its service is out of reach is told to it twice",
        ("5.9-1-2/a", "5.9-2-2/a"),
    )
    LOGIN_NEEDS_SERVICE = (
        "login-needs-service",
        "the web login asks the service, and refuses everybody while that is out of reach",
        ("5.3-15-2/c", "5.9-1-2/a", "5.9-2-2/a"),
    )
    PICTURE_NEEDS_SERVICE = (
        "picture-needs-service",
        "the programming interface gives no picture while the service is out of reach",
        ("5.3-15-2/c", "5.9-1-2/a", "5.9-2-2/a"),
    )
    RESTARTS_OFFLINE = (
        "restarts-offline",
        "the camera starts anew after three reports in a row that have failed",
        ("5.9-1-2/a", "5.9-2-2/a"),
    )
    LINK_NEEDS_RESTART = (
        "link-needs-restart",
        "the camera opens its ports again after its cable was pulled only when it starts anew",
        ("5.9-1-2/a", "5.9-2-2/a"),
    )
    SETTINGS_LOST_WITH_LINK = (
        "settings-lost-with-link",
        "settings are back at their defaults when the cable was pulled",
        ("5.9-1-2/a", "5.9-2-2/a"),
    )
    SETTINGS_LOST_WITH_POWER = (
        "settings-lost-with-power",
        "settings are back at their defaults when the power comes back",
        ("5.9-1-2/b", "5.9-2-2/b"),
    )
    ACCOUNTS_LOST_WITH_POWER = (
        "accounts-lost-with-power",
        "when the power comes back, the camera knows its owner only",
        ("5.9-1-2/b", "5.9-2-2/b"),
    )
    PORT_OPENS_WITH_POWER = (
        "port-opens-with-power",
        "when the power has come back, a page for developers answers on a further TCP port",
        ("5.9-2-2/b",),
    )
    SILENT_AFTER_POWER = (
        "silent-after-power",
        "when the power comes back, the camera does not report until its button is pressed",
        ("5.9-1-2/b", "5.9-2-2/b"),
    )
    DEAD_AFTER_POWER = (
        "dead-after-power",
        "when the power comes back, the camera lights up, and its web page and stream do not",
        ("5.9-1-2/b", "5.9-2-2/b"),
    )
    SECOND_WAY_OUT = (
        "second-way-out",
        "the camera reports on another way when its own network does not lead to the service",
        ("5.3-15-2/b",),
    )
    SPARE_REFUSES_SETUP = (
        "spare-refuses-setup",
        "a camera that replaces another one does not let itself be set up",
        ("5.3-15-2/d",),
    )
    SPARE_STAYS_OFFLINE = (
        "spare-stays-offline",
        "a camera that replaces another one does not connect to the service",
        ("5.3-15-2/e",),
    )
    SHOWN_OFFLINE = (
        "shown-offline",
        "the service shows the camera as not connected, whatever it reports",
        ("5.3-15-2/a",),
    )

    def __init__(self, label: str, what: str, fails: tuple[str, ...]) -> None:
        self.label = label
        self.what = what
        self.fails = fails

    @classmethod
    def named(cls, label: str) -> Flaw:
        """The flaw called `label`.

        Raises:
            ValueError: there is none; the message names all flaws.
        """
        for flaw in cls:
            if flaw.label == label:
                return flaw
        raise ValueError(f"no flaw is called {label!r}; there are: {', '.join(flaw.label for flaw in cls)}")
