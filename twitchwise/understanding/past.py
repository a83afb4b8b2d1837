"""What is over: historical; but a sign of stroke or a fit of the last days counts although it has passed."""

from __future__ import annotations

import re
from itertools import pairwise

from .comparing import holds_against
from .context import LASTING, LASTING_DAYS, TIMED, Context, Verdict
from .cues import Cue
from .findings import ABSENT, HISTORICAL
from .mentions import Mention

_PAST_FROM_DAYS = 21.0
_YEARS_AGO_DAYS = 700.0
_MANY_YEARS_DAYS = 1800.0
_BACK_THEN = frozenset(["thought", "tried", "wanted", "planned", "wished", "considered", "attempted", "hoped", "was", "were", "had", "did", "got"])
_GOES_ON = frozenset(["want", "wanting", "plan", "planning", "going", "gonna", "think", "thinking",
                       "now", "still", "again", "today", "lately", "ever", "keep", "keeps", "been", "have", "has", "'ve", "am", "'m", "want", "will", "always"])
_SUDDEN = (
    "sudden", "all at once", "from one moment", "from one second", "from one minute", "out of nowhere", "out of the blue", "minutes", "minute", "hour",
    "this morning", "in an instant",
)
_ILLNESSES = frozenset(["vomiting", "diarrhoea", "fever"])  # only of these is 'all over' no place
#: How a sentence begins that says how the one before it ended.
_RESUMES = frozenset([
    "right", "fine", "perfect", "better", "never", "none", "not", "nothing", "good", "back", "ok", "okay",
    "it", "that", "this", "they", "all", "both", "gone", "those", "these", "everything", "full", "fully", "resolved", "cleared", "recovered", "healed", "after",
])
_RETURNS = re.compile(
    r" (?:it|they|that|this) (?:has |have |is |'s )?(?:came|come|back|returned) (?:\w+ ){0,2}(?:last|this|now|recently|today|yesterday|again) "
    r"| (?:now|today) (?:\S+ ){0,3}(?:worse|weaker|even|more|still|both|(?:weak|numb|slurred|slurring|drooping) again) "
)
_ONSET_VERBS = frozenset(["started", "starts", "start", "began", "begins", "begin", "noticed", "notice", "since"])
_OF_NOW = frozenset(["is", "am", "are", "'s", "'m", "'re", "has", "have", "'ve", "can", "cannot", "get", "gets", "keep", "keeps", "now", "still", "since", "do",
                     "does", "feel", "feels", "will", "started", "began", "ongoing", "until", "worse", "weaker", "worsening", "every", "each", "more"])
#: Of an ailment; they tell of the past only beside a word that does, for 'it bothered me a month ago' may be a beginning.
_TROUBLED = frozenset(["plagued", "bothered", "troubled", "tormented", "dogged", "pestered"])
_BEGINNINGS = frozenset(["started", "starts", "began", "begins"])
_PAST_VERBS = frozenset([
    "had", "was", "were", "got", "did", "went", "lost", "dropped", "passed", "fainted", "blacked", "could", "used", "couldnt", "felt", "kept",
    "fell", "came", "turned", "thought", "tried", "planned",
    "wanted", "stopped", "twitched", "gave", "shrank", "shrunk", "swelled", "withered", "shook", "froze", "grew", "broke",
])


# ---- the past


def long_ago(context: Context, mention: Mention) -> Verdict | None:
    """'Fifteen years back I thought of ending my life': dated by many years, and nothing says that it began then or goes on."""
    days = context.days_ago(mention)
    first, last = context.clauses.bounds(mention.first)
    said = set(context.words.texts[first:last])
    cue = context.cues.scope("historical", mention.first, mention.last)
    if cue and context.text(cue).startswith("when ") and not said & (_GOES_ON | _ONSET_VERBS):
        days = _MANY_YEARS_DAYS + 1  # 'when I was 19 I wanted to be dead'
    told = _BACK_THEN & set(context.words.texts[max(0, mention.first - 2) : mention.last])  # what is dated must be the wish, not a loss before it
    if not told:
        return None
    return Verdict(HISTORICAL, "ago", "past time") if days is not None and days > _MANY_YEARS_DAYS and not said & (_GOES_ON | _ONSET_VERBS) else None


def historical(context: Context, mention: Mention) -> Verdict | None:
    if "now" in context.words.texts[mention.first : mention.first + 2]:
        return None  # 'it shrank in 2021, and now the right is going too'
    if mention.entry.says == ABSENT and "than" in context.words.texts[mention.first : mention.last]:
        return None  # 'my speech is no worse than it was when we married' tells of now
    first, last = context.clauses.bounds(mention.first)
    recent = context.days_ago(mention)
    dated = recent is None and context.in_a_year(mention)
    long_over = dated or (recent is not None and recent > _YEARS_AGO_DAYS)  # 'my face slid down in 1987, came back after six weeks'
    if (not long_over and (_comes_back(context, mention.last, last) or _again_next(context, last))) or _back_of_late(context, mention.last, last):
        return None
    if mention.code in LASTING and (recent is None or recent <= LASTING_DAYS) and not _long_past(context, mention):
        return None
    if mention.code in TIMED and (recent is None or recent <= LASTING_DAYS) and _sudden(context, mention) and not _long_past(context, mention):
        return None
    resolved = "" if mention.entry.says == ABSENT else _resolved(context, mention, first, last)
    if context.words.texts[mention.first : mention.first + 2] in (("can", "not"), ("will", "not"), ("do", "not"), ("does", "not")):
        # 'cannot lift it' is said of now, whatever year stands beside it; only 'all fine again' ends it
        return Verdict(HISTORICAL, resolved, "resolved") if resolved else None
    cue = context.cues.scope("historical", mention.first, mention.last)
    if cue and context.words.texts[cue.first - 1 : cue.first] == ("no",):
        cue = None  # 'no history of anything, weak left leg'
    if cue and "used" in context.words.texts[cue.first : cue.last] and ("and", "now") in pairwise(context.words.texts[cue.last : mention.last]):
        cue = None  # 'I used to do my own tins and now the neighbour opens them'
    if cue and context.text(cue).startswith("the year") and {"got", "became", "went", "grew", "started", "began"} & set(context.clause_words(mention)):
        cue = None  # 'my hands got weak the year I retired'
    if cue and holds_against(cue.first, context.words, context.clauses):
        cue = None  # 'it was equal last year'
    if cue and context.words.texts[cue.first] == "last" and context.words.texts[cue.first - 1] in ("the", "this"):
        cue = None  # 'over the last year my legs have got so that ...' goes on
    if cue and cue.entry.direction == "forward" and context.clauses.clause[cue.first] != context.clauses.clause[mention.first]:
        cue = None
    clause_words = context.clause_words(mention)
    # the 'since' of 'none since' begins nothing
    own = {word for each in context.cues.scopes("historical", mention.first, mention.last) for word in context.words.texts[each.first : each.last]}
    onset = bool((set(clause_words) - own) & _ONSET_VERBS)
    if mention.code == "twitching" and not onset:  # 'All started 4 months ago with the finger, it was jumping alone when I wrote'
        onset = bool(_BEGINNINGS & set(context.words.texts[first : mention.first]))
    ongoing = {"now", "still", "today", "lately", "currently"} & set(clause_words) and not context.cues.scope("resolved", mention.first, mention.last)
    if cue and not onset and not ongoing and (cue.entry.direction == "forward" or set(clause_words) & _PAST_VERBS or context.past_form(mention) or (
        _TROUBLED & set(clause_words) and not {"still", "now", "again", "worse"} & set(context.words.texts[first:last])
    )):
        return Verdict(HISTORICAL, context.text(cue), "past")
    if (
        ((recent is not None and recent >= _PAST_FROM_DAYS) or dated)
        and not onset
        and not ongoing
        and (set(clause_words) & _PAST_VERBS or context.past_form(mention) or (long_over and mention.code in LASTING) or context.under_a_year(mention)
             or (long_over and context.names_one_year and not set(clause_words) & _OF_NOW))
        and (not {"since", "ever"} & set(clause_words) or context.cues.scope("resolved", mention.first, mention.last))
    ):
        return Verdict(HISTORICAL, "ago", "past time")
    return Verdict(HISTORICAL, resolved, "resolved") if resolved else None


_ASKED = frozenset(["chance", "will", "would", "hope", "ever", "if", "can", "could", "possible", "does", "until", "when"])


def _resolved(context: Context, mention: Mention, first: int, last: int) -> str:
    """The words that say that it is over, '' where none do."""
    if mention.code in LASTING and not _long_past(context, mention):
        return ""
    cue = context.cues.scope("resolved", mention.first, mention.last)
    if cue and _denied(context, cue):
        cue = None
    asked = _ASKED & set(context.words.texts[first : mention.first])
    if cue and asked and {"go", "goes", "stop", "stops", "pass", "passes", "fade", "fades"} & set(context.text(cue).split()[:2]):
        cue = None  # 'is there a chance this weakness goes away?'
    if cue and cue.first >= mention.last and not _somebody_stopped_something(context, cue) and not _of_something_else(context, mention, cue):
        return context.text(cue)
    if mention.code in _ILLNESSES and _all_over(context, mention.last, last):
        return "all over"
    if last < len(context.words):  # 'Had a numb foot. That went away.'
        following = context.clauses.bounds(last)
        opening = [word for word in context.words.texts[following[0] : following[0] + 3] if word not in ("but", "and", "luckily", ",")]
        if opening and opening[0] in _RESUMES:
            over = (context.text(cue) for cue in context.cues.of("resolved")
                    if following[0] <= cue.first < following[0] + 12 and not _denied(context, cue))
            return next(over, "")
        if mention.code in _ILLNESSES and _all_over(context, following[0], min(following[0] + 6, following[1])):
            return "all over"
    return ""


_UP_TO = frozenset(["when", "before", "until", "last", "yesterday"])


def _denied(context: Context, cue: Cue) -> bool:
    """'seeing double since noon and it will not go away', 'the feeling has not come back to normal'."""
    texts = context.words.texts
    if "not" in texts[cue.first : cue.last] and texts[cue.last : cue.last + 1] == ("to",):
        return True
    if {"was", "were"} & set(texts[max(0, cue.first - 2) : cue.first + 1]) and _UP_TO & set(texts[cue.last : cue.last + 1]):
        return True  # 'seeing two of everything, it was normal when I went to bed'
    if texts[cue.first] == "better" and _DEGREES & set(texts[max(0, cue.first - 2) : cue.first]):
        return True  # 'a great deal better now' goes on
    return bool({"not", "never", "hardly", "refuses"} & set(texts[max(0, cue.first - 2) : cue.first]))


_DEGREES = frozenset(["bit", "deal", "lot", "much", "little", "slightly", "somewhat", "rather", "getting", "far", "loads", "way", "touch"])
#: How somebody says of themselves, or of what they have told, that all is well.
_ITSELF = frozenset([
    "it", "that", "this", "they", "these", "those", "all", "everything", "i", "he", "she", "we", "am", "'m", "is", "are", "was", "were", "'s", "'re", "has",
    "have", "had", "been", "now", "then", "but", "and", "so", "feel", "feels", "felt", "got", "'ve", "both", "which", "since", "thankfully", "luckily", "well",
])
_STATES = frozenset(["fine", "normal", "better", "back"])


def _of_something_else(context: Context, mention: Mention, cue: Cue) -> bool:
    """'my heart races and my hands shake, breathing is totally fine': a clause with a subject of its own says how that one is."""
    if _of_what_used_to_be(context, mention, cue):
        return True
    texts, clause = context.words.texts, context.clauses.clause
    if texts[cue.first : cue.last] == ("no", "longer") and _subject_of_its_own(context, mention, cue):
        return True
    if not _STATES & set(texts[cue.first : cue.last]):
        return False
    first = cue.first
    while first > mention.last and clause[first - 1] == clause[cue.first] and texts[first - 1] not in (",", "-", ":"):
        first -= 1
    if clause[cue.first] == clause[mention.first] and first <= mention.last:
        return False
    named = {word for word in texts[first : cue.first] if word[0].isalpha()} - _ITSELF - {"my", "the", "his", "her", "your"}
    if "back" in texts[cue.first : cue.last]:
        named -= {"values", "levels", "results", "bloods", "counts", "numbers", "readings"}  # 'brown urine in 2021, all values back to normal'
    return bool(named) and not named & set(texts[context.clauses.bounds(mention.first)[0] : first])


#: How somebody names what was told before.
_OF_IT = frozenset([
    "twitch", "twitches", "twitching",
    "symptom", "symptoms", "problem", "problems", "trouble", "troubles", "thing", "issue", "feeling", "pain", "spasm", "spasms",
    "weakness", "numbness", "attack", "attacks", "fit", "fits", "sensation", "jumping", "flicker", "flutter",
    "same", "whole", "muscle", "muscles", "spot", "area",
])
_OWNERS = frozenset(["my", "the", "our", "his", "her", "a", "an", "your", "their"])
_JOINS = frozenset([",", "and", "but", "-", ";", "so", "plus"])


def _subject_of_its_own(context: Context, mention: Mention, cue: Cue) -> bool:
    """'the twitching has moved up, and the key in our door no longer turns': a thing named between says what is no longer so."""
    texts, first = context.words.texts, cue.first
    while first > mention.last and texts[first - 1] not in _JOINS:
        first -= 1
    named = first > mention.last and texts[first] in _OWNERS
    return named and not set(texts[first + 1 : cue.first]) & (set(texts[mention.first : mention.last]) | _OF_IT)


def _of_what_used_to_be(context: Context, mention: Mention, cue: Cue) -> bool:
    """'bicep twitching since March, I used to get tingling in my feet but that went away': over is what used to be."""
    if not {"that", "it", "this", "those", "which", "they"} & set(context.words.texts[max(0, cue.first - 1) : cue.first + 1]):
        return False
    return any(mention.last <= other.first < cue.first and "used" in context.text(other).split() for other in context.cues.of("historical"))


def _all_over(context: Context, first: int, last: int) -> bool:
    """'Sun: all over, eating again'; but 'all over the carpet' is a place."""
    after = context.words.phrase(first, last).partition("all over")[2].split()
    return "all over" in context.words.phrase(first, last) and after[:1] not in (["the"], ["my"], ["me"], ["everything"], ["again"], ["him"], ["her"])


#: The thing that ended, right behind 'since'; 'twitching since March, stopped in June' and '... and it stopped' are not so.
_SINCE_ONE_THING = re.compile(r" since (?:(?!(?:it|this|that|they|then|and|but) )[a-z]\S* ){1,4}$")


def _somebody_stopped_something(context: Context, cue: Cue) -> bool:
    """'fever since I stopped the tablets', 'twitching since the holidays ended': the tablets and holidays are over, not the fever."""
    texts = context.words.texts
    if texts[cue.first] in ("stopped", "ended", "finished") and _SINCE_ONE_THING.search(f" {context.words.phrase(max(0, cue.first - 5), cue.first)} "):
        return True
    persons = ("i", "he", "she", "we", "they", "'ve", "have", "has", "had", "just")
    return texts[cue.first] in ("stopped", "ended", "finished") and texts[cue.first - 1] in persons


def _comes_back(context: Context, start: int, end: int) -> bool:
    """'then it came back'; 'it never came back' is no return."""
    resolved = context.cues.of("resolved")
    return any(
        cue.category == "again"
        and start <= cue.first < end
        and not set(context.words.texts[max(0, cue.first - 3) : cue.first]) & {"never", "not", "n't"}
        and context.words.texts[cue.first - 1] not in ("i", "he", "she", "we")  # 'he 's back on his sandwiches': a person is back, no symptom
        and not any(other.first <= cue.first < other.last for other in resolved)
        for cue in context.cues.all
    )


def _back_of_late(context: Context, start: int, end: int) -> bool:
    """'a weak foot in 2014, it came back last month', 'weak last month, now even worse': the trouble came back, not the strength."""
    return bool(_RETURNS.search(f" {context.words.phrase(start, end)} "))


def _again_next(context: Context, last: int) -> bool:
    if last >= len(context.words):
        return False
    following = context.clauses.bounds(last)
    return context.words.texts[following[0]] in ("then", "but", "now", "and") and _comes_back(context, *following)


def _sudden(context: Context, mention: Mention) -> bool:
    first, last = context.clauses.bounds(mention.first)
    text = " ".join(context.words.texts[max(0, first - 12) : last + 6])
    return any(
        word in text
        for word in _SUDDEN
    )


def _long_past(context: Context, mention: Mention) -> bool:
    days = context.days_ago(mention)
    told = context.cues.scope("historical", mention.first, mention.last) is not None
    if days is not None and days <= LASTING_DAYS:
        return False  # 'passed out in church on Sunday, been fine since'
    return told or (days is not None and days > LASTING_DAYS) or context.in_a_year(mention)
