"""The result of the check, and what is known so far: one text in light markdown and a card."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twitchwise.dialogue.draft import Draft
from twitchwise.dialogue.model import Button
from twitchwise.dialogue.returning import compared, date_in_words
from twitchwise.dialogue.state import DONE, DialogueState
from twitchwise.triage import Assessment, Explanation, explain, name_of
from twitchwise.triage.explain import words as explain_words
from twitchwise.triage.questions import FLAG, load_questions
from twitchwise.vocabulary.codes import load_codes

#: With many denials only the most telling are listed.
MOST_NOT_FOUND = 8
MOST_STEPS = 6


def level_of_result(state: DialogueState, after: Assessment) -> str:
    """The level at the end of the check: what the rules say, and what a returning person who is worse reaches."""
    # A warning sign that could not be asked about keeps nobody at home.
    unknown = "see_gp" if unknown_signs(state) else "self_care"
    return load_codes().highest([after.level, state.floor or "self_care", unknown]) or after.level


def unknown_signs(state: DialogueState) -> list[str]:
    """Questions about a warning sign that were put, and never understood."""
    entries = load_questions().entries
    return [entry.code for entry in entries if entry.code in state.given_up and entry.kind == FLAG]


def say_result(draft: Draft, state: DialogueState, after: Assessment) -> None:
    """End the check with its result."""
    state.leave_check(DONE)
    level = level_of_result(state, after)
    explanation = explain(state.case, after)
    draft.add(_text(draft, state, after, explanation, level), buttons=_buttons(draft, level), card=card(draft, state, level, explanation))


def say_update(draft: Draft, state: DialogueState, after: Assessment, old_level: str | None) -> None:
    """New facts after the result: the new advice, or that it stays."""
    level = level_of_result(state, after)
    rank = load_codes().rank
    if rank(level) > rank(old_level) or (old_level and level != old_level):
        state.leave_check(DONE)
        explanation = explain(state.case, after)
        draft.lead(draft.text("updated"))
        draft.add(_text(draft, state, after, explanation, level, short=True), buttons=_buttons(draft, level),
                  card=card(draft, state, level, explanation))
        return
    draft.add(draft.text("unchanged", advice=draft.fill(draft.kit.texts.data["levels"][level]["advice"])), buttons=_buttons(draft, level))


def found_so_far(draft: Draft, state: DialogueState, after: Assessment) -> str:
    """What is known, in the middle of things or after the end."""
    explanation = explain(state.case, after)
    if not explanation.findings_said:
        return draft.text("nothing_found_yet")
    parts = [draft.text("found_so_far"), _bullets(draft.text("head_said"), explanation.findings_said)]
    reasons = [line.text for line in explanation.reasons]
    if reasons or state.phase == DONE:
        parts.append(_bullets(draft.text("head_why"), reasons or [draft.text("why_self_care")]))
    if state.level:
        parts.append(draft.text("found_advice", advice=draft.fill(draft.kit.texts.data["levels"][state.level]["advice"])))
    if state.phase != DONE and state.level != "emergency":
        parts.append(draft.text("found_unfinished" if state.level else "found_early"))
    return "\n\n".join(parts)


def _text(draft: Draft, state: DialogueState, after: Assessment, explanation: Explanation, level: str, *, short: bool = False) -> str:
    """`short`: only what to do, why, and when to look again."""
    data = draft.kit.texts.data["levels"][level]
    do = data["do"] if state.case.person.is_self else data.get("do_other", data["do"])
    parts = [f"**{data['title']}**\n{draft.fill(do)}"]
    if explanation.findings_said and not short:
        parts.append(_bullets(draft.text("head_said"), explanation.findings_said))
    parts.append(_bullets(draft.text("head_why"), _why(draft, state, after, explanation, level)))
    if compare := compared(draft, state, state.case):
        parts.append(_bullets(f"{draft.text('head_compared')} ({date_in_words((state.previous or {})['at'])})", compare))
    if explanation.not_found and not short:
        parts.append(_bullets(draft.text("head_not_found"), [line.text for line in explanation.not_found][:MOST_NOT_FOUND]))
    if explanation.would_change and not short:
        parts.append(_bullets(draft.text("head_change"), watch(draft, explanation)))
    if level in ("self_care", "see_gp"):
        parts.append(_steps(draft, explanation.self_care))
    if state.fears and not short:
        parts.append(draft.text("anxious"))
    again = explain_words()["look_again"][level]
    parts.append(f"**{draft.text('head_again')}**\n{again} {draft.text('not_diagnosis')}")
    return "\n\n".join(part for part in parts if part)


def watch(draft: Draft, explanation: Explanation) -> list[str]:
    """The signs that would raise the level, one line for each level, the most urgent first."""
    signs: dict[str, list[str]] = {}
    for line in explanation.would_change:
        signs.setdefault(line.level or "", []).append(name_of(line.code))
    heads = draft.kit.texts.data["watch"]
    return [f"{draft.fill(heads[level])} {'; '.join(names)}." for level, names in signs.items()]


def _why(draft: Draft, state: DialogueState, after: Assessment, explanation: Explanation, level: str) -> list[str]:
    why = [line.text for line in explanation.reasons]
    if unknown_signs(state):
        why.append(draft.text("why_unknown"))
    elif load_codes().rank(level) > load_codes().rank(after.level):
        why.insert(0, draft.text("worse_reason"))
    if state.case.has("lost_function"):
        why.append(draft.text("lost_function"))
    elif state.case.assertion("lost_function") == "absent" and state.case.has("weakness"):
        why.append(draft.text("kept_function"))
    if any(fact.assertion == "possible" and fact.source == "answer" for _, fact in state.case):
        why.append(draft.text("why_unsure"))
    return list(dict.fromkeys(why)) or [draft.text("why_self_care")]


def _steps(draft: Draft, triggers: Sequence[str]) -> str:
    """What to try: the steps for the triggers named, with their cautions; the general ones where none was named."""
    care = draft.kit.answers.self_care
    chosen = [care.triggers[code] for code in triggers if code in care.triggers][:3] or [care.general]
    parts = [f"**{draft.text('head_do')}**"]
    each = max(2, MOST_STEPS // len(chosen))
    for steps in chosen:
        lines = [f"- {draft.kit.answers.fill(step, draft.country)}" for step in steps.steps[:each]]
        lines.append(f"- *{draft.kit.answers.fill(steps.caveat, draft.country)}*")
        parts.append("\n".join([f"{steps.title}:", *lines] if len(chosen) > 1 or triggers else lines))
    return "\n".join(parts)


def _bullets(head: str, lines: Sequence[str]) -> str:
    return "\n".join([f"**{head}**", *(f"- {line}" for line in lines)])


def _buttons(draft: Draft, level: str) -> list[Button]:
    topics = draft.kit.texts.data["next_topics"].get(level, ())
    return [*(draft.topic_button(code) for code in topics), draft.button("summary", intent="get_summary"),
            draft.button("start_over", intent="start_over")]


def card(draft: Draft, state: DialogueState, level: str, explanation: Explanation) -> dict[str, Any]:
    """The result for channels that show cards: codes and plain strings only."""
    data = draft.kit.texts.data["levels"][level]
    numbers = draft.kit.answers.numbers(draft.country)
    links = numbers.tel if level == "emergency" else numbers.advice_tel if level == "urgent" else ()
    return {
        "kind": "result", "level": level, "title": data["title"], "colour": data["colour"], "icon": data["icon"],
        "do": draft.fill(data["do"]), "said": list(explanation.findings_said), "why": [line.text for line in explanation.reasons],
        "not_found": [line.text for line in explanation.not_found], "would_change": watch(draft, explanation),
        "self_care": list(explanation.self_care), "look_again": explain_words()["look_again"][level],
        "tel": [{"label": link.label, "tel": link.tel} for link in links],
    }  # fmt: skip
