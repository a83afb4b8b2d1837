"""People talking to a cluster on loopback, at a steady rate, bounded in number and time; and what became of every message."""
from __future__ import annotations

import asyncio
import itertools
import time
import urllib.parse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import aiohttp

from twitchwise.channels.guard import stable_id
from twitchwise.cluster import Cluster

#: What one person says, in order and again from the start. Nothing here may raise a red flag: those are counted.
SAYINGS = (
    "hello", "my left calf has been twitching for three days", "no", "no", "is it als?", "no", "no", "can coffee cause twitching?", "no", "no",
    "how long can twitching last?", "no", "no", "no", "does stress cause it?", "thank you", "start over", "my eyelid twitches", "no",
    "what is bfs?", "start over",
)
EMERGENCY = "now I have crushing chest pain"
#: Longer than any outage of a test and its recovery.
PATIENCE_S = 90.0
DEGRADED = "Sorry, something went wrong"


@dataclass
class Said:
    """One message and its answer. Times are in seconds, `at` on the loop's clock; `tries`: how often the client had to send it."""

    sender: str
    number: int
    text: str
    at: float
    took: float = 0.0
    tries: int = 0
    words: str = ""

    @property
    def message_id(self) -> str:
        return f"message-{self.number:05d}"

    @property
    def answered(self) -> bool:
        return bool(self.words)

    @property
    def degraded(self) -> bool:
        """The safety net answered, or the proxy."""
        return DEGRADED in self.words


@dataclass
class Person:
    """Says its sentences in order; `emergency_at`: the number of the message that is an emergency."""

    sender: str
    emergency_at: int | None = None
    said: list[Said] = field(default_factory=list)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def next(self, now: float) -> Said:
        number = len(self.said)
        text = EMERGENCY if number == self.emergency_at else SAYINGS[number % len(SAYINGS)]
        self.said.append(Said(self.sender, number, text, now))
        return self.said[-1]


class Traffic:
    """`people` persons, one in `emergencies_every` of whom has an emergency at some point (0: nobody)."""

    def __init__(self, url: str, people: int, *, emergencies_every: int = 5, name: str = "load") -> None:
        self.url = url
        run = f"{name}-{time.time_ns():x}"
        self.people = [
            Person(f"{run}-{number}", 1 + number // emergencies_every % 5 if emergencies_every and number % emergencies_every == 0 else None)
            for number in range(people)
        ]
        self._end = asyncio.Event()

    @property
    def said(self) -> list[Said]:
        """Every message, in the order of sending."""
        return sorted(itertools.chain.from_iterable(person.said for person in self.people), key=lambda each: each.at)

    @property
    def emergencies(self) -> int:
        """How many people said theirs."""
        return sum(any(each.text == EMERGENCY for each in person.said) for person in self.people)

    def stop(self) -> None:
        """Say nothing new; what was said still waits for its answer."""
        self._end.set()

    async def run(self, rate: float, seconds: float) -> None:
        """Talk for so long, or until `stop`; returns when every message has its answer, or has waited too long."""
        loop = asyncio.get_running_loop()
        start, tasks = loop.time(), []
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=25)) as session:
            for count in itertools.count():
                at = start + count / rate
                if at - start >= seconds or self._end.is_set():
                    break
                # A late loop sends at once what it should have sent: the rate is that of the clock, whatever the answers do.
                await asyncio.sleep(max(0.0, at - loop.time()))
                tasks.append(asyncio.create_task(self._say(session, self.people[count % len(self.people)])))
            await asyncio.gather(*tasks)

    async def talk(self, side_by_side: int = 4) -> None:
        """Talk until `stop`, so many people at a time, each saying the next sentence when the one before was answered: as fast as the
        machine allows and no faster, so that nothing here depends on its speed."""
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=25)) as session:

            async def some(people: Sequence[Person]) -> None:
                for person in itertools.cycle(people):
                    if self._end.is_set():
                        return
                    await self._ask(session, person.next(asyncio.get_running_loop().time()))

            await asyncio.gather(*(some(self.people[number::side_by_side]) for number in range(side_by_side)))

    async def at_once(self, person: Person, count: int) -> None:
        """So many messages of one person on their way at the same time, on one connection each."""
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=25)) as session:
            now = asyncio.get_running_loop().time()
            await asyncio.gather(*(self._ask(session, person.next(now)) for _ in range(count)))

    async def _say(self, session: aiohttp.ClientSession, person: Person) -> None:
        # A person reads the answer before going on; the wait for it does not count as the assistant's time.
        async with person.turn:
            await self._ask(session, person.next(asyncio.get_running_loop().time()))

    async def _ask(self, session: aiohttp.ClientSession, said: Said) -> None:
        loop = asyncio.get_running_loop()
        body = {"sender": said.sender, "message": said.text, "message_id": said.message_id}
        while loop.time() < said.at + PATIENCE_S:
            said.tries += 1
            try:
                async with session.post(f"{self.url}/webhooks/rest/webhook", json=body, headers={"X-Conversation": said.sender}) as answer:
                    replies = await answer.json(content_type=None)
                    if answer.status == 200:
                        said.words = "\n".join(reply.get("text", "") for reply in replies)
                        said.took = loop.time() - said.at
                        return
            except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
                pass
            await asyncio.sleep(0.5)

    # -- what became of it

    async def out_of_order(self, cluster: Cluster, token: str, server: int = 0, *, gaps: bool = False) -> list[str]:
        """Of each conversation that, as this server tells it, does not hold its messages in order and each once: the sender, how many were
        said, and the numbers that stand there from the first wrong one on. `gaps`: messages may be missing."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
            wrong = []
            for person in self.people:
                url = f"{cluster.servers[server].url}/conversations/{urllib.parse.quote(person.sender)}/tracker?token={token}&include_events=ALL"
                async with session.get(url) as answer:
                    events = (await answer.json())["events"]
                told = [event["message_id"] for event in events if event["event"] == "user"]
                number_of = {stable_id("rest", person.sender, said.message_id): said.number for said in person.said}
                numbers = [number_of.get(each, -1) for each in told]
                if numbers != (sorted(set(numbers)) if gaps else list(range(len(person.said)))):
                    good = next((at for at, number in enumerate(numbers) if at != number), len(numbers))
                    wrong.append(f"{person.sender}: {len(person.said)} said, from {good} on {numbers[good:good + 12]}")
            return wrong


def quantile(values: Iterable[float], part: float) -> float:
    """The value below which `part` of the values lie; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


def figures(said: Sequence[Said]) -> dict[str, float]:
    """Counts, and the seconds of the answers."""
    times = [each.took for each in said if each.answered]
    return {
        "messages": len(said), "unanswered": sum(not each.answered for each in said), "degraded": sum(each.degraded for each in said),
        "sent again": sum(each.tries > 1 for each in said),
        **{f"p{part}": round(quantile(times, part / 100), 3) for part in (50, 95, 99)}, "longest": round(max(times, default=0.0), 3),
    }
