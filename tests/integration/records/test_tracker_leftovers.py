"""What a server could not write of its conversations: written when it ends, or by the next one, once."""
from __future__ import annotations

from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Engine

from tests.integration.records.conftest import everything
from twitchwise.records.engine import make_engine
from twitchwise.records.keys import Keys
from twitchwise.records.spool import Spool
from twitchwise.records.tracker_leftovers import SUFFIX, bring_back, own_store, put_away
from twitchwise.records.tracker_store import TwitchwiseTrackerStore

NOWHERE = "postgresql://nobody@127.0.0.1:9/nothing"
WORDS = "my left calf twitches"


def store_on(engine: Engine, keys: Keys) -> TwitchwiseTrackerStore:
    return TwitchwiseTrackerStore(Domain.empty(), engine=engine, keys=keys, migrate=False, retry_s=60.0)


async def said(store: TwitchwiseTrackerStore, *senders: str) -> None:
    for sender in senders:
        tracker = DialogueStateTracker.from_events(sender, [UserUttered(WORDS)], [])
        await store.save(tracker)


async def test_the_next_server_writes_it_once(engine: Engine, keys: Keys, tmp_path: Path) -> None:
    away = make_engine(NOWHERE)
    first = store_on(away, keys)
    await said(first, "one", "two")
    assert len(first.unwritten) == 2
    assert await put_away(first, tmp_path / "spool", 0.1) == 2 and not len(first.unwritten)
    files = sorted((tmp_path / "spool").glob(f"*{SUFFIX}"))
    assert len(files) == 2 and not any(WORDS in file.read_text() for file in files)
    await first.close()
    # Two servers start at once: each conversation comes back in one of them.
    second, third = store_on(engine, keys), store_on(engine, keys)
    assert [bring_back(each.unwritten, each.secrets, tmp_path / "spool") for each in (second, third)] == [2, 0]
    assert list((tmp_path / "spool").iterdir()) == []
    assert await second.write_all()
    assert len(everything(engine)["tracker_events"]) == 2
    assert (await third.retrieve("one")).events[-1].text == WORDS
    for each in (second, third):
        await each.close()
    away.dispose()


async def test_a_database_that_is_back_gets_it_at_the_end(engine: Engine, keys: Keys, tmp_path: Path) -> None:
    store = store_on(engine, keys)
    store._away = True      # as after a look that took too long
    await said(store, "one")
    assert len(store.unwritten) == 1
    assert await put_away(store, tmp_path / "spool") == 0
    assert len(everything(engine)["tracker_events"]) == 1 and not (tmp_path / "spool").exists()
    await store.close()


async def test_a_deletion_finds_it_and_what_cannot_be_read_is_set_aside(keys: Keys, tmp_path: Path) -> None:
    away = make_engine(NOWHERE)
    store = store_on(away, keys)
    await said(store, "one", "two")
    await put_away(store, tmp_path, 0.0)
    assert Spool(tmp_path).delete(keys.conversation("one")) == 1
    (file,) = tmp_path.glob(f"*{SUFFIX}")
    file.write_text("damaged")
    assert bring_back(store.unwritten, keys, tmp_path) == 0
    assert [path.name.endswith(".unreadable") for path in tmp_path.iterdir()] == [True]
    assert own_store(store) is store and own_store(object()) is None
    await store.close()
    away.dispose()
