"""The benchmark's Bot API server hands out updates as Telegram does."""

import json

import pytest

from benchmarks.fake_bot_api import Account, FakeBotApi


@pytest.fixture
async def account():
    account = Account("1:A")
    account.put(*({"message": {"text": str(number)}} for number in range(150)))
    return account


def ids(updates):
    return [json.loads(update)["update_id"] for update in updates]


async def test_hands_out_at_most_a_hundred_updates_in_order(account):
    assert ids(await account.take()) == list(range(1, 101))


async def test_unconfirmed_updates_come_again(account):
    assert await account.take(limit=3) == await account.take(limit=3)


async def test_an_offset_confirms_all_before_it(account):
    assert ids(await account.take(offset=101)) == list(range(101, 151))
    assert ids(await account.take(limit=1)) == [101]


async def test_is_empty_when_all_is_confirmed(account):
    assert await account.take(offset=151) == []
    account.put({"message": {}})
    assert ids(await account.take(offset=151)) == [151]


async def test_records_the_first_answer_to_a_chat(account):
    await account.answer("sendMessage", {"chat_id": "7", "text": "one"})
    first = dict(account.answers)
    result = await account.answer("sendMessage", {"chat_id": "7", "text": "two"})
    assert json.loads(result)["text"] == "two"
    assert account.answers == first
    assert list(first) == [7]


async def test_an_unknown_method_has_no_result(account):
    assert await account.answer("flyToTheMoon", {}) is None


async def test_each_account_has_its_own_token():
    api = FakeBotApi()
    assert api.account().token != api.account().token
