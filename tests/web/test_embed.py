"""The widget on a clinic's page of another origin: one that may use the chat, and one that may not; and one address for two servers."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.web.clinic import Clinic, Front, clinic
from tests.web.conftest import Chat, Stub

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]
Make = Callable[..., Chat]


@pytest.fixture(scope="module")
def riverside() -> Iterator[Clinic]:
    with clinic() as made:
        yield made


@pytest.fixture(scope="module")
def embedded(bundle: Path, riverside: Clinic, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stub]:
    """A server that lets the clinic's page, and no other, use the chat."""
    running = Stub(tmp_path_factory.mktemp("embedded")).start(TWITCHWISE_ALLOWED_ORIGINS=riverside.url)
    riverside.embed(running.url, title="Ask our assistant", colour="#7a1f5c", country="IE", opening="Welcome to Riverside.", locale="de")
    yield running
    running.kill()


def test_one_tag_on_another_origin_is_a_chat(chat: Make, embedded: Stub, riverside: Clinic) -> None:
    page = chat("/", url=riverside.url)
    asked: list[str] = []
    page.page.on("request", lambda request: asked.append(request.url))
    page.page.add_init_script("window.heard = []; addEventListener('twitchwise:level', event => heard.push(event.detail))")
    page.page.goto(riverside.url)
    page.page.get_by_role("button", name="Ask our assistant").click()
    page.said("Welcome to Riverside.")
    page.until("document.querySelector('twitchwise-chat').line.ready")
    page.type("is it ALS?")
    page.said("Do you have any weakness")
    page.page.get_by_role("button", name="Not sure").click()
    page.said("Do you get short of breath")
    page.type("I cannot breathe")
    page.said("Sit upright")
    page.until("heard.some(each => each.level === 'emergency')")
    calls = page.page.get_by_role("region", name="Emergency numbers").locator("a").evaluate_all("all => all.map(each => each.href)")
    assert calls and set(calls) <= {"tel:112", "tel:999"}, "the numbers of the country that the tag names"
    assert page.page.evaluate("document.querySelector('twitchwise-chat').line.http") is False, "over Socket.IO"
    assert page.page.evaluate("document.querySelector('twitchwise-chat').config.locale") == "de"
    assert all(url.startswith((riverside.url, embedded.url, embedded.url.replace("http", "ws"), "data:")) for url in asked), asked
    assert page.axe() == [] and page.problems == []


def test_it_goes_on_after_a_reload_and_over_plain_http(chat: Make, embedded: Stub, riverside: Clinic) -> None:
    page = chat("/", url=riverside.url)
    page.page.route("**/socket.io/**", lambda route: route.abort())
    page.page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    page.page.goto(riverside.url)
    page.page.get_by_role("button", name="Ask our assistant").click()
    page.until("document.querySelector('twitchwise-chat')?.line?.http === true")
    page.type("is it ALS?")
    page.said("Do you have any weakness")
    page.page.reload()
    page.said("Do you have any weakness")
    assert page.count("Most twitching is") == 1


def test_another_origin_gets_no_conversation(chat: Make, embedded: Stub) -> None:
    with clinic() as stranger:
        stranger.embed(embedded.url, title="Ask our assistant", country="IE")
        page = chat("/", url=stranger.url)
        page.page.goto(stranger.url)
        page.page.get_by_role("button", name="Ask our assistant").click()
        banner = page.page.get_by_role("alert")
        banner.wait_for(timeout=60_000)
        assert "112" in banner.inner_text(), "the person still sees whom to call"
        page.type("is it ALS?")
        assert page.page.evaluate("document.querySelector('twitchwise-chat').store.get('token')") is None
        refused = page.page.evaluate(
            f"fetch('{embedded.url}/chat/session', {{method: 'POST', body: '{{}}'}}).then(answer => answer.status).catch(() => 'refused')")
        assert refused == "refused", "its script may not even read the answer"
        assert page.count("Most twitching is") == 0


def test_a_clinic_with_a_strict_policy(chat: Make, embedded: Stub, riverside: Clinic) -> None:
    """The policy that the documentation asks for is enough."""
    socket = embedded.url.replace("http", "ws")
    riverside.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {embedded.url}; connect-src {embedded.url} {socket}; style-src 'unsafe-inline'; base-uri 'none'")
    try:
        page = chat("/", url=riverside.url)
        page.page.add_init_script(
            "addEventListener('securitypolicyviolation', e => (window.broken ??= []).push(e.violatedDirective + ' ' + e.blockedURI))")
        page.page.goto(riverside.url)
        page.page.get_by_role("button", name="Ask our assistant").click()
        page.until("document.querySelector('twitchwise-chat').line.ready")
        for text, words in (("where it twitches", "Where on the body"), ("the result", "What I understood"), ("I cannot breathe", "Sit upright")):
            page.type(text)
            page.said(words)
        assert page.page.evaluate("window.broken") is None
    finally:
        riverside.headers.clear()


def test_a_conversation_goes_on_at_another_server_with_the_same_key(chat: Make, bundle: Path, tmp_path: Path) -> None:
    key = {"TWITCHWISE_SIGNING_KEY": "one key for all servers of this test"}
    one, two = Stub(tmp_path), Stub(tmp_path)
    one.start(**key)
    front = Front(one.port)
    try:
        page = chat(url=front.url).open()
        page.type("is it ALS?")
        page.said("Do you have any weakness")
        page.served()
        token = page.page.evaluate("document.querySelector('twitchwise-chat').store.get('token')")
        two.start(**key)            # reads the conversations that the first one wrote, as from a database
        front.switch(two.port)
        one.kill()
        page.type("echo are you still there")
        page.page.locator(".ai-message", has_text="are you still there").first.wait_for(timeout=60_000)
        page.type("hello")
        page.said("Do you get short of breath")
        page.page.get_by_role("button", name="Not sure").click()
        page.served()
        page.page.reload()
        page.said("Do you get short of breath")
        assert page.page.locator(".user-message", has_text="Not sure").count() == 1, "the other server knows the button"
        assert page.count("Most twitching is") == 1 and page.page.locator(".user-message", has_text="are you still there").count() == 1
        after = page.page.evaluate("document.querySelector('twitchwise-chat').store.get('token')")
        assert after.split(".")[1] == token.split(".")[1], "the same conversation"
        assert page.problems == []
    finally:
        front.close()
        one.kill()
        two.kill()
