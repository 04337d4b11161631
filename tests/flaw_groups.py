"""Flaws that share a camera: they concern different units, and were seen to leave each other alone.

Each line was run, and failed exactly the units of all its flaws. What is in no line has a camera to itself, as a new flaw
has until it is tried beside others. Known to interact are a lock-out with a port that is shut, what comes with power with
what goes with the link, a login in the place of a redirect with what is put into that redirect, and a server that may have
a login with whatever looks at logins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaw_families import is_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaw_families import Matrix

    from pytest_etsi.virtual.flaws import Flaw

__all__ = ["SHARING", "concerned", "grouped", "touched"]

_NAMES = """
shown-offline debug-port stream-any-user certificate-over designation-of-another
picture-needs-service udp-discovery lockout-reset-by-any-success \
    policy-without-updates support-behind-login designation-a-code
events-twice accounts-lost-with-power snapshot-without-login certificate-for-another-name
second-way-out tftp-server lockout-after-50 policy-without-receipt support-gone
events-lost-offline settings-lost-with-power recorder-without-login setup-port certificate-not-yet-valid
settings-lost-with-link dead-after-power token-prefix decision-added wep-recommended cloud-certificate-unchecked
login-in-spanish package-writes-anywhere report-in-clear
undocumented-login other-model-taken obsolete-tls-to-cloud
ftp-login cut-package-kills push-certificate-unchecked
reset-keeps-copy token-ends radio-stays-on policy-without-contact support-unmentioned
reset-by-short-press logout-keeps-session altered-starts upgrade-page
reset-keeps-viewers reflected-markup talks-after-failed-boot lockout-per-source jtag-answers
stack-trace-page reset-keeps-name cut-transfer-counts radio-at-start
reset-without-sign role-unchecked foreign-key-starts no-backoff upgrade-behind-redirect
service-keeps-data viewer-sees-users no-alert connector-stays-open
second-realm crash-on-deep-json empty-package-taken usb-storage
service-keeps-copy method-override starts-after-alert server-version-header
service-erases-others trusted-address-header package-names-its-key uart-shell
erasure-asks-more settings-by-get parts-unchecked uart-boot-loader
erasure-unconfirmed setup-again metadata-unsigned uart-after-key
service-data-come-back path-tricks empty-signature-taken push-constant-retry directory-listing
confirms-failure owner-refused older-package-taken uart-login
second-login-form consent-preset crash-on-long-rtsp mdns-tells-software
universal-default-password crash-on-long-header refused-shown-as-installed internal-address-header
form-password-by-basic crash-on-long-text key-in-image blocked-after-refusal mdns-tells-serial
crash-on-cut-question sent-before-consent notice-setting-ignored \
    password-in-image recorder-without-lockout description-tells-software
database-error refusal-costs-picture sequential-passwords \
    restore-by-viewers check-always-content policy-behind-login support-otherwise
values-out-of-range withdrawal-ignored password-not-enforced \
    flash-in-clear check-never-content policy-behind-consent support-for-life
trace-on-wrong-type sent-despite-refusal mac-derived-password \
    backup-for-viewers power-cut-kills policy-about-others support-over
types-unchecked withdrawal-refused old-password-stays-valid fuses-open privacy-notice-gone microphone
stored-markup uart-logs-password password-preset policy-behind-form support-of-another
user-name-unchecked consent-comes-back password-change-refused system-writable telemetry-untold
path-traversal no-updates-after-setup spare-refuses-setup element-unlocked obsolete-tls
template-injection update-settings-refused change-undocumented token-new-after-reset certificate-ended
shell-injection update-settings-ignored spare-stays-offline token-is-a-setting tls-cbc-suites
factory-settings-open unsigned-package-taken no-lockout \
    constant-retry option-missing policy-is-start-page replacement-missing
forgeable-requests notice-missing obsolete-tls-for-a-name policy-in-a-circle reason-missing
port-opens-with-power login-needs-service
certificate-of-another designation-missing
restarts-offline silent-after-power any-token implementation-outdated
decision-missing erasure-untold
header-injection lockout-per-connection
users-without-login policy-gone support-is-guarantee
certificate-of-unknown-authority default-root-password calls-despite-refusal no-notices-after-setup
"""
SHARING = tuple(tuple(line.split()) for line in _NAMES.strip().splitlines())
"""Names of the flaws of one camera, camera by camera."""


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
