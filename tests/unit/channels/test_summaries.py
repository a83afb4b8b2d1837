"""Summaries on their way to the person: links that expire and name nobody, and files made out of a tracker."""
from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from rasa.shared.core.events import UserUttered

from tests.support.build import Talk, lasting, place, sym
from tests.unit.summary.build import NOW
from twitchwise.channels import summaries
from twitchwise.channels.summaries import LINK_LIFE_S, NothingToSay, SummaryDesk, SummaryLinks, make
from twitchwise.turn_state import SLOT, TurnState
from twitchwise.understanding.findings import to_entity

KEY = b"k" * 32
PREFIX = "/chat/summary"


class Tracker:
    """A conversation as Rasa keeps it."""

    def __init__(self, *texts: str, country: str | None = None) -> None:
        findings = (sym("twitching"), place("calf", "left"), lasting(4))
        talk, self.events = Talk(), []
        for number, text in enumerate(texts):
            talk.say(text, *findings, message_id=f"m{number}")
            metadata = {"country": country} if country else {}
            spanned = [to_entity(replace(each, start=0, end=len(text)), text) for each in findings]
            self.events.append(UserUttered(text, entities=spanned, message_id=f"m{number}",
                                           timestamp=NOW.timestamp(), metadata=metadata))
        self.slot = TurnState(dialogue=talk.state.to_dict()).to_dict()

    def get_slot(self, name: str) -> Any:
        return self.slot if name == SLOT else None


def test_a_link_opens_to_its_conversation_and_format_until_it_expires() -> None:
    now = [1000.0]
    links = SummaryLinks(KEY, lambda: now[0])
    token = links.token("web:abc", "pdf")
    assert links.open(token) == ("web:abc", "pdf")
    now[0] += LINK_LIFE_S - 1
    assert links.open(token) == ("web:abc", "pdf")
    now[0] += 2
    assert links.open(token) is None


def test_a_link_names_no_conversation_and_cannot_be_made_elsewhere() -> None:
    links = SummaryLinks(KEY)
    token = links.token("web:0123456789abcdef", "pdf")
    assert "0123456789abcdef" not in token
    assert SummaryLinks(b"o" * 32).open(token) is None
    assert [links.open(bad) for bad in ("", "x", token[:-2], token.swapcase(), "ä" * 40)] == [None] * 5
    assert links.open(links.token("web:abc", "exe")) is None
    with pytest.raises(ValueError, match="16 bytes"):
        SummaryLinks(b"short")


def test_only_a_summary_gets_links() -> None:
    links = SummaryLinks(KEY)
    plain = {"text": "hello", "custom": {"kind": "result"}}
    assert links.dressed(plain, "me", PREFIX) is plain
    card = links.dressed({"text": "here", "custom": {"kind": "summary", "title": "t"}}, "me", PREFIX)["custom"]
    assert [each["format"] for each in card["downloads"]] == ["pdf", "fhir"] and card["title"] == "t"
    assert all(links.open(each["href"].removeprefix(f"{PREFIX}/")) == ("me", each["format"]) for each in card["downloads"])


async def test_the_files_are_made_out_of_the_conversation() -> None:
    tracker = Tracker("my left calf has been twitching for four days")
    page = await make(tracker, "pdf", NOW)
    assert page.name == "twitching-summary-2026-11-23.pdf" and page.mime == "application/pdf" and page.content.startswith(b"%PDF-")
    document = json.loads((await make(tracker, "fhir", NOW)).content)
    assert document["type"] == "document" and "my left calf has been twitching for four days" in json.dumps(document)


async def test_the_paper_is_that_of_the_persons_country() -> None:
    assert b"612.00 792.00" in (await make(Tracker("my calf", country="US"), "pdf", NOW)).content


async def test_without_a_case_there_is_nothing_to_say() -> None:
    with pytest.raises(NothingToSay):
        await make(None, "pdf")
    with pytest.raises(NothingToSay):
        await make(Tracker(), "pdf")


async def get(desk: SummaryDesk, token: str, tracker: Any) -> Any:
    async def read(_conversation: str) -> Any:
        if isinstance(tracker, Exception):
            raise tracker
        return tracker

    return await desk.answer(token, read)


async def test_the_answer_is_a_file_that_nobody_keeps() -> None:
    links = SummaryLinks(KEY)
    answer = await get(SummaryDesk(links), links.token("web:me", "pdf"), Tracker("my left calf twitches"))
    assert answer.status == 200 and answer.body.startswith(b"%PDF-") and answer.content_type == "application/pdf"
    assert answer.headers["content-disposition"].startswith('attachment; filename="twitching-summary-')
    assert answer.headers["cache-control"] == "no-store" and answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"] and answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(("tracker", "status", "words"), [(None, 404, "nothing to put"), (RuntimeError("away"), 503, "could not be made")])
async def test_what_cannot_be_sent_is_said_with_the_number(tracker: Any, status: int, words: str) -> None:
    links = SummaryLinks(KEY)
    answer = await get(SummaryDesk(links, "UK"), links.token("web:me", "pdf"), tracker)
    assert answer.status == status and words in answer.body.decode() and "999" in answer.body.decode()
    assert answer.headers["cache-control"] == "no-store"


async def test_a_forged_link_reads_nothing() -> None:
    answer = await get(SummaryDesk(SummaryLinks(KEY), "UK"), SummaryLinks(b"o" * 32).token("web:me", "pdf"), AssertionError("was read"))
    assert answer.status == 410 and "expired" in answer.body.decode() and "999" in answer.body.decode()


async def test_nobody_can_keep_the_server_busy_with_pages() -> None:
    links = SummaryLinks(KEY)
    desk = SummaryDesk(links)
    answers = [(await get(desk, links.token("web:me", "pdf"), None)).status for _ in range(30)]
    assert answers[:10] == [404] * 10 and 429 in answers
    assert (await get(desk, links.token("web:other", "pdf"), None)).status == 404


def test_no_library_is_loaded_before_a_file_is_made() -> None:
    import subprocess
    import sys

    code = "import sys, twitchwise.channels.summaries, twitchwise.summary; print([name for name in ('fpdf', 'fhir') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "[]"
    assert summaries.FORMATS.keys() == {"pdf", "fhir"}
