"""Body functions (speech, grip, swallowing) are no symptom by themselves: a cue of trouble or of health decides."""

from __future__ import annotations

from dataclasses import replace

from .clauses import Clauses
from .cues import Cue, Cues
from .mentions import Mention
from .patterns import Words


def resolve(mentions: list[Mention], words: Words, clauses: Clauses, cues: Cues) -> list[Mention]:
    """Function words become symptoms that are there (a problem cue) or denied (a fine cue); others fall out."""
    result = []
    for mention in mentions:
        if mention.kind != "function":
            result.append(mention)
            continue
        resolved = _resolve(mention, mentions, words, clauses, cues)
        if resolved:
            result.append(resolved)
    return sorted(result, key=lambda item: (item.first, item.last))


_A_TROUBLE = frozenset(["problem", "issue", "struggle", "trouble"])


def _resolve(mention: Mention, mentions: list[Mention], words: Words, clauses: Clauses, cues: Cues) -> Mention | None:
    problem = cues.scope("problem", mention.first, mention.last)
    fine = cues.scope("fine", mention.first, mention.last)
    if fine and fine.first and words.texts[fine.first - 1] in ("less", "not", "worse", "never", "hardly"):
        fine = None  # 'carries me less good'
    if fine and words.phrase(max(0, fine.first - 2), fine.first).split()[-1:] in (["it"], ["this"], ["that"], ["it is"]) and clauses.is_question(fine.first):
        fine = None  # 'is it normal that my words come out mushy?'
    if fine and _is_ability(fine, words) and not _ability_done(mention, words, clauses):
        fine = None
    said = words.texts[max(mention.last, problem.first - 2) : problem.last] if problem else ()
    ends = {"until", "before", "now", "lately", "anymore", "longer"} & set(words.texts[slice(*clauses.bounds(mention.first))])
    if problem and {"never", "not"} & set(said) and _A_TROUBLE & set(said) and not ends:
        fine, problem = fine or problem, None  # 'swallowing has never been a problem'
    if problem and fine:
        # the nearer one speaks of this function: 'speech is fine, swallowing is hard'
        if _distance(problem, mention) <= _distance(fine, mention) and not _inside(problem, fine):
            fine = None
        else:
            problem = None
    denied = cues.scope("negation", mention.first, mention.last)
    if not problem and not fine and mention.entry.id.endswith("/choke") and denied and mention.first - denied.last in range(0, 4):
        return replace(mention, entry=replace(mention.entry, kind="symptom", says="absent"), resolved="fine")
    if fine:
        return replace(mention, entry=replace(mention.entry, kind="symptom", says="absent"), resolved="fine")
    if problem and mention.code == "weakness" and _distance(problem, mention) > 4 and _out_of_breath(mention, mentions, clauses):
        return None  # 'my problem is: I take stairs and must stop for air'
    if problem:
        first = min(mention.first, problem.first) if problem.first < mention.first and problem.last >= mention.first - 3 else mention.first
        return replace(mention, entry=replace(mention.entry, kind="symptom"), first=first, resolved="problem")
    return None


def _out_of_breath(mention: Mention, mentions: list[Mention], clauses: Clauses) -> bool:
    return any(other.code == "breathing_difficulty" and other.kind == "symptom" and clauses.sentence[other.first] == clauses.sentence[mention.first]
               for other in mentions)


def _is_ability(cue: Cue, words: Words) -> bool:
    return words.texts[cue.first] in ("can", "able")


def _ability_done(mention: Mention, words: Words, clauses: Clauses) -> bool:
    """'can walk' alone says little; 'can walk fine' says that it works."""
    after = words.texts[mention.last : mention.last + 5]
    return bool(set(after) & {"fine", "normally", "ok", "easily", "perfectly", "well", "properly", "without", "clearly", "still"})


def _distance(cue: Cue, mention: Mention) -> int:
    return mention.first - cue.last if cue.last <= mention.first else max(0, cue.first - mention.last)


def _inside(inner: Cue, outer: Cue) -> bool:
    """'no problems with ...' holds 'problems with': the whole is the fine cue."""
    return outer.first <= inner.first and inner.last <= outer.last + 1
