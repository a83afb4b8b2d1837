"""Whatever a message asks beside the check: questions, small talk, explanations, a human, the person's data."""
from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from twitchwise.dialogue.draft import Draft, after_of
from twitchwise.dialogue.intake import Heard
from twitchwise.dialogue.model import DELETE as DELETE_EFFECT
from twitchwise.dialogue.model import EXPORT, HAND_OVER
from twitchwise.dialogue.result import found_so_far
from twitchwise.dialogue.state import DATA, DELETE, DONE, EMERGENCY, DialogueState
from twitchwise.dialogue.state import EXPORT as EXPORT_ASKED
from twitchwise.triage import Assessment, Question
from twitchwise.understanding.findings import ANSWER

#: Intents that a small-talk text answers, and the text's code.
SMALL_TALK = {
    "greet": "greet", "thank": "thank", "goodbye": "goodbye", "are_you_human": "are_you_human", "insult": "insult", "chitchat": "chitchat",
    "gibberish": "gibberish", "help": "help", "typed_command": "typed_command", "other_language": "other_language", "fear": "fear",
    "minimise": "minimise", "later": "later", "stop_check": "stopped", "start_over": "started_over",
}  # fmt: skip
_WORD = re.compile(r"[\w']+")


def answer_questions(draft: Draft, state: DialogueState, heard: Heard) -> bool:
    """Answer the questions asked; False when there is none. The topic answered first stays as faq_topic."""
    topics = heard.asked.answered
    if not topics:
        return False
    offered = heard.asked.offered
    if heard.asked.leaning or (topics[0] == state.faq_topic and len(heard.text.split()) <= 5):
        draft.lead(draft.text("same_topic"))
    for index, topic in enumerate(topics):
        last = index == len(topics) - 1
        buttons = [draft.topic_button(offered)] if last and offered else []
        draft.add(draft.kit.answers.topic_text(topic, draft.country), buttons=buttons)
    state.faq_topic = topics[0]
    return True


def refuse(draft: Draft, heard: Heard) -> None:
    """A question that the assistant cannot help with: who can."""
    draft.add(draft.kit.answers.refusal_text(_WORD.findall(heard.text.lower()), draft.country))


def explain_open(draft: Draft, heard: Heard, question: Question | None) -> bool:
    """"Why do you ask?" and "what does that mean?", from the open question's own words."""
    if heard.intent == "why_ask":
        draft.add(draft.text("why_ask", why=question.why) if question else draft.text("why_none"))
        return True
    if heard.intent == "explain_question":
        draft.add(draft.text("explain_question", means=question.means) if question else draft.text("explain_none"))
        return True
    return False


def data_request(draft: Draft, state: DialogueState, heard: Heard, after: Assessment) -> bool:
    """A summary, a copy or the deletion of what was recorded; the layer around carries it out."""
    if heard.intent == "get_summary":
        if state.case.is_empty:
            draft.add(draft.text("summary_none"))
            return True
        say_summary(draft, state)
        return True
    if heard.intent == "export_my_data" and not heard.agreed:
        state.awaiting = EXPORT_ASKED
        draft.add(draft.text("export_ask"), buttons=[draft.button("export", intent="export_my_data", answer="yes"),
                                                     draft.button("no_export", intent="export_my_data", answer="no")])
        return True
    if heard.intent == "export_my_data":
        draft.effects.append(EXPORT)
        draft.add(f"{draft.text('export_done')}\n\n{found_so_far(draft, state, after)}")
        return True
    if heard.intent == "delete_my_data":
        state.awaiting = DELETE
        # The buttons name what they are about, so that they answer nothing else when they are pressed late.
        draft.add(draft.text("delete_ask"), buttons=[draft.button("delete", intent="delete_my_data", answer="yes"),
                                                     draft.button("keep", intent="delete_my_data", answer="no")])
        return True
    return False


def say_summary(draft: Draft, state: DialogueState) -> None:
    """The page for a doctor: the channel makes links or a file of the card."""
    done = state.phase in (DONE, EMERGENCY)
    draft.add(draft.text("summary_done" if done else "summary_unfinished"), card={"kind": "summary", "title": draft.text("summary_title")})


def answers_data(awaiting: str | None, heard: Heard) -> str | None:
    """Which question about the person's data the message may answer ("shall I delete everything?"): the one asked last, or the one that
    its button names, whenever it is pressed."""
    named = next((code for code, intent in DATA.items() if heard.intent == intent and heard.answer is not None), None)
    return named or (awaiting if awaiting in DATA else None)


def confirm_export(draft: Draft, heard: Heard) -> tuple[bool, Heard]:
    """The answer to "shall I show everything?": whether it was a no, and the message without it. Only a plain yes shows anything."""
    if heard.answer is None:
        return False, heard
    if heard.answer == "yes" and not heard.told and not any(finding.code == "no" for finding in heard.of(ANSWER)):
        return False, replace(without_answer(heard), intent=DATA[EXPORT_ASKED], agreed=True)
    draft.lead(draft.text("export_no"))
    return True, without_answer(heard)


def confirm_delete(draft: Draft, state: DialogueState, heard: Heard) -> bool:
    """The answer to "shall I delete everything?": True when it was yes and everything is gone. Anything but a yes deletes nothing."""
    if heard.answer == "yes" and not heard.told and not any(finding.code == "no" for finding in heard.of(ANSWER)):
        after = after_of(state)
        state.new_case()
        state.previous, state.faq_topic, state.misunderstood, state.fears = None, None, 0, 0
        draft.effects.append(DELETE_EFFECT)
        if after:
            draft.lead(draft.kit.answers.reminder("crisis" if after == "crisis" else "emergency", draft.country))
        draft.add(draft.text("delete_done"))
        return True
    if heard.answer is not None:
        draft.lead(draft.text("delete_no"))
    return False


def without_answer(heard: Heard) -> Heard:
    """The message once its answer about deletion is taken: it answers no other question."""
    intent = "" if heard.answer is not None and heard.intent in ("affirm", "deny", "unsure", *DATA.values()) else heard.intent
    return replace(heard, intent=intent, findings=tuple(finding for finding in heard.findings if finding.kind != ANSWER))


def say_fear(draft: Draft, state: DialogueState, heard: Heard) -> bool:
    """A fear is heard, explained and never mocked; after the second time in fewer words."""
    if not heard.afraid:
        return False
    state.fears += 1
    if heard.asked.answered:
        return False
    if state.fears > 2:
        draft.lead(draft.text("fear_short"))
    else:
        text = draft.kit.answers.small_talk("fear", draft.country, seed=state.fears - 1)
        draft.add(text.rsplit("Shall we", 1)[0].strip())     # what is offered or asked comes after it
    return True


def ask_for_a_person(draft: Draft, state: DialogueState) -> str:
    """Ask for a person of the staff, where there is a staff; what is said of it, with the truth about who is there."""
    staff = draft.kit.extra.get("staff")
    if staff is None:
        return draft.text("talk_to_human")
    draft.effects.append(HAND_OVER)
    there = staff.is_open(datetime.fromisoformat(state.last_at))
    return draft.text({True: "human_there", False: "human_away"}.get(there, "human_unknown"), hours=staff.in_words())


def chat(draft: Draft, state: DialogueState, heard: Heard) -> bool:
    """Small talk, a message without words, another language, a question out of scope: answered in words; False for anything else."""
    code = {"empty": "silence", "emoji": "emoji_only", "signs": "gibberish"}.get(heard.shape)
    if code is None and heard.intent == "out_of_scope" and not heard.told:
        refuse(draft, heard)
        return True
    if heard.intent == "talk_to_human":
        draft.add(ask_for_a_person(draft, state))
        return True
    if code is None and heard.intent in ("greet", "thank", "goodbye", "are_you_human", "insult", "chitchat", "gibberish", "help",
                                         "typed_command", "other_language", "minimise"):
        code = SMALL_TALK[heard.intent]
    if code is None or (heard.told and code in ("chitchat", "gibberish", "emoji_only", "other_language", "greet", "minimise")):
        return False
    draft.add(draft.small_talk(code, after=after_of(state)))
    return True
