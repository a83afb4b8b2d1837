from __future__ import annotations

import pytest

from twitchwise.answers.catalogue import Answers
from twitchwise.answers.loader import load_answers


@pytest.fixture(scope="session")
def answers() -> Answers:
    return load_answers()
