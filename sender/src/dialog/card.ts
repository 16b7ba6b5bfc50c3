import { el, icon, onPress, refill } from "../page/dom.js";
import { groups } from "./code.js";
import type { Language } from "./language/language.js";
import { createQuestion } from "./question.js";
import type { Face } from "./words.js";

/** How much of the card is shown: all of it, the indicator of a session, or the least that is one. */
export type Size = "open" | "bar" | "pill";

/** What the card shows besides the words. */
export interface Dress {
  readonly title: string;
  /** URL of an image; "" for none. */
  readonly logo: string;
  readonly size: Size;
  /** The telephone number of the support team; "" for none. */
  readonly phone: string;
  /** Whether the support button is put away; undefined when that cannot be said. */
  readonly away: boolean | undefined;
}

/** What people press in it. */
export interface Pressed {
  start(): void;
  allow(): void;
  decline(): void;
  pause(): void;
  end(): void;
  smaller(): void;
  larger(): void;
  /** Puts the support button away, or back. */
  away(): void;
}

/** The dialog's element. It says what it is told to say, and keeps its elements, so that focus and live regions last. */
export interface Card {
  readonly element: HTMLElement;
  /** The button by which it is moved, and what can be dragged as well. */
  readonly grip: HTMLButtonElement;
  readonly handles: readonly HTMLElement[];
  paint(face: Face, dress: Dress, language: Language): void;
}

const paths = {
  tick: "M4.5 10.5l3.5 3.5 7.5-8",
  cross: "M5 5l10 10M15 5L5 15",
  down: "M5 7.5l5 5 5-5",
  up: "M5 12.5l5-5 5 5",
  grip: "M10 2.5v15M2.5 10h15M7.5 5L10 2.5 12.5 5M7.5 15l2.5 2.5 2.5-2.5M5 7.5L2.5 10 5 12.5M15 7.5l2.5 2.5-2.5 2.5",
  pause: "M7 4.5v11M13 4.5v11",
  resume: "M6.5 4l9 6-9 6z",
  end: "M5 5h10v10H5z",
} as const;
const copiedFor = 2000;

export function createCard(on: Pressed): Card {
  const logo = el("img", "logo");
  logo.alt = "";
  logo.referrerPolicy = "no-referrer";
  logo.addEventListener("error", () => {
    logo.hidden = true;
  });
  const title = el("h2", "title");
  const mark = el("span", "mark");
  const words = el("span", "words");
  words.setAttribute("aria-live", "polite");
  const short = el("span", "short");
  short.setAttribute("aria-hidden", "true");
  const headline = el("p", "headline", mark, words, short);
  // A timer is no live region: nobody wants to hear each second.
  const clock = el("span", "clock");
  clock.setAttribute("role", "timer");
  const may = el("span", "may");
  const facts = el("p", "facts", clock, may);
  const code = el("div", "code");
  code.setAttribute("role", "status");
  code.dir = "ltr"; // as telephone numbers are, wherever one reads from the right
  const told = el("span", "told"); // what a press has done, for those who do not see the button
  told.setAttribute("aria-live", "polite");
  const lines = el("div", "lines");
  const notes = el("ul", "notes");
  const phone = el("a", "phone");
  phone.dir = "ltr";
  const start = pressable("start", on.start);
  const done = pressable("start", on.smaller);
  const copy = pressable("copy", () => void copyCode());
  const question = createQuestion();
  const answer = (action: () => void) => () => question.armed(performance.now()) && action();
  const allow = pressable("start allow", answer(on.allow));
  const decline = pressable("decline", answer(on.decline));
  const pause = pressable("pause", on.pause);
  const end = pressable("end", on.end);
  const grip = el("button", "tool grip", icon(paths.grip));
  grip.type = "button";
  const larger = pressable("tool", on.larger);
  const smaller = pressable("tool", on.smaller);
  const away = pressable("away", on.away);
  const head = el("div", "head", logo, title);
  const body = el("div", "body", headline, code, facts, lines, phone, notes, told, el("div", "actions", done, start, allow, decline, copy, pause, end), away);
  title.dir = "auto";
  lines.id = "lines";
  const element = el("section", "card", head, body, el("div", "tools", grip, larger, smaller));
  element.tabIndex = -1;

  let said: Language; // in which the buttons are labelled
  let copying = 0; // timer until what copying has done is no longer told

  async function copyCode(): Promise<void> {
    let done = false;
    try {
      await navigator.clipboard.writeText(code.textContent ?? "");
      done = true;
    } catch {
      // The browser, or the page's policy, does not let us.
    }
    clearTimeout(copying);
    copy.textContent = told.textContent = done ? said.copied : said.notCopied;
    copying = window.setTimeout(labelCopy, copiedFor);
  }

  function labelCopy(): void {
    clearTimeout(copying);
    copy.textContent = said.copy;
    told.textContent = "";
  }

  function speak(language: Language): void {
    if (said === language) return;
    said = language;
    element.lang = language.locale;
    element.dir = language.dir;
    allow.textContent = language.allow;
    decline.textContent = language.decline;
    labelCopy();
    label(grip, language.move, paths.grip);
    label(larger, language.details, paths.up);
  }

  return {
    element,
    grip,
    handles: [grip, head, body],
    paint(face, { title: name, logo: image, size, phone: number, away: isAway }, language) {
      speak(language);
      const running = face.end !== "";
      setText(title, name);
      if (logo.getAttribute("src") !== image) {
        logo.hidden = image === "";
        logo.src = image;
      }
      mark.dataset["tone"] = face.tone;
      headline.toggleAttribute("data-empty", face.headline === "");
      setText(words, face.headline);
      setText(short, face.code ? "" : face.short);
      setText(clock, face.clock);
      clock.title = face.code ? "" : language.time;
      setText(may, face.may);
      setText(code, groups(face.code).join(" "));
      setItems(lines, face.lines, (text) => el("p", "", text));
      setItems(notes, face.notes, (text) => el("li", "", icon(paths.tick), el("span", "", text)));
      setText(start, face.start);
      start.hidden = face.start === "";
      start.className = face.done ? "" : "start";
      setText(done, face.done);
      done.hidden = face.done === "";
      phone.hidden = !face.phone || number === "";
      setText(phone, number);
      phone.href = `tel:${number.replace(/[^+\d]/g, "")}`;
      away.hidden = running || isAway === undefined;
      setText(away, isAway ? language.showButton : language.hideButton);
      copy.hidden = face.code === "" || !navigator.clipboard;
      const asking = face.asks.length > 0;
      // Until an answer counts, the buttons look as if they were not ready.
      const unread = question.about(face.asks, performance.now());
      if (unread) for (const button of [allow, decline]) button.animate({ opacity: [0.4, 0.4] }, unread);
      allow.hidden = decline.hidden = !asking;
      pause.hidden = face.pause === "";
      if (!pause.hidden) label(pause, face.pause, face.pause === language.resume ? paths.resume : paths.pause);
      end.hidden = !running || asking;
      const cancels = face.end === language.cancel;
      if (running) label(end, face.end, cancels ? paths.cross : paths.end);
      end.toggleAttribute("data-calm", cancels);

      const open = size === "open";
      element.dataset["size"] = size;
      // Folded it is no dialog any more, but a part of the page that one can find again.
      element.setAttribute("role", open ? "dialog" : "region");
      element.setAttribute("aria-label", name);
      if (open) element.setAttribute("aria-describedby", lines.id);
      else element.removeAttribute("aria-describedby");
      grip.hidden = !running;
      larger.hidden = open;
      smaller.hidden = size === "pill";
      label(smaller, running ? language.minimise : language.close, running ? paths.down : paths.cross);
    },
  };
}

function pressable(name: string, action: () => void): HTMLButtonElement {
  const button = el("button", name);
  button.type = "button";
  onPress(button, action);
  return button;
}

/** Gives a button a picture and a text, which is its name also where the style sheet shows the picture only. */
function label(button: HTMLButtonElement, text: string, path: string): void {
  if (button.dataset["label"] === text) return;
  button.dataset["label"] = button.title = text;
  refill(button, icon(path), el("span", "text", text));
}

/** Sets what has changed only: a screen reader reads a live region again for the same text. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function setItems(list: HTMLElement, texts: readonly string[], item: (text: string) => HTMLElement): void {
  const key = JSON.stringify(texts);
  if (list.dataset["texts"] === key) return;
  list.dataset["texts"] = key;
  list.hidden = texts.length === 0;
  refill(list, ...texts.map(item));
}
