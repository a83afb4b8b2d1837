"""The replies of a turn while they are being put together."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from twitchwise.dialogue.model import Button, Kit, Reply
from twitchwise.dialogue.state import DialogueState
from twitchwise.triage import Person
from twitchwise.triage.wording import words_for


@dataclass
class Draft:
    """`lead` collects short sentences that go before the next reply. `effects`: what the layer around has to do; `emergency_said`: the
    emergency number, or the crisis line, was said already in this turn."""

    kit: Kit
    country: str | None
    seed: int
    person: Person = field(default_factory=Person)
    replies: list[Reply] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    emergency_said: bool = False

    def text(self, key: str, **words: Any) -> str:
        """One of the dialogue's texts, with the numbers of the country and the words for the person filled in."""
        numbers = self.kit.answers.numbers(self.country)
        filled = {"emergency": numbers.emergency_text, "crisis": numbers.crisis_text, "advice": numbers.advice_text}
        return self.kit.texts.say(key, self.seed, **{**words_for(self.person), **filled, **words})

    def fill(self, template: str, **words: Any) -> str:
        """A template of the data sections, filled in likewise."""
        numbers = self.kit.answers.numbers(self.country)
        filled = {"emergency": numbers.emergency_text, "crisis": numbers.crisis_text, "advice": numbers.advice_text}
        return template.format(**{**words_for(self.person), **filled, **words})

    def lead(self, text: str) -> None:
        """A sentence before the next reply."""
        if text and text not in self.waiting:
            self.waiting.append(text)

    def add(self, text: str, buttons: Iterable[Button] = (), card: dict[str, Any] | None = None) -> None:
        """A reply, with the sentences that wait in front of it."""
        parts = [" ".join(self.waiting), text] if self.waiting else [text]
        self.waiting = []
        whole = "\n\n".join(part for part in parts if part)
        if whole:
            self.replies.append(Reply(whole, tuple(buttons), card))

    def finish(self) -> tuple[Reply, ...]:
        """Every reply; sentences still waiting make one of their own."""
        if self.waiting:
            self.add("")
        return tuple(self.replies)

    @property
    def empty(self) -> bool:
        """Whether nothing is said yet."""
        return not self.replies and not self.waiting

    def small_talk(self, code: str, after: Any = None) -> str:
        """A small-talk text of the answers."""
        return self.kit.answers.small_talk(code, self.country, seed=self.seed, after=after)

    def button(self, name: str, **meaning: Any) -> Button:
        """A button whose title is in the texts."""
        return Button.of(self.kit.texts.data["buttons"][name], **meaning)

    def topic_button(self, code: str) -> Button:
        """A button that asks a question topic."""
        return Button.of(self.kit.answers.topics[code].title, topic=code)


def listed(names: Iterable[str], word: str = "and") -> str:
    """'a, b and c'."""
    each = list(dict.fromkeys(name for name in names if name))
    if len(each) < 2:
        return "".join(each)
    return f"{', '.join(each[:-1])} {word} {each[-1]}"


def after_of(state: DialogueState) -> str | None:
    """What small talk has to remember: an emergency, thoughts of suicide, or nothing."""
    if state.phase != "emergency" and state.level != "emergency":
        return None
    return "crisis" if state.case.has("suicidal_thoughts") else "emergency"
