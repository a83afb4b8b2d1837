"""`serve` of the dialogue that works a message out once where two ask for it: the safety policy, and then the action that says it.

The dialogue is pure: the same state and message give the same turn, so the second time would only cost time, a tenth of a message's.
Whatever differs (another state, words said meanwhile, an action in a process of its own) finds nothing here and is served anew.
"""
from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import timedelta

from twitchwise import dialogue
from twitchwise.dialogue import DialogueState, Message, Turn
from twitchwise.dialogue.model import Kit

#: Messages under way at once: each stands here from the policy to the action.
REMEMBERED = 64
#: The policy reads a message some milliseconds before the action. A longer time may mean something to the dialogue.
SAME_MOMENT = timedelta(seconds=10)


@dataclass(frozen=True)
class _Served:
    state: DialogueState
    message: Message
    kit: Kit
    turn: Turn


_served: OrderedDict[str, _Served] = OrderedDict()


def serve(state: DialogueState, message: Message, kit: Kit) -> Turn:
    """What `twitchwise.dialogue.serve` gives for this; a second call for the same gets the first one's turn. Do not change the turn."""
    known = _served.pop(message.message_id, None)
    if known is not None and _is_same(known, state, message, kit):
        return known.turn
    turn = dialogue.serve(state, message, kit)
    if message.message_id:
        # The caller's state is its own and may change: compared later is what it was.
        _served[message.message_id] = _Served(state.copy(), message, kit, turn)
        while len(_served) > REMEMBERED:
            _served.popitem(last=False)
    return turn


def _is_same(known: _Served, state: DialogueState, message: Message, kit: Kit) -> bool:
    """Whether both would give the same turn. The channel does not matter: no words depend on where they are said."""
    return (
        known.kit.extra == kit.extra
        and abs(message.now - known.message.now) <= SAME_MOMENT
        and replace(known.message, now=message.now, channel=message.channel) == message
        and known.state == state
    )
