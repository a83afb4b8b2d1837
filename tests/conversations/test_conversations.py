"""Every scripted conversation, over HTTP against a really started server; those that need days to pass, in this process."""
from __future__ import annotations

import os
from typing import Any

import pytest

from tests.conversations.script import Conversation, OverHttp, last_question, load, play

CONVERSATIONS = load()
OVER_HTTP = [each for each in CONVERSATIONS if each.needs is None]
NEEDS_CLOCK = [each for each in CONVERSATIONS if each.needs == "clock"]


def test_there_are_enough_conversations_and_each_has_a_name() -> None:
    assert len(OVER_HTTP) >= 60
    assert len({each.id for each in CONVERSATIONS}) == len(CONVERSATIONS)
    assert [each.id for each in CONVERSATIONS if len(each.turns) < 2] == []


@pytest.mark.parametrize("conversation", OVER_HTTP, ids=lambda each: each.id)
def test_conversation_over_http(conversation: Conversation, server: Any) -> None:
    """With the actions in the server's own process."""
    broken = play(conversation, OverHttp(server.url, getattr(server, "token", None)))
    assert not broken, f"{conversation.about}\n" + "\n".join(broken)


@pytest.mark.parametrize("conversation", OVER_HTTP, ids=lambda each: each.id)
def test_conversation_with_an_action_process(conversation: Conversation, http_server: Any) -> None:
    """The same conversations with the actions behind HTTP, as `rasa run actions` serves them."""
    broken = play(conversation, OverHttp(http_server.url, getattr(http_server, "token", None)))
    assert not broken, f"{conversation.about}\n" + "\n".join(broken)


@pytest.fixture(scope="session")
def kernel(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The classifier's folder for the in-process runner."""
    from tests.conversations.inprocess import kernel_folder

    cache = getattr(request.config, "cache", None)
    return kernel_folder(cache.mkdir("twitchwise-intents") if cache else tmp_path_factory.mktemp("intents"))


@pytest.mark.parametrize("conversation", NEEDS_CLOCK, ids=lambda each: each.id)
def test_conversation_over_days(conversation: Conversation, kernel: Any) -> None:
    from tests.conversations.inprocess import InProcess

    broken = play(conversation, InProcess(kernel))
    assert not broken, f"{conversation.about}\n" + "\n".join(broken)


if os.environ.get("TWITCHWISE_CONVERSATIONS") == "in-process":
    # For quick looks at wording and flow; the same conversations run over HTTP above.
    @pytest.mark.parametrize("conversation", OVER_HTTP, ids=lambda each: each.id)
    def test_conversation_in_process(conversation: Conversation, kernel: Any) -> None:
        from tests.conversations.inprocess import InProcess

        broken = play(conversation, InProcess(kernel))
        assert not broken, f"{conversation.about}\n" + "\n".join(broken)


def test_the_last_question_is_found() -> None:
    assert last_question("Can it? Yes. Do you see?\nGood.") == "Do you see?"
