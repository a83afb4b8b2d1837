"""Traps 12 and 16 on a really started server: which routes there are, and who may use them."""
from __future__ import annotations

import json
import urllib.request

import pytest

from tests.running import Server, new_sender


@pytest.mark.parametrize(("method", "path"), [
    ("PUT", "/model"), ("DELETE", "/model"), ("POST", "/model/train"), ("POST", "/model/test/stories"), ("POST", "/model/predict"),
    ("POST", "/conversations/x/tracker/events"), ("PUT", "/conversations/x/tracker/events"), ("POST", "/conversations/x/execute"),
    ("POST", "/conversations/x/predict"), ("POST", "/conversations/x/messages"), ("POST", "/conversations/x/trigger_intent"),
    ("GET", "/domain"), ("GET", "/status"), ("GET", "/version"), ("GET", "/conversations/x/story"), ("GET", "/models/twitchwise.tar.gz"),
    ("GET", "/webhooks/rest/../../domain.yml"), ("GET", "/var/signing.key"),
])
def test_nothing_else_of_rasas_api_is_served(server: Server, method: str, path: str) -> None:
    status, _ = server.call(path, {} if method != "GET" else None, token=True, method=method)
    assert status in (404, 405)


@pytest.mark.parametrize("path", ["/model/parse", "/conversations/x/tracker"])
@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong", "?token=operators-test-toke", "?token=operators-test-token-and-more"])
def test_operators_need_the_token(server: Server, path: str, query: str) -> None:
    status, body = server.call(path + query, {"text": "hello"} if "parse" in path else None)
    assert status == 401 and "token" in body["message"]


def test_parse(server: Server) -> None:
    parsed = server.parse("my left calf has been twitching for 3 weeks")
    assert set(parsed) >= {"text", "intent", "entities"}
    by_kind = {entity["entity"]: entity for entity in parsed["entities"]}
    assert by_kind["body_location"]["value"] == "calf" and by_kind["body_location"]["additional_info"]["laterality"] == "left"
    assert by_kind["duration"]["value"] == "P3W" and by_kind["duration"]["additional_info"]["days"] == 21
    assert by_kind["symptom"]["role"] == "present"
    assert 0 < parsed["intent"]["confidence"] <= 1


def test_parse_reads_a_typed_command_as_text(server: Server) -> None:
    assert server.parse('/restart{"a": 1}')["intent"]["name"] == "typed_command"


@pytest.mark.parametrize("body", [None, {}, {"text": None}, {"text": ""}, {"text": ["x"]}, [], "x"])
def test_parse_says_what_it_needs(server: Server, body: object) -> None:
    status, answer = server.call("/model/parse", body, raw=b"{" if body is None else None, token=True)
    assert status == 400 and "text" in answer["message"]


def test_the_tracker_of_nobody_is_empty(server: Server) -> None:
    assert server.slots(new_sender())["red_flags"] in (None, [])


def test_senders_with_odd_names_have_their_own_tracker(server: Server) -> None:
    for sender in ("ann e", "a/b", "ä€", "x?y=1", "100%"):
        server.say(sender, "my calf has been twitching for 3 days")
        assert server.slots(sender)["body_locations"] == ["calf"], sender


def test_probes(server: Server) -> None:
    status, body = server.call("/health")
    assert status == 200 and body["status"] == "ok" and body["database"] is True
    assert set(body["deliveries"]) == {"no_receiver", "pending", "dead", "oldest_seconds"} and body["spool"] == 0
    # A proxy on this machine asks for somebody else, who learns no more than that the process lives.
    request = urllib.request.Request(server.url + "/health", headers={"X-Forwarded-For": "203.0.113.9"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert json.load(answer) == {"status": "ok"}
    status, body = server.call("/ready")
    assert status == 200 and body["status"] == "ready" and body["seconds"] >= 0


def test_the_root_leads_to_the_page(server: Server) -> None:
    import http.client

    host = server.url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request("GET", "/")
    answer = connection.getresponse()
    assert answer.status in (302, 307) and answer.headers["Location"] == "/chat"
    connection.close()
