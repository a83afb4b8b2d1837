"""Which time of a message says how long the twitching, or where none is told of the complaint, has gone on."""

from __future__ import annotations

from .assertion import Judge
from .choosing import settle
from .durations import TimeExpression
from .events import (
    BEGAN,
    BEGINNINGS,
    CORRECTIONS,
    an_event,
    another_story,
    asks_of_a_cause,
    before_the_twitching,
    clause_of_another_event,
    compares,
    counts_the_days,
    of_a_state,
    of_another_event,
    of_it_all,
    since_an_event,
)
from .findings import ABSENT, FAMILY, HISTORICAL, HYPOTHETICAL, Evidence, Finding
from .places import Said

_COURSE_KINDS = frozenset(["since", "for", "ago"])
_NOT_COMPLAINTS = frozenset({"worsening", "improving", "spreading"})


def find_durations(said: list[Said], judge: Judge, has_place: bool, elsewhere: frozenset[int] = frozenset()) -> list[Finding]:
    """A finding for each time that has a length: role course, episode or other."""
    live = [item for item in said if item.assertion not in (FAMILY, HISTORICAL, ABSENT, HYPOTHETICAL)]
    twitches = [item for item in live if item.mention.code == "twitching"]
    told = twitches or [item for item in live if item.mention.code not in _NOT_COMPLAINTS]
    findings = []
    for first, last, time in judge.times:
        if time.days is None or not time.iso or time.kind in ("age", "future", "rate", "amount") or _of_the_mood(first, last, judge):
            continue
        if judge.clauses.clause[min(first, len(judge.words) - 1)] in elsewhere and not _same_clause(first, live, judge):
            of: tuple[str, ...]
            role, of = "other", ()  # 'started her on tablets last week': the time of the tablets
        else:
            role, of = _role(first, last, time, said, live, bool(twitches), bool(told) or has_place, judge)
        owned = {"owned": True} if _in_the_clause(first, live, judge) else {}
        findings.append(
            Finding(
                kind="duration",
                code="",
                start=time.start,
                end=time.end,
                role=role,
                of=of,
                low=time.low_days,
                high=time.high_days,
                days=time.days,
                iso=time.iso,
                detail={**({"approximate": True} if time.approximate else {}), **({"beside": True} if _same_clause(first, live, judge) else {}), **owned},
                evidence=Evidence(phrase=judge.words.phrase(first, last), rule=time.kind),
            )
        )
    return settle(findings, judge, live)


_MOOD = frozenset(["feel", "feeling", "felt", "brighter", "better", "busy", "tired", "calmer", "happier", "rough", "good", "fine", "ok"])


def _of_the_mood(first: int, last: int, judge: Judge) -> bool:
    """'I feel a good deal brighter today' tells when nothing began."""
    index = min(first, len(judge.words) - 1)
    said = set(judge.words.texts[slice(*judge.clauses.bounds(index))])
    today = bool({"today", "tonight"} & set(judge.words.texts[first:last]))
    return today and bool(_MOOD & said) and not (_ONSETS - {"has", "have", "'ve", "had", "'s", "been"}) & said


_SEEMS = frozenset(["feels", "felt", "feel", "seems", "seemed"])
_LABELS = frozenset([("onset", ":"), ("duration", ":"), ("began", ":"), ("started", ":"), ("since", ":"), ("course", ":")])
#: An answer to "how long?" holds little but its time: 'I think since about June, doctor'.
_FEW_WORDS_BESIDES = 7
#: What makes a month or a season the beginning of something: 'hay fever in June' begins nothing.
_ONSETS = frozenset(
    ["started", "start", "starting", "began", "begun", "beginning", "first", "noticed", "came", "come", "since", "onset", "appeared", "kicked", "been", "ago",
     "back", "from", "has", "have", "'ve", "had", "'s"]
)
_ASKERS = frozenset(["i", "my", "me", "mine", "he", "she", "his", "her", "we", "our", "it", "this", "twitching", "now", "still"])
_GOING_ON = frozenset(["last", "past", "now", "already", "since", "been", "so"])
_ATTACK_DAYS = 0.04  # about an hour
_NEWS = frozenset(["new", "first", "suddenly", "sudden", "joined", "just", "again", "back", "woke", "only"])


def _stands_alone(first: int, last: int, time: TimeExpression, owner: Said, judge: Judge) -> bool:
    """'Day 6, and it keeps me awake', 'no chest pain, 3 days': a time set apart is of what the message is about."""
    texts = judge.words.texts
    opens = time.kind == "for" and first == judge.clauses.bounds(min(first, len(texts) - 1))[0] and texts[last : last + 1] in ((",",), ("and",), ("now",), ())
    closes = owner.assertion == ABSENT and texts[max(0, first - 1) : first] == (",",) and owner.mention.last <= first
    return opens or closes


def _has_been(first: int, judge: Judge) -> bool:
    """'been 6 weeks'; 'as I have been these thirty years' tells how one always was."""
    texts = judge.words.texts
    return "been" in texts[max(0, first - 2) : first + 1] and "as" not in texts[max(0, first - 6) : first]


def _same_sentence(index: int, live: list[Said], judge: Judge, code: str = "") -> bool:
    sentence = judge.clauses.sentence
    return any(item.mention.code == (code or item.mention.code) and sentence[item.mention.first] == sentence[index] for item in live)


def _in_the_clause(first: int, live: list[Said], judge: Judge) -> bool:
    number = judge.clauses.clause[min(first, len(judge.words) - 1)]
    return any(number in (judge.clauses.clause[item.mention.first], judge.clauses.clause[item.mention.last - 1]) for item in live)


def _same_clause(first: int, live: list[Said], judge: Judge) -> bool:
    number = judge.clauses.clause[min(first, len(judge.words) - 1)]
    return any(item.mention.code == "twitching" and judge.clauses.clause[item.mention.first] == number for item in live)


def _role(
    first: int, last: int, time: TimeExpression, said: list[Said], live: list[Said], twitching: bool, told: bool, judge: Judge
) -> tuple[str, tuple[str, ...]]:
    if time.kind == "bout":
        return "episode", ("twitching",)
    if time.kind not in _COURSE_KINDS:
        return "other", ()
    if told and judge.words.texts[max(0, first - 2) : first] in _LABELS:
        return "course", (("twitching",) if twitching else ())  # 'onset: 8 days ago'
    if (
        time.kind == "for" and not twitching and (time.days or 1.0) <= _ATTACK_DAYS
        and not _GOING_ON & set(judge.words.texts[max(0, first - 2) : last + 1])  # 'quarter of an hour now' goes on
    ):
        return "episode", ()  # 'no answer out of her for two minutes': how long an attack took
    index = min(first, len(judge.words) - 1)
    if (
        judge.people.subjects[index] not in ("self", "he", "she", "they")
        and not judge.people.carried[index]
        and judge.people.asked_for is None
        and not any(judge.people.is_background(item.mention) for item in live)  # somebody else's emergency, now
        and not _same_sentence(index, live, judge)  # 'My husband is deaf. The fluttering in his belly began on Thursday'
    ):
        return "other", ()
    often = bool({"all", "whole", "every", "each", "entire"} & set(judge.words.texts[max(0, index - 1) : index + 2]))
    often = often or " ".join(judge.words.texts[max(0, index - 2) : index + 2]).startswith(("whole of", "all of"))
    if often and time.kind != "since" and (time.days or 0) <= 1 and not of_it_all(first, judge):
        return "other", ()  # 'all day' says how often, not since when
    if (
        judge.words.texts[index] == "this"
        and judge.words.texts[index + 1 : index + 2] in (("week",), ("month",), ("year",))
        and not _same_clause(first, live, judge)
        and not set(judge.words.texts[slice(*judge.clauses.bounds(index))]) & {"started", "began", "begun", "back", "since", "new"}
    ):
        return "other", ()  # 'twice this week' likewise
    before = judge.words.texts[max(0, index - 1) : index]
    if before == ("like",) and _SEEMS & set(judge.words.texts[max(0, index - 2) : index]):
        return "other", ()  # 'three days, it only feels like three weeks'
    if time.kind in ("ago", "since") and compares(first, last, judge):
        return "other", ()
    if before in (("not",), ("as",)) or judge.words.texts[index] == "as":
        return "other", ()  # 'the same as in week one' compares; 'not six days' says what it is not
    if judge.clauses.is_question(index) and not (
        set(judge.words.texts[slice(*judge.clauses.bounds(index))]) & _ASKERS or _same_sentence(index, live, judge, "twitching")
    ):
        return "other", ()  # 'when does weakness come, month 6?'
    if time.kind in ("ago", "for", "since") and (of_a_state(index, judge) or clause_of_another_event(index, time, said, judge)):
        return "other", ()
    if time.kind == "ago" and (time.days or 0) > 20 and not _ONSETS & set(judge.words.texts[slice(*judge.clauses.bounds(index))]) and told:
        return "other", ()
    owner = _owner(first, last, said, judge)
    if owner and owner.mention.code == "twitching" and owner.assertion == ABSENT and time.kind == "ago" and (time.days or 0) <= 1 and (
        not _denies_none_of_it(index, judge)
    ):
        return "other", ()  # 'zero twitching today' tells of no beginning
    today = judge.words.texts[first:last] == ("today",)
    if twitching and today and not _once_today(index, judge) and not (BEGAN | _NEWS) & set(judge.words.texts[slice(*judge.clauses.bounds(index))]):
        return "other", ()  # 'twitch map today: calf, shoulder'
    if an_event(time, owner, live, judge) or (twitching and before_the_twitching(first, last, live, judge)):
        return "other", (owner.mention.code,) if owner else ()
    if since_an_event(last, live, judge) or (time.kind == "ago" and owner is None and asks_of_a_cause(index, judge)):
        return "other", ()
    counted = counts_the_days(first, last, judge)
    if twitching and not counted and owner is None and time.kind in _COURSE_KINDS and another_story(index, last - first, judge) and (
        judge.words.texts[last : last + 1] not in (("now",), ("already",)) and not _has_been(first, judge)
    ):
        return "other", ()
    if twitching and of_it_all(first, judge):
        return "course", ("twitching",)
    if owner is None:
        here = [item.assertion for item in said if judge.clauses.sentence[item.mention.first] == judge.clauses.sentence[index]]
        if (here and set(here) <= {HISTORICAL, FAMILY}) or (time.kind == "ago" and of_another_event(index, judge)):
            return "other", ()
        words = set(judge.words.texts)
        opening = judge.words.texts[judge.clauses.bounds(index)[0]]
        opened = opening in BEGINNINGS and index - judge.clauses.bounds(index)[0] <= 3  # 'Restarted ten days ago'
        begins = bool(words & {"it", "this", "that", "they"}) and bool(words & BEGINNINGS)  # 'it began six weeks ago, after a bad flu'
        few = len(judge.words) - (last - first) <= _FEW_WORDS_BESIDES
        bare = few or opened or begins or of_it_all(first, judge) or bool(CORRECTIONS & words)
        return ("course" if told or bare else "other"), (("twitching",) if twitching else ())
    if twitching and counted and owner.assertion == ABSENT:
        return "course", ("twitching",)  # 'She is on day 6 and still climbs the stairs'
    if owner.assertion in (FAMILY, HISTORICAL, HYPOTHETICAL):
        return "other", (owner.mention.code,)
    if twitching and owner.mention.code != "twitching" and _stands_alone(first, last, time, owner, judge):
        return "course", ("twitching",)
    if not twitching and owner.assertion == ABSENT and _of_the_spreading(index, live, judge):
        return "course", ()  # 'talking fine, but in ten days it travelled from eyelid to calf'
    if owner.assertion == ABSENT:
        return ("other" if owner.mention.code != "twitching" else "course"), (owner.mention.code,)
    if twitching and owner.mention.code != "twitching":
        together = _twitch_beside(owner, live, judge) or _opens_for_all(first, last, time, live, judge)
        return ("course" if together else "other"), (owner.mention.code,)
    return "course", (owner.mention.code,)


_DENIALS = frozenset(["no", "not", "zero", "none", "nothing", "never", "without"])
_TWITCHED = frozenset(["twitched", "fluttered", "flickered", "jerked", "spasmed", "quivered", "pulsed"])
_AS_BEFORE = frozenset(["less", "more", "than", "again", "still", "usual", "worse", "also", "as", "better", "every"])


def _denies_none_of_it(index: int, judge: Judge) -> bool:
    """'it does not twitch now, it started yesterday': the clause of the time denies nothing, or tells of the beginning."""
    words = set(judge.words_of_clause(index))
    return bool(BEGAN & words) or not _DENIALS & words


def _of_the_spreading(index: int, live: list[Said], judge: Judge) -> bool:
    number = judge.clauses.clause[index]
    return any(item.mention.code == "spreading" and judge.clauses.clause[item.mention.first] == number for item in live)


def _once_today(index: int, judge: Judge) -> bool:
    """'my lip twitched a couple of times today': the only time of the message, and nothing says that it did before."""
    words = set(judge.words.texts[slice(*judge.clauses.bounds(index))])
    denied = _DENIALS & set(judge.words_of_clause(index))
    return len(judge.times) == 1 and bool(_TWITCHED & words) and not _AS_BEFORE & words and not denied


def _owner(first: int, last: int, said: list[Said], judge: Judge) -> Said | None:
    """The symptom that a time speaks of: of its clause, else of its sentence; twitching before others at the same distance."""
    clause, sentence = judge.clauses.clause, judge.clauses.sentence
    index = min(first, len(clause) - 1)
    concrete = [
        item
        for item in said
        if item.mention.code not in _NOT_COMPLAINTS
        and not (first <= item.mention.first and item.mention.last <= last)  # 'two weaks'
        and not (item.assertion == ABSENT and judge.negated_between(last, item.mention.first))
    ]
    inside = [item for item in concrete if item.mention.first <= first and last <= item.mention.last]
    if inside and all(item.assertion == ABSENT for item in inside):
        return inside[0]  # 'though I opened the pickles yesterday no bother': the day of the deed
    for numbers in (clause, sentence):
        here = [item for item in concrete if numbers[item.mention.first] == numbers[index] or numbers[item.mention.last - 1] == numbers[index]]
        if any(item.assertion not in (ABSENT, HYPOTHETICAL) for item in here):
            concrete = [item for item in concrete if item.assertion not in (ABSENT, HYPOTHETICAL)]
        near = [item for item in concrete if numbers[item.mention.first] == numbers[index] or numbers[item.mention.last - 1] == numbers[index]]
        if near:

            def distance(item: Said) -> float:
                gap = first - item.mention.last if item.mention.last <= first else item.mention.first - last
                return gap - (0.5 if item.mention.code == "twitching" else 0)

            return min(near, key=distance)
    return None


def _opens_for_all(first: int, last: int, time: TimeExpression, live: list[Said], judge: Judge) -> bool:
    """'Since last night I'm at 39.4, drenched, and my legs jerk': what opens the sentence is the time of all it tells, unless a twitch 'still' goes on."""
    opening, end = judge.clauses.bounds(first)
    if time.kind != "since" or first - opening > 1 or {"still", "also", "usual", "always"} & set(judge.words.texts[opening:end]):
        return False
    if any(last <= other < end for other, _, each in judge.times if each.kind in _COURSE_KINDS | {"vague"}):
        return False  # 'Since Monday I have a fever, my calf has twitched for weeks'
    return _same_sentence(first, live, judge, "twitching")


def _twitch_beside(owner: Said, live: list[Said], judge: Judge) -> bool:
    """Two complaints in one breath share their time: 'twitching and cramping for six weeks'."""
    if owner.mention.code not in ("cramping", "tingling", "numbness", "pain", "stiffness", "tremor", "fatigue", "sleep_disruption"):
        return False
    clause = judge.clauses.clause
    return any(item.mention.code == "twitching" and clause[item.mention.first] == clause[owner.mention.first] for item in live)
