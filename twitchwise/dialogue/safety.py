"""Red flags of this turn: what they mean and what to do, the most urgent first."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from twitchwise.dialogue.draft import Draft
from twitchwise.triage import Assessment, Case, Reason
from twitchwise.vocabulary.codes import load_codes

CRISIS = "suicidal_thoughts"
#: How many emergencies are explained one by one; the number is the same for all.
MOST_EXPLAINED = 3


@dataclass(frozen=True)
class News:
    """What this message added. `flags`: new red flags; `modifiers`: new reasons for a level that are no flag; `level`: level of the new."""

    flags: tuple[str, ...] = ()
    modifiers: tuple[Reason, ...] = ()

    @property
    def level(self) -> str | None:
        """The most urgent level among what is new."""
        codes = load_codes()
        return codes.highest([codes.red_flags[flag] for flag in self.flags] + [reason.level for reason in self.modifiers])

    def at(self, level: str) -> list[str]:
        """The new flags of one level, thoughts of suicide last."""
        levels = load_codes().red_flags
        return sorted((flag for flag in self.flags if levels[flag] == level), key=lambda flag: flag == CRISIS)

    def __bool__(self) -> bool:
        return bool(self.flags or self.modifiers)


def news_of(before: Assessment | None, after: Assessment) -> News:
    """What is in `after` and not in `before` (None: nothing was known)."""
    old = set(before.red_flags) if before else set()
    known = {reason.rule for reason in before.reasons} if before else set()
    modifiers = tuple(reason for reason in after.reasons if reason.kind == "modifier" and reason.rule not in known)
    return News(tuple(flag for flag in after.red_flags if flag not in old), modifiers)


def say_news(draft: Draft, news: News, before: Assessment | None, after: Assessment, case: Case) -> None:
    """Say what to do about `news`. Below an emergency that stands, lesser signs are only noted."""
    rank = load_codes().rank
    emergencies = news.at("emergency")
    if emergencies:
        _say_emergencies(draft, emergencies, after, case)
        return
    if after.is_emergency:
        return
    for flag in news.at("urgent"):
        title = draft.kit.answers.red_flags[flag].title
        words = draft.kit.answers.what_to_do(flag, draft.country, other=not case.person.is_self)
        draft.add(f"**{title}.** {_explained(flag, after)}\n\n{words}")
    for reason in news.modifiers:
        if rank(reason.level) >= rank("urgent"):
            draft.add(f"{reason.explain} {draft.text('today')}")
    specialist = news.at("neurologist")
    if specialist:
        lines = list(dict.fromkeys(_explained(flag, after) for flag in specialist))
        old = before.level if before else None
        if rank(after.flag_level) > rank("neurologist"):
            tail = "" if news.at("urgent") or news.modifiers else draft.text("more_urgent_holds")
        elif before is not None and before.flag_level == "neurologist" and old is not None:
            tail = draft.text("still_neurologist")
        else:
            tail = draft.text("see_neurologist")
        draft.add(" ".join(part for part in (*lines, tail) if part))


def _say_emergencies(draft: Draft, flags: Sequence[str], after: Assessment, case: Case) -> None:
    answers = draft.kit.answers
    other = not case.person.is_self
    for flag in _told_apart(flags):
        words = answers.what_to_do(flag, draft.country, other=other)
        title = f"**{answers.red_flags[flag].title}.** "
        if draft.emergency_said:
            words, title = _without_number(draft, flag, words), "" if flag == CRISIS else title
        why = "" if flag == CRISIS else _explained(flag, after)
        draft.add(f"{title}{words}" + (f"\n\n{why}" if why else ""), card=emergency_card(draft, flag))


def _without_number(draft: Draft, flag: str, words: str) -> str:
    """What to do, without the line that stands in front of it already: the number, or for thoughts of dying the line that listens."""
    numbers = draft.kit.answers.numbers(draft.country)
    if flag == CRISIS:
        return words.rpartition(numbers.crisis_text)[2].partition(". ")[2] or words
    call = f"Call {numbers.emergency_text} now"
    if words.startswith(f"{call}. "):
        return words[len(call) + 2:]
    return f"Do call{words[len(call):]}" if words.startswith(f"{call},") else words


def _told_apart(flags: Sequence[str]) -> list[str]:
    """At most so many, and thoughts of suicide always."""
    bodily = [flag for flag in flags if flag != CRISIS][: MOST_EXPLAINED - (CRISIS in flags)]
    return [*bodily, *(flag for flag in flags if flag == CRISIS)]


def emergency_card(draft: Draft, flag: str) -> dict[str, Any]:
    """A card with numbers to press, for channels that show one."""
    numbers = draft.kit.answers.numbers(draft.country)
    level = draft.kit.texts.data["levels"]["emergency"]
    links = [*numbers.tel, *(numbers.crisis_tel if flag == CRISIS else ())]
    return {
        "kind": "emergency", "level": "emergency", "flag": flag, "title": draft.kit.answers.red_flags[flag].title,
        "colour": level["colour"], "icon": level["icon"],
        "tel": [{"label": link.label, "tel": link.tel} for link in links],
        "sms": [{"label": link.label, "tel": link.tel} for link in (numbers.crisis_sms if flag == CRISIS else ())],
    }  # fmt: skip


def _explained(flag: str, after: Assessment) -> str:
    return next((reason.explain for reason in after.reasons if reason.flag == flag and reason.kind == "red_flag"), "")
