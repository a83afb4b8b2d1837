"""A patient who answers at random, corrects himself and wanders off: never stuck, nothing lost, nothing lowered without a withdrawal."""
from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.support.build import Talk, answer, edit, lasting, no, place, sig, sym, trig, words
from twitchwise.vocabulary.codes import load_codes

CODES = load_codes()
MOST_TURNS = 30
#: A symptom that raises its flag alone, whatever else is known.
STATED = {
    "breathing_difficulty": "breathing_difficulty", "chest_pain": "chest_pain", "seizure": "seizure", "lockjaw": "lockjaw",
    "poisoning": "poisoning", "suicidal_thoughts": "suicidal_thoughts", "rapid_weakness": "rapid_weakness",
    "saddle_numbness": "cauda_equina", "atrophy": "atrophy", "weight_loss": "weight_loss", "spreading": "spreading",
    "swallowing_difficulty": "swallowing_difficulty", "dark_urine": "dark_urine", "weakness": "progressive_weakness",
}
MILD = ["atrophy", "weight_loss", "spreading", "weakness", "swallowing_difficulty", "dark_urine"]
QUIET = ["numbness", "tingling", "cramping", "fatigue", "pain", "headache"]
CHATTER = ["greet", "thank", "insult", "chitchat", "help", "are_you_human", "fear", "minimise", "why_ask", "explain_question", "what_found",
           "out_of_scope", "other_language", "gibberish", "talk_to_human", "get_summary", "typed_command", "describe_symptoms", None]


class Patient(RuleBasedStateMachine):
    """The path so far; `stated`: flags that were said and not taken back."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk()
        self.stated: set[str] = set()
        self.lowered = False
        self.level: str | None = None
        self.turns = 0
        self.ended = False

    def hear(self, text: str, *findings: object, lowers: bool = False, **more: object) -> None:
        self.lowered = lowers
        self.level = self.talk.state.level
        self.talk.say(text, *findings, **more)
        self.count()

    def count(self) -> None:
        self.turns += 1
        self.ended = self.ended or not self.talk.turn.check_open

    @initialize(days=st.sampled_from([1, 4, 13, 14, 15, 60]), code=st.sampled_from(["calf", "eyelid", "thumb", "whole_body"]))
    def opening(self, days: int, code: str) -> None:
        self.hear("it twitches", sym("twitching"), place(code), lasting(days), intent="describe_symptoms")
        assert self.talk.turn.check_open

    def going(self) -> bool:
        return self.turns < MOST_TURNS

    @precondition(going)
    @rule(code=st.sampled_from(["yes", "no", "unsure", "partly"]))
    def answers(self, code: str) -> None:
        pending = bool(self.talk.state.case.pending_withdrawal)
        self.hear(code, answer(code), lowers=pending, intent={"yes": "affirm", "no": "deny"}.get(code, "unsure"))
        if pending:
            self.stated &= set(self.talk.turn.slots["red_flags"])

    @precondition(going)
    @rule()
    def says_no_for_a_while(self) -> None:
        for _ in range(3):
            if self.going() and not self.talk.state.case.pending_withdrawal:
                self.answers_no()

    def answers_no(self) -> None:
        self.hear("no", answer("no"), intent="deny")

    @precondition(going)
    @rule(code=st.sampled_from(MILD))
    def states_a_sign(self, code: str) -> None:
        self.hear("there is this", sym(code), intent="describe_symptoms")
        self.stated.add(STATED[code])

    @precondition(going)
    @rule(code=st.sampled_from(sorted(set(STATED) - set(MILD))))
    def states_an_emergency(self, code: str) -> None:
        self.hear("help", sym(code), intent="describe_symptoms")
        self.stated.add(STATED[code])
        assert self.talk.turn.slots["triage_level"] == "emergency"
        assert "999" in words(self.talk.turn)

    @precondition(going)
    @rule(code=st.sampled_from(QUIET), trigger=st.sampled_from(CODES.triggers))
    def tells_more(self, code: str, trigger: str) -> None:
        self.hear("and this", sym(code), trig(trigger), intent="describe_symptoms")

    @precondition(going)
    @rule(days=st.sampled_from([2, 10, 20, 90]))
    def corrects_the_time(self, days: int) -> None:
        self.hear("sorry, so many days", edit(), lasting(days), lowers=True, intent="correct_something")
        assert self.talk.turn.slots["duration_days"] == days

    @precondition(going)
    @rule(code=st.sampled_from(["thigh", "calf", "hand"]))
    def corrects_the_place(self, code: str) -> None:
        self.hear("sorry, the other one", edit(), place(code), lowers=True, intent="correct_something")
        self.stated.discard("spreading")

    @precondition(going)
    @rule(code=st.sampled_from(sorted(STATED)))
    def takes_back(self, code: str) -> None:
        held = STATED[code] in self.talk.turn.slots["red_flags"]
        asked_back = code in self.talk.state.case.pending_withdrawal      # saying it a second time confirms it
        self.hear("that was wrong", edit("take_back", code), no(code), lowers=True, intent="take_back")
        if held and CODES.red_flags[STATED[code]] == "emergency" and not asked_back:
            assert STATED[code] in self.talk.turn.slots["red_flags"], "an emergency fell without being asked back"
            assert self.talk.turn.slots["triage_level"] == "emergency"
        else:
            self.stated.discard(STATED[code])

    @precondition(going)
    @rule(intent=st.sampled_from(CHATTER))
    def wanders_off(self, intent: str | None) -> None:
        self.hear("something else", intent=intent)

    @precondition(going)
    @rule(topic=st.sampled_from(CODES.faq_topics))
    def asks_a_question(self, topic: str) -> None:
        self.hear("what about it?", intent=f"ask_{topic}", topics=((topic, 0.8),))
        assert self.talk.turn.slots["faq_topic"] == topic

    @precondition(going)
    @rule(text=st.sampled_from(["", "   ", "🙂", "???", "12", "\u0000", "x" * 500]))
    def sends_noise(self, text: str) -> None:
        self.hear(text)

    @precondition(going)
    @rule()
    def feels_better(self) -> None:
        self.hear("it is over", sig("resolved_now"), sig("tests_normal"), intent="minimise")

    @precondition(going)
    @rule(days=st.sampled_from([0.01, 0.5]), intent=st.sampled_from(["later", "stop_check", "goodbye"]))
    def goes_away(self, days: float, intent: str) -> None:
        self.hear("later", intent=intent)
        assert not self.talk.turn.check_open
        if self.going():
            self.hear("go on", intent="start_check", after=timedelta(days=days))

    @precondition(going)
    @rule(data=st.data())
    def presses_a_button(self, data: st.DataObject) -> None:
        buttons = [button.title for reply in self.talk.turn.replies for button in reply.buttons
                   if '"start_over"' not in button.payload and '"delete_my_data"' not in button.payload]
        if buttons and not self.talk.state.case.pending_withdrawal and self.talk.state.awaiting != "delete":
            self.lowered, self.level = False, self.talk.state.level
            self.talk.press(data.draw(st.sampled_from(buttons)))
            self.count()

    @rule()
    def waits(self) -> None:
        """Nothing happens: a rule that is always possible."""

    @invariant()
    def no_stated_flag_is_lost(self) -> None:
        if self.talk.turn is not None:
            flags = set(self.talk.turn.slots["red_flags"])
            if "rapid_weakness" in flags:
                flags.add("progressive_weakness")     # the more specific flag stands for it
            assert self.stated <= flags

    @invariant()
    def the_level_never_falls_alone(self) -> None:
        if self.talk.turn is not None and not self.lowered:
            assert CODES.rank(self.talk.turn.slots["triage_level"]) >= CODES.rank(self.level)

    @invariant()
    def slots_agree(self) -> None:
        turn = self.talk.turn
        if turn is None:
            return
        assert turn.check_open == (turn.requested_slot is not None)
        if turn.slots["triage_level"] == "emergency":
            assert turn.requested_slot is None
        flags = turn.slots["red_flags"]
        assert CODES.rank(turn.slots["triage_level"]) >= max((CODES.rank(CODES.red_flags[flag]) for flag in flags), default=-1)
        if turn.check_open:
            assert turn.replies[-1].text.rstrip().endswith("?"), "the question of the check comes last"

    def teardown(self) -> None:
        """Whoever goes on for thirty turns has a level or an explicit stop."""
        if self.talk.turn is None:
            return
        while self.turns < MOST_TURNS and self.talk.turn.check_open:
            self.hear("no", answer("no"), intent="deny")
        assert self.ended, "still asking after thirty turns"
        level, phase = self.talk.turn.slots["triage_level"], self.talk.state.phase
        assert self.talk.turn.check_open or level is not None or phase in ("stopped", "paused")


TestPatient = Patient.TestCase
TestPatient.settings = settings(max_examples=60, stateful_step_count=MOST_TURNS, deadline=None,
                                suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
