"""`Answers`: everything the assistant can say, ready to be asked for by code and country."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from twitchwise.answers.placeholders import fill
from twitchwise.answers.schema import After, Numbers, Refusal, Refusals, SelfCare, SmallTalk, Topic, WhatToDo


@dataclass(frozen=True)
class Answers:
    """The loaded texts. Mappings go by the codes of the vocabulary; `countries` by UK, US, IE, CA, AU, EU.

    A `country` argument takes a code or an alias ('GB', 'de', 'en-US'); None or an unknown one gives the
    default, which names the numbers of every country. An unknown code raises KeyError.
    """

    topics: Mapping[str, Topic]
    red_flags: Mapping[str, WhatToDo]
    refusals: Refusals
    small_talk_texts: SmallTalk
    self_care: SelfCare
    countries: Mapping[str, Numbers]
    default_numbers: Numbers

    def numbers(self, country: str | None = None) -> Numbers:
        """Whom to call in `country`."""
        wanted = (country or "").strip().upper().replace("_", "-")
        for candidate in (wanted, wanted.rpartition("-")[2]):
            for code, numbers in self.countries.items():
                if candidate == code or candidate in numbers.aliases:
                    return numbers
        return self.default_numbers

    def fill(self, text: str, country: str | None = None) -> str:
        """`text` with its placeholders filled in for `country`."""
        return fill(text, self.numbers(country))

    def topic_text(self, code: str, country: str | None = None) -> str:
        """The answer to a question, its caveat in a paragraph of its own."""
        topic = self.topics[code]
        return self.fill("\n\n".join(filter(None, (topic.answer, topic.caveat))), country)

    def what_to_do(self, flag: str, country: str | None = None, *, other: bool = False) -> str:
        """What to do now about an emergency or urgent red flag; `other`: somebody else than the writer is ill."""
        entry = self.red_flags[flag]
        return self.fill((entry.what_to_do_other if other else None) or entry.what_to_do, country)

    def reminder(self, after: After, country: str | None = None) -> str:
        """The sentence that repeats the emergency number or the crisis line."""
        return self.fill(getattr(self.small_talk_texts.reminders, after), country)

    def small_talk(self, code: str, country: str | None = None, *, seed: int = 0, after: After | None = None) -> str:
        """One variant of a small-talk text; the same seed gives the same one.

        After an emergency or suicidal thoughts (`after`) the text repeats the number, whatever the code.
        """
        if code == "other_language":
            text = self.other_language(country)
            return text if after is None else f"{self.reminder(after, country)}\n\n{text}"
        entry = self.small_talk_texts.texts[code]
        own = {"emergency": entry.after_emergency, "crisis": entry.after_crisis}.get(after or "", ())
        variants = own or entry.variants
        text = self.fill(variants[seed % len(variants)], country)
        if after is not None and not own:
            text = f"{text}\n\n{self.reminder(after, country)}"
        return text

    def other_language(self, country: str | None = None, language: str | None = None) -> str:
        """What is said to a language not spoken: the lines in all languages, or in `language` and English if it is known."""
        texts = self.small_talk_texts.other_language
        code = (language or "").lower()[:2]
        order = (code, "en") if code in texts.lines and code != "en" else texts.order
        return "\n".join(self.fill(texts.lines[each], country) for each in order)

    def refusal_for(self, text_keywords: Iterable[str]) -> Refusal:
        """The refusal that fits the words of a message (single words, any case); the default when none does.

        A kind marked `first` wins with one word; else most words win, and the earlier kind on a tie.
        """
        words = {word.lower().replace("’", "'") for word in text_keywords}
        hits = [(len(words & kind.keywords), kind) for kind in self.refusals.kinds]
        for count, kind in hits:
            if kind.first and count:
                return kind
        best = max(hits, key=lambda pair: pair[0], default=(0, self.refusals.default))
        return best[1] if best[0] else self.refusals.default

    def refusal_text(self, text_keywords: Iterable[str], country: str | None = None) -> str:
        """The words of that refusal, with the numbers of `country`."""
        return self.fill(self.refusal_for(text_keywords).text, country)
