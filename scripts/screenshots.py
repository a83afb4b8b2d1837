#!/usr/bin/env python3
"""Takes the pictures of docs/images from a really running server: python scripts/screenshots.py http://127.0.0.1:5005

Needs Chromium and the development environment. Without an address it starts a server of its own, and takes those of a hand-over too;
with --hand-over only those.
"""
from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
IMAGES = ROOT / "docs" / "images"
SERVED = "(chat => !chat.store.outbox.length && !chat.view.typing && chat.line.ready)(document.querySelector('twitchwise-chat'))"


class Camera:
    """One page, driven as a person would."""

    def __init__(self, browser: Any, url: str, path: str = "/chat", **options: Any) -> None:
        self.page = browser.new_context(locale="en-GB", **options).new_page()
        self.page.goto(url + path)
        if path != "/chat":
            self.page.get_by_role("button", name="Ask about twitching").click()
        self.page.locator(".message-bubble").first.wait_for()
        self.wait()

    def wait(self) -> None:
        """Until the answer is complete."""
        self.page.wait_for_timeout(150)
        for _ in range(150):
            if self.page.evaluate(SERVED):
                break
            self.page.wait_for_timeout(100)
        self.page.wait_for_timeout(400)

    def say(self, text: str) -> None:
        self.page.get_by_role("textbox", name="Your message").click()
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")
        self.wait()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).last.click()
        self.wait()

    def choose(self, *places: str) -> None:
        for place in places:
            self.page.get_by_role("option", name=place, exact=True).click()

    def to_the_map(self) -> None:
        """Say no to every question until the one about the place."""
        for _ in range(15):
            if self.page.get_by_role("group", name="Body map").count():
                return
            self.press("No")

    def to_the_end(self) -> None:
        """Say no until the result."""
        for _ in range(15):
            if self.page.get_by_role("group", name="Result").count():
                return
            self.press("No")

    def shoot(self, name: str) -> None:
        self.page.wait_for_timeout(200)
        self.page.screenshot(path=str(IMAGES / f"{name}.png"))
        print(f"docs/images/{name}.png")


def take(browser: Any, url: str) -> None:
    """Every picture."""
    wide = {"viewport": {"width": 1120, "height": 760}}
    phone = {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 2}
    camera = Camera(browser, url, **wide)
    camera.shoot("welcome")
    camera.say("one of my muscles has been twitching for three weeks and I keep dropping things")
    camera.shoot("check")
    camera.to_the_map()
    camera.choose("Left calf", "Right eyelid")
    camera.shoot("body-map")
    camera.press("Send 2 places")
    camera.to_the_end()
    camera.shoot("result")
    camera = Camera(browser, url, **wide)
    camera.say("my chest hurts and I cannot breathe")
    camera.shoot("emergency")
    camera = Camera(browser, url, color_scheme="dark", **phone)
    camera.say("is it ALS?")
    camera.shoot("phone-dark")
    camera.page.context.set_offline(True)
    camera.say("is coffee bad for it?")
    camera.page.get_by_role("alert").wait_for(timeout=20_000)
    camera.shoot("phone-offline")
    camera = Camera(browser, url, "/chat/example", **wide)
    camera.say("my eyelid keeps twitching")
    camera.shoot("widget")


def take_hand_over(browser: Any, url: str, staff_page: str) -> None:
    """The chat in one browser, the staff page in another."""
    from tests.support.staff import PASSWORD

    wide = {"viewport": {"width": 1120, "height": 760}}
    camera = Camera(browser, url, **wide)
    camera.say("my calf has been twitching for three weeks and my grip is getting weaker")
    camera.page.get_by_role("button", name="Menu").click()
    camera.page.get_by_role("menuitem", name="Talk to a person").click()
    camera.wait()
    nurse = browser.new_context(locale="en-GB", **wide).new_page()
    nurse.goto(staff_page)
    nurse.get_by_label("Name").fill("nina")
    nurse.get_by_label("Password").fill(PASSWORD)
    nurse.get_by_role("button", name="Sign in").click()
    nurse.get_by_role("row").filter(has_text="waits for somebody").last.wait_for()
    nurse.screenshot(path=str(IMAGES / "hand-over-list.png"))
    nurse.get_by_role("row").filter(has_text="waits for somebody").last.get_by_role("link").click()
    nurse.get_by_role("button", name="Take over").click()
    camera.page.get_by_text("You are now talking to Nina, nurse").last.wait_for()
    nurse.get_by_label("Your answer").fill("Hello, I am Nina. Which hand is it, and what do you drop?")
    nurse.get_by_role("button", name="Send").click()
    camera.page.locator(".deep-chat-outer-container-role-staff").wait_for()
    camera.say("the right one, mostly cups and my keys")
    nurse.locator("#messages li.person", has_text="cups").wait_for()
    nurse.locator("#messages .seen", has_text="arrived").last.wait_for()
    nurse.get_by_label("Your answer").fill("Thank you. Please book")
    nurse.evaluate("scrollTo(0, 0)")
    nurse.screenshot(path=str(IMAGES / "hand-over-staff.png"))
    camera.shoot("hand-over-person")
    print("docs/images/hand-over-list.png, hand-over-staff.png")


def main() -> int:
    """Take the pictures of the server named, or of one of our own."""
    from playwright.sync_api import sync_playwright

    from tests.running import start_server
    from tests.support.staff import add_account, staff_settings, staff_url
    from tests.web.conftest import chromium

    IMAGES.mkdir(parents=True, exist_ok=True)
    own = None
    if len(sys.argv) < 2 or sys.argv[1] == "--hand-over":
        own = start_server(Path(tempfile.mkdtemp(prefix="twitchwise-")), **staff_settings())
        add_account(f"sqlite:///{own.database}", "nina", role="admin", shown_as="Nina, nurse")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            if own:
                take_hand_over(browser, own.url, staff_url(own))
            if "--hand-over" not in sys.argv:
                take(browser, own.url if own else sys.argv[1].rstrip("/"))
            browser.close()
    finally:
        if own:
            own.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
