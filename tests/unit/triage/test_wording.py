"""The words for the person asked about."""
from __future__ import annotations

import pytest

from twitchwise.triage import Person
from twitchwise.triage.wording import fill

TEMPLATE = "{Do} {you} use {their} hand, {have} {you} lost {their} grip?"


@pytest.mark.parametrize(("person", "text"), [
    (Person(), "Do you use your hand, have you lost your grip?"),
    (Person("self"), "Do you use your hand, have you lost your grip?"),
    (Person("child", "son", "he"), "Does your son use his hand, has your son lost his grip?"),
    (Person("child", "ds", "he"), "Does your son use his hand, has your son lost his grip?"),
    (Person("adult", None, "she"), "Does she use her hand, has she lost her grip?"),
    (Person("adult", "man", "he"), "Does he use his hand, has he lost his grip?"),
    (Person("child", None, None), "Does your child use their hand, has your child lost their grip?"),
    (Person("adult", None, None), "Do they use their hand, have they lost their grip?"),
])
def test_words(person: Person, text: str) -> None:
    assert fill(TEMPLATE, person) == text
