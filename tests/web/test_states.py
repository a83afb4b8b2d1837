"""States that are easily forgotten: after a deletion, when only the safety net answers, at 400 % zoom, in forced colours, without motion."""
from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.web.conftest import Chat

pytestmark = [pytest.mark.servers, pytest.mark.timeout(240)]
Make = Callable[..., Chat]


def test_old_words_go_from_every_tab_at_once_after_a_deletion(chat: Make) -> None:
    page = chat().open()
    other = Chat(page.page.context.new_page(), page.url).open()
    page.type("is it ALS?")
    other.said("Do you have any weakness")
    page.served()
    page.type("delete everything")
    for each in (page, other):
        each.said("I have deleted the messages of this chat.")
        each.until("!document.querySelector('twitchwise-chat').view.typing")
        assert each.count("is it ALS?") == each.count("Most twitching is") == each.count("delete everything") == 0
        assert each.count("Done.") == 1, "the whole reply stays"
        assert each.page.evaluate("document.querySelector('twitchwise-chat').live.textContent.includes('ALS')") is False
    page.served()
    page.type("echo something new")
    page.page.locator(".ai-message", has_text="something new").first.wait_for()
    page.page.reload()
    page.said("something new")
    assert page.count("Most twitching is") == 0 and page.problems == []


def test_a_copy_of_the_data_can_be_saved(chat: Make) -> None:
    page = chat().open()
    page.type("a copy of my data")
    page.said("Here is everything")
    link = page.page.get_by_role("link", name="Save a copy of my data")
    with page.page.expect_download() as waiting:
        link.click()
    assert waiting.value.suggested_filename == "twitchwise-my-data.json"
    assert json.loads(waiting.value.path().read_text()) == {"findings": ["calf"]}
    assert page.axe() == [] and page.problems == []


def test_an_emergency_that_only_the_safety_net_answers_has_its_card_and_its_numbers(chat: Make) -> None:
    page = chat().open()
    page.type("crash, and I have crushing chest pain")
    page.said("Sorry, something went wrong", timeout=180_000)       # the stub loads the understanding for it
    page.served()
    alarm = page.page.get_by_role("region", name="Emergency numbers")
    assert alarm.is_visible() and "tel:999" in alarm.locator("a").evaluate_all("all => all.map(each => each.href)")
    assert page.page.locator("twitchwise-card").get_by_role("heading", name="Chest pain").count() == 1
    assert page.axe() == []
    page.page.reload()
    page.said("Sorry, something went wrong")
    alarm.wait_for()
    page.type("hello")
    page.said("short of breath at rest")
    page.served()
    page.until("document.querySelector('twitchwise-chat').level === null")


def test_at_400_percent_everything_can_be_reached(chat: Make) -> None:
    """1280 x 1024 at 400 %: 320 x 256 CSS pixels."""
    page = chat(viewport={"width": 320, "height": 256}).open()
    page.type("my muscle twitches")
    page.said("Where on the body")
    page.served()
    calf = page.page.get_by_role("option", name="Left calf")
    calf.scroll_into_view_if_needed()
    calf.click()
    send = page.page.get_by_role("button", name="Send 1 place")
    send.scroll_into_view_if_needed()
    send.click()
    page.said("How long has the twitching")
    page.type("I cannot breathe")
    page.said("Sit upright")
    page.served()
    for part in (page.input, page.page.get_by_role("region", name="Emergency numbers").locator("a").first):
        part.scroll_into_view_if_needed()
        box = part.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 320 and 0 <= box["y"] <= 256 - 24
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.page.get_by_role("region", name="Conversation").bounding_box()["height"] >= 100


def test_text_may_be_twice_as_large(chat: Make) -> None:
    page = chat(viewport={"width": 640, "height": 700})
    page.page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '200%' })")
    page.open()
    page.type("the result")
    page.said("What I understood")
    page.served()
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth") and page.axe() == []


def test_targets_are_large_enough_for_a_finger(chat: Make) -> None:
    page = chat(viewport={"width": 375, "height": 700}, has_touch=True, is_mobile=True).open()
    page.type("my muscle twitches")
    page.said("Where on the body")
    page.served()
    for button in page.page.get_by_role("button").all():
        if button.is_visible():
            box = button.bounding_box()
            assert box["width"] >= 44 and box["height"] >= 44, button.get_attribute("aria-label") or button.inner_text()
    # Places of the figures are smaller than a finger: one that presses beside them means the nearest.
    figure = page.page.get_by_role("listbox", name="Front of the body")
    figure.get_by_role("option", name="Left thumb").scroll_into_view_if_needed()
    thumb = figure.get_by_role("option", name="Left thumb").bounding_box()
    page.page.touchscreen.tap(thumb["x"] + thumb["width"] + 7, thumb["y"] + thumb["height"] / 2)
    assert len(chosen_on(page)) == 1 and chosen_on(page) <= {"Left thumb", "Left fingers", "Left hand"}
    figure.get_by_role("option", name="Neck").scroll_into_view_if_needed()
    whole = figure.bounding_box()
    page.page.touchscreen.tap(whole["x"] + 2, whole["y"] + 2)
    assert len(chosen_on(page)) == 1, "far from every place nothing is meant"


def chosen_on(page: Chat) -> set[str]:
    """The places chosen on the body map; one that both figures show is chosen on both."""
    script = "all => all.map(each => each.getAttribute('aria-label'))"
    return set(page.page.locator('.place[aria-selected="true"]').evaluate_all(script))


def test_forced_colours_show_what_is_chosen_and_where_a_card_ends(chat: Make) -> None:
    page = chat(forced_colors="active").open()
    page.type("my muscle twitches")
    page.said("Where on the body")
    page.served()
    calf = page.page.get_by_role("option", name="Left calf")
    look = "place => { const style = getComputedStyle(place.querySelector('path, circle, ellipse, rect') || place); return style.fill + style.stroke; }"
    before = calf.evaluate(look)
    calf.click()
    assert calf.evaluate(look) != before
    assert page.axe() == []
    page.type("the result")
    page.said("What I understood")
    border = page.page.get_by_role("group", name="Result").evaluate("card => { const s = getComputedStyle(card); return s.borderTopWidth + s.borderTopStyle; }")
    assert border != "0px" and "solid" in border


def test_without_motion_nothing_moves(chat: Make) -> None:
    page = chat(reduced_motion="reduce").open()
    page.type("slow please")
    page.page.locator(".deep-chat-loading-message-bubble, .loading-message-text").first.wait_for(timeout=60_000)
    page.until("""(chat => {
        const roots = [document, chat.shadowRoot, chat.view.root];
        return roots.every(root => root.getAnimations().every(each => each.playState !== 'running'
            || each.effect.getTiming().iterations !== Infinity));
    })(document.querySelector('twitchwise-chat'))""", 20)
    page.said("short of breath at rest")
