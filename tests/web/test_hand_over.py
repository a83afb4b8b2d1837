"""A hand-over in two browsers: the chat in one, the staff page in the other, with the really started server."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.running import Server
from tests.support.staff import PASSWORD, PATIENCE_S, add_account, staff_url
from tests.web.conftest import AXE, Chat

Make = Callable[..., Chat]
PATIENCE_MS = PATIENCE_S * 1000
HUMAN = "(document.querySelector('twitchwise-chat').person || {}).state"


def axe(page: Any) -> list[str]:
    """Violations of WCAG 2.2 A and AA. The page's own policy lets no script of a test in but through the protocol."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})")
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found["violations"] for node in each["nodes"]]


@pytest.fixture
def nurse(browser: Any, staff_server: Server) -> Iterator[Any]:
    """The staff page, signed in, with every problem of the page as a failure."""
    add_account(f"sqlite:///{staff_server.database}", "nurse", role="admin", shown_as="Nina, nurse")
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Content Security Policy" in message.text else None)
    page.goto(staff_url(staff_server))
    assert axe(page) == []
    page.get_by_label("Name").fill("nurse")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Cases").wait_for()
    yield page
    context.close()
    assert problems == []


def ask_for_a_person(page: Chat) -> None:
    page.page.get_by_role("button", name="Menu").click()
    page.page.get_by_role("menuitem", name="Talk to a person").click()
    page.said("I have asked the care team", timeout=PATIENCE_MS)
    page.served(PATIENCE_S)
    page.until(f"{HUMAN} === 'waiting'", PATIENCE_S)


def open_newest(nurse: Any) -> None:
    """The newest case that waits: the last of its level."""
    nurse.get_by_role("row").filter(has_text="waits for somebody").last.get_by_role("link").click()
    nurse.get_by_role("heading", name="Talk to the person").wait_for()


def test_a_hand_over_in_two_browsers(chat: Make, bundle: Path, staff_server: Server, nurse: Any) -> None:
    page = chat(url=staff_server.url).open()
    page.type("my calf twitches since yesterday")
    page.served(PATIENCE_S)
    ask_for_a_person(page)
    assert "Nobody has come yet" in page.page.get_by_role("status").first.inner_text() and page.axe() == []
    # The list renews itself.
    nurse.get_by_role("row").filter(has_text="waits for somebody").last.wait_for()
    assert axe(nurse) == []
    open_newest(nurse)
    assert axe(nurse) == []
    nurse.get_by_role("button", name="Take over").click()
    page.until(f"{HUMAN} === 'taken'", PATIENCE_S)
    page.said("You are now talking to Nina, nurse", timeout=PATIENCE_MS)
    banner = page.page.get_by_role("status").first
    assert "You are talking to Nina, nurse" in banner.inner_text()

    nurse.get_by_label("Your answer").fill("Hello, **since** when exactly?\n<img src=x onerror=alert(1)>")
    nurse.get_by_role("button", name="Send").click()
    bubble = page.said("Hello, **since** when exactly?", timeout=PATIENCE_MS)
    assert "Nina, nurse" in bubble.inner_text() and bubble.locator("img, strong").count() == 0, "words, never markup"
    assert page.page.locator(".deep-chat-outer-container-role-staff").count() == 1
    replies = page.page.locator(".ai-message-text").count()
    page.type("since about nine in the morning")
    page.served(PATIENCE_S)
    nurse.locator("#messages li.person", has_text="since about nine").wait_for()
    nurse.locator("#messages .seen", has_text="arrived").last.wait_for()
    assert page.page.locator(".ai-message-text").count() == replies, "the assistant keeps quiet"
    assert page.axe() == [] and axe(nurse) == []

    page.type("now I can hardly breathe")
    page.served(PATIENCE_S)
    page.said("999", timeout=PATIENCE_MS)
    assert page.page.get_by_role("region", name="Emergency numbers").is_visible()
    nurse.locator("#changed", has_text="A new warning sign").wait_for()

    page.page.reload()
    page.said("since about nine in the morning", timeout=PATIENCE_MS)
    page.until(f"{HUMAN} === 'taken'", PATIENCE_S)
    said = [page.page.locator(".message-bubble", has_text=words).last.bounding_box()["y"] for words in ("since** when", "since about nine")]
    assert said == sorted(said), "in the order in which it was said"

    nurse.get_by_role("button", name="Hand back").click()
    page.until(f"{HUMAN} === 'none'", PATIENCE_S)
    page.said("Nina, nurse has left", timeout=PATIENCE_MS)
    assert banner.is_hidden() and page.problems == []


def test_without_sockets_a_person_is_heard_all_the_same(chat: Make, bundle: Path, staff_server: Server, nurse: Any) -> None:
    page = chat(url=staff_server.url)
    page.page.route("**/chat/socket.io/**", lambda route: route.abort())
    page.page.add_init_script("window.WebSocket = class { constructor() { throw new Error('blocked'); } };")
    page.open()
    ask_for_a_person(page)
    nurse.reload()
    open_newest(nurse)
    nurse.get_by_role("button", name="Take over").click()
    page.said("You are now talking to Nina, nurse", timeout=PATIENCE_MS)
    nurse.get_by_label("Your answer").fill("Can you read this?")
    nurse.get_by_role("button", name="Send").click()
    page.said("Can you read this?", timeout=PATIENCE_MS)
    # The person can leave by themselves.
    page.page.get_by_role("button", name="Menu").click()
    page.page.get_by_role("menuitem", name="Start over").click()
    page.until(f"{HUMAN} === 'none'", PATIENCE_S)
    nurse.get_by_text("Something has changed").wait_for()
