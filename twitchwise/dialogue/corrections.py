"""What a correction changed, said back: "Noted: thigh, not calf."."""
from __future__ import annotations

from twitchwise.dialogue.draft import Draft, listed
from twitchwise.dialogue.intake import Heard
from twitchwise.dialogue.state import DONE, DialogueState
from twitchwise.triage import Assessment, CaseUpdate, Change, name_of
from twitchwise.triage.explain import days_in_words
from twitchwise.vocabulary.codes import load_codes

_THERE = ("present", "possible")


def is_lowering(update: CaseUpdate, heard: Heard) -> bool:
    """Whether the message takes something back, so that the level may fall with it."""
    return update.new_case or bool(update.withdrawn) or heard.edits or any(_fell(change) for change in update.changes)


def say_corrections(draft: Draft, state: DialogueState, heard: Heard, update: CaseUpdate, before: Assessment, after: Assessment) -> bool:
    """Say what a correction changed and what follows from it; False when nothing was corrected."""
    notes = _notes(draft, heard, update)
    gone = [flag for flag in before.red_flags if flag not in after.red_flags]
    if not notes and not gone:
        return False
    for note in notes:
        draft.lead(note)
    if gone:
        draft.lead(draft.text("flag_gone", names=listed([name_of(flag) for flag in gone])))
    if state.phase == DONE and before.level != after.level:
        draft.lead(draft.text("level_now", advice=advice_of(draft, after.level)))
    elif state.phase == DONE:
        draft.lead(draft.text("level_same"))
    elif gone and not after.red_flags:
        draft.lead(draft.text("level_open"))
    elif before.red_flags and not gone and set(after.red_flags) == set(before.red_flags):
        draft.lead(draft.text("level_same_open"))
    return True


def advice_of(draft: Draft, level: str | None) -> str:
    """The advice of a level, as it reads after "my advice is"."""
    return draft.fill(draft.kit.texts.data["levels"][level or "self_care"]["advice"])


def _notes(draft: Draft, heard: Heard, update: CaseUpdate) -> list[str]:
    notes: list[str] = []
    places = [change for change in update.changes if change.kind == "place"]
    gone = [name_of(change.code) for change in places if change.after is None]
    come = [name_of(change.code) for change in places if change.before is None]
    if gone or heard.edits:
        notes += _note(draft, come, gone)
    for change in update.changes:
        if change.kind == "duration" and change.before is not None and change.after is not None:
            new, old = exact(float(change.after)), exact(float(change.before))
            if new != old:
                notes += _note(draft, [new], [old])
        elif change.kind == "duration" and change.after is not None and heard.edits:
            notes += _note(draft, [exact(float(change.after))], [])
    symptoms = load_codes().symptoms
    facts = [change for change in update.changes if change.kind == "fact" and change.code in symptoms and change.code != "twitching"]
    lost = [name_of(change.code) for change in facts if _fell(change)]
    found = [name_of(change.code) for change in facts if change.after in _THERE and change.before not in _THERE]
    if lost or heard.edits:
        notes += _note(draft, found if heard.edits else [], lost)
    return notes


def exact(days: float) -> str:
    """A time as it was told: 19 -> '19 days', 21 -> '3 weeks', 60 -> '2 months'."""
    whole_weeks = days >= 14 and days % 7 == 0
    return f"{days:g} days" if 1 < days < 60 and not whole_weeks else days_in_words(days)


def _note(draft: Draft, new: list[str], old: list[str]) -> list[str]:
    if new and old:
        return [draft.text("instead", new=listed(new), old=listed(old, "or"))]
    if old:
        return [draft.text("no_longer", old=listed(old, "or"))]
    return [draft.text("noted_new", new=listed(new))] if new else []


def _fell(change: Change) -> bool:
    return change.kind == "fact" and change.before in _THERE and change.after == "absent"
