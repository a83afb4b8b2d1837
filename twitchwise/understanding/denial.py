"""What is denied: absent. An inability is a presence although it is worded as a denial."""

from __future__ import annotations

import itertools
import re

from .comparing import holds_against
from .context import Context, Verdict
from .cues import Cue
from .findings import ABSENT, HISTORICAL
from .mentions import LIKENESS, Mention

_DEGREES = frozenset(["too", "so", "very", "really", "quite", "that", "gone", "went", "are", "is", "feel", "feels", "getting"])
_SUBJECTS = frozenset(["i", "he", "she", "we", "they", "it"])
_NOUNS_OF_TROUBLE = frozenset(["change", "changes", "difference", "problem", "problems", "trouble", "difficulty", "difficulties", "issue", "issues", "loss"])


# ---- denial


#: What people tell by what they cannot do.
_OF_ABILITY = frozenset(["weakness", "one_sided_weakness", "rapid_weakness", "speech_difficulty", "swallowing_difficulty", "breathing_difficulty", "lockjaw"])


def denied(context: Context, mention: Mention, most: int) -> Verdict | None:
    if mention.resolved == "fine":
        return Verdict(ABSENT, rule="fine")
    if mention.entry.says == "absent":
        return None
    if mention.code == "improving" and {"not", "never"} & set(context.words.texts[max(0, mention.first - 2) : mention.first]):
        return Verdict(ABSENT, "not", "negation")     # 'it has never gone away'
    if mention.resolved == "problem" and {"no", "zero", "nil"} & set(context.words.texts[mention.first : mention.last]):
        return Verdict(ABSENT, "no", "negation")      # 'lost no weight'
    if mention.first and context.words.texts[mention.first - 1] == "no" and context.words.texts[mention.first] in _NOUNS_OF_TROUBLE:
        return Verdict(ABSENT, "no", "negation")      # 'no change' is else no denial ('no change after a week')
    untrue = context.cues.scope("untrue", mention.first, mention.last)
    given = context.words.texts[mention.first - 1 : mention.first] == ("my",) and context.words.texts[mention.last : mention.last + 1] in _GOES_ON
    if untrue and not given and "," not in context.words.texts[untrue.last : mention.first] and context.words.texts[untrue.last : untrue.last + 1] != ("only",):
        return Verdict(ABSENT, context.text(untrue), "untrue")
    if _denied_verb(context, mention):
        return Verdict(ABSENT, context.words.texts[mention.first - 1], "negation")
    if mention.entry.inability and _nobody_asks(context, mention):
        return Verdict(ABSENT, "nobody", "negation")
    if mention.source == LIKENESS and mention.code in _OF_ABILITY:
        # likeness has seen the whole sentence, its 'cannot' and 'no longer' too: only a plain 'no' right before it denies
        before = context.words.texts[max(context.clauses.bounds(mention.first)[0], mention.first - 3) : mention.first]
        plain = {"no", "without", "nor", "neither"} & set(before) and "longer" not in before
        return Verdict(ABSENT, "no", "negation") if plain or _no_after_colon(context, mention) else None
    if mention.entry.inability or context.own_negation(mention):
        if _no_before(context, mention) or _no_after_colon(context, mention):
            return Verdict(ABSENT, "no", "negation")
        return None
    cue = context.cues.scope("negation", mention.first, mention.last)
    if cue is not None and cue.last <= mention.first and _ASKS_ITSELF & set(context.words.texts[cue.last : cue.last + 1]):
        return None  # 'not sure if I fainted'
    if cue is not None and cue.first >= mention.last and _asks_for_relief(context, mention, cue):
        return None
    if cue is None or _not_without(context, cue) or _of_a_time(context, cue) or _then_not(context, mention, cue) or _a_slip(context, cue):
        return None
    if cue.last <= mention.first and mention.first - cue.last > (min(most, 3) if mention.code == "twitching" else most):
        return None
    if cue.last <= mention.first and mention.kind == "symptom" and not mention.resolved and _taken_as_given(context, cue, mention):
        return None
    if cue.last <= mention.first and _negation_ends(context, cue, mention):
        return None
    return Verdict(ABSENT, context.text(cue), "negation")


_BACK = re.compile(
    r"(?:^| )(?:today|now|since \S+|this (?:morning|week|month)|lately) (?:, )?(?:i|he|she) "
    r"(?:do|does|(?:have|has|'ve|'s)(?: got)? (?:it|that|exactly that|the same))(?: again)? [.,!;\n]"
    r"|^(?:but |and |now )*(?:(?:it|they) (?:is|are|'s|came) )?back (?:since|again|now|today)"
)


def back_in_the_next(context: Context, mention: Mention) -> bool:
    """'told the nurse I did not have cramps. Today I do', 'Ten days without. Back since this morning': there again."""
    _, last = context.clauses.bounds(mention.first)
    if last >= len(context.words):
        return False
    following = context.clauses.bounds(last)[1]
    after = context.clauses.bounds(following)[1] if following < len(context.words) else following
    return bool(_BACK.search(context.words.phrase(last, following) + " ") or _BACK.search(context.words.phrase(following, after) + " "))


#: Verbs that stand in the cue itself ('never lost') and begin the symptom too ('lost my grip').
_SHARED = frozenset(
    ["lost", "losing", "lose", "getting", "get", "got", "had", "feel", "feeling", "seen", "noticed", "dropping", "dropped", "tripping", "choking"]
)


def _denied_verb(context: Context, mention: Mention) -> bool:
    """'I have never lost my grip', 'no losing my grip', 'without losing control': the denial stands right before the symptom's own verb."""
    texts = context.words.texts
    if texts[mention.first - 1 : mention.first] not in (("never",), ("without",), ("no",), ("not",)) or texts[mention.first] not in _SHARED:
        return False
    ends = {"until", "before", "only", "just", "longer", "more", "anymore"} & set(texts[slice(*context.clauses.bounds(mention.first))])
    return mention.first > 0 and not ends and not context.own_negation(mention) and texts[mention.first - 2 : mention.first - 1] not in (("can",), ("could",))


_FINDS = frozenset(["find", "see", "report", "notice", "say", "feel", "detect", "any", "spot"])
_ASKS_ITSELF = frozenset(["sure", "certain", "clear", "convinced", "positive"])
_ASKINGS = frozenset(["say", "says", "said", "ask", "asks", "asked", "asking", "saying", "pardon", "repeat", "help", "helps", "has", "needs", "goes"])


def _nobody_asks(context: Context, mention: Mention) -> bool:
    """'nobody has to say pardon to me', 'no one ever asks me to repeat': what nobody has to do tells that all is well; 'nobody understands me' does not."""
    texts = context.words.texts
    before, inside = texts[max(0, mention.first - 5) : mention.first], texts[mention.first : mention.last]
    nobody = "nobody" in before or ("no", "one") in itertools.pairwise(before)
    if not nobody or context.own_negation(mention) or {",", ".", "but", "and"} & set(before[before.index("nobody" if "nobody" in before else "no") :]):
        return False
    return inside[0] in _ASKINGS and not {"understand", "understands", "understood", "follow", "hear", "catch"} & set(inside)


def _no_after_colon(context: Context, mention: Mention) -> bool:
    """'food going down the wrong way: no', as in a form that is filled in; also 'Dropping things? No.'"""
    cue = context.cues.scope("negation", mention.first, mention.last)
    behind = cue is not None and cue.first == mention.last and context.words.texts[cue.first] in (":", "=", "-", "?")
    return bool(cue and behind and not _asks_for_relief(context, mention, cue))


def _not_without(context: Context, cue: Cue) -> bool:
    """'I have not gone a day without my ankle twitching': twice denied is told."""
    texts = context.words.texts
    return texts[cue.first] == "without" and bool({"not", "never", "no", "hardly", "rarely"} & set(texts[max(0, cue.first - 7) : cue.first]))


def _of_a_time(context: Context, cue: Cue) -> bool:
    """'it is not six days the twitching has been going, it is six weeks': the time is denied, not the twitching."""
    return context.words.texts[cue.last - 1] == "not" and any(cue.last <= first <= cue.last + 1 for first, _, _ in context.times)


def _then_not(context: Context, mention: Mention, cue: Cue) -> bool:
    """'the hollow wasn't there in June': what was not there then is there now."""
    texts = context.words.texts
    beside = {"that", "which"} & set(texts[cue.first - 2 : cue.first]) or _THEN & set(texts[cue.last : cue.last + 2])
    if beside and cue.first >= mention.last and "there" in texts[cue.first : cue.last + 1]:
        return True  # 'a hollow that was never there', 'it was not there in my pictures from spring'
    return cue.first >= mention.last and any(
        cue.first < first <= cue.last + 2 and time.kind == "ago" and holds_against(first, context.words, context.clauses) for first, _, time in context.times
    )


def _a_slip(context: Context, cue: Cue) -> bool:
    """'twelve weeks of twitching - no, 2': the 'no' puts a number right."""
    after = context.words.texts[cue.last : cue.last + 1]
    said = context.words.texts[cue.first : cue.last]
    return said[-2:] == ("no", ",") and bool(after) and (after[0].isdecimal() or after[0] in _NUMBERS)


_RELIEF = frozenset([
    "gone", "eased", "ease", "easing", "better", "relief", "help", "helped", "helps", "back", "away", "improve", "improved", "improving", "stop", "stopped",
    "recover", "recovered", "settle", "settled", "go", "went", "worn", "passed", "over", "normal", "fine", "could", "able", "can",
    "seen", "see", "checked", "tested", "told", "doctor", "gp", "seriously", "know", "knows", "look", "looked", "scan", "treated", "examined", "anyone",
])
_OPENINGS = frozenset(["any", "is", "are", "has", "have", "did", "does", "do", "was", "were", "could", "can", "will"])
_QUESTIONS = frozenset(["asked", "asks", "ask", "asking", "question", "questions"])


def _asks_for_relief(context: Context, mention: Mention, cue: Cue) -> bool:
    """'Has the weakness eased? No.', 'my speech slurs, but I said no to tests': the no is not for the symptom."""
    said = set(context.words.texts[slice(*context.clauses.bounds(mention.first))])
    if cue.entry.id.endswith("/when_asked"):
        return not _QUESTIONS & said
    first = context.clauses.bounds(mention.first)[0]
    mark = cue.first if context.words.texts[cue.first] in ("?", ":") else cue.first - 1
    asked = context.words.texts[mark] in ("?", ":") and context.words.texts[first] in _OPENINGS
    return asked and bool(_RELIEF & set(context.words.texts[first:mark]))


_THEN = frozenset(["in", "on", "before", "when", "last", "until", "earlier", "previously", "back", "at"])
_NUMBERS = frozenset(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty"])


_DENIALS = (
    "no", "not", "never", "without", "nor", "or", "any", "neither", "zero", "nil", "denies", "denied", "denying", "free of", "sign of", "hint of", "trace of",
)


def _no_before(context: Context, mention: Mention) -> bool:
    """'no dropping things', 'not tripping', 'no trouble with jars': the denial stands right before an inability."""
    before = context.words.texts[max(0, mention.first - 3) : mention.first]
    if context.own_negation(mention) and before[-1:] and before[-1] in _SUBJECTS and "that" not in before:
        return False  # 'no I can not squat', 'without it I can not get up'; but 'not that I can not'
    joined = " " + " ".join(before) + " "
    if any(f" {text} " in joined for text in _DENIALS):
        cue = context.cues.scope("negation", mention.first, mention.last)
        return cue is not None and cue.last <= mention.first and not _negation_ends(context, cue, mention)
    cue = context.cues.scope("negation", mention.first, mention.last)
    starts = context.words.texts[mention.first]
    return (
        cue is not None
        and cue.last <= mention.first
        and (starts.endswith("ing") or starts in ("trouble", "difficulty", "problems", "problem", "falls", "fall"))
        and not _negation_ends(context, cue, mention)
    )


#: What a symptom that is taken as given does: 'it is not as if my slurring gets any better'.
_GOES_ON = (("does",), ("gets",), ("hurts",), ("is",), ("scares",), ("worries",), ("makes",), ("has",))
_NO_CURE = frozenset(["cure", "relief", "treatment", "remedy", "reason", "cause", "explanation", "help", "end", "break", "respite", "stopping", "letup"])
_AGAINST = frozenset(["for", "helps", "help", "helped", "stop", "stops", "touch", "touches", "anything", "against", "with"])


def _taken_as_given(context: Context, cue: Cue, mention: Mention) -> bool:
    """'nothing did anything for my cramps', 'nobody can say why I keep having fits', 'cannot work out if I slur': not the symptom is denied."""
    texts = context.words.texts
    between = texts[cue.last : mention.first]
    if {"why", "because", "if", "whether"} & set(between) or (_NO_CURE & set(between) and {"for", "of", "behind", "from"} & set(between)):
        return True  # 'there is no cure for the weakness in my hand'
    if texts[cue.first] in ("nobody", "no") and {"nobody", "one"} & set(texts[cue.first : cue.last]) and "that" in between:
        return True
    return texts[mention.first - 1] == "my" and bool(_AGAINST & set(between))


def _negation_ends(context: Context, cue: Cue, mention: Mention) -> bool:
    """A new item that begins with an affirming word is outside of the list: 'no pain, a dent in my calf'."""
    if context.words.texts[mention.first : mention.first + 2] in (("and", "now"), ("but", "now")) and cue.last <= mention.first:
        return True  # 'it never came back, and now the right is going too'
    between = list(context.words.texts[cue.last : mention.first])
    if any(word == ")" and before.isdecimal() for before, word in itertools.pairwise(between)):
        return True  # '1) not diabetic 2) not smoking 3) weak legs': each item stands for itself
    if "," in between and not ({"or", "nor"} | _FINDS) & set(between) and {"can", "could"} & set(context.words.texts[max(0, cue.first - 1) : cue.last]):
        return True  # 'can't sit, shouting at walls, shaking'
    if "," not in between and "and" not in between and "-" not in between:
        return False
    if not {"and", "or", "nor"} & set(between) and (_lasts(context, mention) or _says_of_a_part(context, mention, between)):
        return True
    last_joint = max(index for index, word in enumerate(between) if word in (",", "and", "-"))
    item = between[last_joint + 1 :] + list(context.words.texts[mention.first : mention.first + 1])
    affirming = {"a", "an", "some", "my", "definite", "the", "constant", "more", "i", "slight", "it", "there", "only", "just", "lots", "now",
                 "what", "when", "he", "she", "his", "her"}
    return bool(item) and item[0] in affirming and not set(item) & {"no", "any", "not", "or"}


def _lasts(context: Context, mention: Mention) -> bool:
    """'no history of anything, weak left leg for 3 weeks': what is denied has no length."""
    return any(
        time.kind in ("for", "since") and mention.last <= first <= mention.last + 3 and "," not in context.words.texts[mention.last : first]
        and context.words.texts[first] in ("for", "since")
        for first, _, time in context.times
    )


def _says_of_a_part(context: Context, mention: Mention, between: list[str]) -> bool:
    """'would not get up, legs too weak': a new statement with its subject before it, where 'no numb toes, weak legs' is a list."""
    item = between[max(index for index, word in enumerate(between) if word in (",", "-")) + 1 :]
    return bool(item) and item[-1] in _DEGREES and context.words.texts[mention.first] not in _DEGREES


def unless_past(context: Context, mention: Mention, denied: Verdict) -> Verdict:
    """'I had numbness, not any more' is over, not denied."""
    resolved = context.cues.scope("resolved", mention.first, mention.last)
    if resolved and resolved.first >= mention.last and {"more", "longer", "since", "again", "cured"} & set(context.text(resolved).split()):
        return Verdict(HISTORICAL, context.text(resolved), "resolved")
    return denied
