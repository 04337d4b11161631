"""Contradictions in the documents on stored parameters and communication (5.4 and 5.5)."""

from __future__ import annotations

from contradictions import beside, worse

__all__ = ["CHANGES"]


TOKEN = ("10-SecParam", "SecParam-DeviceToken")
WEB_KEYS = ("10-SecParam", "SecParam-TLSKey")
CLOUD = ("11-ComMech", "ComMech-Cloud")
CARRYING = ("5.5-6-1/a", "5.5-7-1/a", "5.8-1-1/a", "5.8-2-1/a")
"""Units that run 5.5-1-1 again on the mechanism to the cloud, which carries a token and sensitive data."""

CHANGES = {
    # 5.4-1
    "a password that is called public": worse(
        "10-SecParam", "SecParam-WebPasswords", "Type", "public", "5.4-1-1/a"
    ),
    "a parameter without description": worse(*WEB_KEYS, "Description", "tbd", "5.4-1-1/a"),
    "a key without confidentiality": worse(*WEB_KEYS, "facts.guarantees", ["integrity"], "5.4-1-1/b"),
    "a certificate without integrity": worse(
        "10-SecParam", "SecParam-TLSCert", "facts.guarantees", ["authenticity"], "5.4-1-1/b"
    ),
    "a parameter without protection": worse(*WEB_KEYS, "Protection Scheme", "none", "5.4-1-1/c"),
    "a key in clear": worse(*WEB_KEYS, "Protection Scheme", "The file is stored in plain text.", "5.4-1-1/c"),
    "a protection by a secure boot that is not there": worse("20-SecBoot", "*", "", None, "5.4-1-1/c"),
    "passwords that are no parameter": worse(
        "10-SecParam",
        "SecParam-WebPasswords",
        "facts.purpose",
        ["other"],
        "5.4-1-1/d",
        also=(
            beside("10-SecParam", "SecParam-StreamPassword", "facts.purpose", ["other"]),
            beside("10-SecParam", "SecParam-Sessions", "facts.purpose", ["other"]),
        ),
    ),
    # 5.4-2
    "an identity that is denied": worse(*TOKEN, "facts.hard_coded_identity", False, "5.4-2-1/a"),
    "an identity that withstands nobody": worse(
        *TOKEN, "facts.guarantees", ["confidentiality", "integrity"], "5.4-2-1/b"
    ),
    "an identity that withstands software only": worse(
        *TOKEN, "facts.tamper_means", ["software"], "5.4-2-1/b"
    ),
    "an identity in a file": worse(*TOKEN, "Protection Scheme", "A plain file in the flash.", "5.4-2-1/c"),
    # 5.4-3
    "a value that is compiled in": worse(
        *WEB_KEYS,
        "facts.provisioning",
        "compiled-in",
        "5.4-3-1/a",
        "5.4-3-1/b",
        "5.4-4-1/b",
        also=(beside(*WEB_KEYS, "facts.purpose", ["user-authentication"]),),
    ),
    "a hard-coded value that is in use": worse(
        *TOKEN,
        "facts.hard_coded_in_source",
        True,
        "5.4-3-1/b",
        also=(beside(*TOKEN, "Description", "Token, hard-coded identity; compiled into the firmware."),),
    ),
    "a hard-coded value that the description hides": worse(
        *TOKEN,
        "facts.hard_coded_in_source",
        True,
        "5.4-3-1/a",
        "5.4-3-1/b",
        also=(beside(*TOKEN, "Description", "Token of the camera for the service; it is an identity."),),
    ),
    # 5.4-4
    "a token without generation": worse(*TOKEN, "Generation Mechanism", "n/a", "5.4-4-1/a", "5.4-4-1/b"),
    "one token for all cameras": worse(*TOKEN, "facts.unique_per_device", False, "5.4-4-1/b"),
    "a token from the serial number": worse(
        *TOKEN,
        "Generation Mechanism",
        "For the cloud service: the token is derived from the serial number.",
        "5.4-4-1/b",
    ),
    # 5.5-1 and its kin
    "a token that travels without confidentiality": worse(
        *CLOUD, "facts.guarantees", ["authenticity", "integrity"], "5.5-1-1/a", *CARRYING
    ),
    "a mechanism without guarantees": worse(*CLOUD, "Security Guarantees", "-", "5.5-1-1/a", *CARRYING),
    "confidentiality over plain HTTP": worse(
        *CLOUD,
        "facts.protocol",
        "http",
        "5.5-1-1/b",
        *CARRYING,
        also=(beside(*CLOUD, "facts.tls", None), beside(*CLOUD, "facts.cryptography", None)),
    ),
    "a peer that nobody verifies": worse(
        *CLOUD,
        "Cryptographic Details",
        "TLS 1.2; certificate checks are disabled.",
        "5.5-1-1/b",
        *CARRYING,
    ),
    "a report over TLS 1.0": worse(
        *CLOUD, "facts.tls.versions", ["TLSv1.0", "TLSv1.2"], "5.5-1-1/c", *CARRYING
    ),
    "a web page with RC4": worse(
        "11-ComMech",
        "ComMech-Stream",
        "facts.tls.cipher_suites",
        ["TLS_RSA_WITH_RC4_128_SHA"],
        "5.5-1-1/c",
        "5.5-1-1/d",
        "5.5-6-1/a",
        "5.8-1-1/a",
    ),
    # 5.5-2
    "a review that is planned": worse(
        "12-NetSecImpl", "NetSecImpl-Login", "Review/Evaluation Method", "planned", "5.5-2-1/a"
    ),
    "a review in the future": worse(
        "12-NetSecImpl", "NetSecImpl-Login", "facts.date", "2199-01", "5.5-2-1/a"
    ),
    "a review without report": worse("12-NetSecImpl", "NetSecImpl-Boot", "Report", "tbd", "5.5-2-1/b"),
    "a review of another version": worse(
        "12-NetSecImpl", "NetSecImpl-TLS", "facts.version", "1.1.1", "5.5-2-1/b"
    ),
    # 5.5-3
    "cryptography that cannot be updated": worse(
        "6-SoftComp",
        "SoftComp-TLS",
        "Update Mechanism",
        "none; the component is in a mask ROM",
        "5.5-3-1/a",
    ),
    "side effects that nobody considered": worse(
        "6-SoftComp", "SoftComp-TLS", "facts.side_effects_considered", False, "5.5-3-1/b"
    ),
    # 5.5-4 and 5.5-5
    "a service without authentication": worse(
        "13-SoftServ", "SoftServ-Stream", "Authentication Mechanism", [], "5.5-4-1/a"
    ),
    "a configuration without authentication": worse(
        "13-SoftServ", "SoftServ-Web", "Authentication Mechanism", [], "5.5-4-1/a", "5.5-5-1/a"
    ),
    "a login that tells nobody apart": worse(
        "1-AuthMech",
        "AuthMech-cloud",
        "Authentication Factor",
        "tbd",
        "5.5-4-1/b",
    ),
    "a login with nothing behind its guarantees": worse(
        "1-AuthMech",
        "AuthMech-cloud",
        "facts.tls",
        None,
        "5.5-4-1/c",
        also=(beside("1-AuthMech", "AuthMech-cloud", "Cryptographic Details", "-"),),
    ),
    "an authorisation that nobody describes": worse(
        "1-AuthMech", "AuthMech-cloud", "Description", "tbd", "5.5-4-1/b", "5.5-4-1/d"
    ),
    "settings that are denied": worse(
        "13-SoftServ", "SoftServ-Web", "Allows Configuration", "no", "5.5-5-1/a"
    ),
    # 5.5-8
    "no management of parameters": worse("14-SecMgmt", "*", "", None, "5.5-8-1/a"),
    "no reaction to a compromise": worse(
        "14-SecMgmt",
        "*",
        "facts.stages",
        ["generation", "provisioning", "storage", "update", "decommissioning"],
        "5.5-8-1/a",
    ),
    "management that is intended": worse(
        "4-Conf", "", "Confirmation of Secure Management", "yes, intended", "5.5-8-1/b"
    ),
}
