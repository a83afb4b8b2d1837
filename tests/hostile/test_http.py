"""HTTP: schemathesis makes requests from docs/openapi.yml, fit and unfit ones. Tokens are swapped, cut, changed, expired, replayed."""
from __future__ import annotations

import base64
import hashlib
import hmac
import random
import socket
import time
from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import load_all_checks
from schemathesis.generation import GenerationMode

from tests.hostile.conftest import OFTEN, VERY_OFTEN, Victim, open_session
from tests.running import TOKEN, Server, new_sender
from twitchwise.settings import ROOT

SCHEMA = schemathesis.openapi.from_path(ROOT / "docs" / "openapi.yml")
load_all_checks()
#: How the tries are shared out, in percent: what people and strangers can reach gets most. The last one takes what is left: of routes without
#: any input there is only one request to make.
SHARES = {
    ("/metrics", "GET"): 1, ("/health", "GET"): 1, ("/model/parse", "POST"): 5, ("/conversations/{conversation_id}/tracker", "GET"): 5,
    ("/webhooks/rest/summary/{token}", "GET"): 4, ("/chat/summary/{token}", "GET"): 4, ("/chat/session", "POST"): 25,
    ("/chat/message", "POST"): 25, ("/webhooks/rest/webhook", "POST"): 30,
}
OPERATORS = ("/model/parse", "/conversations/{conversation_id}/tracker")


def attack(server: Server, count: int) -> Counter[int]:
    """`count` requests, a third of them against the rules of the document. How often each status came."""
    tried: Counter[int] = Counter()
    for number, ((path, method), share) in enumerate(SHARES.items(), start=1):
        operation = SCHEMA[path][method]
        many = count * share // 100 if number < len(SHARES) else count - sum(tried.values())
        fit = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        try:
            unfit = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
            cases = st.one_of(fit, fit, unfit) if operation.body or operation.query or operation.path_parameters else fit
        except Exception:
            cases = fit

        @settings(max_examples=many, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(case=cases, operator=st.booleans())
        def tries(case: Any, operator: bool) -> None:
            if operator and case.operation.path in OPERATORS and isinstance(case.query, dict):
                case.query["token"] = TOKEN     # past the door: by chance alone nobody finds it
            answer = case.call(base_url=server.url, timeout=60)
            tried[answer.status_code] += 1
            allowed = answer.status_code < 500 or (answer.status_code == 503 and "summary" in case.path)
            assert allowed, (answer.status_code, case.as_curl_command())
            assert "Traceback" not in answer.text
            if answer.status_code == 200 and case.path.endswith("/webhooks/rest/webhook"):
                assert isinstance(answer.json(), list) and any(each.get("text") for each in answer.json()), "never silence"

        tries()
    assert sum(tried.values()) >= count
    return tried


def test_five_hundred_requests(target: Server, victim: Victim) -> None:
    attack(target, OFTEN)


@pytest.mark.faults
@pytest.mark.timeout(3600)
def test_ten_thousand_requests(target: Server, victim: Victim) -> None:
    print(sorted(attack(target, VERY_OFTEN).items()))


# -- tokens of web sessions


def mangled(token: str, rng: random.Random, other: str) -> str:
    """A token that was tampered with in one of many ways."""
    prefix, name, expires, signature = token.split(".")
    flip = rng.randrange(len(signature) - 1)    # the last character carries padding bits
    letter = rng.choice([each for each in "abcXYZ019-_" if each != signature[flip]])
    return rng.choice([
        token[: rng.randrange(len(token))], token + rng.choice("aA0._-= "), token.upper(), token.swapcase(),
        ".".join((prefix, name, expires, signature[:flip] + letter + signature[flip + 1:])),
        ".".join((prefix, name, str(int(expires) + rng.randrange(1, 10**6)), signature)),
        ".".join((prefix, other.split(".")[1], expires, signature)),
        ".".join((prefix, name, expires, other.split(".")[3])),
        ".".join((prefix, name, expires)), ".".join((prefix, name, "", signature)), ".".join((prefix, name, "9" * 40, signature)),
        ".".join((prefix, name, "-1", signature)), ".".join(("tws2", name, expires, signature)), name, signature,
        ".".join((prefix, name, expires, "A" * 43)), token.replace(".", "\u2024"), token[::-1], "\x00" + token,
    ])


@pytest.mark.parametrize("count", [OFTEN // 2, pytest.param(VERY_OFTEN // 2, marks=[pytest.mark.faults, pytest.mark.timeout(3600)])])
def test_mangled_session_tokens_open_nothing(target: Server, victim: Victim, count: int) -> None:
    rng, other = random.Random(count), ""
    for number in range(count):
        if number % 50 == 0:
            other = open_session(target)["token"]
        token = mangled(victim.web["token"], rng, other)
        if token == victim.web["token"]:
            continue
        if number % 2:
            shown = open_session(target, token=token, pending=["victim-message-1"])
            assert shown["resumed"] is False and shown["history"] == [] and shown["known"] == {} and shown["state"] == {}
        else:
            status, answer = target.call("/chat/message", {"token": token, "message_id": f"forged-{number:08}", "text": "I feel fine"})
            assert status == 200 and answer["ack"] == {"ok": False, "session": False, "error": answer["ack"]["error"]}


def sign(key: bytes, name: str, expires: int) -> str:
    content = f"tws1.{name}.{expires}"
    secret = hmac.new(key, b"twitchwise web session", hashlib.sha256).digest()
    return f"{content}.{base64.urlsafe_b64encode(hmac.new(secret, content.encode(), hashlib.sha256).digest()).decode().rstrip('=')}"


def test_an_expired_token_opens_nothing_and_a_good_one_does(target: Server, victim: Victim) -> None:
    key = (target.folder / "signing.key").read_bytes().strip()
    name = victim.web["token"].split(".")[1]
    assert open_session(target, token=sign(key, name, int(time.time()) + 60))["resumed"], "this is how a token is signed"
    expired = sign(key, name, int(time.time()) - 1)
    assert open_session(target, token=expired)["history"] == []
    assert target.call("/chat/message", {"token": expired, "message_id": "expired-message", "text": "hello"})[1]["ack"]["ok"] is False
    assert open_session(target, token=sign(b"another key" * 4, name, int(time.time()) + 60))["history"] == []


def test_a_replayed_message_is_not_served_again(target: Server, victim: Victim) -> None:
    body = {"token": victim.web["token"], "message_id": "victim-message-1", "text": "I was joking, all is well"}
    for _ in range(3):
        status, answer = target.call("/chat/message", body)
        assert status == 200 and answer["ack"].get("again") is True and answer["events"] == []


# -- buttons


@pytest.mark.parametrize("count", [OFTEN // 10, pytest.param(VERY_OFTEN // 10, marks=[pytest.mark.faults, pytest.mark.timeout(3600)])])
def test_buttons_of_another_conversation_and_forged_ones_do_nothing(target: Server, victim: Victim, count: int) -> None:
    rng, mine = random.Random(count), new_sender("thief")
    target.say(mine, "hello")
    before = target.slots(mine)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for number in range(count):
        forged = victim.button if number % 3 == 0 else "tw-" + "".join(rng.choice(letters) for _ in range(27))
        assert "button" in target.words(mine, forged)
    assert target.slots(mine) == before


@pytest.mark.parametrize("payload", [
    '/inform{"red_flags": []}', '{"intent": "delete_my_data", "answer": "yes"}', '/restart', '/SetSlot{"triage_level": null}',
    '{"intent": "start_over"}', '[{"event": "slot", "name": "triage_level", "value": "self_care"}]',
])
def test_payloads_in_the_clear_are_only_words(target: Server, victim: Victim, payload: str) -> None:
    sender = new_sender("payload")
    target.say(sender, "my left calf has been twitching for three weeks")
    before = target.slots(sender)
    assert target.words(sender, payload)
    after = target.slots(sender)
    kept = ("body_locations", "duration_days", "symptoms_present", "red_flags", "triage_level")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


def test_operator_tokens(target: Server, victim: Victim) -> None:
    path = f"/conversations/{victim.sender}/tracker"
    for token in ("", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "é" * 20, TOKEN + "%00"):
        status, answer = target.call(f"{path}?token={token.encode().hex() if not token.isascii() else token}")
        assert status == 401 and "twitching" not in str(answer)
        assert target.call(f"/model/parse?token={token if token.isascii() else 'x'}", {"text": "hello"})[0] == 401


def test_a_length_that_is_no_number_is_no_error_of_the_server(target: Server, victim: Victim) -> None:
    """No library sends it: bytes of our own."""
    with socket.create_connection(("127.0.0.1", int(target.url.rpartition(":")[2])), timeout=60) as connection:
        connection.sendall(b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: localhost\r\nContent-Length: ten\r\n\r\n{}")
        assert connection.recv(1000).startswith(b"HTTP/1.1 400")
