"""Conversations that last as long as the process: for the console."""

from __future__ import annotations

from handlers.state import State


class MemoryConversations:
    """Implements ``handlers.ports.Conversations``."""

    def __init__(self) -> None:
        self._states: dict[str, State] = {}

    async def load(self, conversation: str) -> State:
        return self._states.get(conversation, State())

    async def save(self, conversation: str, state: State) -> None:
        self._states[conversation] = state
