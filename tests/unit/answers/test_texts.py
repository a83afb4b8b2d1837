"""The texts themselves: length, reading level, no promises, sources, nothing copied, the cautions that must be there."""
from __future__ import annotations

import re
from pathlib import Path
from statistics import median

import pytest
from pydantic import BaseModel

from twitchwise.answers.catalogue import Answers
from twitchwise.answers.loader import load_answers
from twitchwise.vocabulary.codes import load_codes

from .readability import grade, sentences, words

TOPICS = load_codes().faq_topics
FLAGS = {flag: level for flag, level in load_codes().red_flags.items() if level in ("emergency", "urgent")}
#: The article lies beside the repository for its authors only; the product does not need it.
ARTICLE = Path(__file__).parents[4] / "shared" / "spec" / "article.txt"
PROMISES = (
    "nothing to worry about", "you are fine", "you're fine", "definitely not", "don't worry", "do not worry", "no need to worry",
    "certainly not", "rest assured", "guarantee", "perfectly safe", "is nothing serious", "is harmless", "will go away",
    "will stop", "you do not have als", "you do not have mnd",
)  # fmt: skip
#: Sentences that hold the words of a promise in order to refuse one.
NOT_A_PROMISE = ("nobody can promise that it will stop", "when yours will stop")
AMERICAN = re.compile(r"\b(color|center|fibers?|behavior|diarrhea|tumor|neurons?|labor|practicing|analyze|anemia|gray|favorite)\b", re.I)


def spoken(answers: Answers) -> list[str]:
    """Every text that a person may read, from all files; not the sources and the keywords."""
    texts: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, BaseModel):
            for name in node.__fields__:
                if name not in ("source", "keywords", "aliases", "kind", "code", "related", "reviewer", "other_language"):
                    walk(getattr(node, name))
        elif isinstance(node, dict):
            for each in node.values():
                walk(each)
        elif isinstance(node, tuple):
            for each in node:
                walk(each)
        elif isinstance(node, str):
            texts.append(node)

    for part in (dict(answers.topics), dict(answers.red_flags), answers.refusals, answers.small_talk_texts, answers.self_care):
        walk(part)
    return texts


SPOKEN = spoken(load_answers())


def test_the_walk_finds_the_texts(answers: Answers) -> None:
    assert len(SPOKEN) > 300
    assert answers.topics["emg"].answer in SPOKEN
    assert answers.small_talk_texts.texts["thank"].after_crisis[0] in SPOKEN


def test_there_are_42_topics(answers: Answers) -> None:
    assert tuple(answers.topics) == TOPICS
    assert len(TOPICS) == 42


@pytest.mark.parametrize("code", TOPICS)
def test_topic_is_short_plain_and_sourced(answers: Answers, code: str) -> None:
    topic = answers.topics[code]
    assert 2 <= len(sentences(topic.answer)) <= 6
    assert len(words(topic.answer)) <= 110
    if topic.caveat:
        assert 1 <= len(sentences(topic.caveat)) <= 3
    assert grade(answers.topic_text(code, "UK")) <= 9
    assert topic.source
    assert topic.code not in topic.related
    assert all(source.url or source.title == "Twitchwise source article" for source in topic.source)


def test_reading_level_of_all_answers(answers: Answers) -> None:
    assert median(grade(answers.topic_text(code, "UK")) for code in TOPICS) <= 7


@pytest.mark.parametrize("text", ["The cat sat on the mat.", "Call now. Sit down."])
def test_the_grade_of_simple_words_is_low(text: str) -> None:
    assert grade(text) < 3


def test_the_grade_of_heavy_words_is_high() -> None:
    assert grade("Electromyographic abnormalities necessitate multidisciplinary neurological investigation immediately.") > 15


def test_no_promise_anywhere() -> None:
    for text in SPOKEN:
        plain = " ".join(text.lower().split())
        for allowed in NOT_A_PROMISE:
            plain = plain.replace(allowed, "")
        assert not [promise for promise in PROMISES if promise in plain], text


def test_british_spelling() -> None:
    assert not [text for text in SPOKEN if AMERICAN.search(text)]


def eight_words_in_a_row(text: str) -> set[tuple[str, ...]]:
    found = re.findall(r"\w+", text.lower())
    return {tuple(found[start : start + 8]) for start in range(len(found) - 7)}


@pytest.mark.skipif(not ARTICLE.exists(), reason="the source article is not beside the repository")
def test_nothing_is_copied_from_the_article() -> None:
    article = eight_words_in_a_row(ARTICLE.read_text(encoding="utf-8"))
    assert len(article) > 500
    assert not [text for text in SPOKEN if eight_words_in_a_row(text) & article]


@pytest.mark.parametrize("country", [None, "UK", "US", "IE", "CA", "AU", "EU"])
def test_all_placeholders_resolve(answers: Answers, country: str | None) -> None:
    for text in SPOKEN:
        assert not set("{}") & set(answers.fill(text, country))


# What a careful nurse would not leave out: topic -> words that answer and caveat hold between them.
CAUTIONS = {
    "when_to_worry": ["{emergency}", "speech", "speaking", "swallow", "breathing", "droops", "today"],
    "normal_vs_serious": ["{emergency}", "speech", "swallowing", "droops", "breathing", "today"],
    "is_it_als": ["{emergency}", "rarely", "cannot rule it out", "losing a skill", "see a doctor"],
    "als_early_signs": ["{emergency}", "today", "can no longer do"],
    "cause_medication": ["do not stop a prescribed medicine", "pharmacist", "{emergency}"],
    "causes_overview": ["never stop a prescribed medicine"],
    "how_to_stop": ["prescribed medicine", "suddenly", "two weeks"],
    "alcohol": ["do not stop suddenly", "fits", "{emergency}"],
    "daily_checklist": ["kidney or heart disease", "not suddenly"],
    "supplements": ["kidney or heart disease", "pregnant", "pharmacist"],
    "foods": ["kidney or heart disease", "potassium"],
    "hydration": ["heart or kidney disease", "today"],
    "cause_dehydration": ["heart or kidney disease", "today"],
    "cause_electrolytes": ["kidney or heart disease", "today"],
    "cause_exercise": ["cola-coloured", "today", "{emergency}"],
    "eyelid_twitch": ["do not drive", "two weeks", "{emergency}"],
    "blepharospasm": ["do not drive"],
    "multiple_sclerosis": ["do not drive if you see double", "{emergency}"],
    "what_is_bfs": ["a doctor has to check", "small"],
    "emg": ["blood thinners", "new weakness"],
    "peripheral_neuropathy": ["climbs", "{emergency}"],
    "manage_stress": ["{crisis}", "{emergency}"],
    "reduce_caffeine": ["400 mg", "200 mg"],
    "how_long_it_lasts": ["nobody can say for certain", "two weeks"],
}


@pytest.mark.parametrize("code", CAUTIONS)
def test_cautions_are_there(answers: Answers, code: str) -> None:
    topic = answers.topics[code]
    text = f"{topic.answer} {topic.caveat or ''}".lower()
    assert not [caution for caution in CAUTIONS[code] if caution not in text]


def test_the_article_is_not_followed_where_it_is_wrong(answers: Answers) -> None:
    text = " ".join(f"{topic.answer} {topic.caveat}" for topic in answers.topics.values()).lower()
    assert "2 litres" not in text and "two litres" not in text
    assert "does not damage nerves" in answers.topics["what_is_bfs"].answer


@pytest.mark.parametrize("flag", FLAGS)
@pytest.mark.parametrize("other", [False, True])
def test_what_to_do_names_the_number_and_is_short(answers: Answers, flag: str, other: bool) -> None:
    entry = answers.red_flags[flag]
    text = answers.what_to_do(flag, "UK", other=other)
    assert 2 <= len(sentences(text)) <= 5
    assert grade(text) <= 8
    assert "999" in text
    if FLAGS[flag] == "urgent":
        assert "today" in text
    assert entry.source


def test_what_to_do_for_single_emergencies(answers: Answers) -> None:
    for flag, needed in {
        "stroke_signs": ["time when they began", "do not drive", "unlock"],
        "seizure": ["nothing in the mouth", "on their side", "pregnancy", "baby"],
        "poisoning": ["do not make anyone sick", "packet"],
        "lockjaw": ["tetanus"],
        "breathing_difficulty": ["do not drive", "unlock"],
        "suicidal_thoughts": ["samaritans on 116 123", "already taken something", "stay with"],
        "medication_reaction": ["stopped", "packets"],
    }.items():
        text = answers.what_to_do(flag, "UK").lower()
        assert not [words_ for words_ in needed if words_ not in text], flag


NAMES_THE_NUMBER = (
    "silence", "emoji_only", "gibberish", "too_long", "help", "notice", "general_safe_words", "rate_limited", "are_you_human",
)  # fmt: skip


@pytest.mark.parametrize("code", NAMES_THE_NUMBER)
def test_texts_said_when_not_understood_name_the_number(answers: Answers, code: str) -> None:
    assert not [text for text in answers.small_talk_texts.texts[code].variants if "{emergency}" not in text]


def test_texts_after_an_emergency_are_not_cheerful(answers: Answers) -> None:
    cheerful = re.compile(r"!|welcome|glad to help|take care|have a|great|lovely|no problem", re.I)
    for entry in answers.small_talk_texts.texts.values():
        assert not [text for text in (*entry.after_emergency, *entry.after_crisis) if cheerful.search(text)]


@pytest.mark.parametrize("code", ["thank", "goodbye", "started_over", "stopped", "later", "minimise"])
def test_own_words_after_an_emergency(answers: Answers, code: str) -> None:
    entry = answers.small_talk_texts.texts[code]
    assert entry.after_emergency and entry.after_crisis


def test_safe_words_name_the_red_flags(answers: Answers) -> None:
    for text in answers.small_talk_texts.texts["general_safe_words"].variants:
        for sign in ("breath", "speak", "swallow", "droop", "weak", "numb", "chest", "fit", "poison", "life"):
            assert sign in text, sign


def test_a_cut_message_says_so(answers: Answers) -> None:
    assert all("cut" in text for text in answers.small_talk_texts.texts["too_long"].variants)


@pytest.mark.parametrize("trigger", load_codes().triggers)
def test_self_care_steps(answers: Answers, trigger: str) -> None:
    entry = answers.self_care.triggers[trigger]
    assert entry.caveat and entry.source
    assert grade(" ".join((*entry.steps, entry.caveat))) <= 8
