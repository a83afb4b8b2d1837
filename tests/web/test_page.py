"""The chat page in a real browser, with a server that answers canned words."""
from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.web.conftest import Chat, Stub

pytestmark = [pytest.mark.servers, pytest.mark.timeout(120)]
Make = Callable[..., Chat]
NASTY = (
    "<img src=x onerror=window.hit=1>", "<script>window.hit=1</script>", "[x](javascript:window.hit=1)", "![x](http://evil.example/x.png)",
    "<svg onload=window.hit=1>", '"><iframe src=javascript:window.hit=1>', "[x](data:text/html,<script>window.hit=1</script>)",
    "<a href=javascript:window.hit=1>x</a>", "`<b onclick=window.hit=1>`", "[x](vbscript:msgbox)",
    "<twitchwise-card data-key=1></twitchwise-card>",
)  # fmt: skip


def test_answers_with_markdown_source_and_buttons(chat: Make) -> None:
    page = chat().open()
    page.type("is it ALS?")
    answer = page.said("Most twitching is")
    assert answer.locator("strong").inner_text() == "not ALS"
    link = answer.get_by_role("link", name="NHS")
    assert link.get_attribute("rel") == "noopener noreferrer" and link.get_attribute("target") == "_blank"
    page.page.get_by_role("button", name="Not sure").click()
    page.said("Do you get short of breath")
    assert page.page.locator(".user-message", has_text="Not sure").count() == 1
    assert page.problems == []


def test_typing_sign_comes_and_goes(chat: Make) -> None:
    page = chat().open()
    page.type("slow please")
    page.page.locator(".deep-chat-loading-message-bubble, .loading-message-text").first.wait_for(timeout=60_000)
    page.said("short of breath at rest")
    assert page.page.locator(".deep-chat-loading-message-bubble, .loading-message-text").count() == 0


def test_body_map_by_mouse(chat: Make) -> None:
    page = chat().open()
    page.type("my muscle twitches")
    page.page.get_by_role("option", name="Left calf").click()
    page.page.get_by_role("option", name="Right eyelid").click()
    page.page.get_by_role("button", name="Send 2 places").click()
    page.said("How long has the twitching")
    assert page.page.locator(".user-message", has_text="Left calf, Right eyelid").count() == 1
    assert page.page.get_by_role("group", name="Body map").count() == 0


def test_body_map_by_keyboard(chat: Make) -> None:
    page = chat().open()
    page.type("my muscle twitches")
    page.page.get_by_role("listbox", name="Back of the body").wait_for()
    page.page.locator('svg[aria-label="Back of the body"] [tabindex="0"]').focus()
    for key in ("End", "ArrowUp", "Space", "Home", "Enter"):
        page.page.keyboard.press(key)
    chosen = page.page.locator('.place[aria-selected="true"]').evaluate_all("all => all.map(each => each.getAttribute('aria-label'))")
    assert "Scalp" in chosen and any("toes" in each for each in chosen)
    button = page.page.get_by_role("button", name="Send 2 places")
    for _ in range(12):
        page.page.keyboard.press("Tab")
        if button.evaluate("button => button.getRootNode().activeElement === button"):
            break
    page.page.keyboard.press("Enter")
    page.said("How long has the twitching")


def test_emergency_shows_numbers_that_stay(chat: Make) -> None:
    page = chat().open()
    page.type("I cannot breathe")
    alarm = page.page.get_by_role("region", name="Emergency numbers")
    alarm.wait_for()
    assert "tel:999" in alarm.locator("a").evaluate_all("all => all.map(each => each.href)")
    card = page.page.locator("twitchwise-card")
    assert card.get_by_role("heading", name="Emergency Trouble breathing").count() == 1 and card.locator("svg").count() >= 1
    page.type("echo thank you")
    page.said("thank you")
    assert alarm.is_visible()
    page.page.reload()
    alarm.wait_for()


@pytest.mark.parametrize("size", [(1100, 800), (900, 700), (375, 700)])
def test_the_answer_is_seen_from_its_beginning(chat: Make, size: tuple[int, int]) -> None:
    page = chat(viewport={"width": size[0], "height": size[1]}).open()
    for text, words in (("my muscle twitches", "I am sorry that this troubles you"), ("I cannot breathe", "I cannot breathe")):
        page.type(text)
        page.served()
        page.page.wait_for_timeout(300)
        spot = page.said(words).bounding_box()
        shown = page.page.get_by_role("region", name="Conversation").bounding_box()
        assert shown["height"] > 200
        assert shown["y"] - 1 <= spot["y"] and spot["y"] + spot["height"] <= shown["y"] + shown["height"] + 1


def test_result_is_words_colour_and_icon(chat: Make) -> None:
    page = chat().open()
    page.type("the result please")
    card = page.page.get_by_role("group", name="Result")
    card.wait_for()
    assert card.get_by_role("heading").inner_text().endswith("See a doctor soon, who can bring in a neurologist")
    assert card.locator("svg").count() == 1
    page.said("twitching of the left calf")


def test_reload_shows_everything_once(chat: Make) -> None:
    page = chat().open()
    page.type("is it ALS?")
    page.said("Do you have any weakness")
    page.page.reload()
    page.said("Do you have any weakness")
    assert page.count("is it ALS?") == 1 and page.count("Most twitching is") == 1
    page.page.get_by_role("button", name="Yes").click()
    page.said("short of breath at rest")


def test_two_tabs_share_one_conversation(chat: Make) -> None:
    page = chat().open()
    other = Chat(page.page.context.new_page(), page.url).open()
    page.type("is it ALS?")
    other.said("Do you have any weakness")
    assert other.page.locator(".user-message", has_text="is it ALS?").count() == 1
    other.page.get_by_role("button", name="No", exact=True).click()
    page.said("short of breath at rest")
    assert page.count("Most twitching is") == 1


def test_offline_keeps_messages_and_sends_each_once(chat: Make) -> None:
    page = chat().open()
    context = page.page.context
    context.set_offline(True)
    page.type("is it ALS?")
    page.type("echo second")
    banner = page.page.get_by_role("alert")
    banner.wait_for(timeout=60_000)
    assert "999" in banner.inner_text() and "kept" in banner.inner_text()
    assert page.page.locator(".tw-waiting").count() == 2
    context.set_offline(False)
    page.said("Do you have any weakness", timeout=60_000)
    page.served()
    assert page.page.locator(".user-message", has_text="is it ALS?").count() == 1
    assert page.count("Most twitching is") == 1 and page.page.locator(".tw-waiting").count() == 0
    assert not banner.is_visible()


def test_server_killed_and_restarted(chat: Make, bundle: Any, tmp_path: Any) -> None:
    own = Stub(tmp_path).start()
    try:
        page = chat(url=own.url).open()
        page.type("is it ALS?")
        page.said("Do you have any weakness")
        own.kill()
        page.type("echo while you were away")
        page.page.get_by_role("alert").wait_for(timeout=60_000)
        own.start()
        page.page.locator(".ai-message", has_text="while you were away").first.wait_for(timeout=60_000)
        page.page.reload()
        page.said("while you were away")
        assert page.page.locator(".user-message", has_text="while you were away").count() == 1
        assert page.page.locator(".ai-message", has_text="while you were away").count() == 1
        assert page.count("Most twitching is") == 1
    finally:
        own.kill()


def test_plain_http_where_sockets_are_blocked(chat: Make) -> None:
    page = chat()
    page.page.route("**/socket.io/**", lambda route: route.abort())
    page.page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    page.page.goto(page.url + "/chat")
    page.until("document.querySelector('twitchwise-chat')?.line?.http === true", 20)
    page.type("is it ALS?")
    page.said("Do you have any weakness")
    page.page.get_by_role("button", name="Not sure").click()
    page.said("short of breath at rest")


@pytest.mark.parametrize("text", NASTY)
def test_no_text_becomes_markup(chat: Make, text: str) -> None:
    page = chat().open()
    page.type(text)
    page.type("echo " + text)
    page.served()
    links = page.page.locator(".message-bubble a").evaluate_all("all => all.map(each => each.protocol)")
    assert page.page.evaluate("window.hit") is None
    assert set(links) <= {"https:", "http:"}
    assert page.page.locator(".text-message :is(img, script, iframe, svg, b, twitchwise-card)").count() == 0
    page.page.reload()
    page.page.locator(".user-message").first.wait_for()
    assert page.page.evaluate("window.hit") is None and page.problems == []


def test_policy_is_kept(chat: Make) -> None:
    page = chat()
    asked: list[str] = []
    page.page.on("request", lambda request: asked.append(request.url))
    page.page.add_init_script(
        "addEventListener('securitypolicyviolation', e => (window.broken ??= []).push(e.violatedDirective + e.blockedURI))"
    )
    page.open()
    for text in ("is it ALS?", "where it twitches", "the result", "I cannot breathe"):
        page.type(text)
        page.served()
    assert page.page.evaluate("window.broken") is None
    assert all(url.startswith((page.url, page.url.replace("http", "ws"), "data:")) for url in asked), asked


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1100, 800), (375, 700), (320, 256)])
def test_accessible_in_every_state(chat: Make, scheme: str, size: tuple[int, int]) -> None:
    page = chat(color_scheme=scheme, viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce").open()
    assert page.axe() == []
    states = (
        ("is it ALS?", "any weakness"), ("my muscle twitches", "Where on the body"), ("the result", "What I understood"),
        ("I cannot breathe", "Sit upright"),
    )  # fmt: skip
    for text, words in states:
        page.type(text)
        page.said(words)
        page.served()
        assert page.axe() == [], text
    page.page.get_by_role("button", name="Menu").click()
    assert page.axe() == []
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_forced_colours_and_no_motion(chat: Make) -> None:
    page = chat(forced_colors="active", reduced_motion="reduce").open()
    page.type("the result")
    page.said("What I understood")
    assert page.axe() == []


def test_each_message_is_announced_once(chat: Make) -> None:
    page = chat().open()
    page.type("is it ALS?")
    page.said("Do you have any weakness")
    live = page.page.locator('[aria-live="polite"] p')
    words = live.evaluate_all("all => all.map(each => each.textContent)")
    assert len(words) == 2 and "not ALS" in words[0] and "*" not in words[0] and "Suggested answers: Yes, No, Not sure." in words[1]
    page.page.reload()
    page.said("Do you have any weakness")
    assert live.count() == 0


def test_menu_by_keyboard(chat: Make) -> None:
    page = chat().open()
    page.type("the result")
    page.said("What I understood")
    button = page.page.get_by_role("button", name="Menu")
    button.focus()
    page.page.keyboard.press("Enter")
    page.page.keyboard.press("ArrowDown")
    assert page.page.get_by_role("menuitem", name="Talk to a person").evaluate("each => each.getRootNode().activeElement === each")
    page.page.keyboard.press("Escape")
    assert button.evaluate("each => each.getRootNode().activeElement === each") and button.get_attribute("aria-expanded") == "false"
    page.page.keyboard.press("Enter")
    page.page.keyboard.press("Enter")
    page.said("we start from the beginning")


def test_widget_on_a_clinics_page(chat: Make) -> None:
    page = chat("/chat/example")
    page.page.add_init_script(
        "window.heard = []; for (const name of ['opened', 'level', 'escalated']) "
        "addEventListener('twitchwise:' + name, event => heard.push([name, event.detail]))"
    )
    page.page.goto(page.url + page.path)
    launch = page.page.get_by_role("button", name="Ask about twitching")
    launch.wait_for()
    assert page.axe() == []
    launch.click()
    page.said("Riverside Clinic")
    assert page.input.evaluate("each => each.getRootNode().activeElement === each")
    page.type("I cannot breathe")
    page.said("Sit upright")
    page.until("heard.some(each => each[0] === 'escalated')")
    heard = page.page.evaluate("heard")
    assert heard[0] == ["opened", {}] and ["level", {"level": "emergency"}] in heard
    assert "breathe" not in json.dumps(heard)
    calls = page.page.get_by_role("region", name="Emergency numbers").locator("a")
    assert calls.evaluate_all("all => all.map(each => each.href)") == ["tel:999"]
    assert page.axe() == []
    page.page.keyboard.press("Escape")
    assert launch.is_visible() and launch.evaluate("each => each.getRootNode().activeElement === each")


def test_words_and_numbers_without_javascript(chat: Make) -> None:
    page = chat(java_script_enabled=False)
    page.page.goto(page.url + "/chat")
    assert page.page.get_by_role("heading", name="Call 999").is_visible()
    assert page.page.get_by_role("link", name="Call 999 (UK)").get_attribute("href") == "tel:999"


def test_first_load_is_quick_and_small(chat: Make) -> None:
    page = chat()
    sizes: list[int] = []
    page.page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.page.goto(page.url + "/chat")
    page.said("Hello")
    took = page.page.evaluate("performance.now()")
    print(f"\nfirst load: {sum(sizes)} bytes, usable after {took:.0f} ms")
    assert sum(sizes) < 200_000
    assert took < 4000  # the goal of one second is for a quiet machine
