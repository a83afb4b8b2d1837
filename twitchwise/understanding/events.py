"""Times that belong to something else: an accident, a change of tablets, a holiday, how it was before."""

from __future__ import annotations

import itertools
import re

from .assertion import Judge
from .comparing import holds_against
from .durations import TimeExpression
from .places import Said

BEGINNINGS = frozenset(["started", "starting", "start", "began", "begun", "noticed", "been", "came", "going", "appeared", "first",
                         "restarted", "returned", "resumed"])
CORRECTIONS = frozenset(["lie", "mistake", "meant", "mean", "sorry", "actually", "wrong", "typo", "correction", "rather", "oops", "wait",
                         "hang", "counted"])


def of_it_all(first: int, judge: Judge) -> bool:
    """'it's been two months and I'm worn out': the time of what the message is about."""
    before = " ".join(judge.words.texts[max(0, first - 5) : first + 1])
    return any(before.find(words) >= 0 for words in _OF_IT_ALL)


_OF_IT_ALL = (
    "it 's been", "it has been", "it is been", "been going on", "this has been", "been like this", "it started", "it began", "been at it", "i have it",
    "i have had it", "i 've had it", "i 've got it", "i got it", "had them for", "mine has been", "mine 's been",
)


_TELLERS = frozenset(["i", "we", "he", "she", "they", "my"])
_ACTS = frozenset([
    "stood", "fell", "went", "had", "got", "did", "ran", "took", "ate", "drank", "cut", "hit", "broke", "tore", "bought", "saw", "met", "flew", "moved",
    "trod", "swam", "rode", "dug", "quit", "stopped", "gave", "switched", "swapped", "changed", "retired", "married", "finished", "joined",
])
#: What one does for years: 'I take a water tablet since 2019'.
_HABITS = frozenset(["take", "taking", "takes", "use", "using", "work", "working", "works", "read", "reading", "farm", "farming",
                     "live", "living", "smoke", "smoking", "drink", "drinking", "wear"])
_OF_THE_COMPLAINT = frozenset([
    "it", "this", "that", "these", "those", "they", "started", "start", "starting", "began", "begun", "first", "noticed", "came", "come", "since", "problem",
    "symptom", "symptoms", "felt", "thing", "issue", "onset", "happened", "appeared", "same", "mine", "back", "now",
    "say", "guess", "reckon", "think",
])


def of_another_event(index: int, judge: Judge) -> bool:
    """'I broke my leg 12 years ago': somebody does something else; 'it began 5 days ago' and a bare '5 days ago' are the complaint's."""
    first, last = judge.clauses.bounds(index)
    sentence = set(judge.words.texts[first:last])
    opening = judge.words.texts[first]
    # 'Stood on a nail last week': the person is left out
    label = judge.words.texts[first + 1 : first + 2] == (":",)  # 'Opened: 19 days ago'
    past = opening.endswith("ed") and len(opening) > 4 and not label and opening not in BEGINNINGS
    if {"days", "weeks", "months", "years"} & sentence:
        sentence -= {"back"}  # 'tore my hand on a wire ten days back'
    acts = bool(sentence & _TELLERS) or opening in _ACTS or past
    return acts and not sentence & _OF_THE_COMPLAINT


_DONE_WITH = re.compile(r" over (?:it|that|them)(?: now)? (?:[.,;!\n]|and |but |$)| all (?:gone|over|better|clear)(?: now)? (?:[.,;!\n]|and |but |$)")


def clause_of_another_event(index: int, time: TimeExpression, said: list[Said], judge: Judge) -> bool:
    """'had a heart attack in 2015, calf twitches now': a clause of its own without a complaint."""
    if _over_and_done(index, said, judge):
        return True
    number = judge.clauses.clause[index]
    words = judge.words_of_clause(index)
    told = any(judge.clauses.clause[item.mention.first] == number for item in said)
    # 'hit me like a hammer 30 minutes ago' is the headache
    # 'have got so that I need the banister' is how it became
    struck = any((word in _ACTS and after in ("me", "him", "her", "us")) or (word, after) == ("got", "so") for word, after in itertools.pairwise(words))
    busy = words[0] == "been" and words[1:2] and words[1].endswith("ing")
    acts = (words[0] in _ACTS and not struck) or busy or (bool(_TELLERS & set(words)) and bool(_ACTS & set(words)) and not struck)
    acts = (acts and time.kind != "since") or (bool(_TELLERS & set(words)) and bool(_HABITS & set(words)))
    return bool(acts) and not told and not set(words) & _OF_THE_COMPLAINT


def _over_and_done(index: int, said: list[Said], judge: Judge) -> bool:
    """'I did have the flu three weeks ago but I'm well over that': a sentence of its own about what is past."""
    first, last = judge.clauses.bounds(index)
    words = judge.words.texts[first:last]
    if not _TELLERS & set(words) or not _DONE_WITH.search(f" {' '.join(words)} ") or "it" in words[: index - first]:
        return False
    return not any(first <= item.mention.first < last for item in said) and not {"back", "again", "still", "since"} & set(words)


#: What one is for good: 'teetotal since 1990'.
_STATES = frozenset(["sugar", "diabetes", "asthma", "thyroid", "bp", "epilepsy",
                     "teetotal", "sober", "clean", "vegan", "vegetarian", "retired", "married", "widowed", "divorced", "diabetic", "deaf", "blind", "disabled",
                     "separated", "asthmatic", "epileptic", "coeliac", "qualified", "smoke-free", "dry", "abstinent"])


_BEING = frozenset(["having", "has", "have", "been", "am", "'m", "is", "'s", "gone", "went", "was"])


def of_a_state(index: int, judge: Judge) -> bool:
    """'I have been teetotal since 1990': how long one has been something that is no complaint."""
    texts = judge.words.texts
    first, _ = judge.clauses.bounds(index)
    before = texts[max(first, index - 4) : index]
    return bool(_STATES & set(before)) and bool(_BEING & set(texts[max(first, index - 6) : index]))


def counts_the_days(first: int, last: int, judge: Judge) -> bool:
    """'She is on day 6', but not 'day 6 of my holiday': a count of days is the complaint's own."""
    texts = judge.words.texts
    inside = set(texts[first:last])
    return bool({"day", "week"} & inside) and any(word.isdecimal() for word in inside) and texts[last : last + 1] not in (("of",), ("on",), ("after",), ("at",))


#: What a sentence without a symptom points at the twitching with.
_POINTING = frozenset([
    "it", "this", "that", "they", "started", "start", "starting", "began", "begun", "first", "noticed", "symptom", "symptoms", "problem",
    "happening", "going", "onset", "issue", "thing", "mine",
])
_STORY_WORDS, _FEWEST_STORY_WORDS = 7, 4
_VERBS = frozenset(["came", "is", "was", "were", "has", "told", "said", "says", "put", "do", "does", "go", "goes", "works", "lives", "gives", "runs", "passed"])
_OPINIONS = frozenset(["say", "guess", "reckon", "think", "know", "believe", "suppose", "remember", "had", "having", "like", "same", "every"])
_SUBJECTS = frozenset(["the", "our", "his", "her", "their", "a", "an", "you"])


def another_story(index: int, length: int, judge: Judge) -> bool:
    """'I have blown a bit on the hill for twenty years': a whole sentence of its own that does not point at the complaint."""
    first, last = judge.clauses.bounds(index)
    sentence = judge.words.texts[first:last]
    clause = set(judge.words_of_clause(index))
    told = sum(word[0].isalpha() for word in sentence) - length
    if (_POINTING | CORRECTIONS) & set(sentence):
        return False
    if told >= _STORY_WORDS and _TELLERS & clause:
        return True
    # 'The plaster came off three weeks ago', 'My boss gave me two weeks'
    verb = any(word in _ACTS or word in _VERBS or (word.endswith("ed") and len(word) > 4) for word in sentence)
    return told >= _FEWEST_STORY_WORDS and verb and not _OPINIONS & set(sentence) and bool((_TELLERS | _SUBJECTS) & set(sentence))


_COMPARED = frozenset(["compared", "comparing", "compare", "versus", "vs", "against"])
BEGAN = frozenset(["started", "start", "starting", "began", "begun", "noticed", "appeared", "since", "came", "onset"])
_HELD = frozenset(["was", "were", "could", "had", "did"])


def compares(first: int, last: int, judge: Judge) -> bool:
    """'lighter than at Easter', 'in the spring she still dug her garden', 'photos from last summer against now': how it was before."""
    texts = judge.words.texts
    index = min(first, len(texts) - 1)
    if "than" in texts[max(0, first - 2) : first + 1]:
        return True
    if holds_against(first, judge.words, judge.clauses):
        return True
    start, end = judge.clauses.bounds(index)
    sentence = texts[start:end]
    if _COMPARED & set(sentence):
        return True
    near = texts[max(start, first - 6) : min(end, last + 6)]
    for place, word in enumerate(near):
        if word != "still":
            continue
        before, after = near[place - 1 : place], near[place + 1 : place + 2]
        past = bool(_HELD & {*before, *after}) or any(each.endswith("ed") and len(each) > 4 for each in after)
        if past and not BEGAN & set(near):
            return True
    return False


_OVER = frozenset(["fine", "ok", "okay", "normal", "grand", "right", "sat", "back", "since", "recovered", "skip"])


def an_event(time: TimeExpression, owner: Said | None, live: list[Said], judge: Judge) -> bool:
    """'Ten days ago I had it all planned': the day of one act or fit that is over is no course."""
    if time.kind != "ago" or owner is None:
        return False
    code = owner.mention.code
    return code == "suicidal_thoughts" or (code == "seizure" and bool(_OVER & set(judge.words.texts)))


def since_an_event(last: int, live: list[Said], judge: Judge) -> bool:
    """'Ten days since my operation'; 'ten days since my thigh began to flutter' is the thigh's."""
    texts = judge.words.texts
    if texts[last : last + 1] != ("since",) or texts[last + 1 : last + 2] not in (("my",), ("the",), ("i",), ("we",), ("our",), ("his",), ("her",), ("a",)):
        return False
    _, end = judge.clauses.bounds(last)
    told = any(last <= item.mention.first < end for item in live)
    index = max(0, last - 1)
    told = told or any(judge.clauses.sentence[item.mention.first] == judge.clauses.sentence[index] for item in live)
    return not told and not (BEGAN - {"since", "came"} | {"this", "it", "last"}) & set(texts[last + 1 : end])


def asks_of_a_cause(index: int, judge: Judge) -> bool:
    """'Could it be the flu jab last Thursday?'"""
    sentence = set(judge.words.texts[slice(*judge.clauses.bounds(index))])
    asks = sentence & {"could", "can", "might", "because", "due", "blame", "cause", "caused"}
    return judge.clauses.is_question(index) and bool(asks) and not sentence & BEGAN


_FEW_WORDS_OF_AN_EVENT = 3
_MEDICINE_ACTS = frozenset(["doubled", "upped", "raised", "increased", "tripled", "bumped", "halved", "lowered", "prescribed", "restarted"])


def _since_a_time(first: int, end: int, judge: Judge) -> bool:
    """'since last night', which does not point back as 'since then' does."""
    texts = judge.words.texts
    where = next((index for index in range(first, end) if texts[index] == "since"), end)
    return any(where <= begin <= where + 1 for begin, _, _ in judge.times)


def before_the_twitching(first: int, last: int, live: list[Said], judge: Judge) -> bool:
    """'Five days of this bug, nothing stays down. And now my calves twitch': the time is of what went before."""
    texts = judge.words.texts
    start = min(item.mention.first for item in live if item.mention.code == "twitching")
    if start <= last or texts[last : last + 1] == ("now",) or of_it_all(first, judge):
        return False
    opening, end = judge.clauses.bounds(min(first, len(texts) - 1))
    front = set(texts[opening:first])
    begins = (BEGAN | {"ever", "then"}) & set(texts[last:end])  # 'on Monday and I noticed', '3 weeks ago and has twitched ever since'
    # 'doubled my tablets on Saturday and since last night my legs jerk'
    dosed = bool(front & _MEDICINE_ACTS) and begins == {"since"} and _since_a_time(last, end, judge)
    joined = start < end and texts[last : last + 1] in (("and",), ("but",), ("so",), (",",))
    acts = front & (_ACTS | _HABITS | _MEDICINE_ACTS | {"was", "were"}) and not front & (_OF_THE_COMPLAINT - {"they"})
    if joined and acts and (dosed or not begins):
        return not any(opening <= item.mention.first < first for item in live)  # 'I broke my hip 3 weeks ago and my arm twitches'
    begun = next((index for index in range(max(last, start - 6), start) if texts[index] == "now" and texts[index - 1] in ("and", ".", ",", "but", ";")), None)
    if begun is None:
        return False
    told = end - opening - (last - first) > _FEW_WORDS_OF_AN_EVENT  # 'Eight weeks in.' is of what follows
    return told and not {"started", "began", "twitch", "noticed"} & set(texts[opening:last])


