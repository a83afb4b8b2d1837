"""Actions in process fail as they would over HTTP (trap 15)."""
from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError
from rasa_sdk.interfaces import ActionExecutionRejection as Rejected

from twitchwise.inprocess_actions import InProcessActions


@pytest.fixture
def endpoint() -> InProcessActions:
    made = InProcessActions(timeout_s=0.2)

    async def good(dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text=f"hello {tracker.sender_id}")
        return [{"event": "slot", "timestamp": None, "name": "a", "value": (1, 2)}]

    async def reject(dispatcher: Any, tracker: Any, domain: Any) -> None:
        raise Rejected("action_reject", "not now")

    async def fail(dispatcher: Any, tracker: Any, domain: Any) -> None:
        raise ValueError("my husband wants to die")

    async def hang(dispatcher: Any, tracker: Any, domain: Any) -> None:
        await asyncio.sleep(60)

    async def unjson(dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        return [{"event": "slot", "name": "a", "value": object()}]

    for name, function in {"good": good, "reject": reject, "fail": fail, "hang": hang, "unjson": unjson}.items():
        made.executor.register_function(f"action_{name}", function)
    return made


async def run(endpoint: InProcessActions, name: str) -> tuple[list[Any], CollectingOutputChannel]:
    output = CollectingOutputChannel()
    domain = Domain.empty()
    tracker = DialogueStateTracker.from_events("anna", [])
    events = await RemoteAction(name, endpoint).run(output, TemplatedNaturalLanguageGenerator({}), tracker, domain)
    return events, output


def test_our_actions_are_registered(endpoint: InProcessActions) -> None:
    assert {"action_turn", "validate_check_form", "action_finish_check"} <= set(endpoint.executor.actions)


async def test_words_and_events_come_back_as_over_http(endpoint: InProcessActions) -> None:
    events, _ = await run(endpoint, "action_good")
    assert events[0].text == "hello anna"
    assert (events[1].key, events[1].value) == ("a", [1, 2])  # a tuple does not survive JSON


async def test_a_rejection_is_a_rejection(endpoint: InProcessActions) -> None:
    with pytest.raises(ActionExecutionRejection) as error:
        await run(endpoint, "action_reject")
    assert (error.value.action_name, error.value.message) == ("action_reject", "not now")


@pytest.mark.parametrize("name", ["action_fail", "action_unknown"])
async def test_failures_are_rasas_exceptions(endpoint: InProcessActions, name: str) -> None:
    with pytest.raises(RasaException) as error:
        await run(endpoint, name)
    assert "husband" not in str(error.value)


async def test_the_status_is_that_of_http(endpoint: InProcessActions) -> None:
    for name, status in (("action_reject", 400), ("action_unknown", 404), ("action_fail", 500)):
        with pytest.raises(ClientResponseError) as error:
            await endpoint.request(json={"next_action": name, "tracker": {"sender_id": "anna"}})
        assert isinstance(error.value, aiohttp.ClientError) and error.value.status == status
        assert "husband" not in json.dumps(error.value.text)


async def test_a_hanging_action_is_given_up(endpoint: InProcessActions) -> None:
    with pytest.raises(asyncio.TimeoutError):
        await endpoint.request(json={"next_action": "action_hang", "tracker": {"sender_id": "anna"}})


async def test_what_json_cannot_carry_fails_here_too(endpoint: InProcessActions) -> None:
    with pytest.raises(ClientResponseError):
        await endpoint.request(json={"next_action": "action_unjson", "tracker": {"sender_id": "anna"}})
