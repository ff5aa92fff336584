from collections.abc import Sequence

from bot.post import ChannelPost
from handlers.model import Reply
from handlers.subscriptions import Delivery


class Telegram:
    name, is_open = "telegram", True

    def __init__(self) -> None:
        self.pushed: list[int] = []

    async def push(self, chat: int, replies: Sequence[Reply]) -> Delivery:
        self.pushed.append(chat)
        return Delivery.SENT


async def test_a_notice_goes_to_the_chat_of_its_address() -> None:
    telegram = Telegram()
    post = ChannelPost(telegram)
    assert await post.send("telegram:-42", (Reply("a"),)) is Delivery.SENT
    assert telegram.pushed == [-42]
    assert post.is_open


async def test_what_no_channel_can_bring_waits() -> None:
    telegram = Telegram()
    assert await ChannelPost(telegram).send("zalo:7", (Reply("a"),)) is Delivery.LATER
    assert telegram.pushed == []
