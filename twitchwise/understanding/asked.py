"""Questions of what may be, of anybody or of a day to come: 'is weakness common?', 'blackouts? brown urine? which of these is urgent?'."""

from __future__ import annotations

import re

from .context import Context
from .mentions import Mention
from .so_inside import GIVEN, OTHERS, USUAL

OWN = frozenset(["i", "my", "me", "mine", "he", "she", "his", "her", "this", "these"])
_SHORT_QUESTION = 9
_OF_THESE = re.compile(r"(?:(?:which|what|any|are any|is any|would any|does any|do any|if any|when) )(?:one |ones )?of (?:these|those|them|this|the above) ")


def next_question(context: Context, mention: Mention) -> bool:
    """'what if I wake up one day and sound drunk?? or choke on soup??', 'If it slurs, when do I call? 2. Same for my swallowing?': asked on."""
    first, last = context.clauses.bounds(mention.first)
    words = context.words.texts[first:last]
    asked = context.clauses.is_question(mention.first) or (words[0] == "or" and len(words) <= 6)  # '... and cant swallow. or cant breathe.'
    if not asked or len(words) > _SHORT_QUESTION or OWN & set(words):
        return False
    before = first
    while before and before > first - 4:  # over '2.' and a second question mark
        start, end = context.clauses.bounds(before - 1)
        before = start
        if end - start > 2:
            return (context.clauses.is_question(start) or words[0] == "or") and any(start <= cue.first < end for cue in context.cues.of("hypothetical"))
    return False


def item_of_a_question(context: Context, mention: Mention) -> bool:
    """'Food sticking? Blackout? Brown urine? Which of these would mean today?': items that are asked about, told of nobody."""
    texts, (first, last) = context.words.texts, context.clauses.bounds(mention.first)
    first = max((index + 1 for index in range(first, mention.first) if texts[index] == ":"), default=first)
    while first < last <= len(texts) and last - first <= 5 and texts[last - 1] == "?" and not OWN & set(texts[first:last]):
        if last < len(texts) and _OF_THESE.match(f"{context.words.phrase(last, min(last + 6, len(texts)))} "):
            return True
        first, last = context.clauses.bounds(last) if last < len(texts) else (last, last)
    return False


_BEFORE_QUESTIONS = frozenset([
    ",", "and", "so", "also", "but", "or", "like", "q", ":", "honestly", "at", "point",
    "roughly", "about", "approximately", "realistically", "typically", "normally", "usually", "generally",
    "then", "what", "which", "when", "should", "-", "(", ")", "*", "•",
    "questions", "question", "qs", "stage", "moment", "please", "hi", "hello", "kindly", "doctor", "sir", "madam", "dear",
])
_ITEM = re.compile(r"[a-hiv]{1,3}\)?")
#: 'Shall I lose my speech?' asks what is to come; 'shall I tell them that my hand is weak?' does not.
_SHALL = re.compile(
    r"shall (?:(?:my|his|her) (?!fits?|seizures?|weak|numb|slurred|thick|bad|sore|thin|poor)"
    r"|(?:i|he|she|we|they) (?:(?:also|too|then|soon|one|day|ever) )*(?:lose|become|waste|choke|drool|slur|develop|suffer|(?:end|finish|wind) up"
    r"|(?:be|start|wake up) (?:slurring|choking|drooling|losing|wasting|falling|tripping|dropping|struggling|paralysed|crippled)"
    r"|(?:get|grow|go|be) (?:weak|weaker|worse|numb|thin|thinner|lame)) ?)"
)


def general_question(context: Context, mention: Mention) -> bool:
    """A general question: 'is weakness common?'; not 'why do I drop things?' and not 'my leg is numb, is that ALS?'."""
    if not context.clauses.is_question(mention.first) or context.words.texts[mention.last : mention.last + 2] == ("like", "mine"):
        return False
    texts, clause = context.words.texts, context.clauses.clause
    first = mention.first
    while first and clause[first - 1] == clause[mention.first] and context.clauses.sentence[first - 1] == context.clauses.sentence[mention.first]:
        first -= 1
    colons = [index for index in range(first, mention.first) if texts[index] in (":", "-")]
    first = colons[-1] + 1 if colons else first  # 'Query, no rush: does it always ...'
    head = [
        word
        for word in texts[first : mention.last]
        if not re.fullmatch(r"q?\d+[.)]?", word) and word not in _BEFORE_QUESTIONS
    ]
    if len(head) > 1 and _ITEM.fullmatch(head[0]) and ")" in texts[first : first + 5]:
        head = head[1:]  # '(a) does weakness come before wasting?'
    if "you" in texts[first : mention.last] and not {"i", "my", "me"} & set(texts[first : mention.last]):
        return True
    if head[:1] == ["if"] and "," in texts[first : mention.first]:  # 'if it went on long enough, could the muscle waste away?'
        comma = max(index for index in range(first, mention.first) if texts[index] == ",")
        head = [word for word in texts[comma + 1 : mention.last] if word not in _BEFORE_QUESTIONS]
    fronted = next((index for index in range(first, min(first + 6, mention.first)) if texts[index] == ","), None)
    if fronted is not None and texts[fronted + 1] in ("can", "could", "will", "would", "might", "may"):
        head = [word for word in texts[fronted + 1 : mention.last] if word not in _BEFORE_QUESTIONS]  # 'This jumping, can it eat my muscle?'
    if head[:1] == ["shall"]:
        return bool(_SHALL.match(" ".join(head)))
    if not head or head[0] not in ("can", "could", "does", "do", "will", "would", "is", "are", "should", "might", "may", "did", "was", "what", "how"):
        return False
    if head[0] in ("might", "may", "could") and head[1:2] in (["be"], ["just"], ["only"]):
        return False  # 'might be in my head but my voice sounds nasal?' turns nothing round
    if re.search(r" (?:way|fact|that) (?:that )?(?:i|he|she) ", " " + " ".join(texts[first : mention.last]) + " "):
        return False  # 'could the way I choke on coffee be a sign': it happens
    if "that" in head and USUAL & set(head) and not OTHERS & set(head):
        return False  # 'is it normal that water goes down the wrong way at every meal'
    own = {"i", "my", "this", "these", "his", "her", "he", "she", "me"} & set(texts[first : mention.last])
    owned = bool(GIVEN & set((*texts[max(0, mention.first - 1) : mention.first], *texts[mention.first : mention.first + 1])))
    if owned and {"be", "come", "mean", "have", "indicate", "still", "also", "point"} & set(texts[mention.last : mention.last + 3]):
        return False  # 'could my slurring be stress?'
    if head[0] in ("what", "how"):
        return not own
    if head[0] in ("is", "are", "was", "did", "do", "does") and own:
        return False
    return not own or head[0] in ("can", "could", "will", "would", "might", "may", "should")
