"""The dialogue: one message served. Pure: no Rasa, no spaCy, no clock, no input or output."""
from __future__ import annotations

from twitchwise.dialogue.model import Button, Escalation, Kit, Message, Reply, Turn
from twitchwise.dialogue.state import DialogueState
from twitchwise.dialogue.topics import topics_of
from twitchwise.dialogue.turn import load_kit, serve

__all__ = ["Button", "DialogueState", "Escalation", "Kit", "Message", "Reply", "Turn", "load_kit", "serve", "topics_of"]
