"""Of several times that may be the course: which one stands."""

from __future__ import annotations

import re
from itertools import pairwise

from .assertion import Judge
from .context import SLIPS
from .findings import Finding
from .places import Said


def settle(findings: list[Finding], judge: Judge, live: list[Said]) -> list[Finding]:
    """With several candidates the longest stands for the course, unless a correction or a return names the later one."""
    course = [item for item in findings if item.role == "course"]
    if not course:
        return _since_that_event(findings, judge, live)
    if len(course) < 2:
        return findings
    candidates = [item for item in course if _labelled(item, judge)] or _exact(_dated(course, judge))
    candidates = _without_the_last_of_a_story(candidates, judge)
    candidates = [item for item in candidates if _but_this_began(item, candidates, judge)] or candidates
    close = [item for item in candidates if _beside_its_owner(item, judge) or _since_it_began(item, judge)]
    chosen = max(close or candidates, key=lambda item: item.days or 0.0)
    if _COUNTED.match(chosen.evidence.phrase):  # 'day 1 calf, day 4 thigh, day 7 both'
        chosen = max((item for item in course if _COUNTED.match(item.evidence.phrase)), key=lambda item: item.days or 0.0)
    corrected = _worked_out(course, judge) or _corrected(course, judge) or _mine(course, judge)
    corrected = corrected or _this_time(_dated(course, judge), judge) or _came_back(course, judge)
    if corrected:
        chosen = corrected
    return [item if item is chosen or item.role != "course" else Finding(**{**item.__dict__, "role": "other"}) for item in findings]


_COUNTED = re.compile(r"(?:day|week|month|wk|w|d) ?#? ?(?:\d|one|two|three|four|five|six|seven|eight|nine|ten)")
_OF_THE_DAY = re.compile(r"(?:woke|awoke|woken|at|by|before|over) ?(?:the|his|her|my)? ?(?:up|breakfast|brekkie|lunch|dinner|tea|supper|noon|midday|\w+ o)")
_BEGINS = frozenset(["started", "start", "starting", "began", "begun", "noticed", "came", "come", "appeared", "first", "kicked", "onset", "opened"])


def _but_this_began(item: Finding, candidates: list[Finding], judge: Judge) -> bool:
    """'I have had IBS for 2 years but the twitch only started 2 days ago': what is set against another began then."""
    first, _ = judge.words.span_at(item.start, item.end)
    _, before = judge.words.span_at(candidates[0].start, candidates[0].end)
    between = judge.words.texts[before:first]
    return bool({"but", "though", "whereas"} & set(between)) and bool(_BEGINS & set(between[-3:])) and item.detail.get("beside", False) is True


_LABELS = frozenset(["running", "duration", "since", "onset", "for", "opened", "started", "start", "course", "long", "began", "going"])


def _labelled(item: Finding, judge: Judge) -> bool:
    """'Running for: 13 days' in a form."""
    first, _ = judge.words.span_at(item.start, item.end)
    texts = judge.words.texts
    return first > 1 and texts[first - 1] == ":" and bool(_LABELS & set(texts[max(0, first - 3) : first - 1]))


def _dated(course: list[Finding], judge: Judge) -> list[Finding]:
    """Without 'woke up', which names no day, where another time does; without the day of an event where the complaint has its own time."""
    named = [item for item in course if not _OF_THE_DAY.match(item.evidence.phrase)] or course
    if any(_BEGINS & set(_clause(item, judge)) for item in named):  # 'What I have today is a twitch, it began two days ago'
        named = [item for item in named if item.evidence.phrase != "today" or _BEGINS & set(_clause(item, judge))]
    owned = [item for item in named if item.detail.get("owned") or item.evidence.rule in ("since", "for") or _BEGINS & set(_sentence(item, judge))]
    return owned or named


def _sentence(item: Finding, judge: Judge) -> tuple[str, ...]:
    first, _ = judge.words.span_at(item.start, item.end)
    return judge.words.texts[slice(*judge.clauses.bounds(first))]


def _clause(item: Finding, judge: Judge) -> tuple[str, ...]:
    first, _ = judge.words.span_at(item.start, item.end)
    return judge.words_of_clause(min(first, len(judge.words) - 1))


def _exact(course: list[Finding]) -> list[Finding]:
    """'over two weeks now, 15 days if you count': the exact number says what the rough one meant."""
    sharp = [item for item in course if not item.detail.get("approximate") and item.low == item.high and item.days]
    rough = [item for item in course if item not in sharp and any((item.low or 0) <= (each.days or 0) <= (item.high or 0) for each in sharp)]
    for item in course:  # 'the second week, day eight': the finer one
        low, high = item.low or 0, item.high or 0
        if any(low <= (each.low or 0) and (each.high or 0) <= high and (each.high or 0) - (each.low or 0) < high - low for each in course
               if each is not item and _COUNTED.match(each.evidence.phrase)):
            rough.append(item)
    return [item for item in course if item not in rough]


_SAME_HOURS, _LATELY_DAYS = 0.3, 14.0
_SINCE = re.compile(r"(?<! never)(?<! long)(?<! fine)(?<! right)(?<! ok)(?<! well)(?<! none)(?<! normal)(?<! nothing)(?<! good)(?<! not)"
                    r" since (?:and|but|[.,!?])")
_SOON_AFTER_DAYS = 2.0
_AS_LONG = ("about as long", "just as long", "same day", "same time", "same week", "same night")
_SINCE_THEN = ("since then", "ever since", "since that", "from then", "from that", "after that", "and since", ". since")


def _of_other_complaints(start: int, judge: Judge, live: list[Said]) -> bool:
    """'had mono 3 months ago and I've been exhausted ever since': what lasts since then is told, and it is not the twitching."""
    texts, starts = judge.words.texts, judge.words.starts
    since = [index for index, word in enumerate(texts) if starts[index] >= start and word in ("since", "then", "after", "that")]
    if not since:
        return False
    sentence = judge.clauses.sentence
    told = {item.mention.code for item in live if sentence[item.mention.first] == sentence[since[0]] and item.mention.kind == "symptom"}
    return bool(told) and "twitching" not in told


_ALL_DAY = re.compile(r"(?:all|the whole) (?:day|morning|afternoon|evening|night)$")


def _twitches_now(judge: Judge, live: list[Said]) -> int:
    """Where in the message 'now my calves twitch' stands, or -1."""
    texts = judge.words.texts
    for item in live:
        before = texts[max(0, item.mention.first - 6) : item.mention.first]
        if item.mention.code == "twitching" and "now" in before and not {".", "?", "!"} & set(before[before.index("now") :]):
            return judge.words.starts[item.mention.first]
    return -1


def _since_that_event(findings: list[Finding], judge: Judge, live: list[Said]) -> list[Finding]:
    """'Fell off my horse yesterday. Since then my hands tingle': the time of the event is the complaint's."""
    twitching = any(item.mention.code == "twitching" for item in live)
    events = [item for item in findings if item.role == "other" and "twitching" not in item.of
              and (item.evidence.rule in ("ago", "since") or _ALL_DAY.match(item.evidence.phrase))]
    if twitching:
        events = [item for item in events if not _of_other_complaints(item.end, judge, live)]
    dated = {index for first, _, time in judge.times if time.days is not None for index in (first - 1, first)}
    for item in reversed(events):
        # a 'since' with a time of its own ('and since last night') points back to nothing
        after = " " + " ".join("_" if index in dated and text == "since" else text
                               for index, (text, start) in enumerate(zip(judge.words.texts, judge.words.starts, strict=False)) if item.end <= start) + " "
        soon = (item.days or 99.0) <= _SOON_AFTER_DAYS
        fit = bool({"seizure", "suicidal_thoughts"} & set(item.of))
        if not fit and ((item.days or 99.0) <= _SAME_HOURS or (_SINCE.search(after) and (item.days or 99.0) <= _LATELY_DAYS)):
            after += " since then "  # 'an hour ago. He sweats', 'came off them three days ago. I have sweated since'
        now = soon and item.evidence.rule == "ago" and " now " in after  # 'the hose burst an hour ago ... now my calves jump'
        now = now or (soon and not item.of and item.end <= _twitches_now(judge, live))  # 'sprayed all afternoon, now my arms twitch'
        if now or any(f" {words} " in after for words in (*_SINCE_THEN, *(_AS_LONG if soon or not item.of else ()))):
            return [Finding(**{**each.__dict__, "role": "course", "of": ("twitching",) if twitching else ()}) if each is item else each for each in findings]
    return findings


_THIS_TIME = frozenset(["now", "again", "today", "this", "same", "new", "current", "currently"])
_SO_MUCH = re.compile(r"(?:,|-|\(|and)? ?(?:so|so that is|so that 's|so it is|so it 's|that is|that 's|which is|which makes it|that makes it|makes it|i e|i.e.)"
                      r"(?: just| only| about| roughly| around| nearly| almost| over| at least| some)*")


def _worked_out(course: list[Finding], judge: Judge) -> Finding | None:
    """'since the clocks went back, so five days': the length that somebody makes of a date; they know of which year and week."""
    for earlier, later in pairwise(course):
        _, first = judge.words.span_at(earlier.start, earlier.end)
        last, _ = judge.words.span_at(later.start, later.end)
        if earlier.evidence.rule in ("since", "ago") and later.evidence.rule == "for" and _SO_MUCH.fullmatch(judge.words.phrase(first, last)):
            return later
    return None


_BACK_THEN = frozenset(["had", "was", "were", "did", "gone", "stopped", "cleared", "finished"])


def _this_time(course: list[Finding], judge: Judge) -> Finding | None:
    """'Had two months of it last autumn, gone by Christmas. Four days ago the same cheek started again': the later one stands."""
    earlier, later = set(_sentence(course[0], judge)), set(_sentence(course[-1], judge))
    if earlier == later:
        return None
    later -= set(course[-1].evidence.phrase.split())  # 'this morning' is no 'this time'
    over = bool(earlier & _BACK_THEN) and not earlier & {"since", "ever", "still"}
    return course[-1] if over and later & _THIS_TIME else None


_OWN = frozenset(["mine", "me", "myself", "i"])
_THEIRS = frozenset(["mother", "father", "mum", "mom", "dad", "sister", "brother", "son", "daughter", "wife", "husband", "partner", "friend", "uncle", "aunt",
                     "cousin", "nan", "gran", "grandad", "grandma", "grandmother", "grandfather", "neighbour", "colleague", "boss", "twin", "flatmate"])


def _mine(course: list[Finding], judge: Judge) -> Finding | None:
    """'My sister's has twitched for ten years. Mine for two weeks': after a relative's, one's own time stands."""
    earlier, later = _sentence(course[0], judge), _sentence(course[-1], judge)
    return course[-1] if set(earlier[:4]) & _THEIRS and not _OWN & set(earlier) and later != earlier and _OWN & set(later[:3]) else None


_PAUSE = frozenset(["stopped", "stop", "gone", "went", "quiet", "nothing", "peep", "cleared", "ceased", "vanished", "disappeared", "settled", "paused", "break",
                    "none", "quit", "free", "clear", "silence", "calm", "over", "finished", "left", "rest", "died", "packed", "jacked", "knocked",
                    "petered", "dried", "faded", "quietened", "ended", "vanish", "buggered", "eased", "lifted"])
_LEFT_ENDS = frozenset([".", ",", ";", "me", "him", "her", "it", "again", "for", "and", "by", "in", "after", "on"])  # 'it left in June', not 'left thigh'
#: What else a pause is called: 'then peace', 'a lull'; 'it gives me no peace' is none.
_RESPITE = re.compile(r" (?:then|and|,|a|of|was|had|some|total|complete|blissful) (?:peace|bliss|respite|lull|truce|remission|gap) ")
_RETURN = frozenset(["again", "back", "returned", "returns", "return", "reappeared", "restarted", "resumed", "recurred", "relapsed", "second", "new", "anew"])
_BY_TURNS = ("on and off", "off and on", "comes and goes", "come and go", "came and went", "coming and going", "now and again", "again and again")


def _came_back(course: list[Finding], judge: Judge) -> Finding | None:
    """'Seven weeks over the summer, stopped dead, and started up again four days ago': what came back counts from its return."""
    texts = judge.words.texts
    if any(words in " ".join(texts) for words in _BY_TURNS):
        return None
    first, last = judge.words.span_at(course[-1].start, course[-1].end)
    _, before = judge.words.span_at(course[0].start, course[0].end)
    opening, _ = judge.clauses.bounds(judge.words.span_at(course[0].start, course[0].end)[0])  # 'packed it in in June, started again'
    between = {word for word, after in zip(texts[opening:first], texts[opening + 1 : first + 1], strict=False) if word != "left" or after in _LEFT_ENDS}
    paused = _PAUSE & between or _RESPITE.search(f" {' '.join(texts[opening:first])} ")
    if course[-1].evidence.rule not in ("ago", "since") or not paused:
        return None
    return course[-1] if _RETURN & set(texts[max(before, first - 5) : last + 6]) else None


def _beside_its_owner(item: Finding, judge: Judge) -> bool:
    """The time stands in a clause that names the twitching or a place, not merely in its sentence."""
    return item.detail.get("beside", False) is True


def _since_it_began(item: Finding, judge: Judge) -> bool:
    """'Six weeks since my eyebrow started up, one little flutter yesterday'."""
    _, last = judge.words.span_at(item.start, item.end)
    _, end = judge.clauses.bounds(max(0, last - 1))
    return judge.words.texts[last : last + 1] == ("since",) and bool(_BEGINS & set(judge.words.texts[last : min(end, last + 7)]))


def _without_the_last_of_a_story(course: list[Finding], judge: Judge) -> list[Finding]:
    """'On Monday it was the buttock, on Wednesday the ribs, today his jaw as well': a story of days counts from its first."""
    days = [item for item in course if item.evidence.rule == "ago" and _WEEKDAY & set(item.evidence.phrase.split())]
    if not days:
        return course
    number = judge.clauses.sentence[judge.words.span_at(days[0].start, days[0].end)[0]]
    later = [item for item in course if _TODAY & set(item.evidence.phrase.split()) and item.start > days[0].end
             and judge.clauses.sentence[judge.words.span_at(item.start, item.end)[0]] == number]
    return [item for item in course if item not in later]


_WEEKDAY = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "yesterday"])
_RETURNING = ("came back", "come back", "started again", "returned", "is back")
#: How a time is put right.
_CORRECTING = (
    *SLIPS,
    "wait", "actually", "rather", "should be", "no ,", "typo", "or rather",
    "i lie", "beg pardon", "erratum", "errata", "corrigendum", "corrected to", "wrong page", "the wrong", "apologies", "whoops", "not thinking",
    "got that wrong", "mixing it up", "mixed it up", "mixed up", "muddled", "muddling", "strike that", "miscounted", "misspoke", "that is wrong",
    "that 's wrong", "wrong ,", "autocorrect", "hang on", "hold on", "let me correct", "should read", "pardon", "call it", "make it", "let 's say",
    "scrap that", "cancel that", "delete that", "ignore that", "excuse me", "forgive me", "on second thought", "on second thoughts", "come to think",
    "more like", "what am i saying", "silly me", "slip of the", "edit", "edit :", "misread", "no no", "nope", "argh", "duh",
)


_TODAY = frozenset(["today", "morning", "tonight", "afternoon", "evening"])


def _corrected(course: list[Finding], judge: Judge) -> Finding | None:
    """'three weeks, sorry, three DAYS', 'came back four days ago': the later one stands."""
    texts, starts = judge.words.texts, judge.words.starts
    later_ones = [item for item in course[1:] if not _TODAY & set(item.evidence.phrase.split())] or course[1:]  # 'three DAYS, sorry, I am lost this morning'
    by_turns = any(words in " ".join(texts) for words in _BY_TURNS)
    cues = _CORRECTING if by_turns else (*_CORRECTING, *_RETURNING)
    for later in reversed(later_ones):
        before = [text for text, start in zip(texts, starts, strict=False) if course[0].end <= start < later.start]
        joined = " " + " ".join(before) + " "
        if any(f" {cue} " in joined for cue in cues):
            return later
        after = " " + " ".join(text for text, start in zip(texts, starts, strict=False) if later.end <= start)[:60] + " "
        if any(cue in after for cue in (" i mean", " i meant", " not ")) and " not " in joined:
            return course[0]
        if any(after.startswith(f" {slip}") for slip in (", sorry", "sorry", ", i mean", "i mean", ", oops", "( sorry", "- sorry", ", my mistake")):
            return later
    following = [text for text, start in zip(texts, starts, strict=False) if course[0].end <= start < course[1].start]
    if (following and following[-1] == "not") or following[-2:] == ["and", "not"]:
        return course[0]
    return None
