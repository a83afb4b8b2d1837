// Reading answers aloud with the browser's own voice, where it has one. Off until the person turns it on.
export class Reader {
  constructor(locale) {
    this.able = "speechSynthesis" in window && "SpeechSynthesisUtterance" in window;
    this.locale = locale;
    this.on = false;
  }

  toggle() {
    this.on = !this.on;
    if (this.on) this.read("I read my answers aloud now.");
    else if (this.able) speechSynthesis.cancel();
  }

  read(text) {
    if (!this.on || !this.able || !text) return;
    const words = new SpeechSynthesisUtterance(text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[*_#>`]/g, ""));
    words.lang = /^en/i.test(this.locale) ? this.locale : "en-GB";
    speechSynthesis.speak(words);
  }
}
