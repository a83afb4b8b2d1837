"""Speaking instead of typing, and reading aloud, with the browser's own speech replaced by one that the test can hear."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.web.conftest import Chat

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]
Make = Callable[..., Chat]

#: The part of the Web Speech API that is used. `heard(text)` in the page is what a person would say.
SPEECH = """
window.spoken = []; window.listening = [];
class Recognition extends EventTarget {
  start() { this.going = true; listening.push(this); setTimeout(() => { this.onstart?.(); this.onaudiostart?.(); }); }
  stop() { if (!this.going) return; this.going = false; setTimeout(() => this.onend?.()); }
  abort() { this.stop(); }
}
window.SpeechRecognition = window.webkitSpeechRecognition = Recognition;
window.heard = (text, final = true) => {
  const result = Object.assign([{ transcript: text, confidence: 0.9 }], { isFinal: final });
  for (const each of listening) if (each.going) each.onresult?.({ resultIndex: 0, results: [result] });
};
class Utterance { constructor(text) { this.text = text; } }
Object.defineProperty(window, "SpeechSynthesisUtterance", { value: Utterance });
Object.defineProperty(window, "speechSynthesis", { value: {
  speak: (each) => spoken.push({ text: each.text, lang: each.lang }), cancel: () => spoken.push({ cancelled: true }), getVoices: () => [], speaking: false } });
"""
NO_SPEECH = "for (const name of ['SpeechRecognition', 'webkitSpeechRecognition', 'speechSynthesis']) delete window[name];"


def speaking(chat: Make) -> Chat:
    page = chat()
    page.page.add_init_script(SPEECH)
    return page.open()


def test_words_that_are_spoken_can_be_read_before_they_are_sent(chat: Make) -> None:
    page = speaking(chat)
    microphone = page.page.get_by_role("button", name="Speak instead of typing")
    assert "may send the sound" in microphone.get_attribute("aria-label")
    assert min(microphone.bounding_box()[side] for side in ("width", "height")) >= 44
    microphone.focus()
    page.page.keyboard.press("Enter")
    page.until("listening.some(each => each.going)")
    assert page.page.evaluate("listening.at(-1).lang") == "en-GB"
    page.page.evaluate("heard('is it ALS?')")
    page.until("document.querySelector('twitchwise-chat').view.input.textContent.trim() === 'Is it ALS?'")
    assert page.count("Most twitching is") == 0, "nothing is sent by itself"
    assert page.axe() == []
    page.page.get_by_role("button", name="Send", exact=True).click()
    page.said("Most twitching is")
    assert page.problems == []


def test_nothing_that_is_spoken_or_typed_beside_it_becomes_markup(chat: Make) -> None:
    page = speaking(chat)
    page.input.click()
    page.page.keyboard.insert_text("<img src=x onerror=window.hit=1> ")
    page.page.get_by_role("button", name="Speak instead of typing").click()
    page.until("listening.some(each => each.going)")
    for final in ("false", "true"):
        page.page.evaluate(f"heard('<b onclick=hit=1>bold</b>', {final})")
        page.until("document.querySelector('twitchwise-chat').view.input.textContent.includes('bold')")
        assert page.page.evaluate("document.querySelector('twitchwise-chat').view.input.querySelectorAll('img, b').length") == 0
    assert page.page.evaluate("window.hit") is None


def test_answers_are_read_aloud_once_and_without_their_marks(chat: Make) -> None:
    page = speaking(chat)
    page.type("is it ALS?")
    page.said("Do you have any weakness")
    assert page.page.evaluate("spoken") == [], "silent until the person asks for it"
    page.page.get_by_role("button", name="Menu").click()
    page.page.get_by_role("menuitemcheckbox", name="Read answers aloud").click()
    page.type("is it ALS?")
    page.until("spoken.some(each => each.text?.includes('weakness'))")
    page.served()
    words = page.page.evaluate("spoken.map(each => each.text || '')")
    (answer,) = [each for each in words if "Most twitching" in each]
    assert "*" not in answer and "http" not in answer and "NHS" in answer
    assert page.page.evaluate("spoken.every(each => each.lang === 'en-GB')")
    page.page.get_by_role("button", name="Menu").click()
    box = page.page.get_by_role("menuitemcheckbox", name="Read answers aloud")
    assert box.get_attribute("aria-checked") == "true"
    box.click()
    page.until("spoken.at(-1).cancelled")
    before = page.page.evaluate("spoken.length")
    page.type("the result")
    page.said("What I understood")
    page.served()
    assert page.page.evaluate("spoken.length") == before


def test_without_speech_nothing_is_offered(chat: Make) -> None:
    page = chat()
    page.page.add_init_script(NO_SPEECH)
    page.page.add_init_script("Object.defineProperty(window, 'speechSynthesis', {value: undefined}); delete window.speechSynthesis;")
    page.open()
    assert page.page.get_by_role("button", name="Speak instead of typing").count() == 0
