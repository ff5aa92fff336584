"""Brings what nobody asked for to the channel it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from handlers.model import Reply
from handlers.subscriptions import Delivery


class Pushes(Protocol):
    """A channel that can write first. ``name`` begins the addresses of its chats."""

    @property
    def name(self) -> str: ...

    @property
    def is_open(self) -> bool: ...

    async def push(self, chat: int, replies: Sequence[Reply]) -> Delivery: ...


class ChannelPost:
    """Implements ``handlers.ports.Post``. What belongs to no channel that runs waits."""

    def __init__(self, telegram: Pushes) -> None:
        self._telegram = telegram

    @property
    def is_open(self) -> bool:
        return self._telegram.is_open

    async def send(self, address: str, replies: Sequence[Reply]) -> Delivery:
        channel, _, chat = address.partition(":")
        if channel != self._telegram.name:
            return Delivery.LATER
        return await self._telegram.push(int(chat), replies)
