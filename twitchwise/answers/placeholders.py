"""The placeholders that texts may hold, and their filling in with the numbers of a country."""
from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twitchwise.answers.schema import Numbers

#: {digits} is the emergency numbers alone, for lines in other languages.
NAMES = ("emergency", "crisis", "advice", "poison", "digits")


def check_placeholders(text: str) -> None:
    """Raise ValueError, with what to do, if `text` holds a brace or a placeholder that nobody fills in."""
    try:
        fields = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise ValueError(f"has a stray curly bracket ({error}): {text[:60]!r}") from error
    unknown = [name for name in fields if name not in NAMES]
    if unknown:
        raise ValueError(f"has the unknown placeholder {{{unknown[0]}}}; use one of: {', '.join(NAMES)}")


def fill(text: str, numbers: Numbers) -> str:
    """`text` with its placeholders replaced by the numbers to call."""
    return text.format(
        emergency=numbers.emergency_text,
        crisis=numbers.crisis_text,
        advice=numbers.advice_text,
        poison=numbers.poison_text,
        digits=numbers.digits,
    )
