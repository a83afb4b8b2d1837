# ruff: noqa: E501
"""A small server with the real web channel and an agent that answers canned words: for tests of the page alone.

Run: python -m tests.web.stub PORT FOLDER. The words it knows are in `ANSWERS`; conversations are kept in FOLDER, so that it can be
stopped and started again in the middle of one.
"""
from __future__ import annotations

import asyncio
import json
import os
import pickle
import sys
from pathlib import Path
from typing import Any

from twitchwise import tensorflow_guard

YES_NO = [{"title": title, "payload": json.dumps({"answer": answer})} for title, answer in (("Yes", "yes"), ("No", "no"), ("Not sure", "unsure"))]
PLACES = [
    {"title": title, "payload": json.dumps({"place": [code]})}
    for title, code in (("Eyelid", "eyelid"), ("Calf", "calf"), ("Hand or thumb", "hand"), ("All over", "whole_body"))
]
CALLS = [{"label": "Call 999 (UK)", "tel": "999"}, {"label": "Call 112 (Europe, Ireland)", "tel": "112"}]
RESULT = {
    "kind": "result", "level": "neurologist", "title": "See a doctor soon, who can bring in a neurologist", "colour": "blue",
    "icon": "specialist", "do": "Please book an appointment with a doctor, such as your GP, in the next days.",
    "said": ["twitching of the left calf", "for about three weeks"], "why": ["It has lasted more than two weeks."],
    "not_found": ["weakness", "trouble breathing"], "would_change": ["Trouble breathing: call the emergency number."],
    "self_care": [], "look_again": "In two weeks.", "tel": [],
}  # fmt: skip
EMERGENCY = {
    "kind": "emergency", "level": "emergency", "flag": "breathing_difficulty", "title": "Trouble breathing", "colour": "dark_red",
    "icon": "phone", "tel": CALLS, "sms": [],
}  # fmt: skip


def answers(text: str, meaning: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The replies to a message, and the slots they set."""
    low = text.lower()
    if "breathe" in low:
        words = "**Trouble breathing.** Call 999 (UK) or 112 (Europe, Ireland) now.\nSit upright, and unlock the door."
        return [{"text": words, "custom": EMERGENCY}], {"triage_level": "emergency", "red_flags": ["breathing_difficulty"], "requested_slot": None}
    if meaning.get("place"):
        return [{"text": "Thank you. How long has the twitching been going on?"}], {"requested_slot": "duration"}
    if meaning.get("intent") == "start_over":
        return [{"text": "All right, we start from the beginning. What do you notice?"}], {"triage_level": None, "red_flags": [], "requested_slot": None}
    if "als" in low:
        words = "Most twitching is **not ALS**. Twitching alone, with normal strength, is nearly always harmless.\n\nSource: [NHS](https://www.nhs.uk/conditions/twitching-eyes-and-muscles/)"
        return [{"text": words}, {"text": "Do you have any weakness, such as a poor grip?", "buttons": YES_NO}], {"requested_slot": "weakness"}
    if "result" in low:
        words = "**See a doctor soon, who can bring in a neurologist**\nPlease book an appointment.\n\n**What I understood**\n- twitching of the left calf\n- for about three weeks"
        buttons = [{"title": "Which doctor to see", "payload": json.dumps({"topic": "which_doctor"})}, {"title": "Start over", "payload": json.dumps({"intent": "start_over"})}]
        return [{"text": words, "custom": RESULT, "buttons": buttons}], {"triage_level": "neurologist", "red_flags": ["persistent_twitching"], "requested_slot": None}
    if "where" in low or "twitch" in low:
        return [{"text": "I am sorry that this troubles you."}, {"text": "Where on the body is the twitching?", "buttons": PLACES}], {"requested_slot": "where"}
    if low.startswith("echo "):
        return [{"text": text[5:]}], {}
    if "copy of my data" in low:
        return [{"text": "Here is everything that I keep about you."}, {"text": "", "custom": {"type": "data_export", "data": {"findings": ["calf"]}}}], {}
    if "delete everything" in low:
        return [{"text": "Done."}, {"text": "I have deleted the messages of this chat.", "custom": {"type": "deleted"}}], {}
    if "crash" in low:
        raise RuntimeError("as asked")
    return [{"text": "Do you get short of breath at rest?", "buttons": YES_NO}], {"requested_slot": "breathing"}


class FakeStore:
    """Trackers in one file, so that they outlive the process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._all: dict[str, tuple[list[Any], dict[str, Any]]] = pickle.loads(path.read_bytes()) if path.exists() else {}

    def get(self, conversation: str) -> tuple[list[Any], dict[str, Any]]:
        return self._all.setdefault(conversation, ([], {}))

    def save(self) -> None:
        self._path.write_bytes(pickle.dumps(self._all))

    async def retrieve(self, conversation: str) -> Any:
        return FakeTracker(*self._all[conversation]) if conversation in self._all else None

    retrieve_full_tracker = retrieve


class FakeTracker:
    """Events and slots."""

    def __init__(self, events: list[Any], slots: dict[str, Any]) -> None:
        self.events, self._slots = list(events), slots

    def get_slot(self, name: str) -> Any:
        return self._slots.get(name)


class FakeAgent:
    """Answers with canned words through Rasa's own interfaces."""

    def __init__(self, store: FakeStore, pause: float) -> None:
        from rasa.core.lock_store import InMemoryLockStore

        self.tracker_store, self._pause = store, pause
        self.lock_store, self.processor = InMemoryLockStore(), self

    async def handle_message(self, message: Any) -> None:
        from rasa.shared.core.events import BotUttered, UserUttered

        await asyncio.sleep(self._pause if "slow" not in message.text.lower() else 3)
        events, slots = self.tracker_store.get(message.sender_id)
        user = UserUttered(message.text, message_id=message.message_id, parse_data=message.parse_data, metadata=message.metadata)
        replies, changed = answers(message.text, (message.parse_data or {}).get("button") or {})
        new = [user]
        for reply in replies:
            new.append(BotUttered(reply["text"], {key: reply.get(key) for key in ("buttons", "custom")}))
            await message.output_channel.send_response(message.sender_id, new[-1].message())
        if any((reply.get("custom") or {}).get("type") == "deleted" for reply in replies):
            events.clear(), slots.clear()
        else:
            events.extend(new)
            slots.update(changed)
        self.tracker_store.save()


def main(port: int, folder: Path) -> None:
    """Serve until killed."""
    os.environ.update(HOST="127.0.0.1", PORT=str(port), TWITCHWISE_VAR_DIR=str(folder), RASA_TELEMETRY_ENABLED="false")
    tensorflow_guard.install()
    from rasa.core.channels.channel import register
    from sanic import Sanic

    from twitchwise.channels.rest import RestChannel
    from twitchwise.channels.web import WebChannel

    app = Sanic("twitchwise_stub", configure_logging=False)
    app.config.ACCESS_LOG = False
    app.ctx.agent = FakeAgent(FakeStore(folder / "stub.pickle"), float(os.environ.get("STUB_PAUSE", "0.15")))
    register([RestChannel(), WebChannel()], app, route="/webhooks/")

    @app.listener("after_server_start")
    async def ready(*_: Any) -> None:
        print("stub ready", flush=True)

    app.run("127.0.0.1", port, access_log=False, debug=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
