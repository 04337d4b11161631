"""Cryptography of user authentication, held against named public references.

The status of every algorithm, version and name is data (``data/cryptography.json``) with its references: recommended,
legacy (no known practical attack, but ending or not in every catalogue), deprecated (no catalogue accepts it for new
products) or broken (a practical attack is published). Where references differ the milder status stands and says so, so
that a violation is one by every reference. The profile may let some catalogues count only (`counting`); an entry that
nobody has compared with a public copy of its source refutes nothing.

Findings answer one of these questions (`Finding.aspect`):

- ``best-practice``: is it best practice for user authentication (5.1-3-1 c);
- ``attack``: is there a practical attack on the property that it gives (5.1-3-1 d);
- ``channel``: does the device use what is documented (5.1-3-2 a).

What the catalogue does not know gives ``unknown``: then the supplier's evidence has to be judged.
"""

from __future__ import annotations

from pytest_etsi.assessment.crypto._algorithms import assess_algorithm
from pytest_etsi.assessment.crypto._catalogue import CATALOGUE, Item, Status, counting
from pytest_etsi.assessment.crypto._channels import (
    SshSettings,
    TlsSettings,
    assess_ssh,
    assess_tls,
    compare_ssh,
    compare_tls,
)
from pytest_etsi.assessment.crypto._names import Suite, ssh_name, tls_suite, tls_version
from pytest_etsi.assessment.crypto._prose import assess_prose

__all__ = [
    "CATALOGUE",
    "Item",
    "SshSettings",
    "Status",
    "Suite",
    "TlsSettings",
    "assess_algorithm",
    "assess_prose",
    "assess_ssh",
    "assess_tls",
    "compare_ssh",
    "compare_tls",
    "counting",
    "ssh_name",
    "tls_suite",
    "tls_version",
]
