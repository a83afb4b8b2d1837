"""The shapes of the answer files: frozen models, checked by pydantic when the files are loaded."""
from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConstrainedStr, Extra, root_validator, validator

from twitchwise.answers.placeholders import check_placeholders

#: What came before in the case: nothing, an emergency, thoughts of suicide.
After = Literal["emergency", "crisis"]


class Text(ConstrainedStr):
    """Words that are not empty."""

    strip_whitespace = True
    min_length = 1


class Title(Text):
    """Fits on a button."""

    max_length = 40


class Dialled(ConstrainedStr):
    """Digits, with a plus where the country is named."""

    regex = r"^\+?[0-9]{3,15}$"


class EmergencyNumber(ConstrainedStr):
    """Three digits."""

    regex = r"^[0-9]{3}$"


def _holds(field: str, least: int = 1, most: int | None = None) -> Any:
    """A validator of how many entries a tuple field has (pydantic 1 counts lists only, which are not immutable)."""

    def check(cls: type, value: tuple) -> tuple:
        if len(value) < least or (most is not None and len(value) > most):
            raise ValueError(f"needs {least} or more entries" if most is None else f"needs {least} to {most} entries")
        return value

    return validator(field, allow_reuse=True)(check)


class Frozen(BaseModel):
    """Immutable, and strict about keys: a misspelt one is an error and not a silent loss."""

    class Config:
        allow_mutation = False
        extra = Extra.forbid
        frozen = True

    @validator("*", each_item=True, allow_reuse=True)
    def _known_placeholders(cls, value: object) -> object:
        if isinstance(value, str):
            check_placeholders(value)
        return value


class Source(Frozen):
    """Where a fact comes from. `checked`: how the page was read (see sources.yml). The article has no address."""

    title: Text
    url: str | None = None
    checked: Literal["page", "mirror", "notes", "no"]

    @validator("url")
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// or http://")
        return value


class Sourced(Frozen):
    """Anything that states a fact."""

    source: tuple[Source, ...]
    _count_source = _holds("source")


class Reviewed(Frozen):
    """When the text was last read through, and by whom."""

    reviewed: date
    reviewer: Text


class Topic(Sourced, Reviewed):
    """The answer to one question. `answer` and `caveat` may hold light markdown and placeholders."""

    code: Text
    title: Title
    answer: Text
    caveat: Text | None = None
    related: tuple[str, ...]
    _count_related = _holds("related", 2, 3)


class WhatToDo(Sourced):
    """What to do now about one red flag. `what_to_do_other` is said when somebody else is ill."""

    title: Text
    what_to_do: Text
    what_to_do_other: Text | None = None


class TelLink(Frozen):
    """A number to press: `tel` holds what a `tel:` or `sms:` link dials."""

    label: Text
    tel: Dialled


class Numbers(Sourced):
    """Whom to call in one country. The `*_text` phrases read well after "call", `crisis_text` after "contact"."""

    country: str | None = None
    aliases: tuple[str, ...] = ()
    emergency: tuple[EmergencyNumber, ...]
    _count_emergency = _holds("emergency")
    emergency_text: Text
    advice_text: Text
    crisis_text: Text
    poison_text: Text
    tel: tuple[TelLink, ...]
    _count_tel = _holds("tel")
    advice_tel: tuple[TelLink, ...] = ()
    crisis_tel: tuple[TelLink, ...]
    _count_crisis_tel = _holds("crisis_tel")
    crisis_sms: tuple[TelLink, ...] = ()
    poison_tel: tuple[TelLink, ...] = ()

    @property
    def digits(self) -> str:
        """The emergency numbers alone, for lines in other languages: '999 / 112'."""
        return " / ".join(self.emergency)


class Refusal(Frozen):
    """What is said to a question the assistant cannot help with. `first`: one keyword is enough to win."""

    kind: Text
    text: Text
    title: str = ""
    first: bool = False
    keywords: frozenset[str] = frozenset()

    @validator("keywords", each_item=True)
    def _one_lower_case_word(cls, value: str) -> str:
        if value != value.lower() or len(value.split()) != 1:
            raise ValueError(f"keyword {value!r} must be one lower-case word")
        return value


class Refusals(Frozen):
    """The refusals by kind, in order of preference, and the one for everything else."""

    reviewed: date
    default: Refusal
    kinds: tuple[Refusal, ...]


class SmallTalkText(Frozen):
    """Variants of one reply; those after an emergency must name the number."""

    variants: tuple[Text, ...]
    _count_variants = _holds("variants", 2)
    after_emergency: tuple[Text, ...] = ()
    after_crisis: tuple[Text, ...] = ()

    @root_validator(skip_on_failure=True)
    def _numbers_are_repeated(cls, values: dict) -> dict:
        for text in values["after_emergency"]:
            if "{emergency}" not in text:
                raise ValueError(f"after_emergency must name {{emergency}}: {text!r}")
        for text in values["after_crisis"]:
            if "{emergency}" not in text or "{crisis}" not in text:
                raise ValueError(f"after_crisis must name {{crisis}} and {{emergency}}: {text!r}")
        return values


class OtherLanguage(Frozen):
    """One line a language, in the order shown."""

    order: tuple[str, ...]
    lines: dict[str, Text]

    @root_validator(skip_on_failure=True)
    def _every_line_has_a_place_and_a_number(cls, values: dict) -> dict:
        if sorted(values["order"]) != sorted(values["lines"]):
            raise ValueError("order and lines must name the same languages")
        for language, line in values["lines"].items():
            if "{digits}" not in line and "{emergency}" not in line:
                raise ValueError(f"the line in {language!r} must name {{digits}} or {{emergency}}")
        return values


class Reminders(Frozen):
    """The sentence that repeats the number after an emergency or after suicidal thoughts."""

    emergency: Text
    crisis: Text


class SmallTalk(Frozen):
    """Everything said around the questions."""

    reviewed: date
    reminders: Reminders
    texts: dict[str, SmallTalkText]
    other_language: OtherLanguage


class SelfCareSteps(Sourced):
    """What to try. `topic` is the question topic that says more."""

    title: Text
    steps: tuple[Text, ...]
    _count_steps = _holds("steps", 2, 4)
    caveat: Text
    topic: str | None = None


class ChecklistItem(Frozen):
    """One daily habit, with the caution that belongs to it."""

    text: Text
    caveat: Text | None = None


class Checklist(Sourced):
    """The daily habits."""

    title: Text
    items: tuple[ChecklistItem, ...]
    _count_items = _holds("items")


class SelfCare(Reviewed):
    """Steps for everyone, by trigger, and the daily list."""

    general: SelfCareSteps
    triggers: dict[str, SelfCareSteps]
    checklist: Checklist
