"""Rasa's tracker store on the project's database. In endpoints.yml:

    tracker_store:
      type: twitchwise.records.tracker_store.TwitchwiseTrackerStore

Rasa turns an exception of a tracker store into an empty conversation and a dropped turn. So none leaves this one: while the
database is away, conversations go on in memory, and what they added is written once it is back.
"""
from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, TypeVar
from uuid import uuid4

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from sqlalchemy import text
from sqlalchemy.engine import Engine

from twitchwise.metrics import timed
from twitchwise.records import schema, tracker_events
from twitchwise.records.engine import shared_engine
from twitchwise.records.errors import ContentKeyError, MigrationError
from twitchwise.records.keys import Keys, as_keys
from twitchwise.records.privacy import on_delete
from twitchwise.records.tracker_events import Batch, EventLine
from twitchwise.records.tracker_memory import RecentConversations, Unwritten

logger = logging.getLogger(__name__)
T = TypeVar("T")

#: Where a tracker that was loaded or saved remembers how many of its events are stored.
_MARK = "_twitchwise_stored"


class _Away(Exception):
    """The database did not do its work in time."""


@lru_cache(maxsize=1)
def _event_classes() -> dict[str, type[Event]]:
    """Rasa walks all subclasses for every stored event, which is half of the time of a long conversation's turn."""
    return {kind.type_name: kind for kind in reversed(all_subclasses(Event))}


class TwitchwiseTrackerStore(TrackerStore):
    """`host`: the `url` of endpoints.yml, by default DATABASE_URL. `history`: how many events of a session are loaded for a turn, more
    where the last served message lies further back; `look_back`: how many for whoever asks for earlier messages. Rasa replays what is
    loaded a dozen times for each message, so a turn gets only what it needs."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        *,
        engine: Engine | None = None,
        keys: Keys | bytes | str | None = None,
        history: int = 30,
        look_back: int = 120,
        timeout_s: float = 2.5,
        retry_s: float = 1.0,
        migrate: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        url, key = _from_settings(host, keys, engine)
        self.engine = engine if engine is not None else shared_engine(url)
        self.secrets = as_keys(key)
        self.history, self.timeout_s, self.retry_s = int(history), float(timeout_s), float(retry_s)
        self.look_back = max(int(look_back), self.history)
        self.recent, self.unwritten = RecentConversations(longest=self.look_back), Unwritten()
        self._executor: ThreadPoolExecutor | None = None
        self._away = False
        self._probe: asyncio.Task[None] | None = None
        self._migrated = not migrate
        self._prepare()
        on_delete(self.forget)

    # -- Rasa's interface ------------------------------------------------------------------------
    @timed("tracker")
    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The current session of a conversation (its last `history` events), None for a new one."""
        return await self._retrieve(sender_id, self.history)

    async def retrieve_earlier(self, sender_id: str) -> DialogueStateTracker | None:
        """The same with its last `look_back` events."""
        return await self._retrieve(sender_id, self.look_back)

    async def _retrieve(self, sender_id: str, history: int) -> DialogueStateTracker | None:
        conversation = self.secrets.conversation(sender_id)
        try:
            await self._write_unwritten(conversation)
            lines = await self._run(tracker_events.load_session, self.engine, self.secrets, conversation, history, self.look_back)
            self.recent.put(conversation, lines)
        except _Away:
            lines = self.recent.get(conversation)
        return self._tracker(sender_id, lines)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Every event of a conversation, for the operators."""
        conversation = self.secrets.conversation(conversation_id)
        try:
            await self._write_unwritten(conversation)
            lines = await self._run(tracker_events.load_all, self.engine, self.secrets, conversation)
        except _Away:
            lines = self.recent.get(conversation)
        return self._tracker(conversation_id, lines)

    @timed("tracker")
    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write what the tracker has beyond what is stored."""
        conversation = self.secrets.conversation(tracker.sender_id)
        stored = getattr(tracker, _MARK, None)
        if stored is None:
            stored = await self._stored_prefix(conversation, tracker)
        new = list(tracker.events)[stored:]
        setattr(tracker, _MARK, len(tracker.events))
        if not new:
            return
        batch = Batch(uuid4().hex, tuple(EventLine.of(event.as_dict()) for event in new))
        if not await self._keep(conversation, batch):
            return    # the person had their data deleted during this turn
        self.recent.add(conversation, [event.data for event in batch.events], fresh=stored == 0)
        await self._publish(conversation, new)

    async def exists(self, conversation_id: str) -> bool:
        """Whether anything is known of a conversation."""
        conversation = self.secrets.conversation(conversation_id)
        try:
            return await self._run(tracker_events.is_known, self.engine, conversation) or self.unwritten.first(conversation) is not None
        except _Away:
            return bool(self.recent.get(conversation))

    async def has_turn(self, conversation_id: str, message_id: str) -> bool:
        """Whether the turn of a message is recorded, however long ago."""
        conversation = self.secrets.conversation(conversation_id)
        try:
            return await self._run(tracker_events.has_turn, self.engine, conversation, self.secrets.message(conversation, message_id))
        except _Away:
            return False

    async def keys(self) -> list[str]:
        """The pseudonyms of all conversations; sender ids are not stored."""
        try:
            return await self._run(tracker_events.conversations, self.engine)
        except _Away:
            return self.unwritten.conversations()

    async def stream_events(self, tracker: DialogueStateTracker) -> None:
        """Nothing: `save` streams the events it writes, without loading the tracker again."""

    # -- the database, off the event loop --------------------------------------------------------
    async def _run(self, work: Callable[..., T], *arguments: Any) -> T:
        """`work` in a thread, within `timeout_s`. Raises _Away for whatever goes wrong, and at once while the database is away."""
        if self._away:
            raise _Away
        if self._executor is None:
            self._executor = ThreadPoolExecutor(max_workers=8, thread_name_prefix="tracker-store")
        try:
            return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(self._executor, work, *arguments), self.timeout_s)
        except asyncio.CancelledError:
            raise
        except ContentKeyError as error:
            # One conversation that cannot be read is no reason to leave the database: this person starts a new session.
            logger.error("%s", error)
            raise _Away from None
        except Exception as error:
            # No text of the error: a database quotes the values it refused.
            logger.error("The tracker store cannot use the database (%s); conversations go on in memory", type(error).__name__)
            self._go_away()
            raise _Away from None

    def _go_away(self) -> None:
        self._away = True
        if self._probe is None or self._probe.done():
            self._probe = asyncio.get_running_loop().create_task(self._until_back())

    async def _until_back(self) -> None:
        """Try the database now and then, so that no person's turn has to; then write what waits."""
        while True:
            await asyncio.sleep(self.retry_s)
            work = asyncio.get_running_loop().run_in_executor(self._executor, self._reach)
            try:
                await asyncio.wait_for(work, self.timeout_s * 4)
            except Exception as error:
                logger.warning("The database is still away (%s)", type(error).__name__)
                continue
            if await self.write_all() or not self._away:
                return

    async def write_all(self) -> bool:
        """Try to write everything that waits in memory, whether the database seemed away or not. True when nothing waits any more."""
        self._away = False
        with contextlib.suppress(_Away):
            for conversation in self.unwritten.conversations():
                await self._write_unwritten(conversation)
        return not len(self.unwritten)

    def _reach(self) -> None:
        self._prepare(quiet=False)
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def _prepare(self, quiet: bool = True) -> None:
        if self._migrated:
            return
        try:
            schema.migrate(self.engine)
            self._migrated = True
        except MigrationError as error:
            if not quiet:
                raise
            logger.error("%s", error)

    async def _keep(self, conversation: str, batch: Batch) -> bool:
        """Write a batch, or keep it until it can be written. False when the conversation was deleted since."""
        try:
            await self._write_unwritten(conversation)
            return await self._append(conversation, batch, fresh=True)
        except _Away:
            dropped = self.unwritten.add(conversation, batch)
            if dropped:
                logger.error("%d saves were dropped: the database is away and memory is full", dropped)
            return True

    async def _append(self, conversation: str, batch: Batch, fresh: bool = False) -> bool:
        written = await self._run(tracker_events.append, self.engine, self.secrets, conversation, batch, fresh)
        if not written:
            self.recent.forget(conversation)
        return written

    async def _write_unwritten(self, conversation: str) -> None:
        """Raises _Away. A batch that another call writes at the same time stands there once, by its name."""
        while (batch := self.unwritten.first(conversation)) is not None:
            await self._append(conversation, batch)
            self.unwritten.written(conversation, batch)

    async def _stored_prefix(self, conversation: str, tracker: DialogueStateTracker) -> int:
        """Of a tracker that this store did not load: a new one, or somebody's copy."""
        told = [(event.type_name, event.timestamp) for event in tracker.events]
        try:
            return await self._run(tracker_events.stored_prefix, self.engine, conversation, told) if told else 0
        except _Away:
            return 0

    # -- trackers --------------------------------------------------------------------------------
    def _tracker(self, sender_id: str, lines: list[str]) -> DialogueStateTracker | None:
        if not lines:
            return None
        events = [event for event in map(_event, lines) if event is not None]
        tracker = DialogueStateTracker.from_events(sender_id, events, self.domain.slots, max_event_history=None)
        setattr(tracker, _MARK, len(tracker.events))
        return tracker

    def forget(self, conversation: str) -> None:
        """Drop what memory holds of a conversation (its pseudonym): its data was deleted."""
        _event.cache_clear()    # it does not know whose they are
        self.recent.forget(conversation)
        self.unwritten.forget(conversation)

    async def _publish(self, conversation: str, events: Iterable[Event]) -> None:
        """To the event broker, under the pseudonym. A broker that is away costs nobody a turn."""
        if self.event_broker is None:
            return
        try:
            await self._stream_new_events(self.event_broker, list(events), conversation)
        except Exception as error:
            logger.error("Events could not be given to the event broker (%s)", type(error).__name__)

    async def close(self) -> None:
        """Stop trying in the background."""
        if self._probe is not None:
            self._probe.cancel()
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None


async def find_message(store: TrackerStore, conversation: str, message_id: str) -> DialogueStateTracker | None:
    """A conversation that holds this message, None when it was never served. Looks at its end first, where a repetition mostly is."""
    tracker = await look_back(store, conversation)
    own = getattr(store, "_tracker_store", store)
    if not _holds(tracker, message_id) and isinstance(own, TwitchwiseTrackerStore) and await own.has_turn(conversation, message_id):
        tracker = await own.retrieve_full_tracker(conversation)
    return tracker if _holds(tracker, message_id) else None


def _holds(tracker: DialogueStateTracker | None, message_id: str) -> bool:
    return tracker is not None and any(isinstance(event, UserUttered) and event.message_id == message_id for event in tracker.events)


async def look_back(store: TrackerStore, conversation: str) -> DialogueStateTracker | None:
    """A conversation with its earlier messages, for buttons and for messages that come a second time; any store, wrapped by Rasa or not."""
    own = getattr(store, "_tracker_store", store)
    return await (own.retrieve_earlier(conversation) if isinstance(own, TwitchwiseTrackerStore) else store.retrieve(conversation))


#: Events kept ready: those of the conversations that go on at the moment.
KEPT_EVENTS = 4000


@lru_cache(maxsize=KEPT_EVENTS)
def _event(line: str) -> Event | None:
    """The event behind a line of JSON; None for a kind that this version does not know. Kept, because each message loads the events that
    the last one loaded; nothing changes an event once it is stored."""
    data = json.loads(line)
    kind = _event_classes().get(data.get("event"))
    if kind is None:
        logger.warning("A stored event of an unknown kind was left out")
        return None
    return kind._from_parameters(data)


def _from_settings(host: str | None, keys: Any, engine: Engine | None) -> tuple[str | None, Any]:
    """What was not given comes from the settings; a variable that endpoints.yml names and nobody set counts as not given."""
    url = None if host is None or host.startswith("${") else host
    if keys is not None and (url is not None or engine is not None):
        return url, keys
    from twitchwise.settings import Settings

    settings = Settings.parse_obj({})
    return url or settings.database_url, keys if keys is not None else settings.key()
