"""Whether a finding is there: denied, feared, past, doubted or present (ConText, reworked for lay language).

The order is that of the clinical notes: what is said as given stands, then whose it is, then fear and knowledge,
then the past, then denial (an inability is a presence although it is worded as one), then doubt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import asked, denial, past, supposition
from .context import LASTING_DAYS, Context, Verdict
from .cues import Cue
from .findings import ABSENT, FAMILY, HISTORICAL, HYPOTHETICAL, POSSIBLE, PRESENT
from .mentions import EMERGENCIES, Mention

_HAPPENING = frozenset(["just", "now", "today", "tonight", "suddenly", "minutes", "minute", "hour", "hours", "yesterday", "morning"])
_LONG_OVER = frozenset(["died", "death", "passed", "ago", "years", "once", "used", "killed", "hanged", "funeral", "hx", "history"])
_BEFORE_ONES_EYES = frozenset(
    ["fell", "fallen", "floor", "blue", "grey", "collapsed", "slumped", "limp", "floppy", "unresponsive", "frothing", "foaming", "dropped", "slid", "blank"]
)
_GONE = frozenset(["gone", "dropped", "fallen", "slipped", "drooped", "collapsed", "slumped", "swollen", "slid"])
_FELT = frozenset(["feel", "feels", "felt", "feeling"])
_NOT_FELT = frozenset(["not", "no", "never", "hardly", "barely", "scarcely", "cannot", "longer", "without"])
_FEEBLE = frozenset(["weak", "weaker", "feeble", "feebler", "weakish", "wobbly", "shaky", "off"])
#: What is felt is there: 'feels like' says what it is like.
_SENSATIONS = frozenset({"chest_pain", "pain", "numbness", "tingling", "cramping", "palpitations", "headache", "dizziness", "saddle_numbness"})
_HEDGES = frozenset(["maybe", "perhaps", "possibly", "probably", "might", "seems", "seem", "seemed", "kinda", "sorta"])
_SLIGHT = frozenset(["slightly", "touch", "tad", "shade"])
_COMPARED = frozenset(["weakness", "atrophy", "speech_difficulty"])
_OCCASIONS = frozenset(["when", "whenever", "if", "while", "after", "until", "before", "unless"])
_COURSES = frozenset(["improving", "worsening", "spreading", "twitching"])
#: A loss of weight of which somebody says why, or that there is no why.
_REASONS = frozenset([
    "slimming", "slim",
    "eat", "eats", "eating", "ate", "diet", "dieting", "diets", "intake", "food", "feed", "meals", "dinners", "pudding", "changed", "change", "changing",
    "altered", "different", "trying", "try", "tried", "purpose", "why", "explain", "explained", "explanation", "reason", "appetite", "meaning", "intending",
    "calories", "cals", "nothing", "nowt", "know", "unexplained", "unintentional", "unintended", "portions", "doing", "planned", "cause",
])
_OF_A_LIFE = re.compile(
    r" (?:when (?:he|she) was|my age|all (?:his|her) (?:life|days|years)|for (?:many )?years|for decades|always (?:has|had)"
    r"|since (?:age|birth|childhood|his|her|the age)|as a (?:child|boy|girl|kid|baby|teenager)"
    r"|(?:was|were|is|always|'s) (?:\w+ ){0,2}(?:one for|prone to"
    r"|given to (?:fits|fainting|blackouts|turns|seizures)|subject to|martyr to|(?:plagued|troubled|tormented) (?:by|with))"
    r"|god rest|rest (?:his|her) soul|my late \w+"
    r"|at the end|towards the end|by the end|by the finish|in the end|in (?:his|her) (?:teens|twenties|thirties|forties|fifties|sixties|childhood|youth)) "
)
_DOUBTS_INSIDE = re.compile(
    r" (?:(?:may|could|might) (?:well |just |possibly )*(?:be|have)|(?:appears?|tends?|seems?) to|(?:kind|sort) of|i (?:fancy|reckon|guess|suppose)) "
)
_SIMILE_CODES = frozenset({"palpitations", "fever", "headache", "dizziness", "vision_problem", "seizure", "tremor", "poisoning", "pain", "vomiting"})


def _a_number(word: str = "") -> bool:
    return word in ("a", "an", "one", "two", "once", "twice", "three", "half") or word[:1].isdigit()


@dataclass(frozen=True)
class Judge(Context):
    """Decides the assertion of mentions of one message."""

    def judge(self, mention: Mention) -> Verdict:
        """The assertion of one mention."""
        background = self.people.is_background(mention)
        if mention.entry.given and not background:
            over = past.long_ago if mention.code in EMERGENCIES else past.historical
            never = denial.denied(self, mention, most=2) or over(self, mention)  # 'I've never wet myself', 'fifteen years back I ...'
            return never or supposition.pictured(self, mention) or supposition.conditional(self, mention) or Verdict(PRESENT, rule="given")
        if self.people.is_carers(mention):
            return Verdict(None, rule="of the one who helps")
        simile = self._simile(mention)
        if simile:
            return simile
        if background:
            knowledge = self.cues.scope("knowledge", mention.first, mention.last)
            if knowledge and self.people.subjects[mention.first] not in self.people.relatives_of_the_user():
                return Verdict(HYPOTHETICAL, self.text(knowledge), "knowledge")
            if self.people.of_anybody(mention) and asked.general_question(self, mention):
                return Verdict(HYPOTHETICAL, "?", "question")
            if self._happening_now(mention):
                return Verdict(PRESENT, rule="emergency now")
            return Verdict(FAMILY, self.people.subjects[mention.first], "experiencer")
        denied = denial.denied(self, mention, most=4)
        back = mention.kind == "symptom" and mention.entry.says == PRESENT and denial.back_in_the_next(self, mention)
        if denied and not back:
            return denial.unless_past(self, mention, denied)
        for verdict in (supposition.hypothetical(self, mention), past.historical(self, mention), denial.denied(self, mention, most=60)):
            if verdict and not (back and verdict.assertion in (ABSENT, HISTORICAL)):
                return verdict
        return self._present_or_possible(mention)

    def _present_or_possible(self, mention: Mention) -> Verdict:
        says = mention.entry.says
        if says == ABSENT and self.words.texts[max(0, mention.first - 1)] in _OCCASIONS:
            return Verdict(None, rule="an occasion")  # 'when I carry the shopping, my chest is tight' tells of no strength
        if says == ABSENT:
            cue = self.cues.scope("negation", mention.first, mention.last)
            if (
                cue
                and "not" in self.text(cue).split()
                and not self.own_negation(mention)
                and cue.last <= mention.first
                and mention.first - cue.last <= 1
                and "," not in self.words.texts[cue.first : mention.first]
            ):
                # 'I think my hand might not be as strong as it used to be'
                doubt = self.cues.scope("possible", mention.first, mention.last)
                doubted = doubt or {"might", "may"} & set(self.words.texts[max(0, cue.first - 1) : cue.last])
                return Verdict(POSSIBLE if doubted else PRESENT, self.text(cue), "negated denial")
            return Verdict(ABSENT, rule="denial phrase")
        if says == POSSIBLE:
            return Verdict(POSSIBLE, rule="felt")
        nearest = self.cues.scope("possible", mention.first, mention.last)
        for cue in (nearest, *self.cues.scopes("possible", mention.first, mention.last)):  # 'could be a slight tremble': 'slight' says how much
            if cue and not self._describes(mention, cue):
                return Verdict(POSSIBLE, self.text(cue), "doubt")
            if cue and cue is nearest and not self._says_how_much(cue):
                break
        inside = set(self.words.texts[mention.first : mention.last])
        if self._hedged(mention):
            return Verdict(POSSIBLE, rule="doubt inside")  # 'my forearm has maybe become thinner'
        if mention.code == "weight_loss" and not _REASONS & set(self.words.texts):
            return Verdict(POSSIBLE, rule="no reason told")  # the ontology: a loss with no reason said is possible
        if mention.code == "weakness" and inside & _FELT and inside & _FEEBLE and not self.own_negation(mention):
            return Verdict(POSSIBLE, rule="felt")  # 'my arm feels sort of feeble'
        return Verdict(PRESENT, rule="stated")

    def _hedged(self, mention: Mention) -> bool:
        """Doubt among the mention's own words; 'slightly weaker' doubts the loss, 'slightly dizzy' says how dizzy, 'maybe a minute' how long."""
        inside = self.words.texts[mention.first : mention.last]
        if mention.code in _COMPARED and _SLIGHT & set(inside):
            return True
        if mention.kind != "symptom" or mention.code in _COURSES:
            return False
        if _DOUBTS_INSIDE.search(f" {' '.join(inside)} "):
            return True  # 'my left foot could be getting floppy'
        return any(
            word in _HEDGES and not _a_number(after)
            for word, after in zip(inside, (*inside[1:], ""), strict=True)
        )

    def _describes(self, mention: Mention, cue: Cue) -> bool:
        """'it feels like a strap round my chest' is no doubt of a pain; 'the heart goes quickly, I think it is stress' doubts the cause."""
        texts = self.words.texts
        if mention.code in _SENSATIONS and texts[cue.first] in _FELT and mention.first - cue.last <= 6:
            return True
        if mention.code not in _COMPARED and self._says_how_much(cue):
            return True  # 'slightly dizzy' says how dizzy
        if texts[cue.first] in _FELT and cue.last - cue.first == 1 and texts[cue.first - 1] in _NOT_FELT:
            return True  # 'I can't feel the paper and I wet the chair' tells of a loss, not of a doubt
        if mention.code == "atrophy" and self.text(cue) in ("look", "looks", "looked") and cue.last == mention.first:
            return True  # 'my thumb looks scooped out' is seen
        after = texts[cue.last : cue.last + 2]
        if cue.first >= mention.last and _a_number(*after[:1]):
            return True  # 'drooped for maybe a minute' doubts the minute
        if mention.code in _SENSATIONS and "in my head" in self.text(cue):
            return True  # 'a pain went off in my head' is a place
        if texts[cue.first] == "feeling" and texts[cue.first - 1] in ("no", "any", "lost", "without", "less"):
            return True  # 'no feeling in my toes' tells of a loss, not of a doubt
        thought = bool(set(texts[cue.first : cue.last]) & {"think", "reckon", "guess", "suppose"})
        return cue.first >= mention.last and thought and after[:1] in (("it",), ("that",))

    def _says_how_much(self, cue: Cue) -> bool:
        return self.text(cue) in ("slight", "slightly", "mild", "a touch", "a shade", "a tad")

    def _simile(self, mention: Mention) -> Verdict | None:
        if mention.kind not in ("trigger", "signal") and mention.code not in _SIMILE_CODES:
            return None
        cue = self.cues.scope("simile", mention.first, mention.last)
        if cue and {"and", ",", "but"} & set(self.words.texts[cue.last : mention.first]):
            return None  # 'shaking like a leaf and sweating'
        return Verdict(None, self.text(cue), "simile") if cue and cue.last <= mention.first + 1 else None

    def _happening_now(self, mention: Mention) -> bool:
        """An emergency of the last days counts whoever has it; only what is clearly long past is background."""
        if mention.code not in EMERGENCIES or mention.entry.says != PRESENT:
            return False
        first, last = self.clauses.bounds(mention.first)
        here = set(self.words.texts[first:last])
        if here & self.people.people.illness and here & {"had", "got", "was"} and not here & _HAPPENING:
            return False  # 'my mate had Bell's palsy, his face drooped for a month'
        days = self.days_ago(mention)
        if days is not None:
            return days <= LASTING_DAYS
        if (
            self.cues.scope("historical", mention.first, mention.last)
            or self.cues.scope("resolved", mention.first, mention.last)
            or self.cues.scope("knowledge", mention.first, mention.last)
        ):
            return False
        if here & self.people.people.illness or here & _LONG_OVER - ({"passed"} if "out" in here else set()):
            return False
        if _OF_A_LIFE.search(f" {self.words.phrase(first, last)} "):
            return False  # 'Mum's fits started when she was my age', 'could hardly breathe at the end'
        if "dropped dead" in self.words.phrase(first, last) and not here & _HAPPENING:
            return False  # 'my father dropped dead after months of pains in his chest'
        if mention.code == "suicidal_thoughts" or here & _BEFORE_ONES_EYES:
            return True
        if mention.code == "poisoning" and here & {"has", "'s", "have"} and here & {"drunk", "taken", "swallowed", "eaten", "drank", "injected"}:
            return True  # 'a mate of mine has drunk weedkiller'
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
        if here & _GONE and here & {"has", "'s", "have"} and not here & {"always", "since", "disc", "discs"}:
            return True  # 'my neighbour is sat here, one side of her face has gone down'
        return bool(here & _HAPPENING) or (
            bool(here & {"is", "'s", "are", "was"})
            and any(word.endswith("ing") and word not in ("everything", "nothing", "anything", "something", "during", "feeling") for word in here)
        )
