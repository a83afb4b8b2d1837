"""A case and the person's own words -> a Summary. Pure: the same input always gives the same page."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from twitchwise.summary.model import Answered, Flag, Quote, Row, Said, Site, Summary
from twitchwise.summary.terms import Terms, load_terms
from twitchwise.summary.words import COURSE, SITE, of_case, quotes_for, united
from twitchwise.triage import Assessment, Case, Person, Place
from twitchwise.triage.case import LOST_FUNCTION, REACTION_SIGNS, RECENT_WEAKNESS, Fact
from twitchwise.triage.explain import days_in_words
from twitchwise.triage.questions import FOLLOW_UP, Entry, load_questions
from twitchwise.triage.wording import fill, words_for
from twitchwise.understanding.findings import ABSENT, HISTORICAL
from twitchwise.vocabulary.codes import load_codes

#: More quotes than these say nothing new about one finding.
MOST_QUOTES = 3
#: Signals whose denial tells a doctor something.
_WORTH_DENYING = (LOST_FUNCTION, RECENT_WEAKNESS, REACTION_SIGNS)
_ONSET = {"sudden": "sudden onset", "gradual": "gradual onset"}
_ANSWERS = {"yes": "yes", "no": "no", "partly": "partly", "unsure": "not sure", "still_unsure": "not sure"}


def build(case: Case, assessment: Assessment, messages: Sequence[Said], *, level: str | None, complete: bool, made_at: datetime,
          country: str | None = None) -> Summary:
    """The summary of `case`.

    `level`: the advice given, None while there was none; `messages`: every message of the conversation, of
    which only those of this case are quoted; `complete`: whether the check came to its end."""
    terms, mine = load_terms(), of_case(case, messages)
    resting = {code for reason in assessment.reasons if reason.flag in assessment.red_flags for code in reason.findings}
    rows = [row for code, fact in case.facts.items()
            if fact.kind != "trigger" and (row := _row(code, fact, case, terms, mine, code in resting))]
    found = [row for row in rows if row.assertion != ABSENT]
    flags = _flags(assessment, terms)
    # What the most urgent sign rests on comes first.
    first = {code: number for number, flag in reversed(list(enumerate(flags))) for code in flag.rests_on}
    advice = load_codes().highest([each for each in (level, assessment.flag_level) if each])
    place = quotes_for(SITE, "present", mine)[:MOST_QUOTES]
    course = quotes_for(COURSE, "present", mine)[:1]
    return Summary(
        made_at=made_at,
        about=about(case.person),
        is_self=case.person.is_self,
        age_years=case.person.age_years,
        level=advice,
        urgency=terms.urgency[advice] if advice else "",
        complete=complete,
        course=_course(case),
        course_days=case.duration_days(),
        sites=tuple(_sites(case.sites(), terms)),
        flags=tuple(flags),
        found=tuple(sorted(found, key=lambda row: (first.get(row.code, len(flags)), row.kind != "symptom"))),
        denied=tuple(row for row in rows if row.assertion == ABSENT and (row.kind == "symptom" or row.code in _WORTH_DENYING)),
        triggers=tuple(row for code, fact in case.facts.items() if fact.kind == "trigger" and fact.counts
                       and (row := _row(code, fact, case, terms, mine, False))),
        background=tuple(_background(case, terms)),
        not_asked=tuple(_not_asked(case, terms)),
        answers=tuple(_answers(case)),
        started=_moment(case.started),
        rules_version=assessment.rules_version,
        quotes=tuple(united([*reversed(place), *course])),
        country=country,
    )


def about(person: Person) -> str:
    """Who the page is about, without a name: nobody asked for one."""
    age = f", {person.age_years:g} years" if person.age_years is not None and person.age_years >= 2 else (
        f", {person.age_years * 12:.0f} months" if person.age_years is not None else "")
    if person.is_self:
        return f"the person who wrote this{age}"
    you = words_for(person)["you"]
    who = you.removeprefix("your ") if you.startswith("your ") else "somebody else"
    pronoun = f" ({person.pronoun})" if who == "somebody else" and person.pronoun in ("he", "she") else ""
    return f"{who}{pronoun}{age}, told by somebody close"


def _row(code: str, fact: Fact, case: Case, terms: Terms, messages: Sequence[Said], flag: bool) -> Row | None:
    term = terms.of_fact(fact.kind, code)
    if term is None:
        return None
    quotes = quotes_for(code, fact.assertion, messages)
    if fact.source == "answer" or not quotes:
        quotes = [*_bare(code, fact, case, messages), *quotes]
    sites = tuple(_sites(case.places_of(code), terms)) if fact.kind == "symptom" and code != "twitching" and fact.counts else ()
    return Row(code=code, kind=fact.kind, term=term.term, assertion=fact.assertion,
               quotes=tuple(quotes[:MOST_QUOTES]), sites=sites, onset=fact.onset, days=fact.days, since=_since(fact), flag=flag, when=fact.when)


def _bare(code: str, fact: Fact, case: Case, messages: Sequence[Said]) -> list[Quote]:
    """A bare "yes" in the person's words, with the question that it answered."""
    message = next((each for each in messages if each.id == fact.said_in.split("#")[0]), None)
    if message is None:
        return []
    entry = next((each for each in load_questions().entries if code in each.facts), None)
    text = " ".join(message.text.split())
    if entry is None or len(text) > 120:
        return []
    return [Quote(text, message.at, ((0, len(text)),), _question(entry.text, case), message.id)]


def _question(text: str, case: Case) -> str:
    return fill(text, case.person, what="this")


def _since(fact: Fact) -> str:
    parts = [_ONSET.get(fact.onset or "", ""), f"for about {days_in_words(fact.days)}" if fact.days is not None else ""]
    return ", ".join(part for part in parts if part)


def _course(case: Case) -> str:
    if case.duration is None:
        return "more than two weeks" if case.has("over_two_weeks") else "two weeks or less" if case.assertion("over_two_weeks") == ABSENT else ""
    return f"about {days_in_words(case.duration.days)}"


def _sites(places: Sequence[Place], terms: Terms) -> list[Site]:
    sites = [Site(place.code, terms.places[place.code].term, place.laterality) for place in places if place.code in terms.places]
    return list(dict.fromkeys(sites))


def _flags(assessment: Assessment, terms: Terms) -> list[Flag]:
    codes = load_codes()
    flags: dict[str, Flag] = {}
    for reason in assessment.reasons:
        # A modifier (a small child that jerks) has no flag of its own, and counts like one.
        code = reason.flag or reason.rule
        if reason.flag not in assessment.red_flags and reason.kind != "modifier":
            continue
        known = flags.get(code)
        if known is None:
            term = terms.red_flags.get(code)
            # A modifier is named by its reason.
            named, why = (term.term, reason.explain) if term else (reason.explain.rstrip("."), "")
            flags[code] = Flag(code, named, terms.urgency[reason.level], reason.level, why, reason.findings)
        else:
            flags[code] = replace(known, rests_on=tuple(dict.fromkeys([*known.rests_on, *reason.findings])))
    return sorted(flags.values(), key=lambda flag: -codes.rank(flag.level))


def _background(case: Case, terms: Terms) -> list[str]:
    lines = []
    for code, how in case.background.items():
        term = terms.findings.get(code) or terms.signals.get(code)
        if term is not None and code not in ("family_history",):
            lines.append(f"{term.term} ({'in the past' if how == HISTORICAL else 'of a relative'})")
    lines += [f"Twitching in the {site.words} (over now)" for site in _sites([place for place in case.places if place.status == "past"], terms)]
    return lines


def _not_asked(case: Case, terms: Terms) -> list[str]:
    """What was not asked, or not answered: a doctor must not take it for denied."""
    return [terms.questions[entry.code] for entry in load_questions().entries
            if entry.code in terms.questions and not _known(entry, case)]


def _known(entry: Entry, case: Case) -> bool:
    if entry.code in case.asked and case.asked[entry.code] not in ("unsure", "still_unsure"):
        return True
    if entry.code == "where":
        return bool(case.sites())
    if entry.code == "duration":
        return bool(_course(case))
    if entry.code == "spread" and len(case.regions()) > 1:
        return True
    return any(code in case.facts for code in (*entry.facts, *entry.related))


def _answers(case: Case) -> list[Answered]:
    answers = []
    for entry in load_questions().entries:
        for key, text in ((entry.code, entry.text), (entry.code + FOLLOW_UP, entry.follow_up)):
            given = case.asked.get(key)
            if given is None or text is None:
                continue
            answers.append(Answered(key, _question(text, case), _ANSWERS.get(given) or _told(entry, case)))
    return answers


def _told(entry: Entry, case: Case) -> str:
    """The answer to a question that was answered in other words than yes or no."""
    if entry.code == "where":
        return ", ".join(site.words for site in _sites(case.sites(), load_terms())) or "told in words"
    return (_course(case) if entry.code == "duration" else "") or "told in words"


def _moment(when: str) -> datetime | None:
    try:
        return datetime.fromisoformat(when) if when else None
    except ValueError:
        return None
