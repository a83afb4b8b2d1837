"""The summary for a doctor over REST: a link that downloads, to nobody but who has it, and to nothing once all is deleted."""
from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from fhir.resources.R4B.bundle import Bundle

from tests.running import Server, new_sender


def links(server: Server, sender: str) -> dict[str, str]:
    """The links of a summary asked for now, by format."""
    replies = server.say(sender, "give me a summary for my doctor")
    (card,) = [reply["custom"] for reply in replies if (reply.get("custom") or {}).get("kind") == "summary"]
    return {each["format"]: each["href"] for each in card["downloads"]}


def fetch(server: Server, path: str) -> tuple[int, Any, bytes]:
    try:
        with urllib.request.urlopen(server.url + path, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_a_summary_is_downloaded_by_its_link(server: Server) -> None:
    sender = new_sender("summary")
    server.say(sender, "my left calf has been twitching for four weeks and my grip feels weak")
    found = links(server, sender)
    status, headers, content = fetch(server, found["pdf"])
    assert status == 200 and content.startswith(b"%PDF-") and headers["content-type"] == "application/pdf"
    assert headers["content-disposition"].startswith("attachment;") and headers["cache-control"] == "no-store"
    status, headers, content = fetch(server, found["fhir"])
    assert status == 200 and headers["content-type"].startswith("application/fhir+json")
    assert "my grip feels weak" in content.decode() and Bundle.parse_raw(content).type == "document"
    assert sender not in found["pdf"] and sender not in content.decode()


def test_only_what_was_asked_for_is_made(server: Server) -> None:
    sender = new_sender("summary")
    replies = server.say(sender, "my left calf has been twitching for four weeks")
    assert not any((reply.get("custom") or {}).get("kind") == "summary" for reply in replies)
    replies = server.say(new_sender("summary"), "give me a summary for my doctor")
    assert "nothing to put" in json.dumps(replies) and "downloads" not in json.dumps(replies)


def test_a_forged_link_and_one_to_what_was_deleted_get_words(server: Server) -> None:
    sender = new_sender("summary")
    server.say(sender, "my left calf has been twitching for four days")
    path = links(server, sender)["pdf"]
    status, _, content = fetch(server, path[:-6] + "AAAAA=")
    assert status == 410 and "expired" in content.decode()
    server.say(sender, "delete my data")
    server.say(sender, "yes")
    status, _, content = fetch(server, path)
    assert status == 404 and "nothing to put" in content.decode()
