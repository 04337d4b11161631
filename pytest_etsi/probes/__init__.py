"""Probes: one module per thing that can be observed on a device.

A probe returns an observation: a frozen dataclass that says what happened, also when the device refused,
stayed silent or sent garbage. Probes know nothing of verdicts or of the standard. Every read is bounded in
size and every probe in time, because a device is untrusted input.
"""

from pytest_etsi.probes.observation import Observation, printable

__all__ = ["Observation", "printable"]
