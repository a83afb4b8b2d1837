"""Codes in words, for the staff."""
from __future__ import annotations

from datetime import datetime, timedelta

from twitchwise.records.views import FindingView
from twitchwise.triage.explain import name_of
from twitchwise.triage.rules import load_rules

LEVELS = {
    "emergency": "Emergency", "urgent": "Today", "neurologist": "Soon, with a neurologist", "see_gp": "Ordinary appointment",
    "self_care": "Self care",
}
KINDS = {"red_flag": "Warning sign", "person_asked": "Asked for a person"}
CHANNELS = {"web": "Web page", "telegram": "Telegram", "rest": "Program (REST)"}
_ASSERTIONS = {"absent": "denied", "possible": "perhaps", "hypothetical": "only feared or asked about", "historical": "in the past",
               "family": "of somebody in the family"}
ACTIONS = {
    "acknowledge": "picked it up", "close": "closed it", "note": "wrote a note", "take_over": "took over", "end_hand_over": "ended the hand-over",
    "answer": "answered", "see_case": "looked at the case", "see_conversation": "read the conversation", "see_list": "looked at the list",
    "see_table": "looked at a table", "sign_in": "signed in", "sign_in_failed": "tried to sign in", "locked": "was locked out",
    "sign_out": "signed out", "account_added": "made an account", "account_removed": "removed an account",
    "account_deactivated": "shut an account out", "account_activated": "let an account in", "password_set": "set a password",
}


def level(code: str) -> str:
    """A level in words."""
    return LEVELS.get(code, code.replace("_", " "))


def flag(code: str) -> str:
    """A red flag in words."""
    name = name_of(code)
    return name[:1].upper() + name[1:]


def finding(found: FindingView) -> str:
    """'Twitching, left; since 3 days (denied)'."""
    name = name_of(found.code) if found.code else found.kind.replace("_", " ")
    if found.kind == "duration":
        name = "how long"
    parts = [name[:1].upper() + name[1:]]
    if found.laterality:
        parts.append(found.laterality)
    if found.days is not None:
        parts.append(f"{found.days:g} days")
    if found.onset:
        parts.append(f"began {found.onset}")
    said = _ASSERTIONS.get(found.assertion or "") or (found.role if found.role not in (None, "site", "course") else "")
    return ", ".join(parts) + (f" ({said.replace('_', ' ')})" if said else "")


def said(code: str) -> str:
    """What an escalation says was told: 'symptom:weakness:present' as 'weakness'."""
    kind, _, rest = code.partition(":")
    name, _, assertion = rest.partition(":")
    name = f"{name} days" if kind == "duration" and name.replace(".", "").isdigit() else name_of(name or kind)
    state = _ASSERTIONS.get(assertion, "")
    return name + (f" ({state})" if state else "")


def rule(identity: str) -> dict[str, str]:
    """What a rule says and where it is from; of a rule that is not there any more its name only."""
    rules = load_rules()
    for each in (*rules.red_flags, *rules.modifiers, *rules.amber):
        if each.id == identity:
            return {"id": identity, "explain": each.explain, "source": each.source}
    return {"id": identity, "explain": "", "source": ""}


def ago(moment: datetime, now: datetime) -> str:
    """'4 min', '3 h', '2 days'."""
    passed = max(now - moment, timedelta())
    if passed < timedelta(hours=1):
        return f"{int(passed.total_seconds() // 60)} min"
    if passed < timedelta(days=2):
        return f"{int(passed.total_seconds() // 3600)} h"
    return f"{passed.days} days"
