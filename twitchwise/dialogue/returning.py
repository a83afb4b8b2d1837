"""Somebody who comes back: after "later", after a result, after days. The next case, compared with the last one."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from twitchwise.dialogue.draft import Draft, listed
from twitchwise.dialogue.intake import Heard
from twitchwise.dialogue.state import CHECK, DONE, EMERGENCY, IDLE, PAUSED, STOPPED, DialogueState
from twitchwise.triage import Assessment, Case, Question, QuickReply, assess, explain, name_of, update_case
from twitchwise.triage.explain import days_in_words
from twitchwise.understanding.findings import DURATION, LOCATION, PRESENT, SYMPTOM, Finding
from twitchwise.vocabulary.codes import load_codes

#: The code of the question whether the twitching ever stopped since the last visit. It is no question of triage: it is about two cases.
BETWEEN = "between"
#: A gap from here on is a return; an unfinished check that is older than this is not taken up again.
RETURN_DAYS = 0.9
STALE_DAYS = 14.0
MOST_RAISED = "urgent"

RESUMED = "resumed"
NEXT_CASE = "next_case"


def gap_days(state: DialogueState, now: datetime) -> float:
    """Days since the last message; 0 for a first one or a clock that runs back."""
    if not state.last_at:
        return 0.0
    return max(0.0, (now - datetime.fromisoformat(state.last_at)).total_seconds() / 86400)


def arrive(state: DialogueState, now: datetime) -> str | None:
    """Take note of a return: RESUMED (an unfinished check), NEXT_CASE (a finished one, or too old), or None."""
    gap = gap_days(state, now)
    if gap < RETURN_DAYS or (state.case.is_empty and state.phase == IDLE):
        return None
    unfinished = state.phase in (IDLE, CHECK, PAUSED, STOPPED) and gap <= STALE_DAYS
    # An unfinished check keeps its case; only the time that has passed is asked about.
    state.previous = {**_snapshot(state), "gap": gap, "asked": unfinished and state.case.duration is None, "resumed": unfinished}
    if unfinished:
        if state.phase == CHECK:
            state.leave_check(PAUSED)
        state.asked_turns, state.puts = 0, {}
        return RESUMED
    person = state.case.person
    state.new_case()
    state.case.person = person
    return NEXT_CASE


def _snapshot(state: DialogueState) -> dict[str, Any]:
    case = state.case
    after = assess(case)
    return {
        "at": state.last_at, "level": state.level, "phase": state.phase, "flags": list(after.red_flags), "days": case.duration_days(),
        "places": [[place.code, place.laterality] for place in case.sites()], "symptoms": case.symptoms_present(),
        "said": list(explain(case, after).findings_said), "crisis": case.has("suicidal_thoughts"),
    }  # fmt: skip


# -- the question whether it ever stopped ------------------------------------------------------------
def between_open(state: DialogueState) -> bool:
    """Whether it still has to be asked: there was twitching before, there is now, and nothing says whether it stopped."""
    previous = state.previous
    if previous is None or previous["asked"] or not (previous["places"] or "twitching" in previous["symptoms"]):
        return False
    return previous["days"] is not None and state.case.assertion("twitching") != "absent"


def between_question(state: DialogueState) -> Question:
    """The question, in the shape of triage's."""
    from twitchwise.dialogue.texts import load_texts

    texts = load_texts()
    buttons = tuple(QuickReply(title=title, answer=answer) for title, answer in (("Yes", "yes"), ("No", "no"), ("Not sure", "unsure")))
    return Question(BETWEEN, texts.say("between"), texts.say("between_why"), texts.say("between_means"), buttons, "neurologist")


def hear_between(draft: Draft, state: DialogueState, heard: Heard, *, message_id: str, now: datetime) -> bool:
    """Take the answer to that question, also when it was not asked; False when the message says nothing about it."""
    previous = state.previous
    if previous is None or previous["asked"] or previous["days"] is None:
        return False
    open_now = state.question == BETWEEN
    stayed = heard.says("did_not_go_away") or (open_now and heard.answer in ("yes", "partly"))
    stopped = heard.says("returned") or (open_now and heard.answer in ("no", "unsure"))
    if not (stayed or stopped):
        return False
    previous["asked"] = True
    if open_now:
        state.question = None
    if stayed and not stopped:
        _carry(draft, state, previous, message_id=message_id, now=now)
    else:
        state.case.duration = state.case.duration if state.case.duration and state.case.duration.said_in == message_id else None
        draft.lead(draft.text("not_carried"))
    return True


def drop_between(state: DialogueState) -> None:
    """The question was not understood twice: it counts as stopped, and how long it has been is asked instead."""
    if state.previous is not None:
        state.previous["asked"] = True
    state.case.duration = None
    state.question = None


def _carry(draft: Draft, state: DialogueState, previous: dict[str, Any], *, message_id: str, now: datetime) -> None:
    """It never stopped: the time runs on, and the places of then are places of this case."""
    days = round(float(previous["days"]) + float(previous["gap"]), 1)
    known = state.case.duration_days()
    days = max(days, known or 0.0)
    findings = [Finding(SYMPTOM, "twitching", assertion=PRESENT),
                Finding(DURATION, "", role="course", of=("twitching",), days=days, low=days, high=days, iso=f"P{days:.0f}D")]
    findings += [Finding(LOCATION, code, laterality=side, role="site", of=("twitching",)) for code, side in previous["places"]]
    state.case = update_case(state.case, findings, message_id=f"{message_id}#carried", now=now, asked=None).case
    draft.lead(draft.text("carried", duration=days_in_words(days)))


# -- words -------------------------------------------------------------------------------------------
def date_in_words(at: str) -> str:
    """'3 November'."""
    day = datetime.fromisoformat(at)
    return f"{day.day} {day:%B}"


def say_welcome(draft: Draft, state: DialogueState, how: str) -> None:
    """What was known when the person left."""
    previous = state.previous or {}
    if previous.get("phase") == EMERGENCY:
        draft.lead(draft.kit.answers.reminder("crisis" if previous.get("crisis") else "emergency", draft.country))
    said = " ".join(previous.get("said") or [])
    if not said:
        draft.lead(draft.text("welcome_short"))
    elif how == RESUMED:
        draft.lead(draft.text("welcome_resume", said=said))
    else:
        draft.lead(draft.text("welcome_back", date=date_in_words(previous["at"]), said=said))
        if previous.get("level") and previous.get("phase") in (DONE, EMERGENCY):
            draft.lead(draft.text("welcome_back_level", advice=draft.fill(draft.kit.texts.data["levels"][previous["level"]]["advice"])))


def is_worse(state: DialogueState, after: Assessment) -> bool:
    """Whether the person is worse than at the last visit: said so, or a warning sign that was not there."""
    previous = state.previous
    if previous is None or previous.get("resumed") or not previous.get("level"):
        return False
    return state.case.has("worsening") or any(flag not in previous["flags"] for flag in after.red_flags)


def worse_level(state: DialogueState, after: Assessment) -> str | None:
    """One step above the level of the last visit for somebody who is worse, at most urgent; None when that does not apply."""
    if not is_worse(state, after):
        return None
    codes = load_codes()
    step = min(codes.rank((state.previous or {})["level"]) + 1, codes.rank(MOST_RAISED))
    return codes.levels[step]


def compared(draft: Draft, state: DialogueState, case: Case) -> list[str]:
    """Sentences that compare this case with the last one; empty when there is none."""
    previous = state.previous
    if previous is None or previous.get("resumed") or not previous.get("said"):
        return []
    now, then = set(case.symptoms_present()), set(previous["symptoms"])
    quiet = {"twitching", "worsening", "improving"}
    lines = []
    if new := sorted(now - then - quiet):
        lines.append(draft.text("compare_new", names=listed([name_of(code) for code in new])))
    if gone := sorted(code for code in then - quiet if case.assertion(code) == "absent"):
        lines.append(draft.text("compare_gone", names=listed([name_of(code) for code in gone])))
    places = {code for code, _ in previous["places"]}
    if places and (added := [code for code in case.body_locations() if code not in places]):
        lines.append(draft.text("compare_places", names=listed([name_of(code) for code in added])))
    if case.has("worsening"):
        lines.append(draft.text("compare_worse"))
    elif case.has("improving"):
        lines.append(draft.text("compare_better"))
    if case.duration and previous["days"] and case.duration.days > previous["days"]:
        lines.append(draft.text("compare_longer", duration=days_in_words(case.duration.days)))
    if previous.get("level"):
        lines.append(draft.text("compare_level", advice=draft.fill(draft.kit.texts.data["levels"][previous["level"]]["advice"])))
    return lines
