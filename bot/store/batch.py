"""Many small reads or writes at once: what arrives while one batch is under way goes together in the next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

LARGEST = 500


class Batch(Generic[K, V]):
    """``work`` takes a list of requests and returns their results in the same order."""

    def __init__(self, work: Callable[[Sequence[K]], Awaitable[Sequence[V]]]) -> None:
        self._work = work
        self._waiting: list[tuple[K, asyncio.Future[V]]] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, request: K) -> V:
        """The result for ``request``. Raises what ``work`` raised for its batch."""
        done: asyncio.Future[V] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, done))
        if self._task is None:
            self._task = asyncio.create_task(self._drain())
        return await done

    async def _drain(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
            try:
                results = await self._work([request for request, _ in batch])
            except Exception as error:  # handed to everyone who waits for it
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
            else:
                for (_, done), result in zip(batch, results, strict=True):
                    if not done.done():
                        done.set_result(result)
        self._task = None
