"""After an emergency: the conversation stays on it, whatever is said. Nothing asked here is a question of the check."""
from __future__ import annotations

import re

from twitchwise.dialogue.corrections import advice_of
from twitchwise.dialogue.digress import SMALL_TALK, answer_questions, ask_for_a_person, data_request, refuse
from twitchwise.dialogue.draft import Draft, listed
from twitchwise.dialogue.intake import Heard
from twitchwise.dialogue.person import is_here, names_somebody
from twitchwise.dialogue.result import found_so_far
from twitchwise.dialogue.safety import CRISIS, News
from twitchwise.dialogue.state import COMPANY, DATA, EMERGENCY, HELP, WITHDRAWAL, DialogueState
from twitchwise.triage import Assessment, CaseUpdate, name_of

#: Intents that minimise what was said, or take it back without anything to take back.
_PLAYING_DOWN = frozenset({"minimise", "take_back", "correct_something"})
_WORDS = re.compile(r"[a-z]+")
#: Said after thoughts of dying, these may mean that something was taken.
_TAKEN = ("overdose_taken", "poisoning", "takes_medicine", "medication")


#: The question whether help is there is put so often; then only the numbers are said again.
MOST_ASKED = 2


def crisis_only(after: Assessment) -> bool:
    """Whether thoughts of suicide are the only emergency."""
    return CRISIS in after.red_flags and all(reason.flag == CRISIS for reason in after.reasons if reason.level == "emergency")


def reminder(draft: Draft, after: Assessment) -> str:
    """The number again: the emergency number, and the crisis line where it is about dying."""
    said = []
    if not crisis_only(after):
        said.append(draft.kit.answers.reminder("emergency", draft.country))
    if CRISIS in after.red_flags:
        said.append(draft.kit.answers.reminder("crisis", draft.country))
    return " ".join(said)


def serve_emergency(draft: Draft, state: DialogueState, heard: Heard, update: CaseUpdate, news: News, after: Assessment,
                    awaiting: str | None) -> None:
    """Everything of a turn in which the case is an emergency, but the words of new emergencies, which were said before."""
    state.leave_check(EMERGENCY)
    stay = awaiting if awaiting in (HELP, COMPANY) else None
    fresh = bool(news.at("emergency")) or any(reason.level == "emergency" for reason in news.modifiers)
    if update.withdrawn:
        draft.add(f"{draft.text('withdrawn')} {reminder(draft, after)}")
    if update.ask_back:
        ask_back(draft, state, update)
        return
    if fresh:
        if heard.asked.answered:
            draft.lead(draft.text("short_answer"))
            answer_questions(draft, state, heard)
        state.puts.pop(HELP, None)
        state.puts.pop(COMPANY, None)
        ask_on(draft, state, after)
        return
    if _follow_up(draft, state, heard, after, awaiting):
        return
    _respond(draft, state, heard, news, after)
    if state.awaiting in DATA:
        return
    if stay and state.puts.get(stay, 0) >= MOST_ASKED:
        # Not once more: who is told the same question again and again is not heard. A later answer to it still counts.
        state.awaiting = stay
        return
    ask_on(draft, state, after)


def ask_back(draft: Draft, state: DialogueState, update: CaseUpdate) -> None:
    """Ask whether the withdrawal is meant: one question, to which "yes" means that it is not there."""
    texts = draft.kit.texts.data["ask_back"]
    state.awaiting = WITHDRAWAL
    questions = list(dict.fromkeys(texts.get(code, texts["default"]) for code in update.ask_back))
    draft.add(f"{draft.text('ask_back_lead')}\n\n{draft.fill(questions[0])}",
              buttons=[draft.button("yes", answer="yes"), draft.button("no", answer="no")])


def ask_on(draft: Draft, state: DialogueState, after: Assessment) -> None:
    """The one question that is left: has help been reached, or for thoughts of dying, can someone be there."""
    state.awaiting = COMPANY if crisis_only(after) else HELP
    state.puts[state.awaiting] = state.puts.get(state.awaiting, 0) + 1
    if state.awaiting == COMPANY:
        draft.add(draft.text("crisis_question"), buttons=[draft.button("yes", answer="yes"), draft.button("no", answer="no")])
        return
    draft.add(draft.text("help_question"), buttons=[draft.button("yes", answer="yes"), draft.button("not_yet", answer="no")])


def _follow_up(draft: Draft, state: DialogueState, heard: Heard, after: Assessment, awaiting: str | None) -> bool:
    """Take the answer to "has help been reached?" or "is someone with you?"; False when there is none."""
    if crisis_only(after) and state.case.person.is_self and is_here(heard.text):
        draft.add(draft.text("crisis_yes"))
        _somebody_is_there(state)
        return True
    answer = heard.answer
    if awaiting not in (HELP, COMPANY) or answer is None or heard.asked.answered or heard.reports or heard.edits:
        return False
    kind = "yes" if answer in ("yes", "partly") else "no" if answer == "no" else "unsure"
    if crisis_only(after):
        draft.add(draft.text(("crisis_yes" if kind == "yes" else "crisis_no") + ("" if state.case.person.is_self else "_other")))
        if kind == "yes":
            _somebody_is_there(state)
        return True
    if awaiting == COMPANY:
        draft.add(draft.text("company_yes" if kind == "yes" else "company_no"))
        return True
    draft.lead(draft.text(f"help_{kind}"))
    if CRISIS in after.red_flags:
        draft.lead(draft.kit.answers.reminder("crisis", draft.country))
    if kind == "yes":
        state.awaiting = COMPANY
        draft.add(draft.text("company_question"), buttons=[draft.button("yes", answer="yes"), draft.button("no", answer="no")])
    return True


def _somebody_is_there(state: DialogueState) -> None:
    """Not asked again, until something new comes up; a later "no, she left" still counts as the answer."""
    state.awaiting, state.puts[COMPANY] = COMPANY, MOST_ASKED


def _respond(draft: Draft, state: DialogueState, heard: Heard, news: News, after: Assessment) -> None:
    """Answer what was said, with the number in front or inside."""
    remember = "crisis" if crisis_only(after) else "emergency"
    both = "" if crisis_only(after) or CRISIS not in after.red_flags else draft.kit.answers.reminder("crisis", draft.country)
    if CRISIS in after.red_flags and any(heard.says(code) for code in _TAKEN):
        draft.add(draft.text("crisis_taken"))
        return
    if heard.asked.answered:
        draft.lead(reminder(draft, after))
        draft.lead(draft.text("short_answer"))
        answer_questions(draft, state, heard)
        return
    if heard.intent in DATA.values() and not heard.agreed:
        # The number first: what is asked comes last, and by itself.
        draft.lead(reminder(draft, after))
    if data_request(draft, state, heard, after):
        if state.awaiting not in DATA:
            draft.add(reminder(draft, after))
        return
    if heard.intent == "what_found":
        draft.add(f"{reminder(draft, after)}\n\n{found_so_far(draft, state, after)}")
    elif heard.intent == "out_of_scope" and not heard.told:
        draft.lead(reminder(draft, after))
        refuse(draft, heard)
    elif news or heard.reports:
        draft.add(f"{draft.text('noted_emergency')} {reminder(draft, after)}")
    elif heard.intent in _PLAYING_DOWN or heard.edits or heard.says("resolved_now"):
        draft.add(" ".join(part for part in (draft.small_talk("minimise", after=remember), both) if part))
    elif heard.shape != "words" or heard.intent == "gibberish":
        draft.add(f"{draft.text('noise')} {reminder(draft, after)}")
    elif heard.intent in SMALL_TALK:
        draft.add(" ".join(part for part in (draft.small_talk(SMALL_TALK[heard.intent], after=remember), both) if part))
    elif heard.intent == "talk_to_human":
        draft.add(f"{reminder(draft, after)} {ask_for_a_person(draft, state)}")
    elif crisis_only(after) and heard.other is None and names_somebody(_WORDS.findall(heard.text.lower())) and state.case.person.is_self:
        draft.add(draft.text("crisis_somebody"))
    else:
        draft.add(reminder(draft, after))


def say_withdrawn(draft: Draft, after: Assessment) -> None:
    """An emergency was taken back and confirmed: say so, and what still counts."""
    draft.lead(draft.text("withdrawn"))
    if after.red_flags:
        draft.lead(draft.text("withdrawn_stay", names=listed([name_of(flag) for flag in after.red_flags]),
                              advice=advice_of(draft, after.level)))
    draft.lead(draft.text("withdrawn_more"))
