"""Flaws that share a camera: each line was run, and they were seen to leave each other alone.

A line failed exactly the units of all its flaws; where several fail the same unit, the reasons told of each (`TOLD`), and
there was none that told of none of them. What is in no line has a camera to itself, as a new flaw has until it is tried
beside others. A line costs what the families of its flaws cost, and next to nothing besides: the fewer lines look at a dear
one (updates and their settings, outages, inputs, storage), the cheaper is the matrix.

Known to interact are

- a lock-out with a port that is shut, what comes with power with what goes with the link, a login in the place of a
  redirect with what is put into that redirect, and a server that may have a login with whatever looks at logins;
- what is lost or dead when the power comes back with what has the power cut before: updates, inputs that end a service,
  and setting the camera up again and again, as decisions and consent ask;
- a reset by a short press with what presses the button: inputs, and a camera that reports only after that;
- a service that refuses logins or pictures while it is out of reach with whatever leads the camera elsewhere, and a second
  way out with what watches how it tries again;
- automatic updates that are off or cannot be set with packages, which then never come, and updates that come in spite of
  the settings with a package that leaves no software (the units fail as they should, but take twice as long);
- a cut of the power that kills the software with altered software that starts, a foreign key with a missing alert;
- a certificate of the published pages with the manual, which is read there: changes of passwords;
- a page that opens with power with every other page for developers, whose port it takes;
- an owner that is refused with erasing, and traces in the place of answers with changes of settings (`states`): what these
  do they can do no more;
- a period of support for another model with a reason that is missing.

Known not to be told apart in one unit are two certificates or settings of TLS of the same port, two gaps of access that
open to the same kind of subject (nobody, a made-up identity, a session that was changed or has ended), events that are lost
and that come twice, what a missing page shows with paths that lead elsewhere, two of what a setting is used for (markup, a
template, a shell, any length), and updates that are asked for in clear with other packages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaw_families import is_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaw_families import Matrix

    from pytest_etsi.virtual.flaws import Flaw

__all__ = ["SHARING", "TOLD", "concerned", "grouped", "touched"]

_NAMES = """
password-not-enforced ftp-login lockout-per-source tls-cbc-suites push-certificate-unchecked no-backoff \
    talks-after-failed-boot flash-in-clear token-is-a-setting foreign-key-starts spare-stays-offline \
    reset-keeps-viewers reset-without-sign upgrade-behind-redirect role-unchecked recorder-without-login \
    update-settings-ignored notice-missing policy-behind-consent support-for-life
second-realm lockout-believes-headers recorder-without-lockout key-in-image password-in-image fuses-open \
    sent-before-consent withdrawal-refused microphone crash-on-cut-question types-unchecked automatic-does-nothing \
    no-notices-after-setup notice-setting-ignored privacy-notice-gone
reset-keeps-copy usb-storage uart-boot-loader crash-on-deep-json crash-on-negative-length template-injection \
    metadata-unsigned package-writes-anywhere cut-transfer-counts policy-without-contact support-unmentioned \
    designation-missing
sequential-passwords undocumented-login lockout-per-connection refusal-costs-picture withdrawal-ignored \
    check-always-content any-token viewer-sees-users policy-behind-login support-otherwise
universal-default-password login-in-spanish certificate-of-unknown-authority default-root-password system-writable \
    calls-despite-refusal uart-logs-password method-override policy-in-a-circle reason-missing
no-lockout constant-retry shown-offline option-missing udp-discovery factory-settings-open policy-is-start-page \
    replacement-missing designation-of-another
sent-despite-refusal trace-on-wrong-type user-name-unchecked header-injection power-cut-kills erasure-untold \
    telemetry-untold policy-about-others support-over
second-login-form lockout-lets-the-right-in certificate-for-another-name recorder-certificate-ended \
    erasure-asks-more radio-stays-on parts-unchecked older-package-taken update-server-unchecked
old-password-stays-valid change-undocumented login-needs-service settings-lost-with-power decision-missing \
    uart-after-key no-updates-after-setup update-settings-refused
lockout-after-50 cloud-certificate-unchecked settings-lost-with-link dead-after-power decision-added wep-recommended \
    policy-without-receipt support-gone
no-alert service-keeps-data password-preset jtag-answers connector-stays-open refused-shown-as-installed \
    policy-behind-form support-of-another
reset-keeps-name radio-at-start crash-on-long-text crash-on-long-rtsp reflected-markup unsigned-package-taken \
    package-names-its-key other-model-taken
certificate-ended restarts-offline silent-after-power implementation-outdated mdns-tells-software \
    search-tells-serial token-ends settings-by-get
altered-starts reset-by-short-press tcp-beside-udp upgrade-page logout-keeps-session path-tricks \
    empty-signature-taken update-server-of-any-name
obsolete-tls-for-a-name events-lost-offline link-needs-restart setting-torn-by-cut setup-port trusted-address-header \
    policy-gone support-is-guarantee
token-new-after-reset erasure-unconfirmed debug-port token-prefix setup-again crash-on-long-header stored-markup \
    shell-injection
backup-for-viewers restore-by-viewers element-unlocked spare-refuses-setup confirms-failure uart-login \
    cut-package-kills empty-package-taken
password-change-refused service-data-come-back consent-preset consent-comes-back blocked-after-refusal \
    policy-without-updates support-behind-login
picture-needs-service dead-after-cut-starting internal-address-header mdns-tells-serial description-tells-software \
    certificate-of-another designation-a-code
obsolete-tls starts-after-alert service-keeps-copy database-error path-traversal forgeable-requests updates-in-clear
mac-derived-password form-password-by-basic lockout-reset-by-any-success service-erases-others tftp-server \
    uart-shell users-without-login
push-constant-retry check-never-content server-version-header directory-listing stack-trace-page owner-refused \
    values-out-of-range
plain-http-login report-in-clear events-twice accounts-lost-with-power snapshot-without-login stream-any-user
certificate-not-yet-valid obsolete-tls-to-cloud port-opens-with-power second-way-out certificate-over
"""
SHARING = tuple(tuple(line.split()) for line in _NAMES.strip().splitlines())
"""Names of the flaws of one camera, camera by camera."""
_WORDS = """
plain-http-login: the same login without tls
lockout-believes-headers: -web
lockout-per-source: -web
recorder-without-lockout: -recorder
obsolete-tls: tlsv1.0 is accepted
tls-cbc-suites: _cbc_
certificate-not-yet-valid: is not valid before
certificate-for-another-name: other.example
recorder-certificate-ended: -recorder
obsolete-tls-to-cloud: is offered but not documented
report-in-clear: speaks without tls
push-certificate-unchecked: authority that nobody knows
key-in-image: private key
password-in-image: its value lies in the image
backup-for-viewers: download-backup
restore-by-viewers: upload-backup
flash-in-clear: read-flash
fuses-open: read-fuses
system-writable: read-system
element-unlocked: read-element
token-is-a-setting: write-token
events-lost-offline: 0 of 1 event
link-needs-restart: as it was when link-down is over
uart-logs-password: serial console
server-version-header: in its header 'examplecam
directory-listing: in its listing
stack-trace-page: traceback
internal-address-header: in its header '192.
implementation-outdated: in its header 'openssl
mdns-tells-software: in its mdns 'fw=
mdns-tells-serial: in its mdns 'sn=
search-tells-serial: in its upnp 'udn
description-tells-software: firmwareversion
snapshot-without-login: /api/snapshot is granted to nobody
any-token: /api/device with made-up
token-prefix: /api/device is granted to tampered session
token-ends: /api/device is granted to tampered session
logout-keeps-session: ended session
role-unchecked: without the right
viewer-sees-users: without the right
path-tricks: doubled slash
settings-by-get: values in the address
setup-again: /api/setup is granted
stream-any-user: softserv-stream
recorder-without-login: -recorder
crash-on-long-text: 257 characters
crash-on-deep-json: json of 1000 levels
crash-on-long-header: inpval-header
crash-on-long-rtsp: an address of 4096 bytes
crash-on-negative-length: a negative length
crash-on-cut-question: inpval-discovery
trace-on-wrong-type: int in place of text
database-error: syntax
values-out-of-range: '2000-01-01'
types-unchecked: str in place of boolean
user-name-unchecked: '1st'
reflected-markup: the answer shows <etsi7x>
stored-markup: / shows <etsi7x>
path-traversal: a path upwards
shell-injection: arithmetic of a shell
template-injection: a template
header-injection: a new header line
forgeable-requests: request forgery
unsigned-package-taken: unsigned (
empty-signature-taken: empty-signature (
package-names-its-key: other-key (
parts-unchecked: payload-bit (
metadata-unsigned: version-raised (
older-package-taken: older (
other-model-taken: other-model (
package-writes-anywhere: traversal
cut-package-kills: does not start any more until
cut-transfer-counts: cut (
empty-package-taken: empty (
update-server-unchecked: authority that nobody knows
update-server-of-any-name: false-server-other-name (
updates-in-clear: speaks without tls
"""
TOLD = dict(line.split(": ", 1) for line in _WORDS.strip().splitlines())
"""Name of a flaw -> words, in lower case, by which the reasons of its FAIL, or their entries, tell of it and of no other
flaw of its camera that fails the same unit."""


def touched(flaw: Flaw, of: Matrix) -> set[str]:
    """The units that a flaw fails or leaves open."""
    return {*flaw.fails_in(of.edition), *of.left_open.get(flaw.label, ())}


def concerned(flaw: Flaw, of: Matrix) -> list[str]:
    """The families of units that a flaw concerns."""
    own = touched(flaw, of) - of.reserved
    return [
        family
        for family, units in of.families.items()
        if any(is_of(name, one) for name in own for one in units)
    ]


def grouped(flaws: Sequence[Flaw]) -> list[tuple[Flaw, ...]]:
    """These flaws, those of one camera together.

    Raises:
        KeyError: a line names one that is not among them.
    """
    by_name = {flaw.label: flaw for flaw in flaws}
    shared = [tuple(by_name[name] for name in names) for names in SHARING]
    together = {flaw for group in shared for flaw in group}
    return [*shared, *((flaw,) for flaw in flaws if flaw not in together)]
