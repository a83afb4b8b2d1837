"""Whether a finding is there: denied, feared, past, doubted or present (ConText, reworked for lay language).

The order is that of the clinical notes: what is said as given stands, then whose it is, then fear and knowledge,
then the past, then denial (an inability is a presence although it is worded as one), then doubt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from .clauses import Clauses
from .cues import Cue, Cues
from .durations import TimeExpression
from .experiencer import Experiencer
from .findings import ABSENT, FAMILY, HISTORICAL, HYPOTHETICAL, POSSIBLE, PRESENT
from .mentions import Mention
from .patterns import Words

#: Attacks that still count when they are over, if they are of the last days (ontology, assertions.historical).
LASTING = frozenset({"facial_droop", "one_sided_weakness", "seizure", "chest_pain", "poisoning"})
LASTING_DAYS = 7.0
#: These count likewise when they came suddenly: a stroke sign that passed is still one.
TIMED = frozenset({"speech_difficulty", "weakness", "numbness", "confusion", "vision_problem"})
_PAST_FROM_DAYS = 21.0
#: Symptoms of an emergency that may be somebody else's at this moment.
EMERGENCIES = frozenset(
    {
        "seizure",
        "breathing_difficulty",
        "facial_droop",
        "chest_pain",
        "poisoning",
        "suicidal_thoughts",
        "lockjaw",
        "one_sided_weakness",
        "rapid_weakness",
        "saddle_numbness",
        "incontinence",
    }
)
_HAPPENING = frozenset(["just", "now", "today", "tonight", "suddenly", "minutes", "minute", "hour", "hours", "yesterday", "morning"])

_SUDDEN = (
    "sudden", "all at once", "from one moment", "from one second", "from one minute", "out of nowhere", "out of the blue", "minutes", "minute", "hour",
    "this morning", "in an instant",
)
_LONG_OVER = frozenset(["died", "death", "passed", "ago", "years", "once", "used", "killed", "hanged", "funeral", "hx", "history"])
_BEFORE_ONES_EYES = frozenset(
    ["fell", "fallen", "floor", "blue", "grey", "collapsed", "slumped", "limp", "floppy", "unresponsive", "frothing", "foaming", "dropped", "slid", "blank"]
)

_GIVEN = frozenset(["my", "this", "these", "his", "her", "our"])
_ONSET_VERBS = frozenset(["started", "starts", "start", "began", "begins", "begin", "noticed", "notice", "since"])
_PAST_VERBS = frozenset(
    [
        "had",
        "was",
        "were",
        "got",
        "did",
        "went",
        "lost",
        "dropped",
        "passed",
        "fainted",
        "blacked",
        "could",
        "used",
        "couldnt",
        "felt",
        "kept",
        "fell",
        "came",
        "turned",
        "stopped",
        "twitched",
        "gave",
    ]
)
_NOW_WORDS = frozenset(["now", "today", "currently", "still", "lately", "recently", "'s", "is", "are", "am", "have", "has", "keeps", "keep"])
_IMAGINES = frozenset(["imagine", "imagining", "imagined", "picture", "picturing", "pictured", "dread", "dreading"])
_NEGATIONS = frozenset(["not", "no", "without", "never", "nothing", "hardly", "barely", "unable", "nobody", "neither", "none", "cannot"])
_NOUNS_OF_TROUBLE = frozenset(["change", "changes", "difference", "problem", "problems", "trouble", "difficulty", "difficulties", "issue", "issues", "loss"])
_MODALS = frozenset(["will", "would", "could", "might", "may", "can", "should", "going", "gonna", "shall", "'ll", "wo"])
_SIMILE_CODES = frozenset({"palpitations", "fever", "headache", "dizziness", "vision_problem", "seizure", "tremor", "poisoning", "pain", "vomiting"})


@dataclass(frozen=True)
class Verdict:
    """An assertion with what decided it."""

    assertion: str | None  # None: a simile, no finding at all
    cue: str = ""
    rule: str = ""


@dataclass(frozen=True)
class Judge:
    """Decides the assertion of mentions of one message."""

    words: Words
    clauses: Clauses
    cues: Cues
    people: Experiencer
    times: tuple[tuple[int, int, TimeExpression], ...]  # (first word, last word + 1, time)

    def judge(self, mention: Mention) -> Verdict:
        """The assertion of one mention."""
        background = self.people.is_background(mention)
        if mention.entry.given and not background:
            never = self._denied(mention, most=2)  # 'I've never wet myself'
            return never or Verdict(PRESENT, rule="given")
        simile = self._simile(mention)
        if simile:
            return simile
        if background:
            knowledge = self.cues.scope("knowledge", mention.first, mention.last)
            if knowledge and self.people.subjects[mention.first] not in self.people.relatives_of_the_user():
                return Verdict(HYPOTHETICAL, self._text(knowledge), "knowledge")
            if self._happening_now(mention):
                return Verdict(PRESENT, rule="emergency now")
            return Verdict(FAMILY, self.people.subjects[mention.first], "experiencer")
        denied = self._denied(mention, most=4)
        if denied:
            return self._unless_past(mention, denied)
        for verdict in (self._hypothetical(mention), self._historical(mention), self._denied(mention, most=60)):
            if verdict:
                return verdict
        return self._present_or_possible(mention)

    def negated_between(self, first: int, last: int) -> bool:
        """Whether a denial begins in words [first, last): 'left calf, 5 days, no weakness' places no weakness in the calf."""
        return last > first and self._negations_before[last] > self._negations_before[first]

    @cached_property
    def _negations_before(self) -> list[int]:
        """How many negations stand before each word."""
        return [0, *accumulate(word in _NEGATIONS for word in self.words.texts)]

    # ---- fear, questions, knowledge

    def _hypothetical(self, mention: Mention) -> Verdict | None:
        knowledge = self.cues.scope("knowledge", mention.first, mention.last)
        if knowledge and not self._own_statement(mention, knowledge):
            return Verdict(HYPOTHETICAL, self._text(knowledge), "knowledge")
        told = self._told_inside(mention)
        if told:
            return Verdict(HYPOTHETICAL, self._text(told), "knowledge")
        if mention.code == "twitching":  # what brings people here: only a general question makes it no report
            return Verdict(HYPOTHETICAL, "?", "question") if self._bare_question(mention) else None
        fear = self.cues.scope("fear", mention.first, mention.last)
        if fear and self._feared(mention, fear):
            return Verdict(HYPOTHETICAL, self._text(fear), "fear")
        for cue in self.cues.scopes("hypothetical", mention.first, mention.last):
            if self._given(mention, cue):
                continue
            return Verdict(HYPOTHETICAL, self._text(cue), "hypothetical")
        if self._bare_question(mention):
            return Verdict(HYPOTHETICAL, "?", "question")
        before = " ".join(self.words.texts[max(0, mention.first - 4) : mention.first])
        if mention.code not in EMERGENCIES and any(words in before for words in ("will end up", "would end up", "going to end up", "might end up")):
            return Verdict(HYPOTHETICAL, "end up", "future")
        return None

    def _told_inside(self, mention: Mention) -> Cue | None:
        """'reading about people who started slurring' as one phrase: its own words say that it is read."""
        if {"i", "my", "me", "mine", "he", "she", "his", "her"} & set(self.words.texts[mention.first : mention.last]):
            return None
        return next((cue for cue in self.cues.of("knowledge") if mention.first <= cue.first and cue.last < mention.last), None)

    def _feared(self, mention: Mention, fear: Cue) -> bool:
        between = self.words.texts[fear.last : mention.first]
        inside = self.words.texts[mention.first : mention.last]
        future = self.cues.between("future", fear.last - 1, mention.last) or bool(set(between) & _MODALS)
        if {"because", "since", "as", "cos"} & set(between):
            return False
        if _IMAGINES & set(self.words.texts[fear.first : fear.last]):
            return True  # 'picturing my muscles wasting away' is a picture, whosever muscles
        if (set(inside[:2]) & _GIVEN or set(self.words.texts[max(0, mention.first - 1) : mention.first]) & _GIVEN) and not future:
            return False  # 'scared this dent is MND': the dent is there
        if future:
            return True
        last_cue_word = self.words.texts[fear.last - 1]
        subject = set(between) | {last_cue_word}
        if subject & {"i", "he", "she"} and not subject & {"of", "about"}:
            return False  # 'I worry that I cannot grip': stated, so it counts
        return last_cue_word in ("of", "about", "over", "that") or not subject & {"i", "he", "she", "my"}

    def _given(self, mention: Mention, cue: Cue) -> bool:
        """Taken as given inside the question: 'what if my chest pain is serious', 'is this slurring ALS'."""
        texts = self.words.texts
        between = texts[cue.last - 1 : mention.first]
        inside = texts[mention.first : mention.last]
        becoming = self.cues.between("future", cue.last, mention.last) or any(
            word in ("get", "gets", "become", "becomes", "start", "starts", "lose", "develop", "turn", "spread", "spreads") for word in between
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
            return bool((set(between[-2:]) | set(inside[:1])) & _GIVEN) and texts[mention.last : mention.last + 1] in (
                ("is",),
                ("'s",),
                ("was",),
                ("are",),
                ("means",),
                ("turns",),
            )
        if first == "if" and "only" in texts[max(0, cue.first - 1) : cue.first]:
            return True
        if "that" in between and {"i", "my", "he", "she", "his", "her"} & (set(between[between.index("that") :]) | set(inside[:2])):
            return True  # 'is it normal that I cough on my tea'
        determined = bool(set(between[-2:]) & _GIVEN) or bool(set(inside[:1]) & _GIVEN)
        return determined and not (set(between) & _MODALS)

    def _own_statement(self, mention: Mention, knowledge: Cue) -> bool:
        """'I read about it and now I slur': the person speaks of themselves again."""
        between = self.words.texts[knowledge.last : mention.first]
        inside = self.words.texts[mention.first : mention.last]
        own = {"i", "my", "me", "mine"} & (set(between) | set(inside[:2]))
        if mention.kind == "signal" and "my" in (*between[:2], *inside[:1]):
            return True  # 'they said my calcium is through the floor'
        return (bool(own) and self.clauses.clause[knowledge.last - 1] != self.clauses.clause[mention.first]) or bool({"now", "mine"} & set(between))

    def _bare_question(self, mention: Mention) -> bool:
        """A general question: 'is weakness common?'; not 'why do I drop things?' and not 'my leg is numb, is that ALS?'."""
        if not self.clauses.is_question(mention.first):
            return False
        texts, clause = self.words.texts, self.clauses.clause
        first = mention.first
        while first and clause[first - 1] == clause[mention.first] and self.clauses.sentence[first - 1] == self.clauses.sentence[mention.first]:
            first -= 1
        head = [
            word
            for word in texts[first : mention.last]
            if word not in (",", "and", "so", "also", "but", "or", "like", "q", ":", "honestly", "at", "point", "then", "what", "when", "should", "-")
        ]
        if "you" in texts[first : mention.last] and not {"i", "my", "me"} & set(texts[first : mention.last]):
            return True
        if not head or head[0] not in ("can", "could", "does", "do", "will", "would", "is", "are", "should", "might", "may", "did", "was", "what", "how"):
            return False
        if re.search(r" (?:way|fact|that) (?:that )?(?:i|he|she) ", " " + " ".join(texts[first : mention.last]) + " "):
            return False  # 'could the way I choke on coffee be a sign': it happens
        own = {"i", "my", "this", "these", "his", "her", "he", "she", "me"} & set(texts[first : mention.last])
        if head[0] in ("what", "how"):
            return not own
        if head[0] in ("is", "are", "was", "did", "do", "does") and own:
            return False
        return not own or head[0] in ("can", "could", "will", "would", "might", "may", "should")

    # ---- the past

    def _historical(self, mention: Mention) -> Verdict | None:
        first, last = self.clauses.bounds(mention.first)
        if self._comes_back(mention.last, last) or self._again_next(last):
            return None
        recent = self._days_ago(mention)
        if mention.code in LASTING and (recent is None or recent <= LASTING_DAYS) and not self._long_past_words(mention):
            return None
        if mention.code in TIMED and (recent is None or recent <= LASTING_DAYS) and self._sudden(mention) and not self._long_past_words(mention):
            return None
        cue = self.cues.scope("historical", mention.first, mention.last)
        if cue and cue.entry.direction == "forward" and self.clauses.clause[cue.first] != self.clauses.clause[mention.first]:
            cue = None
        clause_words = self._clause_words(mention)
        onset = bool(set(clause_words) & _ONSET_VERBS)
        ongoing = {"now", "still", "today", "lately", "currently"} & set(clause_words) and not self.cues.scope("resolved", mention.first, mention.last)
        if cue and not onset and not ongoing and (cue.entry.direction == "forward" or set(clause_words) & _PAST_VERBS or self._past_form(mention)):
            return Verdict(HISTORICAL, self._text(cue), "past")
        if (
            recent is not None
            and recent >= _PAST_FROM_DAYS
            and not onset
            and not ongoing
            and (set(clause_words) & _PAST_VERBS or self._past_form(mention))
            and (not {"since", "ever"} & set(clause_words) or self.cues.scope("resolved", mention.first, mention.last))
        ):
            return Verdict(HISTORICAL, "ago", "past time")
        resolved = self._resolved(mention, first, last)
        if resolved:
            return Verdict(HISTORICAL, self._text(resolved), "resolved")
        return None

    def _resolved(self, mention: Mention, first: int, last: int) -> Cue | None:
        if mention.code in LASTING and not self._long_past_words(mention):
            return None
        cue = self.cues.scope("resolved", mention.first, mention.last)
        if cue and cue.first >= mention.last and not self._somebody_stopped_something(cue):
            return cue
        if last < len(self.words):  # 'Had a numb foot. That went away.'
            following = self.clauses.bounds(last)
            opening = [word for word in self.words.texts[following[0] : following[0] + 3] if word not in ("but", "and", "luckily", ",")]
            if opening and opening[0] in ("it", "that", "this", "they", "all", "both", "gone", "those", "these"):
                return next((cue for cue in self.cues.of("resolved") if following[0] <= cue.first < following[0] + 8), None)
        return None

    def _somebody_stopped_something(self, cue: Cue) -> bool:
        """'fever since I stopped the tablets': the tablets are over, not the fever."""
        texts = self.words.texts
        persons = ("i", "he", "she", "we", "they", "'ve", "have", "has", "had", "just")
        return texts[cue.first] in ("stopped", "ended", "finished") and texts[cue.first - 1] in persons

    def _comes_back(self, start: int, end: int) -> bool:
        """'then it came back'; 'it never came back' is no return."""
        resolved = self.cues.of("resolved")
        return any(
            cue.category == "again"
            and start <= cue.first < end
            and not set(self.words.texts[max(0, cue.first - 3) : cue.first]) & {"never", "not", "n't"}
            and not any(other.first <= cue.first < other.last for other in resolved)
            for cue in self.cues.all
        )

    def _again_next(self, last: int) -> bool:
        if last >= len(self.words):
            return False
        following = self.clauses.bounds(last)
        return self.words.texts[following[0]] in ("then", "but", "now", "and") and self._comes_back(*following)

    def _sudden(self, mention: Mention) -> bool:
        first, last = self.clauses.bounds(mention.first)
        text = " ".join(self.words.texts[max(0, first - 12) : last + 6])
        return any(
            word in text
            for word in _SUDDEN
        )

    def _long_past_words(self, mention: Mention) -> bool:
        days = self._days_ago(mention)
        return (days is not None and days > LASTING_DAYS) or self.cues.scope("historical", mention.first, mention.last) is not None

    def _days_ago(self, mention: Mention) -> float | None:
        """How long ago the clause, else the sentence, places the mention; None where it does not say."""
        same = [
            (first, time)
            for first, last, time in self.times
            if (time.kind == "ago" or (time.kind == "since" and (time.low_days or 99.0) < 1.0) or self._since_follows(last, time))
            and time.low_days is not None
            and self.clauses.sentence[min(first, len(self.words) - 1)] == self.clauses.sentence[mention.first]
        ]
        if not same:
            return None
        _first, time = min(
            same,
            key=lambda item: (
                abs(item[0] - mention.first) + (30 if self.clauses.clause[min(item[0], len(self.words) - 1)] != self.clauses.clause[mention.first] else 0)
            ),
        )
        return time.low_days

    def _since_follows(self, last: int, time: TimeExpression) -> bool:
        """'about five minutes since' is a while ago."""
        return time.kind == "for" and self.words.texts[last : last + 1] in (("since",), ("back",))

    def _past_form(self, mention: Mention) -> bool:
        return any(word.endswith("ed") and len(word) > 3 for word in self.words.texts[mention.first : mention.last])

    # ---- denial

    def _denied(self, mention: Mention, most: int) -> Verdict | None:
        if mention.resolved == "fine":
            return Verdict(ABSENT, rule="fine")
        if mention.entry.says == "absent":
            return None
        if mention.first and self.words.texts[mention.first - 1] == "no" and self.words.texts[mention.first] in _NOUNS_OF_TROUBLE:
            return Verdict(ABSENT, "no", "negation")      # 'no change' is else no denial ('no change after a week')
        if mention.entry.inability or self._own_negation(mention):
            if self._no_before(mention):
                return Verdict(ABSENT, "no", "negation")
            return None
        cue = self.cues.scope("negation", mention.first, mention.last)
        if cue is None:
            return None
        if cue.last <= mention.first and mention.first - cue.last > (min(most, 3) if mention.code == "twitching" else most):
            return None
        if cue.last <= mention.first and self._negation_ends(cue, mention):
            return None
        return Verdict(ABSENT, self._text(cue), "negation")

    def _own_negation(self, mention: Mention) -> bool:
        """'not getting enough air': the words of the symptom hold their negation themselves."""
        return bool(_NEGATIONS & set(self.words.texts[mention.first : mention.last]))

    def _no_before(self, mention: Mention) -> bool:
        """'no dropping things', 'not tripping', 'no trouble with jars': the denial stands right before an inability."""
        before = self.words.texts[max(0, mention.first - 3) : mention.first]
        joined = " " + " ".join(before) + " "
        if any(f" {text} " in joined for text in ("no", "not", "never", "without", "nor", "or", "any", "neither")):
            cue = self.cues.scope("negation", mention.first, mention.last)
            return cue is not None and cue.last <= mention.first and not self._negation_ends(cue, mention)
        cue = self.cues.scope("negation", mention.first, mention.last)
        starts = self.words.texts[mention.first]
        return (
            cue is not None
            and cue.last <= mention.first
            and (starts.endswith("ing") or starts in ("trouble", "difficulty", "problems", "problem", "falls", "fall"))
            and not self._negation_ends(cue, mention)
        )

    def _negation_ends(self, cue: Cue, mention: Mention) -> bool:
        """A new item that begins with an affirming word is outside of the list: 'no pain, a dent in my calf'."""
        between = list(self.words.texts[cue.last : mention.first])
        if "," not in between and "and" not in between and "-" not in between:
            return False
        last_joint = max(index for index, word in enumerate(between) if word in (",", "and", "-"))
        item = between[last_joint + 1 :] + list(self.words.texts[mention.first : mention.first + 1])
        affirming = {"a", "an", "some", "my", "definite", "the", "constant", "more", "i", "slight", "it", "there", "only", "just", "lots", "now"}
        return bool(item) and item[0] in affirming and not set(item) & {"no", "any", "not", "or"}

    def _unless_past(self, mention: Mention, denied: Verdict) -> Verdict:
        """'I had numbness, not any more' is over, not denied."""
        resolved = self.cues.scope("resolved", mention.first, mention.last)
        if resolved and resolved.first >= mention.last and {"more", "longer", "since", "again"} & set(self._text(resolved).split()):
            return Verdict(HISTORICAL, self._text(resolved), "resolved")
        return denied

    # ---- presence and doubt

    def _present_or_possible(self, mention: Mention) -> Verdict:
        says = mention.entry.says
        if says == ABSENT:
            cue = self.cues.scope("negation", mention.first, mention.last)
            if (
                cue
                and "not" in self._text(cue).split()
                and not self._own_negation(mention)
                and cue.last <= mention.first
                and mention.first - cue.last <= 1
                and "," not in self.words.texts[cue.first : mention.first]
            ):
                return Verdict(PRESENT, self._text(cue), "negated denial")
            return Verdict(ABSENT, rule="denial phrase")
        if says == POSSIBLE:
            return Verdict(POSSIBLE, rule="felt")
        cue = self.cues.scope("possible", mention.first, mention.last)
        if cue:
            return Verdict(POSSIBLE, self._text(cue), "doubt")
        return Verdict(PRESENT, rule="stated")

    def _simile(self, mention: Mention) -> Verdict | None:
        if mention.kind not in ("trigger", "signal") and mention.code not in _SIMILE_CODES:
            return None
        cue = self.cues.scope("simile", mention.first, mention.last)
        return Verdict(None, self._text(cue), "simile") if cue and cue.last <= mention.first + 1 else None

    def _happening_now(self, mention: Mention) -> bool:
        """An emergency of the last days counts whoever has it; only what is clearly long past is background."""
        if mention.code not in EMERGENCIES or mention.entry.says != PRESENT:
            return False
        days = self._days_ago(mention)
        if days is not None:
            return days <= LASTING_DAYS
        if (
            self.cues.scope("historical", mention.first, mention.last)
            or self.cues.scope("resolved", mention.first, mention.last)
            or self.cues.scope("knowledge", mention.first, mention.last)
        ):
            return False
        first, last = self.clauses.bounds(mention.first)
        here = set(self.words.texts[first:last])
        if here & self.people.people.illness or here & _LONG_OVER:
            return False
        if mention.code == "suicidal_thoughts" or here & _BEFORE_ONES_EYES:
            return True
        if mention.code in ("seizure", "facial_droop", "poisoning", "breathing_difficulty", "lockjaw") and not here & {
            "had",
            "has",
            "have",
            "gets",
            "get",
            "suffers",
            "epileptic",
        }:
            return True  # 'our lass went stiff and shook': told as an event, with nothing that puts it long ago
        return bool(here & _HAPPENING) or (
            bool(here & {"is", "'s", "are", "was"})
            and any(word.endswith("ing") and word not in ("everything", "nothing", "anything", "something", "during", "feeling") for word in here)
        )

    def _clause_words(self, mention: Mention) -> tuple[str, ...]:
        return tuple(self._words_of_clauses[self.clauses.clause[mention.first]])

    @cached_property
    def _words_of_clauses(self) -> dict[int, list[str]]:
        clauses: dict[int, list[str]] = {}
        for word, number in zip(self.words.texts, self.clauses.clause, strict=True):
            clauses.setdefault(number, []).append(word)
        return clauses

    def _text(self, cue: Cue) -> str:
        return self.words.phrase(cue.first, cue.last)
