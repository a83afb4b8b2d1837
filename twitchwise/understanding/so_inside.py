"""What is so although it stands inside a question, a fear or a condition: 'what if my chest pain is serious', 'googled cramps because I have them'."""

from __future__ import annotations

import re
from itertools import pairwise

from .context import Context
from .cues import Cue
from .mentions import EMERGENCIES, Mention

GIVEN = frozenset(["my", "this", "these", "his", "her", "our"])
MODALS = frozenset(["will", "would", "could", "might", "may", "can", "should", "going", "gonna", "shall", "'ll", "wo"])

_HAS = r"(?:i|he|she) (?:(?:have|has|'ve|'s|am|'m|is|keep|keeps) )+(?:had |got |been |having |getting |living with )*(?:it|this|that|them)"
_GOES_ON = r"(?:[,.;!?\n]|since|for|now|every|all|too|daily|again|myself|as well)"
_HAS_IT = re.compile(rf" (?:because|since|as|cos|and) {_HAS} {_GOES_ON}"
                     r"| (?:as|like|which|because|cos) (?:i|he|she) (?:do|does|have|has) (?:[,.;!?\n]|and|now|every)"
                     r"| because (?:that (?:is|'s|s) (?:literally )?(?:where|what|me|my)|(?:i|he|she) (?:do|does|am|is|have|has) [,.])"
                     r"| and (?:i|he|she) (?:(?:(?:had|have|has) to say |said |answered |must say )yes|(?:do|does) ,)"
                     r"| to (?:chill|ease|settle|calm|quit|shut) ")
_HAS_IT_NOW = re.compile(
    rf"(?:^| ){_HAS} {_GOES_ON} |^(?:my|our) \w+ (?:has|'s got|has had|gets|has got) (?:it|this|that|them) {_GOES_ON} "
    r"|^mine (?:is|'s|gets|has|comes|started|goes|began) "
)
_AT_A_TWITCH = frozenset([
    "twitching", "twitch", "twitches", "twitchy", "twitchers", "eyelid", "eyelids", "flicker", "flickers", "flickering", "fluttering", "jumping", "jumpy",
    "fasciculations",
])


def confirmed(context: Context, mention: Mention) -> bool:
    """'Googled numbness because I've had it since Friday', 'Could the tablets be to blame for the cramps? I've had them all week.'"""
    _, last = context.clauses.bounds(mention.first)
    texts = context.words.texts
    if mention.code == "twitching" or _HAS_IT.search(f" {context.words.phrase(mention.last, last)} "):
        return mention.code != "twitching"
    if _AT_A_TWITCH & set(texts[:last]) or last >= len(texts):
        return False  # 'does it begin with weakness? I have had it in my eyelid for days': the twitch
    following = context.words.phrase(*context.clauses.bounds(last)) + " "
    found = _HAS_IT_NOW.search(following)
    yes = re.match(r"[^a-z]*(?:(?:yes|yeah|yep|yup|aye)(?! but only| only| but)|(?:i do|i have|he does|he has|she does|she has)(?= [,.!;\n]| and ))", following)
    return bool(found or yes) and not {"not", "never", "no", "fear", "feeling"} & set((following[: found.end()] if found else following).split()[:12])



def _told_beside(context: Context, mention: Mention, cue: Cue) -> bool:
    """'what if this is ALS, I cannot open jars any more': a clause of its own that says what is so now."""
    texts, clause = context.words.texts, context.clauses.clause
    first = mention.first
    while first and clause[first - 1] == clause[mention.first]:
        first -= 1
    named = {"als", "mnd", "ms", "serious", "bad", "cancer", "parkinsons", "tumour", "tumor", "stroke"} & set(texts[cue.last : mention.first])
    if named and "," in texts[cue.last : mention.first] and texts[mention.first - 1 : mention.first] != ("and",):
        return texts[first] in ("i", "my", "he", "she", "his", "her")  # 'what if it is ALS, my foot drags'
    now = {"more", "anymore", "now", "since", "already", "today", "lately"} & set(texts[mention.last - 1 : mention.last + 4])
    if clause[cue.first] >= clause[mention.first] or texts[first] not in ("i", "my", "he", "she", "his", "her"):
        return False
    sentence = set(texts[slice(*context.clauses.bounds(mention.first))])
    # 'if I carry the bags, my arm goes weak' tells what happens each time
    habit = texts[cue.first] == "if" and not (MODALS | {"als", "mnd", "ms", "then", "get", "?", "ever", "it"}) & sentence
    return bool(now) or habit


def _likened(context: Context, mention: Mention, cue: Cue) -> bool:
    """'as if I were sitting on cotton wool, no feeling there': what follows the comparison is so, and often the comparison itself."""
    return context.words.texts[max(0, cue.first - 1) : cue.first + 1] == ("as", "if")


USUAL = frozenset(["normal", "usual", "common", "typical", "ok", "okay", "serious", "dangerous", "bad", "worrying", "urgent", "concerning", "important"])
OTHERS = frozenset(["people", "patients", "sufferers", "everyone", "everybody", "someone", "somebody", "you", "one", "als", "mnd", "ms"])


_AHEAD = frozenset([
    "going", "gonna", "someday", "soon", "eventually", "later", "now", "point", "dream", "nightmare", "dreams", "nightmares", "unless", "until", "event",
    "dreamt", "dreamed", "dreaming", "next", "ever", "said", "says", "told", "advised", "wants", "wanted",
])


def to_come(context: Context, cue: Cue) -> bool:
    said = context.text(cue).split()
    ahead = bool(_AHEAD & set(said)) or said[-2:] in (["one", "day"], ["some", "day"]) or said[:2] == ["the", "day"]
    return ahead or "tomorrow" in context.words.texts[cue.last : cue.last + 5]


_CHANGES = frozenset([
    "get", "go", "give", "start", "begin", "spread", "move", "shrink", "waste", "droop", "turn", "lock", "become", "lose", "stop", "stick", "worsen", "fail",
    "develop", "change", "fall", "drop", "swell", "seize", "slur", "choke",
])
_CHANCES = frozenset(["odds", "chance", "chances", "likelihood", "risk", "likely", "probable", "probability"])


def _foretold(context: Context, mention: Mention, cue: Cue) -> bool:
    """'what are the odds my face will droop', 'should my hand get weak', 'if my speech were to go', 'suppose my grip got weak next year'."""
    texts, first = context.words.texts, context.words.texts[cue.first]
    said = texts[max(cue.first, mention.first - 4) : mention.last]
    if ({"will", "would", "should", "shall", "'ll"} & set(said[1:]) and "not" not in said) or ("were", "to") in pairwise(said):
        return True
    if _CHANCES & set(texts[cue.first : cue.last]) and mention.code == "spreading":
        return True
    if mention.code == "spreading" and first in ("if", "what", "when", "once", "in", "unless") and not (
            {"since", "now", "already", "has", "have", "had", "'s"} & set(said)):
        return True  # 'if this spreads do I go to the er?'
    if first in ("suppose", "supposing", "imagine"):
        rest = set(texts[cue.first : context.clauses.bounds(mention.first)[1]])
        asked = context.clauses.is_question(mention.first) and bool({"would", "later"} & rest)
        dated = {"tomorrow", "next"} & rest or ("from", "now") in pairwise(texts[cue.first : context.clauses.bounds(mention.first)[1]])
        return (asked or bool(dated)) and not {"since", "already", "last"} & rest
    return False


_SPEAKS_ON = (("yes",), ("i",), ("my",), ("he",), ("she",), ("that",), ("it",), ("the",), ("told",), ("unfortunately",))
_ANSWERS = frozenset([":", "yes", "-", ";", "and", "told", "since", "unfortunately", "indeed"])


def _if_it_should(context: Context, mention: Mention, cue: Cue) -> bool:
    """'should my hand get weak, do I ring someone?'; 'should my face droop like this?' asks of what is there."""
    texts, last = context.words.texts, context.clauses.bounds(mention.first)[1]
    said, after = texts[cue.first : mention.last], texts[mention.last : last]
    so_now = {"like", "since", "ago", "already", "have", "has", "be", "today", "now"} & set(texts[cue.first : last])
    return bool({*_CHANGES, "ever"} & set(said)) and "," in (*texts[mention.last - 1 : mention.last], *after) and not so_now


def _soon(context: Context, mention: Mention, cue: Cue) -> bool:
    """'once my hand starts getting weak, is it too late?' asks of a day to come; 'once my legs get going they buckle' tells."""
    said = context.words.texts[max(cue.first, mention.first - 4) : mention.last]
    return context.clauses.is_question(mention.first) and bool({"starts", "start", "begins", "begin", "becomes", "become", "gets", "goes"} & set(said))


_POLITE = re.compile(r" if you (?:can|could|have|are|get|want|wish|like|please|know|need|would|are able|do not mind) ")
_AWAITED = frozenset(["ambulance", "doctor", "gp", "neurologist", "appointment", "results", "result", "call", "callback", "taxi", "scan", "emg", "mri", "nurse",
                      "referral", "husband", "wife", "help", "bus", "paramedics"])
#: Of a fear, right behind it: 'my worst fear is happening'.
IS_HERE = frozenset(["happening", "true", "here", "real"])


def given(context: Context, mention: Mention, cue: Cue) -> bool:
    """Taken as given inside the question: 'what if my chest pain is serious', 'is this slurring ALS'."""
    texts = context.words.texts
    if cue.entry.id.endswith("/ahead") and "and now" in " ".join(texts[cue.last : mention.first]):
        return True  # 'the doctor said come back if it spreads and now my arm is weak'
    if (cue.entry.id.endswith("/ahead") or texts[cue.first] == "unless") and "," in texts[cue.last : mention.first]:
        return True  # 'am I going to die, my chest is crushing': what follows is told
    if _foretold(context, mention, cue):
        return False
    if {",", ":"} & set(texts[cue.last - 1 : mention.first]) and (_POLITE.search(f" {context.words.phrase(cue.first, cue.last + 2)} ") or (
            {"waiting", "wait", "awaiting"} & set(texts[cue.first : cue.last]) and _AWAITED & set(texts[cue.last - 1 : cue.last + 3]))):
        return True  # 'ring me if you can, I cannot swallow', 'waiting for the ambulance, chest pain'
    dreaded = {"fear", "dread", "nightmare", "worry", "horror"} & set(texts[cue.first : cue.last])
    if dreaded and (IS_HERE | {"now", "coming", "came"}) & set(texts[cue.last : cue.last + 2]):
        return True  # 'my worst fear is happening: I cannot lift my arm'
    if texts[cue.first] == "once":
        return not _soon(context, mention, cue)
    asked = texts[cue.first] in ("you", "they") or bool({"asked", "asks", "enquired", "inquired", "wondered", "quizzed"} & set(texts[cue.first : cue.last]))
    # 'about weakness and numbness'
    listed = texts[mention.last : mention.last + 1] == ("and",) and texts[mention.last + 1 : mention.last + 2] not in _SPEAKS_ON
    if asked and not listed and _ANSWERS & set((*texts[cue.last : mention.first], *texts[mention.last : mention.last + 3])):
        return True  # 'You asked about weakness: my hand has got weaker', 'You asked about cramps and yes, I have them'
    if {"dream", "dreams", "nightmare", "nightmares", "dreamt", "dreamed", "dreaming"} & set(texts[cue.first : cue.last]) and (
            {"woke", "wake", "wakes", "awake", "now"} & set(texts[cue.last : mention.first])
            or (texts[mention.first - 1] == "and" and texts[mention.first] in GIVEN | {"i"})):
        return True  # 'a nightmare that woke me and my chest is crushing'
    if cue.entry.id.endswith("/ahead") and texts[cue.first] == "should":
        return not _if_it_should(context, mention, cue)
    if to_come(context, cue) or "ever" in (*texts[cue.last : mention.first], *context.words.texts[mention.first : mention.last]):
        return False  # 'am I going to wake up and my hand is weak': of a day to come
    rest = texts[mention.last : context.clauses.bounds(mention.first)[1]]
    if rest[:1] in (("one",), ("some",)) and rest[1:2] in (("day",), ("night",), ("morning",)) and not (
            {"today", "now", "already", "since", "like"} & set(rest)):
        return False  # 'is there any danger my throat shuts one night?'
    if texts[mention.last : mention.last + 2] == ("like", "mine") or texts[mention.first - 2 : mention.first] in (("me", "having"), ("my", "having")):
        return True  # 'what if me having weakness is ALS'
    if _told_beside(context, mention, cue) or _likened(context, mention, cue):
        return True
    # 'is it normal that my words come out slurred': the cue may reach into the phrase
    between = texts[cue.last - 1 if cue.last <= mention.first else cue.first + 1 : mention.first]
    inside = texts[mention.first : mention.last]
    if "that" in between and USUAL & set(texts[cue.first : cue.last]) and not OTHERS & {*between, *inside}:
        return True  # 'is it normal at 60 that I can not get the lids off': what one asks about is so
    reach = mention.first if inside[0] in ("trouble", "difficulty", "problem", "problems") else mention.last  # 'trouble getting food down'
    becoming = context.cues.between("future", cue.last, reach) or any(
        word in ("get", "gets", "become", "becomes", "start", "starts", "lose", "develop", "turn", "spread", "spreads", "ends", "leads") for word in between
    )
    if becoming:
        return False
    first = texts[cue.first]
    if first in ("what", "suppose", "supposing", "imagine", "in", "say") and {"start", "starts", "begin", "begins", "get", "gets"} & set(inside):
        return False  # 'what if my face starts to droop'
    if {"know", "notice", "tell", "spot", "recognise", "check", "look", "watch"} & set(texts[cue.first : cue.last]):
        return False  # 'how would I know if my muscle shrinks'
    if "what if" in " ".join(texts[max(0, cue.first - 1) : cue.last]) and mention.code not in EMERGENCIES:
        # 'what if my chest pain is serious' names it, 'what if my legs give way' imagines it
        return bool((set(between[-2:]) | set(inside[:1])) & GIVEN) and texts[mention.last : mention.last + 1] in (
            ("is",),
            ("'s",),
            ("was",),
            ("are",),
            ("means",),
            ("turns",),
        )
    named = bool((GIVEN | {"the"}) & {*between[2:], *inside[:1]})
    if named and first in ("cause", "causes") and between[1:2] in (("for",), ("of",), ("behind",)):
        return True  # 'found no cause for the weakness in my hand'
    if first == "if" and {"->", "→", "=>", ">"} & set(texts[mention.last : mention.last + 4]):
        return False  # 'if my speech slurs -> doctor'
    rest = texts[mention.first : context.clauses.bounds(mention.first)[1]]
    if first == "if" and "would" in rest and not {"since", "now", "already", "today"} & set(rest):
        return False  # 'if my wee turned brown after the race, what would that mean?'
    if first == "if" and "only" in texts[max(0, cue.first - 1) : cue.first]:
        return True
    if "that" in between and {"i", "my", "he", "she", "his", "her"} & (set(between[between.index("that") :]) | set(inside[:2])):
        return True  # 'is it normal that I cough on my tea'
    determined = bool(set(between[-2:]) & GIVEN) or bool(set(inside[:1]) & GIVEN)
    return determined and not (set(between) & MODALS)
