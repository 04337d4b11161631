"""Passwords that a device brings along: single ones, batches from the factory, and the rule that makes them.

Findings answer one of these questions (`Finding.aspect`):

- ``uniqueness``: has every device its own password (5.1-1-1 a, and a batch for 5.1-1-2 c, 5.1-2-2 a);
- ``regularity``: does one password lead to the next (5.1-2-1 a);
- ``patterns``: are there common strings or familiar patterns (5.1-2-1 b);
- ``relation``: does it follow from public data such as MAC address or serial number (5.1-2-1 c);
- ``complexity``: is it hard to guess for one who knows the rule (5.1-2-1 d);
- ``rule``: does an actual password fit the documented rule (5.1-1-2 c, 5.1-2-2 a).

How chance is kept out. A random password contains a piece of a MAC address or "qwer" every now and then. So a
pattern or a relation counts by its *evidence in bits*: the length of the password in bits if every character
is drawn evenly, less the length of the shortest description found that uses the pattern ("the last eight
digits of the serial number"). The descriptions form a prefix code, so by Markov's inequality an evenly drawn
password reaches b bits of evidence with a chance of at most 2^-b, whatever the number of patterns that are
tried. The bounds are in ``data/passwords.json``.

No finding quotes a password.
"""

from __future__ import annotations

from pytest_etsi.assessment.passwords._batch import examine_batch
from pytest_etsi.assessment.passwords._model import THRESHOLDS, Identity, Rule, Sample, alphabet_size
from pytest_etsi.assessment.passwords._patterns import is_common
from pytest_etsi.assessment.passwords._prose import generation_prose_findings
from pytest_etsi.assessment.passwords._rule import entropy_bits, examine_rule
from pytest_etsi.assessment.passwords._single import examine_password

__all__ = [
    "THRESHOLDS",
    "Identity",
    "Rule",
    "Sample",
    "alphabet_size",
    "entropy_bits",
    "examine_batch",
    "examine_password",
    "examine_rule",
    "generation_prose_findings",
    "is_common",
]
