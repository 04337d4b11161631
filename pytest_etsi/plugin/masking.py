"""Secrets masked in what pytest shows of a run beside the reports: exceptions, warnings, logs, internal errors.

An exception is masked where it is raised, so that every plugin sees it so: some of them do not ask for pytest's report.
"""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any

import pytest

from pytest_etsi.plugin import compat

if TYPE_CHECKING:
    import warnings
    from collections.abc import Callable, Generator

    from pytest_etsi.plugin.devices import Run

__all__ = ["Masking", "mask_error", "masked"]

_DEEPEST = 20
_SET_BY_C = ("filename", "filename2", "strerror", "object", "msg", "reason", "name", "path", "text", "value")
"""Attributes of built-in exceptions that are not in their dictionary."""


def masked(text: str, run: Run) -> str:
    """`text` without the secrets of any device of the run."""
    for device in run.devices:
        text = device.assessment.redact.text(text)
    return text


def mask_error(error: BaseException, run: Run) -> None:
    """Mask secrets in what an exception says, in its notes, and in those that led to it."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        waiting += [current.__cause__, current.__context__]
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions
        _mask_one(current, run)


def _mask_one(error: BaseException, run: Run) -> None:
    for name in ("args", *_SET_BY_C, *vars(error)):
        value = getattr(error, name, None)
        clean = _clean(value, run, 0)
        if clean is not value:
            # What cannot be set is a property of one of the others.
            with contextlib.suppress(AttributeError, TypeError, ValueError):
                setattr(error, name, clean)
    said = _said(error)
    if masked(said, run) == said:
        return
    # It keeps its text where nobody can set it: it is shown without.
    with contextlib.suppress(TypeError):
        kind = type(error)
        shown = masked(said, run)
        error.__class__ = type(
            kind.__name__, (kind,), {"__str__": lambda _: shown, "__module__": kind.__module__}
        )


def _said(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - pytest says that it cannot be shown
        return ""


def _clean(value: Any, run: Run, depth: int) -> Any:
    """`value` with the secrets masked in texts, bytes and what holds them; the same object where there are none."""
    if isinstance(value, str):
        clean = masked(value, run)
        return value if clean == value else clean
    if isinstance(value, bytes):
        data = value
        for device in run.devices:
            data = device.assessment.redact.bytes(data)
        return value if data == value else data
    if depth >= _DEEPEST:
        return value
    if type(value) is dict:
        made = {_clean(key, run, depth + 1): _clean(item, run, depth + 1) for key, item in value.items()}
        before, after = [*value, *value.values()], [*made, *made.values()]
        return value if len(before) == len(after) and all(map(_is, before, after)) else made
    if type(value) in (list, tuple, set, frozenset):
        items = list(value)
        cleaned = [_clean(item, run, depth + 1) for item in items]
        return value if all(map(_is, cleaned, items)) else type(value)(cleaned)
    return value


def _is(one: object, other: object) -> bool:
    return one is other


class _MaskedFormatter(logging.Formatter):
    """Formats as another one does, without secrets."""

    def __init__(self, inner: logging.Formatter, run: Run) -> None:
        super().__init__()
        self._inner, self._run = inner, run

    def format(self, record: logging.LogRecord) -> str:
        return masked(self._inner.format(record), self._run)


class Masking:
    """What pytest and other plugins take from elsewhere than the reports of tests."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Mask what goes into ``--log-file`` and the live log."""
        for handler in compat.log_handlers(session.config):
            handler.setFormatter(_MaskedFormatter(handler.formatter or logging.Formatter(), self._run))

    # Innermost: other plugins record what a fixture raised when it is set up and when it is cleaned up.
    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
        """Mask what a fixture raises, now and when it is cleaned up."""
        try:
            return (yield)
        except BaseException as error:
            mask_error(error, self._run)
            raise
        finally:
            compat.wrap_finalizers(fixturedef, self._masking)

    def _masking(self, finalizer: Callable[[], object]) -> Callable[[], object]:
        def masking() -> object:
            try:
                return finalizer()
            except BaseException as error:
                mask_error(error, self._run)
                raise

        return masking

    # Outermost: nothing catches what plugins raise here but Python itself, which prints it.
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self) -> Generator[None, object, object]:
        """Mask what a plugin raises at the end."""
        try:
            return (yield)
        except BaseException as error:
            mask_error(error, self._run)
            raise

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_teardown(self) -> Generator[None, None, None]:
        """Mask what cleaning up raises."""
        try:
            yield
        except BaseException as error:
            mask_error(error, self._run)
            raise

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Mask what a module of the project says when it cannot be imported."""
        report = yield
        if report.longrepr is not None and not isinstance(report.longrepr, tuple):
            text = str(report.longrepr)
            clean = masked(text, self._run)
            if clean != text:
                report.longrepr = clean
        report.sections = [(name, masked(text, self._run)) for name, text in report.sections]
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        """Mask a warning before it is kept for the summary."""
        if isinstance(warning_message.message, BaseException):
            mask_error(warning_message.message, self._run)

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excrepr: object) -> None:
        """Mask an error outside the tests, such as one of a plugin."""
        compat.rewrite_representation(excrepr, lambda text: masked(text, self._run))
