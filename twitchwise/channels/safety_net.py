"""Words for when the assistant itself fails: read the text directly and say what is safe. Needs no Rasa, database or network.

Each step falls back on a simpler one, and the last is a constant: this module never raises and never has nothing to say.
"""
from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from twitchwise.understanding.findings import Finding
from twitchwise.vocabulary.codes import load_codes

logger = logging.getLogger(__name__)
CRISIS_FLAG = "suicidal_thoughts"
#: Levels whose words are said before the apology.
PRESSING = ("emergency", "urgent")

#: Used only when the answers themselves cannot be read.
EMERGENCY_NUMBERS = "999 (UK), 112 (Europe, Ireland), 911 (US, Canada) or 000 (Australia)"
CRISIS_LINES = "Samaritans on 116 123 (UK, Ireland) or 988 (US, Canada)"
LAST_RESORT = (
    f"Sorry, something went wrong on my side. Call {EMERGENCY_NUMBERS} now for trouble breathing, speaking or swallowing, sudden weakness, "
    f"chest pain, a fit or a blackout, poison or an overdose. If you think of ending your life, contact {CRISIS_LINES}. "
    "If it is none of these, please send it again in a minute."
)
_PROBLEMS = {
    "empty": "I did not get any words. Please tell me what you notice, or ask a question. In an emergency call {emergency}.",
    "not_text": "I can only read written words. Please type what you notice. In an emergency call {emergency}.",
    "no_sender": "This message says nothing about who sends it, so I cannot keep it apart from others'. "
    'Please send a "sender" of your own with it. In an emergency call {emergency}.',
    "bad_request": 'I could not read that. Please send a JSON object such as {{"sender": "your-id", "message": "your words"}}. '
    "In an emergency call {emergency}.",
    "old_button": "That button does not work any more. Please type your answer instead. In an emergency call {emergency}.",
    "cut": "Your message was too long for me, so I only read the first part of it. Please send the rest in shorter messages. "
    "If it told of something sudden or severe, call {emergency} now.",
}


@dataclass(frozen=True)
class SafeAnswer:
    """What to say, and what it rests on (codes only)."""

    replies: tuple[str, ...]
    red_flags: tuple[str, ...] = ()
    level: str | None = None
    findings: tuple[Finding, ...] = ()


def emergency_number(country: str | None = None) -> str:
    """A phrase that reads well after "call"; names the numbers of every country when `country` is unknown."""
    return _numbers(country)[0]


def crisis_line(country: str | None = None) -> str:
    """A phrase that reads well after "contact"."""
    return _numbers(country)[1]


def _numbers(country: str | None) -> tuple[str, str]:
    from twitchwise.answers.loader import load_answers

    try:
        numbers = load_answers().numbers(country)
        return numbers.emergency_text, numbers.crisis_text
    except Exception:
        logger.exception("The emergency numbers could not be read; the built-in ones are used")
        return EMERGENCY_NUMBERS, CRISIS_LINES


def fixed_text(key: str, country: str | None = None) -> str:
    """A small-talk text by its key."""
    from twitchwise.answers.loader import load_answers

    try:
        return load_answers().small_talk(key, country)
    except Exception:
        logger.exception("The text %s could not be read", key)
        return LAST_RESORT


def problem_text(problem: str, country: str | None = None) -> str:
    """A helpful sentence about a message that could not be read (whole)."""
    return _PROBLEMS[problem].format(emergency=emergency_number(country))


def read_findings(text: str) -> list[Finding]:
    """What the pure understanding reads in `text`. The one function here that may raise."""
    from twitchwise.understanding.reader import load_reader

    return list(load_reader().read(text).findings)


def what_to_do(flags: Sequence[str], country: str | None = None) -> tuple[str, ...]:
    """What to do for these red flags, most urgent first, the crisis line last among equals."""
    from twitchwise.answers.loader import load_answers

    try:
        answers, known = load_answers(), _most_urgent_first(flags)
        return tuple(f"**{answers.red_flags[flag].title}.** {answers.what_to_do(flag, country)}" for flag in known) or (LAST_RESORT,)
    except Exception:
        logger.exception("The emergency words could not be read")
        return (LAST_RESORT,)


def _most_urgent_first(flags: Sequence[str]) -> list[str]:
    from twitchwise.answers.loader import load_answers

    known, codes = load_answers().red_flags, load_codes()
    return sorted((flag for flag in flags if flag in known),
                  key=lambda flag: (-codes.rank(codes.red_flags.get(flag)), flag == CRISIS_FLAG, flag))


def messages(answer: SafeAnswer, country: str | None = None) -> list[dict[str, Any]]:
    """The replies as they are delivered: what to do in an emergency with a card of numbers to press, where the channel can show one."""
    cards: list[dict[str, Any] | None] = []
    try:
        if answer.level in PRESSING:
            cards = [_card(flag, country) for flag in _most_urgent_first(answer.red_flags)]
    except Exception:
        logger.exception("The emergency cards could not be made; the words are said without")
    cards += [None] * len(answer.replies)
    return [{"text": text, **({"custom": card} if card else {})} for text, card in zip(answer.replies, cards, strict=False)]


def _card(flag: str, country: str | None) -> dict[str, Any] | None:
    """The dialogue's emergency card, without the dialogue; None for a flag that is no emergency."""
    from twitchwise.answers.loader import load_answers

    if load_codes().red_flags.get(flag) != "emergency":
        return None
    answers = load_answers()
    numbers, crisis = answers.numbers(country), flag == CRISIS_FLAG
    return {
        "kind": "emergency", "level": "emergency", "flag": flag, "title": answers.red_flags[flag].title, "colour": "dark_red", "icon": "phone",
        "tel": [{"label": link.label, "tel": link.tel} for link in (*numbers.tel, *(numbers.crisis_tel if crisis else ()))],
        "sms": [{"label": link.label, "tel": link.tel} for link in (numbers.crisis_sms if crisis else ())],
    }


def pressing_words(text: str, country: str | None = None) -> SafeAnswer:
    """What to do if `text` holds an emergency or something urgent; no replies if it does not, or cannot be read."""
    try:
        from twitchwise.triage import assess_findings

        findings = read_findings(text)
        assessment = assess_findings(findings)
    except Exception:
        logger.exception("A message could not be read by the safety net")
        return SafeAnswer(())
    flags = tuple(assessment.red_flags)
    replies = what_to_do(flags, country) if assessment.level in PRESSING else ()
    return SafeAnswer(replies, flags, assessment.level, tuple(findings))


def safe_answer(text: str, country: str | None = None) -> SafeAnswer:
    """What to say when the assistant could not answer `text`: its emergency's words, if any, then the general safe words."""
    words = pressing_words(text, country)
    return SafeAnswer((*words.replies, fixed_text("general_safe_words", country)), words.red_flags, words.level, words.findings)


def rate_limited(text: str, country: str | None = None) -> tuple[str, ...]:
    """What somebody hears who sends too fast: an emergency in the text still gets its words."""
    return (*(pressing_words(text, country).replies if text else ()), fixed_text("rate_limited", country))
