// Keeps a page of the staff up to date. Everything works without it, by reloading.
"use strict";
const EVERY_MS = 2000;

async function get(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json, text/html" }, credentials: "same-origin" });
  if (answer.status === 403) location.assign("/login");
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}

/** The list: its rows are asked for again, and put in place where they changed. */
async function renewRows(rows, said) {
  const fresh = await (await get(rows.dataset.renew)).text();
  const parsed = new DOMParser().parseFromString(fresh, "text/html").body;
  const names = (node) => [...node.querySelectorAll("[data-case]")].map((row) => row.dataset.case);
  const before = new Set(names(rows));
  if (parsed.textContent === rows.textContent || rows.contains(document.activeElement)) return;
  rows.replaceChildren(...parsed.childNodes);
  const more = names(rows).filter((name) => !before.has(name)).length;
  if (more) said.textContent = more === 1 ? "One new case" : `${more} new cases`;
}

const WHO = { person: "Person", staff: "Staff", notice: "Told to the person" };

/** One case: new messages are added; for everything else the page says that there is something new. */
async function renewCase(talk, changed, state) {
  const news = await (await get(`${talk.dataset.news}?after=${talk.dataset.last}`)).json();
  if (news.gone) {
    changed.hidden = false;
    return;
  }
  const list = talk.querySelector("#messages");
  for (const message of news.messages) {
    if (list.querySelector(`[data-id="${Number(message.id)}"]`)) continue;
    const item = document.createElement("li");
    item.className = message.who;
    item.dataset.id = message.id;
    const who = document.createElement("span");
    who.className = "who";
    const at = new Date(message.at);
    who.textContent = `${WHO[message.who] || ""}, ${at.toISOString().slice(11, 16)}${message.who === "person" ? "" : ", "}`;
    if (message.who !== "person") {
      const seen = document.createElement("span");
      seen.className = "seen";
      seen.textContent = "on its way";
      who.append(seen);
    }
    const said = document.createElement("span");
    said.className = "said";
    said.textContent = message.text;
    item.append(who, said);
    list.append(item);
    list.tabIndex = 0;
    list.scrollTop = list.scrollHeight;
    talk.dataset.last = Math.max(Number(talk.dataset.last), message.id);
  }
  for (const id of news.seen) {
    const seen = list.querySelector(`[data-id="${Number(id)}"] .seen`);
    if (seen && seen.textContent !== "arrived") seen.textContent = "arrived";
  }
  if (state.stamp !== undefined && state.stamp !== news.stamp) {
    // The words come before the link that shows it all.
    changed.firstChild.textContent = news.alarm ? `A new warning sign that nobody has picked up: ${news.alarm}. ` : "Something has changed. ";
    changed.hidden = false;
  }
  state.stamp ??= news.stamp;
}

function keepAt(work) {
  const again = async () => {
    try {
      if (!document.hidden) await work();
    } catch {
      // The server is away, or somebody is signed out: the next round shows which.
    }
    setTimeout(again, EVERY_MS);
  };
  setTimeout(again, EVERY_MS);
}

const rows = document.getElementById("rows");
const talk = document.getElementById("talk");
const changed = document.getElementById("changed");
if (rows) keepAt(() => renewRows(rows, changed));
if (talk) {
  const list = talk.querySelector("#messages");
  list.scrollTop = list.scrollHeight;
  const state = {};
  keepAt(() => renewCase(talk, changed, state));
}
