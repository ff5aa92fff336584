"""An echo bot on aiogram, as it comes."""

from __future__ import annotations

import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message


async def echo(message: Message) -> None:
    await message.answer(message.text or "")


def main() -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["BENCHMARK_SERVER"]))
    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    dispatcher.run_polling(Bot(os.environ["BENCHMARK_TOKEN"], session=session))


if __name__ == "__main__":
    main()
