import { beside } from "../server.js";
import { strings } from "../strings.js";
import { button, el } from "./el.js";

const mostBytes = 4096; // as the server takes them

/** Notes takes what an agent notes about a session, and has the server keep it: on the button, and by itself when the card or the page goes. */
export class Notes {
  readonly element: HTMLElement;
  private readonly text = el("textarea", { id: "notes", rows: "4", maxlength: String(mostBytes), "aria-describedby": "notes-hint notes-said" });
  private readonly said = el("p", { id: "notes-said", class: "hint", role: "status" });
  private session = "";
  private kept = ""; // what the server has, or is about to have

  constructor() {
    const save = button("", strings.notesSave);
    save.addEventListener("click", () => void this.save(true));
    this.text.addEventListener("input", () => {
      this.say("");
    });
    this.element = el("div", { class: "field" },
      el("label", { for: "notes" }, strings.notes), this.text, el("p", { id: "notes-hint", class: "hint" }, strings.notesHint), this.said, save);
    window.addEventListener("pagehide", () => void this.save());
  }

  /** Takes notes about another session; "" is none. */
  begin(session: string): void {
    this.session = session;
    this.text.value = this.kept = "";
    this.say("");
    this.element.hidden = session === "";
  }

  /** Has the server keep what is new, and says so; again: also what is not. False: something is not kept. */
  async save(again = false): Promise<boolean> {
    const { session } = this;
    const text = this.text.value.trim();
    if (!session || (text === this.kept && !again)) return true;
    if (new TextEncoder().encode(text).length > mostBytes) {
      this.say(strings.notesTooLong, true);
      return false;
    }
    const before = this.kept;
    this.kept = text;
    const ok = await keep(session, text);
    if (session !== this.session) return ok;
    if (!ok) this.kept = before;
    this.say(ok ? strings.notesSaved : strings.notesNotSaved, !ok);
    return ok;
  }

  private say(text: string, wrong = false): void {
    this.said.textContent = text;
    this.said.className = wrong ? "error" : "hint";
  }
}

async function keep(session: string, text: string): Promise<boolean> {
  const url = beside("note");
  url.searchParams.set("session", session);
  try {
    // It goes on when the page does not.
    return (await fetch(url, { method: "POST", body: text, headers: { "Content-Type": "text/plain; charset=utf-8" }, keepalive: true, redirect: "error" })).ok;
  } catch {
    return false;
  }
}
