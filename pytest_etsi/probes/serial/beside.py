"""Something that goes on beside the listening: a relay may answer late, and a device speaks as soon as it has power."""

from __future__ import annotations

import contextvars
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

__all__ = ["Beside"]


class Beside:
    """Runs something in a thread of its own; at the end it is waited for, and what it raised is raised.

    Args:
        run: what goes on.
    """

    def __init__(self, run: Callable[[], object]) -> None:
        self._run = run
        self._error: BaseException | None = None
        self._done = threading.Event()
        context = contextvars.copy_context()  # whoever hears what documents are read for hears it here too
        self._thread = threading.Thread(
            target=lambda: context.run(self._go), name="beside a console", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.join()
        if self._error is not None and error is None:
            raise self._error

    @property
    def done(self) -> bool:
        """Whether it is over."""
        return self._done.is_set()

    def _go(self) -> None:
        try:
            self._run()
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            self._error = error
        finally:
            self._done.set()
