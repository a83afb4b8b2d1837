"""Inline keyboards: tidy rows of tokens, and the body keyboard (region, part, side). Pure.

Data of the body keyboard is `p:` and codes of the vocabulary; it does no more than the same word typed. All other buttons carry tokens.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from twitchwise.channels.telegram.texts import load_texts
from twitchwise.vocabulary.codes import load_codes

Markup = dict[str, Any]
Place = list[Any]
PREFIX = "p:"
ROOT, DONE, UNSURE = "p:", "p:done", "p:unsure"
MOST_DATA_BYTES = 64
MOST_BUTTONS = 40
MOST_PLACES = 8
_ROW_UNITS = 28
_MOST_IN_ROW = 3
#: Places that a body has once.
UNSIDED = frozenset(("jaw", "tongue", "lip", "neck", "scalp", "nose", "chest", "abdomen", "back", "torso", "groin", "whole_body", "face"))
SIDES = ("left", "right", "both")


def rows(buttons: Iterable[tuple[str, str]]) -> list[list[dict[str, str]]]:
    """Buttons (title, data) in rows: short ones side by side, long ones alone. Data too long for Telegram is left out."""
    made: list[list[dict[str, str]]] = []
    width = 0
    for title, data in list(buttons)[:MOST_BUTTONS]:
        title = " ".join(title.split())[:60] or "…"
        if not 0 < len(data.encode()) <= MOST_DATA_BYTES:
            continue
        room = max(len(title), 6) + 2
        if not made or len(made[-1]) == _MOST_IN_ROW or width + room > _ROW_UNITS:
            made.append([])
            width = 0
        made[-1].append({"text": title, "callback_data": data})
        width += room
    return made


def markup(keyboard: Sequence[Sequence[dict[str, str]]]) -> Markup:
    """As the Bot API takes it."""
    return {"inline_keyboard": [list(row) for row in keyboard]}


def place_name(place: Place) -> str:
    """A place in words: "left calf", "both eyelids" is "eyelid (both sides)"."""
    code, side = place[0], place[1] if len(place) > 1 else None
    name = "all over" if code == "whole_body" else str(code).replace("_", " ")
    if side == "both":
        return f"{name} (both sides)"
    return f"{side} {name}" if side else name


def places_in_words(places: Sequence[Place]) -> str:
    """ "left calf, back and right hand"."""
    names = [place_name(place) for place in places]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def regions(places: Sequence[Place] = ()) -> Markup:
    """The first step: where roughly. With places chosen already, the row to finish comes first."""
    words = load_texts()["places"]
    titles = words["region_titles"]
    keyboard = rows((titles[region], f"p:{region}") for region in locations() if region != "all")
    last = [{"text": titles["all"], "callback_data": "p:whole_body"}, {"text": words["unsure"], "callback_data": UNSURE}]
    return markup([*_finish(places), *keyboard, last[:1] if places else last])


def parts(region: str) -> Markup:
    """The second step: which part of the region."""
    codes = locations()[region]
    keyboard = rows((code.replace("_", " ").capitalize(), f"p:{code}") for code in codes if code != region)
    whole = [] if region not in codes else [[{"text": f"Whole {region}", "callback_data": f"p:{region}:"}]]
    return markup([*keyboard, *whole, _back(ROOT)])


def sides(code: str) -> Markup:
    """The third step, for what a body has twice."""
    titles = load_texts()["places"]["sides"]
    region = region_of(code)
    return markup([[{"text": titles[side], "callback_data": f"p:{code}:{side}"} for side in SIDES], _back(f"p:{region}")])


def chosen(places: Sequence[Place]) -> Markup:
    """After a place: finish, or choose another."""
    more = [] if len(places) >= MOST_PLACES else [[{"text": load_texts()["places"]["add"], "callback_data": ROOT}]]
    return markup([*_finish(places), *more])


def region_of(code: str) -> str:
    """The region that a place is in."""
    return load_codes().region_of[code]


def locations() -> dict[str, list[str]]:
    """Regions with their places, in the order of the vocabulary."""
    found: dict[str, list[str]] = {}
    for code, region in load_codes().region_of.items():
        found.setdefault(region, []).append(code)
    return found


def _finish(places: Sequence[Place]) -> list[list[dict[str, str]]]:
    if not places:
        return []
    title = load_texts()["places"]["done"].replace("{places}", places_in_words(places))
    return [[{"text": title if len(title) <= 60 else title[:59] + "…", "callback_data": DONE}]]


def _back(to: str) -> list[dict[str, str]]:
    return [{"text": load_texts()["places"]["back"], "callback_data": to}]


@dataclass(frozen=True)
class Step:
    """What a press on the body keyboard leads to: another keyboard, or the places that were chosen; `unsure`: none can be named."""

    keyboard: Markup | None = None
    places: list[Place] = field(default_factory=list)
    finished: bool = False
    unsure: bool = False
    notice: str = ""


def press(data: str, places: Sequence[Place]) -> Step | None:
    """One press, with the places chosen so far. None when the data is not one of ours."""
    now = [list(place) for place in places]
    if data == UNSURE:
        return Step(finished=True, unsure=True)
    if data == DONE:
        return Step(places=now, finished=True) if now else Step(keyboard=regions())
    if data == ROOT:
        return Step(keyboard=regions(now), places=now)
    if not data.startswith(PREFIX):
        return None
    code, colon, side = data[len(PREFIX):].partition(":")
    known = locations()
    # "arm" and "leg" are regions and places: the place has a colon behind it.
    if code in known and not colon and code != "all":
        return Step(keyboard=parts(code), places=now)
    if not any(code in codes for codes in known.values()) or (side and side not in SIDES):
        return None
    if code == "whole_body":
        return Step(places=[[code, None]], finished=True)
    if not side and code not in UNSIDED:
        return Step(keyboard=sides(code), places=now, notice=load_texts()["places"]["which_side"])
    place = [code, side or None]
    if place not in now and len(now) < MOST_PLACES:
        now.append(place)
    return Step(keyboard=chosen(now), places=now, notice=load_texts()["places"]["chosen"].replace("{place}", place_name(place)))
