"""The open connections of a server: so many at most, held on to while they are served, and ended together."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

__all__ = ["Connections"]


class Connections:
    """Those of one server.

    Args:
        most: how many are served at a time; further ones are closed at once.
        broken: what ends a connection without being anybody's fault, beside `OSError` and a lack of time.
    """

    def __init__(self, most: int, broken: tuple[type[Exception], ...] = ()) -> None:
        self._most = most
        self._broken: tuple[type[Exception], ...] = (
            OSError,
            TimeoutError,
            asyncio.IncompleteReadError,
            *broken,
        )
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, writer: asyncio.StreamWriter, talk: Callable[[], Awaitable[None]]) -> None:
        """Serve one connection, in whose task this runs, and close it."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a connection is served by a task
        if len(self._tasks) >= self._most:
            writer.close()
            return
        self._tasks.add(task)  # the loop itself does not hold on to it
        try:
            await talk()
        except self._broken:
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def end(self) -> None:
        """End all of them."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
