"""Which time of a message says how long the twitching, or where none is told of the complaint, has gone on."""

from __future__ import annotations

from .assertion import Judge
from .context import SLIPS
from .durations import TimeExpression
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
                detail={**({"approximate": True} if time.approximate else {}), **({"beside": True} if _same_clause(first, live, judge) else {})},
                evidence=Evidence(phrase=judge.words.phrase(first, last), rule=time.kind),
            )
        )
    return _settle(findings, judge, bool(twitches))


_MOOD = frozenset(["feel", "feeling", "felt", "brighter", "better", "busy", "tired", "calmer", "happier", "rough", "good", "fine", "ok"])


def _of_the_mood(first: int, last: int, judge: Judge) -> bool:
    """'I feel a good deal brighter today' tells when nothing began."""
    index = min(first, len(judge.words) - 1)
    said = set(judge.words.texts[slice(*judge.clauses.bounds(index))])
    today = bool({"today", "tonight"} & set(judge.words.texts[first:last]))
    return today and bool(_MOOD & said) and not (_ONSETS - {"has", "have", "'ve", "had", "'s", "been"}) & said


def _of_it_all(first: int, judge: Judge) -> bool:
    """'it's been two months and I'm worn out': the time of what the message is about."""
    before = " ".join(judge.words.texts[max(0, first - 5) : first + 1])
    return any(
        before.find(words) >= 0
        for words in ("it 's been", "it has been", "it is been", "been going on", "this has been", "been like this", "it started", "it began", "been at it")
    )


#: An answer to "how long?" holds little but its time: 'I think since about June, doctor'.
_FEW_WORDS_BESIDES = 7
_BEGINNINGS = frozenset(["started", "starting", "start", "began", "begun", "noticed", "been", "came", "going", "appeared", "first"])
_CORRECTIONS = frozenset(["lie", "mistake", "meant", "mean", "sorry", "actually", "wrong", "typo", "correction", "rather", "oops", "wait"])
#: What makes a month or a season the beginning of something: 'hay fever in June' begins nothing.
_ONSETS = frozenset(
    ["started", "start", "starting", "began", "begun", "beginning", "first", "noticed", "came", "come", "since", "onset", "appeared", "kicked", "been", "ago",
     "back", "from", "has", "have", "'ve", "had", "'s"]
)
_ASKERS = frozenset(["i", "my", "me", "mine", "he", "she", "his", "her", "we", "our", "it", "this", "twitching", "now", "still"])
_TELLERS = frozenset(["i", "we", "he", "she", "they", "my"])
_ACTS = frozenset([
    "stood", "fell", "went", "had", "got", "did", "ran", "took", "ate", "drank", "cut", "hit", "broke", "tore", "bought", "saw", "met", "flew", "moved",
    "trod", "swam", "rode", "dug",
])
_OF_THE_COMPLAINT = frozenset([
    "it", "this", "that", "these", "those", "they", "started", "start", "starting", "began", "begun", "first", "noticed", "came", "come", "since", "problem",
    "symptom", "symptoms", "felt", "thing", "issue", "onset", "happened", "appeared", "same", "mine", "back", "now",
    "say", "guess", "reckon", "think",
])


def _of_another_event(index: int, judge: Judge) -> bool:
    """'I broke my leg 12 years ago': somebody does something else; 'it began 5 days ago' and a bare '5 days ago' are the complaint's."""
    first, last = judge.clauses.bounds(index)
    sentence = set(judge.words.texts[first:last])
    opening = judge.words.texts[first]
    # 'Stood on a nail last week': the person is left out
    acts = bool(sentence & _TELLERS) or opening in _ACTS or (opening.endswith("ed") and len(opening) > 4)
    return acts and not sentence & _OF_THE_COMPLAINT


def _clause_of_another_event(index: int, said: list[Said], judge: Judge) -> bool:
    """'had a heart attack in 2015, calf twitches now': a clause of its own without a complaint."""
    number = judge.clauses.clause[index]
    words = [word for word, clause in zip(judge.words.texts, judge.clauses.clause, strict=True) if clause == number]
    told = any(judge.clauses.clause[item.mention.first] == number for item in said)
    acts = words[0] in _ACTS or (words[0] == "been" and words[1:2] and words[1].endswith("ing")) or (bool(_TELLERS & set(words)) and bool(_ACTS & set(words)))
    return bool(acts) and not told and not set(words) & _OF_THE_COMPLAINT


#: What a sentence without a symptom points at the twitching with.
_ATTACK_DAYS = 0.04  # about an hour
_POINTING = frozenset([
    "it", "this", "that", "they", "started", "start", "starting", "began", "begun", "first", "noticed", "symptom", "symptoms", "problem",
    "happening", "going", "onset", "issue", "thing", "mine",
])
_STORY_WORDS = 7


def _another_story(index: int, length: int, judge: Judge) -> bool:
    """'I have blown a bit on the hill for twenty years': a whole sentence of its own that does not point at the complaint."""
    first, last = judge.clauses.bounds(index)
    sentence = judge.words.texts[first:last]
    number = judge.clauses.clause[index]
    clause = {word for word, each in zip(judge.words.texts, judge.clauses.clause, strict=True) if each == number}
    told = sum(word[0].isalpha() for word in sentence) - length
    return told >= _STORY_WORDS and bool(_TELLERS & clause) and not (_POINTING | _CORRECTIONS) & set(sentence)


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
    if time.kind == "for" and not twitching and (time.days or 1.0) <= _ATTACK_DAYS and not {"last", "past"} & set(judge.words.texts[max(0, first - 2) : last]):
        return "episode", ()  # 'no answer out of her for two minutes': how long an attack took
    index = min(first, len(judge.words) - 1)
    if (
        judge.people.subjects[index] not in ("self", "he", "she", "they")
        and not judge.people.carried[index]
        and judge.people.asked_for is None
        and not any(judge.people.is_background(item.mention) for item in live)  # somebody else's emergency, now
    ):
        return "other", ()
    if {"all", "whole", "every", "each", "entire"} & set(judge.words.texts[max(0, index - 1) : index + 2]) and (time.days or 0) <= 1:
        return "other", ()  # 'all day' says how often, not since when
    if (
        judge.words.texts[index] == "this"
        and judge.words.texts[index + 1 : index + 2] in (("week",), ("month",), ("year",))
        and not _same_clause(first, live, judge)
        and not set(judge.words.texts[slice(*judge.clauses.bounds(index))]) & {"started", "began", "begun", "back", "since", "new"}
    ):
        return "other", ()  # 'twice this week' likewise
    before = judge.words.texts[max(0, index - 1) : index]
    if (time.kind == "ago" and before == ("than",)) or before in (("not",), ("as",)) or judge.words.texts[index] == "as":
        return "other", ()  # 'lighter than last summer', 'the same as in week one' compare; 'not six days' says what it is not
    if judge.clauses.is_question(index) and not set(judge.words.texts[slice(*judge.clauses.bounds(index))]) & _ASKERS:
        return "other", ()  # 'when does weakness come, month 6?'
    if time.kind in ("ago", "for") and _clause_of_another_event(index, said, judge):
        return "other", ()
    if time.kind == "ago" and (time.days or 0) > 20 and not _ONSETS & set(judge.words.texts[slice(*judge.clauses.bounds(index))]) and told:
        return "other", ()
    owner = _owner(first, last, said, judge)
    if twitching and owner is None and time.kind in ("ago", "for") and _another_story(index, last - first, judge):
        return "other", ()
    if twitching and _of_it_all(first, judge):
        return "course", ("twitching",)
    if owner is None:
        here = [item.assertion for item in said if judge.clauses.sentence[item.mention.first] == judge.clauses.sentence[index]]
        if (here and set(here) <= {HISTORICAL, FAMILY}) or (time.kind == "ago" and _of_another_event(index, judge)):
            return "other", ()
        words = set(judge.words.texts)
        begins = bool(words & {"it", "this", "that", "they"}) and bool(words & _BEGINNINGS)  # 'it began six weeks ago, after a bad flu'
        bare = len(judge.words) - (last - first) <= _FEW_WORDS_BESIDES or begins or bool(_CORRECTIONS & words)
        return ("course" if told or bare else "other"), (("twitching",) if twitching else ())
    if owner.assertion in (FAMILY, HISTORICAL, HYPOTHETICAL):
        return "other", (owner.mention.code,)
    if owner.assertion == ABSENT:
        return ("other" if owner.mention.code != "twitching" else "course"), (owner.mention.code,)
    if twitching and owner.mention.code != "twitching":
        together = _twitch_beside(owner, live, judge)
        return ("course" if together else "other"), (owner.mention.code,)
    return "course", (owner.mention.code,)


def _owner(first: int, last: int, said: list[Said], judge: Judge) -> Said | None:
    """The symptom that a time speaks of: of its clause, else of its sentence; twitching before others at the same distance."""
    clause, sentence = judge.clauses.clause, judge.clauses.sentence
    index = min(first, len(clause) - 1)
    concrete = [
        item
        for item in said
        if item.mention.code not in _NOT_COMPLAINTS and not (item.assertion == ABSENT and judge.negated_between(last, item.mention.first))
    ]
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


def _twitch_beside(owner: Said, live: list[Said], judge: Judge) -> bool:
    """Two complaints in one breath share their time: 'twitching and cramping for six weeks'."""
    if owner.mention.code not in ("cramping", "tingling", "numbness", "pain", "stiffness", "tremor", "fatigue", "sleep_disruption"):
        return False
    clause = judge.clauses.clause
    return any(item.mention.code == "twitching" and clause[item.mention.first] == clause[owner.mention.first] for item in live)


def _settle(findings: list[Finding], judge: Judge, twitching: bool) -> list[Finding]:
    """With several candidates the longest stands for the course, unless a correction or a return names the later one."""
    course = [item for item in findings if item.role == "course"]
    if not course:
        return _since_that_event(findings, judge, twitching)
    if len(course) < 2:
        return findings
    candidates = _exact(course)
    close = [item for item in candidates if _beside_its_owner(item, judge)]
    chosen = max(close or candidates, key=lambda item: item.days or 0.0)
    corrected = _corrected(course, judge) or _this_time(course, judge)
    if corrected:
        chosen = corrected
    return [item if item is chosen or item.role != "course" else Finding(**{**item.__dict__, "role": "other"}) for item in findings]


def _exact(course: list[Finding]) -> list[Finding]:
    """'over two weeks now, 15 days if you count': the exact number says what the rough one meant."""
    sharp = [item for item in course if not item.detail.get("approximate") and item.low == item.high and item.days]
    rough = [item for item in course if item not in sharp and any((item.low or 0) <= (each.days or 0) <= (item.high or 0) for each in sharp)]
    return [item for item in course if item not in rough]


_SOON_AFTER_DAYS = 2.0
_SINCE_THEN = ("since then", "ever since", "since that", "from then", "from that", "after that", "and since", ". since")


def _since_that_event(findings: list[Finding], judge: Judge, twitching: bool) -> list[Finding]:
    """'Fell off my horse yesterday. Since then my hands tingle': the time of the event is the complaint's."""
    events = [item for item in findings if item.role == "other" and item.evidence.rule in ("ago", "since")
              and (not item.of or (item.days or 99.0) <= _SOON_AFTER_DAYS)]
    for item in reversed(events):
        after = " " + " ".join(text for text, start in zip(judge.words.texts, judge.words.starts, strict=False) if item.end <= start) + " "
        soon = (item.days or 99.0) <= _SOON_AFTER_DAYS and " now " in after  # 'the hose burst an hour ago ... now my calves jump'
        if soon or any(f" {words} " in after for words in _SINCE_THEN):
            return [Finding(**{**each.__dict__, "role": "course", "of": ("twitching",) if twitching else ()}) if each is item else each for each in findings]
    return findings


_THIS_TIME = frozenset(["now", "again", "today", "this", "same", "new", "current", "currently"])
_BACK_THEN = frozenset(["had", "was", "were", "did", "gone", "stopped", "cleared", "finished"])


def _this_time(course: list[Finding], judge: Judge) -> Finding | None:
    """'Had two months of it last autumn, gone by Christmas. Four days ago the same cheek started again': the later one stands."""
    def sentence(item: Finding) -> set[str]:
        first, _ = judge.words.span_at(item.start, item.end)
        return set(judge.words.texts[slice(*judge.clauses.bounds(first))])

    earlier, later = sentence(course[0]), sentence(course[-1])
    over = bool(earlier & _BACK_THEN) and not earlier & {"since", "ever", "still"}
    return course[-1] if over and later & _THIS_TIME and earlier != later else None


def _beside_its_owner(item: Finding, judge: Judge) -> bool:
    """The time stands in a clause that names the twitching or a place, not merely in its sentence."""
    return item.detail.get("beside", False) is True


#: ... and of a time also what begins it anew.
_CORRECTING = (
    *SLIPS,
    "wait", "actually", "rather", "should be", "came back", "come back", "started again", "returned", "is back", "no ,", "typo", "or rather",
    "i lie", "beg pardon", "erratum", "errata", "corrigendum", "corrected to", "wrong page", "the wrong", "apologies", "whoops", "not thinking",
    "got that wrong", "mixing it up", "mixed it up", "mixed up", "muddled", "muddling", "strike that", "miscounted", "misspoke", "that is wrong",
    "that 's wrong", "wrong ,", "autocorrect", "hang on", "hold on", "let me correct", "should read",
)


def _corrected(course: list[Finding], judge: Judge) -> Finding | None:
    """'three weeks, sorry, three DAYS', 'came back four days ago': the later one stands."""
    texts, starts = judge.words.texts, judge.words.starts
    for later in reversed(course[1:]):
        before = [text for text, start in zip(texts, starts, strict=False) if course[0].end <= start < later.start]
        joined = " " + " ".join(before) + " "
        if any(
            f" {cue} " in joined
            for cue in _CORRECTING
        ):
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
