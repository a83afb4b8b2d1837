"""The chat page against the really running assistant: from the first visit to the result, a question between, an emergency, deletion."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running import Server
from tests.web.conftest import Chat

pytestmark = [pytest.mark.servers, pytest.mark.timeout(240)]
Make = Callable[..., Chat]


def press(page: Chat, name: str) -> None:
    page.page.get_by_role("button", name=name, exact=True).last.click()
    page.page.wait_for_timeout(100)
    page.served()


def test_from_the_first_visit_to_the_result(chat: Make, bundle: Path, server: Server) -> None:
    page = chat(url=server.url).open()
    page.type("one of my muscles has been twitching for three weeks")
    page.served()
    asked_about_als = mapped = False
    for _ in range(20):
        if page.page.get_by_role("group", name="Result").count():
            break
        if page.page.get_by_role("group", name="Body map").count():
            mapped = True
            assert page.axe() == []
            page.page.get_by_role("option", name="Left calf").click()
            press(page, "Send 1 place")
        elif not asked_about_als:
            asked_about_als = True
            page.type("is it ALS?")
            page.served()
            assert page.count("ALS") >= 2
        else:
            press(page, "No")
    assert mapped and page.page.get_by_role("group", name="Result").get_by_role("heading").inner_text().endswith("neurologist")
    page.said("left calf")
    assert page.axe() == [] and page.problems == []
    before = page.page.locator(".message-bubble").count()
    page.page.reload()
    page.said("left calf")
    assert page.page.locator(".text-message").count() > 10 and page.page.locator(".message-bubble").count() <= before


def test_an_emergency_keeps_its_number_in_sight(chat: Make, bundle: Path, server: Server) -> None:
    page = chat(url=server.url).open()
    page.type("my chest hurts badly and I cannot breathe")
    page.served()
    alarm = page.page.get_by_role("region", name="Emergency numbers")
    assert alarm.is_visible() and "tel:999" in alarm.locator("a").evaluate_all("all => all.map(each => each.href)")
    assert page.page.get_by_role("region", name="Conversation").bounding_box()["height"] > 200
    assert page.axe() == []


def test_start_over_from_the_menu(chat: Make, bundle: Path, server: Server) -> None:
    page = chat(url=server.url).open()
    page.type("my calf has been twitching for a month")
    page.served()
    page.page.get_by_role("button", name="Menu").click()
    page.page.get_by_role("menuitem", name="Start over").click()
    page.served()
    assert page.page.evaluate("document.querySelector('twitchwise-chat').level") is None


def test_rest_cannot_reach_a_web_conversation(chat: Make, bundle: Path, server: Server) -> None:
    page = chat(url=server.url).open()
    token = page.page.evaluate("document.querySelector('twitchwise-chat').store.get('token')")
    replies = server.say("web:" + token.split(".")[1], "hello")
    assert "sender" in replies[0]["text"]


@pytest.mark.parametrize("path", ["/webhooks/rest/webhook", "/chat/session", "/chat/message", "/chat/socket.io/?EIO=4&transport=polling"])
def test_other_sites_are_refused(server: Server, path: str) -> None:
    import urllib.error
    import urllib.request

    request = urllib.request.Request(server.url + path, None if "socket" in path else b"{}", {"Origin": "https://evil.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code in (400, 403)


def test_a_summary_for_the_doctor_is_downloaded(chat: Make, bundle: Path, server: Server, tmp_path: Path) -> None:
    page = chat(url=server.url).open()
    page.type("my left calf has been twitching for a month")
    page.served()
    assert page.page.get_by_role("group", name="Summary for a doctor").count() == 0
    page.type("can I have a summary for my doctor?")
    page.served()
    files = page.page.get_by_role("group", name="Summary for a doctor")
    files.wait_for()
    assert page.axe() == []
    for name, start in (("One page to print or show (PDF)", b"%PDF-"), ("For the clinic's computer (FHIR)", b"{")):
        with page.page.expect_download() as coming:
            files.get_by_role("link", name=name).click()
        saved = tmp_path / coming.value.suggested_filename
        coming.value.save_as(saved)
        assert saved.name.startswith("twitching-summary-") and saved.read_bytes().startswith(start)
    # A page that comes back shows links that work again.
    page.page.reload()
    page.said("one page for a doctor")
    with page.page.expect_download() as coming:
        page.page.get_by_role("link", name="One page to print or show (PDF)").click()
    assert coming.value.suggested_filename.endswith(".pdf") and page.problems == []
