"""Triage: findings -> case -> assessment -> next question and explanation. Pure: no clock, no network, no Rasa, no spaCy."""
from __future__ import annotations

from twitchwise.triage.case import Case, Course, Fact, Person, Place
from twitchwise.triage.engine import Assessment, Reason, assess
from twitchwise.triage.explain import Explanation, Line, ask_back, explain, name_of
from twitchwise.triage.questions import Question, QuickReply, get_question, next_question, question_codes
from twitchwise.triage.update import WITHDRAWAL, CaseUpdate, Change, assess_findings, update_case

__all__ = [
    "WITHDRAWAL", "Assessment", "Case", "CaseUpdate", "Change", "Course", "Explanation", "Fact", "Line", "Person", "Place", "Question",
    "QuickReply", "Reason", "ask_back", "assess", "assess_findings", "explain", "get_question", "name_of", "next_question",
    "question_codes", "update_case",
]
