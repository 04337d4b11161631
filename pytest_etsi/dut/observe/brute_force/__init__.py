"""Guessing passwords within bounds: the procedure of an attack, and a log of every attempt that it made.

What the log means (when it locked, for whom, what escaped) is read from it by `pytest_etsi.assessment.brute_force`.
"""

from pytest_etsi.dut.observe.brute_force._asking import REAL_CLOCK, Clock
from pytest_etsi.dut.observe.brute_force._attack import observe_guessing
from pytest_etsi.dut.observe.brute_force._log import GuessingLog, LoggedAttempt

__all__ = ["REAL_CLOCK", "Clock", "GuessingLog", "LoggedAttempt", "observe_guessing"]
