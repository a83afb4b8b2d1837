"""Who is asked about, and when a message is about somebody else."""
from __future__ import annotations

from twitchwise.triage.case import Case, Person
from twitchwise.triage.message import Message
from twitchwise.understanding.findings import Finding

#: Words for a person that fit any relation of their kind.
_ANY_CHILD = frozenset({None, "child", "kid", "baby", "infant", "newborn", "toddler", "little one", "teenager"})
_ANY_ADULT = frozenset({None, "partner", "spouse", "friend", "relative", "adult", "someone", "parent"})


def about(case: Case, message: Message) -> tuple[Finding | None, bool]:
    """The person finding that holds, and whether it starts a new case."""
    if not message.people:
        return None, False
    switch = next((person for person in message.people if person.detail.get("switch")), None)
    if switch is not None:
        return switch, not same_person(case.person, switch) and not case.is_empty
    known = next((person for person in message.people if same_person(case.person, person)), None)
    if known is not None:
        return known, False
    other = message.people[0]
    if case.is_empty or (case.person.code is None and _relation(other) is None):
        return other, False      # 'one of my ladies ...', later 'she': nobody else was named
    # Another person only counts as a change where something is told of them: "a question for myself" is none.
    return (other, True) if message.is_clinical else (other if case.person.code is None else None, False)


def same_person(person: Person, finding: Finding) -> bool:
    """Whether `finding` can speak of `person`. While nobody was named, the person is the user."""
    if finding.code == "self" or person.is_self:
        return finding.code == "self" and person.is_self
    relation, pronoun = _relation(finding), finding.detail.get("pronoun")
    if pronoun and person.pronoun and "they" not in (pronoun, person.pronoun) and pronoun != person.pronoun:
        return False
    if finding.code != person.code:
        return relation is None or person.relation is None     # "he" first, "he is 7" later
    vague = _ANY_CHILD if person.code == "child" else _ANY_ADULT
    return relation == person.relation or relation in vague or person.relation in vague


def _relation(finding: Finding) -> str | None:
    """The relation said; "he" and "she" name none."""
    relation = finding.detail.get("relation")
    return None if relation in ("he", "she", "they") else relation


def take(case: Case, finding: Finding) -> None:
    """Take what `finding` says of the person into the case; what was known stays where it says nothing."""
    person, detail = case.person, finding.detail
    age = detail.get("age_years")
    bare = not _relation(finding) and age is None     # "he" alone does not make a child an adult
    relation = _relation(finding) or person.relation
    if person.relation and relation in _ANY_CHILD | _ANY_ADULT and person.relation not in _ANY_CHILD | _ANY_ADULT:
        relation = person.relation      # "the little one" does not unsay "my son"
    case.person = Person(
        code=person.code if bare and not person.is_self and finding.code != "self" else finding.code,
        relation=relation,
        pronoun=detail.get("pronoun") or person.pronoun,
        age_years=float(age) if age is not None else person.age_years,
    )
