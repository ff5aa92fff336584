"""How many messages one person may send."""

from __future__ import annotations

import time

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter


class PersonLimits:
    """Implements ``handlers.ports.Limiter`` in memory; ``per_minute`` 0 lets everything through."""

    def __init__(self, per_minute: int) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._messages = RateLimitItemPerMinute(per_minute) if per_minute else None
        self._telling = RateLimitItemPerMinute(1)

    async def retry_after(self, person: str) -> float:
        if self._messages is None or await self._limiter.hit(self._messages, "message", person):
            return 0.0
        window = await self._limiter.get_window_stats(self._messages, "message", person)
        return max(1.0, window.reset_time - time.time())

    async def may_tell(self, person: str) -> bool:
        return await self._limiter.hit(self._telling, "told", person)
