"""Any case: hypothesis strategies for conversations of findings, with any words."""
from __future__ import annotations

from hypothesis import strategies as st

from tests.support.build import answer, lasting, place, sig, sym, trig
from tests.unit.summary.build import Told
from twitchwise.summary.terms import load_terms
from twitchwise.triage.questions import load_questions
from twitchwise.understanding.findings import Finding
from twitchwise.vocabulary.codes import load_codes

_CODES = load_codes()
_ASSERTIONS = st.sampled_from(["present", "possible", "absent", "historical", "family"])
_FINDINGS: st.SearchStrategy[Finding] = st.one_of(
    st.builds(sym, st.sampled_from(_CODES.symptoms), _ASSERTIONS, onset=st.sampled_from([None, "sudden", "gradual"])),
    st.builds(trig, st.sampled_from(_CODES.triggers), _ASSERTIONS),
    st.builds(sig, st.sampled_from(sorted(load_terms().signals)), _ASSERTIONS),
    st.builds(place, st.sampled_from(sorted(_CODES.region_of)), st.sampled_from([None, "left", "right", "both"])),
    st.builds(lasting, st.floats(0.1, 5000)),
    st.builds(answer, st.sampled_from(["yes", "no", "unsure", "partly"])),
)
#: Signs of every kind but lone surrogates, which no channel lets through.
_WORDS = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=400)
_QUESTIONS = st.sampled_from([None, *(entry.code for entry in load_questions().entries)])


@st.composite
def _message(draw: st.DrawFn, most: int) -> Told:
    text = draw(_WORDS)
    found = []
    for finding in draw(st.lists(_FINDINGS, max_size=most)):
        start = draw(st.integers(0, len(text) - 1))
        found.append((finding, text[start:start + draw(st.integers(1, 60))]))
    return text, found, draw(_QUESTIONS)


conversations = st.lists(_message(6), min_size=1, max_size=8)


def everything(words: str) -> list[Told]:
    """The worst of all cases: every symptom, signal, place and trigger, each in a message of its own."""
    findings = [*(sym(code) for code in _CODES.symptoms), *(sig(code) for code in load_terms().signals), *(trig(code) for code in _CODES.triggers),
                *(place(code, "left") for code in _CODES.region_of), lasting(400)]
    return [(words, [(finding, "")], None) for finding in findings]
