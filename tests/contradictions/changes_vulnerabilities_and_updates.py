"""Contradictions in the documents on vulnerabilities and updates (5.2 and 5.3)."""

from __future__ import annotations

from contradictions import beside, worse

__all__ = ["CHANGES"]


MISUSE = ("5.3-1-1/b", "5.3-2-1/a")
"""Units in which whatever makes a mechanism open to misuse shows."""
UNPROTECTED = (*MISUSE, "5.3-7-1/b", "5.3-9-1/a", "5.3-9-1/b", "5.3-10-1/a", "5.3-10-1/b")
"""Units in which a package that is taken without a check shows."""
UPDATE = ("7-UpdMech", "UpdMech-Network")

CHANGES = {
    # 5.2
    "a policy for customers only": worse(
        "2-UserInfo",
        "",
        "Publication of Vulnerability Disclosure Policy",
        "https://example.com/policy, visible only to registered customers",
        "5.2-1-1/a",
    ),
    "a policy on a private address": worse(
        "2-UserInfo",
        "",
        "Publication of Vulnerability Disclosure Policy",
        "http://192.168.1.5/policy",
        "5.2-1-1/a",
    ),
    "no action on a kind of vulnerability": worse(
        "3-VulnTypes", "VulnTypes-Cloud", "Action", "tbd", "5.2-2-1/a"
    ),
    "action without limit of time": worse(
        "3-VulnTypes", "VulnTypes-Cloud", "Time Frame", "as soon as possible", "5.2-2-1/a"
    ),
    "action later than the policy promises": worse(
        "3-VulnTypes",
        "VulnTypes-Firmware",
        "facts.max_days",
        365,
        "5.2-2-1/a",
        also=(beside("2-UserInfo", "", "facts.policy_max_days", 90),),
    ),
    "actions that are planned": worse(
        "4-Conf", "", "Confirmation of Vulnerability Actions", "yes, planned for next year", "5.2-2-1/b"
    ),
    "no monitoring": worse("5-VulnMon", "*", "", None, "5.2-3-1/a", "5.2-3-1/b", "5.2-3-1/c"),
    "monitoring that is not confirmed": worse(
        "4-Conf", "", "Confirmation of Vulnerability Monitoring", "no", "5.2-3-1/d"
    ),
    # 5.3-1 and what follows from its components
    "a component without updates and without reason": worse(
        "6-SoftComp", "SoftComp-Base", "Update Mechanism", "none", "5.3-1-1/a"
    ),
    "a component without updates to save cost": worse(
        "6-SoftComp", "SoftComp-Base", "Update Mechanism", "none; updates are too expensive", "5.3-1-1/a"
    ),
    # 5.3-2 and the design of the mechanism
    "an update without authenticity": worse(
        *UPDATE,
        "facts.guarantees",
        ["integrity", "confidentiality"],
        *MISUSE,
        "5.3-7-1/a",
        "5.3-9-1/a",
        "5.3-10-1/a",
    ),
    "an update without integrity": worse(
        *UPDATE,
        "facts.guarantees",
        ["authenticity", "confidentiality"],
        *MISUSE,
        "5.3-7-1/a",
        "5.3-9-1/b",
        "5.3-10-1/a",
    ),
    "an update that is checked when it runs": worse(
        *UPDATE, "facts.verified_before_install", False, *UNPROTECTED
    ),
    "an update that is only hashed": worse(
        *UPDATE,
        "facts.cryptography",
        [{"use": "hash", "algorithm": "SHA-512"}],
        *UNPROTECTED,
        also=(beside(*UPDATE, "facts.tls", None),),
    ),
    "an update behind a checksum": worse(
        *UPDATE,
        "Cryptographic Details",
        "Each package is protected only by a CRC32.",
        *UNPROTECTED,
    ),
    "an update signed over SHA-1": worse(
        *UPDATE,
        "facts.cryptography",
        [{"use": "signature", "algorithm": "SHA-1"}],
        *MISUSE,
        "5.3-7-1/c",
        "5.3-7-1/d",
    ),
    "an update signed with a short key": worse(
        *UPDATE,
        "facts.cryptography",
        [{"use": "signature", "algorithm": "RSA-1024"}],
        *MISUSE,
        "5.3-7-1/c",
    ),
    "an update that is fetched over TLS 1.0": worse(
        *UPDATE, "facts.tls", {"versions": ["TLSv1.0", "TLSv1.2"]}, *MISUSE, "5.3-7-1/c"
    ),
    "no guarantee of the update": worse(
        *UPDATE,
        "Security Guarantees",
        "n/a",
        *MISUSE,
        "5.3-7-1/a",
        "5.3-9-1/a",
        "5.3-9-1/b",
        "5.3-9-1/c",
        "5.3-9-1/d",
        "5.3-10-1/a",
        "5.3-10-1/b",
    ),
    "authenticity that the app verifies": worse(
        *UPDATE, "facts.verified_by.authenticity", "app", "5.3-7-1/b", "5.3-9-1/c"
    ),
    "integrity that the service verifies": worse(
        *UPDATE, "facts.verified_by.integrity", "service", "5.3-7-1/b", "5.3-9-1/d"
    ),
    "a signature without a key to check it": worse(
        "10-SecParam",
        "SecParam-UpdateKey",
        "",
        None,
        "5.3-9-1/a",
        "5.3-10-1/a",
        "5.3-10-1/b",
        "5.4-1-1/d",
        also=(
            beside("14-SecMgmt", "*", "facts", None),
            beside(
                "10-SecParam",
                "*",
                "Description",
                "A value that the camera keeps; no identity, not hard-coded.",
            ),
        ),
    ),
    # 5.3-3 to 5.3-6
    "an update by cable": worse(*UPDATE, "facts.transport", "cable", "5.3-3-1/a"),
    "an update in many steps": worse(*UPDATE, "facts.interaction", "manual", "5.3-3-1/a", "5.3-4-1/a"),
    "an update that the user looks for": worse(*UPDATE, "facts.checked_by", "user", "5.3-4-1/a", "5.3-5-1/a"),
    "automatic updates that are off": worse(
        *UPDATE, "facts.automatic_by_default", False, "5.3-4-1/b", "5.3-6-1/c"
    ),
    "no look for updates after initialization": worse(*UPDATE, "facts.check_after_init", False, "5.3-5-1/a"),
    "an automatic update that the user confirms": worse(
        *UPDATE,
        "Initiation and Interaction",
        "Started by the camera; the owner confirms each update.",
        "5.3-6-1/a",
    ),
    "automatic updates that nobody can set": worse(
        *UPDATE,
        "facts.user_options",
        None,
        "5.3-6-1/b",
        "5.3-6-1/d",
        also=(
            beside(*UPDATE, "Configuration", "Nothing can be set."),
            beside(*UPDATE, "facts.notification_options", None),
        ),
    ),
    "notifications that are off": worse(*UPDATE, "facts.notifications_by_default", False, "5.3-6-1/e"),
    # 5.3-8 to 5.3-12
    "a procedure without limit of time": worse(
        "8-UpdProc", "UpdProc-Regular", "Time Frame", "best effort", "5.3-8-1/a"
    ),
    "a procedure that takes longer than promised": worse(
        "8-UpdProc", "UpdProc-Regular", "facts.max_days", 400, "5.3-8-1/a"
    ),
    "procedures that are not confirmed": worse(
        "4-Conf", "", "Confirmation of Update Procedures", "no", "5.3-8-1/b"
    ),
    "an automatic update that the user starts": worse(
        *UPDATE, "facts.initiated_by", "user", "5.3-6-1/a", "5.3-10-1/b"
    ),
    "users who are told nothing": worse(
        *UPDATE, "User Notification", "none", "5.3-11-1/a", "5.3-11-1/b", "5.3-12-1/a"
    ),
    "a notice without risks": worse(*UPDATE, "facts.names_risks", False, "5.3-11-1/b"),
    "a disruption that nobody announces": worse(*UPDATE, "facts.tells_disruption", False, "5.3-12-1/a"),
    "a disruption announced in the app alone": worse(*UPDATE, "facts.notifies_on", ["app"], "5.3-12-1/a"),
    # 5.3-13 to 5.3-16
    "a support period on request": worse(
        "2-UserInfo",
        "",
        "Publication of Support Period",
        "Told by the support desk on request.",
        "5.3-13-1/a",
    ),
    "no reason for missing updates": worse(
        "2-UserInfo", "", "Publication of Non-Updatable", "n/a", "5.3-14-1/a"
    ),
    "no replacement plan": worse("2-UserInfo", "", "Documentation of Replacement", "", "5.3-14-1/a"),
    "no isolation": worse("9-ReplSup", "", "Isolation", "n/a", "5.3-15-1/a"),
    "an isolation that is stated to be impossible": worse(
        "9-ReplSup", "", "facts.isolation", "none", "5.3-15-1/a"
    ),
    "no replacement of the hardware": worse("9-ReplSup", "", "Hardware Replacement", "-", "5.3-15-1/b"),
    "hardware that cannot be replaced": worse("9-ReplSup", "", "facts.replaceable", False, "5.3-15-1/b"),
    "a designation on the box alone": worse(
        "2-UserInfo", "", "Model Designation", "ExampleCam 2, on the packaging", "5.3-16-1/a"
    ),
    "no designation": worse("2-UserInfo", "", "Model Designation", "tbd", "5.3-16-1/a"),
}
