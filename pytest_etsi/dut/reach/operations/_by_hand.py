"""Operations by a person, and by a function of the project."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING

from pytest_etsi.dut.reach.handing_over import fill_in
from pytest_etsi.dut.reach.operations._model import OtherwiseError
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_etsi.dut.reach.auth import Device
    from pytest_etsi.dut.reach.operations._model import Attendant, Came, Told
    from pytest_etsi.profile.operations import ManualOperation, PythonOperation

__all__ = ["ManualDriver", "PythonDriver", "ask_attendant", "text_of_value"]


class PythonDriver:
    """Calls a function with the device."""

    def __init__(self, dut: Device) -> None:
        self._dut = dut

    def run(self, declared: PythonOperation, arguments: Mapping[str, str], came: Came) -> None:
        """See `Driver`."""
        module, _, function = declared.call.partition(":")
        given = getattr(import_module(module), function)(
            self._dut, **fill_in(declared.options, {}), **arguments
        )
        came.text = text_of_value(given)
        came.note(f"{declared.call} was called", came.text)


class ManualDriver:
    """Has a person do it.

    Args:
        attendant: gives the person at the bench; None: nobody is there.
    """

    def __init__(self, attendant: Callable[[], Attendant | None]) -> None:
        self._attendant = attendant

    def run(self, declared: ManualOperation, arguments: Mapping[str, str], came: Came) -> None:
        """See `Driver`.

        Raises:
            OtherwiseError: the person says that it was not done.
        """
        told = ask_attendant(
            self._attendant(),
            fill_in(declared.instruction, arguments),
            question=declared.question,
            wants=declared.wants,
        )
        came.note(f"a person was asked: {declared.instruction}", "done" if told.done else "not done")
        if not told.done:
            raise OtherwiseError(f"the person at the bench says that it was not done: {told.answer}")
        if declared.question is not None:
            came.note(declared.question, told.answer)
            came.text = told.answer
        if told.file is not None:
            came.files.append(told.file)


def ask_attendant(
    attendant: Attendant | None, instruction: str, *, question: str | None = None, wants: str | None = None
) -> Told:
    """Have a person do something.

    Raises:
        Inconclusive: nobody is there (``access``).
    """
    if attendant is None:
        inconclusive(
            f"a person is needed at the bench: {instruction}",
            cause=Cause.ACCESS,
            settle="run with --etsi-attended in a terminal, and do at the bench what it asks for",
        )
    return attendant.ask(instruction, question=question, wants=wants)


def text_of_value(given: object) -> str:
    """What a function has returned, as text; None: nothing."""
    if given is None:
        return ""
    if isinstance(given, bytes):
        return given.decode("utf-8", "replace")
    if isinstance(given, str):
        return given
    try:
        return json.dumps(given, sort_keys=True, ensure_ascii=False)
    except (TypeError, ValueError):
        return str(given)
