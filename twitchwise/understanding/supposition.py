"""What is only feared, asked, read or heard about: hypothetical, not there."""

from __future__ import annotations

import re

from .asked import OWN, general_question, item_of_a_question, next_question
from .context import Context, Verdict
from .cues import Cue
from .findings import ABSENT, HYPOTHETICAL, POSSIBLE
from .mentions import EMERGENCIES, Mention
from .so_inside import GIVEN, IS_HERE, MODALS, confirmed, given

_PICTURES = frozenset([
    "imagine", "imagining", "imagined", "picture", "picturing", "pictured", "visualising", "visualizing", "visions", "seeing",
])
_IMAGINES = _PICTURES | {"dread", "dreading"}


# ---- fear, questions, knowledge


def hypothetical(context: Context, mention: Mention) -> Verdict | None:
    """Feared, asked about or read about; what the person then says to have is none of these."""
    supposed = _supposed(context, mention)
    if supposed and supposed.assertion == HYPOTHETICAL and _asks_for_its_name(context, mention):
        return Verdict(POSSIBLE, "call it", "doubt")
    return None if supposed and supposed.assertion == HYPOTHETICAL and confirmed(context, mention) else supposed


_NAMING = re.compile(
    r" (?:call (?:it|this|that)|(?:it|this|that) counts? as|(?:i|he|she) (?:have|'ve|has|'s) (?:a |got a )?(?:touch|bit|spot|hint) of)(?: \S+){0,2} $"
)


def _asks_for_its_name(context: Context, mention: Mention) -> bool:
    """'would you call it weakness?', 'does it count as weakness', 'I wonder if I have a touch of cramp': something is there, in doubt is its name."""
    before = context.words.phrase(max(0, mention.first - 9), mention.first)
    return bool(_NAMING.search(f" {before} "))


def _supposed(context: Context, mention: Mention) -> Verdict | None:
    knowledge = context.cues.scope("knowledge", mention.first, mention.last)
    if knowledge and _has_the_illness(context, knowledge):
        knowledge = next((cue for cue in context.cues.scopes("knowledge", mention.first, mention.last) if not _has_the_illness(context, cue)), None)
    if knowledge and not _own_statement(context, mention, knowledge) and not _answered_list(context, mention, knowledge):
        if _denied_next(context, mention):
            return Verdict(ABSENT, context.text(knowledge), "denied next")
        return Verdict(HYPOTHETICAL, context.text(knowledge), "knowledge")
    told = _told_inside(context, mention)
    if told:
        return Verdict(HYPOTHETICAL, context.text(told), "knowledge")
    if mention.code == "twitching":  # what brings people here: only a general question makes it no report
        named = bool(_NAMED & set(context.words.texts[max(0, mention.first - 2) : mention.first]))  # 'could the twitch spread?'
        asked = general_question(context, mention) and not named and not _with_its_age(context, mention)
        return Verdict(HYPOTHETICAL, "?", "question") if asked else None
    fear = context.cues.scope("fear", mention.first, mention.last)
    if fear and _feared(context, mention, fear):
        return Verdict(HYPOTHETICAL, context.text(fear), "fear")
    for cue in context.cues.scopes("hypothetical", mention.first, mention.last):
        if _doubts(context, cue) or _no_condition(context, cue) or given(context, mention, cue):
            continue
        if _is_statement(context, cue) or _asked_and_answered(context, mention, cue):
            continue
        return Verdict(HYPOTHETICAL, context.text(cue), "hypothetical")
    supposed = conditional(context, mention)
    if supposed:
        return supposed
    if general_question(context, mention):
        return Verdict(HYPOTHETICAL, "?", "question")
    if next_question(context, mention):
        return Verdict(HYPOTHETICAL, "?", "next question")
    if item_of_a_question(context, mention):
        return Verdict(HYPOTHETICAL, "which of these", "next question")
    before = " ".join(context.words.texts[max(0, mention.first - 7) : mention.first])
    if mention.code not in EMERGENCIES and _END_UP.search(f"{before} "):
        return Verdict(HYPOTHETICAL, "end up", "future")
    return None


_FEELS = frozenset(["get", "have", "feel", "start", "end", "panic", "am", "'m", "'ve", "got", "go"])
_INVERTED = frozenset(["is", "are", "does", "do", "did"])


_END_UP = re.compile(r"(?:^| )(?:will|would|going to|might|could|may|shall|do|does) (?:i |he |she |you |we |they )?(?:just |eventually |also )?end up ")


_ARRIVES = frozenset(["comes", "come", "starts", "begins", "sets", "arrives", "hits", "strikes", "kicks", "shows", "appears", "develops"])
_OFFERED = frozenset(["helps", "matters", "counts", "interests"])


def _no_condition(context: Context, cue: Cue) -> bool:
    """'as if it cannot carry me' likens; 'if it helps, my hand is weak' only offers what is so; 'I suppose the hand is weak' thinks so."""
    texts = context.words.texts
    if texts[cue.first] == "if" and {"lying", "lie", "liar"} & set(texts[max(0, cue.first - 2) : cue.first]):
        return True  # 'I would be lying if I told you I do not have weakness'
    if texts[cue.first] == "suppose":
        return texts[cue.first - 1 : cue.first] in (("i",), ("we",))
    return texts[cue.first] == "if" and (texts[cue.first - 1 : cue.first] == ("as",) or bool(_OFFERED & set(texts[cue.first + 1 : cue.last + 1])))


_NAMED = frozenset(["the", "my", "this", "these"])
_NO_OWNERS = frozenset(["think", "thinks", "thought", "if", "that", "convinced", "afraid", "scared", "worried", "feared", "fear", "sure", "might", "may",
                        "could", "whether", "imagine", "suppose", "maybe"])


def _with_its_age(context: Context, mention: Mention) -> bool:
    """'is a 3-day-old calf twitch worth a visit?': a twitch with its age is there."""
    ages = [(first, last) for first, last, time in context.times if time.kind in ("for", "age")]
    texts = context.words.texts
    return any(
        last <= mention.first <= last + 3 or (mention.last <= first <= mention.last + 3 and {"old", "age"} & set(texts[first - 1 : last + 1]))
        for first, last in ages
    )


_DIAGNOSED = frozenset(["diagnosed", "living", "lives", "lived", "died", "ill", "sick"])


def _has_the_illness(context: Context, knowledge: Cue) -> bool:
    """'My husband has Parkinson's, so the shaking is old news': who has an illness has its symptoms, and tells of no book."""
    texts = context.words.texts
    # 'mom got diagnosed with MS, for her it was numb legs'
    diagnosed = texts[knowledge.first] == "with" and bool(_DIAGNOSED & set(texts[max(0, knowledge.first - 2) : knowledge.first]))
    if texts[knowledge.first] not in ("has", "have", "had") and not diagnosed:
        return False
    before = texts[max(context.clauses.bounds(knowledge.first)[0], knowledge.first - 5) : knowledge.first]
    people = context.people.people
    mine = any(people.relative(word) and word not in people.generic for word in before) or bool({"he", "she", "i"} & set(before))
    return mine and not _NO_OWNERS & set(before) and not context.clauses.is_question(knowledge.first)


def _answered_list(context: Context, mention: Mention, knowledge: Cue) -> bool:
    """'everyone online asks, so: swallowing ok, no foot drop': behind the colon stand one's own answers, no symptoms of a book."""
    return mention.entry.says == ABSENT and ":" in context.words.texts[knowledge.last : mention.first]


_DENIES_ALL = re.compile(
    r"(?:but |and |so |well |luckily |, )*(?:(?:i|he|she|we) (?:have |has |had |got |do |'ve |'s )*(?:neither|none|not have (?:any|either))|neither\b)"
    r"|(?:but |luckily )?none of (?:it|that|these|those|them|this) (?:[.,;\n]|applies|fits|in me|with me|here|at all|for me|yet|so far)"
)


def _denied_next(context: Context, mention: Mention) -> bool:
    """'The leaflet says to watch for a hoarse voice. I have neither.'"""
    _, last = context.clauses.bounds(mention.first)
    return last < len(context.words) and bool(_DENIES_ALL.match(context.words.phrase(last, min(last + 8, len(context.words)))))


def _asked_and_answered(context: Context, mention: Mention, cue: Cue) -> bool:
    """'he asked if I had had an operation, because one thigh is thinner': the question ends at its comma or its reason."""
    texts = context.words.texts
    asked = bool({"asked", "asks", "asking", "ask", "wondered", "checked"} & set(texts[max(0, cue.first - 3) : cue.last]))
    return asked and bool({"because", "as", "since", "cos", ","} & set(texts[cue.last : mention.first]))


def _doubts(context: Context, cue: Cue) -> bool:
    """'I am not sure if I fainted', 'no idea whether he lost consciousness' doubts what was."""
    texts = context.words.texts
    return texts[cue.first] in ("if", "whether") and cue.first > 1 and texts[cue.first - 1] in ("sure", "certain", "clear", "idea", "remember", "clue")


def _is_statement(context: Context, cue: Cue) -> bool:
    """'what vexes me is that bit by bit I have become ...': turned round like a question, yet none."""
    texts, clauses = context.words.texts, context.clauses
    if texts[cue.first] not in _INVERTED or clauses.is_question(cue.first) or not cue.first:
        return False
    return clauses.clause[cue.first - 1] == clauses.clause[cue.first] and texts[cue.first - 1] not in (",", "and", "so", "but", ":", "-", "wonder", "wondering")


def _told_inside(context: Context, mention: Mention) -> Cue | None:
    """'reading about people who started slurring' as one phrase: its own words say that it is read."""
    if {"i", "my", "me", "mine", "he", "she", "his", "her"} & set(context.words.texts[mention.first : mention.last]):
        return None
    # 'as if somebody had poured stout in it' likens
    return next((cue for cue in context.cues.of("knowledge") if mention.first <= cue.first and cue.last < mention.last
                 and context.words.texts[cue.first - 1] not in ("like", "if", "though")), None)


_BECOMES = frozenset(["become", "get", "go", "turn", "shrink", "waste", "grow", "be"])
#: What happens on a day that has come is no condition.
_COME_TRUE = frozenset(["today", "tonight", "now", "already", "since", "yesterday", "appeared", "happened", "morning"])
_ONE_DAY = re.compile(r" (?:(?:one|some) day|someday) ")


def conditional(context: Context, mention: Mention) -> Verdict | None:
    """'If it creeps up the leg, do I ring?': what is asked of a day to come, however certain its words."""
    texts, first = context.words.texts, mention.first
    asked = texts[first - 1 : first] == ("if",) and texts[first - 2 : first - 1] not in (("as",), ("even",), ("only",), ("know",), ("sure",))
    own = {"i", "my", "me", "we", "he", "she", "his", "her", "already", "now"} & set(texts[first : mention.last])
    before, after = texts[max(context.clauses.bounds(first)[0], first - 3) : first], texts[mention.last : mention.last + 3]
    if not own and "when" in before and not OWN & set(before) and _ARRIVES & set(after) and context.clauses.is_question(first):
        return Verdict(HYPOTHETICAL, "when", "hypothetical")  # 'when weakness comes, is it sudden?'
    if first and asked and not own and context.clauses.is_question(first):
        return Verdict(HYPOTHETICAL, "if", "hypothetical")
    clause = context.clause_words(mention)
    if mention.code in EMERGENCIES or _COME_TRUE & set(texts[slice(*context.clauses.bounds(first))]):
        return None
    if clause[:1] == ("if",) and {"one", "some", "someday"} & set(clause) and _ONE_DAY.search(f" {' '.join(clause)} "):
        return Verdict(HYPOTHETICAL, "if ... one day", "hypothetical")  # 'If my voice changed one day, would I notice?'
    inside = set(texts[first : mention.last])
    to_come = {"will", "would"} & inside and _BECOMES & inside and not {"not", "never"} & inside and "every" not in clause
    if not own and to_come and not mention.entry.inability and context.clauses.is_question(first):
        return Verdict(HYPOTHETICAL, "will", "future")  # 'the muscle will become small?'
    if "if" in clause and "ever" in clause and not own and clause[clause.index("if") - 1 : clause.index("if")] != ("as",):
        return Verdict(HYPOTHETICAL, "if ... ever", "hypothetical")  # 'IF slurring OR choking on food ever appears'
    return None


def pictured(context: Context, mention: Mention) -> Verdict | None:
    """'I keep picturing the morning my coach asks why I am slurring': imagined, however certain its words. Never thoughts of dying."""
    fear = context.cues.scope("fear", mention.first, mention.last)
    if fear and mention.code != "suicidal_thoughts" and _PICTURES & set(context.words.texts[fear.first : fear.last]) and _feared(context, mention, fear):
        return Verdict(HYPOTHETICAL, context.text(fear), "fear")
    return None


_READ = frozenset(["read", "stuff", "googled", "google", "everything"])


def _feared(context: Context, mention: Mention, fear: Cue) -> bool:
    between = context.words.texts[fear.last : mention.first]
    if IS_HERE & set(between[:3]):
        return False  # 'my worst fear is happening: I cannot lift my arm'
    inside = context.words.texts[mention.first : mention.last]
    modal = set(between) & MODALS or set(inside[1:]) & MODALS - {"can", "could"}
    future = context.cues.between("future", fear.last - 1, mention.last) or bool(modal)
    if {"soon", "eventually"} & set(between) or "one day" in " ".join(between):
        return True  # 'afraid that soon I cannot hold a pen'
    if between[:1] == (",",) and context.words.texts[fear.last - 1] not in ("of", "about", "over", "that") and not set(between) & MODALS:
        # 'I am scared, slurred speech since this morning' is told; 'worried, slurring, all the stuff I read' is not
        return bool(_READ & set(context.words.texts[slice(*context.clauses.bounds(mention.first))]))
    if _PICTURES & set(context.words.texts[fear.first : fear.last]) and {"myself", "himself", "herself", "me"} & set(between):
        return True  # 'picturing myself on a machine because I cannot breathe'
    if {"because", "since", "as", "cos"} & set(between) or context.words.texts[fear.last - 1 : fear.last + 1] in (("panic", "attack"), ("panic", "attacks")):
        return False
    if _IMAGINES & set(context.words.texts[fear.first : fear.last]) or context.words.texts[fear.first : fear.first + 2] == ("in", "my"):
        return True  # 'picturing my muscles wasting away' is a picture, whosever muscles
    if (set(inside[:2]) & GIVEN or set(context.words.texts[max(0, mention.first - 1) : mention.first]) & GIVEN) and not future:
        return False  # 'scared this dent is MND': the dent is there
    if future:
        return True
    last_cue_word = context.words.texts[fear.last - 1]
    subject = set(between) | {last_cue_word}
    if subject & {"i", "he", "she"} and not subject & {"of", "about"}:
        return False  # 'I worry that I cannot grip': stated, so it counts
    return last_cue_word in ("of", "about", "over", "that") or not subject & {"i", "he", "she", "my"}


def _own_statement(context: Context, mention: Mention, knowledge: Cue) -> bool:
    """'I read about it and now I slur': the person speaks of themselves again."""
    between = context.words.texts[knowledge.last : mention.first]
    inside = context.words.texts[mention.first : mention.last]
    if context.words.texts[knowledge.first - 1 : knowledge.first + 1] == ("'s", "reading"):
        return True  # 'Today's reading: calf jumping'
    own = {"i", "my", "me", "mine"} & (set(between) | set(inside[:2]))
    if any(word == "i" and verb in _FEELS for word, verb in zip(between, between[1:] + inside[:1], strict=False)):
        return True  # 'every time I read about ALS I get a panic attack and cannot catch my breath'
    if mention.kind == "signal" and "my" in (*between[:2], *inside[:1]):
        return True  # 'they said my calcium is through the floor'
    return (bool(own) and context.clauses.clause[knowledge.last - 1] != context.clauses.clause[mention.first]) or bool({"now", "mine"} & set(between))


