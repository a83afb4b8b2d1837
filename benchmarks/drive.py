"""The load: clients that hold conversations over REST, one thread and one kept connection each, and wait for each answer."""
from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

ROUTE = "/webhooks/rest/webhook"
_HEADERS = {"content-type": "application/json"}


@dataclass(frozen=True)
class Answer:
    """One message answered: its number in the conversation (0 is the first), how long it took, when it ended, whether with words."""

    turn: int
    seconds: float
    ended: float
    words: bool


@dataclass
class Driven:
    """What a run of the load gave."""

    answers: list[Answer] = field(default_factory=list)
    wall_s: float = 0.0
    failed: int = 0

    @property
    def per_s(self) -> float:
        return len(self.answers) / self.wall_s if self.wall_s else 0.0

    @property
    def silent(self) -> int:
        return sum(not answer.words for answer in self.answers)

    def ms(self, wanted: Callable[[Answer], bool] = lambda _: True) -> list[float]:
        """The times in ms of those that are wanted, in the order of their end."""
        return [answer.seconds * 1000 for answer in sorted(self.answers, key=lambda each: each.ended) if wanted(answer)]


class Client:
    """One kept connection to one of several servers by turns. `say` gives the answer's list of messages."""

    def __init__(self, ports: Sequence[int], limit_s: float = 60.0, route: str = ROUTE) -> None:
        self.connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=limit_s) for port in ports]
        self.route = route
        self._next = 0

    def say(self, sender: str, text: str) -> list[dict[str, object]]:
        """One message. Raises OSError or http.client.HTTPException."""
        connection = self.connections[self._next % len(self.connections)]
        self._next += 1
        connection.request("POST", self.route, json.dumps({"sender": sender, "message": text}), _HEADERS)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise http.client.HTTPException(f"status {answer.status}")
        return list(json.loads(content))

    def close(self) -> None:
        for connection in self.connections:
            connection.close()


def hold(client: Client, texts: Iterable[str], driven: Driven, *, until: float, sender: str | None = None) -> None:
    """One conversation, until it or the time is over."""
    sender = sender or f"bench-{uuid.uuid4().hex}"
    for turn, text in enumerate(texts):
        begin = time.perf_counter()
        try:
            replies = client.say(sender, text)
        except (OSError, http.client.HTTPException):
            driven.failed += 1
            client.close()
            return
        end = time.perf_counter()
        driven.answers.append(Answer(turn, end - begin, end, any(reply.get("text") or reply.get("custom") for reply in replies)))
        if end >= until:
            return


def drive(ports: Sequence[int], conversations: Sequence[Sequence[str]], *, clients: int, limit_s: float, most: int,
          route: str = ROUTE) -> Driven:
    """`clients` at once, each holding the conversations in turn (each begins at another one) as new people, for `limit_s` seconds or
    until `most` messages were answered."""
    total = Driven()
    per_client = [Driven() for _ in range(clients)]
    begin = time.perf_counter()
    until = begin + limit_s

    def work(number: int) -> None:
        mine, client = per_client[number], Client(list(ports[number % len(ports):]) + list(ports[: number % len(ports)]), route=route)
        at = number
        while time.perf_counter() < until and sum(len(each.answers) for each in per_client) < most and mine.failed < 5:
            hold(client, conversations[at % len(conversations)], mine, until=until)
            at += 1
        client.close()

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(limit_s + 90)
    total.wall_s = time.perf_counter() - begin
    for each in per_client:
        total.answers += each.answers
        total.failed += each.failed
    return total


def drive_first(ports: Sequence[int], texts: Sequence[str], *, count: int, limit_s: float) -> Driven:
    """The first message of `count` new people, one after the other."""
    driven, client = Driven(), Client(ports)
    begin = time.perf_counter()
    for number in range(count):
        hold(client, [texts[number % len(texts)]], driven, until=begin + limit_s)
        if time.perf_counter() - begin >= limit_s:
            break
    driven.wall_s = time.perf_counter() - begin
    client.close()
    return driven


def drive_long(ports: Sequence[int], texts: Sequence[str], *, limit_s: float) -> Driven:
    """One conversation of one person, as far as the time goes."""
    driven, client = Driven(), Client(ports)
    begin = time.perf_counter()
    hold(client, texts, driven, until=begin + limit_s)
    driven.wall_s = time.perf_counter() - begin
    client.close()
    return driven
