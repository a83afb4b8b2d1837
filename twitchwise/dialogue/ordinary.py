"""A turn without an emergency: questions answered, digressions served, the check led on, resumed, stopped or ended."""
from __future__ import annotations

import re

from twitchwise.dialogue import check, returning
from twitchwise.dialogue.corrections import advice_of
from twitchwise.dialogue.digress import answer_questions, chat, data_request, explain_open, refuse, say_fear
from twitchwise.dialogue.draft import Draft
from twitchwise.dialogue.intake import Heard
from twitchwise.dialogue.model import Message
from twitchwise.dialogue.result import found_so_far, say_result, say_update
from twitchwise.dialogue.safety import News
from twitchwise.dialogue.state import CHANGED, CHECK, DATA, DONE, IDLE, OFFER, PAUSED, STOPPED, WHICH_MUSCLE, DialogueState
from twitchwise.triage import Assessment, CaseUpdate, Person, explain
from twitchwise.triage.wording import words_for
from twitchwise.understanding.findings import HYPOTHETICAL

#: In these the person asks for no more questions.
_LEAVING = frozenset({"stop_check", "later", "goodbye"})
_NOISE = frozenset({"gibberish"})
_GO_ON = re.compile(r"\b(?:go on|carry on|keep going|continue|resume)\b")


class Ordinary:
    """One turn. `after` may change on the way, when a question is left open."""

    def __init__(self, draft: Draft, state: DialogueState, heard: Heard, update: CaseUpdate, news: News, after: Assessment, *,
                 message: Message, message_id: str, awaiting: str | None, back: str | None, took: bool, restarted: bool,
                 old_level: str | None, kept: bool = False) -> None:
        self.draft, self.state, self.heard, self.update, self.news, self.after = draft, state, heard, update, news, after
        self.message, self.message_id, self.awaiting, self.back = message, message_id, awaiting, back
        self.took, self.restarted, self.old_level = took, restarted, old_level
        #: The message said that nothing is to be deleted.
        self.kept = kept
        #: Whether the message was meant as an answer and not understood.
        self.missed = False
        self.started = state.phase
        self.question = check.open_question(state, state.case)
        #: Back after days, and there is nothing left to check.
        self.gone = awaiting == CHANGED and state.case.assertion("twitching") == "absent" and not state.case.symptoms_present()
        self.agreed = heard.intent == "start_check" or (awaiting == OFFER and heard.answer in ("yes", "partly")) or (
            # "OK, go on" some turns after the offer.
            state.phase in (STOPPED, PAUSED) and heard.intent == "affirm" and bool(_GO_ON.search(heard.text.lower())))
        #: Whether the check will be open after this turn, so that its question comes last.
        self.opens = self._opens()

    def _opens(self) -> bool:
        if self.heard.other is not None:
            return False
        if self.heard.intent in _LEAVING and not (self.heard.intent == "goodbye" and self.heard.reports):
            return False
        if self.gone:
            return False
        if self.agreed or self.state.phase == CHECK:
            return True
        if self.state.phase == STOPPED or (self.state.stopped and self.state.phase == DONE):
            return False
        replied = self.awaiting == CHANGED and not self.heard.asked.answered and self.heard.intent not in ("thank", "greet")
        told = self.heard.reports or replied
        if self.state.phase == PAUSED:
            resumes = self.heard.told or self.heard.answer is not None or bool(self.update.withdrawn) or (
                self.heard.intent in ("greet", "start_check") or (self.back is not None and not self.heard.asked.answered))
            return told or resumes
        return told or self._wonders() or bool(self.update.withdrawn and not self.state.stopped)

    def _wonders(self) -> bool:
        """ "Can I ask about a cheek that twitches?": no question that has an answer here, so the check is what helps."""
        heard = self.heard
        return self.state.phase == IDLE and not heard.asked.answered and heard.intent in ("", "help", "describe_symptoms") and any(
            finding.code == "twitching" and finding.assertion == HYPOTHETICAL for finding in heard.findings)

    def serve(self) -> Assessment:
        """Say everything; the assessment as it is afterwards."""
        draft, state, heard = self.draft, self.state, self.heard
        if state.phase in (CHECK, PAUSED):
            state.asked_turns += 1
        if self.back and not self.restarted:
            returning.say_welcome(draft, state, self.back)
        afraid = say_fear(draft, state, heard)
        served = self._digressions() or self.kept
        if state.awaiting in DATA:
            return self.after      # asked by itself; the check's question waits
        if heard.intent in _LEAVING and not self.opens:
            self._leave()
            return self.after
        if self.opens:
            self._check(served or afraid)
        else:
            self._beside(served, afraid)
        return self.after

    # -- beside the check ------------------------------------------------------------------------
    def _digressions(self) -> bool:
        """Whatever was asked beside the check; True when something was answered."""
        draft, state, heard = self.draft, self.state, self.heard
        if answer_questions(draft, state, heard):
            return True
        if explain_open(draft, heard, self.question):
            return True
        if heard.intent == "what_found":
            draft.add(found_so_far(draft, state, self.after))
            return True
        if data_request(draft, state, heard, self.after):
            return True
        if heard.intent == "out_of_scope" and heard.told and "?" in heard.text and not heard.reports:
            refuse(draft, heard)
            return True
        if self._noise() and self.started == CHECK:
            return False
        if heard.intent == "goodbye" and (heard.reports or self.opens):
            return False
        if self.back and heard.intent == "greet":
            return False      # welcomed already
        if heard.intent == "minimise" and not self.after.flag_level:
            if self.update.answered:
                return False
            draft.lead(draft.text("played_down"))
            return True
        if heard.intent == "minimise" and self.update.answered:
            return False
        if heard.intent == "chitchat" and self.started == CHECK and not heard.told:
            draft.lead(draft.text("chat_inside"))
            return True
        if heard.intent == "greet" and self.opens and self.started in (CHECK, PAUSED) and not heard.told:
            draft.lead(draft.text("greet_inside"))
            return True
        advice = self._standing_advice()
        if heard.intent == "thank" and self.started == CHECK and not advice and not heard.told:
            draft.lead(draft.text("thank_inside"))
            return True
        if heard.intent in ("thank", "goodbye") and advice and not heard.told:
            draft.add(draft.text(f"{heard.intent}_flags", advice=advice))
            return True
        return not self.restarted and chat(draft, state, heard)

    def _standing_advice(self) -> str | None:
        """The advice that a warning sign or the result has given, None where it is only to look after oneself."""
        level = self.after.flag_level or (self.old_level if self.started == DONE else None)
        return advice_of(self.draft, level) if level not in (None, "self_care") else None

    def _noise(self) -> bool:
        return self.heard.shape != "words" or (self.heard.intent in _NOISE and not self.heard.told)

    def _leave(self) -> None:
        """Stop, later, goodbye: no question stays open, the case stays."""
        draft, state, heard = self.draft, self.state, self.heard
        if heard.intent == "stop_check" and self.started == DONE and state.level:
            # There was a result: nothing is left unfinished, and nothing is asked any more.
            state.stopped = True
            draft.add(draft.text("after_result", advice=advice_of(draft, state.level)))
        elif heard.intent == "stop_check":
            state.leave_check(STOPPED)
            state.stopped = True
            advice = self._standing_advice()
            words = draft.text("stopped_flags", advice=advice) if advice else draft.small_talk("stopped")
            draft.add(words, buttons=[draft.button("go_on", intent="start_check")])
        elif heard.intent == "later":
            if state.phase in (CHECK, PAUSED):
                state.leave_check(PAUSED)
            draft.add(draft.small_talk("later"), buttons=[draft.button("go_on", intent="start_check")] if state.phase == PAUSED else ())
        elif state.phase == CHECK:
            state.leave_check(PAUSED)
            draft.add(draft.text("paused_on"), buttons=[draft.button("go_on", intent="start_check")])

    def _beside(self, served: bool, afraid: bool) -> None:
        """No question of the check follows: offer what makes sense."""
        draft, state, heard = self.draft, self.state, self.heard
        if self.restarted:
            state.awaiting = WHICH_MUSCLE
            return
        if self.gone and not served:
            draft.add(draft.text("still_gone"))
            return
        if served or afraid:
            state.misunderstood = 0 if not self._noise() else state.misunderstood + 1
            self._close(afraid)
            return
        if self.awaiting == OFFER and heard.answer in ("no", "unsure"):
            draft.add(draft.text("offer_no"))
            return
        if self.back:
            self._ask_what_changed()
            return
        if self.news or self.took or heard.told:
            state.misunderstood = 0
            if state.phase == STOPPED:
                draft.add(draft.text("stopped_report"), buttons=[draft.button("go_on", intent="start_check")])
            elif state.phase == DONE:
                say_update(draft, state, self.after, self.old_level)
            elif not state.case.is_empty:
                self._offer()
            else:
                self._which(draft.text("told_nothing"))
            return
        if heard.other is not None:
            other = heard.other
            person = Person(other.code, other.detail.get("relation"), other.detail.get("pronoun"))
            draft.add(draft.text("other_person", them_now=words_for(person)["you"]))
            return
        if state.phase == DONE and heard.answer is not None and state.level:
            draft.add(draft.text("after_result", advice=advice_of(draft, state.level)))
            return
        if heard.intent == "describe_symptoms":
            self._which(draft.text("told_nothing"))
            return
        self._unclear()

    def _close(self, afraid: bool) -> None:
        """After an answer outside the check: a way on, never a push."""
        draft, state, heard = self.draft, self.state, self.heard
        if self.back == returning.NEXT_CASE:
            self._ask_what_changed()
        elif state.phase == PAUSED:
            state.awaiting = OFFER
            draft.add(draft.text("paused_on"), buttons=[draft.button("go_on", intent="start_check")])
        elif state.phase == STOPPED or heard.intent in ("thank", "goodbye", "talk_to_human", "other_language", "insult", "delete_my_data"):
            return
        elif state.misunderstood > 1:
            self._unclear()
        elif state.phase == IDLE and heard.intent == "greet":
            self._which("")
        elif state.phase == IDLE and afraid:
            state.awaiting = OFFER
            draft.add(draft.text("after_fear"), buttons=[draft.button("start", intent="start_check"),
                                                         draft.button("worry", topic="when_to_worry")])
        elif state.phase == IDLE and heard.asked.answered:
            state.awaiting = OFFER
            draft.add(draft.text("offer"), buttons=[draft.button("start", intent="start_check")])
        elif state.phase == IDLE and heard.intent in ("help", "chitchat"):
            state.awaiting = WHICH_MUSCLE

    def _which(self, text: str) -> None:
        """Ask which muscle it is: no question of the check, but a place given to it counts."""
        self.state.awaiting = WHICH_MUSCLE
        draft = self.draft
        buttons = [draft.button("start", intent="start_check"), draft.button("worry", topic="when_to_worry"),
                   draft.button("causes", topic="causes_overview")]
        draft.add(text or draft.text("which_muscle"), buttons=buttons)

    def _offer(self) -> None:
        self.state.awaiting = OFFER
        draft = self.draft
        draft.lead(draft.text("noted"))
        draft.add(draft.text("offer"), buttons=[draft.button("start", intent="start_check")])

    def _ask_what_changed(self) -> None:
        draft, state = self.draft, self.state
        if self.back == returning.RESUMED:
            state.awaiting = OFFER
            draft.add(draft.text("offer_on"), buttons=[draft.button("go_on", intent="start_check")])
            return
        state.awaiting = CHANGED
        draft.add(draft.text("what_changed"), buttons=[
            draft.button("better", symptom=["improving"]), draft.button("same", text="the same as before"),
            draft.button("worse", symptom=["worsening"]), draft.button("gone", text="the twitching has gone away")])

    def _unclear(self) -> None:
        """Not understood: words first, then buttons, then a person."""
        draft, state = self.draft, self.state
        state.misunderstood += 0 if self._noise() and state.misunderstood > 1 else 1
        buttons = [draft.button("start", intent="start_check"), draft.button("worry", topic="when_to_worry"),
                   draft.button("stop_twitch", topic="how_to_stop")]
        if state.misunderstood <= 1:
            state.awaiting = WHICH_MUSCLE if state.phase == IDLE else None
            draft.add(draft.text("unclear"))
        elif state.misunderstood == 2:
            draft.add(draft.text("unclear_buttons"), buttons=buttons)
        else:
            draft.add(draft.text("human_hint"), buttons=[*buttons, draft.button("human", intent="talk_to_human")])

    # -- the check -------------------------------------------------------------------------------
    def _check(self, served: bool) -> None:
        """Start, resume or lead on the check: the next question, or the result."""
        draft, state, heard = self.draft, self.state, self.heard
        if self.agreed:
            state.stopped = False
        fresh = self.started == IDLE
        if fresh:
            state.asked_turns = max(state.asked_turns, 1)
        if heard.intent == "goodbye":
            draft.lead(draft.text("noted"))
        if self.agreed and self.started == DONE:
            check.take_up_again(state)
        if self.started == CHECK and check.too_long(state):
            check.give_up_the_rest(state, self.after)
            draft.lead(draft.text("long_enough"))
            self._ask_or_finish()
            return
        if self.started == DONE and not self.agreed and check.upcoming(state, self.after) is None:
            say_update(draft, state, self.after, self.old_level)
            return
        if self.started == CHECK and not self._progress() and not served:
            self._open_again()
        elif self.started == CHECK:
            state.misunderstood = 0
            if served:
                draft.lead(draft.text("bridge"))
            elif not self.update.answered and not self.took and not self.news:
                draft.lead(draft.text("noted"))
        elif fresh and heard.reports and not self.back:
            state.misunderstood = 0
            said = " ".join(explain(state.case, self.after).findings_said)
            if said:
                draft.lead(draft.text("understood", said=said))
        elif self.started == PAUSED and served:
            draft.lead(draft.text("bridge"))
        if fresh and not heard.reports and not served and not self.back:
            draft.lead(draft.text("start_again"))
        self._ask_or_finish()

    def _progress(self) -> bool:
        """Whether the message answered the open question or told something new."""
        return bool(self.update.answered or self.update.changes or self.took or self.news or self.agreed or self.back
                    or (self.heard.told and self.heard.intent != "gibberish"))

    def _open_again(self) -> None:
        """The open question got something that is no answer."""
        draft, state = self.draft, self.state
        state.misunderstood += 1
        self.missed = True
        noise = self._noise()
        if state.misunderstood > 2:
            draft.lead(draft.text("human_hint"))
        elif noise:
            code = {"empty": "silence", "emoji": "emoji_only"}.get(self.heard.shape)
            draft.lead(draft.small_talk(code) if code else draft.text("noise_check" if state.misunderstood == 1 else "noise_again"))
        if self.question is None:
            return
        if self.question.code == "trigger" and not self._noise():
            # Something was named that the rules do not know: it is a trigger all the same, and nothing hangs on which.
            state.misunderstood = 0
            state.given_up.append("trigger")
            draft.lead(draft.text("noted"))
            return
        if not check.worn_out(state, self.question):
            draft.lead(draft.text("mean_this" if noise else "not_understood", means=self.question.means))

    def _ask_or_finish(self) -> None:
        draft, state = self.draft, self.state
        question = check.upcoming(state, self.after)
        # An answer about deletion is no try at the question that waits behind it.
        while question is not None and not self.kept and check.worn_out(state, question):
            self.after = check.leave_open(draft, state, question, message_id=self.message_id, now=self.message.now, aloud=self.missed)
            question = check.upcoming(state, self.after)
        if question is not None:
            check.ask(draft, state, question)
            return
        state.floor = returning.worse_level(state, self.after) or state.floor
        say_result(draft, state, self.after)


def serve_ordinary(draft: Draft, state: DialogueState, heard: Heard, update: CaseUpdate, news: News, after: Assessment, *,
                   message: Message, message_id: str, awaiting: str | None, back: str | None, corrected: bool, restarted: bool,
                   old_level: str | None, kept: bool = False) -> Assessment:
    """Serve a turn without an emergency; the assessment after it."""
    turn = Ordinary(draft, state, heard, update, news, after, message=message, message_id=message_id, awaiting=awaiting, back=back,
                    took=corrected, restarted=restarted, old_level=old_level, kept=kept)
    return turn.serve()
