import { el, icon, onPress } from "../page/dom.js";
import { groups } from "./code.js";
import type { Language } from "./language/language.js";
import type { Face } from "./words.js";

/** What the card shows besides the words. */
export interface Dress {
  readonly title: string;
  /** URL of an image; "" for none. */
  readonly logo: string;
  /** False when the card is folded to one line, the indicator of a session. */
  readonly open: boolean;
}

/** The dialog's element. It says what it is told to say, and keeps its elements, so that focus and live regions last. */
export interface Card {
  readonly element: HTMLElement;
  paint(face: Face, dress: Dress, language: Language): void;
}

const tick = "M4.5 10.5l3.5 3.5 7.5-8";
const cross = "M5 5l10 10M15 5L5 15";
const down = "M5 7.5l5 5 5-5";
const up = "M5 12.5l5-5 5 5";
const copiedFor = 2000;

/** ms that a question must have been there before it can be answered: nobody agrees to what he has not read. */
const arming = 500;

export function createCard(on: { start(): void; allow(): void; decline(): void; end(): void; fold(): void }): Card {
  const logo = el("img", "logo");
  logo.alt = "";
  logo.referrerPolicy = "no-referrer";
  logo.addEventListener("error", () => {
    logo.hidden = true;
  });
  const title = el("h2", "title");
  const mark = el("span", "mark");
  const words = el("span", "words");
  const headline = el("p", "headline", mark, words);
  words.setAttribute("aria-live", "polite");
  const code = el("div", "code");
  code.setAttribute("role", "status");
  code.dir = "ltr"; // as telephone numbers are, wherever one reads from the right
  const lines = el("div", "lines");
  const notes = el("ul", "notes");
  const start = pressable("start", on.start);
  const copy = pressable("copy", () => void copyCode());
  let asked = Infinity; // when the question appeared
  const answer = (action: () => void) => () => performance.now() - asked >= arming && action();
  const allow = pressable("start", answer(on.allow));
  const decline = pressable("decline", answer(on.decline));
  const end = pressable("end", on.end);
  let said: Language | undefined; // in which the buttons are labelled
  const fold = pressable("fold", on.fold);
  const head = el("div", "head", logo, title);
  const body = el("div", "body", headline, code, lines, notes, el("div", "actions", start, allow, decline, copy, end));
  for (const element of [title, words, lines]) element.dir = "auto";
  lines.id = "lines";
  const element = el("section", "card", head, body, fold);
  element.tabIndex = -1;

  async function copyCode(): Promise<void> {
    try {
      await navigator.clipboard.writeText(code.textContent ?? "");
      copy.textContent = said!.copied;
    } catch {
      copy.textContent = said!.notCopied;
    }
    setTimeout(() => {
      copy.textContent = said!.copy;
    }, copiedFor);
  }

  return {
    element,
    paint(face, dress, language) {
      const active = face.end;
      if (said !== language) {
        said = language;
        element.lang = language.locale;
        element.dir = language.dir;
        end.textContent = language.end;
        allow.textContent = language.allow;
        decline.textContent = language.decline;
        copy.textContent = language.copy;
      }
      setText(title, dress.title);
      if (logo.getAttribute("src") !== dress.logo) {
        logo.hidden = dress.logo === "";
        logo.src = dress.logo;
      }
      mark.dataset["tone"] = face.tone;
      headline.toggleAttribute("data-empty", face.headline === "");
      setText(words, face.headline);
      setText(code, groups(face.code).join(" "));
      setItems(lines, face.lines, (text) => el("p", "", text));
      setItems(notes, face.notes, (text) => el("li", "", icon(tick), el("span", "", text)));
      setText(start, face.start);
      start.hidden = face.start === "";
      copy.hidden = face.code === "" || !navigator.clipboard;
      if (face.asks !== asked < Infinity) asked = face.asks ? performance.now() : Infinity;
      allow.hidden = decline.hidden = !face.asks;
      end.hidden = !face.end || face.asks;

      element.classList.toggle("folded", !dress.open);
      // Folded it is no dialog any more, but a part of the page that one can find again.
      element.setAttribute("role", dress.open ? "dialog" : "region");
      element.setAttribute("aria-label", dress.title);
      if (dress.open) element.setAttribute("aria-describedby", lines.id);
      else element.removeAttribute("aria-describedby");
      const label = !active ? language.close : dress.open ? language.minimise : language.details;
      if (active) fold.setAttribute("aria-expanded", String(dress.open));
      else fold.removeAttribute("aria-expanded");
      if (fold.getAttribute("aria-label") !== label) {
        fold.setAttribute("aria-label", label);
        fold.title = label;
        fold.replaceChildren(icon(!active ? cross : dress.open ? down : up));
      }
    },
  };
}

function pressable(name: string, action: () => void): HTMLButtonElement {
  const button = el("button", name);
  button.type = "button";
  onPress(button, action);
  return button;
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
  list.replaceChildren(...texts.map(item));
}
