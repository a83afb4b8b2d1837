"""Copies in memory are bounded; what waits stays in order."""
from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from twitchwise.records.tracker_events import Batch, EventLine
from twitchwise.records.tracker_memory import OVERHEAD, RecentConversations, Unwritten


def batch(name: str) -> Batch:
    return Batch(name, (EventLine("user", None, 1.0, "{}"),))


def test_what_was_put_and_added_comes_back():
    recent = RecentConversations()
    recent.put("a", ["1", "2"])
    recent.add("a", ["3"], fresh=False)
    recent.add("b", ["x"], fresh=True)
    recent.add("c", ["lost"], fresh=False)      # its beginning is not known here
    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (["1", "2", "3"], ["x"], [])
    recent.forget("a")
    assert recent.get("a") == []


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.lists(st.text(max_size=200), max_size=5)), max_size=60))
def test_memory_is_bounded(puts):
    recent = RecentConversations(limit_bytes=500)
    for name, lines in puts:
        recent.put(name, lines)
        assert recent._bytes == sum(len(each) + OVERHEAD for _, packed in recent._kept.values() for each in packed)
        assert recent._bytes <= 500


def test_old_copies_and_endless_ones_go():
    recent = RecentConversations(ttl_s=0.05, longest=10)
    recent.put("a", ["1"])
    time.sleep(0.06)
    recent.put("b", ["2"])
    assert recent.get("a") == []
    recent.put("b", ["x"] * 21)
    assert recent.get("b") == []


def test_what_waits_stays_in_order():
    waiting = Unwritten()
    first, second = batch("1"), batch("2")
    assert waiting.first("a") is None
    waiting.add("a", first)
    waiting.add("a", second)
    assert waiting.first("a") is first
    waiting.written("a", second)        # not the first: another call was quicker
    assert len(waiting) == 2
    waiting.written("a", first)
    assert waiting.first("a") is second
    waiting.written("a", second)
    assert len(waiting) == 0 and waiting.conversations() == []


def test_what_waits_is_bounded_and_forgotten_when_asked():
    waiting = Unwritten(limit=3)
    assert [waiting.add(name, batch(name + str(number))) for name in "ab" for number in range(2)] == [0, 0, 0, 2]
    assert waiting.conversations() == ["b"]
    waiting.forget("b")
    waiting.forget("b")
    assert len(waiting) == 0
